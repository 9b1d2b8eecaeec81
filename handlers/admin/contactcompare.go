package admin

import (
	"strconv"
	"strings"

	"congso/store/model"
	"congso/views/adminpage"
)

// line is a field of a record in words.
type line struct{ label, text string }

func personLines(p model.Person, units map[int64]model.Unit) []line {
	var posts []string
	for _, post := range p.Posts {
		posts = append(posts, post.Line(units[post.UnitID].Name))
	}
	return []line{
		{"Họ và tên", p.Name}, {"Danh xưng", p.Honorific}, {"Chức vụ", strings.Join(posts, "\n")}, {"Số điện thoại", numberLines(p.Numbers)},
		{"Thư điện tử", p.Email}, {"Ảnh", idText(p.Photo.Media.ID)}, {"Mô tả ảnh", p.Photo.Alt}, {"Mã danh bạ", p.Slug},
	}
}

func unitLines(u model.Unit, units map[int64]model.Unit) []line {
	return []line{
		{"Tên", u.Name}, {"Tên tiếng Anh", u.NameEN}, {"Đơn vị cấp trên", units[u.ParentID].Name}, {"Thứ tự", strconv.Itoa(u.Position)},
		{"Địa chỉ", u.Address}, {"Số điện thoại", numberLines(u.Numbers)}, {"Thư điện tử", u.Email}, {"Từ ngày", u.From.Short()},
		{"Đến ngày", u.Until.Short()}, {"Đơn vị kế thừa", units[u.Successor].Name}, {"Mã danh bạ", u.Slug},
	}
}

func numberLines(numbers []model.Number) string {
	var lines []string
	for _, n := range numbers {
		lines = append(lines, adminpage.NumberKindName(n.Kind)+" "+model.ShowPhone(n.E164)+" ("+adminpage.MarkName(n.Official)+")")
	}
	return strings.Join(lines, "\n")
}

// differences are the fields in which two records differ.
func differences(before, after []line) []adminpage.Compared {
	var list []adminpage.Compared
	for i := range before {
		if before[i].text != after[i].text {
			list = append(list, adminpage.Compared{Label: before[i].label, Before: before[i].text, After: after[i].text})
		}
	}
	return list
}

func unitsByID(list []model.Unit) map[int64]model.Unit {
	units := make(map[int64]model.Unit, len(list))
	for _, u := range list {
		units[u.ID] = u
	}
	return units
}
