package handlers_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"congso/store/model"
	"congso/store/storetest"
)

// matrixRun has a record for each kind and status, made again when it was changed.
type matrixRun struct {
	*portal
	section, elsewhere model.Section
	users              map[rune]model.User
	logins             map[rune]func(*http.Request)
	staff              func(*http.Request)
	records            map[string]deskRecord
	checked            int
}

// deskRecord is a record at its desk, as far as its way goes.
type deskRecord struct {
	kind     model.Kind
	id       int64
	slug     string
	revision int
	status   model.Status
	tasks    string
	closings string            // what is proposed for its tasks
	copy     model.WorkingCopy // Data is left out
}

func newMatrix(t *testing.T, p *portal) *matrixRun {
	t.Helper()
	m := &matrixRun{portal: p, users: map[rune]model.User{}, logins: map[rune]func(*http.Request){}, records: map[string]deskRecord{}}
	m.section, m.elsewhere = putSection(t, p.store, model.Section{Name: "Mục này"}), putSection(t, p.store, model.Section{Name: "Mục kia"})
	roles := map[rune]model.Role{'O': model.RoleAuthor, 'T': model.RoleAuthor, 'B': model.RoleAuthor, 'F': model.RoleEditor, 'E': model.RoleEditor, 'A': model.RoleAdmin}
	for _, who := range people {
		u := storetest.User(t, p.store, "ma.tran."+strings.ToLower(string(who)), roles[who], func(u *model.User) {
			if who == 'B' || who == 'F' {
				u.Sections = []int64{m.elsewhere.ID}
			}
		})
		m.users[who], m.logins[who] = u, p.loginAs(t, u)
	}
	m.staff = p.login(t, model.RoleStaff)
	return m
}

// record is one of that kind and status which nobody has changed.
func (m *matrixRun) record(t *testing.T, kind model.Kind, status int) deskRecord {
	t.Helper()
	key := string(kind) + statuses[status]
	if r, ok := m.records[key]; ok && m.look(t, r.kind, r.id) == r {
		return r
	}
	life := model.Lifecycle{Status: model.Status(statuses[status]), Visibility: model.Public, PublishAt: m.store.Now(), Note: "Thiếu ngày"}
	way, copied := strings.CutPrefix(statuses[status], "copy ")
	if copied {
		life.Status = model.StatusPublished
	}
	r := m.look(t, kind, m.put(t, kind, life))
	if copied {
		m.copy(t, r, model.Status(way))
		r = m.look(t, kind, r.id)
	}
	m.records[key] = r
	return r
}

// put stores a record of two revisions whose owner is O.
func (m *matrixRun) put(t *testing.T, kind model.Kind, life model.Lifecycle) int64 {
	t.Helper()
	ctx, by := context.Background(), m.users['O'].Actor()
	if kind == model.KindNews {
		n := model.News{Title: "Ô của ma trận", Section: m.section, Summary: "Có.", Body: "Bản một.", Lifecycle: life}
		must(t, m.store.PutNews(ctx, by, &n))
		n.Body = "Bản hai."
		must(t, m.store.PutNews(ctx, by, &n))
		return n.ID
	}
	g := model.Meeting{Title: "Ô của ma trận", Kind: "giao ban", Start: m.store.Now(), Place: "Phòng một", Summary: "Có.", Lifecycle: life}
	g.Tasks = []model.Task{{Text: "Mở lớp"}, {Text: "In giấy mời", Done: true, Proof: "/hoi-nghi"}, {Text: "Thuê xe"}}
	must(t, m.store.PutMeeting(ctx, by, &g))
	g.Place = "Phòng hai"
	must(t, m.store.PutMeeting(ctx, by, &g))
	if g.Status == model.StatusPublished {
		must(t, m.store.ProposeClosing(ctx, by, g.ID, g.Revision, 2, "/hoi-nghi"))
	}
	return g.ID
}

// copy gives the record a working copy and leads it to the status.
func (m *matrixRun) copy(t *testing.T, r deskRecord, to model.Status) {
	t.Helper()
	ctx := context.Background()
	a := m.post(m.path(r)+"/luu-tam", m.text(r, "Bản ba.").Encode(), m.logins['O'])
	if a.status != http.StatusOK {
		t.Fatalf("working copy: status %d", a.status)
	}
	version := 1
	for _, action := range map[model.Status][]model.Action{model.StatusReview: {model.ActionSend}, model.StatusReturned: {model.ActionSend, model.ActionReturn}}[to] {
		must(t, m.store.MoveWorkingCopy(ctx, m.users['E'].Actor(), r.kind, r.id, version, action, "Thiếu ngày"))
		version++
	}
}

func (m *matrixRun) look(t *testing.T, kind model.Kind, id int64) deskRecord {
	t.Helper()
	ctx, r := context.Background(), deskRecord{kind: kind, id: id}
	if kind == model.KindNews {
		n, err := m.store.NewsForDesk(ctx, id)
		must(t, err)
		r.slug, r.revision, r.status = n.Slug, n.Revision, n.Status
	} else {
		g, err := m.store.MeetingForDesk(ctx, id)
		must(t, err)
		r.slug, r.revision, r.status, r.tasks = g.Slug, g.Revision, g.Status, fmt.Sprint(g.Tasks)
		closings, err := m.store.TaskProposals(ctx, id)
		must(t, err)
		r.closings = fmt.Sprint(closings)
	}
	w, err := m.store.WorkingCopy(ctx, kind, id)
	if err != nil && !errors.Is(err, model.ErrNotFound) {
		t.Fatal(err)
	}
	r.copy = model.WorkingCopy{Version: w.Version, Base: w.Base, Status: w.Status}
	return r
}

