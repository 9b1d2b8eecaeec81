package content

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"congso/store/model"
)

// arrangement makes of paragraphs as they were typed what they mean: figures with captions, a title, headings in steps.
type arrangement struct {
	*document
	notes [][]block
	title string
}

func (a *arrangement) arrange() []block {
	blocks := a.flow(a.document.body)
	for _, n := range a.document.notes {
		a.notes = append(a.notes, a.flow(n))
	}
	blocks = a.takeTitle(blocks)
	setLevels(blocks)
	for len(blocks) > 0 && blocks[len(blocks)-1].kind == ruleBlock {
		blocks = blocks[:len(blocks)-1] // above footnotes that are elsewhere now
	}
	return blocks
}

// flow parts pictures from words, dissolves tables that only place things, and gives pictures their captions.
func (a *arrangement) flow(blocks []block) []block {
	var out []block
	for _, b := range blocks {
		switch b.kind {
		case paragraphBlock, headingBlock:
			for _, part := range splitPictures(b) {
				out = append(out, splitParagraph(part)...)
			}
		case tableBlock:
			out = append(out, a.dissolve(b)...)
		default:
			out = append(out, b)
		}
	}
	return a.caption(out)
}

// splitPictures makes figures of the pictures in a paragraph; small ones among words stay.
func splitPictures(b block) []block {
	words := b.words() != ""
	var out, floating []block
	rest := b
	rest.spans = nil
	flush := func() {
		if !isEmpty([]block{rest}) {
			out = append(out, rest)
		}
		rest.spans, rest.mark = nil, nil
	}
	for _, s := range b.spans {
		switch {
		case s.kind != pictureSpan || s.small && words:
			rest.spans = append(rest.spans, s)
		case s.beside && words:
			floating = append(floating, figureOf(b, s, words))
		default:
			flush()
			out = append(out, figureOf(b, s, words))
		}
	}
	flush()
	return append(out, floating...)
}

func figureOf(b block, s piece, words bool) block {
	return block{kind: figureBlock, depth: b.depth, picture: s.n, beside: s.beside && words && b.role != captionRole}
}

// splitParagraph parts a paragraph where an empty line was made by line breaks.
func splitParagraph(b block) []block {
	if b.kind != paragraphBlock {
		return []block{b}
	}
	var out []block
	part := b
	part.spans = nil
	breaks := 0
	for _, s := range b.spans {
		switch {
		case s.kind == breakSpan:
			breaks++
		case s.kind == textSpan && strings.TrimSpace(s.text) == "" && breaks > 0:
			continue
		case breaks > 1 && len(part.spans) > 0:
			out = append(out, part)
			part.mark, part.spans, breaks = nil, []piece{s}, 0
			continue
		default:
			breaks = 0
		}
		part.spans = append(part.spans, s)
	}
	if !isEmpty([]block{part}) {
		out = append(out, part)
	}
	return out
}

// Lengths in characters up to which a line is taken for a caption, and for a title.
const (
	maxCaption = 300
	maxTitle   = 250
)

// caption gives each figure the line under it, or a line above it whose style says that it is a caption.
func (a *arrangement) caption(blocks []block) []block {
	var out []block
	for i := 0; i < len(blocks); i++ {
		b := blocks[i]
		last := len(out) - 1
		switch {
		case b.kind == figureBlock && last >= 0 && out[last].role == captionRole && out[last].kind == paragraphBlock && !a.captioned(blocks, i):
			b.spans = captionSpans(out[last].spans)
			out[last] = b
		case last >= 0 && out[last].kind == figureBlock && isCaption(b, out[last]):
			a.bind(out, b)
		case last >= 0 && out[last].kind == figureBlock && len(out[last].spans) > 0 && isCredit(b):
			out[last].spans = append(append(out[last].spans, textRun(" ")), captionSpans(b.spans)...)
		default:
			out = append(out, b)
		}
	}
	return out
}

// captioned reports whether the figure at i has a caption of its own beneath.
func (a *arrangement) captioned(blocks []block, i int) bool {
	return i+1 < len(blocks) && isCaption(blocks[i+1], blocks[i])
}

// bind gives the caption to the last figure, or its columns to as many figures in a row.
func (a *arrangement) bind(out []block, b block) {
	if parts := columnsOf(b.spans); len(parts) > 1 && len(parts) <= len(out) {
		row := out[len(out)-len(parts):]
		if !slices.ContainsFunc(row, func(f block) bool { return f.kind != figureBlock || len(f.spans) > 0 }) {
			for i := range row {
				row[i].spans = captionSpans(parts[i])
			}
			return
		}
	}
	out[len(out)-1].spans = captionSpans(b.spans)
}

// columnsOf parts a line at its tabs.
func columnsOf(spans []piece) [][]piece {
	columns := [][]piece{nil}
	for _, s := range spans {
		for i, piece := range strings.Split(s.text, "\t") {
			if i > 0 && plain(columns[len(columns)-1]) != "" {
				columns = append(columns, nil)
			}
			part := s
			part.text = piece
			columns[len(columns)-1] = append(columns[len(columns)-1], part)
		}
	}
	if plain(columns[len(columns)-1]) == "" {
		columns = columns[:len(columns)-1]
	}
	return columns
}

var captionWord = regexp.MustCompile(`^\(?(?:(?:Ảnh|Hình)(?: minh h(?:oạ|ọa))?|Biểu đồ|Sơ đồ|Bản đồ) ?[:\d]`)

