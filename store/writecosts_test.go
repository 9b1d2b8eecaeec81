package store_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// statementCount remembers the statements of a store; what begins and ends a transaction is none.
type statementCount struct {
	mu   sync.Mutex
	list []string
}

func (c *statementCount) trace(query string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !strings.HasPrefix(query, "BEGIN") && query != "COMMIT" && query != "ROLLBACK" {
		c.list = append(c.list, query)
	}
}

// taken returns the statements since the last call.
func (c *statementCount) taken() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := c.list
	c.list = nil
	return list
}

// writeCost is something that people do who write, with the most statements that it may take.
type writeCost struct {
	name string
	most int
	do   func(w *writeDesk, t testing.TB)
}

// writeDesk is what the writes of one round work on.
type writeDesk struct {
	*store.Store
	section        model.Section
	cover          model.Media
	author, editor model.Actor
	news           model.News
	meeting        model.Meeting
	unit           model.Unit
	person         model.Person
	copyVersion    int
	round          int
}

func writeCosts() []writeCost {
	return []writeCost{
		{"a new draft", 26, (*writeDesk).draft},
		{"a draft saved", 29, (*writeDesk).save},
		{"sent for review", 15, (*writeDesk).send},
		{"published", 20, (*writeDesk).publish},
		{"a text kept while it is typed", 9, (*writeDesk).keep},
		{"a working copy published", 37, (*writeDesk).publishCopy},
		{"a new meeting with 20 participants", 56, (*writeDesk).newMeeting},
		{"the meeting saved", 64, (*writeDesk).saveMeeting},
		{"a new unit", 22, (*writeDesk).newUnit},
		{"a new person", 28, (*writeDesk).newPerson},
		{"nothing to sweep", 8, (*writeDesk).sweep},
	}
}

func (w *writeDesk) draft(t testing.TB) {
	w.news = model.News{
		Title: fmt.Sprintf("Sửa chữa cầu đường %d", w.round), Summary: "Tóm tắt.", Body: "Nội dung.", Section: w.section, Cover: model.Photo{Media: w.cover, Alt: "Ảnh"},
		Tags: []model.Tag{{Name: "đường"}, {Name: "cầu"}, {Name: "vốn"}}, Lifecycle: model.Lifecycle{Visibility: model.Public},
	}
	must(t, w.PutNewsFrom(t.Context(), w.author, &w.news, 0, model.ActionEdit))
}

func (w *writeDesk) save(t testing.TB) {
	w.news.Body += " Thêm."
	must(t, w.PutNewsFrom(t.Context(), w.author, &w.news, 0, model.ActionEdit))
}

func (w *writeDesk) send(t testing.TB) { w.move(t, w.author, model.ActionSend) }

func (w *writeDesk) publish(t testing.TB) { w.move(t, w.editor, model.ActionPublish) }

func (w *writeDesk) move(t testing.TB, by model.Actor, action model.Action) {
	t.Helper()
	l, err := w.Move(t.Context(), by, model.KindNews, w.news.ID, w.news.Revision, action, "")
	must(t, err)
	w.news.Lifecycle = l
}

func (w *writeDesk) keep(t testing.TB) {
	kept := model.WorkingCopy{Kind: model.KindNews, RecordID: w.news.ID, Base: w.news.Revision, Data: "title=Sửa"}
	must(t, w.SaveWorkingCopy(t.Context(), w.editor, &kept, []int64{w.cover.ID}))
	w.copyVersion = kept.Version
}

func (w *writeDesk) publishCopy(t testing.TB) {
	w.news.Summary = "Tóm tắt khác."
	must(t, w.PutNewsFrom(t.Context(), w.editor, &w.news, w.copyVersion, model.ActionPublish))
}

