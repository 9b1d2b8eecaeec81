package model

import (
	"slices"
	"strconv"
	"strings"
)

// personDraft is somebody as an import is to leave him or her.
type personDraft struct {
	Person
	claimed []bool              // posts that a row is about
	set     map[string]setValue // by field: what a row has said already
	rows    []int               // the rows about this person
	units   []*unitDraft        // in which those rows give a post
	touched bool
}

// setValue is what a row says of a field.
type setValue struct {
	value string
	line  int
}

// maxNamesakes is how many people of the same name a note tells of.
const maxNamesakes = 3

// defaultRank is the rank of a new post whose row gives none: below every head and deputy.
const defaultRank = 9

// planPeople works out the rows that are about people: whom each is about, then which post, then the rest.
func (p *contactPlanner) planPeople() {
	about, units := make([]*personDraft, len(p.rows)), make([]*unitDraft, len(p.rows))
	for i := range p.rows {
		e := p.entries[i]
		switch {
		case e.isUnit():
		case !p.faulty(i):
			about[i], units[i] = p.personOfRow(i, e)
		case e.Unit != "":
			p.unitFor(i, e) // so that all that is wrong with the row is said at once
		}
	}
	posts := make([]int, len(p.rows))
	for i := range p.rows {
		posts[i] = -1
		if about[i] != nil && units[i] != nil {
			posts[i] = about[i].claimExact(p.entries[i], units[i].ID, p.today)
		}
	}
	for i := range p.rows {
		if about[i] != nil {
			p.fillPerson(i, about[i], units[i], posts[i])
		}
	}
}

// personOfRow finds or begins the person whom a row is about, with the unit of the post, or faults the row.
func (p *contactPlanner) personOfRow(i int, e contactEntry) (person *personDraft, unit *unitDraft) {
	if e.Unit != "" {
		var ok bool
		if unit, ok = p.unitFor(i, e); !ok {
			return nil, nil
		}
	}
	person, fault := p.findPerson(e, unit)
	if fault != nil {
		p.refuse(i, fault)
		return nil, nil
	}
	if person == nil && (unit == nil || e.Title == "") {
		v := Invalid{}
		v.check(unit != nil, "unit", "Người mới phải có đơn vị.")
		v.check(e.Title != "", "title", "Người mới phải có chức vụ.")
		p.refuse(i, v)
		return nil, nil
	}
	if person == nil {
		person = p.newPerson(i, e)
	} else if first := person.sameRow(p, e); first >= 0 {
		p.refuse(i, Invalid{"name": "Trùng với dòng " + strconv.Itoa(p.rows[first].Row.Line) + "."})
		return nil, nil
	}
	person.rows = append(person.rows, i)
	if unit != nil {
		person.units = append(person.units, unit)
	}
	return person, unit
}

// sameRow is an earlier row about the same person in the same post, or -1.
func (d *personDraft) sameRow(p *contactPlanner, e contactEntry) int {
	for _, i := range d.rows {
		other := p.entries[i]
		if Fold(other.Unit) == Fold(e.Unit) && Fold(other.Parent) == Fold(e.Parent) && Fold(other.Title) == Fold(e.Title) && other.from == e.from {
			return i
		}
	}
	return -1
}

func (p *contactPlanner) newPerson(i int, e contactEntry) *personDraft {
	for n, other := range p.names[Fold(e.Name)] {
		if other.ID > 0 && n < maxNamesakes && likeName(other.Name, e.Name) {
			p.note(i, "Đã có người cùng họ tên"+other.whereabouts()+". Nếu là cùng một người, hãy ghi mã danh bạ "+other.Slug+" vào dòng này.")
		}
	}
	draft := &personDraft{Person: Person{Name: e.Name, Slug: e.slug}, set: map[string]setValue{}}
	p.people = append(p.people, draft)
	if e.slug != "" {
		p.slugs[e.slug] = draft
	}
	p.addNames(draft, e.Name, e.Email)
	return draft
}

func (d *personDraft) whereabouts() string {
	if len(d.Posts) == 0 {
		return ""
	}
	return " ở " + d.Posts[0].UnitName
}

// findPerson is whom a row means: by code, by e-mail address with a like name, or by name in the unit; nil for somebody new.
func (p *contactPlanner) findPerson(e contactEntry, unit *unitDraft) (*personDraft, Invalid) {
	if found := p.slugs[e.slug]; e.slug != "" && found != nil {
		return found, nil
	}
	byMail := p.emails[Fold(e.Email)]
	found := filterPeople(byMail, func(d *personDraft) bool { return Fold(d.Name) == Fold(e.Name) })
	if len(found) == 0 {
		found = p.likeliest(e, unit)
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return nil, Invalid{"name": "Có " + strconv.Itoa(len(found)) + " người cùng họ tên này; hãy ghi mã danh bạ hoặc thư điện tử."}
	case len(byMail) == 1 && byMail[0].ID > 0 && (unit == nil || Fold(unit.Email) != Fold(e.Email)):
		return nil, Invalid{"email": "Thư điện tử này là của " + byMail[0].Name + "; nếu là cùng một người, hãy ghi mã danh bạ " + byMail[0].Slug + "."}
	}
	return nil, nil
}

