package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// change writes past the portal.
func change(t testing.TB, s *store.Store, statement string, args ...any) {
	t.Helper()
	must(t, s.Tx(context.Background(), func(tx *sql.Tx) error {
		_, err := tx.Exec(statement, args...)
		return err
	}))
}

// scanned are the records of a kind by their id.
func scanned(t testing.TB, s *store.Store, kind model.Kind) map[int64]store.Scanned {
	t.Helper()
	found := map[int64]store.Scanned{}
	must(t, s.EachScanned(context.Background(), func(r store.Scanned) error {
		if r.Kind == kind {
			found[r.ID] = r
		}
		return nil
	}))
	return found
}

// TestAlteredRecords: whatever is written past the portal is noticed by its field, and nothing that the portal itself does.
func TestAlteredRecords(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		ctx := context.Background()
		section, other := storetest.Section(t, s, "Tin"), storetest.Section(t, s, "Khác")
		picture := storetest.Picture(t, s, 7)
		n := storetest.News(t, s, section, "Một", func(n *model.News) {
			n.Body, n.Tags, n.Cover = "Nội dung.", []model.Tag{{Name: "Thẻ"}}, model.Photo{Media: picture, Alt: "Ảnh"}
		})
		n.Body = "Nội dung hai."
		must(t, s.PutNews(ctx, storetest.Actor(), &n))
		m := storetest.Meeting(t, s, "Họp", func(m *model.Meeting) {
			m.Participants, m.Conclusions = []model.Participant{{Name: "Trần Mai", Role: model.Chair}}, []string{"Làm sớm."}
			m.Tasks, m.Figures = []model.Task{{Text: "Mở lớp"}}, []model.Figure{{Label: "Lớp", Value: "3", Unit: "lớp"}}
		})
		section.Name = "Tin mới"
		must(t, s.PutSection(ctx, storetest.Actor(), &section))
		_, err := s.Move(ctx, storetest.Actor(), model.KindNews, n.ID, n.Revision, model.ActionArchive, "")
		must(t, err)
		l, err := s.Move(ctx, storetest.Actor(), model.KindNews, n.ID, n.Revision+1, model.ActionRestore, "")
		must(t, err)
		if got := scanned(t, s, model.KindNews)[n.ID].Altered; len(got) > 0 || l.Status != model.StatusPublished {
			t.Errorf("written by the portal: %q, %s", got, l.Status)
		}
		digests := map[string]bool{}
		for _, w := range []struct {
			statement string
			want      []string
		}{
			{`UPDATE news SET title = 'Khác' WHERE id = $1`, []string{"title"}},
			{`UPDATE news SET summary = 'x' WHERE id = $1`, []string{"summary", "title"}},
			{`UPDATE news SET body = 'Nội dung ba.' WHERE id = $1`, []string{"body", "summary", "title", "html"}},
			{`UPDATE news SET title = 'Một', summary = 'Tóm tắt: Một', body = 'Nội dung hai.' WHERE id = $1`, nil},
			{`UPDATE news SET html = html || '<b>x</b>' WHERE id = $1`, []string{"html"}},
			{`UPDATE news SET html = REPLACE(html, '<b>x</b>', '') WHERE id = $1`, nil},
			{fmt.Sprintf(`UPDATE news SET section_id = %d WHERE id = $1`, other.ID), []string{"section"}},
			{fmt.Sprintf(`UPDATE news SET section_id = %d, visibility = 'internal' WHERE id = $1`, section.ID), []string{"visibility"}},
			{`UPDATE news SET visibility = 'public', cover_alt = 'x' WHERE id = $1`, []string{"cover"}},
			{`UPDATE news SET cover_alt = 'Ảnh', publish_at = publish_at + 1 WHERE id = $1`, []string{"publish_at"}},
			{`UPDATE news SET publish_at = publish_at - 1, revision = revision + 1 WHERE id = $1`, []string{"revision"}},
			{`UPDATE news SET revision = revision - 1 WHERE id = $1`, nil},
			{`DELETE FROM news_tag WHERE news_id = $1`, []string{"tags"}},
		} {
			change(t, s, w.statement, n.ID)
			r := scanned(t, s, model.KindNews)[n.ID]
			if diff := cmp.Diff(w.want, r.Altered); diff != "" {
				t.Errorf("%s: %s", w.statement, diff)
			}
			if (r.Digest == "") != (len(w.want) == 0) || r.Digest != "" && digests[r.Digest] {
				t.Errorf("%s: digest %q", w.statement, r.Digest)
			}
			digests[r.Digest] = true
		}
		if got := scanned(t, s, model.KindMeeting)[m.ID].Altered; len(got) > 0 {
			t.Errorf("the meeting: %q", got)
		}
		change(t, s, `UPDATE revision SET data = 'x' WHERE kind = 'news' AND record_id = $1`, n.ID)
		if got := scanned(t, s, model.KindNews)[n.ID].Altered; !slices.Contains(got, "revision") {
			t.Errorf("a revision that is spoiled: %q", got)
		}
		for table, want := range map[string]string{
			`UPDATE meeting_conclusion SET text = 'x' WHERE meeting_id = $1`: "conclusions", `UPDATE meeting_participant SET name = 'x' WHERE meeting_id = $1`: "participants",
			`UPDATE meeting_task SET proof = 'https://x.example' WHERE meeting_id = $1`: "tasks", `UPDATE meeting_figure SET value = '4' WHERE meeting_id = $1`: "figures",
		} {
			change(t, s, table, m.ID)
			if got := scanned(t, s, model.KindMeeting)[m.ID].Altered; !slices.Contains(got, want) {
				t.Errorf("%s: %q", table, got)
			}
		}
	})
}

