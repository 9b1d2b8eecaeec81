package content

import (
	"slices"
	"strings"
	"unicode/utf8"

	"congso/store/model"
)

// dissolve turns a table that only places things into these things: one cell or column around text, the head and foot of an official letter, photos
// in rows with their captions beneath, a photo beside text. Any other stays a table.
func (a *arrangement) dissolve(b block) []block {
	rows := filled(b.table)
	switch {
	case len(rows) == 0:
		return nil
	case len(rows) == 1 && len(rows[0]) == 1:
		return nested(a.flow(rows[0][0].blocks), b.depth)
	case isLayout(b.table):
		var out []block
		for _, line := range rows {
			out = append(out, a.flow(line[0].blocks)...)
		}
		return nested(out, b.depth)
	case isLetterhead(rows):
		return a.letterhead(rows)
	}
	if figures, ok := a.photos(rows); ok {
		return nested(figures, b.depth)
	}
	if len(rows) == 1 && slices.ContainsFunc(rows[0], func(c placedCell) bool { return onlyPictures(c.blocks) }) {
		var out []block
		for _, c := range rows[0] {
			out = append(out, a.flow(c.blocks)...)
		}
		return nested(out, b.depth)
	}
	t := table{rows: slices.Clone(b.table.rows)}
	for i := range t.rows {
		t.rows[i].cells = slices.Clone(t.rows[i].cells)
		for j := range t.rows[i].cells {
			t.rows[i].cells[j].blocks = a.flatten(t.rows[i].cells[j].blocks)
		}
	}
	b.table = &t
	return []block{b}
}

// isLayout reports whether a table holds a page rather than facts: one column, of which a cell has several paragraphs or a table.
func isLayout(t *table) bool {
	large := false
	for _, r := range t.rows {
		if len(r.cells) != 1 {
			return false
		}
		blocks := slices.DeleteFunc(slices.Clone(r.cells[0].blocks), func(b block) bool { return isEmpty([]block{b}) })
		large = large || len(blocks) > 1 || slices.ContainsFunc(blocks, func(b block) bool { return b.kind == tableBlock })
	}
	return large
}

// nested puts blocks that are in no list into the list's item around the table.
func nested(blocks []block, depth int) []block {
	for i := range blocks {
		blocks[i].depth += depth
	}
	return blocks
}

// placedCell is a cell that shows something, and the column that it begins in.
type placedCell struct {
	cell
	at int
}

func filled(t *table) [][]placedCell {
	var rows [][]placedCell
	for _, r := range t.rows {
		var line []placedCell
		at := 0
		for _, c := range r.cells {
			if !isEmpty(c.blocks) {
				line = append(line, placedCell{c, at})
			}
			at += c.span
		}
		if len(line) > 0 {
			rows = append(rows, line)
		}
	}
	return rows
}

func (c cell) words() string {
	var all []string
	eachSpans(c.blocks, func(b *block) { all = append(all, b.words()) })
	return model.Clean(strings.Join(all, " "))
}

func (c cell) pictures() int {
	n := 0
	eachSpans(c.blocks, func(b *block) {
		if b.kind == figureBlock {
			n++
		}
		for _, s := range b.spans {
			if s.kind == pictureSpan {
				n++
			}
		}
	})
	return n
}

func onlyPictures(blocks []block) bool {
	c := cell{blocks: blocks}
	return c.pictures() > 0 && c.words() == ""
}

// isLetterhead reports whether a table holds the names of office and state at the head of a letter, or receivers and signature at its foot.
func isLetterhead(rows [][]placedCell) bool {
	if len(rows) > 4 {
		return false
	}
	found := false
	for _, line := range rows {
		if len(line) > 3 {
			return false
		}
		for _, c := range line {
			folded := model.Fold(c.words())
			found = found || strings.Contains(folded, "cong hoa xa hoi chu nghia viet nam") || strings.HasPrefix(folded, "noi nhan")
		}
	}
	return found
}

// letterhead makes a paragraph of each cell, line under line.
func (a *arrangement) letterhead(rows [][]placedCell) []block {
	var out []block
	for _, line := range rows {
		for _, c := range line {
			p := block{role: letterheadRole}
			for _, b := range a.flatten(c.blocks) {
				if b.kind == figureBlock {
					out = append(out, b)
					continue
				}
				p.spans = append(append(p.spans, b.spans...), piece{kind: breakSpan})
			}
			if !isEmpty([]block{p}) {
				out = append(out, p)
			}
		}
	}
	return out
}

