package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// exportOf is a copy of an export that a test may change.
func exportOf(t *testing.T, from string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "xuat")
	must(t, os.CopyFS(to, os.DirFS(from)))
	return to
}

// changeLine replaces a text in a line of a file, counted from 1.
func changeLine(t *testing.T, file string, line int, old, with string) {
	t.Helper()
	text, err := os.ReadFile(file)
	must(t, err)
	lines := bytes.SplitAfter(text, []byte("\n"))
	if !bytes.Contains(lines[line-1], []byte(old)) {
		t.Fatalf("%s:%d has no %s: %s", file, line, old, lines[line-1])
	}
	lines[line-1] = bytes.Replace(lines[line-1], []byte(old), []byte(with), 1)
	must(t, os.WriteFile(file, slices.Concat(lines...), 0o600))
}

// emptyFolder is a new data folder.
func emptyFolder(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	must(t, os.Mkdir(dir, 0o700))
	return dir
}

// jsonFaultCase is what may be wrong with a line: where, what is changed to what, and the fault's text.
type jsonFaultCase struct {
	name, file string
	line       int
	old, with  string
	says       string
}

var jsonFaults = []jsonFaultCase{
	{"no title", "news.jsonl", 3, `"title":"Tin số 2",`, ``, "title is missing"},
	{"an empty title", "news.jsonl", 4, `"title":"Tin số 3"`, `"title":""`, "Tin chưa có tiêu đề."},
	{"an unknown field", "news.jsonl", 5, `{`, `{"body_html":"<script>",`, `there is no field "body_html" here`},
	{"no JSON", "news.jsonl", 6, `{`, `{{`, "invalid character"},
	{"no object", "tags.jsonl", 1, `{`, `[{`, "unexpected end of JSON input"},
	{"a slug twice", "news.jsonl", 7, `"slug":"tin-so-6"`, `"slug":"tin-so-1"`, "UNIQUE constraint failed: news.slug"},
	{"a number twice", "news.jsonl", 8, `"id":8,`, `"id":2,`, "UNIQUE constraint failed: news.id"},
	{"a reserved slug", "people.jsonl", 2, `"slug":"tran-thi-binh"`, `"slug":"Trần Bình"`, "slug"},
	{"a status", "news.jsonl", 9, `"status":"published"`, `"status":"gone"`, `status: "gone" is none of draft, review`},
	{"a time", "news.jsonl", 10, `"publish_at":"2023-07-05T11:00:00+07:00"`, `"publish_at":"05/07/2023"`, `publish_at: "05/07/2023" is no time like`},
	{"a day", "people.jsonl", 2, `"from_day":"2020-01-01"`, `"from_day":"2020-02-30"`, `posts[0]: from_day: "2020-02-30" is no day like`},
	{"a telephone number", "people.jsonl", 2, `"e164":"+84900000102"`, `"e164":"+8412"`, "numbers"},
	{"a list", "meetings.jsonl", 2, `"figures":[`, `"figures":7,"x":[`, "figures is no list"},
	{"a role in a list", "meetings.jsonl", 2, `"role":"chair"`, `"role":"boss"`, `participants[0]: role: "boss" is none of`},
	{"a section that is not there", "news.jsonl", 11, `"section_id":1,`, `"section_id":999,`, "it refers to a record that is not there"},
	{"a unit that is not there", "meetings.jsonl", 2, `"unit_id":2,`, `"unit_id":999,`, "unit_id refers to a record of unit that is not there"},
	{"an owner that is not there", "news.jsonl", 12, `"owner_id":null`, `"owner_id":999`, "owner_id refers to a record of users that is not there"},
	{"a parent that is not there", "sections.jsonl", 3, `"parent_id":2`, `"parent_id":999`, "parent_id refers to a record of section that is not there"},
	{"a zero byte", "news.jsonl", 13, `Tin số 12`, `Tin\u0000số 12`, "zero byte"},
	{"a secret of the portal", "settings.jsonl", 1, `"name":"audit_head"`, `"name":"login_key"`, "belongs to one database"},
	{"a password that burns the server", "users.jsonl", 1, `"password_hash":""`, `"password_hash":"$argon2id$v=19$m=4194304,t=9,p=4$c2FsdHNhbHRzYWx0c2FsdA$a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2U"`, "password_hash"},
	{"a redirect to a script", "redirects.jsonl", 1, `"to_path":"/tin-tuc`, `"to_path":"javascript:`, "Địa chỉ mới phải"},
	{"a hash that is a path", "media.jsonl", 1, `"hash":"`, `"hash":"../../`, "hash: it is no SHA-256"},
	{"a type that browsers run", "media.jsonl", 2, `"mime":"text/plain`, `"mime":"text/html`, "is not offered as text/html"},
	{"a picture of another size", "media.jsonl", 1, `"width":700`, `"width":701`, "pixels"},
	{"a picture that is too large", "media.jsonl", 1, `"width":700`, `"width":70000`, "it is no picture of this program"},
	{"a field twice", "news.jsonl", 14, `"slug":`, `"slug":"khac","slug":`, `the field "slug" is there twice`},
	{"a number that PostgreSQL does not take", "news.jsonl", 15, `"revision":1`, `"revision":2147483648`, "revision: 2147483648 is out of range"},
	{"no number", "news.jsonl", 16, `"revision":1`, `"revision":1e3`, "revision: 1e3 is no whole number"},
	{"fewer than no views", "views-by-page.jsonl", 1, `"views":`, `"views":-`, "views: -"},
	{"views that overflow", "views-by-day.jsonl", 1, `"views":5`, `"views":9223372036854775807`, "views: 9223372036854775807 is out of range"},
	{"a month", "views-by-page-and-month.jsonl", 1, `"2026-06"`, `"2026-13"`, `month: "2026-13" is no month`},
	{"a day of views", "views-by-page-and-day.jsonl", 1, `"2026-06-14"`, `"2026-06-31"`, "is no day like"},
	{"a section below itself", "sections.jsonl", 2, `"parent_id":null`, `"parent_id":2`, "parent_id leads back to the record itself"},
	{"a revision that is no record", "revisions.jsonl", 1, `{"kind"`, `{"kind":"news","record_id":1,"number":99,"data":"no record"}` + "\n" + `{"kind"`, "data: it is no JSON"},
	{"a setting", "settings.jsonl", 2, `"value":{`, `"value":{"Phone":7,`, "value: json"},
}

