package admin

import (
	"slices"
	"strings"

	"congso/handlers/web"
	"congso/views/adminpage"
)

// fieldRow is the field of the buttons that change rows: what:kind or what:kind:key.
const fieldRow = "_viec"

// changeRows does what a button said to the rows of the form and returns the id of the element to go on from. What is no such order
// changes nothing and leads to the top.
func changeRows(f *web.Form, order string) (anchor string) {
	what, rest, _ := strings.Cut(order, ":")
	kind, key, _ := strings.Cut(rest, ":")
	if !adminpage.IsRowKind(kind) {
		return ""
	}
	keys := adminpage.RowKeys(f, kind)
	at := slices.Index(keys, key)
	switch {
	case what == "them":
		row := newRow(f, kind)
		if kind == "participants" {
			row.set("role", adminpage.RoleOptions()[0].Value)
		}
		return adminpage.RowID(kind, row.key)
	case at < 0:
		return "f_" + kind
	case what == "xoa":
		return removeRow(f, kind, keys, at)
	case what == "len" && at > 0:
		keys[at-1], keys[at] = keys[at], keys[at-1]
	case what == "xuong" && at < len(keys)-1:
		keys[at+1], keys[at] = keys[at], keys[at+1]
	}
	f.Values[kind] = keys
	return adminpage.RowID(kind, key)
}

// removeRow takes the row with its cells away and leads to the next one.
func removeRow(f *web.Form, kind string, keys []string, at int) (anchor string) {
	for name := range f.Values {
		if strings.HasPrefix(name, kind+"."+keys[at]+".") {
			f.Values.Del(name)
		}
	}
	keys = slices.Delete(keys, at, at+1)
	f.Values[kind] = keys
	if len(keys) == 0 {
		f.Values.Del(kind)
		return "f_" + kind
	}
	return adminpage.RowID(kind, keys[min(at, len(keys)-1)])
}
