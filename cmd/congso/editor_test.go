package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The texts of these tests are typed, pasted and picked as people do it.
const pastedFromWord = `<html xmlns:o="urn:schemas-microsoft-com:office:office"><body><p class=MsoNormal style='text-indent:36pt'><b>Sáng nay</b>, ` +
	`<span style='mso-spacerun:yes'>  </span>xã khai trương bộ phận <i>một cửa</i>.<o:p></o:p></p><h2>Việc đã làm</h2><ul><li>Bố trí bốn quầy</li><li>Lắp máy lấy số</li></ul></body></html>`

// draft begins an item by its title and leaves the tab at its editor, whose address it returns.
func (b *tab) draft(title string) string {
	b.Helper()
	b.visit("/admin/tin-tuc/moi", 200)
	b.do("fill in title and section", chromedp.SendKeys(chromedp.CSS("#f_title"), title))
	b.option("#f_section", 1)
	b.click(`form[action="/admin/tin-tuc/moi"] button`)
	return b.path()
}

// option chooses an option of a list by its number.
func (b *tab) option(selector string, option int) {
	b.Helper()
	eval[bool](b, fmt.Sprintf(`(() => { const s = document.querySelector(%q); s.selectedIndex = %d; return s.dispatchEvent(new Event("change", { bubbles: true })) })()`, selector, option))
}

// write replaces what a field holds by typing.
func (b *tab) write(selector, text string) {
	b.Helper()
	eval[bool](b, fmt.Sprintf(`(() => { const f = document.querySelector(%q); f.focus(); f.select(); return true })()`, selector))
	b.do("type into "+selector, chromedp.SendKeys(chromedp.CSS(selector), text))
}

func (b *tab) value(selector string) string {
	b.Helper()
	return eval[string](b, fmt.Sprintf("document.querySelector(%q).value", selector))
}

// paste puts HTML on the clipboard of a paste into the text.
func (b *tab) paste(html string) {
	b.Helper()
	eval[bool](b, fmt.Sprintf(`(() => { const d = new DataTransfer(); d.setData("text/html", %q); d.setData("text/plain", "x");
		return document.getElementById("f_body").dispatchEvent(new ClipboardEvent("paste", { clipboardData: d, bubbles: true, cancelable: true })) || true })()`, html))
}

// pastePicture pastes a picture and answers the question for its words.
func (b *tab) pastePicture(name, alt, caption string) {
	b.Helper()
	eval[bool](b, fmt.Sprintf(`(async () => { const c = document.createElement("canvas"); c.width = 500; c.height = 300; const g = c.getContext("2d");
		g.fillStyle = "rgb(" + %d + ", 120, 40)"; g.fillRect(0, 0, 500, 300); const d = new DataTransfer();
		d.items.add(new File([await new Promise(r => c.toBlob(r, "image/png"))], %q, { type: "image/png" }));
		document.getElementById("f_body").dispatchEvent(new ClipboardEvent("paste", { clipboardData: d, bubbles: true, cancelable: true })); return true })()`, 40*len(name), name))
	b.do("the question for the picture's words", chromedp.WaitVisible(chromedp.CSS("dialog[open] #d_picture_alt")))
	b.do("refuse a picture without words", chromedp.Click(chromedp.CSS(`dialog[open] button[value="yes"]`)))
	if got := b.text("dialog[open] .fault-text"); got != "Hãy mô tả ảnh cho người không nhìn thấy." {
		b.Errorf("a picture without words: %q", got)
	}
	b.write("#d_picture_alt", alt)
	b.write("#d_picture_caption", caption)
	b.do("take the picture", chromedp.Click(chromedp.CSS(`dialog[open] button[value="yes"]`)))
	b.waitFor(`!document.querySelector("dialog[open]")`)
}

// pressed presses the button of the editor whose action ends so, which leads to another page.
func (b *tab) pressed(action string) {
	b.Helper()
	b.follow("press "+action, chromedp.Click(chromedp.CSS(fmt.Sprintf(`button[formaction$=%q]`, action))))
}

