package store_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// entry is one of an archive.
type entry struct {
	tar.Header
	data []byte
}

func readEntries(t *testing.T, archive []byte) (list []entry) {
	t.Helper()
	r := tar.NewReader(bytes.NewReader(archive))
	for {
		head, err := r.Next()
		if errors.Is(err, io.EOF) {
			return list
		}
		must(t, err)
		data, err := io.ReadAll(r)
		must(t, err)
		list = append(list, entry{*head, data})
	}
}

func writeEntries(t *testing.T, list []entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, e := range list {
		e.Size, e.Format = int64(len(e.data)), tar.FormatGNU
		must(t, w.WriteHeader(&e.Header))
		_, err := w.Write(e.data)
		must(t, err)
	}
	must(t, w.Close())
	return b.Bytes()
}

func sha(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// sealed is an archive of the entries, whose manifest names them all and itself, after change has had its way with it.
func sealed(t *testing.T, list []entry, change func(m *store.Manifest)) []byte {
	t.Helper()
	var m store.Manifest
	last := len(list) - 1
	must(t, json.Unmarshal(list[last].data, &m))
	m.Files, m.Self = nil, ""
	for _, e := range list[:last] {
		m.Files = append(m.Files, store.ArchivedFile{Name: e.Name, Bytes: int64(len(e.data)), SHA256: sha(e.data)})
	}
	change(&m)
	text, err := json.MarshalIndent(m, "", "\t")
	must(t, err)
	list = slices.Clone(list)
	list[last].data = bytes.Replace(text, []byte(`"self": ""`), []byte(`"self": "`+sha(text)+`"`), 1)
	return writeEntries(t, list)
}

func unchanged(*store.Manifest) {}

// withDatabase puts another database into the archive.
func withDatabase(t *testing.T, list []entry, data []byte) []byte {
	t.Helper()
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	_, err := zip.Write(data)
	must(t, errors.Join(err, zip.Close()))
	list = slices.Clone(list)
	list[0].data = packed.Bytes()
	return sealed(t, list, func(m *store.Manifest) { m.Database.Bytes, m.Database.SHA256 = int64(len(data)), sha(data) })
}

func unpacked(t *testing.T, e entry) []byte {
	t.Helper()
	zip, err := gzip.NewReader(bytes.NewReader(e.data))
	must(t, err)
	data, err := io.ReadAll(zip)
	must(t, err)
	return data
}

// TestRestoreRefuses: whatever is wrong with an archive is found before anything in the data folder is touched.
func TestRestoreRefuses(t *testing.T) {
	dir, s, clock := filled(t)
	file := filepath.Join(t.TempDir(), "a.tar")
	backedUp(t, dir, s, file)
	must(t, s.Close())
	archive, err := os.ReadFile(file)
	must(t, err)
	whole := readEntries(t, archive)
	if whole[0].Name != "congso.db.gz" || whole[len(whole)-1].Name != "manifest.json" || len(whole) < 7 {
		t.Fatalf("%d entries from %s to %s", len(whole), whole[0].Name, whole[len(whole)-1].Name)
	}
	must(t, os.WriteFile(file, sealed(t, whole, unchanged), 0o600))
	if _, err := store.CheckBackup(context.Background(), file, nil); err != nil {
		t.Fatalf("the archive as the test writes it: %v", err)
	}
	cases := damages(t, archive, whole)
	before := state(t, dir)
	for name, data := range cases {
		must(t, os.WriteFile(file, data, 0o600))
		if _, err := store.CheckBackup(context.Background(), file, nil); err == nil {
			t.Errorf("%s: taken for whole", name)
		}
		_, err := store.Restore(context.Background(), dir, file, clock.Now(), nil)
		wrongProgram := strings.HasPrefix(name, "newer")
		if err == nil || errors.Is(err, store.ErrBadArchive) == wrongProgram || wrongProgram && !strings.Contains(err.Error(), "knows only") {
			t.Errorf("%s: %v", name, err)
		}
		if entries, err := os.ReadDir(dir); err != nil || len(entries) != 4 {
			t.Errorf("%s: left %v, %v", name, entries, err)
		}
	}
	if diff := cmp.Diff(before, state(t, dir)); diff != "" {
		t.Errorf("-before +after:\n%s", diff)
	}
}

// damages are archives of which none is whole.
func damages(t *testing.T, archive []byte, whole []entry) map[string][]byte {
	t.Helper()
	last := len(whole) - 1
	cases := map[string][]byte{
		"empty":                     {},
		"no archive":                bytes.Repeat([]byte("Không phải bản sao lưu. "), 100),
		"without its manifest":      writeEntries(t, whole[:last]),
		"an entry missing":          writeEntries(t, slices.Delete(slices.Clone(whole), 2, 3)),
		"an entry twice":            writeEntries(t, slices.Insert(slices.Clone(whole), 1, whole[1])),
		"an entry too many":         writeEntries(t, slices.Insert(slices.Clone(whole), 1, entry{tar.Header{Name: "media/aa/" + strings.Repeat("a", 64), Mode: 0o600}, nil})),
		"one after the manifest":    writeEntries(t, append(slices.Clone(whole), whole[1])),
		"without its database":      sealed(t, whole[1:], unchanged),
		"newer format":              sealed(t, whole, func(m *store.Manifest) { m.Format++ }),
		"newer schema":              sealed(t, whole, func(m *store.Manifest) { m.Schema = 99999 }),
		"another schema":            sealed(t, whole, func(m *store.Manifest) { m.Schema-- }),
		"another audit trail":       sealed(t, whole, func(m *store.Manifest) { m.AuditHash = sha(nil) }),
		"another database size":     sealed(t, whole, func(m *store.Manifest) { m.Database.Bytes-- }),
		"a negative database":       sealed(t, whole, func(m *store.Manifest) { m.Database.Bytes = -1 }),
		"a boundless database":      sealed(t, whole, func(m *store.Manifest) { m.Database.Bytes = 1<<63 - 1 }),
		"a very long name":          sealed(t, slices.Insert(slices.Clone(whole), 1, entry{tar.Header{Name: "bai-viet/" + strings.Repeat("a/", 3000) + "x", Mode: 0o600}, []byte("x")}), unchanged),
		"sample data that are none": sealed(t, whole, func(m *store.Manifest) { m.Demo = true }),
		"a manifest written over":   bytes.Replace(archive, []byte("Sở Thử nghiệm"), []byte("Sở Thử nghiệp"), 1),
		"a file its records name":   sealed(t, slices.DeleteFunc(slices.Clone(whole), func(e entry) bool { return strings.HasSuffix(e.Name, "-640.jpg") }), unchanged),
	}
	for _, size := range []int{1, 511, 512, 4000, len(archive) / 2, len(archive) - 1025, len(archive) - 2000} {
		cases["cut after "+string(rune('a'+len(cases)))] = archive[:size]
	}
	for _, folder := range []string{"media", "congso.db", "..", "../x", "/tmp", "lock", "restore-x", "a/../..", "Media", "MEDIA.", "Congso.DB-wal", "LOCK", "Restoring ", "snapshots", "before-rollback-x", "acme"} {
		moved := slices.Clone(whole)
		for i, e := range moved {
			if rest, ok := strings.CutPrefix(e.Name, "bai-viet/"); ok {
				moved[i].Name = folder + "/" + rest
			}
		}
		cases["articles in "+folder] = sealed(t, moved, func(m *store.Manifest) { m.Content = folder })
	}
	for _, name := range []string{"../x", "/tmp/x", "media/../../x", "media/x", "media/aa/" + strings.Repeat("b", 64), "congso.db", "congso.db-wal", "lock", "bai-viet/../x", `bai-viet\x`, "bai-viet/c:x", "./bai-viet/x", "bai-viet//x", "restoring", "khac/x"} {
		cases["an entry "+name] = sealed(t, slices.Insert(slices.Clone(whole), 1, entry{tar.Header{Name: name, Mode: 0o600}, []byte("x")}), unchanged)
	}
	for kind, flag := range map[string]byte{"symbolic link": tar.TypeSymlink, "hard link": tar.TypeLink, "sparse file": tar.TypeGNUSparse, "pipe": tar.TypeFifo, "folder": tar.TypeDir, "device": tar.TypeChar} {
		cases["a "+kind] = sealed(t, slices.Insert(slices.Clone(whole), 1, entry{tar.Header{Name: "bai-viet/x", Typeflag: flag, Linkname: "/etc/passwd"}, nil}), unchanged)
	}
	for i, e := range whole {
		if len(e.data) == 0 {
			continue
		}
		for where, at := range map[string]int{"begin": 0, "middle": len(e.data) / 2, "end": len(e.data) - 1} {
			cases["a bit in the "+where+" of "+e.Name] = flipped(archive, bytes.Index(archive, e.data)+at)
		}
		if i > 0 {
			cases["a bit in the head of "+e.Name] = flipped(archive, bytes.Index(archive, e.data)-512+120)
		}
	}
	database := unpacked(t, whole[0])
	cases["a database of zeros"] = withDatabase(t, whole, make([]byte, len(database)))
	cases["no database at all"] = withDatabase(t, whole, []byte("chữ"))
	cases["half a database"] = withDatabase(t, whole, database[:len(database)/2])
	torn := slices.Clone(database)
	for page := 4096 * 5; page+4096 <= len(torn); page += 4096 * 7 {
		copy(torn[page:page+64], bytes.Repeat([]byte{0xa5}, 64))
	}
	cases["a torn database"] = withDatabase(t, whole, torn)
	cases["a database torn where nobody reads now"] = withDatabase(t, whole, tornTable(t, database, "session"))
	return cases
}

// tornTable is a database with noise in the place of a table's first page.
func tornTable(t *testing.T, database []byte, table string) []byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "a.db")
	must(t, os.WriteFile(file, database, 0o600))
	db, err := sql.Open("sqlite", "file:"+file)
	must(t, err)
	var page int
	must(t, db.QueryRow("SELECT rootpage FROM sqlite_master WHERE name = $1", table).Scan(&page))
	must(t, db.Close())
	torn := slices.Clone(database)
	copy(torn[(page-1)*4096:page*4096], bytes.Repeat([]byte{0xa5}, 4096))
	return torn
}

