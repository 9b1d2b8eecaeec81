package reading

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"congso/cmd/congso/congsotest"
)

// withAndWithoutScripts runs a test in a tab with JavaScript and in one without.
func withAndWithoutScripts(t *testing.T, run func(b *congsotest.Tab)) {
	t.Helper()
	site, chrome := congsotest.LivePortal(t), congsotest.SharedBrowser(t)
	t.Run("scripts", func(t *testing.T) { run(congsotest.Open(t, chrome, site)) })
	t.Run("no scripts", func(t *testing.T) {
		b := congsotest.Open(t, chrome, site)
		b.WithoutScripts()
		run(b)
	})
}

func TestWalkToAnItemAndBack(t *testing.T) {
	t.Parallel()
	withAndWithoutScripts(t, func(b *congsotest.Tab) {
		b.Visit("/", 200)
		b.Click(`.sections a[href="/chuyen-muc/thong-bao"]`)
		if got := b.Text("h1"); got != "Thông báo" {
			b.Fatalf("the section's heading is %q", got)
		}
		walkAnItem(b, "/chuyen-muc/thong-bao", "Quay lại: Thông báo")

		b.Visit("/tin-tuc", 200)
		first := b.Text(".rows h3")
		b.Click(`.pager a[rel="next"]`)
		if b.Path() != "/tin-tuc?trang=2" || b.Text(".rows h3") == first {
			b.Fatalf("the next page is %s, first item %q", b.Path(), b.Text(".rows h3"))
		}
		walkAnItem(b, "/tin-tuc?trang=2", "Quay lại: Tin tức")

		b.Visit("/", 200)
		walkAnItem(b, "/", "Quay lại: Trang chủ")
	})
}

// walkAnItem opens the list's second item, goes on to its neighbours and to another of its section, and back to the list, which it
// must find however far it walked.
func walkAnItem(b *congsotest.Tab, list, back string) {
	b.Helper()
	links := congsotest.Eval[[]string](b, `[...document.querySelectorAll("main :is(h2, h3) a")].map(a => a.getAttribute("href")).filter(h => h.startsWith("/tin-tuc/"))`)
	if len(links) < 3 {
		b.Fatalf("%s links to %d items", list, len(links))
	}
	link := fmt.Sprintf(`main :is(h2, h3) a[href=%q]`, links[1])
	title := b.Text(link)
	b.Click(link)
	if got := b.Text("h1"); got != title {
		b.Errorf("the link %q leads to %q", title, got)
	}
	for _, must := range []string{".kicker a", ".item time", ".byline", ".text", ".side .tel", ".counts dl"} {
		if b.Text(must) == "" {
			b.Errorf("the item %q shows no %s", title, must)
		}
	}
	for _, way := range []string{`.neighbours [rel="prev"]`, `.neighbours [rel="next"]`, `.same a`} {
		want := b.Text(strings.TrimSuffix(way, " a") + " b")
		if way == ".same a" {
			want = b.Text(way)
		}
		b.Click(way)
		if got := b.Text("h1"); got != want {
			b.Errorf("%s named %q leads to %q", way, want, got)
		}
		if got := b.Text(".back a"); strings.TrimPrefix(got, "← ") != back {
			b.Errorf("after %s the way back is %q, want %q", way, got, back)
		}
	}
	b.Click(".back a")
	if got := b.Path(); got != list {
		b.Errorf("back leads to %s, want %s", got, list)
	}
}

func TestDirectoryOnAPhone(t *testing.T) {
	t.Parallel()
	withAndWithoutScripts(t, func(b *congsotest.Tab) {
		b.Width(360)
		b.Visit("/danh-ba", 200)
		if wide := b.TooWide(); wide != "" {
			b.Errorf("the directory scrolls sideways: %s", wide)
		}
		numbers := congsotest.Eval[[]string](b, `[...document.querySelectorAll("main a.tel")].map(a => a.getAttribute("href"))`)
		if len(numbers) < 40 {
			b.Errorf("%d numbers to dial", len(numbers))
		}
		for _, number := range numbers {
			if !strings.HasPrefix(number, "tel:+84") && !strings.HasPrefix(number, "tel:1") {
				b.Errorf("no number to dial: %q", number)
			}
		}
		cases := []struct{ query, want string }{
			{"hoa", "Nguyễn Hoàng Minh Họa"},
			{"02573000.106", "Thanh tra Sở"},
			{"van thu", "Văn"},
		}
		for _, c := range cases {
			b.Visit("/danh-ba", 200)
			b.Do("type", chromedp.SendKeys(chromedp.CSS(`main input[name="q"]`), c.query))
			b.Click(`main form button`)
			if found := b.Text("main"); !strings.Contains(found, c.want) {
				b.Errorf("%q finds no %q: %s", c.query, c.want, found)
			}
			if wide := b.TooWide(); wide != "" {
				b.Errorf("the result of %q scrolls sideways: %s", c.query, wide)
			}
		}
		b.Visit("/danh-ba?q=hoa", 200)
		people := congsotest.Eval[int](b, `document.querySelectorAll("tbody tr").length`)
		if all := len(numbers); people == 0 || people >= all {
			b.Errorf("“hoa” finds %d people", people)
		}
		if status := b.Text(`[role="status"]`); !strings.Contains(status, fmt.Sprintf("%d người", people)) {
			b.Errorf("%d people are called %q", people, status)
		}
	})
}

