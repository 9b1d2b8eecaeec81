package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"congso/handlers"
)

// TestHeadByHTTP2: a HEAD for a page longer than the server's buffer is answered like any other, and is no failure in the log.
func TestHeadByHTTP2(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		o := p.options
		o.Public, o.TLS = nil, true
		server := httptest.NewUnstartedServer(handlers.New(o))
		server.EnableHTTP2 = true
		server.StartTLS()
		defer server.Close()
		page, err := server.Client().Get(server.URL + "/tin-tuc")
		must(t, err)
		if body := readAll(t, page.Body); len(body) < 8<<10 || !strings.Contains(body, "Bản tin số 01") {
			t.Fatalf("a page of %d bytes is no trial", len(body))
		}
		must(t, page.Body.Close())
		for range 50 {
			r, err := server.Client().Head(server.URL + "/tin-tuc")
			must(t, err)
			must(t, r.Body.Close())
			if r.StatusCode != http.StatusOK || r.Proto != "HTTP/2.0" || r.Header.Get("Content-Type") != page.Header.Get("Content-Type") {
				t.Fatalf("%d by %s, %v", r.StatusCode, r.Proto, r.Header)
			}
		}
		heads := func() int { return strings.Count(p.log.String(), `"method":"HEAD"`) }
		for deadline := time.Now().Add(10 * time.Second); heads() < 50 && time.Now().Before(deadline); { // a HEAD is answered before its handler ends
			time.Sleep(10 * time.Millisecond)
		}
		if text := p.log.String(); heads() != 50 || strings.Contains(text, `"level":"ERROR"`) {
			t.Errorf("log:\n%s", text)
		}
	})
}