// TestScannedTexts: each text comes once with its field and how it is to be read; what is archived has none.
func TestScannedTexts(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		ctx := context.Background()
		section := storetest.Section(t, s, "Tin")
		n := storetest.News(t, s, section, "Một", func(n *model.News) { n.Summary, n.Body = "Hai", "Ba" })
		gone := storetest.News(t, s, section, "Cũ")
		_, err := s.Move(ctx, storetest.Actor(), model.KindNews, gone.ID, gone.Revision, model.ActionArchive, "")
		must(t, err)
		w := model.WorkingCopy{Kind: model.KindNews, RecordID: n.ID, Base: 1, Data: "body=B%E1%BB%91n&title=N%C4%83m"}
		must(t, s.SaveWorkingCopy(ctx, storetest.Actor(), &w, nil))
		must(t, s.PutMenu(ctx, storetest.Actor(), []model.MenuItem{{Label: "Sáu", Href: "/bay"}}))
		must(t, s.PutRedirect(ctx, storetest.Actor(), "/cu", "/moi"))
		must(t, s.PutSite(ctx, storetest.Actor(), &model.Site{Name: "Tám", Hotlines: []model.Hotline{{Label: "Chín", Phone: "0257 3000 100"}}}))

		news := scanned(t, s, model.KindNews)
		told := func(r store.Scanned) (list []string) {
			for _, text := range r.Texts {
				list = append(list, text.Field+" "+text.Form+" "+text.Text)
			}
			slices.Sort(list)
			return list
		}
		want := []string{"body html <p>Ba</p>\n", "body markdown Ba", "summary plain Hai", "title plain Một", "working_copy markdown Bốn", "working_copy plain Năm"}
		if diff := cmp.Diff(want, told(news[n.ID])); diff != "" {
			t.Error(diff)
		}
		if r, seen := news[gone.ID]; !seen || len(r.Texts) > 0 || len(r.Altered) > 0 {
			t.Errorf("archived: %t %+v", seen, r)
		}
		if got := scanned(t, s, model.KindMenu)[0]; got.Path != "/bay" || cmp.Diff([]string{"href link /bay", "label plain Sáu"}, told(got)) != "" {
			t.Errorf("menu: %+v", got)
		}
		if got := scanned(t, s, model.KindMoved)[0]; got.Path != "/cu" || cmp.Diff([]string{"to link /moi"}, told(got)) != "" {
			t.Errorf("redirect: %+v", got)
		}
		if got := told(scanned(t, s, model.KindSetting)[0]); !slices.Contains(got, "Name plain Tám") || !slices.Contains(got, "Hotlines plain Chín") {
			t.Errorf("site: %q", got)
		}
	})
}

