package model

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Most texts are of ASCII and of composed Latin letters alone. What is done to every text that is stored, shown or indexed takes a short
// way for these, which gives what the long one does.

// latinEnd is past the composed letters of the Latin script: U+1EFF closes the block of the Vietnamese ones.
const latinEnd = 0x1F00

// latinLetter is what a letter or digit becomes; the zero value for a rune that needs the long way.
type latinLetter struct {
	folded, accented rune // as Fold and Accented give it; folded is endsWord for what is neither letter nor digit nor a mark
}

const endsWord = -1

// latinLetters are the plain characters up to latinEnd; letters and digits must fold to one rune each, whatever stands beside them.
var latinLetters = sync.OnceValue(func() *[latinEnd]latinLetter {
	var table [latinEnd]latinLetter
	for r := range rune(latinEnd) {
		if !plainRune(r) && r >= ' ' {
			continue
		}
		if !unicode.IsLetter(r) && !unicode.IsNumber(r) {
			table[r].folded = endsWord
			continue
		}
		folded, size := utf8.DecodeRuneInString(foldLong(string(r)))
		accented, width := utf8.DecodeRuneInString(accentLong(string(r)))
		if size == len(foldLong(string(r))) && width == len(accentLong(string(r))) {
			table[r] = latinLetter{folded, accented}
		}
	}
	return &table
})

// plainRune reports whether r is a visible character, or the space, that composes with nothing: ASCII, the composed Latin letters and
// the signs among them, the dashes and quotes of typography.
func plainRune(r rune) bool {
	return r >= ' ' && r <= '~' || r > '\u00A0' && r < '\u0250' && r != '\u00AD' || r >= '\u1EA0' && r <= '\u1EFF' || r >= '\u2010' && r <= '\u2027'
}

// plainLine reports whether Clean leaves s as it is; false also when the long way must tell.
func plainLine(s string) bool {
	space := true // before the first character
	for _, r := range s {
		if r == ' ' && space || !plainRune(r) { // RuneError stands for invalid bytes, and is not plain
			return false
		}
		space = r == ' '
	}
	return !space || s == ""
}

// plainLines reports whether s holds nothing that CleanLines changes, but at its beginning and end.
func plainLines(s string) bool {
	for _, r := range s {
		if r != '\n' && r != '\t' && !plainRune(r) {
			return false
		}
	}
	return true
}

// movesTone reports whether Accented may have to move a tone between two letters.
func movesTone(before, r rune) bool {
	return r >= utf8.RuneSelf && (before == 'o' || before == 'u') && toneMoves[[2]rune{before, r}] != [2]rune{}
}

// foldLatin is Fold for a text of plain characters alone.
func foldLatin(s string) (folded string, ok bool) {
	letters := latinLetters()
	b := make([]byte, 0, len(s))
	for _, r := range s {
		letter := latinLetter{}
		if r < latinEnd {
			letter = letters[r]
		} else if plainRune(r) {
			letter.folded = endsWord
		}
		switch letter.folded {
		case 0:
			return "", false
		case endsWord:
			b = utf8.AppendRune(b, r)
		default:
			b = utf8.AppendRune(b, letter.folded)
		}
	}
	return string(b), true
}

// wordWriter makes the tokens of one text. What it writes stands in one piece of memory.
type wordWriter struct {
	letters *[latinEnd]latinLetter
	text    strings.Builder
}

func newWordWriter(size int) *wordWriter {
	w := &wordWriter{letters: latinLetters()}
	w.text.Grow(2 * size)
	return w
}

func (w *wordWriter) keep(word []byte) string {
	start := w.text.Len()
	w.text.Write(word)
	return w.text.String()[start:]
}

// latin is the word that starts at s[start:]; ok is false when none does, and for one that needs the long way.
func (w *wordWriter) latin(s string, start int) (t Token, ok bool) {
	if digit(s[start]) {
		return Token{}, false // may be a number with dots
	}
	var folded, accented [64]byte
	f, a := folded[:0], accented[:0]
	before, end := rune(0), start
	for end < len(s) {
		r, size := utf8.DecodeRuneInString(s[end:])
		letter := w.letter(r)
		if letter.folded == endsWord {
			break
		}
		if letter.folded == 0 || movesTone(before, letter.accented) || len(f)+len(a)+2*utf8.UTFMax > len(folded) {
			return Token{}, false
		}
		f, a = utf8.AppendRune(f, letter.folded), utf8.AppendRune(a, letter.accented)
		before = letter.accented
		end += size
	}
	if end == start {
		return Token{}, false
	}
	t = Token{Folded: w.keep(f), Start: start, End: end}
	if string(a) != t.Folded {
		t.Accented = w.keep(a)
	}
	return t, true
}

func (w *wordWriter) letter(r rune) latinLetter {
	switch {
	case r < latinEnd:
		return w.letters[r]
	case plainRune(r):
		return latinLetter{folded: endsWord}
	}
	return latinLetter{}
}
