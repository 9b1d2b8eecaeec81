package content

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"congso/store/model"
)

// html looks at HTML as a browser reads it.
func (f *finds) html(text string) {
	root, err := f.parse(text)
	if err != nil { // nested more deeply than any text of ours
		f.add(model.FoundHidden, "html", err.Error(), 0)
		return
	}
	f.node(root)
	f.text(root)
}

func (f *finds) parse(text string) (*html.Node, error) {
	if !f.fragment {
		return html.Parse(strings.NewReader(text))
	}
	list, err := html.ParseFragment(strings.NewReader(text), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	root := &html.Node{Type: html.DocumentNode}
	for _, n := range list {
		root.AppendChild(n)
	}
	return root, err
}

// node looks at an element and all in it.
func (f *finds) node(root *html.Node) {
	for n := range root.Descendants() {
		switch n.Type {
		case html.ElementNode:
			f.element(n)
		case html.CommentNode:
			if f.fragment || strings.Contains(n.Data, "<a ") {
				f.comment(n)
			}
		}
	}
}

// comment looks at what stands in a comment: links that were put there for machines.
func (f *finds) comment(n *html.Node) {
	for _, address := range bareAddress.FindAllString(n.Data, -1) {
		f.link(address, n.Data, 0)
	}
	f.words(n.Data, 0)
}

func (f *finds) element(n *html.Node) {
	f.attributes(n)
	f.sort(n)
	if why := f.hides(n); why != "" {
		f.hidden(n, why)
	}
}

// sort looks at what kind of element it is.
func (f *finds) sort(n *html.Node) {
	switch n.Data {
	case "script":
		if src := attribute(n, "src"); f.fragment || src == "" && !dataScript(n) || src != "" && !strings.HasPrefix(src, "/static/") {
			f.add(model.FoundScript, cmp.Or(model.LinkHost(src), src, "script"), outer(n), 0)
		}
	case "style":
		f.add(model.FoundScript, "style", outer(n), 0)
	case "link":
		if rel := strings.ToLower(attribute(n, "rel")); f.fragment || strings.Contains(rel, "stylesheet") && !strings.HasPrefix(attribute(n, "href"), "/static/") {
			f.add(model.FoundScript, "link "+attribute(n, "href"), outer(n), 0)
		}
	case "iframe", "frame", "object", "embed", "applet", "portal":
		f.add(model.FoundFrame, cmp.Or(model.LinkHost(cmp.Or(attribute(n, "src"), attribute(n, "data"))), n.Data), outer(n), 0)
	case "form":
		if action := attribute(n, "action"); f.fragment || model.LinkHost(action) != "" && model.LinkHost(action) != f.guard.own {
			f.add(model.FoundForm, cmp.Or(model.LinkHost(action), action, "form"), outer(n), 0)
		}
	case "meta":
		if strings.EqualFold(attribute(n, "http-equiv"), "refresh") {
			f.add(model.FoundRefresh, attribute(n, "content"), outer(n), 0)
		}
	case "base", "marquee", "svg", "math", "noscript", "template", "noembed", "noframes", "xmp", "plaintext", "textarea", "title":
		if f.fragment {
			f.add(model.FoundScript, n.Data, outer(n), 0)
		}
	}
}

// dataScript reports whether a script element holds data that no browser runs.
func dataScript(n *html.Node) bool {
	kind := strings.ToLower(attribute(n, "type"))
	return kind == "application/ld+json" || kind == "application/json"
}

// styleAddress is an address in a style.
var styleAddress = regexp.MustCompile(`(?i)url\(\s*["']?([^"')]*)`)

// attributes looks at what an element's attributes do and where they lead.
func (f *finds) attributes(n *html.Node) {
	for _, a := range n.Attr {
		switch key := strings.ToLower(a.Key); {
		case strings.HasPrefix(key, "on") && len(key) > 2:
			f.add(model.FoundEvent, key+" "+a.Val, outer(n), 0)
		case key == "srcdoc" || key == "ping":
			f.add(model.FoundFrame, key+" "+a.Val, outer(n), 0)
		case slices.Contains([]string{"href", "src", "action", "formaction", "data", "background", "poster", "cite", "longdesc", "lowsrc", "dynsrc", "codebase", "manifest"}, key):
			f.address(n, key, a.Val)
		case key == "style":
			for _, m := range styleAddress.FindAllStringSubmatch(a.Val, -1) {
				f.address(n, key, m[1])
			}
		case key == "srcset" || key == "imagesrcset":
			for part := range strings.SplitSeq(a.Val, ",") {
				if address, _, _ := strings.Cut(strings.TrimSpace(part), " "); address != "" {
					f.address(n, key, address)
				}
			}
		}
	}
}

// address looks at the address in an attribute. Pictures of a page may be data within limits of ours; nothing of ours uses that.
func (f *finds) address(n *html.Node, key, address string) {
	if n.Data == "form" || n.Data == "iframe" || n.Data == "script" {
		return // told by their kind
	}
	words := strings.Join(strings.Fields(nodeWords(n)), " ")
	f.link(address, words, 0)
	if n.Data == "a" && key == "href" {
		f.words(strings.NewReplacer("-", " ", "/", " ", ".", " ", "_", " ", "+", " ", "%20", " ").Replace(address), 0)
	}
}

// hidden adds an element that readers do not see, when there are words or links in it.
func (f *finds) hidden(n *html.Node, why string) {
	words := strings.Join(strings.Fields(nodeWords(n)), " ")
	if !f.leads(n) && (words == "" || ownHidden(n, f.fragment)) {
		return
	}
	f.add(model.FoundHidden, why+": "+words, outer(n), 0)
}

// ownHidden reports whether it is a page of ours that hides these words: for those who hear the page, or a button that waits for its script.
func ownHidden(n *html.Node, fragment bool) bool {
	if fragment || attribute(n, "style") != "" {
		return false
	}
	return n.Data == "button" || hasClass(n, "hide") || hasClass(n, "skip")
}

// leads reports whether the element is a link to another host, or has one in it. In a record's text any link counts.
func (f *finds) leads(n *html.Node) bool {
	abroad := func(n *html.Node) bool {
		href := attribute(n, "href")
		return n.Type == html.ElementNode && n.Data == "a" && href != "" && (f.fragment || model.LinkHost(href) != "" && model.LinkHost(href) != f.guard.own)
	}
	if abroad(n) {
		return true
	}
	for d := range n.Descendants() {
		if abroad(d) {
			return true
		}
	}
	return false
}

// text looks at the words of each block, as they are read together.
func (f *finds) text(root *html.Node) {
	var b strings.Builder
	flush := func() {
		f.words(b.String(), 0)
		b.Reset()
	}
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		switch n.Type {
		case html.TextNode:
			b.WriteString(n.Data)
			return
		case html.ElementNode:
			if n.Data == "script" || n.Data == "style" {
				return
			}
			for _, key := range []string{"alt", "title", "aria-label", "content", "value", "placeholder"} {
				f.words(attribute(n, key), 0)
			}
			if !withinLine(n.Data) {
				flush()
				defer flush()
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
	flush()
}

func withinLine(name string) bool {
	return slices.Contains([]string{"a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike",
		"strong", "sub", "sup", "time", "tt", "u", "var", "wbr"}, name)
}

func hasAttribute(n *html.Node, key string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return strings.EqualFold(a.Key, key) })
}

func hasClass(n *html.Node, class string) bool {
	return slices.Contains(strings.Fields(attribute(n, "class")), class)
}

// nodeWords are the words in an element.
func nodeWords(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

const maxOuter = 400 // bytes

// outer is the beginning of an element as it is written.
func outer(n *html.Node) string {
	var b strings.Builder
	if err := html.Render(&b, n); err != nil && b.Len() == 0 {
		return n.Data
	}
	if text := b.String(); len(text) > maxOuter {
		return strings.ToValidUTF8(text[:maxOuter], "")
	}
	return b.String()
}
