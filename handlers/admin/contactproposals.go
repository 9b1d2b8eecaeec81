package admin

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"congso/handlers/web"
	"congso/store/model"
	"congso/views/adminpage"
)

// propose keeps the form of somebody who may not write as a proposal.
func (a *Admin) propose(c web.Ctx, f *web.Form, kind model.Kind, id int64, name string) error {
	p := model.Proposal{
		ID: f.ID("proposal"), Version: int(f.ID("proposal_version")), Kind: kind, RecordID: id, Base: revisionOf(f), Name: name,
		Data: onlyTyped(f).Encode(),
	}
	return a.Store.Propose(c.Request().Context(), web.User(c).Actor(), &p)
}

// mayRead reports whether the user may see the proposal: an editor, or who made it.
func mayRead(c web.Ctx, p model.Proposal) bool {
	return contactRight(c).Edit || p.Owner == web.User(c).ID
}

// proposalForm is the form with what a proposal for the record holds.
func (a *Admin) proposalForm(c web.Ctx, k contactKind, id int64, text string) (*web.Form, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return nil, model.ErrNotFound
	}
	p, err := a.Store.Proposal(c.Request().Context(), n)
	if err != nil {
		return nil, err
	}
	if !mayRead(c, p) || p.Kind != k.kind || p.RecordID != id {
		return nil, model.ErrNotFound
	}
	f, err := decodeForm(p.Data)
	if err != nil {
		return nil, fmt.Errorf("proposal %d: %w", n, err)
	}
	f.Values.Set("revision", strconv.Itoa(p.Base))
	f.Values.Set("proposal", text)
	f.Values.Set("proposal_version", strconv.Itoa(p.Version))
	return f, nil
}

// freshProposal brings the version of the proposal in the form up to date, or takes it out when it is gone.
func (a *Admin) freshProposal(c web.Ctx, f *web.Form) error {
	id := f.ID("proposal")
	if id == 0 {
		return nil
	}
	p, err := a.Store.Proposal(c.Request().Context(), id)
	if errors.Is(err, model.ErrNotFound) {
		f.Values.Del("proposal")
		f.Values.Del("proposal_version")
		return nil
	}
	f.Values.Set("proposal_version", strconv.Itoa(p.Version))
	return err
}

// waitingFor are the proposals for the record that await an editor, but for the one in the form.
func (a *Admin) waitingFor(c web.Ctx, kind model.Kind, id, shown int64) ([]model.Proposal, error) {
	if id == 0 {
		return nil, nil
	}
	list, err := a.proposalsFor(c.Request().Context(), c)
	return slices.DeleteFunc(list, func(p model.Proposal) bool { return p.Kind != kind || p.RecordID != id || p.ID == shown }), err
}

// proposal shows a proposal beside what is there.
func (a *Admin) proposal(c web.Ctx) error { return a.showProposal(c, http.StatusOK, nil) }

func (a *Admin) proposalOf(c web.Ctx) (model.Proposal, error) {
	id, err := id(c)
	if err != nil {
		return model.Proposal{}, err
	}
	p, err := a.Store.Proposal(c.Request().Context(), id)
	if err == nil && !mayRead(c, p) {
		err = model.ErrNotFound
	}
	return p, err
}

func (a *Admin) showProposal(c web.Ctx, status int, f *web.Form) error {
	proposal, err := a.proposalOf(c)
	if err != nil {
		return err
	}
	d := adminpage.ProposalData{Proposal: proposal, Right: contactRight(c), Own: proposal.Owner == web.User(c).ID}
	if d.Changes, d.Moved, err = a.proposed(c, proposal); err != nil {
		return err
	}
	p, err := a.page(c, "Đề xuất: "+proposal.Name, web.Link{Name: "Danh bạ", Href: directoryPath})
	if err != nil {
		return err
	}
	p.Sheets = []string{"contacts.css"}
	return web.Render(c, status, adminpage.ProposalPage(p, f, d))
}

// proposed are the fields that the proposal would change in the record as it is now. moved reports whether it is another revision than the
// proposal began from.
func (a *Admin) proposed(c web.Ctx, p model.Proposal) (list []adminpage.Compared, moved bool, err error) {
	k := a.personKind(c)
	if p.Kind == model.KindUnit {
		k = a.unitKind(c)
	}
	directory, err := a.Store.WholeDirectory(c.Request().Context(), web.Viewer(c))
	if err != nil {
		return nil, false, err
	}
	f, err := decodeForm(p.Data)
	if err != nil {
		return nil, false, fmt.Errorf("proposal %d: %w", p.ID, err)
	}
	units := unitsByID(directory.Units)
	there, revision, err := k.there(p.RecordID, units)
	return differences(there, k.read(f, p.RecordID, units)), revision != p.Base, err
}

// returnProposal sends a proposal back with a note.
func (a *Admin) returnProposal(c web.Ctx) error {
	f, err := web.ParseForm(c)
	if err != nil {
		return err
	}
	proposal, err := a.proposalOf(c)
	if err != nil {
		return err
	}
	err = a.Store.ReturnProposal(c.Request().Context(), web.User(c).Actor(), proposal.ID, int(f.ID("version")), f.Lines("note"))
	switch {
	case f.Refused(err):
		return a.showProposal(c, refused, f)
	case errors.Is(err, model.ErrConflict):
		f.Fail("note", "Đề xuất đã thay đổi sau khi bạn mở. Xin xem lại rồi trả lại lần nữa.")
		return a.showProposal(c, http.StatusConflict, f)
	case err != nil:
		return err
	}
	return saved(c, directoryPath, "Đã trả lại đề xuất: "+proposal.Name+".")
}

// dropProposal throws a proposal away: one's own, or as an editor any.
func (a *Admin) dropProposal(c web.Ctx) error {
	f, err := web.ParseForm(c)
	if err != nil {
		return err
	}
	proposal, err := a.proposalOf(c)
	if err != nil {
		return err
	}
	err = a.Store.DropProposal(c.Request().Context(), web.User(c).Actor(), proposal.ID, int(f.ID("version")))
	if errors.Is(err, model.ErrConflict) {
		return warned(c, c.Request().URL.Path[:len(c.Request().URL.Path)-len("/bo")], "Đề xuất đã thay đổi sau khi bạn mở. Xin xem lại.")
	}
	if err != nil {
		return err
	}
	return saved(c, directoryPath, "Đã bỏ đề xuất: "+proposal.Name+".")
}
