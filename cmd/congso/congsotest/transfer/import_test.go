package transfer

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"congso/cmd/congso/congsotest"
	"congso/store"
	"congso/store/model"
)

// TestImportWXR takes over a WordPress portal beside a running server: what comes, where old addresses lead, what nobody outside may see, and
// that a second run changes nothing.
func TestImportWXR(t *testing.T) {
	t.Parallel()
	congsotest.EachDatabase(t, func(t *testing.T, folder, database string, args []string) {
		congsotest.FurnishOn(t, folder, database)
		old := makeOldPortal(t, t.TempDir(), 12, 64,
			wordPressPost(901, "post", "Bài riêng tư", "Chuyện riêng.", "wp:status", "private"),
			wordPressPost(902, "post", "Bài có mật khẩu", "Chuyện kín.", "wp:post_password", "1234"),
			wordPressPost(903, "post", "Bài nháp", "Chưa xong.", "wp:status", "draft"),
			wordPressPost(904, "post", "Bài hẹn giờ", "Sẽ đăng.", "wp:status", "future", "wp:post_date_gmt", "2090-01-01 00:00:00"),
			wordPressPost(905, "page", "Giới thiệu", "Về sở.", "link", "https://so-cu.example/gioi-thieu/"),
			wordPressPost(908, "post", "Có tệp kèm theo", `<a href="https://so-cu.example/wp-content/uploads/10/K%E1%BA%BF%20ho%E1%BA%A1ch.pdf">Kế hoạch</a>, sau <a href="/?p=20">bài 20</a>`, "wp:post_name", "tep-cu"),
			wordPressPost(909, "post", "Có ảnh hỏng", `[caption]<img src="/wp-content/uploads/10/hong.jpg"> Lời còn lại[/caption]`),
			wordPressPost(906, "post", "Bảng quá rộng", "<table><tr>"+strings.Repeat("<td>a", 60)+"</table>"),
			wordPressPost(907, "nav_menu_item", "Mục", ""))
		for name, data := range map[string]string{"Kế hoạch.pdf": "%PDF-1.4\n%%EOF\n", "hong.jpg": "\xff\xd8\xff\xe0\x00\x10JFIF\x00"} {
			if err := os.WriteFile(filepath.Join(old.uploads, "10", name), []byte(data), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		r := congsotest.Start(t, nil, append([]string{"serve"}, args...)...)
		command := append([]string{"import", "wxr", old.file, "--report", filepath.Join(t.TempDir(), "bao-cao.csv")}, args...)

		before := auditEntries(t, folder, database)
		shown := faulty(t, append(command, "--dry-run")...)
		congsotest.MustContain(t, "the table", shown, "Bài số 10 về công tác cơ sở", "Tin cơ sở/Công tác", "05/07/2023", "/2023/07/bai-10/", "19 items would come, 0 are known", "1 cannot come",
			"scheduled  01/01/2090", "draft      05/07/2023")
		congsotest.MustLack(t, "the table", shown, "With --report")
		if after := auditEntries(t, folder, database); after != before {
			t.Fatalf("showing what would come wrote %d entries", after-before)
		}
		done := faulty(t, command...)
		congsotest.MustContain(t, "the report", done, "19 items new, 0 known", "1 left out by faults; 24 photos, 1 files", "FAULT", "Bảng quá rộng", "bảng có quá 50 cột", "Ảnh hong.jpg không lấy được: Ảnh hỏng", "Not news, and left out: 24 attachment, 1 nav_menu_item.")
		checkReport(t, command[4])
		checkOldAddresses(t, r, 12)
		checkUnseen(t, r)
		checkOldFile(t, r)

		before = auditEntries(t, folder, database)
		congsotest.MustContain(t, "the second report", faulty(t, command...), "0 items new, 19 known, 0 changed", "0 photos")
		if after := auditEntries(t, folder, database); after != before {
			t.Errorf("the second run wrote %d entries", after-before)
		}
	})
}

// faulty runs a command that tells of faults by its exit code, and returns what it printed.
func faulty(t *testing.T, args ...string) string {
	t.Helper()
	return congsotest.Ending(t, 1, args...)
}

func auditEntries(t *testing.T, folder, database string) (n int) {
	t.Helper()
	if err := congsotest.OpenSQL(t, folder, database).QueryRow(`SELECT count(*) FROM audit`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// checkReport holds that the report's file is one for a spreadsheet, with a line for each item and each warning.
func checkReport(t *testing.T, name string) {
	t.Helper()
	text, marked := strings.CutPrefix(congsotest.ReadFile(t, name), "\ufeff")
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || !marked {
		t.Fatalf("the report, marked %v: %v", marked, err)
	}
	kinds := map[string]int{}
	for _, row := range rows {
		kinds[row[1]]++
		if row[1] == "new" && row[2] == "Bài số 10 về công tác cơ sở" && (row[0] != "cu.xml, mục 3, dòng 11" || row[4] != "/2023/07/bai-10/" || row[5] != "/tin-tuc/bai-so-10-ve-cong-tac-co-so") {
			t.Errorf("the row of an item is %q", row)
		}
	}
	if kinds["new"] != 19 || kinds["fault"] != 1 || kinds["warning"] != 3 {
		t.Errorf("the report has %v", kinds)
	}
}

// checkOldAddresses holds that every old path and query form answers 301 to a page that has the item's photos with their captions.
func checkOldAddresses(t *testing.T, r *congsotest.Running, posts int) {
	t.Helper()
	for i := range posts {
		id := 10 * (i + 1)
		for _, address := range []string{"/2023/07/bai-%d/", "/2023/07/bai-%d", "/?p=%d"} {
			a := r.Get(t, fmt.Sprintf(address, id))
			if a.Status != http.StatusMovedPermanently || a.Header.Get("Location") != fmt.Sprintf("/tin-tuc/bai-so-%d-ve-cong-tac-co-so", id) {
				t.Errorf(address+" answers %d to %s", id, a.Status, a.Header.Get("Location"))
			}
		}
		page := r.Page(t, fmt.Sprintf("/tin-tuc/bai-so-%d-ve-cong-tac-co-so", id))
		congsotest.MustContain(t, "the page", page, fmt.Sprintf("<figcaption>Lời ảnh một của bài %d</figcaption>", id), fmt.Sprintf("<figcaption>Lời ảnh hai của bài %d</figcaption>", id),
			`src="/media/`, "Trần Thị Hoa", "Công tác dân vận", "dân phố", "05/07/2023")
		congsotest.MustLack(t, "the page", page, "[caption", "wp-content")
	}
	for _, address := range []string{"/gioi-thieu/", "/?p=905", "/?page_id=905"} {
		if a := r.Get(t, address); a.Status != http.StatusMovedPermanently || a.Header.Get("Location") != "/tin-tuc/gioi-thieu" {
			t.Errorf("%s answers %d to %s", address, a.Status, a.Header.Get("Location"))
		}
	}
}

// checkOldFile holds that a text leads to its file and within the old portal, and that their old addresses, those of photos, of sections and of the feed do.
func checkOldFile(t *testing.T, r *congsotest.Running) {
	t.Helper()
	page := r.Page(t, "/tin-tuc/tep-cu")
	match := regexp.MustCompile(`href="(/media/[0-9a-f]{64}/[^"]*\.pdf)"`).FindStringSubmatch(page)
	if match == nil {
		t.Fatalf("no file in\n%s", page)
	}
	congsotest.MustContain(t, "the page", page, `href="/?p=20"`) // which is stored at once with this item, so that its redirect leads on
	congsotest.MustContain(t, "the page of a broken photo", r.Page(t, "/tin-tuc/co-anh-hong"), "<em>Lời còn lại</em>")
	congsotest.MustContain(t, "the file", r.Page(t, match[1]), "%PDF-1.4")
	for _, address := range []string{"/wp-content/uploads/10/K%E1%BA%BF%20ho%E1%BA%A1ch.pdf", "/category/tin/dan-van/", "/?cat=3", "/category/tin", "/feed/", "/?feed=rss2",
		"/wp-content/uploads/10/anh-11-300x200.jpg", "/wp-content/uploads/10/anh-11.jpg", "/wp-content/uploads/10/anh-12.jpg"} {
		a := r.Get(t, address)
		if a.Status != http.StatusMovedPermanently {
			t.Errorf("%s answers %d", address, a.Status)
			continue
		}
		r.Page(t, a.Header.Get("Location"))
	}
}

// checkUnseen holds that what was not public in the old portal is seen nowhere, its title neither.
func checkUnseen(t *testing.T, r *congsotest.Running) {
	t.Helper()
	for _, path := range []string{"/", "/tin-tuc", "/chuyen-muc/tin-tuc", "/rss.xml", "/sitemap.xml", "/api/v1/news", "/tim-kiem?q=rieng+tu", "/tim-kiem?q=mat+khau", "/tim-kiem?q=chua+xong"} {
		page := r.Page(t, path)
		congsotest.MustLack(t, path, page, "Bài riêng tư", "bai-rieng-tu", "Chuyện riêng", "Bài có mật khẩu", "bai-co-mat-khau", "Chuyện kín", "Bài nháp", "bai-nhap", "Chưa xong", "bai-hen-gio")
	}
	for _, path := range []string{"/tin-tuc/bai-rieng-tu", "/tin-tuc/bai-co-mat-khau", "/tin-tuc/bai-nhap", "/tin-tuc/bai-hen-gio", "/2023/07/bai-901", "/?p=901&x=1", "/2023/07/bai-902", "/2023/07/bai-903", "/2023/07/bai-904"} {
		if a := r.Get(t, path); a.Status != http.StatusNotFound && !strings.HasPrefix(path, "/?") || a.Header.Get("Location") != "" {
			t.Errorf("%s answers %d to %q", path, a.Status, a.Header.Get("Location"))
		}
	}
	if a := r.Get(t, "/?p=901"); a.Header.Get("Location") != "" {
		t.Errorf("the private post's address leads to %q", a.Header.Get("Location"))
	}
}

// TestImportKept holds that what an editor does to an imported item stays, and that what the old portal changed is named.
func TestImportKept(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "data")
	congsotest.Furnish(t, folder)
	export := func(title string) string {
		return makeOldPortal(t, t.TempDir(), 1, 64, wordPressPost(901, "post", title, "Chữ.")).file
	}
	args := []string{"--data", folder}
	congsotest.Runs(t, nil, append([]string{"import", "wxr", export("Tiêu đề cũ")}, args...)...)
	s := congsotest.OpenStore(t, folder, "")
	n, err := s.NewsBySlug(context.Background(), model.Viewer{Internal: true}, "tieu-de-cu")
	if err == nil {
		n.Title = "Biên tập viên đã sửa"
		err = s.PutNews(context.Background(), model.Actor{Name: "test"}, &n)
	}
	if err = errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	congsotest.MustContain(t, "the report", congsotest.Runs(t, nil, append([]string{"import", "wxr", export("Cổng cũ đã sửa")}, args...)...),
		"CHANGED", "0 items new, 1 known, 1 changed since and left as they are")
	if got := recordText(t, folder, `SELECT title FROM news ORDER BY id DESC LIMIT 1`); got != "Biên tập viên đã sửa" {
		t.Errorf("the title is %q", got)
	}
}

func recordText(t *testing.T, folder, query string) (text string) {
	t.Helper()
	if err := congsotest.OpenSQL(t, folder, "").QueryRow(query).Scan(&text); err != nil {
		t.Fatal(err)
	}
	return text
}

// TestImportRefused names what must be said before anything is read, and files that are no export.
func TestImportRefused(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "data")
	congsotest.Furnish(t, folder)
	old := makeOldPortal(t, t.TempDir(), 1, 64)
	text := filepath.Join(t.TempDir(), "a.xml")
	if err := os.WriteFile(text, []byte("<html></html>"), 0o600); err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]string{
		"wxr " + text:                           "không phải tệp xuất của WordPress",
		"rss " + text:                           "không phải nguồn tin RSS hay Atom",
		"wxr " + text + ".xml":                  "no such file",
		"wxr " + old.file + " --as ai":          `there is no account "ai"`,
		"wxr " + old.file + " --zone Mars":      "--zone",
		"wxr " + old.file + " --source so-cu":   "is no address such as",
		"wxr " + old.file + " --uploads /khong": "folder of files",
	} {
		err := congsotest.Fail(t, nil, strings.Fields("import "+line+" --data "+folder)...)
		congsotest.MustContain(t, line, err.Error(), want)
	}
}

// TestImportRSS takes over a saved feed.
func TestImportRSS(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "data")
	congsotest.Furnish(t, folder)
	old := makeOldPortal(t, t.TempDir(), 1, 64)
	feed := filepath.Join(old.uploads, "rss.xml")
	err := os.WriteFile(feed, []byte(`<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
		<title>Sở Mẫu</title><link>https://so-cu.example/</link>
		<item><title>Tin từ nguồn</title><link>https://so-cu.example/tin/42.aspx</link><guid>tin-42</guid><category>Thời sự</category><category>Nông thôn</category><dc:creator>Lê Văn An</dc:creator>
		<pubDate>Wed, 05 Jul 2023 14:30:00 +0700</pubDate><description>Tóm tắt tin.</description><content:encoded><![CDATA[<p>Thân tin.</p><p><img src="/10/anh-11.jpg"></p><p class="caption">Lời ảnh</p>]]></content:encoded></item>
		<item><title>Tin ngắn</title><link>https://so-cu.example/tin.aspx?id=43</link><description>Chỉ có mô tả.</description><pubDate>hôm qua</pubDate></item>
		<item><title>Không nhận ra được</title></item>
		<item><title>Mã trùng</title><guid>tin-42</guid><description>Chữ khác.</description></item></channel></rss>`), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"import", "rss", feed, "--data", folder, "--section", "Thời sự"}
	congsotest.MustContain(t, "the table", faulty(t, append(args, "--dry-run")...), "With --report FILE.csv, the warnings stand in FILE.csv")
	congsotest.MustContain(t, "the report", faulty(t, args...), "2 items new", "2 left out by faults; 1 photos", `mã "tin-42" trùng`, "mục 3, dòng 6: Không nhận ra được", "Không rõ ngày đăng")
	congsotest.MustContain(t, "the second report", faulty(t, args...), "0 items new, 2 known")
	r := congsotest.Start(t, nil, "serve", "--data", folder)
	if a := r.Get(t, "/tin/42.aspx"); a.Header.Get("Location") != "/tin-tuc/tin-tu-nguon" {
		t.Errorf("the old address answers %d to %q", a.Status, a.Header.Get("Location"))
	}
	congsotest.MustContain(t, "the page", r.Page(t, "/tin-tuc/tin-tu-nguon"), "Tóm tắt tin.", "<p>Thân tin.</p>", "<figcaption>Lời ảnh</figcaption>", "Lê Văn An", "Nông thôn", "05/07/2023", `href="/chuyen-muc/thoi-su"`)
	if a := r.Get(t, "/tin-tuc/tin-ngan"); a.Status != http.StatusNotFound {
		t.Errorf("the item without a date answers %d", a.Status)
	}
}

