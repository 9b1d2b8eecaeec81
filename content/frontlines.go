package content

import (
	"strconv"
	"strings"
	"time"

	"congso/store/model"
)

// plainFront reads a front matter of nothing but lines such as title = "Giới thiệu", as nearly all are; ok is false for any other, and for
// what is wrong. It gives what the TOML decoder gives, and sooner.
func plainFront(head string) (f front, ok bool) {
	seen := make(map[string]bool, 8)
	for line := range strings.Lines(head) {
		line = strings.Trim(strings.TrimSuffix(line, "\n"), " \t")
		if line == "" {
			continue
		}
		key, value, _ := strings.Cut(line, "=")
		key, value = strings.TrimRight(key, " \t"), strings.TrimLeft(value, " \t")
		if seen[key] || !f.setPlain(key, value) {
			return front{}, false
		}
		seen[key] = true
	}
	return f, true
}

func (f *front) setPlain(key, value string) (ok bool) {
	switch key {
	case "title":
		f.Title, ok = plainString(value)
	case "description":
		f.Description, ok = plainString(value)
	case "language":
		f.Language, ok = plainString(value)
	case "visibility":
		var visibility string
		visibility, ok = plainString(value)
		f.Visibility = model.Visibility(visibility)
	case "date":
		_, err := time.Parse(time.DateOnly, value)
		f.Date, ok = frontDay(value), err == nil
	case "order":
		f.Order, ok = plainInt(value)
	case "menu":
		f.Menu, ok = value == "true", value == "true" || value == "false"
	case "draft":
		f.Draft, ok = value == "true", value == "true" || value == "false"
	}
	return ok
}

// plainString is a string in quotes that stand for nothing but what is between them.
func plainString(value string) (s string, ok bool) {
	if len(value) < 2 || value[0] != '"' || value[len(value)-1] != '"' {
		return "", false
	}
	s = value[1 : len(value)-1]
	for i := range len(s) {
		if s[i] < ' ' || s[i] == '"' || s[i] == '\\' || s[i] == 0x7f {
			return "", false
		}
	}
	return s, true
}

// plainInt is a number of few digits, without a zero before them.
func plainInt(value string) (n int, ok bool) {
	digits := strings.TrimPrefix(value, "-")
	if len(digits) > 9 || strings.Trim(digits, "0123456789") != "" || digits != "0" && strings.HasPrefix(digits, "0") {
		return 0, false
	}
	n, err := strconv.Atoi(value)
	return n, err == nil
}
