// Package layout is the frame of every page.
package layout

import (
	"net/url"
	"strings"
	"time"

	"congso/store/model"
	"congso/views/i18n"
)

// Frame is what every page shows besides its own matter; it is the same for all readers of a second.
type Frame struct {
	Site     model.Site
	Sections []model.Section
	Leaders  []model.QuickEntry
	Units    []model.QuickEntry
	Links    []model.LinkedSite
	Articles []model.Article  // of the menu, in the page's language
	Items    []model.MenuItem // of the menu on top, nothing for the portal's own
	Demo     bool             // sample data: every page says so
	Saved    time.Time        // when this copy in files was made; zero on the portal itself

	Parts *Parts // what of the pages in one language is kept rendered, nil for nothing
}

// Display is how the reader wants pages to look; its zero value follows the reader's system.
type Display struct {
	Theme string // "", "light", "dark", "contrast"
	Size  string // "", "large", "larger"
}

// Link is a named address.
type Link struct {
	Name    string
	Href    string
	Current bool
}

// Page is what every page needs besides its own data. Its Frame, never nil where a page is shown, is shared: nobody may write into it.
type Page struct {
	*Frame
	Lang        string
	Title       string // without the name of the site; "" on the home page
	Description string
	Path        string // as requested, with the language's prefix, without the query
	Query       string // the canonical part of the query ("trang=2"), without "?"
	Asked       string // the query as requested, of known parameters only, without "?"
	Base        string // scheme and host of absolute links, without a final slash
	Canonical   string // path of the canonical page when it isn't Path with Query
	Alone       bool   // an article that is not in the other language
	Crumbs      []Link
	Feed        string // path of the feed that fits the page
	Image       string // path of a picture for link previews
	Display     Display
	Counters    model.Counters
	User        model.User // who is logged in; the zero User is nobody
	Now         time.Time
	RequestID   string
	NoIndex     bool
	Preview     bool // shows somebody at a desk what readers would get
	Bare        bool // only the page's matter, without head and foot: it stands in a frame of a desk's page
	Aside       bool // shows the short directory beside the text
}

// Copied reports whether the page is one of a copy in files, where nothing answers a form.
func (p Page) Copied() bool { return !p.Saved.IsZero() }

// Placed reports whether absolute links can be made: a copy in files may have no public address.
func (p Page) Placed() bool { return p.Base != "" || !p.Copied() }

// T is the text of key in the page's language.
func (p Page) T(key string, args ...any) string { return i18n.T(p.Lang, key, args...) }

// English reports whether the frame is in English.
func (p Page) English() bool { return p.Lang == i18n.EN }

// Href is the address of the Vietnamese path in the page's language.
func (p Page) Href(path string) string { return Href(p.Lang, path) }

// Href is the address in lang of a page that is known by its Vietnamese path.
func Href(lang, path string) string {
	switch {
	case lang != i18n.EN:
		return path
	case path == "/":
		return "/en"
	}
	if rest, ok := strings.CutPrefix(path, "/danh-ba"); ok && (rest == "" || strings.ContainsRune("/?#", rune(rest[0]))) {
		path = "/contacts" + rest
	}
	return "/en" + path
}

// Plain is the Vietnamese path of a path in either language.
func Plain(path string) string {
	rest, ok := strings.CutPrefix(path, "/en")
	if !ok || rest != "" && rest[0] != '/' {
		return path
	}
	if tail, ok := strings.CutPrefix(rest, "/contacts"); ok && (tail == "" || tail[0] == '/') {
		return "/danh-ba" + tail
	}
	if rest == "" {
		return "/"
	}
	return rest
}

// Other is the address of this page in the other language, with the query that the reader has; where there is none, of the articles.
func (p Page) Other() string {
	path, query := Plain(p.Path), p.Asked
	if p.Alone {
		path, query = "/bai-viet", ""
	}
	if !p.English() {
		path = Href(i18n.EN, path)
	}
	return (&url.URL{Path: "/" + strings.TrimLeft(path, "/"), RawQuery: query}).RequestURI() // browsers take //host for another site
}