// TestFromWordToReaders: an author writes with a pasted fragment and two photos and sends; an editor returns; the author corrects; the
// editor publishes, compares versions and archives.
func TestFromWordToReaders(t *testing.T) {
	t.Parallel()
	site, chrome := livePortal(t), sharedBrowser(t)
	author, editor := open(t, chrome, site), open(t, chrome, site)
	author.loggedIn("tacgia")
	editor.loggedIn("bientap")
	path := author.draft("Khai trương một cửa ở xã mới")
	author.do("go to the text", chromedp.Focus(chromedp.CSS("#f_body")))
	author.paste(pastedFromWord)
	author.waitFor(`document.getElementById("f_body").value.includes("Lắp máy")`)
	if got, want := author.value("#f_body"), "**Sáng nay**, xã khai trương bộ phận *một cửa*.\n\n## Việc đã làm\n\n- Bố trí bốn quầy\n- Lắp máy lấy số\n"; got != want {
		t.Errorf("pasted %q, want %q", got, want)
	}
	author.pastePicture("a.png", "Băng khánh thành", "Cắt băng sáng nay")
	author.pastePicture("bb.png", "Quầy số 1", "Người dân ở quầy số 1")
	author.write("[data-pictures] li:first-child input", "Quầy số 1 [mới]")
	if got := author.value("#f_body"); !strings.Contains(got, `![Quầy số 1 \[mới\]](/media/`) || !strings.Contains(got, `![Băng khánh thành](/media/`) {
		t.Errorf("words typed beside the picture: %q", got)
	}
	author.write("#f_summary", "Xã có bộ phận một cửa mới.")
	author.waitFor(`/Đã lưu tạm lúc \d\d:\d\d/.test(document.querySelector("[data-state]").textContent)`)
	author.waitFor(`document.querySelector("iframe").contentDocument.querySelectorAll("main figure figcaption").length === 2`)
	author.pressed("/gui")
	if got := author.text(".work-state .badge"); got != "Chờ duyệt" {
		t.Fatalf("sent: %q, %s", got, author.text(".checklist"))
	}

	editor.visit(path, 200)
	editor.do("return", chromedp.Click(chromedp.CSS(`.work-bar a[href="#tra-lai"]`)))
	editor.waitFor(`document.activeElement.id === "f_note"`)
	editor.write("#f_note", "Thêm ngày khai trương.")
	editor.follow("return", chromedp.Click(chromedp.CSS(`form[action$="/tra-lai"] button`)))

	author.visit(path, 200)
	if got := author.text(".note.warn .words"); got != "Thêm ngày khai trương." {
		t.Errorf("the note is %q", got)
	}
	author.write("#f_title", "Khai trương một cửa ở xã mới ngày 15/6")
	author.pressed("/gui")

	editor.visit(path, 200)
	editor.pressed("/dang")
	public := editor.attribute(`.work-state a[href^="/tin-tuc/"]`, "href")
	reader := open(t, chrome, site)
	reader.visit(public, 200) // at once
	if got := reader.text("h1"); got != "Khai trương một cửa ở xã mới ngày 15/6" {
		t.Errorf("readers see %q", got)
	}
	reader.waitFor(`[...document.querySelectorAll("main figure img")].length === 2`)

	editor.visit(path+"/so-sanh?tu=2&den=4", 200)
	if got := editor.text(".diff ins"); !strings.Contains(got, "15/6") {
		t.Errorf("the comparison marks %q", got)
	}
	editor.visit(path, 200)
	editor.follow("archive", chromedp.Click(chromedp.CSS(`form[action$="/luu-tru"] button`)))
	time.Sleep(time.Second) // for so long readers may be shown the page as it was
	reader.visit(public, 410)
	editor.follow("undo", chromedp.Click(chromedp.CSS(".notice button")))
	reader.visit(public, 200)
}

// TestTheSessionEndsWhileSomebodyTypes: the text waits in the browser and is offered after the next login; without scripts the page that
// answers holds it.
func TestTheSessionEndsWhileSomebodyTypes(t *testing.T) {
	t.Parallel()
	b := open(t, sharedBrowser(t), livePortal(t))
	b.loggedIn("tacgia")
	path := b.draft("Hết phiên giữa chừng")
	b.endSession()
	b.write("#f_body", "Gõ cả buổi sáng.")
	b.waitFor(`document.querySelector("[data-state]").textContent.includes("Nội dung đang được giữ trong trình duyệt này")`)
	if got := b.attribute("[data-state] a", "href"); got != "/admin/dang-nhap" {
		t.Errorf("the way to the login is %q", got)
	}
	b.loggedIn("tacgia")
	b.visit(path, 200)
	if got := b.text("[data-offer]"); !strings.Contains(got, "bản chưa gửi lên máy chủ") {
		t.Fatalf("the offer is %q", got)
	}
	b.follow("use it", chromedp.Click(chromedp.CSS("[data-offer] button")))
	if got := b.value("#f_body"); got != "Gõ cả buổi sáng." {
		t.Errorf("after the login: %q", got)
	}
	if got := b.text("[data-offer]"); got != "" {
		t.Errorf("still offered: %q", got)
	}
	b.withoutScripts()
	b.visit(path, 200)
	b.write("#f_body", "Gõ không có kịch bản.")
	b.endSession()
	response, err := chromedp.RunResponse(b.ctx, chromedp.Click(chromedp.CSS("[data-save]")))
	b.answered("save", response, err, 401)
	if got := b.value(`textarea[name="body"], input[name="body"]`); got != "Gõ không có kịch bản." {
		t.Errorf("the page keeps %q", got)
	}
}