// TestImportJSONFaults: each fault is named with its file and line, and nothing is imported.
func TestImportJSONFaults(t *testing.T) {
	t.Parallel()
	_, from, _ := exported(t, store.ExportJSONOptions{Secrets: true})
	for left := jsonFaults; len(left) > 0; { // as many in one export as have lines of their own
		bad, dir, now, taken := exportOf(t, from), emptyFolder(t), left[:0:0], map[string]bool{}
		left = slices.DeleteFunc(slices.Clone(left), func(c jsonFaultCase) bool {
			place := fmt.Sprint(c.file, c.line)
			if taken[place] {
				return false
			}
			taken[place], now = true, append(now, c)
			changeLine(t, filepath.Join(bad, c.file), c.line, c.old, c.with)
			return true
		})
		_, err := store.ImportJSON(context.Background(), moving(dir, ""), importing(bad))
		if err == nil || !strings.Contains(err.Error(), "it is not what was exported") {
			t.Errorf("files that were changed: %v", err)
		}
		done, err := store.ImportJSON(context.Background(), moving(dir, ""), store.ImportJSONOptions{From: bad, Changed: true})
		if !errors.Is(err, store.ErrJSONFaults) {
			t.Fatalf("%v: %v", err, done.Faults)
		}
		for _, c := range now {
			if !slices.ContainsFunc(done.Faults, func(f store.JSONFault) bool {
				return f.File == c.file && f.Line == c.line && strings.Contains(f.Text, c.says)
			}) {
				t.Errorf("%s: no fault at %s:%d that says %q: %v", c.name, c.file, c.line, c.says, done.Faults)
			}
		}
		if names, err := os.ReadDir(dir); err != nil || len(names) > 0 {
			t.Errorf("left behind: %v, %v", names, err)
		}
	}
}