func (w *writeDesk) newMeeting(t testing.TB) {
	w.meeting = model.Meeting{
		Title: fmt.Sprint("Họp giao ban ", w.round), Kind: "giao ban", Start: w.Now().Add(-time.Hour), Place: "Tầng 2", Summary: "Nội dung.",
		Conclusions: []string{"Một.", "Hai."}, Lifecycle: model.Lifecycle{Status: model.StatusPublished, Visibility: model.Public, PublishAt: w.Now()},
	}
	for i := range 20 {
		w.meeting.Participants = append(w.meeting.Participants, model.Participant{Name: fmt.Sprint("Trần Văn ", i), Role: model.Attendee})
	}
	must(t, w.PutMeeting(t.Context(), w.editor, &w.meeting))
}

func (w *writeDesk) saveMeeting(t testing.TB) {
	w.meeting.Summary += " Thêm."
	must(t, w.PutMeeting(t.Context(), w.editor, &w.meeting))
}

func (w *writeDesk) newUnit(t testing.TB) {
	w.unit = model.Unit{Name: fmt.Sprint("Phòng ", w.round), Numbers: []model.Number{{E164: "0257 3000 104", Kind: model.NumberOffice, Official: true}}}
	must(t, w.PutUnit(t.Context(), w.editor, &w.unit))
}

func (w *writeDesk) newPerson(t testing.TB) {
	w.person = model.Person{Name: fmt.Sprint("Lê Văn ", w.round), Posts: []model.Post{{UnitID: w.unit.ID, Title: "Trưởng phòng", Rank: 3, From: "2023-02-01"}},
		Numbers: []model.Number{{E164: "0257 3000 105", Kind: model.NumberOffice, Official: true}}}
	must(t, w.PutPerson(t.Context(), w.editor, &w.person))
}

func (w *writeDesk) sweep(t testing.TB) {
	_, err := w.Sweep(t.Context(), "test")
	must(t, err)
}

// TestStatementsPerWrite: few statements for what people write, each of which is a journey to PostgreSQL, and no more of them when there are
// more records.
func TestStatementsPerWrite(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		count := &statementCount{}
		o.Trace = count.trace
		s := storetest.Open(t, o)
		w := newWriteDesk(t, s)
		few := w.costs(t, count)
		for range 25 {
			w.costs(t, count)
		}
		many := w.costs(t, count)
		for _, c := range writeCosts() {
			if got := len(many[c.name]); got > c.most || got == 0 {
				t.Errorf("%s: %d statements, want some and at most %d:\n%s", c.name, got, c.most, strings.Join(many[c.name], "\n"))
			}
			if len(few[c.name]) != len(many[c.name]) {
				t.Errorf("%s: %d statements among few records, %d among many", c.name, len(few[c.name]), len(many[c.name]))
			}
		}
	})
}

func newWriteDesk(t testing.TB, s *store.Store) *writeDesk {
	t.Helper()
	author, editor := storetest.User(t, s, "lan", model.RoleAuthor), storetest.User(t, s, "minh", model.RoleEditor)
	return &writeDesk{Store: s, section: storetest.Section(t, s, "Tin"), cover: storetest.Picture(t, s, 9), author: author.Actor(), editor: editor.Actor()}
}

// costs does everything once, in order, and returns the statements of each.
func (w *writeDesk) costs(t *testing.T, count *statementCount) map[string][]string {
	t.Helper()
	w.round++
	all := map[string][]string{}
	for _, c := range writeCosts() {
		count.taken()
		c.do(w, t)
		all[c.name] = count.taken()
	}
	return all
}

// BenchmarkWrite is how long what people write takes on each database.
func BenchmarkWrite(b *testing.B) {
	eachBench(b, func(b *testing.B, s *store.Store) {
		w := newWriteDesk(b, s)
		took := map[string]time.Duration{}
		for b.Loop() {
			w.round++
			for _, c := range writeCosts() {
				began := time.Now()
				c.do(w, b)
				took[c.name] += time.Since(began)
			}
		}
		for _, c := range writeCosts() {
			b.ReportMetric(float64(took[c.name].Microseconds())/1000/float64(b.N), "ms/"+strings.ReplaceAll(c.name, " ", "-"))
		}
		b.ReportMetric(0, "ns/op") // all together: says nothing
	})
}
