package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"

	"congso/handlers"
)

// hiddenCases are what an outsider and a reader inside get for the addresses of a record with that word.
func hiddenCases() map[string]struct{ outside, inside int } {
	return map[string]struct{ outside, inside int }{
		wordInternal:  {http.StatusNotFound, http.StatusOK},
		wordDraft:     {http.StatusNotFound, http.StatusNotFound},
		wordReview:    {http.StatusNotFound, http.StatusNotFound},
		wordScheduled: {http.StatusNotFound, http.StatusNotFound},
		wordExpired:   {http.StatusGone, http.StatusGone},
		wordArchived:  {http.StatusGone, http.StatusGone},
	}
}

func TestHiddenRecordsByAddress(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		for word, want := range hiddenCases() {
			for _, path := range []string{"/tin-tuc/tin-", "/en/tin-tuc/tin-", "/tin-tuc/Tin-", "/hoi-nghi/hop-", "/en/hoi-nghi/hop-"} {
				for _, suffix := range []string{"", ".json", "?tu=tin-tuc"} {
					if suffix == ".json" && !strings.Contains(path, "hoi-nghi") {
						continue
					}
					p.checkHidden(t, path+word+suffix, word, want.outside, want.inside)
				}
			}
			p.checkHidden(t, p.hidden[word].URL(), word, http.StatusNotFound, notFoundUnless(want.inside == http.StatusOK))
			p.checkHidden(t, "/tin-tuc?the=the-"+word, word, http.StatusNotFound, notFoundUnless(want.inside == http.StatusOK))
		}
	})
}

func notFoundUnless(found bool) int {
	if found {
		return http.StatusOK
	}
	return http.StatusNotFound
}

// checkHidden asks for target from outside and from inside. Only an answer that shows the record may hold its word.
func (p *portal) checkHidden(t *testing.T, target, word string, wantOutside, wantInside int) {
	t.Helper()
	for address, want := range map[string]int{outside: wantOutside, inside: wantInside} {
		a := p.get(target, from(address))
		if strings.Contains(target, "/Tin-") && want == http.StatusOK {
			want = http.StatusMovedPermanently
		}
		if a.status != want {
			t.Errorf("GET %s from %s: status %d, want %d", target, address, a.status, want)
		}
		checkHeaders(t, target, a)
		switch a.status {
		case http.StatusOK:
			if got := a.header.Get("Cache-Control"); got != "no-store" {
				t.Errorf("GET %s from %s: Cache-Control %q, want no-store", target, address, got)
			}
		case http.StatusNotFound, http.StatusGone: // the address alone names the record
			lacks(t, target, a.body, "Tin "+word, "Họp "+word, "Bút danh", "Kết luận "+word, "Thẻ "+word)
		}
	}
	a := p.do(http.MethodHead, target)
	if a.status != wantOutside {
		t.Errorf("HEAD %s: status %d, want %d", target, a.status, wantOutside)
	}
}

func TestHiddenRecordsBySearch(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		for word, want := range hiddenCases() {
			seenInside := want.inside == http.StatusOK
			for _, target := range []string{"/tim-kiem?q=", "/en/tim-kiem?q=", "/hoi-nghi?q=", "/hoi-nghi?chu-tri=", "/danh-ba?q="} {
				for address, seen := range map[string]bool{outside: false, inside: seenInside && !strings.HasPrefix(target, "/danh-ba")} {
					page := p.page(t, target+word, from(address))
					links := strings.Join(htmlLinks(parse(t, page)), "\n")
					if got := strings.Contains(links, "-"+word); got != seen {
						t.Errorf("GET %s%s from %s: links to the record: %t, want %t", target, word, address, got, seen)
					}
				}
			}
		}
	})
}

func TestWalkInside(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		var found []string
		p.walk(t, func(v visited) {
			lacks(t, v.target, v.answer.body, wordDraft, wordReview, wordScheduled, wordExpired, wordArchived)
			checkNumbers(t, v.target, v.answer.body)
			if strings.HasPrefix(v.answer.header.Get("Content-Type"), "text/html") {
				checkPage(t, v.target, v.answer.body)
			}
			if v.answer.status != http.StatusOK || !strings.Contains(v.answer.body, wordInternal) {
				return
			}
			found = append(found, v.target)
			if got := v.answer.header.Get("Cache-Control"); got != "no-store" {
				t.Errorf("GET %s shows an internal record with Cache-Control %q, want no-store", v.target, got)
			}
		}, from(inside))
		for _, target := range []string{"/", "/en", "/tin-tuc", "/tin-tuc/tin-" + wordInternal, "/hoi-nghi", "/hoi-nghi/hop-" + wordInternal,
			"/hoi-nghi/hop-" + wordInternal + ".json", "/hoi-nghi/lich.ics", "/bai-viet", "/bai-viet/noi-bo", "/so-do", "/chuyen-muc/cai-cach-hanh-chinh"} {
			if !slices.Contains(found, target) {
				t.Errorf("GET %s from inside does not show the internal record", target)
			}
		}
		for _, target := range found {
			if path := strings.Split(target, "?")[0]; strings.HasPrefix(path, "/api/") || strings.HasSuffix(path, "rss.xml") || strings.HasPrefix(path, "/sitemap") {
				t.Errorf("GET %s is read by machines and shows an internal record", target)
			}
		}
		if got := p.get("/bai-viet/anh-noi-bo.png", from(inside)); got.status != http.StatusOK || got.header.Get("Cache-Control") != "no-store" {
			t.Errorf("picture of an internal article: status %d, Cache-Control %q", got.status, got.header.Get("Cache-Control"))
		}
	})
}

