package desks

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

	"congso/cmd/congso/congsotest"
)

// The texts of these tests are typed, pasted and picked as people do it.
const pastedFromWord = `<html xmlns:o="urn:schemas-microsoft-com:office:office"><body><p class=MsoNormal style='text-indent:36pt'><b>Sáng nay</b>, ` +
	`<span style='mso-spacerun:yes'>  </span>xã khai trương bộ phận <i>một cửa</i>.<o:p></o:p></p><h2>Việc đã làm</h2><ul><li>Bố trí bốn quầy</li><li>Lắp máy lấy số</li></ul></body></html>`

// draft begins an item by its title and leaves the tab at its editor, whose address it returns.
func draft(b *congsotest.Tab, title string) string {
	b.Helper()
	b.Visit("/admin/tin-tuc/moi", 200)
	b.Do("fill in title and section", chromedp.SendKeys(chromedp.CSS("#f_title"), title))
	option(b, "#f_section", 1)
	b.Click(`form[action="/admin/tin-tuc/moi"] button`)
	return b.Path()
}

// option chooses an option of a list by its number.
func option(b *congsotest.Tab, selector string, option int) {
	b.Helper()
	congsotest.Eval[bool](b, fmt.Sprintf(`(() => { const s = document.querySelector(%q); s.selectedIndex = %d; return s.dispatchEvent(new Event("change", { bubbles: true })) })()`, selector, option))
}

// write replaces what a field holds by typing.
func write(b *congsotest.Tab, selector, text string) {
	b.Helper()
	congsotest.Eval[bool](b, fmt.Sprintf(`(() => { const f = document.querySelector(%q); f.focus(); f.select(); return true })()`, selector))
	b.Do("type into "+selector, chromedp.SendKeys(chromedp.CSS(selector), text))
}

func value(b *congsotest.Tab, selector string) string {
	b.Helper()
	return congsotest.Eval[string](b, fmt.Sprintf("document.querySelector(%q).value", selector))
}

// paste puts HTML on the clipboard of a paste into the text.
func paste(b *congsotest.Tab, html string) {
	b.Helper()
	congsotest.Eval[bool](b, fmt.Sprintf(`(() => { const d = new DataTransfer(); d.setData("text/html", %q); d.setData("text/plain", "x");
		return document.getElementById("f_body").dispatchEvent(new ClipboardEvent("paste", { clipboardData: d, bubbles: true, cancelable: true })) || true })()`, html))
}

// pastePicture pastes a picture and answers the question for its words.
func pastePicture(b *congsotest.Tab, name, alt, caption string) {
	b.Helper()
	congsotest.Eval[bool](b, fmt.Sprintf(`(async () => { const c = document.createElement("canvas"); c.width = 500; c.height = 300; const g = c.getContext("2d");
		g.fillStyle = "rgb(" + %d + ", 120, 40)"; g.fillRect(0, 0, 500, 300); const d = new DataTransfer();
		d.items.add(new File([await new Promise(r => c.toBlob(r, "image/png"))], %q, { type: "image/png" }));
		document.getElementById("f_body").dispatchEvent(new ClipboardEvent("paste", { clipboardData: d, bubbles: true, cancelable: true })); return true })()`, 40*len(name), name))
	b.Do("the question for the picture's words", chromedp.WaitVisible(chromedp.CSS("dialog[open] #d_picture_alt")))
	b.Do("refuse a picture without words", chromedp.Click(chromedp.CSS(`dialog[open] button[value="yes"]`)))
	if got := b.Text("dialog[open] .fault-text"); got != "Hãy mô tả ảnh cho người không nhìn thấy." {
		b.Errorf("a picture without words: %q", got)
	}
	write(b, "#d_picture_alt", alt)
	write(b, "#d_picture_caption", caption)
	b.Do("take the picture", chromedp.Click(chromedp.CSS(`dialog[open] button[value="yes"]`)))
	b.WaitFor(`!document.querySelector("dialog[open]")`)
}

// pressed presses the button of the editor whose action ends so, which leads to another page.
func pressed(b *congsotest.Tab, action string) {
	b.Helper()
	b.Follow("press "+action, chromedp.Click(chromedp.CSS(fmt.Sprintf(`button[formaction$=%q]`, action))))
}

