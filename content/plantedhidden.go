package content

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

var (
	tinySize    = regexp.MustCompile(`^\s*0*([01](\.\d+)?|\.\d+)\s*(px|pt|em|rem|%)?\s*$`)
	styleRemark = regexp.MustCompile(`(?s)/\*.*?\*/`)
	farAway     = regexp.MustCompile(`-\s*\d{3,}|-\s*\d{2,}(em|rem|vw|vh|%)|\d{4,}`)
)

// hides says why readers do not see the element, "" when they do.
func (f *finds) hides(n *html.Node) string {
	if hasAttribute(n, "hidden") && n.Data != "input" {
		return "hidden"
	}
	if n.Data == "dialog" && !hasAttribute(n, "open") || hasAttribute(n, "popover") {
		return "closed"
	}
	for _, class := range []string{"hide", "skip", "print-only", "narrow"} {
		if hasClass(n, class) && (f.fragment || f.leads(n)) {
			return "class " + class
		}
	}
	if why := hidingStyle(attribute(n, "style")); why != "" {
		return why
	}
	if n.Data == "font" {
		if size := attribute(n, "size"); size == "0" || strings.HasPrefix(size, "-") && len(size) > 1 && size[1] >= '4' {
			return "font size"
		}
		if pale(attribute(n, "color")) {
			return "color"
		}
	}
	return f.tiny(n)
}

// tiny says of a picture, frame or block that is smaller than anybody sees.
func (f *finds) tiny(n *html.Node) string {
	if n.Data == "img" && n.Parent != nil && n.Parent.Data != "a" || n.Namespace == "svg" && n.Data != "a" && !f.fragment { // bars of our charts have a height of 0
		return ""
	}
	for _, key := range []string{"width", "height"} {
		if v := attribute(n, key); v != "" && tinySize.MatchString(v) && n.Data != "col" && n.Data != "td" && n.Data != "table" {
			return key + " " + v
		}
	}
	return ""
}

// hidingStyle says which rule of a style hides what it is for, "" for none.
func hidingStyle(style string) string {
	if style == "" {
		return ""
	}
	rules := map[string]string{}
	for rule := range strings.SplitSeq(strings.ToLower(styleRemark.ReplaceAllString(style, "")), ";") {
		name, value, _ := strings.Cut(rule, ":")
		value = strings.TrimSpace(strings.ReplaceAll(value, "!important", ""))
		rules[strings.TrimSpace(name)] = value
	}
	is := func(name string, values ...string) bool { return slices.Contains(values, rules[name]) }
	away := func(names ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return farAway.MatchString(rules[name]) })
	}
	small := func(name string) bool { return rules[name] != "" && tinySize.MatchString(rules[name]) }
	switch {
	case is("display", "none"):
		return "display:none"
	case is("visibility", "hidden", "collapse"):
		return "visibility:" + rules["visibility"]
	case small("font-size"):
		return "font-size:" + rules["font-size"]
	case transparent(rules["opacity"]):
		return "opacity:" + rules["opacity"]
	case away("left", "top", "right", "bottom", "text-indent", "margin-left", "margin-top", "margin", "transform"):
		return "off-screen"
	case strings.HasPrefix(rules["transform"], "scale(0"), rules["clip"] != "" && rules["clip"] != "auto", strings.HasPrefix(rules["clip-path"], "inset("):
		return "clipped"
	case small("width") || small("height") || small("max-height") || small("max-width") || small("line-height"):
		return "tiny"
	case rules["color"] != "" && sameColour(rules["color"], cmp.Or(rules["background-color"], rules["background"])):
		return "color:" + rules["color"]
	case is("content-visibility", "hidden"):
		return "content-visibility:hidden"
	}
	for _, name := range slices.Sorted(maps.Keys(rules)) {
		if !harmless(name, rules[name]) {
			return "style " + name
		}
	}
	return ""
}

// harmless reports whether a rule of a style, which none of the above is, cannot hide anything. There are too many that can to name them.
func harmless(name, value string) bool {
	if name == "" {
		return true
	}
	if name == "color" {
		c := plainColour(value)
		return len(c) == 7 && c[0] == '#' || !strings.ContainsAny(c, "#(")
	}
	if strings.ContainsAny(value, `\(`) && !strings.HasPrefix(value, "rgb(") && !strings.HasPrefix(value, "rgba(") {
		return strings.HasPrefix(value, "url(") && strings.HasPrefix(name, "background")
	}
	switch name {
	case "text-align", "text-decoration", "text-transform", "text-indent", "font-weight", "font-style", "font-family", "font-size", "vertical-align", "line-height",
		"background", "background-color", "background-image", "width", "height", "max-width", "min-width", "max-height", "min-height",
		"float", "clear", "white-space", "word-wrap":
		return true
	case "display", "position", "visibility", "opacity":
		return slices.Contains([]string{"block", "inline", "inline-block", "table", "static", "relative", "visible", "1"}, value)
	case "margin-left", "margin-top", "margin-right", "margin-bottom", "margin":
		return !strings.Contains(value, "-")
	}
	return strings.HasPrefix(name, "border") || strings.HasPrefix(name, "padding") || strings.HasPrefix(name, "list-style") || strings.HasPrefix(name, "mso-")
}

// transparent reports whether an opacity lets next to nothing be seen.
func transparent(opacity string) bool {
	percent := strings.HasSuffix(opacity, "%")
	v, err := strconv.ParseFloat(strings.TrimSuffix(opacity, "%"), 64)
	if percent {
		v /= 100
	}
	return opacity != "" && err == nil && v < 0.1
}

// sameColour reports whether words of a colour are not seen: on a ground of the same, or, without one, on the light ground of the site.
func sameColour(colour, ground string) bool {
	if ground == "" {
		return pale(colour)
	}
	return plainColour(colour) == plainColour(ground)
}

// pale reports whether a colour is that of paper, or none.
func pale(colour string) bool {
	switch c := plainColour(colour); {
	case c == "transparent", strings.HasSuffix(c, ",0)") && strings.HasPrefix(c, "rgba("):
		return true
	case len(c) == 7 && c[0] == '#':
		v, err := strconv.ParseUint(c[1:], 16, 32)
		return err == nil && v>>16 >= 0xf0 && v>>8&0xff >= 0xf0 && v&0xff >= 0xf0
	}
	return false
}

// plainColour writes a colour in one way: white, #fff and rgb(255,255,255) are the same.
func plainColour(colour string) string {
	c := strings.ToLower(strings.Join(strings.Fields(colour), ""))
	switch c {
	case "white", "snow", "ivory", "whitesmoke":
		return "#ffffff"
	case "black":
		return "#000000"
	}
	if len(c) == 4 && c[0] == '#' {
		return string([]byte{'#', c[1], c[1], c[2], c[2], c[3], c[3]})
	}
	if parts := strings.Split(strings.TrimSuffix(strings.TrimPrefix(c, "rgb("), ")"), ","); strings.HasPrefix(c, "rgb(") && len(parts) == 3 {
		hex := "#"
		for _, p := range parts {
			v, err := strconv.ParseUint(p, 10, 8)
			if err != nil {
				return c
			}
			hex += string("0123456789abcdef"[v>>4]) + string("0123456789abcdef"[v&15])
		}
		return hex
	}
	return c
}