func TestWhoIsInside(t *testing.T) {
	cases := []struct {
		name, remote, forwarded string
		seen                    bool
	}{
		{"reader of the network", inside, "", true},
		{"reader of the network by IPv6", "[::ffff:10.1.2.3]", "", true},
		{"outsider", outside, "", false},
		{"outsider by IPv6", "[2001:db8::1]", "", false},
		{"outsider who claims to come from inside", outside, inside, false},
		{"proxy for an outsider", proxy, outside, false},
		{"proxy for a reader of the network", proxy, inside, true},
		{"proxy for an outsider who claims to come from inside", proxy, inside + ", " + outside, false},
		{"two proxies for a reader of the network", proxy, inside + ", " + proxy, true},
		{"proxy with junk", proxy, "junk", false},
		{"proxy with nothing", proxy, "", false},
		{"host that is no proxy, though near", "192.0.2.11", inside, false},
		{"host of a private network that is no proxy", "172.16.0.5", inside, false},
		{"host of the local network that is no proxy", "169.254.1.1", inside, false},
		{"the machine itself, which is no proxy", "127.0.0.1", inside, false},
		{"proxy behind a private network", proxy, inside + ", 172.16.0.5", false},
	}
	eachPortal(t, func(t *testing.T, p *portal) {
		for _, c := range cases {
			a := p.get("/tin-tuc/tin-"+wordInternal, from(c.remote), func(r *http.Request) {
				if c.forwarded != "" {
					r.Header.Set("X-Forwarded-For", c.forwarded)
				}
				r.Header.Set("X-Real-IP", inside)
				r.Header.Set("Forwarded", "for="+inside)
			})
			if got := a.status == http.StatusOK; got != c.seen {
				t.Errorf("%s: sees the internal item: %t, want %t", c.name, got, c.seen)
			}
		}
	})
}

func TestNoNetworkIsInsideUnlessNamed(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		internal := p.options.Internal
		p.options.Proxies = nil
		for _, c := range []struct {
			networks []netip.Prefix
			from     []string
		}{
			{nil, []string{inside, "127.0.0.1", "[::1]", "192.168.1.1"}},
			{internal, []string{"127.0.0.1", "[::1]", "192.168.1.1", "172.16.0.1", proxy}}, // no proxy is believed either
		} {
			p.options.Internal = c.networks
			p.server = handlers.New(p.options)
			for _, address := range c.from {
				a := p.get("/tin-tuc/tin-"+wordInternal, from(address), with("X-Forwarded-For", inside), with("X-Real-IP", inside))
				if a.status != http.StatusNotFound {
					t.Errorf("from %s, inside is %v: status %d, want 404", address, c.networks, a.status)
				}
			}
		}
	})
}

// TestHead asks a real server: it is net/http that keeps the body back.
func TestHead(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		var targets []string
		p.walk(t, func(v visited) { targets = append(targets, v.target) })
		targets = append(targets, "/tin-tuc/tin-"+wordArchived, "/tin-tuc/lich-tiep-dan", "/danh-ba/nguoi/bui-an.vcf")
		p.options.Public = nil
		server := httptest.NewServer(handlers.New(p.options))
		defer server.Close()
		client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		for _, target := range targets {
			get, head := ask(t, client, http.MethodGet, server.URL+target), ask(t, client, http.MethodHead, server.URL+target)
			if head.status != get.status || head.body != "" {
				t.Errorf("HEAD %s: status %d with %d bytes; GET: %d", target, head.status, len(head.body), get.status)
			}
			for _, name := range headerNames(get.header, head.header) {
				g, h := get.header.Get(name), head.header.Get(name)
				if g != h && name != "X-Request-Id" && name != "Date" && name != "Content-Length" {
					t.Errorf("%s: header %s is %q for GET, %q for HEAD", target, name, g, h)
				}
			}
		}
	})
}

func ask(t *testing.T, client *http.Client, method, address string) answer {
	t.Helper()
	r, err := http.NewRequest(method, address, nil)
	must(t, err)
	r.Header.Set("Accept-Encoding", "gzip") // else the client asks for it by itself, but not with HEAD
	response, err := client.Do(r)
	must(t, err)
	return answer{response.StatusCode, response.Header, readAll(t, response.Body)}
}

func headerNames(headers ...http.Header) []string {
	var names []string
	for _, h := range headers {
		for name := range h {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

func TestPublicAddress(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		secure := &url.URL{Scheme: "https", Host: "cong.example.vn:8443"}
		p.options.Public, p.options.Base = secure, secure.String()
		p.server = handlers.New(p.options)
		for name, want := range map[string]int{"cong.example.vn:8443": 200, "CONG.example.vn:8443": 200, "cong.example.vn": 400, host: 400, "": 400, "evil.example": 400} {
			a := p.get("/", func(r *http.Request) { r.Host = name })
			if a.status != want {
				t.Errorf("Host %q: status %d, want %d", name, a.status, want)
			}
			if got := a.header.Get("Strict-Transport-Security"); got != "max-age=31536000" {
				t.Errorf("Host %q: Strict-Transport-Security %q", name, got)
			}
		}
		p.options.Public = nil
		p.server = handlers.New(p.options)
		for _, target := range []string{"/", "/tin-tuc/" + p.news.Slug, "/rss.xml", "/sitemap.xml", "/robots.txt", "/api/v1/news", "/hoi-nghi/lich.ics", "/danh-ba/nguoi/bui-an.vcf"} {
			a := p.get(target, func(r *http.Request) { r.Host = "evil.example" })
			lacks(t, target, a.body, "evil.example")
			contains(t, target, a.body, "cong.example.vn:8443")
		}
	})
}
