package store_test

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// everyTable puts rows into the tables that filled leaves empty.
func everyTable(t *testing.T, s *store.Store) {
	t.Helper()
	ctx, by := context.Background(), storetest.Actor()
	picture := storetest.Picture(t, s, 9)
	section := storetest.Section(t, s, "Thông báo")
	unit := storetest.Unit(t, s, "Phòng Tổ chức", func(u *model.Unit) { u.Numbers = []model.Number{{E164: "02573000101", Official: true}} })
	person := storetest.Person(t, s, "Trần Thị Bình", []model.Post{{UnitID: unit.ID, Title: "Trưởng phòng", Rank: 7, From: "2020-01-01"}}, func(p *model.Person) {
		p.Numbers = []model.Number{{E164: "0900000102"}}
		p.Photo = model.Photo{Media: picture, Alt: "Bà Bình"}
	})
	news := storetest.News(t, s, section, "Tin có đủ thứ <b>&</b>", func(n *model.News) {
		n.Tags = []model.Tag{{Name: "Tuyển dụng"}, {Name: "Công chức"}}
		n.Cover = model.Photo{Media: picture, Alt: "Ảnh bìa", Caption: "Chú thích"}
		n.Attachments = []model.Attachment{{Media: picture, Title: "Phụ lục"}}
		n.Body = "![ảnh](" + picture.URL() + ")\n\nHai dòng và \\ \"ngoặc\" 😀."
	})
	storetest.Meeting(t, s, "Lễ ký kết", func(m *model.Meeting) {
		m.NewsID, m.Summary = news.ID, "Diễn biến."
		m.Participants = []model.Participant{{Name: "Trần Thị Bình", Position: "Trưởng phòng", Role: model.Chair, PersonID: person.ID}, {Name: "Khách", Role: model.Attendee}}
		m.Figures = []model.Figure{{Label: "lớp", Value: "95.5", Unit: "lớp"}}
		m.Conclusions = []string{"Một", "Hai"}
		m.Tasks = []model.Task{{Text: "Làm", UnitID: unit.ID, UnitName: unit.Name, Due: "2026-12-31"}}
		m.Agreements = []model.Agreement{{Title: "Thoả thuận", Parties: []string{"Bên A", "Bên B"}}, {Title: "Biên bản", Parties: []string{"Bên C"}}}
		m.Photos = []model.Photo{{Media: picture, Alt: "Toàn cảnh", Caption: "Lễ ký"}}
		m.Attachments = []model.Attachment{{Media: picture, Title: "Bản ký"}}
	})
	author := storetest.User(t, s, "tacgia", model.RoleAuthor, func(u *model.User) { u.Sections = []int64{section.ID} })
	must(t, s.PutLinkedSite(ctx, by, &model.LinkedSite{Name: "UBND", URL: "https://tinh.example.vn"}))
	must(t, s.PutRedirect(ctx, by, "/Default.aspx?tabid=12&id=đ", "/tin-tuc/"+news.Slug))
	must(t, s.Tx(ctx, func(tx *sql.Tx) (err error) {
		for _, put := range []struct {
			query string
			args  []any
		}{
			{`INSERT INTO menu_item (parent_id, position, label, href) VALUES (NULL, 1, 'Tin', '/tin-tuc')`, nil},
			{`INSERT INTO recovery_code (user_id, code_hash, used_at) VALUES ($1, 'abc', 1750000000)`, []any{author.ID}},
			{`INSERT INTO old_slug (kind, slug, record_id) VALUES ('news', 'ten-cu', $1)`, []any{news.ID}},
			{`INSERT INTO working_copy (kind, record_id, base_revision, status, data, owner_id, updated_at, version, saved_by, saved_name) VALUES ('news', $1, 1, 'draft', $2, $3, 1750000001, 4, $3, 'tacgia')`, []any{news.ID, `title=a&body=b`, author.ID}},
			{`INSERT INTO proposal (kind, record_id, base_revision, version, status, note, name, data, owner_id, updated_at) VALUES ('unit', $1, 1, 1, 'review', '', 'Phòng', '{"name":"<Phòng>"}', $2, 1750000002)`, []any{unit.ID, author.ID}},
			{`INSERT INTO hit_day (day, views, visits, visitors) VALUES ('2026-06-14', 5, 4, 3)`, nil},
			{`INSERT INTO hit_page (path, day, views) VALUES ('/', '2026-06-14', 5), ($1, '2026-06-14', 9007199254740993)`, []any{`/tìm "x" <y>`}},
			{`INSERT INTO hit_page_month (path, month, views) VALUES ('/', '2026-06', 5)`, nil},
			{`INSERT INTO hit_page_total (path, views) VALUES ('/', 5)`, nil},
			{`INSERT INTO hit_group (day, kind, section_id, owner_id, views) VALUES ('2026-06-14', 'news', $1, 0, 2)`, []any{section.ID}},
			{`INSERT INTO hit_group_month (month, kind, section_id, owner_id, views) VALUES ('2026-06', 'news', $1, 0, 2)`, []any{section.ID}},
			{`INSERT INTO origin (source, key, kind, record_id, hash) VALUES ('https://cu.example', '17', 'news', $1, 'h')`, []any{news.ID}},
			{`INSERT INTO origin_file (hash, media_id) VALUES ('cu', $1)`, []any{picture.ID}},
			{`INSERT INTO approved_host (host, user_id, actor, at) VALUES ('khac.example.vn', $1, 'tacgia', 1750000003)`, []any{author.ID}},
			{`INSERT INTO finding (finding_key, kind, place, state, user_id, first_at, last_at, scan, value) VALUES ('k', 'host', 'news', 'open', NULL, 1750000004, 1750000005, 3, 'xấu.example')`, nil},
			{`UPDATE hit_total SET views = 12345`, nil},
			{`INSERT INTO tag (id, slug, name) VALUES ($1, 'xa', 'Xa')`, []any{int64(1) << 40}},
			{`INSERT INTO tag (id, slug, name) VALUES ($1, 'xa-nua', 'Xa nữa')`, []any{int64(1) << 41}},
			{`DELETE FROM tag WHERE slug = 'xa-nua'`, nil},
			{`INSERT INTO section (slug, name, parent_id) VALUES ('chuyen-muc-con', 'Chuyên mục con', $1)`, []any{section.ID}},
		} {
			_, failed := tx.Exec(put.query, put.args...)
			err = errors.Join(err, failed)
		}
		return err
	}))
}

