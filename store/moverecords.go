package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"congso/store/model"
)

// ErrUnfinished: the records are those of a move that has not ended.
var ErrUnfinished = errors.New("these records are of a move that has not ended: run congso move again, with the same --from and --to")

// ErrNotEmpty: a move leads into a database that has records already.
var ErrNotEmpty = errors.New("the database to move to has records already")

// Moved says what a move has done.
type Moved struct {
	Tables     int
	Rows       int64
	Resumed    bool // it went on where an earlier one had stopped
	Anew       bool // it began anew, since the source has changed since an earlier one stopped
	AuditEntry int64
	AuditHash  string
}

// moveState is how far a move has come, in the database that it fills.
type moveState struct {
	Mark    string   // of the records at the source when it began
	Table   int      // all tables before it are there
	After   []string // of it all rows up to this key, nil for none
	Checked bool     // all is there and compared; only the search index is not
	Failed  bool     // what is there is not what it should be: the next move begins anew
}

// recordsMove is one under way.
type recordsMove struct {
	options   Options
	from, to  end
	target    *Store
	transfer  *transfer
	state     moveState
	moved     Moved
	closeEnds func() error
}

// MoveRecords copies all records from the SQLite database in o.Dir, whose lock the caller holds, into the PostgreSQL database o.Database, or the
// other way round. Both must have this program's schema, nobody may serve either, and the target must be empty, or hold what a move of the same
// records left that was ended before its end: it goes on there. Views that are still in the folder's journal are counted first. Sessions
// stay behind, media files stay where they are, and the search index is made anew. Then both are compared, row by row. The source is as it
// was. Errors: ErrServed, ErrNotEmpty, ErrUnfinished for a source that is none yet, DifferenceError.
func MoveRecords(ctx context.Context, o Options, toPostgres bool) (moved Moved, err error) {
	lock, err := takeRecords(ctx, o.Database)
	if err != nil {
		return moved, fmt.Errorf("move: %w", err)
	}
	defer func() { err = errors.Join(err, lock.release()) }()
	o.taken = true
	source, target := o, o
	if toPostgres {
		source.Database = ""
	} else {
		target.Database = ""
	}
	if err := settleSource(ctx, source); err != nil {
		return moved, fmt.Errorf("move: %w", err)
	}
	m := recordsMove{options: target}
	err = m.run(ctx, source)
	return m.moved, err
}

// settleSource holds that the source has this program's schema, and counts the views in the folder's journal.
func settleSource(ctx context.Context, o Options) (err error) {
	if err := haveSchema(ctx, o); err != nil {
		return err
	}
	s := newStore(o) // without a place of the media, which a move leaves alone, wherever it is
	if err := s.openRecords(ctx, o); err != nil {
		return errors.Join(asDamage(err), s.Close())
	}
	hits := OpenHits(s)
	return errors.Join(hits.Flush(ctx), hits.Close(), s.Close())
}

// haveSchema holds that the records which o names are there, and have this program's schema.
func haveSchema(ctx context.Context, o Options) error {
	place := "the PostgreSQL database"
	if o.Database == "" {
		place = o.Dir
		if _, err := os.Stat(filepath.Join(o.Dir, databaseName)); err != nil {
			return fmt.Errorf("no records: %w", err)
		}
	}
	schema, err := ReadSchema(ctx, o)
	switch {
	case err != nil:
		return err
	case schema.Current == 0:
		return fmt.Errorf("no records: %s has none", place)
	case schema.Current > schema.Target:
		return fmt.Errorf("the records in %s have schema %d, this program knows only schema %d: use the newer program", place, schema.Current, schema.Target)
	case schema.Current < schema.Target:
		return fmt.Errorf("the records in %s have schema %d, this program has schema %d: run congso migrate on them first", place, schema.Current, schema.Target)
	}
	return nil
}

