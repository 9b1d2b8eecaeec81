package content_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"congso/content"
)

// shown writes rows as "before | after", changes in braces; · is a side without the line, ~ marks a coarse row.
func shown(rows []content.Row) string {
	var b strings.Builder
	for _, r := range rows {
		if !r.Changed() && len(r.Before) == 1 && r.Before[0].Text == "\n" {
			continue
		}
		if r.Coarse {
			b.WriteString("~")
		}
		fmt.Fprintf(&b, "%s | %s\n", side(r.Before), side(r.After))
	}
	return b.String()
}

func side(segments []content.Segment) string {
	if len(segments) == 0 {
		return "·"
	}
	text := ""
	for _, s := range segments {
		if s.Changed {
			s.Text = "{" + strings.TrimSuffix(s.Text, "\n") + "}"
		}
		text += s.Text
	}
	return strings.TrimSuffix(text, "\n")
}

func TestCompare(t *testing.T) {
	for name, c := range map[string]struct{ before, after, want string }{
		"same":           {"Một dòng\nHai dòng\n", "Một dòng\nHai dòng\n", "Một dòng | Một dòng\nHai dòng | Hai dòng\n"},
		"nothing":        {"", "", ""},
		"break at end":   {"Một dòng", "Một dòng\n", "Một dòng | Một dòng\n"},
		"one syllable":   {"Sở Nội vụ mở 42 lớp bồi dưỡng.", "Sở Nội vụ mở 45 lớp bồi dưỡng.", "Sở Nội vụ mở {42} lớp bồi dưỡng. | Sở Nội vụ mở {45} lớp bồi dưỡng.\n"},
		"one mark":       {"cán bộ hoà giải", "cán bộ hòa giải", "cán bộ {hoà} giải | cán bộ {hòa} giải\n"},
		"comma added":    {"Sở TT&TT Công an tỉnh", "Sở TT&TT, Công an tỉnh", "Sở TT&TT Công an tỉnh | Sở TT&TT{,} Công an tỉnh\n"},
		"words in a row": {"họp vào sáng thứ hai", "họp vào chiều thứ ba", "họp vào {sáng} thứ {hai} | họp vào {chiều} thứ {ba}\n"},
		"changed run":    {"do bà An chủ trì hội nghị", "do ông Bình Minh chủ trì hội nghị", "do {bà An} chủ trì hội nghị | do {ông Bình Minh} chủ trì hội nghị\n"},
		"line added":     {"Điều một\nĐiều ba\n", "Điều một\nQuy định mới\nĐiều ba\n", "Điều một | Điều một\n· | {Quy định mới}\nĐiều ba | Điều ba\n"},
		"line removed":   {"đầu\ngiữa\ncuối", "đầu\ncuối", "đầu | đầu\n{giữa} | ·\ncuối | cuối\n"},
		"line rewritten": {"đầu\nThông báo lịch tiếp dân\ncuối", "đầu\nKhai giảng khóa học\ncuối", "đầu | đầu\n{Thông báo lịch tiếp dân} | ·\n· | {Khai giảng khóa học}\ncuối | cuối\n"},
		"versions find each other": {
			"Rà soát danh mục vị trí việc làm của đơn vị\nNộp báo cáo quý", "Một việc khác hẳn\nRà soát xong danh mục vị trí việc làm của đơn vị",
			"· | {Một việc khác hẳn}\nRà soát danh mục vị trí việc làm của đơn vị | Rà soát {xong }danh mục vị trí việc làm của đơn vị\n{Nộp báo cáo quý} | ·\n",
		},
		"all new":        {"", "một\nhai", "· | {một}\n· | {hai}\n"},
		"invalid bytes":  {"a\xff b", "a\xfe b", "a{\xff} b | a{\xfe} b\n"},
		"space only":     {"hai  dấu cách", "hai dấu cách", "hai{  }dấu cách | hai{ }dấu cách\n"},
		"spaces at ends": {" một hai", " ba hai", " {một} hai |  {ba} hai\n"},
	} {
		t.Run(name, func(t *testing.T) {
			rows := content.Compare(c.before, c.after)
			checkRows(t, rows, c.before, c.after)
			if got := shown(rows); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
		})
	}
}

