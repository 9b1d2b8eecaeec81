package handlers_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"congso/store/model"
	"congso/store/storetest"
)

// sent is a part of an upload: a file, or a field when it has no name.
type sent struct{ field, name, content string }

// multipartForm makes the request carry files as the portal's own page sends them.
func multipartForm(t testing.TB, parts ...sent) func(*http.Request) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, p := range parts {
		var part io.Writer
		var err error
		if p.name == "" {
			part, err = w.CreateFormField(p.field)
		} else {
			part, err = w.CreateFormFile(p.field, p.name)
		}
		must(t, err)
		_, err = io.WriteString(part, p.content)
		must(t, err)
	}
	must(t, w.Close())
	return func(r *http.Request) {
		form(b.String())(r)
		r.Header.Set("Content-Type", w.FormDataContentType())
	}
}

func asJSON(r *http.Request) { r.Header.Set("Accept", "application/json") }

// uploaded is what the server says of an upload to a script.
type uploaded struct {
	ID                                                     int64
	Name, Address, Markdown, Message, Notice, Alt, Caption string
	Width, Height                                          int
}

// upload sends one file as the script does.
func (p *portal) upload(t testing.TB, login func(*http.Request), parts ...sent) (uploaded, int) {
	t.Helper()
	a := p.do(http.MethodPost, "/admin/tep/tai-len", multipartForm(t, parts...), asJSON, login)
	var u uploaded
	if err := json.Unmarshal([]byte(a.body), &u); err != nil {
		t.Fatalf("status %d: %v\n%.300s", a.status, err, a.body)
	}
	return u, a.status
}

// shot is a photograph of that size as JPEG.
func shot(t testing.TB, width, height int) string {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			img.SetRGBA(x, y, color.RGBA{uint8(x), uint8(y), uint8(x * y), 255})
		}
	}
	var b bytes.Buffer
	must(t, jpeg.Encode(&b, img, nil))
	return b.String()
}

// onItsSide adds to a JPEG what a telephone does: that it lies on its right side, and the latitude of the place.
func onItsSide(jpeg string) string {
	le := binary.LittleEndian
	b := le.AppendUint16([]byte("Exif\x00\x00II*\x00\x08\x00\x00\x00"), 2)
	for _, entry := range [][4]uint32{{0x0112, 3, 1, 6}, {0x8825, 4, 1, 38}} {
		b = le.AppendUint32(le.AppendUint32(le.AppendUint16(le.AppendUint16(b, uint16(entry[0])), uint16(entry[1])), entry[2]), entry[3])
	}
	b = le.AppendUint16(append(b, 0, 0, 0, 0), 1)
	b = le.AppendUint32(le.AppendUint32(le.AppendUint16(le.AppendUint16(b, 2), 5), 3), 56)
	for _, n := range []uint32{0, 13, 1, 5, 1, 44, 1} {
		b = le.AppendUint32(b, n)
	}
	return jpeg[:2] + string(binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(b)+2))) + string(b) + jpeg[2:]
}

// hugePNG is the beginning of a picture of 50,000 × 50,000 pixels.
func hugePNG() string {
	chunk := []byte("IHDR\x00\x00\xc3\x50\x00\x00\xc3\x50\x08\x02\x00\x00\x00")
	b := binary.BigEndian.AppendUint32([]byte("\x89PNG\r\n\x1a\n"), uint32(len(chunk)-4))
	return string(binary.BigEndian.AppendUint32(append(b, chunk...), crc32.ChecksumIEEE(chunk)))
}

// eachLibrary is eachPortal with the data folder.
func eachLibrary(t *testing.T, run func(t *testing.T, p *portal, dir string)) {
	t.Helper()
	eachPortal(t, func(t *testing.T, p *portal) { run(t, p, p.dir) })
}

// filesIn counts the files of the media folder.
func filesIn(t testing.TB, dir string) (n int) {
	t.Helper()
	must(t, filepath.WalkDir(filepath.Join(dir, "media"), func(_ string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			n++
		}
		return err
	}))
	return n
}

func (p *portal) mediaCount(t testing.TB) int {
	t.Helper()
	_, total, err := p.store.MediaPage(context.Background(), model.MediaFilter{}, 1, 1)
	must(t, err)
	return total
}

