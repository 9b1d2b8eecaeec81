package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"congso/store/model"
)

// restoringEnding ends the name of the schema in which a restore makes the records, until they take the place of the others.
const restoringEnding = "_restoring"

// swapWait is how long a restore waits for those who still read the old records.
const swapWait = "60s"

// RestorePostgres is Restore for records in the PostgreSQL database o.Database, with o.Dir as the data folder, whose lock the caller holds. Records
// are made in a schema of their own and compared with the archive; then they take the place of those that are there, which go into
// a schema beside, in one transaction: whatever happens before that leaves them as they were. Files are added to media, and none is
// taken away; articles and the journal of views are swapped last. Ended in between, it is to be run again. ErrServed says that somebody serves the records.
func RestorePostgres(ctx context.Context, o Options, file string, at time.Time) (r Restored, err error) {
	lock, err := takeRecords(ctx, o.Database)
	if err != nil {
		return r, fmt.Errorf("restore: %w", err)
	}
	defer func() { err = errors.Join(err, lock.release()) }()
	if err := FinishRestore(o.Dir); err != nil {
		return r, err
	}
	p := restoring{options: o, moment: at.In(model.Zone()).Format(backupTime)}
	p.stage = filepath.Join(o.Dir, stagePrefix+p.moment+partEnding)
	if err := os.Mkdir(p.stage, 0o700); err != nil {
		return r, fmt.Errorf("restore: %w", diskFull(err))
	}
	if err := p.run(ctx, file); err != nil {
		return r, fmt.Errorf("restore %s: %w", file, diskFull(err))
	}
	return p.done, nil
}

// restoring is a restore into PostgreSQL under way.
type restoring struct {
	options Options
	moment  string
	stage   string // a folder
	done    Restored
	files   swapping // of the data folder
	empty   bool     // nothing is there yet, so that files may take their place before the records do

	db             *sql.DB
	schema, making string // of PostgreSQL: where the records are, and where they are made
}

func (p *restoring) run(ctx context.Context, file string) error {
	err := p.records(ctx, file)
	if err == nil {
		err = p.swapFiles()
	}
	swapping, unknown := Restoring(p.options.Dir)
	if swapping || unknown != nil { // what was extracted is still to take its place
		return errors.Join(err, unknown)
	}
	return errors.Join(err, os.RemoveAll(p.stage))
}

// records puts the archive's records and media where they belong, and makes sure that its articles can follow.
func (p *restoring) records(ctx context.Context, file string) (err error) {
	a, err := checkInto(ctx, file, p.options.Progress, func(name string) string { return filepath.Join(p.stage, filepath.FromSlash(name)) })
	if err != nil {
		return err
	}
	p.done.Manifest = a.manifest
	if err := p.renew(ctx); err != nil {
		return err
	}
	return p.place(ctx)
}

// place puts what is in the stage in the place of what is there.
func (p *restoring) place(ctx context.Context) (err error) {
	if p.db, err = (&Store{address: p.options.Database}).unlimited(); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.db.Close()) }()
	if err := p.makeSchema(ctx, restoringEnding); err != nil {
		return mayNotCreate(err)
	}
	err = p.fill(ctx)
	if err == nil {
		err = p.addMedia(ctx)
	}
	if err == nil {
		err = p.planFiles()
	}
	if err == nil && p.empty {
		err = p.beginFiles()
	}
	if err == nil {
		err = p.swap(ctx)
	}
	if err != nil {
		return errors.Join(err, removeAll(filepath.Join(p.options.Dir, journalName)), p.drop(ctx))
	}
	return nil
}

// beginFiles notes on the disk what swapFiles is to do. Whoever gets the data folder next does it when the program is killed after that: it cannot be run
// again once there are records.
func (p *restoring) beginFiles() error {
	if len(p.files.Old)+len(p.files.New) == 0 {
		return nil
	}
	return p.files.begin(p.options.Dir)
}

// renew brings the archive's database up to this program's schema.
func (p *restoring) renew(ctx context.Context) error {
	m, err := Options{}.migrations()
	if err != nil {
		return err
	}
	newest, err := m.newest()
	if err != nil || p.done.Schema == newest {
		return err
	}
	u := upgrade{migrations: m, from: p.done.Schema, progress: p.options.progress()}
	return u.migrateFile(ctx, filepath.Join(p.stage, databaseName))
}

// makeSchema makes the schema for the new records, in the place of one that an earlier command has left.
func (p *restoring) makeSchema(ctx context.Context, ending string) (err error) {
	if p.schema, err = schemaName(ctx, p.db); err != nil {
		return err
	}
	p.making = beginning63(p.schema, ending)
	if err := p.drop(ctx); err != nil {
		return err
	}
	return exec(ctx, p.db, `CREATE SCHEMA `+quoted([]string{p.making}))
}