func TestFindings(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		ctx := context.Background()
		admin := storetest.User(t, s, "quan.tri", model.RoleAdmin)
		at := func(kind model.FindingKind, place model.Kind, id, section int64, value string) model.Finding {
			return model.Finding{Planted: model.Planted{Kind: kind, Value: value, Excerpt: value, Line: 3}, Place: place, RecordID: id, Section: section, Title: "Bài"}
		}
		all := []model.Finding{
			at(model.FoundHost, model.KindNews, 1, 7, "a.example"), at(model.FoundHost, model.KindNews, 2, 8, "a.example"), at(model.FoundHost, model.KindPage, 0, 0, "b.example"),
			at(model.FoundWord, model.KindMeeting, 1, 0, "w88"), at(model.FoundWord, model.KindSetting, 0, 0, "go88"),
		}
		must(t, s.NoteFindings(ctx, 1, all))
		c.Add(time.Hour)
		must(t, s.NoteFindings(ctx, 2, all))
		list, total, err := s.Findings(ctx, store.FindingFilter{}, 1, 100)
		must(t, err)
		if total != 5 || len(list) != 5 || !list[0].FirstAt.Equal(noon()) || !list[0].LastAt.Equal(noon().Add(time.Hour)) || list[4].Line != 3 || list[4].Section != 7 {
			t.Fatalf("%d: %+v", total, list)
		}
		for name, f := range map[string]struct {
			filter store.FindingFilter
			want   int
		}{
			"kind": {store.FindingFilter{Kind: model.FoundHost}, 3}, "place": {store.FindingFilter{Place: model.KindPage}, 1}, "value": {store.FindingFilter{Value: "a.example"}, 2},
			"an editor": {store.FindingFilter{Bounded: true}, 3}, "an editor of a section": {store.FindingFilter{Bounded: true, Within: []int64{8, 9}}, 2},
		} {
			if n, err := s.OpenFindings(ctx, f.filter); n != f.want || err != nil {
				t.Errorf("%s: %d, %v, want %d", name, n, err, f.want)
			}
		}
		hosts, err := s.FoundHosts(ctx, 10)
		must(t, err)
		if len(hosts) != 2 || hosts[0].Host != "a.example" || hosts[0].Count != 2 || hosts[0].First.RecordID != 1 || hosts[1].Host != "b.example" {
			t.Errorf("hosts: %+v", hosts)
		}

		must(t, s.DecideFinding(ctx, admin.Actor(), list[0].ID, model.FindingApproved))
		if err := s.DecideFinding(ctx, admin.Actor(), list[0].ID, model.FindingDown); !errors.Is(err, model.ErrConflict) {
			t.Errorf("decided twice: %v", err)
		}
		if err := s.DecideFinding(ctx, admin.Actor(), 999, model.FindingDown); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("unknown: %v", err)
		}
		must(t, s.DecideFinding(ctx, admin.Actor(), list[1].ID, model.FindingDown))
		must(t, s.ApproveHosts(ctx, admin.Actor(), "WWW.A.example", "a.example."))
		if open, err := s.CloseFindings(ctx, 2); open != 1 || err != nil {
			t.Errorf("open: %d, %v", open, err)
		}
		must(t, s.NoteFindings(ctx, 3, all))
		states := map[string]model.FindingState{}
		list, _, err = s.Findings(ctx, store.FindingFilter{}, 1, 100)
		must(t, err)
		for _, f := range list {
			states[fmt.Sprint(f.Place, f.RecordID)] = f.State
		}
		want := map[string]model.FindingState{"news1": model.FindingApproved, "news2": model.FindingApproved, "page0": model.FindingOpen, "meeting1": model.FindingOpen, "setting0": model.FindingApproved}
		if diff := cmp.Diff(want, states); diff != "" {
			t.Error(diff)
		}
		if f := list[0]; f.DecidedBy != "quan.tri" || !f.DecidedAt.Equal(noon().Add(time.Hour)) {
			t.Errorf("decided by: %+v", f)
		}
		if open, err := s.CloseFindings(ctx, 4); open != 0 || err != nil {
			t.Errorf("all gone: %d, %v", open, err)
		}

		must(t, s.DecideFinding(ctx, admin.Actor(), list[0].ID, model.FindingOpen))
		must(t, s.ForgetHost(ctx, admin.Actor(), "a.example"))
		if n, err := s.OpenFindings(ctx, store.FindingFilter{}); n != 3 || err != nil {
			t.Errorf("opened again: %d, %v", n, err)
		}
		actions := map[string]int{}
		entries, _, err := s.AuditPage(ctx, store.AuditFilter{Actor: "quan.tri"}, 1, 100)
		must(t, err)
		for _, e := range entries {
			actions[string(e.Kind)+" "+e.Action]++
		}
		if diff := cmp.Diff(map[string]int{"finding approve": 1, "finding take_down": 1, "finding reopen": 1, "approved_host approve": 1, "approved_host delete": 1}, actions); diff != "" {
			t.Error(diff)
		}
	})
}

