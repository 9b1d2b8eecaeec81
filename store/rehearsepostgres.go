package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pressly/goose/v3"
)

// rehearsalEnding ends the name of the schema in which a rehearsal is done.
const rehearsalEnding = "_rehearsal"

// RehearsePostgres is Rehearse for records in PostgreSQL. The copy is a schema of the same database, filled within the server, for
// which the account must be allowed to make schemas, and the server's disk must have room. It may run beside a server.
func RehearsePostgres(ctx context.Context, o Options) (steps []string, err error) {
	m, err := o.migrations()
	if err != nil {
		return nil, err
	}
	db, err := (&Store{address: o.Database}).unlimited()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	r := rehearsal{migrations: m, db: db, options: o}
	if r.current, err = schemaOf(ctx, db, true); err != nil {
		return nil, fmt.Errorf("rehearse: %w", err)
	}
	pending, err := m.after(r.current)
	if err != nil || len(pending) == 0 {
		return nil, err
	}
	if err := r.run(ctx); err != nil {
		return nil, fmt.Errorf("rehearse: %w; the database is as it was", err)
	}
	for _, s := range pending {
		steps = append(steps, s.name)
	}
	return steps, nil
}

// rehearsal is one under way.
type rehearsal struct {
	migrations
	options Options
	db      *sql.DB
	current int64
	place   restoring // its schema, made and removed as a restore's is
}

func (r *rehearsal) run(ctx context.Context) (err error) {
	r.place = restoring{options: r.options, db: r.db}
	if err := r.place.makeSchema(ctx, rehearsalEnding); err != nil {
		return mayNotCreate(err)
	}
	defer func() { err = errors.Join(err, r.place.drop(ctx)) }()
	there, err := (&Store{address: inSchema(r.options.Database, r.place.making)}).unlimited()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, there.Close()) }()
	if err := r.reach(ctx, there); err != nil {
		return err
	}
	if err := r.copy(ctx); err != nil {
		return err
	}
	return r.up(ctx, there, r.current, r.options.progress())
}

// reach brings an empty schema to where the records are.
func (r *rehearsal) reach(ctx context.Context, db *sql.DB) error {
	provider, err := goose.NewProvider(r.dialect, db, r.files)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	steps, err := r.after(0)
	if err != nil {
		return err
	}
	for _, step := range steps {
		if step.number > r.current {
			break
		}
		if _, err := provider.ApplyVersion(ctx, step.number, true); err != nil {
			return fmt.Errorf("migration %s: %w", step.name, err)
		}
	}
	return nil
}

// copy fills the copy with all rows as they are at one moment.
func (r *rehearsal) copy(ctx context.Context) (err error) {
	tables, err := r.tables(ctx)
	if err != nil {
		return err
	}
	tx, err := r.db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead})
	if err != nil {
		return unavailable(err)
	}
	defer func() { err = errors.Join(err, rollback(tx)) }()
	for i := len(tables) - 1; i >= 0; i-- { // what the migrations have put in
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+r.copied(tables[i])); err != nil {
			return fmt.Errorf("table %s: %w", tables[i].name, unavailable(err))
		}
	}
	for i, t := range tables {
		r.options.progress()(fmt.Sprintf("Copying %s (%d of %d)", t.name, i+1, len(tables)), 0, 0)
		to, names := r.copied(t), quoted(t.names())
		for _, query := range []string{
			`ALTER TABLE ` + to + ` DISABLE TRIGGER USER`,
			`INSERT INTO ` + to + ` (` + names + `) SELECT ` + names + ` FROM ` + quoted([]string{t.name}),
			`ALTER TABLE ` + to + ` ENABLE TRIGGER USER`,
			`ANALYZE ` + to,
			r.numbering(t),
		} {
			if _, err := tx.ExecContext(ctx, query); err != nil {
				return fmt.Errorf("table %s: %w", t.name, unavailable(err))
			}
		}
	}
	return unavailable(tx.Commit())
}

// numbering lets the copy go on numbering a table's rows after those that are there, should a migration add some.
func (r *rehearsal) numbering(t movedTable) string {
	if !t.counted {
		return `SELECT 1`
	}
	return `SELECT setval(pg_get_serial_sequence('` + strings.ReplaceAll(r.copied(t), "'", "''") + `', 'id'), MAX(id)) FROM ` + r.copied(t)
}

// copied is the name of a table of the copy.
func (r *rehearsal) copied(t movedTable) string {
	return quoted([]string{r.place.making}) + "." + quoted([]string{t.name})
}

// tables are all tables of the copy but the one that notes the migrations, in an order in which each comes after those that it refers to.
func (r *rehearsal) tables(ctx context.Context) (list []movedTable, err error) {
	names, err := queryAll(ctx, r.db, value[string], `SELECT CAST(relname AS TEXT) FROM pg_class
		WHERE relkind = 'r' AND relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1) ORDER BY 1`, r.place.making)
	if err != nil {
		return nil, err
	}
	here := end{conn: r.db, postgres: true}
	for _, name := range slices.DeleteFunc(names, func(name string) bool { return name == "goose_db_version" }) {
		t := movedTable{name: name}
		if err := here.columnsOf(ctx, &t); err != nil {
			return nil, fmt.Errorf("table %s: %w", name, err)
		}
		list = append(list, t)
	}
	return referred(list, map[string]bool{})
}
