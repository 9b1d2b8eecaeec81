package content

import (
	"regexp"
	"strings"

	"congso/store/model"
)

var (
	countForm   = regexp.MustCompile(`(\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?)\s?(%|[\p{L}][\p{L}\p{M}]*(?:[\s-]+[\p{L}][\p{L}\p{M}]*)*)?`)
	countBefore = regexp.MustCompile(`(?i)(?:ngày|tháng|năm|quý|số|điều|khoản|điểm|mục|chương|phụ lục|lần thứ|thứ|khóa|khoá|nhiệm kỳ|giai đoạn|lúc|hồi|từ|đến|phòng|đường|tổ|khu phố|kỳ họp|giờ|tuổi|cấp|hạng|bậc|loại|vòng|đợt|tuần)\s*$`)
	shareLabel  = regexp.MustCompile(`(?:^|[,;:.\n]\s*|\svà\s)([^,;:.\n\d]{4,120}?)\s*(?:hơn|gần|khoảng|trên|tới|đến)?\s*$`)
	countEnd    = regexp.MustCompile(`\s(?:và|với|tại|trong|cho|của|được|đã|do|so|từ|đến|là|có|để|ở|trên|theo|vào|đạt|cùng|về|bằng|giảm|tăng|gồm|nhằm|sẽ|chiếm)(?:\s|$)`)
)

// unitWords are what reports count, in lower case and with the longer ones first.
var unitWords = []string{
	"lượt học viên", "lượt người", "lượt hồ sơ", "tỷ đồng", "triệu đồng", "nghìn đồng", "đồng", "học viên", "cán bộ", "công chức", "viên chức", "đại biểu", "hồ sơ",
	"thủ tục hành chính", "thủ tục", "văn bản", "nhiệm vụ", "ý kiến", "đơn vị", "cơ quan", "lượt", "lớp", "người", "xã", "phường", "thôn", "sáng kiến", "cuộc", "vụ", "đơn",
	"quyết định", "kế hoạch", "mô hình", "tập thể", "cá nhân", "trường hợp", "chỉ tiêu", "hội nghị", "dự án", "công trình", "trang", "mét", "km", "ha", "việc", "biên chế", "chỉ số", "tiêu chí", "trường", "bệnh viện", "hộ", "tổ chức", "doanh nghiệp", "điểm",
}

// readFigures takes the numbers of what was counted ("42 lớp bồi dưỡng nghiệp vụ": the label lớp bồi dưỡng nghiệp vụ, the unit lớp) and
// the shares ("hồ sơ trực tuyến đạt 71,5%"). Numbers of days, documents, articles and telephones are no figures.
func readFigures(text string) []Found[model.Figure] {
	var list []Found[model.Figure]
	for _, s := range sentences(text) {
		part := text[s.start:s.end]
		from := len(listNumber.FindString(part))
		for _, m := range countForm.FindAllStringSubmatchIndex(part, -1) {
			if m[0] < from || len(list) == maxRows || !countsAt(part, m) {
				continue
			}
			if f, at, ok := figureAt(part, m); ok {
				list = append(list, found(f, span{s.start + at.start, s.start + at.end}))
			}
		}
	}
	return list
}

// countsAt reports whether the number at m stands by itself and counts something.
func countsAt(part string, m []int) bool {
	before := part[:m[0]]
	if before != "" && (strings.IndexByte("/.,:-+", before[len(before)-1]) >= 0 || letterOrDigit(before[len(before)-1]) || before[len(before)-1] >= 0x80) {
		return false
	}
	after := part[m[3]:]
	if after != "" && (strings.IndexByte("/:.-", after[0]) >= 0 && len(after) > 1 && after[1] != ' ' || after[0] >= '0' && after[0] <= '9') {
		return false
	}
	return m[4] >= 0 && !countBefore.MatchString(tail(before, 40))
}

func figureAt(part string, m []int) (model.Figure, span, bool) {
	value, err := model.ParseDecimal(part[m[2]:m[3]])
	if err != nil {
		return model.Figure{}, span{}, false
	}
	noun := part[m[4]:m[5]]
	if noun == "%" {
		label := shareLabel.FindStringSubmatchIndex(part[:m[0]])
		if label == nil {
			return model.Figure{}, span{}, false
		}
		return model.Figure{Label: part[label[2]:label[3]], Value: value, Unit: "%"}, span{label[2], m[5]}, true
	}
	if cut := countEnd.FindStringIndex(noun); cut != nil {
		noun = noun[:cut[0]]
	}
	lower := strings.ToLower(noun)
	for _, unit := range unitWords {
		if rest, ok := strings.CutPrefix(lower, unit); ok && (rest == "" || rest[0] == ' ') && len(lower) == len(noun) {
			return model.Figure{Label: noun, Value: value, Unit: noun[:len(unit)]}, span{m[0], m[4] + len(noun)}, true
		}
	}
	return model.Figure{}, span{}, false
}

