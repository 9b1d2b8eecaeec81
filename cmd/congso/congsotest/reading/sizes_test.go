package reading

import (
	"compress/gzip"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"congso/cmd/congso/congsotest"
)

// Limits of what a page weighs as it is sent, in bytes.
const (
	homeLimit   = 60 << 10 // with all that it loads but photos
	pageLimit   = 40 << 10 // an item or any other page, with all that it loads but photos
	styleLimit  = 15 << 10
	scriptLimit = 5 << 10
)

var (
	styleLink  = regexp.MustCompile(`<link rel="stylesheet" href="([^"]+)"`)
	scriptLink = regexp.MustCompile(`<script src="([^"]+)"`)
	iconLink   = regexp.MustCompile(`<link rel="icon"[^>]* href="([^"]+)"`)
	itemLink   = regexp.MustCompile(`<h3><a href="(/tin-tuc/[^"?]+)`)
	meetLink   = regexp.MustCompile(`href="(/hoi-nghi/[a-z0-9-]+)"`)
	personLink = regexp.MustCompile(`href="(/danh-ba/nguoi/[a-z0-9-]+)"`)
	unitLink   = regexp.MustCompile(`href="(/danh-ba/[a-z0-9-]+)"`)
	topicLink  = regexp.MustCompile(`href="(/chuyen-muc/[a-z0-9-]+)"`)
)

// packed gets a path as an old browser does, which takes gzip, and returns the size of the answer and what is in it.
func packed(r *congsotest.Running, t *testing.T, path string) (size int, text string) {
	t.Helper()
	a := r.Get(t, path, func(r *http.Request) { r.Header.Set("Accept-Encoding", "gzip") })
	if a.Status != http.StatusOK {
		t.Fatalf("GET %s: %d", path, a.Status)
	}
	if a.Header.Get("Content-Encoding") == "" {
		return len(a.Body), a.Body
	}
	reader, err := gzip.NewReader(strings.NewReader(a.Body))
	if err != nil {
		t.Fatal(path, err)
	}
	unpacked, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(path, err)
	}
	return len(a.Body), string(unpacked)
}

// only is the single match of a pattern in a page.
func only(t *testing.T, path, page string, pattern *regexp.Regexp) string {
	t.Helper()
	found := pattern.FindAllStringSubmatch(page, -1)
	if len(found) != 1 {
		t.Fatalf("%s: %d matches of %s, want one", path, len(found), pattern)
	}
	return found[0][1]
}

// TestSizes weighs the public pages of the demo as they come over the wire, with the style sheet, the script and the icon.
func TestSizes(t *testing.T) {
	site := congsotest.LivePortal(t)
	first := func(path string, pattern *regexp.Regexp) string {
		match := pattern.FindStringSubmatch(site.Page(t, path))
		if match == nil {
			t.Fatalf("%s: no %s", path, pattern)
		}
		return match[1]
	}
	pages := []string{
		"/", "/en", "/tin-tuc", "/tin-tuc?trang=2", first("/tin-tuc", itemLink), first("/", topicLink), "/hoi-nghi", first("/hoi-nghi", meetLink),
		"/danh-ba", first("/danh-ba", unitLink), first("/danh-ba", personLink), "/tim-kiem?q=tuyen+dung", "/bai-viet", "/bai-viet/gioi-thieu",
		"/bai-viet/huong-dan-tra-cuu", "/thong-ke", "/so-do",
	}
	for _, path := range pages {
		size, page := packed(site, t, path)
		style, _ := packed(site, t, only(t, path, page, styleLink))
		script, _ := packed(site, t, only(t, path, page, scriptLink))
		icon, _ := packed(site, t, only(t, path, page, iconLink))
		limit, whole := pageLimit, size+style+script+icon
		if path == "/" {
			limit = homeLimit
		}
		t.Logf("%6d bytes, %6d with style sheet (%d), script (%d) and icon (%d): %s", size, whole, style, script, icon, path)
		if whole > limit || style > styleLimit || script > scriptLimit {
			t.Errorf("%s: %d bytes of at most %d; style sheet %d of %d, script %d of %d", path, whole, limit, style, styleLimit, script, scriptLimit)
		}
	}
}