func TestKeyboard(t *testing.T) {
	t.Parallel()
	withAndWithoutScripts(t, func(b *congsotest.Tab) {
		b.Visit("/danh-ba", 200)
		b.Press(kb.Tab)
		if got := b.Attribute(":focus", "class"); got != "skip" {
			b.Errorf("the first stop of the keyboard is %q, want the skip link", got)
		}
		if shown := congsotest.Eval[float64](b, `document.activeElement.getBoundingClientRect().left`); shown < 0 {
			b.Errorf("the skip link with the focus stands at %v", shown)
		}
		if style, width := b.Style(":focus", "outline-style"), b.Style(":focus", "outline-width"); style != "solid" || width == "0px" {
			b.Errorf("the focus is shown by an outline %q of %q", style, width)
		}
		b.Press(kb.Enter)
		if got := b.Path(); got != "/danh-ba#p_noi-dung" {
			b.Errorf("the skip link leads to %s", got)
		}
		b.Press(kb.Tab)
		if !congsotest.Eval[bool](b, `document.activeElement.closest("main") !== null`) {
			b.Error("the stop after the skip link is not in the text")
		}
	})
}

// TestFocusIsVisible walks a whole page with the Tab key: each stop must be seen, and none may hold the keyboard.
func TestFocusIsVisible(t *testing.T) {
	t.Parallel()
	b := congsotest.Open(t, congsotest.SharedBrowser(t), congsotest.LivePortal(t))
	b.Visit("/hoi-nghi", 200)
	stops := congsotest.Eval[int](b, `[...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary, [tabindex='0']")].filter(e => e.tabIndex >= 0 && e.checkVisibility()).length`)
	var seen []string
	for range stops {
		b.Press(kb.Tab)
		stop := congsotest.Eval[struct {
			Name    string
			Visible bool
		}](b, `(() => {
			const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
			return {Name: e.outerHTML.slice(0, 120), Visible: s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2 && r.width > 0 && r.right > 0};
		})()`)
		if !stop.Visible {
			t.Errorf("the focus is not seen on %s", stop.Name)
		}
		seen = append(seen, stop.Name)
	}
	if distinct := len(slices.Compact(slices.Clone(seen))); distinct < stops-2 || stops < 30 {
		t.Errorf("Tab stopped at %d places of %d", distinct, stops)
	}
}

// TestDisplaySettings changes them with the keyboard alone and looks at the colours and sizes that come of it.
func TestDisplaySettings(t *testing.T) {
	t.Parallel()
	cases := []struct {
		theme, size      string
		paper, ink, root string
	}{
		{"dark", "large", "rgb(20, 23, 28)", "rgb(233, 231, 226)", "20px"},
		{"contrast", "larger", "rgb(0, 0, 0)", "rgb(255, 255, 255)", "24px"},
		{"light", "", "rgb(255, 255, 255)", "rgb(29, 31, 35)", "17px"},
	}
	withAndWithoutScripts(t, func(b *congsotest.Tab) {
		b.Media("", "dark") // the choice beats the system's
		b.Visit("/tin-tuc?trang=2", 200)
		for _, c := range cases {
			b.Do("focus", chromedp.Focus(chromedp.CSS(".display summary")))
			b.Press(kb.Enter)
			b.Do("open the settings", chromedp.WaitVisible(chromedp.CSS(".display form")))
			choose(b, "co", c.size)
			choose(b, "nen", c.theme)
			b.Press(kb.Tab)
			b.Follow("save", chromedp.KeyEvent(kb.Enter))
			if got := b.Path(); got != "/tin-tuc?trang=2" {
				b.Errorf("the settings lead to %s", got)
			}
			paper, ink, root := b.Style("body", "background-color"), b.Style("body", "color"), b.Style(":root", "font-size")
			if paper != c.paper || ink != c.ink || root != c.root {
				b.Errorf("%s %s: paper %s, ink %s, size %s; want %s, %s, %s", c.theme, c.size, paper, ink, root, c.paper, c.ink, c.root)
			}
		}
		b.Visit("/danh-ba", 200)
		if got := b.Style("body", "background-color"); got != "rgb(255, 255, 255)" {
			b.Errorf("the next page does not keep the settings: %s", got)
		}
	})
}