// isCaption reports whether b, which follows the figure, is its caption.
func isCaption(b, figure block) bool {
	words := b.words()
	if len(figure.spans) > 0 || b.kind != paragraphBlock || b.mark != nil || words == "" || has(b.spans, pictureSpan) {
		return false
	}
	if b.role == captionRole {
		return true
	}
	short := utf8.RuneCountInString(words) <= maxCaption
	return short && !figure.beside && b.role == plainRole && !isNational(words) &&
		(all(b.spans, italic) || b.centred && !all(b.spans, bold) || captionWord.MatchString(words))
}

var credit = regexp.MustCompile(`^\(?(?:Ảnh|Nguồn|Nguồn ảnh|Tác giả) ?:`)

// isCredit reports whether b is a line under a caption that names the photographer.
func isCredit(b block) bool {
	words := b.words()
	return b.kind == paragraphBlock && b.mark == nil && utf8.RuneCountInString(words) <= 100 && credit.MatchString(words)
}

// captionSpans is a caption without the look that captions have anyway.
func captionSpans(spans []piece) []piece {
	out := slices.Clone(spans)
	whole := all(out, italic)
	heavy := all(out, bold)
	for i := range out {
		out[i].italic = out[i].italic && !whole
		out[i].bold = out[i].bold && !heavy
		if out[i].kind == breakSpan {
			out[i] = textRun(" ")
		}
	}
	return out
}

// isNational reports whether a line is of the head that official letters have.
func isNational(words string) bool {
	folded := model.Fold(words)
	return strings.Contains(folded, "cong hoa xa hoi chu nghia viet nam") || strings.HasPrefix(folded, "doc lap - tu do") || strings.HasPrefix(folded, "doc lap – tu do")
}

// takeTitle finds the title. It leaves the body, unless it holds more than words or the document is a fragment.
func (a *arrangement) takeTitle(blocks []block) []block {
	from, to := findTitle(blocks, a.titled)
	for i := range blocks {
		if blocks[i].role == titleRole && blocks[i].kind == paragraphBlock {
			blocks[i].kind, blocks[i].level, blocks[i].mark, blocks[i].depth = headingBlock, 0, nil, 0
		}
	}
	if from == to {
		return blocks
	}
	var lines []string
	whole := true
	for _, b := range blocks[from:to] {
		lines = append(lines, b.words())
		whole = whole && !has(b.spans, noteSpan) && !has(b.spans, pictureSpan)
	}
	a.title = strings.Join(lines, " ")
	if !a.titled || !whole {
		return blocks
	}
	return slices.Delete(blocks, from, to)
}

// findTitle is the range of blocks that are the title: lines in the style of titles; the first heading or bold centred lines, when no text
// but a letter's head stands before; or a bold first line. A fragment's title must say that it is one.
func findTitle(blocks []block, guess bool) (from, to int) {
	if i := slices.IndexFunc(blocks, func(b block) bool { return b.role == titleRole && b.words() != "" }); i >= 0 {
		return i, endOf(blocks, i, func(b block) bool { return b.role == titleRole })
	}
	for i, b := range blocks {
		words := b.words()
		heading := b.kind == headingBlock && utf8.RuneCountInString(words) <= maxTitle
		switch {
		case b.role == letterheadRole || b.kind == paragraphBlock && isNational(words) || b.kind == figureBlock:
			continue
		case heading && (guess || b.level == 1):
			return i, i + 1
		case !guess || b.kind == headingBlock:
			return 0, 0
		case boldCentred(b):
			return i, endOf(blocks, i, boldCentred)
		case isBoldLine(b) && i == 0 && len(blocks) > 1:
			return i, i + 1
		case b.kind != paragraphBlock || b.mark != nil || !b.centred && !b.right:
			return 0, 0
		}
	}
	return 0, 0
}

// endOf is the end of the run of blocks from i for which is holds, of four at most.
func endOf(blocks []block, i int, is func(block) bool) int {
	end := i + 1
	for end < len(blocks) && end < i+4 && is(blocks[end]) {
		end++
	}
	return end
}

func boldCentred(b block) bool { return b.centred && isBoldLine(b) }

func isBoldLine(b block) bool {
	return b.kind == paragraphBlock && b.mark == nil && b.role == plainRole && all(b.spans, bold) &&
		!isNational(b.words()) && utf8.RuneCountInString(b.words()) <= maxTitle
}

// title is the title found, or the first line of text.
func (d *document) title(blocks []block, found string) string {
	if found != "" || !d.titled {
		return found
	}
	first := ""
	eachSpans(blocks, func(b *block) {
		if first == "" && b.role != letterheadRole {
			first = b.words()
		}
	})
	return cutWords(first, 150)
}

// cutWords is s, or as many of its words as n characters hold.
func cutWords(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	runes := []rune(s)[:n]
	if i := strings.LastIndexByte(string(runes), ' '); i > 0 {
		return string(runes)[:i] + "…"
	}
	return string(runes) + "…"
}

// setLevels gives headings the levels from 2 on without gaps, whatever levels they had. Those in lists become bold lines. A heading is
// bold and of one slant anyway.
func setLevels(blocks []block) {
	var above []int
	for i := range blocks {
		b := &blocks[i]
		if b.kind != headingBlock {
			continue
		}
		slanted := all(b.spans, italic)
		for j := range b.spans {
			b.spans[j].bold = b.depth > 0
			b.spans[j].italic = b.spans[j].italic && !slanted
		}
		if b.depth > 0 {
			b.kind = paragraphBlock
			continue
		}
		for len(above) > 0 && above[len(above)-1] >= b.level {
			above = above[:len(above)-1]
		}
		above = append(above, b.level)
		b.level = min(len(above)+1, 6)
	}
}
