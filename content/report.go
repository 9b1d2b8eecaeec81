package content

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"congso/store/model"
)

// Found is a value read out of a report, and the bytes of Proposal.Text that say it. The zero Found is nothing found.
type Found[T any] struct {
	Value      T
	Start, End int
}

// Proposal is what a report says of a meeting, for a person to accept piece by piece. Each text in it stands in Text between Start and
// End of its piece, in NFC; times, days and numbers are parsed from there. Nothing is guessed: what the report does not say is missing.
type Proposal struct {
	Text         string // the report as it was read: tidied, without the signs of Markdown
	Cut          bool   // the report was longer than can be read; Text ends early
	Title        Found[string]
	Kind         Found[string] // in lower case: "hội nghị"
	Start        Found[time.Time]
	End          Found[time.Time]
	Place        Found[string]
	Participants []Found[model.Participant] // chairs first where somebody is named twice; Position as written
	Figures      []Found[model.Figure]
	Conclusions  []Found[string]
	Tasks        []Found[model.Task] // UnitID and UnitSlug only for a unit of the directory
	Agreements   []Found[model.Agreement]
}

// maxReport is the bytes of a report that are read.
const maxReport = 200 << 10

// maxRows bounds the rows of each kind that a report may give.
const maxRows = 200

// ReadReport reads a meeting's report, plain text or Markdown. Owners of tasks are found among units by their names, whatever their case
// and accents. A start whose hour the report leaves out is at midnight; a date without a year is no date.
func ReadReport(text string, units []model.Unit) Proposal {
	p := Proposal{Cut: len(text) > maxReport}
	p.Text = tidyReport(text[:min(len(text), maxReport)])
	p.Title = readTitle(p.Text)
	p.Kind = readKind(p.Text, p.Title)
	p.Start, p.End = readTimes(p.Text)
	p.Place = readPlace(p.Text)
	p.Participants = readPeople(p.Text)
	p.Figures = readFigures(p.Text)
	p.Conclusions = readConclusions(p.Text)
	p.Tasks = readTasks(p.Text, units)
	p.Agreements = readAgreements(p.Text)
	return p
}

var (
	markdownLink  = regexp.MustCompile(`!?\[([^\]\[\n]*)\]\([^()\n]*\)`)
	markdownSigns = regexp.MustCompile(`\*\*|__|\*|^#+ |^> ?|\\`)
)

