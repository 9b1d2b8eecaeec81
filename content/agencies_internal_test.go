package content

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAgencyLists(t *testing.T) {
	for text, want := range map[string]string{
		// a comma is missing, ¦ stands where
		"Sở Nội vụ Sở Tài chính, Sở Xây dựng":                                        "Sở Nội vụ ¦ Sở Tài chính + Sở Xây dựng",
		"Ủy ban nhân dân xã Hòa Phong Ban Quản lý Khu kinh tế":                       "Ủy ban nhân dân xã Hòa Phong ¦ Ban Quản lý Khu kinh tế",
		"Sở Nội vụ, Bưu điện tỉnh, Sở TT&TT Công an tỉnh, Văn phòng UBND tỉnh đã ký": "Sở Nội vụ + Bưu điện tỉnh + Sở TT&TT ¦ Công an tỉnh + Văn phòng UBND tỉnh",
		"Văn phòng Tỉnh ủy Sở Nội vụ":                                                "Văn phòng Tỉnh ủy ¦ Sở Nội vụ",
		"Phòng Tổ chức Phòng Công chức dự họp":                                       "Phòng Tổ chức ¦ Phòng Công chức",
		"Sở Giáo dục và Đào tạo Sở Y tế và Công an tỉnh":                             "Sở Giáo dục và Đào tạo ¦ Sở Y tế + Công an tỉnh",
		"Hội Nông dân tỉnh Liên đoàn Lao động tỉnh":                                  "Hội Nông dân tỉnh ¦ Liên đoàn Lao động tỉnh",
		"Sở Văn hóa, Thể thao và Du lịch Sở Ngoại vụ":                                "Sở Văn hóa, Thể thao và Du lịch ¦ Sở Ngoại vụ",
		"Văn phòng Sở Phòng Thi đua, khen thưởng":                                    "Văn phòng Sở ¦ Phòng Thi đua, khen thưởng",
		"Sở Nội vụ Bộ Chỉ huy Quân sự tỉnh":                                          "Sở Nội vụ ¦ Bộ Chỉ huy Quân sự tỉnh",
		"HĐND tỉnh UBND tỉnh":                                                        "HĐND tỉnh ¦ UBND tỉnh",

		// lists in which none is
		"Sở Nội vụ, Sở Tài chính và Sở Xây dựng":                        "Sở Nội vụ + Sở Tài chính + Sở Xây dựng",
		"giữa Sở Nội vụ với Công an tỉnh; Bưu điện tỉnh":                "Sở Nội vụ + Công an tỉnh + Bưu điện tỉnh",
		"Sở Khoa học và Công nghệ, Sở Giáo dục và Đào tạo":              "Sở Khoa học và Công nghệ + Sở Giáo dục và Đào tạo",
		"Phòng Tổ chức, biên chế, Phòng Công chức, viên chức":           "Phòng Tổ chức, biên chế + Phòng Công chức, viên chức",
		"Sở Nội vụ, Trường Cao đẳng Tân Giang, Viễn thông Tân Giang ký": "Sở Nội vụ + Trường Cao đẳng Tân Giang + Viễn thông Tân Giang",

		// one within another
		"Văn phòng Sở Nội vụ": "", "Phòng Tổ chức Sở Nội vụ": "", "Giám đốc Sở Nội vụ": "", "Chánh Văn phòng UBND tỉnh": "", "Vụ Tổ chức cán bộ Bộ Nội vụ": "",
		"Thanh tra Sở": "", "Bộ Công an": "", "Trường Đại học Nội vụ": "", "Ban Tổ chức Tỉnh ủy": "", "Trung tâm Lưu trữ lịch sử Sở Nội vụ": "",
		"Cục Văn thư và Lưu trữ nhà nước Bộ Nội vụ": "", "Phòng Giáo vụ Trung tâm Đào tạo, bồi dưỡng cán bộ": "", "Đảng ủy Sở Nội vụ": "",
		"Ban Thường vụ Tỉnh ủy": "", "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh": "", "Công đoàn Sở Nội vụ": "", "Ban Giám đốc Sở": "", "Văn phòng Đảng ủy Sở": "",

		// what one does to another, and words that only look like offices
		"Sở Nội vụ trình Ủy ban nhân dân tỉnh": "", "Sở Nội vụ phối hợp Công an tỉnh": "", "Sở Nội vụ đề nghị Sở Tài chính": "", "Sở Nội vụ thuộc UBND tỉnh": "",
		"Giám đốc Sở Nội vụ Nguyễn Trường Giang": "", "thành phố Hải Phòng": "", "Sở Nội vụ. Sở Tài chính": "", "Sở Nội vụ họp tại Phòng họp số 2": "",
		"Sở Nội vụ\nSở Tài chính": "", "Sở Nội vụ ban hành Bộ Luật": "", "Sở Nội vụ (Phòng Tổ chức)": "", "trụ sở Sở Nội vụ": "", "Hội An, Vụ Bản": "",
		"SỞ NỘI VỤ SỞ TÀI CHÍNH": "", "Sở Nội vụ của Bộ Nội vụ": "", "Sở Nội vụ Phó Giám đốc Sở": "",
	} {
		if got := listText(text); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

func listText(text string) string {
	var parts []string
	for _, l := range agencyLists(text) {
		line := l.items[0].name
		missing := 0
		for i, a := range l.items[1:] {
			sign := " + "
			if missing < len(l.missing) && l.missing[missing] == i+1 {
				sign, missing = " ¦ ", missing+1
			}
			line += sign + a.name
		}
		parts = append(parts, line)
	}
	return strings.Join(parts, " / ")
}

// TestNoCommaMissing reads texts that an office wrote with care and finds nothing to mend.
func TestNoCommaMissing(t *testing.T) {
	var found []string
	read := 0
	for _, folder := range []string{"../cmd/congso/demo/news/*.md", "../cmd/congso/demo/meetings/*.toml", "articles/vi/*.md"} {
		files, err := filepath.Glob(folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			read++
			for _, l := range agencyLists(string(text)) {
				for _, i := range l.missing {
					found = append(found, l.items[i-1].name+" ¦ "+l.items[i].name)
				}
			}
		}
	}
	if read < 70 {
		t.Errorf("%d files read", read)
	}
	if diff := cmp.Diff([]string(nil), found); diff != "" {
		t.Error(diff)
	}
}
