package content

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// markdownWriter writes blocks as Markdown of the kind that Renderer reads, such that the page shows the blocks' text and no sign more.
type markdownWriter struct {
	*document
	check  *markdown
	b      strings.Builder
	open   []openItem
	inItem bool // the last block was an item, which another may follow without an empty line
	labels map[int]int
	used   []int // notes in the order of the text
}

// openItem is a list's item that may hold what follows.
type openItem struct {
	depth   int
	indent  int // columns before its text
	mark    itemMark
	sign    string // its bullet, or the sign after its number; "" when its label is text
	labeled bool
}

func (w *markdownWriter) blocks(blocks []block) {
	for _, b := range blocks {
		w.block(b)
	}
}

func (w *markdownWriter) block(b block) {
	lead, indent, tight := w.enter(b)
	switch b.kind {
	case headingBlock:
		w.put(lead, indent, tight, strings.Repeat("#", b.level)+" "+w.inline(b.spans, inHeading))
	case figureBlock:
		w.put(lead, indent, tight, w.figure(b))
	case tableBlock:
		if s := w.table(b.table); s != "" {
			w.put(lead, indent, tight, s)
		}
	case ruleBlock:
		w.put(lead, indent, tight, "---")
	default:
		s := w.inline(b.spans, inParagraph)
		if s == "" {
			return
		}
		if b.role == quoteRole {
			s = "> " + strings.ReplaceAll(s, "\n", "\n> ")
		}
		w.put(lead, indent, tight, s)
	}
	w.inItem = b.mark != nil && b.kind == paragraphBlock && !w.open[len(w.open)-1].labeled
}

// put writes a block whose further lines are indented.
func (w *markdownWriter) put(lead string, indent int, tight bool, s string) {
	switch {
	case w.b.Len() == 0:
	case tight:
		w.b.WriteByte('\n')
	default:
		w.b.WriteString("\n\n")
	}
	margin := strings.Repeat(" ", indent)
	if lead == "" {
		lead = margin
	}
	w.b.WriteString(lead + strings.ReplaceAll(s, "\n", "\n"+margin))
}

// enter finds the item that a block stands in, or begins its own. lead is what stands before its first line.
func (w *markdownWriter) enter(b block) (lead string, indent int, tight bool) {
	if b.depth == 0 || b.kind == headingBlock {
		w.open = nil
		return "", 0, false
	}
	if b.mark == nil {
		w.leave(b.depth + 1)
		return "", w.indent(), false
	}
	before := w.leave(b.depth)
	parent := openItem{}
	if len(w.open) > 0 {
		parent = w.open[len(w.open)-1]
	}
	item := openItem{depth: b.depth, mark: *b.mark}
	if b.mark.label != "" && !parent.labeled {
		item.indent, item.labeled = parent.indent, true
		w.open = append(w.open, item)
		return strings.Repeat(" ", parent.indent) + inertLabel(b.mark.label) + " ", parent.indent, false
	}
	item.sign = nextSign(b.mark, before)
	sign := item.sign
	if b.mark.ordered {
		sign = strconv.Itoa(b.mark.number) + sign
	}
	item.indent = parent.indent + len(sign) + 1
	w.open = append(w.open, item)
	tight = w.inItem && (follows(b.mark, before) || before == nil && (!b.mark.ordered || b.mark.number == 1))
	lead = strings.Repeat(" ", parent.indent) + sign + " "
	if b.mark.label != "" {
		lead += inertLabel(b.mark.label) + " "
	}
	return lead, item.indent, tight
}

// leave closes the items at depth and deeper, and returns the outermost of them.
func (w *markdownWriter) leave(depth int) *openItem {
	i := slices.IndexFunc(w.open, func(o openItem) bool { return o.depth >= depth })
	if i < 0 {
		return nil
	}
	last := w.open[i]
	w.open = w.open[:i]
	return &last
}

func (w *markdownWriter) indent() int {
	if len(w.open) == 0 {
		return 0
	}
	return w.open[len(w.open)-1].indent
}

// follows reports whether the item continues the list of the one before.
func follows(m *itemMark, before *openItem) bool {
	return before != nil && !before.labeled && before.mark.list == m.list && before.mark.ordered == m.ordered &&
		(!m.ordered || m.number == before.mark.number+1)
}

