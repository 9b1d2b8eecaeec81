package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

const (
	handbookFolder  = "../../content/articles/vi/so-tay"
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
	author, editor *tab
	item           string // address of the story's item at its desk
}

// TestHandbookPictures walks through everything that the editors' handbook shows in pictures.
func TestHandbookPictures(t *testing.T) {
	t.Parallel()
	site, chrome := livePortal(t), sharedBrowser(t)
	s := handbookStory{album: &album{folder: filepath.Join(handbookFolder, "hinh"), widest: handbookPicture}}
	s.author, s.editor = open(t, chrome, site), open(t, chrome, site)
	for _, b := range []*tab{s.author, s.editor} {
		b.do("resize", chromedp.EmulateViewport(1000, 1000))
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
	b.visit("/admin/dang-nhap", 200)
	s.take(b, shot{file: "dang-nhap.png", show: []string{"main h1", `main form`}})
	b.loggedIn("tacgia")
	b.visit("/admin/tai-khoan/xac-thuc", 200)
	s.take(b, shot{file: "xac-thuc.png", show: []string{"main form"}})
	s.editor.loggedIn("bientap")
	s.take(s.editor, shot{file: "trang-dau.png", height: 480, show: []string{".bar", ".begin"}})
	s.editor.click(`main a[href="/bai-viet/so-tay/bien-tap-vien"]`)
	if got := s.editor.text("h1"); got != "Sổ tay biên tập viên" {
		b.Errorf("the first page leads to %q", got)
	}
}

// write begins an item, with text from Word and a picture of the library, and has it looked through.
func (s *handbookStory) write() {
	b := s.author
	b.visit("/admin/tin-tuc/moi", 200)
	s.take(b, shot{file: "viet-tin-moi.png", show: []string{".toolbar", ".ways"}})
	s.item = b.draft(storyTitle)
	b.do("resize", chromedp.EmulateViewport(1280, 960))
	b.do("go to the text", chromedp.Focus(chromedp.CSS("#f_body")))
	b.paste(storyPasted)
	b.waitFor(`document.getElementById("f_body").value.includes("đối chiếu")`)
	s.pickPicture(b)
	b.waitFor(`document.querySelector("iframe").contentDocument.querySelectorAll("main figure img").length === 1`)
	b.waitFor(`/Đã lưu tạm lúc/.test(document.querySelector("[data-state]").textContent)`)
	eval[bool](b, `(scrollTo({ top: 0, behavior: "instant" }), true)`)
	s.take(b, shot{file: "man-soan.png", height: 900, show: []string{".toolbar", ".studio"}})
	b.do("resize", chromedp.EmulateViewport(1000, 1000))
	s.change(b, fmt.Sprintf(`f.value.replace("phiếu", %q)`, storyLink))
	s.take(b, shot{file: "anh-trong-bai.png", show: []string{"section.pictures"}})
	response, err := chromedp.RunResponse(b.ctx, chromedp.Click(chromedp.CSS(`button[formaction$="/gui"]`)))
	b.answered("send what lacks a summary", response, err, 422)
	s.take(b, shot{file: "kiem-tra.png", show: []string{".checklist"}})
	s.change(b, fmt.Sprintf(`f.value.replace(%q, "").replace(%q, "phiếu")`, storyMobile, storyLink))
	b.write("#f_summary", storySummary)
	b.pressed("/gui")
}

// change gives the text the value of an expression in which it is f.
func (s *handbookStory) change(b *tab, expression string) {
	b.Helper()
	eval[bool](b, `(() => { const f = document.getElementById("f_body"); f.value = `+expression+`; return f.dispatchEvent(new Event("input", { bubbles: true })) })()`)
}

// pickPicture takes a picture of the library into the text.
func (s *handbookStory) pickPicture(b *tab) {
	b.Helper()
	b.press("\r\r")
	b.do("ask for a picture", chromedp.Click(chromedp.CSS(`[data-tool="picture"]`)), chromedp.Click(chromedp.CSS(`dialog[open] summary`)))
	b.write(`dialog[open] [name="find"]`, "Hòn Nhạn")
	b.do("search", chromedp.Click(chromedp.CSS(`dialog[open] [data-part="open"]`)), chromedp.WaitVisible(chromedp.CSS(`dialog[open] .library button img`)))
	b.do("pick", chromedp.Click(chromedp.CSS(`dialog[open] .library button`)), chromedp.WaitVisible(chromedp.CSS(`dialog[open] .shown img`)))
	b.write("#d_picture_alt", "Đảo có dãy nhà mái đỏ và ngọn hải đăng, hai thuyền cá ở phía trước")
	b.write("#d_picture_caption", "Xã đảo Hòn Nhạn nhìn từ chuyến tàu khách buổi sáng.")
	b.waitFor(`[...document.querySelectorAll("dialog[open] img")].filter(i => i.checkVisibility()).every(i => i.complete)`)
	s.take(b, shot{file: "chon-anh.png", show: []string{"dialog[open] form"}})
	b.do("take the picture", chromedp.Click(chromedp.CSS(`dialog[open] button[value="yes"]`)))
	b.waitFor(`!document.querySelector("dialog[open]")`)
}

// review returns the item, has it corrected, and publishes it.
func (s *handbookStory) review() {
	b := s.editor
	b.visit(s.item, 200)
	b.do("return", chromedp.Click(chromedp.CSS(`.work-bar a[href="#tra-lai"]`)))
	b.waitFor(`document.activeElement.id === "f_note"`)
	b.write("#f_note", storyNote)
	s.take(b, shot{file: "tra-lai.png", show: []string{"#tra-lai form"}})
	b.follow("return", chromedp.Click(chromedp.CSS(`form[action$="/tra-lai"] button`)))

	s.author.visit(s.item, 200)
	s.take(s.author, shot{file: "bi-tra-lai.png", show: []string{".toolbar", ".note.warn", ".work-bar"}})
	s.change(s.author, fmt.Sprintf(`f.value.trimEnd() + %q`, storyMore))
	s.author.pressed("/gui")

	b.visit(s.item, 200)
	s.take(b, shot{file: "dang-luc-nao.png", show: []string{".panel:has(#f_publish_at)"}})
	b.pressed("/dang")
}

// correct makes a working copy of the published item, compares it and looks at the history.
func (s *handbookStory) correct() {
	b := s.editor
	b.visit(s.item, 200)
	b.write("#f_title", storyTitle+" từ tuần tới")
	b.waitFor(`/Đã lưu tạm lúc/.test(document.querySelector("[data-state]").textContent)`)
	b.visit(s.item, 200)
	s.take(b, shot{file: "ban-sua.png", show: []string{".toolbar", ".work-state", ".work-bar"}})
	b.visit(s.item+"/lich-su", 200)
	s.take(b, shot{file: "lich-su.png", show: []string{".toolbar", ".history"}})
	b.visit(s.item+"/so-sanh?tu=1&den=0", 200)
	s.take(b, shot{file: "so-sanh.png", height: 560, show: []string{".toolbar", ".diff"}})
	b.visit(s.item, 200)
	b.pressed("/dang")
}

// together has two people save one text, and a session end while somebody types.
func (s *handbookStory) together() {
	path := s.author.draft("Lịch tiếp công dân tháng 12")
	s.editor.visit(path, 200)
	s.take(s.editor, shot{file: "dang-sua.png", show: []string{".toolbar", ".work-editors"}})
	s.author.write("#f_body", "Giám đốc Sở tiếp công dân sáng thứ Ba, ngày 15 tháng 12, tại phòng 102.")
	s.author.waitFor(`document.querySelector("[data-state]").textContent.startsWith("Đã lưu tạm")`)
	s.editor.write("#f_body", "Giám đốc Sở tiếp công dân sáng thứ Tư, ngày 16 tháng 12, tại phòng 102.")
	response, err := chromedp.RunResponse(s.editor.ctx, chromedp.Click(chromedp.CSS("[data-save]")))
	s.editor.answered("save", response, err, 409)
	s.take(s.editor, shot{file: "hai-nguoi.png", show: []string{".toolbar", ".diff"}})

	s.author.endSession()
	s.author.write("#f_body", "Giám đốc Sở tiếp công dân sáng thứ Ba.")
	s.author.waitFor(`document.querySelector("[data-state]").textContent.includes("Nội dung đang được giữ trong trình duyệt này")`)
	s.take(s.author, shot{file: "het-phien.png", show: []string{".work-bar"}})
}

// meetings shows the rows of a record, what is read from a report, and the tasks.
func (s *handbookStory) meetings() {
	b := s.editor
	b.visit("/admin/hoi-nghi/1", 200)
	s.take(b, shot{file: "thanh-phan.png", height: 470, show: []string{"[data-rows=participants]"}})
	b.visit("/admin/hoi-nghi/1/doc", 200)
	eval[bool](b, fmt.Sprintf(`(document.querySelector("#f_text").value = %q) !== ""`, storyReport))
	b.click(`main form .panel button`)
	s.take(b, shot{file: "doc-van-ban.png", show: []string{"#p_de-nghi", ".offers", `button[value="nhan"]`}})
	b.visit("/admin/nhiem-vu", 200)
	s.take(b, shot{file: "nhiem-vu.png", height: 520, show: []string{".toolbar", "section:has(table.tasks)"}})
}

// directory shows the list with its filters, and the preview of an import.
func (s *handbookStory) directory() {
	b := s.editor
	b.do("resize", chromedp.EmulateViewport(1100, 1000))
	b.visit("/admin/danh-ba?loc=chua-xac-nhan", 200)
	s.take(b, shot{file: "danh-ba.png", height: 560, show: []string{".toolbar", ".split"}})
	b.do("resize", chromedp.EmulateViewport(1000, 1000))
	folder := b.TempDir()
	write(b.TB, folder, "danh-ba.csv", "Đơn vị,Họ và tên,Chức vụ,Thứ bậc,Di động\nVăn phòng Sở,Lò Thị Nhập,Văn thư,9,0900000888\nPhòng Không Có,Ai Đó,Văn thư,9,\n")
	b.visit("/admin/danh-ba/nhap", 200)
	b.do("upload", chromedp.SetUploadFiles(chromedp.CSS("#f_file"), []string{filepath.Join(folder, "danh-ba.csv")}),
		chromedp.Click(chromedp.CSS(`[data-upload] .actions button`)), chromedp.WaitVisible(chromedp.CSS(`[name="apply"]`)))
	s.take(b, shot{file: "nhap-danh-ba.png", show: []string{"main h1", "main .table", `[name="apply"]`}})
}

// files shows the library, and an upload with a file that is refused.
func (s *handbookStory) files() {
	b := s.editor
	b.visit("/admin/tep?loai=anh", 200)
	s.take(b, shot{file: "thu-vien.png", height: 640, show: []string{".toolbar", ".files"}})
	b.visit("/admin/tep/moi", 200)
	folder := b.TempDir()
	write(b.TB, folder, "so-do-to-chuc.svg", `<svg xmlns="http://www.w3.org/2000/svg"/>`)
	write(b.TB, folder, "mau-phieu.csv", "Họ và tên,Địa chỉ nhận\n")
	b.do("choose files", chromedp.SetUploadFiles(chromedp.CSS("#f_file"), []string{filepath.Join(folder, "mau-phieu.csv"), filepath.Join(folder, "so-do-to-chuc.svg")}),
		chromedp.WaitVisible(chromedp.CSS(".rows .row:nth-child(2) .fault-text")))
	b.waitFor(`document.querySelectorAll(".rows progress").length === 0`)
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
	total := int64(0)
	for name, size := range pictureFiles(t, filepath.Join(handbookFolder, "hinh")) {
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
