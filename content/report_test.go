package content_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
	"golang.org/x/text/unicode/norm"

	"congso/content"
	"congso/store/model"
)

var units = []model.Unit{
	{ID: 4, Slug: "phong-to-chuc-bien-che", Name: "Phòng Tổ chức, biên chế"}, {ID: 5, Slug: "phong-to-chuc", Name: "Phòng Tổ chức"},
	{ID: 6, Slug: "van-phong-so", Name: "Văn phòng Sở"},
}

// told writes a proposal line by line.
func told(p content.Proposal) []string {
	var lines []string
	add := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	if p.Title.End > 0 {
		add("title: %s", p.Title.Value)
	}
	if p.Kind.End > 0 {
		add("kind: %s", p.Kind.Value)
	}
	if p.Start.End > 0 {
		add("start: %s", model.DateTime(p.Start.Value))
	}
	if p.End.End > 0 {
		add("end: %s", model.DateTime(p.End.Value))
	}
	if p.Place.End > 0 {
		add("place: %s", p.Place.Value)
	}
	for _, r := range p.Participants {
		add("%s: %s | %s", r.Value.Role, r.Value.Name, r.Value.Position)
	}
	for _, r := range p.Figures {
		add("figure: %s %s | %s", r.Value.Value.Show(), r.Value.Unit, r.Value.Label)
	}
	for _, r := range p.Conclusions {
		add("conclusion: %s", r.Value)
	}
	for _, r := range p.Tasks {
		add("task: %s | %s %s | %s", r.Value.Text, r.Value.UnitName, r.Value.UnitSlug, r.Value.Due)
	}
	for _, r := range p.Agreements {
		add("agreement: %s | %s", r.Value.Title, strings.Join(r.Value.Parties, " + "))
	}
	return lines
}

// stripTags is the text of a page's body, a line for each block.
func stripTags(t *testing.T, page string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := range root.Descendants() {
		switch {
		case n.Type == html.ElementNode && strings.Contains(" p div h3 br ", " "+n.Data+" "):
			b.WriteByte('\n')
		case n.Type == html.TextNode && n.Parent.Data != "title":
			b.WriteString(n.Data)
		}
	}
	return b.String()
}

func TestReadLegacyPage(t *testing.T) {
	p := content.ReadReport(stripTags(t, readFile(t, "testdata/legacy-page.html")), nil)
	checkProposal(t, p)
	want := []string{
		"title: Hội nghị sơ kết công tác cải cách hành chính 6 tháng đầu năm và ký kết quy chế phối hợp một cửa liên thông",
		"kind: hội nghị",
		"chair: Lê Thị Mẫu An | Phó Chủ tịch UBND tỉnh, Trưởng ban Chỉ đạo",
		"chair: Trần Văn Thí Dụ | Giám đốc Sở Nội vụ, Phó Trưởng ban Thường trực",
		"figure: 42 lớp | lớp bồi dưỡng nghiệp vụ",
		"figure: 3.600 học viên | học viên tham dự",
		"figure: 71,5 % | tỷ lệ hồ sơ trực tuyến đạt",
		"figure: 18 % | thời gian giải quyết trung bình giảm",
		"agreement: quy chế phối hợp một cửa liên thông trên địa bàn tỉnh | Sở Nội vụ + Văn phòng UBND tỉnh + Công an tỉnh + Bưu điện tỉnh + Sở TT&TT",
	}
	if diff := cmp.Diff(want, told(p)); diff != "" {
		t.Error(diff)
	}
}

const minutes = `ỦY BAN NHÂN DÂN TỈNH TÂN GIANG
SỞ NỘI VỤ
Số: 12/BB-SNV
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

**BIÊN BẢN**
**Họp giao ban tháng 7 năm 2026**

1. Thời gian: từ 08 giờ 00 đến 11 giờ 30, ngày 15/7/2026
2. Địa điểm: Phòng họp số 2, trụ sở Sở Nội vụ.
3. Chủ trì: Ông Trần Quốc Mẫu, Phó Giám đốc Sở Nội vụ
4. Thư ký: Bà Lưu Thị Dụ - Chuyên viên Văn phòng Sở
5. Thành phần tham dự:
- Ông Phan Ý Ví Dụ, Chánh Thanh tra Sở;
- Bà Võ Thanh Hạnh Mẫu (Trưởng phòng Phòng Tổ chức, biên chế)
- Lãnh đạo các phòng.

Trong 6 tháng đầu năm, Sở đã mở 95 lớp bồi dưỡng, với 3.600 lượt học viên theo Kế hoạch số 45/KH-SNV ngày 03/02/2026; kinh phí 1,2 tỷ đồng.

KẾT LUẬN CỦA CHỦ TRÌ
1. Giao Phòng Tổ chức, biên chế rà soát danh mục vị trí việc làm, hoàn thành trước ngày 30/9/2026.
2. Giao Văn phòng Sở: tổng hợp việc chậm tiến độ trong tháng 8/2026.
3. Đề nghị Sở Tài chính bố trí kinh phí.
4. Các phòng nghiêm túc thực hiện.

Nơi nhận:
- Lưu VT.`

