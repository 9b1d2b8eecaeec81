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
