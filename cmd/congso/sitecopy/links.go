package sitecopy

import (
	"bytes"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html"

	"congso/store/model"
)

// Links make the links of one page lead from file to file.
type Links struct {
	Own     string                      // the portal's public host, "" for none
	Address string                      // of the page, as Address gives it
	Rooted  bool                        // the page is shown at any address: links begin at the root of the copy
	Dead    func(address string) bool   // nothing is there: the link is taken off, its text stays
	Moved   func(address string) string // where an old address leads that has a query of its own, path and query, "" for nowhere
	Leads   func(address string) string // where an address leads on to, "" for one that does not, or of which that is not known yet

	Found   []string // addresses that the page leads to, as Address gives them, each once
	Dropped []string // links that were taken off
	Through []string // where old addresses lead that the page has

	seen map[string]bool
	hops int
}

// linked are the attributes that hold an address, by element.
var linked = map[string]string{
	"a": "href", "area": "href", "link": "href", "img": "src", "script": "src", "source": "src", "video": "src", "audio": "src", "track": "src", "form": "action",
}

// HTML is the page with its links made relative. What needs no change stays as it is, byte for byte.
func (l *Links) HTML(page []byte) []byte {
	var out bytes.Buffer
	out.Grow(len(page))
	tokens := html.NewTokenizer(bytes.NewReader(page))
	for scriptless := false; ; {
		kind := tokens.Next()
		if kind == html.ErrorToken { // the end: a page in memory fails in no other way
			return out.Bytes()
		}
		raw := bytes.Clone(tokens.Raw()) // Token overwrites it
		switch {
		case kind == html.StartTagToken || kind == html.SelfClosingTagToken:
			token := tokens.Token()
			if l.element(&token) {
				raw = []byte(token.String())
			}
			scriptless = token.Data == "noscript"
		case kind == html.TextToken && scriptless: // the tokenizer takes what is in it for text
			raw, scriptless = l.HTML(raw), false
		}
		out.Write(raw)
	}
}

// element rewrites the links of a tag and reports whether any has changed.
func (l *Links) element(token *html.Token) (changed bool) {
	key := linked[token.Data]
	list := token.Attr[:0]
	for _, a := range token.Attr {
		was := a.Val
		switch {
		case token.Data == "link" && strings.Contains(a.Val, "://"): // what search engines are to know the page by
		case a.Key == key && key != "":
			link, there := l.link(a.Val)
			if !there {
				changed = true
				continue
			}
			a.Val = link
		case a.Key == "srcset":
			a.Val = l.srcset(a.Val)
		}
		changed = changed || a.Val != was
		list = append(list, a)
	}
	token.Attr = list
	return changed
}

// link is where a link of the page leads in the copy; there is false when it is to be taken off.
func (l *Links) link(href string) (link string, there bool) {
	here, _ := Split(l.Address)
	base := &url.URL{Path: here}
	u, err := base.Parse(strings.TrimSpace(href))
	if err != nil || href == "" || strings.HasPrefix(href, "#") || u.Opaque != "" || u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https" || u.Host != "" && u.Host != l.Own {
		return href, true
	}
	address, ok := Address(u)
	if to := l.onward(u, address, ok); to != "" {
		l.Through = append(l.Through, to)
		l.hops++
		defer func() { l.hops-- }()
		link, there := l.link(to)
		if u.Fragment != "" && !strings.Contains(link, "#") {
			link += "#" + u.EscapedFragment()
		}
		return link, there
	}
	if !ok || l.Dead(address) {
		l.Dropped = append(l.Dropped, href)
		return "", false
	}
	l.note(address)
	from := File(l.Address)
	if l.Rooted {
		from = ""
	}
	link = Relative(from, File(address))
	if l.Rooted {
		link = "/" + link
	}
	if query := searched(u); query != "" {
		link += "?" + query
	}
	if u.Fragment != "" {
		link += "#" + u.EscapedFragment()
	}
	return link, true
}

// mostHops is how often a link is followed on from one old address to the next.
const mostHops = 5

// onward is where an address leads on to, "" when that is not known, or nowhere.
func (l *Links) onward(u *url.URL, address string, ok bool) string {
	if !ok || l.hops == mostHops {
		return ""
	}
	if foreign(u) {
		if to := l.Moved(u.Path + "?" + u.RawQuery); to != "" {
			return to
		}
	}
	return l.Leads(address)
}

func (l *Links) note(address string) {
	if l.seen == nil {
		l.seen = map[string]bool{}
	}
	if !l.seen[address] {
		l.seen[address] = true
		l.Found = append(l.Found, address)
	}
}

// foreign reports whether a query has anything in it that no page of the portal reads: an old address may.
func foreign(u *url.URL) bool {
	for name := range u.Query() {
		if !model.PageParameter(name) {
			return true
		}
	}
	return false
}

// searched is what the search page of the copy reads of a query.
func searched(u *url.URL) string {
	if u.Path != "/tim-kiem" && u.Path != "/en/tim-kiem" {
		return ""
	}
	return u.Query().Encode()
}

// srcset is a list of pictures with their widths.
func (l *Links) srcset(text string) string {
	var list []string
	for candidate := range strings.SplitSeq(text, ",") {
		href, width, _ := strings.Cut(strings.TrimSpace(candidate), " ")
		link, there := l.link(href)
		if there && link != "" {
			list = append(list, strings.TrimSpace(link+" "+width))
		}
	}
	return strings.Join(list, ", ")
}

var (
	cssAddress  = regexp.MustCompile(`url\(\s*(["']?)(/[^)"']*)["']?\s*\)`)
	textAddress = regexp.MustCompile(`([>"])(/(?:[^/<>"\s][^<>"\s]*)?)([<"])`)
)

// CSS is a style sheet with its addresses made relative.
func (l *Links) CSS(sheet []byte) []byte {
	return cssAddress.ReplaceAllFunc(sheet, func(found []byte) []byte {
		parts := cssAddress.FindSubmatch(found)
		link, _ := l.link(string(parts[2]))
		return []byte("url(" + string(parts[1]) + link + string(parts[1]) + ")")
	})
}

// Data is a feed or JSON with those of its addresses made relative that stand alone in an element or a string.
func (l *Links) Data(text []byte) []byte {
	return textAddress.ReplaceAllFunc(text, func(found []byte) []byte {
		parts := textAddress.FindSubmatch(found)
		link, there := l.link(html.UnescapeString(string(parts[2])))
		if !there {
			return found
		}
		return []byte(string(parts[1]) + html.EscapeString(link) + string(parts[3]))
	})
}
