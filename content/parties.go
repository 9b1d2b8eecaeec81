package content

import (
	"slices"
	"strings"

	"congso/store/model"
)

// partyKeys are names of parties as they compare: without accents and case, the usual abbreviations written out or in.
func partyKeys(names []string) []string {
	short := strings.NewReplacer("uy ban nhan dan", "ubnd", "hoi dong nhan dan", "hdnd", "thong tin va truyen thong", "tt&tt", "khoa hoc va cong nghe", "kh&cn",
		"giao duc va dao tao", "gd&dt", "ke hoach va dau tu", "kh&dt")
	keys := make([]string, len(names))
	for i, name := range names {
		keys[i] = short.Replace(model.Fold(model.Clean(name)))
	}
	return keys
}

// partySet is a text that two lists share when they name the same parties in any order.
func partySet(names []string) string {
	keys := partyKeys(names)
	slices.Sort(keys)
	return strings.Join(keys, "\n")
}
