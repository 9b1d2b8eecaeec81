package model

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"
)

// claimExact claims the post with the title of the row, and of its days where several are alike, and returns its index, or -1.
func (d *personDraft) claimExact(e contactEntry, unit int64, today Day) int {
	best, points := -1, 0
	for i, post := range d.Posts {
		if d.claimed[i] || post.UnitID != unit || e.Title == "" || Fold(post.Title) != Fold(e.Title) || e.beginsAnew(post, today) {
			continue
		}
		likeness := 1
		if post.From == e.from && e.from != "" {
			likeness += 4
		}
		if post.Current(today) {
			likeness += 2
		}
		if likeness > points {
			best, points = i, likeness
		}
	}
	if best >= 0 {
		d.claimed[best] = true
	}
	return best
}

// beginsAnew reports whether the row is about another term than a post that is over.
func (e contactEntry) beginsAnew(post Post, today Day) bool {
	if post.Until == "" || post.Until >= today || post.Until == e.until {
		return false
	}
	return e.from == "" && e.until == "" || e.from > post.Until
}

// putPost puts the row's post among the person's: the claimed one (index post), else the only other one held in the unit, which gets the
// new title or, when the row says from which later day on, is followed by the new one; else a new one.
func (p *contactPlanner) putPost(i int, posts []Post, claimed []bool, unit *unitDraft, post int) ([]Post, []bool, Invalid) {
	e := p.entries[i]
	if post < 0 {
		var others []int
		for at, held := range posts {
			if !claimed[at] && held.UnitID == unit.ID && (held.Until == "" || held.Until >= p.today) {
				others = append(others, at)
			}
		}
		switch {
		case e.Title == "" && len(others) == 0:
			return nil, nil, Invalid{"title": "Chưa có chức vụ trong đơn vị này."}
		case e.Title == "" && len(others) > 1:
			return nil, nil, Invalid{"title": "Người này giữ nhiều chức vụ trong đơn vị; hãy ghi chức vụ."}
		case len(others) == 1:
			post = others[0]
			claimed[post] = true
		}
	}
	if post >= 0 && e.Title != "" && Fold(posts[post].Title) != Fold(e.Title) && e.from > posts[post].From && posts[post].Until == "" {
		posts[post].Until = e.from.Add(-1)
		post = -1
	}
	if post < 0 {
		next := Post{UnitID: unit.ID, UnitName: unit.Name, Title: e.Title, TitleEN: e.English, Rank: cmp.Or(e.rank, defaultRank), From: e.from, Until: e.until}
		if !e.hasRank {
			p.note(i, "Chưa ghi thứ bậc nên đặt là 9.")
		}
		return append(posts, next), append(claimed, true), nil
	}
	held := &posts[post]
	if betterName(held.Title, e.Title) {
		held.Title = e.Title
	}
	setText(&held.TitleEN, e.English)
	setDay(&held.From, e.from)
	setDay(&held.Until, e.until)
	if e.hasRank {
		held.Rank = e.rank
	}
	return posts, claimed, nil
}

// numbersInto returns the numbers with those of the kinds that the row gives in place of the ones that were there. A number that was there
// keeps what it was marked as unless the file says; a new one is official unless it is a mobile number.
func (e contactEntry) numbersInto(numbers []Number) []Number {
	result := slices.Clone(numbers)
	for _, kind := range numberKinds() {
		if typed := e.numbers[kind]; len(typed) > 0 {
			result = replaceKind(result, kind, marked(typed, kind, numbers))
		}
	}
	return result
}

func marked(typed []importNumber, kind NumberKind, there []Number) []Number {
	var list []Number
	for _, n := range typed {
		number := Number{Kind: kind, E164: n.e164, Official: !n.mobile && kind != NumberMobile}
		for _, old := range there {
			if old.E164 == n.e164 {
				number.Official = old.Official
			}
		}
		if n.marked {
			number.Official = n.office
		}
		list = append(list, number)
	}
	return list
}

// replaceKind puts list in the place of the first number of that kind, or at the end.
func replaceKind(numbers []Number, kind NumberKind, list []Number) []Number {
	of := func(n Number) bool { return n.Kind == kind }
	if was := slices.DeleteFunc(slices.Clone(numbers), func(n Number) bool { return !of(n) }); slices.Equal(was, list) {
		return numbers
	}
	at := slices.IndexFunc(numbers, of)
	if at < 0 {
		at = len(numbers)
	}
	return slices.Insert(slices.DeleteFunc(numbers, of), at, list...)
}

func (c *changes) numbers(was, is []Number) {
	for _, kind := range numberKinds() {
		c.add(string(kind), numberText(was, kind, true), numberText(is, kind, true))
	}
}

// numberText is the numbers of a kind as a cell holds them, each with its mark where that is not what an import would take it for; where
// all is set, with a mark wherever somebody might wonder.
func numberText(numbers []Number, kind NumberKind, all bool) string {
	var parts []string
	for _, n := range numbers {
		if n.Kind != kind {
			continue
		}
		text := ShowPhone(n.E164)
		_, form, err := ParsePhone(n.E164)
		mobile := kind == NumberMobile || err == nil && form == NumberMobile
		switch {
		case n.Official && mobile:
			text += " (chính thức)"
		case !n.Official && (!mobile || all):
			text += " (cá nhân)"
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, "; ")
}

// asInvalid is the Invalid that err is, nil for none.
func asInvalid(err error) Invalid {
	var v Invalid
	if errors.As(err, &v) {
		return v
	}
	return nil
}

// columnFaults renames the fields of a record to the columns of a file.
func columnFaults(faults Invalid) Invalid {
	v := Invalid{}
	for field, message := range faults {
		switch field {
		case "posts":
			field = "title"
		case "numbers":
			field = "office"
		}
		v.check(false, field, message)
	}
	return v
}

// first is the message of one of the faults.
func (v Invalid) first() string {
	for _, field := range slices.Sorted(maps.Keys(v)) {
		return v[field]
	}
	return ""
}
