package main

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// looks are the ways in which a reader may have pages shown: the system's wish, then choices.
func looks() []struct{ name, system, theme, size string } {
	return []struct{ name, system, theme, size string }{
		{"light", "light", "", ""},
		{"dark", "dark", "", ""},
		{"chosen dark, largest text", "light", "dark", "larger"},
		{"high contrast", "light", "contrast", ""},
	}
}

// TestAccessible runs axe-core on each kind of page in each look: no violation, and nothing that makes the page scroll sideways.
func TestAccessible(t *testing.T) {
	t.Parallel()
	axe := readAxe(t)
	site, chrome := livePortal(t), sharedBrowser(t)
	for i, look := range looks() {
		t.Run(look.name, func(t *testing.T) {
			t.Parallel()
			b := open(t, chrome, site)
			b.media("", look.system)
			b.display(look.theme, look.size)
			b.whenLoaded(axe)
			for _, k := range kindsOfPages() {
				b.visit(k.path, int64(k.status))
				b.auditIn(i, k.name)
			}
		})
	}
}

// TestAccessibleOnAPhone does the same on a narrow screen, where tables and the head look otherwise.
func TestAccessibleOnAPhone(t *testing.T) {
	t.Parallel()
	axe := readAxe(t)
	site, chrome := livePortal(t), sharedBrowser(t)
	for i, look := range looks()[1:] {
		t.Run(look.name, func(t *testing.T) {
			t.Parallel()
			b := open(t, chrome, site)
			b.width(360)
			b.media("", look.system)
			b.display(look.theme, look.size)
			b.whenLoaded(axe)
			for _, path := range []string{"/", "/tin-tuc/hoi-nghi-so-ket-cai-cach-hanh-chinh", "/hoi-nghi/hoi-nghi-so-ket-cong-tac-cai-cach-hanh-chinh-va-ky-ket-quy-che-phoi-hop-mot-cua", "/danh-ba", "/thong-ke"} {
				b.visit(path, 200)
				b.auditIn(i, path)
			}
		})
	}
}

func readAxe(t *testing.T) string {
	t.Helper()
	axe, err := os.ReadFile(npmFile(t, "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	return string(axe)
}

// whenLoaded runs a script in every page that the tab opens from now on. The pages' content policy does not bind it.
func (b *tab) whenLoaded(script string) {
	b.Helper()
	b.do("add a script", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
		return err
	}))
}

// Rules of axe-core, as its run takes them: the size of targets is left out unless asked for (WCAG 2.2, 2.5.8). A preview in a frame is a page
// of its own, and looked at as such: its landmarks are not the page's.
const (
	axeAll  = `{iframes: false, resultTypes: ["violations"], rules: {"target-size": {enabled: true}}}`
	axeLook = `{iframes: false, resultTypes: ["violations"], runOnly: ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"]}`
)

// audit has axe-core look at the page. What it cannot decide by itself is no fault.
func (b *tab) audit(name string) {
	b.Helper()
	b.auditBy(axeAll, 20, name)
}

// auditIn is audit in one of several looks: all rules in the first, in the others those that a look may break. Colours and sizes of text are
// all in which they differ.
func (b *tab) auditIn(look int, name string) {
	b.Helper()
	if look == 0 {
		b.audit(name)
		return
	}
	b.auditBy(axeLook, 1, name)
}

// auditBy has axe-core look by rules, of which so many must find something to look at.
func (b *tab) auditBy(rules string, least int, name string) {
	b.Helper()
	report := eval[struct {
		Passes     int
		Violations []string
	}](b, `axe.run(document, `+rules+`).then(r => ({
		Passes: r.passes.length,
		Violations: r.violations.map(v => v.id + ": " + v.help + "\n" + v.nodes.slice(0, 4).map(n => "    " + n.target + "  " + n.failureSummary.replace(/\s+/g, " ") + "\n    " + n.html.slice(0, 160)).join("\n")),
	}))`)
	if report.Passes < least {
		b.Errorf("%s: axe-core looked at %d rules only", name, report.Passes)
	}
	for _, violation := range report.Violations {
		b.Errorf("%s: %s", name, violation)
	}
	b.notTooWide(name)
}

func (b *tab) notTooWide(name string) {
	b.Helper()
	if wide := b.tooWide(); wide != "" {
		b.Errorf("%s scrolls sideways: %s", name, wide)
	}
}

// TestReflow shows each kind of page at 320 CSS pixels, which is a desk's 1280 at 400 %, and a phone's 360 with the largest text.
func TestReflow(t *testing.T) {
	t.Parallel()
	b := open(t, sharedBrowser(t), livePortal(t))
	for _, c := range []struct {
		size   string
		widths []int64
	}{{"", []int64{768, 320}}, {"larger", []int64{360}}} {
		b.display("", c.size)
		for _, k := range kindsOfPages() {
			b.visit(k.path, int64(k.status))
			for _, width := range c.widths {
				b.widened(width)
				if wide := b.tooWide(); wide != "" {
					t.Errorf("%s at %d pixels, text %q, scrolls sideways: %s", k.name, width, c.size, wide)
				}
			}
		}
	}
}

// TestTargetsAreLargeEnough measures what a thumb must hit on a phone: 24 CSS pixels (WCAG 2.2, 2.5.8), but for links within a sentence.
func TestTargetsAreLargeEnough(t *testing.T) {
	t.Parallel()
	b := open(t, sharedBrowser(t), livePortal(t))
	b.width(360)
	for _, path := range []string{"/", "/tin-tuc", "/hoi-nghi", "/danh-ba"} {
		b.visit(path, 200)
		small := eval[[]string](b, `[...document.querySelectorAll("header :is(a, button, input, summary), .pager a, .tel, .sections a, .foot li a")]
			.filter(e => e.checkVisibility()).map(e => [e, e.getBoundingClientRect()])
			.filter(([e, r]) => r.height < 24 || r.width < 24).map(([e, r]) => e.outerHTML.slice(0, 100) + " " + Math.round(r.width) + "×" + Math.round(r.height))`)
		if len(small) > 0 {
			t.Errorf("%s: too small to hit: %s", path, strings.Join(small, "\n"))
		}
	}
}
