package admin

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"congso/handlers/web"
	"congso/store"
	"congso/store/model"
	"congso/views/adminpage"
)

const (
	directoryPath  = "/admin/danh-ba"
	contactsOnPage = 50
	staleDays      = 180 // after which an entry should be confirmed again
)

// Filters of the directory's desk.
const (
	filterHeld        = ""
	filterWithoutPost = "khong-chuc-vu"
	filterMobile      = "so-di-dong-ca-nhan"
	filterStale       = "chua-xac-nhan"
	filterAll         = "tat-ca"
)

func contactFilters() []adminpage.Option {
	return []adminpage.Option{
		{Value: filterHeld, Label: "Đang giữ chức vụ"}, {Value: filterWithoutPost, Label: "Không giữ chức vụ"},
		{Value: filterMobile, Label: "Có số di động cá nhân"}, {Value: filterStale, Label: "Chưa xác nhận trong 180 ngày"},
		{Value: filterAll, Label: "Tất cả mọi người"},
	}
}

// contactRight is what the user may do at the desk.
func contactRight(c web.Ctx) adminpage.ContactRight {
	u := web.User(c)
	return adminpage.ContactRight{
		Edit:    model.May(u, model.DeskDirectory, model.ActionEdit, model.Object{}),
		Propose: model.May(u, model.DeskDirectory, model.ActionSend, model.Object{}),
	}
}

// staleBefore is the day before which a confirmation is too old.
func (a *Admin) staleBefore() model.Day { return a.Store.Today().Add(-staleDays) }

func (a *Admin) contacts(c web.Ctx) error {
	ctx := c.Request().Context()
	p, err := a.page(c, "Danh bạ")
	if err != nil {
		return err
	}
	p.Wide, p.Sheets = true, []string{"contacts.css"}
	directory, err := a.Store.WholeDirectory(ctx, web.Viewer(c))
	if err != nil {
		return err
	}
	d := adminpage.ContactsData{Right: contactRight(c), Query: web.Query(c, "q", 100), Filter: c.QueryParam("loc"), Filters: contactFilters()}
	d.Unit, _ = strconv.ParseInt(c.QueryParam("don-vi"), 10, 64) // what is no number chooses none
	d.Units, d.Former, d.Choices = a.unitTree(directory)
	rows := a.contactRows(directory, d)
	number, last := web.PageNumber(c, "trang"), web.LastPage(len(rows), contactsOnPage)
	d.Total, d.Rows = len(rows), pageOf(rows, number, contactsOnPage)
	query := url.Values{"q": {d.Query}, "loc": {d.Filter}, "don-vi": {c.QueryParam("don-vi")}}
	d.Pages.Current, d.Pages.Last = min(number, last), last
	d.Pages.Href = func(n int) string { query.Set("trang", strconv.Itoa(n)); return directoryPath + "?" + query.Encode() }
	if d.Proposals, err = a.proposalsFor(ctx, c); err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, adminpage.Contacts(p, d))
}

// proposalsFor are those that await an editor, or the user's own.
func (a *Admin) proposalsFor(ctx context.Context, c web.Ctx) ([]model.Proposal, error) {
	if !contactRight(c).Edit {
		return a.Store.Proposals(ctx, web.User(c).ID)
	}
	list, err := a.Store.Proposals(ctx, 0)
	return slices.DeleteFunc(list, func(p model.Proposal) bool { return p.Status != model.StatusReview }), err
}

func pageOf[T any](list []T, number, size int) []T {
	start := min((number-1)*size, len(list))
	return list[start:min(start+size, len(list))]
}

// unitTree is the standing units, each followed by those below it, the former ones, and all standing ones as choices.
func (a *Admin) unitTree(d model.Directory) (tree []adminpage.UnitLine, former []model.Unit, choices []adminpage.Option) {
	today, stale := a.Store.Today(), a.staleBefore()
	standing, people := map[int64]bool{}, map[int64]int{}
	for _, u := range d.Units {
		standing[u.ID] = !u.Former(today)
	}
	for _, person := range d.People {
		for _, unit := range heldUnits(person, today) {
			people[unit]++
		}
	}
	below := map[int64][]model.Unit{}
	for _, u := range d.Units {
		switch {
		case !standing[u.ID]:
			former = append(former, u)
		case standing[u.ParentID]:
			below[u.ParentID] = append(below[u.ParentID], u)
		default:
			below[0] = append(below[0], u)
		}
	}
	var walk func(parent int64, depth int)
	walk = func(parent int64, depth int) {
		for _, u := range below[parent] {
			tree = append(tree, adminpage.UnitLine{Unit: u, Depth: depth, People: people[u.ID], Stale: u.ConfirmedOn < stale})
			choices = append(choices, adminpage.Option{Value: strconv.FormatInt(u.ID, 10), Label: strings.Repeat("– ", depth) + u.Name})
			walk(u.ID, depth+1)
		}
	}
	walk(0, 0)
	return tree, former, choices
}