func TestReadReport(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"minutes": {minutes, []string{
			"title: Họp giao ban tháng 7 năm 2026", "kind: họp giao ban",
			"start: 08:00 ngày 15/07/2026", "end: 11:30 ngày 15/07/2026", "place: Phòng họp số 2, trụ sở Sở Nội vụ",
			"chair: Trần Quốc Mẫu | Phó Giám đốc Sở Nội vụ", "secretary: Lưu Thị Dụ | Chuyên viên Văn phòng Sở",
			"attendee: Phan Ý Ví Dụ | Chánh Thanh tra Sở", "attendee: Võ Thanh Hạnh Mẫu | Trưởng phòng Phòng Tổ chức, biên chế",
			"figure: 95 lớp | lớp bồi dưỡng", "figure: 3.600 lượt học viên | lượt học viên", "figure: 1,2 tỷ đồng | tỷ đồng",
			"conclusion: Giao Phòng Tổ chức, biên chế rà soát danh mục vị trí việc làm, hoàn thành trước ngày 30/9/2026.",
			"conclusion: Giao Văn phòng Sở: tổng hợp việc chậm tiến độ trong tháng 8/2026.",
			"conclusion: Đề nghị Sở Tài chính bố trí kinh phí.", "conclusion: Các phòng nghiêm túc thực hiện.",
			"task: rà soát danh mục vị trí việc làm | Phòng Tổ chức, biên chế phong-to-chuc-bien-che | 2026-09-30",
			"task: tổng hợp việc chậm tiến độ | Văn phòng Sở van-phong-so | 2026-08-31",
			"task: bố trí kinh phí | Sở Tài chính  | ",
		}},
		"prose": {"Sáng ngày 05 tháng 7 năm 2026, tại Hội trường tầng 3 diễn ra hội nghị. Đồng chí Nguyễn Văn Mẫu, Phó Giám đốc Sở, chủ trì. " +
			"Cùng dự có bà Lê Thị Dụ, Trưởng phòng Giáo vụ và ông Y Thanh Niê.", []string{
			"kind: hội nghị", "start: 00:00 ngày 05/07/2026", "place: Hội trường tầng 3", "chair: Nguyễn Văn Mẫu | Phó Giám đốc Sở",
			"attendee: Lê Thị Dụ | Trưởng phòng Giáo vụ", "attendee: Y Thanh Niê | ",
		}},
		"chaired by": {"Cuộc họp do ông Trần Văn Mẫu - Giám đốc Sở Giáo dục và Đào tạo chủ trì lúc 14h30 ngày 1-12-2026, kết thúc lúc 16 giờ 15 phút cùng ngày.", []string{
			"kind: cuộc họp", "start: 14:30 ngày 01/12/2026", "end: 16:15 ngày 01/12/2026", "chair: Trần Văn Mẫu | Giám đốc Sở Giáo dục và Đào tạo",
		}},
		"agreement among": {"Tại lễ, các bên đã ký kết thỏa thuận hợp tác đào tạo giữa Sở Nội vụ, Trường Cao đẳng Tân Giang, Sở Giáo dục và Đào tạo và Công an tỉnh.", []string{
			"agreement: thỏa thuận hợp tác đào tạo | Sở Nội vụ + Trường Cao đẳng Tân Giang + Sở Giáo dục và Đào tạo + Công an tỉnh",
		}},
		"numbers that count nothing": {"Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05/3/2020, Điều 5, giai đoạn 2021-2025, năm 2026, điện thoại 0257 3000 103, lúc 8 giờ 30, quý 2, lần thứ 3, 6 tháng đầu năm.", nil},
		"dates of documents":         {"Căn cứ Quyết định số 12/QĐ-UBND ngày 05/3/2020 về tổ chức hội nghị. Hoàn thành trước ngày 01/02/2027.", []string{"kind: hội nghị"}},
		"a date without a year":      {"Hội nghị tổ chức ngày 05/7 tại Sở. Giao Văn phòng Sở nộp báo cáo trước ngày 30/9.", []string{"kind: hội nghị", "task: nộp báo cáo trước ngày 30/9 | Văn phòng Sở van-phong-so | "}},
		"chair without a name":       {"Chủ trì: Giám đốc Sở Nội vụ\nThư ký: Văn phòng Sở", nil},
		"people who were not there":  {"Khen thưởng ông Nguyễn Văn Mẫu, Trưởng thôn. Theo bà Lê Thị Dụ, việc này đã xong.", nil},
		"work to do in a quarter":    {"- Yêu cầu Phòng Tổ chức chịu trách nhiệm soạn đề án, hoàn thành trong quý III/2026;", []string{"task: soạn đề án | Phòng Tổ chức phong-to-chuc | 2026-09-30"}},
		"traffic":                    {"Giao thông Sở Nội vụ thuận tiện. Bàn giao hồ sơ cho dân.", nil},
		"nothing":                    {"", nil},
		"decomposed":                 {norm.NFD.String("Chủ trì: Bà Nguyễn Thị Mẫu, Giám đốc Sở"), []string{"chair: Nguyễn Thị Mẫu | Giám đốc Sở"}},
		"conclusions as a sentence":  {"Chủ trì cuộc họp kết luận như sau:\n1. Một.\n2. Hai.\nCuộc họp kết thúc.", []string{"kind: cuộc họp", "conclusion: Một.", "conclusion: Hai."}},
	} {
		t.Run(name, func(t *testing.T) {
			p := content.ReadReport(c.text, units)
			checkProposal(t, p)
			if diff := cmp.Diff(strings.Join(c.want, "\n"), strings.Join(told(p), "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// checkProposal holds the promise that nothing is invented: every text stands in the piece that it is said to come from.
func checkProposal(t *testing.T, p content.Proposal) {
	t.Helper()
	if !norm.NFC.IsNormalString(p.Text) || !utf8.ValidString(p.Text) {
		t.Errorf("text %q", p.Text)
	}
	holds := func(what string, start, end int, values ...string) {
		if start < 0 || end > len(p.Text) || start >= end {
			t.Errorf("%s %q at %d to %d of %d", what, values, start, end, len(p.Text))
			return
		}
		for _, value := range values {
			if !strings.Contains(p.Text[start:end], value) {
				t.Errorf("%s %q is not in %q", what, value, p.Text[start:end])
			}
		}
	}
	if p.Title.End > 0 {
		holds("title", p.Title.Start, p.Title.End, p.Title.Value)
	}
	if p.Place.End > 0 {
		holds("place", p.Place.Start, p.Place.End, p.Place.Value)
	}
	if p.End.End > 0 && !p.End.Value.After(p.Start.Value) {
		t.Errorf("ends at %v, starts at %v", p.End.Value, p.Start.Value)
	}
	for _, r := range p.Participants {
		holds("participant", r.Start, r.End, r.Value.Name, r.Value.Position)
	}
	for _, r := range p.Figures {
		holds("figure", r.Start, r.End, r.Value.Label, r.Value.Unit)
		if shown := strings.NewReplacer(".", "").Replace(r.Value.Value.Show()); !strings.Contains(strings.ReplaceAll(p.Text[r.Start:r.End], ".", ""), shown) {
			t.Errorf("figure %q is not in %q", shown, p.Text[r.Start:r.End])
		}
	}
	for _, r := range p.Conclusions {
		holds("conclusion", r.Start, r.End, r.Value)
	}
	for _, r := range p.Tasks {
		holds("task", r.Start, r.End, r.Value.Text, r.Value.UnitName)
	}
	for _, r := range p.Agreements {
		holds("agreement", r.Start, r.End, append(r.Value.Parties, r.Value.Title)...)
	}
}

// TestReadReportBounded reads 32 KB of one thing over and over.
func TestReadReportBounded(t *testing.T) {
	for _, piece := range append([]string{"1.\n", "a; ", "(", "08:30 ", "% "}, strings.Split(minutes, "\n")...) {
		for _, end := range []string{"", ", ", "\n"} {
			if piece+end == "" {
				continue
			}
			start := time.Now()
			p := content.ReadReport(fill(piece+end, 32<<10), units)
			if took := time.Since(start); took > bound {
				t.Errorf("%q took %v", piece+end, took)
			}
			checkProposal(t, p)
		}
	}
}

func FuzzReadReport(f *testing.F) {
	f.Add(minutes)
	f.Add("Đồng chí A B, Phó Giám đốc Sở, chủ trì lúc 8h30 ngày 1/1/2026; giao Văn phòng Sở nộp 00,50 hồ sơ trong quý 4/2026")
	f.Add("A Sở Nội vụ Công an tỉnh ký kết quy chế giữa Sở Y tế và Sở Nội vụ. Kết luận:\n1.\n2. x")
	f.Add("Chủ trì: \xff Ông Ă Ba (trưởng\u00a0phòng)\n[a](b) **c** 12% 3.600.000 lớp")
	f.Fuzz(func(t *testing.T, text string) {
		start := time.Now()
		p := content.ReadReport(text, units)
		if took := time.Since(start); took > 3*time.Second {
			t.Errorf("%d bytes took %v", len(text), took)
		}
		checkProposal(t, p)
	})
}
