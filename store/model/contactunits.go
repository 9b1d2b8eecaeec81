package model

import (
	"slices"
	"strconv"
)

// unitDraft is a unit as an import is to leave it.
type unitDraft struct {
	Unit
	line    int  // index of the row that is about it, -1 for none
	touched bool // is to be written
}

func (p *contactPlanner) addUnit(u *unitDraft) {
	if u.ID == 0 {
		p.made++
		u.ID = -p.made
	}
	p.units = append(p.units, u)
	p.unitIDs[u.ID] = u
	key := Fold(u.Name)
	p.unitKeys[key] = append(p.unitKeys[key], u)
}

func (p *contactPlanner) dropUnit(u *unitDraft) {
	key := Fold(u.Name)
	p.unitKeys[key] = slices.DeleteFunc(p.unitKeys[key], func(o *unitDraft) bool { return o == u })
	p.units = slices.DeleteFunc(p.units, func(o *unitDraft) bool { return o == u })
	delete(p.unitIDs, u.ID)
}

// planUnits works out the rows that are about units: which unit each is about, then what hangs below what, then the rest.
func (p *contactPlanner) planUnits() {
	about := make([]*unitDraft, len(p.rows))
	for i := range p.rows {
		if e := p.entries[i]; e.isUnit() && !p.faulty(i) {
			about[i] = p.unitOfRow(i, e)
		}
	}
	for again := true; again; { // a row that falls takes those with it that stand on its new unit
		again = false
		for i, draft := range about {
			if draft != nil && p.faulty(i) {
				again, about[i] = true, nil
				if draft.ID < 0 {
					p.dropUnit(draft)
				}
				draft.line = -1
				continue
			}
			if draft != nil {
				_, faults := p.filled(i, draft)
				p.refuse(i, p.checkParent(i, draft))
				p.refuse(i, faults)
				again = again || p.faulty(i)
			}
		}
	}
	for i, draft := range about {
		if draft != nil {
			p.fillUnit(i, draft)
		}
	}
}

// unitOfRow finds or begins the unit that a row is about, or faults the row.
func (p *contactPlanner) unitOfRow(i int, e contactEntry) *unitDraft {
	found := filterUnits(p.units, func(u *unitDraft) bool { return e.slug != "" && u.Slug == e.slug })
	if len(found) == 0 {
		found = p.unitsNamed(e.Unit, e.Parent, e.until != "")
	}
	switch {
	case len(found) > 1:
		p.refuse(i, Invalid{"unit": "Có " + strconv.Itoa(len(found)) + " đơn vị cùng tên này; hãy ghi đơn vị cấp trên hoặc mã danh bạ."})
		return nil
	case len(found) == 0:
		found = []*unitDraft{{Unit: Unit{Name: e.Unit, Slug: e.slug}}}
		p.addUnit(found[0])
	case found[0].line >= 0:
		p.refuse(i, Invalid{"unit": "Trùng với đơn vị ở dòng " + strconv.Itoa(p.rows[found[0].line].Row.Line) + "."})
		return nil
	}
	found[0].line = i
	return found[0]
}

func filterUnits(list []*unitDraft, keep func(*unitDraft) bool) []*unitDraft {
	var kept []*unitDraft
	for _, u := range list {
		if keep(u) {
			kept = append(kept, u)
		}
	}
	return kept
}

// unitsNamed are the units that a name means, the likelier reading alone: written with the same accents before without, below a parent of
// that name, still standing before gone. Units that are gone are meant only where former allows.
func (p *contactPlanner) unitsNamed(name, parent string, former bool) []*unitDraft {
	found := p.unitKeys[Fold(name)]
	if !former {
		found = filterUnits(found, func(u *unitDraft) bool { return !u.Former(p.today) })
	}
	if name != Fold(name) { // typed with accents or capitals: those count
		if exact := filterUnits(found, func(u *unitDraft) bool { return Accented(u.Name) == Accented(name) }); len(exact) > 0 {
			found = exact
		}
	}
	if parent != "" && len(found) > 1 {
		found = filterUnits(found, func(u *unitDraft) bool { return Fold(p.unitName(u.ParentID)) == Fold(parent) })
	}
	if standing := filterUnits(found, func(u *unitDraft) bool { return !u.Former(p.today) }); len(standing) > 0 {
		found = standing
	}
	return found
}

func (p *contactPlanner) unitName(id int64) string {
	if u := p.unitIDs[id]; u != nil {
		return u.Name
	}
	return ""
}

// parentOf is the unit that stands above the draft by its row: what it is today when the row says nothing.
func (p *contactPlanner) parentOf(e contactEntry, draft *unitDraft) (parent *unitDraft, fault string) {
	if e.Parent == "" || Fold(e.Parent) == Fold(p.unitName(draft.ParentID)) {
		return p.unitIDs[draft.ParentID], ""
	}
	found := filterUnits(p.unitsNamed(e.Parent, "", false), func(u *unitDraft) bool { return u != draft })
	switch {
	case len(found) == 1:
		return found[0], ""
	case len(found) > 1:
		return nil, "Có " + strconv.Itoa(len(found)) + " đơn vị cấp trên cùng tên này."
	}
	return nil, "Chưa có đơn vị cấp trên này; hãy thêm một dòng cho nó, để trống họ tên."
}

