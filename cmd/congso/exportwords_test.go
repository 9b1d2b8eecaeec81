package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"congso/cmd/congso/congsotest"
	"congso/cmd/congso/sitecopy"
	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// unseen fills a portal with what outsiders may see and what they may not, and returns the words of the latter.
func unseen(t *testing.T, s *store.Store) (words []string) {
	t.Helper()
	secret := func(what string) string {
		word := fmt.Sprintf("Kín%d%s", len(words), what)
		words = append(words, word, model.Fold(word))
		return word
	}
	section := storetest.Section(t, s, "Tin hoạt động")
	picture, hidden := storetest.Picture(t, s, 10), storetest.Picture(t, s, 200)
	words = append(words, hidden.Hash, "kin.quan-tri")
	storetest.User(t, s, "kin.quan-tri", model.RoleAdmin, func(u *model.User) { u.FullName = secret("Người") })
	public := storetest.News(t, s, section, "Tin công khai", func(n *model.News) {
		n.Slug = "con" // which Windows keeps for itself
		n.Body = fmt.Sprintf("Xem [bảng](/tin-tuc/khong-co), [danh bạ](/danh-ba?q=a#p_goi-y), [cũ](/cu/trang.aspx?id=7), [nội bộ](/tin-tuc/tin-noi-bo), [tệp cũ](/cu/tep.pdf), [ảnh cũ](/media/cu/anh.jpg), [mục cũ](/tin-tuc.html), [chữ hoa](/tin-tuc/CON).\n\n![Ảnh chụp](%s)\n", picture.URL())
	})
	storetest.News(t, s, section, secret("Nhan"), func(n *model.News) {
		n.Slug, n.Visibility, n.Body = "tin-noi-bo", model.Internal, secret("Thân")+fmt.Sprintf("\n\n![x](%s)", hidden.URL())
		n.Tags = []model.Tag{{Name: secret("Nhãn")}}
		n.Byline = secret("Tác")
	})
	for status, change := range map[string]func(*model.News){
		"nháp":  func(n *model.News) { n.Status = model.StatusDraft },
		"duyệt": func(n *model.News) { n.Status = model.StatusReview },
		"hẹn":   func(n *model.News) { n.PublishAt = time.Now().Add(time.Hour) },
		"hết":   func(n *model.News) { n.ExpireAt = time.Now().Add(-time.Minute) },
	} {
		storetest.News(t, s, section, secret(status), change)
	}
	storetest.Meeting(t, s, secret("Họp"), func(m *model.Meeting) { m.Visibility, m.Conclusions = model.Internal, []string{secret("Kết")} })
	unit := storetest.Unit(t, s, "Văn phòng Sở")
	storetest.Person(t, s, "Trần Văn Công", []model.Post{{UnitID: unit.ID, Title: "Chánh Văn phòng", Rank: 5}}, func(p *model.Person) {
		p.Numbers = []model.Number{{Kind: model.NumberMobile, E164: "+84900000177"}, {Kind: model.NumberOffice, E164: "+842573000101", Official: true}}
	})
	words = append(words, "900000177", "0900 000 177", "0900000177")
	w := model.WorkingCopy{Kind: model.KindNews, RecordID: public.ID, Base: public.Revision, Status: model.StatusDraft, Data: secret("Sửa")}
	if err := s.SaveWorkingCopy(context.Background(), storetest.Actor(), &w, nil); err != nil {
		t.Fatal(err)
	}
	if err := s.PutRedirect(context.Background(), storetest.Actor(), "/cu/trang.aspx?id=7", "/tin-tuc/con"); err != nil {
		t.Fatal(err)
	}
	for from, to := range map[string]string{"/cu/gioi-thieu.html": "/danh-ba", "/cu/thong-bao": "https://so.example.vn/tin-tuc", "/cu/mat": "/khong-co", "/cu/tep.pdf": picture.URL(), "/media/cu/anh.jpg": picture.URL(), "/tin-tuc.html": "/danh-ba", "/Tin-cu/\"a$b": "/tin-tuc"} {
		if err := s.PutRedirect(context.Background(), storetest.Actor(), from, to); err != nil {
			t.Fatal(err)
		}
	}
	return words
}

