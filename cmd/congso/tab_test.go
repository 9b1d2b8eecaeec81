package main

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
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// require skips the test when something it needs is absent, saying what to install, and fails it when CONGSO_TEST_REQUIRE is "all".
func require(t testing.TB, there bool, install string) {
	t.Helper()
	if there {
		return
	}
	if os.Getenv("CONGSO_TEST_REQUIRE") == "all" {
		t.Fatal(install)
	}
	t.Skip(install)
}

// requireProgram is the file of the first program of names that is installed.
func requireProgram(t testing.TB, install string, names ...string) string {
	t.Helper()
	for _, name := range names {
		if file, err := exec.LookPath(name); err == nil {
			return file
		}
	}
	require(t, false, install)
	return ""
}

func chromium(t testing.TB) string {
	t.Helper()
	return requireProgram(t, "no browser: install chromium", "chromium", "chromium-browser", "google-chrome")
}

// npmFile is a file of a package that npm installed in the folder that CONGSO_TEST_NPM names.
func npmFile(t testing.TB, pkg, name string) string {
	t.Helper()
	file := os.Getenv("CONGSO_TEST_NPM") + "/node_modules/" + pkg + "/" + name
	_, err := os.Stat(file)
	require(t, err == nil, "no "+pkg+": npm install --prefix DIR "+pkg+", and set CONGSO_TEST_NPM=DIR")
	return file
}

// livePortal is the demo's portal in this process, on records of its own.
func livePortal(t testing.TB) *running {
	t.Helper()
	return startHere(t, nil, "demo", "--data", demoData(t))
}

// oneBrowser is the browser that the tests share; TestMain ends it.
var oneBrowser struct {
	once sync.Once
	ctx  context.Context
	end  func()
	err  error
}

// sharedBrowser is started by the first test that asks for it. Tests tell their tabs apart: each is a reader of its own.
func sharedBrowser(t testing.TB) context.Context {
	t.Helper()
	file := chromium(t)
	oneBrowser.once.Do(func() { oneBrowser.ctx, oneBrowser.end, oneBrowser.err = startBrowser(file) })
	if oneBrowser.err != nil {
		t.Fatalf("start the browser: %v", oneBrowser.err)
	}
	return oneBrowser.ctx
}

// endBrowser ends the browser that the tests share, if one of them started it.
func endBrowser() {
	if oneBrowser.end != nil {
		oneBrowser.end()
	}
}

// startBrowser starts a browser. Its agent is a reader's: the counters take a headless one for a bot. Pages are not kept for the way back,
// since each kept one makes the browser start a process for the next.
func startBrowser(file string) (ctx context.Context, end func(), err error) {
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(file), chromedp.UserAgent(browser),
		chromedp.WindowSize(1280, 900), chromedp.Flag("lang", "vi"),
		chromedp.Flag("disable-features", "Translate,BlinkGenPropertyTrees,BackForwardCache"),
		chromedp.Env("TMPDIR="+shared)) // where what it leaves behind goes with the rest
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	allocator, ended := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	return ctx, func() { cancel(); ended() }, chromedp.Do(ctx)
}

// tab is a window of a reader of its own: no cookies shared with other tabs.
type tab struct {
	testing.TB
	site *running
	ctx  context.Context

	mu     sync.Mutex
	faults []string // what the browser complained of: scripts' exceptions, the content policy
}

// tabPatience is how long a test may use its tab.
const tabPatience = 8 * time.Minute

// open opens a tab that is closed with the test. What the browser reports as an error fails the test, but for answers with an
// error status, which some tests ask for.
func open(t testing.TB, chrome context.Context, site *running) *tab {
	t.Helper()
	b := &tab{TB: t, site: site}
	ctx, cancel := chromedp.NewContext(chrome, chromedp.WithNewBrowserContext(), chromedp.WithListener(b.listen))
	t.Cleanup(cancel)
	ctx, enough := context.WithTimeout(ctx, tabPatience)
	t.Cleanup(enough)
	b.ctx = ctx
	b.do("open a tab")
	t.Cleanup(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, fault := range b.faults {
			t.Errorf("the browser complains: %s", fault)
		}
	})
	return b
}

