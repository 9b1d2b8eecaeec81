package content

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"congso/store/model"
)

// Finding is something that should be looked at before a record is published.
type Finding struct {
	Blocks  bool   // the record must not be published like this; otherwise a person is asked
	Rule    string // one of the Rule constants
	Message string // in Vietnamese: what it is and how to cure it
	Field   string // the form's field to go to: title, summary, publish_at, start, body, cover, photos, conclusions, tasks, agreements …
	Line    int    // from 1: the line of a Markdown text, or the row of a list of rows; 0 for neither
	Excerpt string // the words that it is about, "" when there are none
}

// The rules of the checklist. These block: no title, no date, a photo without alternative text, one that would not be shown, a dead link
// within the site, a link that would not work, a text too tangled to be shown. The others ask.
const (
	RuleTitle     = "title"     // blocks: no title
	RuleDate      = "date"      // blocks: no time of publishing, no start of a meeting
	RuleCapitals  = "capitals"  // a title all in capitals
	RuleSummary   = "summary"   // no summary
	RuleAlt       = "alt"       // blocks: photo without alternative text
	RuleCaption   = "caption"   // photo without caption
	RulePicture   = "picture"   // blocks: a picture from elsewhere
	RuleHeadings  = "headings"  // a level left out, or the title's level used again
	RuleDeadLink  = "dead-link" // blocks: a page of the site that is not there
	RuleAnchor    = "anchor"    // a place in this text that is not there
	RuleLink      = "link"      // blocks: a link to something other than http, https, mailto, tel or the site
	RuleNewSite   = "new-site"  // a site that nobody has approved
	RuleTwoOrders = "two-orders"
	RuleComma     = "comma"
	RulePhone     = "phone" // a mobile number
	RuleNFC       = "nfc"
	RuleTangled   = "tangled" // blocks: the text cannot be rendered
	RuleMany      = "many"    // more links than are asked about
	RulePlanted   = "planted" // words of gambling or pharmacy, hidden text, scripts: what strangers plant
)

// Known is what the checklist asks the store. A nil function leaves its rule out; an error of one ends the check.
type Known struct {
	Page func(path string) (bool, error) // whether the site answers this path, unescaped, without query and fragment; pages, media and static files
	Host func(host string) (bool, error) // whether an administrator has approved links to this host; lower case, without port
	Look *Guard                          // what looks for planted words; nil leaves the rule out
	Own  string                          // the site's own host, "" when not known: absolute links to it count as local
}

const (
	maxFindings = 50  // of one rule
	maxAsked    = 200 // different pages, and different hosts, that the store is asked for
)

// CheckNews returns what should be looked at before n is published, what blocks first. PublishAt must be set to the time at which it is
// going to be published. The texts are looked at as they were typed, so call it before n.Validate. Work is bounded as rendering is.
func CheckNews(n model.News, know Known) ([]Finding, error) {
	c := newChecker(know, "/tin-tuc/"+n.Slug)
	c.frame(n.Title, n.Summary, n.Lifecycle)
	c.plain("title", 0, n.Title)
	c.plain("summary", 0, n.Summary)
	c.plain("byline", 0, n.Byline)
	c.photo("cover", 0, n.Cover)
	c.attachments(n.Attachments)
	c.markdown("body", n.Body)
	return c.done()
}

// CheckMeeting is CheckNews for a meeting.
func CheckMeeting(m model.Meeting, know Known) ([]Finding, error) {
	c := newChecker(know, "/hoi-nghi/"+m.Slug)
	c.frame(m.Title, m.Summary, m.Lifecycle)
	if m.Start.IsZero() {
		c.block(RuleDate, "Chưa có thời gian bắt đầu. Hãy điền ngày giờ của cuộc họp.", "start", 0, "")
	}
	c.plain("title", 0, m.Title)
	c.plain("place", 0, m.Place)
	c.markdown("summary", m.Summary)
	c.meetingRows(m)
	c.attachments(m.Attachments)
	return c.done()
}

func (c *checker) meetingRows(m model.Meeting) {
	for i, p := range m.Participants {
		c.plain("participants", i+1, p.Name)
		c.plain("participants", i+1, p.Position)
	}
	for i, text := range m.Conclusions {
		c.plain("conclusions", i+1, text)
	}
	for i, task := range m.Tasks {
		c.plain("tasks", i+1, task.Text)
		if task.Proof != "" {
			c.link("tasks", i+1, task.Proof)
		}
	}
	for i, a := range m.Agreements {
		c.plain("agreements", i+1, a.Title)
		for _, party := range a.Parties {
			c.plain("agreements", i+1, party)
		}
		c.parties("agreements", i+1, a.Parties)
	}
	for i, p := range m.Photos {
		c.photo("photos", i+1, p)
	}
}

// checker collects the findings of one record.
type checker struct {
	know     Known
	at       string // the record's own address
	findings []Finding
	counts   map[string]int
	pages    map[string]bool // asked, with the answer
	hosts    map[string]bool
	lists    map[string][]string // the first list of each set of parties
	err      error
}

func newChecker(know Known, at string) *checker {
	return &checker{know: know, at: at, counts: map[string]int{}, pages: map[string]bool{}, hosts: map[string]bool{}, lists: map[string][]string{}}
}

func (c *checker) block(rule, message, field string, line int, excerpt string) {
	c.add(Finding{Blocks: true, Rule: rule, Message: message, Field: field, Line: line, Excerpt: excerpt})
}

func (c *checker) ask(rule, message, field string, line int, excerpt string) {
	c.add(Finding{Rule: rule, Message: message, Field: field, Line: line, Excerpt: excerpt})
}