// TestImportJSONLeavesOut: what has faults is left out with what cannot do without it; references that need not be there are emptied; a trail that
// was changed is taken only then.
func TestImportJSONLeavesOut(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	_, from, p := exported(t, store.ExportJSONOptions{Secrets: true})
	changeLine(t, filepath.Join(from, "users.jsonl"), 2, `"role":"author"`, `"role":"king"`) // owns a working copy and a proposal
	changeLine(t, filepath.Join(from, "sections.jsonl"), 2, `"slug":"thong-bao"`, `"slug":"!"`)
	changeLine(t, filepath.Join(from, "audit.jsonl"), 4, `"action":"create"`, `"action":"update"`)
	wanted := store.ImportJSONOptions{From: from, Changed: true, LeaveOut: true}
	dir := emptyFolder(t)
	done, err := store.ImportJSON(ctx, moving(dir, ""), wanted)
	must(t, err)
	for name, left := range map[string]int64{"users": 1, "sections": 1, "news": 1, "proposals": 1, "working-copies": 0, "meetings": 0, "media": 0, "audit": 0, "revisions": 0} {
		if p.Records[name]-done.Records[name] != left {
			t.Errorf("%s: %d of %d", name, done.Records[name], p.Records[name])
		}
	}
	for _, want := range []string{"users.jsonl:2: role", "sections.jsonl:2: invalid: slug", "news.jsonl:21: it refers to", "proposals.jsonl:1: owner_id refers", "sections.jsonl:3: parent_id refers", "audit.jsonl: "} {
		if !slices.ContainsFunc(done.Faults, func(f store.JSONFault) bool { return strings.HasPrefix(f.String(), want) }) {
			t.Errorf("no fault %q: %v", want, done.Faults)
		}
	}
	s := storetest.Open(t, store.Options{Dir: dir})
	for query, want := range map[string]int64{
		`SELECT COUNT(*) FROM news`: p.Records["news"] - 1, `SELECT COUNT(*) FROM section WHERE parent_id IS NULL`: p.Records["sections"] - 1,
		`SELECT COUNT(*) FROM meeting WHERE news_id IS NULL`: 2, `SELECT COUNT(*) FROM pragma_foreign_key_check()`: 0,
		`SELECT COUNT(*) FROM news_tag`: 0, `SELECT COUNT(*) FROM media_use WHERE kind = 'news'`: 0,
	} {
		if n := s.ID(t, query); n != want {
			t.Errorf("%s: %d, want %d", query, n, want)
		}
	}
	wanted.LeaveOut = false
	whole := exportOf(t, from)
	changeLine(t, filepath.Join(whole, "users.jsonl"), 2, `"role":"king"`, `"role":"author"`)
	changeLine(t, filepath.Join(whole, "sections.jsonl"), 2, `"slug":"!"`, `"slug":"thong-bao"`)
	wanted.From = whole
	if _, err := store.ImportJSON(ctx, moving(emptyFolder(t), ""), wanted); !errors.Is(err, store.ErrAuditBroken) {
		t.Errorf("a trail that was changed: %v", err)
	}
}

