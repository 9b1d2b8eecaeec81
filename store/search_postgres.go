package store

import (
	"context"
	"database/sql"
	"sort"
	"strconv"
	"strings"

	"congso/store/model"
)

// Limits of a tsvector: its positions are 14 bits, a lexeme has at most 255 of them, and the whole stays under 1 MB.
const (
	maxPosition  = 16383
	maxPositions = 255
	maxVector    = 900_000
)

// indexPostgres puts the words of the record into the full-text index under its search id.
func indexPostgres(ctx context.Context, tx *sql.Tx, id int64, d model.SearchDoc) error {
	v := tsvector{lexemes: map[string][]string{}}
	v.words(docFilters(d), "") // first, so that no text can crowd them out
	v.text(d.Title, "A")
	v.text(d.Summary, "B")
	v.text(d.Body+"\n"+d.Hidden, "C")
	_, err := tx.ExecContext(ctx, `INSERT INTO search_index (id, words) VALUES ($1, CAST(CAST($2 AS TEXT) AS TSVECTOR))`, id, v.String())
	return err
}

const tierPostgres = `
	SELECT d.id FROM search_index JOIN search_doc AS d ON d.id = search_index.id
	WHERE search_index.words @@ CAST(CAST($1 AS TEXT) AS TSQUERY) AND d.publish_at <= $2 AND (d.expire_at = 0 OR d.expire_at > $2)
	ORDER BY d.id DESC LIMIT $3`

// tsvector is a text search vector in the making. Weight D, which filters have, is written as no letter.
type tsvector struct {
	lexemes  map[string][]string // positions with their weights
	position int
	size     int
}

func (v *tsvector) words(words []string, weight string) {
	for _, word := range words {
		v.position++
		v.add(word, weight)
	}
}

// text adds a text, apart from what stands before it, so that no phrase runs over from one into the other.
func (v *tsvector) text(text, weight string) {
	v.position++
	for _, word := range indexWords(text) {
		v.position++
		v.add(word.folded, weight)
		if word.exact != "" {
			v.add(word.exact, weight)
		}
	}
}

// add notes a lexeme at the current position. What is beyond the limits is left out; later words are found by title or not at all.
func (v *tsvector) add(lexeme, weight string) {
	positions, known := v.lexemes[lexeme]
	cost := 4
	if !known {
		cost += len(lexeme) + 8
	}
	if len(positions) >= maxPositions || v.size+cost > maxVector {
		return
	}
	v.size += cost
	v.lexemes[lexeme] = append(positions, strconv.Itoa(min(v.position, maxPosition))+weight)
}

// String is the literal that PostgreSQL casts to a tsvector.
func (v *tsvector) String() string {
	lexemes := make([]string, 0, len(v.lexemes))
	for lexeme := range v.lexemes {
		lexemes = append(lexemes, lexeme)
	}
	sort.Strings(lexemes)
	var b strings.Builder
	for _, lexeme := range lexemes {
		b.WriteString("'" + lexeme + "':" + strings.Join(v.lexemes[lexeme], ",") + " ")
	}
	return b.String()
}

// matchPostgres is the tsquery of a tier. Words hold nothing but letters and digits, and stand in quotes.
func matchPostgres(terms []searchTerm, tier searchTier, filters []string) string {
	weight := "':" + "ABC"[:tier.parts]
	var all []string
	for _, term := range terms {
		var words []string
		for _, word := range term {
			words = append(words, "'"+word.folded+weight)
			if tier.exact && word.exact != "" {
				all = append(all, "'"+word.exact+weight)
			}
		}
		if len(term) > 1 || !tier.exact || term[0].exact == "" {
			all = append(all, "("+strings.Join(words, " <-> ")+")")
		}
	}
	for _, filter := range filters {
		all = append(all, "'"+filter+"':D")
	}
	return strings.Join(all, " & ")
}
