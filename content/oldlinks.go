package content

import (
	"regexp"
	"strings"
)

// localLink matches the end of a link of an Import's Body whose address is a path of the portal. Within such an address neither brackets nor
// spaces are left unescaped, and in a text "](" has a backslash before it.
var localLink = regexp.MustCompile(`((?:^|[^\\]|\\\\)\]\()(/[^()\s]*)\)`)

// withoutLocalLinks is the body of an Import with no sign of whether words lead to a path of the portal: those to a file do when it is there.
func withoutLocalLinks(body string) string {
	body = localLink.ReplaceAllStringFunc(body, func(found string) string {
		words, _, _ := strings.Cut(found, "](")
		return words
	})
	return strings.NewReplacer("[", "", "]", "", `\`, "").Replace(body)
}

// Relink is the body of an Import with the paths to which its links lead replaced by what to makes of them; "" leaves one as it is.
func Relink(body string, to func(path string) string) string {
	return localLink.ReplaceAllStringFunc(body, func(found string) string {
		parts := localLink.FindStringSubmatch(found)
		address := to(strings.ReplaceAll(parts[2], "&amp;", "&"))
		if address == "" {
			return found
		}
		return parts[1] + destination(address) + ")"
	})
}
