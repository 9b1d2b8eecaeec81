package sitecopy

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFile(t *testing.T) {
	for address, want := range map[string]string{
		"/":                                  "index.html",
		"/en":                                "en.html",
		"/en/":                               "en.html",
		"/tin-tuc":                           "tin-tuc.html",
		"/tin-tuc/":                          "tin-tuc.html",
		"/tin-tuc?trang=1":                   "tin-tuc.html",
		"/tin-tuc?trang=2":                   "tin-tuc_trang-2.html",
		"/tin-tuc?trang=2&the=mot-cua":       "tin-tuc_the-mot-cua_trang-2.html",
		"/en/hoi-nghi?nam=2025&loai=x y":     "en/hoi-nghi_nam-2025.html",
		"/chuyen-muc/thong-bao?trang=3":      "chuyen-muc/thong-bao_trang-3.html",
		"/tin-tuc/abc?tu=tin-tuc&trang=2":    "tin-tuc/abc.html",
		"/tin-tuc/con":                       "tin-tuc/con_.html",
		"/tin-tuc/com1":                      "tin-tuc/com1_.html",
		"/tin-tuc/com10":                     "tin-tuc/com10.html",
		"/tin-tuc?the=../../etc":             "tin-tuc.html",
		"/danh-ba/nguoi/a.vcf":               "danh-ba/nguoi/a.vcf",
		"/rss.xml":                           "rss.xml",
		"/.well-known/security.txt":          ".well-known/security.txt",
		"/media/ab/b%C3%A1o c%C3%A1o%3F.pdf": "media/ab/báo cáo_.pdf",
		"/media/ab/a%2Fb.pdf":                "media/ab/a/b.pdf",
		"/media/ab/ghi chu. ":                "media/ab/ghi chu",
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		known, ok := Address(u)
		if got := File(known); !ok || got != want {
			t.Errorf("%s is %q, %v, want %q", address, got, ok, want)
		}
	}
	for _, address := range []string{"/admin", "/admin/tin-tuc", "/hien-thi", "/readyz", "/api/v1/news", "//host/x", "/a/../b", "/a\\b", "tin-tuc", "/a%00b"} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if u.Host != "" {
			u = &url.URL{Path: address}
		}
		if known, ok := Address(u); ok {
			t.Errorf("%s has the address %q", address, known)
		}
	}
}

func TestFileOfLongNames(t *testing.T) {
	one, two := File("/media/ab/"+strings.Repeat("ế", 200)+"1.pdf"), File("/media/ab/"+strings.Repeat("ế", 200)+"2.pdf")
	if one == two || len(one) > 10+longestName || !strings.HasSuffix(one, ".pdf") {
		t.Errorf("%q and %q", one, two)
	}
}

func TestRelative(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"index.html", "index.html", "index.html"},
		{"index.html", "tin-tuc/a.html", "tin-tuc/a.html"},
		{"tin-tuc/a.html", "index.html", "../index.html"},
		{"tin-tuc/a.html", "tin-tuc/b.html", "b.html"},
		{"en/tin-tuc/a.html", "en/contacts.html", "../contacts.html"},
		{"en/tin-tuc/a.html", "tin-tuc/a.html", "../../tin-tuc/a.html"},
		{"tin-tuc.html", "tin-tuc/a.html", "tin-tuc/a.html"},
		{"a.html", "media/x/báo cáo.pdf", "media/x/b%C3%A1o%20c%C3%A1o.pdf"},
	} {
		if got := Relative(c.from, c.to); got != c.want {
			t.Errorf("from %s to %s: %q, want %q", c.from, c.to, got, c.want)
		}
	}
}

// links are those of a page at /tin-tuc/abc of the portal so.example.vn, from which /tin-tuc/mat is lost.
func links() *Links {
	return &Links{
		Own: "so.example.vn", Address: "/tin-tuc/abc",
		Dead: func(address string) bool { return address == "/tin-tuc/mat" },
		Moved: func(address string) string {
			return map[string]string{"/cu.aspx?id=7": "/tin-tuc/moi#a", "/vong?x=1": "/vong?x=1"}[address]
		},
		Leads: func(address string) string {
			return map[string]string{"/cu.pdf": "/media/ab/moi.pdf", "/di": "https://khac.vn/x", "/hai": "/cu.pdf", "/het": "/tin-tuc/mat"}[address]
		},
	}
}