var (
	taskGiven = regexp.MustCompile(`(?:^|[\s,:])(?:[Gg]iao(?: trách nhiệm)?(?: cho)?|[Đđ]ề nghị|[Yy]êu cầu)\s+(?:các\s+)?`)
	dutyHead  = regexp.MustCompile(`^[\s,]*(?:(?:chủ trì|là đơn vị chủ trì)\s*[,:]\s*|chịu trách nhiệm\s+|có trách nhiệm\s+|:\s*)?`)
)

// readTasks takes the sentences that give work to an office: "Giao Phòng Tổ chức rà soát …, hoàn thành trước ngày 30/9/2026".
func readTasks(text string, units []model.Unit) []Found[model.Task] {
	var list []Found[model.Task]
	for _, s := range sentences(text) {
		if len(list) == maxRows {
			break
		}
		part := text[s.start:s.end]
		m := taskGiven.FindStringIndex(part)
		if m == nil {
			continue
		}
		owner, ownerEnd := ownerAt(part, m[1], units)
		if owner.UnitName == "" {
			continue
		}
		start := ownerEnd + len(dutyHead.FindString(part[ownerEnd:]))
		end := len(part)
		due, at, dated := readDue(part[start:])
		if dated {
			owner.Due = due
			if rest := strings.Trim(part[start+at.end:], " .;,)"); rest == "" {
				end = start + at.start
			}
		}
		for end > start && strings.IndexByte(" ,.;(", part[end-1]) >= 0 {
			end--
		}
		if owner.Text = part[start:end]; owner.Text != "" {
			given := m[0] + len(part[m[0]:m[1]]) - len(strings.TrimLeft(part[m[0]:m[1]], " ,:"))
			list = append(list, found(owner, span{s.start + given, s.end}))
		}
	}
	return list
}

// maxOwner is the bytes in which the name of an office ends.
const maxOwner = 400

// ownerAt is the unit named at a byte of part: the one of the directory with the longest name that stands there, or an office as written.
func ownerAt(part string, at int, units []model.Unit) (owner model.Task, end int) {
	for _, u := range units {
		if n := foldedPrefix(part[at:], u.Name); n > 0 && at+n > end {
			owner, end = model.Task{UnitID: u.ID, UnitSlug: u.Slug, UnitName: part[at : at+n]}, at+n
		}
	}
	if end > 0 {
		return owner, end
	}
	if named := agencies(part[at:min(len(part), at+maxOwner)]); len(named) > 0 && named[0].start == 0 {
		return model.Task{UnitName: named[0].name}, at + named[0].end
	}
	return model.Task{}, at
}

// foldedPrefix is how many bytes of text say name, whatever its case and accents; 0 when text begins otherwise.
func foldedPrefix(text, name string) int {
	wanted := model.Tokens(name)
	have := model.Tokens(text[:lastRune(text, min(len(text), 3*len(name)+20))])
	if len(wanted) == 0 || len(have) < len(wanted) || have[0].Start != 0 {
		return 0
	}
	for i, w := range wanted {
		if have[i].Folded != w.Folded {
			return 0
		}
	}
	return have[len(wanted)-1].End
}

var (
	signedForm = regexp.MustCompile(`(?:[Kk]ý kết|đã ký|[Kk]ý)\s+(?:các\s+)?((?:[Qq]uy chế|[Tt]hỏa thuận|[Tt]hoả thuận|[Cc]hương trình|[Bb]iên bản ghi nhớ|[Bb]ản ghi nhớ|[Kk]ế hoạch|[Hh]ợp đồng|[Gg]iao ước)[^,.;:()\n]*)`)
	between    = regexp.MustCompile(`\s+giữa\s+(?:các\s+(?:đơn vị|bên|cơ quan)\s*:?\s*)?`)
)

// readAgreements takes "A, B và C ký kết quy chế …" and "ký kết thỏa thuận … giữa A, B và C". What is signed by the same parties under
// one title is one agreement, however often and in whatever order it is told.
func readAgreements(text string) []Found[model.Agreement] {
	var list []Found[model.Agreement]
	told := map[string]bool{}
	for _, s := range sentences(text) {
		part := text[s.start:s.end]
		m := signedForm.FindStringSubmatchIndex(part)
		if m == nil || len(list) == maxRows {
			continue
		}
		title, parties := span{m[2], m[3]}, lastList(part[:m[0]])
		if cut := between.FindStringIndex(part[m[2]:]); cut != nil {
			title.end = m[2] + cut[0]
			parties = firstList(part[m[2]+cut[1]:])
		}
		a := model.Agreement{Title: strings.TrimSpace(part[title.start:title.end]), Parties: parties}
		key := model.Fold(a.Title) + "\n" + partySet(parties)
		if len(parties) < 2 || a.Title == "" || told[key] {
			continue
		}
		told[key] = true
		list = append(list, found(a, s))
	}
	return list
}

func lastList(text string) []string {
	if lists := agencyLists(text); len(lists) > 0 {
		return lists[len(lists)-1].names()
	}
	return nil
}

// firstList are the offices of the list that text begins with.
func firstList(text string) []string {
	if lists := agencyLists(text); len(lists) > 0 && lists[0].items[0].start == 0 {
		return lists[0].names()
	}
	return nil
}
