package main

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

// loggedIn goes through the login page as one of the demo's accounts.
func (b *tab) loggedIn(name string) {
	b.Helper()
	b.visit("/admin/dang-nhap", 200)
	b.do("fill in the login", chromedp.SendKeys(chromedp.CSS("#f_name"), name), chromedp.SendKeys(chromedp.CSS("#f_password"), demoPassword))
	b.click(`main form button[type="submit"]`)
	if got := b.path(); got != "/admin" {
		b.Fatalf("the login leads to %s", got)
	}
}

// adminPages are the pages that the navigation of the admin leads to, those that it does not, and the handbook's.
func (b *tab) adminPages() []string {
	b.Helper()
	b.visit("/admin", 200)
	return append(append(eval[[]string](b, `[...document.querySelectorAll(".desks a")].map(a => a.getAttribute("href"))`),
		"/admin", "/admin/tai-khoan", "/admin/tai-khoan/mat-khau", "/admin/tai-khoan/xac-thuc", "/admin/tai-khoan/ma-khoi-phuc", "/admin/nguoi-dung/moi", "/admin/nguoi-dung/1",
		"/admin/chuyen-muc/moi", "/admin/chuyen-muc/1", "/admin/lien-ket/moi", "/admin/dia-chi-cu/moi", "/admin/nhat-ky?kiem-tra=0", "/admin/thong-ke?ky=365",
		"/admin/tep/moi", "/admin/tep/1", "/admin/tep/mo-ta?id=1&id=2",
		"/admin/tin-tuc/moi", "/admin/tin-tuc/1", "/admin/tin-tuc/1/lich-su", "/admin/tin-tuc/1/so-sanh?tu=1&den=1", "/admin/preview/tin-tuc/1",
		"/admin/hoi-nghi/moi", "/admin/hoi-nghi/1", "/admin/hoi-nghi/1/doc", "/admin/hoi-nghi/1/lich-su", "/admin/nhiem-vu/1/1", "/admin/nhiem-vu?xep=don-vi&xong=1",
	), handbookPages()...)
}

// TestAdminAccessible runs axe-core on the admin pages in each look, at a desk and on a phone.
func TestAdminAccessible(t *testing.T) {
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
			b.visit("/admin/dang-nhap", 200)
			b.auditIn(i, "login")
			b.loggedIn("quantri")
			for _, path := range b.adminPages() {
				b.visit(path, 200)
				for _, width := range widths() {
					b.widened(width)
					name := fmt.Sprintf("%s at %d pixels", path, width)
					if i > 0 && width == tablet { // what it shows, a desk or a phone shows in the same colours
						b.notTooWide(name)
						continue
					}
					b.auditIn(i, name)
				}
			}
			for _, width := range widths() {
				b.width(width)
				b.visit("/admin/nguoi-dung/moi", 200)
				eval[bool](b, `document.querySelector("main form").noValidate = true`)
				b.do("send an empty form", chromedp.Click(chromedp.CSS(`main form button[type="submit"]`)), chromedp.WaitVisible(chromedp.CSS(".summary-of-faults")))
				b.auditIn(i, fmt.Sprintf("a refused form at %d pixels", width))
				if got := eval[string](b, "document.activeElement.className"); got != "summary-of-faults" {
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