// carried are the rows that an export and an import carry.
func carried(t *testing.T, dir string) map[string][]string {
	t.Helper()
	rows := records(t, dir)
	for table := range store.JSONLeftOut() {
		delete(rows, table)
	}
	rows["setting"] = slices.DeleteFunc(rows["setting"], func(row string) bool {
		return !strings.Contains(row, `"site"`) && !strings.Contains(row, `"audit_head"`) && !strings.Contains(row, `"two_factor_roles"`)
	})
	return rows
}

// exported is a portal with rows in every table, exported.
func exported(t *testing.T, o store.ExportJSONOptions) (dir, to string, p store.ExportedPortal) {
	t.Helper()
	dir, s, _ := filled(t)
	everyTable(t, s)
	o.Dir, o.Program = filepath.Join(t.TempDir(), "xuat"), "v1.2.3"
	p, err := s.ExportJSON(context.Background(), o)
	must(t, err)
	must(t, s.Close())
	return dir, o.Dir, p
}

func importing(from string) store.ImportJSONOptions { return store.ImportJSONOptions{From: from} }

// TestJSONTables: every table that moves carry is in an export with all its columns, or left out for a reason, and the portal of these tests has
// rows in each.
func TestJSONTables(t *testing.T) {
	t.Parallel()
	dir, s, _ := filled(t)
	everyTable(t, s)
	must(t, s.Close())
	rows, known := records(t, dir), store.JSONColumns()
	s = storetest.Open(t, store.Options{Dir: dir})
	for table, list := range rows {
		why, out := store.JSONLeftOut()[table]
		switch {
		case table == "listing":
		case out == (known[table] != nil), out && why == "":
			t.Errorf("table %s: left out %v (%q), known %v", table, out, why, known[table] != nil)
		case !out && len(list) == 0:
			t.Errorf("table %s has no rows here", table)
		}
		if out || table == "listing" {
			continue
		}
		for _, column := range s.Slugs(t, `SELECT name FROM pragma_table_info('`+table+`')`) {
			if !known[table][column] {
				t.Errorf("column %s of table %s is neither exported nor made by the import", column, table)
			}
		}
	}
}

