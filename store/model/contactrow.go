package model

import "strings"

// ContactRow is a row of a file of contacts as it is typed: somebody in a post, or a unit when Name is empty. An empty text says nothing:
// it changes nothing of a record that is there. Several numbers in one cell are parted by ";", each may end with "(chính thức)" or
// "(cá nhân)".
type ContactRow struct {
	Line      int // in the file, from 1 on
	Slug      string
	Unit      string
	Parent    string
	Name      string
	Honorific string
	Title     string
	English   string // of the title, or of the unit's name
	Rank      string // of the post, or the unit's place in the order
	From      string
	Until     string
	Office    string
	Mobile    string
	Official  string // "có" or "không": whether the mobile numbers are official
	Fax       string
	Hotline   string
	Email     string
	Address   string // of a unit
	Confirmed string
	Notes     []string // what the reader of the file mended
}

// ContactColumn is a column of a file of contacts.
type ContactColumn struct {
	Key   string // names the column's faults
	Label string // heading in files that the program writes
	Width int    // in characters
	names string // other headings that mean it, folded, parted by "|"
	field func(*ContactRow) *string
}

// Cell is the row's text in the column.
func (c ContactColumn) Cell(r *ContactRow) *string { return c.field(r) }

// ContactColumns are the columns in the order in which files are written.
func ContactColumns() []ContactColumn {
	return []ContactColumn{
		{"unit", "Đơn vị", 32, "ten don vi|phong ban|phong|bo phan|co quan|unit|department|office name", func(r *ContactRow) *string { return &r.Unit }},
		{"parent", "Đơn vị cấp trên", 28, "truc thuoc|don vi chu quan|cap tren|parent|parent unit", func(r *ContactRow) *string { return &r.Parent }},
		{"name", "Họ và tên", 26, "ho ten|ten|ho va ten can bo|name|full name|person", func(r *ContactRow) *string { return &r.Name }},
		{"honorific", "Danh xưng", 11, "xung ho|ong ba|honorific", func(r *ContactRow) *string { return &r.Honorific }},
		{"title", "Chức vụ", 28, "chuc danh|vi tri|vi tri viec lam|title|post|position|job title", func(r *ContactRow) *string { return &r.Title }},
		{"english", "Tên tiếng Anh", 28, "tieng anh|chuc vu tieng anh|title en|english|english title|english name", func(r *ContactRow) *string { return &r.English }},
		{"rank", "Thứ bậc", 9, "thu tu|bac|rank|order", func(r *ContactRow) *string { return &r.Rank }},
		{"from", "Từ ngày", 12, "ngay bat dau|ngay nhan|tu|from|since|start", func(r *ContactRow) *string { return &r.From }},
		{"until", "Đến ngày", 12, "ngay ket thuc|den|until|to|end", func(r *ContactRow) *string { return &r.Until }},
		{"office", "Điện thoại cơ quan", 20, "dien thoai|so dien thoai|dt|sdt|dt co quan|so may|may ban|dien thoai ban|dien thoai co dinh|phone|telephone|tel|office phone", func(r *ContactRow) *string { return &r.Office }},
		{"mobile", "Di động", 20, "dien thoai di dong|so di dong|dtdd|dt di dong|mobile|mobile phone|cell", func(r *ContactRow) *string { return &r.Mobile }},
		{"official", "Di động là số chính thức", 14, "so chinh thuc|chinh thuc|cong khai|cong khai di dong|official|official mobile", func(r *ContactRow) *string { return &r.Official }},
		{"fax", "Fax", 16, "so fax", func(r *ContactRow) *string { return &r.Fax }},
		{"hotline", "Đường dây nóng", 16, "hotline|duong day nong cua don vi", func(r *ContactRow) *string { return &r.Hotline }},
		{"email", "Thư điện tử", 28, "email|e mail|mail|dia chi thu dien tu|thu dien tu cong vu", func(r *ContactRow) *string { return &r.Email }},
		{"address", "Địa chỉ", 30, "dia chi tru so|tru so|address", func(r *ContactRow) *string { return &r.Address }},
		{"confirmed", "Ngày xác nhận", 13, "xac nhan ngay|xac nhan|confirmed|confirmed on", func(r *ContactRow) *string { return &r.Confirmed }},
		{"slug", "Mã danh bạ", 24, "ma|ma so|dia chi trang|slug|code|id", func(r *ContactRow) *string { return &r.Slug }},
	}
}

// FindContactColumn is the column that the heading means: in Vietnamese with or without accents, or in English, in any case and
// punctuation.
func FindContactColumn(heading string) (column ContactColumn, ok bool) {
	wanted := headingKey(heading)
	if wanted == "" {
		return column, false
	}
	for _, c := range ContactColumns() {
		if wanted == c.Key || wanted == headingKey(c.Label) {
			return c, true
		}
		for name := range strings.SplitSeq(c.names, "|") {
			if wanted == name {
				return c, true
			}
		}
	}
	return column, false
}

// headingKey is the folded words of a heading.
func headingKey(heading string) string {
	var words []string
	for _, token := range Tokens(Fold(heading)) {
		words = append(words, token.Folded)
	}
	return strings.Join(words, " ")
}

// Empty reports whether the row says nothing.
func (r ContactRow) Empty() bool {
	for _, c := range ContactColumns() {
		if strings.TrimSpace(*c.field(&r)) != "" {
			return false
		}
	}
	return true
}
