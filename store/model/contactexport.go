package model

import (
	"slices"
	"strconv"
)

// ContactRows are the units that stand and the people who hold a post or are to hold one, as rows of a file that PlanContacts would find
// the same: each unit, then a row for each post in it. d must hold all units and people with all their posts; its numbers are written
// as they are.
func ContactRows(d Directory, today Day) []ContactRow {
	w := contactWriter{today: today, units: map[int64]Unit{}, posts: map[int64][]heldPost{}}
	for _, u := range d.Units {
		w.units[u.ID] = u
	}
	for _, person := range d.People {
		w.addPosts(person)
	}
	for _, u := range d.Units {
		if !u.Former(today) {
			w.rows = append(w.rows, w.unitRow(u))
			w.writePosts(u)
		}
	}
	for i := range w.rows {
		w.rows[i].Line = i + 2 // the headings stand in line 1
	}
	return w.rows
}

type contactWriter struct {
	today Day
	units map[int64]Unit
	posts map[int64][]heldPost
	rows  []ContactRow
}

type heldPost struct {
	post   Post
	person Person
}

func (w *contactWriter) addPosts(person Person) {
	for _, post := range person.Posts {
		if post.Until == "" || post.Until >= w.today {
			w.posts[post.UnitID] = append(w.posts[post.UnitID], heldPost{post, person})
		}
	}
}

func (w *contactWriter) parent(u Unit) string { return w.units[u.ParentID].Name }

func (w *contactWriter) unitRow(u Unit) ContactRow {
	row := ContactRow{
		Slug: u.Slug, Unit: u.Name, Parent: w.parent(u), English: u.NameEN, Rank: strconv.Itoa(u.Position), From: u.From.Short(),
		Until: u.Until.Short(), Email: u.Email, Address: u.Address,
		Confirmed: u.ConfirmedOn.Short(),
	}
	row.setNumbers(u.Numbers)
	return row
}

func (w *contactWriter) writePosts(u Unit) {
	held := w.posts[u.ID]
	slices.SortStableFunc(held, func(a, b heldPost) int { return a.post.Rank - b.post.Rank })
	for _, h := range held {
		row := ContactRow{
			Slug: h.person.Slug, Unit: u.Name, Parent: w.parent(u), Name: h.person.Name, Honorific: h.person.Honorific, Title: h.post.Title,
			English: h.post.TitleEN, Rank: strconv.Itoa(h.post.Rank), From: h.post.From.Short(), Until: h.post.Until.Short(),
			Email: h.person.Email, Confirmed: h.person.ConfirmedOn.Short(),
		}
		row.setNumbers(h.person.Numbers)
		w.rows = append(w.rows, row)
	}
}

func (r *ContactRow) setNumbers(numbers []Number) {
	for _, kind := range numberKinds() {
		*numberCell(r, kind) = numberText(numbers, kind, false)
	}
}
