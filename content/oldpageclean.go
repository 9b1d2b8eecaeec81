package content

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"congso/store/model"
)

// maxExtra is how long a line may be, in bytes, that is only there for whoever looks at the page, and how many nodes it may have.
const maxExtra = 160

var (
	// toolWords are what links say that do something with the page.
	toolWords = foldedSet(`quay lại|trở lại|trở về|quay về|về trang trước|trang trước|về đầu trang|đầu trang|in trang|in bài viết|bản in|in tin|in|gửi email|gửi mail|email|
		gửi cho bạn bè|gửi bài viết|chia sẻ|lưu trang|đóng cửa sổ|đóng|phóng to|thu nhỏ|back|print|facebook|zalo|twitter`)

	// listWords stand above lists of other items.
	listWords = foldedSet(`các tin cùng chuyên mục|tin cùng chuyên mục|bài cùng chuyên mục|tin liên quan|các tin liên quan|tin bài liên quan|bài viết liên quan|
		các bài viết liên quan|tin khác|các tin khác|tin tức khác|các tin đã đưa|tin đã đưa|các tin mới|tin mới|tin mới nhất|tin mới hơn|tin cũ hơn|những tin mới hơn|những tin cũ hơn|
		các bài viết khác|bài viết khác|các bài khác|xem thêm|đọc thêm|tin đọc nhiều|tin xem nhiều`)

	counter = regexp.MustCompile(`^(?:tong (?:so )?)?(?:so )?(?:luot|lan) (?:truy cap|xem|doc)\b|^tong (?:so )?truy cap\b|^dang (?:online|truy cap)\b|^da (?:xem|doc)\s*:|^(?:views?|hits?)\s*:`)
)

func foldedSet(words string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.SplitSeq(words, "|") {
		set[model.Fold(model.Clean(word))] = true
	}
	return set
}

// dropExtras takes out of a text the links that do something with the page, lists of other items below their heading, and counters.
func dropExtras(body *html.Node) {
	var extras []*html.Node
	for n := range body.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		words, short := shortText(n)
		folded := strings.Trim(model.Fold(words), " <>«»[]()|:.…*-–")
		switch {
		case n.DataAtom == atom.A && (strings.Contains(strings.ToLower(attribute(n, "href")), "history.") || short && toolWords[folded]):
			extras = append(extras, n)
		case short && listWords[folded] && !sameText(n.Parent, words) && endsText(n, body):
			extras = append(extras, listBelow(n)...)
		case short && isBlockElement(n) && counter.MatchString(folded):
			extras = append(extras, n)
		}
	}
	for _, n := range extras {
		remove(n)
	}
}

// shortText is the text of an element on one line, if it is short enough to be an extra.
func shortText(n *html.Node) (words string, short bool) {
	var b strings.Builder
	nodes := 0
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data + " ")
		}
		if nodes++; nodes > maxExtra || b.Len() > 4*maxExtra {
			return "", false
		}
	}
	words = model.Clean(b.String())
	return words, words != "" && len(words) <= maxExtra
}

// sameText reports whether an element has those words and no others.
func sameText(n *html.Node, words string) bool {
	all, short := shortText(n)
	return short && all == words
}

// endsText reports whether after an element there are only links up to the end of the element that holds both.
func endsText(n, body *html.Node) bool {
	for next := n.NextSibling; next != nil; next = next.NextSibling {
		if !onlyLinks(next) {
			return false
		}
	}
	return n != body
}

// listBelow is a heading with the links that follow it.
func listBelow(n *html.Node) (list []*html.Node) {
	for ; n != nil; n = n.NextSibling {
		list = append(list, n)
	}
	return list
}

