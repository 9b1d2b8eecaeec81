package store

import (
	"cmp"
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/pressly/goose/v3"

	"congso/store/model"
)

//go:embed migrations
var embedded embed.FS

// migrations are the numbered steps of one kind of database, from the empty one to this program's schema. They only go forward.
type migrations struct {
	dialect goose.Dialect
	files   fs.FS
}

// migrations are those of this store's kind of database.
func (o Options) migrations() (m migrations, err error) {
	m = migrations{goose.DialectSQLite3, o.steps}
	folder := "migrations/sqlite"
	if isPostgres(o.Database) {
		m.dialect, folder = goose.DialectPostgres, "migrations/postgres"
	}
	if m.files == nil {
		m.files, err = fs.Sub(embedded, folder)
	}
	return m, err
}

// step is one migration.
type step struct {
	number int64
	name   string
}

// after are the steps beyond the one with that number, in order.
func (m migrations) after(number int64) (steps []step, err error) {
	names, err := fs.Glob(m.files, "*.sql")
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	for _, name := range names { // sorted, and the numbers are padded
		n, err := goose.NumericComponent(name)
		if err != nil {
			return nil, fmt.Errorf("migrations: %w", err)
		}
		if n > number {
			steps = append(steps, step{n, strings.TrimSuffix(name, ".sql")})
		}
	}
	return steps, nil
}

// up brings db from the schema with that number to this program's, each step in a transaction of its own.
func (m migrations) up(ctx context.Context, db *sql.DB, from int64, progress Progress) error {
	steps, err := m.after(from)
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(m.dialect, db, m.files)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	for i, step := range steps {
		progress(fmt.Sprintf("Migration %s (%d of %d)", step.name, i+1, len(steps)), 0, 0)
		if _, err := provider.ApplyVersion(ctx, step.number, true); err != nil && !errors.Is(err, goose.ErrAlreadyApplied) {
			return fmt.Errorf("migration %s: %w", step.name, err)
		}
	}
	return nil
}

// schemaOf is the number of the newest migration that a database has had, 0 for an empty one.
func schemaOf(ctx context.Context, q querier, postgres bool) (int64, error) {
	there := `SELECT count(*) FROM sqlite_master WHERE name = 'goose_db_version'`
	if postgres {
		there = `SELECT count(*) FROM pg_class WHERE oid = to_regclass('goose_db_version')`
	}
	n, err := queryOne(ctx, q, value[int64], there)
	if err == nil && n > 0 {
		n, err = queryOne(ctx, q, value[int64], `SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied = TRUE`)
	}
	if err != nil {
		return 0, fmt.Errorf("schema: %w", err)
	}
	return n, nil
}

// migrate brings the schema up to this program's. A database of another program that is newer, or beside a running server an older one, is
// an error.
func (s *Store) migrate(ctx context.Context, o Options, db *sql.DB) error {
	m, err := o.migrations()
	if err != nil {
		return err
	}
	target, err := m.newest()
	if err != nil {
		return err
	}
	s.schema = target
	current, err := schemaOf(ctx, s.write, s.postgres)
	switch {
	case err != nil:
		return err
	case current > target:
		return s.tooNew(ctx, current, target, o.Program)
	case current == target:
		return nil
	case o.Beside:
		return fmt.Errorf("the running server's database has schema %d, this program wants %d: restart the server with this program first", current, target)
	case s.postgres:
		s.log.Info("migrating the database", "from", current, "to", target)
		return migratePostgres(ctx, db, m, current, o.progress())
	case current == 0: // nothing to lose yet
		return m.up(ctx, s.write, 0, o.progress())
	}
	return s.upgrade(ctx, o, m, current)
}

func (s *Store) tooNew(ctx context.Context, current, target int64, program string) error {
	by, err := programOf(ctx, s.write)
	if err != nil {
		return err
	}
	if program != "" {
		program = ", congso " + program + ","
	}
	back := "'congso rollback'"
	if s.postgres {
		back = "'congso restore' of the backup made before the upgrade"
	}
	return fmt.Errorf("the database has schema %d and was last served by congso %s; this program%s knows only schema %d: use the newer program, or go back with %s",
		current, cmp.Or(by, "of a newer version"), program, target, back)
}

// migratePostgres runs the steps on a connection without time limits, and then has PostgreSQL look at the tables: by itself it does so within
// a minute, and plans until then what it would not otherwise.
func migratePostgres(ctx context.Context, db *sql.DB, m migrations, current int64, progress Progress) error {
	_, err := schemaName(ctx, db)
	if err == nil && current == 0 { // nothing to lose yet
		return makeTables(ctx, db, m, progress)
	}
	if err == nil {
		err = m.up(ctx, db, current, progress)
	}
	if err != nil {
		return fmt.Errorf("%w; that step is undone, those before it hold: start again once its cause is mended, or go back with the program as it was and "+
			"'congso restore' of the backup made before the upgrade", unavailable(err))
	}
	if _, err := db.ExecContext(ctx, `ANALYZE`); err != nil { // on a large database it takes longer than a short call may
		return fmt.Errorf("analyze: %w", err)
	}
	return nil
}

