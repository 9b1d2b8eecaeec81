package handlers

import (
	"context"
	"errors"
	"fmt"
	"time"

	"congso/content"
	"congso/store"
	"congso/store/model"
)

// ScanOptions say how far a scan goes.
type ScanOptions struct {
	EveryPage  bool           // the English twins of records' pages too
	WholeFiles bool           // every byte of every file of the library
	Gentle     bool           // it rests for as long as it works, beside readers
	Tell       store.Progress // told how far it has come; nobody when nil
}

// ScanReport is what a scan has looked at and how many findings nobody has decided about.
type ScanReport struct {
	Number   int64
	Began    time.Time
	Ended    time.Time
	Records  int
	Articles int // files of the content folder
	Pages    int
	Files    int // of the library
	Open     int
	Cut      int // findings that were not kept, since there are too many alike
}

// Scan searches everything for what strangers plant: the texts of all records and settings, the content folder, the files of the library, and
// every page of the site as an outsider gets it, asked for within the program. What it finds is in the store when it ends; what it finds no
// longer is closed then. It may run beside a server. What cannot be read stops nothing but itself, yet is an error at the end. A scan that
// has one, or does not come to its end, closes nothing.
func Scan(ctx context.Context, o Options, how ScanOptions) (ScanReport, error) {
	s, err := newScan(ctx, o, how)
	if err != nil {
		return ScanReport{}, fmt.Errorf("scan: %w", err)
	}
	for _, step := range []func(context.Context) error{s.records, s.folder, s.files, s.pages, s.end} {
		if err := step(ctx); err != nil {
			return s.report, errors.Join(fmt.Errorf("scan: %w", err), s.failed(ctx, err))
		}
	}
	return s.report, nil
}

const (
	scanKept  = 100    // findings that are written at once
	sameKept  = 50     // findings of one kind and value
	mostKept  = 10_000 // findings of one scan
	knownKept = 20_000 // kinds and values that pages are compared with
	mostFault = 20     // records and pages that cannot be read; then it is no fault of theirs
)

// scan is one search.
type scan struct {
	o      Options
	how    ScanOptions
	guard  *content.Guard
	report ScanReport
	all    int64     // records, about
	worked time.Time // since when, for gentle ones
	found  []model.Finding
	kept   int
	counts map[string]int // by kind and value
	faults []error
}

func newScan(ctx context.Context, o Options, how ScanOptions) (*scan, error) {
	s := &scan{o: o, how: how, counts: map[string]int{}, worked: time.Now(), report: ScanReport{Began: o.Store.Now()}}
	if s.how.Tell == nil {
		s.how.Tell = func(string, int64, int64) {}
	}
	state, err := o.Store.PutScanState(ctx, func(state *model.ScanState) { state.Number++ })
	if err != nil {
		return nil, err
	}
	if s.report.Number = state.Number; state.At.IsZero() {
		if err := o.Store.ApproveLinkedSites(ctx, model.Actor{Name: "scan"}); err != nil {
			return nil, err
		}
	}
	if s.guard, err = newGuard(ctx, o); err != nil {
		return nil, err
	}
	s.all, err = o.Store.ScannedRecords(ctx)
	return s, err
}

// newGuard is a guard with the words and hosts that hold now.
func newGuard(ctx context.Context, o Options) (*content.Guard, error) {
	words, err := o.Store.ScanWords(ctx)
	if err != nil {
		return nil, err
	}
	if words == "" {
		words = content.PlantedWords()
	}
	list, err := o.Store.ApprovedHosts(ctx)
	if err != nil {
		return nil, err
	}
	approved := make(map[string]bool, len(list))
	for _, h := range list {
		approved[h.Host] = true
	}
	return content.NewGuard(words, o.ownHost(), func(host string) bool { return approved[host] }), nil
}

// ownHost is the portal's own host, as far as it is known.
func (o Options) ownHost() string {
	if o.Public != nil {
		return o.Public.Hostname()
	}
	return model.LinkHost(o.Base)
}

// note keeps a finding, unless there are too many like it.
func (s *scan) note(ctx context.Context, f model.Finding) error {
	key := sameThing(f.Planted)
	if len(s.counts) < knownKept || s.counts[key] > 0 {
		s.counts[key]++
	}
	if s.counts[key] > sameKept || s.kept >= mostKept {
		s.report.Cut++
		return nil
	}
	s.kept++
	if s.found = append(s.found, f); len(s.found) < scanKept {
		return nil
	}
	return s.flush(ctx)
}

func (s *scan) flush(ctx context.Context) error {
	err := s.o.Store.NoteFindings(ctx, s.report.Number, s.found)
	s.found = s.found[:0]
	return err
}

// workSpell is how long a gentle scan works before it rests.
const workSpell = 50 * time.Millisecond

