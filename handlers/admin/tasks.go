package admin

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"congso/handlers/web"
	"congso/store"
	"congso/store/model"
	"congso/views/adminpage"
)

const tasksPath = "/admin/nhiem-vu"

// taskQuery is what the address of the board asks for.
type taskQuery struct {
	store.TaskFilter
	due    string // one of adminpage.TaskDues
	byUnit bool   // grouped by unit, not by due date
}

func (a *Admin) taskQuery(c web.Ctx) taskQuery {
	unit, err := strconv.ParseInt(c.QueryParam("don-vi"), 10, 64)
	if err != nil || unit < 0 {
		unit = 0
	}
	q := taskQuery{due: c.QueryParam("han"), byUnit: c.QueryParam("xep") == "don-vi"}
	q.TaskFilter = store.TaskFilter{Unit: unit, Text: web.Query(c, "q", 200), Done: c.QueryParam("xong") == "1"}
	now := a.Store.Now()
	switch q.due {
	case adminpage.DueOver:
		q.To = model.DayOf(now.AddDate(0, 0, -1))
	case adminpage.DueWeek:
		q.From, q.To = model.DayOf(now), model.DayOf(now.AddDate(0, 0, 7))
	case adminpage.DueMonth:
		q.From, q.To = model.DayOf(now), model.DayOf(now.AddDate(0, 0, 30))
	default:
		q.due = ""
	}
	return q
}

// String is the query as an address carries it, "" for all open tasks.
func (q taskQuery) String() string {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	if q.Unit != 0 {
		v.Set("don-vi", strconv.FormatInt(q.Unit, 10))
	}
	set("han", q.due)
	set("q", q.Text)
	if q.Done {
		v.Set("xong", "1")
	}
	if q.byUnit {
		v.Set("xep", "don-vi")
	}
	if len(v) == 0 {
		return ""
	}
	return "?" + v.Encode()
}

// tasks is the board: the tasks of all meetings, overdue first.
func (a *Admin) tasks(c web.Ctx) error {
	ctx, q := c.Request().Context(), a.taskQuery(c)
	p, err := a.page(c, "Nhiệm vụ sau hội nghị")
	if err != nil {
		return err
	}
	p.Wide, p.Sheets = true, []string{"meetings.css"}
	list, err := a.Store.Tasks(ctx, q.TaskFilter)
	if err != nil {
		return err
	}
	d := adminpage.TasksData{Today: a.Store.Today(), Unit: q.Unit, Due: q.due, Text: q.Text, Done: q.Done, ByUnit: q.byUnit, Query: q.String(), Total: len(list)}
	if d.Units, err = a.taskUnits(c); err != nil {
		return err
	}
	for _, t := range list {
		if t.State(d.Today) == model.TaskOverdue {
			d.Overdue++
		}
	}
	if q.byUnit {
		sortByUnit(list)
	}
	d.Groups = groupTasks(list, d.Today, q.byUnit)
	d.Right = taskRight(c)
	if d.Proposals, err = a.closings(ctx, c); err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, adminpage.Tasks(p, d))
}

// taskUnits are the units that stand today or that have a task, by name.
func (a *Admin) taskUnits(c web.Ctx) ([]adminpage.Option, error) {
	directory, err := a.Store.Directory(c.Request().Context(), web.Viewer(c))
	if err != nil {
		return nil, err
	}
	names := map[int64]string{}
	for _, u := range directory.Units {
		names[u.ID] = u.Name
	}
	for _, done := range []bool{false, true} {
		list, err := a.Store.Tasks(c.Request().Context(), store.TaskFilter{Done: done})
		if err != nil {
			return nil, err
		}
		for _, t := range list {
			if t.UnitID != 0 {
				names[t.UnitID] = t.UnitName
			}
		}
	}
	var options []adminpage.Option
	for id, name := range names {
		options = append(options, adminpage.Option{Value: strconv.FormatInt(id, 10), Label: name})
	}
	slices.SortFunc(options, func(a, b adminpage.Option) int {
		return cmp.Or(cmp.Compare(model.TextKey(a.Label), model.TextKey(b.Label)), cmp.Compare(a.Value, b.Value))
	})
	return options, nil
}

