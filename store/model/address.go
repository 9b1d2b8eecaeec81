package model

import "slices"

// PageParameter reports whether the portal's pages for people read the query parameter of that name.
func PageParameter(name string) bool {
	return slices.Contains([]string{"chu-tri", "loai", "muc", "nam", "q", "the", "trang", "tu"}, name)
}
