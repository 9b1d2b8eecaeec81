package main

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"

	"congso/cmd/congso/load"
)

// benchRow is one kind of page that is measured.
type benchRow struct {
	name        string
	paths       []string // asked for in turn
	must        string   // stands in each answer, unless it is compressed
	encodings   string   // that the reader's browser understands
	connections int      // 0 for as many as the run has
}

const (
	benchIdentity = "identity"
	benchBrowser  = "gzip, deflate, br, zstd"
)

// benchSamples is how many pages stand for all of a kind where all must be held in memory; benchRandom is how many random items are asked
// for.
const (
	benchSamples = 64
	benchRandom  = 2000
)

// deepPage is the page of a list that is measured as a deep one, or the last when there are fewer; newsPage is how many items a page has.
const (
	deepPage = 40_000
	newsPage = 15
)

// benchRows are the rows of a portal with so many items. css is the address of its style sheet, part that of a part of its sitemap, or "".
func benchRows(items int, css, part string) []benchRow {
	middle := items / 2 / benchLong * benchLong
	link := "/tin-tuc/"
	rows := []benchRow{
		{name: "item", paths: one("/tin-tuc/" + benchSlug(middle)), must: benchCode(middle)},
		{name: "item, compressed", paths: one("/tin-tuc/" + benchSlug(middle)), encodings: benchBrowser},
		{name: "item, random", paths: benchRandomItems(items), must: ">Văn bản HS"},
		{name: "home", paths: one("/"), must: link},
		{name: "section", paths: one("/chuyen-muc/muc-01"), must: link},
		{name: "section, page 2", paths: one("/chuyen-muc/muc-01?trang=2"), must: link},
		{name: "section, deep", paths: one(fmt.Sprintf("/chuyen-muc/muc-01?trang=%d", deepOf(items))), must: link},
		{name: "directory", paths: one("/danh-ba"), must: "/danh-ba/phong-01"},
		{name: "meeting", paths: one("/hoi-nghi/" + benchMeetingSlug(0)), must: "HN00000"},
		{name: "article", paths: one("/bai-viet/gioi-thieu"), must: "<h1"},
		{name: "feed", paths: one("/rss.xml"), must: link},
		{name: "sitemap", paths: one("/sitemap.xml"), must: "<loc>"},
		{name: "JSON", paths: one("/api/v1/news"), must: link},
		{name: "static", paths: one(css), must: "{"},
	}
	for _, s := range benchSearches(items) {
		rows = append(rows, benchRow{name: "search, " + s.name, paths: s.paths, must: link})
	}
	if part != "" {
		rows = append(rows, benchRow{name: "sitemap's part", paths: one(part), must: link, connections: 2}) // thousands of addresses: some megabytes
	}
	return rows
}

func one(path string) []string { return []string{path} }

// deepOf is the number of the deep page of the first section.
func deepOf(items int) int {
	full := items / 100 * 62 / newsPage
	return max(1, min(deepPage, full))
}

// benchRandomItems are items with a long text from all over the years, always the same of a portal.
func benchRandomItems(items int) []string {
	random := rand.New(rand.NewPCG(1, uint64(items)))
	var paths []string
	for range benchRandom {
		paths = append(paths, "/tin-tuc/"+benchSlug(random.IntN((items+benchLong-1)/benchLong)*benchLong))
	}
	return paths
}

// benchSearch is a kind of query.
type benchSearch struct {
	name  string
	paths []string
}

// benchSearches are queries of each kind, all of which find something in a portal of some hundred items.
func benchSearches(items int) []benchSearch {
	random := rand.New(rand.NewPCG(2, uint64(items)))
	var rare []string
	for range benchSamples {
		rare = append(rare, benchCode(random.IntN(items)))
	}
	return []benchSearch{
		{"rare", searched(rare...)},
		{"common", searched("công", "hồ", "sơ", "hiện", "quan", "cán", "định", "kết", "dân", "chức")},
		{"unaccented", searched("cong", "ho", "so", "hien", "quan", "can", "dinh", "ket", "dan", "chuc")},
		{"two words", searched("công hồ", "cán quả", "chức dân", "đơn quyết", "tác gian", "cong chuc", "ho so", "thuc hien", "to chuc", "can bo")},
		{"phrase", searched(`"công chức"`, `"hồ sơ"`, `"thực hiện"`, `"cơ quan"`, `"đơn vị"`, `"can bo"`, `"quy dinh"`, `"thu tuc"`, `"ket qua"`, `"cong tac"`)},
	}
}

func searched(queries ...string) (paths []string) {
	for _, q := range queries {
		paths = append(paths, "/tim-kiem?q="+url.QueryEscape(q))
	}
	return paths
}

// benchAgents are browsers that readers have.
var benchAgents = []string{
	"Mozilla/5.0 (Linux; Android 8.1.0; SM-J260G) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Mobile Safari/537.36",
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0",
	"Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1",
	"Mozilla/5.0 (Windows NT 6.1; Win64; x64; rv:115.0) Gecko/20100101 Firefox/115.0",
	"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Safari/537.36",
}

// benchReaders is how many readers ask at once at most for pages of their own.
const benchReaders = 256

// unshared are the paths with where the reader comes from, which pages hand on: so that each of those who ask at once gets a page of their
// own, in the way in which every reader does whose page nobody has asked for.
func unshared(paths []string) []string {
	own := make([]string, max(len(paths), benchReaders))
	for i := range own {
		path, mark := paths[i%len(paths)], "?"
		if strings.Contains(path, "?") {
			mark = "&"
		}
		own[i] = fmt.Sprintf("%s%stu=doc-gia-%d", path, mark, i)
	}
	return own
}

// benchRequest is a browser's request.
func benchRequest(host, path, agent, encodings string) []byte {
	return []byte(strings.Join([]string{
		"GET " + path + " HTTP/1.1", "Host: " + host, "User-Agent: " + agent, "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
		"Accept-Language: vi-VN,vi;q=0.9,en;q=0.8", "Accept-Encoding: " + encodings, "Connection: keep-alive", "", "",
	}, "\r\n"))
}

// benchRequests ask for each path with each agent; answers of those may have sizes from least to most.
func benchRequests(host string, paths []string, encodings string, least, most int) (requests []load.Request) {
	for _, agent := range benchAgents {
		for _, path := range paths {
			requests = append(requests, load.Request{Bytes: benchRequest(host, path, agent, encodings), Status: 200, Least: least, Most: most})
		}
	}
	return requests
}
