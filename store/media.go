package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"congso/store/model"
)

// mediaColumns are what scanMedia reads; the table stands in the query under its own name, and may be the right side of a LEFT JOIN.
const mediaColumns = `COALESCE(media.id, 0), COALESCE(media.hash, ''), COALESCE(media.name, ''), COALESCE(media.mime, ''),
	COALESCE(media.bytes, 0), COALESCE(media.width, 0), COALESCE(media.height, 0), COALESCE(media.alt, ''), COALESCE(media.caption, ''),
	COALESCE(media.credit, ''), COALESCE(media.uploaded_by, 0), COALESCE(media.created_at, 0), COALESCE(media.archived_at, 0)`

// mediaDest is where a row of mediaColumns goes.
func mediaDest(m *model.Media) []any {
	return []any{&m.ID, &m.Hash, &m.Name, &m.MIME, &m.Bytes, &m.Width, &m.Height, &m.Alt, &m.Caption, &m.Credit, &m.Uploader,
		moment{&m.CreatedAt}, moment{&m.Archived}}
}

func scanMedia(row scanner) (model.Media, error) {
	var m model.Media
	err := row.Scan(mediaDest(&m)...)
	return m, err
}

// MediaByID returns the file's record, or model.ErrNotFound.
func (s *Store) MediaByID(ctx context.Context, id int64) (model.Media, error) {
	m, err := queryOne(ctx, s.read, scanMedia, `SELECT `+mediaColumns+` FROM media WHERE id = $1`, id)
	if err != nil {
		return model.Media{}, fmt.Errorf("media %d: %w", id, err)
	}
	return m, nil
}

// mediaByHash returns the records of those of the hashes that are known, in no particular order.
func (s *Store) mediaByHash(ctx context.Context, q querier, hashes []string) ([]model.Media, error) {
	if len(hashes) == 0 {
		return nil, nil
	}
	args := make([]any, len(hashes))
	for i, hash := range hashes {
		args[i] = hash
	}
	list, err := queryAll(ctx, q, scanMedia, `SELECT `+mediaColumns+` FROM media WHERE hash IN (`+placeholders(1, len(args))+`)`, args...)
	if err != nil {
		return nil, fmt.Errorf("media by hash: %w", err)
	}
	return list, nil
}

// placeholders is "$from, …" for n values.
func placeholders(from, n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("$%d", from+i)
	}
	return strings.Join(list, ", ")
}

// keepRecorded puts the files of m, the main one last, in their places and records it. Nothing stays when either fails.
func (s *Store) keepRecorded(ctx context.Context, by model.Actor, m *model.Media, files []incoming) error {
	hash := m.Hash
	err := s.media.prepare(ctx, files)
	if err == nil {
		err = s.placed(ctx, hash, func(querier) error { return s.media.settle(ctx, files) }, func(tx *sql.Tx) error { return s.insertMedia(ctx, tx, by, m) })
	}
	if err != nil && !errors.Is(err, model.ErrFilesAway) { // which nothing can be removed from either: the doctor names what stays
		err = errors.Join(err, s.dropUnrecorded(ctx, hash))
	}
	return err
}

// placed runs place, which puts or removes files of that hash, and then record, which writes into the database what that means. Nobody else
// does either for that hash meanwhile: among all copies of the portal by a lock of the transaction on PostgreSQL, which may be idle for longer
// than others while files are put; on SQLite by a mutex and, since a command may remove files beside the portal, by a lock of a file in the
// data folder. Whoever has to decide whether files are wanted asks for their record in there.
func (s *Store) placed(ctx context.Context, hash string, place func(querier) error, record func(tx *sql.Tx) error) error {
	if s.postgres {
		return s.changeAfter(ctx, func(tx *sql.Tx) error { // a bucket may be slow
			err := exec(ctx, tx, `SELECT pg_advisory_xact_lock($1), set_config('idle_in_transaction_session_timeout', '60000', TRUE)`, placingLock(hash))
			if err != nil {
				return err
			}
			return place(tx)
		}, record)
	}
	s.placing.Lock()
	defer s.placing.Unlock()
	unlock, err := s.lockPlacing(ctx)
	if err != nil {
		return err
	}
	if err = place(s.write); err == nil {
		err = s.change(ctx, record)
	}
	return errors.Join(err, unlock())
}

