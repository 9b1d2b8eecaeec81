package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"congso/store/model"
)

// reindexBatch is how many records the search index takes in one transaction when it is made anew.
const reindexBatch = 200

// indexed is a record that is to be found, with the id under which the search will know it.
type indexed struct {
	search int64
	kind   model.Kind
	id     int64
}

// reindex makes the search index anew if the records say that it is to be, as they do after they came from another kind of database. One
// that was ended before its end goes on where it was. Articles come into it when the portal is served.
func (s *Store) reindex(ctx context.Context, progress Progress) error {
	last, err := s.indexedUpTo(ctx)
	if err != nil || last < 0 {
		return err
	}
	list, err := s.findable(ctx)
	if err != nil {
		return fmt.Errorf("search index: %w", err)
	}
	s.log.Info("making the search index anew", "records", len(list))
	w := &work{ctx: ctx, progress: progress}
	w.begin(indexingRecords, int64(len(list)))
	if last == 0 {
		err = s.clearIndex(ctx)
	}
	list = slices.DeleteFunc(list, func(r indexed) bool { return last > 0 && r.search <= last })
	if err == nil {
		err = w.add(w.total - int64(len(list)))
	}
	if err == nil {
		err = s.indexList(ctx, w, list)
	}
	if err == nil {
		err = s.IndexDirectory(ctx)
	}
	if err == nil {
		err = s.MergeSearch(ctx)
	}
	if err == nil {
		err = s.endIndex(ctx)
	}
	if err != nil {
		return fmt.Errorf("search index: %w", err)
	}
	return nil
}

// endIndex notes that the search index is whole.
func (s *Store) endIndex(ctx context.Context) error {
	return s.tx(ctx, func(tx *sql.Tx) error {
		if !s.postgres {
			if err := tuneSQLite(ctx, tx, usualMemory, usualMerge); err != nil {
				return err
			}
		}
		return exec(ctx, tx, `DELETE FROM setting WHERE name = '`+staleSearch+`'`)
	})
}

// indexedUpTo is the id up to which the new search index has the records, 0 for none, and -1 when no new one is to be made.
func (s *Store) indexedUpTo(ctx context.Context) (int64, error) {
	text, err := queryOne(ctx, s.read, value[string], `SELECT value FROM setting WHERE name = '`+staleSearch+`'`)
	if errors.Is(err, model.ErrNotFound) {
		return -1, nil
	}
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(text, 10, 64)
}

// findable are all news and meetings that search finds, by the ids that it gives them: the full-text index of SQLite takes what comes in that
// order much faster. They take 24 bytes each.
func (s *Store) findable(ctx context.Context) (list []indexed, err error) {
	for _, of := range []struct {
		kind model.Kind
		date string
	}{{model.KindNews, "publish_at"}, {model.KindMeeting, "start_at"}} {
		for last, more := int64(0), true; more; {
			batch, err := queryAll(ctx, s.read, func(row scanner) (indexed, error) {
				r, slug, date := indexed{kind: of.kind}, "", int64(0)
				err := row.Scan(&r.id, &slug, &date)
				r.search = searchID(searchKey{of.kind, slug, ""}, model.SearchDoc{Date: fromUnix(date)})
				return r, err
			}, `SELECT id, slug, `+of.date+` FROM `+string(of.kind)+` WHERE status = 'published' AND id > $1 ORDER BY id LIMIT $2`, last, listBatch)
			if err != nil {
				return nil, err
			}
			if more = len(batch) == listBatch; len(batch) > 0 {
				last = batch[len(batch)-1].id
			}
			list = append(list, batch...)
		}
	}
	slices.SortFunc(list, func(a, b indexed) int { return cmp.Compare(a.search, b.search) })
	return list, nil
}

// clearIndex takes all out of the search.
func (s *Store) clearIndex(ctx context.Context) error {
	statements := []string{`DELETE FROM search_doc`, `DELETE FROM search_block`, `INSERT INTO search_index (search_index) VALUES ('delete-all')`}
	if s.postgres {
		statements = []string{`TRUNCATE search_doc, search_index, search_block`}
	}
	return s.tx(ctx, func(tx *sql.Tx) error {
		for _, query := range statements {
			if err := exec(ctx, tx, query); err != nil {
				return err
			}
		}
		if s.postgres {
			return nil
		}
		return tuneSQLite(ctx, tx, manyMemory, manyMerge)
	})
}

// indexList indexes the records, in their order, some in each transaction, which also notes how far it came. All processors find their words.
func (s *Store) indexList(ctx context.Context, w *work, list []indexed) error {
	type made struct {
		searchEntry
		err error
	}
	for batch := range slices.Chunk(list, reindexBatch) {
		err := s.tx(ctx, func(tx *sql.Tx) error {
			open := openBlocks{}
			err := makeAhead(batch, func(r indexed) made {
				e, err := s.entryOf(ctx, r)
				return made{e, err}
			}, func(m made) error {
				if m.err != nil {
					return m.err
				}
				block, err := s.openBlock(ctx, tx, open, &m.searchEntry)
				if err != nil {
					return err
				}
				return s.insertEntry(ctx, tx, &m.searchEntry, block)
			})
			for _, block := range open {
				if err == nil {
					err = writeBlock(ctx, tx, block)
				}
			}
			if err != nil {
				return err
			}
			return putSetting(ctx, tx, staleSearch, strconv.FormatInt(batch[len(batch)-1].search, 10))
		})
		if err != nil {
			return err
		}
		if err := w.add(int64(len(batch))); err != nil {
			return err
		}
	}
	return nil
}

// entryOf is what search is to know of a record. One whose text cannot be rendered any more is found by the rest.
func (s *Store) entryOf(ctx context.Context, r indexed) (searchEntry, error) {
	record, err := wholeRecord(ctx, s.read, r.kind, r.id)
	if err != nil {
		return searchEntry{}, fmt.Errorf("%s %d: %w", r.kind, r.id, err)
	}
	rendered, err := s.renderer.Render(record.markdown)
	if err != nil {
		s.log.Warn("a text cannot be rendered and is not found by its words", "kind", r.kind, "id", r.id, "error", err)
	}
	d := record.doc(rendered.Text)
	return newEntry(searchKey{d.Kind, d.Ref, ""}, d), nil
}
