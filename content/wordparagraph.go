package content

import (
	"encoding/xml"
	"slices"
	"strconv"
	"strings"
)

// wordParagraph is a paragraph while it is read.
type wordParagraph struct {
	reader *wordReader
	style  paragraphStyle
	text   textStyle // of runs that say nothing else
	mark   *itemMark
	ilvl   int
	ended  bool // the mark at its end was deleted: it goes on in the next
	rule   bool
	spans  []piece
	after  []block // of text boxes
}

// field is a Word field: its instruction, then what it shows.
type field struct {
	code   string
	result bool
	link   string
}

func (r *wordReader) paragraph(x *xmlReader) (*wordParagraph, error) {
	p := &wordParagraph{reader: r}
	p.setStyle(r.styles.normal)
	if err := r.spend(0); err != nil {
		return nil, err
	}
	return p, x.children(func(e xml.StartElement) error {
		if e.Name.Local == "pPr" {
			return p.properties(x)
		}
		return p.inline(x, e)
	})
}

func (p *wordParagraph) setStyle(id string) {
	p.style = p.reader.styles.paragraph(id)
	p.text = p.reader.styles.text(id)
}

func (p *wordParagraph) properties(x *xmlReader) error {
	style := p.reader.styles.normal
	list, ilvl, outline, align := "", "", -1, ""
	err := x.children(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "pStyle":
			style = attr(e, "val")
		case "outlineLvl":
			outline = outlineLevel(attr(e, "val"))
		case "jc":
			align = attr(e, "val")
		case "numPr":
			return x.children(func(e xml.StartElement) error {
				switch e.Name.Local {
				case "numId":
					list = attr(e, "val")
				case "ilvl":
					ilvl = attr(e, "val")
				}
				return x.skip()
			})
		case "rPr":
			return x.children(func(e xml.StartElement) error {
				p.ended = p.ended || e.Name.Local == "del" || e.Name.Local == "moveFrom"
				return x.skip()
			})
		}
		return x.skip()
	})
	p.setStyle(style)
	if align != "" {
		p.style.align = align
	}
	if outline >= 0 && p.style.role == plainRole && p.style.level == 0 {
		p.style.level = outline
	}
	p.number(list, ilvl, style)
	return err
}

// number gives the paragraph its place in a list; the list 0 is none.
func (p *wordParagraph) number(list, ilvl, style string) {
	if list == "" {
		if list = p.style.list; ilvl == "" {
			ilvl = p.style.ilvl
		}
	}
	if list != "" && list != "0" {
		p.mark, p.ilvl = p.reader.lists.next(list, ilvl, style)
	}
}

// inline reads what stands in a paragraph.
func (p *wordParagraph) inline(x *xmlReader, e xml.StartElement) error {
	again := func(e xml.StartElement) error { return p.inline(x, e) }
	switch e.Name.Local {
	case "r":
		return p.run(x)
	case "hyperlink":
		return p.within(p.reader.hyperlink(attr(e, "id")), func() error { return x.children(again) })
	case "fldSimple":
		return p.within(p.reader.allowed(fieldLink(attr(e, "instr"))), func() error { return x.children(again) })
	case "del", "moveFrom":
		p.reader.doc.remarks.add(noteChanges)
		return x.skip()
	case "ins", "moveTo":
		p.reader.doc.remarks.add(noteChanges)
		return x.children(again)
	case "AlternateContent":
		return p.reader.alternative(x, p.size, again)
	case "t":
		return p.words(x, textStyle{})
	case "rPr", "pPr", "sdtPr", "sdtEndPr", "ctrlPr", "tblPr":
		return x.skip()
	}
	return x.children(again) // content controls, smart tags, formulas
}

func (p *wordParagraph) size() int { return len(p.spans) + len(p.after) }

// within reads text that is a link, unless the address is "".
func (p *wordParagraph) within(link string, read func() error) error {
	r := p.reader
	r.fields = append(r.fields, field{result: true, link: link})
	depth := len(r.fields)
	err := read()
	r.fields = r.fields[:min(depth-1, len(r.fields))]
	return err
}

