package model

import (
	"net/mail"
)

// Number is a telephone number of a unit or a person.
type Number struct {
	Kind     NumberKind
	E164     string // as ParsePhone returns it
	Official bool   // a number that is not official is personal and never public
}

// Unit is a phòng, ban or đơn vị of the department.
type Unit struct {
	ID          int64
	Slug        string
	Name        string
	NameEN      string
	ParentID    int64 // 0 for a unit of the top level
	Position    int
	Address     string
	Email       string
	From        Day
	Until       Day // last day of its existence, "" while it stands
	Successor   int64
	ConfirmedOn Day // when somebody last checked that the entry is right
	Numbers     []Number
	Revision    int // 1 for a new unit, one more for each change
}

// Former reports whether the unit had ceased to exist by the given day.
func (u Unit) Former(today Day) bool { return u.Until != "" && u.Until < today }

// Validate cleans the texts of u and returns Invalid when a rule is broken.
func (u *Unit) Validate() error {
	u.Name, u.NameEN, u.Address, u.Email = Clean(u.Name), Clean(u.NameEN), Clean(u.Address), Clean(u.Email)
	if u.Slug == "" {
		u.Slug = Slug(u.Name)
	}
	v := Invalid{}
	checkName(v, u.Name)
	checkSlug(v, KindUnit, u.Slug)
	checkEmail(v, u.Email)
	checkNumbers(v, u.Numbers)
	checkDays(v, "from", u.From)
	checkDays(v, "until", u.Until)
	v.check(u.From == "" || u.Until == "" || u.From <= u.Until, "until", "Ngày kết thúc phải sau ngày bắt đầu.")
	v.check(u.Successor == 0 || u.Until != "", "until", "Đơn vị có đơn vị kế thừa thì phải có ngày kết thúc.")
	v.check(u.ID == 0 || u.ParentID != u.ID && u.Successor != u.ID, "parent", "Đơn vị không thể trực thuộc chính nó.")
	return v.err()
}

// Post is what a person does in a unit for some time.
type Post struct {
	UnitID   int64
	UnitSlug string
	UnitName string
	UnitEN   string
	Title    string
	TitleEN  string
	Rank     int // 1 for the head of the department, larger for lower ranks
	From     Day
	Until    Day // last day in the post, "" while it is held
}

// Current reports whether the post is held on the given day.
func (p Post) Current(today Day) bool {
	return (p.From == "" || p.From <= today) && (p.Until == "" || p.Until >= today)
}

// Person is somebody in the directory. Numbers holds only what the viewer may see.
type Person struct {
	ID          int64
	Slug        string
	Name        string
	Honorific   string // Ông, Bà; may be empty
	Email       string
	Photo       Photo
	ConfirmedOn Day // when somebody last checked that the entry is right
	Revision    int // 1 for a new person, one more for each change
	Numbers     []Number
	Posts       []Post // current ones first, by rank
}

// Validate cleans the texts of p, completes its slug and returns Invalid when a rule is broken.
func (p *Person) Validate() error {
	p.Name, p.Honorific, p.Email = Clean(p.Name), Clean(p.Honorific), Clean(p.Email)
	if p.Slug == "" {
		p.Slug = Slug(p.Name)
	}
	v := Invalid{}
	checkName(v, p.Name)
	checkSlug(v, KindPerson, p.Slug)
	checkEmail(v, p.Email)
	checkNumbers(v, p.Numbers)
	cleanPhoto(v, "photo", &p.Photo)
	checkDays(v, "confirmed_on", p.ConfirmedOn)
	for i := range p.Posts {
		post := &p.Posts[i]
		post.Title, post.TitleEN = Clean(post.Title), Clean(post.TitleEN)
		checkDays(v, "posts", post.From, post.Until)
		v.check(post.Title != "" && post.UnitID != 0, "posts", "Chức vụ phải có tên và đơn vị.")
		v.check(post.From == "" || post.Until == "" || post.From <= post.Until, "posts", "Ngày thôi giữ chức vụ phải sau ngày nhận.")
		v.check(post.Rank >= 1 && post.Rank <= 99, "posts", "Thứ bậc phải từ 1 đến 99.")
	}
	return v.err()
}

func checkNumbers(v Invalid, numbers []Number) {
	for i := range numbers {
		e164, kind, err := ParsePhone(numbers[i].E164)
		if err != nil {
			v.check(false, "numbers", err.Error())
			continue
		}
		numbers[i].E164 = e164
		if numbers[i].Kind == "" {
			numbers[i].Kind = kind
		}
		v.check(numbers[i].Kind.valid(), "numbers", "Loại số điện thoại không hợp lệ.")
	}
}

func checkEmail(v Invalid, address string) {
	if address == "" {
		return
	}
	parsed, err := mail.ParseAddress(address)
	v.check(err == nil && parsed.Address == address, "email", "Địa chỉ thư điện tử không hợp lệ.")
}

// Directory is the whole contact directory as one viewer may see it.
type Directory struct {
	Units  []Unit   // in order of position, then of name
	People []Person // in the order of Vietnamese names
}

// QuickEntry is a line of the short directory beside every page: a leader, or a unit.
type QuickEntry struct {
	Name    string
	NameEN  string
	Post    string // "" for a unit
	PostEN  string
	Path    string // under /danh-ba/
	Numbers []Number
}

// UnitView is a unit with what stands around it.
type UnitView struct {
	Unit      Unit
	Parent    Unit // ID 0 when there is none
	Successor Unit // ID 0 when there is none
	Children  []Unit
	People    []Person // by rank, then by name
	Former    []Unit   // units gone that this one succeeded
}
