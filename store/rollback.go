package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"congso/store/model"
)

const rollbackFile = "congso.db.rollback" // the copy of a snapshot that is to become the database

// Written is what has come into a database since a snapshot of it was taken, and is not in that.
type Written struct {
	Continues bool // the audit trail goes on from the snapshot's; else nothing below but Views can be told
	Entries   int64
	Changes   []Change      // all of them, by kind and action
	Users     []string      // accounts that were made since
	Last      []model.Audit // the newest entries, oldest first
	Views     int64         // counted since
}

// Change is how often something was done to records of a kind.
type Change struct {
	Kind   model.Kind
	Action string
	Count  int64
}

// lastWritten is how many entries Written names one by one.
const lastWritten = 10

// WrittenSince compares the database of the data folder with a snapshot. It may run beside a server.
func WrittenSince(ctx context.Context, dir string, s Snapshot) (w Written, err error) {
	db, err := sql.Open("sqlite", sqliteName(filepath.Join(dir, databaseName))+"?mode=ro"+sqlitePragmas)
	if err != nil {
		return w, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	views, err := queryOne(ctx, db, value[int64], `SELECT views FROM hit_total`)
	if err != nil {
		return w, fmt.Errorf("views: %w", err)
	}
	w.Views = views - s.Views
	hash := ""
	if s.AuditID > 0 {
		hash, err = queryOne(ctx, db, value[string], `SELECT hash FROM audit WHERE id = $1`, s.AuditID)
		if err != nil && !errors.Is(err, model.ErrNotFound) {
			return w, fmt.Errorf("audit: %w", err)
		}
	}
	if w.Continues = hash == s.AuditHash; !w.Continues {
		return w, nil
	}
	return w, w.read(ctx, db, s)
}

func (w *Written) read(ctx context.Context, db *sql.DB, s Snapshot) (err error) {
	w.Changes, err = queryAll(ctx, db, func(row scanner) (c Change, err error) {
		err = row.Scan(&c.Kind, &c.Action, &c.Count)
		return c, err
	}, `SELECT kind, action, count(*) FROM audit WHERE id > $1 GROUP BY kind, action ORDER BY 3 DESC, 1, 2`, s.AuditID)
	if err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	for _, c := range w.Changes {
		w.Entries += c.Count
	}
	w.Last, err = queryAll(ctx, db, scanAudit, `SELECT * FROM (SELECT `+auditColumns+` FROM audit WHERE id > $1 ORDER BY id DESC LIMIT $2) ORDER BY id`, s.AuditID, lastWritten)
	if err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	if w.Users, err = queryAll(ctx, db, value[string], `SELECT name FROM users WHERE id > $1 ORDER BY id`, s.UserID); err != nil {
		return fmt.Errorf("users: %w", err)
	}
	return nil
}

// Rollback puts the snapshot with that name in the place of the data folder's database, which stays in the folder whose path is returned.
// The caller holds the data folder's lock, and nobody else may have the database open. A snapshot that is no longer what it was is refused.
// Media files stay as they are.
func Rollback(ctx context.Context, dir string, s Snapshot, now time.Time) (kept string, err error) {
	if err := settleUpgrade(ctx, dir); err != nil {
		return "", err
	}
	from := filepath.Join(dir, snapshotFolder, s.Name, databaseName)
	if hash, _, err := hashFile(from); err != nil || hash != s.SHA256 {
		return "", errors.Join(err, fmt.Errorf("snapshot %s is not what it was when it was taken: its SHA-256 is %q", s.Name, hash))
	}
	h, err := hold(ctx, filepath.Join(dir, databaseName))
	if err != nil {
		return "", fmt.Errorf("rollback: %w", asDamage(err))
	}
	defer h.release() // after a failure
	to := filepath.Join(dir, rollbackFile)
	if err := copySnapshot(ctx, from, to, s.Bytes); err != nil {
		return "", errors.Join(fmt.Errorf("rollback: %w; the database is as it was", diskFull(err)), removeDatabase(to))
	}
	kept, err = h.replace(ctx, to, dir, rolledFolder, now)
	if err != nil {
		return "", fmt.Errorf("rollback: %w", err)
	}
	return kept, nil
}

func copySnapshot(ctx context.Context, from, to string, size int64) (err error) {
	if err := roomFor(filepath.Dir(to), size+spareSpace); err != nil {
		return err
	}
	db, err := openImmutable(from)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return cloneDatabase(ctx, db, to, nil)
}

// MissingMedia are the files that the snapshot in the data folder of o knows and the place of the media no longer has, each as "name (hash)".
func MissingMedia(ctx context.Context, o Options, s Snapshot) (missing []string, err error) {
	db, err := openImmutable(filepath.Join(o.Dir, snapshotFolder, s.Name, databaseName))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	scan := func(row scanner) (m model.Media, err error) { // the columns that every schema has; of a picture the main file alone
		err = row.Scan(&m.ID, &m.Hash, &m.Name, &m.MIME, &m.Width)
		return m, err
	}
	files, err := queryAll(ctx, db, scan, `SELECT id, hash, name, mime, CASE WHEN width > 0 THEN 1 ELSE 0 END FROM media ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("media: %w", err)
	}
	place := newStore(o)
	if err := place.lookAtMedia(o); err != nil {
		return nil, fmt.Errorf("media: %w", err)
	}
	defer func() { err = errors.Join(err, place.closeMedia()) }()
	lost, err := place.MissingFiles(ctx, files...)
	for _, m := range files {
		if len(lost[m.ID]) > 0 {
			missing = append(missing, m.Name+" ("+m.Hash+")")
		}
	}
	return missing, err
}
