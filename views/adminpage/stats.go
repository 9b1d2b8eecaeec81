package adminpage

import (
	"cmp"
	"net/url"
	"strings"

	"congso/store/model"
	"congso/views/i18n"
	"congso/views/layout"
	"congso/views/ui"
)

// StatsQuery is which days are shown: the last so many, or those from one day to another.
type StatsQuery struct {
	Last     int // days up to today, 0 when From and To are given
	From, To model.Day
	Fault    string // why what was typed is not shown, "" when it is
}

// StatsRanges are the ranges that one press chooses, in days.
func StatsRanges() []int { return []int{7, 30, 90, 365} }

// Values are the query's parameters in an address.
func (q StatsQuery) Values() url.Values {
	if q.Last != 0 {
		return url.Values{"ky": {itoa(q.Last)}}
	}
	return url.Values{"tu-ngay": {string(q.From)}, "den-ngay": {string(q.To)}}
}

// StatsData are the figures of some days.
type StatsData struct {
	Query    StatsQuery
	Own      bool // of one's own news and meetings alone
	Days     []model.DayHits
	Pages    []model.PageHits
	Sections []model.GroupHits
	Authors  []model.GroupHits
	Names    map[string]string // of pages that are no records, by path
}

func (d StatsData) sum(of func(model.DayHits) int64) (total int64) {
	for _, day := range d.Days {
		total += of(day)
	}
	return total
}

func (d StatsData) views() int64 {
	return d.sum(func(h model.DayHits) int64 { return h.Views })
}

func (d StatsData) visits() int64 {
	return d.sum(func(h model.DayHits) int64 { return h.Visits })
}

func (d StatsData) visitors() int64 {
	return d.sum(func(h model.DayHits) int64 { return h.Visitors })
}

// file is the address of an export of what is shown.
func (d StatsData) file(name string) string {
	return "/admin/thong-ke/tai/" + name + "?" + d.Query.Values().Encode()
}

// heading names the days that are shown.
func (d StatsData) heading() string {
	return "Lượt xem từ " + d.Query.From.Short() + " đến " + d.Query.To.Short()
}

func (d StatsData) span(c ui.Chart) string {
	return map[ui.Span]string{ui.ByDay: "ngày", ui.ByWeek: "tuần", ui.ByMonth: "tháng"}[c.Span]
}

// PageName is what people call a page: its record's title or its name, or else its address.
func (d StatsData) PageName(p model.PageHits) string {
	plain := layout.Plain(p.Path)
	name := cmp.Or(p.Title, fixedPage(plain), d.Names[plain], p.Path)
	if plain != p.Path && name != p.Path {
		name += " (tiếng Anh)"
	}
	return name
}

// fixedPage is the name of a page that is there whatever records there are, "" for any other.
func fixedPage(path string) string {
	key := map[string]string{
		"/": "nav.home", "/tin-tuc": "nav.news", "/hoi-nghi": "nav.meetings", "/danh-ba": "nav.contacts", "/bai-viet": "nav.articles", "/tim-kiem": "nav.search",
		"/thong-ke": "foot.stats", "/so-do": "foot.sitemap",
	}[path]
	if key == "" {
		return ""
	}
	return i18n.T(i18n.VI, key)
}

// NoAuthor stands for the records that nobody with an account wrote.
const NoAuthor = "Không rõ người viết"

// GroupName is the name of a group, or what stands for those that belong to none.
func GroupName(g model.GroupHits, none string) string { return cmp.Or(g.Name, none) }

// pageKind is what kind of page stands at the address.
func pageKind(path string) string {
	kind, _, ok := model.RecordPage(path)
	switch {
	case ok:
		return KindName(kind)
	case strings.HasPrefix(layout.Plain(path), "/bai-viet/"):
		return KindName(model.KindArticle)
	}
	return "Trang"
}
