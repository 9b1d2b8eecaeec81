package desks

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"congso/cmd/congso/congsotest"
)

const (
	handbookFolder  = "../../../../content/articles/vi/so-tay"
	handbookPicture = 60_000  // bytes that a picture of the handbooks may take
	handbookAlbum   = 700_000 // and all of them together: they are part of the program
)

// The item that the editors' handbook follows from the first line to the correction after it was published.
const (
	storyTitle   = "Xã đảo Hòn Nhạn trả kết quả thủ tục qua bưu điện"
	storySummary = "Người dân xã đảo không phải quay lại bộ phận một cửa: kết quả được chuyển đến tận thôn, phí do xã chi trả trong sáu tháng đầu."
	storyNote    = "Bổ sung số điện thoại để người dân hỏi thêm, và nói rõ thủ tục nào chưa áp dụng."
	storyMore    = "\n\nHai thủ tục đất đai chưa áp dụng. Hỏi thêm: Bộ phận một cửa xã, **0257 3000 107**.\n"
	storyMobile  = " Hỏi thêm: 0900 000 107." // a private number and a link that leads nowhere, which the checklist finds
	storyLink    = "[phiếu](/tin-tuc/phieu-dang-ky)"
	storyPasted  = `<html xmlns:o="urn:schemas-microsoft-com:office:office"><body><p class=MsoNormal style='text-indent:36pt'>Từ tuần tới, người dân nộp hồ sơ ở ` +
		`bộ phận một cửa xã đảo <b>Hòn Nhạn</b> được nhận kết quả qua bưu điện, không phải đi chuyến tàu thứ hai. Hỏi thêm: 0900 000 107.<o:p></o:p></p><h2>Cách đăng ký</h2>` +
		`<ul><li>Ghi địa chỉ nhận vào phiếu ở quầy số 2</li><li>Giữ giấy hẹn để đối chiếu khi nhận</li></ul></body></html>`
)

// storyReport is what the record of a meeting is read from.
const storyReport = `Ngày 12 tháng 6, tại trụ sở xã đảo Hòn Nhạn, Đoàn công tác của Sở Nội vụ kiểm tra điều kiện vận hành bộ phận một cửa. ` +
	`Đồng chí Trần Quốc Mẫu, Phó Giám đốc Sở, chủ trì.
Đến nay bộ phận một cửa đã tiếp nhận 315 hồ sơ, trong đó 96% đúng hạn.
Hội nghị thống nhất giao Văn phòng Sở lắp thêm một máy quét trước ngày 30/6/2026; giao Phòng Cải cách hành chính hoàn thành tài liệu hướng dẫn trước ngày 15/7/2026.`

// handbookStory drives the demo as the editors' handbook tells it.
type handbookStory struct {
	*album
	author, editor *congsotest.Tab
	item           string // address of the story's item at its desk
}

// TestHandbookPictures walks through everything that the editors' handbook shows in pictures.
func TestHandbookPictures(t *testing.T) {
	t.Parallel()
	site, chrome := congsotest.LivePortal(t), congsotest.SharedBrowser(t)
	s := handbookStory{album: &album{folder: filepath.Join(handbookFolder, "hinh"), widest: handbookPicture}}
	s.author, s.editor = congsotest.Open(t, chrome, site), congsotest.Open(t, chrome, site)
	for _, b := range []*congsotest.Tab{s.author, s.editor} {
		b.Do("resize", chromedp.EmulateViewport(1000, 1000))
	}
	s.comeIn()
	s.write()
	s.review()
	s.correct()
	s.together()
	s.meetings()
	s.directory()
	s.files()
	s.complete(t)
}

// comeIn shows the login, the second factor and the first page.
func (s *handbookStory) comeIn() {
	b := s.author
	b.Visit("/admin/dang-nhap", 200)
	s.take(b, shot{file: "dang-nhap.png", show: []string{"main h1", `main form`}})
	b.LoggedIn("tacgia")
	b.Visit("/admin/tai-khoan/xac-thuc", 200)
	s.take(b, shot{file: "xac-thuc.png", show: []string{"main form"}})
	s.editor.LoggedIn("bientap")
	s.take(s.editor, shot{file: "trang-dau.png", height: 480, show: []string{".bar", ".begin"}})
	s.editor.Click(`main a[href="/bai-viet/so-tay/bien-tap-vien"]`)
	if got := s.editor.Text("h1"); got != "Sổ tay biên tập viên" {
		b.Errorf("the first page leads to %q", got)
	}
}

