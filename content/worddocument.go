package content

import (
	"encoding/xml"
	"slices"
	"strings"
)

// wordReader reads the parts of a .docx that hold text.
type wordReader struct {
	file   *wordFile
	doc    *document
	styles wordStyles
	lists  *wordLists
	rels   map[string]relation // of the part being read
	parts  int                 // paragraphs, cells and pieces of text so far
	size   int                 // bytes of text so far
	notes  map[string]int      // notes by kind and id: indexes into doc.notes
	fields []field
}

const (
	noteChanges  = "Tài liệu có thay đổi đang theo dõi (Track Changes): đã lấy bản sau khi chấp nhận mọi thay đổi."
	noteComments = "%d nhận xét (comment) bên lề không đưa vào."
	noteHidden   = "%d đoạn chữ ẩn không đưa vào."
	noteContents = "Mục lục của tài liệu không đưa vào: số trang không còn đúng trên trang web."
	noteDiagram  = "%d biểu đồ, sơ đồ (SmartArt) hoặc đối tượng nhúng không đọc được. Hãy chụp lại thành ảnh rồi chèn vào."
	noteBadLink  = "%d liên kết không dẫn ra trang web, thư hay số điện thoại: chỉ giữ chữ."
	noteSymbol   = "%d ký hiệu của phông chữ đặc biệt không đọc được."
)

// read reads the whole document but for its pictures.
func (f *wordFile) read() (*document, error) {
	top, err := f.relations("")
	if err != nil {
		return nil, err
	}
	main := target(top, "officeDocument", "word/document.xml")
	rels, err := f.relations(main)
	if err != nil {
		return nil, err
	}
	r := &wordReader{file: f, doc: &document{}, rels: rels, notes: map[string]int{}}
	if r.styles, err = f.styles(target(rels, "styles", "word/styles.xml")); err != nil {
		return nil, err
	}
	if r.lists, err = f.lists(target(rels, "numbering", "word/numbering.xml")); err != nil {
		return nil, err
	}
	found, err := f.part(main, r.readMain)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, badFile("Tệp nén này không phải tài liệu Word (.docx): thiếu phần nội dung.")
	}
	return r.doc, r.readNotes(rels)
}

func (r *wordReader) readMain(x *xmlReader, root xml.StartElement) error {
	if root.Name.Local != "document" {
		return badFile("Tệp này không phải tài liệu Word (.docx).")
	}
	return x.children(func(e xml.StartElement) error {
		if e.Name.Local != "body" {
			return x.skip()
		}
		var err error
		r.doc.body, err = r.blocks(x)
		return err
	})
}

