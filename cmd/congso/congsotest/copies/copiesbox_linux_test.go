package copies

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"congso/cmd/congso/congsotest"
)

// TestBlackBoxOfCopies is TestBlackBox with three copies behind nginx and behind HAProxy, each step on the next of them.
func TestBlackBoxOfCopies(t *testing.T) {
	t.Parallel()
	c := newCopies(t)
	viewed := int64(0)
	for _, balance := range []func(*testing.T) *balancer{c.nginx, c.haproxy} {
		b := balance(t)
		t.Run(b.name, func(t *testing.T) {
			box := c.box(t, b)
			box.before = viewed
			box.goThrough()
			c.checkFront(t, b)
			viewed += box.viewed.Load()
			n := b.shares(t)
			if min(n[0], n[1], n[2]) < 10 {
				t.Errorf("the copies have answered %v requests", n)
			}
		})
	}
	moved, unmoved := c.cutOff(t, 1, viewed, func() {})
	viewed += moved + unmoved
	moved, _ = c.cutOff(t, 2, viewed, func() {
		if err := os.RemoveAll(filepath.Join(c.data(2), "hits")); err != nil {
			t.Fatal(err)
		}
	})
	viewed += moved // what was not goes with the disk, and nothing else
	for _, r := range c.running {
		r.Finish(t)
	}
	if got := congsotest.Views(t, c.data(0), c.database); got != viewed {
		t.Errorf("%d views in the database, readers were shown %d pages", got, viewed)
	}
}

// checkFront: plain HTTP leads to HTTPS, and who is inside goes by the address that the balancer sees.
func (c *trio) checkFront(t *testing.T, b *balancer) {
	t.Helper()
	a, _ := congsotest.AnswerTo(t, c.own.Client(b.plain), "GET", "http://"+portalHost+"/tin-tuc?trang=2")
	if a.Status != http.StatusMovedPermanently || a.Header.Get("Location") != "https://"+portalHost+"/tin-tuc?trang=2" {
		t.Errorf("plain HTTP: %d to %q", a.Status, a.Header.Get("Location"))
	}
	const internal = "https://" + portalHost + "/bai-viet/so-tay/nhieu-ban"
	for from, want := range map[string]int{c.network + "200": http.StatusOK, c.network + "100": http.StatusNotFound} {
		a, _ := congsotest.AnswerTo(t, c.clientFrom(from, b.address), "GET", internal, "X-Forwarded-For", c.network+"201")
		if a.Status != want {
			t.Errorf("an internal page from %s: %d, want %d", from, a.Status, want)
		}
	}
}

// cutOff reads from a copy, cuts it off from the database, reads what it has in memory, and kills it and starts it again after what happens
// meanwhile. It returns how many pages readers were shown whose views had reached the database, and how many others; before are all views until then.
func (c *trio) cutOff(t *testing.T, i int, before int64, meanwhile func()) (moved, unmoved int64) {
	t.Helper()
	reader := &congsotest.Editor{URL: "http://" + c.address(i), Client: &http.Client{Transport: hostTransport{}}}
	read := func() bool {
		a, err := reader.Open("/")
		return err == nil && a.Status == http.StatusOK
	}
	for moved < 2 { // the second page is made when the copy has heard of the last change, without which it is not shown later
		if !read() {
			t.Fatal("a copy shows nothing")
		}
		moved++
		if !congsotest.Eventually(congsotest.Patience, func() bool { return congsotest.Views(t, c.data(0), c.database) == before+moved }) {
			t.Fatal("a view does not reach the database")
		}
		time.Sleep(1100 * time.Millisecond) // until the page is made anew
	}
	c.wires[i].cut()
	for unmoved < 5 && read() { // for some seconds
		unmoved++
	}
	if unmoved == 0 {
		t.Error("a copy shows nothing without the database")
	}
	c.kill(t, i)
	meanwhile()
	c.wires[i].mend()
	c.restart(t, i)
	return moved, unmoved
}

// hostTransport asks an address for the portal's public host.
type hostTransport struct{}

func (hostTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	r.Host = portalHost
	return http.DefaultTransport.RoundTrip(r)
}
