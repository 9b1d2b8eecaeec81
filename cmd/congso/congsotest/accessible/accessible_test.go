package accessible

import (
	"strings"
	"testing"

	"congso/cmd/congso/congsotest"
)

// TestAccessible runs axe-core on each kind of page in each look: no violation, and nothing that makes the page scroll sideways.
func TestAccessible(t *testing.T) {
	t.Parallel()
	axe := congsotest.ReadAxe(t)
	site, chrome := congsotest.LivePortal(t), congsotest.SharedBrowser(t)
	for i, look := range congsotest.Looks() {
		t.Run(look.Name, func(t *testing.T) {
			t.Parallel()
			b := congsotest.Open(t, chrome, site)
			b.Media("", look.System)
			b.Display(look.Theme, look.Size)
			b.WhenLoaded(axe)
			for _, k := range congsotest.KindsOfPages() {
				b.Visit(k.Path, int64(k.Status))
				b.AuditIn(i, k.Name)
			}
		})
	}
}

// TestAccessibleOnAPhone does the same on a narrow screen, where tables and the head look otherwise.
func TestAccessibleOnAPhone(t *testing.T) {
	t.Parallel()
	axe := congsotest.ReadAxe(t)
	site, chrome := congsotest.LivePortal(t), congsotest.SharedBrowser(t)
	for i, look := range congsotest.Looks()[1:] {
		t.Run(look.Name, func(t *testing.T) {
			t.Parallel()
			b := congsotest.Open(t, chrome, site)
			b.Width(360)
			b.Media("", look.System)
			b.Display(look.Theme, look.Size)
			b.WhenLoaded(axe)
			for _, path := range []string{"/", "/tin-tuc/hoi-nghi-so-ket-cai-cach-hanh-chinh", "/hoi-nghi/hoi-nghi-so-ket-cong-tac-cai-cach-hanh-chinh-va-ky-ket-quy-che-phoi-hop-mot-cua", "/danh-ba", "/thong-ke"} {
				b.Visit(path, 200)
				b.AuditIn(i, path)
			}
		})
	}
}

// TestReflow shows each kind of page at 320 CSS pixels, which is a desk's 1280 at 400 %, and a phone's 360 with the largest text.
func TestReflow(t *testing.T) {
	t.Parallel()
	b := congsotest.Open(t, congsotest.SharedBrowser(t), congsotest.LivePortal(t))
	for _, c := range []struct {
		size   string
		widths []int64
	}{{"", []int64{768, 320}}, {"larger", []int64{360}}} {
		b.Display("", c.size)
		for _, k := range congsotest.KindsOfPages() {
			b.Visit(k.Path, int64(k.Status))
			for _, width := range c.widths {
				b.Widened(width)
				if wide := b.TooWide(); wide != "" {
					t.Errorf("%s at %d pixels, text %q, scrolls sideways: %s", k.Name, width, c.size, wide)
				}
			}
		}
	}
}

// TestTargetsAreLargeEnough measures what a thumb must hit on a phone: 24 CSS pixels (WCAG 2.2, 2.5.8), but for links within a sentence.
func TestTargetsAreLargeEnough(t *testing.T) {
	t.Parallel()
	b := congsotest.Open(t, congsotest.SharedBrowser(t), congsotest.LivePortal(t))
	b.Width(360)
	for _, path := range []string{"/", "/tin-tuc", "/hoi-nghi", "/danh-ba"} {
		b.Visit(path, 200)
		small := congsotest.Eval[[]string](b, `[...document.querySelectorAll("header :is(a, button, input, summary), .pager a, .tel, .sections a, .foot li a")]
			.filter(e => e.checkVisibility()).map(e => [e, e.getBoundingClientRect()])
			.filter(([e, r]) => r.height < 24 || r.width < 24).map(([e, r]) => e.outerHTML.slice(0, 100) + " " + Math.round(r.width) + "×" + Math.round(r.height))`)
		if len(small) > 0 {
			t.Errorf("%s: too small to hit: %s", path, strings.Join(small, "\n"))
		}
	}
}
