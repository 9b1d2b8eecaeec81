package admin

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"congso/handlers/web"
	"congso/store/model"
)

// maxFormRows is how many rows of posts or numbers a form may have.
const maxFormRows = 60

// rowFields are the fields that repeat, by what a row of them is. The first of a row is never left out by a browser.
func rowFields(kind string) []string {
	if kind == "posts" {
		return []string{"post_unit", "post_title", "post_title_en", "post_rank", "post_from", "post_until"}
	}
	return []string{"number_kind", "number_e164", "number_mark"}
}

// rowCount is the number of rows of that kind in the form.
func rowCount(f *web.Form, kind string) int {
	count := 0
	for _, field := range rowFields(kind) {
		count = max(count, len(f.Values[field]))
	}
	return min(count, maxFormRows)
}

// cell is the clean text of a repeated field in row i.
func cell(f *web.Form, field string, i int) string {
	if list := f.Values[field]; i < len(list) {
		return model.Clean(list[i])
	}
	return ""
}

// evenRows gives all fields of a row the same length, so that rows can be moved.
func evenRows(f *web.Form) {
	for _, kind := range []string{"posts", "numbers"} {
		count := rowCount(f, kind)
		for _, field := range rowFields(kind) {
			list := f.Values[field][:min(count, len(f.Values[field]))]
			for len(list) < count {
				list = append(list, "")
			}
			f.Values[field] = list
		}
	}
}

// changeContactRows does what a button of the form asks for: "posts add", "posts remove 2", "numbers up 1", "numbers down 0". It reports whether
// the form was sent by such a button.
func changeContactRows(f *web.Form) bool {
	words := strings.Fields(f.Raw("row"))
	if len(words) < 2 || words[0] != "posts" && words[0] != "numbers" {
		return false
	}
	at := -1
	if len(words) == 3 {
		if n, err := strconv.Atoi(words[2]); err == nil {
			at = n
		}
	}
	count := rowCount(f, words[0])
	for _, field := range rowFields(words[0]) {
		f.Values[field] = changedRow(f.Values[field], words[1], at, count)
	}
	f.Values.Del("row")
	return true
}

func changedRow(list []string, what string, at, count int) []string {
	list = slices.Clone(list)
	there := at >= 0 && at < len(list)
	switch {
	case what == "add" && count < maxFormRows:
		list = append(list, "")
	case what == "remove" && there:
		list = slices.Delete(list, at, at+1)
	case what == "up" && there && at > 0:
		list[at-1], list[at] = list[at], list[at-1]
	case what == "down" && there && at < len(list)-1:
		list[at+1], list[at] = list[at], list[at+1]
	}
	return list
}

// blankRow reports whether nothing was typed into row i.
func blankRow(f *web.Form, kind string, i int, choices ...string) bool {
	for _, field := range rowFields(kind) {
		if cell(f, field, i) != "" && !slices.Contains(choices, field) {
			return false
		}
	}
	return true
}

// day reads a field as a day and says what is wrong with it under name.
func day(f *web.Form, name, text, about string) model.Day {
	d, err := model.ParseDay(text)
	if err != nil {
		f.Fail(name, about+err.Error())
	}
	return d
}

// whole reads a number, empty for none.
func whole(f *web.Form, name, text, about string, none int) int {
	if text == "" {
		return none
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		f.Fail(name, about+"Hãy ghi một số nguyên.")
		return none
	}
	return n
}

func rowName(i int) string { return fmt.Sprintf("Dòng %d: ", i+1) }

// typedNumbers are the numbers of the form. One without a mark is official unless it is a mobile number.
func typedNumbers(f *web.Form) (numbers []model.Number) {
	for i := range rowCount(f, "numbers") {
		if blankRow(f, "numbers", i, "number_kind", "number_mark") {
			continue
		}
		e164, form, err := model.ParsePhone(cell(f, "number_e164", i))
		if err != nil {
			f.Fail("numbers", rowName(i)+err.Error())
			continue
		}
		kind := model.NumberKind(cell(f, "number_kind", i))
		switch kind {
		case model.NumberOffice, model.NumberMobile, model.NumberFax, model.NumberHotline:
		default:
			kind = form
		}
		mark := cell(f, "number_mark", i)
		official := mark == "official" || mark == "" && kind != model.NumberMobile && form != model.NumberMobile
		numbers = append(numbers, model.Number{Kind: kind, E164: e164, Official: official})
	}
	return numbers
}

