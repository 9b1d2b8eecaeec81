package store

import (
	"context"
	"database/sql"
	"strings"

	"congso/store/model"
)

// indexSQLite puts the words of the record into the full-text index under its search id.
func indexSQLite(ctx context.Context, tx *sql.Tx, id int64, d model.SearchDoc) error {
	title, titleExact := joined(indexWords(d.Title))
	summary, summaryExact := joined(indexWords(d.Summary))
	body, bodyExact := joined(indexWords(d.Body + "\n" + d.Hidden))
	_, err := tx.ExecContext(ctx, `
		INSERT INTO search_index (rowid, title, summary, body, title_exact, summary_exact, body_exact, filter)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		id, title, summary, body, titleExact, summaryExact, bodyExact, strings.Join(docFilters(d), " "))
	return err
}

// tierSQLite is newest first by the index's own order: the join must not turn round, and nothing is sorted.
const tierSQLite = `
	SELECT d.id FROM search_index CROSS JOIN search_doc AS d ON d.id = search_index.rowid
	WHERE search_index MATCH $1 AND d.publish_at <= $2 AND (d.expire_at = 0 OR d.expire_at > $2)
	ORDER BY search_index.rowid DESC LIMIT $3`

// matchSQLite is the FTS5 expression of a tier. Words hold nothing but letters and digits, and stand in quotes.
func matchSQLite(terms []searchTerm, tier searchTier, filters []string) string {
	folded := "{" + strings.Join([]string{"title", "summary", "body"}[:tier.parts], " ") + "} : "
	exact := "{" + strings.Join([]string{"title_exact", "summary_exact", "body_exact"}[:tier.parts], " ") + "} : "
	var all []string
	for _, term := range terms {
		var words []string
		for _, word := range term {
			words = append(words, word.folded)
			if tier.exact && word.exact != "" {
				all = append(all, exact+`"`+word.exact+`"`)
			}
		}
		if len(term) > 1 || !tier.exact || term[0].exact == "" {
			all = append(all, folded+`"`+strings.Join(words, " ")+`"`)
		}
	}
	for _, filter := range filters {
		all = append(all, `filter : "`+filter+`"`)
	}
	return strings.Join(all, " AND ")
}