// likeliest are those with the name who hold a post in the unit, today before once; where the row names no unit, all with the name.
func (p *contactPlanner) likeliest(e contactEntry, unit *unitDraft) []*personDraft {
	found := filterPeople(p.names[Fold(e.Name)], func(d *personDraft) bool { return likeName(d.Name, e.Name) })
	if unit != nil {
		found = filterPeople(found, func(d *personDraft) bool { return p.inUnit(d, unit, false) })
		if today := filterPeople(found, func(d *personDraft) bool { return p.inUnit(d, unit, true) }); len(today) > 0 {
			found = today
		}
	}
	if exact := filterPeople(found, func(d *personDraft) bool { return Accented(d.Name) == Accented(e.Name) }); len(exact) > 0 {
		found = exact
	}
	return found
}

// likeName reports whether two names are the same but for case and the place of tones, or one of them is the other without its accents.
func likeName(a, b string) bool {
	return Accented(a) == Accented(b) || Fold(a) == Fold(b) && (bare(a) || bare(b))
}

// bare reports whether s has no accents.
func bare(s string) bool { return Fold(s) == strings.ToLower(s) }

// inUnit reports whether the draft has a post in the unit, or a row that gives one.
func (p *contactPlanner) inUnit(d *personDraft, unit *unitDraft, standing bool) bool {
	if slices.Contains(d.units, unit) {
		return true
	}
	return slices.ContainsFunc(d.Posts, func(post Post) bool {
		return post.UnitID == unit.ID && (!standing || post.Until == "" || post.Until >= p.today)
	})
}

func filterPeople(list []*personDraft, keep func(*personDraft) bool) []*personDraft {
	var kept []*personDraft
	for _, d := range list {
		if keep(d) {
			kept = append(kept, d)
		}
	}
	return kept
}

// fillPerson puts what the row says into the draft, the whole of it or nothing.
func (p *contactPlanner) fillPerson(i int, draft *personDraft, unit *unitDraft, post int) {
	e, before := p.entries[i], draft.Person
	if fault := draft.contradiction(p, i, e); len(fault) > 0 {
		p.refuse(i, fault)
		return
	}
	is := before
	is.Numbers, is.Posts = slices.Clone(before.Numbers), slices.Clone(before.Posts)
	if betterName(is.Name, e.Name) {
		is.Name = e.Name
	}
	setText(&is.Honorific, e.Honorific)
	setText(&is.Email, e.Email)
	setDay(&is.ConfirmedOn, e.confirmed)
	is.Numbers = e.numbersInto(is.Numbers)
	claimed := slices.Clone(draft.claimed)
	if unit != nil {
		var fault Invalid
		if is.Posts, claimed, fault = p.putPost(i, is.Posts, claimed, unit, post); fault != nil {
			p.refuse(i, fault)
			return
		}
	}
	if faults := asInvalid(is.Validate()); len(faults) > 0 {
		p.refuse(i, columnFaults(faults))
		return
	}
	if before.ID == 0 && !draft.touched {
		before = Person{}
	}
	p.settle(i, is.ID, is.Name, p.personChanges(before, is))
	draft.Person, draft.claimed = is, claimed
	if p.rows[i].Outcome == ImportSame {
		return
	}
	draft.touched = true
	if unit != nil && unit.ID < 0 {
		p.useNewUnit(i, unit)
	}
}

// useNewUnit has the unit made that a person's row alone names, with those above it.
func (p *contactPlanner) useNewUnit(i int, unit *unitDraft) {
	for u := unit; u != nil && u.ID < 0 && u.line < 0; u = p.unitIDs[u.ParentID] {
		u.touched = true
		p.note(i, "Đơn vị mới: "+u.Name+".")
	}
}

// contradiction faults a row that says something else of the person than an earlier row does.
func (d *personDraft) contradiction(p *contactPlanner, i int, e contactEntry) Invalid {
	v := Invalid{}
	for _, c := range ContactColumns() {
		switch c.Key {
		case "name", "honorific", "email", "office", "mobile", "fax", "hotline", "confirmed", "official":
		default:
			continue
		}
		text := *c.field(&e.ContactRow)
		if text == "" {
			continue
		}
		said, there := d.set[c.Key]
		v.check(!there || Accented(said.value) == Accented(text), c.Key, "Khác với dòng "+strconv.Itoa(said.line)+" về cùng người này.")
		if !there {
			d.set[c.Key] = setValue{text, p.rows[i].Row.Line}
		}
	}
	return v
}

func (p *contactPlanner) personChanges(was, is Person) []FieldChange {
	var c changes
	c.add("name", was.Name, is.Name)
	c.add("honorific", was.Honorific, is.Honorific)
	c.add("title", p.postLines(was.Posts, is.Posts), p.postLines(is.Posts, was.Posts))
	c.numbers(was.Numbers, is.Numbers)
	c.add("email", was.Email, is.Email)
	c.add("confirmed", was.ConfirmedOn.Short(), is.ConfirmedOn.Short())
	return c
}

// postLines are the posts that others has not, as people read them.
func (p *contactPlanner) postLines(posts, others []Post) string {
	var lines []string
	for _, post := range posts {
		if !slices.Contains(others, post) {
			lines = append(lines, post.Line(p.unitName(post.UnitID)))
		}
	}
	return strings.Join(lines, "; ")
}

// Line is the post in one line, in the unit of that name: "Chánh Văn phòng (Chief), Văn phòng, bậc 3, từ 01/02/2024 đến 03/04/2025".
func (p Post) Line(unit string) string {
	line := p.Title
	if p.TitleEN != "" {
		line += " (" + p.TitleEN + ")"
	}
	line += ", " + unit + ", bậc " + strconv.Itoa(p.Rank)
	if p.From != "" {
		line += ", từ " + p.From.Short()
	}
	if p.Until != "" {
		line += " đến " + p.Until.Short()
	}
	return line
}
