package content

import (
	"encoding/xml"
	"strconv"
	"strings"
)

// maxListLevel is the deepest level of a list that Word has.
const maxListLevel = 9

// listLevel is how items of one level of a list are numbered.
type listLevel struct {
	start  int
	format string // decimal, bullet, lowerLetter
	text   string // with %1 for the number of the first level
	style  string // of paragraphs that are on this level
}

// wordList is w:num: a list, with the shape that it shares with others.
type wordList struct {
	shape  string
	starts map[int]int // levels at which this list begins anew
}

// wordLists are the lists of a document and how far each has counted.
type wordLists struct {
	shapes map[string]*[maxListLevel]listLevel
	linked map[string]string // shapes that are those of a style
	styled map[string]string // style of lists to its shape
	lists  map[string]wordList
	counts map[string]*[maxListLevel]int // by shape
	begun  map[string]bool               // lists that have begun anew
	ids    map[string]int
}

func (f *wordFile) lists(part string) (*wordLists, error) {
	l := &wordLists{
		shapes: map[string]*[maxListLevel]listLevel{}, linked: map[string]string{}, styled: map[string]string{},
		lists: map[string]wordList{}, counts: map[string]*[maxListLevel]int{}, begun: map[string]bool{}, ids: map[string]int{},
	}
	_, err := f.part(part, func(x *xmlReader, _ xml.StartElement) error {
		return x.children(func(e xml.StartElement) error {
			switch e.Name.Local {
			case "abstractNum":
				return l.readShape(x, attr(e, "abstractNumId"))
			case "num":
				return l.readList(x, attr(e, "numId"))
			}
			return x.skip()
		})
	})
	return l, err
}

func (l *wordLists) readShape(x *xmlReader, id string) error {
	shape := &[maxListLevel]listLevel{}
	l.shapes[id] = shape
	return x.children(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "numStyleLink":
			l.linked[id] = attr(e, "val")
		case "styleLink":
			l.styled[attr(e, "val")] = id
		case "lvl":
			if n, ok := levelNumber(attr(e, "ilvl")); ok {
				return shape[n].read(x)
			}
		}
		return x.skip()
	})
}

func levelNumber(value string) (int, bool) {
	n, err := strconv.Atoi(value)
	return n, err == nil && n >= 0 && n < maxListLevel
}

func (v *listLevel) read(x *xmlReader) error {
	v.start, v.format = 1, "decimal"
	return x.children(func(e xml.StartElement) error {
		value := attr(e, "val")
		switch e.Name.Local {
		case "start":
			v.start = listStart(value)
		case "numFmt":
			v.format = value
		case "lvlText":
			v.text = value
		case "pStyle":
			v.style = value
		}
		return x.skip()
	})
}

// listStart reads a start of counting; odd ones are 1.
func listStart(value string) int {
	n, err := strconv.Atoi(value)
	if err != nil || n < 0 || n > 1_000_000 {
		return 1
	}
	return n
}

func (l *wordLists) readList(x *xmlReader, id string) error {
	list := wordList{starts: map[int]int{}}
	err := x.children(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "abstractNumId":
			list.shape = attr(e, "val")
		case "lvlOverride":
			n, ok := levelNumber(attr(e, "ilvl"))
			return x.children(func(e xml.StartElement) error {
				if ok && e.Name.Local == "startOverride" {
					list.starts[n] = listStart(attr(e, "val"))
				}
				return x.skip()
			})
		}
		return x.skip()
	})
	l.lists[id] = list
	return err
}

// shape of a list, found by its style where it is that of one.
func (l *wordLists) shape(list wordList) (string, *[maxListLevel]listLevel) {
	id := list.shape
	if style, ok := l.linked[id]; ok && l.styled[style] != "" {
		id = l.styled[style]
	}
	return id, l.shapes[id]
}

// next counts an item of a list on a level, or the one that belongs to the style where no level is given. It is nil without a list.
func (l *wordLists) next(listID, ilvl, style string) (m *itemMark, level int) {
	list, ok := l.lists[listID]
	id, levels := l.shape(list)
	if !ok || levels == nil {
		return nil, 0
	}
	level, ok = levelNumber(ilvl)
	for i := range levels {
		if !ok && style != "" && levels[i].style == style {
			level = i
		}
	}
	level = max(0, min(level, maxListLevel-1))
	m = &itemMark{list: l.id(id), number: l.count(listID, list, id, levels, level)}
	m.ordered, m.label = l.sign(id, levels, level)
	if levels[level].format == "none" && m.label == "" {
		return nil, 0
	}
	return m, level
}

func (l *wordLists) id(shape string) int {
	if l.ids[shape] == 0 {
		l.ids[shape] = len(l.ids) + 1
	}
	return l.ids[shape]
}

// count moves the list on: a list counts on where another of its shape stopped, unless it says that it begins anew.
func (l *wordLists) count(listID string, list wordList, shape string, levels *[maxListLevel]listLevel, level int) int {
	counts := l.counts[shape]
	if counts == nil {
		counts = &[maxListLevel]int{}
		for i := range counts {
			counts[i] = levels[i].start - 1
		}
		l.counts[shape] = counts
	}
	if !l.begun[listID] {
		l.begun[listID] = true
		for i, start := range list.starts {
			counts[i] = start - 1
		}
	}
	counts[level]++
	for i := level + 1; i < maxListLevel; i++ {
		counts[i] = levels[i].start - 1
		if start, ok := list.starts[i]; ok {
			counts[i] = start - 1
		}
	}
	for i := range level {
		counts[i] = max(counts[i], levels[i].start) // a level that was left out counts as begun
	}
	return counts[level]
}

// sign tells a plain number from a bullet and from a sign of words or letters, which is kept as text: "điểm a" must not become 1.
func (l *wordLists) sign(shape string, levels *[maxListLevel]listLevel, level int) (ordered bool, label string) {
	v := levels[level]
	own := "%" + strconv.Itoa(level+1)
	switch {
	case v.format == "bullet":
		return false, ""
	case v.format == "decimal" && (v.text == own+"." || v.text == own+")" || v.text == own):
		return true, ""
	}
	label = v.text
	for i := range maxListLevel {
		label = strings.ReplaceAll(label, "%"+strconv.Itoa(i+1), numeral(levels[i].format, l.counts[shape][i]))
	}
	return false, strings.TrimSpace(label)
}

// numeral writes a number in one of the formats of w:numFmt.
func numeral(format string, n int) string {
	switch format {
	case "lowerLetter":
		return letters(n)
	case "upperLetter":
		return strings.ToUpper(letters(n))
	case "lowerRoman":
		return strings.ToLower(roman(n))
	case "upperRoman":
		return roman(n)
	case "decimalZero":
		if n < 10 {
			return "0" + strconv.Itoa(n)
		}
	case "none":
		return ""
	}
	return strconv.Itoa(n)
}

// letters counts a to z, then aa to zz, as Word does.
func letters(n int) string {
	if n < 1 || n > 26*10 {
		return strconv.Itoa(n)
	}
	return strings.Repeat(string(rune('a'+(n-1)%26)), (n-1)/26+1)
}

func roman(n int) string {
	if n < 1 || n > 3999 {
		return strconv.Itoa(n)
	}
	var b strings.Builder
	values := []int{1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1}
	signs := []string{"M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"}
	for i, v := range values {
		for ; n >= v; n -= v {
			b.WriteString(signs[i])
		}
	}
	return b.String()
}
