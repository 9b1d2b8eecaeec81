package content

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"congso/store/model"
)

const (
	dayWords  = `(?:ngày\s+)?(\d{1,2})(?:\s*[/.-]\s*|\s+tháng\s+)(\d{1,2})(?:\s*[/.-]\s*|\s+năm\s+)(\d{4})\b`
	hourWords = `(\d{1,2})(?:\s*(?:giờ|h|g)\s*(\d{2})?|:(\d{2}))(?:\s*phút)?`
)

var (
	dayForm    = regexp.MustCompile(`(?i)` + dayWords)
	hourForm   = regexp.MustCompile(`(?i)` + hourWords)
	timeLabel  = regexp.MustCompile(`(?im)^[-+•\d.)\s]*(?:thời gian|bắt đầu|khai mạc)[^:\n]{0,40}:`)
	endLabel   = regexp.MustCompile(`(?i)kết thúc[^\n.]{0,40}$`)
	meetingDay = regexp.MustCompile(`(?i)(?:hội nghị|họp|tập huấn|giao ban|lễ ký kết|hội thảo|tổ chức|diễn ra|khai mạc|sáng|chiều|hồi|vào lúc|hôm nay|làm việc)`)
	otherDay   = regexp.MustCompile(`(?i)(?:số\s+\S*/\S*[^.;\n]{0,30}|trước|đến hết|chậm nhất|hạn|hoàn thành[^.;\n]{0,30}|từ|kể từ|sinh|đến|ký|ban hành)\s*$`)
	rangeWords = regexp.MustCompile(`(?i)(?:đến|-|–|tới)\s*$`)
)

// readTimes takes the day on the line that says the time, or else the first sentence in which a meeting is held on a day.
func readTimes(text string) (start, end Found[time.Time]) {
	if m := timeLabel.FindStringIndex(text); m != nil {
		line := span{m[1], m[1] + len(head(text[m[1]:lineEnd(text, m[1])], maxSentence))}
		if start, end = timesIn(text, line, func(string) bool { return true }); start.End > 0 {
			return start, laterEnd(text, line, start, end)
		}
	}
	for _, s := range sentences(text) {
		if !meetingDay.MatchString(text[s.start:s.end]) {
			continue
		}
		start, end = timesIn(text, s, func(before string) bool { return !otherDay.MatchString(before) })
		if start.End > 0 {
			return start, laterEnd(text, s, start, end)
		}
	}
	return start, end
}

func lineEnd(text string, at int) int {
	if n := strings.IndexByte(text[at:], '\n'); n >= 0 {
		return at + n
	}
	return len(text)
}

// timesIn reads the first day in s that may be the meeting's, and the hours before it in the same sentence or right after it.
func timesIn(text string, s span, may func(before string) bool) (start, end Found[time.Time]) {
	part := text[s.start:s.end]
	for _, m := range dayForm.FindAllStringSubmatchIndex(part, -1) {
		day, ok := dayAt(part, m)
		if !ok || !may(strings.TrimRight(tail(part[:m[0]], 120), " ")) || m[0] > 0 && part[m[0]-1] >= '0' && part[m[0]-1] <= '9' {
			continue
		}
		hours := hoursIn(part)
		piece := span{s.start + m[0], s.start + m[1]}
		first := time.Duration(0)
		if len(hours) > 0 {
			first = hours[0].at
			piece = span{min(piece.start, s.start+hours[0].start), max(piece.end, s.start+hours[0].end)}
		}
		start = found(day.Time().Add(first), piece)
		if len(hours) > 1 && rangeWords.MatchString(strings.TrimRight(tail(part[:hours[1].start], 40), " ")) && hours[1].at > first {
			end = found(day.Time().Add(hours[1].at), span{min(piece.start, s.start+hours[1].start), max(piece.end, s.start+hours[1].end)})
		}
		return start, end
	}
	return start, end
}

// laterEnd is end, or where the report says it elsewhere ("kết thúc lúc 11 giờ 30 cùng ngày") that hour of the day of start.
func laterEnd(text string, read span, start, end Found[time.Time]) Found[time.Time] {
	if end.End > 0 {
		return end
	}
	day := model.DayOf(start.Value)
	for _, s := range sentences(text) {
		part := text[s.start:s.end]
		hours := hoursIn(part)
		if s.start < read.start || len(hours) == 0 {
			continue
		}
		last := hours[len(hours)-1]
		if !endLabel.MatchString(strings.TrimRight(part[:last.start], " ")) {
			continue
		}
		if m := dayForm.FindStringSubmatchIndex(part); m != nil {
			if other, ok := dayAt(part, m); !ok || other != day {
				continue
			}
		}
		if at := day.Time().Add(last.at); at.After(start.Value) {
			return found(at, span{s.start + last.start, s.start + last.end})
		}
	}
	return end
}

