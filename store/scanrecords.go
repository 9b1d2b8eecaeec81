package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"congso/store/model"
)

// How a text of a record is to be read.
const (
	ScannedPlain    = "plain"
	ScannedMarkdown = "markdown"
	ScannedHTML     = "html"
	ScannedLink     = "link"
)

// ScannedText is one text of a record.
type ScannedText struct {
	Field string
	Form  string // ScannedPlain, …
	Text  string
}

// Scanned is a record with all its texts, whoever may see it. One that was archived has none: nobody gets it.
type Scanned struct {
	Kind    model.Kind
	ID      int64
	Section int64  // of a news item
	Path    string // the old address of a redirect, "" for others
	Title   string
	Texts   []ScannedText
	Altered []string // fields in which a news item or meeting differs from its newest revision, "html" among them
	Digest  string   // of what differs, so that the next alteration is another one
	Fault   error    // why it could not be read; the others are visited nevertheless
}

func (r *Scanned) add(field, form, text string) {
	if text != "" {
		r.Texts = append(r.Texts, ScannedText{field, form, text})
	}
}

func (r *Scanned) plain(pairs ...string) {
	for i := 0; i < len(pairs); i += 2 {
		r.add(pairs[i], ScannedPlain, pairs[i+1])
	}
}

// EachScanned calls visit for everything in the database that readers or editors may come to see, in batches, until it fails: news and
// meetings of every status with their working copies, the directory, the words of the library's files, sections, menu, linked sites,
// redirects and the site's details.
func (s *Store) EachScanned(ctx context.Context, visit func(Scanned) error) error {
	for _, kind := range []model.Kind{model.KindNews, model.KindMeeting} {
		err := s.eachID(ctx, `SELECT id FROM `+string(kind), func(id int64) error { return s.visitRecord(ctx, kind, id, visit) })
		if err != nil {
			return fmt.Errorf("scan %s: %w", kind, err)
		}
	}
	for _, kind := range scannedTables() {
		if err := s.eachRow(ctx, kind, 0, visit); err != nil {
			return fmt.Errorf("scan %s: %w", kind.kind, err)
		}
	}
	if err := s.eachRedirect(ctx, visit); err != nil {
		return fmt.Errorf("scan redirects: %w", err)
	}
	return s.scanSite(ctx, visit)
}

// ScannedRecords is about how many records EachScanned visits.
func (s *Store) ScannedRecords(ctx context.Context) (n int64, err error) {
	for _, table := range []string{"news", "meeting", "unit", "person", "media", "redirect"} {
		more, err := queryOne(ctx, s.read, value[int64], `SELECT COUNT(*) FROM `+table)
		if err != nil {
			return 0, fmt.Errorf("records to scan: %w", err)
		}
		n += more
	}
	return n, nil
}

// ScanRecord calls visit for the record of that kind and id alone, or not at all when it is not there any more; for the id 0 for all of
// that kind.
func (s *Store) ScanRecord(ctx context.Context, kind model.Kind, id int64, visit func(Scanned) error) (err error) {
	switch kind {
	case model.KindNews, model.KindMeeting:
		err = s.visitRecord(ctx, kind, id, visit)
	case model.KindMoved:
		err = s.eachRedirect(ctx, visit)
	case model.KindSetting:
		err = s.scanSite(ctx, visit)
	default:
		for _, table := range scannedTables() {
			if table.kind == kind {
				err = s.eachRow(ctx, table, id, visit)
			}
		}
	}
	if err != nil {
		return fmt.Errorf("scan %s %d: %w", kind, id, err)
	}
	return nil
}

// scanBatch is how many rows are read at once.
const scanBatch = 200

// eachID visits the ids that query gives, oldest first.
func (s *Store) eachID(ctx context.Context, query string, visit func(id int64) error) error {
	for last := int64(0); ; {
		batch, err := queryAll(ctx, s.read, value[int64], query+` WHERE id > $1 ORDER BY id LIMIT $2`, last, scanBatch)
		if err != nil || len(batch) == 0 {
			return err
		}
		if err := visitAll(ctx, batch, visit); err != nil {
			return err
		}
		last = batch[len(batch)-1]
	}
}

// visitAll visits each of a batch, until ctx ends or that fails.
func visitAll[T any](ctx context.Context, batch []T, visit func(T) error) error {
	for _, each := range batch {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := visit(each); err != nil {
			return err
		}
	}
	return nil
}

