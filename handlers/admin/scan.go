package admin

import (
	"errors"
	"net/http"
	"slices"

	"congso/handlers/web"
	"congso/store"
	"congso/store/model"
	"congso/views/adminpage"
)

const (
	scanPath    = "/admin/ra-soat"
	scanPerPage = 50
)

// scan lists what the guard against planted links has found: everything to administrators, to editors what is in their sections.
func (a *Admin) scan(c web.Ctx) error {
	ctx, u := c.Request().Context(), web.User(c)
	d := adminpage.ScanData{Query: scanQuery(c), Page: web.PageNumber(c, "trang"), May: model.May(u, model.DeskScan, model.ActionEdit, model.Object{})}
	filter := scanFilter(u)
	filter.State, filter.Kind, filter.Place, filter.Value = d.Query.State, d.Query.Kind, d.Query.Place, d.Query.Value
	var err error
	if d.List, d.Total, err = a.Store.Findings(ctx, filter, d.Page, scanPerPage); err != nil {
		return err
	}
	if d.Last = web.LastPage(d.Total, scanPerPage); d.Page > d.Last {
		return model.ErrNotFound
	}
	if d.State, err = a.Store.ScanState(ctx); err != nil {
		return err
	}
	p, err := a.page(c, "Rà soát")
	if err != nil {
		return err
	}
	p.Wide = true
	return web.Render(c, http.StatusOK, adminpage.Scan(p, d))
}

// scanFilter takes what the user may see.
func scanFilter(u model.User) store.FindingFilter {
	if u.Role.AtLeast(model.RoleAdmin) {
		return store.FindingFilter{}
	}
	return store.FindingFilter{Bounded: true, Within: u.Sections}
}

// scanQuery reads what is asked for; what cannot be read is left out. Without a state, open findings are.
func scanQuery(c web.Ctx) adminpage.ScanQuery {
	q := adminpage.ScanQuery{
		State: model.FindingState(web.Query(c, "trang-thai", 20)), Kind: model.FindingKind(web.Query(c, "loai", 20)),
		Place: model.Kind(web.Query(c, "noi", 20)), Value: web.Query(c, "la", 300),
	}
	switch {
	case q.State == "moi":
		q.State = ""
	case !slices.Contains(model.FindingStates(), q.State):
		q.State = model.FindingOpen
	}
	if !slices.Contains(model.FindingKinds(), q.Kind) {
		q.Kind = ""
	}
	return q
}

// finding is the one in the address.
func (a *Admin) finding(c web.Ctx) (model.Finding, error) {
	n, err := id(c)
	if err != nil {
		return model.Finding{}, err
	}
	return a.Store.Finding(c.Request().Context(), n)
}

// decideFinding says of a finding that it is none, or opens one again.
func (a *Admin) decideFinding(state model.FindingState, message string) web.Handler {
	return func(c web.Ctx) error {
		f, err := a.finding(c)
		if err != nil {
			return err
		}
		return a.decided(c, f, state, message)
	}
}

// decided writes down what was decided and tells it.
func (a *Admin) decided(c web.Ctx, f model.Finding, state model.FindingState, message string) error {
	err := a.Store.DecideFinding(c.Request().Context(), web.User(c).Actor(), f.ID, state)
	if errors.Is(err, model.ErrConflict) {
		return warned(c, scanPath, "Phát hiện này vừa được người khác xử lý, hoặc không còn nữa.")
	}
	if err != nil {
		return err
	}
	return saved(c, scanPath, message)
}

