package content

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// ink is a character of a paragraph with its look; a picture, a note and a line break are one each.
type ink struct {
	r    rune
	kind spanKind
	look
	n int
}

const (
	markBold   = "**"
	markItalic = "*"
	markStrike = "~~"
)

func (l *look) mark(name string) *bool {
	switch name {
	case markBold:
		return &l.bold
	case markItalic:
		return &l.italic
	}
	return &l.strike
}

// inkOf spells the spans out, with one space between words and none around line breaks.
func inkOf(spans []piece) []ink {
	var out []ink
	for _, s := range spans {
		if s.kind != textSpan {
			if s.kind == breakSpan {
				out = trimInk(out)
				s.look = look{}
			}
			if s.kind == noteSpan || s.kind == pictureSpan {
				s.look = look{}
			}
			out = append(out, ink{kind: s.kind, n: s.n, look: s.look})
			continue
		}
		for _, r := range s.text {
			if unicode.IsSpace(r) {
				r = ' '
			}
			if r == ' ' && (len(out) == 0 || isSpace(out[len(out)-1])) {
				continue
			}
			out = append(out, ink{r: r, look: s.look})
		}
	}
	out = trimInk(out)
	for len(out) > 0 && out[0].kind == breakSpan {
		out = out[1:]
	}
	return out
}

func isSpace(c ink) bool { return c.kind == breakSpan || c.kind == textSpan && c.r == ' ' }

// trimInk takes white space from the end.
func trimInk(c []ink) []ink {
	for len(c) > 0 && isSpace(c[len(c)-1]) {
		c = c[:len(c)-1]
	}
	return c
}

// isPunct reports whether Markdown takes the character for punctuation beside a sign of emphasis.
func isPunct(c ink) bool {
	return c.kind != textSpan && c.kind != breakSpan || unicode.IsPunct(c.r) || unicode.IsSymbol(c.r)
}

// fit takes emphasis, and links, from spaces at the ends of a stretch, and emphasis from punctuation at the ends where it would keep
// Markdown from seeing the sign: **1.**a is not bold, **1**.a is.
func fit(c []ink) {
	eachStretch(c, func(k ink) bool { return k.link != "" }, sameLink, func(from, to int) {
		shrink(c, from, to, isSpace, func(k *ink) { k.link = "" })
	})
	for _, name := range []string{markBold, markItalic, markStrike} {
		is := func(k ink) bool { return *k.mark(name) }
		off := func(k *ink) { *k.mark(name) = false }
		eachStretch(c, is, func(ink, ink) bool { return true }, func(from, to int) {
			from, to = shrink(c, from, to, isSpace, off)
			for from < to && from > 0 && isPunct(c[from]) && !isSpace(c[from-1]) && !isPunct(c[from-1]) {
				off(&c[from])
				from++
			}
			for from < to && to < len(c) && isPunct(c[to-1]) && !isSpace(c[to]) && !isPunct(c[to]) {
				off(&c[to-1])
				to--
			}
			shrink(c, from, to, isSpace, off)
		})
	}
}

func sameLink(a, b ink) bool { return a.link == b.link }

// eachStretch calls f with each run of characters for which is holds and that belong together.
func eachStretch(c []ink, is func(ink) bool, together func(a, b ink) bool, f func(from, to int)) {
	for from := 0; from < len(c); from++ {
		if !is(c[from]) {
			continue
		}
		to := from + 1
		for to < len(c) && is(c[to]) && together(c[to-1], c[to]) {
			to++
		}
		f(from, to)
		from = to - 1
	}
}

func shrink(c []ink, from, to int, is func(ink) bool, off func(*ink)) (int, int) {
	for from < to && is(c[from]) {
		off(&c[from])
		from++
	}
	for from < to && is(c[to-1]) {
		off(&c[to-1])
		to--
	}
	return from, to
}

// place is where a line of text stands, which decides what must be escaped.
type place int

const (
	inParagraph place = iota
	inCell
	inHeading
	inCaption // emphasised
)

// inlineWriter writes one paragraph.
type inlineWriter struct {
	b       strings.Builder
	ink     []ink
	escaped []bool // at the beginning of a line
	place   place
	open    []string // signs of emphasis
	tildes  int
	embed   func(ink, place) string // pictures and notes
}

func (w *inlineWriter) write() string {
	w.escapeLines()
	for _, c := range w.ink {
		if c.kind == textSpan && c.r == '~' {
			w.tildes++
		}
	}
	for i, c := range w.ink {
		before, after := ink{}, ink{}
		if i > 0 {
			before = w.ink[i-1]
		}
		if i+1 < len(w.ink) {
			after = w.ink[i+1]
		}
		w.begin(i, before.link)
		switch c.kind {
		case textSpan:
			w.letter(i)
		case breakSpan:
			w.b.WriteString(w.lineBreak(before))
		default:
			w.b.WriteString(w.embed(c, w.place))
		}
		w.end(i, after)
	}
	return w.b.String()
}

// lineBreak is the sign of a line break. After a backslash of the text another would not be seen as one.
func (w *inlineWriter) lineBreak(before ink) string {
	switch {
	case w.place == inCell:
		return "<br>"
	case w.place != inParagraph:
		return " "
	case before.r == '\\':
		return "<br>\n"
	}
	return "\\\n"
}

