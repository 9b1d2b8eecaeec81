package admin

import (
	"errors"
	"net/http"
	"strconv"

	"congso/handlers/web"
	"congso/store"
	"congso/store/model"
	"congso/views/adminpage"
)

const (
	auditPerPage = 50
	auditPeople  = 500    // accounts that the filter proposes
	auditWalk    = 50_000 // entries of the chain that one page looks at
)

// audit is a page of the audit trail; with kiem-tra=N its chain is walked from the entry after N.
func (a *Admin) audit(c web.Ctx) error {
	ctx := c.Request().Context()
	d := adminpage.AuditData{Query: auditQuery(c), Page: web.PageNumber(c, "trang")}
	var err error
	if d.Entries, d.Total, err = a.Store.AuditPage(ctx, auditFilter(d.Query), d.Page, auditPerPage); err != nil {
		return err
	}
	if d.Last = web.LastPage(d.Total, auditPerPage); d.Page > d.Last {
		return model.ErrNotFound
	}
	if d.Names, err = a.Store.RecordNames(ctx, auditRefs(d.Entries)); err != nil {
		return err
	}
	if d.People, _, err = a.Store.Users(ctx, store.UserFilter{}, 1, auditPeople); err != nil {
		return err
	}
	if d.Actions, err = a.Store.AuditActions(ctx); err != nil {
		return err
	}
	if d.Oldest, err = a.Store.AuditTail(ctx); err != nil {
		return err
	}
	if d.Check, err = a.auditVerdict(c); err != nil {
		return err
	}
	p, err := a.page(c, "Nhật ký")
	if err != nil {
		return err
	}
	p.Wide = true
	return web.Render(c, http.StatusOK, adminpage.Audit(p, d))
}

// auditQuery reads what is asked for; what cannot be read is left out.
func auditQuery(c web.Ctx) adminpage.AuditQuery {
	q := adminpage.AuditQuery{Actor: web.Query(c, "nguoi", 100), Action: web.Query(c, "viec", 40), Kind: model.Kind(web.Query(c, "loai", 40))}
	var badFrom, badTo bool
	q.From, badFrom = queryDay(c, "tu-ngay")
	q.To, badTo = queryDay(c, "den-ngay")
	q.BadDay = badFrom || badTo
	if id, err := strconv.ParseInt(web.Query(c, "so", 18), 10, 64); err == nil && id > 0 {
		q.Record = id
	}
	return q
}

// queryDay is the day in a query; bad reports a text that is none.
func queryDay(c web.Ctx, name string) (day model.Day, bad bool) {
	day, err := model.ParseDay(web.Query(c, name, 40))
	return day, err != nil
}

func auditFilter(q adminpage.AuditQuery) store.AuditFilter {
	return store.AuditFilter{Actor: q.Actor, Action: q.Action, Kind: q.Kind, RecordID: q.Record, From: q.From, To: q.To}
}

// auditRefs are the records and the users that entries name.
func auditRefs(entries []model.Audit) []model.RecordRef {
	var refs []model.RecordRef
	for _, e := range entries {
		refs = append(refs, model.RecordRef{Kind: e.Kind, ID: e.RecordID}, model.RecordRef{Kind: model.KindUser, ID: e.Actor.UserID})
	}
	return refs
}

// auditVerdict walks the chain when the query asks for it.
func (a *Admin) auditVerdict(c web.Ctx) (v adminpage.AuditVerdict, err error) {
	v.After, err = strconv.ParseInt(c.QueryParam("kiem-tra"), 10, 64)
	if err != nil || v.After < 0 {
		return v, nil
	}
	v.AuditCheck, err = a.Store.CheckAudit(c.Request().Context(), v.After, auditWalk)
	v.Asked, v.Whole, v.Holds = true, !v.More, err == nil
	if errors.Is(err, store.ErrAuditBroken) {
		a.Log.Error("audit trail", "error", err)
		err = nil
	}
	return v, err
}
