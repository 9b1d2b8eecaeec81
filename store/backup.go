package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"github.com/gofrs/flock"

	"congso/store/model"
)

// BackupOptions say what a backup is to be. File must be set.
type BackupOptions struct {
	File     string // the archive; one that is there is replaced once the new one is whole
	Program  string // version of this program, for the manifest
	Commit   string
	Content  string // the folder of articles, "" for none; taken in when it lies in the data folder
	Gentle   bool   // rests between pieces, so that readers keep their pace
	Progress Progress
}

// errPurged: a file was removed for good after the snapshot that names it was taken.
var errPurged = errors.New("files were removed meanwhile")

// backupTries is how often a snapshot is taken anew because files that it names were removed for good meanwhile.
const backupTries = 3

// Backup writes an archive of the database, the media that its records name, and the articles in the data folder, while readers and
// writers go on. The archive appears under its name when it is whole and on the disk; until then File.part and File.part.db stand beside
// it, on whose disk alone there must be room. Nothing stays there when it fails; model.ErrDiskFull says that there was no room. Files that
// are missing are named in the manifest.
func (s *Store) Backup(ctx context.Context, o BackupOptions) (m Manifest, err error) {
	content, err := s.contentInside(o.Content)
	if err != nil {
		return m, fmt.Errorf("backup: %w", err)
	}
	unlock, err := lockBackups(filepath.Dir(o.File))
	if err != nil {
		return m, fmt.Errorf("backup: %w", err)
	}
	defer func() { err = errors.Join(err, unlock()) }()
	for range backupTries {
		b := backup{store: s, options: o, content: content, work: &work{ctx: ctx, progress: o.Progress, gentle: o.Gentle}}
		m, err = b.write()
		if !errors.Is(err, errPurged) {
			break
		}
	}
	if err != nil {
		return m, fmt.Errorf("backup %s: %w", o.File, diskFull(err))
	}
	return m, nil
}

// contentInside is the path of the articles' folder in the data folder, "" when it lies elsewhere.
func (s *Store) contentInside(folder string) (string, error) {
	if folder == "" {
		return "", nil
	}
	data, err := filepath.Abs(s.dir)
	if err != nil {
		return "", err
	}
	if folder, err = filepath.Abs(folder); err != nil {
		return "", err
	}
	inside, err := filepath.Rel(data, folder)
	if err != nil || !filepath.IsLocal(inside) {
		return "", nil // another disk, or another folder
	}
	if inside = filepath.ToSlash(inside); reserved(inside) {
		return "", fmt.Errorf("%s is no place for articles: give them a folder of their own", folder)
	}
	return inside, nil
}

// backupLock is the file that is held while a backup is written beside it.
const backupLock = ".congso-backup.lock"

// lockBackups holds folder against other backups, and removes what dead ones left. The folder is made when absent, but not those above it: a
// disk that is not mounted, or a mistyped name, must not put the backups beside what they are to save.
func lockBackups(folder string) (unlock func() error, err error) {
	if err := os.Mkdir(folder, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	lock := flock.New(filepath.Join(folder, backupLock), flock.SetPermissions(0o600))
	held, err := lock.TryLock()
	if err != nil {
		return nil, err
	}
	if !held {
		return nil, fmt.Errorf("another backup is being written in %s", folder)
	}
	if err := removeLeft(folder); err != nil {
		return nil, errors.Join(err, lock.Unlock())
	}
	return lock.Unlock, nil
}

// partEnding is what an archive's name ends with until it is whole.
const partEnding = ".part"

// backup is one under way.
type backup struct {
	store   *Store
	options BackupOptions
	content string
	work    *work

	database string // the snapshot
	archive  archiveWriter
	manifest Manifest
}

func (b *backup) write() (m Manifest, err error) {
	part := b.options.File + partEnding
	b.database = part + ".db"
	if err := removeAll(part, b.database); err != nil {
		return m, err
	}
	defer func() {
		err = errors.Join(err, removeAll(b.database))
		if err != nil {
			err = errors.Join(err, removeAll(part))
		}
	}()
	b.manifest = Manifest{Format: archiveFormat, Program: b.options.Program, Commit: b.options.Commit, Content: b.content, At: b.store.Now().Truncate(time.Second)}
	if b.store.postgres {
		err = b.store.copyPostgres(b.work, b.database)
	} else {
		err = copyDatabase(b.work, b.store.read, b.database)
	}
	if err != nil {
		return m, err
	}
	media, err := b.readSnapshot()
	if err != nil {
		return m, err
	}
	file, err := os.OpenFile(part, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return m, err
	}
	b.archive = archiveWriter{file: file, work: b.work}
	err = b.fill(media)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return m, err
	}
	if err := os.Rename(part, b.options.File); err != nil {
		return m, err
	}
	return b.manifest, syncFolder(filepath.Dir(part))
}