// checkRows holds the promises of Compare: nothing lost, lines numbered, marks where versions differ and only there.
func checkRows(t *testing.T, rows []content.Row, before, after string) {
	t.Helper()
	var left, right strings.Builder
	leftLines, rightLines, changed := 0, 0, false
	for i, r := range rows {
		for _, s := range r.Before {
			left.WriteString(s.Text)
		}
		for _, s := range r.After {
			right.WriteString(s.Text)
		}
		checkLine(t, i, len(r.Before), r.BeforeLine, &leftLines)
		checkLine(t, i, len(r.After), r.AfterLine, &rightLines)
		changed = changed || r.Changed() || len(r.Before) == 0 || len(r.After) == 0
	}
	if left.String() != before || right.String() != after {
		t.Errorf("%q, %q became %q, %q", before, after, left.String(), right.String())
	}
	if before == after && changed {
		t.Errorf("%q is said to differ from itself", before)
	}
	if !changed && strings.TrimSuffix(before, "\n") != strings.TrimSuffix(after, "\n") {
		t.Errorf("%q and %q are said to be the same", before, after)
	}
}

func checkLine(t *testing.T, row, segments, line int, last *int) {
	t.Helper()
	if (segments == 0) != (line == 0) || line != 0 && line != *last+1 {
		t.Errorf("row %d: line %d after %d with %d segments", row, line, *last, segments)
	}
	if line != 0 {
		*last = line
	}
}

// TestCompareEdits changes random words and lines of a text and holds the promises for each pair of versions.
func TestCompareEdits(t *testing.T) {
	words := strings.Fields("Sở Nội vụ tổ chức hội nghị sơ kết công tác cải cách hành chính , . ; \n \n và của xã phường")
	random := rand.New(rand.NewPCG(3, 9))
	pick := func() string { return words[random.IntN(len(words))] }
	for range 300 {
		var before []string
		for range random.IntN(60) {
			before = append(before, pick(), []string{" ", "\n"}[random.IntN(8)/7])
		}
		after := append([]string(nil), before...)
		for range random.IntN(6) {
			if len(after) > 0 {
				at := random.IntN(len(after))
				after[at] = []string{"", pick(), "\n" + pick() + "\n"}[random.IntN(3)]
			}
		}
		a, b := strings.Join(before, ""), strings.Join(after, "")
		checkRows(t, content.Compare(a, b), a, b)
	}
}

// TestCompareBounded compares texts of 200 KB that have little or nothing in common, as lines of every length.
func TestCompareBounded(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	noise := func(perLine int) string {
		var b strings.Builder
		for i := 0; b.Len() < 200<<10; i++ {
			fmt.Fprintf(&b, "từ%d ", random.IntN(500))
			if i%perLine == perLine-1 {
				b.WriteByte('\n')
			}
		}
		return b.String()
	}
	for _, perLine := range []int{1, 10, 100, 1 << 20} {
		a, b := noise(perLine), noise(perLine)
		start := time.Now()
		rows := content.Compare(a, b)
		if took := time.Since(start); took > 4*time.Second {
			t.Errorf("%d words a line took %v", perLine, took)
		}
		checkRows(t, rows, a, b)
	}
	a := strings.Repeat("x\n", 5000)
	b := strings.Repeat("y\n", 5000)
	if rows := content.Compare("đầu\n"+a, "đầu\n"+b); len(rows) != 5001 || rows[0].Coarse || !rows[1].Coarse || !rows[1].Changed() {
		t.Errorf("%d rows, %+v", len(rows), rows[:2])
	}
}

func FuzzCompare(f *testing.F) {
	f.Add("Sở Nội vụ mở 42 lớp", "Sở Nội vụ mở 45 lớp")
	f.Add("một\nhai\nba", "một\nba\nhai\n")
	f.Add("a\n\n\nb", "\n")
	f.Add("hoà giải \xff\n", "hoa\u0300 giải \xfe")
	f.Add("\r\n \t", " \n")
	f.Fuzz(func(t *testing.T, before, after string) {
		start := time.Now()
		rows := content.Compare(before, after)
		if took := time.Since(start); took > 4*time.Second {
			t.Errorf("%d and %d bytes took %v", len(before), len(after), took)
		}
		checkRows(t, rows, before, after)
	})
}
