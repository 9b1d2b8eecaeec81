package content

import (
	"cmp"
	_ "embed"
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"congso/store/model"
)

//go:embed planted.txt
var plantedWords string

// PlantedWords is the list of words and phrases that come with the program, as an administrator gets it to edit.
func PlantedWords() string { return plantedWords }

const (
	maxPhrase   = 12 // words of a phrase; what is longer is cut
	bareWords   = 3  // words of a phrase that is found without accents: "nha cai" stands in nha-cai-nghien-ma-tuy too
	bareAround  = 8  // words on both sides that say whether a text is written without accents
	tellsAround = 25 // words on both sides among which a word of those who warn excuses a doubtful phrase
)

// phrase is a line of the list, in words.
type phrase struct {
	text     string // as it was written, without its marks
	folded   []string
	accented []string // the same as folded where a word has no accents
	plain    bool     // no word has accents
	doubtful bool     // it does not count beside a telling one
	telling  bool     // it is used by who tells of such things, or warns
}

// phraseList is a list of words and phrases, by the first word of each without its accents.
type phraseList map[string][]phrase

// newPhraseList reads a list: one phrase a line, # begins a remark, ! a telling phrase; ? ends a doubtful one.
func newPhraseList(text string) phraseList {
	list := phraseList{}
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		line = model.Clean(line)
		p := phrase{plain: true, telling: strings.HasPrefix(line, "!"), doubtful: strings.HasSuffix(line, "?")}
		p.text = strings.Trim(line, "!? ")
		for _, t := range model.Tokens(p.text) {
			p.folded = append(p.folded, t.Folded)
			p.accented = append(p.accented, accentedOf(t))
			p.plain = p.plain && t.Accented == ""
		}
		if n := min(len(p.folded), maxPhrase); n > 0 {
			p.folded, p.accented = p.folded[:n], p.accented[:n]
			list[p.folded[0]] = append(list[p.folded[0]], p)
		}
	}
	return list
}

func accentedOf(t model.Token) string {
	if t.Accented == "" {
		return t.Folded
	}
	return t.Accented
}

// bare reports whether the words from one to the other, and those around them, are written without accents, as "ca do" for "cá độ".
func bare(tokens []model.Token, from, to int) bool {
	for _, t := range tokens[max(0, from-bareAround):min(len(tokens), to+bareAround)] {
		if t.Accented != "" {
			return false
		}
	}
	return true
}

// match is a phrase in a text.
type match struct {
	phrase     string
	start, end int // bytes of the text
	first      int // its first word
	doubtful   bool
}

// find returns the phrases in a text, each once, at its first place that counts.
func (l phraseList) find(text string) (found []match) {
	if len(l) == 0 || text == "" {
		return nil
	}
	var tells []int
	tokens := model.Tokens(text)
	for i, t := range tokens {
		for _, p := range l[t.Folded] {
			switch {
			case !p.at(text, tokens, i):
			case p.telling:
				tells = append(tells, i)
			default:
				found = append(found, match{p.text, t.Start, tokens[i+len(p.folded)-1].End, i, p.doubtful})
			}
		}
	}
	return counted(append(found, l.spelt(tokens)...), tells)
}

// counted are the matches that count, one of each phrase: not those within a longer one, since "soi kèo" in "soi kèo bóng đá" says no more.
func counted(found []match, tells []int) (kept []match) {
	found = slices.DeleteFunc(found, func(m match) bool { return m.doubtful && anyWithin(tells, m.first, tellsAround) })
	slices.SortFunc(found, func(a, b match) int { return cmp.Or(a.start-b.start, b.end-a.end) })
	seen, reached := make(map[string]bool, len(found)), 0
	for _, m := range found {
		if m.end <= reached {
			continue
		}
		reached = m.end
		if !seen[m.phrase] {
			seen[m.phrase] = true
			kept = append(kept, m)
		}
	}
	return kept
}

// anyWithin reports whether one of the places, which are in order, is no further away than reach.
func anyWithin(places []int, at, reach int) bool {
	i := sort.SearchInts(places, at-reach)
	return i < len(places) && places[i] <= at+reach
}

// at reports whether the phrase begins at the i-th word: as it is written, or without accents in a text that has none.
func (p phrase) at(text string, tokens []model.Token, i int) bool {
	if i+len(p.folded) > len(tokens) {
		return false
	}
	exact := true
	for k := range p.folded {
		t := tokens[i+k]
		if t.Folded != p.folded[k] || k > 0 && !p.telling && parted(text[tokens[i+k-1].End:], t.Start-tokens[i+k-1].End) {
			return false
		}
		exact = exact && accentedOf(t) == p.accented[k]
	}
	return exact || !p.plain && len(p.folded) >= bareWords && bare(tokens, i, i+len(p.folded))
}

// parted reports whether the first bytes of a text part the words around them: "ao cá, độ mặn" has no "cá độ". A mark without a blank parts
// words only when a sentence begins after it, since "nhà.cái" is read as one.
func parted(text string, gap int) bool {
	between, after := text[:gap], text[gap:]
	if !strings.ContainsAny(between, ",.;:!?…()[]{}\"“”«»•|–—"+noWord) {
		return false
	}
	next, _ := utf8.DecodeRuneInString(after)
	return gap > 1 || unicode.IsUpper(next)
}

const (
	fewestSpelt = 4 // letters of a word that is told when its letters stand apart
	bareSpelt   = 6 // and when it is written without its accents
)

// spelt are the phrases whose letters stand apart, as in "t à i x ỉ u" and "c.á đ.ộ".
func (l phraseList) spelt(tokens []model.Token) (found []match) {
	single := func(i int) bool { return i < len(tokens) && utf8.RuneCountInString(tokens[i].Folded) == 1 }
	for from := 0; from < len(tokens); from++ {
		to := from
		for single(to) {
			to++
		}
		if to-from >= fewestSpelt {
			found = append(found, l.speltIn(tokens[from:to], from)...)
		}
		from = max(from, to)
	}
	return found
}

// speltIn are the phrases in a row of single letters, of which the first is the first-th word of the text.
func (l phraseList) speltIn(letters []model.Token, first int) (found []match) {
	var folded, accented strings.Builder
	for _, t := range letters {
		folded.WriteString(t.Folded)
		accented.WriteString(accentedOf(t))
	}
	bare := folded.String() == accented.String()
	for _, list := range l {
		for _, p := range list {
			as, in, fewest := strings.Join(p.accented, ""), accented.String(), fewestSpelt
			if bare && !p.plain {
				as, in, fewest = strings.Join(p.folded, ""), folded.String(), bareSpelt
			}
			if !p.telling && utf8.RuneCountInString(as) >= fewest && strings.Contains(in, as) {
				found = append(found, match{p.text, letters[0].Start, letters[len(letters)-1].End, first, p.doubtful})
			}
		}
	}
	slices.SortFunc(found, func(a, b match) int { return strings.Compare(a.phrase, b.phrase) })
	return found
}
