package content

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"congso/store/model"
)

// errNoPage is that of a page in which no selector finds a text.
var errNoPage = errors.New("không tìm thấy nội dung bài trong trang: hãy kiểm tra bộ chọn (--selectors)")

const (
	noteOldFileDay = "Chỉ có ngày lưu tệp, lấy làm ngày đăng: %s."
	noteOldAsked   = "Trang không ghi ngày đăng: lấy ngày %s như đã yêu cầu."
	noteOldSummary = "Tóm tắt dài hơn %s ký tự nên để ở đầu nội dung."
	noteOldComma   = "Xem lại dấu phẩy: %s"
)

// oldPage is a page being read.
type oldPage struct {
	root    *html.Node
	kind    OldSelectors
	encoded Encoding // of the words of the page, "" when they are in Unicode
	item    OldItem
	taken   []*html.Node // parts that were read, and are not of the text
}

// parsePage makes a tree of a saved page, with its words repaired, and chooses the selectors for it.
func parsePage(data []byte, kinds []OldSelectors) (*oldPage, error) {
	p := &oldPage{}
	if len(data) > maxOldText {
		return p, badOld("Trang lớn quá %s.", model.FileSize(maxOldText))
	}
	if isArchive(data) {
		return p, badOld("%s", noteArchive)
	}
	text, note := decodePage(data)
	var err error
	if p.root, err = parseOld(text, "Trang"); err != nil {
		return p, err
	}
	if note != "" {
		p.item.note("%s", note)
	}
	if repairPage(p.root) {
		p.item.note(noteMojibake)
	}
	p.encoded = DetectLegacy(shownText(p.root))
	for _, kind := range kinds {
		if p.kind = kind; kind.marked(p.root) {
			return p, nil
		}
	}
	return p, nil
}

const noteArchive = "Trang lưu dạng MHTML (tất cả trong một tệp .mht, .mhtml), lệnh này không đọc: hãy mở bằng trình duyệt, lưu lại dạng “Trang web, đầy đủ”."

var mailHead = regexp.MustCompile(`(?im)^(?:MIME-Version:|Content-Type:\s*multipart/related)`)

// isArchive reports whether a file begins as pages do that were saved with all that they show in one file (MHTML, RFC 2557).
func isArchive(data []byte) bool {
	return !bytes.HasPrefix(bytes.TrimSpace(data), []byte("<")) && mailHead.Match(data[:min(len(data), headBytes)])
}

// line is what the element says, in Unicode.
func (p *oldPage) line(n *html.Node) string {
	if n == nil {
		return ""
	}
	return p.unicode(oldValue(n))
}

// unicode is a line of the page with an encoding from before Unicode undone.
func (p *oldPage) unicode(line string) string {
	e := DetectLegacy(line)
	if e == "" && p.encoded != "" && count(line, p.encoded).fits() {
		e = p.encoded
	}
	return model.Clean(RepairLegacy(line, e))
}

// take is the first line that the selectors find; what says it is no part of the text.
func (p *oldPage) take(list oldSelectorList) string {
	n := list.first(p.root)
	if n != nil {
		p.taken = append(p.taken, n)
	}
	return p.line(n)
}

// read reads the item that the page is about. Its addresses and date are for whoever knows where the page lay.
func (p *oldPage) read(source OldSource) error {
	p.item.Title = cmp.Or(p.take(p.kind.Title), p.windowTitle())
	p.section()
	p.item.PublishAt, _ = p.kind.dateOfPage(p.root)
	p.item.Byline, p.item.Source = p.named(p.kind.Byline), p.named(p.kind.Source)
	p.tags()
	p.taken = append(p.taken, p.kind.Date.all(p.root)...)
	summary := p.kind.Summary.first(p.root)
	for _, n := range p.kind.Drop.every(p.root) {
		remove(n)
	}
	body := p.body()
	if body == nil {
		return errNoPage
	}
	p.clean(body)
	p.summary(summary, body)
	return p.text(source, body)
}

// named is a line without the words that say what it is: "Tác giả: T. Minh", "Viết bởi T. Minh".
func (p *oldPage) named(list oldSelectorList) string {
	line := p.take(list)
	if word, name, ok := strings.Cut(line, ":"); ok && slices.Contains([]string{"tac gia", "tac gia bai viet", "nguoi viet", "nguoi dang", "bai", "bai viet", "tin", "tin, anh", "bai, anh", "nguon", "nguon tin", "theo", "author", "source"}, model.Fold(word)) {
		return model.Clean(name)
	}
	for _, said := range []string{"viết bởi ", "đăng bởi ", "written by "} {
		if len(line) > len(said) && strings.EqualFold(line[:len(said)], said) {
			return model.Clean(line[len(said):])
		}
	}
	return line
}

// windowTitle is the title of the page's window, without the portal's name after or before it.
func (p *oldPage) windowTitle() string {
	for n := range p.root.Descendants() {
		if n.DataAtom != atom.Title || n.Namespace != "" {
			continue
		}
		longest := ""
		for part := range strings.SplitSeq(strings.NewReplacer(" | ", "\n", " - ", "\n", " – ", "\n", " :: ", "\n", " » ", "\n").Replace(p.unicode(oldValue(n))), "\n") {
			if part = model.Clean(part); utf8.RuneCountInString(part) > utf8.RuneCountInString(longest) {
				longest = part
			}
		}
		return longest
	}
	return ""
}