const maxExcerpt = 160 // characters

func (c *checker) add(f Finding) {
	if c.counts[f.Rule]++; c.counts[f.Rule] > maxFindings {
		return
	}
	f.Excerpt = model.Clean(f.Excerpt)
	if runes := []rune(f.Excerpt); len(runes) > maxExcerpt {
		f.Excerpt = string(runes[:maxExcerpt-1]) + "…"
	}
	c.findings = append(c.findings, f)
}

// done says for each rule how many findings were left out, and puts first what blocks.
func (c *checker) done() ([]Finding, error) {
	if c.err != nil {
		return nil, c.err
	}
	for i := range c.findings {
		if f := &c.findings[i]; c.counts[f.Rule] > maxFindings {
			f.Message += fmt.Sprintf(" (Cả thảy %d chỗ như vậy.)", c.counts[f.Rule])
			c.counts[f.Rule] = 0
		}
	}
	slices.SortStableFunc(c.findings, func(a, b Finding) int { return cmp.Compare(rank(a), rank(b)) })
	return c.findings, nil
}

func rank(f Finding) int {
	if f.Blocks {
		return 0
	}
	return 1
}

// frame checks what news and meetings have in common.
func (c *checker) frame(title, summary string, l model.Lifecycle) {
	if model.Clean(title) == "" {
		c.block(RuleTitle, "Chưa có tiêu đề. Hãy đặt một tiêu đề nói rõ việc gì, ở đâu.", "title", 0, "")
	}
	if allCapitals(title) {
		c.ask(RuleCapitals, "Tiêu đề viết toàn chữ hoa, khó đọc và máy đọc màn hình có thể đánh vần từng chữ. Hãy viết hoa như trong câu thường.", "title", 0, title)
	}
	if l.PublishAt.IsZero() {
		c.block(RuleDate, "Chưa có thời điểm đăng. Hãy chọn ngày giờ đăng để người đọc biết tin của khi nào.", "publish_at", 0, "")
	}
	if model.Clean(summary) == "" {
		c.ask(RuleSummary, "Chưa có tóm tắt. Hãy viết một hai câu: danh sách tin, ô tìm kiếm và mạng xã hội sẽ hiện những câu đó.", "summary", 0, "")
	}
}

// allCapitals reports whether the text has at least three words and no small letter; fewer may well be abbreviations.
func allCapitals(text string) bool {
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
	return len(words) >= 3 && !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) && !unicode.IsUpper(r) })
}

// photo checks a picture with its words; one that was not chosen is no picture.
func (c *checker) photo(field string, line int, p model.Photo) {
	if p.Media.ID == 0 {
		return
	}
	c.words(field, line, model.Clean(p.Alt), model.Clean(p.Caption), p.Media.Name)
	c.plain(field, line, p.Alt)
	c.plain(field, line, p.Caption)
}

func (c *checker) words(field string, line int, alt, caption, excerpt string) {
	if alt == "" {
		c.block(RuleAlt, "Ảnh chưa có lời mô tả cho người không nhìn thấy. Hãy viết ngắn: trong ảnh có ai, đang làm gì.", field, line, excerpt)
	}
	if caption == "" {
		c.ask(RuleCaption, "Ảnh chưa có chú thích. Hãy viết một dòng dưới ảnh: ai, việc gì, ở đâu.", field, line, excerpt)
	}
}

func (c *checker) attachments(list []model.Attachment) {
	for i, a := range list {
		c.plain("attachments", i+1, a.Title)
	}
}

// plain checks a text that is no Markdown.
func (c *checker) plain(field string, line int, text string) {
	c.nfc(field, line, text)
	if c.know.Look != nil {
		c.planted(field, line, c.know.Look.Text(text))
	}
	c.prose(field, text, func(int) int { return line })
}

// planted asks about what the guard against planted links has found; hosts have a rule of their own.
func (c *checker) planted(field string, line int, list []model.Planted) {
	for _, p := range list {
		switch at := max(line, p.Line); p.Kind {
		case model.FoundHost:
		case model.FoundWord:
			c.ask(RulePlanted, fmt.Sprintf("“%s” là lời hay bị cài để quảng cáo cờ bạc, thuốc. Nếu không phải do mình viết, hãy xóa và báo quản trị.", p.Value), field, at, p.Excerpt)
		default:
			c.ask(RulePlanted, "Chỗ này có mã của trang web như người ta hay cài để giấu liên kết. Nếu không phải do mình viết, hãy xóa và báo quản trị.", field, at, p.Excerpt)
		}
	}
}

func (c *checker) nfc(field string, line int, text string) {
	if at := norm.NFC.QuickSpanString(text); at < len(text) && !norm.NFC.IsNormalString(text) {
		if line == 0 && (field == "body" || field == "summary") {
			line = 1 + strings.Count(text[:at], "\n")
		}
		c.ask(RuleNFC, "Chữ gõ theo Unicode tổ hợp, có máy sẽ hiện sai dấu. Khi lưu, phần mềm tự chuyển sang Unicode dựng sẵn; hãy lưu rồi đọc lại.",
			field, line, around(text, at, at))
	}
}

// around is the text from start to end with some words on both sides.
func around(text string, start, end int) string {
	const reach = 60
	from, to := max(0, start-reach), min(len(text), end+reach)
	if i := strings.IndexByte(text[from:start], ' '); from > 0 && i >= 0 {
		from += i
	}
	if i := strings.LastIndexByte(text[end:to], ' '); to < len(text) && i >= 0 {
		to = end + i
	}
	return strings.ToValidUTF8(text[from:to], "")
}