// TestExportStaticKeepsQuiet: nothing that outsiders may not see is in any file of a copy, be the portal's networks what they are.
func TestExportStaticKeepsQuiet(t *testing.T) {
	t.Parallel()
	congsotest.EachDatabase(t, func(t *testing.T, folder, database string, args []string) {
		s := congsotest.OpenStore(t, folder, database)
		words := unseen(t, s)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		articles := t.TempDir()
		congsotest.WriteFile(t, filepath.Join(articles, "vi", "kin.md"), "+++\ntitle = \"KínBài\"\nvisibility = \"internal\"\n+++\n\nKínThân\n")
		congsotest.WriteFile(t, filepath.Join(articles, "vi", "nhap.md"), "+++\ntitle = \"KínNháp\"\ndraft = true\n+++\n\nKínThân\n")
		congsotest.WriteFile(t, filepath.Join(articles, "vi", "mo.md"), "+++\ntitle = \"Bài mở\"\n+++\n\nAi cũng đọc.\n")
		words = append(words, "KínBài", "KínThân", "KínNháp", "kin.html", "X-Request-Id", "/admin", "congso_session")
		dir := filepath.Join(t.TempDir(), "copy")
		args = append([]string{"export", "static", dir, "--url", "https://so.example.vn", "--content", articles, "--internal-networks", "0.0.0.0/0,::/0"}, args...)
		out, err := tried(t, args...)
		if exitCode(err) != 1 {
			t.Errorf("the export with dead links ends with %v", err)
		}
		congsotest.MustContain(t, "the report", out, "/tin-tuc/con leads to /tin-tuc/khong-co", "/tin-tuc/con leads to /tin-tuc/tin-noi-bo", "the old address /cu/mat leads to /khong-co")
		files := congsotest.FilesIn(t, dir)
		for name, text := range files {
			congsotest.MustLack(t, name, name+"\n"+text, words...)
		}
		for name, want := range map[string]string{
			"tin-tuc/con_.html":               `<a href="../danh-ba.html#p_goi-y">danh bạ</a>`,
			"tin-tuc.html":                    `href="tin-tuc/con_.html"`,
			"rss.xml":                         "https://so.example.vn/tin-tuc/con<",
			"sitemap.xml":                     "https://so.example.vn/tin-tuc/con<",
			"robots.txt":                      "https://so.example.vn/sitemap.xml",
			"bai-viet/mo.html":                "Ai cũng đọc.",
			"cu/gioi-thieu.html":              `url=../danh-ba.html"`,
			"cu/thong-bao.html":               `url=../tin-tuc.html"`,
			"redirects.map":                   `"/cu/trang.aspx?id=7" "/tin-tuc/con";`,
			"danh-ba/nguoi/tran-van-cong.vcf": "tel:+842573000101",
			"tim-kiem/0/d0.js":                "Trần Văn Công",
		} {
			congsotest.MustContain(t, name, files[name], want)
		}
		for _, never := range []string{"cu/tep.pdf", "media/cu/anh.jpg", "tin-tuc/CON_.html"} { // the last is the item's own on disks that take capitals for small letters
			if _, there := files[never]; there {
				t.Errorf("a page was written at %s", never)
			}
		}
		congsotest.MustContain(t, "the map", files["redirects.map"], `"/Tin-cu/%22a$b" "/tin-tuc";`)
		congsotest.MustContain(t, "the item", files["tin-tuc/con_.html"], "Xem <a>bảng</a>", "<a>nội bộ</a>", `<a href="con_.html">cũ</a>`, `.png">tệp cũ</a>`, `.png">ảnh cũ</a>`, `<a href="../danh-ba.html">mục cũ</a>`, `<a href="con_.html">chữ hoa</a>`, `src="../media/`, `<link rel="canonical" href="https://so.example.vn/tin-tuc/con"`)
	})
}

// tried runs a command and returns what it printed, and its error.
func tried(t *testing.T, args ...string) (string, error) {
	t.Helper()
	command := newCommand(nil)
	command.SetArgs(args)
	var out congsotest.Buffer
	command.SetOut(&out)
	command.SetErr(&out)
	err := command.ExecuteContext(context.Background())
	return out.String(), err
}

