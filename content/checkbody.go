package content

import (
	"fmt"
	"net/url"
	"sort"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"

	"congso/store/model"
)

// markdown checks a text as the renderer reads it.
func (c *checker) markdown(field, source string) {
	c.nfc(field, 0, source)
	source = strings.ReplaceAll(source, "\r\n", "\n")
	m := markdown{parser: newParser()}
	p, err := m.parse(source)
	if err != nil {
		c.block(RuleTangled, bodyMessage(err), field, 0, "")
		return
	}
	if c.know.Look != nil {
		c.planted(field, 0, c.know.Look.Markdown(source))
	}
	b := bodyCheck{checker: c, page: p, field: field}
	gap := source[:len(source)-len(strings.TrimLeft(source, " \t\n"))] // the parser takes blank lines away
	b.first = 1 + strings.Count(gap, "\n")
	b.indexLines()
	b.headings()
	b.links()
	b.texts()
	b.pictures()
}

// bodyCheck checks one Markdown text.
type bodyCheck struct {
	*checker
	page    page
	field   string
	first   int   // line of the field on which the parsed text starts
	breaks  []int // places of the line breaks
	anchors map[string]bool
}

func (b *bodyCheck) indexLines() {
	for i, c := range b.page.source {
		if c == '\n' {
			b.breaks = append(b.breaks, i)
		}
	}
}

func (b *bodyCheck) line(pos int) int { return b.first + sort.SearchInts(b.breaks, pos) }

func (b *bodyCheck) headings() {
	b.anchors = map[string]bool{}
	above := 1
	for _, h := range b.page.setHeadings() {
		b.anchors[h.ID] = true
		switch {
		case h.typed == 1:
			b.ask(RuleHeadings, "Đề mục cấp 1 là tiêu đề của trang. Trong bài hãy bắt đầu từ cấp 2 (##).", b.field, b.line(h.pos), h.Text)
		case h.Level > above+1:
			b.ask(RuleHeadings, fmt.Sprintf("Đề mục nhảy từ cấp %d sang cấp %d. Hãy đổi thành cấp %d để người nghe máy đọc không tưởng là sót một phần.", above, h.Level, above+1),
				b.field, b.line(h.pos), h.Text)
		}
		above = h.Level
	}
}

func (b *bodyCheck) links() {
	for _, n := range nodes[*ast.Link](b.page.root) {
		b.address(n.Pos(), string(util.URLEscape(n.Destination, true)))
	}
	for _, n := range nodes[*ast.AutoLink](b.page.root) {
		b.address(n.Pos(), autoAddress(n, b.page.source))
	}
}

func (b *bodyCheck) address(pos int, address string) {
	anchor, local := strings.CutPrefix(address, "#")
	if !local {
		b.link(b.field, b.line(pos), address)
		return
	}
	if name, err := url.PathUnescape(anchor); err != nil || !b.anchors[name] {
		b.ask(RuleAnchor, "Liên kết dẫn tới một đề mục không có trong bài. Hãy chọn lại đề mục.", b.field, b.line(pos), address)
	}
}

// pictures checks each picture with the caption that it is going to have.
func (b *bodyCheck) pictures() {
	addresses := map[string]string{}
	b.page.setPictures(func(pos int, address string) (model.Picture, bool) {
		key := strconv.Itoa(pos)
		addresses[key] = address
		return model.Picture{Src: key}, true
	})
	b.page.makeFigures()
	for _, f := range nodes[*figure](b.page.root) {
		b.picture(f.picture, model.Clean(b.page.words(f)), addresses)
	}
	for _, n := range nodes[*picture](b.page.root) {
		b.picture(n, n.title, addresses)
	}
}

func (b *bodyCheck) picture(p *picture, caption string, addresses map[string]string) {
	pos, err := strconv.Atoi(p.Src)
	if err != nil {
		b.err = fmt.Errorf("place of picture: %w", err)
		return
	}
	line, address := b.line(pos), addresses[p.Src]
	b.words(b.field, line, p.alt, caption, address)
	var uses media
	if _, ok := uses.picture(address); !ok {
		b.block(RulePicture, "Ảnh này không nằm trên cổng nên sẽ không hiện. Hãy tải ảnh lên rồi chèn lại.", b.field, line, address)
		return
	}
	b.link(b.field, line, address)
}