// onlyLinks reports whether nothing but links has letters, dates and the like aside.
func onlyLinks(n *html.Node) bool {
	if n.DataAtom == atom.A || n.Type == html.CommentNode {
		return true
	}
	if n.Type == html.TextNode {
		return strings.IndexFunc(n.Data, unicode.IsLetter) < 0
	}
	for c := range n.ChildNodes() {
		if !onlyLinks(c) {
			return false
		}
	}
	return n.DataAtom != atom.Img
}

// maxByline is the longest line at the end of a text that is taken for its author, in characters.
const maxByline = 60

var (
	sourceLine = regexp.MustCompile(`(?i)^\(?\s*(?:nguồn(?: tin)?\s*:|theo\s*:?)\s*([^()]{2,80}?)\s*\)?$`)
	signature  = regexp.MustCompile(`^(?:tm|kt|tl|tuq|q)\s*\.|giam doc|chu tich|truong phong|chanh van phong|noi nhan|noi gui|da ky`)
)

// takeByline takes the author's name off the end of a text, a short bold line on the right, and the line on the right that names the source.
// The name below an office on a signed letter stays.
func takeByline(body *html.Node) (byline, source string) {
	for range 2 {
		n := lastParagraph(body)
		if n == nil || !onRight(n, body) {
			return byline, source
		}
		line := oldValue(n)
		if m := sourceLine.FindStringSubmatch(line); m != nil && source == "" {
			source = m[1]
			remove(n)
			continue
		}
		if !isBold(n) || !isByline(line) {
			return byline, source
		}
		next, parent := n.NextSibling, n.Parent
		remove(n)
		if above := lastParagraph(body); above != nil && onRight(above, body) && isBold(above) {
			parent.InsertBefore(n, next)
			return byline, source
		}
		return line, source
	}
	return byline, source
}

func isByline(line string) bool {
	return utf8.RuneCountInString(line) <= maxByline && strings.IndexFunc(line, unicode.IsLetter) >= 0 && strings.IndexFunc(line, unicode.IsDigit) < 0 &&
		!strings.ContainsAny(line, "?!;:") && !signature.MatchString(model.Fold(line))
}

// lastParagraph is the last element with words that holds no other paragraph, nil when the words stand in the text itself.
func lastParagraph(n *html.Node) *html.Node {
	for c := n.LastChild; c != nil; c = c.PrevSibling {
		if c.Type == html.CommentNode || c.DataAtom != atom.Img && oldText(c) == "" && pictures(c) == 0 {
			continue
		}
		if !isBlockElement(c) {
			return nil
		}
		if inner := lastParagraph(c); inner != nil {
			return inner
		}
		return c
	}
	return nil
}

// oldText is the text of any node on one line.
func oldText(n *html.Node) string {
	if n.Type == html.TextNode {
		return model.Clean(n.Data)
	}
	return oldValue(n)
}

// onRight reports whether a paragraph of the body stands on the right.
func onRight(n, body *html.Node) bool {
	for ; n != nil && n != body; n = n.Parent {
		align := strings.ToLower(styleOf(n)["text-align"] + attribute(n, "align"))
		class := " " + strings.ToLower(attribute(n, "class")) + " "
		switch {
		case strings.HasPrefix(align, "right"), strings.Contains(class, "text-right"), strings.Contains(class, " right "), strings.Contains(class, "author"), strings.Contains(class, "tacgia"):
			return true
		case align != "":
			return false
		}
	}
	return false
}

// isBold reports whether all words of an element are bold.
func isBold(n *html.Node) bool {
	var s pasteState
	for around := n.Parent; around != nil; around = around.Parent {
		s.bold = s.bold || around.DataAtom == atom.B || around.DataAtom == atom.Strong
	}
	return boldWithin(n, s)
}

func boldWithin(n *html.Node, s pasteState) bool {
	if n.Type == html.TextNode {
		return s.bold || model.Clean(n.Data) == ""
	}
	s = s.with(n, styleOf(n))
	for c := range n.ChildNodes() {
		if !boldWithin(c, s) {
			return false
		}
	}
	return true
}
