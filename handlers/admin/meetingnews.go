package admin

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"

	"congso/store/model"
)

// newsFromMeeting is a draft of the news item that reports the meeting: the record told as prose, in Markdown. Section and byline are left
// to whoever drafts it. Nothing is said that the record does not say.
func newsFromMeeting(m model.Meeting) model.News {
	n := model.News{Title: m.Title, Summary: newsSummary(m)}
	n.Visibility, n.Status = m.Visibility, model.StatusDraft
	parts := []string{newsOpening(m), m.Summary, newsFigures(m.Figures), newsConclusions(m.Conclusions), newsTasks(m.Tasks), newsAgreements(m)}
	for i, p := range m.Photos {
		if i == 0 {
			n.Cover = p
			continue
		}
		parts = append(parts, newsPhoto(p))
	}
	n.Attachments = append(n.Attachments, m.Attachments...)
	n.Body = joinParts(parts)
	return n
}

func joinParts(parts []string) string {
	var kept []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, "\n\n")
}

// newsSummary is the first paragraph of the meeting's own summary where it is plain prose, else when and where it was.
func newsSummary(m model.Meeting) string {
	first, _, _ := strings.Cut(strings.TrimSpace(m.Summary), "\n\n")
	if first == "" || len([]rune(first)) > model.MaxSummary || strings.ContainsAny(first, "*_[]<>#|`\n\\") || strings.HasPrefix(first, "- ") {
		return newsWhen(m) + ", " + lowerFirst(m.Title) + " đã diễn ra" + newsPlace(m) + "."
	}
	return first
}

// newsWhen is "Sáng ngày 05 tháng 7 năm 2023".
func newsWhen(m model.Meeting) string {
	part := "Tối"
	switch hour := m.Start.In(model.Zone()).Hour(); {
	case hour < 12:
		part = "Sáng"
	case hour < 18:
		part = "Chiều"
	}
	return part + " " + model.FullDate(m.Start)
}

func newsPlace(m model.Meeting) string {
	if m.Place == "" {
		return ""
	}
	return " tại " + m.Place
}

func lowerFirst(text string) string {
	runes := []rune(text)
	if len(runes) > 1 && strings.ToUpper(string(runes[1])) == string(runes[1]) { // an abbreviation
		return text
	}
	return strings.ToLower(string(runes[:min(1, len(runes))])) + string(runes[min(1, len(runes)):])
}

func newsOpening(m model.Meeting) string {
	text := newsWhen(m) + ", " + markText(lowerFirst(m.Title)) + " đã diễn ra" + markText(newsPlace(m)) + "."
	if chairs := m.Chairs(); len(chairs) > 0 {
		verb := " chủ trì " + cmp.Or(markText(lowerFirst(m.Kind)), "cuộc họp") + "."
		if len(chairs) > 1 {
			verb = " đồng" + verb
		}
		text += " " + upperFirst(list(chairs, named)) + verb
	}
	if signers := m.With(model.Signer); len(signers) > 0 {
		text += " Tham gia ký kết có " + list(signers, named) + "."
	}
	return text
}

// named is a person with the position held on that day: "ông …" is for the writer, who knows.
func named(p model.Participant) string {
	if p.Position == "" {
		return markText(p.Name)
	}
	return markText(p.Name) + ", " + markText(p.Position)
}

// list is "a, b và c", or "a; b; và c" when one of the texts is a list itself.
func list[T any](items []T, text func(T) string) string {
	texts, mark := make([]string, len(items)), ", "
	for i, item := range items {
		if texts[i] = text(item); strings.Contains(texts[i], ", ") {
			mark = "; "
		}
	}
	if len(texts) < 2 {
		return strings.Join(texts, "")
	}
	last := " và "
	if mark == "; " {
		last = "; và "
	}
	return strings.Join(texts[:len(texts)-1], mark) + last + texts[len(texts)-1]
}

func upperFirst(text string) string {
	runes := []rune(text)
	return strings.ToUpper(string(runes[:min(1, len(runes))])) + string(runes[min(1, len(runes)):])
}

func newsFigures(figures []model.Figure) string {
	if len(figures) == 0 {
		return ""
	}
	texts := make([]string, len(figures))
	for i, f := range figures {
		texts[i] = markText(lowerFirst(f.Label)) + ": " + strings.ReplaceAll(markText(strings.TrimSpace(f.Value.Show()+" "+f.Unit)), " %", "%")
	}
	return "Các số liệu được báo cáo: " + strings.Join(texts, "; ") + "."
}

func newsConclusions(conclusions []string) string {
	if len(conclusions) == 0 {
		return ""
	}
	lines := []string{"## Kết luận", ""}
	for i, text := range conclusions {
		lines = append(lines, strconv.Itoa(i+1)+". "+markLine(text))
	}
	return strings.Join(lines, "\n")
}

func newsTasks(tasks []model.Task) string {
	if len(tasks) == 0 {
		return ""
	}
	lines := []string{"## Nhiệm vụ được giao", "", "| Nhiệm vụ | Đơn vị chủ trì | Hạn |", "|---|---|---|"}
	for _, t := range tasks {
		lines = append(lines, "| "+markText(t.Text)+" | "+cmp.Or(markText(t.UnitName), "–")+" | "+cmp.Or(t.Due.Short(), "–")+" |")
	}
	return strings.Join(lines, "\n")
}

func newsAgreements(m model.Meeting) string {
	if len(m.Agreements) == 0 {
		return ""
	}
	lines := []string{"## Ký kết"}
	for _, a := range m.Agreements {
		parties := list(a.Parties, markText)
		if len(a.Parties) > 1 {
			parties = strconv.Itoa(len(a.Parties)) + " bên gồm " + parties
		}
		lines = append(lines, "", "Tại đây, "+parties+" đã ký "+markText(lowerFirst(a.Title))+".")
	}
	return strings.Join(lines, "\n")
}

func newsPhoto(p model.Photo) string {
	caption := ""
	if p.Caption != "" {
		caption = ` "` + strings.ReplaceAll(markText(p.Caption), `"`, `\"`) + `"`
	}
	return "![" + markText(p.Alt) + "](" + p.Media.URL() + caption + ")"
}

var (
	markSigns  = regexp.MustCompile("[\\\\`*_\\[\\]<>|~]")
	markEntity = regexp.MustCompile(`&(#?\w+;)`)
	markStart  = regexp.MustCompile(`^(\d+)([.)])|^([-+#=:])`)
)

// markText is a text of the record as Markdown within a line: signs that would mean something are escaped.
func markText(text string) string {
	return markEntity.ReplaceAllString(markSigns.ReplaceAllString(text, `\$0`), `\&$1`)
}

// markLine is markText for a text with which a line begins.
func markLine(text string) string { return markStart.ReplaceAllString(markText(text), `$1\$2$3`) }
