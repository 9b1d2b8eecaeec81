package layout_test

import (
	"strings"
	"testing"

	"congso/store/model"
	"congso/views/layout"
)

func TestAddressesInTwoLanguages(t *testing.T) {
	for _, c := range []struct{ vi, en string }{
		{"/", "/en"},
		{"/tin-tuc", "/en/tin-tuc"},
		{"/tin-tuc/danh-ba", "/en/tin-tuc/danh-ba"},
		{"/danh-ba", "/en/contacts"},
		{"/danh-ba/van-phong", "/en/contacts/van-phong"},
		{"/danh-ba/nguoi/bui-an", "/en/contacts/nguoi/bui-an"},
		{"/danh-bac", "/en/danh-bac"},
		{"/so-do", "/en/so-do"},
	} {
		if got := layout.Href("en", c.vi); got != c.en {
			t.Errorf("Href(en, %s) is %s, want %s", c.vi, got, c.en)
		}
		if got := layout.Href("vi", c.vi); got != c.vi {
			t.Errorf("Href(vi, %s) is %s", c.vi, got)
		}
		for _, path := range []string{c.vi, c.en} {
			if got := layout.Plain(path); got != c.vi {
				t.Errorf("Plain(%s) is %s, want %s", path, got, c.vi)
			}
		}
		vi, en := layout.Page{Lang: "vi", Path: c.vi}, layout.Page{Lang: "en", Path: c.en}
		if vi.Other() != c.en || en.Other() != c.vi {
			t.Errorf("the other of %s is %s, of %s is %s", c.vi, vi.Other(), c.en, en.Other())
		}
	}
	for path, want := range map[string]string{"/english": "/english", "/en-gb/x": "/en-gb/x", "/en/contactsx": "/contactsx", "/en/": "/", "": ""} {
		if got := layout.Plain(path); got != want {
			t.Errorf("Plain(%q) is %q, want %q", path, got, want)
		}
	}
	for _, suffix := range []string{"?q=x", "#muc"} {
		if got := layout.Href("en", "/danh-ba"+suffix); got != "/en/contacts"+suffix {
			t.Errorf("Href(en, /danh-ba%s) is %s", suffix, got)
		}
	}
}

// TestOtherStaysHere holds that no path makes the link to the other language one to another site.
func TestOtherStaysHere(t *testing.T) {
	for _, lang := range []string{"vi", "en"} {
		for _, path := range []string{"/en//evil.example", "/en/\\evil.example", "//evil.example", "/\\evil.example", "/en///x", "/en/a?b#c", "/en/đường", "/en/%2F"} {
			got := layout.Page{Lang: lang, Path: path}.Other()
			if !strings.HasPrefix(got, "/") || strings.HasPrefix(got, "//") || strings.ContainsAny(got, `\?#`) {
				t.Errorf("the other of %q in %s is %q", path, lang, got)
			}
		}
	}
}

func TestAbsoluteAddresses(t *testing.T) {
	for _, c := range []struct {
		page                    layout.Page
		canonical, vi, en, here string
	}{
		{layout.Page{Lang: "vi", Path: "/tin-tuc"}, "/tin-tuc", "/tin-tuc", "/en/tin-tuc", "/tin-tuc"},
		{layout.Page{Lang: "en", Path: "/en/tin-tuc", Query: "trang=2", Asked: "the=a&trang=2"}, "/en/tin-tuc?trang=2", "/tin-tuc?trang=2", "/en/tin-tuc?trang=2", "/en/tin-tuc?the=a&trang=2"},
		{layout.Page{Lang: "en", Path: "/en/tin-tuc/x", Canonical: "/tin-tuc/x"}, "/tin-tuc/x", "/tin-tuc/x", "/en/tin-tuc/x", "/en/tin-tuc/x"},
		{layout.Page{Lang: "vi", Path: "/a b/đ?"}, "/a%20b/%C4%91%3F", "/a%20b/%C4%91%3F", "/en/a%20b/%C4%91%3F", "/a%20b/%C4%91%3F"},
	} {
		const base = "https://so.example.vn"
		c.page.Base = base
		if c.page.CanonicalURL() != base+c.canonical || c.page.InVietnamese() != base+c.vi || c.page.InEnglish() != base+c.en || c.page.Here() != c.here {
			t.Errorf("%s: canonical %s, vi %s, en %s, here %s", c.page.Path, c.page.CanonicalURL(), c.page.InVietnamese(), c.page.InEnglish(), c.page.Here())
		}
	}
}

func TestWordsOfThePage(t *testing.T) {
	site := model.Site{Name: "Sở Nội vụ", NameEN: "Department", Parent: "UBND tỉnh", Address: "12 Lê Lợi"}
	vi := layout.Page{Lang: "vi", Frame: &layout.Frame{Site: site}, Title: "Tin"}
	en := layout.Page{Lang: "en", Frame: &layout.Frame{Site: site}}
	for _, c := range []struct{ what, got, want string }{
		{"title", vi.FullTitle(), "Tin · Sở Nội vụ"},
		{"title of home", en.FullTitle(), "Department"},
		{"parent without an English name", en.SiteParent(), "UBND tỉnh"},
		{"language of a name with an English form", en.PickLang(site.NameEN), "en"},
		{"language of a name without", en.PickLang(""), "vi"},
		{"language of a name on a Vietnamese page", vi.PickLang(site.NameEN), "vi"},
		{"language of words", vi.WordsLang() + en.WordsLang(), "vivi"},
		{"number", vi.Num(7500) + " " + en.Num(7500), "7.500 7,500"},
		{"decimal", vi.Decimal("71.5") + " " + en.Decimal("71.5"), "71,5 71.5"},
		{"day", vi.Day("2023-07-05") + " " + en.Day("2023-07-05"), "05/07/2023 5 July 2023"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.what, c.got, c.want)
		}
	}
}

func TestMenuMarksOneEntry(t *testing.T) {
	for path, want := range map[string]string{
		"/": "/", "/en": "/en", "/tin-tuc": "/tin-tuc", "/tin-tuc/x": "/tin-tuc", "/chuyen-muc/x": "/tin-tuc", "/en/chuyen-muc/x": "/en/tin-tuc",
		"/en/contacts/van-phong": "/en/contacts", "/danh-ba/nguoi/x": "/danh-ba", "/bai-viet/a/b": "/bai-viet", "/thong-ke": "", "/tin-tucx": "",
	} {
		page := layout.Page{Frame: &layout.Frame{}, Lang: "vi", Path: path}
		if strings.HasPrefix(path, "/en") {
			page.Lang = "en"
		}
		var current []string
		for _, link := range page.Menu() {
			if link.Current {
				current = append(current, link.Href)
			}
		}
		if strings.Join(current, " ") != want {
			t.Errorf("%s: current %q, want %q", path, current, want)
		}
	}
}
