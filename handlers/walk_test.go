package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// starts are the addresses from which a walk reaches everything: what no page links to stands here too.
func starts() []string {
	return []string{
		"/", "/en", "/rss.xml", "/sitemap.xml", "/sitemap/0.xml", "/sitemap/1.xml", "/robots.txt", "/.well-known/security.txt", "/favicon.ico",
		"/hoi-nghi/lich.ics", "/en/hoi-nghi/lich.ics", "/api/v1/news?per_page=100", "/api/v1/meetings", "/api/v1/contacts", "/api/v1/articles", "/api/v1/stats",
		"/tim-kiem?q=que", "/tim-kiem?q=tin", "/en/tim-kiem?q=hop", "/tim-kiem?q=" + personalNumbers[0], "/danh-ba?q=" + personalNumbers[1], "/en/contacts?q=0912",
		"/hoi-nghi?q=hop", "/hoi-nghi?chu-tri=ong", "/tin-tuc?the=mot-cua", "/tin-tuc?trang=999", "/en/khong-co", "/healthz", "/readyz",
	}
}

// visited is one answer of a walk.
type visited struct {
	target string
	from   string // the address that led there
	answer answer
	links  []string // local addresses that the answer names
}

// walk asks for all addresses that can be reached from the starts, each once, and calls see with each answer.
func (p *portal) walk(t *testing.T, see func(visited), change ...func(*http.Request)) {
	t.Helper()
	queue, from := starts(), map[string]string{}
	for _, target := range queue {
		from[target] = "start"
	}
	for len(queue) > 0 {
		target := queue[0]
		queue = queue[1:]
		v := visited{target: target, from: from[target], answer: p.get(target, change...)}
		v.links = localLinks(t, v)
		see(v)
		for _, link := range v.links {
			if link = unnamed(link); from[link] == "" {
				from[link] = target
				queue = append(queue, link)
			}
		}
	}
}

// unnamed is link without what says where the reader came from: such addresses are as many as ways through the site.
func unnamed(link string) string {
	path, query, _ := strings.Cut(link, "?")
	values, err := url.ParseQuery(query)
	if err != nil || !strings.Contains(path, "/tin-tuc/") && !strings.Contains(path, "/hoi-nghi/") || len(values) == 0 {
		return link
	}
	return path
}

var absolute = regexp.MustCompile(regexp.QuoteMeta(base) + `[^\s"<>\\,]*`)

// localLinks are the addresses of this site in an answer, as a browser would ask for them.
func localLinks(t *testing.T, v visited) []string {
	t.Helper()
	var raw []string
	switch kind := v.answer.header.Get("Content-Type"); {
	case v.answer.status >= 300 && v.answer.status < 400:
		raw = []string{v.answer.header.Get("Location")}
	case strings.HasPrefix(kind, "text/html"):
		raw = htmlLinks(parse(t, v.answer.body))
	case strings.HasPrefix(kind, "image/"):
	default:
		raw = absolute.FindAllString(strings.ReplaceAll(v.answer.body, `\u0026`, "&"), -1)
	}
	at, err := url.Parse(base + v.target)
	must(t, err)
	var local []string
	for _, link := range raw {
		u, err := at.Parse(link)
		if err != nil {
			t.Errorf("%s: link %q: %v", v.target, link, err)
			continue
		}
		if u.Host == host && u.Scheme == "http" && !strings.HasPrefix(u.Path, "/admin") { // which admin_test.go visits
			local = append(local, u.RequestURI())
		}
	}
	return local
}

// htmlLinks are the addresses in a page that a browser fetches or follows.
func htmlLinks(doc *html.Node) []string {
	var links []string
	for n := range doc.Descendants() {
		for _, a := range n.Attr {
			switch {
			case a.Key == "href" || a.Key == "src" || a.Key == "action" && attr(n, "method") != "post":
				links = append(links, a.Val)
			case a.Key == "srcset":
				for _, source := range strings.Split(a.Val, ",") {
					links = append(links, strings.Fields(source)[0])
				}
			case a.Key == "content" && strings.HasPrefix(a.Val, "http"):
				links = append(links, a.Val)
			}
		}
	}
	return links
}

func parse(t testing.TB, page string) *html.Node {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	must(t, err)
	return doc
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func hasAttr(n *html.Node, key string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key })
}

// find returns the elements of that name, in order.
func find(doc *html.Node, name string) []*html.Node {
	var list []*html.Node
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && n.Data == name {
			list = append(list, n)
		}
	}
	return list
}

// words are the text of n with single spaces.
func words(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(" " + d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func TestWalkAsOutsider(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		var seen []string
		p.walk(t, func(v visited) {
			seen = append(seen, v.target)
			checkStatus(t, v)
			checkHeaders(t, v.target, v.answer)
			if path, _, _ := strings.Cut(v.target, "?"); !strings.HasPrefix(path, "/tim-kiem") && !strings.HasPrefix(path, "/hoi-nghi") {
				lacks(t, v.target, v.answer.body, secrets()...)
			}
			checkNumbers(t, v.target, v.answer.body)
			if strings.HasPrefix(v.answer.header.Get("Content-Type"), "text/html") {
				checkPage(t, v.target, v.answer.body)
			}
		})
		checkRoutesSeen(t, p, seen)
		if len(seen) < 200 {
			t.Errorf("the walk saw %d addresses, want at least 200", len(seen))
		}
	})
}

// checkStatus fails for a link that leads nowhere.
func checkStatus(t *testing.T, v visited) {
	t.Helper()
	missing := []string{"/tin-tuc?trang=999", "/en/tin-tuc?trang=999", "/en/khong-co", "/en/en/khong-co"}
	if slices.Contains(missing, v.target) || v.target == "/khong-co" { // the other language of a page that is not there
		if v.answer.status != http.StatusNotFound {
			t.Errorf("GET %s: status %d, want 404", v.target, v.answer.status)
		}
		return
	}
	if v.answer.status != http.StatusOK && v.answer.status != http.StatusFound {
		t.Errorf("GET %s (named by %s): status %d", v.target, v.from, v.answer.status)
	}
}

