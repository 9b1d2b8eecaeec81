package content

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"congso/store/model"
)

// document is a text from outside as paragraphs, whatever program it was written with.
type document struct {
	body     []block
	notes    [][]block // footnotes and endnotes, which spans refer to by index
	pictures []ImportedPicture
	remarks  remarks
	titled   bool // the title is taken out of the body
}

type blockKind int

const (
	paragraphBlock blockKind = iota
	headingBlock
	figureBlock
	tableBlock
	ruleBlock
)

// block is a paragraph or what stands between paragraphs.
type block struct {
	kind    blockKind
	role    paragraphRole
	centred bool
	right   bool
	level   int // of a heading, 1 for the highest
	depth   int // number of lists around it
	mark    *itemMark
	spans   []piece // of a figure: the caption
	picture int     // of a figure
	beside  bool    // a figure that stood beside other text
	table   *table
}

// paragraphRole is what a paragraph's style says of it.
type paragraphRole int

const (
	plainRole paragraphRole = iota
	titleRole
	captionRole
	quoteRole
	letterheadRole
)

// itemMark is the sign before a list's item.
type itemMark struct {
	list    int // items of one list have the same
	ordered bool
	number  int
	label   string // a sign that Markdown does not have, such as "a)"; "" for bullets and plain numbers
}

type spanKind int

const (
	textSpan spanKind = iota
	breakSpan
	pictureSpan
	noteSpan
)

// piece is a part of a paragraph that looks the same throughout.
type piece struct {
	kind spanKind
	text string
	look
	n      int  // of a picture or note
	small  bool // a picture that stands among words
	beside bool // a picture that floats beside the paragraph
}

type look struct {
	bold, italic, strike bool
	link                 string
	font                 string // forgotten once old encodings are repaired
}

type table struct{ rows []row }

type row struct {
	cells  []cell
	header bool
}

type cell struct {
	blocks []block
	span   int  // columns, at least 1
	merged bool // with the cell above
}

func textRun(s string) piece { return piece{text: s} }

// plain is the text of spans on one line.
func plain(spans []piece) string {
	var b strings.Builder
	for _, s := range spans {
		switch s.kind {
		case textSpan:
			b.WriteString(s.text)
		case breakSpan:
			b.WriteByte(' ')
		}
	}
	return model.Clean(b.String())
}

func (b block) words() string { return plain(b.spans) }

// all reports whether every piece of text that is more than spaces satisfies is, and that there is some.
func all(spans []piece, is func(look) bool) bool {
	some := false
	for _, s := range spans {
		if s.kind != textSpan || strings.TrimSpace(s.text) == "" {
			continue
		}
		if some = true; !is(s.look) {
			return false
		}
	}
	return some
}

func bold(l look) bool   { return l.bold }
func italic(l look) bool { return l.italic }

// has reports whether one of the spans is of the kind.
func has(spans []piece, kind spanKind) bool {
	return slices.ContainsFunc(spans, func(s piece) bool { return s.kind == kind })
}

// eachSpans calls f with the spans of every block, those within tables too.
func eachSpans(blocks []block, f func(*block)) {
	for i := range blocks {
		f(&blocks[i])
		if blocks[i].table == nil {
			continue
		}
		for _, r := range blocks[i].table.rows {
			for _, c := range r.cells {
				eachSpans(c.blocks, f)
			}
		}
	}
}

// each calls f with every block of the document and of its notes.
func (d *document) each(f func(*block)) {
	eachSpans(d.body, f)
	for _, n := range d.notes {
		eachSpans(n, f)
	}
}

// normalise cleans the text as the site stores it: NFC, no invisible characters, no runs of spaces but tabs, which still part columns.
func (d *document) normalise() {
	d.each(func(b *block) {
		for i := range b.spans {
			b.spans[i].text, b.spans[i].font = cleanSpan(b.spans[i].text), ""
		}
		b.spans = joinMarks(b.spans)
	})
	for i := range d.pictures {
		d.pictures[i].Alt = strings.TrimRight(model.Clean(d.pictures[i].Alt), `\ `)
	}
}

// cleanSpan is model.Clean that keeps a space at either end, and tabs.
func cleanSpan(s string) string {
	parts := strings.Split(s, "\t")
	for i, part := range parts {
		cleaned := model.Clean("." + part + ".") // the full stops hold the outer spaces, and no mark joins one
		parts[i] = cleaned[1 : len(cleaned)-1]
	}
	return strings.Join(parts, "\t")
}

// joinMarks moves combining marks at the beginning of a piece to the letter that they belong to, and composes them. One without a letter goes.
func joinMarks(spans []piece) []piece {
	last := -1
	for i := range spans {
		s := &spans[i]
		if s.kind != textSpan {
			last = -1
			continue
		}
		rest := strings.TrimLeftFunc(s.text, unicode.IsMark)
		if marks := s.text[:len(s.text)-len(rest)]; marks != "" {
			s.text = rest
			if last >= 0 {
				spans[last].text = cleanSpan(spans[last].text + marks)
			}
		}
		if s.text != "" {
			last = i
		}
	}
	return spans
}

// clone copies the blocks so that text and figures of the copy can be changed.
func clone(blocks []block) []block {
	out := slices.Clone(blocks)
	for i := range out {
		out[i].spans = slices.Clone(out[i].spans)
		if out[i].table == nil {
			continue
		}
		copied := table{rows: slices.Clone(out[i].table.rows)}
		for r := range copied.rows {
			copied.rows[r].cells = slices.Clone(copied.rows[r].cells)
			for c := range copied.rows[r].cells {
				copied.rows[r].cells[c].blocks = clone(copied.rows[r].cells[c].blocks)
			}
		}
		out[i].table = &copied
	}
	return out
}

func (d *document) clone() *document {
	out := *d
	out.body, out.pictures, out.notes = clone(d.body), slices.Clone(d.pictures), slices.Clone(d.notes)
	for i := range out.notes {
		out.notes[i] = clone(out.notes[i])
	}
	out.remarks.order = slices.Clone(d.remarks.order)
	return &out
}

// remarks are messages for the person, each with how often it was made.
type remarks struct {
	order []string
	count map[string]int
}

// add notes a message, in which %d stands for the number of times.
func (r *remarks) add(message string) {
	if r.count == nil {
		r.count = map[string]int{}
	}
	if r.count[message]++; r.count[message] == 1 {
		r.order = append(r.order, message)
	}
}

// maxRemarks is how many messages there are at most: nobody reads more, and a page of an old portal can give cause for a million.
const (
	maxRemarks = 100
	noteMore   = "Còn những điều khác nữa, không nêu hết."
)

// say notes a message that is not counted.
func (r *remarks) say(message string) {
	switch {
	case len(r.order) > maxRemarks || slices.Contains(r.order, message):
	case len(r.order) == maxRemarks:
		r.order = append(r.order, noteMore)
	default:
		r.order = append(r.order, message)
	}
}

func (r *remarks) list() []string {
	var out []string
	for _, message := range r.order {
		if n := r.count[message]; n > 0 {
			message = strings.Replace(message, "%d", strconv.Itoa(n), 1)
		}
		out = append(out, message)
	}
	return out
}
