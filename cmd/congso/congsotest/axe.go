package congsotest

import (
	"os"
	"testing"
)

// Look is a way in which a reader may have pages shown: the system's wish, then choices.
type Look struct{ Name, System, Theme, Size string }

// Looks are those in which pages are looked at.
func Looks() []Look {
	return []Look{
		{"light", "light", "", ""},
		{"dark", "dark", "", ""},
		{"chosen dark, largest text", "light", "dark", "larger"},
		{"high contrast", "light", "contrast", ""},
	}
}

// ReadAxe is the script of axe-core.
func ReadAxe(t testing.TB) string {
	t.Helper()
	axe, err := os.ReadFile(NpmFile(t, "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	return string(axe)
}

// Rules of axe-core, as its run takes them: the size of targets is left out unless asked for (WCAG 2.2, 2.5.8). A preview in a frame is a page
// of its own, and looked at as such: its landmarks are not the page's.
const (
	axeAll  = `{iframes: false, resultTypes: ["violations"], rules: {"target-size": {enabled: true}}}`
	axeLook = `{iframes: false, resultTypes: ["violations"], runOnly: ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"]}`
)

// Audit has axe-core look at the page. What it cannot decide by itself is no fault.
func (b *Tab) Audit(name string) {
	b.Helper()
	b.auditBy(axeAll, 20, name)
}

// AuditIn is Audit in one of several looks: all rules in the first, in the others those that a look may break. Colours and sizes of text are
// all in which they differ.
func (b *Tab) AuditIn(look int, name string) {
	b.Helper()
	if look == 0 {
		b.Audit(name)
		return
	}
	b.auditBy(axeLook, 1, name)
}

// auditBy has axe-core look by rules, of which so many must find something to look at.
func (b *Tab) auditBy(rules string, least int, name string) {
	b.Helper()
	report := Eval[struct {
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
	b.NotTooWide(name)
}

// NotTooWide holds that the page does not scroll sideways.
func (b *Tab) NotTooWide(name string) {
	b.Helper()
	if wide := b.TooWide(); wide != "" {
		b.Errorf("%s scrolls sideways: %s", name, wide)
	}
}
