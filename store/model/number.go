package model

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

// Group is n with dots between its thousands, as Vietnamese writes it: 7.500.
func Group(n int64) string { return groupDigits(strconv.FormatInt(n, 10), ".") }

// GroupEnglish is n with commas between its thousands: 7,500.
func GroupEnglish(n int64) string { return groupDigits(strconv.FormatInt(n, 10), ",") }

// groupDigits puts separator between each three digits of number, which may have a minus sign.
func groupDigits(number, separator string) string {
	digits, negative := strings.CutPrefix(number, "-")
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + separator + digits[i:]
	}
	if negative {
		return "-" + digits
	}
	return digits
}

// Decimal is an exact decimal number as text, one text for each value: "3600", "71.5", "-2.25"; "" is no number.
type Decimal string

// maxDecimal is the most digits that a Decimal may have.
const maxDecimal = 30

const (
	errDecimal     = complaint("Số không hợp lệ. Hãy gõ như 3.600 hoặc 71,5.")
	errLongDecimal = complaint("Số quá dài: nhiều nhất 30 chữ số.")
)

var (
	groupedNumber = regexp.MustCompile(`^([1-9]\d{0,2}(?:\.\d{3})+)(?:,(\d+))?$`)
	plainNumber   = regexp.MustCompile(`^(\d+)(?:,(\d+))?$`)
	pointNumber   = regexp.MustCompile(`^(?:(\d+)\.(\d{1,2}|\d{4,})|(0)\.(\d{3}))$`)
)

// ParseDecimal reads a number as Vietnamese writes it: dots between thousands and a decimal comma (3.600, 71,5, 1.234.567,8). A single
// dot that cannot stand between thousands, as in 1.5 or 0.125, is taken for the decimal point of another keyboard. Anything else is
// refused with an error in Vietnamese, 1,234,567 and 1234.567 too: a guess could be wrong a thousandfold.
func ParseDecimal(s string) (Decimal, error) {
	s = strings.TrimSpace(strings.Replace(s, "\u2212", "-", 1))
	s, negative := strings.CutPrefix(s, "-")
	whole, fraction, ok := splitNumber(s)
	if !ok {
		return "", errDecimal
	}
	whole, fraction = strings.TrimLeft(whole, "0"), strings.TrimRight(fraction, "0")
	if len(whole)+len(fraction) > maxDecimal {
		return "", errLongDecimal
	}
	return joinDecimal(negative, whole, fraction), nil
}

// splitNumber returns the digits before and after the decimal sign of s.
func splitNumber(s string) (whole, fraction string, ok bool) {
	for _, form := range []*regexp.Regexp{groupedNumber, plainNumber} {
		if m := form.FindStringSubmatch(s); m != nil {
			return strings.ReplaceAll(m[1], ".", ""), m[2], true
		}
	}
	if m := pointNumber.FindStringSubmatch(s); m != nil {
		return m[1] + m[3], m[2] + m[4], true
	}
	return "", "", false
}

// joinDecimal makes the canonical text of digits without outer zeros.
func joinDecimal(negative bool, whole, fraction string) Decimal {
	text := whole
	if whole == "" {
		text = "0"
	}
	if fraction != "" {
		text += "." + fraction
	}
	if negative && text != "0" {
		text = "-" + text
	}
	return Decimal(text)
}

// Show is d as Vietnamese writes it: 3.600, 71,5.
func (d Decimal) Show() string { return d.show(".", ",") }

// ShowEnglish is d as English writes it: 3,600, 71.5.
func (d Decimal) ShowEnglish() string { return d.show(",", ".") }

func (d Decimal) show(thousands, decimal string) string {
	whole, fraction, split := strings.Cut(string(d), ".")
	if !split {
		return groupDigits(whole, thousands)
	}
	return groupDigits(whole, thousands) + decimal + fraction
}

// Float is the number nearest to d, for charts; 0 when d is no number.
func (d Decimal) Float() float64 {
	f, err := strconv.ParseFloat(string(d), 64)
	if err != nil {
		return 0
	}
	return f
}

// FileSize is a size of n bytes for people, as Windows counts (1 KB is 1024 bytes) and with a decimal comma: 340 KB, 1,2 MB.
// From a megabyte on it has one decimal, unless that is a zero.
func FileSize(n int64) string {
	if n < 1024 {
		return strconv.FormatInt(max(n, 0), 10) + " B"
	}
	if kilobytes := math.Round(float64(n) / 1024); kilobytes < 1024 {
		return strconv.FormatInt(int64(kilobytes), 10) + " KB"
	}
	size, unit := float64(n)/(1<<20), "MB"
	for _, larger := range []string{"GB", "TB"} {
		if math.Round(size*10) >= 10240 {
			size, unit = size/1024, larger
		}
	}
	tenths := int64(math.Round(size * 10))
	text := Group(tenths / 10)
	if tenths%10 != 0 {
		text += "," + strconv.FormatInt(tenths%10, 10)
	}
	return text + " " + unit
}
