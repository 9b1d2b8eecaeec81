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
			return joinLines(b.String())
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
		if string(key) == "class" && (bytes.HasPrefix(value, []byte("footnote-")) || bytes.HasPrefix(value, []byte("task"))) {
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
