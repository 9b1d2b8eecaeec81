package transfer

import (
	"context"
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
	"congso/store/model"
)

// saveOldPages makes a folder of pages as a program that saves whole portals leaves it: the sample page, some of another shape, and their photos.
func saveOldPages(t *testing.T, pages int) string {
	t.Helper()
	folder := t.TempDir()
	old := makeOldPortal(t, t.TempDir(), pages, 64)
	if err := os.Rename(old.uploads, filepath.Join(folder, "uploads")); err != nil {
		t.Fatal(err)
	}
	for i := range pages {
		id := 10 * (i + 1)
		congsotest.WriteFile(t, filepath.Join(folder, fmt.Sprintf("tin.aspx?id=%d", id)), fmt.Sprintf(`<html><body><div id="dnn_ContentPane"><h1>Tin cũ số %d</h1>
			<span class="ChuyenMuc">Tin cơ sở</span><span class="NgayDang">05/07/2023 14:30</span><div class="NoiDung"><p>Xem <a href="/tin.aspx?id=10">tin đầu</a>.</p>
			<p align="center"><img src="/uploads/%02d/anh-%d.jpg"></p><p align="center"><em>Lời ảnh của tin %d</em></p><p align="right"><b>Trần Thị Hoa</b></p></div></div></body></html>`, id, id%50, id+1, id))
	}
	sample, err := os.ReadFile("../../../../content/testdata/legacy-page.html")
	if err != nil {
		t.Fatal(err)
	}
	congsotest.WriteFile(t, filepath.Join(folder, "legacy-page.html"), string(sample))
	congsotest.WriteFile(t, filepath.Join(folder, "danh-sach.html"), "<ul><li><a href='/'>Danh sách</a></ul>")
	congsotest.WriteFile(t, filepath.Join(folder, "hong.html"), "<div id='dnn_x'><h1>Bảng quá rộng</h1><div class='NoiDung'><table><tr>"+strings.Repeat("<td>a", 60)+"</table></div></div>")
	return folder
}

// TestImportHTML takes over saved pages beside a running server: what comes, where old addresses lead, which contacts wait, and that a second
// run changes nothing.
func TestImportHTML(t *testing.T) {
	t.Parallel()
	congsotest.EachDatabase(t, func(t *testing.T, folder, database string, args []string) {
		n := congsotest.FurnishOn(t, folder, database)
		pages := saveOldPages(t, 3)
		r := congsotest.Start(t, nil, append([]string{"serve"}, args...)...)
		command := append([]string{"import", "html", pages, "--source", "https://so-cu.example", "--report", filepath.Join(t.TempDir(), "bao-cao.csv")}, args...)

		before := auditEntries(t, folder, database)
		shown := faulty(t, append(command, "--dry-run")...)
		congsotest.MustContain(t, "the table", shown, "Tin cũ số 10", "Tin cơ sở", "05/07/2023", "/tin.aspx?id=10", "4 items would come", "1 cannot come", "No text found, and left out: 1 pages.", "danh-sach.html",
			"Contacts: 5 would be proposed", "Bà Nguyễn Hoàng Minh Họa – Giám đốc – Ban Giám đốc (1 numbers)")
		congsotest.MustLack(t, "the table", shown, "0900 000 102", "+84900000102")
		if after := auditEntries(t, folder, database); after != before {
			t.Fatalf("showing what would come wrote %d entries", after-before)
		}
		done := faulty(t, command...)
		congsotest.MustContain(t, "the report", done, "4 items new, 0 known", "1 left out by faults; 3 photos", "FAULT    hong.html: Bảng quá rộng", "bảng có quá 50 cột",
			"Không có tệp ảnh /Portals/0/TinTuc/2023/07/anh1.jpg", "/Portals/0/TinTuc/2023/07/anh2.jpg", "Không rõ ngày đăng", "“Sở TT&TT” và “Công an tỉnh”", "Contacts: 5 proposed")
		for _, id := range []int{10, 20, 30} {
			a := r.Get(t, fmt.Sprintf("/tin.aspx?id=%d", id))
			if a.Status != http.StatusMovedPermanently || a.Header.Get("Location") != fmt.Sprintf("/tin-tuc/tin-cu-so-%d", id) {
				t.Errorf("item %d: %d to %q", id, a.Status, a.Header.Get("Location"))
			}
			page := r.Page(t, fmt.Sprintf("/tin-tuc/tin-cu-so-%d", id))
			congsotest.MustContain(t, "the page", page, fmt.Sprintf("<figcaption>Lời ảnh của tin %d</figcaption>", id), `src="/media/`, "Trần Thị Hoa", "05/07/2023", "Tin cơ sở")
		}
		checkSample(t, r, congsotest.NewEditor(r, n))
		checkProposed(t, congsotest.NewEditor(r, n), done)

		before = auditEntries(t, folder, database)
		congsotest.MustContain(t, "the second report", faulty(t, command...), "0 items new, 4 known, 0 changed", "0 photos", "Contacts: 0 proposed, 5 waited already")
		if after := auditEntries(t, folder, database); after != before {
			t.Errorf("the second run wrote %d entries", after-before)
		}
	})
}

