package handlers_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"congso/store/model"
	"congso/store/storetest"
)

// upload makes the request carry a file as the portal's own form sends it.
func upload(t testing.TB, name string, data []byte) func(*http.Request) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile("file", name)
	must(t, err)
	_, err = part.Write(data)
	must(t, err)
	must(t, w.Close())
	return func(r *http.Request) {
		r.Body, r.ContentLength = io.NopCloser(&b), int64(b.Len())
		r.Header.Set("Content-Type", w.FormDataContentType())
		r.Header.Set("Origin", base)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
}

var printField = regexp.MustCompile(`name="print" value="([0-9a-f]{64})"`)

// preview uploads a file and returns the address of its preview and the fingerprint in it.
func (p *portal) preview(t testing.TB, file string, login func(*http.Request)) (path, print, page string) {
	t.Helper()
	a := p.do(http.MethodPost, "/admin/danh-ba/nhap", upload(t, "danh-ba.csv", []byte(file)), login)
	if a.status != http.StatusSeeOther {
		t.Fatalf("upload: status %d\n%.600s", a.status, between(t, a.body, "<main", "</main>"))
	}
	path = a.header.Get("Location")
	page = p.page(t, path, login)
	m := printField.FindStringSubmatch(page)
	if m == nil {
		t.Fatal("no fingerprint in the preview")
	}
	return path, m[1], page
}

const contactsFile = "STT;Ho va ten;Đơn vị;Chức vụ;Thứ bậc;Điện thoại;ĐTDĐ;Email\n" +
	"1;Võ Thị Mai;Văn phòng;Chuyên viên;9;0257 3000 177;0900000177;mai@so.example.vn\n" +
	"2;Hồ Văn Nam;Văn phòng;Chuyên viên;9;;0900000178 (chính thức);nam@so.example.vn\n" +
	"3;Đỗ Sai;Phòng Không Có;Chuyên viên;9;12;;\n"

func TestImportThroughTheDoor(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		login := p.login(t, model.RoleEditor)
		path, print, page := p.preview(t, contactsFile, login)
		checkAdminPage(t, "preview", page)
		contains(t, "preview", page, "Các cột không dùng đến: STT.", "Thêm (2)", "Sửa (0)", "Lỗi (1)", "Chưa có đơn vị này", "Số điện thoại không hợp lệ",
			"0900 000 177 (cá nhân)", "0900 000 178 (chính thức)", "danh-ba.csv")
		lacks(t, "only the faults", p.page(t, path+"?viec=fault", login), "Võ Thị Mai")

		a := p.post(path, fields("print", print, "apply", "1"), login)
		if a.status != http.StatusUnprocessableEntity {
			t.Errorf("with faults: status %d", a.status)
		}
		contains(t, "with faults", a.body, "Còn 1 dòng có lỗi.", `href="#f_leave_out"`)
		if a = p.post(path, fields("print", print, "apply", "1"), p.login(t, model.RoleAdmin)); a.status != http.StatusNotFound {
			t.Errorf("somebody else's file: status %d", a.status)
		}
		if a = p.get("/danh-ba/nguoi/vo-thi-mai"); a.status != http.StatusNotFound {
			t.Errorf("before the import: status %d", a.status)
		}
		if a = p.post(path, fields("print", print, "apply", "1", "leave_out", "1"), login); a.status != http.StatusSeeOther {
			t.Fatalf("import: status %d", a.status)
		}
		contains(t, "after the import", p.page(t, "/admin/danh-ba", login), "Đã nhập: thêm 2, sửa 0, giữ nguyên 0, bỏ lại 1 dòng có lỗi.", "Võ Thị Mai")
		if a = p.get(path, login); a.status != http.StatusNotFound {
			t.Errorf("the kept file after the import: status %d", a.status)
		}
		p.checkNotPublic(t, "0900000177")
		contains(t, "an official mobile", p.page(t, "/danh-ba/nguoi/ho-van-nam"), "0900 000 178")
		lacks(t, "who was left out", p.page(t, "/danh-ba"), "Đỗ Sai")
		_, _, page = p.preview(t, contactsFile, login)
		contains(t, "once more", page, "Thêm (0)", "Giữ nguyên (2)", "Lỗi (1)")
	})
}

