package content

import (
	"regexp"
	"slices"
	"strings"

	"github.com/microcosm-cc/bluemonday"
)

// ownPicture are the addresses of pictures: uploaded ones, the site's own, and those beside the articles.
var ownPicture = regexp.MustCompile(`^(?:/media/[0-9a-f]{64}/[A-Za-z0-9._-]+` +
	`|/static/(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*` +
	`|(?:/en)?/bai-viet/(?:[a-z0-9-]+/)*[A-Za-z0-9_-]+\.(?:jpe?g|png|gif|webp))$`)

// newPolicy is the list of all that a rendered page may hold. What goldmark writes passes unchanged; it is here for the day on which
// goldmark, or we, are wrong.
func newPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements(plainElements()...)
	for _, rule := range attributeRules() {
		if rule.form == nil {
			p.AllowAttrs(rule.name).OnElements(rule.elements...)
		} else {
			p.AllowAttrs(rule.name).Matching(rule.form).OnElements(rule.elements...)
		}
	}
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(true)
	p.AllowURLSchemes(linkSchemes()...)
	return p
}

// plainElements may stand without any attribute.
func plainElements() []string {
	return []string{"p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "code",
		"em", "strong", "del", "sup", "figure", "figcaption", "table", "thead", "tbody", "tr", "th", "td", "div", "span"}
}

func linkSchemes() []string { return []string{"http", "https", "mailto", "tel"} }

// attributeRule allows an attribute, of that form if there is one, on some elements. No element has two rules for one attribute.
type attributeRule struct {
	name     string
	form     *regexp.Regexp
	elements []string
}

func attributeRules() []attributeRule {
	on := func(elements ...string) []string { return elements }
	return slices.Concat([]attributeRule{
		{"id", regexp.MustCompile(`^[a-z0-9]+(?:[-:][a-z0-9]+)*$`), on("h2", "h3", "h4", "h5", "h6", "sup", "li")},
		{"start", regexp.MustCompile(`^\d{1,9}$`), on("ol")},
		{"class", exactly("task", "task task-done"), on("span")},
		{"role", exactly("img"), on("span")},
		{"aria-label", nil, on("span", "div", "a")},
		{"class", exactly("align-left", "align-center", "align-right"), on("th", "td")},
		{"scope", exactly("col"), on("th")},
		{"class", exactly("table", "footnotes"), on("div")},
		{"role", exactly("region", "doc-endnotes"), on("div")},
		{"tabindex", exactly("0"), on("div", "pre")},
		{"href", nil, on("a")},
		{"title", nil, on("a", "img")},
		{"class", exactly("external", "footnote-ref", "footnote-backref"), on("a")},
		{"role", exactly("doc-noteref", "doc-backlink"), on("a")},
		{"rel", exactly("noopener"), on("a")},
	}, pictureRules())
}

func pictureRules() []attributeRule {
	const source = `/media/[0-9a-f]{64}/[0-9x]+\.[a-z]+ \d+w`
	size, img := regexp.MustCompile(`^\d{1,5}$`), []string{"img"}
	return []attributeRule{
		{"src", ownPicture, img},
		{"alt", nil, img},
		{"srcset", regexp.MustCompile(`^` + source + `(?:, ` + source + `)*$`), img},
		{"sizes", regexp.MustCompile(`^[a-z0-9(): ,.-]+$`), img},
		{"width", size, img},
		{"height", size, img},
		{"loading", exactly("lazy"), img},
		{"decoding", exactly("async"), img},
	}
}

// exactly matches the given values and no other.
func exactly(values ...string) *regexp.Regexp {
	for i, v := range values {
		values[i] = regexp.QuoteMeta(v)
	}
	return regexp.MustCompile("^(?:" + strings.Join(values, "|") + ")$")
}
