package content

import (
	"strings"

	"golang.org/x/net/html"
)

// NextPage is the address to which the page of a list leads as to its next one (rel="next"), "" when there is none.
func NextPage(page string) string {
	if !strings.Contains(page, `rel="next"`) {
		return ""
	}
	tokens := html.NewTokenizer(strings.NewReader(page))
	for {
		switch tokens.Next() {
		case html.ErrorToken: // the end: a text in memory fails in no other way
			return ""
		case html.StartTagToken:
			token, href, next := tokens.Token(), "", false
			for _, a := range token.Attr {
				next = next || a.Key == "rel" && a.Val == "next"
				if a.Key == "href" {
					href = a.Val
				}
			}
			if token.Data == "a" && next {
				return href
			}
		}
	}
}
