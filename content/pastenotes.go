package content

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxNoteLinks bounds the search for notes.
const maxNoteLinks = 500

// findNotes finds footnotes: a link to a place in the page from which another leads back. Word, LibreOffice, Google Docs and web pages
// mark them by different names, but all so. It returns the elements that hold the notes, in the order of their references.
func (r *pasteReader) findNotes(root *html.Node) []*html.Node {
	places := map[string]*html.Node{}
	var links []*html.Node
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		for _, name := range []string{attribute(n, "id"), attribute(n, "name")} {
			if name != "" && places[name] == nil {
				places[name] = n
			}
		}
		if n.DataAtom == atom.A && len(attribute(n, "href")) > 1 && attribute(n, "href")[0] == '#' {
			links = append(links, n)
		}
	}
	var holders []*html.Node
	back := map[*html.Node]bool{}
	for _, link := range links[:min(len(links), maxNoteLinks)] {
		target := places[attribute(link, "href")[1:]]
		if target == nil || back[link] || len(strings.TrimSpace(nodeText(link))) > 12 {
			continue
		}
		holder := holderOf(target)
		if within(holder, link) {
			continue
		}
		answer := answering(holder, link)
		if answer == nil {
			continue
		}
		back[answer], r.gone[answer], r.gone[holder] = true, true, true
		i := slices.Index(holders, holder)
		if i < 0 {
			i = len(holders)
			holders = append(holders, holder)
		}
		r.refs[link] = i
	}
	for n := range root.Descendants() {
		if style := styleOf(n); len(holders) > 0 && (style["mso-element"] == "footnote-list" || style["mso-element"] == "endnote-list") {
			r.gone[n] = true
		}
	}
	return holders
}

// holderOf is the element that holds the whole note at a place.
func holderOf(target *html.Node) *html.Node {
	var paragraph *html.Node
	for n := target; n != nil; n = n.Parent {
		element := styleOf(n)["mso-element"]
		switch {
		case n.DataAtom == atom.Li, n.DataAtom == atom.Dd, element == "footnote", element == "endnote":
			return n
		case n.DataAtom == atom.Div && n.Parent != nil && (strings.HasPrefix(attribute(n, "id"), "sdfootnote") || strings.HasPrefix(attribute(n, "id"), "sdendnote")):
			return n
		case n.DataAtom == atom.P && paragraph == nil:
			paragraph = n
		}
	}
	if paragraph != nil {
		return paragraph
	}
	return target
}

// answering is the link within a note that leads back to the place of the reference.
func answering(holder, ref *html.Node) *html.Node {
	names := []string{attribute(ref, "id"), attribute(ref, "name")}
	for n, up := ref.Parent, 0; n != nil && up < 2; n, up = n.Parent, up+1 {
		names = append(names, attribute(n, "id"))
	}
	for n := range holder.Descendants() {
		if n.DataAtom != atom.A || n == ref {
			continue
		}
		if place, ok := strings.CutPrefix(attribute(n, "href"), "#"); ok && place != "" && slices.Contains(names, place) {
			return n
		}
	}
	return nil
}

func within(holder, n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == holder {
			return true
		}
	}
	return false
}

// readNote reads a note without the rule above the list of notes.
func (r *pasteReader) readNote(holder *html.Node) []block {
	blocks := r.read(holder, pasteState{})
	return slices.DeleteFunc(blocks, func(b block) bool { return b.kind == ruleBlock })
}
