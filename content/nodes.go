package content

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// nodeRenderer writes the elements that are not as goldmark writes them.
type nodeRenderer struct{ words words }

func (r nodeRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(ast.KindLink, entering(r.link, "</a>"))
	reg.Register(kindPicture, entering(r.picture, ""))
	reg.Register(kindFigure, r.figure)
	reg.Register(extast.KindTable, r.table)
	reg.Register(extast.KindTableCell, r.cell)
	reg.Register(extast.KindTaskCheckBox, entering(r.task, ""))
	reg.Register(extast.KindFootnoteLink, entering(r.note, ""))
	reg.Register(extast.KindFootnoteBacklink, entering(r.back, ""))
	reg.Register(ast.KindCodeBlock, r.code)
	reg.Register(ast.KindFencedCodeBlock, r.code)
	reg.Register(extast.KindTableHeader, r.head)
	reg.Register(extast.KindTableRow, r.row)
}

// entering makes a renderer of one that writes what stands before the children, and of the end tag.
func entering(open func(w util.BufWriter, n ast.Node), end string) renderer.NodeRendererFunc {
	return func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			open(w, n)
		} else {
			write(w, end)
		}
		return ast.WalkContinue, nil
	}
}

// write drops the error, which the writer keeps and returns when it is flushed.
func write(w util.BufWriter, parts ...string) {
	for _, part := range parts {
		_, _ = w.WriteString(part)
	}
}

func escape(s string) string { return string(util.EscapeHTML([]byte(s))) }

func (r nodeRenderer) link(w util.BufWriter, node ast.Node) {
	n := node.(*ast.Link)
	write(w, `<a href="`, escape(string(n.Destination)), `"`)
	if len(n.Title) > 0 {
		write(w, ` title="`)
		html.DefaultWriter.Write(w, n.Title)
		write(w, `"`)
	}
	if external(string(n.Destination)) {
		write(w, ` class="external" rel="noopener"`)
	}
	write(w, ">")
}

func (r nodeRenderer) picture(w util.BufWriter, node ast.Node) { writePicture(w, node.(*picture)) }

// writePicture names the width of the column of text, in which every picture stands.
func writePicture(w util.BufWriter, p *picture) {
	write(w, `<img src="`, escape(p.Src), `" alt="`, escape(p.alt), `"`)
	if p.Width > 0 {
		write(w, fmt.Sprintf(` width="%d" height="%d"`, p.Width, p.Height))
	}
	if p.SrcSet != "" {
		write(w, ` srcset="`, p.SrcSet, `" sizes="(min-width: 60rem) 44rem, 100vw"`)
	}
	if p.title != "" {
		write(w, ` title="`, escape(p.title), `"`)
	}
	write(w, ` loading="lazy" decoding="async">`)
}

func (r nodeRenderer) figure(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n := node.(*figure)
	switch {
	case entering:
		write(w, "<figure>")
		writePicture(w, n.picture)
		if n.HasChildren() {
			write(w, "<figcaption>")
		}
	case n.HasChildren():
		write(w, "</figcaption></figure>\n")
	default:
		write(w, "</figure>\n")
	}
	return ast.WalkContinue, nil
}

// nameTables gives each table, which is a region that scrolls by itself, a name of its own.
func (p page) nameTables(word string) {
	for i, n := range p.parts.tables {
		name := word
		if i > 0 {
			name += " " + strconv.Itoa(i+1)
		}
		n.SetAttributeString("aria-label", name)
	}
}

func (r nodeRenderer) table(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		name, _ := n.AttributeString("aria-label")
		write(w, `<div class="table" tabindex="0" role="region" aria-label="`, escape(fmt.Sprint(name)), "\">\n<table>\n")
		return ast.WalkContinue, nil
	}
	if n.ChildCount() > 1 {
		write(w, "</tbody>\n")
	}
	write(w, "</table>\n</div>\n")
	return ast.WalkContinue, nil
}

func (r nodeRenderer) head(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		write(w, "<thead>\n<tr>\n")
		return ast.WalkContinue, nil
	}
	write(w, "</tr>\n</thead>\n")
	if n.NextSibling() != nil {
		write(w, "<tbody>\n")
	}
	return ast.WalkContinue, nil
}

func (r nodeRenderer) row(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		write(w, "<tr>\n")
	} else {
		write(w, "</tr>\n")
	}
	return ast.WalkContinue, nil
}

func (r nodeRenderer) cell(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n := node.(*extast.TableCell)
	tag, scope := "td", ""
	if n.Parent().Kind() == extast.KindTableHeader {
		tag, scope = "th", ` scope="col"`
	}
	if !entering {
		write(w, "</", tag, ">\n")
		return ast.WalkContinue, nil
	}
	write(w, "<", tag, scope)
	if n.Alignment != extast.AlignNone {
		write(w, ` class="align-`, n.Alignment.String(), `"`)
	}
	write(w, ">")
	return ast.WalkContinue, nil
}

// code writes a block of code, which scrolls by itself and so must be reachable from the keyboard.
func (r nodeRenderer) code(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		write(w, "</code></pre>\n")
		return ast.WalkContinue, nil
	}
	write(w, `<pre tabindex="0"><code>`)
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		html.DefaultWriter.RawWrite(w, line.Value(source))
	}
	return ast.WalkContinue, nil
}

func (r nodeRenderer) task(w util.BufWriter, node ast.Node) {
	class, name, sign := "task", r.words.open, "☐"
	if node.(*extast.TaskCheckBox).IsChecked {
		class, name, sign = "task task-done", r.words.done, "☑"
	}
	write(w, `<span class="`, class, `" role="img" aria-label="`, name, `">`, sign, "</span> ")
}

func (r nodeRenderer) note(w util.BufWriter, node ast.Node) {
	n := node.(*extast.FootnoteLink)
	number := strconv.Itoa(n.Index)
	write(w, `<sup id="`, noteID(n.Index, n.RefIndex), `"><a href="#fn:`, number, `" class="footnote-ref" role="doc-noteref" aria-label="`,
		r.words.note, " ", number, `">`, number, "</a></sup>")
}

func (r nodeRenderer) back(w util.BufWriter, node ast.Node) {
	n := node.(*extast.FootnoteBacklink)
	write(w, `&#160;<a href="#`, noteID(n.Index, n.RefIndex), `" class="footnote-backref" role="doc-backlink" aria-label="`,
		r.words.back, " ", strconv.Itoa(n.Index), "\">↩\ufe0e</a>")
}

// noteID is the id of the place that refers to a note: fnref:1, then fnref1:1 for the second that does.
func noteID(index, reference int) string {
	if reference == 0 {
		return fmt.Sprintf("fnref:%d", index)
	}
	return fmt.Sprintf("fnref%d:%d", reference, index)
}

// lineBreakParser reads <br>, which table cells have no other sign for, as a line break.
type lineBreakParser struct{}

func (lineBreakParser) Trigger() []byte { return []byte{'<'} }

func (lineBreakParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, _ := block.PeekLine()
	for _, tag := range []string{"<br>", "<br/>", "<br />"} {
		if len(line) >= len(tag) && bytes.EqualFold(line[:len(tag)], []byte(tag)) {
			block.Advance(len(tag))
			s := ast.NewString([]byte("<br>"))
			s.SetCode(true) // written as it is
			return s
		}
	}
	return nil
}