// heldUnits are the units in which the person holds a post today, each once.
func heldUnits(p model.Person, today model.Day) (units []int64) {
	for _, post := range p.Posts {
		if post.Current(today) && !slices.Contains(units, post.UnitID) {
			units = append(units, post.UnitID)
		}
	}
	return units
}

// contactRows is the list that the query asks for: people in the order of their names, or what nobody has confirmed for long, the oldest
// first.
func (a *Admin) contactRows(directory model.Directory, d adminpage.ContactsData) (rows []adminpage.ContactLine) {
	for _, person := range directory.People {
		if row := a.contactLine(person); keepLine(row, person, d, a.Store.Today()) {
			rows = append(rows, row)
		}
	}
	if d.Filter != filterStale {
		return rows
	}
	for _, u := range d.Units {
		if u.Stale && (d.Unit == 0 || d.Unit == u.ID) && store.ContactMatches(d.Query, []string{u.Name, u.NameEN}, u.Numbers) {
			rows = append(rows, adminpage.ContactLine{Kind: model.KindUnit, ID: u.ID, Name: u.Name, Numbers: u.Numbers, ConfirmedOn: u.ConfirmedOn, Stale: true})
		}
	}
	slices.SortStableFunc(rows, func(a, b adminpage.ContactLine) int {
		return strings.Compare(string(a.ConfirmedOn), string(b.ConfirmedOn))
	})
	return rows
}

func (a *Admin) contactLine(p model.Person) adminpage.ContactLine {
	today := a.Store.Today()
	row := adminpage.ContactLine{Kind: model.KindPerson, ID: p.ID, Name: p.Name, Numbers: p.Numbers, ConfirmedOn: p.ConfirmedOn, Gone: true}
	for _, post := range p.Posts {
		switch {
		case post.Current(today):
			row.Posts, row.Gone = append(row.Posts, post.Title+", "+post.UnitName), false
		case post.From > today:
			row.Posts, row.Gone = append(row.Posts, post.Title+", "+post.UnitName+" (từ "+post.From.Short()+")"), false
		}
	}
	row.Stale = !row.Gone && p.ConfirmedOn < a.staleBefore()
	return row
}

func keepLine(row adminpage.ContactLine, p model.Person, d adminpage.ContactsData, today model.Day) bool {
	mobile := func(n model.Number) bool { return n.Kind == model.NumberMobile && !n.Official }
	ok := true
	switch d.Filter {
	case filterWithoutPost:
		ok = row.Gone
	case filterMobile:
		ok = slices.ContainsFunc(p.Numbers, mobile)
	case filterStale:
		ok = row.Stale
	case filterAll:
	default:
		ok = !row.Gone
	}
	if d.Unit != 0 && ok {
		ok = slices.ContainsFunc(p.Posts, func(post model.Post) bool {
			return post.UnitID == d.Unit && (d.Filter == filterAll || post.Until == "" || post.Until >= today)
		})
	}
	names := []string{p.Name, p.Email}
	for _, post := range p.Posts {
		names = append(names, post.Title, post.TitleEN, post.UnitName)
	}
	return ok && store.ContactMatches(d.Query, names, p.Numbers)
}

// confirmContacts notes for all entries that are chosen that they are still right.
func (a *Admin) confirmContacts(c web.Ctx) error {
	form, err := web.ParseForm(c)
	if err != nil {
		return err
	}
	confirmed := 0
	for _, value := range form.All("muc") {
		kind, text, _ := strings.Cut(value, "-")
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			continue
		}
		if err := a.confirm(c, model.Kind(kind), id); err != nil {
			return err
		}
		confirmed++
	}
	if confirmed == 0 {
		return saved(c, directoryPath, "Chưa chọn mục nào.")
	}
	return saved(c, directoryPath+"?loc="+filterStale, "Đã xác nhận "+strconv.Itoa(confirmed)+" mục.")
}

func (a *Admin) confirm(c web.Ctx, kind model.Kind, id int64) error {
	ctx, by := c.Request().Context(), web.User(c).Actor()
	switch kind {
	case model.KindUnit:
		return a.Store.ConfirmUnit(ctx, by, id, a.Store.Today())
	case model.KindPerson:
		return a.Store.ConfirmPerson(ctx, by, id, a.Store.Today())
	}
	return model.ErrNotFound
}
