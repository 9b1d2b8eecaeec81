package content

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"congso/store/model"
)

// place finds the item's section among its categories, and makes tags of the others.
func (w *WXR) place(item *OldItem, n *xmlNode) {
	var slugs, names []string
	for _, kid := range n.kids {
		switch name := htmlText(kid.text); {
		case !kid.is("", "category") || name == "":
		case kid.attribute("domain") == "category":
			slugs, names = append(slugs, kid.attribute("nicename")), append(names, name)
		case kid.attribute("domain") == "post_tag":
			item.Tags = append(item.Tags, name)
		}
	}
	at := w.primary(n, slugs)
	var others []string
	for i, name := range names {
		if i == at {
			item.Section, item.SectionAt = w.section(slugs[i], name)
		} else if !unsorted(slugs[i]) {
			others = append(others, name)
		}
	}
	if len(item.Section) == 0 && n.first("wordpress", "post_type") == "page" && w.PagesSection != "" {
		item.Section = []string{w.PagesSection}
	}
	item.Tags = append(others, item.Tags...)
}

// section is the path of names to a category, and the addresses at which WordPress lists each of them unless told otherwise.
func (w *WXR) section(slug, name string) (names []string, addresses [][]string) {
	names, slugs := w.index.section(slug, name)
	place := w.root() + "category"
	for _, slug := range slugs {
		place += "/" + slug
		at := []string{place, place + "/"}
		if id := w.index.terms[slug].id; id != "" {
			at = append(at, w.root()+"?cat="+id)
		}
		addresses = append(addresses, at)
	}
	return names, addresses
}

// primary is the index of the category that plugins for search engines call the main one, else of the first; -1 for none.
func (w *WXR) primary(n *xmlNode, slugs []string) int {
	for _, key := range []string{"_yoast_wpseo_primary_category", "rank_math_primary_category"} {
		if slug := w.index.termIDs[wxrMeta(n, key)]; slug != "" {
			if i := slices.Index(slugs, slug); i >= 0 {
				return i
			}
		}
	}
	return slices.IndexFunc(slugs, func(slug string) bool { return !unsorted(slug) })
}

// unsorted reports whether a category is the one in which WordPress puts what has none.
func unsorted(slug string) bool {
	return slices.Contains([]string{"uncategorized", "khong-phan-loai", "chua-phan-loai", "chua-duoc-phan-loai"}, slug)
}

// noteCodes names the shortcodes that stay as text.
const noteCodes = "Mã ngắn của WordPress giữ nguyên thành chữ: %s."

// text reads the item's text, and its summary.
func (w *WXR) text(item *OldItem, n *xmlNode, source OldSource) error {
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(n.first("content", "encoded"))
	if err := checkOldText(text); err != nil {
		return err
	}
	item.Summary = htmlText(n.first("excerpt", "encoded"))
	if teaser, rest, ok := wxrTeaser(text); ok && item.Summary == "" {
		item.Summary, text = teaser, rest
	}
	text = wxrCaptions(text)
	if names := wxrCodes(text); len(names) > 0 {
		item.note(noteCodes, strings.Join(names, ", "))
	}
	if !strings.Contains(text, "<!-- wp:") {
		text = wxrParagraphs(text)
	}
	root, err := parseOld(text, "Nội dung")
	if err != nil {
		return err
	}
	dropButtons(root)
	w.describe(root)
	title := item.Title
	notes := item.Notes
	if item.Import, item.Attachments, err = source.Read(root); err != nil {
		item.Title = title
		return err
	}
	item.Title, item.Notes = title, append(notes, item.Notes...)
	return nil
}

var (
	moreMark   = regexp.MustCompile(`<!--\s*more\b[^>]*-->`)
	wpImageID  = regexp.MustCompile(`\bwp-image-(\d{1,12})\b`)
	blockMark  = regexp.MustCompile(`<!--\s*/?wp:more\s*-->`)
	captionBox = regexp.MustCompile(`(?s)\[(?:wp_)?caption([^\]]*)\](.*?)\[/(?:wp_)?caption\]`)
	captionOf  = regexp.MustCompile(`caption=(?:"([^"]*)"|'([^']*)')`)
	captioned  = regexp.MustCompile(`(?is)^(\s*(?:<a\b[^>]*>)?\s*<img\b[^>]*>\s*(?:</a>)?)(.*)$`)
	shortCode  = regexp.MustCompile(`\[(/?)([a-z][a-z0-9_-]{1,60})((?:\s[^\[\]]*)?)/?\]`)
)

// wxrTeaser parts a text at its "more" mark when what stands before is words alone, that a summary can hold: pages show it above the text.
func wxrTeaser(text string) (teaser, rest string, ok bool) {
	at := moreMark.FindStringIndex(text)
	if at == nil {
		return "", text, false
	}
	before := blockMark.ReplaceAllString(text[:at[0]], "")
	teaser = htmlText(before)
	lower := strings.ToLower(before)
	for _, more := range []string{"<img", "<a ", "<table", "<ul", "<ol", "<iframe", "[caption", "[gallery"} {
		if strings.Contains(lower, more) {
			return "", text, false
		}
	}
	if teaser == "" || utf8.RuneCountInString(teaser) > model.MaxSummary {
		return "", text, false
	}
	return teaser, blockMark.ReplaceAllString(text[at[1]:], ""), true
}