// nextSign is the item's bullet, or the sign after its number: another than that of the list before, which would go on otherwise.
func nextSign(m *itemMark, before *openItem) string {
	signs := []string{"-", "*"}
	if m.ordered {
		signs = []string{".", ")"}
	}
	if before == nil || before.sign == "" || before.sign != signs[0] && before.sign != signs[1] {
		return signs[0]
	}
	if follows(m, before) == (before.sign == signs[0]) {
		return signs[0]
	}
	return signs[1]
}

// inertLabel is the sign of an item as text at the beginning of a line.
func inertLabel(label string) string {
	w := inlineWriter{ink: inkOf([]piece{textRun(label + " x")}), place: inParagraph}
	return strings.TrimSuffix(w.write(), " x")
}

// figure is a picture alone in its paragraph.
func (w *markdownWriter) figure(b block) string {
	w.pictures[b.picture].Caption = plain(b.spans)
	rich := slices.ContainsFunc(b.spans, func(s piece) bool { return s.link != "" || s.kind == noteSpan || s.kind == pictureSpan })
	if !rich {
		return w.picture(b.picture)
	}
	spans := slices.Clone(b.spans)
	for i := range spans {
		spans[i].italic = false
	}
	pic := fmt.Sprintf("![%s](picture:%d)", inert(w.pictures[b.picture].Alt), b.picture)
	if caption := w.inline(spans, inCaption); caption != "" {
		return pic + "\n*" + caption + "*"
	}
	return pic
}

func (w *markdownWriter) picture(n int) string {
	p := w.pictures[n]
	if p.Caption == "" {
		return fmt.Sprintf("![%s](picture:%d)", inert(p.Alt), n)
	}
	return fmt.Sprintf(`![%s](picture:%d "%s")`, inert(p.Alt), n, inert(p.Caption))
}

// inline writes the text of a paragraph. Emphasis that Markdown cannot show there is left out rather than its signs shown.
func (w *markdownWriter) inline(spans []piece, at place) string {
	original := inkOf(spans)
	for _, names := range [][]string{{markBold, markItalic, markStrike}, {markBold, markStrike}, {markBold}, {markItalic}, nil} {
		c := slices.Clone(original)
		for i := range c {
			for _, name := range []string{markBold, markItalic, markStrike} {
				*c[i].mark(name) = *c[i].mark(name) && slices.Contains(names, name)
			}
		}
		fit(c)
		if names == nil || w.shows(c, at) {
			return (&inlineWriter{ink: c, place: at, embed: w.embed}).write()
		}
	}
	return ""
}

// shows reports whether a page made of the paragraph has its text, no more and no less.
func (w *markdownWriter) shows(c []ink, at place) bool {
	var want strings.Builder
	var words []ink
	for _, k := range c {
		switch k.kind {
		case textSpan:
			want.WriteRune(k.r)
			words = append(words, k)
		case breakSpan:
			want.WriteString("\n")
			words = append(words, k)
		}
	}
	words = trimInk(words)
	source := (&inlineWriter{ink: words, place: at, embed: w.embed}).write()
	if at == inHeading || at == inCaption {
		return w.pageText("a\n"+source) == joinLines([]byte("a\n"+strings.ReplaceAll(want.String(), "\n", " ")))
	}
	if at == inCell {
		source = "a\n" + strings.ReplaceAll(source, "<br>", "\\\n")
		return w.pageText(source) == joinLines([]byte("a\n"+want.String()))
	}
	return w.pageText(source) == joinLines([]byte(want.String()))
}

// pageText is the text of the page that a piece of Markdown makes.
func (w *markdownWriter) pageText(source string) string {
	if checkCaps(source) != nil {
		return source // the whole text will be refused
	}
	p, err := w.check.parse(source)
	if err != nil {
		return ""
	}
	_, text, err := w.check.html(p)
	if err != nil {
		return ""
	}
	return text
}

// embed writes a picture among words, or the reference to a note.
func (w *markdownWriter) embed(c ink, at place) string {
	if c.kind == pictureSpan {
		return w.picture(c.n)
	}
	if w.labels == nil {
		w.labels = map[int]int{}
	}
	if _, known := w.labels[c.n]; !known {
		w.labels[c.n] = len(w.used) + 1
		w.used = append(w.used, c.n)
	}
	return fmt.Sprintf("[^%d]", w.labels[c.n])
}