func (b *tab) endSession() {
	b.Helper()
	b.do("end the session", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.ClearBrowserCookies, cdp.Empty{})
		return err
	}))
}

// TestTwoEditorsAtOnce: the second sees the first; what comes later is refused and shown beside the other, and neither is lost.
func TestTwoEditorsAtOnce(t *testing.T) {
	t.Parallel()
	site, chrome := livePortal(t), sharedBrowser(t)
	first, second := open(t, chrome, site), open(t, chrome, site)
	first.loggedIn("bientap")
	second.loggedIn("quantri")
	path := first.draft("Hai người một tin")
	second.visit(path, 200)
	if got := second.text("[data-editors]"); !strings.Contains(got, "đang sửa mục này từ") {
		t.Errorf("the second sees %q", got)
	}
	first.write("#f_body", "Bản của người thứ nhất.")
	first.waitFor(`document.querySelector("[data-state]").textContent.startsWith("Đã lưu tạm")`)
	second.write("#f_body", "Bản của người thứ hai.")
	second.waitFor(`document.querySelector("[data-state] button") !== null`)
	response, err := chromedp.RunResponse(second.ctx, chromedp.Click(chromedp.CSS("[data-state] button")))
	second.answered("look at both", response, err, 409)
	if del, ins := second.text(".diff del"), second.text(".diff ins"); del != "nhất" || ins != "hai" {
		t.Errorf("marked %q and %q", del, ins)
	}
	second.visit(path, 200) // without having chosen: the text is still offered
	if got := second.text("[data-offer]"); !strings.Contains(got, "bản chưa gửi lên máy chủ") {
		t.Errorf("after leaving the comparison: %q is offered", got)
	}
	second.do("drop the offer", chromedp.Click(chromedp.CSS("[data-offer] button.quiet")))
	first.write("#f_summary", "Thêm tóm tắt.")
	first.waitFor(`document.querySelector('[name="_version"]').value === "2"`)
	second.write("#f_body", "Bản của người thứ hai.")
	response, err = chromedp.RunResponse(second.ctx, chromedp.Click(chromedp.CSS("[data-save]")))
	second.answered("save", response, err, 409)
	second.follow("keep mine", chromedp.Click(chromedp.CSS(".conflict button")))
	if got := second.value("#f_body"); got != "Bản của người thứ hai." {
		t.Errorf("kept %q", got)
	}
	second.visit(path+"/lich-su", 200)
	if got := second.value(`tr:nth-child(2) input[name="name"]`); !strings.HasPrefix(got, "Bản của ") {
		t.Errorf("the other's text is in the history as %q", got)
	}
}

// TestWritingByKeyboardAlone: formats, a link, a list, a table and saving without a mouse.
func TestWritingByKeyboardAlone(t *testing.T) {
	t.Parallel()
	b := open(t, sharedBrowser(t), livePortal(t))
	b.loggedIn("tacgia")
	b.draft("Chỉ dùng bàn phím")
	b.do("go to the text", chromedp.Focus(chromedp.CSS("#f_body")))
	b.press("mot")
	b.chord("a")
	b.chord("b")
	if got := b.value("#f_body"); got != "**mot**" {
		t.Errorf("bold: %q", got)
	}
	b.chord("b")
	b.chord("i")
	if got := b.value("#f_body"); got != "*mot*" {
		t.Errorf("italic: %q", got)
	}
	b.chord("k")
	b.waitFor(`document.activeElement.closest("dialog[open]") !== null`)
	b.press("so.example.vn" + kb.Enter)
	b.waitFor(`document.querySelector("#f_body").value.includes("](")`)
	if got := b.value("#f_body"); got != "*[mot](https://so.example.vn)*" {
		t.Errorf("link: %q", got)
	}
	b.press(kb.End + kb.Enter + kb.Enter + "- a" + kb.Enter + "b" + kb.Enter + kb.Enter)
	if got := b.value("#f_body"); !strings.HasSuffix(got, "\n\n- a\n- b\n") {
		t.Errorf("list: %q", got)
	}
	eval[bool](b, `(() => { document.querySelector("[data-toolbar] button").focus(); return true })()`)
	b.press(strings.Repeat(kb.ArrowRight, 8))
	if got := eval[string](b, "document.activeElement.dataset.tool"); got != "table" {
		t.Fatalf("the arrows lead to %q", got)
	}
	b.press(kb.Enter)
	b.do("the question for the table", chromedp.WaitVisible(chromedp.CSS(`dialog[open] [name="columns"]`)))
	b.press(kb.Enter)
	b.waitFor(`document.getElementById("f_body").value.includes("| Cột 1 | Cột 2 | Cột 3 |\n| --- | --- | --- |")`)
	b.follow("save by Ctrl+S", chromedp.KeyEvent("s", chromedp.KeyModifiers(2)))
	if got := b.text(".notice"); got != "Đã lưu." {
		t.Errorf("saved: %q", got)
	}
}

