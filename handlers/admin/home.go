package admin

import (
	"net/http"

	"congso/handlers/web"
	"congso/store"
	"congso/store/model"
	"congso/views/adminpage"
)

// home is the first page after the login: what awaits the user, and the desks.
func (a *Admin) home(c web.Ctx) error {
	p, err := a.page(c, "Trang đầu")
	if err != nil {
		return err
	}
	d, err := a.awaiting(c)
	if err != nil {
		return err
	}
	if d.Sections, err = a.beginning(c); err != nil {
		return err
	}
	if d.Backup, err = a.backupTrouble(c); err != nil {
		return err
	}
	if d.Findings, err = a.scanTrouble(c); err != nil {
		return err
	}
	if len(d.Sections) > 0 {
		p.Scripts, p.Sheets = []string{"newitem.js"}, []string{"editor.css"}
	}
	return web.Render(c, http.StatusOK, adminpage.Home(p, d))
}

// backupTrouble says to administrators what is wrong with the backups, "" when nothing is.
func (a *Admin) backupTrouble(c web.Ctx) (string, error) {
	if !web.User(c).Role.AtLeast(model.RoleAdmin) {
		return "", nil
	}
	b, err := a.Store.BackupState(c.Request().Context())
	if err != nil {
		return "", err
	}
	return adminpage.BackupTrouble(b, a.Store.Now()), nil
}

// beginning are the sections in which the user may begin an item.
func (a *Admin) beginning(c web.Ctx) ([]model.Section, error) {
	if u := web.User(c); model.MayOpen(u, model.DeskNews, model.ActionCreate) {
		return a.ownSections(c.Request().Context(), u)
	}
	return nil, nil
}

func (a *Admin) awaiting(c web.Ctx) (d adminpage.HomeData, err error) {
	ctx, u := c.Request().Context(), web.User(c)
	if !u.Role.AtLeast(model.RoleAuthor) {
		return d, nil
	}
	awaiting, err := a.Store.Awaiting(ctx, u)
	if err != nil {
		return d, err
	}
	d.Review, d.Returned, d.Drafts = a.awaits(u, awaiting.Review), a.awaits(u, awaiting.Returned), a.awaits(u, awaiting.Drafts)
	if err := a.countProposals(c, &d); err != nil {
		return d, err
	}
	if !model.MayOpen(u, model.DeskTasks, model.ActionEdit) {
		return d, nil
	}
	yesterday := model.DayOf(a.Store.Now().AddDate(0, 0, -1))
	overdue, err := a.Store.Tasks(ctx, store.TaskFilter{To: yesterday})
	d.Overdue = len(overdue)
	return d, err
}

// countProposals notes how many proposals wait for the user, or were returned to the user.
func (a *Admin) countProposals(c web.Ctx, d *adminpage.HomeData) error {
	ctx := c.Request().Context()
	proposals, err := a.proposalsFor(ctx, c)
	if err != nil {
		return err
	}
	for _, p := range proposals {
		switch {
		case contactRight(c).Edit:
			d.Proposals++
		case p.Status == model.StatusReturned:
			d.SentBack++
		}
	}
	closings, err := a.closings(ctx, c)
	if err != nil {
		return err
	}
	for _, p := range closings {
		switch {
		case taskRight(c).Close:
			d.Closings++
		case p.Status == model.StatusReturned:
			d.ClosingsBack++
		}
	}
	return nil
}

// awaits are the rows with the address of their page.
func (a *Admin) awaits(u model.User, rows []model.DeskRow) []adminpage.HomeRow {
	list := make([]adminpage.HomeRow, len(rows))
	for i, r := range rows {
		list[i] = adminpage.HomeRow{DeskRow: r, Page: a.recordPage(u, r.Kind, r.ID)}
	}
	return list
}
