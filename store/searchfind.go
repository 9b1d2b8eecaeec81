package store

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// searchBudget is how long a search may take at the most: the last resort, since its work is bounded too.
const searchBudget = 2 * time.Second

// searchBounds bound the work of a search at any number of records: least blocks are searched in any case, and more of them only when one of
// the words asked for is rare, in proportion: when fewer records of a block than common have it.
type searchBounds struct{ blockItems, least, common int }

func defaultBounds() searchBounds { return searchBounds{blockItems: 1 << 15, least: 2, common: 8192} }

// hiddenNow are the entries that nobody may find at the time $2: what is to come and what has expired.
const hiddenNow = `SELECT id FROM search_doc WHERE publish_at > $2 UNION ALL SELECT id FROM search_doc WHERE expire_at > 0 AND expire_at <= $2`

// finder gathers the ids of the records that one query finds.
type finder struct {
	q        querier
	postgres bool
	now      func() time.Time
	terms    []searchTerm
	filters  searchFilters
	blocks   []searchBlock
	bounds   searchBounds
	nothing  map[int64]bool // blocks without anything that the last tier has, and so without what any has
	cut      bool           // the bounds left records out
}

// find returns all ids, at most maxFound+1, and the first ones in order, as many as are wanted. Each tier holds those before it, so the last
// one is the whole, unless it was cut short: then the others may have found older records.
func (f *finder) find(ctx context.Context, want int) ([]int64, error) {
	tiers := searchTiers(exactTerms(f.terms))
	last := len(tiers) - 1
	all, err := f.tier(ctx, tiers[last], maxFound+1)
	if err != nil {
		return nil, err
	}
	if f.cut {
		want = maxFound + 1
	}
	var ids []int64
	for _, tier := range tiers[:last] {
		if len(ids) >= want || len(ids) == len(all) && !f.cut {
			break
		}
		some, err := f.tier(ctx, tier, want)
		if err != nil {
			return nil, err
		}
		ids = appendNew(ids, some)
	}
	return appendNew(ids, all), nil
}

// tier returns the newest ids of one tier, at most limit, from as many blocks as it takes and the bounds allow.
func (f *finder) tier(ctx context.Context, tier searchTier, limit int) (ids []int64, err error) {
	phrases, blocks := tierPhrases(f.terms, tier), len(f.blocks)
	for i, block := range f.blocks {
		if len(ids) == limit && ids[limit-1] > block.newest {
			break
		}
		if f.nothing[block.number] {
			continue
		}
		if i == f.bounds.least && tier.level != titleLevel {
			if blocks, err = f.worth(ctx, phrases, tier); err != nil {
				return nil, err
			}
		}
		if i >= blocks {
			f.cut = true
			break
		}
		some, err := f.inBlock(ctx, block, phrases, tier, limit)
		if err != nil && ctx.Err() != nil {
			f.cut = true
			break
		}
		if err != nil {
			return nil, err
		}
		f.nothing[block.number] = f.nothing[block.number] || len(some) == 0 && tier == searchTier{false, textLevel}
		ids = mergeNewest(ids, some, limit)
	}
	return ids, nil
}

// worth is how many blocks may be searched for the phrases: the rarer the rarest of their words in the fullest of the first blocks, the more,
// and all for a single word, since then whatever is visited is found.
func (f *finder) worth(ctx context.Context, phrases [][]string, tier searchTier) (int, error) {
	words := slices.Concat(phrases...)
	if len(words)+len(f.filters.with) == 1 {
		return len(f.blocks), nil
	}
	fullest := f.blocks[0]
	for _, block := range f.blocks[:f.bounds.least] {
		if block.items > fullest.items {
			fullest = block
		}
	}
	rarest, err := f.rarest(ctx, fullest, words, tier, f.bounds.common)
	if err == nil {
		rarest, err = f.rarest(ctx, fullest, f.filters.with, searchTier{level: filterLevel}, rarest)
	}
	return f.bounds.least * f.bounds.common / max(rarest, 1), err
}

// rarest is how many items of a block have the rarest of the words, at most limit.
func (f *finder) rarest(ctx context.Context, block searchBlock, words []string, tier searchTier, limit int) (int, error) {
	for _, word := range words {
		query, match := commonSQLite, matchSQLite(block.number, [][]string{{word}}, tier, searchFilters{})
		if f.postgres {
			query, match = commonPostgres, matchPostgres(block.number, [][]string{{word}}, tier, searchFilters{})
		}
		items, err := queryOne(ctx, f.q, value[int], query, match, limit)
		if err != nil {
			return 0, err
		}
		limit = min(limit, items)
	}
	return limit, nil
}

// inBlock returns the newest ids that a block has of a tier. Only PostgreSQL is told to stop when the time is over: to SQLite a context that
// can end costs more than a block.
func (f *finder) inBlock(ctx context.Context, block searchBlock, phrases [][]string, tier searchTier, limit int) ([]int64, error) {
	now := f.now().Unix()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if f.postgres {
		return idsIn(ctx, f.q, tierPostgres, matchPostgres(block.number, phrases, tier, f.filters), now, limit)
	}
	return idsIn(context.WithoutCancel(ctx), f.q, tierSQLite, matchSQLite(block.number, phrases, tier, f.filters), now, limit)
}

func idsIn(ctx context.Context, q querier, query string, args ...any) (ids []int64, err error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, unavailable(err)
	}
	defer rows.Close()
	for rows.Next() {
		id, err := value[int64](rows)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, unavailable(rows.Err())
}

// mergeNewest merges two lists of ids, both newest first, and keeps the first limit.
func mergeNewest(a, b []int64, limit int) []int64 {
	if len(a) == 0 {
		return b
	}
	merged := slices.Concat(a, b)
	slices.SortFunc(merged, func(a, b int64) int { return cmp.Compare(b, a) })
	return merged[:min(len(merged), limit)]
}
