package model

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold returns s as search compares it where accents do not matter: lower case, no marks, đ as d, in NFC. It takes NFC and NFD alike;
// an invalid byte becomes U+FFFD. Fold(Fold(s)) is Fold(s).
func Fold(s string) string {
	if ascii(s) {
		return strings.ToLower(s)
	}
	if folded, ok := foldLatin(s); ok {
		return folded
	}
	return foldLong(s)
}

func foldLong(s string) string {
	folded := make([]byte, 0, len(s))
	for at, r := range s {
		letters := string(norm.NFD.PropertiesString(s[at:]).Decomposition())
		if letters == "" {
			letters = string(r)
		}
		for _, letter := range letters {
			if letter = foldRune(letter); letter >= 0 {
				folded = utf8.AppendRune(folded, letter)
			}
		}
	}
	return norm.NFC.String(string(folded))
}

// foldRune folds one rune of a decomposed text; -1 for a mark.
func foldRune(r rune) rune {
	if unicode.Is(unicode.M, r) {
		return -1
	}
	if r = lowerRune(r); r == 'đ' {
		return 'd'
	}
	return r
}

// lowerRune lowers r and takes the two letters that look like Đ, which conversions from older encodings left behind, for đ.
func lowerRune(r rune) rune {
	switch r = unicode.ToLower(r); r {
	case 'ð', 'ɖ':
		return 'đ'
	}
	return r
}

// Accented returns s as search compares it where accents matter: lower case, NFC, and the tone mark of a final oa, oe or uy on its first
// vowel, so that hoà is hòa, thuỷ is thủy and khoẻ is khỏe; both ways of placing it are in use, and input methods differ. The u of qu
// belongs to its consonant: quý stays. An invalid byte becomes U+FFFD. Accented(Accented(s)) is Accented(s).
func Accented(s string) string {
	if ascii(s) {
		return strings.ToLower(s)
	}
	return accentLong(s)
}

func accentLong(s string) string {
	return placeTones(norm.NFC.String(strings.Map(lowerRune, norm.NFC.String(s))))
}

// toneMoves holds the newer placement of each tone and the older one. It is never written to.
var toneMoves = map[[2]rune][2]rune{
	{'o', 'à'}: {'ò', 'a'}, {'o', 'ả'}: {'ỏ', 'a'}, {'o', 'ã'}: {'õ', 'a'}, {'o', 'á'}: {'ó', 'a'}, {'o', 'ạ'}: {'ọ', 'a'},
	{'o', 'è'}: {'ò', 'e'}, {'o', 'ẻ'}: {'ỏ', 'e'}, {'o', 'ẽ'}: {'õ', 'e'}, {'o', 'é'}: {'ó', 'e'}, {'o', 'ẹ'}: {'ọ', 'e'},
	{'u', 'ỳ'}: {'ù', 'y'}, {'u', 'ỷ'}: {'ủ', 'y'}, {'u', 'ỹ'}: {'ũ', 'y'}, {'u', 'ý'}: {'ú', 'y'}, {'u', 'ỵ'}: {'ụ', 'y'},
}

// placeTones moves the tones of s, which is lower case and NFC, to the older placement.
func placeTones(s string) string {
	if !strings.ContainsAny(s, "ou") {
		return s
	}
	runes := []rune(s)
	for i := 1; i < len(runes); i++ {
		if runes[i] < utf8.RuneSelf {
			continue // no tone to move
		}
		moved, ok := toneMoves[[2]rune{runes[i-1], runes[i]}]
		if ok && !endsInQU(runes[:i]) && endsSyllable(runes[i+1:]) {
			runes[i-1], runes[i] = moved[0], moved[1]
		}
	}
	return string(runes)
}

func endsInQU(before []rune) bool {
	return strings.HasSuffix(string(before[max(0, len(before)-2):]), "qu")
}

// endsSyllable reports whether no letter, and no mark of the letter before, comes next.
func endsSyllable(after []rune) bool {
	return len(after) == 0 || !unicode.IsLetter(after[0]) && !unicode.IsMark(after[0])
}

// Token is a word of a text.
type Token struct {
	Folded     string // as Fold gives it, never empty
	Accented   string // as Accented gives it; "" when it is the same as Folded
	Start, End int    // the word's bytes in the text
}

// Tokens returns the words of s in order. A word is a run of letters, digits and the marks on them. A number grouped by dots is one word
// without its dots: 3.600 gives 3600; 71,5 gives 71 and 5; a date or a telephone number gives its parts.
func Tokens(s string) []Token {
	if s == "" {
		return nil
	}
	tokens := make([]Token, 0, 1+len(s)/5)
	for t := range EachToken(s) {
		tokens = append(tokens, t)
	}
	return tokens
}

// EachToken goes through the Tokens of s.
func EachToken(s string) iter.Seq[Token] {
	return func(yield func(Token) bool) {
		w := newWordWriter(len(s))
		for at := 0; at < len(s); {
			if asciiGap(s[at]) {
				at++
				continue
			}
			t, ok := w.latin(s, at)
			if !ok {
				t, ok = longToken(s, at)
			}
			if ok && !yield(t) {
				return
			}
			at = t.End
		}
	}
}

// asciiGap reports whether c is an ASCII character of which no word begins.
func asciiGap(c byte) bool {
	return c < utf8.RuneSelf && !digit(c) && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z')
}

// longToken is the word that starts at s[at:], however it is written. When none does, the token ends after the rune that stands there.
func longToken(s string, at int) (t Token, ok bool) {
	end := wordEnd(s, at)
	if end == at {
		_, size := utf8.DecodeRuneInString(s[at:])
		return Token{End: at + size}, false
	}
	if grouped := numberEnd(s, at, end); grouped > end {
		return Token{Folded: strings.ReplaceAll(s[at:grouped], ".", ""), Start: at, End: grouped}, true
	}
	return wordToken(s, at, end), true
}

func wordToken(s string, start, end int) Token {
	t := Token{Folded: Fold(s[start:end]), Start: start, End: end}
	if accented := Accented(s[start:end]); accented != t.Folded {
		t.Accented = accented
	}
	return t
}

// wordEnd is the end of the word that starts at s[at:], or at when none starts there.
func wordEnd(s string, at int) int {
	end := at
	for end < len(s) {
		r, size := utf8.DecodeRuneInString(s[end:])
		if !unicode.IsLetter(r) && !unicode.IsNumber(r) && (end == at || !unicode.IsMark(r)) {
			break
		}
		end += size
	}
	return end
}

// numberEnd is the end of the dotted number whose first group is s[start:end], or end when that is not one: the first group has one to
// three digits and no leading zero, each other group three, and no further group stands before or after.
func numberEnd(s string, start, end int) int {
	dotBefore := start >= 2 && s[start-1] == '.' && digit(s[start-2])
	if end-start > 3 || s[start] < '1' || s[start] > '9' || !digits(s[start:end]) || dotBefore {
		return end
	}
	last := end
	for strings.HasPrefix(s[last:], ".") {
		next := wordEnd(s, last+1)
		if next-last != 4 || !digits(s[last+1:next]) {
			break
		}
		last = next
	}
	if strings.HasPrefix(s[last:], ".") && last+1 < len(s) && digit(s[last+1]) {
		return end
	}
	return last
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// digits reports whether s is nothing but ASCII digits.
func digits(s string) bool { return strings.Trim(s, "0123456789") == "" }

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
