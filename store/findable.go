package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"congso/store/model"
)

// Findable is a record that readers from outside find now, with all that the search knows of it.
type Findable struct {
	model.SearchDoc
	Text  string // that its hits are shown from: the summary, then the body
	Head  int    // how many bytes of Text are the summary
	Words []FoundWord
}

// FoundWord is a word of the index, folded or, where it carries marks, once more as it is written, with the first place in which it stands.
type FoundWord struct {
	Word  string
	Place FoundPlace
}

// FoundPlace is where a word stands: in the title, else in the summary, else in the body.
type FoundPlace int

// The places, from the best.
const (
	InTitle FoundPlace = iota
	InSummary
	InBody
)

// EachFindable visits all that readers from outside find now, of the records and of these articles, in the search's own order from the last
// result to the first. Personal numbers are in none of it.
func (s *Store) EachFindable(ctx context.Context, articles []model.Article, progress Progress, visit func(Findable) error) error {
	list, err := s.outsideList(ctx, articles)
	if err != nil {
		return fmt.Errorf("what readers find: %w", err)
	}
	w := &work{ctx: ctx, progress: progress}
	w.begin("Indexing for the search", int64(len(list)))
	now := s.Now()
	for _, r := range list {
		d, found, err := s.outsideDoc(ctx, r, articles)
		if err == nil && found && foundOutside(d, now) {
			err = visit(newFindable(d, r))
		}
		if err == nil {
			err = w.add(1)
		}
		if err != nil {
			return fmt.Errorf("what readers find: %s %d: %w", r.kind, r.id, err)
		}
	}
	return nil
}

// outsideList are all records that may be found, in the search's order from the last to the first. The id of an article is its place among
// articles.
func (s *Store) outsideList(ctx context.Context, articles []model.Article) ([]indexed, error) {
	list, err := s.findable(ctx)
	if err != nil {
		return nil, err
	}
	for i := range articles {
		a := &articles[i]
		list = append(list, indexed{searchID(articleKey(a), articleDoc(a)), model.KindArticle, int64(i)})
	}
	for _, kind := range []model.Kind{model.KindPerson, model.KindUnit} {
		ids, err := queryAll(ctx, s.read, value[int64], `SELECT id FROM `+string(kind)+` ORDER BY id`)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			d, found, err := s.directoryDoc(ctx, kind, id)
			if err != nil {
				return nil, err
			}
			if found {
				list = append(list, indexed{searchID(searchKey{kind, d.Ref, ""}, d), kind, id})
			}
		}
	}
	slices.SortFunc(list, func(a, b indexed) int { return cmp.Compare(a.search, b.search) })
	return list, nil
}

func (s *Store) directoryDoc(ctx context.Context, kind model.Kind, id int64) (d model.SearchDoc, found bool, err error) {
	if kind == model.KindUnit {
		u, err := unitByID(ctx, s.read, model.Viewer{}, id)
		return unitDoc(u, s.Today()), err == nil, err
	}
	p, err := personByID(ctx, s.read, model.Viewer{}, s.Today(), id)
	if err != nil {
		return d, false, err
	}
	d, found = personDoc(p, s.Today())
	return d, found, nil
}

func (s *Store) outsideDoc(ctx context.Context, r indexed, articles []model.Article) (d model.SearchDoc, found bool, err error) {
	switch r.kind {
	case model.KindArticle:
		return articleDoc(&articles[r.id]), true, nil
	case model.KindPerson, model.KindUnit:
		return s.directoryDoc(ctx, r.kind, r.id)
	}
	record, err := wholeRecord(ctx, s.read, r.kind, r.id)
	if errors.Is(err, model.ErrNotFound) || err == nil && record.Status != model.StatusPublished { // since the list was made
		return d, false, nil
	}
	if err != nil {
		return d, false, err
	}
	rendered, err := s.renderer.Render(record.markdown)
	if err != nil {
		s.log.Warn("a text cannot be rendered and is not found by its words", "kind", r.kind, "id", r.id, "error", err)
	}
	return record.doc(rendered.Text), true, nil
}

// foundOutside reports whether readers from outside may find a record at that time.
func foundOutside(d model.SearchDoc, now time.Time) bool {
	return d.Visibility == model.Public && !d.PublishAt.After(now) && (d.ExpireAt.IsZero() || d.ExpireAt.After(now))
}

func newFindable(d model.SearchDoc, r indexed) Findable {
	d.Title = model.Clean(d.Title)
	return Findable{SearchDoc: d, Text: shownText(d.Summary + "\n" + d.Body), Head: len(shownText(d.Summary)), Words: foundWords(d)}
}

// foundWords are the words of a record, each once.
func foundWords(d model.SearchDoc) (list []FoundWord) {
	seen := map[string]bool{}
	for place, l := range docWords(d) {
		for _, words := range append(slices.Clone(l.folded), l.exact) {
			for word := range strings.FieldsSeq(words) {
				if !seen[word] {
					seen[word] = true
					list = append(list, FoundWord{word, FoundPlace(place)})
				}
			}
		}
	}
	return list
}

// OldAddresses are the paths under which records were known before their slugs were changed. Where one leads, or whether it leads anywhere
// still, the portal says.
func (s *Store) OldAddresses(ctx context.Context) ([]string, error) {
	list, err := queryAll(ctx, s.read, func(row scanner) (address string, err error) {
		var kind model.Kind
		err = row.Scan(&kind, &address)
		return recordFolder(kind) + address, err
	}, `SELECT kind, slug FROM old_slug WHERE kind IN ($1, $2, $3, $4, $5) ORDER BY kind, slug`,
		string(model.KindNews), string(model.KindSection), string(model.KindMeeting), string(model.KindPerson), string(model.KindUnit))
	if err != nil {
		return nil, fmt.Errorf("old addresses: %w", err)
	}
	return list, nil
}

// recordFolder is what stands before the slug in the address of a record.
func recordFolder(kind model.Kind) string {
	switch kind {
	case model.KindNews:
		return "/tin-tuc/"
	case model.KindSection:
		return "/chuyen-muc/"
	case model.KindMeeting:
		return "/hoi-nghi/"
	case model.KindPerson:
		return "/danh-ba/nguoi/"
	}
	return "/danh-ba/"
}