// flatten makes of blocks, in the order of the text, those that can stand in a cell: paragraphs and figures. Items keep their signs as text.
func (a *arrangement) flatten(blocks []block) []block {
	var out []block
	for _, b := range a.flow(blocks) {
		switch {
		case b.kind == tableBlock:
			for _, r := range b.table.rows {
				out = append(out, block{spans: rowSpans(r)})
				for _, c := range r.cells {
					out = append(out, figuresOf(c.blocks)...)
				}
			}
			continue
		case b.mark != nil && b.kind == paragraphBlock:
			b.spans = slices.Insert(slices.Clone(b.spans), 0, textRun(signOf(b.mark)+" "))
		}
		b.mark, b.depth = nil, 0
		out = append(out, b)
	}
	return out
}

func figuresOf(blocks []block) []block {
	return slices.DeleteFunc(slices.Clone(blocks), func(b block) bool { return b.kind != figureBlock })
}

// signOf is the sign of an item as text.
func signOf(m *itemMark) string {
	if label := headingLabel(m); label != "" {
		return label
	}
	return "-"
}

// rowSpans is a row of a table within a cell on one line.
func rowSpans(r row) []piece {
	var out []piece
	for _, c := range r.cells {
		for _, b := range c.blocks {
			if len(b.spans) == 0 || b.kind == figureBlock {
				continue
			}
			if len(out) > 0 {
				out = append(out, textRun(" – "))
			}
			out = append(out, b.spans...)
		}
	}
	return out
}

// photos are the figures of a table that holds rows of pictures, each with a row of captions beneath or with captions in its own cells.
func (a *arrangement) photos(rows [][]placedCell) ([]block, bool) {
	var out []block
	var above []placedFigure
	for _, line := range rows {
		figures, ok := a.pictureRow(line)
		switch {
		case ok:
			out = appendFigures(out, above)
			above = figures
		case len(above) > 0 && isCaptionRow(line):
			for _, c := range line {
				giveCaption(above, c, a.flatten(c.blocks))
			}
			out = appendFigures(out, above)
			above = nil
		default:
			return nil, false
		}
	}
	return appendFigures(out, above), true
}

// placedFigure is a figure and the columns that it is over.
type placedFigure struct {
	block
	at, end int
}

func appendFigures(out []block, figures []placedFigure) []block {
	for _, f := range figures {
		out = append(out, f.block)
	}
	return out
}

// pictureRow are the figures of a row whose cells hold pictures and no more words than captions have.
func (a *arrangement) pictureRow(line []placedCell) ([]placedFigure, bool) {
	var out []placedFigure
	for _, c := range line {
		nestedTable := slices.ContainsFunc(c.blocks, func(b block) bool { return b.kind == tableBlock }) // would be looked at twice on each level
		if nestedTable || c.pictures() == 0 || utf8.RuneCountInString(c.words()) > maxCaption {
			return nil, false
		}
		var words []piece
		own := len(out)
		for _, b := range a.flow(c.blocks) {
			switch b.kind {
			case figureBlock:
				out = append(out, placedFigure{b, c.at, c.at + c.span})
			default:
				words = append(append(words, b.spans...), textRun(" "))
			}
		}
		if len(out) == own {
			return nil, false // small pictures among words
		}
		if len(words) > 0 {
			out[len(out)-1].spans = append(out[len(out)-1].spans, captionSpans(words)...)
		}
	}
	return out, true
}

func isCaptionRow(line []placedCell) bool {
	for _, c := range line {
		if c.pictures() > 0 || utf8.RuneCountInString(c.words()) > maxCaption || slices.ContainsFunc(c.blocks, func(b block) bool { return b.kind != paragraphBlock }) {
			return false
		}
	}
	return true
}

// giveCaption gives the words under some figures to the last of them that has none.
func giveCaption(figures []placedFigure, c placedCell, blocks []block) {
	var words []piece
	for _, b := range blocks {
		words = append(append(words, b.spans...), textRun(" "))
	}
	var over []int
	for i, f := range figures {
		if f.at < c.at+c.span && c.at < f.end && len(f.spans) == 0 {
			over = append(over, i)
		}
	}
	if len(over) == 0 {
		last := &figures[len(figures)-1]
		last.spans = append(append(last.spans, textRun(" ")), captionSpans(words)...)
		return
	}
	figures[over[len(over)-1]].spans = captionSpans(words)
}
