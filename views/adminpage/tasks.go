package adminpage

import (
	"fmt"
	"slices"
	"time"

	"congso/store/model"
)

// The choices of the board's filter by due date; "" is for all.
const (
	DueOver  = "qua-han"
	DueWeek  = "7"
	DueMonth = "30"
)

// TasksData is the task board with the filter in force.
type TasksData struct {
	Groups  []TaskGroup
	Total   int
	Overdue int
	Units   []Option
	Unit    int64
	Due     string
	Text    string
	Done    bool
	ByUnit  bool
	Query   string // of the board's address, with its question mark; "" without a filter
	Today   model.Day
	Right   TaskRight

	Proposals []model.Proposal // to close tasks: what waits for an editor, or the user's own
}

// TaskRight is what the user may do about tasks.
type TaskRight struct{ Close, Propose bool }

// waits reports whether a proposal to close the task is among those of the board and waits.
func (d TasksData) waits(t model.OpenTask) bool {
	return slices.ContainsFunc(d.Proposals, func(p model.Proposal) bool {
		return p.RecordID == t.MeetingID && p.Position == t.Position && p.Status == model.StatusReview
	})
}

// TaskGroup is tasks under one heading.
type TaskGroup struct {
	Title string
	Tasks []model.OpenTask
}

// TaskData is one task.
type TaskData struct {
	Task     model.OpenTask
	Today    model.Day
	Proofs   []Option // addresses that are likely to prove it, with what is there
	Right    TaskRight
	Proposal model.Proposal // to close it; ID 0 when there is none
	Own      bool           // it is the user's
}

// mayPropose reports whether the user is the one to propose the closing now: nobody else's proposal waits.
func (d TaskData) mayPropose() bool {
	return d.Right.Propose && !d.Right.Close && !d.Task.Done && (d.Proposal.ID == 0 || d.Own)
}

// DueHeading is the heading under which the board puts a task when it goes by due dates.
func DueHeading(t model.Task, today model.Day) string {
	switch {
	case t.Due == "":
		return "Không ghi hạn"
	case t.Due < today:
		return "Đã qua hạn"
	case t.Due <= model.DayOf(today.Time().AddDate(0, 0, 7)):
		return "Trong 7 ngày tới"
	}
	return "Sau đó"
}

// TaskState is how a task stands, in words.
func TaskState(t model.Task, today model.Day) string {
	switch t.State(today) {
	case model.TaskDone:
		return "Đã xong"
	case model.TaskOverdue:
		return fmt.Sprintf("Quá hạn %d ngày", daysBetween(t.Due, today))
	}
	switch {
	case t.Due == today:
		return "Hạn hôm nay"
	case t.Due != "":
		return fmt.Sprintf("Còn %d ngày", daysBetween(today, t.Due))
	}
	return "Đang làm"
}

func daysBetween(from, to model.Day) int {
	return int(to.Time().Sub(from.Time()) / (24 * time.Hour)) // no day in Vietnam is shorter or longer
}

func taskBadge(t model.Task, today model.Day) string {
	return map[model.TaskState]string{model.TaskDone: "good", model.TaskOverdue: "late", model.TaskOpen: "busy"}[t.State(today)]
}

func taskPath(t model.OpenTask) string {
	return fmt.Sprintf("/admin/nhiem-vu/%d/%d", t.MeetingID, t.Position+1)
}

// proposedTask is the page of the task that the proposal is for.
func proposedTask(p model.Proposal) string {
	return taskPath(model.OpenTask{MeetingID: p.RecordID, Position: p.Position})
}