func (m *recordsMove) run(ctx context.Context, source Options) (err error) {
	if m.target, err = openTarget(context.WithoutCancel(ctx), m.options); err != nil { // or there would be a new portal's tables, without the note of begin
		return fmt.Errorf("move: target: %w", err)
	}
	defer func() { err = errors.Join(err, m.target.Close()) }()
	if err = m.copy(ctx, source); err == nil {
		err = m.finish(ctx)
	}
	if err != nil {
		return fmt.Errorf("move: %w", err)
	}
	return nil
}

// copy fills the target with all that has to be there and compares it.
func (m *recordsMove) copy(ctx context.Context, source Options) (err error) {
	calm := context.WithoutCancel(ctx) // the work asks ctx between the pieces
	if err := m.openEnds(calm, source); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.closeEnds()) }()
	if m.transfer, err = openTransfer(calm, m.from, m.to); err != nil {
		return err
	}
	m.transfer.work = &work{ctx: ctx, progress: m.options.Progress}
	m.transfer.note = m.note
	return m.from.snapshot(calm, func() error {
		if err := m.begin(calm); err != nil {
			return err
		}
		return m.fill(calm)
	})
}

// begin looks at what the target holds, and notes in it whose records are to come.
func (m *recordsMove) begin(ctx context.Context) error {
	mark, err := m.from.mark(ctx)
	if err != nil {
		return err
	}
	text, err := queryOne(ctx, m.to.conn, value[string], `SELECT value FROM setting WHERE name = '`+movingSetting+`'`)
	switch {
	case errors.Is(err, model.ErrNotFound):
		if err := m.empty(ctx); err != nil {
			return err
		}
		return m.beginAnew(ctx, mark, `DELETE FROM hit_total`)
	case err != nil:
		return err
	}
	if err := json.Unmarshal([]byte(text), &m.state); err != nil {
		return fmt.Errorf("state of the move: %w", err)
	}
	m.moved.Resumed = m.state.Mark == mark && !m.state.Failed
	if m.moved.Anew = !m.moved.Resumed; m.moved.Anew {
		return m.beginAnew(ctx, mark, m.clearing()...)
	}
	return nil
}

// beginAnew runs statements that leave nothing in the target, and notes that nothing has come yet.
func (m *recordsMove) beginAnew(ctx context.Context, mark string, statements ...string) error {
	m.state = moveState{Mark: mark}
	return m.to.within(ctx, m.to.begin(), func() error {
		for _, query := range statements {
			if _, err := m.to.conn.ExecContext(ctx, query); err != nil {
				return err
			}
		}
		return m.put(ctx)
	})
}

// clearing are the statements that take away what an earlier move has brought.
func (m *recordsMove) clearing() (statements []string) {
	var names []string
	for i := len(m.transfer.tables) - 1; i >= 0; i-- {
		names = append(names, m.transfer.tables[i].name)
		statements = append(statements, `DELETE FROM "`+m.transfer.tables[i].name+`"`)
	}
	if m.to.postgres {
		return []string{`TRUNCATE ` + quoted(names) + `, listing, listing_part RESTART IDENTITY CASCADE`}
	}
	return append(statements, `DELETE FROM listing_part`)
}

// empty is ErrNotEmpty unless the target has no records.
func (m *recordsMove) empty(ctx context.Context) error {
	for i := range m.transfer.tables {
		t := &m.transfer.tables[i]
		with := t.moved()
		if t.name == "hit_total" {
			with = "views <> 0"
		}
		some, err := queryOne(ctx, m.to.conn, value[int64], `SELECT COUNT(*) FROM (SELECT 1 FROM "`+t.name+`" WHERE `+with+` LIMIT 1) AS any_row`)
		if err != nil {
			return fmt.Errorf("table %s: %w", t.name, err)
		}
		if some > 0 {
			return fmt.Errorf("%w: there are rows in table %s", ErrNotEmpty, t.name)
		}
	}
	return nil
}