func TestFindingsOfARecord(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		ctx := context.Background()
		_, err := s.PutScanState(ctx, func(state *model.ScanState) { state.Number = 4 })
		must(t, err)
		at := func(id int64, value string) model.Finding {
			return model.Finding{Planted: model.Planted{Kind: model.FoundWord, Value: value}, Place: model.KindNews, RecordID: id}
		}
		must(t, s.NoteFindings(ctx, 4, []model.Finding{at(1, "a"), at(1, "b"), at(2, "a")}))
		must(t, s.NoteRecordFindings(ctx, model.KindNews, 1, []model.Finding{at(1, "b"), at(1, "c")}))
		must(t, s.NoteRecordFindings(ctx, model.KindNews, 3, nil))
		list, _, err := s.Findings(ctx, store.FindingFilter{State: model.FindingOpen}, 1, 10)
		must(t, err)
		var open []string
		for _, f := range list {
			open = append(open, fmt.Sprint(f.RecordID, f.Value))
		}
		if diff := cmp.Diff([]string{"1c", "2a", "1b"}, open); diff != "" {
			t.Error(diff)
		}
		must(t, s.NoteFindings(ctx, 4, []model.Finding{at(9, "t\xff\x00.php")})) // names of files are any bytes
		if n, err := s.CloseFindings(ctx, 4); n != 4 || err != nil {
			t.Errorf("of the scan that is under way: %d, %v", n, err)
		}
	})
}

func TestApprovedHosts(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		ctx := context.Background()
		must(t, s.PutLinkedSite(ctx, storetest.Actor(), &model.LinkedSite{Name: "Cổng", URL: "https://www.Cong.example.vn/a"}))
		must(t, s.ApproveHosts(ctx, storetest.Actor(), "mot.example", "WWW.hai.example."))
		for host, want := range map[string]bool{
			"cong.example.vn": true, "www.cong.example.vn": true, "mot.example": true, "HAI.example": true, "con.mot.example": false, "ot.example": false, "": false, "%": false,
		} {
			if got, err := s.HostApproved(ctx, host); got != want || err != nil {
				t.Errorf("%q: %t, %v, want %t", host, got, err, want)
			}
		}
		for _, host := range []string{"", "a b", "https://x", "x/y", strings.Repeat("x", 300)} {
			if err := s.ApproveHosts(ctx, storetest.Actor(), host); !errors.As(err, new(model.Invalid)) {
				t.Errorf("%q: %v", host, err)
			}
		}
		change(t, s, `INSERT INTO linked_site (name, url, position) VALUES ('Lạ', 'https://la.example/', 9)`)
		change(t, s, `DELETE FROM approved_host WHERE host = 'cong.example.vn'`)
		must(t, s.ApproveLinkedSites(ctx, storetest.Actor()))
		list, err := s.ApprovedHosts(ctx)
		must(t, err)
		var hosts []string
		for _, h := range list {
			hosts = append(hosts, h.Host)
			if h.By != "seed" || !h.At.Equal(c.Now()) {
				t.Errorf("%+v", h)
			}
		}
		if diff := cmp.Diff([]string{"cong.example.vn", "hai.example", "mot.example"}, hosts); diff != "" {
			t.Errorf("a site that was put there past the portal is not approved: %s", diff)
		}
		if err := s.ForgetHost(ctx, storetest.Actor(), "la.example"); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("forgotten: %v", err)
		}
	})
}

func TestScanWordsAndState(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		ctx := context.Background()
		if words, err := s.ScanWords(ctx); words != "" || err != nil {
			t.Errorf("%q, %v", words, err)
		}
		must(t, s.PutScanWords(ctx, storetest.Actor(), "một\r\nhai"))
		if words, err := s.ScanWords(ctx); words != "một\nhai" || err != nil {
			t.Errorf("%q, %v", words, err)
		}
		if err := s.PutScanWords(ctx, storetest.Actor(), strings.Repeat("ờ", 100_001)); !errors.As(err, new(model.Invalid)) {
			t.Errorf("too long: %v", err)
		}
		state, err := s.PutScanState(ctx, func(state *model.ScanState) { state.Number, state.At, state.Day = 3, noon(), "2023-07-05" })
		must(t, err)
		if again, err := s.ScanState(ctx); !again.At.Equal(noon()) || again.Number != state.Number || again.Day != state.Day || err != nil {
			t.Errorf("%+v, %v", again, err)
		}
		seen, err := s.NewestAudit(ctx)
		if seen == 0 || err != nil {
			t.Errorf("the newest: %d, %v", seen, err)
		}
		n := storetest.News(t, s, storetest.Section(t, s, "Tin"), "Một")
		must(t, s.PutNews(ctx, storetest.Actor(), &n))
		storetest.User(t, s, "ai.do", model.RoleStaff)
		saved, newest, err := s.SavedSince(ctx, seen)
		if diff := cmp.Diff([]store.SavedRecord{{Kind: model.KindSection, ID: n.Section.ID}, {Kind: model.KindNews, ID: n.ID}}, saved); diff != "" || newest <= seen || err != nil {
			t.Errorf("%s %d, %v", diff, newest, err)
		}
	})
}

