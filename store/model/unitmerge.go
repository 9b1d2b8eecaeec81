package model

import "slices"

// UnitMerge is what happens when a unit goes over into its successor on a day.
type UnitMerge struct {
	From     Unit   // as it will be: its last day is the day before
	Into     Unit   // as it is, or one level up when it hung below From
	Lifted   bool   // Into hung below From
	Children []Unit // as they will be: below Into
	People   []Person
	Titles   []string // of the posts that go over, one line for each of them
}

// MergeUnits says what happens when the unit from goes over into the unit into on the day: from stands until the day before, the units
// below it go below its successor, and, where posts holds, posts in it that would last end the day before and go on in the successor
// (those that begin later begin there). Nobody gets the same post there twice. d must hold all units and people with all their posts.
// The error is Invalid for "into" or "day", ErrNotFound for an unknown unit.
func MergeUnits(d Directory, from, into int64, day Day, posts bool) (m UnitMerge, err error) {
	at, to := unitIndex(d.Units, from), unitIndex(d.Units, into)
	if at < 0 {
		return m, ErrNotFound
	}
	m.From = d.Units[at]
	v := Invalid{}
	v.check(to >= 0 && to != at, "into", "Hãy chọn đơn vị kế thừa.")
	v.check(!day.Time().IsZero(), "day", "Hãy ghi ngày sáp nhập.")
	v.check(m.From.From == "" || m.From.From < day, "day", "Ngày sáp nhập phải sau ngày thành lập của đơn vị.")
	v.check(m.From.Until == "" || m.From.Until >= day, "day", "Đơn vị đã kết thúc trước ngày này.")
	if len(v) == 0 {
		m.Into = d.Units[to]
		v.check(m.Into.From <= day && (m.Into.Until == "" || m.Into.Until >= day), "into", "Đơn vị kế thừa không hoạt động vào ngày này.")
	}
	if len(v) > 0 {
		return m, v
	}
	m.From.Until, m.From.Successor = day.Add(-1), into
	m.moveChildren(d.Units)
	for _, person := range d.People {
		if posts {
			m.movePosts(person, day)
		}
	}
	return m, nil
}

func unitIndex(units []Unit, id int64) int {
	return slices.IndexFunc(units, func(u Unit) bool { return u.ID == id })
}

// moveChildren hangs what is below From below Into. An Into somewhere below From takes From's place first.
func (m *UnitMerge) moveChildren(units []Unit) {
	parents := map[int64]int64{}
	for _, u := range units {
		parents[u.ID] = u.ParentID
	}
	for up, steps := m.Into.ParentID, 0; up != 0 && steps < len(units); up, steps = parents[up], steps+1 {
		if up == m.From.ID {
			m.Lifted, m.Into.ParentID = true, m.From.ParentID
			break
		}
	}
	for _, u := range units {
		if u.ParentID == m.From.ID && u.ID != m.Into.ID {
			u.ParentID = m.Into.ID
			m.Children = append(m.Children, u)
		}
	}
}

func (m *UnitMerge) movePosts(person Person, day Day) {
	var kept, moved []Post
	for _, post := range person.Posts {
		if post.UnitID != m.From.ID || post.Until != "" && post.Until < day {
			kept = append(kept, post)
			continue
		}
		next := post
		next.UnitID, next.UnitSlug, next.UnitName, next.UnitEN = m.Into.ID, m.Into.Slug, m.Into.Name, m.Into.NameEN
		if post.From < day {
			post.Until, next.From = m.From.Until, day
			kept = append(kept, post)
		}
		if !holds(person.Posts, next) {
			moved = append(moved, next)
		}
		m.Titles = append(m.Titles, person.Name+": "+post.Title)
	}
	if len(kept) != len(person.Posts) || len(moved) > 0 || !slices.Equal(kept, person.Posts) {
		person.Posts = append(kept, moved...)
		m.People = append(m.People, person)
	}
}

// holds reports whether one of the posts is the same title in the same unit on the day on which next begins.
func holds(posts []Post, next Post) bool {
	return slices.ContainsFunc(posts, func(p Post) bool {
		return p.UnitID == next.UnitID && Fold(p.Title) == Fold(next.Title) && p.Current(next.From)
	})
}
