package store

import (
	"context"
	"database/sql"
	"fmt"
)

// mergePages is how many pages of the index are merged in one transaction: some milliseconds, in which nobody else writes.
const mergePages = 250

// MergeSearch puts together what the search index keeps apart for each time that it was written to: a search looks into each of these pieces.
// It does so in short transactions, until there is nothing left to gain or ctx ends. Nothing but the time of a search changes.
func (s *Store) MergeSearch(ctx context.Context) error {
	for more := true; more && ctx.Err() == nil; {
		err := s.tx(ctx, func(tx *sql.Tx) (err error) {
			more, err = s.mergeSome(ctx, tx)
			return err
		})
		if err != nil {
			return fmt.Errorf("merge the search index: %w", err)
		}
	}
	return ctx.Err()
}

// mergeSome reports whether there was anything to merge. SQLite tells by the rows that it changed, of which the command itself is one.
func (s *Store) mergeSome(ctx context.Context, tx *sql.Tx) (more bool, err error) {
	if s.postgres {
		_, err = queryOne(ctx, tx, value[int64], `SELECT gin_clean_pending_list('search_index_words')`)
		return false, err
	}
	before, err := queryOne(ctx, tx, value[int64], `SELECT total_changes()`)
	if err != nil {
		return false, err
	}
	if err := exec(ctx, tx, `INSERT INTO search_index (search_index, rank) VALUES ('merge', $1)`, mergePages); err != nil {
		return false, err
	}
	after, err := queryOne(ctx, tx, value[int64], `SELECT total_changes()`)
	return after-before >= 2, err
}
