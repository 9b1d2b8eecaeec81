package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"strings"
	"unicode/utf8"

	"congso/store/model"
)

// maxFound is how many records a search gathers; beyond it readers are told that there are more.
const maxFound = 1000

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
	old, err := s.takeOut(ctx, tx, key)
	if err != nil {
		return err
	}
	e := newEntry(key, d)
	block, err := s.blockFor(ctx, tx, &e, old)
	if err != nil {
		return err
	}
	if err := s.insertEntry(ctx, tx, &e, &block); err != nil {
		return err
	}
	return writeBlock(ctx, tx, &block)
}

// searchEntry is a record with all that the index will have of it, whatever its id and block.
type searchEntry struct {
	key   searchKey
	doc   model.SearchDoc
	text  string // that hits are shown from
	words []levelWords
}

func newEntry(key searchKey, d model.SearchDoc) searchEntry {
	d.Title = model.Clean(d.Title)
	return searchEntry{key: key, doc: d, text: shownText(d.Summary + "\n" + d.Body), words: docWords(d)}
}

// insertEntry indexes a record that has no entry, in that block.
func (s *Store) insertEntry(ctx context.Context, tx *sql.Tx, e *searchEntry, block *blockEntry) error {
	id, err := insertSearchDoc(ctx, tx, e, block.number)
	if err == nil && s.postgres {
		err = indexPostgres(ctx, tx, id, block.number, e)
	} else if err == nil {
		err = indexSQLite(ctx, tx, id, block.number, e)
	}
	if err != nil {
		return fmt.Errorf("index %s %q: %w", e.key.kind, e.key.ref, err)
	}
	block.add(id, e)
	return nil
}

func (s *Store) unindexEntry(ctx context.Context, tx *sql.Tx, key searchKey) error {
	_, err := s.takeOut(ctx, tx, key)
	return err
}

// takeOut takes an entry out of the index and returns the block in which it was, noBlock when it was in none.
func (s *Store) takeOut(ctx context.Context, tx *sql.Tx, key searchKey) (block int64, err error) {
	var id int64
	err = tx.QueryRowContext(ctx, `DELETE FROM search_doc WHERE kind = $1 AND ref = $2 AND lang = $3 RETURNING id, block`,
		string(key.kind), key.ref, key.lang).Scan(&id, &block)
	if errors.Is(err, sql.ErrNoRows) {
		return noBlock, nil
	}
	if err == nil && !s.postgres { // PostgreSQL cascades
		err = exec(ctx, tx, `DELETE FROM search_index WHERE rowid = $1`, id)
	}
	if err == nil {
		err = leaveBlock(ctx, tx, block)
	}
	if err != nil {
		return 0, fmt.Errorf("unindex %s %q: %w", key.kind, key.ref, err)
	}
	return block, nil
}

// shownText is text on one line; lines that do not end like a sentence are set apart by a dot.
func shownText(text string) string {
	var b strings.Builder
	b.Grow(len(text) + len(text)/16) // the dots
	for line := range strings.Lines(text) {
		line = model.Clean(strings.TrimRight(line, " \n"))
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

// insertSearchDoc writes what the hits of a record are shown from, under the first free id of its date, and returns that id.
func insertSearchDoc(ctx context.Context, tx *sql.Tx, e *searchEntry, block int64) (id int64, err error) {
	key, d := e.key, e.doc
	for id = searchID(key, d); ; id++ {
		result, err := tx.ExecContext(ctx, `
			INSERT INTO search_doc (id, kind, ref, lang, title, text, visibility, date, publish_at, expire_at, hash, block)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) DO NOTHING`,
			id, string(key.kind), key.ref, key.lang, d.Title, e.text, string(d.Visibility), unix(d.Date), unix(d.PublishAt), unix(d.ExpireAt), d.Hash, block)
		if err != nil {
			return 0, err
		}
		if n, err := result.RowsAffected(); n == 1 || err != nil {
			return id, err
		}
	}
}

// idsPerSecond is how many search ids each second has.
const idsPerSecond = 1 << 20

// searchID grows with the date, so that the order of ids is the order of results; below the seconds stand 20 bits that keep apart what
// is of the same second. The directory has no dates and comes before everything that has, by weight.
func searchID(key searchKey, d model.SearchDoc) int64 {
	seconds := unix(d.Date)
	if d.Date.IsZero() && (key.kind == model.KindUnit || key.kind == model.KindPerson) {
		seconds = 1<<33 + int64(d.Weight)
	}
	sum := fnv.New64a()
	fmt.Fprintf(sum, "%s\x00%s\x00%s", key.kind, key.ref, key.lang)
	return seconds*idsPerSecond | int64(sum.Sum64()>>44)
}

// Search finds what v may see now, best first: words as written before words without their accents, the title before the summary before
// the body, and newest first among equals. The page holds at most size hits; one beyond the last has none. A query without any word finds
// nothing. At most 1,000 records are counted. Where words are common each and seldom together, or after two seconds, older records are left
// out: then Cut is set, and nothing found until the time is over is model.ErrUnavailable. On PostgreSQL a phrase is looked for in the newest
// 150 records that have its words in the title, the summary and the text each.
func (r *Reader) Search(ctx context.Context, v model.Viewer, q model.SearchQuery, size int) (model.SearchResult, error) {
	terms := searchTerms(q.Text)
	filters, ok := queryFilters(v, q)
	if len(terms) == 0 || !ok {
		return model.SearchResult{}, nil
	}
	want := min(max(q.Page, 1), maxFound) * max(size, 1)
	all, err := r.find(ctx, [][]searchTerm{numberTerms(q.Text), terms}, filters, min(want, maxFound))
	if err != nil {
		return model.SearchResult{}, fmt.Errorf("search: %w", err)
	}
	result := model.SearchResult{Total: min(len(all.ids), maxFound), More: len(all.ids) > maxFound || all.cut, Cut: all.cut}
	result.Hits, err = r.searchHits(ctx, v, terms, pageOf(all.ids[:result.Total], q.Page, size))
	if err != nil {
		return model.SearchResult{}, fmt.Errorf("search: %w", err)
	}
	return result, nil
}

// find gathers what matches any of the queries, in order, within the budget.
func (r *Reader) find(ctx context.Context, queries [][]searchTerm, filters searchFilters, want int) (all found, err error) {
	ctx, cancel := context.WithTimeout(ctx, searchBudget)
	defer cancel()
	blocks, err := searchBlocks(ctx, r.from)
	if err != nil {
		return found{}, err
	}
	if len(queries[0]) > 0 {
		want = maxFound + 1 // the second query's hits follow all of the first one's
	}
	for _, terms := range queries {
		if len(terms) == 0 {
			continue
		}
		f := finder{q: r.from, postgres: r.postgres, now: r.now, terms: terms, filters: filters, blocks: blocks, bounds: r.bounds, reach: math.MaxInt, nothing: map[int64]bool{}}
		ids, err := f.find(ctx, want)
		if err != nil {
			return found{}, err
		}
		all.ids, all.cut = appendNew(all.ids, ids), all.cut || f.cut
	}
	if len(all.ids) == 0 && ctx.Err() != nil {
		return found{}, fmt.Errorf("%w: %w", model.ErrUnavailable, ctx.Err())
	}
	return all, nil
}

// found are the ids of what matches, as many as were asked for in order.
type found struct {
	ids []int64
	cut bool // older records were left out
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
		`SELECT id, kind, ref, title, substr(text, 1, 65536), visibility, date FROM search_doc WHERE id IN (`+placeholders(1, len(ids))+`)`, args...)
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
