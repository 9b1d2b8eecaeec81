package content

import (
	"bytes"
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
		switch kind {
		case html.ErrorToken:
			return joinLines([]byte(b.String()))
		case html.TextToken:
			if within == "" {
				b.Write(tokens.Text())
			}
			continue
		}
		name, more := tokens.TagName()
		switch {
		case within != "":
			if kind == html.EndTagToken && string(name) == within {
				within = ""
			}
		case kind == html.StartTagToken && more && isSign(tokens):
			within = string(name)
		case !inline(string(name)):
			b.WriteByte('\n')
		}
	}
}

// isSign reads the attributes of a tag.
func isSign(tokens *html.Tokenizer) bool {
	for more := true; more; {
		var key, value []byte
		key, value, more = tokens.TagAttr()
		if string(key) == "class" && isSignClass(string(value)) {
			return true
		}
	}
	return false
}

func isSignClass(class string) bool {
	return strings.HasPrefix(class, "footnote-") || strings.HasPrefix(class, "task")
}

func inline(tag string) bool {
	switch tag {
	case "a", "em", "strong", "del", "code", "sup", "span", "img":
		return true
	}
	return false
}

// joinLines takes the outer spaces from each line and drops empty ones. It uses the memory of the text.
func joinLines(text []byte) string {
	joined := text[:0]
	for rest := text; len(rest) > 0; {
		line, after, _ := bytes.Cut(rest, []byte("\n"))
		if line = bytes.Trim(line, " \t\u00a0"); len(line) > 0 && len(joined) > 0 {
			joined = append(joined, '\n')
		}
		joined, rest = append(joined, line...), after
	}
	return string(joined)
}