// Here is the address of the page as the reader has it, path and query, without its host.
func (p Page) Here() string { return (&url.URL{Path: p.Path, RawQuery: p.Asked}).RequestURI() }

// InVietnamese is the absolute address of the page in Vietnamese.
func (p Page) InVietnamese() string { return p.absQuery(Plain(p.Path)) }

// InEnglish is the absolute address of the page in English.
func (p Page) InEnglish() string { return p.absQuery(Href(i18n.EN, Plain(p.Path))) }

// Abs is the absolute address of a local path.
func (p Page) Abs(path string) string { return p.Base + (&url.URL{Path: path}).EscapedPath() }

// CanonicalURL is the one address under which search engines should know the page.
func (p Page) CanonicalURL() string {
	path := p.Canonical
	if path == "" {
		path = p.Path
	}
	return p.absQuery(path)
}

// absQuery is the absolute address of a local path with the page's query.
func (p Page) absQuery(path string) string {
	if p.Query != "" {
		return p.Abs(path) + "?" + p.Query
	}
	return p.Abs(path)
}

// FullTitle is the title of the window.
func (p Page) FullTitle() string {
	if p.Title == "" {
		return p.SiteName()
	}
	return p.Title + " · " + p.SiteName()
}

// SiteName is the department's name in the page's language.
func (p Page) SiteName() string { return p.pick(p.Site.Name, p.Site.NameEN) }

// SiteParent is the authority above the department.
func (p Page) SiteParent() string { return p.pick(p.Site.Parent, p.Site.ParentEN) }

// SiteAddress is the department's address.
func (p Page) SiteAddress() string { return p.pick(p.Site.Address, p.Site.AddressEN) }

// Pick is vi, or en where the page is in English and there is one.
func (p Page) Pick(vi, en string) string { return p.pick(vi, en) }

func (p Page) pick(vi, en string) string {
	if p.English() && en != "" {
		return en
	}
	return vi
}

// WordsLang is the lang attribute for a text written in Vietnamese, in either frame: an empty one would mean an unknown language.
func (p Page) WordsLang() string { return i18n.VI }

// PickLang is the lang attribute for what Pick returns.
func (p Page) PickLang(en string) string {
	if p.English() && en != "" {
		return i18n.EN
	}
	return i18n.VI
}

// Date is the day of t as lists show it.
func (p Page) Date(t time.Time) string {
	if p.English() {
		return model.EnglishDate(t)
	}
	return model.ShortDate(t)
}

// LongDate is the day of t in full.
func (p Page) LongDate(t time.Time) string {
	if p.English() {
		return model.EnglishDate(t)
	}
	return model.FullDate(t)
}

// DateTime is day and hour of t.
func (p Page) DateTime(t time.Time) string {
	if p.English() {
		return t.In(model.Zone()).Format("15:04, ") + model.EnglishDate(t)
	}
	return model.DateTime(t)
}

// Day is d as lists show it.
func (p Page) Day(d model.Day) string {
	if p.English() {
		return model.EnglishDate(d.Time())
	}
	return d.Short()
}

// Num is n grouped as the language does.
func (p Page) Num(n int64) string {
	if p.English() {
		return model.GroupEnglish(n)
	}
	return model.Group(n)
}

// Decimal is d as the language writes it.
func (p Page) Decimal(d model.Decimal) string {
	if p.English() {
		return d.ShowEnglish()
	}
	return d.Show()
}

// LiveMark stands before and after text that changes without the page having changed, until web.Render takes it out. No text of ours has it.
const LiveMark = "\x00"

// Live marks text that a page's tag (ETag) leaves out: the counters, and when the page was made.
func Live(text string) string { return LiveMark + text + LiveMark }

// Machine is t for a datetime attribute.
func Machine(t time.Time) string { return t.In(model.Zone()).Format(time.RFC3339) }
