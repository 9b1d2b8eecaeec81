package model

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
	Responsible string // who answers for the content
	License     string // number and date of the licence to run the portal
	Opening     int64  // opening balance of the visit counter
}

// Validate cleans the texts of s and returns Invalid when a rule is broken.
func (s *Site) Validate() error {
	for _, text := range []*string{&s.Name, &s.NameEN, &s.Parent, &s.ParentEN, &s.Address, &s.AddressEN, &s.Email, &s.Responsible, &s.License} {
		*text = Clean(*text)
	}
	v := Invalid{}
	checkName(v, s.Name)
	checkEmail(v, s.Email)
	if s.Phone != "" {
		e164, _, err := ParsePhone(s.Phone)
		v.check(err == nil, "phone", "Số điện thoại không hợp lệ.")
		s.Phone = e164
	}
	v.check(s.Opening >= 0, "opening", "Số lượt truy cập ban đầu không được âm.")
	return v.err()
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
	return v.err()
}