// note is transfer.note.
func (m *recordsMove) note(ctx context.Context, table int, after []any) error {
	m.state.Table, m.state.After = table, nil
	if after != nil {
		m.state.After = packKey(after)
	}
	return m.put(ctx)
}

// put writes down how far the move is.
func (m *recordsMove) put(ctx context.Context) error {
	text, err := json.Marshal(m.state)
	if err != nil {
		return err
	}
	return putSetting(ctx, m.to.conn, movingSetting, string(text))
}

func putSetting(ctx context.Context, q querier, name, value string) error {
	return exec(ctx, q, `INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
}

// fill copies what the target has not got yet, and compares all of it with the source.
func (m *recordsMove) fill(ctx context.Context) (err error) {
	t := m.transfer
	rows, err := t.count(ctx, t.from)
	if err != nil {
		return err
	}
	there, err := t.count(ctx, t.to)
	if err != nil {
		return err
	}
	m.moved.Rows, m.moved.Tables = rows, len(t.tables)
	var after []any
	if m.state.After != nil {
		if after, err = t.tables[m.state.Table].unpackKey(m.state.After); err != nil {
			return err
		}
	}
	t.work.begin(copyingRecords, rows)
	t.work.done = there
	if err := t.run(ctx, m.state.Table, after); err != nil {
		return err
	}
	whole := m.state.Checked // before, which does not show that the source is still the same: not every change changes its mark
	t.work.begin(comparingRecords, 2*rows)
	err = m.to.snapshot(ctx, func() error { return t.compare(ctx) })
	if err == nil {
		err = m.sound(ctx)
	}
	var different *DifferenceError
	if m.state.Checked, m.state.Failed = err == nil, errors.As(err, &different); err != nil && !m.state.Failed {
		return err
	}
	if whole && err == nil { // the search index goes on where it was
		return nil
	}
	return errors.Join(err, m.to.within(ctx, m.to.begin(), func() error {
		return errors.Join(m.put(ctx), putSetting(ctx, m.to.conn, staleSearch, "0"))
	}))
}

// sound holds that no reference leads nowhere, which PostgreSQL has seen to row by row.
func (m *recordsMove) sound(ctx context.Context) error {
	if m.to.postgres {
		return nil
	}
	lost, err := danglingRows(ctx, m.to.conn)
	if err == nil && len(lost) > 0 {
		err = fmt.Errorf("%d references lead nowhere, the first from %s", len(lost), lost[0])
	}
	return err
}

// finish makes the target a database that can be served.
func (m *recordsMove) finish(ctx context.Context) (err error) {
	s := m.target
	if err := s.reindex(ctx, m.options.Progress); err != nil {
		return err
	}
	if _, err := s.SplitLists(ctx); err != nil {
		return err
	}
	if m.moved.AuditEntry, err = queryOne(ctx, s.read, value[int64], `SELECT COALESCE(MAX(id), 0) FROM audit`); err != nil {
		return err
	}
	m.moved.AuditHash, err = queryOne(ctx, s.read, value[string], `SELECT COALESCE(MAX(value), '') FROM setting WHERE name = 'audit_head'`)
	if err != nil {
		return err
	}
	if err := s.analyze(ctx); err != nil {
		return err
	}
	return exec(ctx, s.write, `DELETE FROM setting WHERE name = '`+movingSetting+`'`)
}

// analyze has PostgreSQL look at tables that were filled at once: by itself it does so within a minute.
func (s *Store) analyze(ctx context.Context) (err error) {
	if !s.postgres {
		return nil
	}
	db, err := s.unlimited()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	_, err = db.ExecContext(context.WithoutCancel(ctx), `ANALYZE`)
	return unavailable(err)
}

// unfinished is ErrUnfinished while a move into the database has not ended.
func (s *Store) unfinished(ctx context.Context) error {
	n, err := queryOne(ctx, s.read, value[int64], `SELECT COUNT(*) FROM setting WHERE name = '`+movingSetting+`'`)
	if err == nil && n > 0 {
		err = ErrUnfinished
	}
	return err
}
