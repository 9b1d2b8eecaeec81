package admin

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"congso/handlers/web"
	"congso/store/model"
	"congso/views/adminpage"
)

const menuPath = "/admin/trinh-don"

// mostMenuRows is how many rows the form takes: a full menu.
const mostMenuRows = model.MaxMenu * (model.MaxMenu + 1)

// menu shows the whole menu, to be changed at once.
func (a *Admin) menu(c web.Ctx) error {
	items, err := a.Store.Menu(c.Request().Context())
	if err != nil {
		return err
	}
	return a.showMenu(c, http.StatusOK, web.NewForm(), menuRows(items), -1)
}

// showMenu shows the rows; focus is the row in which one goes on typing, -1 for none.
func (a *Admin) showMenu(c web.Ctx, status int, form *web.Form, rows []adminpage.MenuRow, focus int) error {
	p, err := a.page(c, "Trình đơn")
	if err != nil {
		return err
	}
	form.Values = adminpage.MenuValues(rows)
	return web.Render(c, status, adminpage.Menu(p, form, len(rows), focus))
}

func menuRows(items []model.MenuItem) (rows []adminpage.MenuRow) {
	for _, item := range items {
		rows = append(rows, adminpage.MenuRow{Label: item.Label, LabelEN: item.LabelEN, Href: item.Href})
		for _, child := range item.Children {
			rows = append(rows, adminpage.MenuRow{Label: child.Label, LabelEN: child.LabelEN, Href: child.Href, Below: true})
		}
	}
	return rows
}

// changeMenu does what the pressed button says: it moves, adds or takes out a row of the form, which is kept nowhere, or saves the menu.
func (a *Admin) changeMenu(c web.Ctx) error {
	form, err := web.ParseForm(c)
	if err != nil {
		return err
	}
	rows := typedMenu(form)
	deed, at, _ := strings.Cut(form.Text("viec"), "-")
	n, err := strconv.Atoi(at)
	if err != nil || n < 0 || n >= len(rows) {
		n = -1
	}
	switch {
	case deed == "them":
		rows, n = append(rows, adminpage.MenuRow{}), len(rows)
	case deed == "macdinh":
		rows, n = menuRows(web.BuiltInMenu()), -1
	case deed == "xoa" && n >= 0:
		rows, n = slices.Delete(rows, n, n+1), min(n, len(rows)-2)
	case deed == "len" && n > 0:
		rows[n-1], rows[n] = rows[n], rows[n-1]
		n--
	case deed == "xuong" && n >= 0 && n+1 < len(rows):
		rows[n+1], rows[n] = rows[n], rows[n+1]
		n++
	case deed == "len" || deed == "xuong" || deed == "xoa": // nowhere to go
	case deed == "luu" && form.Raw("rows") != "":
		return a.saveMenu(c, form, rows)
	default: // half a form must not wipe the menu out
		form.Fail("", "Biểu mẫu gửi lên không đầy đủ nên chưa có gì được lưu. Xin tải lại trang.")
		return a.showMenu(c, refused, form, rows, -1)
	}
	if len(rows) > mostMenuRows {
		form.Fail("items", fmt.Sprintf("Trình đơn có nhiều nhất %d dòng.", mostMenuRows))
		return a.showMenu(c, refused, form, rows[:mostMenuRows], -1)
	}
	return a.showMenu(c, http.StatusOK, form, rows, n)
}

// typedMenu reads the rows of the form.
func typedMenu(f *web.Form) (rows []adminpage.MenuRow) {
	count := min(int(f.ID("rows")), mostMenuRows+1)
	for i := range count {
		at := fmt.Sprintf("-%d", i)
		rows = append(rows, adminpage.MenuRow{Label: f.Text("label" + at), LabelEN: f.Text("label_en" + at), Href: f.Text("href" + at), Below: f.Checked("below" + at)})
	}
	return rows
}

// saveMenu keeps the whole menu, without the rows in which nothing was typed.
func (a *Admin) saveMenu(c web.Ctx, form *web.Form, rows []adminpage.MenuRow) error {
	rows = slices.DeleteFunc(rows, func(r adminpage.MenuRow) bool { return r.Label == "" && r.LabelEN == "" && r.Href == "" })
	if len(rows) > 0 && rows[0].Below {
		form.Fail("label-0", "Dòng đầu không thể là mục con: chưa có mục nào trên nó.")
		return a.showMenu(c, refused, form, rows, -1)
	}
	items, places := menuItems(rows)
	err := a.Store.PutMenu(c.Request().Context(), web.User(c).Actor(), items)
	if invalid := (model.Invalid{}); errors.As(err, &invalid) {
		for field, message := range invalid {
			form.Fail(menuField(field, places), message)
		}
		return a.showMenu(c, refused, form, rows, -1)
	}
	if err != nil {
		return err
	}
	if len(items) == 0 {
		return saved(c, menuPath, "Đã bỏ trình đơn riêng: cổng dùng trình đơn có sẵn.")
	}
	return saved(c, menuPath, "Đã lưu trình đơn.")
}

// menuItems makes the tree of the rows. places are the rows of the entries by where they stand in the tree: "2", "2-0".
func menuItems(rows []adminpage.MenuRow) (items []model.MenuItem, places map[string]int) {
	places = map[string]int{}
	for i, r := range rows {
		item := model.MenuItem{Label: r.Label, LabelEN: r.LabelEN, Href: r.Href}
		if !r.Below {
			items = append(items, item)
			places[strconv.Itoa(len(items)-1)] = i
			continue
		}
		top := &items[len(items)-1]
		top.Children = append(top.Children, item)
		places[fmt.Sprintf("%d-%d", len(items)-1, len(top.Children)-1)] = i
	}
	return items, places
}

// menuField is the form's name of a field that a model.Invalid of a menu names.
func menuField(field string, places map[string]int) string {
	name, place, found := strings.Cut(field, "-")
	if row, known := places[place]; found && known {
		return fmt.Sprintf("%s-%d", name, row)
	}
	return field
}