// chord presses a letter with the Control key.
func (b *tab) chord(letter string) {
	b.Helper()
	b.do("press Ctrl+"+letter, chromedp.KeyEvent(letter, chromedp.KeyModifiers(2)))
}

// TestWritingWithoutScripts: a text area, a preview, the checklist, publishing.
func TestWritingWithoutScripts(t *testing.T) {
	t.Parallel()
	b := open(t, sharedBrowser(t), livePortal(t))
	b.withoutScripts()
	b.loggedIn("bientap")
	path := b.draft("Không có kịch bản")
	b.write("#f_body", "Chữ **đậm**.")
	b.pressed("/xem-truoc")
	if got := b.text("main .text strong"); got != "đậm" {
		t.Errorf("the preview shows %q", got)
	}
	b.visit(path, 200)
	response, err := chromedp.RunResponse(b.ctx, chromedp.Click(chromedp.CSS(`button[formaction$="/dang"]`)))
	b.answered("publish", response, err, 422)
	b.click(`.checklist button`)
	if got := b.text(".notice"); !strings.HasPrefix(got, "Đã đăng.") {
		t.Errorf("published: %q", got)
	}
}

// TestADocumentInUnderTenActions counts what a newcomer does from a Word document with three photos to the public page.
func TestADocumentInUnderTenActions(t *testing.T) {
	t.Parallel()
	pandoc := requireProgram(t, "no pandoc: install pandoc", "pandoc")
	b := open(t, sharedBrowser(t), livePortal(t))
	b.loggedIn("bientap")
	b.visit("/admin/tin-tuc", 200)
	file := threePhotos(t, pandoc)
	b.click(`a[href="/admin/tin-tuc/moi"]`)                                                   // 1
	b.option("#f_section_word", 1)                                                            // 2
	b.do("choose the file", chromedp.SetUploadFiles(chromedp.CSS("#f_file"), []string{file})) // 3
	b.click("form[data-word] button")                                                         // 4
	b.write("#f_summary", "Ba ảnh trong một tệp.")                                            // 5
	b.pressed("/dang")                                                                        // 6
	b.click(`.work-state a[href^="/tin-tuc/"]`)                                               // 7
	if got := b.text("h1"); got != "Khai trương một cửa" {
		t.Errorf("the title is %q", got)
	}
	captions := eval[[]string](b, `[...document.querySelectorAll("main figure")].map(f => f.querySelector("img").alt + "|" + f.innerText.trim())`)
	want := "Cắt băng|Cắt băng,Người dân|Người dân,Quầy số 1|Quầy số 1"
	if got := strings.Join(captions, ","); got != want {
		t.Errorf("photos %q, want %q", got, want)
	}
}

func threePhotos(t *testing.T, pandoc string) string {
	t.Helper()
	var text strings.Builder
	folder := t.TempDir()
	text.WriteString("---\ntitle: Khai trương một cửa\n---\n\nSáng nay, xã khai trương.\n\n")
	for i, caption := range []string{"Cắt băng", "Người dân", "Quầy số 1"} {
		img := image.NewRGBA(image.Rect(0, 0, 400, 300))
		draw.Draw(img, img.Bounds(), image.NewUniform(color.RGBA{uint8(80 * i), 120, 40, 255}), image.Point{}, draw.Src)
		var data bytes.Buffer
		if err := png.Encode(&data, img); err != nil {
			t.Fatal(err)
		}
		write(t, folder, fmt.Sprintf("%d.png", i), data.String())
		fmt.Fprintf(&text, "![%s](%s)\n\nĐoạn %d.\n\n", caption, filepath.Join(folder, fmt.Sprintf("%d.png", i)), i)
	}
	write(t, folder, "bai.md", text.String())
	file := filepath.Join(folder, "bai.docx")
	if out, err := exec.Command(pandoc, "-o", file, filepath.Join(folder, "bai.md")).CombinedOutput(); err != nil {
		t.Fatalf("pandoc: %v\n%s", err, out)
	}
	return file
}