// beginning63 is a name with that ending, of at most the 63 bytes that PostgreSQL gives to names.
func beginning63(name, ending string) string {
	return strings.ToValidUTF8(name[:min(len(name), 63-len(ending))], "") + ending
}

func (p *restoring) drop(ctx context.Context) error {
	_, err := p.db.ExecContext(context.WithoutCancel(ctx), `DROP SCHEMA IF EXISTS `+quoted([]string{p.making})+` CASCADE`)
	return unavailable(err)
}

// mayNotCreate says what to do when the account may not make schemas.
func mayNotCreate(err error) error {
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refused.Code == "42501" {
		return fmt.Errorf("%w: the records are made in a schema of their own, which the account must be allowed to make: GRANT CREATE ON DATABASE … TO …", err)
	}
	return err
}

// fill makes the records.
func (p *restoring) fill(ctx context.Context) error {
	there := p.options
	there.taken = true
	there.Database = inSchema(p.options.Database, p.making)
	m := recordsMove{options: there}
	from := there
	from.Dir, from.Database = p.stage, ""
	return m.run(ctx, from)
}

// addMedia puts the archive's files into the media folder. They go by their content, so that one that is there is the same, and one too many does
// no harm. Into a folder that is a disk of its own they are copied.
func (p *restoring) addMedia(ctx context.Context) error {
	stage, media := filepath.Join(p.stage, mediaName), filepath.Join(p.options.Dir, mediaName)
	folders, err := os.ReadDir(stage)
	if errors.Is(err, fs.ErrNotExist) { // an archive without media
		return nil
	}
	if err == nil {
		err = os.MkdirAll(media, 0o700)
	}
	if err == nil {
		err = ownAs(p.options.Dir, media)
	}
	if err != nil {
		return err
	}
	if renamable(p.options.Dir, mediaName) != nil {
		done, err := CopyMedia(ctx, Media{Place: stage}, Media{}, p.options.Dir, p.options.Progress)
		if err == nil && len(done.Damaged) > 0 {
			err = fmt.Errorf("copy media: %d files are not what they were", len(done.Damaged))
		}
		return err
	}
	for _, folder := range folders {
		if err := p.addFolder(filepath.Join(stage, folder.Name()), filepath.Join(media, folder.Name())); err != nil {
			return err
		}
	}
	return syncFolder(media)
}

// addFolder renames all files of a folder.
func (p *restoring) addFolder(from, to string) error {
	if err := os.MkdirAll(to, 0o700); err != nil {
		return err
	}
	files, err := os.ReadDir(from)
	if err == nil {
		err = ownAs(p.options.Dir, to)
	}
	for _, file := range files {
		if err == nil {
			err = ownAs(p.options.Dir, filepath.Join(from, file.Name()))
		}
		if err == nil {
			err = os.Rename(filepath.Join(from, file.Name()), filepath.Join(to, file.Name()))
		}
	}
	if err != nil {
		return err
	}
	return syncFolder(to)
}

// swap puts the records that are there into a schema beside, and the new ones into their place, all or nothing.
func (p *restoring) swap(ctx context.Context) error {
	kept, err := p.keptSchema(ctx)
	if err != nil {
		return err
	}
	old, err := p.objects(ctx, p.schema)
	if err != nil {
		return err
	}
	made, err := p.objects(ctx, p.making)
	if err != nil {
		return err
	}
	if old, err = p.ours(ctx, old, made); err != nil {
		return err
	}
	statements := []string{`SET LOCAL lock_timeout = '` + swapWait + `'`, `CREATE SCHEMA ` + quoted([]string{kept})}
	if len(old) == 0 {
		statements = statements[:1]
	}
	for _, o := range old {
		statements = append(statements, o.kind+` `+o.full+` SET SCHEMA `+quoted([]string{kept}))
	}
	for _, o := range made {
		statements = append(statements, o.kind+` `+o.full+` SET SCHEMA `+quoted([]string{p.schema}))
	}
	statements = append(statements, `DROP SCHEMA `+quoted([]string{p.making}))
	err = p.all(ctx, statements)
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refused.Code == "55P03" { // a lock that was not to be had in time
		return fmt.Errorf("others are still reading the records, such as a backup or psql: end them, or wait for them, and run this again: %w", err)
	}
	if err == nil && len(old) > 0 {
		p.done.Kept = "schema " + kept
	}
	return err
}