func (m *matrixRun) path(r deskRecord) string {
	return map[model.Kind]string{model.KindNews: "/admin/tin-tuc/", model.KindMeeting: "/admin/hoi-nghi/"}[r.kind] + strconv.FormatInt(r.id, 10)
}

// text is the form of the record's editor with another text.
func (m *matrixRun) text(r deskRecord, text string) url.Values {
	v := url.Values{"title": {"Ô của ma trận"}, "summary": {"Có."}, "visibility": {"public"}, "slug": {r.slug},
		"publish_at": {"2026-06-01T08:00"}, "_version": {strconv.Itoa(r.copy.Version)}, "_base": {strconv.Itoa(r.copy.Base)}}
	if r.copy.Version == 0 {
		v.Set("_base", strconv.Itoa(r.revision))
	}
	if r.kind == model.KindNews {
		v.Set("body", text)
		v.Set("section", strconv.FormatInt(m.section.ID, 10))
		return v
	}
	for name, value := range map[string]string{"kind": "giao ban", "start": "2026-06-10T08:00", "summary": text, "tasks": "0", "tasks.0.text": "Mở lớp"} {
		v.Set(name, value)
	}
	return v
}

// ask does what the row says to the record.
func (m *matrixRun) ask(row cells, r deskRecord, who rune, login ...func(*http.Request)) answer {
	method, path, _ := strings.Cut(row.route, " ")
	task := "1"
	switch {
	case strings.HasSuffix(path, "/mo-lai"):
		task = "2"
	case strings.Contains(row.form, "Thuê xe"):
		task = "3"
	}
	path = strings.NewReplacer(":id", strconv.FormatInt(r.id, 10), ":so", "1", ":stt", task).Replace(path)
	if method == http.MethodGet {
		return m.get(path, login...)
	}
	v := m.text(r, "Bản của "+string(who)+".")
	v.Set("id", strconv.FormatInt(r.id, 10))
	v.Set("revision", strconv.Itoa(r.revision))
	v.Set("_section", strconv.FormatInt(map[bool]int64{true: m.elsewhere.ID, false: m.section.ID}[who == 'F'], 10))
	extra, _ := url.ParseQuery(row.form)
	for name := range extra {
		v.Set(name, extra.Get(name))
	}
	return m.post(path, v.Encode(), login...)
}

func (row cells) kind() model.Kind {
	if strings.Contains(row.route, "/tin-tuc") {
		return model.KindNews
	}
	return model.KindMeeting
}

func (row cells) name(status int, who string) string {
	return fmt.Sprintf("%s %s of %s by %s", row.route, row.form, statuses[status], who)
}

// checkOutsiders: nobody is asked to log in, staff are refused, and the record is as it was.
func (m *matrixRun) checkOutsiders(t *testing.T, row cells, status int) {
	t.Helper()
	before := m.record(t, row.kind(), status)
	want := http.StatusUnauthorized
	if strings.HasPrefix(row.route, "GET") {
		want = http.StatusSeeOther
	}
	if a := m.ask(row, before, 'N'); a.status != want {
		t.Errorf("%s: status %d, want %d", row.name(status, "nobody"), a.status, want)
	}
	if a := m.ask(row, before, 'S', m.staff); a.status != http.StatusForbidden {
		t.Errorf("%s: status %d, want 403", row.name(status, "staff"), a.status)
	}
	if after := m.look(t, before.kind, before.id); after != before {
		t.Errorf("%s: %+v became %+v", row.name(status, "nobody or staff"), before, after)
	}
	m.checked += 2
}

func (m *matrixRun) check(t *testing.T, row cells, status int, who rune) {
	t.Helper()
	m.checked++
	name, before := row.name(status, string(who)), m.record(t, row.kind(), status)
	want := http.StatusForbidden
	switch {
	case row.allows(who, status):
		want = row.done
	case strings.ContainsRune(row.who, who):
		want = row.late
	}
	a := m.ask(row, before, who, m.logins[who])
	if a.status != want {
		t.Errorf("%s: status %d, want %d\n%s", name, a.status, want, faultsOf(a.body))
	}
	after := m.look(t, before.kind, before.id)
	switch {
	case row.allows(who, status):
		if row.does == (after == before) {
			t.Errorf("%s: changed %t, want %t", name, after != before, row.does)
		}
	case want == http.StatusForbidden && after != before, after.status != before.status, after.revision != before.revision,
		before.copy.Version > 0 && after.copy.Status != before.copy.Status:
		t.Errorf("%s: %+v became %+v", name, before, after)
	}
	if row.route == "GET /admin/tin-tuc/:id" || row.route == "GET /admin/hoi-nghi/:id" {
		edits := matrixRow("POST"+strings.TrimPrefix(row.route, "GET")).allows(who, status)
		if got := strings.Contains(a.body, `id="soan"`); got != edits {
			t.Errorf("%s: has an editor: %t, want %t", name, got, edits)
		}
	}
}

func matrixRow(route string) cells {
	list := matrix()
	return list[slices.IndexFunc(list, func(m cells) bool { return m.route == route })]
}
