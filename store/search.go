package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"
	"strings"
	"time"
	"unicode/utf8"

	"congso/store/model"
)

// maxFound is how many records a search gathers; beyond it readers are told that there are more.
const maxFound = 1000

// searchBudget is how long a search may gather: on SQLite a rare word beside common ones makes the index read much, and PostgreSQL's finds
// every match before it can order them.
const searchBudget = 3 * time.Second

// searchKey is what the search index knows a record by.
type searchKey struct {
	kind model.Kind
	ref  string
	lang string // "" for records of every language
}

// indexDoc replaces the search entry of the record d.Kind and d.Ref.
func (s *Store) indexDoc(ctx context.Context, tx *sql.Tx, d model.SearchDoc) error {
	return s.indexEntry(ctx, tx, searchKey{d.Kind, d.Ref, ""}, d)
}

// unindexDoc takes the record out of search; one that is not in it is no error.
func (s *Store) unindexDoc(ctx context.Context, tx *sql.Tx, kind model.Kind, ref string) error {
	return s.unindexEntry(ctx, tx, searchKey{kind, ref, ""})
}

func (s *Store) indexEntry(ctx context.Context, tx *sql.Tx, key searchKey, d model.SearchDoc) error {
	if err := s.unindexEntry(ctx, tx, key); err != nil {
		return err
	}
	d.Title = model.Clean(d.Title)
	id, err := insertSearchDoc(ctx, tx, key, d)
	if err == nil && s.postgres {
		err = indexPostgres(ctx, tx, id, d)
	} else if err == nil {
		err = indexSQLite(ctx, tx, id, d)
	}
	if err != nil {
		return fmt.Errorf("index %s %q: %w", key.kind, key.ref, err)
	}
	return nil
}

func (s *Store) unindexEntry(ctx context.Context, tx *sql.Tx, key searchKey) error {
	id, err := queryOne(ctx, tx, value[int64], `DELETE FROM search_doc WHERE kind = $1 AND ref = $2 AND lang = $3 RETURNING id`,
		string(key.kind), key.ref, key.lang)
	if errors.Is(err, model.ErrNotFound) {
		return nil
	}
	if err == nil && !s.postgres { // PostgreSQL cascades
		_, err = tx.ExecContext(ctx, `DELETE FROM search_index WHERE rowid = $1`, id)
	}
	if err != nil {
		return fmt.Errorf("unindex %s %q: %w", key.kind, key.ref, err)
	}
	return nil
}

// shownText is text on one line; lines that do not end like a sentence are set apart by a dot.
func shownText(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		line = model.Clean(line)
		if line == "" {
			continue
		}
		if shown := b.String(); strings.ContainsRune(".:;,!?…", lastRune(shown)) {
			b.WriteByte(' ')
		} else if shown != "" {
			b.WriteString(" · ")
		}
		b.WriteString(line)
	}
	return b.String()
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

// insertSearchDoc writes what the hits of a record are shown from, under the first free id of its date.
func insertSearchDoc(ctx context.Context, tx *sql.Tx, key searchKey, d model.SearchDoc) (int64, error) {
	text := shownText(d.Summary + "\n" + d.Body)
	for id := searchID(key, d); ; id++ {
		result, err := tx.ExecContext(ctx, `
			INSERT INTO search_doc (id, kind, ref, lang, title, text, visibility, date, publish_at, expire_at, hash)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (id) DO NOTHING`,
			id, string(key.kind), key.ref, key.lang, d.Title, text, string(d.Visibility), unix(d.Date), unix(d.PublishAt), unix(d.ExpireAt), d.Hash)
		if err != nil {
			return 0, err
		}
		if n, err := result.RowsAffected(); n == 1 || err != nil {
			return id, err
		}
	}
}

// searchID grows with the date, so that the order of ids is the order of results; below the seconds stand 20 bits that keep apart what
// is of the same second. The directory has no dates and comes before everything that has, by weight.
func searchID(key searchKey, d model.SearchDoc) int64 {
	seconds := unix(d.Date)
	if d.Date.IsZero() && (key.kind == model.KindUnit || key.kind == model.KindPerson) {
		seconds = 1<<33 + int64(d.Weight)
	}
	sum := fnv.New64a()
	fmt.Fprintf(sum, "%s\x00%s\x00%s", key.kind, key.ref, key.lang)
	return seconds<<20 | int64(sum.Sum64()>>44)
}