func typedPosts(f *web.Form) (posts []model.Post) {
	for i := range rowCount(f, "posts") {
		if blankRow(f, "posts", i) {
			continue
		}
		unit, err := strconv.ParseInt(cell(f, "post_unit", i), 10, 64)
		post := model.Post{UnitID: unit, Title: cell(f, "post_title", i), TitleEN: cell(f, "post_title_en", i)}
		post.Rank = whole(f, "posts", cell(f, "post_rank", i), rowName(i), 9)
		post.From = day(f, "posts", cell(f, "post_from", i), rowName(i))
		post.Until = day(f, "posts", cell(f, "post_until", i), rowName(i))
		switch {
		case err != nil || unit <= 0:
			f.Fail("posts", rowName(i)+"Hãy chọn đơn vị.")
		case post.Title == "":
			f.Fail("posts", rowName(i)+"Hãy ghi chức vụ.")
		}
		posts = append(posts, post)
	}
	return posts
}

// typedPerson puts the form into the person, and says in the form what cannot be read.
func typedPerson(f *web.Form, p model.Person) model.Person {
	p.Name, p.Honorific, p.Email = f.Text("name"), f.Text("honorific"), f.Text("email")
	if slug := f.Text("slug"); slug != "" {
		p.Slug = slug
	}
	p.Photo = model.Photo{Media: model.Media{ID: f.ID("photo")}, Alt: f.Text("photo_alt"), Caption: p.Photo.Caption}
	if f.Text("photo") != "" && p.Photo.Media.ID == 0 {
		f.Fail("photo", "Mã tệp là một số; xem trong thư viện tệp.")
	}
	p.Posts, p.Numbers = typedPosts(f), typedNumbers(f)
	return p
}

// typedUnit does for a unit what typedPerson does for a person.
func typedUnit(f *web.Form, u model.Unit) model.Unit {
	u.Name, u.NameEN, u.Address, u.Email = f.Text("name"), f.Text("name_en"), f.Text("address"), f.Text("email")
	if slug := f.Text("slug"); slug != "" {
		u.Slug = slug
	}
	u.ParentID, u.Successor = f.ID("parent"), f.ID("successor")
	u.Position = whole(f, "position", f.Text("position"), "", 0)
	if u.Position < -9999 || u.Position > 9999 {
		f.Fail("position", "Thứ tự là một số từ -9999 đến 9999.")
	}
	u.From, u.Until = day(f, "from", f.Text("from"), ""), day(f, "until", f.Text("until"), "")
	u.Numbers = typedNumbers(f)
	return u
}

// personForm is the person as the form shows it.
func personForm(p model.Person) *web.Form {
	f := web.NewForm("name", p.Name, "honorific", p.Honorific, "email", p.Email, "slug", p.Slug, "photo", idText(p.Photo.Media.ID),
		"photo_alt", p.Photo.Alt, "revision", strconv.Itoa(p.Revision))
	for _, post := range p.Posts {
		addRow(f.Values, "posts", idText(post.UnitID), post.Title, post.TitleEN, strconv.Itoa(post.Rank), post.From.Short(), post.Until.Short())
	}
	addNumbers(f, p.Numbers)
	return f
}

// unitForm is the unit as the form shows it.
func unitForm(u model.Unit) *web.Form {
	f := web.NewForm("name", u.Name, "name_en", u.NameEN, "address", u.Address, "email", u.Email, "slug", u.Slug, "parent", idText(u.ParentID),
		"successor", idText(u.Successor), "position", strconv.Itoa(u.Position), "from", u.From.Short(), "until", u.Until.Short(),
		"revision", strconv.Itoa(u.Revision))
	addNumbers(f, u.Numbers)
	return f
}

func addNumbers(f *web.Form, numbers []model.Number) {
	for _, n := range numbers {
		mark := "personal"
		if n.Official {
			mark = "official"
		}
		addRow(f.Values, "numbers", string(n.Kind), model.ShowPhone(n.E164), mark)
	}
}

func addRow(values url.Values, kind string, cells ...string) {
	for i, field := range rowFields(kind) {
		values.Add(field, cells[i])
	}
}

// onlyTyped are the form's values without what belongs to the sending.
func onlyTyped(f *web.Form) url.Values {
	values := url.Values{}
	for name, list := range f.Values {
		switch name {
		case "row", "revision", "proposal", "proposal_version", "confirm":
		default:
			values[name] = list
		}
	}
	return values
}