// tidyReport takes indentation, empty lines at the ends, and the signs of Markdown from a text.
func tidyReport(text string) string {
	text = model.CleanLines(strings.ToValidUTF8(text, ""))
	var lines []string
	for line := range strings.Lines(text) {
		line = markdownLink.ReplaceAllString(model.Clean(line), "$1")
		lines = append(lines, model.Clean(markdownSigns.ReplaceAllString(line, "")))
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

// span is a piece of a text.
type span struct{ start, end int }

func found[T any](value T, s span) Found[T] { return Found[T]{value, s.start, s.end} }

// reportLines are the lines of text that are not empty.
func reportLines(text string) []span {
	var list []span
	at := 0
	for line := range strings.Lines(text) {
		if end := at + len(strings.TrimSuffix(line, "\n")); end > at {
			list = append(list, span{at, end})
		}
		at += len(line)
	}
	return list
}

var sentenceEnd = regexp.MustCompile(`[.!?…;]\s+|\n`)

// maxSentence is the longest sentence that is read, in bytes: what is longer is no prose, and reading takes the square of it.
const maxSentence = 4000

// sentences are the sentences of text, and the parts that semicolons make of long ones; an abbreviation's dot ends none.
func sentences(text string) []span {
	var list []span
	start := 0
	for _, m := range sentenceEnd.FindAllStringIndex(text, -1) {
		if text[m[0]] == '.' && abbreviation(text[start:m[0]]) {
			continue
		}
		if m[0] > start && m[0]-start <= maxSentence {
			list = append(list, span{start, m[0]})
		}
		start = m[1]
	}
	if start < len(text) && len(text)-start <= maxSentence {
		list = append(list, span{start, len(text)})
	}
	return list
}

// tail is the last n bytes of s, or a little less.
func tail(s string, n int) string { return s[lastRune(s, len(s)-n):] }

// head is the first n bytes of s, or a little more.
func head(s string, n int) string { return s[:lastRune(s, min(len(s), n))] }

var abbreviationEnd = regexp.MustCompile(`(?:^|[\s(])(?:TP|Tp|TS|ThS|PGS|GS|BS|KS|Q|P|\d{1,2}|[IVX]+|[A-Za-z])$`)

func abbreviation(before string) bool {
	return abbreviationEnd.MatchString(tail(before, 8))
}

var (
	kindWords  = regexp.MustCompile(`(?i)hội nghị|cuộc họp|họp giao ban|giao ban|tập huấn|lễ ký kết|hội thảo|tọa đàm|toạ đàm|buổi làm việc|phiên họp|đại hội|lễ công bố`)
	letterhead = regexp.MustCompile(`(?i)^(?:cộng hòa xã hội|cộng hoà xã hội|độc lập|số:|số \d|ủy ban nhân dân|uỷ ban nhân dân|ubnd|sở \p{L}+ \p{L}+$|báo cáo$|biên bản$|thông báo$|tỉnh |kính gửi|<<|[-_*=\s]+$)`)
)

const maxTitleRunes = model.MaxTitle

// readTitle takes the first short line without a full stop that names a kind of meeting, or else the first such line of any words.
func readTitle(text string) Found[string] {
	lines := reportLines(text)
	lines = lines[:min(len(lines), 20)]
	for _, wanted := range []func(string) bool{
		func(line string) bool { m := kindWords.FindStringIndex(line); return m != nil && m[0] < 60 },
		func(string) bool { return true },
	} {
		for _, s := range lines {
			if line := text[s.start:s.end]; titleLine(line) && wanted(line) {
				return found(line, s)
			}
		}
	}
	return Found[string]{}
}

func titleLine(line string) bool {
	return utf8.RuneCountInString(line) <= maxTitleRunes && !strings.ContainsAny(line[len(line)-1:], ".;:,") && !letterhead.MatchString(line) && !labelLine.MatchString(line)
}

var labelLine = regexp.MustCompile(`^[^:.,]{2,60}:`)

// readKind looks in the title, then in the text.
func readKind(text string, title Found[string]) Found[string] {
	at := title.Start
	m := kindWords.FindStringIndex(title.Value)
	if m == nil {
		at, m = 0, kindWords.FindStringIndex(text)
	}
	if m == nil {
		return Found[string]{}
	}
	s := span{at + m[0], at + m[1]}
	return found(strings.ToLower(text[s.start:s.end]), s)
}

var (
	placeLabel = regexp.MustCompile(`(?im)^(?:[-+•\d.)\s]*)?(?:địa điểm|nơi họp)[^:\n]{0,30}:\s*([^\n]+?)[.;]?$`)
	placeProse = regexp.MustCompile(`\btại ((?:[Hh]ội trường|[Pp]hòng họp|[Tt]rụ sở|[Nn]hà khách|[Nn]hà văn hóa|[Kk]hách sạn|[Tt]rung tâm [Hh]ội nghị)[^,.;()\n]*)`)
	placeEnd   = regexp.MustCompile(` (?:đã|diễn ra|dưới|do|với|để|nhằm|và|vừa|có) `)
)

func readPlace(text string) Found[string] {
	for _, form := range []*regexp.Regexp{placeLabel, placeProse} {
		m := form.FindStringSubmatchIndex(text)
		if m == nil {
			continue
		}
		s := span{m[2], m[3]}
		if cut := placeEnd.FindStringIndex(text[s.start:s.end]); cut != nil && form == placeProse {
			s.end = s.start + cut[0]
		}
		s.end = s.start + len(strings.TrimRight(text[s.start:s.end], " "))
		return found(text[s.start:s.end], s)
	}
	return Found[string]{}
}

var (
	conclusionHead = regexp.MustCompile(`(?i)^(?:[IVX]+\.|\d+\.|[a-z]\))?\s*(?:[^\n.]{0,80}\s)?kết luận(?:\s[^\n.]{0,60})?[:.]?$`)
	sectionHead    = regexp.MustCompile(`^(?:[IVX]+\.\s|\p{Lu}[^.;,]{0,60}:$)|^(?i:nơi nhận|trên đây|hội nghị kết thúc|cuộc họp kết thúc|biên bản)`)
	listNumber     = regexp.MustCompile(`^(?:\d{1,2}[.)]|[a-zđ]\)|[-+•–*])\s*`)
)

// readConclusions takes the numbered lines under a heading or sentence that announces the conclusions; where none is numbered, the lines.
func readConclusions(text string) []Found[string] {
	lines := reportLines(text)
	first := slices.IndexFunc(lines, func(s span) bool { return conclusionHead.MatchString(text[s.start:s.end]) })
	if first < 0 {
		return nil
	}
	var numbered, all []Found[string]
	for _, s := range lines[first+1:] {
		line := text[s.start:s.end]
		if sectionHead.MatchString(line) || len(all) == maxRows {
			break
		}
		number := len(listNumber.FindString(line))
		if number == len(line) {
			continue
		}
		s.start += number
		all = append(all, found(text[s.start:s.end], s))
		if number > 0 {
			numbered = append(numbered, all[len(all)-1])
		}
	}
	if len(numbered) > 0 {
		return numbered
	}
	return all
}