// takeDown takes away what a finding is about, in the way in which an administrator would at its own desk.
func (a *Admin) takeDown(c web.Ctx) error {
	f, err := a.finding(c)
	if err != nil {
		return err
	}
	if f.State != model.FindingOpen {
		return warned(c, scanPath, "Phát hiện này vừa được người khác xử lý, hoặc không còn nữa.")
	}
	err = a.removePlanted(c, f)
	var invalid model.Invalid
	switch {
	case errors.Is(err, errByHand):
		return warned(c, scanPath, "Chỗ này phải sửa bằng tay: hãy mở nơi có nó mà sửa.")
	case errors.Is(err, model.ErrInUse):
		return warned(c, scanPath, "Tệp đang được dùng. Hãy mở tệp trong Thư viện, thay bằng tệp khác rồi lưu trữ.")
	case errors.Is(err, model.ErrConflict):
		return warned(c, scanPath, "Nội dung vừa thay đổi ở nơi khác. Xin xem lại rồi bấm lần nữa.")
	case errors.As(err, &invalid):
		return warned(c, scanPath, firstOf(invalid))
	case err != nil && !errors.Is(err, model.ErrNotFound): // what is gone already is as good as taken down
		return err
	}
	err = a.decided(c, f, model.FindingDown, "Đã gỡ xuống: "+adminpage.FindingTitle(f)+".")
	if err != nil || f.Field == "working_copy" || f.Place != model.KindNews && f.Place != model.KindMeeting {
		return err
	}
	// All else that was found in it went with it; the guard would see that too, but only in some seconds.
	return a.Store.NoteRecordFindings(c.Request().Context(), f.Place, f.RecordID, nil)
}

// errByHand says that there is no way to take a thing down but to correct it.
var errByHand = errors.New("to be corrected by hand")

func (a *Admin) removePlanted(c web.Ctx, f model.Finding) error {
	ctx, by := c.Request().Context(), web.User(c).Actor()
	switch f.Place {
	case model.KindNews, model.KindMeeting:
		return a.archivePlanted(c, f)
	case model.KindLink:
		return a.Store.DeleteLinkedSite(ctx, by, f.RecordID)
	case model.KindMoved:
		_, err := a.Store.DeleteRedirect(ctx, by, f.Path)
		return err
	case model.KindMenu:
		items, err := a.Store.Menu(ctx)
		if err != nil {
			return err
		}
		return a.Store.PutMenu(ctx, by, withoutHref(items, f.Path))
	case model.KindMedia:
		if f.RecordID != 0 {
			return a.Store.ArchiveMedia(ctx, by, f.RecordID)
		}
		return a.Store.PutAside(ctx, by, f.Path)
	}
	return errByHand
}

// withoutHref is the menu without the entries that lead there.
func withoutHref(items []model.MenuItem, href string) (kept []model.MenuItem) {
	for _, item := range items {
		if item.Href != href {
			item.Children = withoutHref(item.Children, href)
			kept = append(kept, item)
		}
	}
	return kept
}

// archivePlanted archives a news item or meeting; what stands in its working copy alone goes with the copy.
func (a *Admin) archivePlanted(c web.Ctx, f model.Finding) error {
	ctx, by := c.Request().Context(), web.User(c).Actor()
	if f.Field == "working_copy" {
		w, err := a.Store.WorkingCopy(ctx, f.Place, f.RecordID)
		if err != nil {
			return err
		}
		return a.Store.DropWorkingCopy(ctx, by, f.Place, f.RecordID, w.Version)
	}
	l, err := a.lifecycle(c, f)
	if err != nil || l.Status == model.StatusArchived {
		return err
	}
	_, err = a.Store.Move(ctx, by, f.Place, f.RecordID, l.Revision, model.ActionArchive, "")
	return err
}

func (a *Admin) lifecycle(c web.Ctx, f model.Finding) (model.Lifecycle, error) {
	if f.Place == model.KindMeeting {
		m, err := a.Store.MeetingForDesk(c.Request().Context(), f.RecordID)
		return m.Lifecycle, err
	}
	n, err := a.Store.NewsForDesk(c.Request().Context(), f.RecordID)
	return n.Lifecycle, err
}

// scanTrouble says how many findings await the user.
func (a *Admin) scanTrouble(c web.Ctx) (open int, err error) {
	u := web.User(c)
	if !model.MayOpen(u, model.DeskScan, model.ActionView) {
		return 0, nil
	}
	return a.Store.OpenFindings(c.Request().Context(), scanFilter(u))
}
