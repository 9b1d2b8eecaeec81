package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// leftOut are the tables that a move does not take along, each with why.
func leftOut() map[string]string {
	return map[string]string{
		"goose_db_version": "each database has had its own migrations",
		"session":          "everybody logs in again",
		"editing":          "who has a form open now",
		"lease":            "which program does what now",
		"copy":             "which programs serve the records now",
		"change_count":     "each database counts its own changes",
		"listing":          "made by triggers of news, their tags, and meetings",
		"listing_part":     "made by triggers of listing",
		"search_doc":       "the search index is made anew, since each database has its own",
		"search_index":     "the search index is made anew, since each database has its own",
		"search_block":     "the search index is made anew, since each database has its own",
	}
}

// moveFirst are tables that others need to be there, though no reference says so.
func moveFirst() map[string][]string {
	return map[string][]string{"meeting": {"meeting_kind"}} // by whose ids the trigger of meetings numbers its lists
}

// columnKind is what values of a column are, on both kinds of database.
type columnKind string

const (
	integers columnKind = "integer"
	booleans columnKind = "boolean"
	texts    columnKind = "text"
	blobs    columnKind = "bytes"
	reals    columnKind = "real"
)

type movedColumn struct {
	name string
	kind columnKind
	bits int // of an integer
}

// movedTable is a table as moves see it.
type movedTable struct {
	name    string
	columns []movedColumn // by name
	key     []int         // the primary key's among them
	refs    []string      // tables that it refers to, maybe itself
	counted bool          // the database numbers its rows, never giving a number twice
}

// end is one of the two databases of a move, on one connection.
type end struct {
	conn     querier
	postgres bool
}

// kindOf is the kind of a declared type, and the bits of an integer.
func kindOf(declared string) (columnKind, int, error) {
	switch strings.ToUpper(declared) {
	case "INTEGER", "INT":
		return integers, 32, nil
	case "BIGINT":
		return integers, 64, nil
	case "BOOLEAN":
		return booleans, 0, nil
	case "TEXT":
		return texts, 0, nil
	case "BYTEA", "BLOB":
		return blobs, 0, nil
	case "DOUBLE PRECISION", "REAL":
		return reals, 0, nil
	}
	return "", 0, fmt.Errorf("values of type %q cannot be moved", declared)
}

// sqliteTables are the tables that this program has in a database, without SQLite's own and those of the full-text index. Those of SQLite are
// the list, since a schema of PostgreSQL may hold tables of others.
func (e end) sqliteTables(ctx context.Context) ([]string, error) {
	return queryAll(ctx, e.conn, value[string], `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY name`)
}

// movedTables describes those of the named tables that are moved.
func (e end) movedTables(ctx context.Context, names []string) (list []movedTable, err error) {
	for _, name := range names {
		if _, out := leftOut()[name]; out {
			continue
		}
		t := movedTable{name: name}
		if e.postgres {
			err = e.describePostgres(ctx, &t)
		} else {
			err = e.describeSQLite(ctx, &t)
		}
		if err == nil && len(t.key) == 0 {
			err = fmt.Errorf("it has no primary key, or is not there")
		}
		if err != nil {
			return nil, fmt.Errorf("table %s: %w", name, err)
		}
		list = append(list, t)
	}
	return list, nil
}

func (e end) describeSQLite(ctx context.Context, t *movedTable) error {
	type found struct {
		name, declared string
		key            int
	}
	all, err := queryAll(ctx, e.conn, func(row scanner) (f found, err error) {
		err = row.Scan(&f.name, &f.declared, &f.key)
		return f, err
	}, `SELECT name, type, pk FROM pragma_table_info($1) ORDER BY name`, t.name)
	if err != nil {
		return err
	}
	keys := map[int]int{}
	for i, f := range all {
		kind, bits, err := kindOf(f.declared)
		if err != nil {
			return fmt.Errorf("column %s: %w", f.name, err)
		}
		t.columns = append(t.columns, movedColumn{f.name, kind, bits})
		if f.key > 0 {
			keys[f.key] = i
		}
	}
	for i := range len(keys) {
		t.key = append(t.key, keys[i+1])
	}
	if t.refs, err = queryAll(ctx, e.conn, value[string], `SELECT DISTINCT "table" FROM pragma_foreign_key_list($1) ORDER BY 1`, t.name); err != nil {
		return err
	}
	t.counted, err = queryOne(ctx, e.conn, value[bool], `SELECT sql LIKE '%AUTOINCREMENT%' FROM sqlite_master WHERE type = 'table' AND name = $1`, t.name)
	return err
}

