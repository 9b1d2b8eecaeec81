package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"congso/handlers"
)

func TestDisplayCookie(t *testing.T) {
	cases := []struct{ cookie, theme, size string }{
		{"", "", ""}, {".", "", ""}, {"light.", "light", ""}, {"dark.", "dark", ""}, {"contrast.", "contrast", ""}, {".large", "", "large"}, {".larger", "", "larger"},
		{"dark.large", "dark", "large"}, {"contrast.larger", "contrast", "larger"}, {"light.larger", "light", "larger"},
		{"junk.large", "", "large"}, {"dark.junk", "dark", ""}, {"junk", "", ""}, {"dark", "dark", ""}, {"DARK.LARGE", "", ""}, {"dark.large.x", "dark", ""}, {"large.dark", "", ""},
	}
	eachPortal(t, func(t *testing.T, p *portal) {
		for _, target := range []string{"/", "/en/tin-tuc", "/khong-co"} {
			for _, c := range cases {
				doc := parse(t, p.get(target, with("Cookie", "khac=1; hien-thi="+c.cookie)).body)
				root := find(doc, "html")[0]
				if got := attr(root, "data-theme") + "." + attr(root, "data-size"); got != c.theme+"."+c.size {
					t.Errorf("%s with cookie %q: %q, want %q", target, c.cookie, got, c.theme+"."+c.size)
				}
				checked := map[string]string{}
				for _, input := range find(doc, "input") {
					if attr(input, "type") == "radio" && hasAttr(input, "checked") {
						checked[attr(input, "name")] = attr(input, "value")
					}
				}
				if len(checked) != 2 || checked["nen"] != c.theme || checked["co"] != c.size {
					t.Errorf("%s with cookie %q: the form has %v", target, c.cookie, checked)
				}
			}
		}
	})
}

func TestDisplayForm(t *testing.T) {
	cases := []struct {
		name, form, location, cookie string // cookie "-" for none kept
	}{
		{"dark and larger", "nen=dark&co=larger&ve=/tin-tuc", "/tin-tuc", "dark.larger"},
		{"contrast", "nen=contrast&ve=/en/contacts", "/en/contacts", "contrast."},
		{"large", "co=large&ve=/tin-tuc?trang=2", "/tin-tuc?trang=2", ".large"},
		{"the default", "nen=&co=&ve=/", "/", "-"},
		{"nothing", "a=b", "/", "-"},
		{"junk", "nen=blue&co=huge&ve=/", "/", "-"},
		{"injection", "nen=dark%0d%0aX: y&co=large&ve=/", "/", ".large"},
		{"accents", "nen=dark&ve=" + url.QueryEscape("/tin-tuc/đường?q=ý"), "/tin-tuc/%C4%91%C6%B0%E1%BB%9Dng?q=%C3%BD", "dark."},
		{"another host", "nen=dark&ve=//evil.example", "/", "dark."},
		{"another host, long", "nen=dark&ve=https://evil.example/", "/", "dark."},
		{"another host after four strokes", "nen=dark&ve=////evil.example", "/", "dark."},
		{"three strokes", "nen=dark&ve=///evil.example", "/", "dark."},
		{"an escaped stroke", "nen=dark&ve=/%252Fevil.example", "/", "dark."},
		{"a backslash", `nen=dark&ve=/\evil.example`, "/", "dark."},
		{"an escaped backslash", `nen=dark&ve=/%255Cevil.example`, "/", "dark."},
		{"two backslashes", `nen=dark&ve=\\evil.example`, "/", "dark."},
		{"a tab", "nen=dark&ve=/%09/evil.example", "/", "dark."},
		{"a line break", "nen=dark&ve=/%0d%0aSet-Cookie:x=y", "/", "dark."},
		{"a script", "nen=dark&ve=javascript:alert(1)", "/", "dark."},
		{"no path", "nen=dark&ve=tin-tuc", "/", "dark."},
		{"a NUL", "nen=dark&ve=/%00", "/", "dark."},
		{"invalid UTF-8", "nen=dark&ve=/%FF", "/%FF", "dark."},
		{"twice", "nen=dark&ve=/a&ve=//evil.example", "/a", "dark."},
	}
	eachPortal(t, func(t *testing.T, p *portal) {
		for _, c := range cases {
			a := p.do(http.MethodPost, "/hien-thi?ve=//evil.example&nen=light", form(c.form))
			if a.status != http.StatusSeeOther || a.header.Get("Location") != c.location || a.header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: status %d to %q, want 303 to %q", c.name, a.status, a.header.Get("Location"), c.location)
			}
			checkHeaders(t, c.name, a)
			cookies, err := http.ParseSetCookie(a.header.Get("Set-Cookie"))
			must(t, err)
			kept := cookies.MaxAge > 300*24*3600
			if kept != (c.cookie != "-") || kept && cookies.Value != c.cookie {
				t.Errorf("%s: cookie %q", c.name, a.header.Get("Set-Cookie"))
			}
			if !cookies.HttpOnly || cookies.SameSite != http.SameSiteLaxMode || cookies.Path != "/" || cookies.Secure {
				t.Errorf("%s: cookie %q", c.name, a.header.Get("Set-Cookie"))
			}
			if kept { // the browser sends it with the next page
				root := find(parse(t, p.page(t, "/", with("Cookie", "hien-thi="+cookies.Value))), "html")[0]
				if got := attr(root, "data-theme") + "." + attr(root, "data-size"); got != c.cookie {
					t.Errorf("%s: the next page has %q", c.name, got)
				}
			}
		}
	})
}

