package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// copyPostgres copies the records in PostgreSQL, as they are at one moment, into the new SQLite file path, while readers and writers go on. The
// copy has been compared with them, and has everything but the search index, which whoever opens it to serve it makes. The disk need not have kept it yet.
//
// Archives hold SQLite's file whatever the records are in: everything that looks at archives is the same, and they restore into either.
func (s *Store) copyPostgres(w *work, path string) (err error) {
	ctx := context.WithoutCancel(w.ctx)
	if err := newFile(path); err != nil {
		return err
	}
	db, err := sql.Open("sqlite", sqliteName(path)+"?_pragma=journal_mode(OFF)&_pragma=synchronous(OFF)&_pragma=foreign_keys(0)&_pragma=cache_size(-16000)&_pragma=temp_store(2)")
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	defer func() { err = errors.Join(err, db.Close()) }()
	m, err := Options{}.migrations()
	if err != nil {
		return err
	}
	w.begin("Copying the database", 0)
	if err := m.up(ctx, db, 0, Options{}.progress()); err != nil {
		return err
	}
	from, closeFrom, err := openEnd(ctx, Options{Database: s.address}, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeFrom()) }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, giveBack(conn)) }()
	return fillCopy(ctx, w, from, end{conn: conn})
}

// fillCopy copies all records into an empty database and compares them.
func fillCopy(ctx context.Context, w *work, from, to end) error {
	t, err := openTransfer(ctx, from, to)
	if err != nil {
		return err
	}
	t.work = &work{ctx: w.ctx, gentle: w.gentle, progress: w.progress}
	if err := exec(ctx, to.conn, `DELETE FROM hit_total`); err != nil {
		return err
	}
	if err := putSetting(ctx, to.conn, staleSearch, "0"); err != nil {
		return err
	}
	return from.snapshot(ctx, func() error {
		if err := t.holdTables(ctx); err != nil {
			return err
		}
		rows, err := t.count(ctx, from)
		if err != nil {
			return err
		}
		t.work.begin(copyingRecords, rows)
		if err := t.run(ctx, 0, nil); err != nil {
			return err
		}
		t.work.begin(comparingRecords, 2*rows)
		if err := to.snapshot(ctx, func() error { return t.compare(ctx) }); err != nil {
			return fmt.Errorf("the copy is not what the records are: %w", err)
		}
		return nil
	})
}

// holdTables keeps a restore from putting other tables in the place of these while they are read.
func (t *transfer) holdTables(ctx context.Context) error {
	var names []string
	for i := range t.tables {
		names = append(names, t.tables[i].name)
	}
	_, err := t.from.conn.ExecContext(ctx, `LOCK TABLE `+quoted(names)+` IN ACCESS SHARE MODE`)
	return unavailable(err)
}