// TestImportJSONFiles: files that are not what their records say do not come in, smaller sizes that are missing are made, and files that the export itself
// did not have are named.
func TestImportJSONFiles(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	origin, from, _ := exported(t, store.ExportJSONOptions{})
	var main, small, text string
	for name := range storetest.Files(t, filepath.Join(from, "media")) {
		switch {
		case strings.HasSuffix(name, "-320.jpg"):
			small = filepath.Join(from, "media", name)
			main = strings.Replace(small, "-320", "", 1)
		case !strings.Contains(name, "."):
			text = filepath.Join(from, "media", name)
		}
	}
	for name, c := range map[string]struct {
		change func(place string) error
		file   string
		says   string
	}{
		"another content": {func(place string) error { return os.WriteFile(place, []byte("khác"), 0o600) }, main, "is not what its name says"},
		"no file":         {os.Remove, text, "is not there"},
		"a link elsewhere": {func(place string) error {
			return errors.Join(os.Remove(place), os.Symlink("/etc/passwd", place))
		}, text, "is no file"},
		"a page as a smaller size":   {func(place string) error { return os.WriteFile(place, []byte("<html><script>"), 0o600) }, small, "it is text/html"},
		"a picture of another width": {func(place string) error { return os.WriteFile(place, encoded(t, photo(321, 100), "jpeg"), 0o600) }, small, "it has 321 × 100 pixels"},
	} {
		bad := exportOf(t, from)
		inside, err := filepath.Rel(from, c.file)
		must(t, err)
		must(t, c.change(filepath.Join(bad, inside)))
		done, err := store.ImportJSON(ctx, moving(emptyFolder(t), ""), importing(bad))
		if !errors.Is(err, store.ErrJSONFaults) || len(done.Faults) != 1 || done.Faults[0].File != "media.jsonl" || !strings.Contains(done.Faults[0].Text, c.says) {
			t.Errorf("%s: %v: %v", name, err, done.Faults)
		}
	}
	inside, err := filepath.Rel(from, text)
	must(t, err)
	must(t, os.WriteFile(filepath.Join(origin, inside), []byte("hỏng"), 0o600)) // the export tells of it, and the import takes the rest
	damaged, s := filepath.Join(t.TempDir(), "xuat"), storetest.Open(t, store.Options{Dir: origin})
	p, err := s.ExportJSON(ctx, store.ExportJSONOptions{Dir: damaged})
	must(t, errors.Join(err, s.Close()))
	if done, err := store.ImportJSON(ctx, moving(emptyFolder(t), ""), importing(damaged)); err != nil || len(p.Missing) != 1 || !slices.Equal(done.Missing, p.Missing) {
		t.Errorf("a damaged file: %v, %v, %v", p.Missing, done.Missing, err)
	}
	must(t, os.Remove(small))
	must(t, os.Remove(text))
	portal := filepath.Join(from, "portal.json")
	said, err := os.ReadFile(portal)
	must(t, err)
	must(t, os.WriteFile(portal, bytes.Replace(said, []byte(`"missing": []`), fmt.Appendf(nil, `"missing": [%q]`, filepath.ToSlash(inside)), 1), 0o600))
	dir := emptyFolder(t)
	done, err := store.ImportJSON(ctx, moving(dir, ""), importing(from))
	if err != nil || len(done.Missing) != 1 || done.Missing[0] != filepath.ToSlash(inside) || done.Locked != 2 {
		t.Fatalf("%v: %v, %d locked, %v", err, done.Missing, done.Locked, done.Faults)
	}
	made, err := os.ReadFile(filepath.Join(dir, strings.TrimPrefix(small, from)))
	if err != nil || !bytes.HasPrefix(made, []byte("\xff\xd8\xff")) {
		t.Errorf("the smaller size: %v", err)
	}
}

// TestImportJSONEnded: an import that is ended at any moment leaves an empty portal, and the next one does all of it; what a killed one left goes.
func TestImportJSONEnded(t *testing.T) {
	t.Parallel()
	_, from, p := exported(t, store.ExportJSONOptions{})
	dir := emptyFolder(t)
	for _, what := range []string{"Reading the lines of users", "Reading the lines of news", "Reading the lines of audit", "Indexing for the search"} {
		ctx, stop := context.WithCancel(context.Background())
		o := moving(dir, "")
		o.Progress = func(doing string, done, total int64) {
			if doing == what && done > 0 {
				stop()
			}
		}
		if _, err := store.ImportJSON(ctx, o, importing(from)); !errors.Is(err, context.Canceled) {
			t.Fatalf("%s: %v", what, err)
		}
		if names, err := os.ReadDir(dir); err != nil || len(names) > 0 {
			t.Errorf("%s: left behind: %v, %v", what, names, err)
		}
	}
	must(t, os.MkdirAll(filepath.Join(dir, "restore-20260101-000000.part", "media"), 0o700))
	done, err := store.ImportJSON(context.Background(), moving(dir, ""), importing(from))
	if err != nil || done.Records["news"] != p.Records["news"] || done.Kept != "" {
		t.Errorf("%+v, %v", done, err)
	}
	names, err := os.ReadDir(dir)
	must(t, err)
	for _, entry := range names {
		if entry.Name() != "congso.db" && entry.Name() != "media" {
			t.Errorf("left behind: %s", entry.Name())
		}
	}
}