// readSnapshot holds that the snapshot is sound, completes the manifest with what it says, and returns the media that it names.
func (b *backup) readSnapshot() (media []model.Media, err error) {
	db, err := openImmutable(b.database)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	ctx := context.WithoutCancel(b.work.ctx)
	b.work.begin("Checking the database", 1)
	if err := soundCopy(ctx, db); err != nil {
		return nil, fmt.Errorf("the copy of the database is damaged, look at the database with 'congso doctor --full': %w", err)
	}
	if err := b.work.add(1); err != nil {
		return nil, err
	}
	if err := b.manifest.readRecords(ctx, db); err != nil {
		return nil, err
	}
	return queryAll(ctx, db, scanMedia, `SELECT `+mediaColumns+` FROM media ORDER BY hash`)
}

// readRecords notes what the database says of itself.
func (m *Manifest) readRecords(ctx context.Context, db *sql.DB) (err error) {
	if m.Schema, err = queryOne(ctx, db, value[int64], `SELECT MAX(version_id) FROM goose_db_version`); err != nil {
		return err
	}
	said, err := site(ctx, db)
	if err != nil {
		return err
	}
	m.Site = said.Name
	m.AuditHash, err = queryOne(ctx, db, value[string], `SELECT COALESCE(MAX(value), '') FROM setting WHERE name = 'audit_head'`)
	if err != nil {
		return err
	}
	if m.AuditEntry, err = queryOne(ctx, db, value[int64], `SELECT COALESCE(MAX(id), 0) FROM audit`); err != nil {
		return err
	}
	m.Records = map[string]int64{}
	stale, err := queryOne(ctx, db, value[int64], `SELECT COUNT(*) FROM setting WHERE name = '`+staleSearch+`'`)
	if m.Unindexed = stale > 0; err != nil {
		return err
	}
	for _, table := range []string{"section", "news", "meeting", "unit", "person", "media", "users", "audit"} {
		if m.Records[table], err = queryOne(ctx, db, value[int64], `SELECT COUNT(*) FROM `+table); err != nil {
			return err
		}
	}
	return nil
}

// fill writes all entries.
func (b *backup) fill(media []model.Media) error {
	if err := b.addDatabase(); err != nil {
		return err
	}
	files, total, err := b.mediaFiles(media)
	if err != nil {
		return err
	}
	b.work.begin("Packing the files", total)
	for _, file := range files {
		if err := b.addMedia(file); err != nil {
			return err
		}
	}
	if err := b.addContent(); err != nil {
		return err
	}
	if err := b.addDemo(); err != nil {
		return err
	}
	return b.archive.finish(&b.manifest)
}

// addDatabase packs the snapshot, and makes room.
func (b *backup) addDatabase() error {
	file, err := os.Open(b.database)
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err == nil {
		b.work.begin("Packing the database", info.Size())
		b.manifest.Database, err = b.archive.addPacked(packedName, databaseName, b.manifest.At, file)
	}
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	return os.Remove(b.database)
}