// checkNotPublic asks for a number everywhere that an outsider can ask.
func (p *portal) checkNotPublic(t *testing.T, digits string) {
	t.Helper()
	for _, target := range []string{"/", "/danh-ba", "/danh-ba/van-phong", "/danh-ba/nguoi/vo-thi-mai", "/danh-ba/nguoi/vo-thi-mai.vcf", "/api/v1/contacts",
		"/danh-ba?q=" + digits, "/en/contacts", "/tim-kiem?q=V%C3%B5+Th%E1%BB%8B+Mai", "/rss.xml", "/sitemap.xml"} {
		for where, address := range map[string]string{"outside": outside, "inside": inside} {
			a := p.get(target, from(address))
			if a.status != http.StatusOK {
				t.Errorf("%s from %s: status %d", target, where, a.status)
			}
			text := strings.ReplaceAll(separators.ReplaceAllString(a.body, ""), "q="+digits, "")
			text = strings.ReplaceAll(text, `value="`+digits+`"`, "")
			for _, form := range []string{digits, "84" + digits[1:]} {
				if strings.Contains(text, form) && !strings.Contains(target, "?q=") {
					t.Errorf("%s from %s has the personal number", target, where)
				}
			}
			if strings.Contains(target, "?q="+digits) {
				lacks(t, target, a.body, "Võ Thị Mai")
			}
		}
	}
}

func TestImportWhenTheDirectoryMoved(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		login := p.login(t, model.RoleEditor)
		path, print, _ := p.preview(t, strings.ReplaceAll(contactsFile, "3;Đỗ Sai;Phòng Không Có;Chuyên viên;9;12;;\n", ""), login)
		unit, err := p.store.UnitBySlug(context.Background(), storetest.Staff(), "van-phong")
		must(t, err)
		storetest.Person(t, p.store, "Võ Thị Mai", []model.Post{{UnitID: unit.Unit.ID, Title: "Kế toán", Rank: 9}})
		a := p.post(path, fields("print", print, "apply", "1"), login)
		if a.status != http.StatusConflict {
			t.Errorf("status %d, want 409", a.status)
		}
		contains(t, "conflict", a.body, "Danh bạ đã thay đổi sau khi bạn xem trước", "Thêm (1)", "Sửa (1)")
		if a := p.get("/danh-ba/nguoi/ho-van-nam"); a.status != http.StatusNotFound {
			t.Errorf("something was written: status %d", a.status)
		}
		print = printField.FindStringSubmatch(a.body)[1]
		if a = p.post(path, fields("print", print, "apply", "1"), login); a.status != http.StatusSeeOther {
			t.Errorf("the new plan: status %d", a.status)
		}
	})
}

func TestImportRefusesFiles(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		login := p.login(t, model.RoleEditor)
		for name, c := range map[string]struct {
			change func(*http.Request)
			want   string
		}{
			"no file":       {form("a=b"), "Hãy chọn một tệp."},
			"an empty file": {upload(t, "a.csv", nil), "Tệp rỗng."},
			"a large file":  {upload(t, "a.csv", make([]byte, 6<<20)), "Tệp quá lớn"},
			"a picture":     {upload(t, "a.png", []byte("\x89PNG\r\n\x1a\n\xff\xfe")), "bảng mã Unicode"},
			"no headings":   {upload(t, "a.csv", []byte("<script>,b\n1,2\n")), "Không tìm thấy dòng tiêu đề"},
			"broken off": {func(r *http.Request) {
				upload(t, "a.csv", bytes.Repeat([]byte("Đơn vị,Họ tên\n"), 100))(r)
				r.Body = io.NopCloser(io.LimitReader(r.Body, 900))
			}, "Tệp gửi lên bị ngắt"},
			"no such headers": {func(r *http.Request) { upload(t, "a.csv", nil)(r); r.Header.Set("Content-Type", "multipart/form-data") }, "bị ngắt giữa chừng"},
		} {
			a := p.do(http.MethodPost, "/admin/danh-ba/nhap", c.change, login)
			if a.status != http.StatusUnprocessableEntity {
				t.Errorf("%s: status %d", name, a.status)
			}
			contains(t, name, a.body, c.want, `href="#f_file"`)
			lacks(t, name, a.body, "<script>,b")
		}
	})
}