// looksAtAltered is how often a record is read before it is said to be altered: one that is just being saved is not.
const looksAtAltered = 3

// visitRecord visits a news item or meeting; one that is gone meanwhile is passed over.
func (s *Store) visitRecord(ctx context.Context, kind model.Kind, id int64, visit func(Scanned) error) error {
	scan := s.scanNews
	if kind == model.KindMeeting {
		scan = s.scanMeeting
	}
	var r Scanned
	var err error
	for look := 0; look < looksAtAltered && (look == 0 || len(r.Altered) > 0 && err == nil); look++ {
		r, err = scan(ctx, id)
	}
	if err == nil && len(r.Texts) > 0 {
		err = s.addCopyTexts(ctx, &r)
	}
	switch {
	case errors.Is(err, model.ErrNotFound):
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		r = Scanned{Kind: kind, ID: id, Fault: fmt.Errorf("%s %d: %w", kind, id, err)}
	}
	return visit(r)
}

func (s *Store) scanNews(ctx context.Context, id int64) (Scanned, error) {
	n, err := wholeNews(ctx, s.read, id)
	if err != nil {
		return Scanned{}, err
	}
	r := Scanned{Kind: model.KindNews, ID: id, Section: n.Section.ID, Title: n.Title}
	if n.Status == model.StatusArchived {
		return r, nil
	}
	r.plain("title", n.Title, "summary", n.Summary, "byline", n.Byline, "source", n.Source, "cover", n.Cover.Alt, "cover", n.Cover.Caption)
	for _, t := range n.Tags {
		r.plain("tags", t.Name)
	}
	r.addAttachments(n.Attachments)
	r.add("body", ScannedMarkdown, n.Body)
	r.add("body", ScannedHTML, n.HTML)
	is := picked{Slug: n.Slug, Body: n.Body, HTML: n.HTML, Rest: newsEssence(n)}
	return r, s.compareRevision(ctx, &r, n.Revision, is)
}

func (s *Store) scanMeeting(ctx context.Context, id int64) (Scanned, error) {
	m, err := wholeMeeting(ctx, s.read, id)
	if err != nil {
		return Scanned{}, err
	}
	r := Scanned{Kind: model.KindMeeting, ID: id, Title: m.Title}
	if m.Status == model.StatusArchived {
		return r, nil
	}
	r.plain("title", m.Title, "kind", m.Kind, "place", m.Place)
	for _, p := range m.Participants {
		r.plain("participants", p.Name, "participants", p.Position)
	}
	for _, f := range m.Figures {
		r.plain("figures", f.Label, "figures", f.Unit)
	}
	for _, c := range m.Conclusions {
		r.plain("conclusions", c)
	}
	for _, t := range m.Tasks {
		r.plain("tasks", t.Text)
		r.add("tasks", ScannedLink, t.Proof)
	}
	for _, a := range m.Agreements {
		r.plain("agreements", a.Title, "agreements", strings.Join(a.Parties, "\n"))
	}
	for _, p := range m.Photos {
		r.plain("photos", p.Alt, "photos", p.Caption)
	}
	r.addAttachments(m.Attachments)
	r.add("summary", ScannedMarkdown, m.Summary)
	r.add("summary", ScannedHTML, m.HTML)
	is := picked{Slug: m.Slug, Body: m.Summary, HTML: m.HTML, Rest: meetingEssence(m)}
	return r, s.compareRevision(ctx, &r, m.Revision, is)
}

func (r *Scanned) addAttachments(list []model.Attachment) {
	for _, a := range list {
		r.plain("attachments", a.Title)
	}
}

// addCopyTexts adds the texts of the working copy beside a record.
func (s *Store) addCopyTexts(ctx context.Context, r *Scanned) error {
	w, err := copyOrNone(ctx, s.read, r.Kind, r.ID)
	if err != nil || w.Version == 0 {
		return err
	}
	values, err := url.ParseQuery(w.Data)
	var typed map[string][]string
	if json.Unmarshal([]byte(w.Data), &typed) == nil {
		values, err = typed, nil
	}
	if err != nil {
		r.plain("working_copy", w.Data)
		return nil
	}
	for name, list := range values {
		form := ScannedPlain
		if name == "body" || name == "summary" && r.Kind == model.KindMeeting {
			form = ScannedMarkdown
		}
		for _, text := range list {
			r.add("working_copy", form, text)
		}
	}
	return nil
}
