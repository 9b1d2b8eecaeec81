package store_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// copyWriter writes through one copy what others write through theirs.
type copyWriter struct {
	*testing.T
	store    *store.Store
	name     string
	sections []model.Section
	shared   int64 // an item that all of them edit
}

// write makes an item and a meeting, changes where they stand, and edits the shared item; that another was faster is no error.
func (w copyWriter) write(round int) error {
	n := model.News{Title: fmt.Sprintf("Tin %s %d", w.name, round), Section: w.sections[round%2], Summary: "Tóm tắt", Body: "Nội dung",
		Tags:      []model.Tag{{Name: "Một cửa"}, {Name: fmt.Sprint("Thẻ ", round%3)}},
		Lifecycle: model.Lifecycle{Status: model.StatusPublished, Visibility: model.Public, PublishAt: w.store.Now()}}
	if err := w.store.PutNews(w.Context(), storetest.Actor(), &n); err != nil {
		return err
	}
	m := model.Meeting{Title: fmt.Sprintf("Họp %s %d", w.name, round), Kind: fmt.Sprint("họp ", round%2), Start: w.store.Now(), Place: "Hội trường",
		Lifecycle: model.Lifecycle{Status: model.StatusPublished, Visibility: model.Internal, PublishAt: w.store.Now()}}
	if err := w.store.PutMeeting(w.Context(), storetest.Actor(), &m); err != nil {
		return err
	}
	n.Section, n.Featured, n.Tags = w.sections[(round+1)%2], true, n.Tags[:1]
	if round%3 == 0 {
		n.Status = model.StatusArchived
	}
	if err := w.store.PutNews(w.Context(), storetest.Actor(), &n); err != nil {
		return err
	}
	return w.edit(round)
}

func (w copyWriter) edit(round int) error {
	shared, err := w.store.NewsForDesk(w.Context(), w.shared)
	if err != nil {
		return err
	}
	draft := model.WorkingCopy{Kind: model.KindNews, RecordID: w.shared, Base: shared.Revision, Data: w.name}
	err = w.store.SaveWorkingCopy(w.Context(), storetest.Actor(), &draft, nil)
	if err == nil {
		shared.Title = fmt.Sprintf("Chung %s %d", w.name, round)
		err = w.store.PutNewsFrom(w.Context(), storetest.Actor(), &shared, draft.Version, model.ActionPublish)
	}
	if err != nil && draft.Version > 0 {
		dropped := w.store.DropWorkingCopy(w.Context(), storetest.Actor(), model.KindNews, w.shared, draft.Version)
		err = errors.Join(err, dropped)
	}
	if errors.Is(err, model.ErrConflict) {
		return nil
	}
	return err
}

// TestWritersAtSeveralCopies: editors at three copies write at once, while one copy indexes its articles and all count views. Nobody is refused
// but for a conflict; the audit trail is one chain; lists, counts and search are those of the records.
func TestWritersAtSeveralCopies(t *testing.T) {
	const rounds = 8
	copies, clock := threeCopies(t)
	for _, s := range copies {
		s.SearchIn(4, 100, 100) // many blocks, which records and articles share
	}
	sections := []model.Section{storetest.Section(t, copies[0], "Tin"), storetest.Section(t, copies[1], "Thông báo")}
	shared := storetest.News(t, copies[2], sections[0], "Chung")
	var group sync.WaitGroup
	for i := range 6 {
		w := copyWriter{t, copies[i%3], fmt.Sprint(i), sections, shared.ID}
		group.Go(func() {
			b := store.NewHitBuffer(w.store)
			for round := range rounds {
				b.Add(visitor(t, b, w.name), "/tin-tuc/"+shared.Slug, clock.Now())
				if err := errors.Join(w.write(round), b.Flush(t.Context())); err != nil {
					t.Errorf("writer %s: %v", w.name, err)
				}
			}
		})
	}
	group.Go(func() { indexAgain(t, copies[0], 3*rounds) })
	group.Wait()

	if n, err := copies[0].VerifyAudit(t.Context()); err != nil || n < 6*rounds*3 {
		t.Errorf("%d entries of the audit trail hold, error %v", n, err)
	}
	if found, err := copies[1].MendLists(t.Context()); err != nil || found != (store.ListFaults{}) {
		t.Errorf("lists: %+v, error %v", found, err)
	}
	if gaps, err := copies[2].SearchGaps(t.Context(), 10); err != nil || len(gaps) != 0 {
		t.Errorf("search: %+v, error %v", gaps, err)
	}
	if in, are := copies[0].ID(t, `SELECT CAST(SUM(items) AS BIGINT) FROM search_block`), copies[0].ID(t, `SELECT COUNT(*) FROM search_doc`); in != are {
		t.Errorf("the blocks of the search index are to hold %d entries, there are %d", in, are)
	}
	if views := pageViews(t, copies[0], "/tin-tuc/"+shared.Slug); views != 6*rounds {
		t.Errorf("%d views, want %d", views, 6*rounds)
	}
}

// indexAgain indexes articles of which all change each time, so often.
func indexAgain(t *testing.T, s *store.Store, times int) {
	index := s.ArticleIndex()
	for round := range times {
		var list []model.Article
		for i := range 30 {
			list = append(list, model.Article{Path: fmt.Sprint("bai-", i), Lang: "vi", Title: "Bài", Text: "Nội dung", Visibility: model.Public, Hash: fmt.Sprint(round, i)})
		}
		if err := index.Set(t.Context(), list); err != nil {
			t.Errorf("articles, round %d: %v", round, err)
		}
	}
}

// TestACopyGoneInTheMiddle: when a copy's machine, or its network, is gone in the middle of a change, others wait for a few seconds, and not until
// the database's server has found that out.
func TestACopyGoneInTheMiddle(t *testing.T) {
	t.Parallel()
	database := storetest.Postgres(t)
	network, o := storetest.NewProxy(t, store.Options{Dir: t.TempDir(), Database: database})
	var armed atomic.Bool
	o.Trace = func(query string) {
		if strings.HasPrefix(query, "INSERT INTO audit") && armed.Load() { // the lock of all changes is held
			network.Stall()
		}
	}
	gone, other := storetest.Open(t, o), storetest.Open(t, store.Options{Dir: t.TempDir(), Database: database})
	section := storetest.Section(t, gone, "Tin")
	armed.Store(true)
	put := func(s *store.Store, title string) error {
		n := model.News{Title: title, Section: section, Lifecycle: model.Lifecycle{Status: model.StatusDraft, Visibility: model.Public}}
		return s.PutNews(t.Context(), storetest.Actor(), &n)
	}
	if err := put(gone, "Dở dang"); !errors.Is(err, model.ErrUnavailable) {
		t.Errorf("error %v", err)
	}
	for attempt := 1; ; attempt++ { // each waits for as long as one does for a lock, five seconds
		err := put(other, "Của bản khác")
		if err == nil {
			break
		}
		if !errors.Is(err, model.ErrUnavailable) || attempt == 4 {
			t.Fatalf("attempt %d: %v", attempt, err)
		}
	}
	network.Resume()
}
