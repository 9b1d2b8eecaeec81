package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"congso/store/model"
)

const (
	migratingFile = "congso.db.migrating" // the copy that an upgrade works on
	spareSpace    = 16 << 20              // beyond what an upgrade needs
)

// upgrade brings a database file up to this program's schema: it migrates a copy, proves it whole and puts it in the file's place, which
// stays as a snapshot. Whatever happens before the copy takes that place leaves the file as it was.
type upgrade struct {
	migrations
	dir, path string
	from      int64
	progress  Progress
	now       time.Time
	log       *slog.Logger
}

// run needs the data folder's lock.
func (u upgrade) run(ctx context.Context) error {
	began := time.Now()
	h, err := hold(ctx, u.path)
	if err != nil {
		return fmt.Errorf("upgrade: %w", err)
	}
	defer h.release() // after a failure; what went well has released it
	program, err := programOf(ctx, h.db)
	if err != nil {
		return u.failed(program, err)
	}
	u.log.Info("upgrading the database", "schema", u.from, "served_by", program)
	copied := filepath.Join(u.dir, migratingFile)
	if err := u.migrateCopy(ctx, h.db, copied); err != nil {
		return u.failed(program, errors.Join(err, removeDatabase(copied)))
	}
	kept, err := h.replace(ctx, copied, filepath.Join(u.dir, snapshotFolder), fmt.Sprintf("%05d-", u.from), u.now)
	if err != nil {
		return u.failed(program, errors.Join(err, removeDatabase(copied)))
	}
	u.log.Info("upgraded the database", "snapshot", kept, "seconds", time.Since(began).Seconds())
	return pruneSnapshots(u.dir)
}

// migrateCopy copies the database behind db into the new file to and brings that to this program's schema.
func (u upgrade) migrateCopy(ctx context.Context, db *sql.DB, to string) error {
	if err := removeDatabase(to); err != nil { // of an upgrade that was interrupted
		return err
	}
	size, err := sizeOf(ctx, db)
	if err != nil {
		return err
	}
	if err := roomFor(filepath.Dir(to), 2*size+spareSpace); err != nil {
		return err
	}
	if err := cloneDatabase(ctx, db, to, u.progress); err != nil {
		return fmt.Errorf("copy of the database: %w", err)
	}
	if err := u.migrateFile(ctx, to); err != nil {
		return err
	}
	return u.prove(ctx, db, to)
}

// migrateFile works without waiting for the disk: the file is thrown away unless all of it goes well. What it sorts may be larger than the
// memory, so that goes into files too.
func (u upgrade) migrateFile(ctx context.Context, path string) (err error) {
	// The driver runs pragmas in the order of their letters: one that stands here twice has the larger value.
	db, err := sql.Open("sqlite", sqliteName(path)+"?_txlock=immediate&_pragma=journal_mode(DELETE)&_pragma=synchronous(OFF)&_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)&_pragma=cache_size(-16000)&_pragma=temp_store(1)")
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	err = errors.Join(u.up(ctx, db, u.from, u.progress), db.Close())
	if err != nil {
		return err
	}
	return syncFile(path)
}

// prove looks at every page of the migrated file, and that it has no reference into nothing that the one behind before has not.
func (u upgrade) prove(ctx context.Context, before *sql.DB, path string) (err error) {
	u.progress("Checking the database", 0, 1)
	db, err := sql.Open("sqlite", sqliteName(path)+"?mode=ro"+sqlitePragmas)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := checkPages(ctx, db, "integrity_check"); err != nil {
		return err
	}
	lost, err := danglingRows(ctx, db)
	if err != nil || len(lost) == 0 {
		return err
	}
	had, err := danglingRows(ctx, before)
	if err == nil && len(lost) > len(had) {
		err = fmt.Errorf("the migrated copy has %d references that lead nowhere: %s", len(lost), lost[0])
	}
	u.progress("Checking the database", 1, 1)
	return err
}

// danglingRows are the rows whose references lead nowhere, each as "table row".
func danglingRows(ctx context.Context, db querier) ([]string, error) {
	return queryAll(ctx, db, func(row scanner) (string, error) {
		var table, parent string
		var id, key sql.NullInt64
		err := row.Scan(&table, &id, &parent, &key)
		return fmt.Sprintf("%s %d to %s", table, id.Int64, parent), err
	}, `PRAGMA foreign_key_check`)
}

// failed says what stopped the upgrade, that nothing has changed, and what to do.
func (u upgrade) failed(program string, cause error) error {
	cause = diskFull(cause)
	cure := "start the program that served it before, congso " + cmp.Or(program, "as it was installed before") + ", and send this line to those who make congso"
	switch {
	case errors.Is(cause, context.Canceled):
		cure = "start again to upgrade it"
	case errors.Is(cause, model.ErrDiskFull):
		cure = "free space on its disk and start again"
	case isDamage(cause):
		return fmt.Errorf("upgrade from schema %d: %w: %w; the database is as it was", u.from, model.ErrDamaged, cause)
	}
	return fmt.Errorf("upgrade from schema %d: %w; the database is as it was: %s", u.from, cause, cure)
}

// roomFor is model.ErrDiskFull unless the disk of folder has so many bytes left.
func roomFor(folder string, need int64) error {
	room, err := RoomOn(folder)
	if err != nil {
		return fmt.Errorf("free space of %s: %w", folder, err)
	}
	if room.Free < need {
		return fmt.Errorf("%w: %s has %d MB free, %d MB are needed", model.ErrDiskFull, folder, room.Free>>20, need>>20+1)
	}
	return nil
}

// sizeOf is the size of the database behind db in bytes.
func sizeOf(ctx context.Context, db *sql.DB) (int64, error) {
	return queryOne(ctx, db, value[int64], `SELECT page_count * page_size FROM pragma_page_count, pragma_page_size`)
}

// removeDatabase removes a database file that nobody has open with what SQLite keeps beside it.
func removeDatabase(path string) error {
	return removeAll(path, path+"-journal", path+"-wal", path+"-shm")
}

// Rehearse does on a copy what the start of this program would do to the database of the folder, and takes the copy away again. The copy is
// made in folder, which "" leaves to the data folder. It may run beside a server. It returns the names of the migrations, none when there is nothing to do.
func Rehearse(ctx context.Context, o Options, folder string) (steps []string, err error) {
	m, err := o.migrations()
	if err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", sqliteName(filepath.Join(o.Dir, databaseName))+"?mode=ro"+sqlitePragmas)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	defer func() { err = errors.Join(err, db.Close()) }()
	current, err := schemaOf(ctx, db, false)
	if err != nil {
		return nil, fmt.Errorf("rehearse: %w", err)
	}
	pending, err := m.after(current)
	if err != nil || len(pending) == 0 {
		return nil, err
	}
	scratch, err := os.MkdirTemp(cmp.Or(folder, o.Dir), "congso-rehearsal-")
	if err != nil {
		return nil, fmt.Errorf("rehearse: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	u := upgrade{from: current, migrations: m, progress: o.progress()}
	if err := u.migrateCopy(ctx, db, filepath.Join(scratch, databaseName)); err != nil {
		return nil, fmt.Errorf("rehearse: %w", err)
	}
	for _, s := range pending {
		steps = append(steps, s.name)
	}
	return steps, nil
}
