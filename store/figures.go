package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"congso/store/model"
)

// Figures are how much of everything there is, for whoever watches the portal. None of them is of a reader.
type Figures struct {
	News, Meetings map[model.Status]int64
	Sessions       int64 // that have not ended
	Users          int64 // that may log in
	Audit          int64 // entries
	Media          int64 // files in the library
	MediaBytes     int64 // of the files as they were uploaded; pictures' smaller sizes come on top
	DatabaseBytes  int64
	WALBytes       int64 // of SQLite's write-ahead log; 0 with PostgreSQL
	FreeBytes      int64 // that may still be written on the data folder's disk
}

// Figures counts what there is. It walks over records: ask every few seconds, not with every request.
func (s *Store) Figures(ctx context.Context) (f Figures, err error) {
	if f.News, err = s.byStatus(ctx, model.KindNews); err != nil {
		return f, fmt.Errorf("figures: %w", err)
	}
	if f.Meetings, err = s.byStatus(ctx, model.KindMeeting); err != nil {
		return f, fmt.Errorf("figures: %w", err)
	}
	_, err = queryOne(ctx, s.read, func(row scanner) (struct{}, error) {
		return struct{}{}, row.Scan(&f.Sessions, &f.Users, &f.Audit, &f.Media, &f.MediaBytes)
	}, `SELECT (SELECT COUNT(*) FROM session WHERE expires_at > $1), (SELECT COUNT(*) FROM users WHERE NOT disabled), (SELECT COUNT(*) FROM audit),
		(SELECT COUNT(*) FROM media), COALESCE((SELECT CAST(SUM(bytes) AS BIGINT) FROM media), 0)`, unix(s.now()))
	if err == nil {
		f.DatabaseBytes, f.WALBytes, err = s.sizes(ctx)
	}
	if err == nil {
		var room Room
		room, err = RoomOn(s.dir)
		f.FreeBytes = room.Free
	}
	if err != nil {
		return f, fmt.Errorf("figures: %w", err)
	}
	return f, nil
}

func (s *Store) byStatus(ctx context.Context, kind model.Kind) (map[model.Status]int64, error) {
	counts := map[model.Status]int64{}
	_, err := queryAll(ctx, s.read, func(row scanner) (status model.Status, err error) {
		var n int64
		err = row.Scan(&status, &n)
		counts[status] = n
		return status, err
	}, `SELECT status, COUNT(*) FROM `+string(kind)+` GROUP BY status`)
	return counts, err
}

// sizes are those of the database and of SQLite's write-ahead log, in bytes.
func (s *Store) sizes(ctx context.Context) (database, wal int64, err error) {
	if s.postgres {
		database, err = queryOne(ctx, s.read, value[int64], `SELECT pg_database_size(current_database())`)
		return database, 0, err
	}
	file := filepath.Join(s.dir, "congso.db")
	if database, err = fileSize(file); err == nil {
		wal, err = fileSize(file + "-wal")
	}
	return database, wal, err
}

// fileSize is 0 for a file that is not there.
func fileSize(path string) (int64, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}