func (b *tab) listen(event any) {
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

func (b *tab) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.Fatalf("%s: %v", what, err)
	}
}

// visit goes to a path, which must answer with the status.
func (b *tab) visit(path string, status int64) {
	b.Helper()
	response, err := chromedp.Run(b.ctx, chromedp.NavigateResponse(b.site.url+path))
	b.answered("go to "+path, response, err, status)
}

// follow does what leads to another page, which must answer with 200.
func (b *tab) follow(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	response, err := chromedp.RunResponse(b.ctx, steps...)
	b.answered(what, response, err, 200)
}

func (b *tab) answered(what string, response *network.Response, err error, status int64) {
	b.Helper()
	if err != nil {
		b.Fatalf("%s: %v", what, err)
	}
	if response.Status != status {
		b.Fatalf("%s: %s answers %d, want %d", what, response.URL, response.Status, status)
	}
}

// click clicks the first visible match of a CSS selector and waits for the page that it leads to.
func (b *tab) click(selector string) {
	b.Helper()
	b.follow("click "+selector, chromedp.Click(chromedp.CSS(selector)))
}

// press sends keys to what has the focus.
func (b *tab) press(keys string) {
	b.Helper()
	b.do(fmt.Sprintf("press %q", keys), chromedp.KeyEvent(keys))
}

// width makes the window as wide as a telephone's or a desk's, in CSS pixels.
func (b *tab) width(pixels int64) {
	b.Helper()
	b.do("resize", chromedp.EmulateViewport(pixels, 800))
}

// widened is width for the page that the tab shows: it waits until that has been laid out anew.
func (b *tab) widened(pixels int64) {
	b.Helper()
	b.width(pixels)
	b.waitFor(fmt.Sprintf("innerWidth === %d", pixels))
}

// withoutScripts turns the pages' JavaScript off. The test's own expressions still run.
func (b *tab) withoutScripts() {
	b.Helper()
	b.do("turn scripts off", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}))
}

// media emulates a medium ("print", "" for the screen) and a preferred colour scheme ("" for none).
func (b *tab) media(medium, scheme string) {
	b.Helper()
	b.do("emulate media", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Media: medium, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	}))
}

// display sets the reader's display settings as their cookie does.
func (b *tab) display(theme, size string) {
	b.Helper()
	b.do("set the cookie", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.SetCookie, network.SetCookieParams{Name: "hien-thi", Value: theme + "." + size, URL: b.site.url})
		return err
	}))
}

// eval is the value of a JavaScript expression in the page.
func eval[T any](b *tab, expression string) T {
	b.Helper()
	value, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.Fatalf("evaluate %.200s: %v", expression, err)
	}
	return value
}

// path is the address that the tab shows, without the host.
func (b *tab) path() string {
	b.Helper()
	return strings.TrimPrefix(eval[string](b, "location.href"), b.site.url)
}

// text is the visible text of the first match of a selector, "" when there is none.
func (b *tab) text(selector string) string {
	b.Helper()
	return eval[string](b, fmt.Sprintf("(document.querySelector(%q)?.innerText ?? '').trim()", selector))
}

// attribute is an attribute of the first match of a selector, "" when there is none.
func (b *tab) attribute(selector, name string) string {
	b.Helper()
	return eval[string](b, fmt.Sprintf("document.querySelector(%q)?.getAttribute(%q) ?? ''", selector, name))
}

// style is a computed style of the first match of a selector.
func (b *tab) style(selector, property string) string {
	b.Helper()
	return eval[string](b, fmt.Sprintf("getComputedStyle(document.querySelector(%q)).getPropertyValue(%q)", selector, property))
}

// tooWide names the elements that make the page scroll sideways, "" when it does not.
func (b *tab) tooWide() string {
	b.Helper()
	return eval[string](b, `(() => {
		const room = document.documentElement.clientWidth;
		if (Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) <= room) return "";
		const wide = [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > room + 0.5 && !e.closest(".table"));
		return "room for " + room + ", needs " + document.documentElement.scrollWidth + ": " +
			wide.slice(0, 5).map(e => e.tagName + "." + e.className + " " + Math.round(e.getBoundingClientRect().right)).join(", ");
	})()`)
}