// section is the last name that the first successful selector finds which is neither the title's nor the home page's: breadcrumbs end with
// the title.
func (p *oldPage) section() {
	title := model.Fold(p.item.Title)
	for _, s := range p.kind.Section {
		found := outermost(cascadia.QueryAll(p.root, s.match))
		for _, n := range slices.Backward(found) {
			name := strings.Trim(p.line(n), " /›»>|-")
			folded := model.Fold(name)
			cut := strings.TrimRight(folded, " .…")
			if cut != "" && folded != title && (cut == folded || !strings.HasPrefix(title, cut)) && folded != "trang chu" && folded != "home" && utf8.RuneCountInString(name) <= maxOldLine {
				p.item.Section = []string{name}
				p.taken = append(p.taken, n)
				return
			}
		}
	}
}

// tags are the names that the first successful selector finds, or those parted by commas in the only one.
func (p *oldPage) tags() {
	found := p.kind.Tags.all(p.root)
	p.taken = append(p.taken, found...)
	for _, n := range found {
		for name := range strings.SplitSeq(p.line(n), ",") {
			if name = strings.TrimLeft(model.Clean(name), "#"); name != "" {
				p.item.Tags = append(p.item.Tags, name)
			}
		}
	}
}

// body is the element that holds the text: of those that the first successful selector finds, the one with the most words.
func (p *oldPage) body() *html.Node {
	for _, s := range p.kind.Body {
		var best *html.Node
		most := 0
		for _, n := range cascadia.QueryAll(p.root, s.match) {
			if hidden(n, styleOf(n)) || best != nil && within(best, n) {
				continue
			}
			if words := utf8.RuneCountInString(oldValue(n)) + pictures(n); words > most {
				best, most = n, words
			}
		}
		if best != nil {
			return best
		}
	}
	return nil
}

func pictures(n *html.Node) (count int) {
	for c := range n.Descendants() {
		if c.DataAtom == atom.Img {
			count++
		}
	}
	return count
}

// clean takes out of the body what was read elsewhere and what is no part of the text, and finds the byline at its end.
func (p *oldPage) clean(body *html.Node) {
	for _, n := range p.taken {
		if n != body && within(body, n) && !within(n, body) {
			remove(n)
		}
	}
	dropExtras(body)
	byline, source := takeByline(body)
	p.item.Byline, p.item.Source = cmp.Or(p.item.Byline, p.unicode(byline)), cmp.Or(p.item.Source, p.unicode(source))
}

// summary takes the summary, or puts one that is too long for it at the beginning of the body.
func (p *oldPage) summary(n, body *html.Node) {
	line := p.line(n)
	if line == "" || within(n, body) {
		return
	}
	remove(n)
	if utf8.RuneCountInString(line) <= model.MaxSummary {
		p.item.Summary = line
		return
	}
	body.InsertBefore(n, body.FirstChild)
	p.item.note(noteOldSummary, model.Group(model.MaxSummary))
}

// remove takes a node out of the page.
func remove(n *html.Node) {
	if n.Parent != nil {
		n.Parent.RemoveChild(n)
	}
}

// text reads the body.
func (p *oldPage) text(source OldSource, body *html.Node) error {
	read, files, err := source.Read(body)
	if err != nil {
		return err
	}
	title, notes := p.item.Title, p.item.Notes
	p.item.Import, p.item.Attachments = read, files
	p.item.Title, p.item.Notes = cmp.Or(title, read.Title), append(notes, read.Notes...)
	if p.encoded != "" && !read.Repaired {
		p.item.note(strings.Replace(noteLegacy, "%s", "%[1]s", 1), p.encoded)
	}
	return p.ask()
}

// ask notes where two offices seem to lack the comma between them: who reads the report sees the sentence to look at.
func (p *oldPage) ask() error {
	findings, err := CheckNews(model.News{Title: p.item.Title, Summary: p.item.Summary, Body: p.item.Body}, Known{})
	if invalid := (model.Invalid{}); errors.As(err, &invalid) {
		return badOld("%s", invalid["body"])
	}
	if err != nil {
		return fmt.Errorf("check: %w", err)
	}
	for _, f := range findings {
		if f.Rule == RuleComma {
			p.item.note(noteOldComma, f.Message)
		}
	}
	return nil
}

// savedFrom is what programs that save pages note of where each stood: browsers and SingleFile the whole address, HTTrack one without scheme.
var savedFrom = regexp.MustCompile(`(?:^|\s)(?:saved from url=\(\d+\)|url:\s*)(https?://\S+)|^\s*Mirrored from (\S+) by HTTrack`)

// sayings are the addresses that the page says are its own: the canonical one, that for social networks, and that from which it was saved.
func (p *oldPage) sayings() (list []*url.URL) {
	for n := range p.root.Descendants() {
		said := ""
		switch {
		case n.Type == html.CommentNode:
			if m := savedFrom.FindStringSubmatch(n.Data); m != nil && m[2] != "" {
				said = "http://" + m[2]
			} else if m != nil {
				said = m[1]
			}
		case n.DataAtom == atom.Link && strings.EqualFold(attribute(n, "rel"), "canonical"):
			said = attribute(n, "href")
		case n.DataAtom == atom.Meta && attribute(n, "property") == "og:url":
			said = attribute(n, "content")
		}
		if u, err := url.Parse(strings.TrimSpace(said)); said != "" && err == nil {
			list = append(list, u)
		}
	}
	return list
}

// base is the address that the page says its relative addresses are relative to, nil when it says none.
func (p *oldPage) base() *url.URL {
	for n := range p.root.Descendants() {
		if href := strings.TrimSpace(attribute(n, "href")); n.DataAtom == atom.Base && href != "" {
			u, err := url.Parse(href)
			if err != nil {
				return nil
			}
			return u
		}
	}
	return nil
}
