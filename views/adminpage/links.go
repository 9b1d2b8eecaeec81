package adminpage

import (
	"strconv"

	"congso/store/model"
)

// linkHref is the page of a linked site, or that of a new one.
func linkHref(l model.LinkedSite) string {
	if l.ID == 0 {
		return "/admin/lien-ket/moi"
	}
	return "/admin/lien-ket/" + strconv.FormatInt(l.ID, 10)
}
