package content

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Encoding is a Vietnamese encoding from before Unicode, whose text shows as Vietnamese in its own fonts only.
type Encoding string

// The encodings that offices used.
const (
	TCVN3 Encoding = "TCVN3 (ABC)" // TCVN 5712:1993, VN3: fonts named .Vn…
	VNI   Encoding = "VNI-Windows" // fonts named VNI-…
)

// LegacyFont tells by a font's name the encoding of text in it, "" for fonts of Unicode. Some fonts show small letters as capitals.
func LegacyFont(font string) (e Encoding, capitals bool) {
	name := strings.ToLower(strings.Trim(font, `"' `))
	switch {
	case strings.HasPrefix(name, ".vn"):
		return TCVN3, strings.HasSuffix(name, "h") && name != ".vntech"
	case strings.HasPrefix(name, "vni-"):
		return VNI, false
	}
	return "", false
}

// RepairLegacy turns text of an old encoding into Unicode (NFC). Characters that the encoding does not have stay.
func RepairLegacy(text string, e Encoding) string {
	switch e {
	case TCVN3:
		return norm.NFC.String(strings.Map(fromTCVN3, text))
	case VNI:
		return norm.NFC.String(fromVNI(text))
	}
	return text
}

// DetectLegacy tells by the words of a text that it is in an old encoding, and "" unless that is beyond doubt: read so, nearly all words
// with marks are Vietnamese syllables, and as they stand they are not.
func DetectLegacy(text string) Encoding {
	var best Encoding
	most := 0
	for _, e := range []Encoding{TCVN3, VNI} {
		if c := count(text, e); c.sure() && c.good > most {
			best, most = e, c.good
		}
	}
	return best
}

// legacyCount is how the words of a text read that an encoding would change.
type legacyCount struct {
	changed, good int // words, and those of them that become syllables
	already       int // that are syllables as they stand
	foreign       int // with letters that neither the encoding nor Latin has: Unicode
}

func (c legacyCount) sure() bool {
	return c.good >= 3 && c.good*20 >= c.changed*17 && c.already*5 <= c.changed*2 && c.foreign*10 <= c.changed
}

// fits is enough where a font or the rest of the document says the same.
func (c legacyCount) fits() bool { return c.good > c.already && c.foreign == 0 && c.good*2 > c.changed }

func (c *legacyCount) add(d legacyCount) {
	c.changed, c.good, c.already, c.foreign = c.changed+d.changed, c.good+d.good, c.already+d.already, c.foreign+d.foreign
}

func count(text string, e Encoding) legacyCount {
	var c legacyCount
	for _, word := range strings.Fields(text) {
		c.add(countWord(strings.TrimFunc(word, isASCIISign), e))
	}
	return c
}

func isASCIISign(r rune) bool {
	return r < 128 && !unicode.IsLetter(r) && !unicode.IsDigit(r) || r >= 0x2010 && r <= 0x203A
}

func countWord(word string, e Encoding) legacyCount {
	high := strings.IndexFunc(word, func(r rune) bool { return r >= 0x80 })
	if high < 0 || !strings.ContainsFunc(word, unicode.IsLetter) { // "»" and "·" stand between words of any language
		return legacyCount{}
	}
	if strings.ContainsFunc(word, func(r rune) bool { return r > 0xFF && r != 'μ' && unicode.IsLetter(r) && !isPrivate(r) }) {
		return legacyCount{foreign: 1}
	}
	c := legacyCount{changed: 1}
	if isSyllables(RepairLegacy(word, e)) {
		c.good = 1
	}
	if isSyllables(word) {
		c.already = 1
	}
	return c
}

// isSyllables reports whether a word is of Vietnamese syllables, joined perhaps by signs: "Kinh-tế", "và/hoặc".
func isSyllables(word string) bool {
	parts := strings.FieldsFunc(word, isASCIISign)
	return len(parts) > 0 && !slices.ContainsFunc(parts, func(s string) bool { return !isSyllable(s) })
}

// isPrivate reports whether r is where Word keeps the characters of symbol fonts, 0xF000 above their codes.
func isPrivate(r rune) bool { return r >= 0xF020 && r <= 0xF0FF }

const noteLegacy = "Chữ gõ bằng bảng mã cũ %s đã được chuyển sang Unicode. Hãy so với bản gốc bên cạnh trước khi dùng."

// repair is the document with its old encodings turned into Unicode, nil when it has none.
func (d *document) repair() *document {
	out := d.clone()
	verdicts := out.fontVerdicts()
	known := map[Encoding]bool{}
	out.each(func(b *block) {
		for i := range b.spans {
			s := &b.spans[i]
			if e, capitals := LegacyFont(s.font); verdicts[e] && count(s.text, e).foreign == 0 {
				if repaired := RepairLegacy(s.text, e); repaired != s.text || capitals {
					s.text, s.font = repaired, ""
					known[e] = true
				}
				if capitals {
					s.text = strings.ToUpper(s.text)
				}
				s.font = unicodeFont
			}
		}
	})
	out.each(func(b *block) { repairByLetters(b, known) })
	out.each(func(b *block) { repairByLetters(b, known) }) // short lines before the first that is beyond doubt
	if len(known) == 0 {
		return nil
	}
	for _, e := range []Encoding{TCVN3, VNI} {
		if known[e] {
			out.remarks.say(strings.Replace(noteLegacy, "%s", string(e), 1))
		}
	}
	return out
}

// unicodeFont marks text that is settled.
const unicodeFont = "unicode"

// fontVerdicts tells for each encoding whether the text in its fonts is really in it: Unicode text often keeps the name of an old font.
func (d *document) fontVerdicts() map[Encoding]bool {
	counts := map[Encoding]legacyCount{}
	d.each(func(b *block) {
		for _, s := range b.spans {
			if e, _ := LegacyFont(s.font); e != "" {
				c := counts[e]
				c.add(count(s.text, e))
				counts[e] = c
			}
		}
	})
	verdicts := map[Encoding]bool{}
	for e, c := range counts {
		verdicts[e] = c.good > c.already && c.good > c.foreign
	}
	return verdicts
}

// repairByLetters repairs the text of a paragraph in fonts that tell nothing, when its words leave no doubt, or little where the document
// has the encoding elsewhere.
func repairByLetters(b *block, known map[Encoding]bool) {
	var all strings.Builder
	for _, s := range b.spans {
		if s.kind == textSpan && s.font != unicodeFont {
			all.WriteString(s.text)
		}
	}
	e := DetectLegacy(all.String())
	for _, other := range []Encoding{TCVN3, VNI} {
		if e == "" && known[other] && count(all.String(), other).fits() {
			e = other
		}
	}
	if e == "" {
		return
	}
	known[e] = true
	for i := range b.spans {
		if s := &b.spans[i]; s.kind == textSpan && s.font != unicodeFont {
			s.text, s.font = RepairLegacy(s.text, e), unicodeFont
		}
	}
}
