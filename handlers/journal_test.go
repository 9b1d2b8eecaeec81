package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"congso/handlers"
	"congso/store"
	"congso/store/storetest"
)

// TestViewsWithoutAJournal: pages are answered and counted while the journal of views cannot be written; whoever watches is told.
func TestViewsWithoutAJournal(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		p := newPortal(t, o, seed)
		own := p.options
		must(t, os.WriteFile(filepath.Join(o.Dir, "hits"), nil, 0o600)) // where its folder should be
		own.Hits = store.OpenHits(own.Store)
		p.server = handlers.New(own)
		lacks(t, "/readyz", p.get("/readyz").body, "journal")
		p.page(t, "/tin-tuc")
		a := p.get("/readyz")
		if a.status != http.StatusOK {
			t.Errorf("status %d", a.status)
		}
		contains(t, "/readyz", a.body, `"ready":true`, "their journal cannot be written")
		must(t, own.Hits.Flush(t.Context()))
		if got := own.Hits.Counters().Today; got != 1 {
			t.Errorf("%d views", got)
		}
		must(t, own.Hits.Close())
	})
}

// leaving notes how many views had been counted when an answer began to leave.
type leaving struct {
	*httptest.ResponseRecorder
	hits    *store.HitBuffer
	counted []int64
}

func (l *leaving) WriteHeader(status int) {
	l.counted = append(l.counted, l.hits.Journal().Pending)
	l.ResponseRecorder.WriteHeader(status)
}

func (l *leaving) Write(data []byte) (int, error) {
	l.counted = append(l.counted, l.hits.Journal().Pending)
	return l.ResponseRecorder.Write(data)
}

// TestViewsAreCountedFirst: when the first byte of a page leaves, its view is in the journal, wherever the page comes from.
func TestViewsAreCountedFirst(t *testing.T) {
	p := onePortal(t)
	tag := p.get("/tin-tuc").header.Get("ETag")
	long := "/tim-kiem?q=" + strings.Repeat("a", 600)
	for name, c := range map[string]struct {
		target string
		status int
		change func(*http.Request)
	}{
		"made":                     {"/hoi-nghi", http.StatusOK, nil},
		"kept":                     {"/tin-tuc", http.StatusOK, nil},
		"kept, in gzip":            {"/tin-tuc", http.StatusOK, with("Accept-Encoding", "gzip")},
		"had already":              {"/tin-tuc", http.StatusNotModified, with("If-None-Match", tag)},
		"of a foreign query":       {"/tin-tuc?x=1", http.StatusOK, nil},
		"of one, in gzip":          {"/tin-tuc?x=1", http.StatusOK, with("Accept-Encoding", "gzip")},
		"of a long query":          {long, http.StatusOK, nil},
		"asked for a part of":      {"/tin-tuc", http.StatusOK, with("Range", "bytes=0-9")},
		"for a login that is over": {"/tin-tuc", http.StatusOK, cookie("congso", "x")},
	} {
		r := httptest.NewRequest(http.MethodGet, c.target, nil)
		r.Host, r.RemoteAddr = host, outside+":1234"
		r.Header.Set("User-Agent", browser)
		if c.change != nil {
			c.change(r)
		}
		before := p.hits.Journal().Pending
		w := &leaving{httptest.NewRecorder(), p.hits, nil}
		p.server.ServeHTTP(w, r)
		if w.Code != c.status || len(w.counted) == 0 || w.counted[0] != before+1 || p.hits.Journal().Pending != before+1 {
			t.Errorf("a page %s: status %d; %d views before, %v as it left, %d after", name, w.Code, before, w.counted, p.hits.Journal().Pending)
		}
	}
}
