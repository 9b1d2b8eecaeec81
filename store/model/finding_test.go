package model

import (
	"strings"
	"testing"
)

func TestLinkHost(t *testing.T) {
	for address, want := range map[string]string{
		"https://evil.example/a?b#c":         "evil.example",
		"HTTPS://WWW.Evil.Example.:8443/":    "evil.example",
		"//evil.example":                     "evil.example",
		"///evil.example/x":                  "evil.example",
		`/\evil.example`:                     "evil.example",
		`\\evil.example\x`:                   "evil.example",
		"https:///evil.example":              "evil.example",
		"https:evil.example":                 "evil.example",
		" \thttps://evil\n.example ":         "evil.example",
		"https://so.example.vn@evil.example": "evil.example",
		"https://evil%2eexample/":            "evil.example",
		"http://[2001:db8::1]:80/":           "[2001:db8::1]",
		"https://evil.example:x/":            "evil.example",
		"/tin-tuc//x":                        "",
		"tin-tuc":                            "",
		"#a":                                 "",
		"?q=https://evil.example":            "",
		"mailto:a@evil.example":              "",
		"tel:+84900000000":                   "",
		"javascript:alert(1)":                "",
		"":                                   "",
	} {
		if got := LinkHost(address); got != want {
			t.Errorf("%q: %q, want %q", address, got, want)
		}
	}
}

func TestPlantedIsTrimmed(t *testing.T) {
	p := Planted{Value: strings.Repeat("ờ", 5000), Excerpt: "  a\tb " + strings.Repeat("x", 5000)}.Trimmed()
	if n := len([]rune(p.Value)); n != maxFindingValue {
		t.Errorf("value of %d characters", n)
	}
	if n := len([]rune(p.Excerpt)); n != maxFindingExcerpt || !strings.HasPrefix(p.Excerpt, "a b") || !strings.HasSuffix(p.Excerpt, "…") {
		t.Errorf("excerpt of %d characters: %.20q", n, p.Excerpt)
	}
}
