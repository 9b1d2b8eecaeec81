package handlers_test

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"
	"golang.org/x/text/unicode/norm"

	"congso/handlers"
	"congso/store"
	"congso/store/storetest"
)

func TestFeeds(t *testing.T) {
	cases := []struct {
		target, title, link string
		items               int
		first               string
	}{
		{"/rss.xml", "Sở Nội vụ tỉnh Tân Giang", "/", 30, "Sửa chữa đường Nguyễn Huệ"},
		{"/chuyen-muc/cai-cach-hanh-chinh/rss.xml", "Cải cách hành chính – Sở Nội vụ tỉnh Tân Giang", "/chuyen-muc/cai-cach-hanh-chinh", 30, "Sửa chữa đường Nguyễn Huệ"},
		{"/chuyen-muc/thong-bao/rss.xml", "Thông báo – Sở Nội vụ tỉnh Tân Giang", "/chuyen-muc/thong-bao", 1, "Lịch tiếp công dân"},
		{"/chuyen-muc/cong-tac-thanh-nien/rss.xml", "Thanh niên – Sở Nội vụ tỉnh Tân Giang", "/chuyen-muc/cong-tac-thanh-nien", 0, ""},
	}
	eachPortal(t, func(t *testing.T, p *portal) {
		for _, c := range cases {
			a := p.get(c.target)
			if got := a.header.Get("Content-Type"); got != "application/rss+xml; charset=utf-8" {
				t.Errorf("%s: Content-Type %q", c.target, got)
			}
			feed, err := gofeed.NewParser().ParseString(a.body)
			must(t, err)
			if feed.FeedType != "rss" || feed.FeedVersion != "2.0" || feed.Title != c.title || feed.Link != base+c.link || feed.Language != "vi" || feed.FeedLink != base+c.target {
				t.Errorf("%s: %s %s %q %q %q %q", c.target, feed.FeedType, feed.FeedVersion, feed.Title, feed.Link, feed.Language, feed.FeedLink)
			}
			if len(feed.Items) != c.items || c.items > 0 && feed.Items[0].Title != c.first {
				t.Errorf("%s: %d items, want %d, the first %q", c.target, len(feed.Items), c.items, c.first)
			}
			for i, item := range feed.Items {
				if i > 0 && item.PublishedParsed.After(*feed.Items[i-1].PublishedParsed) {
					t.Errorf("%s: item %d is newer than the one before", c.target, i)
				}
				if item.GUID != item.Link || !strings.HasPrefix(item.Link, base+"/tin-tuc/") || p.get(strings.TrimPrefix(item.Link, base)).status != http.StatusOK {
					t.Errorf("%s: link %q, id %q", c.target, item.Link, item.GUID)
				}
			}
		}
		feed, err := gofeed.NewParser().ParseString(p.page(t, "/rss.xml"))
		must(t, err)
		first := feed.Items[0]
		if first.Description != "Đổi lối vào bộ phận một cửa." || !slices.Equal(first.Categories, []string{"Cải cách hành chính"}) ||
			first.DublinCoreExt == nil || !slices.Equal(first.DublinCoreExt.Creator, []string{"Hồng Hạnh"}) ||
			!first.PublishedParsed.Equal(storetest.Start().Add(-2*time.Hour)) {
			t.Errorf("first item: %+v", first)
		}
	})
}

// sitemapFile is a file of a sitemap as its readers see it.
type sitemapFile struct {
	XMLName xml.Name
	URLs    []struct {
		Loc     string `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 loc"`
		Lastmod string `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 lastmod"`
	} `xml:",any"`
}

func (p *portal) sitemap(t *testing.T, target string) sitemapFile {
	t.Helper()
	var file sitemapFile
	must(t, xml.Unmarshal([]byte(p.page(t, target)), &file))
	return file
}

// checkSitemap holds that each address of the file answers and that none comes twice.
func (p *portal) checkSitemap(t *testing.T, file sitemapFile, known map[string]bool) {
	t.Helper()
	for _, u := range file.URLs {
		target, ours := strings.CutPrefix(u.Loc, base)
		if !ours || known[target] {
			t.Errorf("sitemap: address %q is not ours or comes twice", u.Loc)
		}
		known[target] = true
		page := p.page(t, target)
		lacks(t, target, page, "noindex")
		contains(t, target, page, `rel="canonical" href="`+u.Loc+`"`)
		if _, err := time.Parse(time.RFC3339, u.Lastmod); u.Lastmod != "" && err != nil {
			t.Errorf("sitemap: lastmod of %s: %v", u.Loc, err)
		}
	}
}

