package content

import (
	"strings"

	"golang.org/x/net/html"
)

// plainText is the text of a rendered page, a line for each block and table cell, without the signs of tasks and notes.
func plainText(page string) string {
	var b strings.Builder
	within := "" // the element of a sign, left out
	tokens := html.NewTokenizer(strings.NewReader(page))
	for {
		kind := tokens.Next()
		token := tokens.Token()
		switch {
		case kind == html.ErrorToken:
			return joinLines(b.String())
		case within != "":
			if kind == html.EndTagToken && token.Data == within {
				within = ""
			}
		case kind == html.TextToken:
			b.WriteString(token.Data)
		case kind == html.StartTagToken && isSign(token):
			within = token.Data
		case !inline(token.Data):
			b.WriteByte('\n')
		}
	}
}

func isSign(t html.Token) bool {
	for _, a := range t.Attr {
		if a.Key == "class" && (strings.HasPrefix(a.Val, "footnote-") || strings.HasPrefix(a.Val, "task")) {
			return true
		}
	}
	return false
}

func inline(tag string) bool {
	switch tag {
	case "a", "em", "strong", "del", "code", "sup", "span", "img":
		return true
	}
	return false
}

// joinLines takes the outer spaces from each line and drops empty ones.
func joinLines(s string) string {
	var lines []string
	for line := range strings.Lines(s) {
		if line = strings.Trim(line, " \t\n\u00a0"); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}