// TestUploadAPhoto: upright, without the place where it was taken, seen by whoever is logged in until a public record uses it.
func TestUploadAPhoto(t *testing.T) {
	eachLibrary(t, func(t *testing.T, p *portal, _ string) {
		login := p.login(t, model.RoleAuthor)
		u, status := p.upload(t, login, sent{"alt", "", "Hội trường  tầng 2"}, sent{"caption", "", "Sáng 15/6"}, sent{"file", "IMG 1 (Ảnh).JPG", onItsSide(shot(t, 800, 400))})
		if status != http.StatusCreated || u.Width != 400 || u.Height != 800 || u.Name != "IMG 1 (Ảnh).JPG" || u.Alt != "Hội trường tầng 2" {
			t.Fatalf("status %d, %+v", status, u)
		}
		if want := "![Hội trường tầng 2](" + u.Address + ")\n*Sáng 15/6*"; u.Markdown != want {
			t.Errorf("Markdown %q, want %q", u.Markdown, want)
		}
		small := strings.Replace(u.Address, "400x800", "320", 1)
		for _, address := range []string{u.Address, small} {
			if a := p.get(address); a.status != http.StatusNotFound {
				t.Errorf("%s for outsiders: status %d", address, a.status)
			}
			a := p.get(address, login)
			if a.status != http.StatusOK || a.header.Get("Cache-Control") != "no-store" || a.header.Get("Content-Type") != "image/jpeg" {
				t.Errorf("%s: status %d, %v", address, a.status, a.header)
			}
			lacks(t, address, a.body, "Exif", "GPS", "II*\x00")
		}
		n := storetest.News(t, p.store, p.news.Section, "Tin có ảnh mới", func(n *model.News) { n.Body = u.Markdown })
		if a := p.get(u.Address); a.status != http.StatusOK || !strings.Contains(a.header.Get("Cache-Control"), "immutable") {
			t.Errorf("used: status %d, %v", a.status, a.header)
		}
		n.Status = model.StatusArchived
		must(t, p.store.PutNews(context.Background(), storetest.Actor(), &n))
		if a := p.get(u.Address); a.status != http.StatusNotFound {
			t.Errorf("withdrawn: status %d", a.status)
		}
		m, err := p.store.MediaByID(context.Background(), u.ID)
		if err != nil || m.Uploader != p.user(t, model.RoleAuthor).ID {
			t.Errorf("%+v, %v", m, err)
		}
	})
}

// TestUploadsRefused: a clear message, 422, nothing kept.
func TestUploadsRefused(t *testing.T) {
	eachLibrary(t, func(t *testing.T, p *portal, dir string) {
		login, records, files := p.login(t, model.RoleAuthor), p.mediaCount(t), filesIn(t, dir)
		photo := shot(t, 300, 300)
		for _, test := range []struct{ name, content, want string }{
			{"a.svg", `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`, "SVG"},
			{"anh.jpg", "<!DOCTYPE html><script>alert(1)</script>", "HTML"},
			{"trang.html", "<html></html>", "HTML"},
			{"bom.png", hugePNG(), "50 triệu điểm ảnh"},
			{"dut.jpg", photo[:len(photo)/2], "hỏng"},
			{"lon.jpg", photo + strings.Repeat("\x00", 26<<20), "25 MB"},
			{"chay.pdf", "MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff", "không phải là pdf"},
			{"chay.exe", "MZ\x90\x00", "Chỉ nhận"},
			{"rong.txt", "", "trống"},
			{"dai.png", photo, "500 ký tự"},
		} {
			alt := ""
			if test.name == "dai.png" {
				alt = strings.Repeat("ạ", 501)
			}
			u, status := p.upload(t, login, sent{"alt", "", alt}, sent{"file", test.name, test.content})
			if status != http.StatusUnprocessableEntity || !strings.Contains(u.Message, test.want) {
				t.Errorf("%s: status %d, %q", test.name, status, u.Message)
			}
			a := p.do(http.MethodPost, "/admin/tep/tai-len", multipartForm(t, sent{"alt", "", alt}, sent{"file", test.name, test.content}), login)
			if a.status != http.StatusUnprocessableEntity {
				t.Errorf("%s without the script: status %d", test.name, a.status)
			}
			checkAdminPage(t, test.name, a.body)
			contains(t, test.name, a.body, test.name, test.want, `role="alert"`, `aria-invalid="true"`)
		}
		for name, body := range map[string]func(*http.Request){"no file": multipartForm(t, sent{"alt", "", "x"}), "an empty field": multipartForm(t, sent{"file", "", ""})} {
			if a := p.do(http.MethodPost, "/admin/tep/tai-len", body, login); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "Chưa chọn tệp nào") {
				t.Errorf("%s: status %d", name, a.status)
			}
		}
		if a := p.post("/admin/tep/tai-len", "file=x", login); a.status != http.StatusBadRequest {
			t.Errorf("no multipart form: status %d", a.status)
		}
		if n, f := p.mediaCount(t), filesIn(t, dir); n != records || f != files {
			t.Errorf("%d records and %d files, before %d and %d", n, f, records, files)
		}
	})
}

