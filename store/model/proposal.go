package model

import "time"

// Proposal is what an author would have changed or added in the directory, or the closing of a task of a meeting: an editor takes it over
// or returns it with a note.
type Proposal struct {
	ID        int64
	Kind      Kind   // KindUnit, KindPerson, or KindMeeting for one of its tasks
	RecordID  int64  // 0 for a new entry
	Base      int    // revision of the record that it began from, 0 for a new entry
	Version   int    // 1 for a new proposal, one more with each change
	Status    Status // StatusReview or StatusReturned
	Note      string // why it was returned
	Name      string // of the entry or task, for lists
	Data      string // the form as typed, in the editor's own encoding; of a task the address that proves it done
	Position  int    // of the task in its meeting, from 0
	Owner     int64
	OwnerName string // full name
	UpdatedAt time.Time
}

// Validate cleans the texts of p and returns Invalid when it holds too much or belongs to nothing.
func (p *Proposal) Validate() error {
	p.Name, p.Note = Clean(p.Name), CleanLines(p.Note)
	v := Invalid{}
	if p.Kind != KindMeeting { // a task may be said at length
		checkName(v, p.Name)
	}
	checkLength(v, "note", p.Note, MaxNote)
	v.check(p.Kind == KindUnit || p.Kind == KindPerson || p.Kind == KindMeeting, "kind", "Chỉ đề xuất được cho đơn vị, người và nhiệm vụ.")
	v.check(len(p.Data) <= MaxCopy, "data", "Nội dung đề xuất quá lớn.")
	return v.err()
}
