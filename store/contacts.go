package store

import (
	"context"
	"fmt"
	"sort"

	"congso/store/model"
)

// standing asks that the unit u exists on the given day.
func (c *conditions) standing(today model.Day) {
	c.add("(u.from_day = '' OR u.from_day <= ?) AND (u.until_day = '' OR u.until_day >= ?)", today, today)
}

// inPost asks that the person p holds a post on the given day in a unit that exists then.
func (c *conditions) inPost(today model.Day) {
	inner := conditions{args: c.args, terms: []string{"t.person_id = p.id"}}
	inner.add("(t.from_day = '' OR t.from_day <= ?) AND (t.until_day = '' OR t.until_day >= ?)", today, today)
	inner.standing(today)
	c.args = inner.args
	c.terms = append(c.terms, `EXISTS (SELECT 1 FROM post t JOIN unit u ON u.id = t.unit_id`+inner.where()+`)`)
}

// Directory returns the units that stand today and the people who hold a post in them, each with the current posts only, and with the
// numbers that v may see: personal ones are for staff.
func (r *Reader) Directory(ctx context.Context, v model.Viewer) (model.Directory, error) {
	var everybody conditions
	directory, err := r.directory(ctx, v, everybody)
	if err != nil {
		return model.Directory{}, fmt.Errorf("directory: %w", err)
	}
	return directory, nil
}

// directory is the directory with those alone of its people who fulfil c.
func (r *Reader) directory(ctx context.Context, v model.Viewer, c conditions) (model.Directory, error) {
	today := r.Today()
	list, err := r.Units(ctx, v)
	if err != nil {
		return model.Directory{}, err
	}
	c.inPost(today)
	persons, err := people(ctx, r.from, v, today, c)
	if err != nil {
		return model.Directory{}, err
	}
	stands := make(map[int64]bool, len(list))
	for _, u := range list {
		stands[u.ID] = true
	}
	for i := range persons {
		persons[i].Posts = filter(persons[i].Posts, func(p model.Post) bool { return p.Current(today) && stands[p.UnitID] })
	}
	return model.Directory{Units: list, People: persons}, nil
}

// Units returns the units that stand today, by position and name, with the numbers that v may see.
func (r *Reader) Units(ctx context.Context, v model.Viewer) ([]model.Unit, error) {
	var standing conditions
	standing.standing(r.Today())
	return units(ctx, r.from, v, standing)
}

// filter returns the items for which keep holds.
func filter[T any](list []T, keep func(T) bool) []T {
	var kept []T
	for _, item := range list {
		if keep(item) {
			kept = append(kept, item)
		}
	}
	return kept
}

// UnitBySlug returns the unit, a former one too, with its people: those who hold a post in it today, that post first.
// The error is model.ErrNotFound, or model.Moved for a slug that it had before.
func (r *Reader) UnitBySlug(ctx context.Context, v model.Viewer, slug string) (model.UnitView, error) {
	id, moved, err := findSlug(ctx, r.from, model.KindUnit, slug)
	if err != nil {
		return model.UnitView{}, fmt.Errorf("unit %q: %w", slug, err)
	}
	unit, err := unitByID(ctx, r.from, v, id)
	if err == nil && moved {
		err = model.Moved{Slug: unit.Slug}
	}
	if err == nil && !v.Staff && unit.From > r.Today() {
		err = model.ErrNotFound // it does not exist yet
	}
	if err != nil {
		return model.UnitView{}, fmt.Errorf("unit %q: %w", slug, err)
	}
	view, err := r.unitView(ctx, v, unit)
	if err != nil {
		return model.UnitView{}, fmt.Errorf("unit %q: %w", slug, err)
	}
	return view, nil
}

func (r *Reader) unitView(ctx context.Context, v model.Viewer, unit model.Unit) (model.UnitView, error) {
	var members conditions
	members.add("p.id IN (SELECT person_id FROM post WHERE unit_id = ?)", unit.ID)
	directory, err := r.directory(ctx, v, members)
	if err != nil {
		return model.UnitView{}, err
	}
	view := model.UnitView{Unit: unit, People: peopleOf(directory.People, unit.ID)}
	view.Children = filter(directory.Units, func(u model.Unit) bool { return u.ParentID == unit.ID })
	if view.Parent, err = r.unitOrNone(ctx, v, unit.ParentID); err != nil {
		return model.UnitView{}, err
	}
	if view.Successor, err = r.unitOrNone(ctx, v, unit.Successor); err != nil {
		return model.UnitView{}, err
	}
	var former conditions
	former.add("u.successor_id = ? AND u.until_day <> '' AND u.until_day < ?", unit.ID, r.Today())
	view.Former, err = units(ctx, r.from, v, former)
	return view, err
}

func (r *Reader) unitOrNone(ctx context.Context, v model.Viewer, id int64) (model.Unit, error) {
	if id == 0 {
		return model.Unit{}, nil
	}
	return unitByID(ctx, r.from, v, id)
}

// peopleOf returns those who hold a post in the unit, by its rank and then in the given order; that post comes first among theirs.
func peopleOf(all []model.Person, unit int64) []model.Person {
	here := func(p model.Post) bool { return p.UnitID == unit }
	var list []model.Person
	for _, person := range all {
		posts := filter(person.Posts, here)
		if len(posts) == 0 {
			continue
		}
		person.Posts = append(posts, filter(person.Posts, func(p model.Post) bool { return !here(p) })...)
		list = append(list, person)
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].Posts[0].Rank < list[j].Posts[0].Rank })
	return list
}

// PersonBySlug returns the person with all posts, current ones first, and the numbers that v may see. Posts that are still
// to begin are for staff only: an appointment is not public before its day.
// The error is model.ErrNotFound, or model.Moved for a slug that the person had before.
func (r *Reader) PersonBySlug(ctx context.Context, v model.Viewer, slug string) (model.Person, error) {
	id, moved, err := findSlug(ctx, r.from, model.KindPerson, slug)
	if err != nil {
		return model.Person{}, fmt.Errorf("person %q: %w", slug, err)
	}
	person, err := personByID(ctx, r.from, v, r.Today(), id)
	if err == nil && moved {
		err = model.Moved{Slug: person.Slug}
	}
	if err != nil {
		return model.Person{}, fmt.Errorf("person %q: %w", slug, err)
	}
	if today := r.Today(); !v.Staff {
		begun := filter(person.Posts, func(p model.Post) bool { return p.From <= today })
		if len(begun) == 0 && len(person.Posts) > 0 {
			return model.Person{}, fmt.Errorf("person %q: %w", slug, model.ErrNotFound)
		}
		person.Posts = begun
	}
	return person, nil
}