// ours are those of the objects in the records' schema that a portal has made, and nobody who shares it: they have the names of what is new, or
// the owner of all, when the portal was a newer one. Its next upgrade would find them in its way.
func (p *restoring) ours(ctx context.Context, old, made []schemaObject) ([]schemaObject, error) {
	names, owner := map[string]bool{}, ""
	for _, o := range made {
		names[o.name] = true
	}
	m, err := p.options.migrations()
	if err != nil {
		return nil, err
	}
	known, err := m.newest()
	if err != nil {
		return nil, err
	}
	current, err := schemaOf(ctx, p.db, true)
	if i := slices.IndexFunc(old, func(o schemaObject) bool { return o.name == "goose_db_version" }); current > known && i >= 0 {
		owner = old[i].owner
	}
	return slices.DeleteFunc(old, func(o schemaObject) bool { return !names[o.name] && o.owner != owner }), err
}

// all runs statements in one transaction.
func (p *restoring) all(ctx context.Context, statements []string) (err error) {
	ctx = context.WithoutCancel(ctx)
	tx, err := p.db.BeginTx(ctx, nil)
	if err != nil {
		return unavailable(err)
	}
	defer func() { err = errors.Join(err, rollback(tx)) }()
	for _, query := range statements {
		if _, err := tx.ExecContext(ctx, query); err != nil {
			return fmt.Errorf("%s: %w", query, unavailable(err))
		}
	}
	return unavailable(tx.Commit())
}

// keptSchema is the name of a schema that is not there yet.
func (p *restoring) keptSchema(ctx context.Context) (string, error) {
	for ending := "_before_restore_" + strings.ReplaceAll(p.moment, "-", "_"); ; ending += "x" {
		name := beginning63(p.schema, ending)
		n, err := queryOne(ctx, p.db, value[int64], `SELECT COUNT(*) FROM pg_namespace WHERE nspname = $1`, name)
		if err != nil || n == 0 {
			return name, err
		}
	}
}

// schemaObject is a table, view or function of a schema. What belongs to a table goes where that goes.
type schemaObject struct {
	kind  string // how a statement that changes it begins
	name  string
	full  string // with the schema, and a function's arguments
	owner string
}

// objects are those of a schema, without those of extensions.
func (p *restoring) objects(ctx context.Context, schema string) ([]schemaObject, error) {
	return queryAll(ctx, p.db, func(row scanner) (o schemaObject, err error) {
		err = row.Scan(&o.kind, &o.name, &o.full, &o.owner)
		return o, err
	}, `SELECT CASE relkind WHEN 'v' THEN 'ALTER VIEW' ELSE 'ALTER TABLE' END, CAST(relname AS TEXT), format('%I.%I', CAST($1 AS TEXT), relname),
			CAST(pg_get_userbyid(relowner) AS TEXT) FROM pg_class c
			WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1) AND relkind IN ('r', 'p', 'v')
			AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = CAST('pg_class' AS regclass) AND d.objid = c.oid AND d.deptype = 'e')
		UNION ALL SELECT 'ALTER FUNCTION', CAST(proname AS TEXT), format('%I.%I(%s)', CAST($1 AS TEXT), proname, pg_get_function_identity_arguments(p.oid)),
			CAST(pg_get_userbyid(proowner) AS TEXT) FROM pg_proc p
			WHERE pronamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1) AND prokind = 'f'
			AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = CAST('pg_proc' AS regclass) AND d.objid = p.oid AND d.deptype = 'e')
		ORDER BY 1, 2, 3`, schema)
}

// planFiles notes which articles take the place of which, and that views that the old records had not got go aside.
func (p *restoring) planFiles() error {
	dir := p.options.Dir
	if err := settle(p.stage, dir); err != nil {
		return err
	}
	kept, err := unused(dir, keptPrefix+p.moment)
	if err != nil {
		return err
	}
	p.files = swapping{Stage: filepath.Base(p.stage), Kept: kept}
	names := []string{hitsName}
	if p.done.Content != "" {
		names = append(names, p.done.Content)
	}
	return p.files.list(dir, names)
}

// swapFiles does what planFiles has noted.
func (p *restoring) swapFiles() error {
	dir, s := p.options.Dir, &p.files
	if len(s.Old)+len(s.New) == 0 {
		return nil
	}
	err := s.begin(dir)
	if err == nil {
		err = FinishRestore(dir)
	}
	if err != nil { // whose kind is kept from callers: of a full disk they would say that nothing was changed
		return fmt.Errorf("the records are restored, the articles are not yet: run this again: %v", err)
	}
	if len(s.Old) > 0 {
		p.done.Kept = strings.TrimPrefix(p.done.Kept+", "+filepath.Join(dir, s.Kept), ", ")
	}
	return nil
}
