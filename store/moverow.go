package store

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Names of settings that belong to a database and not to its records.
const (
	movingSetting = "moving"       // a move into it has not ended, as moveState
	staleSearch   = "search_stale" // the search index is being made, as the last id that is in it
)

// rowReader reads the rows of a table.
type rowReader struct {
	table  *movedTable
	rows   *sql.Rows
	values []any
	into   []any
}

// read begins to read a table: in the order of its key, after one when that is not nil, or in any order.
func (e end) read(ctx context.Context, t *movedTable, ordered bool, after []any) (*rowReader, error) {
	query := "SELECT " + quoted(t.names()) + ` FROM "` + t.name + `" WHERE ` + t.moved()
	if after != nil {
		query += " AND (" + e.keyOf(t) + ") > (" + placeholders(1, len(after)) + ")"
	}
	if ordered {
		query += " ORDER BY " + e.keyOf(t)
	}
	rows, err := e.conn.QueryContext(ctx, query, after...)
	if err != nil {
		return nil, fmt.Errorf("table %s: %w", t.name, unavailable(err))
	}
	r := &rowReader{table: t, rows: rows, values: make([]any, len(t.columns)), into: make([]any, len(t.columns))}
	for i := range r.values {
		r.into[i] = &r.values[i]
	}
	return r, nil
}

// moved is the condition of rows that are records.
func (t *movedTable) moved() string {
	if t.name == "setting" {
		return "name NOT IN ('" + movingSetting + "', '" + staleSearch + "')"
	}
	return "1 = 1"
}

// keyOf are the columns of the key, with texts in the order of their bytes on both kinds of database.
func (e end) keyOf(t *movedTable) string {
	parts := make([]string, len(t.key))
	for i, k := range t.key {
		c := t.columns[k]
		parts[i] = `"` + c.name + `"`
		if e.postgres && c.kind == texts {
			parts[i] += ` COLLATE "C"`
		}
	}
	return strings.Join(parts, ", ")
}

// next returns the next row, good until the one after it, or io.EOF.
func (r *rowReader) next() ([]any, error) {
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return nil, fmt.Errorf("table %s: %w", r.table.name, unavailable(err))
		}
		return nil, io.EOF
	}
	if err := r.rows.Scan(r.into...); err != nil {
		return nil, fmt.Errorf("table %s: %w", r.table.name, err)
	}
	for i, c := range r.table.columns {
		v, err := c.value(r.values[i])
		if err != nil {
			return nil, fmt.Errorf("table %s, row %s, column %s: %w", r.table.name, keyText(r.table.keyIn(r.values)), c.name, err)
		}
		r.values[i] = v
	}
	return r.values, nil
}

// value is a value as both kinds of database take it; what one of them would not take is an error.
func (c movedColumn) value(v any) (any, error) {
	switch v := v.(type) {
	case nil:
		return v, nil
	case int64:
		switch {
		case c.kind == booleans && (v == 0 || v == 1):
			return v == 1, nil
		case c.kind == integers && (c.bits == 64 || v >= math.MinInt32 && v <= math.MaxInt32):
			return v, nil
		}
	case bool:
		if c.kind == booleans {
			return v, nil
		}
	case float64:
		if c.kind == reals {
			return v, nil
		}
	case string:
		if c.kind == texts {
			return v, textFault(v)
		}
	case []byte:
		if c.kind == blobs {
			return bytes.Clone(v), nil
		}
	}
	return nil, fmt.Errorf("%T is no %s that PostgreSQL takes there", v, c.kind)
}

// textFault says why PostgreSQL does not take a text.
func textFault(s string) error {
	if strings.IndexByte(s, 0) >= 0 {
		return fmt.Errorf("a text with a zero byte, which PostgreSQL does not take")
	}
	if !utf8.ValidString(s) {
		return fmt.Errorf("a text that is not UTF-8, which PostgreSQL does not take")
	}
	return nil
}

// keyIn is a copy of a row's key.
func (t *movedTable) keyIn(row []any) []any {
	key := make([]any, len(t.key))
	for i, k := range t.key {
		key[i] = row[k]
	}
	return key
}

// keyText is a key for people.
func keyText(key []any) string {
	parts := make([]string, len(key))
	for i, v := range key {
		parts[i] = fmt.Sprint(v)
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

// packKey and unpackKey write a key as texts, and read it again.
func packKey(key []any) []string {
	packed := make([]string, len(key))
	for i, v := range key {
		packed[i] = fmt.Sprint(v)
	}
	return packed
}

func (t *movedTable) unpackKey(packed []string) (key []any, err error) {
	if len(packed) != len(t.key) {
		return nil, fmt.Errorf("table %s has a key of %d columns, not %d", t.name, len(t.key), len(packed))
	}
	for i, text := range packed {
		if t.columns[t.key[i]].kind != integers {
			key = append(key, text)
			continue
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("table %s: %w", t.name, err)
		}
		key = append(key, n)
	}
	return key, nil
}

// compareKeys is negative when a comes before b, in the order of read.
func compareKeys(a, b []any) int {
	for i := range a {
		n := 0
		switch a := a[i].(type) {
		case int64:
			n = cmp.Compare(a, b[i].(int64))
		case string:
			n = strings.Compare(a, b[i].(string))
		}
		if n != 0 {
			return n
		}
	}
	return 0
}

// tableSum is how many rows a table has, and the sum of their hashes, which does not depend on their order.
type tableSum struct {
	Rows int64
	Sum  [4]uint64
}

// rowHash hashes rows, whatever database they come from.
type rowHash struct{ text []byte }

// of is the hash of a row: of the values of its columns, in the order of their names, each with its kind and length before it.
func (h *rowHash) of(row []any) [sha256.Size]byte {
	h.text = h.text[:0]
	for _, v := range row {
		switch v := v.(type) {
		case nil:
			h.text = append(h.text, 'n')
		case bool:
			h.text = append(h.text, 'b', map[bool]byte{true: 1}[v])
		case int64:
			h.text = binary.BigEndian.AppendUint64(append(h.text, 'i'), uint64(v))
		case float64:
			h.text = binary.BigEndian.AppendUint64(append(h.text, 'f'), math.Float64bits(v))
		case string:
			h.text = append(binary.BigEndian.AppendUint64(append(h.text, 't'), uint64(len(v))), v...)
		case []byte:
			h.text = append(binary.BigEndian.AppendUint64(append(h.text, 'x'), uint64(len(v))), v...)
		}
	}
	return sha256.Sum256(h.text)
}

func (s *tableSum) add(h [sha256.Size]byte) {
	s.Rows++
	for i := range s.Sum {
		s.Sum[i] += binary.BigEndian.Uint64(h[8*i:])
	}
}

// rowBytes is about how much room a row takes.
func rowBytes(row []any) (n int) {
	for _, v := range row {
		switch v := v.(type) {
		case string:
			n += len(v)
		case []byte:
			n += len(v)
		}
		n += 16
	}
	return n
}
