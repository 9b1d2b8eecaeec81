package admin

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"congso/content"
	"congso/handlers/web"
	"congso/views/adminpage"
)

const (
	scanHostsPath = scanPath + "/may-chu"
	scanWordsPath = scanPath + "/tu-ngu"
	foundHosts    = 500 // hosts that the list offers at once
)

// scanHosts shows the hosts that await approval, and those that are approved.
func (a *Admin) scanHosts(c web.Ctx) error { return a.showScanHosts(c, http.StatusOK, web.NewForm()) }

func (a *Admin) showScanHosts(c web.Ctx, status int, form *web.Form) error {
	ctx := c.Request().Context()
	var d adminpage.ScanHostsData
	found, err := a.Store.FoundHosts(ctx, foundHosts)
	if err != nil {
		return err
	}
	for _, h := range found {
		d.Found = append(d.Found, adminpage.FoundHost{Host: h.Host, Count: h.Count, First: h.First})
	}
	approved, err := a.Store.ApprovedHosts(ctx)
	if err != nil {
		return err
	}
	for _, h := range approved {
		d.Approved = append(d.Approved, adminpage.ApprovedHost{Host: h.Host, By: h.By, At: h.At})
	}
	p, err := a.page(c, "Máy chủ được duyệt", web.Link{Name: "Rà soát", Href: scanPath})
	if err != nil {
		return err
	}
	return web.Render(c, status, adminpage.ScanHosts(p, form, d))
}

// approveHosts lets links lead to the hosts that were ticked or typed.
func (a *Admin) approveHosts(c web.Ctx) error {
	form, err := web.ParseForm(c)
	if err != nil {
		return err
	}
	hosts := slices.Clone(form.Values["host"])
	if form.Text("viec") == "tatca" { // all that the page showed, and none that came since
		hosts = slices.Clone(form.Values["moi"])
	}
	for _, typed := range strings.Fields(strings.ReplaceAll(form.Text("them"), ",", " ")) {
		hosts = append(hosts, adminpage.TypedHost(typed))
	}
	if len(hosts) == 0 {
		form.Fail("them", "Chưa chọn và chưa gõ máy chủ nào.")
		return a.showScanHosts(c, refused, form)
	}
	err = a.Store.ApproveHosts(c.Request().Context(), web.User(c).Actor(), hosts...)
	if form.Refused(err) {
		form.Fail("them", form.Error("host"))
		return a.showScanHosts(c, refused, form)
	}
	if err != nil {
		return err
	}
	back := scanHostsPath
	if form.Text("ve") == "danh-sach" {
		back = scanPath
	}
	if len(hosts) == 1 {
		return saved(c, back, "Đã duyệt máy chủ "+hosts[0]+".")
	}
	return saved(c, back, fmt.Sprintf("Đã duyệt %d máy chủ.", len(hosts)))
}

// forgetHost takes an approval back.
func (a *Admin) forgetHost(c web.Ctx) error {
	form, err := web.ParseForm(c)
	if err != nil {
		return err
	}
	host := form.Text("host")
	if err := a.Store.ForgetHost(c.Request().Context(), web.User(c).Actor(), host); err != nil {
		return err
	}
	return saved(c, scanHostsPath, "Đã thôi duyệt máy chủ "+host+". Liên kết tới đó là phát hiện từ nay.")
}

// scanWords shows the list of words, to be changed as a whole.
func (a *Admin) scanWords(c web.Ctx) error {
	words, err := a.Store.ScanWords(c.Request().Context())
	if err != nil {
		return err
	}
	if words == "" {
		words = content.PlantedWords()
	}
	return a.showScanWords(c, http.StatusOK, web.NewForm("words", words))
}

func (a *Admin) showScanWords(c web.Ctx, status int, form *web.Form) error {
	p, err := a.page(c, "Từ ngữ để rà soát", web.Link{Name: "Rà soát", Href: scanPath})
	if err != nil {
		return err
	}
	return web.Render(c, status, adminpage.ScanWords(p, form))
}

// putScanWords keeps the list, or brings that of the program back.
func (a *Admin) putScanWords(c web.Ctx) error {
	form, err := web.ParseForm(c)
	if err != nil {
		return err
	}
	words := form.Raw("words")
	if form.Text("viec") == "macdinh" {
		words = ""
	} else if strings.TrimSpace(words) == "" {
		form.Fail("words", "Danh sách trống. Muốn dùng danh sách đi kèm chương trình, hãy bấm nút Dùng danh sách đi kèm.")
		return a.showScanWords(c, refused, form)
	}
	err = a.Store.PutScanWords(c.Request().Context(), web.User(c).Actor(), words)
	if form.Refused(err) {
		return a.showScanWords(c, refused, form)
	}
	if err != nil {
		return err
	}
	return saved(c, scanWordsPath, "Đã lưu danh sách từ ngữ. Lần rà soát tới sẽ dùng danh sách này.")
}
