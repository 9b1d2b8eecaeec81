package content

import (
	"encoding/xml"
	"regexp"
	"strconv"
	"strings"

	"congso/store/model"
)

// textStyle is how a run of text looks; nil means as the style it is based on.
type textStyle struct {
	bold, italic, strike, caps, hidden *bool
	raised                             string // superscript, subscript
	font                               string
}

// wordStyle is one entry of styles.xml.
type wordStyle struct {
	name, based string
	text        textStyle
	outline     int // level of a heading from 1; 0 for none
	align       string
	list, level string // numId and ilvl
}

// wordStyles are the styles by id, what is in force where no style says otherwise, and the default paragraph style.
type wordStyles struct {
	byID     map[string]wordStyle
	defaults textStyle
	normal   string
}

func (f *wordFile) styles(part string) (wordStyles, error) {
	s := wordStyles{byID: map[string]wordStyle{}}
	_, err := f.part(part, func(x *xmlReader, _ xml.StartElement) error {
		return x.children(func(e xml.StartElement) error {
			switch e.Name.Local {
			case "docDefaults":
				return x.children(func(e xml.StartElement) error {
					if e.Name.Local != "rPrDefault" {
						return x.skip()
					}
					return x.children(func(e xml.StartElement) error { return s.defaults.read(x, e) })
				})
			case "style":
				return s.read(x, e)
			}
			return x.skip()
		})
	})
	return s, err
}

func (s *wordStyles) read(x *xmlReader, e xml.StartElement) error {
	var style wordStyle
	id := attr(e, "styleId")
	if attr(e, "type") == "paragraph" && attr(e, "default") != "" && on(xml.StartElement{Attr: []xml.Attr{{Name: xml.Name{Local: "val"}, Value: attr(e, "default")}}}) {
		s.normal = id
	}
	err := x.children(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "name":
			style.name = attr(e, "val")
		case "basedOn":
			style.based = attr(e, "val")
		case "rPr":
			return style.text.read(x, e)
		case "pPr":
			return x.children(func(e xml.StartElement) error { return style.readParagraph(x, e) })
		}
		return x.skip()
	})
	s.byID[id] = style
	return err
}

func (s *wordStyle) readParagraph(x *xmlReader, e xml.StartElement) error {
	switch e.Name.Local {
	case "outlineLvl":
		s.outline = outlineLevel(attr(e, "val"))
	case "jc":
		s.align = attr(e, "val")
	case "numPr":
		return x.children(func(e xml.StartElement) error {
			switch e.Name.Local {
			case "numId":
				s.list = attr(e, "val")
			case "ilvl":
				s.level = attr(e, "val")
			}
			return x.skip()
		})
	}
	return x.skip()
}

// outlineLevel is the heading's level for w:outlineLvl, whose 9 means text.
func outlineLevel(value string) int {
	n, err := strconv.Atoi(value)
	if err != nil || n < 0 || n > 8 {
		return 0
	}
	return n + 1
}

// read reads w:rPr. What revisions say of the look before is in elements of its own and skipped.
func (t *textStyle) read(x *xmlReader, _ xml.StartElement) error {
	return t.readAnd(x, func(xml.StartElement) {})
}

func (t *textStyle) readAnd(x *xmlReader, also func(xml.StartElement)) error {
	return x.children(func(e xml.StartElement) error {
		also(e)
		value := on(e)
		switch e.Name.Local {
		case "b":
			t.bold = &value
		case "i":
			t.italic = &value
		case "strike", "dstrike":
			t.strike = &value
		case "caps":
			t.caps = &value
		case "vanish", "webHidden":
			t.hidden = &value
		case "vertAlign":
			t.raised = attr(e, "val")
		case "rFonts":
			for _, name := range []string{"ascii", "hAnsi"} {
				if font := attr(e, name); font != "" {
					t.font = font
				}
			}
		}
		return x.skip()
	})
}

// over lays t over the style below it.
func (t textStyle) over(below textStyle) textStyle {
	pick := func(a, b *bool) *bool {
		if a != nil {
			return a
		}
		return b
	}
	out := textStyle{
		bold: pick(t.bold, below.bold), italic: pick(t.italic, below.italic), strike: pick(t.strike, below.strike),
		caps: pick(t.caps, below.caps), hidden: pick(t.hidden, below.hidden), raised: t.raised, font: t.font,
	}
	if out.raised == "" {
		out.raised = below.raised
	}
	if out.font == "" {
		out.font = below.font
	}
	return out
}

func is(b *bool) bool { return b != nil && *b }

// maxBased is how many styles may be based on each other: more are a circle.
const maxBased = 20

// chain is the style and those that it is based on.
func (s wordStyles) chain(id string) []wordStyle {
	var out []wordStyle
	for range maxBased {
		style, ok := s.byID[id]
		if !ok {
			break
		}
		out, id = append(out, style), style.based
	}
	return out
}

func (s wordStyles) text(id string) textStyle {
	var out textStyle
	for _, style := range s.chain(id) {
		out = out.over(style.text)
	}
	return out
}

var (
	headingName = regexp.MustCompile(`^(?:heading|tieu de|dau de|de muc|muc) ?([1-9])$`)
	titleName   = regexp.MustCompile(`^(?:title|tieu de|ten bai|tieu de bai|tieu de tin|tieu de van ban)$`)
	captionName = regexp.MustCompile(`^(?:.*caption|chu thich(?: anh| hinh)?|illustration|figure|drawing)$`)
	quoteName   = regexp.MustCompile(`^(?:quote|intense quote|block text|quotations|trich dan)$`)
	tocName     = regexp.MustCompile(`^(?:toc (?:heading|[1-9])|contents (?:heading|[1-9])|muc luc [1-9])$`)
)

// paragraphStyle is what a style makes of a paragraph.
type paragraphStyle struct {
	role     paragraphRole
	level    int // of a heading
	contents bool
	align    string
	list     string
	ilvl     string
}

// paragraph reads the styles' names, which tell their use whatever the language of the program, and their levels.
func (s wordStyles) paragraph(id string) paragraphStyle {
	var out paragraphStyle
	chain := s.chain(id)
	if len(chain) == 0 {
		chain = []wordStyle{{name: id}}
	}
	for _, style := range chain {
		name := strings.Join(strings.Fields(model.Fold(style.name)), " ")
		heading := headingName.FindStringSubmatch(name)
		switch {
		case out.level > 0 || out.role != plainRole || out.contents:
		case tocName.MatchString(name):
			out.contents = true
		case heading != nil:
			out.level, _ = strconv.Atoi(heading[1]) // one digit
		case titleName.MatchString(name):
			out.role = titleRole
		case captionName.MatchString(name):
			out.role = captionRole
		case quoteName.MatchString(name):
			out.role = quoteRole
		case style.outline > 0:
			out.level = style.outline
		}
		if out.align == "" {
			out.align = style.align
		}
		if out.list == "" {
			out.list = style.list
		}
		if out.ilvl == "" {
			out.ilvl = style.level
		}
	}
	return out
}