// TestFromWordToReaders: an author writes with a pasted fragment and two photos and sends; an editor returns; the author corrects; the
// editor publishes, compares versions and archives.
func TestFromWordToReaders(t *testing.T) {
	t.Parallel()
	site, chrome := congsotest.LivePortal(t), congsotest.SharedBrowser(t)
	author, editor := congsotest.Open(t, chrome, site), congsotest.Open(t, chrome, site)
	author.LoggedIn("tacgia")
	editor.LoggedIn("bientap")
	path := draft(author, "Khai trương một cửa ở xã mới")
	author.Do("go to the text", chromedp.Focus(chromedp.CSS("#f_body")))
	paste(author, pastedFromWord)
	author.WaitFor(`document.getElementById("f_body").value.includes("Lắp máy")`)
	if got, want := value(author, "#f_body"), "**Sáng nay**, xã khai trương bộ phận *một cửa*.\n\n## Việc đã làm\n\n- Bố trí bốn quầy\n- Lắp máy lấy số\n"; got != want {
		t.Errorf("pasted %q, want %q", got, want)
	}
	pastePicture(author, "a.png", "Băng khánh thành", "Cắt băng sáng nay")
	pastePicture(author, "bb.png", "Quầy số 1", "Người dân ở quầy số 1")
	write(author, "[data-pictures] li:first-child input", "Quầy số 1 [mới]")
	if got := value(author, "#f_body"); !strings.Contains(got, `![Quầy số 1 \[mới\]](/media/`) || !strings.Contains(got, `![Băng khánh thành](/media/`) {
		t.Errorf("words typed beside the picture: %q", got)
	}
	write(author, "#f_summary", "Xã có bộ phận một cửa mới.")
	author.WaitFor(`/Đã lưu tạm lúc \d\d:\d\d/.test(document.querySelector("[data-state]").textContent)`)
	author.WaitFor(`document.querySelector("iframe").contentDocument.querySelectorAll("main figure figcaption").length === 2`)
	pressed(author, "/gui")
	if got := author.Text(".work-state .badge"); got != "Chờ duyệt" {
		t.Fatalf("sent: %q, %s", got, author.Text(".checklist"))
	}

	editor.Visit(path, 200)
	editor.Do("return", chromedp.Click(chromedp.CSS(`.work-bar a[href="#tra-lai"]`)))
	editor.WaitFor(`document.activeElement.id === "f_note"`)
	write(editor, "#f_note", "Thêm ngày khai trương.")
	editor.Follow("return", chromedp.Click(chromedp.CSS(`form[action$="/tra-lai"] button`)))

	author.Visit(path, 200)
	if got := author.Text(".note.warn .words"); got != "Thêm ngày khai trương." {
		t.Errorf("the note is %q", got)
	}
	write(author, "#f_title", "Khai trương một cửa ở xã mới ngày 15/6")
	pressed(author, "/gui")

	editor.Visit(path, 200)
	pressed(editor, "/dang")
	public := editor.Attribute(`.work-state a[href^="/tin-tuc/"]`, "href")
	reader := congsotest.Open(t, chrome, site)
	reader.Visit(public, 200) // at once
	if got := reader.Text("h1"); got != "Khai trương một cửa ở xã mới ngày 15/6" {
		t.Errorf("readers see %q", got)
	}
	reader.WaitFor(`[...document.querySelectorAll("main figure img")].length === 2`)

	editor.Visit(path+"/so-sanh?tu=2&den=4", 200)
	if got := editor.Text(".diff ins"); !strings.Contains(got, "15/6") {
		t.Errorf("the comparison marks %q", got)
	}
	editor.Visit(path, 200)
	editor.Follow("archive", chromedp.Click(chromedp.CSS(`form[action$="/luu-tru"] button`)))
	time.Sleep(time.Second) // for so long readers may be shown the page as it was
	reader.Visit(public, 410)
	editor.Follow("undo", chromedp.Click(chromedp.CSS(".notice button")))
	reader.Visit(public, 200)
}

// TestTheSessionEndsWhileSomebodyTypes: the text waits in the browser and is offered after the next login; without scripts the page that
// answers holds it.
func TestTheSessionEndsWhileSomebodyTypes(t *testing.T) {
	t.Parallel()
	b := congsotest.Open(t, congsotest.SharedBrowser(t), congsotest.LivePortal(t))
	b.LoggedIn("tacgia")
	path := draft(b, "Hết phiên giữa chừng")
	endSession(b)
	write(b, "#f_body", "Gõ cả buổi sáng.")
	b.WaitFor(`document.querySelector("[data-state]").textContent.includes("Nội dung đang được giữ trong trình duyệt này")`)
	if got := b.Attribute("[data-state] a", "href"); got != "/admin/dang-nhap" {
		t.Errorf("the way to the login is %q", got)
	}
	b.LoggedIn("tacgia")
	b.Visit(path, 200)
	if got := b.Text("[data-offer]"); !strings.Contains(got, "bản chưa gửi lên máy chủ") {
		t.Fatalf("the offer is %q", got)
	}
	b.Follow("use it", chromedp.Click(chromedp.CSS("[data-offer] button")))
	if got := value(b, "#f_body"); got != "Gõ cả buổi sáng." {
		t.Errorf("after the login: %q", got)
	}
	if got := b.Text("[data-offer]"); got != "" {
		t.Errorf("still offered: %q", got)
	}
	b.WithoutScripts()
	b.Visit(path, 200)
	write(b, "#f_body", "Gõ không có kịch bản.")
	endSession(b)
	response, err := chromedp.RunResponse(b.Ctx, chromedp.Click(chromedp.CSS("[data-save]")))
	b.Answered("save", response, err, 401)
	if got := value(b, `textarea[name="body"], input[name="body"]`); got != "Gõ không có kịch bản." {
		t.Errorf("the page keeps %q", got)
	}
}

