package store

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"
)

// searchBudget is how long a search may take at the most: the last resort, since its work is bounded too.
const searchBudget = 2 * time.Second

// SearchBounds bound the work of a search at any number of records. What is 0 is set to what DefaultSearchBounds says.
type SearchBounds struct {
	BlockItems int // records in a block of the search index made from now on
	Least      int // records, the newest, that are searched in any case
	Common     int // more are searched only when one of the words is rare, in proportion: when fewer records of a block than this have it
	Phrases    int // records, the newest with all the words, that PostgreSQL unpacks in each place (title, summary, text) to see whether they have a phrase
	Meetings   int // latest meetings of the year and kind in a filter that are looked through for its chair and text
}

// DefaultSearchBounds keep a search within some 30 ms.
func DefaultSearchBounds() SearchBounds {
	return SearchBounds{BlockItems: 1 << 15, Least: 1 << 15, Common: 8192, Phrases: 150, Meetings: 3000}
}

// orDefault puts the default where nothing is set.
func (b SearchBounds) orDefault() SearchBounds {
	d := DefaultSearchBounds()
	return SearchBounds{cmp.Or(b.BlockItems, d.BlockItems), cmp.Or(b.Least, d.Least), cmp.Or(b.Common, d.Common), cmp.Or(b.Phrases, d.Phrases), cmp.Or(b.Meetings, d.Meetings)}
}

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
	bounds   SearchBounds
	nothing  map[int64]bool // blocks without anything that the last tier has, and so without what any has
	reach    int            // how many records, in whole blocks, may be searched for more than titles
	cut      bool           // the bounds left records out
}

// find returns all ids, at most maxFound+1, and the first ones in order, as many as are wanted. Each tier holds those before it, so the last
// one is the whole. Where that was cut short, titles are the only ones found in older records, and those count too.
func (f *finder) find(ctx context.Context, want int) ([]int64, error) {
	all, err := f.tier(ctx, lastTier, maxFound+1)
	if err != nil {
		return nil, err
	}
	var ids []int64
	for _, tier := range searchTiers(exactTerms(f.terms)) {
		limit := want
		if f.cut && tier == titleTier {
			limit = maxFound + 1
		} else if tier == lastTier || len(ids) >= want || len(ids) == len(all) && !f.cut {
			continue
		}
		some, err := f.tier(ctx, tier, limit)
		if err != nil {
			return nil, err
		}
		ids = appendNew(ids, some)
	}
	return appendNew(ids, all), nil
}

// tier returns the newest ids of one tier, at most limit, from as many blocks as it takes and the bounds allow.
func (f *finder) tier(ctx context.Context, tier searchTier, limit int) (ids []int64, err error) {
	phrases, reach := tierPhrases(f.terms, tier), math.MaxInt
	weighed := tier.level == titleLevel
	if !weighed {
		reach = f.reach
	}
	searched, room := 0, f.bounds.Phrases // records
	for _, block := range f.blocks {
		if len(ids) == limit && ids[limit-1] > block.newest {
			break
		}
		if searched >= f.bounds.Least && searched < reach && !weighed {
			weighed = true
			worth, err := f.worth(ctx, phrases, tier)
			if err != nil {
				return nil, err
			}
			reach = min(reach, worth)
		}
		if searched >= reach {
			f.stop(tier, reach)
			break
		}
		searched += int(block.items)
		if f.nothing[block.number] {
			continue
		}
		some, unpacked, err := f.inBlock(ctx, block, phrases, tier, limit, room)
		room -= unpacked
		if err != nil && ctx.Err() != nil {
			f.cut = true
			break
		}
		if err != nil {
			return nil, err
		}
		ids = mergeNewest(ids, some, limit)
		if room == 0 {
			f.stop(tier, searched)
			break
		}
		f.nothing[block.number] = f.nothing[block.number] || len(some) == 0 && tier == lastTier
	}
	return ids, nil
}

// stop notes that a tier was not searched beyond so many records.
func (f *finder) stop(tier searchTier, reach int) {
	if tier == lastTier {
		f.reach, f.cut = reach, true
	}
}

// worth is how many records may be searched for the phrases: the rarer the rarest of their words in the fullest of the first blocks (of
// those whose records are as common as most: neither the directory nor what is ahead), the more, and all for a single word, since then
// whatever is visited is found. One block more than these may be begun.
func (f *finder) worth(ctx context.Context, phrases [][]string, tier searchTier) (int, error) {
	words := slices.Concat(phrases...)
	if len(words)+len(f.filters.with) == 1 {
		return math.MaxInt, nil
	}
	fullest, first := f.blocks[0], 0
	for _, block := range f.blocks {
		if fullest.number >= firstAhead || block.number < firstAhead && block.items > fullest.items {
			fullest = block
		}
		if first += int(block.items); first >= f.bounds.Least {
			break
		}
	}
	rarest, err := f.rarest(ctx, fullest, words, tier, f.bounds.Common)
	if err == nil {
		rarest, err = f.rarest(ctx, fullest, f.filters.with, searchTier{level: filterLevel}, rarest)
	}
	return f.bounds.Least * (2*f.bounds.Common/max(rarest, 1) - 1), err
}

// rarest is how many items of a block have the rarest of the words, at most limit.
func (f *finder) rarest(ctx context.Context, block searchBlock, words []string, tier searchTier, limit int) (int, error) {
	for _, word := range words {
		query, match := commonSQLite, matchSQLite(block.number, [][]string{{word}}, tier, searchFilters{})
		if f.postgres {
			query, match = commonPostgres, matchPostgres(block.number, [][]string{{word}}, tier, searchFilters{}).words
		}
		items, err := queryOne(ctx, f.q, value[int], query, match, limit)
		if err != nil {
			return 0, err
		}
		limit = min(limit, items)
	}
	return limit, nil
}

// inBlock returns the newest ids that a block has of a tier, and how many of the records that room is for were unpacked. Only PostgreSQL is
// told to stop when the time is over: to SQLite a context that can end costs more than a block.
func (f *finder) inBlock(ctx context.Context, block searchBlock, phrases [][]string, tier searchTier, limit, room int) (ids []int64, unpacked int, err error) {
	now := f.now().Unix()
	if ctx.Err() != nil {
		return nil, 0, ctx.Err()
	}
	filters := f.filters
	if block.apart == 0 {
		filters.without = nil
	}
	if f.postgres {
		return idsInPostgres(ctx, f.q, matchPostgres(block.number, phrases, tier, filters), now, limit, room)
	}
	ids, err = idsIn(context.WithoutCancel(ctx), f.q, tierSQLite, matchSQLite(block.number, phrases, tier, filters), now, limit)
	return ids, 0, err
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
		return b[:min(len(b), limit)] // PostgreSQL gives more where it looked for a phrase
	}
	merged := slices.Concat(a, b)
	slices.SortFunc(merged, func(a, b int64) int { return cmp.Compare(b, a) })
	return merged[:min(len(merged), limit)]
}
