package faults

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"congso/cmd/congso/congsotest"
	"congso/store/model"
)

// acknowledged is what a portal has said that it keeps. It may be written to by several writers.
type acknowledged struct {
	mu        sync.Mutex
	published map[int64]string // title by id
	saved     map[int64]string // the body of the latest text at the desk
	uploaded  []string         // hashes
	total     int64            // the counter that readers were shown last
}

func (k *acknowledged) note(what func()) {
	k.mu.Lock()
	defer k.mu.Unlock()
	what()
}

// TestKilledWhileWriting kills a portal at a few moments while editors write; the long form of it does so at 50.
func TestKilledWhileWriting(t *testing.T) {
	t.Parallel()
	killWhileWriting(t, 4)
}

// killWhileWriting lets four editors write through the desks, and a reader read, and kills the portal at a random moment, again and again. Each
// time the records must be whole and hold everything that was acknowledged.
func killWhileWriting(t *testing.T, moments int) {
	if runtime.GOOS == "windows" {
		t.Skip("no kill -9 there")
	}
	folder := filepath.Join(t.TempDir(), "data")
	room := congsotest.Furnish(t, folder)
	known := &acknowledged{published: map[int64]string{}, saved: map[int64]string{}}
	for moment := range moments {
		r := congsotest.Start(t, nil, "serve", "--data", folder)
		var work sync.WaitGroup
		for writer := range 4 {
			work.Go(func() { writeItems(t, congsotest.NewEditor(r, room), known, fmt.Sprintf("%d-%d", moment, writer)) })
		}
		work.Go(func() { watchCounter(t, congsotest.NewEditor(r, congsotest.Newsroom{}), known) })
		time.Sleep(time.Duration(rand.IntN(700)+20) * time.Millisecond)
		r.Signal(t, os.Kill)
		if err := r.Wait(t); err == nil {
			t.Error("it ended well")
		}
		work.Wait()
		if checkKept(t, folder, known); t.Failed() {
			t.Fatalf("after kill %d of %d", moment+1, moments)
		}
	}
	t.Logf("%d items published, %d texts saved, %d pictures uploaded", len(known.published), len(known.saved), len(known.uploaded))
	if moments > 3 && (len(known.published) < moments || len(known.uploaded) == 0) {
		t.Errorf("hardly anything was written: %d items, %d pictures", len(known.published), len(known.uploaded))
	}
}

// writeItems creates, saves and publishes items and uploads pictures until the portal is gone. An answer that is none of a portal at work is a failure.
func writeItems(t *testing.T, e *congsotest.Editor, known *acknowledged, name string) {
	for i := 0; ; i++ {
		title := fmt.Sprintf("Tin %s-%d", name, i)
		id, a, err := e.Create(title)
		if !done(t, a, err, http.StatusSeeOther) {
			return
		}
		form := e.Draft(title, "Chữ lạ là "+title)
		if a, err = e.Post(fmt.Sprintf("/admin/tin-tuc/%d", id), form); !done(t, a, err, http.StatusSeeOther) {
			return
		}
		known.note(func() { known.saved[id] = form.Get("body") })
		if err := e.Fresh(id, form); err != nil {
			return
		}
		if a, err = e.Publish(id, form); !done(t, a, err, http.StatusSeeOther) {
			return
		}
		known.note(func() { known.published[id] = title })
		if i%2 == 0 && !uploadOne(t, e, known, title) {
			return
		}
		if !edit(t, e, known, id, title) {
			return
		}
	}
}

// edit saves another text over a published one, which stays beside it.
func edit(t *testing.T, e *congsotest.Editor, known *acknowledged, id int64, title string) bool {
	form := url.Values{}
	for name, values := range e.Draft(title, "Bản sửa của "+title) {
		form[name] = values
	}
	if err := e.Fresh(id, form); err != nil {
		return false
	}
	a, err := e.Post(fmt.Sprintf("/admin/tin-tuc/%d", id), form)
	if !done(t, a, err, http.StatusSeeOther) {
		return false
	}
	known.note(func() { known.saved[id] = form.Get("body") })
	return true
}

