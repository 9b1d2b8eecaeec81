package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/spf13/cobra"

	"congso/content"
	"congso/handlers"
	"congso/store"
	"congso/store/model"
)

// exitFound is the exit code of a scan that has findings open. That it could not look is 1, as for any command.
const exitFound = 3

const scanHelp = `Scan searches the portal for what strangers plant on sites of the state, also while it is served: every page as a reader outside gets
it, all texts of the database, the content folder, and the library's files. It looks for hidden words and links, links to hosts that
nobody has approved, words of gambling and pharmacy, scripts, frames and forms, files that no record knows, and published items that are
not what their audit trail says was published.

What it finds stands at /admin/ra-soat, where administrators take it down or approve it; what was approved is not told again.

The exit code is 0 when nothing is open, 3 when there are findings, 1 when it could not look at everything. With --json it prints one
object: "version", "began" and "ended" (Unix seconds), how many "records", "articles", "pages" and "files" were looked at, "open", "cut"
(found, but not written down, since there are too many alike), and "findings", each with "id", "kind", "place", "record", "path", "title", "field", "line", "value", "excerpt", "first" and "last" (Unix seconds).

--full also looks at the English page of each record and reads every file of the library whole.`

func scanCommand(from sources) *cobra.Command {
	var asJSON, full bool
	command := &cobra.Command{Use: "scan", Short: "search pages, records and files for planted links, also while the portal is served", Long: scanHelp, Args: cobra.NoArgs}
	read := from.bind(command.Flags())
	command.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	command.Flags().BoolVar(&full, "full", false, "look at the English pages of all records, and read all files whole")
	command.RunE = func(command *cobra.Command, _ []string) (err error) {
		config, err := read()
		if err != nil {
			return err
		}
		s, err := openBeside(command, config)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, s.Close()) }()
		report, err := scanBeside(command, config, s, full)
		if err != nil {
			return err
		}
		show := printScan
		if asJSON {
			show = printScanJSON
		}
		if err := show(command.Context(), command.OutOrStdout(), s, report); err != nil {
			return err
		}
		if report.Open > 0 {
			return outcome(exitFound)
		}
		return nil
	}
	return command
}

// scanBeside makes a scan with the settings of a portal that may be served by another program.
func scanBeside(command *cobra.Command, config Config, s *store.Store, full bool) (handlers.ScanReport, error) {
	log := slog.New(slog.DiscardHandler)
	library, err := content.Open(config.Content, log)
	if err != nil {
		return handlers.ScanReport{}, err
	}
	o := handlers.Options{Store: s, Content: library, Hits: store.NewHitBuffer(s), Log: log}
	if o.Public, err = config.public(); err != nil {
		return handlers.ScanReport{}, err
	}
	if o.Public != nil {
		o.Base = o.Public.Scheme + "://" + o.Public.Host
	}
	tell, clear := newBar(command.ErrOrStderr())
	defer clear()
	return handlers.Scan(command.Context(), o, handlers.ScanOptions{EveryPage: full, WholeFiles: full, Tell: tell})
}

// scanListed is how many findings are read at once.
const scanListed = 200

// eachOpen visits the open findings, newest first.
func eachOpen(ctx context.Context, s *store.Store, visit func(model.Finding) error) error {
	for page := 1; ; page++ {
		list, _, err := s.Findings(ctx, store.FindingFilter{State: model.FindingOpen}, page, scanListed)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, f := range list {
			if err := visit(f); err != nil {
				return err
			}
		}
	}
}

// foundWhat says to people what kinds of findings are.
var foundWhat = map[model.FindingKind]string{
	model.FoundHost: "a link to a host that nobody has approved", model.FoundWord: "a phrase of the list of words", model.FoundHidden: "words or links that readers do not see",
	model.FoundScript: "a script or style sheet in a text", model.FoundFrame: "a frame in a text", model.FoundForm: "a form that is sent elsewhere",
	model.FoundEvent: "an attribute that runs a script", model.FoundAddress: "an address that runs a script or holds data", model.FoundRefresh: "a page that sends readers on by itself",
	model.FoundFile: "a file that no record knows", model.FoundDisguise: "a file that is not what its name or record says",
	model.FoundAltered: "not what its newest revision says; the hash of what it is now",
}

// printScan prints for people.
func printScan(ctx context.Context, out io.Writer, s *store.Store, report handlers.ScanReport) error {
	err := eachOpen(ctx, s, func(f model.Finding) error {
		_, err := fmt.Fprintf(out, "%-8s %s\n         %s: %s\n", strings.ToUpper(string(f.Kind)), oneLine(findingPlace(f)), foundWhat[f.Kind], oneLine(f.Value))
		if err == nil && f.Excerpt != f.Value {
			_, err = fmt.Fprintf(out, "         %s\n", oneLine(f.Excerpt))
		}
		return err
	})
	if err != nil {
		return err
	}
	if report.Open > 0 {
		if _, err := fmt.Fprintln(out, "An administrator takes them down or approves them at /admin/ra-soat."); err != nil {
			return err
		}
	}
	more := ""
	if report.Cut > 0 {
		more = fmt.Sprintf("; %d more like these were not written down", report.Cut)
	}
	_, err = fmt.Fprintf(out, "%d records, %d files of the content folder, %d files of the library, %d pages; findings open: %d%s\n",
		report.Records, report.Articles, report.Files, report.Pages, report.Open, more)
	return err
}

// findingPlace is where something was found, as a line.
func findingPlace(f model.Finding) string {
	place := string(f.Place)
	if f.RecordID != 0 {
		place += fmt.Sprintf(" %d", f.RecordID)
	}
	if f.Path != "" {
		place += " " + f.Path
	}
	if f.Title != "" && f.Title != f.Path {
		place += fmt.Sprintf(" “%s”", f.Title)
	}
	if f.Field != "" {
		place += ", " + f.Field
	}
	if f.Line > 0 {
		place += fmt.Sprintf(", line %d", f.Line)
	}
	return place
}

// scanFinding is a finding as JSON.
type scanFinding struct {
	ID      int64             `json:"id"`
	Kind    model.FindingKind `json:"kind"`
	Place   model.Kind        `json:"place"`
	Record  int64             `json:"record"`
	Path    string            `json:"path"`
	Title   string            `json:"title"`
	Field   string            `json:"field"`
	Line    int               `json:"line"`
	Value   string            `json:"value"`
	Excerpt string            `json:"excerpt"`
	First   int64             `json:"first"`
	Last    int64             `json:"last"`
}

// printScanJSON prints for programs.
func printScanJSON(ctx context.Context, out io.Writer, s *store.Store, report handlers.ScanReport) error {
	findings := []scanFinding{}
	err := eachOpen(ctx, s, func(f model.Finding) error {
		findings = append(findings, scanFinding{f.ID, f.Kind, f.Place, f.RecordID, f.Path, f.Title, f.Field, f.Line, f.Value, f.Excerpt, f.FirstAt.Unix(), f.LastAt.Unix()})
		return nil
	})
	if err != nil {
		return err
	}
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(struct {
		Version  int           `json:"version"` // of this form
		Began    int64         `json:"began"`
		Ended    int64         `json:"ended"`
		Records  int           `json:"records"`
		Articles int           `json:"articles"`
		Pages    int           `json:"pages"`
		Files    int           `json:"files"`
		Open     int           `json:"open"`
		Cut      int           `json:"cut"`
		Findings []scanFinding `json:"findings"`
	}{1, report.Began.Unix(), report.Ended.Unix(), report.Records, report.Articles, report.Pages, report.Files, report.Open, report.Cut, findings})
}
