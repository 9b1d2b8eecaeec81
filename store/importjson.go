package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrPortalFilled: an import leads into a portal that has records or accounts already.
var ErrPortalFilled = errors.New("the portal has records or accounts already")

// ErrJSONFaults: lines of an export cannot be taken as they are.
var ErrJSONFaults = errors.New("there are faults in it, and nothing was imported")

var errJSONChanged = errors.New("its SHA-256 is another one. If it was changed on purpose, say --changed")

// jsonFaultsKept is how many faults an import names.
const jsonFaultsKept = 1000

// ImportJSONOptions say what is to be imported. From must be set.
type ImportJSONOptions struct {
	From     string // the folder that ExportJSON has written
	DryRun   bool   // only look whether all of it can be taken
	LeaveOut bool   // leave out what has faults, with what refers to it, and take the rest
	Changed  bool   // take files whose SHA-256 is not the one in portal.json, since somebody has changed them on purpose
	Content  string // the portal's folder of articles, "" for none; they are taken when it lies in the data folder
}

// JSONFault is a line, or a file of the library, that cannot be taken as it is.
type JSONFault struct {
	File string // news.jsonl
	Line int    // from 1; 0 for a file that has no lines
	Text string // which field, and why
}

// String is the fault as compilers write theirs.
func (f JSONFault) String() string {
	if f.Line == 0 {
		return f.File + ": " + f.Text
	}
	return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Text)
}

// ImportedJSON says what an import has done, or what a dry run found.
type ImportedJSON struct {
	Portal   ExportedPortal
	Records  map[string]int64 // lines that were taken, by file
	Faults   []JSONFault      // the first thousand
	More     int              // faults beyond them
	Missing  []string         // files of the library that the export itself did not have
	Locked   int64            // accounts without a password
	Articles bool             // the articles were taken too
	Kept     string           // where what was there before is, "" when there was nothing
}

// ImportJSON makes the portal of a folder that ExportJSON has written, or another program in its form, in the empty data folder o.Dir, whose
// lock the caller holds, or in the empty PostgreSQL database o.Database. Numbers, addresses, times, history and statistics are as they
// were; texts are rendered and checked as any that somebody types, files by their type, hash and pixels, and the search index is made
// anew. All of it is made and checked beside, and takes its place as a whole, also when the program is killed at any moment: then it is not there, or
// whole once a server or another import has begun. The error is ErrPortalFilled, ErrServed, ErrAuditBroken for a trail that does not hold,
// ErrJSONFaults with the faults in the answer, model.ErrDiskFull.
func ImportJSON(ctx context.Context, o Options, i ImportJSONOptions) (done ImportedJSON, err error) {
	if isPostgres(o.Database) {
		lock, refused := takeRecords(ctx, o.Database)
		if refused != nil {
			return done, fmt.Errorf("import: %w", refused)
		}
		defer func() { err = errors.Join(err, lock.release()) }()
		o.taken = true
	}
	if err := FinishRestore(o.Dir); err != nil {
		return done, err
	}
	j := jsonImport{options: o, wanted: i}
	if err := j.run(ctx); err != nil {
		return j.done, fmt.Errorf("import %s: %w", i.From, diskFull(err))
	}
	return j.done, nil
}

// jsonImport is one under way.
type jsonImport struct {
	options Options
	wanted  ImportJSONOptions
	root    *os.Root // of the export
	stage   string   // a folder in the data folder
	moment  string
	content string // the folder of articles in the data folder, "" when they are not taken
	done    ImportedJSON
}

func (j *jsonImport) run(ctx context.Context) (err error) {
	if j.root, err = os.OpenRoot(j.wanted.From); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, j.root.Close()) }()
	if err := j.readPortal(); err != nil {
		return err
	}
	if err := emptyPortal(ctx, j.options); err != nil {
		return err
	}
	if !isPostgres(j.options.Database) {
		if err := renamable(j.options.Dir, mediaName); err != nil {
			return err
		}
	}
	s := newStore(j.options)
	if j.done.Portal.Articles {
		if j.content, err = s.contentInside(j.wanted.Content); err != nil {
			return err
		}
	}
	j.moment = s.Now().Format(backupTime)
	j.stage = filepath.Join(j.options.Dir, stagePrefix+j.moment+partEnding)
	if err := os.Mkdir(j.stage, 0o700); err != nil {
		return err
	}
	defer func() {
		if _, begun := os.Lstat(filepath.Join(j.options.Dir, journalName)); begun != nil { // or else the stage is what there is to finish
			err = errors.Join(err, os.RemoveAll(j.stage))
		}
	}()
	if err := j.load(ctx); err != nil {
		return err
	}
	if j.wanted.DryRun {
		return nil
	}
	return j.place(ctx)
}

// readPortal reads portal.json.
func (j *jsonImport) readPortal() error {
	file, err := j.openRegular(portalName)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no %s in it: it is no whole export", portalName)
	}
	if err != nil {
		return err
	}
	text, err := io.ReadAll(io.LimitReader(file, jsonLineMost))
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	p := &j.done.Portal
	if err := json.Unmarshal(text, p); err != nil {
		return fmt.Errorf("%s: %w", portalName, err)
	}
	if p.Format != jsonForm {
		return fmt.Errorf("%s: the export has format %d, this program knows only %d", portalName, p.Format, jsonForm)
	}
	known := map[string]bool{}
	for _, t := range jsonTables() {
		known[t.name] = true
	}
	for _, name := range sortedKeys(p.Records) {
		if !known[name] {
			return fmt.Errorf("%s: this program knows no records %q: use the one that made the export (%s), or a newer one", portalName, name, p.Program)
		}
	}
	return nil
}

// load makes the records and files in the stage.
func (j *jsonImport) load(ctx context.Context) (err error) {
	o := j.options
	o.Dir, o.Database, o.Media = j.stage, "", Media{}
	s, err := openTarget(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	l := jsonLoad{jsonImport: j, store: s, work: &work{ctx: ctx, progress: o.Progress}}
	if err := l.run(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	if err := j.checkArticles(ctx); err != nil {
		return err
	}
	if len(j.done.Faults) > 0 && !j.wanted.LeaveOut {
		return ErrJSONFaults
	}
	if j.done.Locked, err = queryOne(ctx, s.read, value[int64], `SELECT COUNT(*) FROM users WHERE password_hash = ''`); err != nil {
		return err
	}
	if _, err := s.VerifyAudit(ctx); err != nil && (!j.wanted.LeaveOut || !errors.Is(err, ErrAuditBroken)) {
		return err
	} else if err != nil {
		j.fault(JSONFault{File: "audit" + linesEnding, Text: err.Error()})
	}
	if j.wanted.DryRun || isPostgres(j.options.Database) { // where the index is made when the records are there
		return nil
	}
	if err := s.reindex(ctx, o.Progress); err != nil {
		return err
	}
	_, err = s.SplitLists(ctx)
	return err
}

// fault notes one.
func (j *jsonImport) fault(f JSONFault) {
	if len(j.done.Faults) == jsonFaultsKept {
		j.done.More++
		return
	}
	j.done.Faults = append(j.done.Faults, f)
}
