package handlers_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// TestReplicaForReaders: who has no login is answered by the replica, who has one by the primary; what is saved is seen at once; and readers do not
// notice that the replica goes.
func TestReplicaForReaders(t *testing.T) {
	t.Parallel()
	primary := storetest.NewCluster(t, storetest.ClusterOptions{})
	standby := primary.Standby()
	p := newPortal(t, store.Options{Dir: t.TempDir(), Database: primary.Address(), Replica: standby.Address()}, seed)
	login := p.login(t, model.RoleEditor)
	reads := func() int64 { state, _ := p.store.Replica(); return state.Reads }
	await := func(what string, holds func() bool) {
		t.Helper()
		for end := time.Now().Add(time.Minute); !holds(); time.Sleep(20 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("never: %s", what)
			}
		}
	}
	await("the replica answers", func() bool { before := reads(); p.page(t, "/tin-tuc"); return reads() > before })
	for _, target := range []string{"/", "/tin-tuc", "/tin-tuc/" + p.news.Slug, "/hoi-nghi/" + p.meeting.Slug, "/danh-ba", "/tim-kiem?q=lich", "/thong-ke", "/rss.xml", "/sitemap/1.xml",
		"/api/v1/news", "/api/v1/meetings", "/api/v1/contacts", "/api/v1/stats", "/hoi-nghi/lich.ics", "/en"} {
		await(target+" comes from the replica", func() bool { before := reads(); p.page(t, target); return reads() > before })
	}
	p.clock.Add(time.Second)
	p.page(t, "/") // the frame is read anew, and kept for its second
	before := reads()
	for _, target := range []string{"/", "/tin-tuc/" + p.news.Slug, "/tim-kiem?q=lich", "/admin", "/admin/tin-tuc"} {
		if a := p.get(target, login); a.status != http.StatusOK {
			t.Errorf("GET %s: status %d", target, a.status)
		}
	}
	if n := reads() - before; n != 0 {
		t.Errorf("%d reads of somebody with a login came from the replica", n)
	}
	standby.Exec("SELECT pg_wal_replay_pause()")
	title := "Tin mà bản sao chưa có"
	item := storetest.News(t, p.store, storetest.Section(t, p.store, "Bàn tin"), title)
	contains(t, "right after it was saved", p.page(t, "/tin-tuc/"+item.Slug), title)
	lacks(t, "/readyz with a replica", p.page(t, "/readyz"), "replica")
	standby.Stop(storetest.StopImmediate)
	for _, target := range []string{"/", "/tin-tuc", "/tin-tuc/" + item.Slug} {
		contains(t, target+" without the replica", p.page(t, target), title)
	}
	await("/readyz tells of it", func() bool {
		a := p.get("/readyz")
		return a.status == http.StatusOK && strings.Contains(a.body, "replica: readers are served from the primary")
	})
}
