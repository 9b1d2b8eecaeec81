package store

import (
	"strings"
	"unicode/utf8"

	"congso/store/model"
)

// Sizes of a snippet: its length and what stands before its first match, in characters; how much of a text is looked through for the best
// place, first and at most, in bytes; how many matches count.
const (
	snippetRunes  = 240
	snippetBefore = 60
	snippetLook   = 1 << 10
	snippetSearch = 64 << 10
	maxShown      = 30
)

// marker marks the words of a query in texts.
type marker struct {
	words map[string]string // folded word to the word as the query writes it
}

func newMarker(terms []searchTerm) marker {
	m := marker{map[string]string{}}
	for _, term := range terms {
		for _, word := range term {
			if m.words[word.folded] == "" {
				m.words[word.folded] = word.exact
			}
		}
	}
	return m
}

// match is a word of the query in a text.
type match struct {
	start, end int
	folded     string
	exact      bool // written as in the query
}

func (m marker) matches(text string) []match {
	var found []match
	for _, token := range model.Tokens(text) {
		folded := indexWord(token.Folded)
		if exact, ok := m.words[folded]; ok {
			found = append(found, match{token.Start, token.End, folded, exact == "" || exact == indexWord(token.Accented)})
		}
	}
	return found
}

// whole is the text with its matches marked.
func (m marker) whole(text string) []model.Span { return spans(text, 0, len(text), m.matches(text)) }

// snippet is about 240 characters of text around the place with the most matches, cut between words.
func (m marker) snippet(text string) []model.Span {
	found, best := m.bestPlace(text)
	start, end := around(text, best)
	list := spans(text, start, end, found)
	if start > 0 {
		list = append([]model.Span{{Text: "…"}}, list...)
	}
	if end < len(text) {
		list = append(list, model.Span{Text: "…"})
	}
	return list
}

// bestPlace returns the matches of text and the one at which the best snippet starts, or its start when nothing matches. Looking is dear:
// it begins with a small part and goes on until a place has every word as it is written in the query.
func (m marker) bestPlace(text string) (found []match, best match) {
	for size := snippetLook; ; size *= 8 {
		part := wholeWords(text, size)
		found = m.matches(part)
		place, perfect := m.densest(part, found)
		if len(found) > 0 {
			best = found[place]
		}
		if perfect || len(part) == len(text) || size >= snippetSearch {
			return found, best
		}
	}
}

// wholeWords is the start of text, at most size bytes in whole words.
func wholeWords(text string, size int) string {
	if len(text) <= size {
		return text
	}
	return text[:strings.LastIndexByte(text[:size], ' ')+1]
}

// densest is the match at which the best snippet starts: one with the most different words, the most of them as written, the most of all.
// It is perfect when every word of the query stands there as written.
func (m marker) densest(text string, found []match) (best int, perfect bool) {
	bestScore := 0
	for i := range found {
		words, exact, all := wordsFrom(text, found[i:])
		if score := words*10_000 + exact*100 + all; score > bestScore {
			best, bestScore, perfect = i, score, exact == len(m.words)
		}
		if perfect {
			break
		}
	}
	return best, perfect
}

// wordsFrom counts the matches that a snippet from the first one on shows: different words, those among them as written, and all.
func wordsFrom(text string, found []match) (words, exact, all int) {
	seen := map[string]bool{} // folded word: whether it was there as written
	runes, at := 0, found[0].start
	for _, m := range found[:min(len(found), maxShown)] {
		runes += utf8.RuneCountInString(text[at:m.end])
		if at = m.end; runes > snippetRunes-snippetBefore {
			break
		}
		asWritten, known := seen[m.folded]
		if !known {
			words++
		}
		if m.exact && !asWritten {
			exact++
		}
		seen[m.folded] = asWritten || m.exact
		all++
	}
	return words, exact, all
}

// around is the part of text, in whole words, that begins a little before m; at the end of the text it begins earlier.
func around(text string, m match) (start, end int) {
	start = back(text, m.start, snippetBefore)
	end = forward(text, start, snippetRunes)
	if end == len(text) {
		start = back(text, end, snippetRunes)
	}
	start = min(start, m.start)
	if space := strings.IndexByte(text[start:m.start], ' '); start > 0 && text[start-1] != ' ' && space >= 0 {
		start += space + 1
	}
	if end < len(text) && text[end] != ' ' {
		if space := strings.LastIndexByte(text[start:end], ' '); start+space > m.end {
			end = start + space
		}
	}
	return start, max(end, m.end)
}

// back is n characters before at, or the start of text.
func back(text string, at, n int) int {
	for ; n > 0 && at > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(text[:at])
		at -= size
	}
	return at
}

// forward is n characters after at, or the end of text.
func forward(text string, at, n int) int {
	for ; n > 0 && at < len(text); n-- {
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	return at
}

// spans is text[start:end] in pieces, the matches marked.
func spans(text string, start, end int, found []match) []model.Span {
	var list []model.Span
	for _, m := range found {
		if m.start < start || m.end > end {
			continue
		}
		if m.start > start {
			list = append(list, model.Span{Text: text[start:m.start]})
		}
		list = append(list, model.Span{Text: text[m.start:m.end], Mark: true})
		start = m.end
	}
	if start < end {
		list = append(list, model.Span{Text: text[start:end]})
	}
	return list
}
