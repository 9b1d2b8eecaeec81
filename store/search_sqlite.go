package store

import (
	"context"
	"database/sql"
	"strings"
)

// indexSQLite puts the words of the record into the full-text index under its search id.
func indexSQLite(ctx context.Context, tx *sql.Tx, id, block int64, e *searchEntry) error {
	var b strings.Builder
	b.Grow(e.wordBytes())
	suffix := blockWord(block)
	for _, l := range e.words {
		for _, part := range l.folded {
			prefixed(&b, l.level+suffix, part)
			b.WriteString("0 ") // no word of the index
		}
		prefixed(&b, l.level+suffix, l.exact)
	}
	for _, word := range docFilters(e.doc) {
		prefixed(&b, filterLevel+suffix, word+" ")
	}
	return exec(ctx, tx, `INSERT INTO search_index (rowid, words) VALUES ($1, $2)`, id, b.String())
}

// What the full-text index does by itself: it writes what it holds in memory to the disk at so many bytes, and merges at so many pieces.
// For many records at once, it holds more and merges nothing, which takes a seventh off the work; MergeSearch does it when nobody waits.
const (
	usualMemory, manyMemory = 1 << 20, 16 << 20
	usualMerge, manyMerge   = 4, 0
	manyRecords             = 200
)

// tuneSQLite sets how the full-text index writes, in this transaction and from then on.
func tuneSQLite(ctx context.Context, tx *sql.Tx, memory, merge int) error {
	err := exec(ctx, tx, `INSERT INTO search_index (search_index, rank) VALUES ('hashsize', $1)`, memory)
	if err == nil {
		err = exec(ctx, tx, `INSERT INTO search_index (search_index, rank) VALUES ('automerge', $1)`, merge)
	}
	return err
}

// tierSQLite is newest first by the index's own order: nothing is sorted, and few records are coming or expired.
const tierSQLite = `
	SELECT rowid FROM search_index
	WHERE search_index MATCH $1 AND rowid NOT IN (` + hiddenNow + `)
	ORDER BY rowid DESC LIMIT $3`

const commonSQLite = `SELECT count(*) FROM (SELECT 1 FROM search_index WHERE search_index MATCH $1 LIMIT $2)`

// matchSQLite is the FTS5 expression for what a block has of a tier. Words hold nothing but letters and digits, and stand in quotes.
func matchSQLite(block int64, phrases [][]string, tier searchTier, f searchFilters) string {
	text, filter := tier.level+blockWord(block), filterLevel+blockWord(block)
	var with, without []string
	for _, words := range phrases {
		with = append(with, `"`+text+strings.Join(words, " "+text)+`"`)
	}
	for _, word := range f.with {
		with = append(with, `"`+filter+word+`"`)
	}
	for _, word := range f.without {
		without = append(without, `"`+filter+word+`"`)
	}
	match := "(" + strings.Join(with, " AND ") + ")"
	if len(without) > 0 {
		match += " NOT (" + strings.Join(without, " OR ") + ")"
	}
	return match
}
