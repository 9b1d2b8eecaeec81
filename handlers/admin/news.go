package admin

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"congso/handlers/web"
	"congso/store"
	"congso/store/model"
	"congso/views/adminpage"
)

// news is the desk of news items.
func (a *Admin) news() workDesk[model.News] {
	return workDesk[model.News]{
		Admin: a, kind: model.KindNews, desk: model.DeskNews, root: "/admin/tin-tuc", name: "Tin tức", noun: "tin",
		load: a.Store.NewsForDesk, facts: newsFacts, form: newsForm, media: newsMedia, read: a.readNews, valid: (*model.News).Validate,
		revision: a.Store.RevisionNews, put: a.Store.PutNewsFrom, show: a.showNews, check: a.checkNews, sides: a.newsSides, create: a.createNews,
	}
}

func newsFacts(n model.News) facts {
	return facts{ID: n.ID, Title: n.Title, Slug: n.Slug, Section: n.Section.ID, Lifecycle: n.Lifecycle}
}

// deskPage is how many rows a page of a desk's list has.
const deskPage = 30

// newsList lists the items of the desk.
func (a *Admin) newsList(c web.Ctx) error {
	ctx := c.Request().Context()
	q := newsQuery(c)
	number := web.PageNumber(c, "trang")
	rows, total, err := a.Store.Desk(ctx, model.KindNews, q.filter(), number, deskPage)
	if err != nil {
		return err
	}
	last := web.LastPage(total, deskPage)
	if number > last {
		return model.ErrNotFound
	}
	d := adminpage.NewsListData{Query: q.NewsQuery, Rows: rows, Total: total}
	d.Pages.Current, d.Pages.Last, d.Pages.Href = number, last, q.page
	if d.Counts, err = a.Store.DeskCounts(ctx, model.KindNews, q.filter()); err != nil {
		return err
	}
	if d.Sections, err = a.Store.Sections(ctx); err != nil {
		return err
	}
	if d.Editors, err = a.Store.EditorsNow(ctx, model.KindNews); err != nil {
		return err
	}
	p, err := a.page(c, "Tin tức")
	if err != nil {
		return err
	}
	p.Sheets = []string{"editor.css"}
	return web.Render(c, http.StatusOK, adminpage.NewsList(p, d))
}

// newsFilter is what the list was asked for.
type newsFilter struct {
	adminpage.NewsQuery
	user int64
}

func newsQuery(c web.Ctx) newsFilter {
	section, err := strconv.ParseInt(c.QueryParam("muc"), 10, 64)
	if err != nil || section < 0 {
		section = 0
	}
	return newsFilter{adminpage.NewsQuery{
		Text: web.Query(c, "q", 200), Status: adminpage.ParseTab(c.QueryParam("tt")), Section: section,
		Mine: c.QueryParam("cua-toi") != "", Featured: c.QueryParam("noi-bat") != "",
	}, web.User(c).ID}
}

func (q newsFilter) filter() store.DeskFilter {
	f := store.DeskFilter{Section: q.Section, Text: q.Text, Featured: q.Featured}
	if q.Status == adminpage.TabCopies {
		f.HasCopy = true
	} else {
		f.Status = model.Status(q.Status)
	}
	if q.Mine {
		f.Owner = q.user
	}
	return f
}

// page is the address of page n of the same list.
func (q newsFilter) page(n int) string {
	v := q.Values()
	if n > 1 {
		v.Set("trang", strconv.Itoa(n))
	}
	return address("/admin/tin-tuc", v)
}

func address(path string, v url.Values) string {
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// createNews makes a draft with a title in a section.
func (a *Admin) createNews(ctx context.Context, by model.User, title string, section int64) (int64, error) {
	if section != 0 && !model.May(by, model.DeskNews, model.ActionCreate, model.Object{Section: section}) {
		return 0, model.Invalid{"section": "Bạn chưa được giao chuyên mục này."}
	}
	n := model.News{
		Title: title, Byline: by.FullName, Section: model.Section{ID: section},
		Lifecycle: model.Lifecycle{Status: model.StatusDraft, Visibility: model.Public},
	}
	err := a.Store.PutNews(ctx, by.Actor(), &n)
	return n.ID, err
}

// ownSections are the sections whose items the user may write.
func (a *Admin) ownSections(ctx context.Context, u model.User) ([]model.Section, error) {
	all, err := a.Store.Sections(ctx)
	if err != nil {
		return nil, err
	}
	var own []model.Section
	for _, s := range all {
		if u.InSection(s.ID) {
			own = append(own, s)
		}
	}
	return own, nil
}

// newsNew offers the ways in which an item begins.
func (a *Admin) newsNew(c web.Ctx) error {
	return a.showNewsNew(c, http.StatusOK, web.NewForm())
}

func (a *Admin) showNewsNew(c web.Ctx, status int, form *web.Form) error {
	sections, err := a.ownSections(c.Request().Context(), web.User(c))
	if err != nil {
		return err
	}
	p, err := a.page(c, "Viết tin mới", web.Link{Name: "Tin tức", Href: "/admin/tin-tuc"})
	if err != nil {
		return err
	}
	p.Scripts, p.Sheets = []string{"newitem.js"}, []string{"editor.css"}
	return web.Render(c, status, adminpage.NewsNew(p, form, sections))
}

// newsCreate makes a draft from a title and a section, so that every later keystroke has a home.
func (a *Admin) newsCreate(c web.Ctx) error {
	form, err := web.ParseForm(c)
	if err != nil {
		return err
	}
	n, err := a.createNews(c.Request().Context(), web.User(c), form.Raw("title"), form.ID("section"))
	if form.Refused(err) {
		return a.showNewsNew(c, refused, form)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/admin/tin-tuc/"+strconv.FormatInt(n, 10))
}

// splitTags reads tags typed in one line.
func splitTags(text string) (tags []model.Tag) {
	for name := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		if name = model.Clean(name); name != "" {
			tags = append(tags, model.Tag{Name: name})
		}
	}
	return tags
}
