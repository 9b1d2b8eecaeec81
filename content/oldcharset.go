package content

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"
)

const (
	noteOldCharset = "Trang gõ bằng bảng mã %s đã được chuyển sang Unicode."
	noteOldBytes   = "Có %d ký tự hỏng, không đọc được; xin xem lại chữ."
)

// saidCharset is where a page's head says its encoding, in both forms that HTML has had.
var saidCharset = regexp.MustCompile(`(?i)<meta\b[^>]*\bcharset\s*=\s*["']?\s*([a-z0-9_:-]{2,40})`)

// headBytes is how far into a page its encoding is looked for.
const headBytes = 8 << 10

// decodePage is the text of a page: by its byte order mark; as UTF-8 where it is that, whatever it says; else in the encoding that it says or in one
// of those of Windows in which Vietnamese was typed, by which of them makes the most words Vietnamese. note says what was done, if anything.
func decodePage(data []byte) (text, note string) {
	switch {
	case bytes.HasPrefix(data, []byte{0xEF, 0xBB, 0xBF}):
		data = data[3:]
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}), bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		return decodeBytes(data, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)), ""
	}
	if utf8.Valid(data) {
		return string(data), ""
	}
	best, name, most := decodeBytes(data, unicode.UTF8), "utf-8", -1
	for _, c := range pageCharsets(data) {
		read := decodeBytes(data, c.encoding)
		if score := vietnameseScore(htmlText(read)); score > most {
			best, name, most = read, c.name, score
		}
	}
	if name == "utf-8" {
		return best, fmt.Sprintf(noteOldBytes, strings.Count(best, "\ufffd"))
	}
	return best, fmt.Sprintf(noteOldCharset, name)
}

type pageCharset struct {
	name     string
	encoding encoding.Encoding
}

// pageCharsets are the encodings that a page which is no whole UTF-8 may be in. That which it says comes first, and wins where words tell nothing;
// pages typed with fonts of TCVN3 or VNI say the western one.
func pageCharsets(data []byte) []pageCharset {
	list := []pageCharset{{"windows-1258", charmap.Windows1258}, {"windows-1252", charmap.Windows1252}, {"utf-8", unicode.UTF8}}
	said := saidCharset.FindSubmatch(data[:min(len(data), headBytes)])
	if said == nil {
		return list
	}
	name := strings.ToLower(string(said[1]))
	if slices.Contains([]string{"iso-8859-1", "latin1", "us-ascii", "x-user-defined"}, name) {
		name = "windows-1252" // as browsers read them
	}
	if i := slices.IndexFunc(list, func(c pageCharset) bool { return c.name == name }); i > 0 {
		list[0], list[i] = list[i], list[0]
	}
	return list
}

// decodeBytes reads bytes; what the encoding does not have becomes U+FFFD.
func decodeBytes(data []byte, e encoding.Encoding) string {
	read, err := e.NewDecoder().Bytes(data)
	if err != nil { // these decoders replace what they cannot read
		return strings.ToValidUTF8(string(data), "\ufffd")
	}
	return norm.NFC.String(string(read))
}

// vietnameseScore is how Vietnamese a text is: words with marks that are syllables, also once an encoding by fonts is undone, less words with
// characters that nobody could read.
func vietnameseScore(text string) int {
	good := vietnameseWords(text)
	for _, e := range []Encoding{TCVN3, VNI} {
		if c := count(text, e); c.sure() {
			good = max(good, c.good)
		}
	}
	return good - 2*strings.Count(text, "\ufffd")
}

// vietnameseWords is how many words of a text have letters beyond ASCII and are Vietnamese syllables.
func vietnameseWords(text string) (words int) {
	for word := range strings.FieldsSeq(text) {
		word = strings.TrimFunc(word, isASCIISign)
		if !ascii(word) && isSyllables(norm.NFC.String(word)) {
			words++
		}
	}
	return words
}
