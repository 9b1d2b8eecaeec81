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
	folded, accented rune // as Fold and Accented give it
}

// latinLetters are the letters and digits up to latinEnd that fold to one rune each, whatever stands beside them.
var latinLetters = sync.OnceValue(func() *[latinEnd]latinLetter {
	var table [latinEnd]latinLetter
	for r := rune('0'); r < latinEnd; r++ {
		if !plainRune(r) || !unicode.IsLetter(r) && !unicode.IsNumber(r) {
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

// latin is the word s[start:end]; ok is false when it needs the long way.
func (w *wordWriter) latin(s string, start, end int) (t Token, ok bool) {
	var folded, accented [64]byte
	f, a := folded[:0], accented[:0]
	if end-start > len(folded)/2 { // no letter grows to more than twice its bytes
		return Token{}, false
	}
	before := rune(0)
	for _, r := range s[start:end] {
		if r >= latinEnd || w.letters[r] == (latinLetter{}) {
			return Token{}, false
		}
		letter := w.letters[r]
		if movesTone(before, letter.accented) {
			return Token{}, false
		}
		f, a = utf8.AppendRune(f, letter.folded), utf8.AppendRune(a, letter.accented)
		before = letter.accented
	}
	t = Token{Folded: w.keep(f), Start: start, End: end}
	if string(a) != t.Folded {
		t.Accented = w.keep(a)
	}
	return t, true
}
