package content

import (
	"fmt"
	"regexp"
	"strings"

	"congso/store/model"
)

// prose checks what can be seen from the words alone; line tells the line of a byte of text.
func (c *checker) prose(field, text string, line func(at int) int) {
	for _, list := range agencyLists(text) {
		for _, i := range list.missing {
			a, b := list.items[i-1], list.items[i]
			c.ask(RuleComma, fmt.Sprintf("Giữa “%s” và “%s” hình như thiếu dấu phẩy. Hãy thêm dấu phẩy nếu đó là hai cơ quan.", a.name, b.name),
				field, line(b.start), text[a.start:b.end])
		}
		c.parties(field, line(list.items[0].start), list.names())
	}
	for _, at := range mobileNumbers(text) {
		c.phone(field, line(at[0]), text[at[0]:at[1]])
	}
}

func (c *checker) phone(field string, line int, number string) {
	c.ask(RulePhone, "Số di động của cá nhân sẽ hiện cho mọi người. Hãy thay bằng số cơ quan hoặc dẫn tới danh bạ; chỉ để lại nếu đó là số công vụ.", field, line, number)
}

// parties notes a list and compares it with the first one of the same parties.
func (c *checker) parties(field string, line int, names []string) {
	set := partySet(names)
	first, known := c.lists[set]
	if !known {
		c.lists[set] = names
		return
	}
	if sameParties(first, names) {
		c.ask(RuleTwoOrders, fmt.Sprintf("Cùng các bên này nhưng thứ tự khác chỗ trước (%s). Hãy xếp theo một thứ tự trong cả bài.", strings.Join(first, ", ")),
			field, line, strings.Join(names, ", "))
	}
}

var (
	numberStart = regexp.MustCompile(`(?:\+84|0084|84|0)[\s.()-]{0,2}[35789]`)

	// notPhone matches words before digits that are some other kind of number.
	notPhone = regexp.MustCompile(`(?i)(?:mst|stk|cccd|cmnd|mã số|mã số thuế|mã hồ sơ|tài khoản|số tk|định danh|căn cước|số hiệu|mã đơn|seri)[^\d\n]{0,30}$`)
)

// mobileNumbers are the places of Vietnamese mobile numbers in text.
func mobileNumbers(text string) [][2]int {
	var found [][2]int
	for at := 0; at < len(text); {
		m := numberStart.FindStringIndex(text[at:])
		if m == nil {
			break
		}
		start := at + m[0]
		end := numberStop(text, start)
		if end == 0 || !standsFree(text, start) || notPhone.MatchString(text[lastRune(text, start-90):start]) {
			at = start + 1
			continue
		}
		found = append(found, [2]int{start, end})
		at = end
	}
	return found
}

// lastRune is the beginning of a rune at or after at, or 0.
func lastRune(text string, at int) int {
	for at = max(at, 0); at < len(text) && text[at]&0xC0 == 0x80; at++ {
	}
	return at
}

// standsFree reports whether the digits from start on begin a number and do not carry another on.
func standsFree(text string, start int) bool {
	before := strings.TrimRight(text[:start], " .-()\u00a0")
	glued := len(before) == start
	if before == "" {
		return true
	}
	last := before[len(before)-1]
	switch {
	case glued:
		return last < 0x80 && last != '/' && last != '+' && !letterOrDigit(last)
	case text[len(before)] == ' ' && start-len(before) > 1:
		return true // "… - 0900"
	}
	return last < '0' || last > '9'
}

func letterOrDigit(b byte) bool {
	return b >= '0' && b <= '9' || b|0x20 >= 'a' && b|0x20 <= 'z'
}

// numberStop is the end of the mobile number that starts at start, 0 when none does. The whole run of digits must be the number.
func numberStop(text string, start int) int {
	gap := 0
	for i := start; i < len(text) && i-start <= 24; i++ {
		switch b := text[i]; {
		case b >= '0' && b <= '9':
			gap = 0
			if i+1 < len(text) && text[i+1] >= '0' && text[i+1] <= '9' {
				continue
			}
			if _, kind, err := model.ParsePhone(text[start : i+1]); err == nil {
				if kind == model.NumberMobile {
					return i + 1
				}
				return 0
			}
		case b == '+' && i == start:
		case strings.IndexByte(" .()-", b) >= 0 && gap < 2:
			gap++
		default:
			return 0
		}
	}
	return 0
}
