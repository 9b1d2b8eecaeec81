package store

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"congso/store/model"
)

// The index is in blocks of records that came one after the other, and has each word once for each block. Neither database stops in the
// middle of a search for words that are common each and seldom together, but a block is small, and a search may stop after any of them.
const (
	blockDigits   = 3
	firstDated    = 0
	firstAhead    = 39_000 // blocks of what came before its date, so that a meeting of next year does not have all that came with it searched first
	firstContacts = 40_000 // blocks of the directory, whose ids are beyond all dates
	lastBlock     = 36*36*36 - 1
	noBlock       = -1
)

// blockWord begins each word of a block, after the letter of its level.
func blockWord(block int64) string {
	text := strconv.FormatInt(block, 36)
	return strings.Repeat("0", max(blockDigits-len(text), 0)) + text
}

// blockEntry is the block that records come into, and what has come of them that the database does not know yet.
type blockEntry struct {
	searchBlock      // items, apart and newest are of the records that came
	exists      bool // in the database
	room        int64
}

// add takes in a record that comes into the index under an id of at most newest.
func (b *blockEntry) add(newest int64, e *searchEntry) {
	b.items, b.room, b.newest = b.items+1, b.room-1, max(b.newest, newest)
	if e.doc.Visibility != model.Public || e.key.lang != "" {
		b.apart++
	}
}

// blockFor is the block for a record; one that was in the block old goes back into it, unless that is of another sort.
func (s *Store) blockFor(ctx context.Context, q querier, e *searchEntry, old int64) (blockEntry, error) {
	first, last := s.blocksFor(e)
	if old >= first && old <= last {
		return blockEntry{searchBlock: searchBlock{number: old}, exists: true, room: 1}, nil
	}
	return s.lastBlock(ctx, q, first, last)
}

// writeBlock tells the database what has come into a block. It writes by number, and lastBlock reads before, since a statement that SQLite
// could have to take back in part, such as one with RETURNING, makes the full-text index write all that it holds in memory to the disk.
func writeBlock(ctx context.Context, q querier, b *blockEntry) error {
	if b.exists {
		return exec(ctx, q, `UPDATE search_block SET items = items + $1, apart = apart + $2, newest = CASE WHEN newest > $3 THEN newest ELSE $3 END WHERE number = $4`,
			b.items, b.apart, b.newest, b.number)
	}
	return exec(ctx, q, `
		INSERT INTO search_block AS b (number, items, newest, apart) VALUES ($1, $2, $3, $4)
		ON CONFLICT (number) DO UPDATE SET items = b.items + excluded.items, apart = b.apart + excluded.apart, newest = CASE WHEN b.newest > excluded.newest THEN b.newest ELSE excluded.newest END`,
		b.number, b.items, b.newest, b.apart)
}

// blocksFor are the first and the last number of the blocks for records of that sort: those whose date is still to come are apart.
func (s *Store) blocksFor(e *searchEntry) (first, last int64) {
	switch {
	case e.key.kind == model.KindUnit || e.key.kind == model.KindPerson:
		return firstContacts, lastBlock
	case e.doc.Date.After(s.now()):
		return firstAhead, firstContacts - 1
	}
	return firstDated, firstAhead - 1
}

// lastBlock is the one of the blocks from first to last that new records go into, which may have yet to be made.
func (s *Store) lastBlock(ctx context.Context, q querier, first, last int64) (blockEntry, error) {
	b, err := queryOne(ctx, q, scanBlock, `SELECT number, items, apart, newest FROM search_block WHERE number BETWEEN $1 AND $2 ORDER BY number DESC LIMIT 1`, first, last)
	room := int64(s.bounds.BlockItems)
	switch {
	case errors.Is(err, model.ErrNotFound):
		return blockEntry{searchBlock: searchBlock{number: first}, room: room}, nil
	case err != nil:
		return blockEntry{}, err
	case b.items < room || b.number == last:
		return blockEntry{searchBlock: searchBlock{number: b.number}, exists: true, room: room - b.items}, nil
	}
	return blockEntry{searchBlock: searchBlock{number: b.number + 1}, room: room}, nil
}

// leaveBlock takes a record out of its block.
func leaveBlock(ctx context.Context, q querier, block int64) error {
	return exec(ctx, q, `UPDATE search_block SET items = items - 1 WHERE number = $1`, block)
}

// searchBlock is a block as a search sees it: no id in it is above newest, and when apart is 0, everybody finds all that is in it.
type searchBlock struct{ number, items, apart, newest int64 }

// searchBlocks are the blocks that hold anything, in the order in which they are searched.
func searchBlocks(ctx context.Context, q querier) ([]searchBlock, error) {
	return queryAll(ctx, q, scanBlock, `SELECT number, items, apart, newest FROM search_block WHERE items > 0 ORDER BY newest DESC, number DESC`)
}

func scanBlock(row scanner) (searchBlock, error) {
	var b searchBlock
	err := row.Scan(&b.number, &b.items, &b.apart, &b.newest)
	return b, err
}

// Levels of the index: where a word stands. They begin each word of it.
const (
	titleLevel  = "t"
	headLevel   = "h" // the title or the summary
	textLevel   = "a" // anywhere
	filterLevel = "f" // no text: see docFilters
)
