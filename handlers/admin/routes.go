package admin

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"congso/handlers/web"
	"congso/store/model"
)

// Methods of routes.
const (
	get  = http.MethodGet // and HEAD
	post = http.MethodPost
)

// Route is an address behind the login: whoever may not open the desk for the action does not come to the handler, which still asks
// model.May or model.MayMove about the record.
type Route struct {
	Method, Path string
	Desk         model.Desk
	Action       model.Action
	handler      web.Handler
}

// Table is every address behind the login.
func (a *Admin) Table() []Route {
	return []Route{
		{get, "/admin", model.DeskHome, model.ActionView, a.home},
	}
}

// open are the addresses before the login.
func (a *Admin) open() []Route {
	return []Route{
		{get, "/admin/dang-nhap", "", "", a.loginForm},
		{post, "/admin/dang-nhap", "", "", a.login},
		{post, "/admin/dang-xuat", "", "", a.logout},
	}
}

// places are the desks in the order of the navigation, by their first page.
func places() []place {
	return []place{
		{"Tin tức", "/admin/tin-tuc", model.DeskNews},
		{"Hội nghị", "/admin/hoi-nghi", model.DeskMeetings},
		{"Nhiệm vụ", "/admin/nhiem-vu", model.DeskTasks},
		{"Danh bạ", "/admin/danh-ba", model.DeskDirectory},
		{"Thư viện tệp", "/admin/tep", model.DeskMedia},
		{"Chuyên mục", "/admin/chuyen-muc", model.DeskSite},
		{"Trình đơn", "/admin/trinh-don", model.DeskSite},
		{"Liên kết", "/admin/lien-ket", model.DeskSite},
		{"Địa chỉ cũ", "/admin/dia-chi-cu", model.DeskSite},
		{"Thông tin đơn vị", "/admin/trang", model.DeskSite},
		{"Người dùng", "/admin/nguoi-dung", model.DeskUsers},
		{"Thống kê", "/admin/thong-ke", model.DeskStats},
		{"Nhật ký", "/admin/nhat-ky", model.DeskAudit},
	}
}

type place struct {
	name, path string
	desk       model.Desk
}

// Routes mounts the admin pages.
func (a *Admin) Routes(e *echo.Echo) {
	mount := func(r Route, h web.Handler) {
		if r.Method == get {
			e.Match([]string{http.MethodGet, http.MethodHead}, r.Path, h)
			return
		}
		e.Add(r.Method, r.Path, h)
	}
	for _, r := range a.open() {
		mount(r, func(c web.Ctx) error {
			private(c)
			return r.handler(c)
		})
	}
	for _, r := range a.Table() {
		mount(r, a.guarded(r))
	}
}

// desks are the links of the navigation for u: the desks that u may open and that have a page.
func (a *Admin) desks(u model.User, path string) []web.Link {
	there := map[string]bool{}
	for _, r := range a.Table() {
		there[r.Path] = there[r.Path] || r.Method == get
	}
	var links []web.Link
	for _, p := range places() {
		if there[p.path] && model.MayOpen(u, p.desk, model.ActionView) {
			links = append(links, web.Link{Name: p.name, Href: p.path, Current: within(path, p.path)})
		}
	}
	return links
}
