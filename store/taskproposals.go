package store

import (
	"context"
	"database/sql"
	"fmt"

	"congso/store/model"
)

// TaskProposals returns what is proposed to close tasks of the meeting, or of all meetings when it is 0, the oldest first: one proposal at
// most for a task. Those for a meeting that is not published wait until it is again.
func (s *Store) TaskProposals(ctx context.Context, meeting int64) ([]model.Proposal, error) {
	var c conditions
	c.add("p.kind = ?", model.KindMeeting)
	c.add("EXISTS (SELECT 1 FROM meeting m WHERE m.id = p.record_id AND m.status = ?)", model.StatusPublished)
	if meeting != 0 {
		c.add("p.record_id = ?", meeting)
	}
	list, err := proposals(ctx, s.read, c)
	if err != nil {
		return nil, fmt.Errorf("proposals for tasks of meeting %d: %w", meeting, err)
	}
	return list, nil
}

// ProposeClosing keeps for review that the task at that position of the meeting, from 0, be closed with the proof. It takes the place of
// what by proposed for the task before, and of what was returned to somebody else. The errors are those of CloseTask, and model.Invalid
// for the field "proof" when the task is closed or somebody else's proposal waits.
func (s *Store) ProposeClosing(ctx context.Context, by model.Actor, meeting int64, revision, position int, proof string) error {
	proof = model.Clean(proof)
	err := model.CheckProof(proof)
	if err == nil {
		err = s.change(ctx, func(tx *sql.Tx) error { return s.proposeClosing(ctx, tx, by, meeting, revision, position, proof) })
	}
	if err != nil {
		return fmt.Errorf("propose to close task %d of meeting %d: %w", position, meeting, err)
	}
	return nil
}

func (s *Store) proposeClosing(ctx context.Context, tx *sql.Tx, by model.Actor, meeting int64, revision, position int, proof string) error {
	m, err := wholeMeeting(ctx, tx, meeting)
	if err == nil {
		err = checkTask(m, revision, position)
	}
	if err != nil {
		return err
	}
	task := m.Tasks[position]
	if task.Done {
		return model.Invalid{"proof": "Nhiệm vụ này đã đóng."}
	}
	p := model.Proposal{Kind: model.KindMeeting, RecordID: meeting, Position: position, Base: revision, Name: task.Text, Data: proof}
	list, err := taskProposals(ctx, tx, meeting)
	if err != nil {
		return err
	}
	for _, there := range list {
		switch {
		case there.Position != position:
		case there.Owner == by.UserID:
			p.ID, p.Version = there.ID, there.Version
		case there.Status == model.StatusReview:
			return model.Invalid{"proof": "Đã có đề xuất đóng nhiệm vụ này của " + there.OwnerName + " đang chờ xem."}
		default:
			if err := dropTaskProposal(ctx, tx, there.ID); err != nil {
				return err
			}
		}
	}
	if err := p.Validate(); err != nil {
		return err
	}
	return s.propose(ctx, tx, by, &p)
}

func taskProposals(ctx context.Context, tx *sql.Tx, meeting int64) ([]model.Proposal, error) {
	var c conditions
	c.add("p.kind = ?", model.KindMeeting)
	c.add("p.record_id = ?", meeting)
	return proposals(ctx, tx, c)
}

func dropTaskProposal(ctx context.Context, tx *sql.Tx, id int64) error {
	return exec(ctx, tx, `DELETE FROM proposal WHERE id = $1`, id)
}

// followProposals takes what is proposed for the meeting's tasks to the places of the tasks after a change, and ends it where the task is
// closed, another one or gone.
func followProposals(ctx context.Context, tx *sql.Tx, before, after model.Meeting) error {
	if before.ID == 0 {
		return nil
	}
	list, err := taskProposals(ctx, tx, after.ID)
	if err != nil {
		return err
	}
	taken := map[int]bool{}
	for _, p := range list {
		position := -1
		if p.Position < len(before.Tasks) {
			position = placeOf(before.Tasks[p.Position], p.Position, after.Tasks, taken)
		}
		if position < 0 {
			err = dropTaskProposal(ctx, tx, p.ID)
		} else {
			taken[position] = true
			err = exec(ctx, tx, `UPDATE proposal SET position = $1 WHERE id = $2`, position, p.ID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// placeOf is where the open task that was at position stands among tasks, but for the places taken: there if it can be. It is -1 when
// the task is not among them.
func placeOf(t model.Task, position int, tasks []model.Task, taken map[int]bool) int {
	found := -1
	for i, there := range tasks {
		same := there.Text == t.Text && there.UnitID == t.UnitID && there.Due == t.Due && !there.Done
		if same && !taken[i] && (found < 0 || i == position) {
			found = i
		}
	}
	return found
}