// TestUploadsWithoutScript: several files at once, then the words for them, faults beside what was stored.
func TestUploadsWithoutScript(t *testing.T) {
	eachLibrary(t, func(t *testing.T, p *portal, _ string) {
		login := p.login(t, model.RoleAuthor)
		first, second := sent{"file", "a.jpg", shot(t, 500, 300)}, sent{"file", "Kế hoạch.txt", "Kế hoạch tháng 6"}
		a := p.do(http.MethodPost, "/admin/tep/tai-len", multipartForm(t, first, second), login)
		where := a.header.Get("Location")
		if a.status != http.StatusSeeOther || !strings.HasPrefix(where, "/admin/tep/mo-ta?id=") {
			t.Fatalf("status %d, Location %q", a.status, where)
		}
		query, err := url.Parse(where)
		must(t, err)
		ids := query.Query()["id"]
		if len(ids) != 2 {
			t.Fatalf("ids %v", ids)
		}
		page := p.page(t, where, login)
		checkAdminPage(t, where, page)
		contains(t, where, page, "Đã tải lên 2 tệp", "Kế hoạch.txt", `name="alt_`+ids[0]+`"`, `name="caption_`+ids[1]+`"`)
		lacks(t, where, page, `name="alt_`+ids[1]+`"`)
		long := strings.Repeat("ơ", 501)
		a = p.post("/admin/tep/mo-ta", fields("id", ids[0], "id", ids[1], "alt_"+ids[0], long, "caption_"+ids[1], "Kế hoạch công tác"), login)
		if a.status != http.StatusUnprocessableEntity {
			t.Errorf("too long: status %d", a.status)
		}
		contains(t, "too long", a.body, long, `href="#f_alt_`+ids[0]+`"`, "Kế hoạch công tác")
		a = p.post("/admin/tep/mo-ta", fields("id", ids[0], "id", ids[1], "alt_"+ids[0], "Cổng sau", "caption_"+ids[1], "Kế hoạch công tác"), login)
		if a.status != http.StatusSeeOther || a.header.Get("Location") != "/admin/tep" {
			t.Errorf("status %d, %q", a.status, a.header.Get("Location"))
		}
		contains(t, "list", p.page(t, "/admin/tep?q=cong+sau", login), "a.jpg", "Đã lưu mô tả của 2 tệp", `alt="Cổng sau"`)
		contains(t, "file", p.page(t, "/admin/tep/"+ids[1], login), `[Kế hoạch công tác](/media/`)

		third := sent{"file", "b.txt", "Bản tin"}
		a = p.do(http.MethodPost, "/admin/tep/tai-len", multipartForm(t, sent{"file", "x.svg", "<svg/>"}, third), login)
		if a.status != http.StatusUnprocessableEntity {
			t.Errorf("one of two: status %d", a.status)
		}
		contains(t, "one of two", a.body, "«x.svg»", "b.txt", "đã được lưu")
	})
}

// TestUploadAgain: the same file is the same record; what it lacks is filled in.
func TestUploadAgain(t *testing.T) {
	eachLibrary(t, func(t *testing.T, p *portal, _ string) {
		author, editor := p.login(t, model.RoleAuthor), p.login(t, model.RoleEditor)
		photo := sent{"file", "a.jpg", shot(t, 300, 300)}
		first, _ := p.upload(t, editor, photo)
		again, status := p.upload(t, author, sent{"alt", "", "Không phải của tôi"}, photo)
		if status != http.StatusCreated || again.ID != first.ID || again.Alt != "" {
			t.Errorf("by another: %d %+v", status, again)
		}
		again, _ = p.upload(t, editor, sent{"alt", "", "Cổng chính"}, photo)
		if again.ID != first.ID || again.Alt != "Cổng chính" {
			t.Errorf("by its owner: %+v", again)
		}
		again, _ = p.upload(t, editor, sent{"alt", "", "Lời khác"}, photo)
		if again.Alt != "Cổng chính" {
			t.Errorf("with other words: %+v", again)
		}
	})
}

