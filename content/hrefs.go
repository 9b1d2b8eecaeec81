package content

import (
	"strings"

	"golang.org/x/net/html"
)

// Hrefs returns the addresses to which rendered HTML leads and of the pictures that it shows, each once, in their order.
func Hrefs(text string) []string {
	var list []string
	seen := map[string]bool{}
	tokens := html.NewTokenizer(strings.NewReader(text))
	for {
		switch tokens.Next() {
		case html.ErrorToken: // the end: a text in memory fails in no other way
			return list
		case html.StartTagToken, html.SelfClosingTagToken:
			token := tokens.Token()
			wanted := map[string]string{"a": "href", "img": "src"}[token.Data]
			for _, attribute := range token.Attr {
				if attribute.Key == wanted && !seen[attribute.Val] {
					seen[attribute.Val] = true
					list = append(list, attribute.Val)
				}
			}
		}
	}
}
