package admin

import (
	"context"
	"strings"
	"time"

	"congso/store/model"
	"congso/views/adminpage"
)

// attendance is the directory as it was on the day of a meeting.
type attendance struct{ people []model.Person }

// attendance reads the directory as of the day of start; as of today while that is not known.
func (a *Admin) attendance(ctx context.Context, start time.Time) (attendance, error) {
	day := model.DayOf(start)
	if day == "" {
		day = a.Store.Today()
	}
	people, err := a.Store.PeopleOn(ctx, day)
	return attendance{people}, err
}

// participant is the person that the row names. A position that is typed stays as typed for ever; an empty one is that of the person in
// the directory on the day.
func (at attendance) participant(row formRow) model.Participant {
	p := model.Participant{Name: row.text("name"), Position: row.text("position"), Role: model.ParticipantRole(row.text("role"))}
	if row.text("outside") != "" {
		return p
	}
	person, found := at.find(p.Name)
	linked := row.text(adminpage.CellPerson)
	switch {
	case linked != "" && model.Fold(row.text(adminpage.CellLinked)) == model.Fold(p.Name):
		p.PersonSlug = linked
		for _, one := range at.people {
			if one.Slug == linked {
				person, found = one, true
			}
		}
		found = found && person.Slug == linked
	case found:
		p.Name, p.PersonSlug = person.Name, person.Slug
	}
	if found && p.Position == "" {
		p.Position = heldPosition(person)
	}
	return p
}

// find is the one person whom text names: by the name, or by the name with the unit where several bear it.
func (at attendance) find(text string) (person model.Person, found bool) {
	wanted := model.Fold(text)
	for _, one := range at.people {
		if model.Fold(at.label(one)) == wanted {
			return one, true
		}
	}
	return model.Person{}, false
}

// label names the person among all of that day.
func (at attendance) label(person model.Person) string {
	for _, other := range at.people {
		if other.Slug != person.Slug && model.Fold(other.Name) == model.Fold(person.Name) && len(person.Posts) > 0 {
			return person.Name + " (" + person.Posts[0].UnitName + ")"
		}
	}
	return person.Name
}

// options are the people of that day with their positions.
func (at attendance) options() []adminpage.Option {
	options := make([]adminpage.Option, len(at.people))
	for i, person := range at.people {
		options[i] = adminpage.Option{Value: at.label(person), Label: heldPosition(person)}
	}
	return options
}

// heldPosition is the post of the highest rank as minutes write it: the unit is named unless the title says it, as in "Chánh Văn phòng"
// of "Văn phòng" and "Phó Giám đốc" of "Ban Giám đốc".
func heldPosition(person model.Person) string {
	if len(person.Posts) == 0 {
		return ""
	}
	post := person.Posts[0]
	title, unit := model.Fold(post.Title), model.Fold(post.UnitName)
	words := strings.Fields(title)
	ending := strings.Join(words[max(0, len(words)-2):], " ")
	if unit == "" || strings.Contains(title, unit) || len(words) > 1 && strings.HasSuffix(unit, ending) {
		return post.Title
	}
	return post.Title + ", " + post.UnitName
}
