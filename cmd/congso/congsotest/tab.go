package congsotest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Require skips the test when something it needs is absent, saying what to install, and fails it when CONGSO_TEST_REQUIRE is "all".
func Require(t testing.TB, there bool, install string) {
	t.Helper()
	if there {
		return
	}
	if os.Getenv("CONGSO_TEST_REQUIRE") == "all" {
		t.Fatal(install)
	}
	t.Skip(install)
}

// RequireProgram is the file of the first program of names that is installed.
func RequireProgram(t testing.TB, install string, names ...string) string {
	t.Helper()
	for _, name := range names {
		if file, err := exec.LookPath(name); err == nil {
			return file
		}
	}
	Require(t, false, install)
	return ""
}

// Chromium is the browser's file.
func Chromium(t testing.TB) string {
	t.Helper()
	return RequireProgram(t, "no browser: install chromium", "chromium", "chromium-browser", "google-chrome")
}

// NpmFile is a file of a package that npm installed in the folder that CONGSO_TEST_NPM names.
func NpmFile(t testing.TB, pkg, name string) string {
	t.Helper()
	file := os.Getenv("CONGSO_TEST_NPM") + "/node_modules/" + pkg + "/" + name
	_, err := os.Stat(file)
	Require(t, err == nil, "no "+pkg+": npm install --prefix DIR "+pkg+", and set CONGSO_TEST_NPM=DIR")
	return file
}

// LivePortal is the demo's portal, on records of its own.
func LivePortal(t testing.TB) *Running {
	t.Helper()
	return Start(t, nil, "demo", "--data", DemoData(t))
}

// lateBrowser is a browser that starts when first asked for.
type lateBrowser struct {
	once sync.Once
	ctx  context.Context
	end  func()
	err  error
}

// theBrowser is the one that the tests of a package share.
var theBrowser lateBrowser

// SharedBrowser is started by the first test that asks for it. Tests tell their tabs apart: each is a reader of its own.
func SharedBrowser(t testing.TB) context.Context {
	t.Helper()
	file := Chromium(t)
	b := &theBrowser
	b.once.Do(func() { b.ctx, b.end, b.err = startBrowser(file) })
	if b.err != nil {
		t.Fatalf("start the browser: %v", b.err)
	}
	return b.ctx
}

// close ends the browser, if a test started it.
func (b *lateBrowser) close() {
	if b.end != nil {
		b.end()
	}
}

// startBrowser starts a browser. Its agent is a reader's: the counters take a headless one for a bot. Pages are not kept for the way back,
// since each kept one makes the browser start a process for the next.
func startBrowser(file string) (ctx context.Context, end func(), err error) {
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(file), chromedp.UserAgent(Browser),
		chromedp.WindowSize(1280, 900), chromedp.Flag("lang", "vi"),
		chromedp.Flag("disable-features", "Translate,BlinkGenPropertyTrees,BackForwardCache"),
		chromedp.Env("TMPDIR="+Shared())) // where what it leaves behind goes with the rest
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	allocator, ended := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	return ctx, func() { cancel(); ended() }, chromedp.Do(ctx)
}

// Tab is a window of a reader of its own: no cookies shared with other tabs.
type Tab struct {
	testing.TB
	Site *Running
	Ctx  context.Context

	mu     sync.Mutex
	faults []string // what the browser complained of: scripts' exceptions, the content policy
}

// tabPatience is how long a test may use its tab.
const tabPatience = 8 * time.Minute

// Open opens a tab that is closed with the test. What the browser reports as an error fails the test, but for answers with an
// error status, which some tests ask for.
func Open(t testing.TB, chrome context.Context, site *Running) *Tab {
	t.Helper()
	b := &Tab{TB: t, Site: site}
	ctx, cancel := chromedp.NewContext(chrome, chromedp.WithNewBrowserContext(), chromedp.WithListener(b.listen))
	t.Cleanup(cancel)
	ctx, enough := context.WithTimeout(ctx, tabPatience)
	t.Cleanup(enough)
	b.Ctx = ctx
	b.Do("open a tab")
	t.Cleanup(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, fault := range b.faults {
			t.Errorf("the browser complains: %s", fault)
		}
	})
	return b
}

func (b *Tab) listen(event any) {
	fault := ""
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		fault = e.ExceptionDetails.Text
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError && e.Entry.Source != log.EntrySourceNetwork {
			fault = e.Entry.Text
		}
	}
	if fault != "" {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.faults = append(b.faults, fault)
	}
}

// Do takes steps, of which what tells when one fails.
func (b *Tab) Do(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	if err := chromedp.Do(b.Ctx, steps...); err != nil {
		b.Fatalf("%s: %v", what, err)
	}
}

// Visit goes to a path, which must answer with the status.
func (b *Tab) Visit(path string, status int64) {
	b.Helper()
	response, err := chromedp.Run(b.Ctx, chromedp.NavigateResponse(b.Site.URL+path))
	b.Answered("go to "+path, response, err, status)
}