// TestExportStaticGone: what is taken down, renamed or shut in is out of the next copy, and the old address leads on.
func TestExportStaticGone(t *testing.T) {
	t.Parallel()
	congsotest.EachDatabase(t, func(t *testing.T, folder, database string, args []string) {
		ctx, s := context.Background(), congsotest.OpenStore(t, folder, database)
		section := storetest.Section(t, s, "Tin hoạt động")
		first, second := storetest.News(t, s, section, "Tin thứ nhất"), storetest.News(t, s, section, "Tin thứ hai")
		dir := filepath.Join(t.TempDir(), "copy")
		args = append([]string{"export", "static", dir}, args...)
		export := func() string {
			t.Helper()
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			out := runs(t, nil, args...)
			s = congsotest.OpenStore(t, folder, database)
			return out
		}
		t.Cleanup(func() { _ = s.Close() })
		export()
		before := congsotest.FilesIn(t, dir)
		if _, err := s.Move(ctx, storetest.Actor(), model.KindNews, first.ID, first.Revision, model.ActionArchive, ""); err != nil {
			t.Fatal(err)
		}
		second.Slug = "ten-moi"
		if err := s.PutNews(ctx, storetest.Actor(), &second); err != nil {
			t.Fatal(err)
		}
		congsotest.MustContain(t, "the report", export(), "2 removed")
		after := congsotest.FilesIn(t, dir)
		for _, name := range []string{"tin-tuc/tin-thu-nhat.html", "en/tin-tuc/tin-thu-nhat.html"} {
			if before[name] == "" || after[name] != "" {
				t.Errorf("%s: %d bytes before, %d after", name, len(before[name]), len(after[name]))
			}
		}
		congsotest.MustContain(t, "the old address", after["tin-tuc/tin-thu-hai.html"], `url=ten-moi.html"`)
		congsotest.MustContain(t, "the new address", after["tin-tuc/ten-moi.html"], "Tin thứ hai")
		for name, text := range after {
			congsotest.MustLack(t, name, text, "Tin thứ nhất", "tin-thu-nhat")
		}
	})
}

// TestExportStaticEnded: an export that was ended at any file is simply run again, and leaves what one at once does.
func TestExportStaticEnded(t *testing.T) {
	t.Parallel()
	data, whole, broken := congsotest.DemoData(t), filepath.Join(t.TempDir(), "whole"), filepath.Join(t.TempDir(), "broken")
	runs(t, nil, "export", "static", whole, "--data", data)
	for _, files := range []int{1, 40, 300} {
		r := congsotest.LaunchAsIs(t, nil, "export", "static", broken, "--data", data)
		congsotest.Eventually(congsotest.Patience, func() bool {
			select {
			case <-r.Ended:
				return true
			default:
				journal, err := os.ReadFile(filepath.Join(broken, ".congso-copy.part"))
				return err == nil && strings.Count(string(journal), "\n") >= files
			}
		})
		r.Signal(t, os.Kill)
		<-r.Ended
	}
	stray := filepath.Join(broken, "tin-tuc", "cua-lan-truoc.html")
	congsotest.WriteFile(t, stray, "written by the export that was ended, of a page that is gone")
	journal := filepath.Join(broken, ".congso-copy.part")
	text, err := os.ReadFile(journal)
	if err != nil {
		t.Fatal(err)
	}
	congsotest.WriteFile(t, journal, string(text)+"tin-tuc/cua-lan-truoc.html\n")
	congsotest.MustContain(t, "the report", runs(t, nil, "export", "static", broken, "--data", data), "1 removed")
	want, got := congsotest.FilesIn(t, whole), congsotest.FilesIn(t, broken)
	for name := range want {
		if _, there := got[name]; !there {
			t.Errorf("%s is not there", name)
		}
	}
	var more []string
	for name := range got {
		if _, known := want[name]; !known {
			more = append(more, name)
		}
	}
	if slices.Sort(more); len(more) > 0 {
		t.Errorf("left behind: %v", more)
	}
}