// wxrCaptions makes figures of pictures in caption shortcodes.
func wxrCaptions(text string) string {
	return captionBox.ReplaceAllStringFunc(text, func(found string) string {
		parts := captionBox.FindStringSubmatch(found)
		inner := captioned.FindStringSubmatch(parts[2])
		if inner == nil {
			return found
		}
		words := strings.TrimSpace(inner[2])
		if old := captionOf.FindStringSubmatch(parts[1]); words == "" && old != nil { // the form before WordPress 3.4
			words = old[1] + old[2]
		}
		return "\n\n<figure>" + strings.TrimSpace(inner[1]) + "<figcaption>" + words + "</figcaption></figure>\n\n"
	})
}

// wxrCodes are the names of the shortcodes in a text: words in brackets that have attributes, or an end, or are known.
func wxrCodes(text string) (names []string) {
	found := shortCode.FindAllStringSubmatch(text, -1)
	ended := map[string]bool{}
	for _, m := range found {
		ended[m[2]] = ended[m[2]] || m[1] != ""
	}
	for _, m := range found {
		known := slices.Contains([]string{"gallery", "caption", "embed", "video", "audio", "playlist"}, m[2])
		if name := "[" + m[2] + "]"; (known || ended[m[2]] || strings.Contains(m[3], "=")) && !slices.Contains(names, name) && len(names) < 20 {
			names = append(names, name)
		}
	}
	return names
}

// blankLine parts paragraphs of a text that was typed without their elements.
var blankLine = regexp.MustCompile(`\n[ \t\x{a0}]*\n\s*`)

// wxrParagraphs gives a text typed in WordPress's old editor the paragraphs and line breaks that the portal showed: blank lines and line ends
// outside of elements in which they mean nothing.
func wxrParagraphs(text string) string {
	var b strings.Builder
	tokens := html.NewTokenizer(strings.NewReader(text))
	closed := 0     // elements around, in which lines mean nothing
	within := false // a paragraph, whose end need not be written
	for {
		kind := tokens.Next()
		if kind == html.ErrorToken { // the end: a text in memory fails in no other way
			return b.String()
		}
		raw := string(tokens.Raw())
		switch kind {
		case html.TextToken:
			if closed == 0 && !within {
				raw = blankLine.ReplaceAllString(raw, "<p></p>")
				raw = strings.ReplaceAll(raw, "\n", "<br>")
			}
		case html.StartTagToken:
			name, _ := tokens.TagName()
			a := atom.Lookup(name)
			if ownLines(a) {
				closed++
			}
			within = a == atom.P || within && !isBlockElement(&html.Node{DataAtom: a})
		case html.EndTagToken:
			name, _ := tokens.TagName()
			a := atom.Lookup(name)
			if ownLines(a) {
				closed = max(0, closed-1)
			}
			within = within && !isBlockElement(&html.Node{DataAtom: a})
		}
		b.WriteString(raw)
	}
}

// ownLines reports whether line ends within an element are only how its source is written, or are shown as they are.
func ownLines(a atom.Atom) bool {
	switch a {
	case atom.Pre, atom.Table, atom.Ul, atom.Ol, atom.Dl, atom.Script, atom.Style, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Figure, atom.Select:
		return true
	}
	return false
}

// dropButtons takes out the second link to a file that its block shows as a button.
func dropButtons(root *html.Node) {
	var buttons []*html.Node
	for n := range root.Descendants() {
		if n.DataAtom == atom.A && slices.Contains(strings.Fields(attribute(n, "class")), "wp-block-file__button") {
			buttons = append(buttons, n)
		}
	}
	for _, n := range buttons {
		n.Parent.RemoveChild(n)
	}
}

// describe gives pictures without a description that of their upload.
func (w *WXR) describe(root *html.Node) {
	for n := range root.Descendants() {
		if n.DataAtom != atom.Img || strings.TrimSpace(attribute(n, "alt")) != "" {
			continue
		}
		id := wpImageID.FindStringSubmatch(attribute(n, "class"))
		if id == nil || w.index.files[id[1]].alt == "" {
			continue
		}
		n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "alt" })
		n.Attr = append(n.Attr, html.Attribute{Key: "alt", Val: w.index.files[id[1]].alt})
	}
}

// htmlText is the text of a piece of HTML on one line.
func htmlText(text string) string {
	if !strings.ContainsAny(text, "<&") {
		return model.Clean(text)
	}
	var b strings.Builder
	tokens := html.NewTokenizer(strings.NewReader(text))
	skip := 0
	for {
		switch kind := tokens.Next(); kind {
		case html.ErrorToken:
			return model.Clean(b.String())
		case html.TextToken:
			if skip == 0 {
				b.Write(tokens.Text())
			}
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			name, _ := tokens.TagName()
			a := atom.Lookup(name)
			if a == atom.Script || a == atom.Style {
				skip += map[html.TokenType]int{html.StartTagToken: 1, html.EndTagToken: -skip}[kind]
			}
			if a == atom.Br || isBlockElement(&html.Node{DataAtom: a}) {
				b.WriteByte(' ')
			}
		}
	}
}