// TestPutAside takes strange files away, and keeps them; files of records stay.
func TestPutAside(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		s := storetest.Open(t, o)
		ctx, folder := context.Background(), filepath.Join(o.Dir, "media")
		m := storetest.Picture(t, s, 9)
		must(t, os.WriteFile(filepath.Join(folder, "la.html"), []byte("<html>"), 0o600))
		must(t, os.MkdirAll(filepath.Join(folder, "thu-muc"), 0o700))
		var found []string
		_, err := s.ScanMedia(ctx, true, func(f store.ScannedFile) error {
			found = append(found, fmt.Sprint(f.Path, f.Unknown))
			return nil
		})
		must(t, err)
		slices.Sort(found)
		if diff := cmp.Diff([]string{"la.htmltrue", "thu-muctrue"}, found); diff != "" {
			t.Error(diff)
		}
		must(t, s.PutAside(ctx, storetest.Actor(), "la.html"))
		aside, err := filepath.Glob(filepath.Join(o.Dir, "aside", "*-la.html"))
		must(t, err)
		if _, gone := os.Stat(filepath.Join(folder, "la.html")); len(aside) != 1 || !os.IsNotExist(gone) {
			t.Errorf("kept %q, %v", aside, gone)
		}
		own := m.Hash[:2] + "/" + m.Hash + m.Ext()
		for place, want := range map[string]error{own: model.ErrInUse, "la.html": model.ErrNotFound, "../congso.db": model.ErrNotFound, "thu-muc": model.Invalid{}} {
			err := s.PutAside(ctx, storetest.Actor(), place)
			if _, invalid := want.(model.Invalid); invalid && !errors.As(err, new(model.Invalid)) || !invalid && !errors.Is(err, want) {
				t.Errorf("%s: %v", place, err)
			}
		}
		if _, err := os.Stat(filepath.Join(folder, own)); err != nil {
			t.Error(err)
		}
	})
}

// TestScanMediaLooksInside: pictures that are none, or hold what would be run anywhere.
func TestScanMediaLooksInside(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		s := storetest.Open(t, o)
		ctx := context.Background()
		m := storetest.Picture(t, s, 9)
		path := filepath.Join(o.Dir, "media", m.Hash[:2], m.Hash+m.Ext())
		sound, err := os.ReadFile(path)
		must(t, err)
		look := func(full bool) (why []string) {
			_, err := s.ScanMedia(ctx, full, func(f store.ScannedFile) error {
				why = append(why, f.Why)
				return nil
			})
			must(t, err)
			return why
		}
		for name, c := range map[string]struct {
			data  []byte
			full  bool
			wants []string
		}{
			"sound":                 {sound, true, nil},
			"longer":                {append(slices.Clone(sound), 'x'), false, []string{"size"}},
			"a page of its size":    {[]byte("<html><script>" + strings.Repeat("x", len(sound)-14)), false, []string{"runs"}},
			"text of its size":      {[]byte(strings.Repeat("x", len(sound))), false, []string{"kind"}},
			"one byte, not full":    {append(slices.Clone(sound[:len(sound)-1]), 'x'), false, nil},
			"one byte, read whole":  {append(slices.Clone(sound[:len(sound)-1]), 'x'), true, []string{"hash"}},
			"a script at its end":   {append(slices.Clone(sound[:len(sound)-8]), "<script>"...), false, []string{"runs"}},
			"a server's script too": {append(slices.Clone(sound[:len(sound)-6]), "<?php "...), false, []string{"runs"}},
		} {
			must(t, os.WriteFile(path, c.data, 0o600))
			if diff := cmp.Diff(c.wants, look(c.full)); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
	})
}

// TestNothingIsAlteredByAnUpgrade: what older programs wrote is what their revisions say. How they rendered it is another matter.
func TestNothingIsAlteredByAnUpgrade(t *testing.T) {
	list := fixtures(t)
	for _, number := range []string{list[0], list[len(list)-1]} {
		s := storetest.Open(t, store.Options{Dir: fixture(t, number)})
		records := 0
		must(t, s.EachScanned(context.Background(), func(r store.Scanned) error {
			records++
			if r.Kind == model.KindMeeting && r.ID > 4 { // whose revisions are left out of the fixtures
				return nil
			}
			if fields := slices.DeleteFunc(r.Altered, func(field string) bool { return field == "html" }); len(fields) > 0 {
				t.Errorf("%s: %s %d: %q", number, r.Kind, r.ID, fields)
			}
			return nil
		}))
		if records < 10 {
			t.Errorf("%s: %d records", number, records)
		}
	}
}