// TestImportJSONArticles: articles come along when the portal has a folder for them, and files that no export has do not.
func TestImportJSONArticles(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dir, s, _ := filled(t)
	from := filepath.Join(t.TempDir(), "xuat")
	p, err := s.ExportJSON(ctx, store.ExportJSONOptions{Dir: from, NoMedia: true, Content: filepath.Join(dir, "bai-viet")})
	must(t, err)
	must(t, s.Close())
	if _, err := os.Stat(filepath.Join(from, "media")); p.Media || !p.Articles || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%+v, %v", p, err)
	}
	to := emptyFolder(t)
	wanted := importing(from)
	wanted.Content = filepath.Join(to, "noi-dung")
	done, err := store.ImportJSON(ctx, moving(to, ""), wanted)
	if err != nil || !done.Articles {
		t.Fatalf("%+v, %v", done, err)
	}
	want := storetest.Files(t, filepath.Join(dir, "bai-viet"))
	for name, content := range storetest.Files(t, wanted.Content) {
		if want[name] != content {
			t.Errorf("%s is not what it was", name)
		}
		delete(want, name)
	}
	if len(want) > 0 {
		t.Errorf("missing: %v", want)
	}
	other := emptyFolder(t)
	wanted.Content = filepath.Join(other, "noi-dung")
	must(t, os.WriteFile(filepath.Join(from, "articles", "en", "a.md"), []byte("khác"), 0o600))
	if _, err := store.ImportJSON(ctx, moving(other, ""), wanted); err == nil || !strings.Contains(err.Error(), "articles/en/a.md is not what was exported") {
		t.Errorf("an article that was changed: %v", err)
	}
	must(t, os.Symlink("/etc/passwd", filepath.Join(from, "articles", "mat-khau.md")))
	wanted.Changed = true
	if _, err := store.ImportJSON(ctx, moving(other, ""), wanted); err == nil || !strings.Contains(err.Error(), "mat-khau.md: no file that an export has") {
		t.Errorf("a link elsewhere: %v", err)
	}
}

// TestExportJSONFolder: a folder with something in it is refused, one that an export left unfinished is begun anew, and an export that lacks its end is none.
func TestExportJSONFolder(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	_, s, _ := filled(t)
	defer func() { must(t, s.Close()) }()
	base := t.TempDir()
	taken, left, foreign := filepath.Join(base, "a"), filepath.Join(base, "b"), filepath.Join(base, "c")
	for _, name := range []string{taken, left + ".part", foreign + ".part"} {
		must(t, os.MkdirAll(name, 0o700))
		must(t, os.WriteFile(filepath.Join(name, "news.jsonl"), []byte("{}"), 0o600))
	}
	must(t, os.WriteFile(filepath.Join(left+".part", ".congso-export"), nil, 0o600))
	must(t, os.Mkdir(left, 0o700))
	for _, name := range []string{taken, foreign} {
		if _, err := s.ExportJSON(ctx, store.ExportJSONOptions{Dir: name}); !errors.Is(err, store.ErrFolderTaken) {
			t.Errorf("%s: %v", name, err)
		}
	}
	p, err := s.ExportJSON(ctx, store.ExportJSONOptions{Dir: left})
	if err != nil || p.Records["news"] != 20 {
		t.Errorf("%+v, %v", p, err)
	}
	if _, err := store.ImportJSON(ctx, moving(emptyFolder(t), ""), importing(taken)); err == nil || !strings.Contains(err.Error(), "no portal.json") {
		t.Errorf("of an unfinished export: %v", err)
	}
	ended, stop := context.WithCancel(ctx)
	stop()
	if _, err := s.ExportJSON(ended, store.ExportJSONOptions{Dir: filepath.Join(base, "d")}); !errors.Is(err, context.Canceled) {
		t.Errorf("ended: %v", err)
	}
	names, err := filepath.Glob(filepath.Join(base, "d*"))
	if err != nil || len(names) > 0 {
		t.Errorf("left behind: %v, %v", names, err)
	}
}