// footnotes writes the notes that were referred to; a note may refer to others.
func (w *markdownWriter) footnotes(notes [][]block) {
	w.open = nil
	for i := 0; i < len(w.used); i++ {
		note := markdownWriter{document: w.document, check: w.check, labels: w.labels, used: w.used}
		if n := w.used[i]; n < len(notes) {
			note.blocks(notes[n])
		}
		w.used = note.used
		w.put("", 0, false, fmt.Sprintf("[^%d]: %s", i+1, strings.ReplaceAll(note.b.String(), "\n", "\n    ")))
	}
}

// table writes a table whose first rows are its head. A cell over several columns fills the first; one over several rows is repeated.
func (w *markdownWriter) table(t *table) string {
	rows, heads := grid(t)
	if len(rows) == 0 {
		return ""
	}
	lines := make([][]string, len(rows))
	width := 0
	for i, r := range rows {
		for _, c := range r {
			lines[i] = append(lines[i], w.cell(c, i < heads))
		}
		width = max(width, len(r))
	}
	lines = joinHeads(lines, heads, width)
	var b strings.Builder
	for i, line := range lines {
		b.WriteString(tableLine(line, width))
		if i == 0 {
			b.WriteString("\n|" + strings.Repeat(" --- |", width))
		}
		if i+1 < len(lines) {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

func tableLine(cells []string, width int) string {
	var b strings.Builder
	b.WriteString("|")
	for i := range width {
		s := ""
		if i < len(cells) {
			s = cells[i]
		}
		b.WriteString(" " + s + " |")
	}
	return b.String()
}

// joinHeads makes one line of the rows of a head, since Markdown has one.
func joinHeads(lines [][]string, heads, width int) [][]string {
	if heads < 2 || len(lines) < heads {
		return lines
	}
	head := make([]string, width)
	for column := range head {
		var parts []string
		for _, line := range lines[:heads] {
			if column < len(line) && line[column] != "" && !slices.Contains(parts, line[column]) {
				parts = append(parts, line[column])
			}
		}
		head[column] = strings.Join(parts, "<br>")
	}
	return append([][]string{head}, lines[heads:]...)
}

// cell writes the blocks of a cell, a line each. Cells of the head are bold anyway.
func (w *markdownWriter) cell(blocks []block, head bool) string {
	var lines []string
	for _, b := range blocks {
		line := ""
		if head && all(b.spans, bold) {
			b.spans = slices.Clone(b.spans)
			for i := range b.spans {
				b.spans[i].bold = false
			}
		}
		if b.kind == figureBlock {
			w.pictures[b.picture].Caption = plain(b.spans)
			line = w.picture(b.picture)
		} else {
			line = w.inline(b.spans, inCell)
		}
		if line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "<br>")
}

// maxRepeated is the length in characters up to which the text of a merged cell is said again in each of its rows.
const maxRepeated = 80

// grid spreads merged cells over the columns and rows that they cover, and counts the rows of the head. Rows that show nothing are left out.
func grid(t *table) (rows [][][]block, heads int) {
	head := true
	var above [][]block
	for i, r := range t.rows {
		var line [][]block
		merged := false
		for _, c := range r.cells {
			blocks := c.blocks
			if c.merged && isEmpty(blocks) && len(line) < len(above) {
				merged = true
				blocks = repeated(above[len(line)])
			}
			for column := range c.span {
				switch {
				case column == 0:
					line = append(line, blocks)
				case r.header || i == 0:
					line = append(line, repeated(blocks))
				default:
					line = append(line, nil)
				}
			}
		}
		above = line
		if !slices.ContainsFunc(line, func(b []block) bool { return !isEmpty(b) }) {
			continue
		}
		rows = append(rows, line)
		if head = head && (i == 0 || r.header || merged && i == 1 && heads == 1 && wide(t.rows[0])); head {
			heads++
		}
	}
	return rows, heads
}

// wide reports whether a row has a cell over several columns, but not over all.
func wide(r row) bool {
	return len(r.cells) > 1 && slices.ContainsFunc(r.cells, func(c cell) bool { return c.span > 1 })
}

// repeated is what a merged cell shows again: its words, when they are few, without pictures and notes.
func repeated(blocks []block) []block {
	c := cell{blocks: blocks}
	if utf8.RuneCountInString(c.words()) > maxRepeated || c.pictures() > 0 {
		return nil
	}
	out := clone(blocks)
	for i := range out {
		out[i].spans = slices.DeleteFunc(out[i].spans, func(s piece) bool { return s.kind == noteSpan })
	}
	return out
}
