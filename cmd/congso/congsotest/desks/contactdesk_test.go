package desks

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"congso/cmd/congso/congsotest"
	"congso/content"
	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// openAs opens a tab on the demo's portal in which someone of that role is logged in.
func openAs(t *testing.T, role model.Role) *congsotest.Tab {
	t.Helper()
	folder := congsotest.DemoData(t)
	s, err := store.Open(context.Background(), store.Options{Dir: folder, Renderer: content.Renderer()})
	if err != nil {
		t.Fatal(err)
	}
	token, err := s.StartSession(context.Background(), storetest.User(t, s, "thu.danh.ba", role).ID, true, "", "")
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	b := congsotest.Open(t, congsotest.SharedBrowser(t), congsotest.Start(t, nil, "demo", "--data", folder))
	b.Do("log in", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.SetCookie, network.SetCookieParams{Name: "congso", Value: token, URL: b.Site.URL})
		return err
	}))
	return b
}

// typedTitles are the titles of the posts in the form, in order.
const typedTitles = `[...document.querySelectorAll("input[name=post_title]")].map(i => i.value).join("|")`

// TestContactDesk uses the directory's desk by keyboard with and without scripts, and has axe-core look at each of its pages.
func TestContactDesk(t *testing.T) {
	t.Parallel()
	axe := congsotest.ReadAxe(t)
	b := openAs(t, model.RoleEditor)
	b.WhenLoaded(axe)
	b.Visit("/admin/danh-ba/nguoi/moi", 200)
	b.Do("type", chromedp.SendKeys(chromedp.CSS(`[name="name"]`), "Tạ Thị Bàn Phím"), chromedp.SendKeys(chromedp.CSS(`[name="post_title"]`), "Văn thư"))
	b.Do("add a row", chromedp.Click(chromedp.CSS(`button[value="posts add"]`)))
	b.Do("go to its title", chromedp.Focus(chromedp.CSS(`[data-row]:nth-of-type(2) [name="post_title"]`)))
	b.Press("Kế toán")
	b.Do("move it up", chromedp.KeyEvent(kb.ArrowUp, chromedp.KeyModifiers(chromedp.ModifierAlt)))
	if got := congsotest.Eval[string](b, typedTitles); got != "Kế toán|Văn thư" {
		b.Errorf("moved by keyboard: %q", got)
	}
	if hidden := congsotest.Eval[int](b, `[...document.querySelectorAll("[data-row] :is(input, select)")].filter(e => !e.checkVisibility()).length`); hidden > 0 {
		b.Errorf("%d fields of rows cannot be seen", hidden)
	}
	if got := b.Attribute(`[data-row] button.danger`, "value"); got != "posts remove 0" {
		b.Errorf("the first row's button says %q", got)
	}
	b.Do("remove the first row", chromedp.Click(chromedp.CSS(`[data-row] button.danger`)))
	if got := congsotest.Eval[string](b, typedTitles); got != "Văn thư" {
		b.Errorf("a row removed: %q", got)
	}
	b.Audit("form with scripts")
	b.Do("open the library", chromedp.Click(chromedp.CSS(`[data-pick="photo"]`)), chromedp.WaitVisible(chromedp.CSS(`.picks button`)))
	b.Audit("library")
	b.Do("pick a photo", chromedp.Click(chromedp.CSS(`.picks button`)), chromedp.WaitVisible(chromedp.CSS(`[data-photo-shown] img`)))
	if id := congsotest.Eval[string](b, `document.querySelector("[name=photo]").value`); id == "" || id == "0" {
		b.Errorf("the photo picked has the number %q", id)
	}
	if congsotest.Eval[bool](b, `document.querySelector("[name=photo]").checkVisibility()`) {
		b.Errorf("the number of the photo shows")
	}
	b.Do("drop it", chromedp.Click(chromedp.CSS(`[data-photo-drop]`)))
	if got := congsotest.Eval[string](b, `document.querySelector("[name=photo]").value + document.querySelector("[data-photo-shown]").innerHTML`); got != "" {
		b.Errorf("a photo dropped leaves %q", got)
	}

	b.Click(`.bar .where a`)
	file := filepath.Join(t.TempDir(), "danh-ba.csv")
	text := "Đơn vị,Họ và tên,Chức vụ,Thứ bậc,Di động\nVăn phòng Sở,Lò Thị Nhập,Văn thư,9,0900000888\nPhòng Không Có,Ai Đó,Văn thư,9,\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	b.Visit("/admin/danh-ba/nhap", 200)
	b.Audit("import")
	b.Do("upload", chromedp.SetUploadFiles(chromedp.CSS("#f_file"), []string{file}), chromedp.Click(chromedp.CSS(`[data-upload] .actions button`)),
		chromedp.WaitVisible(chromedp.CSS(`[name="apply"]`)))
	if got := b.Path(); !strings.HasPrefix(got, "/admin/danh-ba/nhap/") {
		b.Errorf("the preview's address is %s", got)
	}
	b.Audit("preview")

	pages := []string{"/admin/danh-ba", "/admin/danh-ba?loc=chua-xac-nhan", "/admin/danh-ba/don-vi/1", "/admin/danh-ba/don-vi/1/sap-nhap", "/admin/danh-ba/nguoi/1", b.Path()}
	widths := []int64{1440, 768, 360, 360}
	for i, look := range congsotest.Looks() {
		b.Media("", look.System)
		b.Display(look.Theme, look.Size)
		b.Width(widths[i])
		for _, path := range pages {
			b.Visit(path, 200)
			b.Audit(path + ", " + look.Name)
		}
	}
}

// TestDetailsPictures chooses the portal's banner in the library, and takes it off again.
func TestDetailsPictures(t *testing.T) {
	t.Parallel()
	b := openAs(t, model.RoleAdmin)
	b.WhenLoaded(congsotest.ReadAxe(t))
	b.Visit("/admin/trang", 200)
	b.Do("open the library", chromedp.Click(chromedp.CSS(`[data-pick="banner"]`)), chromedp.WaitVisible(chromedp.CSS(`.picks button`)))
	b.Do("pick a banner", chromedp.Click(chromedp.CSS(`.picks button`)), chromedp.WaitVisible(chromedp.CSS(`[data-photo="banner_alt"] [data-photo-shown] img`)))
	banner, alt := congsotest.Eval[string](b, `document.querySelector("[name=banner]").value`), congsotest.Eval[string](b, `document.querySelector("[name=banner_alt]").value`)
	if banner == "" || alt == "" || congsotest.Eval[string](b, `document.querySelector("[name=logo]").value`) != "" {
		b.Errorf("picked: banner %q with the words %q, and a logo", banner, alt)
	}
	b.Audit("a banner picked")
	b.Click(`main form.full .actions button[type="submit"]`)
	if got := b.Attribute(`[name="banner"]`, "value"); got != banner {
		b.Errorf("kept the banner %q, want %q", got, banner)
	}
	b.Do("drop it", chromedp.Click(chromedp.CSS(`[data-photo="banner_alt"] [data-photo-drop]`)))
	if got := congsotest.Eval[string](b, `document.querySelector("[name=banner]").value + document.querySelector("[name=banner_alt]").value`); got != "" {
		b.Errorf("a banner dropped leaves %q", got)
	}
}