// TestImportJSONByHand: what another program writes in the form needs no more than the fields that the schemas ask for, and comes in clean.
func TestImportJSONByHand(t *testing.T) {
	t.Parallel()
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		from := t.TempDir()
		for name, text := range map[string]string{
			"portal.json":     `{"format": 1, "records": {"sections": 1, "news": 3, "units": 1, "people": 1, "meetings": 1, "redirects": 1}}`,
			"sections.jsonl":  "\ufeff{\"id\": 3, \"slug\": \"tin\", \"name\": \"Tin\"}\r\n\r\n",
			"units.jsonl":     `{"id": 1, "slug": "van-phong", "name": "Văn phòng", "revision": 1, "numbers": [{"id": 1, "kind": "office", "e164": "+842573000101", "official": true}]}`,
			"people.jsonl":    `{"id": 1, "slug": "an", "name": "Nguyễn Văn An", "revision": 1, "posts": [{"id": 1, "unit_id": 1, "title": "Chánh Văn phòng", "rank": 2}]}`,
			"redirects.jsonl": `{"from_path": "/cu.aspx?id=7", "to_path": "/tin-tuc/mot"}`,
			"meetings.jsonl": `{"id": 1, "slug": "hop", "title": "Họp", "kind": "cuộc họp", "start_at": "2026-06-14T08:00:00Z", "status": "draft", "visibility": "internal", "revision": 1,
				"participants": [{"name": "Nguyễn Văn An", "role": "chair", "person_id": 1}, {"name": "Trần Thị Bình", "role": "attendee"}]}`,
			"news.jsonl": `{"id": 7, "slug": "mot", "title": "Thông báo tuye\u0302\u0309n dụng", "body": "Nội dung **đậm**.<script>alert(1)</script>", "section_id": 3, "status": "published", "visibility": "public", "publish_at": "2026-06-14T01:00:00Z", "revision": 1}
{"id": 9, "slug": "hai", "title": "Nháp", "section_id": 3, "status": "draft", "visibility": "public", "revision": 1}
{"id": 11, "slug": "ba", "title": "Hẹn giờ", "section_id": 3, "status": "published", "visibility": "public", "publish_at": "2099-01-01T00:00:00Z", "revision": 4}`,
		} {
			if name == "meetings.jsonl" {
				text = strings.ReplaceAll(text, "\n", " ")
			}
			must(t, os.WriteFile(filepath.Join(from, name), []byte(text), 0o600))
		}
		o.Renderer, o.Now = storetest.Renderer(), storetest.NewClock().Now
		must(t, os.MkdirAll(o.Dir, 0o700))
		done, err := store.ImportJSON(context.Background(), o, store.ImportJSONOptions{From: from, Changed: true})
		if err != nil {
			t.Fatalf("%v: %v", err, done.Faults)
		}
		s := storetest.Open(t, o)
		ctx := context.Background()
		n, err := s.NewsBySlug(ctx, storetest.Outsider(), "mot")
		must(t, err)
		if n.ID != 7 || n.Title != "Thông báo tuyển dụng" || n.Section.Slug != "tin" || strings.Contains(n.HTML, "<script>") || !strings.HasPrefix(n.HTML, "<p>Nội dung") {
			t.Errorf("%+v", n)
		}
		if _, err := s.NewsBySlug(ctx, storetest.Outsider(), "hai"); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("a draft: %v", err)
		}
		if n := s.ID(t, `SELECT COUNT(*) FROM news WHERE coming = TRUE`); n != 1 {
			t.Errorf("%d news are to come", n)
		}
		if m, err := s.RevisionMeeting(ctx, 1, 1); err != nil || len(m.Participants) != 2 || m.Participants[1].Name != "Trần Thị Bình" {
			t.Errorf("the meeting's revision: %+v, %v", m.Participants, err)
		}
		if n, err := s.RevisionNews(ctx, 11, 4); err != nil || n.Title != "Hẹn giờ" {
			t.Errorf("a revision: %+v, %v", n, err)
		}
		found, err := s.Search(ctx, storetest.Outsider(), model.SearchQuery{Text: "tuyen dung"}, 10)
		if err != nil || len(found.Hits) != 1 || found.Hits[0].Ref != "mot" {
			t.Errorf("%+v, %v", found, err)
		}
		if to, err := s.Redirect(ctx, model.Viewer{}, "/cu.aspx?id=7"); err != nil || to != "/tin-tuc/mot" {
			t.Errorf("%s, %v", to, err)
		}
		must(t, s.PutSection(ctx, storetest.Actor(), &model.Section{Name: "Văn bản mới", Slug: "van-ban-moi"}))
		if id := s.ID(t, `SELECT MAX(id) FROM section`); id != 4 {
			t.Errorf("a new section has the number %d", id)
		}
	})
}