// TestExportImportJSON: a portal goes from SQLite to PostgreSQL and back by exports, and has the same rows, files and articles as before.
func TestExportImportJSON(t *testing.T) {
	t.Parallel()
	ctx, database := context.Background(), storetest.Postgres(t)
	dir, from, p := exported(t, store.ExportJSONOptions{Secrets: true})
	if p.Records["news"] != 21 || p.Records["meetings"] != 2 || p.Site.Name != "Sở Thử nghiệm" || len(p.Missing) != 0 || p.AuditHash == "" {
		t.Errorf("%+v", p)
	}
	there := filepath.Join(t.TempDir(), "data")
	must(t, os.Mkdir(there, 0o700))
	done, err := store.ImportJSON(ctx, moving(there, database), importing(from))
	if err != nil {
		t.Fatalf("%v\n%v", err, done.Faults)
	}
	if diff := cmp.Diff(p.Records, done.Records); diff != "" || done.Locked != 2 {
		t.Errorf("%d locked, -exported +imported:\n%s", done.Locked, diff)
	}
	s := storetest.Open(t, store.Options{Dir: there, Database: database})
	if faults, err := s.CheckLists(ctx); err != nil || faults != (store.ListFaults{}) {
		t.Errorf("lists: %+v, %v", faults, err)
	}
	if gaps, err := s.SearchGaps(ctx, 10); err != nil || len(gaps) > 0 {
		t.Errorf("search: %v, %v", gaps, err)
	}
	again := filepath.Join(t.TempDir(), "xuat")
	_, err = s.ExportJSON(ctx, store.ExportJSONOptions{Dir: again, Secrets: true, Program: "v1.2.3"})
	must(t, err)
	must(t, s.Close())
	sameLines(t, from, again)

	back := filepath.Join(t.TempDir(), "data")
	must(t, os.Mkdir(back, 0o700))
	_, err = store.ImportJSON(ctx, moving(back, ""), importing(again))
	must(t, err)
	if diff := cmp.Diff(carried(t, dir), carried(t, back)); diff != "" {
		t.Errorf("-before +after:\n%.3000s", diff)
	}
	if diff := cmp.Diff(storetest.Files(t, filepath.Join(dir, "media"), "tmp"), storetest.Files(t, filepath.Join(back, "media"), "tmp")); diff != "" {
		t.Errorf("files: -before +after:\n%s", diff)
	}
	b := storetest.Open(t, store.Options{Dir: back})
	if _, err := b.VerifyAudit(ctx); err != nil {
		t.Error(err)
	}
	if gaps, err := b.SearchGaps(ctx, 10); err != nil || len(gaps) > 0 {
		t.Errorf("search: %v, %v", gaps, err)
	}
	storetest.News(t, b, model.Section{ID: b.MinSection(t)}, "Tin có nhãn", func(n *model.News) { n.Tags = []model.Tag{{Name: "Nhãn mới"}} })
	if id := b.ID(t, `SELECT MAX(id) FROM tag`); id != 1<<41+1 {
		t.Errorf("a new tag has the number %d", id)
	}
	_, err = store.ImportJSON(ctx, moving(there, database), importing(from))
	if !errors.Is(err, store.ErrPortalFilled) {
		t.Errorf("into a portal with records: %v", err)
	}
}

// sameLines holds that two exports have the same files but for portal.json, which tells when.
func sameLines(t *testing.T, a, b string) {
	t.Helper()
	if diff := cmp.Diff(storetest.Files(t, a, "portal.json"), storetest.Files(t, b, "portal.json")); diff != "" {
		t.Errorf("-one +other:\n%s", diff)
	}
}