func (e end) describePostgres(ctx context.Context, t *movedTable) error {
	type found struct {
		name, declared string
		counted        bool
	}
	all, err := queryAll(ctx, e.conn, func(row scanner) (f found, err error) {
		err = row.Scan(&f.name, &f.declared, &f.counted)
		return f, err
	}, `SELECT attname, format_type(atttypid, atttypmod), attidentity <> '' FROM pg_attribute
		WHERE attrelid = to_regclass(quote_ident($1)) AND attnum > 0 AND NOT attisdropped ORDER BY attname COLLATE "C"`, t.name)
	if err != nil {
		return err
	}
	for _, f := range all {
		kind, bits, err := kindOf(f.declared)
		if err != nil {
			return fmt.Errorf("column %s: %w", f.name, err)
		}
		t.columns = append(t.columns, movedColumn{f.name, kind, bits})
		t.counted = t.counted || f.counted
	}
	key, err := queryAll(ctx, e.conn, value[string], `SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
		WHERE i.indrelid = to_regclass(quote_ident($1)) AND i.indisprimary ORDER BY array_position(CAST(i.indkey AS int2[]), a.attnum)`, t.name)
	if err != nil {
		return err
	}
	for _, name := range key {
		t.key = append(t.key, slices.IndexFunc(t.columns, func(c movedColumn) bool { return c.name == name }))
	}
	return e.refsOf(ctx, t)
}

// columnsOf names the columns of a table in PostgreSQL, whatever values they have, and the tables that it refers to, and says whether its rows are
// numbered.
func (e end) columnsOf(ctx context.Context, t *movedTable) error {
	names, err := queryAll(ctx, e.conn, value[string], `SELECT CAST(attname AS TEXT) FROM pg_attribute
		WHERE attrelid = to_regclass(quote_ident($1)) AND attnum > 0 AND NOT attisdropped ORDER BY attnum`, t.name)
	if err != nil {
		return err
	}
	for _, name := range names {
		t.columns = append(t.columns, movedColumn{name: name})
	}
	t.counted, err = queryOne(ctx, e.conn, value[bool], `SELECT EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass(quote_ident($1)) AND attidentity <> '')`, t.name)
	if err != nil {
		return err
	}
	return e.refsOf(ctx, t)
}

func (e end) refsOf(ctx context.Context, t *movedTable) (err error) {
	t.refs, err = queryAll(ctx, e.conn, value[string], `SELECT DISTINCT r.relname FROM pg_constraint c JOIN pg_class r ON r.oid = c.confrelid
		WHERE c.conrelid = to_regclass(quote_ident($1)) AND c.contype = 'f' ORDER BY 1`, t.name)
	return err
}

// sameTables holds that both kinds have the same tables, with the same columns and keys, and returns those of PostgreSQL, whose columns take less,
// in an order in which each comes after those that it refers to.
func sameTables(sqlite, postgres []movedTable) ([]movedTable, error) {
	for i, t := range postgres {
		f := sqlite[i]
		same := len(f.columns) == len(t.columns) && slices.Equal(f.key, t.key) && f.counted == t.counted
		for c := range f.columns {
			same = same && f.columns[c].name == t.columns[c].name && f.columns[c].kind == t.columns[c].kind
		}
		if !same {
			return nil, fmt.Errorf("table %s is not the same in both databases", t.name)
		}
	}
	there := map[string]bool{}
	for name := range leftOut() {
		there[name] = true
	}
	return referred(postgres, there)
}

// referred puts tables after those that they refer to, of which those in there are no matter.
func referred(list []movedTable, there map[string]bool) (order []movedTable, err error) {
	for len(order) < len(list) {
		before := len(order)
		for _, t := range list {
			ready := !there[t.name]
			for _, name := range slices.Concat(t.refs, moveFirst()[t.name]) {
				ready = ready && (there[name] || name == t.name)
			}
			if ready {
				order, there[t.name] = append(order, t), true
			}
		}
		if len(order) == before {
			return nil, fmt.Errorf("tables refer to each other in a circle")
		}
	}
	return order, nil
}

// whole reports whether the table must be written in one statement: its rows refer to each other in any order.
func (t *movedTable) whole() bool { return slices.Contains(t.refs, t.name) }

// names are those of the columns.
func (t *movedTable) names() []string {
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = c.name
	}
	return names
}

// quoted is a list of names for a query.
func quoted(names []string) string { return `"` + strings.Join(names, `", "`) + `"` }