// checkParent faults a row whose unit would hang below nothing, or below itself.
func (p *contactPlanner) checkParent(i int, draft *unitDraft) Invalid {
	parent, fault := p.parentOf(p.entries[i], draft)
	for up, steps := parent, 0; up != nil && fault == "" && steps <= len(p.units); steps++ {
		if up == draft {
			fault = "Đơn vị không thể trực thuộc chính nó hay đơn vị cấp dưới của nó."
		}
		if up.line >= 0 {
			up, _ = p.parentOf(p.entries[up.line], up)
		} else {
			up = p.unitIDs[up.ParentID]
		}
	}
	if fault == "" {
		return nil
	}
	return Invalid{"parent": fault}
}

// filled is the draft's unit with what the row says, and its faults.
func (p *contactPlanner) filled(i int, draft *unitDraft) (Unit, Invalid) {
	e, u := p.entries[i], draft.Unit
	if parent, _ := p.parentOf(e, draft); parent != nil {
		u.ParentID = parent.ID
	}
	if betterName(u.Name, e.Unit) {
		u.Name = e.Unit
	}
	setText(&u.NameEN, e.English)
	setText(&u.Email, e.Email)
	setText(&u.Address, e.Address)
	setDay(&u.From, e.from)
	setDay(&u.Until, e.until)
	setDay(&u.ConfirmedOn, e.confirmed)
	if e.hasRank {
		u.Position = e.rank
	}
	u.Numbers = e.numbersInto(u.Numbers)
	return u, columnFaults(asInvalid(u.Validate()))
}

// fillUnit puts what the row says, which has no faults, into the draft.
func (p *contactPlanner) fillUnit(i int, draft *unitDraft) {
	u, _ := p.filled(i, draft)
	list := p.unitChanges(draft.Unit, u)
	if draft.ID < 0 {
		list = p.unitChanges(Unit{}, u)
	}
	p.settle(i, draft.ID, u.Name, list)
	draft.touched = p.rows[i].Outcome != ImportSame
	if draft.Name != u.Name {
		p.unitKeys[Fold(u.Name)] = append(p.unitKeys[Fold(u.Name)], draft)
	}
	draft.Unit = u
}

func (p *contactPlanner) unitChanges(was, is Unit) []FieldChange {
	var c changes
	c.add("unit", was.Name, is.Name)
	c.add("parent", p.unitName(was.ParentID), p.unitName(is.ParentID))
	c.add("english", was.NameEN, is.NameEN)
	if was.Position != is.Position {
		c.add("rank", strconv.Itoa(was.Position), strconv.Itoa(is.Position))
	}
	c.add("from", was.From.Short(), is.From.Short())
	c.add("until", was.Until.Short(), is.Until.Short())
	c.numbers(was.Numbers, is.Numbers)
	c.add("email", was.Email, is.Email)
	c.add("address", was.Address, is.Address)
	c.add("confirmed", was.ConfirmedOn.Short(), is.ConfirmedOn.Short())
	return c
}

// unitFor is the unit of a person's row, made when that is allowed; ok is false when the row is faulted.
func (p *contactPlanner) unitFor(i int, e contactEntry) (unit *unitDraft, ok bool) {
	found := p.unitsNamed(e.Unit, e.Parent, e.until != "")
	switch {
	case len(found) == 1:
		return found[0], true
	case len(found) > 1:
		p.refuse(i, Invalid{"unit": "Có " + strconv.Itoa(len(found)) + " đơn vị cùng tên này; hãy ghi đơn vị cấp trên."})
		return nil, false
	case len(p.unitsNamed(e.Unit, e.Parent, true)) > 0:
		p.refuse(i, Invalid{"unit": "Đơn vị này không còn hoạt động; hãy ghi đơn vị kế thừa."})
		return nil, false
	case !p.newUnits:
		p.refuse(i, Invalid{"unit": "Chưa có đơn vị này; hãy sửa tên, hoặc thêm một dòng cho đơn vị, để trống họ tên."})
		return nil, false
	}
	u := Unit{Name: e.Unit}
	if parent := p.unitsNamed(e.Parent, "", false); e.Parent != "" && len(parent) == 1 {
		u.ParentID = parent[0].ID
	} else if e.Parent != "" {
		p.refuse(i, Invalid{"parent": "Chưa rõ đơn vị cấp trên; hãy thêm một dòng cho nó, để trống họ tên."})
		return nil, false
	}
	if faults := asInvalid(u.Validate()); len(faults) > 0 {
		p.refuse(i, Invalid{"unit": faults.first()})
		return nil, false
	}
	draft := &unitDraft{Unit: u, line: -1}
	p.addUnit(draft)
	return draft, true
}

func setText(field *string, text string) {
	if text != "" {
		*field = text
	}
}

func setDay(field *Day, day Day) {
	if day != "" {
		*field = day
	}
}

// betterName reports whether a typed name is to replace the one that is there: it says something else, not merely the same without accents.
func betterName(is, typed string) bool {
	if typed == "" || Accented(is) == Accented(typed) {
		return false
	}
	return Fold(is) != Fold(typed) || !bare(typed)
}