// mediaFile is a file that a record names.
type mediaFile struct {
	path string // in the place of the media
	hash string // of its content, "" when nobody has noted it
	id   int64  // of the record
	info mediaInfo
}

// mediaFiles are all files of the records, which come by their hashes, and how many bytes they have in all. Those that are not there have
// no info.
func (b *backup) mediaFiles(media []model.Media) (files []mediaFile, total int64, err error) {
	there, folder := map[string]mediaInfo{}, ""
	for _, m := range media {
		if next := path.Dir(mediaPath(m.Hash, "", "")); next != folder {
			clear(there)
			folder = next
			err := b.store.media.list(b.work.ctx, folder, func(info mediaInfo) error {
				there[info.Path] = info
				return nil
			})
			if err != nil {
				return nil, 0, err
			}
		}
		for _, file := range filesOf(m) {
			file.info = there[file.path]
			total += file.info.Bytes
			files = append(files, file)
		}
	}
	return files, total, nil
}

// filesOf are the files of a record: itself, and a picture's smaller sizes.
func filesOf(m model.Media) []mediaFile {
	ending := endingOf(m)
	files := []mediaFile{{path: mediaPath(m.Hash, "", ending), hash: m.Hash, id: m.ID}}
	for _, width := range model.Widths() {
		if width < m.Width {
			files = append(files, mediaFile{path: mediaPath(m.Hash, strconv.Itoa(width), ending), id: m.ID})
		}
	}
	return files
}

// addMedia takes a file in, or notes that it is missing.
func (b *backup) addMedia(f mediaFile) error {
	name := mediaName + "/" + f.path
	if f.info.Path == "" {
		return b.missing(name, f)
	}
	file, err := b.store.media.open(b.work.ctx, f.path, true)
	if absent(err) {
		return b.missing(name, f)
	}
	if err != nil {
		return err
	}
	done, err := b.archive.add(name, f.info.Bytes, f.info.Modified, file)
	if err == nil && f.hash != "" && done.SHA256 != f.hash {
		b.manifest.Missing = append(b.manifest.Missing, name+" (is not what it was)")
	}
	return errors.Join(err, file.Close())
}

// missing notes that a file is missing, unless its record has gone too since the snapshot.
func (b *backup) missing(name string, f mediaFile) error {
	_, err := queryOne(b.work.ctx, b.store.read, value[int64], `SELECT id FROM media WHERE id = $1`, f.id)
	if errors.Is(err, model.ErrNotFound) {
		return errPurged
	}
	b.manifest.Missing = append(b.manifest.Missing, name)
	return err
}

// addContent takes in the articles' folder. Links in it are followed to files, not to folders, as the articles' reader does.
func (b *backup) addContent() error {
	if b.content == "" {
		return nil
	}
	root := filepath.Join(b.store.dir, filepath.FromSlash(b.content))
	return fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // no such folder, or a file that has just gone
		}
		if err != nil || entry.IsDir() {
			return err
		}
		if place := path.Join(b.content, name); !b.manifest.mayHold(place) {
			b.manifest.Missing = append(b.manifest.Missing, place+" (no name for every system)")
		} else if err := b.addFile(place, filepath.Join(root, filepath.FromSlash(name))); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	})
}

func (b *backup) addDemo() error {
	err := b.addFile(demoName, filepath.Join(b.store.dir, demoName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	b.manifest.Demo = err == nil
	return err
}

// addFile takes a small file in, whole as it is at one moment.
func (b *backup) addFile(name, place string) error {
	info, err := os.Stat(place)
	if err != nil || !info.Mode().IsRegular() {
		return err
	}
	data, err := os.ReadFile(place)
	if err != nil {
		return err
	}
	_, err = b.archive.add(name, int64(len(data)), info.ModTime(), bytes.NewReader(data))
	return err
}

// syncFolder makes a rename in it survive a power cut; Windows has no such call and needs none.
func syncFolder(folder string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	dir, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
