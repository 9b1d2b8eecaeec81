package content

import (
	"strconv"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"

	"congso/store/model"
)

// heading is a heading of a page, at a byte of its source.
type heading struct {
	model.Heading
	typed int // level in the source
	pos   int
}

// setHeadings gives each heading an id made of its words, unique in the page, and takes the level of the page's title, h1, from those
// that have it. Headings without words go.
func (p page) setHeadings() []heading {
	var headings []heading
	ids := idMaker{}
	for _, n := range p.parts.headings {
		h := heading{typed: n.Level, pos: n.Pos()}
		n.Level = max(n.Level, 2)
		if h.Text = model.Clean(p.words(n)); h.Text == "" {
			n.Parent().RemoveChild(n.Parent(), n)
			continue
		}
		h.Level, h.ID = n.Level, ids.make(h.Text)
		n.SetAttributeString("id", []byte(h.ID))
		headings = append(headings, h)
	}
	return headings
}

// idMaker holds the ids given, and for each slug the number to try next.
type idMaker map[string]int

func (m idMaker) make(words string) string {
	slug := model.Slug(words)
	if slug == "" {
		slug = "muc"
	}
	id := slug
	for m[id] > 0 {
		m[slug]++
		id = slug + "-" + strconv.Itoa(m[slug])
	}
	m[id] = 1
	return id
}

// parts are the nodes of a page that are looked at once it is parsed, each kind in the order of the text.
type parts struct {
	headings   []*ast.Heading
	images     []*ast.Image
	links      []*ast.Link
	autoLinks  []*ast.AutoLink
	paragraphs []*ast.Paragraph
	blocks     []*ast.TextBlock
	tables     []*extast.Table
}

// partsOf goes through the page once. It refuses a tree deeper than maxDepth: browsers and the sanitiser's parser give up on such pages.
func partsOf(root ast.Node) (p parts, err error) {
	depth := 0
	err = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			depth--
			return ast.WalkContinue, nil
		}
		if depth++; depth > maxDepth {
			return ast.WalkStop, tooMuch("Nội dung có định dạng lồng nhau quá sâu.")
		}
		p.add(n)
		return ast.WalkContinue, nil
	})
	return p, err
}

func (p *parts) add(n ast.Node) {
	switch n := n.(type) {
	case *ast.Heading:
		p.headings = append(p.headings, n)
	case *ast.Image:
		p.images = append(p.images, n)
	case *ast.Link:
		p.links = append(p.links, n)
	case *ast.AutoLink:
		p.autoLinks = append(p.autoLinks, n)
	case *ast.Paragraph:
		p.paragraphs = append(p.paragraphs, n)
	case *ast.TextBlock:
		p.blocks = append(p.blocks, n)
	case *extast.Table:
		p.tables = append(p.tables, n)
	}
}

// holds reports whether a node of the page is still in it.
func (p page) holds(n ast.Node) bool {
	for ; n != nil; n = n.Parent() {
		if n == p.root {
			return true
		}
	}
	return false
}

// nodes are all nodes of one type under root, in the order of the text.
func nodes[N ast.Node](root ast.Node) []N {
	var found []N
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // the callback returns no error
		if match, ok := n.(N); ok && entering {
			found = append(found, match)
		}
		return ast.WalkContinue, nil
	})
	return found
}

// words is the text within n as the reader sees it, on one line.
func (p page) words(n ast.Node) string {
	var b []byte
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // the callback returns no error
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text:
			b = append(b, p.textOf(n)...)
			if n.SoftLineBreak() || n.HardLineBreak() {
				b = append(b, ' ')
			}
		case *ast.String:
			b = append(b, unescape(n.Value)...)
		case *ast.AutoLink:
			b = append(b, n.Label(p.source)...)
		}
		return ast.WalkContinue, nil
	})
	return string(b)
}

func (p page) textOf(n *ast.Text) []byte {
	value := n.Segment.Value(p.source)
	if n.IsRaw() {
		return value
	}
	return unescape(value)
}

// unescape resolves backslashes and entities.
func unescape(b []byte) []byte {
	return util.UnescapePunctuations(util.ResolveEntityNames(util.ResolveNumericReferences(b)))
}
