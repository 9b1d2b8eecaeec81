package handlers_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// TestDatabaseRestarted restarts PostgreSQL under readers and a writer, in both ways. Readers get pages, marked once they are older than they
// should be, or are asked to come again; whoever saves gets the text back; and all goes on by itself once the server is there.
func TestDatabaseRestarted(t *testing.T) {
	t.Parallel()
	server := storetest.NewCluster(t, storetest.ClusterOptions{})
	p := newPortal(t, store.Options{Dir: t.TempDir(), Database: server.Address()}, seed).keeping()
	author := p.somebody(t, "tac.gia", model.RoleAuthor)
	path := author.begins("Tin trong lúc khởi động lại", storetest.Section(t, p.store, "Bàn tin"))
	stop := make(chan struct{})
	var work sync.WaitGroup
	defer work.Wait()
	defer close(stop)
	work.Go(func() { // the portal's clock goes as ours does
		for began := time.Now(); ; {
			select {
			case <-stop:
				return
			case <-time.After(20 * time.Millisecond):
				p.clock.Set(storetest.Start().Add(time.Since(began)))
			}
		}
	})
	for i := range 4 {
		work.Go(func() {
			for n := i; ; n++ {
				select {
				case <-stop:
					return
				default:
					p.readThrough(t, []string{"/", "/tin-tuc", "/tin-tuc/" + p.news.Slug, "/danh-ba", "/tim-kiem?q=lich", "/rss.xml", "/api/v1/news"}[n%7])
				}
			}
		})
	}
	for _, how := range []string{storetest.StopFast, storetest.StopImmediate} {
		typed := "Câu chữ của lần " + how
		author.sends(path, author.opens(path, "body", typed+", đã lưu"), http.StatusSeeOther)
		form := author.opens(path, "body", typed+", chưa lưu")
		server.Stop(how)
		time.Sleep(1200 * time.Millisecond) // pages are older than they should be now
		if a := p.get("/"); a.status == http.StatusOK && !strings.Contains(a.header.Get("Cache-Status"), "detail=failed") {
			t.Errorf("%s: a page of before has no mark: %v", how, a.header)
		}
		unsaved := author.sends(path, form, http.StatusServiceUnavailable)
		contains(t, how+": the answer to a save", unsaved.body, typed+", chưa lưu", "<strong>chưa được lưu</strong>")
		if got := p.get("/readyz"); got.status != http.StatusServiceUnavailable {
			t.Errorf("%s: /readyz says %d", how, got.status)
		}
		server.Start()
		again := func(what string, ok func() bool) {
			for end := time.Now().Add(time.Minute); !ok(); time.Sleep(50 * time.Millisecond) {
				if time.Now().After(end) {
					t.Fatalf("%s: %s does not come back", how, what)
				}
			}
		}
		again("a page", func() bool { a := p.get("/"); return a.status == http.StatusOK && a.header.Get("Cache-Status") == "" })
		again("saving", func() bool { return p.post(path, form.Encode(), author.login).status == http.StatusSeeOther })
		if got := author.opens(path).Get("body"); got != typed+", chưa lưu" {
			t.Errorf("%s: the text is %q", how, got)
		}
	}
}

// readThrough asks for a page while the database comes and goes.
func (p *portal) readThrough(t *testing.T, target string) {
	a := p.get(target)
	switch stale := a.header.Get("Cache-Status"); {
	case a.status == http.StatusOK && (stale == "" || strings.HasPrefix(stale, "congso; hit; detail=")):
	case a.status == http.StatusServiceUnavailable && a.header.Get("Retry-After") == "10" && a.header.Get("Cache-Control") == "no-store":
		time.Sleep(10 * time.Millisecond)
	default:
		t.Errorf("GET %s: status %d, %v", target, a.status, a.header)
	}
}