// texts checks the words of each paragraph, heading and table cell.
func (b *bodyCheck) texts() {
	_ = ast.Walk(b.page.root, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // the callback returns no error
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n.Kind() {
		case ast.KindParagraph, ast.KindTextBlock, ast.KindHeading, extast.KindTableCell:
			text, places := b.text(n)
			b.prose(b.field, text, func(at int) int { return b.line(places.source(at)) })
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkContinue, nil
	})
}

// places says where in the source pieces of a text come from.
type places []struct{ text, source int }

func (p places) source(at int) int {
	i := sort.Search(len(p), func(i int) bool { return p[i].text > at })
	if i == 0 {
		return 0
	}
	return p[i-1].source
}

// noWord stands for what is not read, such as code: it parts the words around it.
const noWord = "\uFFFC"

// text is what the reader sees of a block, without code.
func (b *bodyCheck) text(block ast.Node) (string, places) {
	var text strings.Builder
	var from places
	_ = ast.Walk(block, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // the callback returns no error
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text:
			from = append(from, struct{ text, source int }{text.Len(), n.Segment.Start})
			text.Write(b.page.textOf(n))
			switch {
			case n.HardLineBreak():
				text.WriteByte('\n')
			case n.SoftLineBreak():
				text.WriteByte(' ')
			}
		case *ast.String, *ast.CodeSpan, *ast.AutoLink, *ast.Image:
			text.WriteString(noWord)
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkContinue, nil
	})
	return text.String(), from
}

// link checks an address that readers may follow.
func (c *checker) link(field string, line int, address string) {
	u, err := url.Parse(address)
	switch {
	case err != nil || !allowedLink(address):
		c.block(RuleLink, "Liên kết này không dùng được và sẽ bị bỏ. Hãy dùng địa chỉ bắt đầu bằng https:// hoặc chọn một trang của cổng.", field, line, address)
	case u.Scheme == "tel":
		if _, kind, err := model.ParsePhone(u.Opaque); err == nil && kind == model.NumberMobile {
			c.phone(field, line, u.Opaque)
		}
	case u.Scheme == "mailto":
	case u.Scheme != "" && !c.own(u):
		c.host(field, line, strings.TrimSuffix(strings.ToLower(u.Hostname()), "."), address)
	default:
		base := url.URL{Path: c.at}
		c.page(field, line, base.ResolveReference(&url.URL{Path: u.Path}).Path, address)
	}
}

func (c *checker) own(u *url.URL) bool {
	return c.know.Own != "" && (strings.EqualFold(u.Host, c.know.Own) || strings.EqualFold(u.Hostname(), c.know.Own))
}

func (c *checker) page(field string, line int, path, address string) {
	switch path {
	case "":
		path = "/"
	case c.at:
		return
	}
	if there, ok := c.known(c.pages, path, c.know.Page, field); ok && !there {
		c.block(RuleDeadLink, "Trang này của cổng không có hoặc chưa đăng. Hãy sửa địa chỉ hoặc bỏ liên kết.", field, line, address)
	}
}

func (c *checker) host(field string, line int, host, address string) {
	_, asked := c.hosts[host]
	if known, ok := c.known(c.hosts, host, c.know.Host, field); ok && !known && !asked {
		c.ask(RuleNewSite, fmt.Sprintf("Chưa ai duyệt cho cổng dẫn tới %s. Hãy mở thử; nếu không phải do mình chèn, hãy xóa liên kết và báo quản trị.", host), field, line, address)
	}
}

// known asks once for each key; ok is false when there is no answer.
func (c *checker) known(answers map[string]bool, key string, ask func(string) (bool, error), field string) (answer, ok bool) {
	if answer, ok = answers[key]; ok || ask == nil || c.err != nil {
		return answer, ok
	}
	if len(answers) >= maxAsked {
		if c.counts[RuleMany] == 0 {
			c.ask(RuleMany, fmt.Sprintf("Bài có hơn %d liên kết khác nhau; những liên kết sau đó chưa được kiểm tra.", maxAsked), field, 0, "")
		}
		return false, false
	}
	answer, err := ask(key)
	if err != nil {
		c.err = fmt.Errorf("check link %q: %w", key, err)
		return false, false
	}
	answers[key] = answer
	return answer, true
}
