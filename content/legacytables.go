package content

import "strings"

// tcvn3 are the letters of VN3, the eight-bit form of TCVN 5712:1993 that the .Vn fonts use, by their codes. It has no capitals with tones:
// fonts whose names end in H show small letters as capitals.
var tcvn3 = map[rune]rune{
	0xA1: 'Ă', 0xA2: 'Â', 0xA3: 'Ê', 0xA4: 'Ô', 0xA5: 'Ơ', 0xA6: 'Ư', 0xA7: 'Đ',
	0xA8: 'ă', 0xA9: 'â', 0xAA: 'ê', 0xAB: 'ô', 0xAC: 'ơ', 0xAD: 'ư', 0xAE: 'đ',
	0xB5: 'à', 0xB6: 'ả', 0xB7: 'ã', 0xB8: 'á', 0xB9: 'ạ',
	0xBB: 'ằ', 0xBC: 'ẳ', 0xBD: 'ẵ', 0xBE: 'ắ', 0xC6: 'ặ',
	0xC7: 'ầ', 0xC8: 'ẩ', 0xC9: 'ẫ', 0xCA: 'ấ', 0xCB: 'ậ',
	0xCC: 'è', 0xCE: 'ẻ', 0xCF: 'ẽ', 0xD0: 'é', 0xD1: 'ẹ',
	0xD2: 'ề', 0xD3: 'ể', 0xD4: 'ễ', 0xD5: 'ế', 0xD6: 'ệ',
	0xD7: 'ì', 0xD8: 'ỉ', 0xDC: 'ĩ', 0xDD: 'í', 0xDE: 'ị',
	0xDF: 'ò', 0xE1: 'ỏ', 0xE2: 'õ', 0xE3: 'ó', 0xE4: 'ọ',
	0xE5: 'ồ', 0xE6: 'ổ', 0xE7: 'ỗ', 0xE8: 'ố', 0xE9: 'ộ',
	0xEA: 'ờ', 0xEB: 'ở', 0xEC: 'ỡ', 0xED: 'ớ', 0xEE: 'ợ',
	0xEF: 'ù', 0xF1: 'ủ', 0xF2: 'ũ', 0xF3: 'ú', 0xF4: 'ụ',
	0xF5: 'ừ', 0xF6: 'ử', 0xF7: 'ữ', 0xF8: 'ứ', 0xF9: 'ự',
	0xFA: 'ỳ', 0xFB: 'ỷ', 0xFC: 'ỹ', 0xFD: 'ý', 0xFE: 'ỵ',
}

func fromTCVN3(r rune) rune {
	switch {
	case isPrivate(r):
		r -= 0xF000
	case r == 'μ': // Greek, which some programs write for the sign of the millionth
		r = 0xB5
	}
	if letter, ok := tcvn3[r]; ok {
		return letter
	}
	return r
}

// vniMarks are the codes that VNI-Windows puts after a letter, as the marks that they add to it; those after a and e that join a
// circumflex or breve with a tone are told apart by their letter's case only.
var vniMarks = map[rune]string{
	'ù': "\u0301", 'ø': "\u0300", 'û': "\u0309", 'õ': "\u0303", 'ï': "\u0323",
	'â': "\u0302", 'á': "\u0302\u0301", 'à': "\u0302\u0300", 'å': "\u0302\u0309", 'ã': "\u0302\u0303", 'ä': "\u0302\u0323",
	'ê': "\u0306", 'é': "\u0306\u0301", 'è': "\u0306\u0300", 'ú': "\u0306\u0309", 'ü': "\u0306\u0303", 'ë': "\u0306\u0323",
}

// vniLetters are the codes of VNI-Windows that are letters by themselves.
var vniLetters = map[rune]string{
	'ñ': "đ", 'ö': "ư", 'ô': "ơ", 'æ': "ỉ", 'ó': "ĩ", 'ò': "ị", 'î': "ỵ", 'í': "í", 'ì': "ì",
	'Ñ': "Đ", 'Ö': "Ư", 'Ô': "Ơ", 'Æ': "Ỉ", 'Ó': "Ĩ", 'Ò': "Ị", 'Î': "Ỵ", 'Í': "Í", 'Ì': "Ì",
}

// vniTakes are the letters that each mark can follow.
func vniTakes(mark string, letter rune) bool {
	switch {
	case strings.HasPrefix(mark, "\u0306"):
		return letter == 'a' || letter == 'A'
	case strings.HasPrefix(mark, "\u0302"):
		return strings.ContainsRune("aeoAEO", letter)
	case mark == "\u0323":
		return strings.ContainsRune("aeouôöAEOUÔÖ", letter)
	}
	return strings.ContainsRune("aeouyôöAEOUYÔÖ", letter)
}

func fromVNI(text string) string {
	var b strings.Builder
	before := rune(0) // the letter as it was typed
	for _, r := range text {
		if isPrivate(r) {
			r -= 0xF000
		}
		lower := r
		if r >= 0xC0 && r <= 0xDE && r != 0xD7 {
			lower = r + 0x20
		}
		mark, ok := vniMarks[lower]
		switch {
		case ok && before != 0 && vniTakes(mark, before):
			b.WriteString(mark)
			before = 0
			continue
		case vniLetters[r] != "":
			b.WriteString(vniLetters[r])
		default:
			b.WriteRune(r)
		}
		before = r
	}
	return b.String()
}