func TestHTML(t *testing.T) {
	for name, c := range map[string]struct{ page, want string }{
		"a link":             {`<p><a href="/tin-tuc/x?tu=tin-tuc&amp;trang=2#p_1">x</a></p>`, `<p><a href="x.html#p_1">x</a></p>`},
		"left as it is":      {`<A  HREF='https://khac.vn/?a=1&b'>x</A> &amp; <br/>`, `<A  HREF='https://khac.vn/?a=1&b'>x</A> &amp; <br/>`},
		"of the portal":      {`<a href="https://so.example.vn/danh-ba">x</a>`, `<a href="../danh-ba.html">x</a>`},
		"within the page":    {`<a href="#p_1">x</a><a href="tel:+8412">y</a><a href="mailto:a@b.vn">z</a>`, `<a href="#p_1">x</a><a href="tel:+8412">y</a><a href="mailto:a@b.vn">z</a>`},
		"beside the page":    {`<a href="khac">x</a>`, `<a href="khac.html">x</a>`},
		"nothing is there":   {`<a class="b" href="/tin-tuc/mat">x</a>`, `<a class="b">x</a>`},
		"a desk":             {`<a href="/admin/tin-tuc">x</a>`, `<a>x</a>`},
		"an old address":     {`<a href="/cu.aspx?id=7">x</a>`, `<a href="moi.html#a">x</a>`},
		"one that leads on":  {`<a href="/cu.pdf#page=2">x</a><a href="/hai">y</a>`, `<a href="../media/ab/moi.pdf#page=2">x</a><a href="../media/ab/moi.pdf">y</a>`},
		"one that leads off": {`<a href="/di">x</a><a href="/het">y</a>`, `<a href="https://khac.vn/x">x</a><a>y</a>`},
		"an endless one":     {`<a href="/vong?x=1">x</a>`, `<a href="../vong.html">x</a>`},
		"pictures":           {`<img src="/media/ab/a.jpg" srcset="/media/ab/480.jpg 480w, /media/ab/a.jpg 900w" alt="">`, `<img src="../media/ab/a.jpg" srcset="../media/ab/480.jpg 480w, ../media/ab/a.jpg 900w" alt="">`},
		"a search":           {`<form action="/tim-kiem"></form><a href="/tim-kiem?q=m%E1%BB%99t">x</a>`, `<form action="../tim-kiem.html"></form><a href="../tim-kiem.html?q=m%E1%BB%99t">x</a>`},
		"without scripts":    {`<noscript><a href="/so-do">x</a></noscript><a href="/so-do">y</a>`, `<noscript><a href="../so-do.html">x</a></noscript><a href="../so-do.html">y</a>`},
		"the public address": {`<link rel="canonical" href="https://so.example.vn/a"/><link rel="icon" href="/static/i.svg"/>`, `<link rel="canonical" href="https://so.example.vn/a"/><link rel="icon" href="../static/i.svg"/>`},
		"text that is a tag": {`<script>"<a href='/x'>"</script><textarea><a href="/x"></textarea>`, `<script>"<a href='/x'>"</script><textarea><a href="/x"></textarea>`},
	} {
		if got := string(links().HTML([]byte(c.page))); got != c.want {
			t.Errorf("%s: %s\nwant %s", name, got, c.want)
		}
	}
	l := links()
	l.HTML([]byte(`<a href="/danh-ba"></a><a href="/danh-ba#a"></a><a href="/tin-tuc/mat"></a><a href="/cu.aspx?id=7"></a>`))
	if diff := cmp.Diff([][]string{{"/danh-ba", "/tin-tuc/moi"}, {"/tin-tuc/mat"}, {"/tin-tuc/moi#a"}}, [][]string{l.Found, l.Dropped, l.Through}); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestDataAndCSS(t *testing.T) {
	feed := `<link>/</link><link>/tin-tuc/x</link><guid>/tin-tuc/mat</guid><description>a / b</description><atom:link href="/rss.xml">`
	if got, want := string(links().Data([]byte(feed))), `<link>../index.html</link><link>x.html</link><guid>/tin-tuc/mat</guid><description>a / b</description><atom:link href="../rss.xml">`; got != want {
		t.Errorf("feed: %s\nwant %s", got, want)
	}
	if got, want := string(links().CSS([]byte(`a{background:url("/static/ab/img/i.svg")}b{background:url(data:image/png;x)}`))), `a{background:url("../static/ab/img/i.svg")}b{background:url(data:image/png;x)}`; got != want {
		t.Errorf("sheet: %s\nwant %s", got, want)
	}
}