// TestRestoreClaims: an archive whose content would fill the disk is refused before any of it is unpacked.
func TestRestoreClaims(t *testing.T) {
	dir, s, clock := filled(t)
	file := filepath.Join(t.TempDir(), "a.tar")
	backedUp(t, dir, s, file)
	must(t, s.Close())
	archive, err := os.ReadFile(file)
	must(t, err)
	before := state(t, dir)
	for _, size := range []int64{1 << 45, 1 << 48} {
		must(t, os.WriteFile(file, sealed(t, readEntries(t, archive), func(m *store.Manifest) { m.Database.Bytes = size }), 0o600))
		begun := func(what string, _, _ int64) { t.Errorf("%d bytes: %s", size, what) }
		if _, err := store.CheckBackup(context.Background(), file, begun); !errors.Is(err, model.ErrDiskFull) {
			t.Errorf("%d bytes: %v", size, err)
		}
		if _, err := store.Restore(context.Background(), dir, file, clock.Now(), begun); !errors.Is(err, model.ErrDiskFull) {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
	if diff := cmp.Diff(before, state(t, dir)); diff != "" {
		t.Errorf("-before +after:\n%s", diff)
	}
}

func flipped(archive []byte, at int) []byte {
	other := slices.Clone(archive)
	other[at] ^= 0x10
	return other
}

// journal is the file that says that a swap has begun.
type journal struct {
	Stage string   `json:"stage"`
	Kept  string   `json:"kept"`
	Old   []string `json:"old"`
	New   []string `json:"new"`
}

// TestRestoreInterrupted: a restore that was ended between any two steps of its swap is finished by whoever comes next, and nobody opens
// the records before. One that was ended before its swap leaves the old records, and none of its files.
func TestRestoreInterrupted(t *testing.T) {
	old, s, clock := filled(t)
	file := filepath.Join(t.TempDir(), "a.tar")
	backedUp(t, old, s, file)
	storetest.Section(t, s, "Chuyên mục mới")
	must(t, s.Close())
	restored := filepath.Join(t.TempDir(), "moi")
	must(t, os.Mkdir(restored, 0o700))
	_, err := store.Restore(context.Background(), restored, file, clock.Now(), nil)
	must(t, err)
	wantOld, wantNew := state(t, old), state(t, restored)
	j := journal{"restore-x.part", "before-restore-x", []string{"congso.db", "media", "bai-viet"}, []string{"congso.db", "media", "bai-viet"}}
	for steps := -1; steps <= 6; steps++ {
		dir := filepath.Join(t.TempDir(), "data")
		must(t, os.CopyFS(dir, os.DirFS(old)))
		must(t, os.CopyFS(filepath.Join(dir, j.Stage), os.DirFS(restored)))
		want := wantOld
		if steps >= 0 {
			want = wantNew
			text, err := json.Marshal(j)
			must(t, err)
			must(t, os.WriteFile(filepath.Join(dir, "restoring"), text, 0o600))
			must(t, os.MkdirAll(filepath.Join(dir, j.Kept), 0o700))
			if _, err := store.Open(context.Background(), store.Options{Dir: dir, Renderer: storetest.Renderer(), Beside: true}); !errors.Is(err, store.ErrRestoring) {
				t.Errorf("%d steps: opened: %v", steps, err)
			}
		}
		for i := range max(0, steps) {
			from, to := dir, filepath.Join(dir, j.Kept)
			if i >= len(j.Old) {
				from, to = filepath.Join(dir, j.Stage), dir
			}
			name := j.Old[i%len(j.Old)]
			must(t, os.Rename(filepath.Join(from, name), filepath.Join(to, name)))
		}
		must(t, store.FinishRestore(dir))
		must(t, store.FinishRestore(dir)) // does nothing
		if diff := cmp.Diff(want, state(t, dir)); diff != "" {
			t.Errorf("%d steps: -want +got:\n%s", steps, diff)
		}
		if steps >= 0 {
			if diff := cmp.Diff(wantOld, state(t, filepath.Join(dir, j.Kept))); diff != "" {
				t.Errorf("%d steps: kept: -want +got:\n%s", steps, diff)
			}
		}
	}
}

// TestRestoreStopped: one that is stopped before its swap changes nothing.
func TestRestoreStopped(t *testing.T) {
	dir, s, clock := filled(t)
	file := filepath.Join(t.TempDir(), "a.tar")
	backedUp(t, dir, s, file)
	storetest.Section(t, s, "Chuyên mục mới")
	must(t, s.Close())
	want := state(t, dir)
	for _, at := range []string{"Reading the archive", "Checking the database"} {
		ctx, cancel := context.WithCancel(context.Background())
		_, err := store.Restore(ctx, dir, file, clock.Now(), func(what string, _, _ int64) {
			if what == at {
				cancel()
			}
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", at, err)
		}
		if diff := cmp.Diff(want, state(t, dir)); diff != "" {
			t.Errorf("%s: -before +after:\n%s", at, diff)
		}
		cancel()
	}
}

// TestRestoreUnderAnother: a program that has the database open would go on writing into the file that was put aside.
func TestRestoreUnderAnother(t *testing.T) {
	dir, s, clock := filled(t)
	file := filepath.Join(t.TempDir(), "a.tar")
	backedUp(t, dir, s, file)
	storetest.Section(t, s, "Chuyên mục mới")
	must(t, s.Close())
	want := state(t, dir)
	other, err := store.Open(context.Background(), store.Options{Dir: dir, Renderer: storetest.Renderer()})
	must(t, err)
	_, err = store.Restore(context.Background(), dir, file, clock.Now(), nil)
	if err == nil || !strings.Contains(err.Error(), "another program has it open") {
		t.Errorf("error %v", err)
	}
	must(t, other.Close())
	if diff := cmp.Diff(want, state(t, dir)); diff != "" {
		t.Errorf("-before +after:\n%s", diff)
	}
	if _, err = store.Restore(context.Background(), dir, file, clock.Now(), nil); err != nil {
		t.Error(err)
	}
}
