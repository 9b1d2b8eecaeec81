package model

import "fmt"

// Limits of what the portal says of the department.
const (
	MaxHotlines = 6
	maxSiteText = 300 // characters
	maxAddress  = 2000
)

// Site is what the portal says of the department itself.
type Site struct {
	Name        string
	NameEN      string
	Parent      string // the authority above: UBND tỉnh …
	ParentEN    string
	Address     string
	AddressEN   string
	Email       string
	Phone       string // E.164
	Hotlines    []Hotline
	Responsible string // who answers for the content
	License     string // number and date of the licence to run the portal
	Logo        Media  // in the head of every page instead of the portal's sign; ID 0 for none
	Banner      Photo  // across the head of every page; Media.ID 0 for none, Alt "" where it is decoration alone
	Opening     int64  // opening balance of the visit counter
}

// Hotline is a number that the foot of every page names, and for what.
type Hotline struct {
	Label string
	Phone string // E.164
}

// Validate cleans the texts of s and returns Invalid when a rule is broken: for the field "hotline-1" where the second one is wrong.
func (s *Site) Validate() error {
	v := Invalid{}
	s.Name = Clean(s.Name)
	checkName(v, s.Name)
	for field, text := range map[string]*string{
		"name_en": &s.NameEN, "parent": &s.Parent, "parent_en": &s.ParentEN, "address": &s.Address, "address_en": &s.AddressEN,
		"email": &s.Email, "responsible": &s.Responsible, "license": &s.License, "banner_alt": &s.Banner.Alt,
	} {
		*text = Clean(*text)
		checkLength(v, field, *text, maxSiteText)
	}
	checkEmail(v, s.Email)
	s.Phone = cleanPhone(v, "phone", s.Phone)
	v.check(len(s.Hotlines) <= MaxHotlines, "hotline-0", fmt.Sprintf("Nhiều nhất %d đường dây nóng.", MaxHotlines))
	for i := range s.Hotlines {
		h, field := &s.Hotlines[i], fmt.Sprintf("hotline-%d", i)
		h.Label = Clean(h.Label)
		v.check(h.Label != "" && h.Phone != "", field, "Mỗi đường dây nóng cần cả tên và số.")
		checkLength(v, field, h.Label, MaxMenuLabel)
		h.Phone = cleanPhone(v, field, h.Phone)
	}
	v.check(s.Opening >= 0, "opening", "Số lượt truy cập ban đầu không được âm.")
	return v.err()
}

// cleanPhone is the number as it is stored, "" for none.
func cleanPhone(v Invalid, field, number string) string {
	if number == "" {
		return ""
	}
	e164, _, err := ParsePhone(number)
	v.check(err == nil, field, "Số điện thoại không hợp lệ.")
	return e164
}

// LinkedSite is another site that the foot of every page names.
type LinkedSite struct {
	ID       int64
	Name     string
	URL      string
	Position int
}

// Validate cleans the texts of l and returns Invalid when a rule is broken.
func (l *LinkedSite) Validate() error {
	l.Name, l.URL = Clean(l.Name), Clean(l.URL)
	v := Invalid{}
	checkName(v, l.Name)
	v.check(localOrWeb(l.URL), "url", "Địa chỉ liên kết không hợp lệ.")
	v.check(len(l.URL) <= maxAddress, "url", "Địa chỉ liên kết dài quá 2.000 ký tự.")
	return v.err()
}
