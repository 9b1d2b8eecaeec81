package main

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"congso/content"
	"congso/store"
	"congso/store/model"
)

// Exit codes of the doctor, as monitoring programs know them.
const (
	exitWarning  = 1
	exitProblem  = 2
	exitUnlooked = 3 // it could not look
)

const doctorHelp = `Doctor looks at the data folder and the records, be it beside a running server, and changes nothing.

For each finding it prints how grave it is, what it means, and what to do about it:
  problem  something is broken or lost, or soon will be
  warning  something should be done
  note     worth knowing

The exit code is 0 when there are notes at most, 1 for warnings, 2 for problems, 3 when it could not look at all.
With --json it prints one object: "version", "at" (Unix seconds), "data", "worst" (ok, note, warning or problem) and "findings", each
with "code", "level", "place", "message" and "cure"; what is well is among them with the level "ok".

The check of the database, of the audit trail, of lists, of the media folder and of all links reads everything; --quick leaves these out.
--full also reads every media file whole and compares every index of the database with its table.`

func doctorCommand(from sources) *cobra.Command {
	asked := examination{now: time.Now, free: store.RoomOn}
	asJSON := false
	command := &cobra.Command{Use: "doctor", Short: "look for what is wrong or soon will be, and say what to do about it", Long: doctorHelp, Args: cobra.NoArgs}
	read := from.bind(command.Flags())
	command.Flags().BoolVar(&asked.quick, "quick", false, "leave out what reads everything")
	command.Flags().BoolVar(&asked.full, "full", false, "read everything whole")
	command.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	command.MarkFlagsMutuallyExclusive("quick", "full")
	command.RunE = func(command *cobra.Command, _ []string) error {
		config, err := read()
		if err == nil {
			err = config.Validate()
		}
		if err != nil {
			fmt.Fprintln(command.ErrOrStderr(), "congso:", err)
			return outcome(exitUnlooked)
		}
		asked.config = config
		findings := asked.examine(command.Context())
		show := printFindings
		if asJSON {
			show = printFindingsJSON
		}
		if err := show(command.OutOrStdout(), config.Data, asked.now(), findings); err != nil {
			return err
		}
		switch worst(findings) {
		case levelProblem:
			return outcome(exitProblem)
		case levelWarning:
			return outcome(exitWarning)
		}
		return nil
	}
	return command
}

// level says how grave a finding is.
type level string

// The levels, from the best.
const (
	levelOK      level = "ok"
	levelNote    level = "note"
	levelWarning level = "warning"
	levelProblem level = "problem"
)

func levels() []level { return []level{levelOK, levelNote, levelWarning, levelProblem} }

// finding is what the doctor has to say about one thing.
type finding struct {
	Code    string `json:"code"`
	Level   level  `json:"level"`
	Place   string `json:"place"`
	Message string `json:"message"`
	Cure    string `json:"cure"`
}

// worst is the gravest level among findings.
func worst(findings []finding) level {
	at := 0
	for _, f := range findings {
		at = max(at, slices.Index(levels(), f.Level))
	}
	return levels()[at]
}

// toldOfEach is how many findings of a code are told one by one.
const toldOfEach = 25

// examination is one visit of the doctor.
type examination struct {
	config      Config
	quick, full bool
	now         func() time.Time
	free        func(folder string) (store.Room, error)

	store    *store.Store // nil when the records cannot be opened
	demo     bool
	findings []finding
	counts   map[string]int // findings by code
}

// check is one thing that is looked at. look notes what it finds and returns what is said when that is nothing.
type check struct {
	code    string
	long    bool // it reads everything
	records bool // it needs the records, with this program's schema
	look    func(*examination, context.Context) (well string, err error)
}

