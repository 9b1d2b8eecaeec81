package content_test

import (
	"archive/zip"
	"fmt"
	"io"
	"math/rand"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"congso/content"
)

// largeDocument is a .docx of 40 photos of half a megabyte each and their captions, as a file.
func largeDocument(t testing.TB) string {
	t.Helper()
	const photos = 40
	rng := rand.New(rand.NewSource(1))
	name := filepath.Join(t.TempDir(), "lon.docx")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	var xml, rels strings.Builder
	for i := range photos {
		fmt.Fprintf(&rels, `<Relationship Id="p%d" Type="x/image" Target="media/p%d.jpeg"/>`, i, i)
		xml.WriteString(p("", long) + picture(fmt.Sprintf("p%d", i), "") + centred("<w:i/>", fmt.Sprintf("Ảnh số %d", i)))
		noise := make([]byte, 512<<10)
		rng.Read(noise)
		add(t, z, fmt.Sprintf("word/media/p%d.jpeg", i), "\xff\xd8\xff\xe0\x00\x10JFIF\x00"+string(noise))
	}
	add(t, z, "word/document.xml", body(xml.String())["word/document.xml"])
	add(t, z, "word/_rels/document.xml.rels", `<Relationships>`+rels.String()+`</Relationships>`)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return name
}

func add(t testing.TB, z *zip.Writer, name, data string) {
	t.Helper()
	w, err := z.Create(name)
	if err == nil {
		_, err = io.WriteString(w, data)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// readLarge imports a file and reads its pictures one at a time. It returns how many there are, and the bytes of them all.
func readLarge(t testing.TB, name string) (pictures int, size int64) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	got, err := content.ReadWord(f, info.Size(), content.DefaultWordLimits())
	if err != nil {
		t.Fatal(err)
	}
	for i, pic := range got.Pictures {
		if want := fmt.Sprintf("Ảnh số %d", i); pic.Caption != want {
			t.Errorf("caption %q, want %q", pic.Caption, want)
		}
		r, err := pic.Open()
		if err != nil {
			t.Fatal(err)
		}
		n, err := io.Copy(io.Discard, r)
		if err != nil || r.Close() != nil {
			t.Fatal(err)
		}
		size += n
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return len(got.Pictures), size
}

// TestWordLarge holds time and memory: a document of 20 MB takes a fraction of the 15 seconds allowed, and memory for its text only.
func TestWordLarge(t *testing.T) {
	name := largeDocument(t)
	readLarge(t, name) // first use of tables and pools
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := time.Now()
	pictures, size := readLarge(t, name)
	took := time.Since(began)
	runtime.ReadMemStats(&after)
	if pictures != 40 || size < 20<<20 {
		t.Errorf("%d pictures of %d bytes", pictures, size)
	}
	if took > 5*time.Second {
		t.Errorf("took %v", took)
	}
	if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 32<<20 {
		t.Errorf("%d bytes allocated in all", allocated)
	}
}

func BenchmarkReadWord(b *testing.B) {
	name := largeDocument(b)
	b.ReportAllocs()
	for b.Loop() {
		readLarge(b, name)
	}
}
