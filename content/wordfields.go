package content

import (
	"regexp"
	"strings"
)

// maxFields is how many fields may be within each other; Word itself stops at 20.
const maxFields = 200

func (r *wordReader) fieldChar(kind string) {
	switch last := len(r.fields) - 1; {
	case kind == "begin" && len(r.fields) < maxFields:
		r.fields = append(r.fields, field{})
	case kind == "separate" && last >= 0:
		r.fields[last].result = true
		r.fields[last].link = r.allowed(fieldLink(r.fields[last].code))
	case kind == "end" && last >= 0:
		r.fields = r.fields[:last]
	}
}

// instruction reads a piece of a field's instruction.
func (r *wordReader) instruction(x *xmlReader) error {
	code, err := x.text()
	if last := len(r.fields) - 1; err == nil && last >= 0 && !r.fields[last].result {
		if err = r.spend(len(code)); err == nil {
			r.fields[last].code += code
		}
	}
	return err
}

// shown reports whether text belongs to the page: a field's instruction does not.
func (r *wordReader) shown() bool {
	for _, f := range r.fields {
		if !f.result {
			return false
		}
	}
	return true
}

// link is the address of the innermost link around the place.
func (r *wordReader) link() string {
	for i := len(r.fields) - 1; i >= 0; i-- {
		if r.fields[i].link != "" {
			return r.fields[i].link
		}
	}
	return ""
}

// hyperlink is the address of w:hyperlink; one to a place in the document has none.
func (r *wordReader) hyperlink(id string) string {
	rel, ok := r.rels[id]
	if !ok {
		return ""
	}
	if !rel.external {
		r.doc.remarks.add(noteBadLink)
		return ""
	}
	return r.allowed(rel.target)
}

// allowed is the address, or "" with a note when a link may not lead there.
func (r *wordReader) allowed(address string) string {
	address, ok := outwardLink(address)
	if !ok && address != "" {
		r.doc.remarks.add(noteBadLink)
	}
	if !ok {
		return ""
	}
	return address
}

// outwardLink cleans an address and reports whether it leads to a web site, a mailbox or a telephone.
func outwardLink(address string) (string, bool) {
	address = strings.NewReplacer(" ", "%20", "\t", "", "\n", "", "\r", "", "\u00a0", "%20").Replace(strings.TrimSpace(address))
	scheme, _, ok := strings.Cut(address, ":")
	switch strings.ToLower(scheme) {
	case "http", "https", "mailto", "tel":
		return address, ok && allowedLink(address)
	}
	return address, false
}

var hyperlinkField = regexp.MustCompile(`(?i)^\s*HYPERLINK\s+(?:"([^"]*)"|([^"\s\\]\S*))(?:.*\\l\s+"([^"]*)")?`)

// fieldLink is the address in the instruction of a HYPERLINK field: HYPERLINK "http://a.example" \l "place".
func fieldLink(code string) string {
	m := hyperlinkField.FindStringSubmatch(code)
	if m == nil || m[1]+m[2] == "" {
		return ""
	}
	if m[3] != "" {
		return m[1] + m[2] + "#" + m[3]
	}
	return m[1] + m[2]
}
