package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"congso/store/model"
)

const (
	snapshotFolder = "snapshots"        // in the data folder
	rolledFolder   = "before-rollback-" // and the time, in the data folder
	snapshotNote   = "snapshot.json"
	stampFormat    = "20060102-150405" // ends the name of each kept database, in Vietnam's time
	keptSnapshots  = 3
)

// Snapshot is a database whose place another has taken, as it was then.
type Snapshot struct {
	Name      string    `json:"name"`    // of its folder
	Taken     time.Time `json:"taken"`   // to the second
	Schema    int64     `json:"schema"`  // the newest migration that it has had
	Program   string    `json:"program"` // that served it last, "" when it does not say
	Bytes     int64     `json:"bytes"`
	SHA256    string    `json:"sha256"` // of congso.db, in hexadecimal digits
	AuditID   int64     `json:"audit_id"`
	AuditHash string    `json:"audit_hash"` // of the newest audit entry, "" when there is none
	UserID    int64     `json:"user_id"`    // the newest account's
	Views     int64     `json:"views"`      // counted until then
}

// Snapshots are those that upgrades have left in the data folder, newest first.
func Snapshots(dir string) ([]Snapshot, error) {
	entries, err := os.ReadDir(filepath.Join(dir, snapshotFolder))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("snapshots: %w", err)
	}
	var list []Snapshot
	for _, entry := range entries {
		text, err := os.ReadFile(filepath.Join(dir, snapshotFolder, entry.Name(), snapshotNote))
		if errors.Is(err, fs.ErrNotExist) || strings.HasSuffix(entry.Name(), partEnding) {
			continue
		}
		var s Snapshot
		if err == nil {
			err = json.Unmarshal(text, &s)
		}
		if err != nil {
			return nil, fmt.Errorf("snapshot %s: %w", entry.Name(), err)
		}
		s.Name = entry.Name()
		list = append(list, s)
	}
	slices.SortFunc(list, func(a, b Snapshot) int { return b.Taken.Compare(a.Taken) })
	return list, nil
}

// pruneSnapshots keeps the newest.
func pruneSnapshots(dir string) error {
	list, err := Snapshots(dir)
	if err != nil {
		return err
	}
	for _, s := range list[min(len(list), keptSnapshots):] {
		if err := os.RemoveAll(filepath.Join(dir, snapshotFolder, s.Name)); err != nil {
			return fmt.Errorf("snapshot %s: %w", s.Name, err)
		}
	}
	return nil
}

// takenAt is the time in the name of a kept database.
func takenAt(name string) (time.Time, error) {
	return time.ParseInLocation(stampFormat, name[max(0, len(name)-len(stampFormat)):], model.Zone())
}

// describe reads what there is to say of a database file that nobody has open or changes.
func describe(ctx context.Context, file string) (s Snapshot, err error) {
	db, err := openImmutable(file)
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if s.Schema, err = schemaOf(ctx, db, false); err != nil {
		return s, err
	}
	if s.Program, err = programOf(ctx, db); err != nil {
		return s, err
	}
	err = db.QueryRowContext(ctx, `SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1`).Scan(&s.AuditID, &s.AuditHash)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return s, err
	}
	if s.UserID, err = queryOne(ctx, db, value[int64], `SELECT coalesce(max(id), 0) FROM users`); err != nil {
		return s, err
	}
	s.Views, err = queryOne(ctx, db, value[int64], `SELECT views FROM hit_total`)
	return s, err
}

func hashFile(path string) (hash string, size int64, err error) {
	file, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer file.Close()
	sum := sha256.New()
	if size, err = io.Copy(sum, file); err != nil {
		return "", 0, err
	}
	return hex.EncodeToString(sum.Sum(nil)), size, nil
}
