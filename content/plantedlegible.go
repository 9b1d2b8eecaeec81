package content

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// readings are the ways in which a text may be read: as it is seen; with gaps where characters stand that are not seen; without marks
// between letters, as in "n.hà c.ái".
func readings(text string) []string {
	list := []string{text}
	if strings.ContainsFunc(text, beyondLetters) {
		list[0] = legible(text, -1)
		if strings.ContainsFunc(text, unseen) {
			list = append(list, legible(text, ' '))
		}
	}
	if plain := withoutMarks(list[0]); plain != list[0] {
		list = append(list, plain)
	}
	return list
}

// beyondLetters reports whether r is no letter or mark that Vietnamese and English are usually written with.
func beyondLetters(r rune) bool {
	return r == '\u00ad' || r > '\u024f' && r < '\u1ea0' || r > '\u1eff'
}

// unseen reports whether r is not seen, and would part a word: soft hyphen, zero-width spaces and joiners, marks of direction, fillers, strokes
// through letters.
func unseen(r rune) bool {
	switch {
	case r == '\u034f', r == '\u115f', r == '\u1160', r == '\u3164', r == '\uffa0', r >= '\u0334' && r <= '\u0338', r >= '\u180b' && r <= '\u180f':
		return true
	case r == '\u2800', unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r):
		return true
	}
	return false
}

// legible is a text as it is seen: with plain letters for bold, circled and wide ones and for those of other scripts that look alike, and gap,
// or nothing when it is negative, for what is not seen.
func legible(text string, gap rune) string {
	return norm.NFKC.String(strings.Map(func(r rune) rune {
		switch {
		case r < '\u0250' && r != '\u00ad':
			return r
		case unseen(r):
			return gap
		}
		return alike(r)
	}, text))
}

const (
	foreign = "аеорсухіїјѕһԁԛԝѵкмтвнАВЕКМНОРСТУХІЇЈЅԜԚαονρτυικΑΒΕΖΗΙΚΜΝΟΡΤΥΧɑɡ"
	latin   = "aeopcyxiijshdqwvkmtbhABEKMHOPCTYXIIJSWQaovptuikABEZHIKMNOPTYXag"
)

// alike is the Latin letter that one of Cyrillic or Greek looks like, any other character itself.
func alike(r rune) rune {
	if at := strings.IndexRune(foreign, r); at >= 0 {
		return rune(latin[len([]rune(foreign[:at]))])
	}
	return r
}

// withoutMarks is a text without the dots and the like that stand between two letters, and join them for who reads.
func withoutMarks(text string) string {
	if !strings.ContainsAny(text, ".*_~·'") {
		return text
	}
	var b strings.Builder
	runes := []rune(text)
	for i, r := range runes {
		if strings.ContainsRune(".*_~·'", r) && i > 0 && i+1 < len(runes) && unicode.IsLetter(runes[i-1]) && unicode.IsLower(runes[i+1]) {
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}
