package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"

	"congso/store/model"
)

const (
	listBatch = 10_000 // records or entries compared in one query
	mendBatch = 250    // faults mended in one transaction
)

// ListFaults says how the lists that the database keeps differ from the records.
type ListFaults struct {
	Missing int // entries that should stand in a list and do not
	Wrong   int // entries that should not
	Counts  int // parts of lists whose number of entries is not theirs
}

// CheckLists compares all lists with the records, be it while others write: each query compares one moment. It takes some 6 s of a processor
// for 100,000 news and as many meetings, in queries of less than 100 ms.
func (s *Store) CheckLists(ctx context.Context) (ListFaults, error) {
	found, err := listWalk{s.read, func(string, int, func(int) []any) error { return nil }}.all(ctx)
	if err != nil {
		return found, fmt.Errorf("check lists: %w", err)
	}
	return found, nil
}

// MendLists puts right what CheckLists finds, unless somebody has done so by writing meanwhile, and returns what was found.
func (s *Store) MendLists(ctx context.Context) (ListFaults, error) {
	found, err := listWalk{s.read, func(query string, count int, args func(int) []any) error {
		for first := 0; first < count; first += mendBatch {
			err := s.change(ctx, func(tx *sql.Tx) error {
				return insertRows(ctx, tx, query, min(mendBatch, count-first), func(i int) []any { return args(first + i) })
			})
			if err != nil {
				return err
			}
		}
		return nil
	}}.all(ctx)
	if err == nil {
		_, err = s.SplitLists(ctx)
	}
	if err != nil {
		return found, fmt.Errorf("mend lists: %w", err)
	}
	return found, nil
}

// listWalk goes through all lists in batches. mend runs a query with the arguments of each of so many faults.
type listWalk struct {
	q    querier
	mend func(query string, count int, args func(i int) []any) error
}

func (w listWalk) all(ctx context.Context) (found ListFaults, err error) {
	for _, kind := range []model.Kind{model.KindNews, model.KindMeeting} {
		n, err := w.missing(ctx, kind)
		if found.Missing += n; err != nil {
			return found, fmt.Errorf("lists of %s: %w", kind, err)
		}
	}
	if found.Wrong, err = w.wrong(ctx); err != nil {
		return found, fmt.Errorf("entries: %w", err)
	}
	if found.Counts, err = w.counts(ctx); err != nil {
		return found, fmt.Errorf("parts: %w", err)
	}
	return found, nil
}

// missing goes through the records by ID.
func (w listWalk) missing(ctx context.Context, kind model.Kind) (missing int, err error) {
	last, err := queryOne(ctx, w.q, value[int64], `SELECT COALESCE(MAX(id), 0) FROM `+string(kind))
	for id := int64(0); err == nil && id < last; id += listBatch {
		var batch []listPart
		batch, err = queryAll(ctx, w.q, scanEntry, `SELECT v.list, v.at, v.id FROM `+string(kind)+`_listed v
			LEFT JOIN listing l ON l.list = v.list AND l.at = v.at AND l.id = v.id WHERE v.id > $1 AND v.id <= $2 AND l.list IS NULL`, id, id+listBatch)
		missing += len(batch)
		if err == nil {
			err = w.mend(`INSERT INTO listing (list, at, id) SELECT list, at, id FROM `+string(kind)+`_listed WHERE list = $1 AND at = $2 AND id = $3 ON CONFLICT DO NOTHING`, len(batch), entryArgs(batch))
		}
	}
	return missing, err
}

func entryArgs(list []listPart) func(i int) []any {
	return func(i int) []any { return []any{list[i].list, list[i].at, list[i].id} }
}

// stray asks for entries of listing that should not be there.
const stray = ` AND NOT EXISTS (SELECT 1 FROM news_listed v WHERE v.id = listing.id AND v.list = listing.list AND v.at = listing.at)
	AND NOT EXISTS (SELECT 1 FROM meeting_listed v WHERE v.id = listing.id AND v.list = listing.list AND v.at = listing.at)`

// wrong goes through the lists by their key.
func (w listWalk) wrong(ctx context.Context) (wrong int, err error) {
	for from := (listPart{list: math.MinInt64}); ; {
		const batch = ` FROM listing l WHERE (l.list, l.at, l.id) > ($1, $2, $3) ORDER BY l.list, l.at, l.id`
		to, err := queryOne(ctx, w.q, scanEntry, `SELECT l.list, l.at, l.id`+batch+` LIMIT 1 OFFSET $4`, from.list, from.at, from.id, listBatch-1)
		rest := errors.Is(err, model.ErrNotFound)
		if rest {
			to, err = listPart{list: math.MaxInt64}, nil
		}
		if err != nil {
			return wrong, err
		}
		list, err := queryAll(ctx, w.q, scanEntry, `SELECT list, at, id FROM listing WHERE (list, at, id) > ($1, $2, $3) AND (list, at, id) <= ($4, $5, $6)`+stray,
			from.list, from.at, from.id, to.list, to.at, to.id)
		if err != nil {
			return wrong, err
		}
		wrong += len(list)
		if err = w.mend(`DELETE FROM listing WHERE list = $1 AND at = $2 AND id = $3`+stray, len(list), entryArgs(list)); err != nil || rest {
			return wrong, err
		}
		from = to
	}
}

func scanEntry(row scanner) (e listPart, err error) {
	err = row.Scan(&e.list, &e.at, &e.id)
	return e, err
}

// counts goes through the lists one by one, those without entries too. A list that has wrong ones becomes one part.
func (w listWalk) counts(ctx context.Context) (wrong int, err error) {
	all, err := queryAll(ctx, w.q, value[int64], `SELECT DISTINCT list FROM listing_part ORDER BY list`)
	if err != nil {
		return 0, err
	}
	for _, list := range all {
		n, err := wrongParts(ctx, w.q, list)
		if wrong += n; err != nil {
			return wrong, err
		}
		if n == 0 {
			continue
		}
		if err := w.mend(`DELETE FROM listing_part WHERE list = $1 AND at > $2`, 1, func(int) []any { return []any{list, int64(-math.MaxInt64)} }); err != nil {
			return wrong, err
		}
		err = w.mend(`UPDATE listing_part SET n = (SELECT COUNT(*) FROM listing l WHERE l.list = $1) WHERE list = $1`, 1, func(int) []any { return []any{list} })
		if err != nil {
			return wrong, err
		}
	}
	return wrong, nil
}

// wrongParts counts the parts of the list whose number is not that of their entries.
func wrongParts(ctx context.Context, q querier, list int64) (int, error) {
	return queryOne(ctx, q, value[int], `SELECT COUNT(*) FROM (
		SELECT at, id, n, LEAD(at, 1, $2) OVER w AS until, LEAD(id, 1, 0) OVER w AS until_id
			FROM listing_part WHERE list = $1 WINDOW w AS (PARTITION BY level ORDER BY at, id)) AS p
		WHERE n <> (SELECT COUNT(*) FROM listing l WHERE l.list = $1 AND (l.at, l.id) >= (p.at, p.id) AND (l.at, l.id) < (p.until, p.until_id))`,
		list, int64(math.MaxInt64))
}