// write begins an item, with text from Word and a picture of the library, and has it looked through.
func (s *handbookStory) write() {
	b := s.author
	b.Visit("/admin/tin-tuc/moi", 200)
	s.take(b, shot{file: "viet-tin-moi.png", show: []string{".toolbar", ".ways"}})
	s.item = draft(b, storyTitle)
	b.Do("resize", chromedp.EmulateViewport(1280, 960))
	b.Do("go to the text", chromedp.Focus(chromedp.CSS("#f_body")))
	paste(b, storyPasted)
	b.WaitFor(`document.getElementById("f_body").value.includes("đối chiếu")`)
	s.pickPicture(b)
	b.WaitFor(`document.querySelector("iframe").contentDocument.querySelectorAll("main figure img").length === 1`)
	b.WaitFor(`/Đã lưu tạm lúc/.test(document.querySelector("[data-state]").textContent)`)
	congsotest.Eval[bool](b, `(scrollTo({ top: 0, behavior: "instant" }), true)`)
	s.take(b, shot{file: "man-soan.png", height: 900, show: []string{".toolbar", ".studio"}})
	b.Do("resize", chromedp.EmulateViewport(1000, 1000))
	s.change(b, fmt.Sprintf(`f.value.replace("phiếu", %q)`, storyLink))
	s.take(b, shot{file: "anh-trong-bai.png", show: []string{"section.pictures"}})
	response, err := chromedp.RunResponse(b.Ctx, chromedp.Click(chromedp.CSS(`button[formaction$="/gui"]`)))
	b.Answered("send what lacks a summary", response, err, 422)
	s.take(b, shot{file: "kiem-tra.png", show: []string{".checklist"}})
	s.change(b, fmt.Sprintf(`f.value.replace(%q, "").replace(%q, "phiếu")`, storyMobile, storyLink))
	write(b, "#f_summary", storySummary)
	pressed(b, "/gui")
}

// change gives the text the value of an expression in which it is f.
func (s *handbookStory) change(b *congsotest.Tab, expression string) {
	b.Helper()
	congsotest.Eval[bool](b, `(() => { const f = document.getElementById("f_body"); f.value = `+expression+`; return f.dispatchEvent(new Event("input", { bubbles: true })) })()`)
}

// pickPicture takes a picture of the library into the text.
func (s *handbookStory) pickPicture(b *congsotest.Tab) {
	b.Helper()
	b.Press("\r\r")
	b.Do("ask for a picture", chromedp.Click(chromedp.CSS(`[data-tool="picture"]`)), chromedp.Click(chromedp.CSS(`dialog[open] summary`)))
	write(b, `dialog[open] [name="find"]`, "Hòn Nhạn")
	b.Do("search", chromedp.Click(chromedp.CSS(`dialog[open] [data-part="open"]`)), chromedp.WaitVisible(chromedp.CSS(`dialog[open] .library button img`)))
	b.Do("pick", chromedp.Click(chromedp.CSS(`dialog[open] .library button`)), chromedp.WaitVisible(chromedp.CSS(`dialog[open] .shown img`)))
	write(b, "#d_picture_alt", "Đảo có dãy nhà mái đỏ và ngọn hải đăng, hai thuyền cá ở phía trước")
	write(b, "#d_picture_caption", "Xã đảo Hòn Nhạn nhìn từ chuyến tàu khách buổi sáng.")
	b.WaitFor(`[...document.querySelectorAll("dialog[open] img")].filter(i => i.checkVisibility()).every(i => i.complete)`)
	s.take(b, shot{file: "chon-anh.png", show: []string{"dialog[open] form"}})
	b.Do("take the picture", chromedp.Click(chromedp.CSS(`dialog[open] button[value="yes"]`)))
	b.WaitFor(`!document.querySelector("dialog[open]")`)
}

