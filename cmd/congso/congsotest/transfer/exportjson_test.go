package transfer

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"congso/cmd/congso/congsotest"
	"congso/store/storetest"
)

// carriedState is what an export carries of a data folder: rows and files.
func carriedState(t testing.TB, folder string) map[string]any {
	t.Helper()
	rows := map[string][]string{}
	for table, list := range storetest.Rows(t, filepath.Join(folder, "congso.db")) {
		switch table {
		case "news", "news_tag", "attachment", "meeting_participant", "meeting_task", "section", "unit", "person", "post", "number", "media", "media_use", "media_revision", "revision",
			"audit", "users", "linked_site", "hit_day", "hit_page", "hit_page_total", "hit_total", "listing", "approved_host", "tag":
			slices.Sort(list)
			rows[table] = list
		}
	}
	return map[string]any{"rows": rows, "files": storetest.Files(t, filepath.Join(folder, "media"), "tmp")}
}

// TestExportJSONCommand: the demo is exported beside its server, and imported it is served with the same records.
func TestExportJSONCommand(t *testing.T) {
	t.Parallel()
	folder, to, next := congsotest.DemoData(t), filepath.Join(t.TempDir(), "xuat"), filepath.Join(t.TempDir(), "moi")
	r := congsotest.Start(t, nil, "serve", "--data", folder)
	out := congsotest.Runs(t, nil, "export", "json", to, "--with-secrets", "--data", folder)
	congsotest.MustContain(t, "what export prints", out, " records. ", "Personal telephone numbers", "Hashed passwords and second factors are in it too", "Audit trail: entry ")
	congsotest.MustContain(t, "into a folder with something in it", congsotest.Fail(t, nil, "export", "json", to, "--data", folder).Error(), "the folder is not empty")
	congsotest.MustContain(t, "beside a server", congsotest.Fail(t, nil, "import", "json", to, "--data", folder).Error(), "in use by another congso")
	r.Finish(t)

	congsotest.MustContain(t, "a dry run", congsotest.Runs(t, nil, "import", "json", to, "--dry-run", "--data", next), "news ", " records can be taken; nothing was changed")
	if _, err := os.Stat(next); !os.IsNotExist(err) {
		t.Errorf("a dry run leaves a data folder: %v", err)
	}
	out = congsotest.Runs(t, nil, "import", "json", to, "--data", next)
	congsotest.MustContain(t, "what import prints", out, `of "Sở Nội vụ tỉnh Tân Giang", exported `, "Now start the server.")
	congsotest.MustLack(t, "what import prints", out, "have no password")
	if diff := cmp.Diff(carriedState(t, folder), carriedState(t, next)); diff != "" {
		t.Errorf("-exported +imported:\n%.3000s", diff)
	}
	congsotest.MustContain(t, "again", congsotest.Fail(t, nil, "import", "json", to, "--data", next).Error(), "has records or accounts already", "name a new data folder with --data")
	r = congsotest.Start(t, nil, "serve", "--data", next)
	congsotest.MustContain(t, "home", r.Page(t, "/"), "Sở Nội vụ tỉnh Tân Giang")
	r.Finish(t)

	news := filepath.Join(to, "news.jsonl")
	text, err := os.ReadFile(news)
	if err != nil {
		t.Fatal(err)
	}
	congsotest.WriteFile(t, news, strings.Replace(string(text), `"status":"`, `"status":"no`, 1))
	other := filepath.Join(t.TempDir(), "khac")
	congsotest.MustContain(t, "a file that was changed", congsotest.Fail(t, nil, "import", "json", to, "--data", other).Error(), "news.jsonl: it is not what was exported", "say --changed")
	congsotest.MustContain(t, "a fault", congsotest.Fail(t, nil, "import", "json", to, "--changed", "--data", other).Error(), "there are faults in it, and nothing was imported", "--leave-out-faults")
	congsotest.MustContain(t, "left out", congsotest.Runs(t, nil, "import", "json", to, "--changed", "--leave-out-faults", "--data", other), "news.jsonl:1: status: ", "Imported ")
	congsotest.MustContain(t, "of nothing", congsotest.Fail(t, nil, "import", "json", to+"x", "--data", filepath.Join(t.TempDir(), "y")).Error(), "xuatx")
}

func TestKilledImportJSON(t *testing.T) {
	t.Parallel()
	killJSONImports(t, congsotest.DemoData(t), 3)
}

// killImports kills an import at so many moments from its begin to its end: there is nothing then, and the next one brings all of it, or all of it is there.
func killJSONImports(t *testing.T, folder string, often int) {
	from, whole := filepath.Join(t.TempDir(), "xuat"), filepath.Join(t.TempDir(), "mau")
	congsotest.Program(t) // is built first
	congsotest.Took(t, "export", "json", from, "--data", folder)
	m := congsotest.Moments{Want: often, Whole: congsotest.Took(t, "import", "json", from, "--data", whole)}
	want, outcomes := carriedState(t, whole), map[string]int{}
	for m.More(t) {
		dir := filepath.Join(t.TempDir(), "lan")
		m.Kill(t, "import", "json", from, "--data", dir)
		r := congsotest.Launch(t, nil, "import", "json", from, "--data", dir)
		switch err := r.Wait(t); {
		case err == nil:
			outcomes["nothing"]++
		case strings.Contains(r.Log.String(), "has records or accounts already"):
			outcomes["all"]++
		default:
			t.Fatalf("moment %d: %v\n%s%s", m.Had, err, r.Out, r.Log)
		}
		if diff := cmp.Diff(want, carriedState(t, dir)); diff != "" {
			t.Errorf("moment %d: -want +got:\n%.2000s", m.Had, diff)
		}
		congsotest.CheckRestored(t, fmt.Sprint("moment ", m.Had), dir)
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d of %d killed in the %v that it takes: %v", m.Had, m.Tries, m.Whole, outcomes)
}
