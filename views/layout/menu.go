package layout

import (
	"slices"
	"strings"

	"congso/store/model"
	"congso/views/i18n"
)

// MenuLink is an entry of the menu on top of every page.
type MenuLink struct {
	Link
	Below []Link // the entries under it, without itself
}

// BuiltInMenu is the portal's own menu, for departments that have made none.
func BuiltInMenu() []model.MenuItem {
	var items []model.MenuItem
	for _, page := range [][2]string{
		{"nav.home", "/"}, {"nav.news", "/tin-tuc"}, {"nav.meetings", "/hoi-nghi"}, {"nav.contacts", "/danh-ba"}, {"nav.articles", "/bai-viet"}, {"nav.search", "/tim-kiem"},
	} {
		items = append(items, model.MenuItem{Label: i18n.T(i18n.VI, page[0]), LabelEN: i18n.T(i18n.EN, page[0]), Href: page[1]})
	}
	return items
}

// Menu is the menu on top of the page: the configured one, or the portal's own.
func (p Page) Menu() []MenuLink {
	links := slices.Clone(p.Parts.menu(p.links))
	exact := false
	for i := range links {
		links[i].Below = slices.Clone(links[i].Below)
		exact = exact || links[i].Href == p.Path || slices.ContainsFunc(links[i].Below, func(below Link) bool { return below.Href == p.Path })
	}
	for i := range links {
		links[i].Current = p.current(links[i].Href, exact)
		for j := range links[i].Below {
			links[i].Below[j].Current = p.current(links[i].Below[j].Href, exact)
		}
	}
	return links
}

// links is the menu of all pages of the frame: none is marked.
func (p Page) links() []MenuLink {
	items := p.Items
	if len(items) == 0 {
		items = BuiltInMenu()
	}
	var links []MenuLink
	for _, item := range items {
		link := MenuLink{Link: p.menuLink(item)}
		for _, child := range item.Children {
			link.Below = append(link.Below, p.menuLink(child))
		}
		links = append(links, link)
	}
	return links
}

func (p Page) menuLink(item model.MenuItem) Link {
	return Link{Name: p.Pick(item.Label, item.LabelEN), Href: p.inLanguage(item.Href)}
}

// inLanguage is the address in the page's language of a page that has one in each; any other address stays as it is.
func (p Page) inLanguage(address string) string {
	path, rest := address, ""
	if i := strings.IndexAny(address, "?#"); i >= 0 {
		path, rest = address[:i], address[i:]
	}
	if !model.LocalPath(address) || strings.HasPrefix(path, "/en/") {
		return address
	}
	there := p.Href(path)
	if _, _, record := model.RecordPage(path); record || model.FixedPage(there) || strings.HasPrefix(path, "/bai-viet/") {
		return there + rest
	}
	return address
}

// current reports whether the page is the one at href or, unless an entry leads to it exactly, lies below it. Sections lie below the news.
func (p Page) current(href string, exact bool) bool {
	if exact || href == p.Href("/") {
		return href == p.Path
	}
	return strings.HasPrefix(p.Path, href+"/") || href == p.Href("/tin-tuc") && strings.HasPrefix(p.Path, p.Href("/chuyen-muc/"))
}

// CurrentBelow reports whether the page is the one of an entry under m.
func (m MenuLink) CurrentBelow() bool {
	for _, link := range m.Below {
		if link.Current {
			return true
		}
	}
	return false
}