// TestUploadHalfSent: who breaks off leaves nothing behind, and a form that is cut short is told so.
func TestUploadHalfSent(t *testing.T) {
	eachLibrary(t, func(t *testing.T, p *portal, dir string) {
		server := httptest.NewServer(p.server)
		defer server.Close()
		records, files := p.mediaCount(t), filesIn(t, dir)
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		p.login(t, model.RoleAuthor)(r)
		for name, half := range map[string]string{
			"in a file":    "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\n\r\n" + shot(t, 300, 300)[:4000],
			"in a header":  "--x\r\nContent-Disposition: form-da",
			"in a field":   "--x\r\nContent-Disposition: form-data; name=\"alt\"\r\n\r\nHội",
			"after a file": "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.svg\"\r\n\r\n<svg/>\r\n--x",
		} {
			conn, err := net.Dial("tcp", server.Listener.Addr().String())
			must(t, err)
			_, err = fmt.Fprintf(conn, "POST /admin/tep/tai-len HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nOrigin: %s\r\n"+
				"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 9000000\r\nConnection: close\r\n\r\n%s", host, r.Header.Get("Cookie"), base, half)
			must(t, err)
			must(t, conn.(*net.TCPConn).CloseWrite())
			must(t, conn.SetReadDeadline(time.Now().Add(20*time.Second)))
			_, err = io.ReadAll(conn) // until the server has done with it
			must(t, errors.Join(err, conn.Close()))

			cut := func(r *http.Request) {
				form(half)(r)
				r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
			}
			a := p.do(http.MethodPost, "/admin/tep/tai-len", cut, p.login(t, model.RoleAuthor))
			said := p.do(http.MethodPost, "/admin/tep/tai-len", cut, asJSON, p.login(t, model.RoleAuthor))
			if name == "in a header" { // which looks like an end
				continue
			}
			contains(t, name, a.body, "Đường truyền bị ngắt")
			if a.status != http.StatusBadRequest {
				t.Errorf("%s: status %d", name, a.status)
			}
			if name == "after a file" { // which was refused before the rest was read
				continue
			}
			contains(t, name, said.body, `"message":"Đường truyền bị ngắt`)
			if said.status != http.StatusBadRequest {
				t.Errorf("%s: status %d", name, said.status)
			}
		}
		if n, f := p.mediaCount(t), filesIn(t, dir); n != records || f != files {
			t.Errorf("%d records and %d files, before %d and %d", n, f, records, files)
		}
		lacks(t, "log", p.log.String(), `"level":"ERROR"`)
	})
}

// TestUploadIsStreamed: a large file does not pass through memory.
func TestUploadIsStreamed(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		const size = 60 << 20
		head := "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.zip\"\r\n\r\nPK\x03\x04"
		data := io.MultiReader(strings.NewReader(head), io.LimitReader(zeros{}, size), strings.NewReader("\r\n--x--\r\n"))
		login := p.login(t, model.RoleAuthor)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		a := p.do(http.MethodPost, "/admin/tep/tai-len", form(""), func(r *http.Request) {
			r.Body, r.ContentLength = io.NopCloser(data), -1
			r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
		}, asJSON, login)
		runtime.ReadMemStats(&after)
		if a.status != http.StatusCreated {
			t.Fatalf("status %d: %s", a.status, a.body)
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > size/6 {
			t.Errorf("%d bytes of memory for a file of %d", used, size)
		}
	})
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