// uploadOne uploads a text file that no other upload has.
func uploadOne(t *testing.T, e *congsotest.Editor, known *acknowledged, title string) bool {
	a, err := e.Upload("ghi-chu.txt", []byte(title+strings.Repeat(" nội dung", 2000)))
	if !done(t, a, err, http.StatusCreated) {
		return false
	}
	var m struct{ Address string }
	if err := json.Unmarshal([]byte(a.Body), &m); err != nil {
		t.Errorf("%q: %v", a.Body, err)
		return false
	}
	known.note(func() { known.uploaded = append(known.uploaded, strings.Split(m.Address, "/")[2]) })
	return true
}

// done reports whether the portal acknowledged; no answer at all means that it is gone.
func done(t *testing.T, a congsotest.Answer, err error, want int) bool {
	if err == nil && a.Status != want {
		t.Errorf("%d, want %d\n%.3000s", a.Status, want, a.Body)
	}
	return err == nil && a.Status == want
}

// watchCounter reads pages, and what the counter shows.
func watchCounter(t *testing.T, e *congsotest.Editor, known *acknowledged) {
	for {
		if _, err := e.Open("/tin-tuc"); err != nil {
			return
		}
		a, err := e.Open("/api/v1/stats")
		if err != nil {
			return
		}
		var stats struct{ Total int64 }
		if err := json.Unmarshal([]byte(a.Body), &stats); err != nil {
			t.Errorf("%d %q: %v", a.Status, a.Body, err)
			return
		}
		known.note(func() { known.total = max(known.total, stats.Total) })
	}
}

// checkKept holds that everything acknowledged is there: rows, revisions, audit entries, search entries, files, and the shown counter.
func checkKept(t *testing.T, folder string, known *acknowledged) {
	t.Helper()
	congsotest.CheckIntegrity(t, folder)
	if got := congsotest.Views(t, folder, ""); got < known.total {
		t.Errorf("%d views, readers were shown %d", got, known.total)
	}
	db := congsotest.OpenSQL(t, folder, "")
	defer db.Close()
	for id, title := range known.published {
		var row, revisions, audited, found int
		err := db.QueryRow(`SELECT (SELECT COUNT(*) FROM news WHERE id = $1 AND title = $2 AND status = 'published'),
			(SELECT COUNT(*) FROM revision r JOIN news n ON n.id = r.record_id AND n.revision = r.number WHERE r.kind = 'news' AND r.record_id = $1),
			(SELECT COUNT(*) FROM audit WHERE kind = 'news' AND record_id = $1 AND action = 'publish'),
			(SELECT COUNT(*) FROM news n JOIN search_doc d ON d.kind = 'news' AND d.ref = n.slug JOIN search_index_docsize i ON i.id = d.id WHERE n.id = $1)`,
			id, title).Scan(&row, &revisions, &audited, &found)
		if err != nil || row != 1 || revisions != 1 || audited != 1 || found != 1 {
			t.Errorf("%q: row %d, revisions %d, audit entries %d, search entries %d, %v", title, row, revisions, audited, found, err)
		}
	}
	checkTexts(t, folder, known)
}

func checkTexts(t *testing.T, folder string, known *acknowledged) {
	t.Helper()
	s := congsotest.OpenStore(t, folder, "")
	defer s.Close()
	ctx := context.Background()
	for id, body := range known.saved {
		n, err := s.NewsForDesk(ctx, id)
		if err != nil {
			t.Errorf("item %d: %v", id, err)
			continue
		}
		w, err := s.WorkingCopy(ctx, model.KindNews, id)
		later := "Bản sửa của " + strings.TrimPrefix(body, "Chữ lạ là ") // may have been kept without a word
		if n.Body != body && !strings.Contains(w.Data, body) && !strings.Contains(w.Data, later) {
			t.Errorf("item %d says %q and %q, want %q: %v", id, n.Body, w.Data, body, err)
		}
	}
	for _, hash := range known.uploaded {
		m, err := s.MediaPublic(ctx, model.Viewer{Staff: true}, hash)
		if err != nil {
			t.Errorf("no record of %s: %v", hash, err)
			continue
		}
		file, err := s.OpenMedia(ctx, m, "", true)
		if err != nil {
			t.Error(err)
			continue
		}
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	}
	if bad := congsotest.Diagnose(t, folder, "--full").Of("media-missing", "media-damaged", "search-index", "search-words", "database-damaged"); len(bad) > 0 {
		t.Errorf("the doctor finds %+v", bad)
	}
}