// review returns the item, has it corrected, and publishes it.
func (s *handbookStory) review() {
	b := s.editor
	b.Visit(s.item, 200)
	b.Do("return", chromedp.Click(chromedp.CSS(`.work-bar a[href="#tra-lai"]`)))
	b.WaitFor(`document.activeElement.id === "f_note"`)
	write(b, "#f_note", storyNote)
	s.take(b, shot{file: "tra-lai.png", show: []string{"#tra-lai form"}})
	b.Follow("return", chromedp.Click(chromedp.CSS(`form[action$="/tra-lai"] button`)))

	s.author.Visit(s.item, 200)
	s.take(s.author, shot{file: "bi-tra-lai.png", show: []string{".toolbar", ".note.warn", ".work-bar"}})
	s.change(s.author, fmt.Sprintf(`f.value.trimEnd() + %q`, storyMore))
	pressed(s.author, "/gui")

	b.Visit(s.item, 200)
	s.take(b, shot{file: "dang-luc-nao.png", show: []string{".panel:has(#f_publish_at)"}})
	pressed(b, "/dang")
}

// correct makes a working copy of the published item, compares it and looks at the history.
func (s *handbookStory) correct() {
	b := s.editor
	b.Visit(s.item, 200)
	write(b, "#f_title", storyTitle+" từ tuần tới")
	b.WaitFor(`/Đã lưu tạm lúc/.test(document.querySelector("[data-state]").textContent)`)
	b.Visit(s.item, 200)
	s.take(b, shot{file: "ban-sua.png", show: []string{".toolbar", ".work-state", ".work-bar"}})
	b.Visit(s.item+"/lich-su", 200)
	s.take(b, shot{file: "lich-su.png", show: []string{".toolbar", ".history"}})
	b.Visit(s.item+"/so-sanh?tu=1&den=0", 200)
	s.take(b, shot{file: "so-sanh.png", height: 560, show: []string{".toolbar", ".diff"}})
	b.Visit(s.item, 200)
	pressed(b, "/dang")
}

// together has two people save one text, and a session end while somebody types.
func (s *handbookStory) together() {
	path := draft(s.author, "Lịch tiếp công dân tháng 12")
	s.editor.Visit(path, 200)
	s.take(s.editor, shot{file: "dang-sua.png", show: []string{".toolbar", ".work-editors"}})
	write(s.author, "#f_body", "Giám đốc Sở tiếp công dân sáng thứ Ba, ngày 15 tháng 12, tại phòng 102.")
	s.author.WaitFor(`document.querySelector("[data-state]").textContent.startsWith("Đã lưu tạm")`)
	write(s.editor, "#f_body", "Giám đốc Sở tiếp công dân sáng thứ Tư, ngày 16 tháng 12, tại phòng 102.")
	response, err := chromedp.RunResponse(s.editor.Ctx, chromedp.Click(chromedp.CSS("[data-save]")))
	s.editor.Answered("save", response, err, 409)
	s.take(s.editor, shot{file: "hai-nguoi.png", show: []string{".toolbar", ".diff"}})

	endSession(s.author)
	write(s.author, "#f_body", "Giám đốc Sở tiếp công dân sáng thứ Ba.")
	s.author.WaitFor(`document.querySelector("[data-state]").textContent.includes("Nội dung đang được giữ trong trình duyệt này")`)
	s.take(s.author, shot{file: "het-phien.png", show: []string{".work-bar"}})
}

// meetings shows the rows of a record, what is read from a report, and the tasks.
func (s *handbookStory) meetings() {
	b := s.editor
	b.Visit("/admin/hoi-nghi/1", 200)
	s.take(b, shot{file: "thanh-phan.png", height: 470, show: []string{"[data-rows=participants]"}})
	b.Visit("/admin/hoi-nghi/1/doc", 200)
	congsotest.Eval[bool](b, fmt.Sprintf(`(document.querySelector("#f_text").value = %q) !== ""`, storyReport))
	b.Click(`main form .panel button`)
	s.take(b, shot{file: "doc-van-ban.png", show: []string{"#p_de-nghi", ".offers", `button[value="nhan"]`}})
	b.Visit("/admin/nhiem-vu", 200)
	s.take(b, shot{file: "nhiem-vu.png", height: 520, show: []string{".toolbar", "section:has(table.tasks)"}})
}

