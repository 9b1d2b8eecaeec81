package web

import "strings"

// Coding returns the content coding that an answer should have: of the available ones, the one with the highest weight in the request's
// Accept-Encoding headers, the first of those that weigh the same; "" for none (RFC 9110, 12.5.3). A coding must be named, or meant by
// "*"; one with weight 0 is never taken, nor one that weighs less than a named "identity". It allocates nothing.
func Coding(accept []string, available ...string) string {
	best, most := "", 0
	for _, name := range available {
		if q, _ := weight(accept, name); q > most {
			best, most = name, q
		}
	}
	if q, named := weight(accept, "identity"); named && q > most {
		return ""
	}
	return best
}

// weight is what a coding weighs, in thousandths; named reports whether it stands there by its own name. The greatest counts of a coding
// that is named twice.
func weight(accept []string, coding string) (q int, named bool) {
	others := 0
	for _, header := range accept {
		for part := range strings.SplitSeq(header, ",") {
			name, parameter, _ := strings.Cut(part, ";")
			switch name = strings.TrimSpace(name); {
			case strings.EqualFold(name, coding) || coding == "gzip" && strings.EqualFold(name, "x-gzip"): // RFC 9110, 8.4.1.3
				q, named = max(q, thousandths(parameter)), true
			case name == "*":
				others = thousandths(parameter)
			}
		}
	}
	if !named {
		return others, false
	}
	return q, true
}

// thousandths reads a parameter such as " q=0.5": 1000 for none, 0 for one that is no weight.
func thousandths(parameter string) int {
	parameter = strings.TrimSpace(parameter)
	if parameter == "" {
		return 1000
	}
	if len(parameter) < 3 || len(parameter) > len("q=0.000") || parameter[0]|0x20 != 'q' || parameter[1] != '=' {
		return 0
	}
	whole, places, dotted := strings.Cut(parameter[2:], ".")
	if whole != "0" && whole != "1" || dotted && len(places) > 3 {
		return 0
	}
	q, unit := int(whole[0]-'0')*1000, 100
	for _, digit := range []byte(places) {
		if digit < '0' || digit > '9' {
			return 0
		}
		q += int(digit-'0') * unit
		unit /= 10
	}
	return min(q, 1000)
}
