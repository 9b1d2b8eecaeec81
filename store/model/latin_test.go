package model

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// TestShortWays holds what plain text skips to what the long ways give: of every character, alone and among others, and of random texts.
func TestShortWays(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if r > 0x3200 && !plainRune(r) {
			continue // Clean and its like take the long way
		}
		for _, s := range []string{string(r), "o" + string(r), "Qu" + string(r) + "n", string(r) + " a"} {
			checkShortWays(t, s)
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	pieces := append(strings.Split("hoà|thuỷ|QUÝ|oè|ò|Đ|ð|ß|ĳ|İ|ı|đường|Nguyễn| |  |\n|\n\n|\t|\r|\u00a0|\u00ad|\u0301|\u200b|\u2028|\xff|.|3.600|0.5|1.234.567|²|a|o|u|y|ý|…|–|ấ|"+strings.Repeat("dài", 30), "|"),
		norm.NFD.String("ế"), "Å", "ǅ", "Ɐ")
	for range 20_000 {
		var b strings.Builder
		for range random.IntN(8) {
			b.WriteString(pieces[random.IntN(len(pieces))])
		}
		checkShortWays(t, b.String())
	}
}

func checkShortWays(t *testing.T, s string) {
	t.Helper()
	if got, want := Clean(s), cleanLong(s); got != want {
		t.Errorf("Clean(%q) = %q, want %q", s, got, want)
	}
	if got, want := CleanLines(s), cleanLinesLong(s); got != want {
		t.Errorf("CleanLines(%q) = %q, want %q", s, got, want)
	}
	for _, token := range Tokens(s) {
		word := s[token.Start:token.End]
		folded, accented := strings.ReplaceAll(foldLong(word), ".", ""), strings.ReplaceAll(accentLong(word), ".", "")
		if accented == folded {
			accented = ""
		}
		if token.Folded != folded || token.Accented != accented {
			t.Errorf("Tokens(%q): %q gives %q and %q, want %q and %q", s, word, token.Folded, token.Accented, folded, accented)
		}
	}
}
