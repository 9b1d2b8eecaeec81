package content

import (
	"regexp"
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
	p.AllowElements("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "code",
		"em", "strong", "del", "sup", "figure", "figcaption", "table", "thead", "tbody", "tr", "th", "td", "div", "span")
	word := regexp.MustCompile(`^[a-z0-9]+(?:[-:][a-z0-9]+)*$`)
	p.AllowAttrs("id").Matching(word).OnElements("h2", "h3", "h4", "h5", "h6", "sup", "li")
	p.AllowAttrs("start").Matching(regexp.MustCompile(`^\d{1,9}$`)).OnElements("ol")
	allowTables(p)
	allowLinks(p)
	allowPictures(p)
	p.AllowAttrs("class").Matching(exactly("task", "task task-done")).OnElements("span")
	p.AllowAttrs("role").Matching(exactly("img")).OnElements("span")
	p.AllowAttrs("aria-label").OnElements("span", "div", "a")
	return p
}

func allowTables(p *bluemonday.Policy) {
	p.AllowAttrs("class").Matching(exactly("align-left", "align-center", "align-right")).OnElements("th", "td")
	p.AllowAttrs("scope").Matching(exactly("col")).OnElements("th")
	p.AllowAttrs("class").Matching(exactly("table", "footnotes")).OnElements("div")
	p.AllowAttrs("role").Matching(exactly("region", "doc-endnotes")).OnElements("div")
	p.AllowAttrs("tabindex").Matching(exactly("0")).OnElements("div", "pre")
}

func allowLinks(p *bluemonday.Policy) {
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(true)
	p.AllowURLSchemes("http", "https", "mailto", "tel")
	p.AllowAttrs("href", "title").OnElements("a")
	p.AllowAttrs("class").Matching(exactly("external", "footnote-ref", "footnote-backref")).OnElements("a")
	p.AllowAttrs("role").Matching(exactly("doc-noteref", "doc-backlink")).OnElements("a")
	p.AllowAttrs("rel").Matching(exactly("noopener")).OnElements("a")
}

func allowPictures(p *bluemonday.Policy) {
	p.AllowAttrs("src").Matching(ownPicture).OnElements("img")
	p.AllowAttrs("alt", "title").OnElements("img")
	p.AllowAttrs("srcset").Matching(regexp.MustCompile(`^/media/[0-9a-f]{64}/[0-9x]+\.[a-z]+ \d+w(?:, /media/[0-9a-f]{64}/[0-9x]+\.[a-z]+ \d+w)*$`)).OnElements("img")
	p.AllowAttrs("sizes").Matching(regexp.MustCompile(`^[a-z0-9(): ,.-]+$`)).OnElements("img")
	p.AllowAttrs("width", "height").Matching(regexp.MustCompile(`^\d{1,5}$`)).OnElements("img")
	p.AllowAttrs("loading").Matching(exactly("lazy")).OnElements("img")
	p.AllowAttrs("decoding").Matching(exactly("async")).OnElements("img")
}

// exactly matches the given values and no other.
func exactly(values ...string) *regexp.Regexp {
	for i, v := range values {
		values[i] = regexp.QuoteMeta(v)
	}
	return regexp.MustCompile("^(?:" + strings.Join(values, "|") + ")$")
}