// checkSample holds that the sample page is a draft that the editors see whole, and nobody else.
func checkSample(t *testing.T, r *congsotest.Running, e *congsotest.Editor) {
	t.Helper()
	const address = "/tin-tuc/hoi-nghi-so-ket-cong-tac-cai-cach-hanh-chinh-6-thang-dau-nam-va-ky-ket-quy-che-phoi-hop-mot-cua-lien-thong"
	if a := r.Get(t, address); a.Status != http.StatusNotFound {
		t.Errorf("the draft answers %d", a.Status)
	}
	if a := r.Get(t, "/legacy-page.html"); a.Header.Get("Location") != "" {
		t.Errorf("the draft's old address leads to %q", a.Header.Get("Location"))
	}
	a, err := e.Open("/admin/tin-tuc")
	if err != nil || a.Status != http.StatusOK {
		t.Fatalf("the list: %d %v", a.Status, err)
	}
	congsotest.MustContain(t, "the list", a.Body, "Hội nghị sơ kết công tác cải cách hành chính")
}

// checkProposed holds that the contacts wait at the address that the report names.
func checkProposed(t *testing.T, e *congsotest.Editor, report string) {
	t.Helper()
	place := regexp.MustCompile(`/admin/danh-ba/nhap/\d+\?moi=1`).FindString(report)
	a, err := e.Open(place)
	if err != nil || a.Status != http.StatusOK {
		t.Fatalf("%q: %d %v", place, a.Status, err)
	}
	congsotest.MustContain(t, "the preview", a.Body, "Nguyễn Hoàng Minh Họa", "Phan Ý Ví Dụ", "Phạm Bảo Mẫu", "Thanh tra Sở", "Phòng Cải cách hành chính", "0900 000 102")
}

// TestImportHTMLAsked holds what must be said before pages are read, and the selectors that can be printed and changed.
func TestImportHTMLAsked(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "data")
	congsotest.Furnish(t, folder)
	pages := t.TempDir()
	congsotest.WriteFile(t, filepath.Join(pages, "a.html"), `<h2 class="ten">Tin lạ</h2><div class="chu">Chữ.</div>`)
	own := filepath.Join(t.TempDir(), "rieng.toml")
	congsotest.WriteFile(t, own, "title = [\".ten\"]\nbody = [\".chu\"]\n")
	broken := filepath.Join(t.TempDir(), "hong.toml")
	congsotest.WriteFile(t, broken, "bodi = [\".chu\"]\n")
	for line, want := range map[string]string{
		"":                                  "name the folder",
		pages:                               "--source https://so.example",
		pages + " --preset wix":             `preset "wix"`,
		pages + " --date hom-qua":           "--date",
		pages + " --date-from url":          "--date-from",
		pages + " --selectors " + broken:    `hong.toml: không có mục "bodi"`,
		pages + "/khong --source https://a": "no such file",
		t.TempDir():                         "không thấy trang nào",
	} {
		err := congsotest.Fail(t, nil, strings.Fields("import html "+line+" --data "+folder)...)
		congsotest.MustContain(t, line, err.Error(), want)
	}
	congsotest.MustContain(t, "a preset", congsotest.Runs(t, nil, "import", "html", "--print-preset", "dnn"), "body = [", ".NoiDung")
	congsotest.MustContain(t, "the report", congsotest.Runs(t, nil, "import", "html", pages, "--source", "https://so-cu.example", "--selectors", own, "--date", "2023-07-05", "--data", folder), "1 items new")
	r := congsotest.Start(t, nil, "serve", "--data", folder)
	congsotest.MustContain(t, "the page", r.Page(t, "/tin-tuc/tin-la"), "05/07/2023", "<p>Chữ.</p>")
	if a := r.Get(t, "/a.html"); a.Header.Get("Location") != "/tin-tuc/tin-la" {
		t.Errorf("the old address leads to %q", a.Header.Get("Location"))
	}
}

