package store_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"congso/store/model"
	"congso/store/storetest"
)

// acknowledged is a save that the store said it had kept.
type acknowledged struct {
	id       int64
	revision int
	title    string
}

// writer saves into shared items, by way of working copies every other time, until it has its share of acknowledged saves.
type writer struct {
	desk     deskTest
	user     model.User
	name     string
	shared   []int64
	saves    []acknowledged
	refused  int
	failures []error
}

func (w *writer) run(saves int) {
	for try := 0; len(w.saves) < saves && len(w.failures) == 0; try++ {
		id := w.shared[try%len(w.shared)]
		title := fmt.Sprintf("%s lần %d", w.name, try)
		n, err := w.save(id, title, try%2 == 0)
		switch {
		case err == nil:
			w.saves = append(w.saves, acknowledged{n.ID, n.Revision, title})
		case errors.Is(err, model.ErrConflict):
			w.refused++
		default:
			w.failures = append(w.failures, err)
		}
	}
}

func (w *writer) save(id int64, title string, byCopy bool) (model.News, error) {
	n, err := w.desk.NewsForDesk(w.desk.ctx, id)
	if err != nil {
		return n, err
	}
	version := 0
	if byCopy {
		copied := model.WorkingCopy{Kind: model.KindNews, RecordID: id, Base: n.Revision, Data: title}
		if err := w.desk.SaveWorkingCopy(w.desk.ctx, w.user.Actor(), &copied, nil); err != nil {
			return n, err
		}
		version = copied.Version
	}
	n.Title = title
	err = w.desk.PutNewsFrom(w.desk.ctx, w.user.Actor(), &n, version, model.ActionEdit)
	if err != nil && byCopy { // so that the next one may begin its own
		if dropped := w.desk.DropWorkingCopy(w.desk.ctx, w.user.Actor(), model.KindNews, id, version); dropped != nil {
			return n, errors.Join(err, fmt.Errorf("nobody else may have taken the copy: %v", dropped))
		}
	}
	return n, err
}

func TestAThousandSavesByEightWriters(t *testing.T) {
	const writers, each = 8, 125
	eachDesk(t, func(t *testing.T, d deskTest) {
		var shared []int64
		for i := range 12 {
			shared = append(shared, d.draft(fmt.Sprint("Tin ", i)).ID)
		}
		list := make([]*writer, writers)
		var working sync.WaitGroup
		for i := range list {
			user := d.author
			if i%2 == 1 {
				user = d.editor
			}
			list[i] = &writer{desk: d, user: user, name: fmt.Sprint("Người ", i), shared: append(append([]int64(nil), shared[i:]...), shared[:i]...)}
			working.Go(func() { list[i].run(each) })
		}
		working.Wait()
		refused := checkSaves(t, d, list, each)
		t.Logf("%d saves acknowledged, %d refused as conflicts", writers*each, refused)
		if count, err := d.VerifyAudit(d.ctx); err != nil || count < writers*each {
			t.Errorf("audit: %d entries hold, error %v", count, err)
		}
		d.same("revisions of all", column(t, d.db, `SELECT COUNT(*) FROM revision WHERE kind = 'news'`), len(shared)+writers*each)
		d.same("audited saves", column(t, d.db, `SELECT COUNT(*) FROM audit WHERE kind = 'news' AND action = 'update'`), writers*each)
	})
}

// checkSaves looks for each acknowledged save in the history and the audit trail.
func checkSaves(t *testing.T, d deskTest, list []*writer, each int) (refused int) {
	t.Helper()
	newest := map[int64]acknowledged{}
	perRecord := map[int64]int{}
	for _, w := range list {
		if err := errors.Join(w.failures...); err != nil || len(w.saves) != each {
			t.Fatalf("%s: %d saves, error %v", w.name, len(w.saves), err)
		}
		refused += w.refused
		for _, save := range w.saves {
			was, err := d.RevisionNews(d.ctx, save.id, save.revision)
			if err != nil || was.Title != save.title {
				t.Errorf("%+v was acknowledged, the history has %q, error %v", save, was.Title, err)
			}
			perRecord[save.id]++
			if save.revision > newest[save.id].revision {
				newest[save.id] = save
			}
		}
	}
	for id, save := range newest {
		row, err := d.NewsForDesk(d.ctx, id)
		if err != nil || row.Title != save.title || row.Revision != save.revision {
			t.Errorf("news %d is %q at revision %d, error %v, want %+v", id, row.Title, row.Revision, err, save)
		}
		entries := column(t, d.db, fmt.Sprintf(`SELECT action FROM audit WHERE kind = 'news' AND action = 'update' AND record_id = %d`, id))
		if got := len(strings.Fields(entries)); got != perRecord[id] {
			t.Errorf("news %d: %d entries in the audit trail, want %d", id, got, perRecord[id])
		}
	}
	return refused
}

// Eight people press publish on the same draft: it is published once.
func TestOneOfManyMovesWins(t *testing.T) {
	eachDesk(t, func(t *testing.T, d deskTest) {
		n := d.draft("Tin")
		results := make([]error, 8)
		var working sync.WaitGroup
		for i := range results {
			working.Go(func() {
				_, results[i] = d.Move(d.ctx, d.editor.Actor(), model.KindNews, n.ID, n.Revision, model.ActionPublish, "")
			})
		}
		working.Wait()
		won := 0
		for _, err := range results {
			if err == nil {
				won++
			} else if !errors.Is(err, model.ErrConflict) {
				t.Errorf("error %v, want a conflict", err)
			}
		}
		if row, err := d.NewsForDesk(d.ctx, n.ID); won != 1 || err != nil || row.Revision != 2 {
			t.Errorf("%d won; the row is %+v, error %v", won, row.Lifecycle, err)
		}
	})
}

// Several copies of the program sweep at once: each record is swept once.
func TestSweepsAtOnceSweepOnce(t *testing.T) {
	eachDesk(t, func(t *testing.T, d deskTest) {
		for i := range 10 {
			storetest.News(t, d.Store, d.section, fmt.Sprint("Tin ", i), func(n *model.News) { n.ExpireAt = d.clock.Now().Add(1e9) })
		}
		d.clock.Add(2e9)
		done := make([]int, 4)
		var working sync.WaitGroup
		for i := range done {
			working.Go(func() {
				var err error
				if done[i], err = d.Sweep(d.ctx, fmt.Sprint(i)); err != nil {
					t.Error(err)
				}
			})
		}
		working.Wait()
		if sum := done[0] + done[1] + done[2] + done[3]; sum != 10 {
			t.Errorf("swept %v, want ten in all", done)
		}
		d.same("archived", column(t, d.db, `SELECT COUNT(*) FROM audit WHERE action = 'archive'`), 10)
	})
}