// choose walks with Tab to a group of choices and with the arrow to the one wanted.
func choose(b *congsotest.Tab, name, value string) {
	b.Helper()
	b.Press(kb.Tab)
	for range 4 {
		at := congsotest.Eval[[]string](b, `[document.activeElement.name ?? "", document.activeElement.value ?? "", String(document.activeElement.checked)]`)
		if at[0] != name {
			b.Fatalf("Tab leads to %q, want the choice %q", at[0], name)
		}
		if at[1] == value && at[2] == "true" {
			return
		}
		b.Press(kb.ArrowDown)
	}
	b.Fatalf("the arrow does not lead to %s=%s", name, value)
}

func TestSearchMarksWhatItFound(t *testing.T) {
	t.Parallel()
	withAndWithoutScripts(t, func(b *congsotest.Tab) {
		b.Visit("/", 200)
		b.Do("type", chromedp.SendKeys(chromedp.CSS(`header input[name="q"]`), "duong"))
		b.Follow("search", chromedp.KeyEvent(kb.Enter))
		if got := b.Path(); got != "/tim-kiem?q=duong" {
			b.Errorf("the search leads to %s", got)
		}
		marks := congsotest.Eval[[]string](b, `[...document.querySelectorAll(".hits mark")].map(m => m.textContent.toLowerCase().normalize("NFC"))`)
		for _, want := range []string{"đường", "dương"} {
			if !slices.Contains(marks, want) {
				b.Errorf("%q is not marked among %q", want, marks)
			}
		}
		for _, mark := range marks {
			if !slices.Contains([]string{"đường", "dương", "đương", "đuông", "dưỡng", "đưởng", "duong"}, mark) {
				b.Errorf("%q is marked for “duong”", mark)
			}
		}
		if ground := b.Style(".hits mark", "background-color"); ground != "rgb(255, 233, 168)" {
			b.Errorf("a mark's ground is %s", ground)
		}
		title := b.Text(".hits li a")
		b.Click(".hits li a")
		if got := b.Text("h1"); !strings.Contains(got, title) {
			b.Errorf("the first hit %q leads to %q", title, got)
		}
	})
}

// TestPrint looks at an item as paper shows it.
func TestPrint(t *testing.T) {
	t.Parallel()
	b := congsotest.Open(t, congsotest.SharedBrowser(t), congsotest.LivePortal(t))
	b.Visit("/tin-tuc/hoi-nghi-so-ket-cai-cach-hanh-chinh?tu=trang-chu", 200)
	if b.Style(".print-only", "display") != "none" || b.Style("button[data-print]", "display") == "none" {
		t.Error("on the screen: the line of the address is seen or the print button is not")
	}
	b.Media("print", "dark")
	for _, gone := range []string{"nav.main", ".crumbs", ".tools", ".side", ".back", "button[data-print]"} {
		if got := b.Style(gone, "display"); got != "none" {
			t.Errorf("%s is printed: display %s", gone, got)
		}
	}
	if b.Style(".demo", "display") == "none" {
		t.Error("paper does not say that these are sample data")
	}
	line := b.Text(".print-only")
	if want := b.Site.URL + "/tin-tuc/hoi-nghi-so-ket-cai-cach-hanh-chinh,"; !strings.Contains(line, want) {
		t.Errorf("the printed line is %q, without %s", line, want)
	}
	if ink := b.Style(".text", "color"); ink != "rgb(0, 0, 0)" {
		t.Errorf("printed in %s on a dark screen", ink)
	}
	b.Media("", "")
	pdf, err := chromedp.Run(b.Ctx, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize()))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(pdf), "%PDF-") || len(pdf) < 10_000 {
		t.Errorf("no PDF: %d bytes beginning %.20q", len(pdf), pdf)
	}
	// A4 in points; the browser writes 594.96 × 841.92.
	if !strings.Contains(string(pdf), "/MediaBox [0 0 594.") && !strings.Contains(string(pdf), "/MediaBox [0 0 595") {
		t.Error("the paper is not A4")
	}
}