// TestDisplayFormLeadsBack sends the form of a page and comes back to that very page, query and all.
func TestDisplayFormLeadsBack(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		for target, want := range map[string]string{
			"/": "/", "/en": "/en", "/tin-tuc?trang=2": "/tin-tuc?trang=2", "/tim-kiem?q=t%C3%ACm+g%C3%AC&trang=1": "/tim-kiem?q=t%C3%ACm+g%C3%AC&trang=1",
			"/danh-ba?q=%C4%91%E1%BA%A1o": "/danh-ba?q=%C4%91%E1%BA%A1o", "/tin-tuc/ban-tin-so-01?tu=tin-tuc": "/tin-tuc/ban-tin-so-01?tu=tin-tuc", "/khong%3Fco": "/khong%3Fco",
		} {
			back := ""
			for _, input := range find(parse(t, p.get(target).body), "input") {
				if attr(input, "name") == "ve" {
					back = attr(input, "value")
				}
			}
			a := p.do(http.MethodPost, "/hien-thi", form(url.Values{"nen": {"dark"}, "ve": {back}}.Encode()))
			if got := a.header.Get("Location"); got != want {
				t.Errorf("from %s back to %q, want %q", target, got, want)
			}
		}
	})
}

func TestRefusedForms(t *testing.T) {
	cases := []struct {
		name   string
		change func(*http.Request)
		status int
	}{
		{"from another site", with("Sec-Fetch-Site", "cross-site"), http.StatusForbidden},
		{"from a neighbouring site", with("Sec-Fetch-Site", "same-site"), http.StatusForbidden},
		{"from another origin", func(r *http.Request) { r.Header.Del("Sec-Fetch-Site"); r.Header.Set("Origin", "https://evil.example") }, http.StatusForbidden},
		{"from a null origin", func(r *http.Request) { r.Header.Del("Sec-Fetch-Site"); r.Header.Set("Origin", "null") }, http.StatusForbidden},
		{"too large", func(r *http.Request) { form("ve=/" + strings.Repeat("a", 50_000))(r) }, http.StatusRequestEntityTooLarge},
		{"too large, of unknown length", func(r *http.Request) {
			form("ve=/" + strings.Repeat("a", 100_000))(r)
			r.ContentLength = -1
		}, http.StatusRequestEntityTooLarge},
		{"broken escape", form("nen=%zz"), http.StatusBadRequest},
		{"unknown type", func(r *http.Request) { r.Header.Set("Content-Type", "a/b/c;;") }, http.StatusBadRequest},
		{"semicolons", form("nen=dark;ve=/"), http.StatusBadRequest},
		{"no form", func(r *http.Request) { r.Header.Set("Content-Type", "application/json") }, http.StatusSeeOther},
		{"wrong host", func(r *http.Request) { r.Host = "evil.example" }, http.StatusBadRequest},
		{"as it should be", form("nen=dark"), http.StatusSeeOther},
		{"a client that is no browser", func(r *http.Request) { r.Header.Del("Origin"); r.Header.Del("Sec-Fetch-Site") }, http.StatusSeeOther},
	}
	eachPortal(t, func(t *testing.T, p *portal) {
		for _, c := range cases {
			a := p.do(http.MethodPost, "/hien-thi", form("nen=dark"), c.change)
			if a.status != c.status {
				t.Errorf("%s: status %d, want %d", c.name, a.status, c.status)
			}
			checkHeaders(t, c.name, a)
			if a.status >= 400 {
				checkPage(t, c.name, a.body)
				if a.header.Get("Set-Cookie") != "" {
					t.Errorf("%s: refused, but sets %q", c.name, a.header.Get("Set-Cookie"))
				}
			}
		}
		if a := p.do(http.MethodPost, "/tin-tuc", with("Sec-Fetch-Site", "cross-site")); a.status != http.StatusForbidden {
			t.Errorf("a write from another site to a page: status %d, want 403", a.status)
		}
	})
}

func TestSecureCookie(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		p.options.Public, p.options.Base = &url.URL{Scheme: "https", Host: host}, "https://"+host
		p.server = handlers.New(p.options)
		a := p.do(http.MethodPost, "/hien-thi", form("nen=dark&ve=/"), with("Origin", "https://"+host))
		if a.status != http.StatusSeeOther || !strings.Contains(a.header.Get("Set-Cookie"), "; Secure") {
			t.Errorf("under https: status %d, cookie %q", a.status, a.header.Get("Set-Cookie"))
		}
	})
}
