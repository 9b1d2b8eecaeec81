package reading

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"congso/cmd/congso/congsotest"
)

// slowPictures lets pictures come a while after the rest, as over a poor connection.
func slowPictures(b *congsotest.Tab) {
	b.Helper()
	b.Do("slow pictures", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		slow := &network.Conditions{URLPattern: b.Site.URL + "/media/*", Latency: 300, DownloadThroughput: -1, UploadThroughput: -1}
		_, err := cdp.Call(ctx, t, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: []*network.Conditions{slow}})
		return err
	}))
}

// shown is a picture as a browser lays it out.
type shown struct {
	Src, Loading, Priority, Decoding string
	Width, Height                    string  // attributes
	Laid, Top                        float64 // CSS pixels
	Chosen                           int     // width of what was loaded, by srcset
	Offered                          []int   // widths, ascending
}

// readPictures scrolls through the page, so that every picture is loaded.
const readPictures = `(async () => {
	const pictures = [...document.querySelectorAll("body img")].filter(i => i.getClientRects().length);
	for (const picture of pictures) { picture.scrollIntoView({behavior: "instant"}); await picture.decode(); }
	scrollTo({top: 0, behavior: "instant"});
	return pictures.map(i => {
		const offered = i.srcset.split(", ").filter(Boolean).map(c => c.split(" "));
		const box = i.getBoundingClientRect();
		return {src: i.getAttribute("src"), loading: i.loading, priority: i.fetchPriority, decoding: i.decoding,
			width: i.getAttribute("width") ?? "", height: i.getAttribute("height") ?? "", laid: box.width, top: box.top + scrollY,
			chosen: parseInt(offered.find(c => new URL(c[0], location).href === i.currentSrc)?.[1] ?? 0), offered: offered.map(c => parseInt(c[1]))};
	});
})()`

// noteWhole has a page say when the frame after the first one of all its HTML begins. On a busy machine a browser may paint what it has read so
// far, and then the rest.
const noteWhole = `addEventListener("DOMContentLoaded", () => requestAnimationFrame(() => requestAnimationFrame(() => { window.wholeAt = performance.now(); })))`

// readShifts are the layout shifts of the page, once all of it has been painted, each with what moved.
const readShifts = `new Promise(done => {
	const shifts = [];
	new PerformanceObserver(list => list.getEntries().filter(e => e.startTime >= wholeAt).forEach(e => shifts.push(e.value + " " + e.sources.map(s => s.node?.outerHTML?.slice(0, 80)))))
		.observe({type: "layout-shift", buffered: true});
	setTimeout(() => done(shifts), 200);
})`

// illustrated is the address of a news item with more pictures than its cover, as the list names it: which stands first there, the hour says.
func illustrated(b *congsotest.Tab) (path string) {
	b.Helper()
	b.Visit("/tin-tuc", 200)
	for _, path := range congsotest.Eval[[]string](b, `[...document.querySelectorAll("main .thumb")].map(a => a.getAttribute("href"))`) {
		b.Visit(path, 200)
		if congsotest.Eval[int](b, `document.querySelectorAll("main img[srcset]").length`) > 1 {
			return path
		}
	}
	b.Fatal("no item of the first page has more than one picture")
	return ""
}

// TestPicturesInTheirSizes looks at pages as a telephone, a tablet and a desk show them, with pictures that come late: nothing moves, each
// picture is loaded in the size that its place needs, the first of a page at once and those below the fold when they are reached.
func TestPicturesInTheirSizes(t *testing.T) {
	site, chrome := congsotest.LivePortal(t), congsotest.SharedBrowser(t)
	item := illustrated(congsotest.Open(t, chrome, site))
	pages := map[string]int{ // by path: how many pictures stand in it at least
		"/": 4, "/tin-tuc": 10, item: 2, "/danh-ba": 0, "/bai-viet/gioi-thieu": 0,
		"/hoi-nghi/hoi-nghi-so-ket-cong-tac-cai-cach-hanh-chinh-va-ky-ket-quy-che-phoi-hop-mot-cua": 2,
	}
	for path, least := range pages {
		for _, width := range []int64{360, 768, 1440} {
			b := congsotest.Open(t, chrome, site) // with nothing kept from other pages
			slowPictures(b)
			b.WhenLoaded(noteWhole)
			b.Width(width)
			b.Visit(path, 200)
			pictures := congsotest.Eval[[]shown](b, readPictures)
			b.WaitFor("window.wholeAt > 0")
			if shifts := congsotest.Eval[[]string](b, readShifts); len(shifts) > 0 {
				t.Errorf("%s, %d wide: something moves: %s", path, width, shifts)
			}
			offered := 0
			for _, p := range pictures {
				p.check(t, fmt.Sprintf("%s, %d wide: %s", path, width, p.Src))
				offered += min(1, len(p.Offered))
			}
			if offered < least {
				t.Errorf("%s, %d wide: %d pictures in sizes", path, width, offered)
			}
			if path == "/" || path == item {
				if lead := pictures[1]; lead.Priority != "high" || lead.Loading == "lazy" { // after the portal's sign
					t.Errorf("%s, %d wide: the first picture is not loaded first: %+v", path, width, lead)
				}
			}
		}
	}
}

// fold is how many CSS pixels of a page a reader sees at once in these tests.
const fold = 800

func (p shown) check(t *testing.T, where string) {
	t.Helper()
	if p.Width == "" || p.Height == "" {
		t.Errorf("%s: width %q, height %q", where, p.Width, p.Height)
	}
	if p.Top > fold && (p.Loading != "lazy" || p.Decoding != "async") && p.Priority != "high" {
		t.Errorf("%s: at %.0f, loading %s, decoding %s", where, p.Top, p.Loading, p.Decoding)
	}
	for _, width := range p.Offered {
		if float64(width) >= p.Laid {
			if p.Chosen != width {
				t.Errorf("%s: %.0f pixels wide, loaded in %d, needs %d", where, p.Laid, p.Chosen, width)
			}
			return
		}
	}
}
