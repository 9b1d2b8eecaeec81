package content

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"congso/store/model"
)

// maxOldParts is how many parts (elements and the texts between them) an old HTML text may have: each takes some hundred bytes of memory.
const maxOldParts = 300_000

// parseOld makes a tree of an HTML text. What cannot be read is model.Invalid for the field "body"; subject is what people call the text.
func parseOld(text, subject string) (*html.Node, error) {
	if len(text) > maxOldText {
		return nil, badOld("%s lớn quá %s.", subject, model.FileSize(maxOldText))
	}
	if oldParts(text) > maxOldParts {
		return nil, badOld("%s có quá %s thẻ HTML.", subject, model.Group(maxOldParts))
	}
	root, err := html.Parse(strings.NewReader(text))
	if err != nil { // reading a string fails for nesting only
		return nil, badOld("%s có các phần lồng nhau quá sâu, không đọc được.", subject)
	}
	return root, nil
}

// oldParts is at most how many parts the tree of a text will have, no further than maxOldParts: what is bold and never ended is bold anew in each
// paragraph that follows, so that few tags can make many elements.
func oldParts(text string) (parts int) {
	var open openLooks
	tokens := html.NewTokenizer(strings.NewReader(text))
	for parts <= maxOldParts {
		switch kind := tokens.Next(); kind {
		case html.ErrorToken: // the end: a text in memory fails in no other way
			return parts
		case html.TextToken:
			parts += 1 + open.count
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			raw := string(tokens.Raw())
			name, _ := tokens.TagName()
			if tag := atom.Lookup(name); kind == html.EndTagToken {
				open.end(tag)
				parts++ // one without a beginning can be an element too
			} else {
				parts += 1 + open.count
				open.begin(tag, raw)
			}
		}
	}
	return parts
}

// openLooks are the elements for the look of words that have begun and not ended.
type openLooks struct {
	tags  map[atom.Atom][]string // as they were typed, by name
	alike map[string]int
	count int // of which at most three are alike, as HTML has it
}

func (o *openLooks) begin(tag atom.Atom, raw string) {
	switch tag {
	case atom.A, atom.B, atom.Big, atom.Code, atom.Em, atom.Font, atom.I, atom.Nobr, atom.S, atom.Small, atom.Strike, atom.Strong, atom.Tt, atom.U:
	default:
		return
	}
	if o.tags == nil {
		o.tags, o.alike = map[atom.Atom][]string{}, map[string]int{}
	}
	o.tags[tag] = append(o.tags[tag], raw)
	if o.alike[raw]++; o.alike[raw] <= 3 {
		o.count++
	}
}

func (o *openLooks) end(tag atom.Atom) {
	typed := o.tags[tag]
	if len(typed) == 0 {
		return
	}
	last := typed[len(typed)-1]
	o.tags[tag] = typed[:len(typed)-1]
	if o.alike[last]--; o.alike[last] < 3 {
		o.count--
	}
}
