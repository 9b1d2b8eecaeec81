package content

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// agency is the name of an office in a text: "Văn phòng UBND tỉnh", with the offices that it is part of.
type agency struct {
	name       string
	start, end int // bytes of the text
}

// agencyHead is how the names of one kind of office begin. An office may be named right before one that it is part of ("Phòng Tổ chức Sở
// Nội vụ"): so when the highest rank of the second is above the lowest of the first. Otherwise they are two, and something must part them.
type agencyHead struct {
	words     string
	low, high int
	place     bool // may be followed by tỉnh, xã …, not only by a name: "Công an tỉnh"
	alone     bool // a name by itself: "Tỉnh ủy"
}

// agencyHeads are in an order in which a longer one stands before a shorter one that it begins with.
var agencyHeads = []agencyHead{
	{"Ủy ban nhân dân", 4, 4, true, true}, {"Uỷ ban nhân dân", 4, 4, true, true}, {"Ủy ban Nhân dân", 4, 4, true, true}, {"UBND", 4, 4, true, true},
	{"Hội đồng nhân dân", 4, 4, true, true}, {"Hội đồng Nhân dân", 4, 4, true, true}, {"HĐND", 4, 4, true, true},
	{"Ủy ban", 3, 4, false, false}, {"Uỷ ban", 3, 4, false, false},
	{"Tỉnh ủy", 4, 6, false, true}, {"Tỉnh uỷ", 4, 6, false, true}, {"Thành ủy", 4, 6, false, true}, {"Thành uỷ", 4, 6, false, true},
	{"Đảng ủy", 1, 4, true, false}, {"Đảng uỷ", 1, 4, true, false},
	{"Bộ Chỉ huy", 3, 3, false, true}, {"Bộ", 5, 5, false, false}, {"Tổng cục", 4, 4, false, false}, {"Cục", 3, 4, false, false}, {"Vụ", 2, 2, false, false},
	{"Sở", 3, 3, false, false}, {"Công an", 3, 3, true, false}, {"Bưu điện", 3, 3, true, false}, {"Viễn thông", 3, 3, true, false},
	{"Kho bạc", 3, 3, true, false}, {"Bảo hiểm xã hội", 3, 3, true, true}, {"Tòa án", 3, 3, true, false}, {"Viện kiểm sát", 3, 3, true, true},
	{"Viện Kiểm sát", 3, 3, true, true}, {"Liên đoàn", 3, 3, false, false}, {"Liên minh", 3, 3, false, false}, {"Ban", 1, 3, false, false},
	{"Hội", 1, 3, false, false}, {"Trường", 1, 3, false, false}, {"Học viện", 1, 3, false, false}, {"Viện", 1, 3, false, false},
	{"Bệnh viện", 1, 3, false, false}, {"Thanh tra", 1, 3, true, false}, {"Đài", 1, 3, false, false}, {"Ngân hàng", 1, 3, false, false},
	{"Tổng công ty", 1, 3, false, false}, {"Công ty", 1, 3, false, false}, {"Chi cục", 2, 2, false, false}, {"Trung tâm", 1, 2, false, false},
	{"Văn phòng", 1, 2, true, false}, {"Công đoàn", 1, 2, false, false}, {"Đoàn Thanh niên", 1, 2, false, true}, {"Phòng", 1, 1, false, false},
}

// notHeads are words that begin as an office does and are none, each with the word before or after it.
var notHeads = wordSet(`Hội-An Hội-Nghị Hội-Trường Hội-Thảo Hội-Đồng Vụ-Bản Vụ-Quang Ban-Mê Ban-Hành Bộ-Luật Bộ-Tiêu Bộ-Quy Bộ-Thủ Bộ-Câu
	Đài-Loan Đài-Bắc Phòng-Chống Phòng-Cháy Phòng-Ngừa Hải-Phòng Quốc-Phòng Quốc-Hội Xã-Hội Cán-Bộ Nội-Vụ Ngoại-Vụ Nhiệm-Vụ Dịch-Vụ Đội-Bộ Giám-Sở`)

