package handlers_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

// property is a content line of a vCard (RFC 6350) or an iCalendar (RFC 5545).
type property struct {
	name   string
	params map[string][]string
	value  string // as it stands there, with its escapes
}

// readProperties is a reader of content lines of its own, so that what the server's libraries write is read by another.
func readProperties(t *testing.T, document string) []property {
	t.Helper()
	if !utf8.ValidString(document) || !strings.HasSuffix(document, "\r\n") || strings.Contains(strings.ReplaceAll(document, "\r\n", ""), "\n") {
		t.Fatalf("lines must be UTF-8 and end with CR LF:\n%q", document)
	}
	unfolded := strings.NewReplacer("\r\n ", "", "\r\n\t", "").Replace(document)
	var list []property
	for line := range strings.SplitSeq(strings.TrimSuffix(unfolded, "\r\n"), "\r\n") {
		p, err := readProperty(line)
		if err != nil {
			t.Fatalf("line %q: %v", line, err)
		}
		list = append(list, p)
	}
	return list
}

func readProperty(line string) (property, error) {
	head, value, found := cutOutsideQuotes(line, ':')
	if !found {
		return property{}, fmt.Errorf("no colon")
	}
	p := property{params: map[string][]string{}, value: value}
	for i := 0; ; i++ {
		part, rest, more := cutOutsideQuotes(head, ';')
		if i == 0 {
			p.name = strings.ToUpper(part)
		} else {
			key, text, ok := strings.Cut(part, "=")
			if !ok {
				return p, fmt.Errorf("parameter %q", part)
			}
			key = strings.ToUpper(key)
			p.params[key] = append(p.params[key], strings.Split(strings.Trim(text, `"`), ",")...)
		}
		if !more {
			return p, nil
		}
		head = rest
	}
}

func cutOutsideQuotes(s string, separator byte) (before, after string, found bool) {
	quoted := false
	for i := range len(s) {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case s[i] == separator && !quoted:
			return s[:i], s[i+1:], true
		}
	}
	return s, "", false
}

// text is a value of type TEXT.
func (p property) text() string { return p.parts(0)[0] }

// parts are the parts of a structured value between separators; 0 takes the value as one part.
func (p property) parts(separator byte) []string {
	parts := []string{""}
	for i := 0; i < len(p.value); i++ {
		last := &parts[len(parts)-1]
		switch c := p.value[i]; {
		case c == '\\' && i+1 < len(p.value):
			i++
			if c = p.value[i]; c == 'n' || c == 'N' {
				c = '\n'
			}
			*last += string([]byte{c})
		case c == separator && separator != 0:
			parts = append(parts, "")
		default:
			*last += string([]byte{c})
		}
	}
	return parts
}

// component is what stands between BEGIN and END.
type component struct {
	kind     string
	lines    []property
	children []*component
}

// readComponents reads nested components; the test fails when they do not close as they opened.
func readComponents(t *testing.T, document string) []*component {
	t.Helper()
	root := &component{}
	open := []*component{root}
	for _, p := range readProperties(t, document) {
		top := open[len(open)-1]
		switch p.name {
		case "BEGIN":
			child := &component{kind: p.value}
			top.children = append(top.children, child)
			open = append(open, child)
		case "END":
			if p.value != top.kind || len(open) == 1 {
				t.Fatalf("END:%s closes %s", p.value, top.kind)
			}
			open = open[:len(open)-1]
		default:
			top.lines = append(top.lines, p)
		}
	}
	if len(open) != 1 || len(root.lines) > 0 {
		t.Fatalf("%d components left open, %d lines outside", len(open)-1, len(root.lines))
	}
	return root.children
}

// all are the lines of that name.
func (c *component) all(name string) []property {
	var list []property
	for _, p := range c.lines {
		if p.name == name {
			list = append(list, p)
		}
	}
	return list
}

// one is the only line of that name.
func (c *component) one(t *testing.T, name string) property {
	t.Helper()
	list := c.all(name)
	if len(list) != 1 {
		t.Fatalf("%s: %d × %s, want 1", c.kind, len(list), name)
	}
	return list[0]
}

func TestReaderItself(t *testing.T) {
	document := "BEGIN:A\r\nX;P=\"a:b;c\",d;Q=1:một\\, hai\\nba\r\n  bốn\\;\\\\\r\nEND:A\r\n"
	a := readComponents(t, document)
	x := a[0].one(t, "X")
	if x.text() != "một, hai\nba bốn;\\" || x.params["Q"][0] != "1" {
		t.Errorf("read %+v: %q", x, x.text())
	}
	if got := (property{value: `a\;b;c`}).parts(';'); len(got) != 2 || got[0] != "a;b" {
		t.Errorf("parts %q", got)
	}
}