func TestSitemap(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		whole := p.sitemap(t, "/sitemap.xml")
		if whole.XMLName.Local != "urlset" || whole.XMLName.Space != "http://www.sitemaps.org/schemas/sitemap/0.9" {
			t.Errorf("sitemap is %v", whole.XMLName)
		}
		known := map[string]bool{}
		p.checkSitemap(t, whole, known)
		for _, target := range []string{"/", "/en", "/en/contacts", "/tin-tuc/" + p.news.Slug, "/hoi-nghi/" + p.meeting.Slug, "/danh-ba/van-phong", "/danh-ba/nguoi/bui-an",
			"/chuyen-muc/thong-bao", "/bai-viet/sao-luu", "/en/bai-viet/backup"} {
			if !known[target] {
				t.Errorf("sitemap: no %s", target)
			}
		}

		p.options.SitemapSize = 20
		p.server = handlers.New(p.options)
		index, inFiles := p.sitemap(t, "/sitemap.xml"), map[string]bool{}
		if index.XMLName.Local != "sitemapindex" || len(index.URLs) < 4 {
			t.Fatalf("index is %v of %d files", index.XMLName, len(index.URLs))
		}
		for _, u := range index.URLs {
			file := p.sitemap(t, strings.TrimPrefix(u.Loc, base))
			if !strings.HasSuffix(u.Loc, "/0.xml") && len(file.URLs) > 20 || len(file.URLs) == 0 {
				t.Errorf("%s: %d addresses", u.Loc, len(file.URLs))
			}
			p.checkSitemap(t, file, inFiles)
		}
		if len(inFiles) != len(known) {
			t.Errorf("%d addresses in files, %d in one", len(inFiles), len(known))
		}
		for _, name := range []string{"99", "-1", "01", "x", "1.xml.xml", "+1", "99999999999999999999"} {
			if a := p.get("/sitemap/" + name + ".xml"); a.status != http.StatusNotFound {
				t.Errorf("sitemap file %q: status %d, want 404", name, a.status)
			}
		}
	})
}

func TestRobotsAndSecurity(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		robots := p.page(t, "/robots.txt")
		contains(t, "robots.txt", robots, "User-agent: *\n", "Disallow: /admin/\n", "\nSitemap: "+base+"/sitemap.xml\n")
		fields := map[string][]string{}
		a := p.get("/.well-known/security.txt")
		if got := a.header.Get("Content-Type"); !strings.EqualFold(got, "text/plain; charset=utf-8") {
			t.Errorf("security.txt: Content-Type %q", got)
		}
		for line := range strings.SplitSeq(strings.TrimSpace(a.body), "\n") {
			name, value, _ := strings.Cut(line, ": ")
			fields[name] = append(fields[name], value)
		}
		want := map[string][]string{"Contact": {"mailto:vanphong@so.example.vn"}, "Preferred-Languages": {"vi, en"}, "Canonical": {base + "/.well-known/security.txt"}, "Expires": fields["Expires"]}
		if fmt.Sprint(fields) != fmt.Sprint(want) {
			t.Errorf("security.txt: %v, want %v", fields, want)
		}
		expires, err := time.Parse(time.RFC3339, strings.Join(fields["Expires"], ","))
		if err != nil || expires.Before(p.clock.Now()) || expires.After(p.clock.Now().AddDate(1, 0, 0)) {
			t.Errorf("security.txt expires %v (%v): it must within a year (RFC 9116)", expires, err)
		}
	})
}

// TestEmptyPortal asks an empty store for everything: no list is there, and nothing fails.
func TestEmptyPortal(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		p := newPortal(t, o, func(testing.TB, *store.Store, *storetest.Clock) fixture { return fixture{} })
		p.walk(t, func(v visited) {
			want := http.StatusOK
			switch {
			case slices.Contains([]string{"/.well-known/security.txt", "/tin-tuc?the=mot-cua", "/tin-tuc?trang=999", "/khong-co", "/sitemap/1.xml"}, strings.TrimPrefix(v.target, "/en")):
				want = http.StatusNotFound
			case v.target == "/favicon.ico":
				want = http.StatusFound
			}
			if v.answer.status != want {
				t.Errorf("GET %s (named by %s): status %d, want %d", v.target, v.from, v.answer.status, want)
			}
			if strings.HasPrefix(v.answer.header.Get("Content-Type"), "text/html") {
				checkPage(t, v.target, v.answer.body)
			}
		})
		contains(t, "home", p.page(t, "/"), "Cổng thông tin", "Chưa có tin nào ở đây.")
		contains(t, "news in JSON", p.page(t, "/api/v1/news"), `"items":[],"page":1,"pages":1,"total":0`)
		lacks(t, "JSON", p.page(t, "/api/v1/news")+p.page(t, "/api/v1/meetings")+p.page(t, "/api/v1/contacts"), "null")
	})
}

