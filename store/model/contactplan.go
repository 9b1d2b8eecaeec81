package model

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// ImportOutcome is what an import does with a row.
type ImportOutcome string

// The outcomes.
const (
	ImportAdd    ImportOutcome = "add"
	ImportChange ImportOutcome = "change"
	ImportSame   ImportOutcome = "same"
	ImportFault  ImportOutcome = "fault"
)

// FieldChange is a field as it was and as it is to be, in words for people.
type FieldChange struct {
	Field  string // key of its column
	Before string
	After  string
}

// Label is the heading of the field's column.
func (c FieldChange) Label() string { return ContactLabel(c.Field) }

// ContactLabel is the heading of the column with that key, or the key.
func ContactLabel(key string) string {
	for _, c := range ContactColumns() {
		if c.Key == key {
			return c.Label
		}
	}
	return key
}

// ImportRow is a row with what an import does with it.
type ImportRow struct {
	Row     ContactRow // as typed
	Kind    Kind       // KindUnit or KindPerson
	Outcome ImportOutcome
	ID      int64  // of the record, 0 for a new one
	Record  string // name of the record
	Changes []FieldChange
	Faults  Invalid // by column
	Notes   []string
}

// FaultColumns are the columns with faults, in order.
func (r ImportRow) FaultColumns() []string { return slices.Sorted(maps.Keys(r.Faults)) }

// ImportPlan is what an import of a file does, row by row.
type ImportPlan struct {
	Rows     []ImportRow
	NewUnits bool     // units that only people's rows name are made
	LeaveOut bool     // rows with faults are left out; otherwise one fault stops the whole import
	Units    []Unit   // to be written, each after its parent; new ones have IDs below 0
	People   []Person // to be written; their posts may name new units
}

// Count is the number of rows with that outcome.
func (p ImportPlan) Count(outcome ImportOutcome) int {
	count := 0
	for _, r := range p.Rows {
		if r.Outcome == outcome {
			count++
		}
	}
	return count
}

// Fingerprint is a short text that is the same for plans which do the same to the same records.
func (p ImportPlan) Fingerprint() (string, error) {
	data, err := json.Marshal([]any{p.Rows, p.NewUnits})
	if err != nil {
		return "", fmt.Errorf("plan of an import: %w", err)
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]), nil
}

// PlanContacts says what an import of rows does to the directory d, which must hold all units and all people with all their posts and
// numbers. It finds people by code, by e-mail address, or by name and unit, and units by code, or by name and parent; nobody is made
// twice. Rows with faults change nothing. What a plan has done, the next plan of the same rows finds the same.
func PlanContacts(d Directory, rows []ContactRow, newUnits bool, today Day) ImportPlan {
	p := contactPlanner{today: today, newUnits: newUnits, rows: make([]ImportRow, len(rows)), entries: make([]contactEntry, len(rows))}
	p.load(d)
	for i, row := range rows {
		p.read(i, row)
	}
	p.planUnits()
	p.planPeople()
	return p.plan()
}

// contactPlanner works out what rows do to drafts of the records.
type contactPlanner struct {
	today    Day
	newUnits bool
	rows     []ImportRow
	entries  []contactEntry
	made     int64 // new units so far
	units    []*unitDraft
	unitKeys map[string][]*unitDraft // by name
	unitIDs  map[int64]*unitDraft
	people   []*personDraft
	slugs    map[string]*personDraft
	emails   map[string][]*personDraft
	names    map[string][]*personDraft
}

func (p *contactPlanner) load(d Directory) {
	p.unitKeys, p.unitIDs = map[string][]*unitDraft{}, map[int64]*unitDraft{}
	for _, u := range d.Units {
		p.addUnit(&unitDraft{Unit: u, line: -1})
	}
	p.slugs, p.emails, p.names = map[string]*personDraft{}, map[string][]*personDraft{}, map[string][]*personDraft{}
	for _, person := range d.People {
		draft := &personDraft{Person: person, claimed: make([]bool, len(person.Posts)), set: map[string]setValue{}}
		p.people = append(p.people, draft)
		p.slugs[person.Slug] = draft
		p.addNames(draft, person.Name, person.Email)
	}
}

func (p *contactPlanner) addNames(draft *personDraft, name, email string) {
	if key := Fold(name); !slices.Contains(p.names[key], draft) {
		p.names[key] = append(p.names[key], draft)
	}
	if key := Fold(email); key != "" && !slices.Contains(p.emails[key], draft) {
		p.emails[key] = append(p.emails[key], draft)
	}
}

func (p *contactPlanner) read(i int, row ContactRow) {
	entry, faults := readContact(row, p.today)
	r := &p.rows[i]
	*r = ImportRow{Row: row, Kind: KindPerson, Outcome: ImportSame, Record: entry.Name, Notes: entry.Notes}
	if entry.isUnit() {
		r.Kind, r.Record = KindUnit, entry.Unit
	}
	p.entries[i] = entry
	p.refuse(i, faults)
}

// refuse notes the faults of a row, if there are any.
func (p *contactPlanner) refuse(i int, faults Invalid) {
	if len(faults) == 0 {
		return
	}
	r := &p.rows[i]
	r.Outcome, r.Changes = ImportFault, nil
	if r.Faults == nil {
		r.Faults = Invalid{}
	}
	for field, message := range faults {
		r.Faults.check(false, field, message)
	}
}

func (p *contactPlanner) faulty(i int) bool { return p.rows[i].Outcome == ImportFault }

// settle notes what a good row does.
func (p *contactPlanner) settle(i int, id int64, name string, changes []FieldChange) {
	r := &p.rows[i]
	r.ID, r.Record, r.Changes = max(id, 0), name, changes
	switch {
	case id <= 0:
		r.Outcome = ImportAdd
	case len(changes) > 0:
		r.Outcome = ImportChange
	}
}

func (p *contactPlanner) note(i int, text string) { p.rows[i].Notes = append(p.rows[i].Notes, text) }

func (p *contactPlanner) plan() ImportPlan {
	plan := ImportPlan{Rows: p.rows, NewUnits: p.newUnits}
	done := map[*unitDraft]bool{}
	var put func(u *unitDraft)
	put = func(u *unitDraft) {
		if u == nil || done[u] || !u.touched {
			return
		}
		done[u] = true
		put(p.unitIDs[u.ParentID])
		plan.Units = append(plan.Units, u.Unit)
	}
	for _, u := range p.units {
		put(u)
	}
	for _, person := range p.people {
		if person.touched {
			plan.People = append(plan.People, person.Person)
		}
	}
	return plan
}

// changes collects the fields in which two records differ.
type changes []FieldChange

func (c *changes) add(field, before, after string) {
	if before != after {
		*c = append(*c, FieldChange{field, before, after})
	}
}