// readNotes reads the footnotes and endnotes that the text refers to.
func (r *wordReader) readNotes(rels map[string]relation) error {
	r.doc.notes = make([][]block, len(r.notes))
	for kind, fallback := range map[string]string{"footnotes": "word/footnotes.xml", "endnotes": "word/endnotes.xml"} {
		part := target(rels, kind, fallback)
		own, err := r.file.relations(part)
		if err != nil {
			return err
		}
		r.rels, r.fields = own, nil
		_, err = r.file.part(part, func(x *xmlReader, _ xml.StartElement) error {
			return x.children(func(e xml.StartElement) error {
				n, used := r.notes[strings.TrimSuffix(kind, "s")+attr(e, "id")]
				if !used {
					return x.skip()
				}
				blocks, err := r.blocks(x)
				r.doc.notes[n] = blocks
				return err
			})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// spend counts a part of the document and its text against the limits.
func (r *wordReader) spend(text int) error {
	r.parts++
	r.size += text
	if r.parts > r.file.limits.Parts || r.size > maxLength {
		return badFile("Tài liệu quá dài. Hãy chia thành nhiều bài.")
	}
	return nil
}

// blocks are the paragraphs and tables in the current element.
func (r *wordReader) blocks(x *xmlReader) ([]block, error) {
	return r.blocksAnd(x, func(xml.StartElement) error { return x.skip() })
}

// blocksAnd is blocks that hands on what is neither.
func (r *wordReader) blocksAnd(x *xmlReader, other func(xml.StartElement) error) ([]block, error) {
	var out []block
	joined := false // the mark that ended the last paragraph was deleted
	var read func(e xml.StartElement) error
	read = func(e xml.StartElement) error {
		switch e.Name.Local {
		case "p":
			p, err := r.paragraph(x)
			if err != nil {
				return err
			}
			out = p.addTo(out, joined)
			joined = p.ended
			return nil
		case "tbl":
			t, err := r.table(x)
			if len(t.rows) > 0 {
				out = append(out, block{kind: tableBlock, table: &t})
			}
			return err
		case "AlternateContent":
			return r.alternative(x, func() int { return len(out) }, read)
		case "del", "moveFrom":
			r.doc.remarks.add(noteChanges)
			return x.skip()
		case "sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "txbxContent", "textbox", "txbx":
			return x.children(read)
		case "altChunk", "oMathPara":
			return r.strayParagraph(x, e, &out)
		}
		return other(e)
	}
	err := x.children(read)
	return out, err
}

// strayParagraph reads what stands between paragraphs: a formula; a document within the document cannot be read.
func (r *wordReader) strayParagraph(x *xmlReader, e xml.StartElement, out *[]block) error {
	if e.Name.Local == "altChunk" {
		r.doc.remarks.add(noteDiagram)
		return x.skip()
	}
	p := wordParagraph{reader: r}
	err := x.children(func(e xml.StartElement) error { return p.inline(x, e) })
	*out = p.addTo(*out, false)
	return err
}

// alternative reads one of the forms in which mc:AlternateContent gives the same thing: the first that has something for us.
func (r *wordReader) alternative(x *xmlReader, size func() int, read func(xml.StartElement) error) error {
	before := size()
	return x.children(func(e xml.StartElement) error {
		if size() > before || e.Name.Local != "Choice" && e.Name.Local != "Fallback" {
			return x.skip()
		}
		return x.children(read)
	})
}

// table reads w:tbl.
func (r *wordReader) table(x *xmlReader) (table, error) {
	var t table
	var read func(e xml.StartElement) error
	read = func(e xml.StartElement) error {
		switch e.Name.Local {
		case "tr":
			line, deleted, err := r.row(x)
			if deleted {
				r.doc.remarks.add(noteChanges)
			} else if len(line.cells) > 0 {
				t.rows = append(t.rows, line)
			}
			return err
		case "sdt", "sdtContent", "ins", "moveTo", "customXml":
			return x.children(read)
		}
		return x.skip()
	}
	err := x.children(read)
	return t, err
}

func (r *wordReader) row(x *xmlReader) (line row, deleted bool, err error) {
	var read func(e xml.StartElement) error
	read = func(e xml.StartElement) error {
		switch e.Name.Local {
		case "trPr":
			return x.children(func(e xml.StartElement) error {
				switch e.Name.Local {
				case "tblHeader":
					line.header = on(e)
				case "gridBefore":
					line.cells = append(line.cells, cell{span: columnSpan(attr(e, "val"))})
				case "del":
					deleted = true
				}
				return x.skip()
			})
		case "tc":
			c, err := r.cell(x)
			line.cells = append(line.cells, c)
			return err
		case "sdt", "sdtContent", "ins", "moveTo", "customXml":
			return x.children(read)
		}
		return x.skip()
	}
	err = x.children(read)
	return line, deleted, err
}

// cell reads w:tc, whose properties stand among its paragraphs.
func (r *wordReader) cell(x *xmlReader) (cell, error) {
	if err := r.spend(0); err != nil {
		return cell{}, err
	}
	c := cell{span: 1}
	var err error
	c.blocks, err = r.blocksAnd(x, func(e xml.StartElement) error {
		if e.Name.Local != "tcPr" {
			return x.skip()
		}
		return x.children(func(e xml.StartElement) error {
			switch e.Name.Local {
			case "gridSpan":
				c.span = columnSpan(attr(e, "val"))
			case "vMerge":
				c.merged = attr(e, "val") != "restart"
			}
			return x.skip()
		})
	})
	return c, err
}

// columnSpan reads a number of columns; more than the renderer takes cannot be shown anyway.
func columnSpan(value string) int { return max(1, min(listStart(value), maxColumns+1)) }

// isEmpty reports whether the blocks show nothing.
func isEmpty(blocks []block) bool {
	return !slices.ContainsFunc(blocks, func(b block) bool {
		return b.kind == figureBlock || b.kind == tableBlock || b.words() != "" || has(b.spans, pictureSpan) || has(b.spans, noteSpan)
	})
}
