package handlers_test

import (
	"compress/gzip"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

func TestPackedAnswers(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		changing := regexp.MustCompile(`<dd>[\d.]+</dd>|[A-Z0-9]{12}|\d+ lượt xem`) // counters, request ids
		for target, packed := range map[string]bool{
			"/": true, "/tin-tuc": true, "/rss.xml": true, "/sitemap.xml": true, "/api/v1/news": true, "/bai-viet/sao-luu": true, styleSheet(t, p): true,
			"/robots.txt": false, "/healthz": false, "/khong-co": false, p.news.Cover.Media.URL(): false, p.file.URL(): false, "/tin-tuc/lich-tiep-dan": false,
		} {
			plain, a := p.get(target), p.get(target, with("Accept-Encoding", "deflate;q=1.0, gzip"))
			if got := a.header.Get("Content-Encoding") == "gzip"; got != packed || a.status != plain.status {
				t.Errorf("GET %s: packed: %t, want %t; status %d, want %d", target, got, packed, a.status, plain.status)
				continue
			}
			if packed {
				if !strings.Contains(strings.Join(a.header.Values("Vary"), ","), "Accept-Encoding") || len(a.body) >= len(plain.body) {
					t.Errorf("GET %s: Vary %q, %d bytes of %d", target, a.header.Values("Vary"), len(a.body), len(plain.body))
				}
				a.body = unpack(t, a.body)
			}
			if changing.ReplaceAllString(a.body, "") != changing.ReplaceAllString(plain.body, "") {
				t.Errorf("GET %s: packed and plain answers differ", target)
			}
			checkHeaders(t, target, a)
		}
		if a := p.do(http.MethodGet, p.file.URL(), with("Range", "bytes=4-8"), with("Accept-Encoding", "gzip")); a.status != http.StatusPartialContent || len(a.body) != 5 {
			t.Errorf("part of an attachment: status %d, %d bytes", a.status, len(a.body))
		}
	})
}

func unpack(t *testing.T, body string) string {
	t.Helper()
	reader, err := gzip.NewReader(strings.NewReader(body))
	must(t, err)
	return readAll(t, reader)
}
