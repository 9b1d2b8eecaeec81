package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// syllables are of Vietnamese as offices write it.
var syllables = strings.Fields(`sở nội vụ tỉnh thành phố xã phường thông báo kế hoạch quyết định hướng dẫn triển khai thực hiện cải cách hành chính công chức
	viên chức tuyển dụng hồ sơ thủ tục tiếp nhận trả kết quả người dân doanh nghiệp trực tuyến dịch vụ một cửa đào tạo bồi dưỡng kỹ năng số chuyển đổi
	lãnh đạo giám đốc hội nghị họp giao ban tháng quý năm báo cáo tổng kết khen thưởng thi đua lưu trữ văn thư tôn giáo thanh niên bình đẳng giới lao động
	việc làm tiền lương bảo hiểm xã hội nghỉ lễ lịch công tác trụ sở đường số điện thoại địa chỉ email cán bộ phụ trách theo dõi giải quyết khiếu nại`)

// corpus writes articles of some 4 KB: front matter, headings, paragraphs, a list, links, and a table in each fifth. The same seed writes
// the same files.
type corpus struct{ random *rand.Rand }

func newCorpus() corpus { return corpus{rand.New(rand.NewPCG(5, 2026))} }

// write fills dir/vi with count articles, a hundred to a folder, and returns their names.
func (c corpus) write(t testing.TB, dir string, count int) []string {
	t.Helper()
	names := make([]string, count)
	for i := range names {
		names[i] = filepath.Join("vi", fmt.Sprintf("muc-%d", i/100), fmt.Sprintf("bai-%d.md", i))
		file := filepath.Join(dir, names[i])
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(c.article(i)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return names
}

func (c corpus) article(i int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "+++\ntitle = %q\ndescription = %q\ndate = 20%02d-%02d-%02d\norder = %d\n+++\n", c.sentence(8), c.sentence(20), 10+i%16, 1+i%12, 1+i%28, i%50)
	for part := range 4 {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n%s **%s** %s\n", c.sentence(6), c.sentence(70), c.sentence(20), c.words(4), c.sentence(30))
		switch {
		case part == 1:
			fmt.Fprintf(&b, "\n- %s\n- %s [%s](bai-%d.md)\n- %s\n", c.sentence(12), c.words(3), c.words(2), i/100*100, c.sentence(12))
		case part == 2 && i%5 == 0:
			b.WriteString("\n| Việc | Nơi nhận | Ngày |\n|---|---|--:|\n")
			for day := range 6 {
				fmt.Fprintf(&b, "| %s | %s | %d |\n", c.words(5), c.words(3), day+1)
			}
		}
	}
	return b.String()
}

func (c corpus) words(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = syllables[c.random.IntN(len(syllables))]
	}
	return strings.Join(list, " ")
}

func (c corpus) sentence(n int) string {
	words := []rune(c.words(n))
	return strings.ToUpper(string(words[:1])) + string(words[1:]) + "."
}
