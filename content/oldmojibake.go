package content

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

const noteMojibake = "Chữ bị lỗi mã hóa (UTF-8 đọc nhầm thành windows-1252 hoặc 1258, như “Há»™i nghá»‹”) đã được khôi phục. Hãy đọc lại."

// maxMisread is how often a text may have been read wrong, one time over the other.
const maxMisread = 3

// RepairMojibake undoes that UTF-8 was taken for a Windows encoding, once or more often, where that is beyond doubt: the bytes are UTF-8
// again, and more words are Vietnamese than before. ok says whether it was so.
func RepairMojibake(text string) (repaired string, ok bool) {
	repaired, most, next := text, vietnameseWords(text), text
	for range maxMisread {
		var fits bool
		if next, fits = misread(next); !fits {
			break
		}
		if words := vietnameseWords(next); words > most {
			repaired, most, ok = next, words, true
		}
	}
	return repaired, ok
}

// misread is the text as it was before it was taken for a Windows encoding; ok is false when its bytes in none of these are UTF-8.
func misread(text string) (before string, ok bool) {
	if ascii(text) {
		return text, false
	}
	for _, code := range []*charmap.Charmap{charmap.Windows1252, charmap.Windows1258} {
		data, ok := bytesIn(text, code)
		if !ok {
			continue
		}
		if !utf8.Valid(data) { // the space that is part of à was taken for one between words
			data = []byte(strings.NewReplacer("\xc3  ", "\xc3\xa0 ", "\xc3 ", "\xc3\xa0").Replace(string(data)))
		}
		if utf8.Valid(data) {
			return norm.NFC.String(string(data)), true
		}
	}
	return text, false
}

func ascii(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}

// bytesIn is a text in an encoding of Windows; ok is false when that does not have all of its characters. The bytes that the encoding leaves out
// are taken for the control characters of the same number, as browsers do, and a letter with two marks for one with the first mark, and the second.
func bytesIn(text string, code *charmap.Charmap) (data []byte, ok bool) {
	for _, r := range text {
		if b, ok := byteIn(r, code); ok {
			data = append(data, b)
			continue
		}
		parts := []rune(norm.NFD.String(string(r)))
		last := len(parts) - 1
		if last == 0 {
			return nil, false
		}
		for _, part := range norm.NFC.String(string(parts[:last])) + string(parts[last]) {
			b, ok := byteIn(part, code)
			if !ok {
				return nil, false
			}
			data = append(data, b)
		}
	}
	return data, true
}

func byteIn(r rune, code *charmap.Charmap) (byte, bool) {
	if b, ok := code.EncodeRune(r); ok {
		return b, true
	}
	return byte(r), r < 0xA0
}

// vietnameseLetters are those beyond ASCII, in lower case.
const vietnameseLetters = "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ"

// strangeness is how much of a text nobody writes in Vietnamese: letters of other languages, the more of other scripts, control characters, signs
// right behind a letter that close nothing, and capitals within words.
func strangeness(text string) (strange int) {
	var before rune
	for _, r := range text {
		letter := unicode.IsLetter(r)
		switch {
		case letter && r >= utf8.RuneSelf && !unicode.Is(unicode.Latin, r), unicode.IsControl(r) && r >= utf8.RuneSelf, r == utf8.RuneError:
			strange += 2
		case letter && r >= utf8.RuneSelf && !strings.ContainsRune(vietnameseLetters, unicode.ToLower(r)),
			letter && unicode.IsUpper(r) && unicode.IsLower(before),
			!letter && r >= utf8.RuneSelf && unicode.IsLetter(before) && !strings.ContainsRune("”’–—…•»\u00a0²³®™", r),
			!letter && r >= utf8.RuneSelf && before == 'Â', // which ends no syllable
			r == '\u00a0' && before == 'Ã':
			strange++
		}
		before = r
	}
	return strange
}

// likelier undoes the same in a text that may be too short to have words, where the rest of the page leaves no doubt: what comes of it must be
// less strange than what was there, since a page may be right in parts.
func likelier(text string) string {
	best, next, least := text, text, strangeness(text)
	for range maxMisread {
		var fits bool
		if next, fits = misread(next); !fits {
			break
		}
		if strange := strangeness(next); strange < least {
			best, least = next, strange
		}
	}
	return best
}

// repairPage composes the texts of a page, and repairs those that were read wrong, in place.
func repairPage(root *html.Node) (repaired bool) {
	each := func(visit func(text *string)) {
		for n := range root.Descendants() {
			switch n.Type {
			case html.TextNode:
				visit(&n.Data)
			case html.ElementNode:
				for i := range n.Attr {
					visit(&n.Attr[i].Val)
				}
			}
		}
	}
	each(func(text *string) {
		*text = norm.NFC.String(*text)
		if now, ok := RepairMojibake(*text); ok {
			*text, repaired = now, true
		}
	})
	if !repaired {
		return false
	}
	each(func(text *string) {
		*text = likelier(*text)
	})
	return true
}
