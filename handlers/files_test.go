package handlers_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/andybalholm/brotli"

	"congso/handlers"
)

// plainOf undoes the content coding of an answer.
func plainOf(t *testing.T, a answer) string {
	t.Helper()
	switch coding := a.header.Get("Content-Encoding"); coding {
	case "":
		return a.body
	case "gzip":
		return unpack(t, a.body)
	case "br":
		return readAll(t, io.NopCloser(brotli.NewReader(strings.NewReader(a.body))))
	default:
		t.Fatalf("coding %q", coding)
		return ""
	}
}

// TestStaticFiles holds every answer to what RFC 9110 says of codings, validators and ranges.
func TestStaticFiles(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		target := styleSheet(t, p)
		plain := p.get(target)
		etags := map[string]string{} // by coding
		for accept, want := range map[string]string{
			"": "", "gzip": "gzip", "gzip, deflate": "gzip", "gzip, deflate, br, zstd": "br", "br;q=0.1, gzip;q=0.2": "gzip", "br;q=0, gzip;q=0": "", "*": "br",
			"deflate": "", "identity": "", "x-gzip": "gzip",
		} {
			for _, method := range []string{http.MethodGet, http.MethodHead} {
				a := p.do(method, target, with("Accept-Encoding", accept))
				etag := a.header.Get("ETag")
				if a.status != http.StatusOK || a.header.Get("Content-Encoding") != want || a.header.Get("Vary") != "Accept-Encoding" ||
					a.header.Get("Content-Type") != "text/css; charset=utf-8" || a.header.Get("Cache-Control") != "public, max-age=31536000, immutable" {
					t.Errorf("%s accepting %q: %d, %v", method, accept, a.status, a.header)
				}
				if etags[want] == "" {
					etags[want] = etag
				}
				if etag == "" || etags[want] != etag || strings.HasPrefix(etag, "W/") {
					t.Errorf("%s accepting %q: ETag %q, %q before", method, accept, etag, etags[want])
				}
				if method == http.MethodHead {
					continue
				}
				if plainOf(t, a) != plain.body || a.header.Get("Content-Length") != strconv.Itoa(len(a.body)) || want != "" && len(a.body)*3 > len(plain.body) {
					t.Errorf("accepting %q: %d bytes, Content-Length %s", accept, len(a.body), a.header.Get("Content-Length"))
				}
				again := p.get(target, with("Accept-Encoding", accept), with("If-None-Match", etag))
				if again.status != http.StatusNotModified || again.body != "" || again.header.Get("ETag") != etag || again.header.Get("Vary") != "Accept-Encoding" || again.header.Get("Content-Encoding") != "" {
					t.Errorf("accepting %q, again: %d, %v", accept, again.status, again.header)
				}
			}
		}
		if etags[""] == etags["gzip"] || etags["gzip"] == etags["br"] || etags["br"] == etags[""] {
			t.Errorf("codings share an ETag: %v", etags)
		}
		accepting := with("Accept-Encoding", "br, gzip")
		for name, c := range map[string]struct {
			change []func(*http.Request)
			status int
			body   string
		}{
			"a part":                  {[]func(*http.Request){with("Range", "bytes=5-14")}, 206, plain.body[5:15]},
			"the rest":                {[]func(*http.Request){with("Range", "bytes=20-"), with("If-Range", etags[""])}, 206, plain.body[20:]},
			"the rest of a packed":    {[]func(*http.Request){with("Range", "bytes=20-"), with("If-Range", etags["br"])}, 200, plain.body},
			"the rest of another day": {[]func(*http.Request){with("Range", "bytes=20-"), with("If-Range", "Mon, 01 Jan 2024 00:00:00 GMT")}, 200, plain.body},
			"past its end":            {[]func(*http.Request){with("Range", "bytes=99999999-")}, 416, ""},
		} {
			a := p.get(target, append(c.change, accepting)...)
			if a.status != c.status || c.status != 416 && a.body != c.body || a.header.Get("Content-Encoding") != "" {
				t.Errorf("%s: %d, %d bytes, want %d, %d; %v", name, a.status, len(a.body), c.status, len(c.body), a.header)
			}
		}
	})
}

// TestMediaParts: pictures and attachments never change under their addresses, and may be had in parts.
func TestMediaParts(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *portal) {
		small, _, _ := strings.Cut(p.news.Cover.Media.Picture().SrcSet, " ")
		etags := map[string]string{}
		for _, target := range []string{p.news.Cover.Media.URL(), small, p.file.URL()} {
			whole := p.get(target, with("Accept-Encoding", "br, gzip"))
			etag := whole.header.Get("ETag")
			if whole.status != 200 || whole.header.Get("Cache-Control") != "public, max-age=31536000, immutable" || whole.header.Get("Content-Encoding") != "" ||
				etag == "" || etags[etag] != "" || whole.header.Get("Content-Length") != strconv.Itoa(len(whole.body)) {
				t.Fatalf("%s: %d, %v; ETag of %s", target, whole.status, whole.header, etags[etag])
			}
			etags[etag] = target
			if a := p.get(target, with("If-None-Match", `"x", W/`+etag)); a.status != 304 || a.body != "" {
				t.Errorf("%s again: %d", target, a.status)
			}
			part := with("Range", "bytes=10-19")
			for condition, want := range map[string]int{"": 206, etag: 206, `"another"`: 200} {
				a := p.get(target, part, with("If-Range", condition))
				if body := whole.body[10:20]; a.status != want || want == 206 && a.body != body || want == 200 && a.body != whole.body {
					t.Errorf("%s in part, if %s: %d, %d bytes", target, condition, a.status, len(a.body))
				}
			}
			if a := p.get(target, with("Range", "bytes=5-2, 99999999-")); a.status != 416 && a.status != 200 {
				t.Errorf("%s in no part: %d", target, a.status)
			}
		}
	})
}

// TestHTTP2: a page and what it loads come over one connection, packed.
func TestHTTP2(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		o := p.options
		o.Public, o.TLS = nil, true
		server := httptest.NewUnstartedServer(handlers.New(o))
		server.EnableHTTP2 = true
		server.StartTLS()
		defer server.Close()
		var connections atomic.Int32
		transport := server.Client().Transport.(*http.Transport).Clone()
		defer transport.CloseIdleConnections()
		transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			connections.Add(1)
			return (&net.Dialer{}).DialContext(ctx, network, address)
		}
		client := &http.Client{Transport: transport}
		for _, c := range []struct{ target, accept, coding, holds string }{
			{"/", "gzip", "gzip", "<!doctype html>"},
			{styleSheet(t, p), "gzip, br", "br", "{"},
			{styleSheet(t, p), "gzip", "gzip", "{"},
			{"/tin-tuc/" + p.news.Slug, "gzip", "gzip", p.news.Title},
			{p.news.Cover.Media.URL(), "gzip", "", "PNG"},
		} {
			r, err := http.NewRequest(http.MethodGet, server.URL+c.target, nil)
			must(t, err)
			r.Header.Set("Accept-Encoding", c.accept) // set by hand, it leaves the answer packed
			got, err := client.Do(r)
			must(t, err)
			a := answer{got.StatusCode, got.Header, readAll(t, got.Body)}
			must(t, got.Body.Close())
			if a.status != 200 || got.ProtoMajor != 2 || a.header.Get("Content-Encoding") != c.coding || !strings.Contains(plainOf(t, a), c.holds) {
				t.Errorf("%s: %d by %s, %v", c.target, a.status, got.Proto, a.header)
			}
		}
		if n := connections.Load(); n != 1 {
			t.Errorf("%d connections", n)
		}
	})
}