// sortByUnit puts the tasks of one unit together, those without one last; within a unit they stay by due date.
func sortByUnit(list []model.OpenTask) {
	slices.SortStableFunc(list, func(a, b model.OpenTask) int {
		if (a.UnitID == 0) != (b.UnitID == 0) {
			return cmp.Compare(b.UnitID, a.UnitID)
		}
		return cmp.Or(cmp.Compare(model.TextKey(a.UnitName), model.TextKey(b.UnitName)), cmp.Compare(a.UnitID, b.UnitID))
	})
}

// groupTasks splits a sorted list where the heading changes.
func groupTasks(list []model.OpenTask, today model.Day, byUnit bool) []adminpage.TaskGroup {
	var groups []adminpage.TaskGroup
	for _, t := range list {
		title := adminpage.DueHeading(t.Task, today)
		if byUnit {
			title = cmp.Or(t.UnitName, "Chưa giao đơn vị nào")
		}
		if n := len(groups); n == 0 || groups[n-1].Title != title {
			groups = append(groups, adminpage.TaskGroup{Title: title})
		}
		last := &groups[len(groups)-1]
		last.Tasks = append(last.Tasks, t)
	}
	return groups
}

// taskOf is the task in the address: the number of its meeting and its own number in it, from 1.
func (a *Admin) taskOf(c web.Ctx) (model.OpenTask, error) {
	meeting, err := id(c)
	if err != nil {
		return model.OpenTask{}, err
	}
	number, err := strconv.Atoi(c.Param("stt"))
	if err != nil {
		return model.OpenTask{}, model.ErrNotFound
	}
	m, err := a.Store.MeetingForDesk(c.Request().Context(), meeting)
	if err != nil {
		return model.OpenTask{}, err
	}
	if m.Status != model.StatusPublished || number < 1 || number > len(m.Tasks) {
		return model.OpenTask{}, model.ErrNotFound
	}
	return model.OpenTask{MeetingID: m.ID, MeetingSlug: m.Slug, MeetingTitle: m.Title, Revision: m.Revision, Position: number - 1, Start: m.Start,
		Visibility: m.Visibility, Task: m.Tasks[number-1]}, nil
}

// task shows one task, to be closed or opened again, with what is proposed for it.
func (a *Admin) task(c web.Ctx) error {
	t, err := a.taskOf(c)
	if err != nil {
		return err
	}
	form := web.NewForm("revision", strconv.Itoa(t.Revision), "text", t.Text, "ve", boardPath(c.QueryParam("ve")))
	return a.showTask(c, http.StatusOK, t, form)
}

func (a *Admin) showTask(c web.Ctx, status int, t model.OpenTask, form *web.Form) error {
	p, err := a.page(c, "Nhiệm vụ: "+t.Text, web.Link{Name: "Nhiệm vụ", Href: boardPath(form.Raw("ve"))})
	if err != nil {
		return err
	}
	d := adminpage.TaskData{Task: t, Today: a.Store.Today(), Right: taskRight(c)}
	if d.Proposal, err = a.closingOf(c, t); err != nil {
		return err
	}
	d.Own = d.Proposal.Owner == p.User.ID
	if typed := form.Values.Has("proof"); !typed && (d.Own || d.Proposal.Status == model.StatusReview) {
		form.Values.Set("proof", d.Proposal.Data)
	}
	if d.Proofs, err = a.proofs(c); err != nil {
		return err
	}
	return web.Render(c, status, adminpage.Task(p, form, d))
}

// boardPath is the board with the filter that somebody comes from, the whole board for any other address.
func boardPath(path string) string {
	path = web.LocalPath(path)
	if bare, _, _ := strings.Cut(path, "?"); bare != tasksPath {
		return tasksPath
	}
	return path
}

// proofs are the latest news, which are what mostly proves a task done.
func (a *Admin) proofs(c web.Ctx) ([]adminpage.Option, error) {
	rows, _, err := a.Store.Desk(c.Request().Context(), model.KindNews, store.DeskFilter{Status: model.StatusPublished}, 1, 30)
	var options []adminpage.Option
	for _, r := range rows {
		options = append(options, adminpage.Option{Value: "/tin-tuc/" + r.Slug, Label: r.Title})
	}
	return options, err
}

