package content

import (
	"bytes"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// pageForm is the form of a page in which the sanitiser finds nothing to do: tags of its list alone, as the renderer writes them. A page
// of that form need not go through it, which takes three times as long as writing the page. It is safe for concurrent use.
type pageForm struct {
	elements map[string]elementForm
	schemes  []string
}

// elementForm is what the tag of an element may have.
type elementForm struct {
	bare       bool // may stand without an attribute
	inline     bool
	attributes map[string]attributeForm
}

type attributeForm struct {
	value *regexp.Regexp // nil for any
	bit   uint64         // of its own among those of the element
}

func newPageForm() *pageForm {
	f := &pageForm{elements: map[string]elementForm{}, schemes: linkSchemes()}
	for _, name := range plainElements() {
		f.elements[name] = elementForm{bare: true, inline: inline(name), attributes: map[string]attributeForm{}}
	}
	for _, rule := range attributeRules() {
		for _, name := range rule.elements {
			if f.elements[name].attributes == nil {
				f.elements[name] = elementForm{inline: inline(name), attributes: map[string]attributeForm{}}
			}
			attributes := f.elements[name].attributes
			attributes[rule.name] = attributeForm{rule.form, 1 << len(attributes)}
		}
	}
	return f
}

// settled is a page on its way through its form.
type settled struct {
	form *pageForm
	rest []byte
	html []byte // as the sanitiser would write it
	text []byte // as plainText would find it in html, before joinLines
	sign string // the element of a sign, whose text is left out
}

// settle goes through a page. ok is false when it has another form; otherwise html is what the sanitiser would make of it.
func (s *settled) settle(page []byte) (ok bool) {
	s.rest, s.html, s.text, s.sign = page, s.html[:0], s.text[:0], ""
	for len(s.rest) > 0 {
		end := bytes.IndexByte(s.rest, '<')
		if end < 0 {
			end = len(s.rest)
		}
		if !s.words(s.rest[:end]) {
			return false
		}
		if s.rest = s.rest[end:]; len(s.rest) > 0 && !s.tag() {
			return false
		}
	}
	return true
}

// words takes in the text between two tags.
func (s *settled) words(raw []byte) bool {
	for len(raw) > 0 {
		plain := plainBytes(raw)
		s.html = append(s.html, raw[:plain]...)
		if s.sign == "" {
			s.text = append(s.text, raw[:plain]...)
		}
		if raw = raw[plain:]; len(raw) == 0 {
			return true
		}
		size, char, written := escaped(raw)
		if size == 0 {
			return false
		}
		s.html = append(s.html, written...)
		if s.sign == "" {
			s.text = append(s.text, char...)
		}
		raw = raw[size:]
	}
	return true
}

// plainBytes is how many bytes of raw stand for themselves, in HTML as in text.
func plainBytes(raw []byte) int {
	for i, c := range raw {
		switch {
		case c > '>' || c == '\n' || c == '\t':
		case c < ' ' || c == '&' || c == '\'' || c == '"' || c == '<' || c == '>':
			return i
		}
	}
	return len(raw)
}

// escaped is the character with which raw begins, how many bytes it takes there, and how the sanitiser writes it; size is 0 for one that
// the renderer does not write.
func escaped(raw []byte) (size int, char, written string) {
	for _, known := range [...]struct{ raw, char, written string }{
		{"&amp;", "&", "&amp;"}, {"&quot;", `"`, "&#34;"}, {"&lt;", "<", "&lt;"}, {"&gt;", ">", "&gt;"}, {"'", "'", "&#39;"}, {`"`, `"`, "&#34;"},
		{"&#160;", "\u00a0", "\u00a0"}, {">", ">", "&gt;"}, {"&#39;", "'", "&#39;"}, {"&#34;", `"`, "&#34;"},
	} {
		if len(raw) >= len(known.raw) && string(raw[:len(known.raw)]) == known.raw {
			return len(known.raw), known.char, known.written
		}
	}
	return 0, "", ""
}

// tag takes in the tag with which the rest begins.
func (s *settled) tag() bool {
	start := 1
	closing := len(s.rest) > 1 && s.rest[1] == '/'
	if closing {
		start = 2
	}
	end := start
	for end < len(s.rest) && (s.rest[end] >= 'a' && s.rest[end] <= 'z' || s.rest[end] >= '1' && s.rest[end] <= '6') {
		end++
	}
	name := s.rest[start:end]
	element, known := s.form.elements[string(name)]
	if !known {
		return false
	}
	s.html, s.rest = append(s.html, s.rest[:end]...), s.rest[end:]
	var seen uint64
	isSign := false
	for !closing && len(s.rest) > 0 && s.rest[0] == ' ' {
		bit, sign := s.attribute(element)
		if bit&^seen == 0 {
			return false
		}
		seen, isSign = seen|bit, isSign || sign
	}
	if len(s.rest) == 0 || s.rest[0] != '>' || !closing && seen == 0 && !element.bare {
		return false
	}
	s.html, s.rest = append(s.html, '>'), s.rest[1:]
	s.line(name, element, closing, isSign)
	return true
}

// line begins a new line of the text at a tag, but for those within a line; it leaves out signs.
func (s *settled) line(name []byte, element elementForm, closing, isSign bool) {
	switch {
	case s.sign != "":
		if closing && string(name) == s.sign {
			s.sign = ""
		}
	case isSign:
		s.sign = string(name)
	case !element.inline:
		s.text = append(s.text, '\n')
	}
}

// attribute takes in the attribute with which the rest begins, after a space, and returns its bit, 0 when it has another form; sign is
// whether it makes its element a sign.
func (s *settled) attribute(element elementForm) (bit uint64, sign bool) {
	name, rest, found := bytes.Cut(s.rest[1:], []byte(`="`))
	form, known := element.attributes[string(name)]
	end := bytes.IndexByte(rest, '"')
	if !found || !known || end < 0 {
		return 0, false
	}
	s.html = append(s.html, s.rest[:1+len(name)+2]...)
	value, ok := s.value(rest[:end])
	if !ok || form.value != nil && !form.value.MatchString(value) || (string(name) == "href" || string(name) == "src") && !s.form.sameURL(value) {
		return 0, false
	}
	s.html, s.rest = append(s.html, '"'), rest[end+1:]
	return form.bit, string(name) == "class" && isSignClass(value)
}

// value takes in the value of an attribute.
func (s *settled) value(raw []byte) (value string, ok bool) {
	start := len(s.text)
	kept := s.sign
	s.sign = ""
	ok = bytes.IndexByte(raw, '<') < 0 && s.words(raw)
	s.sign = kept
	value = string(s.text[start:])
	s.text = s.text[:start]
	return value, ok
}

// sameURL reports whether the sanitiser leaves an address as it is.
func (f *pageForm) sameURL(address string) bool {
	if address == "" || strings.ContainsAny(address, " \t\n\u0085\u00a0") {
		return false
	}
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "" || slices.Contains(f.schemes, u.Scheme)) && u.String() == address
}