// directory shows the list with its filters, and the preview of an import.
func (s *handbookStory) directory() {
	b := s.editor
	b.Do("resize", chromedp.EmulateViewport(1100, 1000))
	b.Visit("/admin/danh-ba?loc=chua-xac-nhan", 200)
	s.take(b, shot{file: "danh-ba.png", height: 560, show: []string{".toolbar", ".split"}})
	b.Do("resize", chromedp.EmulateViewport(1000, 1000))
	folder := b.TempDir()
	congsotest.Write(b.TB, folder, "danh-ba.csv", "Đơn vị,Họ và tên,Chức vụ,Thứ bậc,Di động\nVăn phòng Sở,Lò Thị Nhập,Văn thư,9,0900000888\nPhòng Không Có,Ai Đó,Văn thư,9,\n")
	b.Visit("/admin/danh-ba/nhap", 200)
	b.Do("upload", chromedp.SetUploadFiles(chromedp.CSS("#f_file"), []string{filepath.Join(folder, "danh-ba.csv")}),
		chromedp.Click(chromedp.CSS(`[data-upload] .actions button`)), chromedp.WaitVisible(chromedp.CSS(`[name="apply"]`)))
	s.take(b, shot{file: "nhap-danh-ba.png", show: []string{"main h1", "main .table", `[name="apply"]`}})
}

// files shows the library, and an upload with a file that is refused.
func (s *handbookStory) files() {
	b := s.editor
	b.Visit("/admin/tep?loai=anh", 200)
	s.take(b, shot{file: "thu-vien.png", height: 640, show: []string{".toolbar", ".files"}})
	b.Visit("/admin/tep/moi", 200)
	folder := b.TempDir()
	congsotest.Write(b.TB, folder, "so-do-to-chuc.svg", `<svg xmlns="http://www.w3.org/2000/svg"/>`)
	congsotest.Write(b.TB, folder, "mau-phieu.csv", "Họ và tên,Địa chỉ nhận\n")
	b.Do("choose files", chromedp.SetUploadFiles(chromedp.CSS("#f_file"), []string{filepath.Join(folder, "mau-phieu.csv"), filepath.Join(folder, "so-do-to-chuc.svg")}),
		chromedp.WaitVisible(chromedp.CSS(".rows .row:nth-child(2) .fault-text")))
	b.WaitFor(`document.querySelectorAll(".rows progress").length === 0`)
	s.take(b, shot{file: "tai-len.png", show: []string{".uploads"}})
}

var figureLine = regexp.MustCompile(`(?m)^!\[([^\]]+)\]\(hinh/([^ )]+) "([^"]+)"\)$`)

// TestHandbookPicturesAreTold: each picture stands in an article with words for whoever doesn't see it and a caption, and all are small.
func TestHandbookPicturesAreTold(t *testing.T) {
	told := map[string]string{}
	articles, err := filepath.Glob(handbookFolder + "/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, article := range articles {
		text, err := os.ReadFile(article)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range figureLine.FindAllStringSubmatch(string(text), -1) {
			if told[m[2]] != "" {
				t.Errorf("%s stands in %s and %s", m[2], told[m[2]], article)
			}
			told[m[2]] = article
			if !strings.HasSuffix(m[3], ".") || m[1] == m[3] {
				t.Errorf("%s: the words %q and the caption %q of %s", article, m[1], m[3], m[2])
			}
		}
	}
	total := 0
	for name, picture := range congsotest.FilesIn(t, filepath.Join(handbookFolder, "hinh")) {
		size := len(picture)
		if total += size; size > handbookPicture {
			t.Errorf("%s takes %d bytes, more than %d", name, size, handbookPicture)
		}
		if told[name] == "" {
			t.Errorf("no article shows %s", name)
		}
		delete(told, name)
	}
	if total > handbookAlbum {
		t.Errorf("the pictures take %d bytes, more than %d", total, handbookAlbum)
	}
	for name, article := range told {
		t.Errorf("%s shows %s, which is not there", article, name)
	}
}