var separators = regexp.MustCompile(`<[^>]*>|[\s.()\-–]|&nbsp;|%20`)

// checkNumbers fails when a personal number stands in body, in whatever typing.
func checkNumbers(t *testing.T, what, body string) {
	t.Helper()
	query := regexp.MustCompile(`value="[^"]*"|q=[^"&]*|<title>[^<]*</title>|og:title" content="[^"]*"`) // what the reader typed
	digits := separators.ReplaceAllString(query.ReplaceAllString(body, " "), "")
	for _, number := range personalNumbers {
		lacks(t, what, digits, number[1:])
	}
}

// checkRoutesSeen fails for a GET route that the walk did not come by.
func checkRoutesSeen(t *testing.T, p *portal, seen []string) {
	t.Helper()
	for _, route := range p.server.Routes() {
		if route.Method != http.MethodGet || strings.HasPrefix(route.Path, "/admin") || strings.HasPrefix(route.Path, "/en/danh-ba") || route.Path == "/en/" ||
			slices.Contains([]string{"/hien-thi", "/chuyen-muc", "/danh-ba/nguoi"}, route.Path) { // they lead on
			continue
		}
		pattern := regexp.MustCompile("^" + regexp.MustCompile(`:\w+`).ReplaceAllString(strings.ReplaceAll(route.Path, "*", ".*"), `[^/]+`) + `(\?.*)?$`)
		if !slices.ContainsFunc(seen, pattern.MatchString) {
			t.Errorf("the walk never came to %s", route.Path)
		}
	}
}

// checkHeaders fails unless the answer carries the security headers and a request id.
func checkHeaders(t testing.TB, what string, a answer) {
	t.Helper()
	const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
		"form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
	if got := strings.TrimSuffix(a.header.Get("Content-Security-Policy"), "; frame-src 'self'"); got != policy { // which admin pages have
		t.Errorf("%s: Content-Security-Policy is %q, want %q", what, got, policy)
	}
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
		"Cross-Origin-Embedder-Policy": "require-corp",
	} {
		if got := a.header.Get(name); got != want {
			t.Errorf("%s: %s is %q, want %q", what, name, got, want)
		}
	}
	if got := a.header.Get("Cross-Origin-Resource-Policy"); got != "same-origin" && got != "cross-origin" {
		t.Errorf("%s: Cross-Origin-Resource-Policy is %q", what, got)
	}
	if a.header.Get("X-Request-Id") == "" {
		t.Errorf("%s: no request id", what)
	}
}

// checkPage holds what is true of every page: nothing inline, one title, one main heading, alt texts, ids once.
func checkPage(t testing.TB, what, page string) {
	t.Helper()
	doc := parse(t, page)
	ids := map[string]bool{}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		for _, fault := range elementFaults(n) {
			t.Errorf("%s: <%s>: %s", what, n.Data, fault)
		}
		if id := attr(n, "id"); id != "" {
			if ids[id] {
				t.Errorf("%s: id %q twice", what, id)
			}
			ids[id] = true
		}
	}
	for name, want := range map[string]int{"h1": 1, "main": 1, "title": 1, "link[stylesheet]": 1, "script": 1} {
		element, kind, _ := strings.Cut(strings.TrimSuffix(name, "]"), "[")
		found := slices.DeleteFunc(find(doc, element), func(n *html.Node) bool { return kind != "" && attr(n, "rel") != kind })
		if element == "title" { // a chart's bars have titles too
			found = slices.DeleteFunc(found, func(n *html.Node) bool { return n.Parent.Data != "head" })
		}
		if len(found) != want {
			t.Errorf("%s: %d × %s, want %d", what, len(found), name, want)
		}
	}
	if lang := attr(find(doc, "html")[0], "lang"); lang != "vi" && lang != "en" {
		t.Errorf("%s: lang %q", what, lang)
	}
	contains(t, what, page, `role="search"`)
	lacks(t, what, page, "%!", "fault.", "nav.") // a text with a wrong verb, or a key without its text
}

func elementFaults(n *html.Node) (faults []string) {
	for _, a := range n.Attr {
		switch {
		case a.Key == "lang" && a.Val != "vi" && a.Val != "en":
			faults = append(faults, fmt.Sprintf("lang=%q", a.Val))
		case a.Key == "style":
			faults = append(faults, "style attribute")
		case strings.HasPrefix(a.Key, "on"):
			faults = append(faults, a.Key+" attribute")
		case (a.Key == "href" || a.Key == "src" || a.Key == "action") && !allowedAddress(a.Val):
			faults = append(faults, fmt.Sprintf("%s=%q", a.Key, a.Val))
		}
	}
	switch {
	case n.Data == "script" && (attr(n, "src") == "" || n.FirstChild != nil):
		faults = append(faults, "inline script")
	case n.Data == "style":
		faults = append(faults, "inline style")
	case n.Data == "img" && (!hasAttr(n, "alt") || attr(n, "width") == "" || attr(n, "height") == ""):
		faults = append(faults, "picture without alt text or size")
	}
	return faults
}

// allowedAddress reports whether a page may link to or load address.
func allowedAddress(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	switch u.Scheme {
	case "":
		return u.Host == "" && (strings.HasPrefix(address, "/") || strings.HasPrefix(address, "#"))
	case "http", "https":
		return u.Host == host || u.Host == "tangiang.example.vn"
	}
	return u.Scheme == "mailto" || u.Scheme == "tel"
}