var (
	// schoolWords follow Trường where it is a school and not somebody's name.
	schoolWords = wordSet(`Đại Cao Trung Chính THPT THCS Tiểu Mầm Phổ PTDT Dân Đào Bồi Cán Nghiệp`)

	// placeWords may follow the head of an office in lower case.
	placeWords = wordSet(`tỉnh thành huyện thị xã phường đặc khu`)

	// nameSyllables are the syllables that stand in lower case within the names of offices. Verbs that an office does something to another
	// with are not among them: "Sở Nội vụ trình UBND tỉnh" is no list.
	nameSyllables = wordSet(`vụ chính dựng pháp tế nghiệp trường học nghệ dục tạo hóa hoá thao lịch tin thông truyền động hội hoạch tư tải giáo tộc trúc
		tỉnh thành phố xã phường huyện thị đặc khu nhân dân trữ sử lưu chức biên chế viên thưởng đua khen niên quyền cách hành công dưỡng bồi cán bộ
		phụ nữ nông chiến binh sự quân phòng ninh sát quan thuế phát triển nước nhà tổ quốc liên hiệp lao thủy thuỷ lợi lâm sản nuôi thú trồng trọt
		bảo vệ thực vật thảo đẳng đại cấp phổ nội trú tiểu mầm non trung ương tâm viện hòa bình bạn điện tử viễn bưu số đất đai đăng kho bạc
		hàng mại nghề việc làm người tật kiểm soát bệnh cứu trợ xuất khẩu kinh doanh án biển đảo cảng vườn rừng du môi khoa kế tài xây văn
		giao thương y năng lượng nguyên hợp tác đô quy chữa cháy giám định phục dịch một cửa thư ngoại ngữ sĩ đội cựu mặt trận`)

	// afterAnd are the words that follow "và" within the name of one office: "Giáo dục và Đào tạo".
	afterAnd = wordSet(`Đào Môi Phát Công Truyền Xã Đầu Du Thể Tôn Lưu Gia Trẻ Đô Dân Bồi Kiến Giáo Khoáng Thư Thương Khen Bảo Hội Đo Thông Viễn Kỹ Quản
		Thư lưu phát đầu đào bồi truyền môi du khen công gia`)

	// afterComma are the words that follow a comma within the name of one office: "Văn hóa, Thể thao", "Tổ chức, biên chế".
	afterComma = wordSet(`hóa-Thể hoá-Thể hóa-Khoa hóa-Xã hóa-Thông chức-biên chức-viên đua-khen tạo-bồi đua-Khen chức-Biên chức-Viên tạo-Bồi`)

	// positionWords begin what somebody is, which ends the name of an office before it.
	positionWords = wordSet(`Giám Phó Trưởng Chủ Chánh Bí Ủy Uỷ Thứ Chuyên Nguyên Quyền Hiệu Viện-trưởng Ông Bà Đồng Số Ngày`)

	// familyNames are those of most people; two capitals after one make a person of it.
	familyNames = wordSet(`Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Đoàn Trương Lương Mai Cao Tạ Hà Tô Châu Lâm Kiều Lưu Tống Trịnh Đào`)
)

func wordSet(list string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(list) {
		set[word] = true
	}
	return set
}

// officeWord is a word, or a sign that is none, at bytes of a text.
type officeWord struct {
	text       string
	start, end int
}

var officeWords = regexp.MustCompile(`[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}&]*|\n|[^\s]`)

func wordsOf(text string) []officeWord {
	var list []officeWord
	for _, at := range officeWords.FindAllStringIndex(text, -1) {
		list = append(list, officeWord{text[at[0]:at[1]], at[0], at[1]})
	}
	return list
}

// agencyScan finds the offices named in one text.
type agencyScan struct{ words []officeWord }

// agencies are the offices named in text, in order. Names of people and what offices do end a name.
func agencies(text string) []agency {
	s := agencyScan{words: wordsOf(text)}
	var found []agency
	for i := 0; i < len(s.words); {
		end := s.officeEnd(i)
		if end == i {
			i++
			continue
		}
		start, stop := s.words[i].start, s.words[end-1].end
		found = append(found, agency{text[start:stop], start, stop})
		i = end
	}
	return found
}

func (s *agencyScan) word(i int) string {
	if i < 0 || i >= len(s.words) {
		return ""
	}
	return s.words[i].text
}

// headAt is the head that starts at word i, and how many words it has; 0 when none does.
func (s *agencyScan) headAt(i int) (agencyHead, int) {
	if !capital(s.word(i)) || notHeads[s.word(i-1)+"-"+s.word(i)] || notHeads[s.word(i)+"-"+s.word(i+1)] {
		return agencyHead{}, 0
	}
	for _, h := range agencyHeads {
		n := strings.Count(h.words, " ") + 1
		if i+n <= len(s.words) && s.joined(i, n) == h.words {
			if s.qualifies(h, i+n) {
				return h, n
			}
			return agencyHead{}, 0
		}
	}
	return agencyHead{}, 0
}

func (s *agencyScan) joined(i, n int) string {
	if n == 1 {
		return s.words[i].text
	}
	parts := make([]string, n)
	for k := range parts {
		parts[k] = s.words[i+k].text
	}
	return strings.Join(parts, " ")
}

