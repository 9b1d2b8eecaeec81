package handlers_test

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"

	"congso/store/model"
	"congso/store/storetest"
)

// TestTagsAndCounters: the counters and the time of printing change and the tag stays; the page changes and the tag does.
func TestTagsAndCounters(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		p.keeping()
		p.clock.Add(2 * time.Minute) // the item that is to come has come
		for _, target := range []string{"/", "/tin-tuc/" + p.news.Slug, "/en/tin-tuc", "/danh-ba"} {
			before := p.get(target)
			must(t, p.hits.Flush(context.Background()))
			p.clock.Add(time.Minute)
			after := p.get(target)
			tag := before.header.Get("ETag")
			if !strings.HasPrefix(tag, `W/"`) || after.header.Get("ETag") != tag || after.body == before.body {
				t.Errorf("GET %s: tags %s, %s; same text: %t", target, tag, after.header.Get("ETag"), after.body == before.body)
			}
			lacks(t, target, after.body, "\x00")
			if a := p.get(target, with("If-None-Match", tag)); a.status != http.StatusNotModified || a.body != "" {
				t.Errorf("GET %s, If-None-Match: %d, %d bytes", target, a.status, len(a.body))
			}
			if other := p.get(target, cookie("hien-thi", "dark.")); other.header.Get("ETag") == tag {
				t.Errorf("GET %s in the dark: the same tag", target)
			}
			if a := p.get(target, from(inside)); a.header.Get("ETag") != "" || a.header.Get("Cache-Control") != "no-store" {
				t.Errorf("GET %s from inside: %v", target, a.header)
			}
		}
		tag := p.get("/tin-tuc").header.Get("ETag")
		storetest.News(t, p.store, p.news.Section, "Tin mới đây", func(n *model.News) { n.PublishAt = p.store.Now() })
		p.clock.Add(time.Second)
		if a := p.get("/tin-tuc", with("If-None-Match", tag)); a.status != http.StatusOK || a.header.Get("ETag") == tag {
			t.Errorf("after news: %d, %s", a.status, a.header.Get("ETag"))
		}
	})
}

// TestNotModified reads If-None-Match as RFC 9110, 13.1.2 has it.
func TestNotModified(t *testing.T) {
	p := onePortal(t)
	whole := p.get("/tin-tuc")
	tag := whole.header.Get("ETag")
	strong := strings.TrimPrefix(tag, "W/")
	for asked, want := range map[string]int{
		tag: 304, strong: 304, "*": 304, `"a", ` + tag: 304, `W/"a",` + strong + `,"b"`: 304, `"a"`: 200, `W/"a"`: 200, "": 200, strings.Trim(strong, `"`): 200, strong[:5]: 200,
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			a := p.do(method, "/tin-tuc", with("If-None-Match", asked), with("Accept-Encoding", "gzip"))
			if a.status != want {
				t.Errorf("%s, If-None-Match %s: %d, want %d", method, asked, a.status, want)
			}
			if want != 304 {
				continue
			}
			for _, key := range []string{"ETag", "Cache-Control", "Vary", "Content-Security-Policy", "Content-Type", "Content-Encoding", "Content-Length"} {
				want := map[bool]string{false: whole.header.Get(key)}[strings.HasPrefix(key, "Content-") && key != "Content-Security-Policy"]
				if got := a.header.Get(key); got != want {
					t.Errorf("304: %s %q, want %q", key, got, want)
				}
			}
		}
	}
	if a := p.get("/tin-tuc", with("If-Modified-Since", "Mon, 02 Jan 2040 15:04:05 GMT")); a.status != http.StatusOK {
		t.Errorf("If-Modified-Since, of which pages know nothing: %d", a.status)
	}
}

// TestCodings: each reader gets the page in a coding that they named, whole, under one tag; Brotli once the page is asked for often.
func TestCodings(t *testing.T) {
	p := onePortal(t)
	for _, target := range []string{"/tin-tuc", "/rss.xml", "/api/v1/news"} {
		plain := p.get(target)
		for _, c := range []struct{ accepts, first, often string }{
			{"", "", ""}, {"gzip", "gzip", "gzip"}, {"gzip, deflate, br, zstd", "gzip", "br"}, {"br", "br", "br"}, {"gzip;q=0.5, br;q=0.4", "gzip", "gzip"},
			{"gzip;q=0, br", "br", "br"}, {"br;q=0, gzip", "gzip", "gzip"}, {"identity, gzip;q=0.5", "", ""}, {"identity;q=0", "", ""}, {"*", "gzip", "br"}, {"zstd", "", ""},
		} {
			p.clock.Add(time.Second)
			for n := range 20 {
				a := p.get(target, with("Accept-Encoding", c.accepts))
				want := map[bool]string{true: c.first, false: c.often}[n < 16]
				if got := a.header.Get("Content-Encoding"); got != want || a.header.Get("Content-Length") != strconv.Itoa(len(a.body)) ||
					!strings.HasPrefix(a.header.Get("Vary"), "Accept-Encoding") || a.header.Get("ETag") != plain.header.Get("ETag") {
					t.Fatalf("GET %s, %q, the %dth: %q, want %q; %v", target, c.accepts, n+1, got, want, a.header)
				}
				switch a.header.Get("Content-Encoding") {
				case "gzip":
					a.body = unpack(t, a.body)
				case "br":
					text, err := io.ReadAll(brotli.NewReader(strings.NewReader(a.body)))
					must(t, err)
					a.body = string(text)
				}
				if !strings.HasPrefix(a.body, plain.body[:1000]) || len(a.body) != len(plain.body) {
					t.Fatalf("GET %s, %q: another text", target, c.accepts)
				}
			}
		}
	}
	if a := p.get("/robots.txt", with("Accept-Encoding", "gzip")); a.header.Get("Content-Encoding") != "" {
		t.Error("a page too small is packed")
	}
}
