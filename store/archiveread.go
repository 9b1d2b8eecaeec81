package store

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/gzip"
)

// ErrBadArchive: an archive is not what was once written, or no archive of a portal.
var ErrBadArchive = errors.New("damaged archive")

// What an archive may have at most, so that one made to harm does not fill the memory: entries, bytes of an entry's name, and bytes of a
// manifest, which are more than that of so many files has.
const (
	maxEntries   = 1 << 20
	maxEntryName = 4096
	maxManifest  = 512 << 20
)

// archive is one that is open for reading, with a manifest that fits its entries.
type archive struct {
	file     *os.File
	work     *work
	manifest Manifest
	sizes    map[string]int64 // of the entries but the manifest
}

// openArchive opens an archive whose entries are those that its manifest names, neither fewer nor more, in their sizes; their content is
// not looked at yet. The error is ErrBadArchive when it is not so.
func openArchive(w *work, path string) (a *archive, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	a = &archive{file: file, work: w, sizes: map[string]int64{}}
	if err := a.readEntries(); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return a, nil
}

// readEntries skips through the archive from head to head.
func (a *archive) readEntries() error {
	entries, whole := tar.NewReader(a.file), false
	for {
		head, err := entries.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("%w: %w", ErrBadArchive, err)
		}
		if _, twice := a.sizes[head.Name]; twice || whole {
			return fmt.Errorf("%w: the entry %q comes twice, or after the manifest", ErrBadArchive, head.Name)
		}
		if len(a.sizes) == maxEntries || len(head.Name) > maxEntryName {
			return fmt.Errorf("%w: more than %d entries, or a name of more than %d bytes", ErrBadArchive, maxEntries, maxEntryName)
		}
		if head.Typeflag != tar.TypeReg || len(head.PAXRecords) > 0 {
			return fmt.Errorf("%w: %q is no plain file", ErrBadArchive, head.Name)
		}
		if head.Name != manifestName {
			a.sizes[head.Name] = head.Size
			continue
		}
		if whole = true; head.Size > maxManifest {
			return fmt.Errorf("%w: a manifest of %d bytes", ErrBadArchive, head.Size)
		}
		if err := a.readManifest(entries); err != nil {
			return err
		}
	}
	if !whole {
		return fmt.Errorf("%w: it has no manifest, so it was cut short or is no backup of a portal", ErrBadArchive)
	}
	if err := a.hasEnd(); err != nil {
		return err
	}
	return a.fits()
}

// hasEnd holds that the file ends as a tar file does: the reader of the entries would not miss that.
func (a *archive) hasEnd() error {
	info, err := a.file.Stat()
	if err != nil {
		return err
	}
	end := make([]byte, 2*tarBlock)
	_, err = a.file.ReadAt(end, max(0, info.Size()-2*tarBlock))
	if err != nil || info.Size()%tarBlock != 0 || !bytes.Equal(end, make([]byte, 2*tarBlock)) {
		return fmt.Errorf("%w: its end was cut off", ErrBadArchive)
	}
	return nil
}

func (a *archive) readManifest(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrBadArchive, err)
	}
	if bytes.Count(text, []byte{','}) > 8*maxEntries { // what is decoded takes up to 16 times the room of its text
		return fmt.Errorf("%w: a manifest that names too much", ErrBadArchive)
	}
	a.manifest, err = decodeManifest(text)
	return err
}

// fits holds that manifest and entries agree.
func (a *archive) fits() error {
	m := &a.manifest
	named := map[string]bool{}
	for _, f := range m.Files {
		size, there := a.sizes[f.Name]
		switch {
		case named[f.Name] || !m.mayHold(f.Name):
			return fmt.Errorf("%w: it may not hold %q", ErrBadArchive, f.Name)
		case !there:
			return fmt.Errorf("%w: %q is missing", ErrBadArchive, f.Name)
		case size != f.Bytes:
			return fmt.Errorf("%w: %q has %d bytes, not %d", ErrBadArchive, f.Name, size, f.Bytes)
		}
		named[f.Name] = true
	}
	for name := range a.sizes {
		if !named[name] {
			return fmt.Errorf("%w: the manifest does not name %q", ErrBadArchive, name)
		}
	}
	if !named[packedName] || m.Database.Name != databaseName || m.Demo != named[demoName] {
		return fmt.Errorf("%w: it has no database, or another one than the manifest says", ErrBadArchive)
	}
	known, err := newestSchema()
	if err == nil && m.Schema > known {
		err = fmt.Errorf("the backup has schema %d, this program knows only %d: use program %s or a newer one", m.Schema, known, m.Program)
	}
	return err
}

// read holds that every entry has the content that the manifest says. Each goes to where place says, unless that is "".
func (a *archive) read(place func(name string) string) error {
	if _, err := a.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	info, err := a.file.Stat()
	if err != nil {
		return err
	}
	a.work.begin("Reading the archive", info.Size())
	entries, want := tar.NewReader(a.file), map[string]ArchivedFile{}
	for _, f := range a.manifest.Files {
		want[f.Name] = f
	}
	for {
		head, err := entries.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w: %w", ErrBadArchive, err)
		}
		switch head.Name {
		case manifestName:
		case packedName:
			err = a.unpack(entries, want[packedName], place(databaseName))
		default:
			err = a.extract(entries, want[head.Name], place(head.Name))
		}
		if err != nil {
			return err
		}
	}
}

// hasRoom is model.ErrDiskFull unless each folder to which place says that entries go has room for all that go there.
func (a *archive) hasRoom(place func(name string) string) error {
	need := a.manifest.Database.Bytes
	for name, size := range a.sizes {
		if name != packedName && place(name) != "" {
			need += size
		}
	}
	return roomFor(filepath.Dir(place(databaseName)), need)
}