func TestPreviewOfTenThousandRows(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		login := p.login(t, model.RoleEditor)
		var b strings.Builder
		b.WriteString("Đơn vị,Họ và tên,Chức vụ,Thứ bậc,Di động,Thư điện tử\n")
		for i := range 10_000 {
			fmt.Fprintf(&b, "Văn phòng,Nguyễn Văn Số %d,Chuyên viên,9,0900 %06d,so%d@so.example.vn\n", i, i, i)
		}
		start := time.Now()
		path, _, page := p.preview(t, b.String(), login)
		contains(t, "preview", page, "Thêm (10000)", "trang=2")
		contains(t, "last page", p.page(t, path+"?trang=50", login), "Nguyễn Văn Số 9999")
		if took, size := time.Since(start), len(page); took > time.Minute || size > 1<<20 {
			t.Errorf("the preview took %s and %d bytes", took, size)
		}
		b.WriteString("Văn phòng,Một Người Nữa,Chuyên viên,9,,\n")
		a := p.do(http.MethodPost, "/admin/danh-ba/nhap", upload(t, "danh-ba.csv", []byte(b.String())), login)
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "quá 10.000 dòng") {
			t.Errorf("a row more: status %d", a.status)
		}
	})
}

func TestExportsComeBackTheSame(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		login := p.login(t, model.RoleEditor)
		for _, kind := range []string{"csv", "xlsx"} {
			a := p.get("/admin/danh-ba/xuat/danh-ba."+kind, login)
			if a.status != http.StatusOK || !strings.Contains(a.header.Get("Content-Disposition"), "."+kind) {
				t.Fatalf("%s: status %d, %q", kind, a.status, a.header.Get("Content-Disposition"))
			}
			_, _, page := p.preview(t, a.body, login)
			contains(t, kind, page, "Thêm (0)", "Sửa (0)", "Lỗi (0)")
			lacks(t, kind, page, "Giữ nguyên (0)")
		}
		digits := func(target string, change ...func(*http.Request)) string {
			return separators.ReplaceAllString(p.page(t, target, change...), "")
		}
		author := p.login(t, model.RoleAuthor)
		contains(t, "for the staff", digits("/admin/danh-ba/xuat/danh-ba.csv", author), personalNumbers[0])
		contains(t, "cards for the staff", digits("/admin/danh-ba/xuat/danh-ba.vcf", author), "84"+personalNumbers[0][1:])
		for _, kind := range []string{"csv", "vcf"} {
			for _, number := range personalNumbers {
				lacks(t, "public "+kind, digits("/admin/danh-ba/xuat/danh-ba-cong-khai."+kind, author), number, "84"+number[1:])
			}
		}
		contains(t, "cards", p.page(t, "/admin/danh-ba/xuat/danh-ba-cong-khai.vcf", author), "BEGIN:VCARD", "FN:Phạm Thị Ánh Đào")
		for _, target := range []string{"danh-ba.pdf", "khac.csv", "mau-danh-ba.csv", "danh-ba"} {
			if a := p.get("/admin/danh-ba/xuat/"+target, login); a.status != http.StatusNotFound {
				t.Errorf("%s: status %d", target, a.status)
			}
		}
		if a := p.do(http.MethodPost, "/admin/danh-ba/nhap", upload(t, "mau.xlsx", []byte(p.page(t, "/admin/danh-ba/xuat/mau-danh-ba.xlsx", login))), login); !strings.Contains(a.body, "Dưới dòng tiêu đề không có dòng nào") {
			t.Errorf("the template: status %d", a.status)
		}
	})
}