// TestMediaRoles: an author edits what is the author's own, an editor everything; only an editor replaces, deletes and restores.
func TestMediaRoles(t *testing.T) {
	eachLibrary(t, func(t *testing.T, p *portal, _ string) {
		author, editor, staff := p.login(t, model.RoleAuthor), p.login(t, model.RoleEditor), p.login(t, model.RoleStaff)
		own, _ := p.upload(t, author, sent{"file", "a.txt", "Của người viết"})
		other, _ := p.upload(t, editor, sent{"file", "b.txt", "Của biên tập viên"})
		mine, theirs := fmt.Sprintf("/admin/tep/%d", own.ID), fmt.Sprintf("/admin/tep/%d", other.ID)
		for _, test := range []struct {
			target string
			login  func(*http.Request)
			want   int
		}{
			{mine, author, http.StatusSeeOther}, {theirs, author, http.StatusForbidden}, {mine, editor, http.StatusSeeOther}, {mine, staff, http.StatusForbidden},
			{mine + "/luu-tru", author, http.StatusForbidden}, {mine + "/luu-tru", editor, http.StatusSeeOther},
			{mine + "/khoi-phuc", author, http.StatusForbidden}, {mine + "/khoi-phuc", editor, http.StatusSeeOther},
			{mine + "/thay", author, http.StatusForbidden}, {"/admin/tep/tai-len", staff, http.StatusForbidden},
		} {
			if a := p.post(test.target, fields("caption", "Lời"), test.login); a.status != test.want {
				t.Errorf("POST %s: status %d, want %d", test.target, a.status, test.want)
			}
		}
		page := p.page(t, theirs, author)
		contains(t, "another's file", page, "b.txt", "Mã của ảnh, để chép vào bài")
		lacks(t, "another's file", page, `name="caption"`, "/thay", "/luu-tru")
		// The form for several leaves out what is another's.
		a := p.post("/admin/tep/mo-ta", fields("id", fmt.Sprint(other.ID), fmt.Sprintf("caption_%d", other.ID), "Trộm"), author)
		if m, err := p.store.MediaByID(context.Background(), other.ID); err != nil || m.Caption != "" || a.status != http.StatusSeeOther {
			t.Errorf("status %d, %+v, %v", a.status, m, err)
		}
		if a := p.do(http.MethodPost, "/admin/tep/tai-len", multipartForm(t, sent{"file", "a.txt", "x"})); a.status != http.StatusUnauthorized {
			t.Errorf("nobody: status %d", a.status)
		}
	})
}

// TestMediaUsesAndReplacement walks an editor's way: where is it used, a new file in its place, the old address is gone.
func TestMediaUsesAndReplacement(t *testing.T) {
	eachLibrary(t, func(t *testing.T, p *portal, _ string) {
		editor, cover := p.login(t, model.RoleEditor), p.news.Cover.Media
		target := fmt.Sprintf("/admin/tep/%d", cover.ID)
		page := p.page(t, target, editor)
		checkAdminPage(t, target, page)
		contains(t, target, page, "Sửa chữa đường Nguyễn Huệ", `href="/tin-tuc/sua-chua-duong-nguyen-hue"`, `action="`+target+`/thay"`)
		lacks(t, target, page, `action="`+target+`/luu-tru"`)
		a := p.post(target+"/luu-tru", "", editor)
		contains(t, "deleting what is used", p.page(t, a.header.Get("Location"), editor), "đang được dùng")

		for name, wrong := range map[string]sent{
			"another kind": {"file", "a.txt", "x"}, "HTML": {"file", "a.jpg", "<html>"}, "nothing": {"alt", "", "x"},
		} {
			a := p.do(http.MethodPost, target+"/thay", multipartForm(t, wrong), editor)
			if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `role="alert"`) {
				t.Errorf("%s: status %d", name, a.status)
			}
			checkAdminPage(t, name, a.body)
		}
		a = p.do(http.MethodPost, target+"/thay", multipartForm(t, sent{"file", "moi.jpg", shot(t, 700, 400)}), editor)
		if a.status != http.StatusSeeOther {
			t.Fatalf("status %d\n%.500s", a.status, a.body)
		}
		contains(t, "replaced", p.page(t, a.header.Get("Location"), editor), "Đã thay tệp ở 1 nơi", "Sửa chữa đường Nguyễn Huệ")
		public := p.page(t, "/tin-tuc/sua-chua-duong-nguyen-hue")
		contains(t, "the item", public, "700x400.jpg", "Rào chắn trước cổng chính")
		lacks(t, "the item", public, cover.Hash)
		if a := p.get(cover.URL()); a.status != http.StatusNotFound {
			t.Errorf("the old address: status %d", a.status)
		}
		contains(t, "the old file", p.page(t, target, editor), "Tệp này vào Lưu trữ ngày", "Khôi phục")
		if n, err := p.store.NewsByID(context.Background(), storetest.Outsider(), p.news.ID); err != nil || n.Revision != p.news.Revision+1 {
			t.Errorf("revision %d, %v", n.Revision, err)
		}
	})
}

