package model

import (
	"time"
)

// Meeting is a hội nghị or cuộc họp: entered once as rows, shown as prose, printed and given as JSON.
// Lists leave the rows other than the chairs empty.
type Meeting struct {
	ID           int64
	Slug         string
	Title        string
	Kind         string // as the office names it: hội nghị, cuộc họp, giao ban, tập huấn, lễ ký kết
	Start        time.Time
	End          time.Time // zero when not known
	Place        string
	Summary      string // Markdown
	HTML         string // Summary as rendered when it was saved
	Participants []Participant
	Figures      []Figure
	Conclusions  []string
	Tasks        []Task
	Agreements   []Agreement
	Photos       []Photo
	Attachments  []Attachment
	NewsID       int64 // the item that reports the meeting, 0 for none
	Lifecycle
}

// ParticipantRole says what somebody did at a meeting.
type ParticipantRole string

// The roles of participants.
const (
	Chair     ParticipantRole = "chair"
	Secretary ParticipantRole = "secretary"
	Attendee  ParticipantRole = "attendee"
	Signer    ParticipantRole = "signer"
)

func (r ParticipantRole) valid() bool {
	return r == Chair || r == Secretary || r == Attendee || r == Signer
}

// Participant is somebody at a meeting, with the position held on that day.
type Participant struct {
	Name       string
	Position   string
	Role       ParticipantRole
	PersonSlug string // "" when not in the directory
	PersonID   int64
}

// Figure is a number that the meeting reported: "3.600 học viên".
type Figure struct {
	Label string
	Value Decimal
	Unit  string
}

// TaskState is what readers are told of a task.
type TaskState string

// The states of a task. Only open and done are stored; overdue comes from the clock.
const (
	TaskOpen    TaskState = "open"
	TaskDone    TaskState = "done"
	TaskOverdue TaskState = "overdue"
)

// Task is work that a meeting gave to a unit.
type Task struct {
	Text     string
	UnitID   int64
	UnitSlug string
	UnitName string
	Due      Day
	Done     bool
	Proof    string // address of the news item or document that shows it done
}

// State of the task on the given day: a task is overdue from the day after its due date.
func (t Task) State(today Day) TaskState {
	switch {
	case t.Done:
		return TaskDone
	case t.Due != "" && t.Due < today:
		return TaskOverdue
	}
	return TaskOpen
}

// Agreement is something signed at a meeting.
type Agreement struct {
	Title   string
	Parties []string
}

// Chairs are the participants who chaired.
func (m Meeting) Chairs() []Participant { return m.With(Chair) }

// With are the participants of one role.
func (m Meeting) With(role ParticipantRole) []Participant {
	var list []Participant
	for _, p := range m.Participants {
		if p.Role == role {
			list = append(list, p)
		}
	}
	return list
}

// Validate cleans the texts of m, completes its slug, and returns Invalid when a rule is broken.
func (m *Meeting) Validate() error {
	m.Title, m.Kind, m.Place = Clean(m.Title), Clean(m.Kind), Clean(m.Place)
	m.Summary = CleanLines(m.Summary)
	if m.Slug == "" {
		m.Slug = Slug(m.Title)
	}
	v := Invalid{}
	v.check(m.Title != "", "title", "Hội nghị chưa có tên.")
	checkLength(v, "title", m.Title, MaxTitle)
	checkLength(v, "summary", m.Summary, MaxBody)
	checkLength(v, "place", m.Place, 300)
	checkSlug(v, KindMeeting, m.Slug)
	v.check(m.Kind != "", "kind", "Chưa có loại cuộc họp.")
	v.check(!m.Start.IsZero(), "start", "Chưa có thời gian bắt đầu.")
	v.check(m.End.IsZero() || !m.End.Before(m.Start), "end", "Thời gian kết thúc phải sau thời gian bắt đầu.")
	m.validateRows(v)
	cleanAttachments(v, m.Attachments)
	m.validate(v)
	return v.err()
}

func (m *Meeting) validateRows(v Invalid) {
	for i := range m.Participants {
		p := &m.Participants[i]
		p.Name, p.Position = Clean(p.Name), Clean(p.Position)
		v.check(p.Name != "", "participants", "Người dự họp chưa có tên.")
		v.check(p.Role.valid(), "participants", "Vai trò của người dự họp không hợp lệ.")
	}
	for i := range m.Figures {
		f := &m.Figures[i]
		f.Label, f.Unit = Clean(f.Label), Clean(f.Unit)
		v.check(f.Label != "" && f.Value != "", "figures", "Số liệu phải có tên và giá trị.")
	}
	for i := range m.Conclusions {
		m.Conclusions[i] = Clean(m.Conclusions[i])
		v.check(m.Conclusions[i] != "", "conclusions", "Kết luận còn trống.")
	}
	for i := range m.Tasks {
		t := &m.Tasks[i]
		t.Text, t.Proof = Clean(t.Text), Clean(t.Proof)
		checkDays(v, "tasks", t.Due)
		v.check(t.Text != "", "tasks", "Nhiệm vụ còn trống.")
		v.check(t.Proof == "" || localOrWeb(t.Proof), "tasks", "Liên kết chứng minh phải là địa chỉ trên cổng hoặc bắt đầu bằng https://.")
	}
	for i := range m.Agreements {
		a := &m.Agreements[i]
		a.Title = Clean(a.Title)
		v.check(a.Title != "" && len(a.Parties) > 0, "agreements", "Văn bản ký kết phải có tên và các bên.")
		for j := range a.Parties {
			a.Parties[j] = Clean(a.Parties[j])
			v.check(a.Parties[j] != "", "agreements", "Tên bên ký kết còn trống.")
		}
	}
	for i := range m.Photos {
		v.check(m.Photos[i].Media.ID != 0, "photos", "Ảnh chưa được tải lên.")
		cleanPhoto(v, "photos", &m.Photos[i])
	}
}

// CheckProof returns Invalid for the field "proof" unless it is an address that can show a task done.
func CheckProof(proof string) error {
	v := Invalid{}
	v.check(proof != "", "proof", "Hãy dẫn tin hoặc văn bản chứng minh nhiệm vụ đã xong.")
	v.check(localOrWeb(proof), "proof", "Liên kết chứng minh phải là địa chỉ trên cổng hoặc bắt đầu bằng https://.")
	return v.err()
}
