package content_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"congso/content"
	"congso/store/model"
)

func readPasted(t testing.TB, fragment string) content.Import {
	t.Helper()
	got, err := content.ReadPasted(fragment)
	if err != nil {
		t.Fatal(err)
	}
	checkImport(t, got)
	return got
}

// TestPasted reads fragments in the shape in which programs put them on the clipboard; beside each stands what must come of it.
func TestPasted(t *testing.T) {
	files, err := filepath.Glob("testdata/paste/*.html")
	if err != nil || len(files) < 4 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			golden(t, strings.TrimSuffix(file, ".html")+".md", describe(readPasted(t, readFile(t, file))))
		})
	}
}

// TestPastedPage reads a whole page of the kind of site that the product replaces.
func TestPastedPage(t *testing.T) {
	page := readFile(t, filepath.Join(sharedFolder(t, "samples"), "legacy-page.html"))
	golden(t, "testdata/paste/trang-cu.md", describe(readPasted(t, page)))
}

func TestPastedRefused(t *testing.T) {
	for name, fragment := range map[string]string{
		"too large": strings.Repeat("a", 2<<20+1), "too long": strings.Repeat("chữ ", 120_000), "nested": strings.Repeat("<div>", 1000) + "a",
		"columns": "<table><tr>" + strings.Repeat("<td>a", 60) + "</table>",
	} {
		_, err := content.ReadPasted(fragment)
		var invalid model.Invalid
		if !errors.As(err, &invalid) || invalid["html"] == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := readPasted(t, ""); got.Body != "" || got.Title != "" {
		t.Errorf("of nothing: %+v", got)
	}
}
