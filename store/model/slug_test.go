package model

import (
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

func TestSlug(t *testing.T) {
	long := strings.Repeat("quyet dinh ", 12)
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"— ! …", ""},
		{"한국", ""},
		{"Quyết định số 30/2020/NĐ-CP", "quyet-dinh-so-30-2020-nd-cp"},
		{"  Thông báo:  TUYỂN DỤNG “viên chức” 2023!", "thong-bao-tuyen-dung-vien-chuc-2023"},
		{norm.NFD.String("Đường Nguyễn Huệ"), "duong-nguyen-hue"},
		{"Ðà Nẵng", "da-nang"},
		{"3.600 lớp bồi dưỡng", "3600-lop-boi-duong"},
		{"a--b__c", "a-b-c"},
		{"-a-", "a"},
		{"H'Hen Niê", "h-hen-nie"},
		{long, "quyet-dinh-quyet-dinh-quyet-dinh-quyet-dinh-quyet-dinh-quyet-dinh-quyet-dinh"},
		{strings.Repeat("a", 79) + " b", strings.Repeat("a", 79)},
		{strings.Repeat("a", 78) + " b c", strings.Repeat("a", 78) + "-b"},
		{strings.Repeat("x", 100) + " b", strings.Repeat("x", 80)},
	} {
		if got := Slug(c.in); got != c.want {
			t.Errorf("Slug(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestValidSlug(t *testing.T) {
	for slug, want := range map[string]bool{
		"":                      false,
		"a":                     true,
		"thong-bao-2023":        true,
		"-a":                    false,
		"a-":                    false,
		"a--b":                  false,
		"A":                     false,
		"thông-báo":             false,
		"a/b":                   false,
		"a.json":                false,
		"a b":                   false,
		"a\n":                   false,
		strings.Repeat("a", 80): true,
		strings.Repeat("a", 81): false,
	} {
		if got := ValidSlug(slug); got != want {
			t.Errorf("ValidSlug(%q) = %v, want %v", slug, got, want)
		}
	}
}

func TestReservedSlug(t *testing.T) {
	kinds := []Kind{KindSection, KindNews, KindMeeting, KindUnit, KindPerson, KindArticle}
	only := map[string]Kind{"nguoi": KindUnit, "lich": KindMeeting}
	for _, kind := range kinds {
		for _, slug := range []string{"rss", "json", "moi", "trang", "nguoi", "lich", "thong-bao", "lich-thi", ""} {
			want := only[slug] == kind
			switch slug {
			case "rss", "json", "moi", "trang":
				want = true
			}
			if got := ReservedSlug(kind, slug); got != want {
				t.Errorf("ReservedSlug(%s, %q) = %v, want %v", kind, slug, got, want)
			}
		}
	}
}

func FuzzSlug(f *testing.F) {
	for _, seed := range []string{"", "Quyết định số 30/2020/NĐ-CP", "3.600", strings.Repeat("dài ", 40), "ß-ﬁ", "\xff", "1.234.5", "1.\u05a4000", strings.Repeat("ệ", 90)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		slug := Slug(s)
		if slug != "" && !ValidSlug(slug) {
			t.Errorf("Slug(%q) = %q is no slug", s, slug)
		}
		if again := Slug(slug); again != slug {
			t.Errorf("Slug(%q) = %q, and again %q", s, slug, again)
		}
		if folded := Slug(Fold(s)); folded != slug {
			t.Errorf("Slug(Fold(%q)) = %q, Slug gives %q", s, folded, slug)
		}
	})
}