// extract copies an entry to a file, "" for none.
func (a *archive) extract(entry io.Reader, want ArchivedFile, to string) error {
	sum := sha256.New()
	n, err := a.writing(to, func(w io.Writer) (int64, error) { return a.work.copy(entry, sum, w) })
	if err == nil && (n != want.Bytes || hexSum(sum) != want.SHA256) {
		err = fmt.Errorf("%w: the content of %q is not what the manifest says", ErrBadArchive, want.Name)
	}
	return err
}

// unpack copies the database, uncompressed.
func (a *archive) unpack(entry io.Reader, want ArchivedFile, to string) error {
	packed := &counted{to: io.Discard, sum: sha256.New()}
	source := io.TeeReader(entry, packed)
	whole, raw := sha256.New(), a.manifest.Database
	n, err := a.writing(to, func(w io.Writer) (int64, error) {
		zip, err := gzip.NewReader(source)
		if err != nil {
			return 0, fmt.Errorf("%w: %s: %w", ErrBadArchive, want.Name, err)
		}
		quiet := work{ctx: a.work.ctx, gentle: a.work.gentle}
		n, err := quiet.copy(io.LimitReader(damagedReader{zip}, raw.Bytes+1), whole, w)
		if err == nil {
			_, err = io.Copy(io.Discard, source)
		}
		return n, err
	})
	if err != nil {
		return err
	}
	if packed.n != want.Bytes || hexSum(packed.sum) != want.SHA256 || n != raw.Bytes || hexSum(whole) != raw.SHA256 {
		return fmt.Errorf("%w: the content of %q is not what the manifest says", ErrBadArchive, want.Name)
	}
	return a.work.add(packed.n)
}

// damagedReader makes of whatever keeps a reader from reading ErrBadArchive.
type damagedReader struct{ io.Reader }

func (d damagedReader) Read(p []byte) (int, error) {
	n, err := d.Reader.Read(p)
	if err != nil && err != io.EOF {
		err = fmt.Errorf("%w: %w", ErrBadArchive, err)
	}
	return n, err
}

// writing calls write with a new file, which is on the disk afterwards; with a writer to nowhere for "".
func (a *archive) writing(to string, write func(io.Writer) (int64, error)) (n int64, err error) {
	if to == "" {
		return write(io.Discard)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return 0, err
	}
	file, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, err
	}
	if n, err = write(file); err == nil {
		err = file.Sync()
	}
	return n, errors.Join(err, file.Close())
}

// checkDatabase holds that the unpacked database is sound and the one that the manifest means.
func (a *archive) checkDatabase(path string) (err error) {
	db, err := openImmutable(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	a.work.begin("Checking the database", 1)
	ctx := context.WithoutCancel(a.work.ctx)
	if err := soundCopy(ctx, db); err != nil {
		return fmt.Errorf("%w: database: %w", ErrBadArchive, err)
	}
	var said Manifest
	if err := said.readRecords(ctx, db); err != nil {
		return fmt.Errorf("%w: database: %w", ErrBadArchive, err)
	}
	m := &a.manifest
	if said.Schema != m.Schema || said.AuditEntry != m.AuditEntry || said.AuditHash != m.AuditHash {
		return fmt.Errorf("%w: its database is not the one that the manifest means", ErrBadArchive)
	}
	if err := a.hasMedia(ctx, db); err != nil {
		return err
	}
	return a.work.add(1)
}

// hasMedia holds that every file that a record names is in the archive, or said to be missing.
func (a *archive) hasMedia(ctx context.Context, db querier) error {
	media, err := queryAll(ctx, db, scanMedia, `SELECT `+mediaColumns+` FROM media`)
	if err != nil {
		return fmt.Errorf("%w: database: %w", ErrBadArchive, err)
	}
	missing := map[string]bool{}
	for _, name := range a.manifest.Missing {
		missing[name] = true
	}
	for _, m := range media {
		for _, f := range filesOf(m) {
			name := mediaName + "/" + f.path
			if _, there := a.sizes[name]; !there && !missing[name] {
				return fmt.Errorf("%w: %q, which a record names, is missing", ErrBadArchive, name)
			}
		}
	}
	return nil
}

// CheckBackup holds that an archive is whole: each entry, its hash, and the database in it. That is unpacked in a temporary folder
// meanwhile. The error is ErrBadArchive when it is not, model.ErrDiskFull when there is no room.
func CheckBackup(ctx context.Context, file string, progress Progress) (m Manifest, err error) {
	folder, err := os.MkdirTemp("", "congso-check-")
	if err != nil {
		return m, fmt.Errorf("check %s: %w", file, diskFull(err))
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	place := func(name string) string {
		if name == databaseName {
			return filepath.Join(folder, name)
		}
		return ""
	}
	a, err := checkInto(ctx, file, progress, place)
	if err != nil {
		return m, fmt.Errorf("check %s: %w", file, diskFull(err))
	}
	return a.manifest, nil
}

// checkInto holds that an archive is whole, and puts its entries where place says.
func checkInto(ctx context.Context, file string, progress Progress, place func(name string) string) (a *archive, err error) {
	a, err = openArchive(&work{ctx: ctx, progress: progress}, file)
	if err != nil {
		return nil, err
	}
	if err = a.hasRoom(place); err == nil {
		err = a.read(place)
	}
	if err == nil {
		err = a.checkDatabase(place(databaseName))
	}
	return a, errors.Join(err, a.file.Close())
}
