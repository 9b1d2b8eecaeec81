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

// enterBlock is the block for a record that comes into the index under an id of at most newest; one that was in it goes back into its own,
// unless that is of another sort.
// It reads and then writes by number, since a statement that SQLite could have to take back in part, such as one with RETURNING, makes the
// full-text index write all that it holds in memory to the disk.
func (s *Store) enterBlock(ctx context.Context, q querier, newest int64, key searchKey, d model.SearchDoc, old int64) (int64, error) {
	apart := 0
	if d.Visibility != model.Public || key.lang != "" {
		apart = 1
	}
	number, open := old, true
	if first, last := blocksFor(key.kind, d.Date.After(s.now())); old < first || old > last {
		var err error
		if number, open, err = s.lastBlock(ctx, q, first, last); err != nil {
			return 0, err
		}
	}
	if open {
		return number, exec(ctx, q, `UPDATE search_block SET items = items + 1, apart = apart + $1, newest = CASE WHEN newest > $2 THEN newest ELSE $2 END WHERE number = $3`,
			apart, newest, number)
	}
	return number, exec(ctx, q, `
		INSERT INTO search_block AS b (number, items, newest, apart) VALUES ($1, 1, $2, $3)
		ON CONFLICT (number) DO UPDATE SET items = b.items + 1, apart = b.apart + excluded.apart, newest = CASE WHEN b.newest > excluded.newest THEN b.newest ELSE excluded.newest END`,
		number, newest, apart)
}

// blocksFor are the first and the last number of the blocks for records of that kind; ahead when their date is still to come.
func blocksFor(kind model.Kind, ahead bool) (first, last int64) {
	switch {
	case kind == model.KindUnit || kind == model.KindPerson:
		return firstContacts, lastBlock
	case ahead:
		return firstAhead, firstContacts - 1
	}
	return firstDated, firstAhead - 1
}

// lastBlock is the one of the blocks from first to last that new records go into; open is false when it has yet to be made.
func (s *Store) lastBlock(ctx context.Context, q querier, first, last int64) (number int64, open bool, err error) {
	b, err := queryOne(ctx, q, scanBlock, `SELECT number, items, apart, newest FROM search_block WHERE number BETWEEN $1 AND $2 ORDER BY number DESC LIMIT 1`, first, last)
	switch {
	case errors.Is(err, model.ErrNotFound):
		return first, false, nil
	case err != nil:
		return 0, false, err
	case b.items < int64(s.bounds.BlockItems) || b.number == last:
		return b.number, true, nil
	}
	return b.number + 1, false, nil
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

// levelWords are the words of a record at one level.
type levelWords struct {
	level  string
	folded [][]string // of each of its parts: no phrase runs over from one into the next
	exact  []string   // each once
}

// docWords are the words of a record at each level of text.
func docWords(d model.SearchDoc) []levelWords {
	title, summary, body := indexWords(d.Title), indexWords(d.Summary), indexWords(d.Body+"\n"+d.Hidden)
	return []levelWords{
		wordsAt(titleLevel, title),
		wordsAt(headLevel, title, summary),
		wordsAt(textLevel, title, summary, body),
	}
}

func wordsAt(level string, parts ...[]searchWord) levelWords {
	l := levelWords{level: level}
	seen := map[string]bool{}
	for _, part := range parts {
		folded := make([]string, len(part))
		for i, word := range part {
			folded[i] = word.folded
			if word.exact != "" && !seen[word.exact] {
				seen[word.exact] = true
				l.exact = append(l.exact, word.exact)
			}
		}
		l.folded = append(l.folded, folded)
	}
	return l
}
