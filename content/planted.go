package content

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"

	"congso/store/model"
)

// Guard looks for what strangers plant on sites of the state: links to hosts that nobody approved, words and links that are hidden, scripts,
// frames, forms, words of gambling and pharmacy. It is safe for concurrent use.
type Guard struct {
	phrases  phraseList
	approved func(host string) bool // of a host as model.LinkHost gives it
	own      string
	parse    *markdown
}

// NewGuard returns a guard with a list of words (see PlantedWords). approved answers for hosts as model.LinkHost gives them; own is the
// portal's own host, "" when it is not known.
func NewGuard(words string, own string, approved func(host string) bool) *Guard {
	return &Guard{phrases: newPhraseList(words), approved: approved, own: model.BareHost(own), parse: &markdown{parser: newParser()}}
}

// bareAddress is an address of the web as it stands in a text.
var bareAddress = regexp.MustCompile(`(?i)\bhttps?:/{1,3}[^\s<>"'()\[\]{}|^,;!“”‘’«»…` + "`" + `]+`)

// looksLikeTags says cheaply whether a text may hold HTML.
var looksLikeTags = regexp.MustCompile(`<[a-zA-Z!/]`)

// Text looks at a text without marks: a title, a name, an address. HTML in it counts as HTML.
func (g *Guard) Text(text string) []model.Planted {
	f := &finds{guard: g}
	f.words(text, 0)
	f.tags(text, 0)
	for _, address := range bareAddress.FindAllString(text, -1) {
		f.link(address, text, 0)
	}
	return f.list
}

// Link looks at an address that readers may follow.
func (g *Guard) Link(address string) []model.Planted {
	f := &finds{guard: g}
	f.link(address, address, 0)
	f.words(strings.NewReplacer("-", " ", "/", " ", ".", " ", "_", " ", "+", " ").Replace(address), 0)
	return f.list
}

// Markdown looks at a Markdown text by its lines. What stands in it as code counts as an example.
func (g *Guard) Markdown(source string) []model.Planted {
	source = strings.ReplaceAll(source, "\r\n", "\n")
	p, err := g.parse.parse(source)
	if err != nil { // nobody can render it; it is looked at as it stands
		return g.Text(source)
	}
	f := &finds{guard: g}
	b := bodyCheck{checker: newChecker(Known{}, ""), page: p}
	gap := source[:len(source)-len(strings.TrimLeft(source, " \t\n"))]
	b.first = 1 + strings.Count(gap, "\n")
	b.indexLines()
	f.blocks(&b)
	for _, n := range nodes[*ast.Link](p.root) {
		f.link(string(util.URLEscape(n.Destination, true)), b.page.words(n), b.line(n.Pos()))
	}
	for _, n := range nodes[*ast.AutoLink](p.root) {
		address := autoAddress(n, p.source)
		f.link(address, address, b.line(n.Pos()))
	}
	return f.list
}

// blocks looks at the words of each paragraph, heading and table cell.
func (f *finds) blocks(b *bodyCheck) {
	_ = ast.Walk(b.page.root, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // the callback returns no error
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n.Kind() {
		case ast.KindParagraph, ast.KindTextBlock, ast.KindHeading, extast.KindTableCell:
			text, from := b.text(n)
			line := b.line(from.source(0))
			f.words(text, line)
			f.tags(text, line)
			for _, address := range bareAddress.FindAllString(text, -1) {
				f.link(address, text, line)
			}
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkContinue, nil
	})
}

// HTML looks at the rendered text of a record.
func (g *Guard) HTML(text string) []model.Planted {
	f := &finds{guard: g, fragment: true}
	f.html(text)
	return f.list
}

// Page looks at a whole page of the site. Doubtful phrases do not count there: a list shows the beginnings of texts, cut off from the words of
// those who warn, and the texts are looked at whole as those of records.
func (g *Guard) Page(text string) []model.Planted {
	f := &finds{guard: g, page: true}
	f.html(text)
	return f.list
}

// maxPlanted is how many findings there may be in one text.
const maxPlanted = 100

// finds collects what is found in one text, each thing once.
type finds struct {
	guard    *Guard
	fragment bool // a record's text: no page of ours around it
	page     bool // a page of the site
	list     []model.Planted
}

func (f *finds) add(kind model.FindingKind, value, excerpt string, line int) {
	p := model.Planted{Kind: kind, Value: value, Excerpt: excerpt, Line: line}.Trimmed()
	same := func(q model.Planted) bool { return q.Kind == p.Kind && q.Value == p.Value }
	if len(f.list) < maxPlanted && !slices.ContainsFunc(f.list, same) {
		f.list = append(f.list, p)
	}
}

func (f *finds) words(text string, line int) {
	for _, text := range readings(text) {
		for _, m := range f.guard.phrases.find(text) {
			if m.doubtful && f.page {
				continue
			}
			f.add(model.FoundWord, m.phrase, around(text, m.start, m.end), line)
		}
	}
}

// tags looks at HTML that stands in a text where none belongs.
func (f *finds) tags(text string, line int) {
	if !looksLikeTags.MatchString(text) {
		return
	}
	inner := &finds{guard: f.guard, fragment: true}
	inner.html(text)
	for _, p := range inner.list {
		f.add(p.Kind, p.Value, p.Excerpt, line)
	}
}

// badScheme are the beginnings of addresses that run what they hold.
var badScheme = regexp.MustCompile(`(?i)^(javascript|vbscript|data|livescript|mocha):`)

// blanks are what browsers leave out of an address before they read it.
var blanks = regexp.MustCompile(`[\x00-\x20\x{00a0}\x{200b}-\x{200f}\x{feff}]+`)

// link looks at an address that stands with those words.
func (f *finds) link(address, words string, line int) {
	if plain := blanks.ReplaceAllString(address, ""); badScheme.MatchString(plain) {
		scheme, _, _ := strings.Cut(plain, ":")
		f.add(model.FoundAddress, strings.ToLower(scheme)+":", fmt.Sprintf("%s → %s", words, plain), line)
		return
	}
	if host := model.LinkHost(address); host != "" && host != f.guard.own && !f.guard.approved(host) {
		excerpt := address
		if words != "" && words != address {
			excerpt = model.Clean(words)
			if runes := []rune(excerpt); len(runes) > 120 {
				excerpt = string(runes[:119]) + "…"
			}
			excerpt += " → " + address
		}
		f.add(model.FoundHost, host, excerpt, line)
	}
}
