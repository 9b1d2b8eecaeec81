package store

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
)

// Limits of a tsvector: its positions are 14 bits, a lexeme has at most 255 of them, and the whole stays under 1 MB.
const (
	maxPosition  = 16383
	maxPositions = 255
	maxVector    = 900_000
)

// pairMark stands between the two words of a pair; no word has it.
const pairMark = "+"

// indexPostgres puts the words of the record into the full-text index under its search id.
func indexPostgres(ctx context.Context, tx *sql.Tx, id, block int64, e *searchEntry) error {
	v := tsvector{lexemes: map[string][]string{}}
	v.words(filterLevel+blockWord(block), docFilters(e.doc)) // first, so that no text can crowd them out
	for _, l := range e.words {
		prefix := l.level + blockWord(block)
		for _, part := range l.folded {
			v.text(prefix, strings.Fields(part))
		}
		v.words(prefix, strings.Fields(l.exact))
	}
	return exec(ctx, tx, `INSERT INTO search_index (id, words) VALUES ($1, CAST(CAST($2 AS TEXT) AS TSVECTOR))`, id, v.String())
}

// The functions of migration 14, and what they are asked for: all words, which the index answers by itself, and phrases, for which the words
// of a record have to be unpacked.
const (
	tierPostgres   = `SELECT id, has_phrases FROM search_found(CAST(CAST($1 AS TEXT) AS TSQUERY), CAST(CAST($2 AS TEXT) AS TSQUERY), $3, $4)`
	commonPostgres = `SELECT search_common(CAST(CAST($1 AS TEXT) AS TSQUERY), $2)`
)

// idsInPostgres returns the newest ids that a query finds, at most limit, and how many records were unpacked for it, at most room.
func idsInPostgres(ctx context.Context, q querier, query postgresQuery, now int64, limit, room int) (ids []int64, unpacked int, err error) {
	if query.phrases != nil {
		limit = room
	}
	found, err := q.QueryContext(ctx, tierPostgres, query.words, query.phrases, now, limit)
	if err != nil {
		return nil, 0, unavailable(err)
	}
	defer found.Close()
	for found.Next() {
		var id int64
		var has bool
		if err := found.Scan(&id, &has); err != nil {
			return nil, 0, err
		}
		if has {
			ids = append(ids, id)
		}
		if query.phrases != nil {
			unpacked++
		}
	}
	return ids, unpacked, unavailable(found.Err())
}

// tsvector is a text search vector in the making.
type tsvector struct {
	lexemes  map[string][]string // their positions
	position int
	size     int
}

// words adds words without their positions: they are in no phrase.
func (v *tsvector) words(prefix string, words []string) {
	for _, word := range words {
		if _, known := v.lexemes[prefix+word]; !known && v.room(len(prefix+word)+8) {
			v.lexemes[prefix+word] = nil
		}
	}
}

// text adds a text, apart from what stands before it, so that no phrase runs over from one into the other. Where the places of two words
// that follow each other are beyond the limits, they are added as a pair.
func (v *tsvector) text(prefix string, words []string) {
	v.position++
	before := true // the place of the word before is known
	for i, word := range words {
		v.position++
		known := v.add(prefix + word)
		if i > 0 && !(before && known) {
			v.words(prefix, []string{words[i-1] + pairMark + word})
		}
		before = known
	}
}

// add notes a lexeme at the current position, and reports whether the position could be noted. Words for which there is no room are left
// out: they are found by title or not at all.
func (v *tsvector) add(lexeme string) bool {
	positions, known := v.lexemes[lexeme]
	if len(positions) == maxPositions || v.position >= maxPosition {
		if !known && v.room(len(lexeme)+8) {
			v.lexemes[lexeme] = nil
		}
		return false
	}
	cost := 4
	if !known {
		cost += len(lexeme) + 8
	}
	if !v.room(cost) {
		return false
	}
	v.lexemes[lexeme] = append(positions, strconv.Itoa(v.position))
	return true
}

func (v *tsvector) room(cost int) bool {
	if v.size+cost > maxVector {
		return false
	}
	v.size += cost
	return true
}

// String is the literal that PostgreSQL casts to a tsvector.
func (v *tsvector) String() string {
	var b strings.Builder
	for lexeme, positions := range v.lexemes {
		b.WriteString("'" + lexeme + "'")
		if len(positions) > 0 {
			b.WriteString(":" + strings.Join(positions, ","))
		}
		b.WriteByte(' ')
	}
	return b.String()
}

// postgresQuery are the tsqueries for all words of a query and for its phrases, nil when it has none.
type postgresQuery struct {
	words   string
	phrases any
}

// matchPostgres is the query for what a block has of a tier. Words hold nothing but letters and digits, and stand in quotes.
func matchPostgres(block int64, phrases [][]string, tier searchTier, f searchFilters) (q postgresQuery) {
	text, filter := tier.level+blockWord(block), filterLevel+blockWord(block)
	var all, ordered []string
	for _, words := range phrases {
		all = append(all, "'"+text+strings.Join(words, "' & '"+text)+"'")
		if len(words) > 1 {
			ordered = append(ordered, orderedPostgres(text, words))
		}
	}
	for _, word := range f.with {
		all = append(all, "'"+filter+word+"'")
	}
	for _, word := range f.without {
		all = append(all, "!'"+filter+word+"'")
	}
	q.words = strings.Join(all, " & ")
	if len(ordered) > 0 {
		q.phrases = strings.Join(ordered, " & ")
	}
	return q
}

// orderedPostgres is the tsquery for a phrase: its words one after the other, or, in a text so long that some of their places are not known,
// each two of them, of which some are a pair.
func orderedPostgres(prefix string, words []string) string {
	var pairs, each []string
	for i, word := range words[1:] {
		pair := "'" + prefix + words[i] + pairMark + word + "'"
		pairs, each = append(pairs, pair), append(each, "('"+prefix+words[i]+"' <-> '"+prefix+word+"' | "+pair+")")
	}
	return "(('" + prefix + strings.Join(words, "' <-> '"+prefix) + "') | (" + strings.Join(pairs, " | ") + ") & " + strings.Join(each, " & ") + ")"
}