func TestMediaListFilters(t *testing.T) {
	eachLibrary(t, func(t *testing.T, p *portal, _ string) {
		author, editor := p.login(t, model.RoleAuthor), p.login(t, model.RoleEditor)
		for i := range 50 {
			p.upload(t, author, sent{"file", fmt.Sprintf("số liệu %02d.csv", i), fmt.Sprintf("a,b\n%d,2\n", i)})
		}
		page := p.page(t, "/admin/tep?loai=tep&cua-toi=1&chua-dung=1", author)
		contains(t, "first page", page, "50 tệp", "số liệu 49.csv", "số liệu 02.csv", "trang=2", "Chưa dùng")
		lacks(t, "first page", page, "số liệu 01.csv", ".png")
		contains(t, "second page", p.page(t, "/admin/tep?loai=tep&cua-toi=1&chua-dung=1&trang=2", author), "số liệu 01.csv", "số liệu 00.csv")
		contains(t, "another's", p.page(t, "/admin/tep?cua-toi=1", editor), "Không có tệp nào")
		contains(t, "no alt", p.page(t, "/admin/tep?thieu-mo-ta=1", editor), "Thiếu mô tả", "anh.png")
		contains(t, "hostile", p.page(t, "/admin/tep?q=%3Cscript%3E%25%27&loai=zzz&trang=-1", editor), "&lt;script&gt;")
		list, _, err := p.store.MediaPage(context.Background(), model.MediaFilter{Kind: model.MediaFiles}, 1, 2)
		must(t, err)
		a := p.post("/admin/tep/luu-tru", fields("id", fmt.Sprint(list[0].ID), "id", fmt.Sprint(list[1].ID), "id", fmt.Sprint(p.file.ID), "id", "99999", "id", "x"), editor)
		contains(t, "deleted", p.page(t, a.header.Get("Location"), editor), "Đã đưa 2 tệp vào Lưu trữ", "Còn 1 tệp đang được dùng")
		contains(t, "bin", p.page(t, "/admin/tep?luu-tru=1", editor), "2 tệp", list[0].Name)

		list, _, err = p.store.MediaPage(context.Background(), model.MediaFilter{Kind: model.MediaFiles}, 1, 2)
		must(t, err)
		var many []string
		for i := range 100 {
			many = append(many, "id", fmt.Sprint(100_000+i))
		}
		kept := fmt.Sprint(list[0].ID)
		a = p.post("/admin/tep/luu-tru", fields(append(many, "id", kept, "id", kept)...), editor)
		contains(t, "too many", p.page(t, a.header.Get("Location"), editor), "Đã đưa 0 tệp vào Lưu trữ", "nhiều nhất 100: chưa làm 1 tệp đã chọn")
		a = p.post("/admin/tep/mo-ta", fields(append(many, "id", kept, "caption_"+kept, "Chú thích chưa lưu")...), editor)
		if a.status != http.StatusUnprocessableEntity {
			t.Errorf("words for too many: status %d", a.status)
		}
		contains(t, "words for too many", a.body, "còn 1 tệp chưa lưu", `value="Chú thích chưa lưu"`)
	})
}

func TestMediaPicker(t *testing.T) {
	eachLibrary(t, func(t *testing.T, p *portal, _ string) {
		author := p.login(t, model.RoleAuthor)
		var b bytes.Buffer
		must(t, png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 400, 100))))
		u, _ := p.upload(t, author, sent{"alt", "", `Cổng "chính" <1>`}, sent{"file", "Cổng.png", b.String()})
		fragment := p.page(t, "/admin/tep/chon?q=cong+chinh&loai=anh", author)
		lacks(t, "fragment", fragment, "<html", "<script", "<1>")
		button := find(parse(t, fragment), "button")
		if len(button) != 1 {
			t.Fatalf("%d buttons in %s", len(button), fragment)
		}
		for name, want := range map[string]string{"data-id": fmt.Sprint(u.ID), "data-address": u.Address, "data-alt": `Cổng "chính" <1>`, "data-width": "400", "data-markdown": u.Markdown} {
			if got := attr(button[0], name); got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
		var list struct {
			Items             []uploaded
			Page, Last, Total int
		}
		a := p.get("/admin/tep/chon?q=cong", author, asJSON)
		must(t, json.Unmarshal([]byte(a.body), &list))
		if len(list.Items) != 1 || list.Items[0] != u || list.Page != 1 || list.Last != 1 || list.Total != 1 {
			t.Errorf("%+v, want %+v", list, u)
		}
		checkAdminHeaders(t, "picker", a)
	})
}