// qualifies reports whether the word after a head makes an office of it: "Phòng Tổ chức", not "Phòng họp".
func (s *agencyScan) qualifies(h agencyHead, next int) bool {
	word := s.word(next)
	switch {
	case h.words == "Trường":
		return schoolWords[word]
	case h.words == "Ban" && word == "quản":
		return s.word(next+1) == "lý"
	case h.words == "Tòa án" && word == "nhân":
		return true
	case h.alone:
		return true
	case positionWords[word]:
		return false
	}
	return capital(word) || h.place && placeWords[word]
}

func capital(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return unicode.IsUpper(r)
}

const maxOfficeWords = 20

// officeEnd is the index of the word after the office that starts at word i; i when none does.
func (s *agencyScan) officeEnd(i int) int {
	head, n := s.headAt(i)
	if n == 0 {
		return i
	}
	own := ownName(head) // whether the innermost office has a name besides its head
	at := i + n
	for at < len(s.words) && at < i+maxOfficeWords {
		if next, m := s.headAt(at); m > 0 {
			if own && (next.words == head.words || next.high <= head.low) {
				return at
			}
			head, own, at = next, ownName(next), at+m
			continue
		}
		step := s.nameWord(at)
		if step == 0 {
			break
		}
		if s.word(at) == "tỉnh" {
			head.low = max(head.low, min(head.high, 3)) // of the province, so part of no department
		}
		own, at = true, at+step
	}
	return at
}

// ownName reports whether the head alone names an office. No office's name begins right after Sở with the head of another.
func ownName(h agencyHead) bool { return h.alone || h.words == "Sở" }

// nameWord is how many words at word i carry the name of an office on, 0 for none.
func (s *agencyScan) nameWord(i int) int {
	word, next := s.word(i), s.word(i+1)
	switch {
	case word == "và" || word == "-" || word == "–":
		if _, office := s.headAt(i + 1); office == 0 && afterAnd[next] {
			return 2
		}
		return 0
	case word == ",":
		if afterComma[s.word(i-1)+"-"+next] {
			return 2
		}
		return 0
	case word == "quản" && next == "lý" && s.word(i-1) == "Ban":
		return 2
	case word == "." && (s.word(i-1) == "TP" || s.word(i-1) == "Tp"):
		return 1
	case positionWords[word], familyNames[word] && capital(next) && !placeWords[s.word(i-1)]:
		return 0
	case word == "lý":
		return steps(s.word(i-1) == "Quản")
	case word == "ký":
		return steps(s.word(i-1) == "Đăng" || s.word(i-1) == "đăng")
	case word == "dự":
		return steps(next == "án")
	case capital(word), nameSyllables[word]:
		return 1
	}
	r, _ := utf8.DecodeRuneInString(word)
	if unicode.IsNumber(r) && i > 0 && s.words[i-1].end < s.words[i].start {
		return 1 // Phòng 2
	}
	return 0
}

func steps(ok bool) int {
	if ok {
		return 1
	}
	return 0
}

// agencyList is offices named one after the other; missing holds the index of each that nothing parts from the one before it.
type agencyList struct {
	items   []agency
	missing []int
}

var listSeparator = regexp.MustCompile(`^\s*(?:[,;]\s*(?:và|cùng)?|và|cùng(?: với)?|với|[-–])\s*(?:các\s+)?$`)

// agencyLists are the runs of two and more offices with nothing between them, a comma, or a word such as và.
func agencyLists(text string) []agencyList {
	var lists []agencyList
	var run agencyList
	for _, a := range agencies(text) {
		if n := len(run.items); n > 0 {
			gap := text[run.items[n-1].end:a.start]
			switch {
			case strings.Trim(gap, " \u00a0") == "":
				run.missing = append(run.missing, n)
			case !listSeparator.MatchString(gap):
				lists = appendList(lists, run)
				run = agencyList{}
			}
		}
		run.items = append(run.items, a)
	}
	return appendList(lists, run)
}

func appendList(lists []agencyList, run agencyList) []agencyList {
	if len(run.items) < 2 {
		return lists
	}
	return append(lists, run)
}

func (l agencyList) names() []string {
	names := make([]string, len(l.items))
	for i, a := range l.items {
		names[i] = a.name
	}
	return names
}

// sameParties reports whether two lists name the same parties, three or more, in another order.
func sameParties(a, b []string) bool {
	if len(a) != len(b) || len(a) < 3 {
		return false
	}
	a, b = partyKeys(a), partyKeys(b)
	if slices.Equal(a, b) {
		return false
	}
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}