// dayAt reads the day that dayForm matched at m.
func dayAt(part string, m []int) (model.Day, bool) {
	day, err := model.ParseDay(part[m[2]:m[3]] + "/" + part[m[4]:m[5]] + "/" + part[m[6]:m[7]])
	return day, err == nil
}

type clock struct {
	at         time.Duration
	start, end int
}

// hoursIn are the times of day in part: 8 giờ 00, 8h30, 08:30.
func hoursIn(part string) []clock {
	var list []clock
	for _, m := range hourForm.FindAllStringSubmatchIndex(part, -1) {
		minutes := ""
		for _, i := range []int{4, 6} {
			if m[i] >= 0 {
				minutes = part[m[i]:m[i+1]]
			}
		}
		at, err := time.ParseDuration(fmt.Sprintf("%sh%sm", part[m[2]:m[3]], orZero(minutes)))
		glued := m[0] > 0 && strings.IndexByte("0123456789/.,", part[m[0]-1]) >= 0
		letter := m[1] < len(part) && (part[m[1]]|0x20 >= 'a' && part[m[1]]|0x20 <= 'z' || part[m[1]] >= 0x80)
		if n, _ := strconv.Atoi(orZero(minutes)); err != nil || at >= 24*time.Hour || n > 59 || glued || letter {
			continue
		}
		list = append(list, clock{at, m[0], m[1]})
	}
	return list
}

func orZero(s string) string {
	if s == "" {
		return "0"
	}
	return s
}

var (
	dueDay     = regexp.MustCompile(`(?i),?\s*(?:\(?\s*(?:và |phải |xong |để )?(?:hoàn thành|hoàn tất|báo cáo|thời hạn|thời gian|hạn|xong)[^.;,\n\d]{0,40}\s)?(?:trước|chậm nhất|đến hết|hết|muộn nhất|hạn|xong|đến|trong|vào)(?:\s+(?:là|hết|cuối|vào|đến))*\s+(?:` + hourWords + `\s*,?\s*)?` + dayWords)
	dueMonth   = regexp.MustCompile(`(?i),?\s*(?:\(?\s*(?:và |phải |xong )?(?:hoàn thành|hoàn tất|xong|thời hạn)[^.;,\n\d]{0,40}\s)?trong\s+tháng\s+(\d{1,2})\s*(?:/|năm)\s*(\d{4})\b`)
	dueQuarter = regexp.MustCompile(`(?i),?\s*(?:\(?\s*(?:và |phải |xong )?(?:hoàn thành|hoàn tất|xong|thời hạn)[^.;,\n\d]{0,40}\s)?trong\s+quý\s+(IV|III|II|I|[1-4])\s*(?:/|năm)\s*(\d{4})\b`)
)

// readDue is the last day for a task and the words that say so; a month or a quarter ends on its last day.
func readDue(part string) (due model.Day, at span, ok bool) {
	if m := dueDay.FindStringSubmatchIndex(part); m != nil {
		if day, ok := dayAt(part, append(m[:2:2], m[8:]...)); ok {
			return day, span{m[0], m[1]}, true
		}
	}
	if m := dueMonth.FindStringSubmatchIndex(part); m != nil {
		month, _ := strconv.Atoi(part[m[2]:m[3]]) // digits, by the pattern
		due, ok = lastDay(month, part[m[4]:m[5]])
		return due, span{m[0], m[1]}, ok
	}
	if m := dueQuarter.FindStringSubmatchIndex(part); m != nil {
		quarter := map[string]int{"I": 1, "II": 2, "III": 3, "IV": 4, "1": 1, "2": 2, "3": 3, "4": 4}[strings.ToUpper(part[m[2]:m[3]])]
		due, ok = lastDay(3*quarter, part[m[4]:m[5]])
		return due, span{m[0], m[1]}, ok
	}
	return "", span{}, false
}

func lastDay(month int, year string) (model.Day, bool) {
	y, err := strconv.Atoi(year)
	if err != nil || month < 1 || month > 12 || y < 1000 {
		return "", false
	}
	return model.DayOf(time.Date(y, time.Month(month)+1, 0, 12, 0, 0, 0, model.Zone())), true
}
