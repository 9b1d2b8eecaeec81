package model

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// contactEntry is a row of a file of contacts, read.
type contactEntry struct {
	ContactRow
	rank      int
	hasRank   bool
	from      Day
	until     Day
	confirmed Day
	numbers   map[NumberKind][]importNumber
	slug      string
}

// importNumber is a number with what the file says of it.
type importNumber struct {
	e164   string
	mobile bool // by its form
	marked bool // the file says whether it is official
	office bool // what it says
}

// maxCell is the longest text of a cell in characters.
const maxCell = 300

// readContact cleans and reads the texts of a row.
func readContact(r ContactRow, today Day) (contactEntry, Invalid) {
	v := Invalid{}
	r.Notes = slices.Clone(r.Notes)
	for _, c := range ContactColumns() {
		cell := c.field(&r)
		*cell = Clean(*cell)
		checkLength(v, c.Key, *cell, maxCell)
	}
	e := contactEntry{ContactRow: r, numbers: map[NumberKind][]importNumber{}}
	e.readSlug(v)
	e.readRank(v)
	e.from, e.until, e.confirmed = readDay(v, "from", r.From), readDay(v, "until", r.Until), readDay(v, "confirmed", r.Confirmed)
	v.check(e.from == "" || e.until == "" || e.from <= e.until, "until", "Ngày kết thúc phải sau ngày bắt đầu.")
	v.check(e.confirmed <= today, "confirmed", "Ngày xác nhận chưa tới.")
	checkEmail(v, r.Email)
	e.readNumbers(v)
	v.check(r.Name != "" || r.Unit != "" || r.Slug != "", "unit", "Dòng chưa có tên đơn vị hay họ tên.")
	if e.isUnit() {
		v.check(r.Title == "", "name", "Dòng có chức vụ mà chưa có họ tên.")
	}
	if !e.isUnit() && r.Address != "" {
		e.Notes = append(e.Notes, "Địa chỉ chỉ dùng cho dòng của đơn vị nên bỏ qua.")
	}
	return e, v
}

// isUnit reports whether the row is about a unit rather than a person.
func (e contactEntry) isUnit() bool { return e.Name == "" && e.Unit != "" }

func readDay(v Invalid, field, text string) Day {
	day, err := ParseDay(text)
	if err != nil {
		v.check(false, field, err.Error())
	}
	return day
}

func (e *contactEntry) readSlug(v Invalid) {
	e.slug = strings.ToLower(e.Slug)
	v.check(e.slug == "" || ValidSlug(e.slug), "slug", "Mã danh bạ chỉ gồm chữ không dấu, số và dấu gạch nối.")
}

func (e *contactEntry) readRank(v Invalid) {
	if e.Rank == "" {
		return
	}
	rank, err := strconv.Atoi(e.Rank)
	e.rank, e.hasRank = rank, err == nil
	if e.isUnit() {
		v.check(err == nil && rank >= -9999 && rank <= 9999, "rank", "Thứ tự của đơn vị là một số nguyên.")
		return
	}
	v.check(err == nil && rank >= 1 && rank <= 99, "rank", "Thứ bậc phải từ 1 đến 99.")
}

func (e *contactEntry) readNumbers(v Invalid) {
	mark, marked := false, e.Official != ""
	switch Fold(e.Official) {
	case "", "khong", "k", "no", "n", "0", "false", "ca nhan":
	case "co", "x", "yes", "y", "1", "true", "dung", "chinh thuc", "cong khai":
		mark = true
	default:
		v.check(false, "official", "Hãy ghi có hoặc không.")
	}
	for _, kind := range numberKinds() {
		field := string(kind)
		for _, part := range splitNumbers(*numberCell(&e.ContactRow, kind)) {
			n, note, err := readNumber(part)
			if err != nil {
				v.check(false, field, err.Error())
				continue
			}
			if kind == NumberMobile && marked && !n.marked {
				n.marked, n.office = true, mark
			}
			if note != "" {
				e.Notes = append(e.Notes, note)
			}
			if kind != NumberMobile && n.mobile && !n.marked {
				e.Notes = append(e.Notes, "Số di động "+ShowPhone(n.e164)+" là số cá nhân cho tới khi ghi (chính thức) sau số.")
			}
			if !slices.ContainsFunc(e.numbers[kind], func(o importNumber) bool { return o.e164 == n.e164 }) {
				e.numbers[kind] = append(e.numbers[kind], n)
			}
		}
	}
}

func numberKinds() []NumberKind {
	return []NumberKind{NumberOffice, NumberMobile, NumberFax, NumberHotline}
}

func numberCell(r *ContactRow, kind NumberKind) *string {
	switch kind {
	case NumberMobile:
		return &r.Mobile
	case NumberFax:
		return &r.Fax
	case NumberHotline:
		return &r.Hotline
	}
	return &r.Office
}

var (
	numberExtension = regexp.MustCompile(`^\s*\(?\s*(?:so )?(?:may )?(?:le|nhanh)\b|^\s*\(?\s*(?:ext|x)`)
	numberMark      = regexp.MustCompile(`^(.*?)\s*\(\s*(chinh thuc|cong khai|official|ca nhan|rieng|personal)\s*\)\s*$`)
	bareDigits      = regexp.MustCompile(`^[1-9]\d{8,9}$`)
)

// splitNumbers parts the numbers of a cell at ; / and commas. A comma before an extension parts nothing.
func splitNumbers(cell string) (parts []string) {
	for part := range strings.FieldsFuncSeq(cell, func(r rune) bool { return r == ';' || r == '/' || r == ',' }) {
		part = strings.TrimSpace(part)
		switch {
		case part == "":
		case len(parts) > 0 && numberExtension.MatchString(Fold(part)):
			parts[len(parts)-1] += ", " + part
		default:
			parts = append(parts, part)
		}
	}
	return parts
}

// readNumber reads a number with its mark. A number of nine or ten digits that is one with a 0 before it lost that 0 in a spreadsheet.
func readNumber(text string) (n importNumber, note string, err error) {
	if m := numberMark.FindStringSubmatch(Fold(text)); m != nil {
		n.marked, n.office = true, m[2] == "chinh thuc" || m[2] == "cong khai" || m[2] == "official"
		text = m[1]
	}
	e164, kind, err := ParsePhone(text)
	if err != nil && bareDigits.MatchString(text) {
		if e164, kind, err = ParsePhone("0" + text); err == nil {
			note = "Đã thêm số 0 mà bảng tính làm mất: " + ShowPhone(e164) + "."
		}
	}
	n.e164, n.mobile = e164, kind == NumberMobile
	return n, note, err
}