// schemaName is the schema of PostgreSQL in which the records are, or are to be.
func schemaName(ctx context.Context, db *sql.DB) (string, error) {
	name, err := queryOne(ctx, db, value[string], `SELECT COALESCE(current_schema(), '')`)
	if err == nil && name == "" {
		err = errors.New("the database has no schema for the records: none of its search_path is there")
	}
	return name, err
}

// makeTables gives a new database its tables. In an encoding but UTF-8 it would keep Vietnamese texts as other letters.
func makeTables(ctx context.Context, db *sql.DB, m migrations, progress Progress) error {
	encoding, err := queryOne(ctx, db, value[string], `SHOW server_encoding`)
	if err != nil {
		return fmt.Errorf("encoding: %w", err)
	}
	if encoding != "UTF8" {
		return fmt.Errorf("the database's encoding is %s, which cannot keep Vietnamese texts: make one with ENCODING 'UTF8' TEMPLATE template0", encoding)
	}
	err = m.up(ctx, db, 0, progress)
	var refused *pgconn.PgError
	if !errors.As(err, &refused) {
		return err
	}
	switch refused.Code {
	case "42501":
		return fmt.Errorf("the account may make no tables here (%s): make it the owner of the database, with ALTER DATABASE … OWNER TO …", refused.Message)
	case "42P07":
		return fmt.Errorf("the database has tables of another program (%s): name an empty one, made with createdb", refused.Message)
	}
	return err
}

// upgrade closes the database, upgrades its file and opens it again.
func (s *Store) upgrade(ctx context.Context, o Options, m migrations, current int64) error {
	if err := errors.Join(s.read.Close(), s.write.Close()); err != nil {
		return fmt.Errorf("database: %w", err)
	}
	s.read, s.write, s.from = nil, nil, nil
	u := upgrade{dir: o.Dir, path: filepath.Join(o.Dir, databaseName), from: current, migrations: m, progress: o.progress(), now: s.Now(), log: s.log}
	if err := u.run(ctx); err != nil {
		return err
	}
	return s.openSQLite(ctx, u.path, false)
}

func (o Options) progress() Progress {
	if o.Progress == nil {
		return func(string, int64, int64) {}
	}
	return o.Progress
}

// programOf is the program that last served the database, "" when none has said so.
func programOf(ctx context.Context, q querier) (string, error) {
	name, err := queryOne(ctx, q, value[string], `SELECT value FROM setting WHERE name = 'program'`)
	if errors.Is(err, model.ErrNotFound) {
		return "", nil
	}
	return name, err
}

// NoteProgram writes down which program serves the records from now on: a rollback and an older program name it.
func (s *Store) NoteProgram(ctx context.Context, program string) error {
	before, err := programOf(ctx, s.write)
	if err == nil && before != program {
		err = s.tx(ctx, func(tx *sql.Tx) error {
			return exec(ctx, tx, `INSERT INTO setting (name, value) VALUES ('program', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, program)
		})
	}
	if err != nil {
		return fmt.Errorf("program: %w", unavailable(err))
	}
	s.program.Store(&program)
	return nil
}

// Schema is how a database stands to this program.
type Schema struct {
	Current int64    // the newest migration that the database has had, 0 for an empty one
	Target  int64    // the newest that this program knows
	Pending []string // those between, in order
	Program string   // that last served the database, "" when it does not say
}

// ReadSchema looks at the database that o names, beside a server or not, and changes nothing.
func ReadSchema(ctx context.Context, o Options) (schema Schema, err error) {
	m, err := o.migrations()
	if err != nil {
		return schema, err
	}
	s := Store{Reader: Reader{postgres: isPostgres(o.Database)}}
	if s.postgres {
		err = s.openPostgres(ctx, o.Database)
	} else {
		err = s.openReadOnly(ctx, filepath.Join(o.Dir, databaseName))
	}
	if err != nil {
		return schema, asDamage(err)
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if schema.Target, err = m.newest(); err != nil {
		return schema, err
	}
	if schema.Current, err = schemaOf(ctx, s.read, s.postgres); err != nil {
		return schema, err
	}
	steps, err := m.after(schema.Current)
	if err != nil {
		return schema, err
	}
	for _, step := range steps {
		schema.Pending = append(schema.Pending, step.name)
	}
	if schema.Current > 0 {
		schema.Program, err = programOf(ctx, s.read)
	}
	return schema, err
}

// newestSchema is the number of the last migration that this program knows for SQLite.
func newestSchema() (newest int64, err error) {
	m, err := Options{}.migrations()
	if err != nil {
		return 0, err
	}
	return m.newest()
}

func (m migrations) newest() (int64, error) {
	steps, err := m.after(0)
	if err != nil || len(steps) == 0 {
		return 0, err
	}
	return steps[len(steps)-1].number, nil
}