// The file in the data folder that is held while files and their record come or go together, and how long anybody waits for it.
const (
	placingName   = "lock.media"
	placingWithin = 30 * time.Second
	placingAgain  = 10 * time.Millisecond
)

// lockPlacing waits until no other process holds the file.
func (s *Store) lockPlacing(ctx context.Context) (unlock func() error, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, placingWithin, fmt.Errorf("%w: another congso holds %s", model.ErrUnavailable, placingName))
	defer cancel()
	lock := flock.New(filepath.Join(s.dir, placingName), flock.SetPermissions(0o600))
	if _, err := lock.TryLockContext(ctx, placingAgain); err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return nil, diskFull(err)
	}
	return lock.Unlock, nil
}

// placingLock is the number of the lock of a hash. Two hashes that begin alike share one.
func placingLock(hash string) int64 {
	number, err := strconv.ParseUint(hash[:16], 16, 64)
	if err != nil {
		panic("the hash of a file is " + hash) // nobody else makes them
	}
	return int64(number)
}

// dropUnrecorded removes the files of that hash unless a record names them. Whoever waits to record them finds them gone and puts them again.
func (s *Store) dropUnrecorded(ctx context.Context, hash string) error {
	ctx = context.WithoutCancel(ctx)
	return s.placed(ctx, hash, func(q querier) error {
		_, err := queryOne(ctx, q, value[int64], `SELECT id FROM media WHERE hash = $1`, hash)
		if errors.Is(err, model.ErrNotFound) {
			return s.media.remove(ctx, hash)
		}
		return err
	}, func(*sql.Tx) error { return nil })
}

// insertMedia writes the record of a file that is in its place and sets m.ID; when the file is known already, m becomes its record.
func (s *Store) insertMedia(ctx context.Context, tx *sql.Tx, by model.Actor, m *model.Media) error {
	m.CreatedAt, m.Uploader = fromUnix(s.now().Unix()), by.UserID
	id, err := queryOne(ctx, tx, value[int64], `
		INSERT INTO media (hash, name, mime, bytes, width, height, alt, caption, credit, uploaded_by, created_at, text_fold)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (hash) DO NOTHING RETURNING id`,
		m.Hash, m.Name, m.MIME, m.Bytes, m.Width, m.Height, m.Alt, m.Caption, m.Credit, orNull(by.UserID), unix(m.CreatedAt), mediaWords(*m))
	if errors.Is(err, model.ErrNotFound) {
		return s.takeKnown(ctx, tx, by, m)
	}
	if err != nil {
		return err
	}
	m.ID = id
	return s.audit(ctx, tx, by, "create", model.KindMedia, id, []string{"hash", "name"})
}

// takeKnown makes m the record of its file, offered again if it was archived.
func (s *Store) takeKnown(ctx context.Context, tx *sql.Tx, by model.Actor, m *model.Media) error {
	known, err := queryOne(ctx, tx, scanMedia, `SELECT `+mediaColumns+` FROM media WHERE hash = $1`, m.Hash)
	if err != nil {
		return err
	}
	if !known.Archived.IsZero() {
		if err := s.setArchived(ctx, tx, by, "restore", &known, time.Time{}); err != nil {
			return err
		}
	}
	known.Still = m.Still
	*m = known
	return nil
}

// mediaWords is what the desk's search looks through.
func mediaWords(m model.Media) string {
	return model.Fold(joinLines([]string{m.Name, m.Alt, m.Caption, m.Credit}))
}

// foldMedia fills in the words of files that an older program recorded.
func (s *Store) foldMedia(ctx context.Context) error {
	list, err := queryAll(ctx, s.write, scanMedia, `SELECT `+mediaColumns+` FROM media WHERE text_fold = ''`)
	if err != nil {
		return fmt.Errorf("words of media: %w", err)
	}
	for _, m := range list {
		if err := exec(ctx, s.write, `UPDATE media SET text_fold = $1 WHERE id = $2`, mediaWords(m), m.ID); err != nil {
			return fmt.Errorf("words of media %d: %w", m.ID, err)
		}
	}
	return nil
}
