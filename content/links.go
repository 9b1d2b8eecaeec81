package content

import (
	"bytes"
	"net/url"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"

	"congso/store/model"
)

// setLinks replaces the address of each link by what resolve makes of it; pos is the link's place in the source. A link that resolve
// refuses becomes the text it has.
func (p page) setLinks(resolve func(pos int, address string) (string, bool)) {
	for _, n := range p.parts.links {
		if !p.holds(n) {
			continue // went with a heading or a picture around it
		}
		address, ok := resolve(n.Pos(), string(util.URLEscape(n.Destination, true)))
		if !ok {
			unwrap(n)
			continue
		}
		n.Destination = []byte(address)
	}
	for _, n := range p.parts.autoLinks {
		if !p.holds(n) {
			continue
		}
		label := n.Label(p.source)
		address, ok := resolve(n.Pos(), autoAddress(n, p.source))
		if !ok {
			n.Parent().ReplaceChild(n.Parent(), n, rawString(label))
			continue
		}
		link := ast.NewLink()
		link.Destination = []byte(address)
		link.AppendChild(link, rawString(label))
		n.Parent().ReplaceChild(n.Parent(), n, link)
	}
}

func autoAddress(n *ast.AutoLink, source []byte) string {
	address := util.URLEscape(n.URL(source), false)
	if n.AutoLinkType == ast.AutoLinkEmail && !bytes.HasPrefix(bytes.ToLower(address), []byte("mailto:")) {
		return "mailto:" + string(address)
	}
	return string(address)
}

func rawString(b []byte) ast.Node {
	s := ast.NewString(b)
	s.SetRaw(true)
	return s
}

// unwrap puts the children of n in its place.
func unwrap(n ast.Node) {
	parent := n.Parent()
	for c := n.FirstChild(); c != nil; c = n.FirstChild() {
		n.RemoveChild(n, c)
		parent.InsertBefore(parent, n, c)
	}
	parent.RemoveChild(parent, n)
}

// allowedLink reports whether a link may lead to the address: http, https, mailto, tel, and places on this site.
func allowedLink(address string) bool {
	u, err := url.Parse(address)
	if err != nil || address == "" {
		return false
	}
	switch u.Scheme {
	case "http", "https":
		return u.Host != ""
	case "mailto", "tel":
		return u.Opaque != ""
	}
	return u.Scheme == "" && u.Host == "" && !strings.HasPrefix(address, "//") && !strings.Contains(address, `\`)
}

// external reports whether an allowed address leads out of the site.
func external(address string) bool {
	lower := strings.ToLower(address[:min(len(address), len("https://"))])
	return strings.HasPrefix(lower, "http:") || strings.HasPrefix(lower, "https:")
}

// media collects the uploaded files that a text uses.
type media struct{ hashes []string }

var mediaAddress = regexp.MustCompile(`^/media/([0-9a-f]{64})/`)

func (m *media) note(address string) {
	match := mediaAddress.FindStringSubmatch(address)
	if match == nil {
		return
	}
	for _, h := range m.hashes {
		if h == match[1] {
			return
		}
	}
	m.hashes = append(m.hashes, match[1])
}

func (m *media) link(address string) (string, bool) {
	m.note(address)
	return address, allowedLink(address)
}

// picture takes a picture of the site's own; without a size when the address does not tell it.
func (m *media) picture(address string) (model.Picture, bool) {
	m.note(address)
	if p, ok := model.ParsePicture(address); ok {
		return p, true
	}
	return model.Picture{Src: address}, ownPicture.MatchString(address)
}