// rest lets a gentle scan rest.
func (s *scan) rest(ctx context.Context) {
	spell := time.Since(s.worked)
	if !s.how.Gentle || spell < workSpell {
		return
	}
	select {
	case <-time.After(min(spell, time.Second)):
	case <-ctx.Done():
	}
	s.worked = time.Now()
}

// fault remembers what could not be looked at.
func (s *scan) fault(err error) error {
	if s.faults = append(s.faults, err); len(s.faults) >= mostFault {
		return errors.Join(s.faults...)
	}
	return nil
}

func sameThing(p model.Planted) string { return string(p.Kind) + " " + p.Value }

// records looks at the texts of the database.
func (s *scan) records(ctx context.Context) error {
	return s.o.Store.EachScanned(ctx, func(r store.Scanned) error {
		s.report.Records++
		s.how.Tell(store.ScanningRecords, int64(s.report.Records), max(s.all, int64(s.report.Records)))
		s.rest(ctx)
		for _, f := range lookAt(s.guard, r) {
			if err := s.note(ctx, f); err != nil {
				return err
			}
		}
		if r.Fault != nil {
			return s.fault(r.Fault)
		}
		return nil
	})
}

// folder looks at the content folder.
func (s *scan) folder(ctx context.Context) error {
	var err error
	s.report.Articles, err = s.o.Content.SearchFolder(s.guard, func(name string, list []model.Planted) error {
		for _, p := range list {
			if err := s.note(ctx, model.Finding{Planted: p, Place: model.KindArticle, Path: name, Title: name}); err != nil {
				return err
			}
		}
		return ctx.Err()
	})
	return err
}

// files looks at the files of the library.
func (s *scan) files(ctx context.Context) error {
	s.how.Tell("Looking at the files", 0, 0)
	var err error
	s.report.Files, err = s.o.Store.ScanMedia(ctx, s.how.WholeFiles, func(f store.ScannedFile) error { return s.note(ctx, fileFinding(f)) })
	if errors.Is(err, model.ErrFilesAway) { // which is told elsewhere, again and again
		s.o.Log.Warn("files not scanned", "error", err)
		return nil
	}
	return err
}

func fileFinding(f store.ScannedFile) model.Finding {
	found := model.Finding{Place: model.KindMedia, RecordID: f.Media.ID, Path: f.Path, Title: f.Media.Name}
	found.Planted = model.Planted{Kind: model.FoundDisguise, Value: f.Why, Excerpt: f.Excerpt}
	if f.Unknown {
		found.Title, found.Kind, found.Value = f.Path, model.FoundFile, f.Path
		if f.Why != "" {
			found.Kind, found.Value = model.FoundDisguise, f.Why
		}
	}
	found.Planted = found.Trimmed()
	return found
}

// end closes what is not there any more, and notes that the scan is done.
func (s *scan) end(ctx context.Context) (err error) {
	if err := errors.Join(s.flush(ctx), errors.Join(s.faults...)); err != nil {
		return err
	}
	if s.report.Open, err = s.o.Store.CloseFindings(ctx, s.report.Number); err != nil {
		return err
	}
	s.report.Ended = s.o.Store.Now()
	_, err = s.o.Store.PutScanState(ctx, func(state *model.ScanState) {
		state.At, state.Open, state.Error = s.report.Ended, s.report.Open, ""
	})
	return err
}

// failed keeps what was found so far, and why it ended.
func (s *scan) failed(ctx context.Context, cause error) error {
	if ctx.Err() != nil {
		return nil
	}
	err := s.flush(ctx)
	_, failed := s.o.Store.PutScanState(ctx, func(state *model.ScanState) { state.Error = cause.Error() })
	return errors.Join(err, failed)
}

// lookAt is what a record holds that should not be there.
func lookAt(g *content.Guard, r store.Scanned) (found []model.Finding) {
	seen := map[string]bool{}
	add := func(field string, list []model.Planted) {
		for _, p := range list {
			if key := sameThing(p); !seen[key] {
				seen[key] = true
				found = append(found, model.Finding{Planted: p, Place: r.Kind, RecordID: r.ID, Section: r.Section, Path: r.Path, Title: r.Title, Field: field})
			}
		}
	}
	for _, t := range r.Texts {
		switch t.Form {
		case store.ScannedMarkdown:
			add(t.Field, g.Markdown(t.Text))
		case store.ScannedHTML:
			add(t.Field, g.HTML(t.Text))
		case store.ScannedLink:
			add(t.Field, g.Link(t.Text))
		default:
			add(t.Field, g.Text(t.Text))
		}
	}
	if len(r.Altered) > 0 {
		add(r.Altered[0], []model.Planted{alteration(r)})
	}
	return found
}

func alteration(r store.Scanned) model.Planted {
	return model.Planted{Kind: model.FoundAltered, Value: r.Digest, Excerpt: fmt.Sprint(r.Altered)}.Trimmed()
}