func TestPersonForm(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		ctx, login := context.Background(), p.login(t, model.RoleEditor)
		unit, err := p.store.UnitBySlug(ctx, storetest.Staff(), "van-phong")
		must(t, err)
		id := strconv.FormatInt(unit.Unit.ID, 10)
		typed := []string{"name", "Tạ <b>Mới", "honorific", "Ông", "email", "ta.moi@so.example.vn", "slug", "", "photo", "", "photo_alt", "", "revision", "0",
			"post_unit", id, "post_title", "Chuyên viên", "post_title_en", "", "post_rank", "", "post_from", "05/07/2023", "post_until", "",
			"number_kind", "", "number_e164", "0900.000.321", "number_mark", "", "number_kind", "", "number_e164", "02573.000321", "number_mark", ""}

		a := p.post("/admin/danh-ba/nguoi/moi", fields(append(typed, "row", "numbers down 0")...), login)
		if one, two := strings.Index(a.body, `value="02573.000321"`), strings.Index(a.body, `value="0900.000.321"`); a.status != http.StatusOK || one < 0 || two < one {
			t.Errorf("rows moved: status %d, places %d, %d", a.status, one, two)
		}
		contains(t, "rows moved", a.body, `value="Tạ &lt;b&gt;Mới"`, `value="05/07/2023"`)
		checkAdminPage(t, "rows moved", a.body)
		a = p.post("/admin/danh-ba/nguoi/moi", fields(append(typed, "row", "posts add")...), login)
		if got := strings.Count(a.body, `name="post_title"`); got != 2 {
			t.Errorf("%d rows after one was added", got)
		}
		a = p.post("/admin/danh-ba/nguoi/moi", fields(append(typed, "row", "numbers remove 0")...), login)
		lacks(t, "a row removed", a.body, "0900.000.321")

		bad := append(append([]string{}, typed...), "post_unit", "", "post_title", "Kế toán", "number_e164", "12 34")
		a = p.post("/admin/danh-ba/nguoi/moi", fields(append(bad, "post_from", "31/02/2024")...), login)
		if a.status != http.StatusUnprocessableEntity {
			t.Errorf("faults: status %d", a.status)
		}
		contains(t, "faults", a.body, `href="#f_posts"`, `href="#f_numbers"`, "Dòng 2:", "Dòng 3: Số điện thoại không hợp lệ", `value="12 34"`, `value="31/02/2024"`, `value="Kế toán"`)

		a = p.post("/admin/danh-ba/nguoi/moi", fields(append(typed, "confirm", "1")...), login)
		if a.status != http.StatusSeeOther {
			t.Fatalf("save: status %d\n%s", a.status, between(t, a.body, "<main", "</main>"))
		}
		person, err := p.store.PersonBySlug(ctx, storetest.Staff(), "ta-b-moi")
		must(t, err)
		if len(person.Numbers) != 2 || person.Numbers[0].Official || !person.Numbers[1].Official || person.ConfirmedOn != p.store.Today() || person.Posts[0].Rank != 9 {
			t.Errorf("saved: %+v", person)
		}
		lacks(t, "outside", p.page(t, "/danh-ba/nguoi/ta-b-moi"), "0900 000 321")

		path := a.header.Get("Location")
		page := p.page(t, path, login)
		contains(t, "the form", page, `value="Tạ &lt;b&gt;Mới"`, "Đã lưu: Tạ &lt;b&gt;Mới.")
		person.Honorific = "Bà"
		must(t, p.store.PutPerson(ctx, storetest.Actor(), &person))
		mine := append(append([]string{}, typed...), "revision", "1")
		mine[1], mine[13] = "Tạ Của Tôi", "1"
		a = p.post(path, fields(mine...), login)
		if a.status != http.StatusConflict {
			t.Errorf("conflict: status %d", a.status)
		}
		contains(t, "conflict", a.body, "Có người đã sửa mục này", "<del>Tạ &lt;b&gt;Mới</del>", "<ins>Tạ Của Tôi</ins>", "<del>Bà</del>", `value="Tạ Của Tôi"`, `name="revision" value="2"`)
		mine[13] = "2"
		if a = p.post(path, fields(mine...), login); a.status != http.StatusSeeOther {
			t.Errorf("once more: status %d", a.status)
		}

		if a = p.post(path+"/luu-tru", "", login); a.status != http.StatusSeeOther {
			t.Errorf("archive: status %d", a.status)
		}
		contains(t, "archived", p.page(t, path, login), "Hoàn tác lưu trữ")
		p.clock.Add(24 * time.Hour)
		lacks(t, "the directory a day later", p.page(t, "/danh-ba"), "Tạ Của Tôi")
		if a = p.post(path+"/khoi-phuc", "", p.login(t, model.RoleEditor)); a.status != http.StatusSeeOther {
			t.Errorf("restore: status %d", a.status)
		}
		p.clock.Add(time.Second)
		contains(t, "restored", p.page(t, "/danh-ba"), "Tạ Của Tôi")
	})
}

