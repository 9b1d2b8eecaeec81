package store

import (
	"fmt"
	"strconv"
	"strings"

	"congso/store/model"
)

// Limits of a query and of an index word.
const (
	maxQueryRunes = 200
	maxQueryWords = 12
	maxWordBytes  = 120
)

// searchWord is a word as the index knows it.
type searchWord struct {
	folded string
	exact  string // as it is written, "" when it carries no marks
}

// searchTerm is one word of a query, or the words of a phrase.
type searchTerm []searchWord

// searchTerms returns what a query asks for: each word, and each quoted text as a phrase. Whatever else stands in it is only text.
func searchTerms(text string) []searchTerm {
	runes := []rune(model.Clean(text))
	text = string(runes[:min(len(runes), maxQueryRunes)])
	parts := strings.FieldsFunc(strings.NewReplacer(`"`, "\x00\"", "“", "\x00\"", "”", "\x00\"", "„", "\x00\"").Replace(text), func(r rune) bool { return r == 0 })
	var terms []searchTerm
	left := maxQueryWords
	quoted := false
	for i, part := range parts {
		if strings.HasPrefix(part, `"`) {
			quoted = !quoted && i+1 < len(parts) // a quote that is never closed quotes nothing
		}
		words := indexWords(part)
		words = words[:min(len(words), left)]
		left -= len(words)
		terms = appendTerms(terms, words, quoted)
	}
	return terms
}

func appendTerms(terms []searchTerm, words []searchWord, phrase bool) []searchTerm {
	if phrase && len(words) > 0 {
		return append(terms, words)
	}
	for _, word := range words {
		terms = append(terms, searchTerm{word})
	}
	return terms
}

// exactTerms reports whether any word of the query carries marks.
func exactTerms(terms []searchTerm) bool {
	for _, term := range terms {
		for _, word := range term {
			if word.exact != "" {
				return true
			}
		}
	}
	return false
}

// numberTerms is the word that a telephone number has in the index, however it was typed; nil when the query is no number.
func numberTerms(text string) []searchTerm {
	e164, _, err := model.ParsePhone(text)
	if err != nil {
		return nil
	}
	return []searchTerm{indexWords(model.PhoneDigits(e164))}
}

// indexWords returns the words of text for the index or for a query.
func indexWords(text string) []searchWord {
	tokens := model.Tokens(text)
	words := make([]searchWord, len(tokens))
	for i, token := range tokens {
		words[i] = searchWord{indexWord(token.Folded), indexWord(token.Accented)}
	}
	return words
}

// indexWord is a word that the databases cannot misread: their own ideas of letters differ, and some characters are no word at all to
// one of them. Letters beyond the Latin ones that Vietnamese and its neighbours need are spelled as their numbers; long words are cut.
func indexWord(word string) string {
	if !plainWord(word) {
		var b strings.Builder
		for _, r := range word {
			if plainLetter(r) {
				b.WriteRune(r)
			} else {
				fmt.Fprintf(&b, "u%x", r)
			}
		}
		word = b.String()
	}
	if len(word) > maxWordBytes {
		word = strings.ToValidUTF8(word[:maxWordBytes], "")
	}
	return word
}

func plainWord(word string) bool {
	for _, r := range word {
		if !plainLetter(r) {
			return false
		}
	}
	return true
}

func plainLetter(r rune) bool {
	switch {
	case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
		return true
	case r >= 'ß' && r <= 'ž', r == 'ơ', r == 'ư', r >= 'ạ' && r <= 'ỹ':
		return true
	}
	return false
}

// joined are the folded words of a text, and the exact ones, with a space between each.
func joined(words []searchWord) (folded, exact string) {
	var f, e strings.Builder
	for _, word := range words {
		f.WriteString(word.folded)
		f.WriteByte(' ')
		if word.exact != "" {
			e.WriteString(word.exact)
			e.WriteByte(' ')
		}
	}
	return f.String(), e.String()
}

// docFilters are the words by which filters find a record, or leave it out: the last one names the only language that finds it.
func docFilters(d model.SearchDoc) []string {
	filters := []string{"k" + string(d.Kind), "v" + string(d.Visibility)}
	if d.Section != 0 {
		filters = append(filters, "s"+strconv.FormatInt(d.Section, 10))
	}
	if len(d.Langs) == 1 {
		filters = append(filters, "o"+d.Langs[0])
	}
	return filters
}

// searchFilters are the filter words that a record must have, and those that it must not have. What nearly every record has is asked for
// by what few have, since words that are everywhere cost the most.
type searchFilters struct{ with, without []string }

// queryFilters are the filters of the viewer and the query; ok is false when no record passes them.
func queryFilters(v model.Viewer, q model.SearchQuery) (f searchFilters, ok bool) {
	switch q.Lang {
	case "", "vi":
		f.without = append(f.without, "oen")
	case "en":
		f.without = append(f.without, "ovi")
	default:
		return f, false
	}
	if !v.Internal {
		f.without = append(f.without, "v"+string(model.Internal))
	}
	if q.Kind != "" {
		if !searchable(q.Kind) {
			return f, false
		}
		f.with = append(f.with, "k"+string(q.Kind))
	}
	if q.Section != 0 {
		f.with = append(f.with, "s"+strconv.FormatInt(q.Section, 10))
	}
	return f, q.Section >= 0
}

func searchable(kind model.Kind) bool {
	for _, known := range model.SearchKinds() {
		if kind == known {
			return true
		}
	}
	return false
}

// searchTier is where the words of a query must stand: exact ones first, in fewer and fewer important places.
type searchTier struct {
	exact bool
	level string
}

// titleTier and lastTier are tiers of every query: all that the titles have, and all. They are never written to.
var (
	titleTier = searchTier{false, titleLevel}
	lastTier  = searchTier{false, textLevel}
)

// searchTiers are the tiers of a query, best first.
func searchTiers(exact bool) []searchTier {
	folded := []searchTier{titleTier, {false, headLevel}, lastTier}
	if !exact {
		return folded
	}
	return append([]searchTier{{true, titleLevel}, {true, headLevel}, {true, textLevel}}, folded...)
}

// tierPhrases are what a record must have to be in the tier: words of its level, and phrases of them.
func tierPhrases(terms []searchTerm, tier searchTier) (phrases [][]string) {
	for _, term := range terms {
		var words []string
		for _, word := range term {
			words = append(words, word.folded)
			if tier.exact && word.exact != "" {
				phrases = append(phrases, []string{word.exact})
			}
		}
		if len(term) > 1 || !tier.exact || term[0].exact == "" {
			phrases = append(phrases, words)
		}
	}
	return phrases
}