// Follow does what leads to another page, which must answer with 200.
func (b *Tab) Follow(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	response, err := chromedp.RunResponse(b.Ctx, steps...)
	b.Answered(what, response, err, 200)
}

// Answered holds that a page came with the status.
func (b *Tab) Answered(what string, response *network.Response, err error, status int64) {
	b.Helper()
	if err != nil {
		b.Fatalf("%s: %v", what, err)
	}
	if response.Status != status {
		b.Fatalf("%s: %s answers %d, want %d", what, response.URL, response.Status, status)
	}
}

// Click clicks the first visible match of a CSS selector and waits for the page that it leads to.
func (b *Tab) Click(selector string) {
	b.Helper()
	b.Follow("click "+selector, chromedp.Click(chromedp.CSS(selector)))
}

// Press sends keys to what has the focus.
func (b *Tab) Press(keys string) {
	b.Helper()
	b.Do(fmt.Sprintf("press %q", keys), chromedp.KeyEvent(keys))
}

// Width makes the window as wide as a telephone's or a desk's, in CSS pixels.
func (b *Tab) Width(pixels int64) {
	b.Helper()
	b.Do("resize", chromedp.EmulateViewport(pixels, 800))
}

// Widened is Width for the page that the tab shows: it waits until that has been laid out anew.
func (b *Tab) Widened(pixels int64) {
	b.Helper()
	b.Width(pixels)
	b.WaitFor(fmt.Sprintf("innerWidth === %d", pixels))
}

// WithoutScripts turns the pages' JavaScript off. The test's own expressions still run.
func (b *Tab) WithoutScripts() {
	b.Helper()
	b.Do("turn scripts off", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}))
}

// Media emulates a medium ("print", "" for the screen) and a preferred colour scheme ("" for none).
func (b *Tab) Media(medium, scheme string) {
	b.Helper()
	b.Do("emulate media", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Media: medium, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	}))
}

// Display sets the reader's display settings as their cookie does.
func (b *Tab) Display(theme, size string) {
	b.Helper()
	b.Do("set the cookie", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.SetCookie, network.SetCookieParams{Name: "hien-thi", Value: theme + "." + size, URL: b.Site.URL})
		return err
	}))
}

// Eval is the value of a JavaScript expression in the page.
func Eval[T any](b *Tab, expression string) T {
	b.Helper()
	value, err := chromedp.Run(b.Ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.Fatalf("evaluate %.200s: %v", expression, err)
	}
	return value
}

// Path is the address that the tab shows, without the host.
func (b *Tab) Path() string {
	b.Helper()
	return strings.TrimPrefix(Eval[string](b, "location.href"), b.Site.URL)
}

// Text is the visible text of the first match of a selector, "" when there is none.
func (b *Tab) Text(selector string) string {
	b.Helper()
	return Eval[string](b, fmt.Sprintf("(document.querySelector(%q)?.innerText ?? '').trim()", selector))
}

// Attribute is an attribute of the first match of a selector, "" when there is none.
func (b *Tab) Attribute(selector, name string) string {
	b.Helper()
	return Eval[string](b, fmt.Sprintf("document.querySelector(%q)?.getAttribute(%q) ?? ''", selector, name))
}

// Style is a computed style of the first match of a selector.
func (b *Tab) Style(selector, property string) string {
	b.Helper()
	return Eval[string](b, fmt.Sprintf("getComputedStyle(document.querySelector(%q)).getPropertyValue(%q)", selector, property))
}

// TooWide names the elements that make the page scroll sideways, "" when it does not.
func (b *Tab) TooWide() string {
	b.Helper()
	return Eval[string](b, `(() => {
		const room = document.documentElement.clientWidth;
		if (Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) <= room) return "";
		const wide = [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > room + 0.5 && !e.closest(".table"));
		return "room for " + room + ", needs " + document.documentElement.scrollWidth + ": " +
			wide.slice(0, 5).map(e => e.tagName + "." + e.className + " " + Math.round(e.getBoundingClientRect().right)).join(", ");
	})()`)
}

// WhenLoaded runs a script in every page that the tab opens from now on. The pages' content policy does not bind it.
func (b *Tab) WhenLoaded(script string) {
	b.Helper()
	b.Do("add a script", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
		return err
	}))
}

// LoggedIn goes through the login page as one of the demo's accounts.
func (b *Tab) LoggedIn(name string) {
	b.Helper()
	b.Visit("/admin/dang-nhap", 200)
	b.Do("fill in the login", chromedp.SendKeys(chromedp.CSS("#f_name"), name), chromedp.SendKeys(chromedp.CSS("#f_password"), DemoPassword))
	b.Click(`main form button[type="submit"]`)
	if got := b.Path(); got != "/admin" {
		b.Fatalf("the login leads to %s", got)
	}
}

// WaitFor waits until a JavaScript expression is true.
func (b *Tab) WaitFor(expression string) {
	b.Helper()
	if _, err := chromedp.Run(b.Ctx, chromedp.Poll[bool](expression)); err != nil {
		b.Fatalf("wait for %s: %v", expression, err)
	}
}
