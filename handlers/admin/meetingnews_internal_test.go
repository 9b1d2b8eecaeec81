package admin

import (
	"strings"
	"testing"

	"congso/content"
	"congso/store/model"
)

func TestNewsFromMeeting(t *testing.T) {
	m := model.Meeting{
		Title: "Hội nghị sơ kết *6* tháng", Kind: "Hội nghị", Start: model.Day("2026-07-05").Time().Add(8 * 3600e9), Place: "Hội trường A",
		Summary: "Hội nghị **bàn** ba việc.\n\n- một\n- hai",
		Participants: []model.Participant{{Name: "Đào", Position: "Giám đốc Sở", Role: model.Chair}, {Name: "Quân", Role: model.Chair},
			{Name: "Bùi An", Role: model.Secretary}, {Name: "Y Moan", Position: "Chủ tịch", Role: model.Signer}},
		Figures:     []model.Figure{{Label: "Lớp bồi dưỡng", Value: "3600", Unit: "lớp"}, {Label: "UBND xã có máy quét", Value: "71.5", Unit: "%"}},
		Conclusions: []string{"1. Mở lớp | ngay", "Báo cáo mỗi quý"},
		Tasks:       []model.Task{{Text: "Lập danh sách", UnitName: "Văn phòng", Due: "2026-07-20"}, {Text: "Chọn [giảng viên]"}},
		Agreements:  []model.Agreement{{Title: "Quy chế phối hợp", Parties: []string{"Sở Nội vụ", "Sở TT&TT", "Tỉnh đoàn"}}},
		Photos: []model.Photo{{Media: model.Media{ID: 3}, Alt: "Toàn cảnh"}, {Media: model.Media{ID: 4, Hash: strings.Repeat("a", 64), MIME: "image/jpeg", Width: 700, Height: 20},
			Alt: "Bắt tay", Caption: `Các bên "bắt tay"`}},
		Attachments: []model.Attachment{{Media: model.Media{ID: 9}, Title: "Báo cáo"}},
	}
	want := `Sáng ngày 05 tháng 7 năm 2026, hội nghị sơ kết \*6\* tháng đã diễn ra tại Hội trường A. Đào, Giám đốc Sở; và Quân đồng chủ trì hội nghị. Tham gia ký kết có Y Moan, Chủ tịch.

Hội nghị **bàn** ba việc.

- một
- hai

Các số liệu được báo cáo: lớp bồi dưỡng: 3.600 lớp; UBND xã có máy quét: 71,5%.

## Kết luận

1. 1\. Mở lớp \| ngay
2. Báo cáo mỗi quý

## Nhiệm vụ được giao

| Nhiệm vụ | Đơn vị chủ trì | Hạn |
|---|---|---|
| Lập danh sách | Văn phòng | 20/07/2026 |
| Chọn \[giảng viên\] | – | – |

## Ký kết

Tại đây, 3 bên gồm Sở Nội vụ, Sở TT&TT và Tỉnh đoàn đã ký quy chế phối hợp.

![Bắt tay](/media/` + strings.Repeat("a", 64) + `/700x20.jpg "Các bên \"bắt tay\"")`
	n := newsFromMeeting(m)
	if n.Body != want {
		t.Errorf("body:\n%s\nwant:\n%s", n.Body, want)
	}
	if want := "Sáng ngày 05 tháng 7 năm 2026, hội nghị sơ kết *6* tháng đã diễn ra tại Hội trường A."; n.Summary != want {
		t.Errorf("summary %q, want %q", n.Summary, want)
	}
	if n.Title != m.Title || n.Cover.Media.ID != 3 || len(n.Attachments) != 1 || n.Status != model.StatusDraft {
		t.Errorf("draft: %+v", n)
	}
	rendered, err := content.Renderer().Render(n.Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"sơ kết *6* tháng", "<li>1. Mở lớp | ngay</li>", "<td>Chọn [giảng viên]</td>", "<figcaption>", "Các bên &#34;bắt tay&#34;", "<strong>bàn</strong>"} {
		if !strings.Contains(rendered.HTML, text) {
			t.Errorf("no %q in %s", text, rendered.HTML)
		}
	}
}

func TestTextOfARecordIsNoMarkdown(t *testing.T) {
	for _, text := range []string{"# tiêu đề", "- mục", "+ mục", "2) hai", "12. mười hai", "a*b*c", "a_b_c", "[x](y)", "<b>đậm</b>", "`mã`", "R&D &lt; &#65;", `C:\_a`, "~~bỏ~~", "> trích", "=== x", ": y"} {
		rendered, err := content.Renderer().Render(markLine(text))
		if err != nil || strings.TrimSpace(rendered.Text) != text {
			t.Errorf("%q comes out as %q (%s), error %v", text, rendered.Text, rendered.HTML, err)
		}
	}
	for _, m := range []model.Meeting{{Title: "Họp"}, {Summary: "Một đoạn thường."}} {
		if n := newsFromMeeting(m); strings.Contains(n.Body, "##") {
			t.Errorf("a meeting without rows gives %q", n.Body)
		}
	}
	if got := newsFromMeeting(model.Meeting{Title: "Họp", Summary: "Một đoạn thường.\n\nHai."}).Summary; got != "Một đoạn thường." {
		t.Errorf("summary %q", got)
	}
}