func endSession(b *congsotest.Tab) {
	b.Helper()
	b.Do("end the session", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.ClearBrowserCookies, cdp.Empty{})
		return err
	}))
}

// TestTwoEditorsAtOnce: the second sees the first; what comes later is refused and shown beside the other, and neither is lost.
func TestTwoEditorsAtOnce(t *testing.T) {
	t.Parallel()
	site, chrome := congsotest.LivePortal(t), congsotest.SharedBrowser(t)
	first, second := congsotest.Open(t, chrome, site), congsotest.Open(t, chrome, site)
	first.LoggedIn("bientap")
	second.LoggedIn("quantri")
	path := draft(first, "Hai người một tin")
	second.Visit(path, 200)
	if got := second.Text("[data-editors]"); !strings.Contains(got, "đang sửa mục này từ") {
		t.Errorf("the second sees %q", got)
	}
	write(first, "#f_body", "Bản của người thứ nhất.")
	first.WaitFor(`document.querySelector("[data-state]").textContent.startsWith("Đã lưu tạm")`)
	write(second, "#f_body", "Bản của người thứ hai.")
	second.WaitFor(`document.querySelector("[data-state] button") !== null`)
	response, err := chromedp.RunResponse(second.Ctx, chromedp.Click(chromedp.CSS("[data-state] button")))
	second.Answered("look at both", response, err, 409)
	if del, ins := second.Text(".diff del"), second.Text(".diff ins"); del != "nhất" || ins != "hai" {
		t.Errorf("marked %q and %q", del, ins)
	}
	second.Visit(path, 200) // without having chosen: the text is still offered
	if got := second.Text("[data-offer]"); !strings.Contains(got, "bản chưa gửi lên máy chủ") {
		t.Errorf("after leaving the comparison: %q is offered", got)
	}
	second.Do("drop the offer", chromedp.Click(chromedp.CSS("[data-offer] button.quiet")))
	write(first, "#f_summary", "Thêm tóm tắt.")
	first.WaitFor(`document.querySelector('[name="_version"]').value === "2"`)
	write(second, "#f_body", "Bản của người thứ hai.")
	response, err = chromedp.RunResponse(second.Ctx, chromedp.Click(chromedp.CSS("[data-save]")))
	second.Answered("save", response, err, 409)
	second.Follow("keep mine", chromedp.Click(chromedp.CSS(".conflict button")))
	if got := value(second, "#f_body"); got != "Bản của người thứ hai." {
		t.Errorf("kept %q", got)
	}
	second.Visit(path+"/lich-su", 200)
	if got := value(second, `tr:nth-child(2) input[name="name"]`); !strings.HasPrefix(got, "Bản của ") {
		t.Errorf("the other's text is in the history as %q", got)
	}
}

