package store

import (
	"strings"

	"congso/store/model"
)

// levelWords are the words of a record at one level, with a space after each.
type levelWords struct {
	level  string
	folded []string // of each of its parts: no phrase runs over from one into the next
	exact  string   // each once
}

// docWords are the words of a record at each level of text. The levels share their parts, since most words are of more than one.
func docWords(d model.SearchDoc) []levelWords {
	w := wordPacker{seen: make(map[string]bool, 128)}
	title, titleExact := w.part(d.Title), w.exact.Len()
	summary, headExact := w.part(d.Summary), w.exact.Len()
	body := w.part(bodyText(d))
	exact := w.exact.String()
	return []levelWords{
		{titleLevel, []string{title}, exact[:titleExact]},
		{headLevel, []string{title, summary}, exact[:headExact]},
		{textLevel, []string{title, summary, body}, exact},
	}
}

func bodyText(d model.SearchDoc) string {
	if d.Hidden == "" {
		return d.Body
	}
	return d.Body + "\n" + d.Hidden
}

// wordPacker collects the words with marks of a record's parts as it goes through them, each once.
type wordPacker struct {
	seen  map[string]bool
	exact strings.Builder
}

// part returns the folded words of a text.
func (w *wordPacker) part(text string) string {
	var folded strings.Builder
	folded.Grow(len(text))
	for token := range model.EachToken(text) {
		folded.WriteString(indexWord(token.Folded))
		folded.WriteByte(' ')
		w.addExact(token.Accented)
	}
	return folded.String()
}

// addExact adds a word that carries marks; "" is none. It is looked for as it is first, since most words have come before.
func (w *wordPacker) addExact(accented string) {
	if accented == "" || w.seen[accented] {
		return
	}
	w.seen[accented] = true
	word := indexWord(accented)
	if word != accented && w.seen[word] {
		return
	}
	w.seen[word] = true
	w.exact.WriteString(word)
	w.exact.WriteByte(' ')
}

// wordBytes is about how long the words of a record are with their prefixes.
func (e *searchEntry) wordBytes() int {
	size := 100
	for _, l := range e.words {
		size += len(l.exact)
		for _, part := range l.folded {
			size += len(part)
		}
	}
	return 2 * size
}

// prefixed writes each of the words, which end in a space, after a prefix.
func prefixed(b *strings.Builder, prefix, words string) {
	for words != "" {
		end := strings.IndexByte(words, ' ') + 1
		b.WriteString(prefix)
		b.WriteString(words[:end])
		words = words[end:]
	}
}
