package adminpage

import (
	"net/url"
	"strconv"

	"congso/store/model"
)

// UndoQuery is the query that tells a list what was just deleted: name, value, name, value, …
func UndoQuery(pairs ...string) string {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v.Encode()
}

// linkHref is the page of a linked site, or that of a new one.
func linkHref(l model.LinkedSite) string {
	if l.ID == 0 {
		return "/admin/lien-ket/moi"
	}
	return "/admin/lien-ket/" + strconv.FormatInt(l.ID, 10)
}
