package adminpage

import (
	"net/url"

	"congso/store/model"
	"congso/views/layout"
	"congso/views/ui"
)

// RedirectsData is a page of the old addresses that are sent on.
type RedirectsData struct {
	List              []model.Redirect
	Total, Page, Last int
	Text              string       // that is looked for
	Undo              *layout.Form // brings back what was just deleted
}

func (d RedirectsData) pages() ui.Pages {
	return ui.Pages{Current: d.Page, Last: d.Last, Href: func(n int) string {
		v := url.Values{"trang": {itoa(n)}}
		if d.Text != "" {
			v.Set("q", d.Text)
		}
		return "/admin/dia-chi-cu?" + v.Encode()
	}}
}

// tryHref is an old address as a browser would ask for it.
func tryHref(from string) string {
	u, err := url.Parse(from)
	if err != nil {
		return from
	}
	return u.String()
}
