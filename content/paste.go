package content

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"congso/store/model"
)

// maxPasted is the largest fragment in bytes, pictures within it included.
const maxPasted = 2 << 20

const (
	notePastedFile   = "%d ảnh dán kèm không đọc được từ bộ nhớ tạm. Hãy kéo thả ảnh vào."
	notePastedLink   = "%d liên kết không dẫn ra trang web, thư hay số điện thoại (liên kết trong trang cũ): chỉ giữ chữ."
	notePastedBroken = "%d ảnh trong đoạn dán không đúng dạng JPEG, PNG, GIF hay WebP. Hãy kéo thả ảnh vào."
)

// ReadPasted reads HTML from the clipboard, as Word, LibreOffice, Google Docs and browsers put it there, or a whole page. It goes into a
// text that is there already, so the title stays in the body, as a heading, and Title only tells it. Pictures are those within the HTML;
// others are named in the notes, nothing is fetched. A fragment that is too large is refused with model.Invalid for the field "html".
func ReadPasted(fragment string) (Import, error) {
	if len(fragment) > maxPasted {
		return Import{}, badPaste("Đoạn dán lớn quá %s. Hãy dán từng phần, và kéo thả ảnh vào riêng.", model.FileSize(maxPasted))
	}
	root, err := html.Parse(strings.NewReader(fragment))
	if err != nil { // reading a string fails for nesting only
		return Import{}, badPaste("Đoạn dán có các phần lồng nhau quá sâu, không đọc được.")
	}
	r := newPasteReader()
	if !r.readAll(root) {
		return Import{}, badPaste("Đoạn dán có bảng quá lớn. Hãy dán từng phần.")
	}
	out, err := r.doc.finish()
	if invalid := (model.Invalid{}); errors.As(err, &invalid) {
		return Import{}, model.Invalid{"html": strings.Replace(invalid["file"], "Tài liệu", "Đoạn dán", 1)}
	}
	return out, err
}

func badPaste(format string, args ...any) error {
	return model.Invalid{"html": fmt.Sprintf(format, args...)}
}

// pasteReader makes paragraphs of an HTML tree.
type pasteReader struct {
	doc   *document
	out   []block
	spans []piece
	item  *itemMark // of the item whose first paragraph is to come
	lists map[string]int
	refs  map[*html.Node]int  // links to notes
	gone  map[*html.Node]bool // read elsewhere
	cells int                 // of tables, those that merged cells cover too
	old   *oldReading         // nil for what was pasted
}

func newPasteReader() *pasteReader {
	return &pasteReader{doc: &document{}, lists: map[string]int{}, refs: map[*html.Node]int{}, gone: map[*html.Node]bool{}}
}

// readAll reads a tree into r.doc. It is false for tables that are too large, where reading stopped.
func (r *pasteReader) readAll(root *html.Node) bool {
	notes := r.findNotes(root)
	r.doc.body = r.read(root, pasteState{})
	if r.cells > maxCells {
		return false
	}
	for _, n := range notes {
		r.doc.notes = append(r.doc.notes, r.readNote(n))
	}
	return true
}

// pasteState is what elements around a place say of it.
type pasteState struct {
	look
	kind    blockKind
	level   int
	role    paragraphRole
	centred bool
	right   bool
	depth   int
	raised  string
	pre     bool
}

// read reads the children of n as blocks of their own.
func (r *pasteReader) read(n *html.Node, s pasteState) []block {
	out, spans, item := r.out, r.spans, r.item
	r.out, r.spans, r.item = nil, nil, nil
	r.children(n, s)
	r.flush(s)
	read := r.out
	r.out, r.spans, r.item = out, spans, item
	return read
}

func (r *pasteReader) children(n *html.Node, s pasteState) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		r.node(c, s)
	}
}

func (r *pasteReader) node(n *html.Node, s pasteState) {
	switch n.Type {
	case html.TextNode:
		r.text(n.Data, s)
	case html.ElementNode:
		style := styleOf(n)
		if r.old != nil {
			r.tellEmbedded(n)
			r.tellHidden(n, style)
		}
		if !r.gone[n] && !hidden(n, style) {
			r.element(n, style, s)
		}
	case html.DocumentNode:
		r.children(n, s)
	}
}

func (r *pasteReader) text(words string, s pasteState) {
	if !s.pre {
		r.spans = append(r.spans, piece{text: raise(words, s.raised), look: s.look})
		return
	}
	for i, line := range strings.Split(words, "\n") {
		if i > 0 {
			r.spans = append(r.spans, piece{kind: breakSpan})
		}
		r.spans = append(r.spans, piece{text: line, look: s.look})
	}
}

// flush ends a paragraph.
func (r *pasteReader) flush(s pasteState) {
	b := block{kind: s.kind, level: s.level, role: s.role, centred: s.centred, right: s.right, depth: s.depth, spans: r.spans}
	r.spans = nil
	if isEmpty([]block{b}) {
		return
	}
	if s.kind == paragraphBlock && s.depth > 0 {
		b.mark, r.item = r.item, nil
	}
	r.out = append(r.out, b)
}

