package sitepage

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"congso/store/model"
	"congso/views/layout"
)

func newsURL(p layout.Page, slug, from string) templ.SafeURL {
	return templ.SafeURL(layout.Href(p.Lang, "/tin-tuc/"+slug) + from)
}

// keptHeadlines are headlines that the pages of many items have in common.
func keptHeadlines(p layout.Page, items []model.NewsLink, from string) (string, error) {
	key := append(make([]byte, 0, 2048), from...)
	for _, n := range items {
		key = append(append(append(append(key, 0), n.Slug...), 0), n.Title...)
		key = strconv.AppendInt(append(key, 0), n.PublishAt.Unix(), 10)
	}
	return p.Part(string(key), func(p layout.Page) templ.Component { return headlines(p, items, from) })
}

func names(people []model.Participant) string {
	list := make([]string, len(people))
	for i, person := range people {
		list[i] = person.Name
	}
	return strings.Join(list, ", ")
}

func itoa(n int) string { return strconv.Itoa(n) }

// loginHref is the address of the login page that leads back to a local path.
func loginHref(path string) string { return "/admin/dang-nhap?" + url.Values{"ve": {path}}.Encode() }