// TestImportKilled kills an import at a few moments; the long form of it does so at 20.
func TestImportKilled(t *testing.T) {
	t.Parallel()
	killImports(t, 40, 64, 3)
}

// killImports takes over so many posts, killed at random moments, and holds that nothing is lost and nothing came twice.
func killImports(t *testing.T, posts, width, moments int) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("no kill -9 there")
	}
	old := makeOldPortal(t, t.TempDir(), posts, width)
	congsotest.EachDatabase(t, func(t *testing.T, folder, database string, args []string) {
		congsotest.FurnishOn(t, folder, database)
		command := append([]string{"import", "wxr", old.file}, args...)
		killed := 0
		for i := range moments {
			r := congsotest.LaunchAsIs(t, nil, command...)
			waitImported(t, r, folder, database, posts*i/moments)
			time.Sleep(time.Duration(rand.IntN(400)) * time.Millisecond)
			r.Signal(t, os.Kill)
			if r.Wait(t) != nil {
				killed++
			}
		}
		report := congsotest.Runs(t, nil, command...)
		t.Logf("killed %d times; then %s", killed, report)
		congsotest.MustLack(t, "the report", report, " 0 known")
		s := congsotest.OpenStore(t, folder, database)
		defer s.Close()
		checkImported(t, s, old)
		again := congsotest.Runs(t, nil, command...)
		congsotest.MustContain(t, "the run after it", again, fmt.Sprintf("0 items new, %d known, 0 changed", old.posts))
	})
}

