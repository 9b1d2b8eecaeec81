package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What the texts of the portals that are measured are made of. The words come as often as their place in the list says (Zipf): the first
// in nearly every text, the last in few.
const (
	benchTerms = `công chức|hồ sơ|thực hiện|cơ quan|đơn vị|cán bộ|quy định|thủ tục|kết quả|công tác|người dân|tổ chức|thời gian|nhiệm vụ|địa phương|` +
		`giải quyết|thông báo|kế hoạch|tuyển dụng|viên chức|hành chính|cải cách|tiếp nhận|báo cáo|đề nghị|xây dựng|quản lý|hướng dẫn|triển khai|phối hợp|` +
		`kiểm tra|số lượng|trực tuyến|dịch vụ công|văn bản|đúng hạn|hội nghị|nâng cấp|đường bộ|thi đua|khen thưởng|bồi dưỡng|đào tạo|lưu trữ|số hóa|` +
		`thanh niên|tôn giáo|văn thư|biên chế|tiền lương|bổ nhiệm|luân chuyển|thanh tra|khiếu nại|tố cáo|sáp nhập|địa giới|hộ khẩu|chữ ký số|một cửa|` +
		`thủy lợi|trường học|bệnh viện|nông thôn|đô thị|môi trường|ngân sách|đấu thầu|bão lũ|khẩn cấp|tuyên truyền|giám sát|phúc khảo|thí sinh|điểm thi`
	benchLinks = `và|của|cho|theo|tại|về|trong|với|được|các|những|để|đã|sẽ|cùng|từ|đến|trên|khi|do`

	benchOnsets = `b|c|ch|d|đ|g|h|kh|l|m|n|ng|nh|ph|qu|r|s|t|th|tr|v|x`
	benchRimes  = `ang|ành|ảo|ắc|âm|ấn|ậu|én|èo|ê|ếch|ền|ích|ìn|ọc|ối|ông|ột|ơn|ợp|ưng|ửu|ường|ựu|yến|uân|uyễn|oài|oảng|iệp`
)

// benchText makes Vietnamese-like text, the same after the same start.
type benchText struct {
	source                      *rand.PCG
	random                      *rand.Rand
	often                       *rand.Zipf
	terms, links, onsets, rimes []string
}

func newBenchText() *benchText {
	source := rand.NewPCG(0, 0)
	random, terms := rand.New(source), strings.Split(benchTerms, "|")
	return &benchText{source, random, rand.NewZipf(random, 1.1, 3, uint64(len(terms)-1)), terms, strings.Split(benchLinks, "|"),
		strings.Split(benchOnsets, "|"), strings.Split(benchRimes, "|")}
}

// start begins the text of a record: its kind and its number decide what follows.
func (b *benchText) start(kind, number int) { b.source.Seed(uint64(kind), uint64(number)) }

func (b *benchText) of(list []string) string { return list[b.random.IntN(len(list))] }

// name is a name of so many syllables out of some hundreds of thousands.
func (b *benchText) name(syllables int) string {
	parts := make([]string, syllables)
	for i := range parts {
		parts[i] = capital(b.of(b.onsets) + b.of(b.rimes))
	}
	return strings.Join(parts, " ")
}

// sentence is a sentence of so many terms, some joined by small words, one in five a name.
func (b *benchText) sentence(terms int) string {
	var words []string
	for i := range terms {
		if i > 0 && b.random.IntN(3) == 0 {
			words = append(words, b.of(b.links))
		}
		if b.random.IntN(5) == 0 {
			words = append(words, b.name(2))
		} else {
			words = append(words, b.terms[b.often.Uint64()])
		}
	}
	return capital(strings.Join(words, " "))
}

// body is Markdown of about so many bytes: paragraphs, a heading and a list now and then. mark stands in its first sentence.
func (b *benchText) body(mark string, size int) string {
	var text strings.Builder
	fmt.Fprintf(&text, "Văn bản %s: %s.", mark, b.sentence(6))
	for part := 0; text.Len() < size; part++ {
		switch {
		case part%6 == 5:
			fmt.Fprintf(&text, "\n\n## %s", b.sentence(3))
		case part%6 == 4:
			fmt.Fprintf(&text, "\n\n- %s\n- %s\n- **%s**", b.sentence(4), b.sentence(5), b.sentence(3))
		default:
			text.WriteString("\n\n" + b.sentence(8) + ".")
			for range 2 {
				text.WriteString(" " + b.sentence(6+b.random.IntN(8)) + ".")
			}
		}
	}
	return text.String()
}

// capital is text with its first letter large.
func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}
