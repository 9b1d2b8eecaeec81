// Package content turns words into pages: the Markdown of news and meetings into HTML that is safe to show, and a folder of Markdown
// files into the site's articles.
package content

import (
	"bytes"
	"fmt"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"congso/store/model"
)

// Version is the version of what Renderer and the articles' compiler write; it grows whenever their output changes.
const Version = 1

// Renderer renders the Markdown of news and meetings: CommonMark with tables, strikethrough, footnotes, task lists and definition lists;
// HTML in it is shown as text. Headings start at h2, a picture alone in its paragraph becomes a figure, links lead to http, https,
// mailto, tel and local addresses only, and pictures come from /media/ and /static/ only. A text too long or too tangled to be rendered
// in well under a second is refused with model.Invalid for the field "body". One text is rendered at a time.
func Renderer() model.Renderer {
	m := newMarkdown("vi")
	var one sync.Mutex
	return model.Renderer{
		Version: Version,
		Render: func(markdown string) (model.Rendered, error) {
			one.Lock()
			defer one.Unlock()
			return m.render(markdown)
		},
	}
}

// markdown turns Markdown into HTML whose few words of its own are in one language. It is safe for concurrent use.
type markdown struct {
	words    words
	parser   parser.Parser
	renderer renderer.Renderer
	policy   *bluemonday.Policy
	form     *pageForm
	memory   sync.Pool // of *pageMemory
}

// pageMemory is what making one page needs, kept for the next.
type pageMemory struct {
	rendered renderBuffer
	settled  settled
}

// renderBuffer is a buffer to which goldmark writes without one of its own.
type renderBuffer struct{ bytes.Buffer }

// Buffered is how many bytes have yet to be written elsewhere.
func (*renderBuffer) Buffered() int { return 0 }

// Flush has nothing to do.
func (*renderBuffer) Flush() error { return nil }

func newMarkdown(lang string) *markdown {
	w := wordsIn(lang)
	form := newPageForm()
	return &markdown{
		words: w, parser: newParser(), renderer: newRenderer(w), policy: newPolicy(), form: form,
		memory: sync.Pool{New: func() any { return &pageMemory{settled: settled{form: form}} }},
	}
}

// newParser reads no raw HTML, so that what looks like a tag is shown as the text that it is, and links no bare addresses.
func newParser() parser.Parser {
	return parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewSetextHeadingParser(), 100),
			util.Prioritized(extension.NewDefinitionListParser(), 101),
			util.Prioritized(extension.NewDefinitionDescriptionParser(), 102),
			util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(parser.NewListParser(), 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewCodeBlockParser(), 500),
			util.Prioritized(parser.NewATXHeadingParser(), 600),
			util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
			util.Prioritized(parser.NewBlockquoteParser(), 800),
			util.Prioritized(extension.NewFootnoteBlockParser(), 999),
			util.Prioritized(parser.NewParagraphParser(), 1000),
		),
		parser.WithInlineParsers(
			util.Prioritized(extension.NewTaskCheckBoxParser(), 0),
			util.Prioritized(parser.NewCodeSpanParser(), 100),
			util.Prioritized(extension.NewFootnoteParser(), 101),
			util.Prioritized(parser.NewLinkParser(), 200),
			util.Prioritized(parser.NewAutoLinkParser(), 300),
			util.Prioritized(lineBreakParser{}, 400),
			util.Prioritized(parser.NewEmphasisParser(), 500),
			util.Prioritized(extension.NewStrikethroughParser(), 500),
		),
		parser.WithParagraphTransformers(
			util.Prioritized(parser.LinkReferenceParagraphTransformer, 100),
			util.Prioritized(extension.NewTableParagraphTransformer(), 200),
		),
		parser.WithASTTransformers(
			util.Prioritized(extension.NewTableASTTransformer(), 0),
			util.Prioritized(extension.NewFootnoteASTTransformer(), 999),
		),
	)
}

func newRenderer(w words) renderer.Renderer {
	return renderer.NewRenderer(renderer.WithNodeRenderers(
		util.Prioritized(nodeRenderer{w}, 100),
		util.Prioritized(extension.NewDefinitionListHTMLRenderer(), 500),
		util.Prioritized(extension.NewFootnoteHTMLRenderer(), 500),
		util.Prioritized(extension.NewStrikethroughHTMLRenderer(), 500),
		util.Prioritized(html.NewRenderer(), 1000),
	))
}

// render makes the page of a record: its addresses mean what they say.
func (m *markdown) render(source string) (model.Rendered, error) {
	p, err := m.parse(source)
	if err != nil {
		return model.Rendered{}, err
	}
	p.setHeadings()
	var uses media
	p.setPictures(func(_ int, address string) (model.Picture, bool) { return uses.picture(address) })
	p.setLinks(func(_ int, address string) (string, bool) { return uses.link(address) })
	page, words, err := m.html(p)
	if err != nil {
		return model.Rendered{}, err
	}
	return model.Rendered{HTML: page, Text: words, Media: uses.hashes}, nil
}

// page is a parsed text.
type page struct {
	source []byte
	root   ast.Node
	parts  parts
}

func (m *markdown) parse(source string) (page, error) {
	if err := checkLength(source); err != nil {
		return page{}, err
	}
	source = model.CleanLines(source)
	if err := checkCaps(source); err != nil {
		return page{}, err
	}
	p := page{source: []byte(source)}
	p.root = m.parser.Parse(text.NewReader(p.source))
	var err error
	p.parts, err = partsOf(p.root)
	return p, err
}

// html writes the page and passes it through the sanitiser, unless that would leave it as it is. text is the page's plain text.
func (m *markdown) html(p page) (page, text string, err error) {
	p.makeFigures()
	p.nameTables(m.words.table)
	memory := m.memory.Get().(*pageMemory)
	defer m.memory.Put(memory)
	b := &memory.rendered
	b.Reset()
	if err := m.renderer.Render(b, p.source, p.root); err != nil {
		return "", "", fmt.Errorf("render markdown: %w", err)
	}
	if err := checkGrowth(len(p.source), b.Len()); err != nil {
		return "", "", err
	}
	if memory.settled.settle(b.Bytes()) {
		return string(memory.settled.html), joinLines(memory.settled.text), nil
	}
	page = m.policy.SanitizeReader(b).String()
	return page, plainText(page), nil
}