func (r *pasteReader) element(n *html.Node, style map[string]string, s pasteState) {
	if number, ok := r.refs[n]; ok {
		r.spans = append(r.spans, piece{kind: noteSpan, n: number})
		return
	}
	inner := s.with(n, style)
	switch n.DataAtom {
	case atom.Br:
		if style["page-break-before"] == "" {
			r.spans = append(r.spans, piece{kind: breakSpan})
		}
	case atom.Img:
		r.picture(n, style)
	case atom.A:
		inner.link = r.link(n, s.link)
		r.children(n, inner)
	case atom.Hr:
		r.flush(s)
		r.out = append(r.out, block{kind: ruleBlock})
	case atom.Table:
		r.flush(s)
		r.table(n, inner)
	case atom.Ul, atom.Ol:
		r.flush(s)
		r.list(n, style, inner)
		r.flush(inner)
	case atom.Del:
		if attribute(n, "cite")+attribute(n, "datetime") != "" {
			r.doc.remarks.add(noteChanges)
			return
		}
		r.children(n, inner)
	default:
		if !isBlockElement(n) {
			r.children(n, inner)
			return
		}
		r.flush(s)
		r.block(n, style, inner)
	}
}

// block reads an element that is a paragraph of its own, or holds some.
func (r *pasteReader) block(n *html.Node, style map[string]string, s pasteState) {
	if isContents(n) {
		r.doc.remarks.add(noteContents)
		return
	}
	if item, depth := r.wordItem(n, style); item != nil {
		if s.kind == headingBlock {
			if label := headingLabel(item); label != "" {
				r.spans = append(r.spans, textRun(label+" "))
			}
		} else {
			r.item, s.depth = item, s.depth+depth
		}
	}
	r.children(n, s)
	r.flush(s)
}

// link is the address of a link, "" when it leads nowhere outside.
func (r *pasteReader) link(n *html.Node, around string) string {
	address := strings.TrimSpace(attribute(n, "href"))
	if address == "" || strings.HasPrefix(address, "#") {
		return around
	}
	if r.old != nil {
		return r.old.link(r.doc, n, address, around)
	}
	outward, ok := outwardLink(address)
	if !ok {
		r.doc.remarks.add(notePastedLink)
		return ""
	}
	return outward
}

// smallPixels is the height below which a picture stands among words as a sign does.
const smallPixels = 48

// picture reads an img element. A picture of one pixel only counts readers.
func (r *pasteReader) picture(n *html.Node, style map[string]string) {
	width, height := pixels(n, style, "width"), pixels(n, style, "height")
	if width == 1 && height == 1 {
		return
	}
	src := strings.TrimSpace(attribute(n, "src"))
	if r.old != nil {
		src = sourceOf(n, src)
	}
	scheme, _, _ := strings.Cut(strings.ToLower(src), ":")
	switch {
	case src == "":
	case scheme == "data":
		r.dataPicture(n, src, height > 0 && height < smallPixels)
	case scheme == "file", scheme == "blob", scheme == "cid", scheme == "about", scheme == "webkit-fake-url":
		r.doc.remarks.add(notePastedFile)
	case r.old != nil:
		r.oldPicture(n, src, height > 0 && height < smallPixels)
	default:
		r.doc.remarks.say(fmt.Sprintf(noteExternal, model.Clean(src)))
	}
}

func (r *pasteReader) dataPicture(n *html.Node, src string, small bool) {
	data, ok := dataOf(src)
	mime := webPicture(data[:min(len(data), 512)])
	if !ok || mime == "" || len(r.doc.pictures) >= DefaultWordLimits().Pictures {
		r.doc.remarks.add(notePastedBroken)
		return
	}
	number := len(r.doc.pictures)
	name := "anh-" + strconv.Itoa(number+1) + "." + strings.TrimPrefix(mime, "image/")
	r.doc.pictures = append(r.doc.pictures, ImportedPicture{
		Name: name, Mime: mime, Alt: altOf(attribute(n, "alt"), attribute(n, "title")),
		open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil },
	})
	r.spans = append(r.spans, piece{kind: pictureSpan, n: number, small: small})
}

// dataOf decodes a data: address.
func dataOf(src string) ([]byte, bool) {
	head, body, ok := strings.Cut(src, ",")
	if !ok || !strings.HasSuffix(strings.ToLower(head), ";base64") {
		return nil, false
	}
	if strings.Contains(body, "%") {
		body, _ = url.PathUnescape(body) // what it cannot read is no base64 either
	}
	body = strings.TrimRight(strings.Join(strings.Fields(body), ""), "=")
	data, err := base64.RawStdEncoding.DecodeString(body)
	return data, err == nil
}