// TestWritingByKeyboardAlone: formats, a link, a list, a table and saving without a mouse.
func TestWritingByKeyboardAlone(t *testing.T) {
	t.Parallel()
	b := congsotest.Open(t, congsotest.SharedBrowser(t), congsotest.LivePortal(t))
	b.LoggedIn("tacgia")
	draft(b, "Chỉ dùng bàn phím")
	b.Do("go to the text", chromedp.Focus(chromedp.CSS("#f_body")))
	b.Press("mot")
	chord(b, "a")
	chord(b, "b")
	if got := value(b, "#f_body"); got != "**mot**" {
		t.Errorf("bold: %q", got)
	}
	chord(b, "b")
	chord(b, "i")
	if got := value(b, "#f_body"); got != "*mot*" {
		t.Errorf("italic: %q", got)
	}
	chord(b, "k")
	b.WaitFor(`document.activeElement.closest("dialog[open]") !== null`)
	b.Press("so.example.vn" + kb.Enter)
	b.WaitFor(`document.querySelector("#f_body").value.includes("](")`)
	if got := value(b, "#f_body"); got != "*[mot](https://so.example.vn)*" {
		t.Errorf("link: %q", got)
	}
	b.Press(kb.End + kb.Enter + kb.Enter + "- a" + kb.Enter + "b" + kb.Enter + kb.Enter)
	if got := value(b, "#f_body"); !strings.HasSuffix(got, "\n\n- a\n- b\n") {
		t.Errorf("list: %q", got)
	}
	congsotest.Eval[bool](b, `(() => { document.querySelector("[data-toolbar] button").focus(); return true })()`)
	b.Press(strings.Repeat(kb.ArrowRight, 8))
	if got := congsotest.Eval[string](b, "document.activeElement.dataset.tool"); got != "table" {
		t.Fatalf("the arrows lead to %q", got)
	}
	b.Press(kb.Enter)
	b.Do("the question for the table", chromedp.WaitVisible(chromedp.CSS(`dialog[open] [name="columns"]`)))
	b.Press(kb.Enter)
	b.WaitFor(`document.getElementById("f_body").value.includes("| Cột 1 | Cột 2 | Cột 3 |\n| --- | --- | --- |")`)
	b.Follow("save by Ctrl+S", chromedp.KeyEvent("s", chromedp.KeyModifiers(2)))
	if got := b.Text(".notice"); got != "Đã lưu." {
		t.Errorf("saved: %q", got)
	}
}

// chord presses a letter with the Control key.
func chord(b *congsotest.Tab, letter string) {
	b.Helper()
	b.Do("press Ctrl+"+letter, chromedp.KeyEvent(letter, chromedp.KeyModifiers(2)))
}

// TestWritingWithoutScripts: a text area, a preview, the checklist, publishing.
func TestWritingWithoutScripts(t *testing.T) {
	t.Parallel()
	b := congsotest.Open(t, congsotest.SharedBrowser(t), congsotest.LivePortal(t))
	b.WithoutScripts()
	b.LoggedIn("bientap")
	path := draft(b, "Không có kịch bản")
	write(b, "#f_body", "Chữ **đậm**.")
	pressed(b, "/xem-truoc")
	if got := b.Text("main .text strong"); got != "đậm" {
		t.Errorf("the preview shows %q", got)
	}
	b.Visit(path, 200)
	response, err := chromedp.RunResponse(b.Ctx, chromedp.Click(chromedp.CSS(`button[formaction$="/dang"]`)))
	b.Answered("publish", response, err, 422)
	b.Click(`.checklist button`)
	if got := b.Text(".notice"); !strings.HasPrefix(got, "Đã đăng.") {
		t.Errorf("published: %q", got)
	}
}

// TestADocumentInUnderTenActions counts what a newcomer does from a Word document with three photos to the public page.
func TestADocumentInUnderTenActions(t *testing.T) {
	t.Parallel()
	pandoc := congsotest.RequireProgram(t, "no pandoc: install pandoc", "pandoc")
	b := congsotest.Open(t, congsotest.SharedBrowser(t), congsotest.LivePortal(t))
	b.LoggedIn("bientap")
	b.Visit("/admin/tin-tuc", 200)
	file := threePhotos(t, pandoc)
	b.Click(`a[href="/admin/tin-tuc/moi"]`)                                                   // 1
	option(b, "#f_section_word", 1)                                                           // 2
	b.Do("choose the file", chromedp.SetUploadFiles(chromedp.CSS("#f_file"), []string{file})) // 3
	b.Click("form[data-word] button")                                                         // 4
	write(b, "#f_summary", "Ba ảnh trong một tệp.")                                           // 5
	pressed(b, "/dang")                                                                       // 6
	b.Click(`.work-state a[href^="/tin-tuc/"]`)                                               // 7
	if got := b.Text("h1"); got != "Khai trương một cửa" {
		t.Errorf("the title is %q", got)
	}
	captions := congsotest.Eval[[]string](b, `[...document.querySelectorAll("main figure")].map(f => f.querySelector("img").alt + "|" + f.innerText.trim())`)
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
		congsotest.Write(t, folder, fmt.Sprintf("%d.png", i), data.String())
		fmt.Fprintf(&text, "![%s](%s)\n\nĐoạn %d.\n\n", caption, filepath.Join(folder, fmt.Sprintf("%d.png", i)), i)
	}
	congsotest.Write(t, folder, "bai.md", text.String())
	file := filepath.Join(folder, "bai.docx")
	if out, err := exec.Command(pandoc, "-o", file, filepath.Join(folder, "bai.md")).CombinedOutput(); err != nil {
		t.Fatalf("pandoc: %v\n%s", err, out)
	}
	return file
}
