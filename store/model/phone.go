package model

import (
	"regexp"
	"strings"
)

// NumberKind says what answers at a telephone number.
type NumberKind string

// The kinds of numbers.
const (
	NumberOffice  NumberKind = "office"
	NumberMobile  NumberKind = "mobile"
	NumberFax     NumberKind = "fax"
	NumberHotline NumberKind = "hotline"
)

func (k NumberKind) valid() bool {
	return k == NumberOffice || k == NumberMobile || k == NumberFax || k == NumberHotline
}

const (
	errPhone          = complaint("Số điện thoại không hợp lệ. Hãy gõ một số của Việt Nam kèm mã vùng, ví dụ 0257 3000 101.")
	errShortExtension = complaint("Số khẩn cấp và số ngắn không có máy lẻ.")
)

var (
	// What may stand between the digits of a number: spaces, dots, parentheses, and hyphens and dashes of every length.
	phoneSeparators = regexp.MustCompile(`[\s.()\x{2010}-\x{2015}\x{2212}-]+`)
	phoneCompact    = regexp.MustCompile(`^(?:\+84)?\d+$`)

	// An extension at the end of a folded text: máy lẻ 12, số máy lẻ: 12, nhánh 12, ext. 12, x12, (máy lẻ 12), ;ext=12.
	phoneExtension = regexp.MustCompile(`^(.*\d[\s)]*?)[\s,;.(\x{2010}-\x{2015}-]*(?:(?:so )?(?:may )?(?:le|nhanh)|ext(?:ension)?|x)[\s.:=]*(\d{1,6})\)?$`)
)

// phoneForms are the forms of Vietnamese numbers as digits with the trunk prefix 0, and how their digits are grouped. Source: the
// numbering plan of Thông tư 22/2014/TT-BTTTT, with the area codes in use since 2017 and the mobile prefixes in use since 2018; the
// networks of the authorities and 1022 as these publish their numbers.
var phoneForms = []struct {
	form    *regexp.Regexp
	kind    NumberKind
	service bool // dialled as it is, without country code
	groups  []int
}{
	{regexp.MustCompile(`^02[48]\d{8}$`), NumberOffice, false, []int{3, 4, 4}},   // Hà Nội, TP. Hồ Chí Minh
	{regexp.MustCompile(`^02\d{9}$`), NumberOffice, false, []int{4, 4, 3}},       // every other area
	{regexp.MustCompile(`^069\d{7}$`), NumberOffice, false, []int{3, 3, 4}},      // network of the army and the police
	{regexp.MustCompile(`^080\d{5}$`), NumberOffice, false, []int{3, 5}},         // network of the Party and State offices
	{regexp.MustCompile(`^0[35789]\d{8}$`), NumberMobile, false, []int{4, 3, 3}}, // every mobile network
	{regexp.MustCompile(`^1[89]00\d{4}$`), NumberHotline, true, []int{4, 4}},     // service numbers
	{regexp.MustCompile(`^1[89]00\d{6}$`), NumberHotline, true, []int{4, 3, 3}},  // service numbers
	{regexp.MustCompile(`^(?:11\d|1022)$`), NumberHotline, true, []int{4}},       // emergencies and the like; a province's public line
}

// ParsePhone reads one Vietnamese telephone number in any usual typing: with spaces, dots, hyphens or parentheses anywhere, with 0, +84,
// 0084 or 84 before it, with an extension after it (máy lẻ 12, ext 12, x12). It returns the form that is stored, E.164 with ";ext=12" for
// an extension ("+842573000101;ext=12"); a service number or short code, which has no country code, as its grouped digits ("1900 0000",
// "113"). The kind is what the numbering tells: a fax cannot be told from an office. The stored form and what ShowPhone makes of it parse
// to the stored form. The error is a message in Vietnamese.
func ParsePhone(typed string) (e164 string, kind NumberKind, err error) {
	number, extension := splitExtension(typed)
	compact := phoneSeparators.ReplaceAllString(number, "")
	if !phoneCompact.MatchString(compact) {
		return "", "", errPhone
	}
	digits, plus := strings.CutPrefix(compact, "+")
	national := nationalDigits(digits, plus)
	for _, f := range phoneForms {
		if !f.form.MatchString(national) {
			continue
		}
		if extension != "" && len(national) <= 4 {
			return "", "", errShortExtension
		}
		if f.service {
			return grouped(national, f.groups) + extension, f.kind, nil
		}
		return "+84" + national[1:] + extension, f.kind, nil
	}
	return "", "", errPhone
}

// splitExtension returns what stands before an extension, and the extension as ";ext=12" or "".
func splitExtension(typed string) (number, extension string) {
	folded := Fold(Clean(typed))
	if m := phoneExtension.FindStringSubmatch(folded); m != nil {
		return m[1], ";ext=" + m[2]
	}
	return folded, ""
}

// nationalDigits takes digits to the form dialled within Vietnam: the country code, with 00 or a plus before it, becomes 0. No national
// number starts with 84, so eleven digits or more that do have lost their plus. Digits without a country code stay as they are.
func nationalDigits(digits string, plus bool) string {
	rest, international := strings.CutPrefix(digits, "0084")
	if !international && (plus || len(digits) >= 11) {
		rest, international = strings.CutPrefix(digits, "84")
	}
	rest = strings.TrimLeft(rest, "0")
	switch {
	case !international:
		return digits
	case rest == "":
		return ""
	}
	return "0" + rest
}

// grouped puts spaces between groups of digits of the given sizes; the last group takes what is left.
func grouped(digits string, sizes []int) string {
	var groups []string
	for _, size := range sizes {
		size = min(size, len(digits))
		groups = append(groups, digits[:size])
		digits = digits[size:]
	}
	return strings.Join(groups, " ")
}

// ShowPhone is a number that ParsePhone returned as people read it: "0257 3000 101", "0257 3000 101 (máy lẻ 12)". Any other text is
// returned as it is.
func ShowPhone(e164 string) string {
	number, extension, extended := strings.Cut(e164, ";ext=")
	rest, international := strings.CutPrefix(number, "+84")
	shown := number
	for _, f := range phoneForms {
		if international && !f.service && f.form.MatchString("0"+rest) {
			shown = grouped("0"+rest, f.groups)
			break
		}
	}
	if extended {
		shown += " (máy lẻ " + extension + ")"
	}
	return shown
}

// TelURI is the address that dials a number that ParsePhone returned: "tel:+842573000101;ext=12" (RFC 3966), "tel:19000000".
func TelURI(e164 string) string { return "tel:" + strings.ReplaceAll(e164, " ", "") }

// PhoneDigits is the number in s as the digits dialled within Vietnam, "02573000101", whatever its typing and without its extension, so
// that numbers can be compared and searched. A part of a number gives its digits; a text without digits gives "".
func PhoneDigits(s string) string {
	number, _ := splitExtension(s)
	plus := strings.HasPrefix(strings.TrimLeft(number, " ("), "+")
	return nationalDigits(strings.Map(keepDigit, number), plus)
}

func keepDigit(r rune) rune {
	if r < '0' || r > '9' {
		return -1
	}
	return r
}
