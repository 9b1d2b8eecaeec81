package content

import (
	"bytes"
	"slices"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"

	"congso/store/model"
)

var (
	kindPicture = ast.NewNodeKind("Picture")
	kindFigure  = ast.NewNodeKind("Figure")
)

// picture is an img element.
type picture struct {
	ast.BaseInline
	model.Picture
	alt   string
	title string
}

func (*picture) Kind() ast.NodeKind              { return kindPicture }
func (n *picture) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// figure is a picture with its caption, the figure's children.
type figure struct {
	ast.BaseBlock
	picture *picture
}

func (*figure) Kind() ast.NodeKind              { return kindFigure }
func (n *figure) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// setPictures gives each picture the sources that resolve finds for its address; pos is the picture's place in the source. A picture that
// resolve refuses leaves its alternative text.
func (p page) setPictures(resolve func(pos int, address string) (model.Picture, bool)) {
	held := slices.DeleteFunc(p.parts.images, func(n *ast.Image) bool { return !p.holds(n) }) // some went with headings that have no words
	for _, n := range held {
		alt := model.Clean(p.words(n))
		found, ok := resolve(n.Pos(), string(util.URLEscape(n.Destination, true)))
		if n.Parent() == nil {
			continue // stood in the alternative text of another
		}
		if !ok && alt == "" {
			n.Parent().RemoveChild(n.Parent(), n)
			continue
		}
		if !ok {
			n.Parent().ReplaceChild(n.Parent(), n, rawString([]byte(alt)))
			continue
		}
		n.Parent().ReplaceChild(n.Parent(), n, &picture{Picture: found, alt: alt, title: model.Clean(string(unescape(n.Title)))})
	}
}

// makeFigures turns each paragraph of pictures alone into figures. The caption is the emphasised line under the picture, or its title.
func (p page) makeFigures() {
	for _, n := range p.parts.paragraphs {
		p.replaceByFigures(n)
	}
	for _, n := range p.parts.blocks {
		p.replaceByFigures(n)
	}
}

func (p page) replaceByFigures(paragraph ast.Node) {
	if !paragraph.HasChildren() && paragraph.Kind() == ast.KindParagraph {
		paragraph.Parent().RemoveChild(paragraph.Parent(), paragraph) // of a picture that was refused
		return
	}
	figures := p.figuresOf(paragraph)
	for _, f := range figures {
		f.picture.Parent().RemoveChild(f.picture.Parent(), f.picture)
		paragraph.Parent().InsertBefore(paragraph.Parent(), paragraph, f)
	}
	if len(figures) > 0 {
		paragraph.Parent().RemoveChild(paragraph.Parent(), paragraph)
	}
}

// figuresOf are the figures in a paragraph, none when it holds anything else.
func (p page) figuresOf(paragraph ast.Node) []*figure {
	var pictures []*picture
	captions := map[*picture]ast.Node{}
	for c := paragraph.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *picture:
			pictures = append(pictures, c)
		case *ast.Text:
			if len(bytes.TrimSpace(c.Segment.Value(p.source))) > 0 {
				return nil
			}
		case *ast.Emphasis:
			if len(pictures) == 0 || captions[pictures[len(pictures)-1]] != nil || !endsLine(c.PreviousSibling()) {
				return nil
			}
			captions[pictures[len(pictures)-1]] = c
		default:
			return nil
		}
	}
	figures := make([]*figure, len(pictures))
	for i, pic := range pictures {
		figures[i] = newFigure(pic, captions[pic])
	}
	return figures
}

func endsLine(n ast.Node) bool {
	t, ok := n.(*ast.Text)
	return ok && (t.SoftLineBreak() || t.HardLineBreak())
}

// newFigure moves the words of the caption, which may be nil, into a figure.
func newFigure(pic *picture, caption ast.Node) *figure {
	f := &figure{picture: pic}
	if caption == nil && pic.title != "" {
		f.AppendChild(f, rawString([]byte(pic.title)))
	}
	for caption != nil && caption.HasChildren() {
		f.AppendChild(f, caption.FirstChild())
	}
	pic.title = ""
	return f
}
