package reading

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"congso/cmd/congso/congsotest"
)

// crawled is what the link walker keeps of an answer.
type crawled struct {
	status int
	ids    map[string]bool // of its elements; nil for what is no page
	from   string          // the page with the first link to it
}

// crawler follows every link of the portal, each address once.
type crawler struct {
	*testing.T
	site    *congsotest.Running
	pages   map[string]*crawled
	queue   []string
	anchors map[string]string // address#id → a page that links to it
}

// TestEveryLinkLeadsSomewhere follows all links within the demo from both home pages. What a page loads is a link too.
func TestEveryLinkLeadsSomewhere(t *testing.T) {
	t.Parallel()
	c := &crawler{T: t, site: congsotest.LivePortal(t), pages: map[string]*crawled{}, anchors: map[string]string{}}
	for _, start := range []string{"/", "/en", "/robots.txt", "/sitemap.xml", "/.well-known/security.txt"} {
		c.add(start, "the start")
	}
	for len(c.queue) > 0 {
		next := c.queue[0]
		c.queue = c.queue[1:]
		c.fetch(next)
	}
	pages := 0
	for address, p := range c.pages {
		if p.status != http.StatusOK {
			t.Errorf("%s answers %d; %s links to it", address, p.status, p.from)
		}
		if p.ids != nil {
			pages++
		}
	}
	for anchor, from := range c.anchors {
		address, id, _ := strings.Cut(anchor, "#")
		if p := c.pages[address]; p == nil || !p.ids[id] {
			t.Errorf("no %s; %s links to it", anchor, from)
		}
	}
	if pages < 300 || len(c.pages) < 500 || len(c.anchors) < 100 {
		t.Errorf("walked %d pages, %d addresses and %d anchors only", pages, len(c.pages), len(c.anchors))
	}
	t.Logf("%d pages, %d addresses, %d anchors", pages, len(c.pages), len(c.anchors))
}

// add notes a link, as written on the page at from. Links that lead elsewhere are not followed.
func (c *crawler) add(link, from string) {
	base, err := url.Parse(c.site.URL)
	if err == nil && strings.HasPrefix(from, "/") {
		base, err = base.Parse(from)
	}
	if err != nil {
		c.Fatal(err)
	}
	u, err := base.Parse(link)
	if err != nil {
		c.Errorf("%s links to %q: %v", from, link, err)
		return
	}
	if u.Scheme+"://"+u.Host != c.site.URL {
		return
	}
	fragment := u.Fragment
	u.Fragment, u.RawFragment = "", ""
	if u.Path == "" {
		u.Path = "/"
	}
	address := withoutOrigin(u)
	if fragment != "" {
		c.anchors[address+"#"+fragment] = from
	}
	if c.pages[address] == nil {
		c.pages[address] = &crawled{from: from}
		c.queue = append(c.queue, address)
	}
}

// withoutOrigin is the address without where the reader came from: else each item had as many addresses as lists name it.
func withoutOrigin(u *url.URL) string {
	query := u.Query()
	if query.Has("tu") {
		for _, name := range []string{"tu", "trang", "the"} {
			query.Del(name)
		}
		u.RawQuery = query.Encode()
	}
	return u.RequestURI()
}

func (c *crawler) fetch(address string) {
	a := c.site.Get(c, address)
	p := c.pages[address]
	p.status = a.Status
	if !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
		return
	}
	doc, err := html.Parse(strings.NewReader(a.Body))
	if err != nil {
		c.Fatalf("%s: %v", address, err)
	}
	p.ids = map[string]bool{}
	for n := range doc.Descendants() {
		for _, attribute := range n.Attr {
			switch attribute.Key {
			case "id":
				p.ids[attribute.Val] = true
			case "href", "src":
				c.add(attribute.Val, address)
			case "action":
				if n.Data == "form" && !isPost(n) {
					c.add(attribute.Val, address)
				}
			case "srcset":
				for candidate := range strings.SplitSeq(attribute.Val, ",") {
					c.add(strings.Fields(candidate)[0], address)
				}
			}
		}
	}
}

func isPost(form *html.Node) bool {
	return slices.ContainsFunc(form.Attr, func(a html.Attribute) bool { return a.Key == "method" && strings.EqualFold(a.Val, "post") })
}

// wireLimit is what the home page may weigh on the wire without its photos: 60 KB.
const wireLimit = 60 * 1024

// TestHomeIsLight weighs the home page and what it loads, as a browser that takes gzip gets it.
func TestHomeIsLight(t *testing.T) {
	t.Parallel()
	site := congsotest.LivePortal(t)
	page, weight := gzipped(site, t, "/")
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	sheets, scripts := 0, 0
	for n := range doc.Descendants() {
		attributes := map[string]string{}
		for _, a := range n.Attr {
			attributes[a.Key] = a.Val
		}
		load := ""
		switch {
		case n.Data == "style":
			t.Error("a style element")
		case n.Data == "link" && attributes["rel"] == "stylesheet":
			sheets++
			load = attributes["href"]
		case n.Data == "link" && attributes["rel"] == "icon":
			load = attributes["href"]
		case n.Data == "script":
			scripts++
			load = attributes["src"]
			if _, deferred := attributes["defer"]; !deferred || load == "" {
				t.Errorf("a script that is not deferred: %v", n.Attr)
			}
		}
		if load != "" {
			_, bytes := gzipped(site, t, load)
			weight += bytes
		}
	}
	if sheets != 1 || scripts != 1 {
		t.Errorf("%d style sheets and %d scripts, want one of each", sheets, scripts)
	}
	if weight > wireLimit {
		t.Errorf("the home page weighs %d bytes without photos, at most %d are allowed", weight, wireLimit)
	}
	t.Logf("%d bytes over the wire", weight)
}

// gzipped is the text of an answer and its bytes on the wire, head included.
func gzipped(r *congsotest.Running, t testing.TB, path string) (string, int) {
	t.Helper()
	a := r.Get(t, path, func(r *http.Request) { r.Header.Set("Accept-Encoding", "gzip") })
	if a.Status != http.StatusOK || a.Header.Get("Content-Encoding") != "gzip" {
		t.Fatalf("%s answers %d, encoding %q", path, a.Status, a.Header.Get("Content-Encoding"))
	}
	unzip, err := gzip.NewReader(strings.NewReader(a.Body))
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	text, err := io.ReadAll(unzip)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	var head strings.Builder
	if err := a.Header.Write(&head); err != nil {
		t.Fatal(err)
	}
	return string(text), len(a.Body) + head.Len()
}
