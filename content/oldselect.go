package content

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"congso/store/model"
)

// OldSelectors say where the parts of an old portal's pages stand, as CSS selectors (Selectors Level 3). Of each list the first that finds
// words is used. A meta element says its content attribute, a time element its datetime.
type OldSelectors struct {
	Marks    oldSelectorList `toml:"marks"` // of pages of this kind: one that is there is enough
	Title    oldSelectorList `toml:"title"`
	Section  oldSelectorList `toml:"section"`
	Body     oldSelectorList `toml:"body"`
	Date     oldSelectorList `toml:"date"`
	Byline   oldSelectorList `toml:"byline"`
	Source   oldSelectorList `toml:"source"`
	Summary  oldSelectorList `toml:"summary"`
	Tags     oldSelectorList `toml:"tags"`
	Contacts oldSelectorList `toml:"contacts"` // boxes with names and telephone numbers; all that they find is read
	Drop     oldSelectorList `toml:"drop"`     // what is no part of the text; all that they find goes
}

// oldSelector is a selector ready for use.
type oldSelector struct{ match cascadia.SelectorGroup }

// UnmarshalText reads a selector, or a list of them parted by commas.
func (s *oldSelector) UnmarshalText(text []byte) error {
	match, err := cascadia.ParseGroup(string(text))
	if err != nil {
		return fmt.Errorf("bộ chọn %q không đúng cú pháp CSS: %w", text, err)
	}
	s.match = match
	return nil
}

type oldSelectorList []oldSelector

//go:embed presets/*.toml
var presetFiles embed.FS

// OldPresets are the names of the selectors that come with the program, in the order in which a page is tried for their marks.
func OldPresets() []string { return []string{"dnn", "liferay", "nukeviet", "other"} }

// OldPreset is the file of the selectors of that name, to start one's own from. The error is fs.ErrNotExist when there is none.
func OldPreset(name string) (string, error) {
	if !slices.Contains(OldPresets(), name) {
		return "", fmt.Errorf("preset %q: %w; there are %s", name, fs.ErrNotExist, strings.Join(OldPresets(), ", "))
	}
	text, err := presetFiles.ReadFile(path.Join("presets", name+".toml"))
	return string(text), err
}

// ReadOldSelectors reads a file of selectors. name is the file's, for errors, which say the line.
func ReadOldSelectors(name, text string) (OldSelectors, error) {
	var s OldSelectors
	meta, err := toml.Decode(text, &s)
	if fault := (toml.ParseError{}); errors.As(err, &fault) {
		return s, fmt.Errorf("%s:%d: %w", name, fault.Position.Line, err)
	}
	if err != nil {
		return s, fmt.Errorf("%s: %w", name, err)
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return s, fmt.Errorf("%s: không có mục %q", name, unknown[0].String())
	}
	if len(s.Body) == 0 {
		return s, fmt.Errorf("%s: thiếu mục \"body\", nơi có nội dung bài", name)
	}
	return s, nil
}

// oldPresets are the selectors of all presets, or of the one of that name.
func oldPresets(name string) (list []OldSelectors, err error) {
	for _, preset := range OldPresets() {
		if name != "" && name != "auto" && preset != name {
			continue
		}
		text, err := OldPreset(preset)
		if err != nil {
			return nil, err
		}
		s, err := ReadOldSelectors(preset+".toml", text)
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	if len(list) == 0 {
		_, err = OldPreset(name)
	}
	return list, err
}

// marked reports whether a page is of the kind of the selectors. Those without marks are for any page.
func (s OldSelectors) marked(root *html.Node) bool {
	return len(s.Marks) == 0 || slices.ContainsFunc(s.Marks, func(mark oldSelector) bool { return cascadia.Query(root, mark.match) != nil })
}

// first is the first element with words that the first successful selector finds, nil for none.
func (l oldSelectorList) first(root *html.Node) *html.Node {
	if found := l.all(root); len(found) > 0 {
		return found[0]
	}
	return nil
}

// all are the elements with words that the first successful selector finds, none within another.
func (l oldSelectorList) all(root *html.Node) []*html.Node {
	for _, s := range l {
		if found := outermost(cascadia.QueryAll(root, s.match)); len(found) > 0 {
			return found
		}
	}
	return nil
}

// every is all elements that any of the selectors finds.
func (l oldSelectorList) every(root *html.Node) (found []*html.Node) {
	for _, s := range l {
		found = append(found, cascadia.QueryAll(root, s.match)...)
	}
	return found
}

// outermost are the elements with words that are within no other of the list, which is in the order of the page.
func outermost(list []*html.Node) (out []*html.Node) {
	seen := map[*html.Node]bool{}
	for _, n := range list {
		around := n.Parent
		for around != nil && !seen[around] {
			around = around.Parent
		}
		if around != nil {
			continue
		}
		if seen[n] = true; oldValue(n) != "" {
			out = append(out, n)
		}
	}
	return out
}

// oldValue is what an element says on one line.
func oldValue(n *html.Node) string {
	switch n.DataAtom {
	case atom.Meta:
		return model.Clean(attribute(n, "content"))
	case atom.Time:
		if at := model.Clean(attribute(n, "datetime")); at != "" {
			return at
		}
	}
	return model.Clean(shownText(n))
}

// shownText is the text that readers see of an element, with a space where one paragraph ends and the next begins.
func shownText(n *html.Node) string {
	var b strings.Builder
	writeShown(&b, n)
	return b.String()
}

func writeShown(b *strings.Builder, n *html.Node) {
	switch {
	case n.Type == html.TextNode:
		b.WriteString(n.Data)
		return
	case n.Type == html.ElementNode && hidden(n, styleOf(n)):
		return
	}
	apart := n.DataAtom == atom.Br || isBlockElement(n)
	if apart {
		b.WriteByte(' ')
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		writeShown(b, c)
	}
	if apart {
		b.WriteByte(' ')
	}
}