// TestExportStaticFailedPage: a page that the portal fails to make stays as the last copy has it, and the exit code tells.
func TestExportStaticFailedPage(t *testing.T) {
	t.Parallel()
	ctx, folder := context.Background(), filepath.Join(t.TempDir(), "data")
	s := congsotest.OpenStore(t, folder, "")
	defer s.Close()
	section := storetest.Section(t, s, "Tin hoạt động")
	picture := storetest.Picture(t, s, 10)
	storetest.News(t, s, section, "Tin có ảnh", func(n *model.News) { n.Body = fmt.Sprintf("![Ảnh](%s)", picture.URL()) })
	dir := filepath.Join(t.TempDir(), "copy")
	cut := false // files are answered by halves
	export := func(failing ...string) (c *copier, out string, code int) {
		t.Helper()
		copied, err := sitecopy.Open(dir, "test", true)
		if err != nil {
			t.Fatal(err)
		}
		if c, err = newCopier(ctx, s, Config{Data: folder}, nil, copied); err != nil {
			t.Fatal(err)
		}
		pages := c.pages
		c.pages = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if slices.ContainsFunc(failing, func(beginning string) bool { return strings.HasPrefix(r.URL.Path, beginning) }) {
				http.Error(w, "the database is away", http.StatusServiceUnavailable)
				return
			}
			if cut && r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, "/media/") {
				_, _ = w.Write([]byte("half")) // a copier takes all
				return
			}
			pages.ServeHTTP(w, r)
		})
		if err := errors.Join(c.copy(ctx), copied.Close()); err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := c.report(&b); err != nil {
			code = exitCode(err)
		}
		return c, b.String(), code
	}
	if _, out, code := export(); code != 0 {
		t.Fatalf("the first export: %d\n%s", code, out)
	}
	before := congsotest.FilesIn(t, dir)
	_, out, code := export("/tin-tuc/", "/media/")
	congsotest.MustContain(t, "the report", out, "/tin-tuc/tin-co-anh answers 503: the last copy of it stays", picture.URL()+" answers 503: the last copy of it stays", " 0 removed")
	if code != 1 {
		t.Errorf("the exit code is %d", code)
	}
	after := congsotest.FilesIn(t, dir)
	for name := range before {
		if _, there := after[name]; !there {
			t.Errorf("%s is lost", name)
		}
	}
	if name := "tin-tuc/tin-co-anh.html"; before[name] != after[name] {
		t.Errorf("%s was written again", name)
	}
	stored, away := filepath.Join(folder, "media", picture.Hash[:2]), filepath.Join(folder, "away")
	if err := os.Rename(stored, away); err != nil {
		t.Fatal(err)
	}
	_, out, code = export()
	congsotest.MustContain(t, "the report of lost files", out, "lost the file "+picture.URL()+": the last copy of it stays", " 0 removed")
	if got := congsotest.FilesIn(t, dir)["tin-tuc/tin-co-anh.html"]; code != 1 || !strings.Contains(got, sitecopy.File(picture.URL())) {
		t.Errorf("exit code %d, or the page has lost its picture:\n%s", code, got)
	}
	if err := os.Rename(away, stored); err != nil {
		t.Fatal(err)
	}
	cut = true
	_, out, code = export()
	congsotest.MustContain(t, "the report of files cut short", out, picture.URL()+" answers 503: the last copy of it stays", " 0 removed")
	if name := sitecopy.File(picture.URL()); code != 1 || congsotest.FilesIn(t, dir)[name] != before[name] {
		t.Errorf("%s: exit code %d, or it was written by halves", name, code)
	}
}

// TestExportStaticSeesChanges: what is published while the copy is made is in it, with its links on pages that were written before.
func TestExportStaticSeesChanges(t *testing.T) {
	t.Parallel()
	congsotest.EachDatabase(t, func(t *testing.T, folder, database string, _ []string) {
		ctx, s := context.Background(), congsotest.OpenStore(t, folder, database)
		defer s.Close()
		section := storetest.Section(t, s, "Tin hoạt động")
		storetest.News(t, s, section, "Tin có sẵn")
		dir := filepath.Join(t.TempDir(), "copy")
		copied, err := sitecopy.Open(dir, "test", false)
		if err != nil {
			t.Fatal(err)
		}
		c, err := newCopier(ctx, s, Config{Data: folder}, nil, copied)
		if err != nil {
			t.Fatal(err)
		}
		late := false
		c.tell = func(what string, _, _ int64) {
			if !late && what != copyingPages { // the pages are written, the index is to come
				late = true
				storetest.News(t, s, section, "Tin đến muộn")
			}
		}
		if err := errors.Join(c.copy(ctx), copied.Close()); err != nil {
			t.Fatal(err)
		}
		files := congsotest.FilesIn(t, dir)
		for _, name := range []string{"index.html", "tin-tuc.html", "tin-tuc/tin-den-muon.html", "en/tin-tuc/tin-den-muon.html", "tim-kiem/0/d0.js"} {
			congsotest.MustContain(t, name, files[name], "Tin đến muộn")
		}
		if !late || len(c.warnings) > 0 {
			t.Errorf("late %v, warnings %q", late, c.warnings)
		}
	})
}
