package accessible

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"congso/cmd/congso/congsotest"
)

// adminPages are the pages that the navigation of the admin leads to, those that it does not, and the handbook's.
func adminPages(b *congsotest.Tab) []string {
	b.Helper()
	b.Visit("/admin", 200)
	return append(append(congsotest.Eval[[]string](b, `[...document.querySelectorAll(".desks a")].map(a => a.getAttribute("href"))`),
		"/admin", "/admin/tai-khoan", "/admin/tai-khoan/mat-khau", "/admin/tai-khoan/xac-thuc", "/admin/tai-khoan/ma-khoi-phuc", "/admin/nguoi-dung/moi", "/admin/nguoi-dung/1",
		"/admin/chuyen-muc/moi", "/admin/chuyen-muc/1", "/admin/lien-ket/moi", "/admin/dia-chi-cu/moi", "/admin/nhat-ky?kiem-tra=0", "/admin/thong-ke?ky=365",
		"/admin/tep/moi", "/admin/tep/1", "/admin/tep/mo-ta?id=1&id=2",
		"/admin/tin-tuc/moi", "/admin/tin-tuc/1", "/admin/tin-tuc/1/lich-su", "/admin/tin-tuc/1/so-sanh?tu=1&den=1", "/admin/preview/tin-tuc/1",
		"/admin/hoi-nghi/moi", "/admin/hoi-nghi/1", "/admin/hoi-nghi/1/doc", "/admin/hoi-nghi/1/lich-su", "/admin/nhiem-vu/1/1", "/admin/nhiem-vu?xep=don-vi&xong=1",
	), congsotest.HandbookPages()...)
}

// TestAdminAccessible runs axe-core on the admin pages in each look, at a desk and on a phone.
func TestAdminAccessible(t *testing.T) {
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
			b.Visit("/admin/dang-nhap", 200)
			b.AuditIn(i, "login")
			b.LoggedIn("quantri")
			for _, path := range adminPages(b) {
				b.Visit(path, 200)
				for _, width := range widths() {
					b.Widened(width)
					name := fmt.Sprintf("%s at %d pixels", path, width)
					if i > 0 && width == tablet { // what it shows, a desk or a phone shows in the same colours
						b.NotTooWide(name)
						continue
					}
					b.AuditIn(i, name)
				}
			}
			for _, width := range widths() {
				b.Width(width)
				b.Visit("/admin/nguoi-dung/moi", 200)
				congsotest.Eval[bool](b, `document.querySelector("main form").noValidate = true`)
				b.Do("send an empty form", chromedp.Click(chromedp.CSS(`main form button[type="submit"]`)), chromedp.WaitVisible(chromedp.CSS(".summary-of-faults")))
				b.AuditIn(i, fmt.Sprintf("a refused form at %d pixels", width))
				if got := congsotest.Eval[string](b, "document.activeElement.className"); got != "summary-of-faults" {
					t.Errorf("the focus is on %q, want the summary of faults", got)
				}
			}
		})
	}
}

// tablet is the width of one, in CSS pixels.
const tablet = 768

// widths are a desk's, a tablet's and a phone's, in CSS pixels.
func widths() []int64 { return []int64{1280, tablet, 360} }