// Search finds what v may see now, best first: words as written before words without their accents, the title before the summary before
// the body, and newest first among equals. The page holds at most size hits; one beyond the last has none. A query without any word finds
// nothing. At most 1,000 records are gathered, whatever their number, and for at most three seconds: what was found until then has More set,
// and nothing found until then is model.ErrUnavailable.
func (r *Reader) Search(ctx context.Context, v model.Viewer, q model.SearchQuery, size int) (model.SearchResult, error) {
	terms := searchTerms(q.Text)
	filters, ok := queryFilters(v, q)
	if len(terms) == 0 || !ok {
		return model.SearchResult{}, nil
	}
	ids, whole, err := r.gather(ctx, [][]searchTerm{numberTerms(q.Text), terms}, filters)
	if err != nil {
		return model.SearchResult{}, fmt.Errorf("search: %w", err)
	}
	result := model.SearchResult{Total: min(len(ids), maxFound), More: len(ids) > maxFound || !whole}
	result.Hits, err = r.searchHits(ctx, v, terms, pageOf(ids[:result.Total], q.Page, size))
	if err != nil {
		return model.SearchResult{}, fmt.Errorf("search: %w", err)
	}
	return result, nil
}

// gather finds the ids of what matches any of the queries, in order, within the budget; whole is false when it was used up.
func (r *Reader) gather(ctx context.Context, queries [][]searchTerm, filters []string) (ids []int64, whole bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, searchBudget) // the goroutine that this costs the SQLite driver is worth it here
	defer cancel()
	for _, terms := range queries {
		more, err := r.found(ctx, terms, filters)
		ids = appendNew(ids, more)
		switch {
		case err == nil:
		case ctx.Err() == nil:
			return nil, false, err
		case len(ids) == 0:
			return nil, false, fmt.Errorf("%w: %w", model.ErrUnavailable, err)
		default:
			return ids, false, nil
		}
	}
	return ids, true, nil
}

// found gathers the ids of what matches, in order, until there are more than are shown. Each tier holds all of the tiers before it, so
// one that is full makes the whole full. With an error come the ids found before it.
func (r *Reader) found(ctx context.Context, terms []searchTerm, filters []string) ([]int64, error) {
	if len(terms) == 0 {
		return nil, nil
	}
	var ids []int64
	for _, tier := range searchTiers(exactTerms(terms)) {
		more, err := r.tier(ctx, terms, tier, filters)
		ids = appendNew(ids, more)
		if err != nil {
			return ids, err
		}
		if len(ids) > maxFound {
			break
		}
	}
	return ids, nil
}

// appendNew appends those of more that are not in ids yet.
func appendNew(ids, more []int64) []int64 {
	seen := make(map[int64]bool, len(ids))
	for _, id := range ids {
		seen[id] = true
	}
	for _, id := range more {
		if !seen[id] {
			ids = append(ids, id)
		}
	}
	return ids
}

// tier returns the newest ids of one tier; those read before an error come with it.
func (r *Reader) tier(ctx context.Context, terms []searchTerm, tier searchTier, filters []string) (ids []int64, err error) {
	query, match := tierSQLite, matchSQLite(terms, tier, filters)
	if r.postgres {
		query, match = tierPostgres, matchPostgres(terms, tier, filters)
	}
	rows, err := r.from.QueryContext(ctx, query, match, r.now().Unix(), maxFound+1)
	if err != nil {
		return nil, unavailable(err)
	}
	defer rows.Close()
	for rows.Next() {
		id, err := value[int64](rows)
		if err != nil {
			return ids, err
		}
		ids = append(ids, id)
	}
	return ids, unavailable(rows.Err())
}

// pageOf is the given page of ids, counted from 1.
func pageOf(ids []int64, page, size int) []int64 {
	page, size = max(page, 1), max(size, 1)
	if page-1 > len(ids)/size {
		return nil
	}
	from := min((page-1)*size, len(ids))
	return ids[from:min(from+size, len(ids))]
}

// foundDoc is what a hit is shown from.
type foundDoc struct {
	id         int64
	kind       model.Kind
	ref        string
	title      string
	text       string
	visibility model.Visibility
	date       int64
}

func scanFoundDoc(row scanner) (foundDoc, error) {
	var d foundDoc
	err := row.Scan(&d.id, &d.kind, &d.ref, &d.title, &d.text, &d.visibility, &d.date)
	return d, err
}

// searchHits loads the hits in the order of ids. Visibility is asked again: an id may have passed to another state of its record.
func (r *Reader) searchHits(ctx context.Context, v model.Viewer, terms []searchTerm, ids []int64) ([]model.SearchHit, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	docs, err := queryAll(ctx, r.from, scanFoundDoc,
		`SELECT id, kind, ref, title, text, visibility, date FROM search_doc WHERE id IN (`+placeholders(1, len(ids))+`)`, args...)
	if err != nil {
		return nil, err
	}
	byID := map[int64]foundDoc{}
	for _, d := range docs {
		byID[d.id] = d
	}
	marks := newMarker(terms)
	var hits []model.SearchHit
	for _, id := range ids {
		d, ok := byID[id]
		if !ok || d.visibility != model.Public && !v.Internal {
			continue
		}
		hits = append(hits, model.SearchHit{Kind: d.kind, Ref: d.ref, Title: marks.whole(d.title), Snippet: marks.snippet(d.text), Date: fromUnix(d.date)})
	}
	return hits, nil
}
