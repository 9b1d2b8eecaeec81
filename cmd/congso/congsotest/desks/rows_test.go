package desks

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"congso/cmd/congso/congsotest"
)

// newRecord begins the record of a meeting and stays in its editor.
func newRecord(b *congsotest.Tab, title string) (path string) {
	b.Helper()
	b.Visit("/admin/hoi-nghi/moi", 200)
	congsotest.Eval[bool](b, `document.querySelector("#f_start").value = "2026-05-04T08:00"; true`)
	b.Do("type the title", chromedp.SendKeys(chromedp.CSS("#f_title"), title))
	b.Click(`main form button[type="submit"]`)
	return b.Path()
}

// rowTexts are the tasks' texts in their order, and which field has the focus.
func rowTexts(b *congsotest.Tab) string {
	b.Helper()
	return congsotest.Eval[string](b, `[...document.querySelectorAll("[data-rows=tasks] .entries textarea")].map(a => a.value).join(" | ") + " @ " + (document.activeElement.name ?? "")`)
}

// insert types a text with letters that no key has.
func insert(b *congsotest.Tab, text string) {
	b.Helper()
	b.Do("insert "+text, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, input.InsertText, input.InsertTextParams{Text: text})
		return err
	}))
}

func sameText(b *congsotest.Tab, what, got, want string) {
	b.Helper()
	if got != want {
		b.Errorf("%s: %q, want %q", what, got, want)
	}
}

// TestRowsByKeyboard adds, moves and removes rows without leaving the page: the focus stays where the person is, each change is announced,
// and the server has it without a save.
func TestRowsByKeyboard(t *testing.T) {
	t.Parallel()
	b := congsotest.Open(t, congsotest.SharedBrowser(t), congsotest.LivePortal(t))
	b.LoggedIn("tacgia")
	path := newRecord(b, "Họp thử hàng")
	add := func(kind string) {
		t.Helper()
		congsotest.Eval[bool](b, fmt.Sprintf(`document.querySelector('button[value="them:%s"]').focus(); true`, kind))
		b.Press(kb.Enter)
	}
	add("tasks")
	b.Press("việc một")
	add("tasks")
	b.Press("việc hai")
	sameText(b, "two rows", rowTexts(b), "việc một | việc hai @ tasks.1.text")
	b.Do("Alt+↑", chromedp.KeyEvent(kb.ArrowUp, chromedp.KeyModifiers(chromedp.ModifierAlt)))
	sameText(b, "moved", rowTexts(b), "việc hai | việc một @ tasks.1.text")
	sameText(b, "announced", congsotest.Eval[string](b, `document.querySelector("[data-told]").textContent`), "Đã chuyển đến vị trí 1 trong 2")
	add("tasks")
	congsotest.Eval[bool](b, `document.querySelector('button[value="xoa:tasks:1"]').focus(); true`)
	b.Press(kb.Enter)
	sameText(b, "removed", rowTexts(b), "việc một |  @ tasks.0.text")
	sameText(b, "numbers", congsotest.Eval[string](b, `[...document.querySelectorAll("[data-rows=tasks] .entry-name")].map(p => p.innerText.trim()).join(", ")`), "Nhiệm vụ 1, Nhiệm vụ 2")

	add("participants")
	known := strings.SplitN(congsotest.Eval[string](b, `(o => o.value + "|" + o.textContent)(document.querySelector("#p_danh-ba option"))`), "|", 2)
	insert(b, known[0])
	b.Press(kb.Tab)
	sameText(b, "position of the day", congsotest.Eval[string](b, `document.querySelector('[name="participants.0.position"]').value`), known[1])

	b.WaitFor(`document.querySelector("[data-state]").textContent.startsWith("Đã lưu tạm")`)
	b.WaitFor(`document.querySelector("iframe[data-frame]").contentDocument.querySelector("main")?.innerText.includes("việc một")`)
	b.Visit(path, 200)
	sameText(b, "after coming back", strings.SplitN(rowTexts(b), " @", 2)[0], "việc một | ")
}
