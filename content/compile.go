package content

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"unicode/utf8"

	"congso/store/model"
)

// compiled is an article's file, read.
type compiled struct {
	name     string
	stamp    stamp
	article  model.Article
	draft    bool
	refs     []reference      // to other articles
	pictures map[string]stamp // those used, by name; the zero stamp for a missing one
	anchors  map[string]bool  // ids of the headings
	absent   map[string]bool  // what the compiler was told of the articles that a shipped one links to
	faults   []Fault

	address string            // by language and path
	order   string            // by which titles are sorted
	body    [sha256.Size]byte // of the HTML
	seal    [sha256.Size]byte // of what readers see
}

// reference is a link to an article of the folder.
type reference struct {
	file, anchor string
	line         int
}

// compiler compiles the files of one state of the folder.
type compiler struct {
	tree      tree
	base, dir fs.FS // dir may be nil
	markdown  map[string]*markdown
	absent    func(name string) bool // whether readers cannot reach an article; asked for links of shipped ones only
}

func (c *compiler) layer(s stamp) fs.FS {
	if s.shipped {
		return c.base
	}
	return c.dir
}

// compile reads one article. Its faults are in the result; whether the articles that it links to exist is for the shelf to say.
func (c *compiler) compile(name string, s stamp) *compiled {
	out := &compiled{name: name, stamp: s, pictures: map[string]stamp{}, anchors: map[string]bool{}, absent: map[string]bool{}}
	data, err := read(c.layer(s), name, s.size)
	if err != nil {
		out.fault(0, err.Error())
		return out
	}
	if !utf8.Valid(data) {
		out.fault(0, "tệp không phải là văn bản UTF-8")
		return out
	}
	head, body, line, err := splitFront(data)
	if err != nil {
		out.fault(1, err.Error())
		return out
	}
	f, faults := parseFront(name, head)
	out.faults = append(out.faults, faults...)
	out.setFront(f)
	sum := sha256.Sum256(data)
	out.article.Hash, out.article.Modified = hex.EncodeToString(sum[:]), s.modified
	if s.shipped {
		out.article.Modified = out.article.Date.Time()
	}
	c.renderBody(out, body, line)
	out.order = model.TextKey(out.article.Title)
	out.close()
	return out
}

func (out *compiled) close() {
	a := &out.article
	out.address = a.Lang + "/" + a.Path
	out.seal = sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%s\n%s\n%x", a.Lang, a.Path, a.Visibility, a.Hash, out.body))
}

func (out *compiled) setFront(f front) {
	lang, rest, _ := strings.Cut(out.name, "/")
	if f.Language != "" {
		lang = f.Language
	}
	out.draft = f.Draft
	out.article = model.Article{
		Lang: lang, Path: strings.TrimSuffix(rest, ".md"), Title: f.Title, Description: f.Description, Date: model.Day(f.Date),
		Order: f.Order, Menu: f.Menu, Visibility: f.Visibility,
	}
}

func (out *compiled) fault(line int, message string) {
	out.faults = append(out.faults, Fault{File: out.name, Line: line, Message: message})
}

func (out *compiled) warn(line int, message string) {
	out.faults = append(out.faults, Fault{File: out.name, Line: line, Message: message, Warning: true})
}

// renderBody renders the text, which starts at the given line of the file.
func (c *compiler) renderBody(out *compiled, body string, line int) {
	m := c.markdown[out.article.Lang]
	if m == nil {
		return // the language is a fault already
	}
	p, err := m.parse(body)
	if err != nil {
		out.fault(line, bodyMessage(err))
		return
	}
	gap := body[:len(body)-len(strings.TrimLeft(body, " \t\n"))] // the parser takes blank lines away
	b := bodyCompiler{compiler: c, out: out, page: p, start: line + strings.Count(gap, "\n")}
	b.headings()
	b.alternatives()
	p.setPictures(b.picture)
	p.setLinks(b.link)
	if out.article.HTML, out.article.Text, err = m.html(p); err != nil {
		out.fault(line, bodyMessage(err))
	}
	out.body = sha256.Sum256([]byte(out.article.HTML))
}

func bodyMessage(err error) string {
	var invalid model.Invalid
	if errors.As(err, &invalid) {
		return invalid["body"]
	}
	return err.Error()
}

// bodyCompiler compiles the text of one article.
type bodyCompiler struct {
	*compiler
	out   *compiled
	page  page
	start int // line of the file on which the text starts
}

func (b *bodyCompiler) line(pos int) int {
	return b.start + bytes.Count(b.page.source[:max(0, min(pos, len(b.page.source)))], []byte("\n"))
}

// headings lists levels 2 and 3 for the contents list.
func (b *bodyCompiler) headings() {
	above := 1
	for _, h := range b.page.setHeadings() {
		b.out.anchors[h.ID] = true
		if h.Level <= 3 {
			b.out.article.Headings = append(b.out.article.Headings, h.Heading)
		}
		switch {
		case h.typed == 1:
			b.out.warn(b.line(h.pos), "tên bài đã là đề mục cấp 1; trong bài hãy bắt đầu từ cấp 2 (##)")
		case h.Level > above+1:
			b.out.warn(b.line(h.pos), "đề mục nhảy cấp")
		}
		above = h.Level
	}
}

// neighbour is the file that a relative address in this article means; ok is false when it leaves the language's folder.
func (b *bodyCompiler) neighbour(address string) (name string, ok bool) {
	lang, _, _ := strings.Cut(b.out.name, "/")
	name = path.Join(path.Dir(b.out.name), address)
	return name, strings.HasPrefix(name, lang+"/")
}

// alternatives warns of pictures without alternative text.
func (b *bodyCompiler) alternatives() {
	for _, n := range b.page.parts.images {
		if b.page.holds(n) && model.Clean(b.page.words(n)) == "" {
			b.out.warn(b.line(n.Pos()), "ảnh chưa có lời mô tả: ![mô tả](tệp)")
		}
	}
}
