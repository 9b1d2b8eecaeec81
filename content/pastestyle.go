package content

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name && a.Namespace == "" {
			return a.Val
		}
	}
	return ""
}

// styleOf are the declarations of an element's style attribute.
func styleOf(n *html.Node) map[string]string {
	style := map[string]string{}
	for declaration := range strings.SplitSeq(attribute(n, "style"), ";") {
		name, value, _ := strings.Cut(declaration, ":")
		style[strings.ToLower(strings.TrimSpace(name))] = strings.TrimSpace(value)
	}
	return style
}

// hidden reports whether nobody sees the element, or it is no part of the text.
func hidden(n *html.Node, style map[string]string) bool {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Head, atom.Nav, atom.Noscript, atom.Template, atom.Iframe, atom.Object, atom.Svg, atom.Button,
		atom.Input, atom.Select, atom.Textarea, atom.Audio, atom.Video, atom.Canvas:
		return true
	}
	return outOfSight(n, style)
}

// outOfSight reports whether the element is hidden by its style or its attribute.
func outOfSight(n *html.Node, style map[string]string) bool {
	for _, a := range n.Attr {
		if a.Key == "hidden" {
			return true
		}
	}
	return style["display"] == "none" || style["visibility"] == "hidden" || style["mso-hide"] == "all" || style["mso-list"] == "Ignore"
}

// isBlockElement reports whether the element stands apart from the text before and after it.
func isBlockElement(n *html.Node) bool {
	switch n.DataAtom {
	case atom.P, atom.Div, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Li, atom.Blockquote, atom.Pre, atom.Figure,
		atom.Figcaption, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Main, atom.Aside, atom.Address, atom.Center,
		atom.Dl, atom.Dt, atom.Dd, atom.Form, atom.Fieldset, atom.Body, atom.Html, atom.Details, atom.Summary, atom.Caption,
		atom.Tr, atom.Td, atom.Th, atom.Tbody, atom.Option:
		return true
	}
	return false
}

var (
	captionClass  = regexp.MustCompile(`(?i)(?:^|[\s_-])(?:mso)?caption(?:$|[\s_-])`)
	contentsClass = regexp.MustCompile(`(?:^|\s)MsoToc(?:\d|Heading)`)
)

func isContents(n *html.Node) bool { return contentsClass.MatchString(attribute(n, "class")) }

// with is the state within an element.
func (s pasteState) with(n *html.Node, style map[string]string) pasteState {
	s.tag(n)
	s.css(style)
	switch align := strings.ToLower(style["text-align"] + attribute(n, "align")); {
	case !isBlockElement(n) || align == "":
	default:
		s.centred, s.right = strings.HasPrefix(align, "center"), strings.HasPrefix(align, "right")
	}
	class := attribute(n, "class")
	switch {
	case !isBlockElement(n):
	case strings.Contains(class, "MsoTitle"):
		s.role = titleRole
	case captionClass.MatchString(class) || n.DataAtom == atom.Figcaption:
		s.role = captionRole
	case strings.Contains(class, "MsoQuote") || strings.Contains(class, "MsoIntenseQuote"):
		s.role = quoteRole
	}
	return s
}

// tag applies what the element's name means.
func (s *pasteState) tag(n *html.Node) {
	switch n.DataAtom {
	case atom.B, atom.Strong, atom.Dt:
		s.bold = true
	case atom.I, atom.Em, atom.Cite, atom.Dfn:
		s.italic = true
	case atom.S, atom.Strike, atom.Del:
		s.strike = true
	case atom.Sup:
		s.raised = "superscript"
	case atom.Sub:
		s.raised = "subscript"
	case atom.Font:
		if face := attribute(n, "face"); face != "" {
			s.font = firstFont(face)
		}
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		s.kind, s.level = headingBlock, int(n.Data[1]-'0')
	case atom.Blockquote:
		s.role = quoteRole
	case atom.Pre:
		s.pre = true
	case atom.Center:
		s.centred = true
	}
}

// css applies the declarations that say how text looks.
func (s *pasteState) css(style map[string]string) {
	switch weight := strings.ToLower(style["font-weight"]); weight {
	case "bold", "bolder", "600", "700", "800", "900":
		s.bold = true
	case "normal", "lighter", "100", "200", "300", "400", "500":
		s.bold = false
	}
	switch strings.ToLower(style["font-style"]) {
	case "italic", "oblique":
		s.italic = true
	case "normal":
		s.italic = false
	}
	if strings.Contains(style["text-decoration"]+style["text-decoration-line"], "line-through") {
		s.strike = true
	}
	switch strings.ToLower(style["vertical-align"]) {
	case "super":
		s.raised = "superscript"
	case "sub":
		s.raised = "subscript"
	case "baseline":
		s.raised = ""
	}
	if font := style["font-family"]; font != "" {
		s.font = firstFont(font)
	}
	if space := style["white-space"]; space == "pre" || space == "pre-wrap" && style["font-family"] == "" {
		s.pre = true
	}
}

func firstFont(list string) string {
	first, _, _ := strings.Cut(list, ",")
	return strings.Trim(first, `"' `)
}

// pixels is the width or height that an img element names, 0 when it does not.
func pixels(n *html.Node, style map[string]string, name string) int {
	value := attribute(n, name)
	if value == "" {
		value = style[name]
	}
	size, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(value), "px"), 64)
	if err != nil || size < 0 || size > 100_000 {
		return 0
	}
	return int(size)
}
