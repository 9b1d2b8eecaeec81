package content

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"congso/store/model"
)

// listID numbers lists by what tells them apart.
func (r *pasteReader) listID(key string) int {
	if r.lists[key] == 0 {
		r.lists[key] = len(r.lists) + 1
	}
	return r.lists[key]
}

// list reads ul and ol.
func (r *pasteReader) list(n *html.Node, style map[string]string, s pasteState) {
	if s.depth < maxListLevel {
		s.depth++
	}
	s.kind, s.level = paragraphBlock, 0
	id := r.listID("element " + strconv.Itoa(len(r.lists)))
	number := 1
	if start := attribute(n, "start"); start != "" {
		number = listStart(start)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom != atom.Li || r.gone[c] {
			r.node(c, s)
			continue
		}
		if value := attribute(c, "value"); value != "" {
			number = listStart(value)
		}
		m := &itemMark{list: id, ordered: n.DataAtom == atom.Ol, number: number}
		if format := letterFormat(n, style, c); m.ordered && format != "" {
			m.ordered, m.label = false, numeral(format, number)+"."
		}
		r.flush(s)
		r.item = m
		inner := s.with(c, styleOf(c))
		if level := listStart("0" + attribute(c, "aria-level")); level > s.depth && level <= maxListLevel {
			inner.depth = level // Word on the web puts each item into a list of its own
		}
		r.children(c, inner)
		r.flush(inner)
		r.item = nil
		number++
	}
}

// letterFormat is the format of items that are not numbered by figures.
func letterFormat(list *html.Node, style map[string]string, item *html.Node) string {
	switch styleOf(item)["list-style-type"] + style["list-style-type"] + attribute(list, "type") {
	case "lower-alpha", "lower-latin", "a":
		return "lowerLetter"
	case "upper-alpha", "upper-latin", "A":
		return "upperLetter"
	case "lower-roman", "i":
		return "lowerRoman"
	case "upper-roman", "I":
		return "upperRoman"
	}
	return ""
}

var (
	wordListStyle = regexp.MustCompile(`^(l\d+) level(\d+) (lfo\d+)`)
	plainNumber   = regexp.MustCompile(`^(\d{1,9})[.)]?$`)
)

// wordItem is the mark of a paragraph that Word's clipboard says is in a list, nil for others: <p style='mso-list:l0 level1 lfo1'> with the
// sign in a span of style mso-list:Ignore.
func (r *pasteReader) wordItem(n *html.Node, style map[string]string) (m *itemMark, depth int) {
	parts := wordListStyle.FindStringSubmatch(strings.Join(strings.Fields(style["mso-list"]), " "))
	if parts == nil {
		return nil, 0
	}
	depth, _ = strconv.Atoi(parts[2]) // figures
	m = &itemMark{list: r.listID("word " + parts[1] + " " + parts[3])}
	sign := model.Clean(ignored(n))
	number := plainNumber.FindStringSubmatch(sign)
	switch {
	case number != nil:
		m.ordered, m.number = true, listStart(number[1])
	case len(sign) > 1 && strings.ContainsFunc(sign, isLetterOrDigit):
		m.label = sign
	}
	return m, max(1, min(depth, maxListLevel))
}

func isLetterOrDigit(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0xC0 && r < 0xF000
}

// ignored is the text of the sign before an item.
func ignored(n *html.Node) string {
	for c := range n.Descendants() {
		if c.Type == html.ElementNode && styleOf(c)["mso-list"] == "Ignore" {
			return nodeText(c)
		}
	}
	return ""
}

func nodeText(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

// table reads a table, with its caption as a line before it.
func (r *pasteReader) table(n *html.Node, s pasteState) {
	s.kind, s.level, s.role, s.bold = paragraphBlock, 0, plainRole, false
	t := table{}
	covered := map[int]int{} // by column, rows that a cell above still covers
	for _, tr := range rowsOf(n) {
		if tr.DataAtom == atom.Caption {
			r.out = append(r.out, r.read(tr, s)...)
			continue
		}
		if line := r.row(tr, covered, s); len(line.cells) > 0 {
			t.rows = append(t.rows, line)
		}
	}
	if len(t.rows) > 0 {
		r.out = append(r.out, block{kind: tableBlock, depth: s.depth, table: &t})
	}
}

// rowsOf are the rows and the caption of a table, not those of tables within it.
func rowsOf(n *html.Node) []*html.Node {
	var out []*html.Node
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.DataAtom {
		case atom.Tr, atom.Caption:
			out = append(out, c)
		case atom.Thead, atom.Tbody, atom.Tfoot:
			out = append(out, rowsOf(c)...)
		}
	}
	return out
}

func (r *pasteReader) row(tr *html.Node, covered map[int]int, s pasteState) row {
	line := row{header: tr.Parent.DataAtom == atom.Thead}
	if r.cells > maxCells {
		return line
	}
	column := 0
	cover := func() {
		for ; covered[column] > 0 && column <= maxColumns; column++ {
			covered[column]--
			line.cells = append(line.cells, cell{span: 1, merged: true})
		}
	}
	s = s.with(tr, styleOf(tr))
	for c := tr.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom != atom.Td && c.DataAtom != atom.Th || hidden(c, styleOf(c)) {
			continue
		}
		cover()
		span := columnSpan(attribute(c, "colspan"))
		rows := min(listStart(attribute(c, "rowspan")), 1000)
		inner := s.with(c, styleOf(c))
		inner.depth = 0
		line.cells = append(line.cells, cell{blocks: r.read(c, inner), span: span})
		for i := range span {
			covered[column+i] = rows - 1
		}
		column += span
	}
	cover()
	r.cells += column
	if !line.header {
		line.header = len(line.cells) > 0 && !slices.ContainsFunc(childElements(tr), func(c *html.Node) bool { return c.DataAtom != atom.Th })
	}
	return line
}

func childElements(n *html.Node) []*html.Node {
	var out []*html.Node
	for c := range n.ChildNodes() {
		if c.Type == html.ElementNode {
			out = append(out, c)
		}
	}
	return out
}
