package store

import (
	"context"
	"fmt"
	"strings"

	"congso/store/model"
)

// TaskFilter says which tasks the board shows; the zero filter takes all open ones.
type TaskFilter struct {
	Unit     int64     // 0 for all
	From, To model.Day // days on which they are due, both included; "" for no bound. A bound leaves out tasks without a day.
	Text     string    // words of the task, its unit and its meeting, accents or not
	Done     bool      // closed tasks in place of open ones
}

func (f TaskFilter) conditions() *conditions {
	c := &conditions{}
	c.add("t.done = ?", f.Done)
	c.add("m.status = ?", model.StatusPublished)
	if f.Unit != 0 {
		c.add("t.unit_id = ?", f.Unit)
	}
	if f.From != "" {
		c.add("t.due_day >= ?", f.From)
	}
	if f.To != "" {
		c.add("t.due_day <> '' AND t.due_day <= ?", f.To)
	}
	return c
}

// Tasks returns the tasks of all published meetings, internal ones too, by the day on which they are due: overdue ones first, those
// without a day last.
func (s *Store) Tasks(ctx context.Context, f TaskFilter) ([]model.OpenTask, error) {
	scan := func(row scanner) (model.OpenTask, error) {
		var t model.OpenTask
		err := row.Scan(&t.MeetingID, &t.MeetingSlug, &t.MeetingTitle, &t.Revision, moment{&t.Start}, &t.Visibility, &t.Position,
			&t.Text, &t.UnitID, &t.UnitSlug, &t.UnitName, &t.Due, &t.Done, &t.Proof)
		return t, err
	}
	c := f.conditions()
	list, err := queryAll(ctx, s.read, scan, `SELECT m.id, m.slug, m.title, m.revision, m.start_at, m.visibility, t.position,
		t.text, COALESCE(t.unit_id, 0), COALESCE(u.slug, ''), COALESCE(u.name, ''), t.due_day, t.done, t.proof
		FROM meeting_task t JOIN meeting m ON m.id = t.meeting_id LEFT JOIN unit u ON u.id = t.unit_id`+c.where()+`
		ORDER BY CASE WHEN t.due_day = '' THEN 1 ELSE 0 END, t.due_day, m.start_at DESC, m.id, t.position`, c.args...)
	if err != nil {
		return nil, fmt.Errorf("tasks: %w", err)
	}
	words := strings.Fields(model.Fold(model.Clean(f.Text)))
	return filter(list, func(t model.OpenTask) bool {
		return holdsAll(model.Fold(t.Text+"\n"+t.UnitName+"\n"+t.MeetingTitle), words)
	}), nil
}

func holdsAll(text string, words []string) bool {
	for _, word := range words {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// CloseTask marks the task at that position of the meeting, from 0, as done, proved by an address on the portal or on the web: the next
// revision of the meeting, which the audit trail calls "close_task". What was proposed for the task ends. The error is model.Invalid for the field "proof" or "status",
// model.ErrConflict when the meeting is at another revision, model.ErrNotFound when there is no such task.
func (s *Store) CloseTask(ctx context.Context, by model.Actor, meeting int64, revision, position int, proof string) error {
	proof = model.Clean(proof)
	if err := model.CheckProof(proof); err != nil {
		return fmt.Errorf("close task %d of meeting %d: %w", position, meeting, err)
	}
	return s.changeTask(ctx, by, meeting, revision, position, "close_task", func(t *model.Task) { t.Done, t.Proof = true, proof })
}

// ReopenTask takes back what CloseTask did; the audit trail says "reopen_task".
func (s *Store) ReopenTask(ctx context.Context, by model.Actor, meeting int64, revision, position int) error {
	return s.changeTask(ctx, by, meeting, revision, position, "reopen_task", func(t *model.Task) { t.Done, t.Proof = false, "" })
}

func (s *Store) changeTask(ctx context.Context, by model.Actor, meeting int64, revision, position int, action string, change func(*model.Task)) error {
	m, err := wholeMeeting(ctx, s.read, meeting)
	if err == nil {
		err = checkTask(m, revision, position)
	}
	if err != nil {
		return fmt.Errorf("%s %d of meeting %d: %w", action, position, meeting, err)
	}
	change(&m.Tasks[position])
	return s.storeMeeting(ctx, by, &m, saving{action: model.Action(action)})
}

// checkTask says why the task at that position cannot be followed, if so.
func checkTask(m model.Meeting, revision, position int) error {
	switch {
	case m.Revision != revision:
		return model.ErrConflict
	case position < 0 || position >= len(m.Tasks):
		return model.ErrNotFound
	case m.Status != model.StatusPublished:
		return model.Invalid{"status": "Chỉ theo dõi nhiệm vụ của cuộc họp đã đăng."}
	}
	return nil
}