// run reads w:r.
func (p *wordParagraph) run(x *xmlReader) error {
	var style textStyle
	var read func(e xml.StartElement) error
	read = func(e xml.StartElement) error {
		switch e.Name.Local {
		case "rPr":
			id, err := style.readRun(x)
			if id != "" {
				style = style.over(p.reader.styles.text(id))
			}
			return err
		case "t":
			return p.words(x, style)
		case "tab", "ptab":
			p.add(piece{text: "\t"}, style)
		case "noBreakHyphen":
			p.add(textRun("-"), style)
		case "softHyphen":
			p.add(textRun("\u00ad"), style) // a letter in TCVN3
		case "br", "cr":
			p.lineBreak(attr(e, "type"))
		case "sym":
			p.symbol(attr(e, "font"), attr(e, "char"), style)
		case "footnoteReference", "endnoteReference":
			return p.note(x, e)
		case "commentReference":
			p.reader.doc.remarks.add(noteComments)
		case "fldChar":
			p.reader.fieldChar(attr(e, "fldCharType"))
		case "instrText":
			return p.reader.instruction(x)
		case "drawing", "pict", "object":
			return p.drawing(x, e.Name.Local)
		case "AlternateContent":
			return p.reader.alternative(x, p.size, read)
		case "ruby":
			return x.children(read)
		case "rubyBase":
			return x.children(func(e xml.StartElement) error { return p.inline(x, e) })
		}
		return x.skip()
	}
	return x.children(read)
}

// readRun reads w:rPr of a run, and the id of the style that it names.
func (t *textStyle) readRun(x *xmlReader) (style string, err error) {
	err = t.readAnd(x, func(e xml.StartElement) {
		if e.Name.Local == "rStyle" {
			style = attr(e, "val")
		}
	})
	return style, err
}

// words adds the text of the current element.
func (p *wordParagraph) words(x *xmlReader, style textStyle) error {
	s, err := x.text()
	if err != nil {
		return err
	}
	if err := p.reader.spend(len(s)); err != nil {
		return err
	}
	p.add(textRun(s), style)
	return nil
}

// add adds a piece of text in the look that is in force, unless it is hidden or the instruction of a field.
func (p *wordParagraph) add(s piece, style textStyle) {
	if !p.reader.shown() {
		return
	}
	style = style.over(p.text).over(p.reader.styles.defaults)
	if is(style.hidden) {
		p.reader.doc.remarks.add(noteHidden)
		return
	}
	s.look = look{bold: is(style.bold), italic: is(style.italic), strike: is(style.strike), link: p.reader.link(), font: style.font}
	if is(style.caps) {
		s.text = strings.ToUpper(s.text)
	}
	s.text = raise(s.text, style.raised)
	p.spans = append(p.spans, s)
}

// lineBreak adds a break of lines; one of pages or columns means nothing here.
func (p *wordParagraph) lineBreak(kind string) {
	if p.reader.shown() && (kind == "" || kind == "textWrapping") {
		p.spans = append(p.spans, piece{kind: breakSpan})
	}
}

// note adds a reference to a footnote or endnote.
func (p *wordParagraph) note(x *xmlReader, e xml.StartElement) error {
	r := p.reader
	key := strings.TrimSuffix(e.Name.Local, "Reference") + attr(e, "id")
	if _, known := r.notes[key]; !known {
		r.notes[key] = len(r.notes)
	}
	p.spans = append(p.spans, piece{kind: noteSpan, n: r.notes[key]})
	return x.skip()
}

// addTo appends the paragraph to blocks, without those that show nothing.
func (p *wordParagraph) addTo(blocks []block, joined bool) []block {
	if p.style.contents {
		p.reader.doc.remarks.add(noteContents)
		return blocks
	}
	b := block{role: p.style.role, centred: p.style.align == "center", right: p.style.align == "right" || p.style.align == "end", spans: p.spans}
	switch {
	case p.style.level > 0:
		b.kind, b.level = headingBlock, p.style.level
		if label := headingLabel(p.mark); label != "" && !isEmpty([]block{b}) {
			b.spans = slices.Insert(b.spans, 0, textRun(label+" "))
		}
	case p.mark != nil && b.role == plainRole:
		b.mark, b.depth = p.mark, p.ilvl+1
	}
	switch {
	case joined && len(blocks) > 0 && blocks[len(blocks)-1].table == nil:
		last := &blocks[len(blocks)-1]
		last.spans = append(last.spans, p.spans...)
	case !isEmpty([]block{b}):
		blocks = append(blocks, b)
	}
	if p.rule {
		blocks = append(blocks, block{kind: ruleBlock})
	}
	return append(blocks, p.after...)
}

// headingLabel is the number of a heading, which is part of its words.
func headingLabel(m *itemMark) string {
	switch {
	case m == nil:
		return ""
	case m.ordered:
		return strconv.Itoa(m.number) + "."
	}
	return m.label
}
