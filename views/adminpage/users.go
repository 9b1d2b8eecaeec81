package adminpage

import (
	"net/url"
	"strconv"

	"congso/store/model"
	"congso/views/layout"
	"congso/views/ui"
)

// UsersData is a page of the accounts.
type UsersData struct {
	Users             []model.User
	Total, Page, Last int
	Words             string
	Role              model.Role
	FactorRoles       []model.Role // that must have a second factor
	Exempt            bool         // the sample data's accounts need none
}

func (d UsersData) pages() ui.Pages {
	return ui.Pages{Current: d.Page, Last: d.Last, Href: func(n int) string {
		q := url.Values{"trang": {itoa(n)}}
		if d.Words != "" {
			q.Set("q", d.Words)
		}
		if d.Role != "" {
			q.Set("vai-tro", string(d.Role))
		}
		return "/admin/nguoi-dung?" + q.Encode()
	}}
}

// UserData is an account with what its page shows besides.
type UserData struct {
	User     model.User // the zero User for a new one
	Form     *layout.Form
	Sections []model.Section
	Sessions []model.Session
}

// action is the address that takes the form.
func (d UserData) action() string {
	if d.User.ID == 0 {
		return "/admin/nguoi-dung/moi"
	}
	return UserHref(d.User)
}

// UserHref is the page of an account.
func UserHref(u model.User) string { return "/admin/nguoi-dung/" + strconv.FormatInt(u.ID, 10) }

// roleOptions are the roles, each with what it may do.
func roleOptions() []Option {
	does := map[model.Role]string{
		model.RoleStaff:  "xem trang nội bộ và số điện thoại riêng",
		model.RoleAuthor: "viết và gửi duyệt bài của mình",
		model.RoleEditor: "sửa, trả lại, đăng; danh bạ, thư viện tệp",
		model.RoleAdmin:  "mọi việc, kể cả người dùng và cấu hình",
	}
	var list []Option
	for _, r := range model.Roles() {
		list = append(list, Option{string(r), RoleName(r) + ": " + does[r]})
	}
	return list
}

func sectionOptions(sections []model.Section) []Option {
	list := make([]Option, len(sections))
	for i, s := range sections {
		list[i] = Option{strconv.FormatInt(s.ID, 10), s.Name}
	}
	return list
}

func roleValues(roles []model.Role) *layout.Form {
	f := layout.NewForm()
	for _, r := range roles {
		f.Values.Add("roles", string(r))
	}
	return f
}

func roleNames() []Option {
	var list []Option
	for _, r := range model.Roles() {
		list = append(list, Option{string(r), RoleName(r)})
	}
	return list
}
