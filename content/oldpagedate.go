package content

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"congso/store/model"
)

var (
	isoDate   = regexp.MustCompile(`\b((?:19|20)\d\d)-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d\d)(?::(\d\d))?(?:\.\d+)?\s*(Z|[+-]\d\d:?\d\d)?)?`)
	typedDate = regexp.MustCompile(`\b(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*((?:19|20)\d\d)\b`)
	wordDate  = regexp.MustCompile(`\b(?:ngay )?(\d{1,2}) thang (\d{1,2})(?: nam |,? )((?:19|20)\d\d)\b`)
	typedTime = regexp.MustCompile(`\b([01]?\d|2[0-3])\s?(?::|h|gio )\s?([0-5]\d)(?::[0-5]\d)?(?:\s*(am|pm|sa|ch)\b)?`)
	jsonDate  = regexp.MustCompile(`"datePublished"\s*:\s*"([^"\\]{8,40})"`)
)

// maxDateText is how much of a text is searched for a date, in bytes.
const maxDateText = 400

// parseOldDate finds the date in a text as portals show it, with the time of day if there is one: "Thứ tư, 05/07/2023 14:30", "ngày 5 tháng
// 7 năm 2023", "2023-07-05T14:30:00+07:00". Times are those of Vietnam unless they say theirs. Where a month above 12 shows it, and with "PM"
// or "AM", which the American form has, the month stands first.
func parseOldDate(text string) (at time.Time, ok bool) {
	text = model.Fold(text[:min(len(text), maxDateText)])
	if m := isoDate.FindStringSubmatch(strings.ToUpper(text)); m != nil {
		return isoTime(m)
	}
	m := wordDate.FindStringSubmatchIndex(text)
	if m == nil {
		m = typedDate.FindStringSubmatchIndex(text)
	}
	if m == nil {
		return at, false
	}
	day, month, year := number(text[m[2]:m[3]]), number(text[m[4]:m[5]]), number(text[m[6]:m[7]])
	hour, minute, american := timeOfDay(text[:m[0]] + " " + text[m[1]:])
	if month > 12 || american && day <= 12 {
		day, month = month, day
	}
	return civil(year, month, day, hour, minute, 0, model.Zone())
}

// isoTime is the time that a match of isoDate says.
func isoTime(m []string) (time.Time, bool) {
	zone := model.Zone()
	switch offset := strings.ReplaceAll(m[7], ":", ""); {
	case offset == "Z":
		zone = time.UTC
	case offset != "":
		minutes := number(offset[1:3])*60 + number(offset[3:5])
		if offset[0] == '-' {
			minutes = -minutes
		}
		zone = time.FixedZone("", minutes*60)
	}
	return civil(number(m[1]), number(m[2]), number(m[3]), number(m[4]), number(m[5]), number(m[6]), zone)
}

// timeOfDay is the time in a folded text, midnight when there is none. american says that it is written as in America.
func timeOfDay(text string) (hour, minute int, american bool) {
	m := typedTime.FindStringSubmatch(text)
	if m == nil {
		return 0, 0, false
	}
	hour, minute = number(m[1]), number(m[2])
	switch {
	case (m[3] == "pm" || m[3] == "ch") && hour < 12:
		hour += 12
	case (m[3] == "am" || m[3] == "sa") && hour == 12:
		hour = 0
	}
	return hour, minute, m[3] == "am" || m[3] == "pm"
}

// number is what digits say that a pattern has found, 0 for none.
func number(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}

// civil is that time if the calendar has it, and a portal could have published something then.
func civil(year, month, day, hour, minute, second int, zone *time.Location) (time.Time, bool) {
	at := time.Date(year, time.Month(month), day, hour, minute, second, 0, zone)
	same := at.Year() == year && at.Month() == time.Month(month) && at.Day() == day && at.Hour() == hour && at.Minute() == minute
	if !same || year < 1995 {
		return time.Time{}, false
	}
	return at, true
}

var (
	pathDate = regexp.MustCompile(`(?:^|[^\d])((?:19|20)\d\d)[/_-](\d{1,2})[/_-](\d{1,2})(?:[^\d]|$)`)
	tailDate = regexp.MustCompile(`(?:^|[^\d])(\d{1,2})[_-](\d{1,2})[_-]((?:19|20)\d\d)(?:[^\d]|$)`)
	runDate  = regexp.MustCompile(`(?:^|[^\d])((?:19|20)\d\d)(\d\d)(\d\d)(?:([01]\d|2[0-3])([0-5]\d)([0-5]\d)?\d{0,6})?(?:[^\d]|$)`)
)

// dateOfAddress is the date in an address: /2023/07/05/…, …-20230705143000…, …-05-07-2023….
func dateOfAddress(address string) (at time.Time, ok bool) {
	if m := pathDate.FindStringSubmatch(address); m != nil {
		if at, ok = civil(number(m[1]), number(m[2]), number(m[3]), 0, 0, 0, model.Zone()); ok {
			return at, true
		}
	}
	if m := runDate.FindStringSubmatch(address); m != nil {
		if at, ok = civil(number(m[1]), number(m[2]), number(m[3]), number(m[4]), number(m[5]), number(m[6]), model.Zone()); ok {
			return at, true
		}
	}
	if m := tailDate.FindStringSubmatch(address); m != nil {
		return civil(number(m[3]), number(m[2]), number(m[1]), 0, 0, 0, model.Zone())
	}
	return at, false
}

// dateOfPage is the date that the page says: where the selectors find it, else where pages say it to machines. An element that says none is
// passed over.
func (s OldSelectors) dateOfPage(root *html.Node) (at time.Time, ok bool) {
	for _, selector := range s.Date {
		for _, n := range cascadia.QueryAll(root, selector.match) {
			if at, ok = parseOldDate(dateText(n)); ok {
				return at, true
			}
		}
	}
	for n := range root.Descendants() {
		if at, ok = parseOldDate(machineDate(n)); ok {
			return at, true
		}
	}
	return at, false
}

// dateText is what an element says, or what it says to machines: microdata may put it in an attribute of any element.
func dateText(n *html.Node) string {
	if said := attribute(n, "content"); said != "" {
		return said
	}
	return oldValue(n)
}

// machineDate is the date of publishing that a node says in one of the forms for search engines, "" when it is none of them.
func machineDate(n *html.Node) string {
	switch {
	case n.Type == html.TextNode && n.Parent != nil && attribute(n.Parent, "type") == "application/ld+json":
		if m := jsonDate.FindStringSubmatch(n.Data); m != nil {
			return m[1]
		}
	case n.Type != html.ElementNode:
	case attribute(n, "itemprop") == "datePublished":
		return dateText(n)
	case n.DataAtom == atom.Meta && slices.Contains([]string{"article:published_time", "pubdate", "dc.date.issued"}, strings.ToLower(attribute(n, "property")+attribute(n, "name"))):
		return attribute(n, "content")
	}
	return ""
}
