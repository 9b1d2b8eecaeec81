package handlers_test

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"congso/handlers"
)

// TestForwardedAddress: whose page a reader behind proxies gets. Some proxies write a port; of what cannot be read nobody is let in, though
// the proxy itself stands in the department's network.
func TestForwardedAddress(t *testing.T) {
	p := onePortal(t)
	o := p.options
	o.PageAge, o.Proxies = 0, []netip.Prefix{netip.MustParsePrefix("10.0.0.9/32"), netip.MustParsePrefix("10.0.0.10/32"), netip.MustParsePrefix("2001:db8::9/128")}
	o.Internal = append(o.Internal, netip.MustParsePrefix("2001:db8::/64"))
	p.server = handlers.New(o)
	forwarded := func(lines ...string) func(*http.Request) {
		return func(r *http.Request) { r.Header["X-Forwarded-For"] = lines }
	}
	for _, c := range []struct {
		by       string
		said     []string
		internal bool
	}{
		{"10.0.0.9", []string{inside}, true}, {"10.0.0.9", []string{outside}, false},
		{"10.0.0.9", []string{inside + ":4711"}, true}, {"10.0.0.9", []string{outside + ":4711"}, false},
		{"10.0.0.9", []string{"2001:db8::1"}, true}, {"10.0.0.9", []string{"[2001:db8::1]"}, true}, {"10.0.0.9", []string{"[2001:db8::1]:4711"}, true}, {"10.0.0.9", []string{"[2001:db9::1]:4711"}, false},
		{"10.0.0.9", []string{"::ffff:10.1.2.3"}, true}, {"::ffff:10.0.0.9", []string{outside}, false}, {"2001:db8::9", []string{outside}, false}, {"2001:db8::9", []string{inside}, true},
		{"10.0.0.9", []string{"unknown"}, false}, {"10.0.0.9", []string{""}, false}, {"10.0.0.9", []string{"_hidden"}, false}, {"10.0.0.9", []string{inside + ", junk"}, false}, {"10.0.0.9", []string{inside + ","}, false},
		{"10.0.0.9", []string{inside + ", " + outside}, false}, {"10.0.0.9", []string{inside, outside}, false}, {"10.0.0.9", []string{outside, inside}, true}, {"10.0.0.9", []string{"junk, " + inside}, true},
		{"10.0.0.9", []string{inside + ", " + outside + ", 10.0.0.10"}, false}, {"10.0.0.9", []string{inside + ",10.0.0.10"}, true}, {"10.0.0.9", []string{inside, "10.0.0.10:80"}, true},
		{"10.0.0.9", []string{"junk,10.0.0.10"}, false}, {"10.0.0.9", []string{strings.Repeat(inside+",", 3000) + outside}, false},
		{outside, []string{inside}, false}, {inside, []string{outside}, true},
	} {
		for _, target := range []string{"/tin-tuc/tin-" + wordInternal, "/tin-tuc/tin-" + wordInternal + "?utm=1"} { // out of memory, and not
			want := map[bool]int{true: http.StatusOK, false: http.StatusNotFound}[c.internal]
			if a := p.get(target, func(r *http.Request) { r.RemoteAddr = "[" + c.by + "]:1234" }, forwarded(c.said...)); a.status != want {
				t.Errorf("GET %s by %s for %.40q: %d, want %d", target, c.by, c.said, a.status, want)
			}
		}
	}
}