func TestDirectoryDeskFilters(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		ctx, login := context.Background(), p.login(t, model.RoleEditor)
		unit, err := p.store.UnitBySlug(ctx, storetest.Staff(), "van-phong")
		must(t, err)
		fresh := storetest.Person(t, p.store, "Lã Vừa Xong", []model.Post{{UnitID: unit.Unit.ID, Title: "Văn thư", Rank: 9}}, func(n *model.Person) {
			n.ConfirmedOn, n.Numbers = p.store.Today(), []model.Number{{E164: "0900000654"}}
		})
		gone := storetest.Person(t, p.store, "Lã Đã Nghỉ", []model.Post{{UnitID: unit.Unit.ID, Title: "Văn thư", Rank: 9, Until: "2020-01-01"}})
		for query, want := range map[string]string{
			"?q=la+vua": fresh.Name, "?q=0900.000.654": fresh.Name, "?loc=so-di-dong-ca-nhan&q=la": fresh.Name, "?loc=khong-chuc-vu&q=la": gone.Name, "?loc=tat-ca&q=la+da": gone.Name,
			"?q=van+thu&don-vi=" + strconv.FormatInt(unit.Unit.ID, 10): fresh.Name,
		} {
			page := p.page(t, "/admin/danh-ba"+query, login)
			contains(t, query, page, want, "1 mục")
		}
		page := p.page(t, "/admin/danh-ba?loc=chua-xac-nhan", login)
		lacks(t, "unconfirmed", page, fresh.Name, gone.Name)
		value := regexp.MustCompile(`name="muc" value="([a-z]+-\d+)" aria-label="Chọn ([^"]+)"`).FindAllStringSubmatch(page, -1)
		if len(value) < 3 {
			t.Fatalf("%d unconfirmed", len(value))
		}
		a := p.post("/admin/danh-ba/xac-nhan", fields("muc", value[0][1], "muc", value[1][1]), login)
		if a.status != http.StatusSeeOther {
			t.Errorf("confirm: status %d", a.status)
		}
		page = p.page(t, "/admin/danh-ba?loc=chua-xac-nhan", login)
		contains(t, "confirmed", page, "Đã xác nhận 2 mục.", strconv.Itoa(len(value)-2)+" mục")
		p.clock.Add(181 * 24 * time.Hour)
		must(t, p.store.ConfirmPerson(ctx, storetest.Actor(), gone.ID, p.store.Today()))
		contains(t, "181 days later", p.page(t, "/admin/danh-ba?loc=chua-xac-nhan", p.login(t, model.RoleEditor)), fresh.Name)
	})
}

func TestMergeThroughTheDoor(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		login := p.login(t, model.RoleEditor)
		old, into := storetest.Unit(t, p.store, "Phòng Cũ"), storetest.Unit(t, p.store, "Phòng Kế Thừa")
		person := storetest.Person(t, p.store, "Lỗ Chuyển", []model.Post{{UnitID: old.ID, Title: "Trưởng phòng Cũ", Rank: 3}})
		path := fmt.Sprintf("/admin/danh-ba/don-vi/%d/sap-nhap", old.ID)
		contains(t, "form", p.page(t, path, login), "Phòng Kế Thừa")
		target, today := strconv.FormatInt(into.ID, 10), p.store.Today().Short()
		for name, body := range map[string]string{
			"f_into": fields("day", today, "look", "1"), "f_day": fields("into", target, "day", "hôm nay", "merge", "1"),
		} {
			if a := p.post(path, body, login); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `href="#`+name+`"`) {
				t.Errorf("%s: status %d", name, a.status)
			}
		}
		a := p.post(path, fields("into", target, "day", today, "posts", "1", "look", "1", "revision", "1"), login)
		if a.status != http.StatusOK {
			t.Errorf("look: status %d", a.status)
		}
		contains(t, "look", a.body, "Lỗ Chuyển: Trưởng phòng Cũ: chuyển sang Phòng Kế Thừa", `name="merge"`)
		checkAdminPage(t, "look", a.body)
		if a = p.post(path, fields("into", target, "day", today, "posts", "1", "merge", "1", "revision", "9"), login); a.status != http.StatusConflict {
			t.Errorf("another revision: status %d", a.status)
		}
		if a = p.post(path, fields("into", target, "day", today, "posts", "1", "merge", "1", "revision", "1"), login); a.status != http.StatusSeeOther {
			t.Errorf("merge: status %d", a.status)
		}
		contains(t, "old unit", p.page(t, "/danh-ba/"+old.Slug), `href="/danh-ba/`+into.Slug+`"`)
		contains(t, "person", p.page(t, "/danh-ba/nguoi/"+person.Slug), "Phòng Kế Thừa")
	})
}

