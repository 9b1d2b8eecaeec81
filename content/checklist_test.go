package content_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"congso/content"
	"congso/store/model"
)

const ownPicture = "/media/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef/800x600.jpg"

// known answers for a site with one news item, one page in each list and one picture, which has linked one other site.
func known() content.Known {
	pages := map[string]bool{"/": true, "/danh-ba": true, "/tin-tuc/co-that": true, ownPicture: true}
	return content.Known{
		Own:  "so.example.vn",
		Page: func(path string) (bool, error) { return pages[path], nil },
		Host: func(host string) (bool, error) { return host == "chinhphu.vn", nil },
	}
}

func item(body string) model.News {
	return model.News{Title: "Tin", Slug: "tin", Summary: "Tóm tắt.", Body: body, Lifecycle: model.Lifecycle{PublishAt: time.Unix(1, 0)}}
}

// findings writes each as "!rule field:line excerpt"; ! for those that block.
func findings(t *testing.T, list []content.Finding, err error) []string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, f := range list {
		sign := "?"
		if f.Blocks {
			sign = "!"
		}
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s%s %s:%d %s", sign, f.Rule, f.Field, f.Line, f.Excerpt)))
		if !strings.HasSuffix(strings.TrimSuffix(f.Message, ")"), ".") || len(f.Message) < 20 {
			t.Errorf("message %q", f.Message)
		}
	}
	return lines
}