// closeTask marks the task as done by what proves it.
func (a *Admin) closeTask(c web.Ctx) error {
	return a.changeTask(c, "Đã đóng nhiệm vụ: ", func(t model.OpenTask, form *web.Form, revision int) error {
		ctx, by, proof := c.Request().Context(), web.User(c).Actor(), a.ownAddress(form.Text("proof"))
		if err := a.proofThere(ctx, proof); err != nil {
			return err
		}
		if err := a.Store.CloseTask(ctx, by, t.MeetingID, revision, t.Position, proof); err != nil {
			return err
		}
		return a.followTask(ctx, by, t, true, proof)
	})
}

// proofThere refuses an address of the site at which there is nothing. What else an address must be, the store says.
func (a *Admin) proofThere(ctx context.Context, proof string) error {
	u, err := url.Parse(proof)
	if err != nil || u.Host != "" || !strings.HasPrefix(u.Path, "/") {
		return nil
	}
	there, err := a.Answers(ctx, u.Path)
	if err == nil && !there {
		err = model.Invalid{"proof": "Trên cổng không có trang nào ở địa chỉ này. Hãy chép lại địa chỉ của tin đã đăng hoặc tệp."}
	}
	return err
}

// reopenTask takes that back.
func (a *Admin) reopenTask(c web.Ctx) error {
	return a.changeTask(c, "Đã mở lại nhiệm vụ: ", func(t model.OpenTask, _ *web.Form, revision int) error {
		ctx, by := c.Request().Context(), web.User(c).Actor()
		if err := a.Store.ReopenTask(ctx, by, t.MeetingID, revision, t.Position); err != nil {
			return err
		}
		return a.followTask(ctx, by, t, false, "")
	})
}

// followTask makes the change in the working copy that somebody has of the meeting too, else publishing the copy would be refused, since
// the row has moved on from it. A copy that is saved at this very moment stays as it is.
func (a *Admin) followTask(ctx context.Context, by model.Actor, t model.OpenTask, done bool, proof string) error {
	w, err := a.Store.WorkingCopy(ctx, model.KindMeeting, t.MeetingID)
	if errors.Is(err, model.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	form, err := decodeCopy(w.Data)
	if err != nil {
		return err
	}
	for _, row := range rowsOf(form, "tasks") {
		if row.text("text") == t.Text {
			form.Values.Set(row.name("done"), box(done))
			form.Values.Set(row.name("proof"), proof)
			break
		}
	}
	if w.Data, err = encodeCopy(form); err != nil {
		return err
	}
	if w.Base == t.Revision {
		w.Base++
	}
	err = a.Store.SaveWorkingCopy(ctx, by, &w, meetingMedia(form))
	if errors.Is(err, model.ErrConflict) {
		return nil
	}
	return err
}

// changeTask answers a change of the task, also one that the meeting has overtaken: rows may have moved, so the person looks again.
func (a *Admin) changeTask(c web.Ctx, done string, change func(t model.OpenTask, form *web.Form, revision int) error) error {
	t, err := a.taskOf(c)
	if err != nil {
		return err
	}
	form, err := web.ParseForm(c)
	if err != nil {
		return err
	}
	revision, err := strconv.Atoi(form.Text("revision"))
	if err != nil || form.Text("text") != t.Text {
		err = model.ErrConflict
	} else {
		err = change(t, form, revision)
	}
	switch {
	case err == nil:
		return saved(c, boardPath(form.Raw("ve")), done+t.Text)
	case errors.Is(err, model.ErrConflict):
		form.Fail("", "Biên bản cuộc họp hoặc đề xuất vừa được người khác sửa. Xin xem lại nhiệm vụ này rồi làm lại.")
		form.Values.Set("revision", strconv.Itoa(t.Revision))
		form.Values.Set("text", t.Text)
		return a.showTask(c, http.StatusConflict, t, form)
	case form.Refused(err):
		return a.showTask(c, refused, t, form)
	}
	return err
}

// ownAddress is address, without scheme and host when it leads to a page of this portal.
func (a *Admin) ownAddress(address string) string {
	if rest, ok := strings.CutPrefix(address, a.Base); ok && a.Base != "" && strings.HasPrefix(rest, "/") {
		return rest
	}
	return address
}