// waitImported waits until so many items are stored, or the import has ended: however slow the machine is, the kills are spread over all items.
func waitImported(t *testing.T, r *congsotest.Running, folder, database string, items int) {
	t.Helper()
	db := congsotest.OpenSQL(t, folder, database)
	defer db.Close()
	for stored := -1; stored < items; time.Sleep(5 * time.Millisecond) {
		select {
		case <-r.Ended:
			return
		default: // a database that is being repaired after the last kill cannot be asked yet
			_ = db.QueryRow(`SELECT count(*) FROM origin WHERE kind = 'news'`).Scan(&stored)
		}
	}
}

// checkImported holds that a portal has the items and the photos of the old one, each once.
func checkImported(t *testing.T, s *store.Store, old oldPortal) {
	t.Helper()
	ctx := context.Background()
	items := 0
	counts, err := s.SectionItems(ctx)
	for _, n := range counts {
		items += n
	}
	media, err2 := s.CheckMedia(ctx, true, func(f store.MediaFault) { t.Errorf("media: %+v", f) })
	_, err3 := s.VerifyAudit(ctx)
	if err := errors.Join(err, err2, err3); err != nil {
		t.Fatal(err)
	}
	if items != old.posts {
		t.Errorf("%d items came of %d", items, old.posts)
	}
	if media.Records != old.photos || media.Files < media.Records {
		t.Errorf("%d photos came of %d, %d files", media.Records, old.photos, media.Files)
	}
	for i := range old.posts {
		id := 10 * (i + 1)
		to, err := s.Redirect(ctx, model.Viewer{}, fmt.Sprintf("/?p=%d", id))
		if err != nil || to != fmt.Sprintf("/tin-tuc/bai-so-%d-ve-cong-tac-co-so", id) {
			t.Fatalf("post %d is at %q, %v", id, to, err)
		}
	}
}
