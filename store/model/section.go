package model

// Section is a chuyên mục: a named list of news items.
type Section struct {
	ID       int64
	Slug     string
	Name     string
	NameEN   string
	ParentID int64 // 0 for none
	Position int
	Notice   bool // its items count as notices (thông báo)
}

// Validate cleans the texts of s and returns Invalid when a rule is broken.
func (s *Section) Validate() error {
	s.Name, s.NameEN = Clean(s.Name), Clean(s.NameEN)
	v := Invalid{}
	checkName(v, s.Name)
	checkLength(v, "name_en", s.NameEN, 200)
	checkSlug(v, KindSection, s.Slug)
	return v.err()
}

func checkName(v Invalid, name string) {
	v.check(name != "", "name", "Chưa có tên.")
	v.check(len([]rune(name)) <= 200, "name", "Tên dài quá 200 ký tự.")
}

func checkSlug(v Invalid, kind Kind, slug string) {
	v.check(ValidSlug(slug), "slug", "Địa chỉ chỉ gồm chữ không dấu, số và dấu gạch nối.")
	v.check(!ReservedSlug(kind, slug), "slug", "Địa chỉ này được dành riêng, xin chọn địa chỉ khác.")
}
