package admin

import (
	"context"
	"slices"

	"congso/handlers/web"
	"congso/store/model"
	"congso/views/adminpage"
)

// taskRight is what the user may do about tasks.
func taskRight(c web.Ctx) adminpage.TaskRight {
	u := web.User(c)
	return adminpage.TaskRight{
		Close:   model.May(u, model.DeskTasks, model.ActionEdit, model.Object{}),
		Propose: model.May(u, model.DeskTasks, model.ActionSend, model.Object{}),
	}
}

// closings are the closings of tasks that somebody who closes tasks should look at, or those that the user proposed.
func (a *Admin) closings(ctx context.Context, c web.Ctx) ([]model.Proposal, error) {
	list, err := a.Store.TaskProposals(ctx, 0)
	edit, user := taskRight(c).Close, web.User(c).ID
	return slices.DeleteFunc(list, func(p model.Proposal) bool {
		return edit && p.Status != model.StatusReview || !edit && p.Owner != user
	}), err
}

// closingOf is what is proposed for the task, as far as the user may know: what was returned is between its author and the editors. It is
// the zero Proposal when there is nothing.
func (a *Admin) closingOf(c web.Ctx, t model.OpenTask) (model.Proposal, error) {
	list, err := a.Store.TaskProposals(c.Request().Context(), t.MeetingID)
	for _, p := range list {
		known := taskRight(c).Close || p.Owner == web.User(c).ID || p.Status == model.StatusReview
		if p.Position == t.Position && known {
			return p, nil
		}
	}
	return model.Proposal{}, err
}

// proposeClosing keeps the proof for somebody who may close the task.
func (a *Admin) proposeClosing(c web.Ctx) error {
	return a.changeTask(c, "Đã gửi đề xuất đóng nhiệm vụ: ", func(t model.OpenTask, form *web.Form, revision int) error {
		ctx, proof := c.Request().Context(), a.ownAddress(form.Text("proof"))
		if err := a.proofThere(ctx, proof); err != nil {
			return err
		}
		return a.Store.ProposeClosing(ctx, web.User(c).Actor(), t.MeetingID, revision, t.Position, proof)
	})
}

// returnClosing sends the proposal for the task back with a note.
func (a *Admin) returnClosing(c web.Ctx) error {
	return a.changeTask(c, "Đã trả lại đề xuất đóng nhiệm vụ: ", func(t model.OpenTask, form *web.Form, _ int) error {
		p, err := a.closingOf(c, t)
		switch {
		case err != nil:
			return err
		case p.Status != model.StatusReview:
			return model.ErrConflict // taken back or returned meanwhile
		}
		return a.Store.ReturnProposal(c.Request().Context(), web.User(c).Actor(), p.ID, int(form.ID("version")), form.Lines("note"))
	})
}

// dropClosing throws the proposal for the task away: one's own, or as an editor any.
func (a *Admin) dropClosing(c web.Ctx) error {
	return a.changeTask(c, "Đã bỏ đề xuất đóng nhiệm vụ: ", func(t model.OpenTask, form *web.Form, _ int) error {
		p, err := a.closingOf(c, t)
		switch {
		case err != nil:
			return err
		case p.ID == 0:
			return model.ErrConflict
		case !taskRight(c).Close && p.Owner != web.User(c).ID:
			return model.ErrNotFound
		}
		return a.Store.DropProposal(c.Request().Context(), web.User(c).Actor(), p.ID, int(form.ID("version")))
	})
}