func TestProposals(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		ctx, author, editor := context.Background(), p.login(t, model.RoleAuthor), p.login(t, model.RoleEditor)
		unit := storetest.Unit(t, p.store, "Phòng Đề Xuất")
		path := fmt.Sprintf("/admin/danh-ba/don-vi/%d", unit.ID)
		contains(t, "an author's form", p.page(t, path, author), "Gửi đề xuất")
		typed := func(name, revision string) []string {
			return []string{"name", name, "revision", revision, "position", "0", "slug", unit.Slug, "number_kind", "", "number_e164", "0257 3000 188", "number_mark", ""}
		}
		if a := p.post(path, fields(typed("", "1")...), author); a.status != http.StatusUnprocessableEntity {
			t.Errorf("a proposal without a name: status %d", a.status)
		}
		if a := p.post(path, fields(typed("Phòng Đổi Tên", "1")...), author); a.status != http.StatusSeeOther {
			t.Fatalf("propose: status %d", a.status)
		}
		if u, err := p.store.UnitByID(ctx, unit.ID); err != nil || u.Name != unit.Name || len(u.Numbers) != 0 {
			t.Errorf("an author wrote: %+v, %v", u, err)
		}
		list, err := p.store.Proposals(ctx, 0)
		if err != nil || len(list) != 1 {
			t.Fatalf("%d proposals, %v", len(list), err)
		}
		address := fmt.Sprintf("/admin/danh-ba/de-xuat/%d", list[0].ID)
		page := p.page(t, address, editor)
		checkAdminPage(t, "proposal", page)
		contains(t, "proposal", page, "<del>Phòng Đề Xuất</del>", "<ins>Phòng Đổi Tên</ins>", "0257 3000 188 (chính thức)")
		contains(t, "the desk", p.page(t, "/admin/danh-ba", editor), "Đề xuất đang chờ", "Phòng Đổi Tên")
		other := p.loginAs(t, storetest.User(t, p.store, "nguoi.khac", model.RoleAuthor))
		if a := p.get(address, other); a.status != http.StatusNotFound {
			t.Errorf("another author's: status %d", a.status)
		}
		lacks(t, "another author's desk", p.page(t, "/admin/danh-ba", other), "Phòng Đổi Tên")

		if a := p.post(address+"/tra-lai", fields("version", "1", "note", " "), editor); a.status != http.StatusUnprocessableEntity {
			t.Errorf("return without a note: status %d", a.status)
		}
		if a := p.post(address+"/tra-lai", fields("version", "1", "note", "Thiếu quyết định đổi tên."), editor); a.status != http.StatusSeeOther {
			t.Errorf("return: status %d", a.status)
		}
		contains(t, "returned", p.page(t, path+"?de-xuat="+strconv.FormatInt(list[0].ID, 10), author), "Thiếu quyết định đổi tên.", `value="Phòng Đổi Tên"`)
		again := append(typed("Phòng Đổi Tên Lần Hai", "1"), "proposal", strconv.FormatInt(list[0].ID, 10), "proposal_version")
		if a := p.post(path, fields(append(again, "2")...), author); a.status != http.StatusSeeOther {
			t.Errorf("send again: status %d", a.status)
		}
		page = p.page(t, path+"?de-xuat="+strconv.FormatInt(list[0].ID, 10), editor)
		contains(t, "take over", page, `value="Phòng Đổi Tên Lần Hai"`, `name="proposal_version" value="3"`, "Bấm «Lưu» là đưa vào danh bạ")
		if a := p.post(path, fields(append(again, "2")...), editor); a.status != http.StatusConflict {
			t.Errorf("take over another version: status %d", a.status)
		}
		if a := p.post(path, fields(append(again, "3")...), editor); a.status != http.StatusSeeOther {
			t.Errorf("take over: status %d", a.status)
		}
		u, err := p.store.UnitByID(ctx, unit.ID)
		if list, listErr := p.store.Proposals(ctx, 0); err != nil || listErr != nil || u.Name != "Phòng Đổi Tên Lần Hai" || len(list) != 0 {
			t.Errorf("taken over: %+v, %d proposals left, %v", u, len(list), err)
		}
		if a := p.post("/admin/danh-ba/nguoi/moi", fields("name", "Người Được Đề Xuất", "post_unit", strconv.FormatInt(unit.ID, 10), "post_title", "Chuyên viên"), author); a.status != http.StatusSeeOther {
			t.Errorf("a new person: status %d", a.status)
		}
		list, err = p.store.Proposals(ctx, 0)
		must(t, err)
		if a := p.post(fmt.Sprintf("/admin/danh-ba/de-xuat/%d/bo", list[0].ID), fields("version", "1"), author); a.status != http.StatusSeeOther {
			t.Errorf("discard: status %d", a.status)
		}
		if _, err := p.store.VerifyAudit(ctx); err != nil {
			t.Error(err)
		}
	})
}
