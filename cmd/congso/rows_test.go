package main

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// newRecord begins the record of a meeting and stays in its editor.
func (b *tab) newRecord(title string) (path string) {
	b.Helper()
	b.visit("/admin/hoi-nghi/moi", 200)
	eval[bool](b, `document.querySelector("#f_start").value = "2026-05-04T08:00"; true`)
	b.do("type the title", chromedp.SendKeys(chromedp.CSS("#f_title"), title))
	b.click(`main form button[type="submit"]`)
	return b.path()
}

// rowTexts are the tasks' texts in their order, and which field has the focus.
func (b *tab) rowTexts() string {
	b.Helper()
	return eval[string](b, `[...document.querySelectorAll("[data-rows=tasks] .entries textarea")].map(a => a.value).join(" | ") + " @ " + (document.activeElement.name ?? "")`)
}

// insert types a text with letters that no key has.
func (b *tab) insert(text string) {
	b.Helper()
	b.do("insert "+text, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, input.InsertText, input.InsertTextParams{Text: text})
		return err
	}))
}

func (b *tab) sameText(what, got, want string) {
	b.Helper()
	if got != want {
		b.Errorf("%s: %q, want %q", what, got, want)
	}
}

// TestRowsByKeyboard adds, moves and removes rows without leaving the page: the focus stays where the person is, each change is announced,
// and the server has it without a save.
func TestRowsByKeyboard(t *testing.T) {
	t.Parallel()
	b := open(t, sharedBrowser(t), livePortal(t))
	b.loggedIn("tacgia")
	path := b.newRecord("Họp thử hàng")
	add := func(kind string) {
		t.Helper()
		eval[bool](b, fmt.Sprintf(`document.querySelector('button[value="them:%s"]').focus(); true`, kind))
		b.press(kb.Enter)
	}
	add("tasks")
	b.press("việc một")
	add("tasks")
	b.press("việc hai")
	b.sameText("two rows", b.rowTexts(), "việc một | việc hai @ tasks.1.text")
	b.do("Alt+↑", chromedp.KeyEvent(kb.ArrowUp, chromedp.KeyModifiers(chromedp.ModifierAlt)))
	b.sameText("moved", b.rowTexts(), "việc hai | việc một @ tasks.1.text")
	b.sameText("announced", eval[string](b, `document.querySelector("[data-told]").textContent`), "Đã chuyển đến vị trí 1 trong 2")
	add("tasks")
	eval[bool](b, `document.querySelector('button[value="xoa:tasks:1"]').focus(); true`)
	b.press(kb.Enter)
	b.sameText("removed", b.rowTexts(), "việc một |  @ tasks.0.text")
	b.sameText("numbers", eval[string](b, `[...document.querySelectorAll("[data-rows=tasks] .entry-name")].map(p => p.innerText.trim()).join(", ")`), "Nhiệm vụ 1, Nhiệm vụ 2")

	add("participants")
	known := strings.SplitN(eval[string](b, `(o => o.value + "|" + o.textContent)(document.querySelector("#p_danh-ba option"))`), "|", 2)
	b.insert(known[0])
	b.press(kb.Tab)
	b.sameText("position of the day", eval[string](b, `document.querySelector('[name="participants.0.position"]').value`), known[1])

	b.waitFor(`document.querySelector("[data-state]").textContent.startsWith("Đã lưu tạm")`)
	b.waitFor(`document.querySelector("iframe[data-frame]").contentDocument.querySelector("main")?.innerText.includes("việc một")`)
	b.visit(path, 200)
	b.sameText("after coming back", strings.SplitN(b.rowTexts(), " @", 2)[0], "việc một | ")
}