// TestCanonicalAndLanguages holds the addresses in the heads of pages against one another.
func TestCanonicalAndLanguages(t *testing.T) {
	cases := []struct{ target, canonical, vi, en string }{
		{"/", "/", "/", "/en"},
		{"/en", "/en", "/", "/en"},
		{"/tin-tuc?trang=2", "/tin-tuc?trang=2", "/tin-tuc?trang=2", "/en/tin-tuc?trang=2"},
		{"/tin-tuc?trang=1&tu=x", "/tin-tuc", "/tin-tuc", "/en/tin-tuc"},
		{"/tin-tuc?trang=abc", "/tin-tuc", "/tin-tuc", "/en/tin-tuc"},
		{"/en/chuyen-muc/thong-bao", "/chuyen-muc/thong-bao", "/chuyen-muc/thong-bao", "/en/chuyen-muc/thong-bao"},
		{"/en/tin-tuc/ban-tin-so-01?tu=tin-tuc&trang=2", "/tin-tuc/ban-tin-so-01", "/tin-tuc/ban-tin-so-01", "/en/tin-tuc/ban-tin-so-01"},
		{"/hoi-nghi?nam=2025", "/hoi-nghi?nam=2025", "/hoi-nghi?nam=2025", "/en/hoi-nghi?nam=2025"},
		{"/en/contacts/van-phong", "/en/contacts/van-phong", "/danh-ba/van-phong", "/en/contacts/van-phong"},
		{"/danh-ba/nguoi/bui-an", "/danh-ba/nguoi/bui-an", "/danh-ba/nguoi/bui-an", "/en/contacts/nguoi/bui-an"},
		{"/bai-viet/gioi-thieu", "/bai-viet/gioi-thieu", "/bai-viet/gioi-thieu", "/en/bai-viet/gioi-thieu"},
		{"/bai-viet/sao-luu", "/bai-viet/sao-luu", "", ""},
		{"/en/bai-viet/backup", "/en/bai-viet/backup", "", ""},
	}
	eachPortal(t, func(t *testing.T, p *portal) {
		for _, c := range cases {
			got := map[string]string{}
			doc := parse(t, p.page(t, c.target))
			for _, link := range find(doc, "link") {
				got[attr(link, "rel")+attr(link, "hreflang")] = strings.TrimPrefix(attr(link, "href"), base)
			}
			if got["canonical"] != c.canonical || got["alternatevi"] != c.vi || got["alternateen"] != c.en {
				t.Errorf("%s: canonical %q, vi %q, en %q; want %q, %q, %q", c.target, got["canonical"], got["alternatevi"], got["alternateen"], c.canonical, c.vi, c.en)
			}
			other := attr(byClass(t, doc, "lang"), "href")
			if a := p.get(other); a.status != http.StatusOK {
				t.Errorf("%s: link to the other language %q: status %d", c.target, other, a.status)
			}
		}
	})
}

// TestLanguageLinkStaysHere asks for addresses whose twin in the other language a browser could take for another site.
func TestLanguageLinkStaysHere(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		for _, target := range []string{"/en//evil.example", "/en/%5Cevil.example", "/en///evil.example/x", "/en/%2F%2Fevil.example", "//evil.example", "/%5Cevil.example"} {
			a := p.do(http.MethodGet, "/", func(r *http.Request) {
				u, err := url.ParseRequestURI(target)
				must(t, err)
				r.URL, r.RequestURI = u, target
			})
			for _, link := range htmlLinks(parse(t, a.body)) {
				if !allowedAddress(link) || regexp.MustCompile(`^[/\\]{2}`).MatchString(link) {
					t.Errorf("GET %s: link to %q", target, link)
				}
			}
			if location := a.header.Get("Location"); strings.HasPrefix(location, "//") || strings.Contains(location, `\`) {
				t.Errorf("GET %s: sent to %q", target, location)
			}
			if a.status != http.StatusNotFound {
				t.Errorf("GET %s: status %d, want 404", target, a.status)
			}
		}
	})
}

// TestVietnameseAddresses asks for records by other spellings of their slugs.
func TestVietnameseAddresses(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		for _, typed := range []string{"SUA-CHUA-DUONG-NGUYEN-HUE", "Sửa-chữa-đường-Nguyễn-Huệ", "Sửa chữa đường Nguyễn Huệ", norm.NFD.String("sửa-chữa-đường-nguyễn-huệ")} {
			for _, prefix := range []string{"/tin-tuc/", "/en/tin-tuc/"} {
				a := p.get(prefix + url.PathEscape(typed))
				if want := prefix + p.news.Slug; a.status != http.StatusMovedPermanently || a.header.Get("Location") != want {
					t.Errorf("GET %s%s: status %d to %q, want 301 to %q", prefix, typed, a.status, a.header.Get("Location"), want)
				}
			}
			found := p.page(t, "/tim-kiem?q="+url.QueryEscape(strings.ReplaceAll(typed, "-", " ")))
			contains(t, "search for "+typed, found, "/tin-tuc/"+p.news.Slug)
		}
		if a := p.get("/tin-tuc/" + url.PathEscape("đường-không-có")); a.status != http.StatusNotFound {
			t.Errorf("unknown slug with accents: status %d, want 404", a.status)
		}
	})
}
