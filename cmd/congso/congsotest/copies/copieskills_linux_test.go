package copies

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"congso/cmd/congso/congsotest"
)

// TestCopyKilled kills each of three copies behind nginx once while people read and write; the long form of it does so for a minute.
func TestCopyKilled(t *testing.T) {
	t.Parallel()
	fire{kills: 3, every: 2 * time.Second, pause: 10 * time.Millisecond}.test(t) // one kill may meet writers alone
}

// fire is how hard copies are tried.
type fire struct {
	kills int
	every time.Duration // from one kill to the next; without any it lasts as long once
	pause time.Duration // of a reader between two pages
}

// crowd is what the people before a balancer have seen.
type crowd struct {
	box      *blackBox
	fire     fire
	answered atomic.Int64 // pages that readers got

	mu    sync.Mutex
	items map[int64]*writtenItem
}

// writtenItem is what a portal has acknowledged of an item.
type writtenItem struct {
	title, body      string
	saved, published bool
}

// test has readers and writers at work behind nginx while copies are killed and started again. No reader may see a failure, nothing that was
// acknowledged may be lost, and views are counted as pages were answered: a page that a copy had counted when it was killed, and another then
// gave to the reader, counts twice at most.
func (f fire) test(t *testing.T) {
	c := newCopies(t)
	b := c.nginx(t)
	people := crowd{box: c.box(t, b), fire: f, items: map[int64]*writtenItem{}}
	admin := people.box.person("quan.tri", "admin")
	people.box.secondFactor(admin)
	admin.Section = people.box.section(admin, "Thời sự")

	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	var work sync.WaitGroup
	for n := range 4 {
		work.Go(func() { people.read(ctx, t, n) })
	}
	for n := range 2 {
		work.Go(func() { people.write(ctx, *admin, n) })
	}
	time.Sleep(f.every)
	for n := range f.kills {
		c.kill(t, n%3)
		time.Sleep(f.every / 4) // as long as a service's manager waits
		c.restart(t, n%3)
		time.Sleep(f.every - f.every/4)
	}
	stop()
	work.Wait()
	for _, r := range c.running {
		r.Finish(t)
	}
	people.checkItems(t, c)
	people.checkViews(t, c, b)
}

// read reads page after page. Each must be whole.
func (p *crowd) read(ctx context.Context, t *testing.T, n int) {
	client := p.box.client()
	client.Transport.(*http.Transport).DisableKeepAlives = false
	defer client.CloseIdleConnections()
	for i := 0; ctx.Err() == nil && !t.Failed(); i++ {
		path := []string{"/", "/tin-tuc", "/danh-ba", fmt.Sprintf("/tim-kiem?q=%d-%d", n, i), "/bai-viet/gioi-thieu", "/en"}[(i+n)%6]
		request, err := http.NewRequest(http.MethodGet, p.box.url+path, nil)
		if err != nil {
			t.Error(err)
			return
		}
		request.Header.Set("User-Agent", fmt.Sprint(congsotest.Browser, " ", n))
		response, err := client.Do(request)
		if err != nil {
			t.Errorf("GET %s: %v", path, err)
			return
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil || response.StatusCode != http.StatusOK || !strings.Contains(string(body), "</html>") {
			t.Errorf("GET %s: %d, %d bytes, %v", path, response.StatusCode, len(body), err)
			return
		}
		p.answered.Add(1)
		time.Sleep(p.fire.pause)
	}
}

// write writes item after item. A step that is not acknowledged, since the copy was killed under it, ends the item.
func (p *crowd) write(ctx context.Context, e congsotest.Editor, n int) {
	jar := e.Client.Jar
	e.Client = p.box.client()
	e.Client.Jar = jar
	for i := 0; ctx.Err() == nil; i++ {
		title := fmt.Sprintf("Tin %d-%d", n, i)
		id, a, err := e.Create(title)
		if err != nil || a.Status != http.StatusSeeOther {
			continue
		}
		item := &writtenItem{title: title, body: "Chữ lạ là " + title}
		p.mu.Lock()
		p.items[id] = item
		p.mu.Unlock()
		form := e.Draft(title, item.body)
		item.saved = p.acknowledges(e, id, form, func() (congsotest.Answer, error) { return e.Post(fmt.Sprintf("/admin/tin-tuc/%d", id), form) })
		item.published = item.saved && p.acknowledges(e, id, form, func() (congsotest.Answer, error) { return e.Publish(id, form) })
	}
}

// acknowledges takes a step with the newest version of an item.
func (p *crowd) acknowledges(e congsotest.Editor, id int64, form url.Values, step func() (congsotest.Answer, error)) bool {
	if e.Fresh(id, form) != nil {
		return false
	}
	a, err := step()
	return err == nil && a.Status == http.StatusSeeOther
}

// checkItems holds that what was acknowledged is there, with its revision and its entry in the audit trail.
func (p *crowd) checkItems(t *testing.T, c *trio) {
	t.Helper()
	db := congsotest.OpenSQL(t, c.data(0), c.database)
	defer db.Close()
	published := 0
	for id, item := range p.items {
		var rows, saved, revisions, audited int
		err := db.QueryRow(`SELECT (SELECT count(*) FROM news WHERE id = $1),
			(SELECT count(*) FROM news WHERE id = $1 AND title = $2 AND body = $3) + (SELECT count(*) FROM working_copy WHERE kind = 'news' AND record_id = $1 AND data LIKE '%' || $3 || '%'),
			(SELECT count(*) FROM revision r JOIN news n ON n.id = r.record_id AND n.revision = r.number WHERE r.kind = 'news' AND r.record_id = $1 AND n.status = 'published'),
			(SELECT count(*) FROM audit WHERE kind = 'news' AND record_id = $1 AND action = 'publish')`, id, item.title, item.body).Scan(&rows, &saved, &revisions, &audited)
		if err != nil || rows != 1 || item.saved && saved == 0 || item.published && (revisions != 1 || audited != 1) {
			t.Errorf("%+v: rows %d, texts %d, revisions %d, audit entries %d, %v", *item, rows, saved, revisions, audited, err)
		}
		if item.published {
			published++
		}
	}
	t.Logf("%d items begun, %d published", len(p.items), published)
	if published == 0 {
		t.Error("nothing was published")
	}
}

var askedAgain = regexp.MustCompile(`(?m) GET /(?:[^a].*)? (127\.[0-9.:]+(?:, 127\.[0-9.:]+)+) `)

// checkViews holds that views are what the balancer has answered. What it asked another copy for is between once and as often as it asked.
func (p *crowd) checkViews(t *testing.T, c *trio, b *balancer) {
	t.Helper()
	again := int64(0)
	for _, m := range askedAgain.FindAllStringSubmatch(b.lines(t), -1) {
		again += int64(strings.Count(m[1], ","))
	}
	got, answered := congsotest.Views(t, c.data(0), c.database), p.answered.Load()
	t.Logf("%d pages answered, %d times another copy was asked, %d views; the copies have answered %v requests", answered, again, got, b.shares(t))
	if got < answered || got > answered+again {
		t.Errorf("%d views of %d pages, for which another copy was asked %d times", got, answered, again)
	}
	if p.fire.kills > 0 && again == 0 {
		t.Error("no copy was killed under a request")
	}
}