// TestExportJSONForm: lines are what the schemas say, and in the form that README.md describes; secrets are absent unless asked for.
func TestExportJSONForm(t *testing.T) {
	t.Parallel()
	_, from, p := exported(t, store.ExportJSONOptions{})
	for name, lines := range p.Records {
		schema := readJSON[map[string]any](t, filepath.Join(from, "schema", name+".json"))
		n := int64(0)
		eachLine(t, filepath.Join(from, name+".jsonl"), func(line []byte) {
			n++
			var value any
			decoder := json.NewDecoder(bytes.NewReader(line))
			decoder.UseNumber()
			must(t, decoder.Decode(&value))
			if err := fits(value, schema); err != nil {
				t.Errorf("%s: %v: %s", name, err, line)
			}
		})
		if n != lines || n == 0 {
			t.Errorf("%s: %d lines, %d in portal.json", name, n, lines)
		}
	}
	for file, want := range map[string][]string{
		"news.jsonl":      {`"title":"Tin có đủ thứ <b>&</b>"`, `"section":"thong-bao"`, `"publish_at":"2023-07-05T11:00:00+07:00"`, `"expire_at":null`, `"tag":"tuyen-dung"`},
		"people.jsonl":    {`"e164":"+84900000102","official":false`, `"from_day":"2020-01-01","until_day":null`, `"unit":"phong-to-chuc"`},
		"meetings.jsonl":  {`"parties":[{"position":0,"name":"Bên A"},{"position":1,"name":"Bên B"}]`, `"value":"95.5"`, `"held_position":"Trưởng phòng"`},
		"revisions.jsonl": {`"data":{"`}, "proposals.jsonl": {`"data":{"name":"<Phòng>"}`}, "working-copies.jsonl": {`"data":"title=a&body=b"`},
		"settings.jsonl": {`{"name":"site","value":{"Name":"Sở Thử nghiệm"`}, "views-by-page-and-day.jsonl": {`"views":9007199254740993`},
		"README.md": {"Trong đó có số điện thoại cá nhân", "### people.jsonl", "- `posts[].title` (chữ): Chức vụ."},
	} {
		text, err := os.ReadFile(filepath.Join(from, file))
		must(t, err)
		for _, part := range want {
			if !strings.Contains(string(text), part) {
				t.Errorf("%s has no %s:\n%.2000s", file, part, text)
			}
		}
	}
	secret := regexp.MustCompile(`password_hash|totp|recovery|argon2|_key"|"setup"`)
	for _, file := range []string{"users.jsonl", "settings.jsonl"} {
		text, err := os.ReadFile(filepath.Join(from, file))
		must(t, err)
		if found := secret.Find(text); found != nil {
			t.Errorf("%s has %s", file, found)
		}
	}
	if info, err := os.Stat(from); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

func readJSON[T any](t *testing.T, file string) (v T) {
	t.Helper()
	text, err := os.ReadFile(file)
	must(t, err)
	must(t, json.Unmarshal(text, &v))
	return v
}

func eachLine(t *testing.T, file string, see func(line []byte)) {
	t.Helper()
	f, err := os.Open(file)
	must(t, err)
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		see(lines.Bytes())
	}
	must(t, lines.Err())
}

var dateTime = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00$`)

// fits says how a value is not what the schema, of the words that ours use, asks for.
func fits(value any, schema map[string]any) error {
	kinds, several := schema["type"].([]any)
	if !several {
		kinds = []any{schema["type"]}
	}
	kind := map[bool]string{true: "null", false: fmt.Sprintf("%T", value)}[value == nil]
	switch v := value.(type) {
	case json.Number:
		kind = "integer"
	case bool:
		kind = "boolean"
	case []any:
		kind = "array"
		if slices.Contains(kinds, any(kind)) && schema["items"] != nil {
			for _, entry := range v {
				if err := fits(entry, schema["items"].(map[string]any)); err != nil {
					return err
				}
			}
		}
	case string:
		if schema["format"] == "date-time" && !dateTime.MatchString(v) {
			return fmt.Errorf("%q is no time", v)
		}
		if may, is := schema["enum"].([]any); is && !slices.Contains(may, value) {
			return fmt.Errorf("%q is none of %v", v, may)
		}
	case map[string]any:
		kind = "object"
		if properties, is := schema["properties"].(map[string]any); is {
			for name, entry := range v {
				if properties[name] == nil {
					return fmt.Errorf("%s is not in the schema", name)
				}
				if err := fits(entry, properties[name].(map[string]any)); err != nil {
					return fmt.Errorf("%s: %w", name, err)
				}
			}
			for _, name := range schema["required"].([]any) {
				if _, has := v[name.(string)]; !has {
					return fmt.Errorf("%s is missing", name)
				}
			}
		}
	}
	if !slices.Contains(kinds, any(kind)) {
		return fmt.Errorf("%v is no %v", value, kinds)
	}
	return nil
}
