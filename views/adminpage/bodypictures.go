package adminpage

import (
	"regexp"
	"strings"

	"congso/views/layout"
)

// pictured matches a picture in Markdown: its alternative text, its address, its caption.
var pictured = regexp.MustCompile(`!\[((?:[^\]\\]|\\.)*)\]\(([^\s()]+)(?:\s+"((?:[^"\\]|\\.)*)")?\)`)

var (
	escaped = regexp.MustCompile(`\\(.)`)
	special = strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`)
)

// mostPictures is how many pictures of a text have fields beside it.
const mostPictures = 100

// bodyPicture is a picture in the text of an item.
type bodyPicture struct {
	Address, Alt, Caption string // the words on one line
	start, end            int    // of the alternative text in the Markdown
}

// picturesOf are the first pictures in a Markdown text, in order.
func picturesOf(text string) []bodyPicture {
	var list []bodyPicture
	for _, at := range pictured.FindAllStringSubmatchIndex(text, mostPictures) {
		p := bodyPicture{Alt: oneLine(text[at[2]:at[3]]), Address: text[at[4]:at[5]], start: at[2], end: at[3]}
		if at[6] >= 0 {
			p.Caption = oneLine(text[at[6]:at[7]])
		}
		list = append(list, p)
	}
	return list
}

func oneLine(text string) string {
	return strings.Join(strings.Fields(escaped.ReplaceAllString(text, "$1")), " ")
}

// PutPictureWords puts the alternative texts typed beside the pictures of the body into the body. A picture whose words were not changed there,
// or that is no longer in the body as it was shown, stays as it is.
func PutPictureWords(f *layout.Form) {
	addresses, before, typed := f.All("picture"), f.All("picture_was"), f.All("picture_alt")
	if len(addresses) == 0 || len(before) != len(addresses) || len(typed) != len(addresses) {
		return
	}
	type shown struct{ address, alt string }
	words := map[shown][]string{} // typed for the pictures that were shown like this, in order
	for i, address := range addresses {
		as := shown{address, before[i]}
		words[as] = append(words[as], strings.Join(strings.Fields(typed[i]), " "))
	}
	body, at, out := f.Raw("body"), 0, strings.Builder{}
	for _, p := range picturesOf(body) {
		as := shown{p.Address, p.Alt}
		if len(words[as]) == 0 {
			continue
		}
		if next := words[as][0]; next != p.Alt {
			out.WriteString(body[at:p.start] + special.Replace(next))
			at = p.end
		}
		words[as] = words[as][1:]
	}
	f.Values.Set("body", out.String()+body[at:])
}