// TestImportContacts takes contacts from a file: a plan that changes nothing, rows with faults left out, and nothing twice.
func TestImportContacts(t *testing.T) {
	t.Parallel()
	congsotest.EachDatabase(t, func(t *testing.T, folder, database string, args []string) {
		congsotest.FurnishOn(t, folder, database)
		file := filepath.Join(t.TempDir(), "danh-ba.csv")
		congsotest.WriteFile(t, file, "Đơn vị,Họ và tên,Chức vụ,Điện thoại cơ quan,Di động\nVăn phòng,,,0257 3000 105,\nVăn phòng,Lê Văn An,Chánh Văn phòng,0257 3000 106,0900 000 102\nVăn phòng,Trần Bình,Văn thư,12345,\n")
		command := append([]string{"import", "csv", "contacts", file}, args...)
		before := auditEntries(t, folder, database)
		shown := faulty(t, append(command, "--dry-run")...)
		congsotest.MustContain(t, "the plan", shown, "2 rows would be added", "1 cannot come", "Lê Văn An", "Trần Bình", "Điện thoại cơ quan: ")
		congsotest.MustContain(t, "the whole", faulty(t, append(command, "--whole")...), "Nothing was changed: 1 rows have faults.")
		if after := auditEntries(t, folder, database); after != before {
			t.Fatalf("showing what would come wrote %d entries", after-before)
		}
		congsotest.MustContain(t, "the report", faulty(t, command...), "2 rows added", "1 left out by faults")
		before = auditEntries(t, folder, database)
		congsotest.MustContain(t, "the second report", faulty(t, command...), "0 rows added, 0 changed a record, 2 changed nothing, 1 left out")
		if after := auditEntries(t, folder, database); after != before {
			t.Errorf("the second run wrote %d entries", after-before)
		}
		r := congsotest.Start(t, nil, append([]string{"serve"}, args...)...)
		page := r.Page(t, "/danh-ba")
		congsotest.MustContain(t, "the directory", page, "Lê Văn An", "0257 3000 106")
		congsotest.MustLack(t, "the directory", page, "0900 000 102", "Trần Bình")
		err := congsotest.Fail(t, nil, append([]string{"import", "xlsx", "contacts", file}, args...)...)
		congsotest.MustContain(t, "a file of another format", err.Error(), "is no XLSX file")
		congsotest.WriteFile(t, file, "Đơn vị,Họ và tên,Chức vụ\nPhòng Lạ,Đỗ Mới,Chuyên viên\n")
		congsotest.MustContain(t, "an unknown unit", faulty(t, append(command, "--dry-run")...), "1 cannot come", "With --new-units, units that the directory lacks are made.")
		congsotest.MustContain(t, "a new unit", congsotest.Runs(t, nil, append(command, "--dry-run", "--new-units")...), "1 rows would be added")
	})
}

// TestImportHTMLKilled kills an import at random moments, and holds that the same command then brings what is missing, each item and contact once.
func TestImportHTMLKilled(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("no kill -9 there")
	}
	folder := filepath.Join(t.TempDir(), "data")
	congsotest.Furnish(t, folder)
	const pages = 30
	command := []string{"import", "html", saveOldPages(t, pages), "--source", "https://so-cu.example", "--data", folder}
	killed := 0
	for range 3 {
		r := congsotest.LaunchAsIs(t, nil, command...)
		time.Sleep(time.Duration(rand.IntN(900)+100) * time.Millisecond)
		r.Signal(t, os.Kill)
		if r.Wait(t) != nil {
			killed++
		}
	}
	report := faulty(t, command...)
	t.Logf("killed %d times; then %s", killed, report)
	congsotest.MustContain(t, "the run after it", faulty(t, command...), fmt.Sprintf("0 items new, %d known, 0 changed", pages+1), "Contacts: 0 proposed, 5 waited already")
	s := congsotest.OpenStore(t, folder, "")
	defer s.Close()
	counts, err := s.SectionItems(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	items := 0
	for _, n := range counts {
		items += n
	}
	if drafts := recordText(t, folder, `SELECT count(*) FROM news`); items < pages || drafts != fmt.Sprint(pages+1) {
		t.Errorf("%d items are published, %s are there, of %d", items, drafts, pages+1)
	}
	for i := range pages {
		id := 10 * (i + 1)
		if to, err := s.Redirect(context.Background(), model.Viewer{}, fmt.Sprintf("/tin.aspx?id=%d", id)); err != nil || to != fmt.Sprintf("/tin-tuc/tin-cu-so-%d", id) {
			t.Errorf("item %d is at %q, %v", id, to, err)
		}
	}
}