// begin opens the link and the emphasis that the character has and the one before had not: those that last longest first.
func (w *inlineWriter) begin(i int, link string) {
	c := w.ink[i]
	if c.link != "" && c.link != link {
		w.b.WriteByte('[')
	}
	var fresh []string
	for _, name := range []string{markBold, markItalic, markStrike} {
		if *c.mark(name) && !slices.Contains(w.open, name) {
			fresh = append(fresh, name)
		}
	}
	slices.SortStableFunc(fresh, func(a, b string) int { return w.last(i, b) - w.last(i, a) })
	for _, name := range fresh {
		w.b.WriteString(name)
		w.open = append(w.open, name)
	}
}

// last is the index after the stretch of emphasis around i.
func (w *inlineWriter) last(i int, name string) int {
	from := i
	for i < len(w.ink) && *w.ink[i].mark(name) && w.ink[i].link == w.ink[from].link {
		i++
	}
	return i
}

// end closes what the next character has not, and what was opened after it.
func (w *inlineWriter) end(i int, next ink) {
	c := w.ink[i]
	keep := 0
	if i+1 < len(w.ink) && next.link == c.link {
		for keep < len(w.open) && *next.mark(w.open[keep]) {
			keep++
		}
	}
	for j := len(w.open) - 1; j >= keep; j-- {
		w.b.WriteString(w.open[j])
	}
	w.open = w.open[:keep]
	if c.link != "" && (i+1 == len(w.ink) || next.link != c.link) {
		w.b.WriteString("](" + destination(c.link) + ")")
	}
}

// letter writes a character, with a backslash where Markdown would read more into it.
func (w *inlineWriter) letter(i int) {
	c := w.ink[i]
	if w.escaped[i] || w.special(i) {
		w.b.WriteByte('\\')
	}
	w.b.WriteRune(c.r)
}

// plainAt is the character at i when it follows on the one before without a sign between, else 0.
func (w *inlineWriter) plainAt(i, from int) rune {
	if i < 0 || i >= len(w.ink) || w.ink[i].kind != textSpan || w.ink[i].look != w.ink[from].look {
		return 0
	}
	return w.ink[i].r
}

func (w *inlineWriter) special(i int) bool {
	next, prev := w.plainAt(i+1, i), w.plainAt(i-1, i)
	word := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	switch w.ink[i].r {
	case '\\':
		return next == 0 || next < 128 && (unicode.IsPunct(next) || unicode.IsSymbol(next))
	case '`', '[':
		return true
	case '*':
		return next != ' ' || prev != ' '
	case '_':
		return !word(next) || !word(prev)
	case '~':
		return w.tildes > 1
	case ']':
		return w.ink[i].link != "" || next == '('
	case '<':
		return next < 128 && (next == 0 || unicode.IsLetter(next))
	case '&':
		return next == '#' || next == 0 || unicode.IsLetter(next) && w.entity(i)
	case '!':
		return next == 0 && i+1 < len(w.ink)
	case '|':
		return w.place == inCell
	case '#':
		return w.place == inHeading
	}
	return false
}

// entity reports whether the text at i reads like &name;.
func (w *inlineWriter) entity(i int) bool {
	for j := i + 1; j < len(w.ink) && j < i+40; j++ {
		switch r := w.plainAt(j, i); {
		case r == ';':
			return true
		case r >= 128 || !unicode.IsLetter(r) && !unicode.IsDigit(r):
			return false
		}
	}
	return false
}

var (
	lineSign   = regexp.MustCompile(`^(?:#{1,6}(?:\s|$)|>|[-+*](?:\s|$)|:|=+\s*$|[-_*\s]+$|[-|:\s]+$)`)
	lineNumber = regexp.MustCompile(`^\d{1,9}([.)])(?:\s|$)`)
)

// escapeLines finds the characters that would make of a line something else than a paragraph's.
func (w *inlineWriter) escapeLines() {
	w.escaped = make([]bool, len(w.ink))
	if w.place != inParagraph {
		return
	}
	for from := 0; from < len(w.ink); {
		to := from
		for to < len(w.ink) && w.ink[to].kind != breakSpan {
			to++
		}
		w.escapeLine(from, to)
		from = to + 1
	}
}

func (w *inlineWriter) escapeLine(from, to int) {
	if to-from > 1 && w.ink[from].kind == noteSpan && w.ink[from+1].r == ':' {
		w.escaped[from+1] = true // would be the note itself
	}
	if from < to && w.ink[from].look != (look{}) {
		return // begins with a sign of ours
	}
	var line strings.Builder
	for _, c := range w.ink[from:to] {
		if c.kind != textSpan {
			line.WriteByte('x')
			continue
		}
		line.WriteRune(c.r)
	}
	if m := lineNumber.FindStringSubmatchIndex(line.String()); m != nil {
		w.escaped[from+m[2]] = true // figures are a byte each
	} else if lineSign.MatchString(line.String()) {
		w.escaped[from] = true
	}
}

var entityLike = regexp.MustCompile(`&(#?[A-Za-z0-9]+;)`)

// destination is an address as it stands in Markdown.
func destination(address string) string {
	address = strings.NewReplacer("(", "%28", ")", "%29", "<", "%3C", ">", "%3E", `\`, "%5C", "|", "%7C", "`", "%60", "[", "%5B", "]", "%5D", "*", "%2A").Replace(address)
	return entityLike.ReplaceAllString(address, "&amp;$1")
}

// inert is text within a picture's description or title, where every sign is escaped.
func inert(s string) string {
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune("\\`*_[]<>&~!|\"", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