func TestCheckBody(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		want []string
	}{
		"clean": {"## Một\n\nXem [tin](/tin-tuc/co-that?trang=2#muc), [danh bạ](/danh-ba), [Chính phủ](https://chinhphu.vn/a), <https://so.example.vn/danh-ba>, [mục](#mot).\n\n" +
			"![Đại biểu](" + ownPicture + ")\n*Toàn cảnh.*\n\nĐiện thoại 0257 3000 103.", nil},
		"picture without words":    {"\n\n![](" + ownPicture + ")", []string{"!alt body:3 " + ownPicture, "?caption body:3 " + ownPicture}},
		"picture with title":       {"![a](" + ownPicture + " \"Chú thích\")", nil},
		"picture within a line":    {"Xem ![a](" + ownPicture + ") này", []string{"?caption body:1 " + ownPicture}},
		"picture of another site":  {"![a](https://x.vn/a.jpg)\n*b*", []string{"!picture body:1 https://x.vn/a.jpg"}},
		"picture that is gone":     {"![a](/media/" + strings.Repeat("f", 64) + "/8x6.jpg)\n*b*", []string{"!dead-link body:1 /media/" + strings.Repeat("f", 64) + "/8x6.jpg"}},
		"headings":                 {"# Một\n\n## Hai\n\n#### Bốn\n\n### Ba", []string{"?headings body:1 Một", "?headings body:5 Bốn"}},
		"heading in code":          {"```\n#### Bốn\n[a](/khong)\n```\n\n`[a](/khong) Sở Nội vụ Sở Tài chính 0900 000 102`", nil},
		"dead links":               {"[a](/tin-tuc/khong)\n[b](../khong) [c](https://so.example.vn/khong)\n\n[d][1]\n\n[1]: /khong", []string{"!dead-link body:1 /tin-tuc/khong", "!dead-link body:2 ../khong", "!dead-link body:2 https://so.example.vn/khong", "!dead-link body:4 /khong"}},
		"anchor":                   {"## Một\n\n[a](#hai)", []string{"?anchor body:3 #hai"}},
		"script":                   {"[a](javascript:alert(1)) [b](//x.vn) <ftp://x.vn>", []string{"!link body:1 javascript:alert(1)", "!link body:1 //x.vn", "!link body:1 ftp://x.vn"}},
		"new site once":            {"[a](https://ca-cuoc.example/a)\n[b](https://CA-cuoc.example:8/b)\n[c](mailto:a@b.vn)", []string{"?new-site body:1 https://ca-cuoc.example/a"}},
		"comma":                    {"Một\n\nDự họp có **Sở Nội vụ**\nSở Tài chính.", []string{"?comma body:4 Sở Nội vụ Sở Tài chính"}},
		"no comma over a code":     {"Sở Nội vụ `x` Sở Tài chính", nil},
		"no comma over a break":    {"Sở Nội vụ  \nSở Tài chính", nil},
		"list items are apart":     {"- Sở Nội vụ\n- Sở Tài chính\n\n| Sở Nội vụ | Sở Tài chính |\n|---|---|\n| Sở Y tế | Sở Xây dựng |", nil},
		"two orders":               {"Sở Nội vụ, Công an tỉnh, Bưu điện tỉnh ký.\n\nSở Nội vụ, Bưu điện tỉnh và Công an tỉnh đã ký.", []string{"?two-orders body:3 Sở Nội vụ, Bưu điện tỉnh, Công an tỉnh"}},
		"one order":                {"Sở Nội vụ, Công an tỉnh, Bưu điện tỉnh ký.\n\nSở Nội vụ, Công an tỉnh và Bưu điện tỉnh đã ký.", nil},
		"two of two":               {"Sở Nội vụ và Công an tỉnh.\n\nCông an tỉnh và Sở Nội vụ.", nil},
		"UBND written out":         {"UBND tỉnh, Sở Nội vụ, Sở Y tế.\n\nSở Nội vụ, Ủy ban nhân dân tỉnh, Sở Y tế.", []string{"?two-orders body:3 Sở Nội vụ, Ủy ban nhân dân tỉnh, Sở Y tế"}},
		"mobile":                   {"Bà Mẫu (0900.000.102 - 0257 3000.103), ông Dụ: +84 912 345 678\n[gọi](tel:+84900000102)", []string{"?phone body:2 +84900000102", "?phone body:1 0900.000.102", "?phone body:1 +84 912 345 678"}},
		"other numbers":            {"MST: 0300588569, tài khoản 0351000123, số CCCD 079123456789, 1900 0000, 0257 3000.103, 3.600, 2021-2025, 05/07/2023, QĐ 0912345678901, A0912345678, 069 123 4567, số căn cước 0912345678", nil},
		"decomposed":               {"một\nhai ho\u0301a ba", []string{"?nfc body:2 một hai hóa ba"}},
		"too tangled":              {strings.Repeat("> ", 40) + "a", []string{"!tangled body:0"}},
		"link text and line break": {"a\n\n\n[a\nb](/khong)", []string{"!dead-link body:4 /khong"}},
	} {
		t.Run(name, func(t *testing.T) {
			list, err := content.CheckNews(item(c.body), known())
			if diff := cmp.Diff(c.want, findings(t, list, err)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCheckFields(t *testing.T) {
	list, err := content.CheckNews(model.News{Cover: model.Photo{Media: model.Media{ID: 1, Name: "a.jpg"}}, Byline: "Mẫu 0900 000 102"}, known())
	want := []string{"!title title:0", "!date publish_at:0", "!alt cover:0 a.jpg", "?summary summary:0", "?phone byline:0 0900 000 102", "?caption cover:0 a.jpg"}
	if diff := cmp.Diff(want, findings(t, list, err)); diff != "" {
		t.Error(diff)
	}
	meeting := model.Meeting{
		Title: "Hội nghị", Summary: "Sở Nội vụ, Công an tỉnh, Bưu điện tỉnh đã ký.\n\n[a](/khong)",
		Conclusions: []string{"Một.", "Gọi 0900.000.102."},
		Tasks:       []model.Task{{Text: "Việc", Proof: "/khong-co"}, {Text: "Việc", Proof: "/tin-tuc/co-that"}},
		Agreements:  []model.Agreement{{Title: "Quy chế", Parties: []string{"Công an tỉnh", "Sở Nội vụ", "Bưu điện tỉnh"}}, {Title: "b", Parties: []string{"Sở Y tế Công an tỉnh"}}},
		Photos:      []model.Photo{{Media: model.Media{ID: 2, Name: "b.jpg"}, Alt: "a", Caption: "c"}, {Media: model.Media{ID: 3, Name: "c.jpg"}, Alt: "a"}},
		Lifecycle:   model.Lifecycle{PublishAt: time.Unix(1, 0)},
	}
	list, err = content.CheckMeeting(meeting, known())
	want = []string{"!date start:0", "!dead-link summary:3 /khong", "!dead-link tasks:1 /khong-co", "?phone conclusions:2 0900.000.102",
		"?two-orders agreements:1 Công an tỉnh, Sở Nội vụ, Bưu điện tỉnh", "?comma agreements:2 Sở Y tế Công an tỉnh", "?caption photos:2 c.jpg"}
	if diff := cmp.Diff(want, findings(t, list, err)); diff != "" {
		t.Error(diff)
	}
}

func TestCheckTitleInCapitals(t *testing.T) {
	for title, want := range map[string][]string{
		"KHAI TRƯƠNG BỘ PHẬN MỘT CỬA":           {"?capitals title:0 KHAI TRƯƠNG BỘ PHẬN MỘT CỬA"},
		"ĐẠI HỘI 15/6: ĐỔI MỚI":                 {"?capitals title:0 ĐẠI HỘI 15/6: ĐỔI MỚI"},
		"Khai trương bộ phận MỘT CỬA":           nil,
		"UBND":                                  nil,
		"HĐND – UBND":                           nil,
		"KẾ HOẠCH 2026 2027":                    nil,
		"UBND TỈNH TÂN GIANG họp phiên tháng 6": nil,
		"15/6/2026":                             nil,
	} {
		n := item("Chữ.")
		n.Title = title
		list, err := content.CheckNews(n, known())
		if diff := cmp.Diff(want, findings(t, list, err)); diff != "" {
			t.Errorf("%s: -want +got\n%s", title, diff)
		}
	}
	list, err := content.CheckMeeting(model.Meeting{Title: "HỘI NGHỊ GIAO BAN", Summary: "Có.", Start: time.Unix(1, 0), Lifecycle: model.Lifecycle{PublishAt: time.Unix(1, 0)}}, known())
	if diff := cmp.Diff([]string{"?capitals title:0 HỘI NGHỊ GIAO BAN"}, findings(t, list, err)); diff != "" {
		t.Errorf("a meeting: -want +got\n%s", diff)
	}
}

func TestCheckAsksStore(t *testing.T) {
	broken := errors.New("database is away")
	know := content.Known{Page: func(string) (bool, error) { return false, broken }}
	if _, err := content.CheckNews(item("[a](/b)"), know); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
	if list, err := content.CheckNews(item("[a](/b) [c](https://d.vn)"), content.Known{}); len(list) != 0 || err != nil {
		t.Errorf("%v, %v of a checklist that cannot ask", list, err)
	}
	asked := 0
	know.Page = func(string) (bool, error) { asked++; return false, nil }
	var body strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&body, "[a](/b%d) [a](/b%d)\n\n", i, i)
	}
	list, err := content.CheckNews(item(body.String()), know)
	if err != nil || asked != 200 || len(list) != 51 || list[50].Rule != content.RuleMany || !strings.Contains(list[0].Message, "400 chỗ") {
		t.Errorf("asked %d times, %d findings, %v, first %+v", asked, len(list), err, list[0])
	}
}

// TestCheckDemo reads what an office wrote with care: no comma, order or number in it is suspected.
func TestCheckDemo(t *testing.T) {
	files, err := filepath.Glob("../cmd/congso/demo/news/*.md")
	if err != nil || len(files) < 60 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, body, _ := strings.Cut(string(text), "\n+++\n")
		list, err := content.CheckNews(item(body), content.Known{})
		for _, f := range findings(t, list, err) {
			if !strings.Contains(f, "picture") && !strings.Contains(f, "caption") && !strings.Contains(f, "!link") {
				t.Errorf("%s: %s", filepath.Base(file), f)
			}
		}
	}
}

func FuzzChecklist(f *testing.F) {
	for _, s := range tangles() {
		f.Add(s)
	}
	f.Add("Sở Nội vụ Sở Tài chính 0900.000.102 [a](/b) ![](c) #### d ho\u0301a")
	f.Add("Sở Nội vụ, Công an tỉnh, Bưu điện tỉnh\n\nBưu điện tỉnh, Sở Nội vụ, Công an tỉnh")
	f.Fuzz(func(t *testing.T, body string) {
		start := time.Now()
		m := model.Meeting{Summary: body, Conclusions: []string{body}, Agreements: []model.Agreement{{Parties: []string{body, body}}}}
		list, err := content.CheckMeeting(m, known())
		if err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took > 2*bound {
			t.Errorf("%d bytes took %v", len(body), took)
		}
		lines := strings.Count(body, "\n") + strings.Count(body, "\r") + strings.Count(body, "\v") + strings.Count(body, "\f") +
			strings.Count(body, "\u0085") + strings.Count(body, "\u2028") + strings.Count(body, "\u2029") + 1
		for _, found := range list {
			if found.Rule == "" || found.Message == "" || found.Field == "" || found.Line < 0 || found.Field == "summary" && found.Line > lines {
				t.Errorf("%q: %+v of %d lines", body, found, lines)
			}
		}
	})
}