func checks() []check {
	return []check{
		{"disk-space", false, false, (*examination).space},
		{"rights", false, false, (*examination).rights},
		{"leftovers", false, false, (*examination).leftovers},
		{"database-log", false, false, (*examination).databaseLog},
		{"schema", false, false, (*examination).schema},
		{"database", true, false, (*examination).database},
		{"database-way", false, false, (*examination).databaseWay},
		{"postgres", false, true, (*examination).postgres},
		{"replica", false, true, (*examination).replica},
		{"database-size", false, true, (*examination).databaseSize},
		{"backup", false, true, (*examination).backup},
		{"certificate", false, false, (*examination).certificate},
		{"clock", false, true, (*examination).clock},
		{"copies", false, true, (*examination).copies},
		{"audit", true, true, (*examination).audit},
		{"accounts", false, true, (*examination).accounts},
		{"contacts", false, true, (*examination).contacts},
		{"sweep", false, true, (*examination).sweep},
		{"search", false, true, (*examination).search},
		{"lists", true, true, (*examination).lists},
		{"media-place", false, false, (*examination).mediaPlace},
		{"media", true, true, (*examination).media},
		{"articles", false, false, (*examination).articles},
		{"links", true, true, (*examination).links},
	}
}

// examine makes all checks and returns what they found, in their order.
func (e *examination) examine(ctx context.Context) []finding {
	e.counts = map[string]int{}
	close := e.open(ctx)
	ready := e.store != nil && e.current(ctx)
	for _, c := range checks() {
		if c.long && e.quick || c.records && !ready {
			continue
		}
		before := len(e.findings)
		well, err := c.look(e, ctx)
		if err != nil {
			e.note(c.code+"-unlooked", levelProblem, e.config.Data, "this check failed: "+err.Error(), "look at the other findings first; then run this again")
		}
		if len(e.findings) == before && well != "" {
			e.findings = append(e.findings, finding{Code: c.code, Level: levelOK, Message: well})
		}
	}
	if err := close(); err != nil {
		e.note("close", levelWarning, e.config.Data, "the records could not be closed: "+err.Error(), "look at the log of the system for faults of the disk")
	}
	return e.summed()
}

// open opens the records, or notes that it cannot.
func (e *examination) open(ctx context.Context) (close func() error) {
	var err error
	if e.demo, err = isDemo(e.config); err == nil {
		e.store, err = store.Examine(ctx, store.Options{
			Dir: e.config.Data, Database: e.config.Database, Media: e.config.media(), Renderer: content.Renderer(), Now: e.now, Log: slog.New(slog.DiscardHandler),
		})
	}
	if err != nil {
		e.store = nil
		cure := "check the data folder's name and rights; run this as the user of the service; if the file is damaged, restore a backup"
		if e.config.Database != "" {
			cure = "see that PostgreSQL runs and is reached from here, and that the setting database is right: congso config"
		}
		e.note("database-open", levelProblem, e.recordsPlace(), "the records cannot be read: "+err.Error(), cure)
		return func() error { return nil }
	}
	return e.store.Close
}

// recordsPlace is where the records are, as findings name it.
func (e *examination) recordsPlace() string {
	if e.config.Database != "" {
		return "PostgreSQL"
	}
	return "congso.db"
}

// current reports whether the records have the schema that the checks ask for.
func (e *examination) current(ctx context.Context) bool {
	has, known, err := e.store.Schema(ctx)
	return err == nil && has == known
}

// note adds a finding; of a code that has many, the rest is only counted.
func (e *examination) note(code string, l level, place, message, cure string) {
	if e.counts[code]++; e.counts[code] <= toldOfEach {
		e.findings = append(e.findings, finding{Code: code, Level: l, Place: place, Message: message, Cure: cure})
	}
}

// summed are the findings, with a last one of each code that had more than were told.
func (e *examination) summed() []finding {
	for _, f := range slices.Clone(e.findings) {
		if more := e.counts[f.Code] - toldOfEach; more > 0 {
			e.counts[f.Code] = 0
			e.findings = append(e.findings, finding{f.Code, f.Level, "", fmt.Sprintf("and %d more of these", more), f.Cure})
		}
	}
	return e.findings
}

// adminPage is the address of a record's page behind the login, "" when there is none.
func adminPage(kind model.Kind, id int64) string {
	switch kind {
	case model.KindNews:
		return fmt.Sprintf("/admin/tin-tuc/%d", id)
	case model.KindMeeting:
		return fmt.Sprintf("/admin/hoi-nghi/%d", id)
	case model.KindMedia:
		return fmt.Sprintf("/admin/tep/%d", id)
	case model.KindLink:
		return fmt.Sprintf("/admin/lien-ket/%d", id)
	case model.KindMenu:
		return "/admin/trinh-don"
	case model.KindMoved:
		return "/admin/dia-chi-cu"
	}
	return ""
}
