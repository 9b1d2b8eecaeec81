package copies

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"congso/cmd/congso/congsotest"
)

// TestCopiesWithoutDatabase: a copy that has lost the database is asked no more; when all have, readers get the portal's own page; when there is
// no copy at all, the one that the balancer keeps; and all of it passes by itself.
func TestCopiesWithoutDatabase(t *testing.T) {
	t.Parallel()
	c := newCopies(t)
	for _, balance := range []func(*testing.T) *balancer{c.nginx, c.haproxy} {
		b := balance(t)
		t.Run(b.name, func(t *testing.T) {
			box := c.box(t, b)
			box.untilShown("/", http.StatusOK, "Cổng thông tin")
			c.loseOne(t, b, box)
			c.loseAll(t, b, box)
			c.endAll(t, b, box)
			c.takeOut(t, b, box)
			congsotest.MustLack(t, "the log", b.lines(t), " 127.0.0.1", "127.0.0.1:", "q=") // no reader's address, no words that are sought
		})
	}
}

// unread is the address of a page that nobody has read yet, so that no copy has it in memory.
func (b *blackBox) unread() string {
	return fmt.Sprintf("/tim-kiem?q=%s-%d", b.name, b.asked.Add(1))
}

// loseOne cuts one copy off: no reader is told.
func (c *trio) loseOne(t *testing.T, b *balancer, box *blackBox) {
	t.Helper()
	c.wires[2].cut()
	if !congsotest.Eventually(congsotest.Patience, func() bool { return c.ready(t, 2) == http.StatusServiceUnavailable }) {
		t.Fatal("the copy that was cut off says that it is ready")
	}
	if b.name == "haproxy" && !congsotest.Eventually(congsotest.Patience, func() bool { return strings.Contains(b.lines(t), "Server congso/ban3 is DOWN") }) {
		t.Fatalf("the copy that was cut off is still asked\n%s", b.lines(t))
	}
	if got := b.asked(t, box, 12)[2]; b.name == "haproxy" && got > 0 {
		t.Errorf("the copy that is taken out has answered %d requests", got)
	}
}

// ready is what a copy says itself.
func (c *trio) ready(t *testing.T, i int) int {
	t.Helper()
	a, _ := congsotest.AnswerTo(t, http.DefaultClient, "GET", "http://"+c.address(i)+"/readyz")
	return a.Status
}

// loseAll cuts the others off too, and mends it.
func (c *trio) loseAll(t *testing.T, b *balancer, box *blackBox) {
	t.Helper()
	for _, w := range c.wires {
		w.cut()
	}
	var a congsotest.Answer
	gone := func() bool {
		a = box.read(box.unread())
		return a.Status == http.StatusServiceUnavailable
	}
	for range 6 { // whatever the balancer thinks of its copies by then
		if !congsotest.Eventually(congsotest.Patience, gone) {
			t.Fatalf("without any database: %d\n%.2000s", a.Status, a.Body)
		}
		if a.Header.Get("X-Request-Id") == "" || a.Header.Get("Retry-After") == "" {
			t.Errorf("not the portal's own: %v", a.Header)
		}
		congsotest.MustContain(t, "the page", a.Body, `<html lang="vi"`, "Tạm thời gián đoạn", "Sơ đồ")
	}
	for _, w := range c.wires {
		w.mend()
	}
	box.untilShown(box.unread(), http.StatusOK)
}

// endAll kills all copies, and starts them again.
func (c *trio) endAll(t *testing.T, b *balancer, box *blackBox) {
	t.Helper()
	for i := range c.running {
		c.kill(t, i)
	}
	page := handbookBlock(t, "html")
	for range 4 {
		a := box.read("/")
		if a.Status != http.StatusServiceUnavailable || a.Body != page || a.Header.Get("Retry-After") != "10" || a.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("without any copy: %d %v\n%s", a.Status, a.Header, a.Body)
		}
	}
	for i := range c.running {
		c.restart(t, i)
	}
	box.untilShown(box.unread(), http.StatusOK)
}

var haproxyOrder = regexp.MustCompile(`echo "(set server congso/ban1 state [a-z]+)"`)

// takeOut takes the first copy out, as the handbook does before an upgrade: it is asked for nothing until it is let in again.
func (c *trio) takeOut(t *testing.T, b *balancer, box *blackBox) {
	t.Helper()
	letIn := func() {}
	if b.name == "nginx" {
		const server = "10.0.0.21:8080 max_fails=1 fail_timeout=5s"
		b.stop()
		b = c.nginxWith(t, congsotest.Adapted(t, handbookBlock(t, "nginx"), server, server+" down", "10.0.0.21:8080 backup max_fails=0", "10.0.0.21:8080 backup max_fails=0 down"))
	} else {
		orders := haproxyOrder.FindAllStringSubmatch(congsotest.ReadFile(t, copiesArticle), -1)
		if len(orders) != 2 {
			t.Fatalf("orders %q", orders)
		}
		if !congsotest.Eventually(congsotest.Patience, func() bool { return b.asked(t, box, 3) == [3]int{1, 1, 1} }) {
			t.Fatalf("not all copies are asked\n%s", b.lines(t))
		}
		b.order(t, orders[0][1])
		letIn = func() {
			b.order(t, orders[1][1])
			if !congsotest.Eventually(congsotest.Patience, func() bool { return b.asked(t, box, 1)[0] > 0 }) {
				t.Error("the copy that was let in again is not asked")
			}
		}
	}
	if got := b.asked(t, box, 6); got[0] > 0 || got[1]+got[2] < 6 {
		t.Errorf("with the first copy taken out they were asked %v times", got)
	}
	letIn()
}
