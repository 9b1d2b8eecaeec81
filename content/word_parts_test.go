package content_test

import (
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"congso/content"
)

func p(style, words string) string {
	return `<w:p><w:pPr><w:pStyle w:val="` + style + `"/></w:pPr><w:r><w:t xml:space="preserve">` + words + `</w:t></w:r></w:p>`
}

// centred is a line in the middle, in the given look.
func centred(look, words string) string {
	return `<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:rPr>` + look + `</w:rPr><w:t>` + words + `</w:t></w:r></w:p>`
}

func listItem(list, level, words string) string {
	return `<w:p><w:pPr><w:numPr><w:ilvl w:val="` + level + `"/><w:numId w:val="` + list + `"/></w:numPr></w:pPr><w:r><w:t>` + words + `</w:t></w:r></w:p>`
}

func run(look, words string) string {
	return `<w:r><w:rPr>` + look + `</w:rPr><w:t xml:space="preserve">` + words + `</w:t></w:r>`
}

func tc(properties, inner string) string {
	return `<w:tc><w:tcPr>` + properties + `</w:tcPr>` + inner + `</w:tc>`
}

const long = "Sáng nay, tại trụ sở, hội nghị sơ kết công tác sáu tháng đầu năm đã được tổ chức với sự tham dự của lãnh đạo các phòng, ban, trung tâm trực thuộc và đại diện các đơn vị phối hợp trong toàn tỉnh; hội nghị đã nghe báo cáo, thảo luận và thống nhất các nhiệm vụ trọng tâm của sáu tháng cuối năm."

func TestWordParts(t *testing.T) {
	start := p("Binhthuong", "Mở đầu.")
	for name, c := range map[string]struct {
		xml, title, want string
		notes            string
	}{
		"title style":      {xml: p("Tiu", "Hội nghị") + p("Tiu", "sơ kết") + start, title: "Hội nghị sơ kết", want: "Mở đầu."},
		"title by heading": {xml: p("u1", "Hội nghị") + start + p("Muc", "Kết quả"), title: "Hội nghị", want: "Mở đầu.\n\n## Kết quả"},
		"title by bold centred lines": {
			xml:   centred("<w:b/>", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM") + centred("<w:b/>", "Độc lập - Tự do - Hạnh phúc") + centred("<w:b/>", "BÁO CÁO") + centred("<w:b/>", "Kết quả sáu tháng") + start,
			title: "BÁO CÁO Kết quả sáu tháng", want: "**CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM**\n\n**Độc lập - Tự do - Hạnh phúc**\n\nMở đầu.",
		},
		"title by first line": {xml: p("Binhthuong", "Dòng đầu") + start, title: "Dòng đầu", want: "Dòng đầu\n\nMở đầu."},
		"title is not all":    {xml: `<w:p>` + run("<w:b/>", "Chỉ một dòng") + `</w:p>`, title: "Chỉ một dòng", want: "**Chỉ một dòng**"},
		"headings in steps": {
			xml: start + p("u3", "Ba") + p("u1", "Một") + p("u3", "Ba nữa") + p("Muc", "Hai"), title: "Mở đầu.",
			want: "Mở đầu.\n\n## Ba\n\n## Một\n\n### Ba nữa\n\n### Hai",
		},
		"looks": {
			xml:  start + `<w:p>` + run("<w:b/>", "Điều 1.") + run("", "Phạm vi ") + run("<w:i/>", "nghiêng ") + run("<w:strike/>", "bỏ") + run("<w:u w:val='single'/>", " gạch chân") + run("<w:rStyle w:val='Manh'/>", " mạnh") + run("<w:b w:val='0'/>", " thường") + `</w:p>` + p("Dam", "Cả đoạn đậm."),
			want: "Mở đầu.\n\n**Điều 1**.Phạm vi *nghiêng* ~~bỏ~~ gạch chân **mạnh** thường\n\n**Cả đoạn đậm.**", title: "Mở đầu.",
		},
		"signs": {
			xml:  start + `<w:p>` + run("", "H") + run("<w:vertAlign w:val='subscript'/>", "2") + run("", "O, m") + run("<w:vertAlign w:val='superscript'/>", "2") + `<w:r><w:sym w:font="Wingdings" w:char="F0FC"/><w:noBreakHyphen/><w:softHyphen/></w:r>` + run("<w:caps/>", "hoa") + run("<w:vanish/>", "ẩn") + `</w:p>`,
			want: "Mở đầu.\n\nH₂O, m²✓-HOA", title: "Mở đầu.", notes: "1 đoạn chữ ẩn",
		},
		"fake indentation": {
			xml:   start + `<w:p>` + run("", "\u00a0\u00a0\u00a0 \u00a0") + `<w:r><w:tab/></w:r>` + run("", "Chữ  có\u200b dấu\u00ad cách\u00a0 “ngoặc” cuối  ") + `</w:p><w:p/><w:p>` + run("", " ") + `</w:p>` + p("Binhthuong", "e\u0302\u0323"),
			title: "Mở đầu.", want: "Mở đầu.\n\nChữ có dấu cách “ngoặc” cuối\n\nệ",
		},
		"line breaks": {
			xml:   start + `<w:p>` + run("", "Một") + `<w:r><w:br/></w:r>` + run("", "hai") + `<w:r><w:br/><w:br/></w:r>` + run("", "ba") + `<w:r><w:br w:type="page"/></w:r></w:p>`,
			title: "Mở đầu.", want: "Mở đầu.\n\nMột\\\nhai\n\nba",
		},
		"lists": {
			xml:  start + listItem("1", "0", "một") + listItem("1", "1", "a") + listItem("1", "1", "b") + listItem("1", "2", "sâu") + listItem("1", "0", "hai") + start + listItem("1", "0", "ba") + listItem("4", "0", "lại một") + listItem("2", "0", "chấm") + listItem("2", "1", "trong"),
			want: "Mở đầu.\n\n1. một\n\n   a) a\n\n   b) b\n\n   - 1.b.1. sâu\n2. hai\n\nMở đầu.\n\n3. ba\n\n1) lại một\n\n- chấm\n  - trong", title: "Mở đầu.",
		},
		"numbered headings": {
			xml: start + `<w:p><w:pPr><w:pStyle w:val="u1"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="3"/></w:numPr></w:pPr>` + run("", "Phạm vi") + `</w:p>` + listItem("3", "0", "Đối tượng"), title: "Mở đầu.",
			want: "Mở đầu.\n\n## Điều 1. Phạm vi\n\nĐiều 2. Đối tượng",
		},
		"links": {
			xml: start + `<w:p><w:hyperlink r:id="l1">` + run("", "trang (a)") + run("<w:b/>", " đậm ") + `</w:hyperlink>` + run("", "và!") + `<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> HYPERLINK "mailto:a@b.vn" </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>` + run("", "thư") + `<w:r><w:fldChar w:fldCharType="end"/></w:r>` +
				`<w:fldSimple w:instr="PAGE">` + run("", " 5") + `</w:fldSimple><w:hyperlink r:id="l2">` + run("", " xấu") + `</w:hyperlink><w:hyperlink w:anchor="x">` + run("", " trong bài") + `</w:hyperlink></w:p>`,
			want: "Mở đầu.\n\n[trang (a) **đậm**](https://a.example/b?c=1&d=%282%29) và\\![thư](mailto:a@b.vn) 5 xấu trong bài", title: "Mở đầu.", notes: "1 liên kết không dẫn",
		},
		"changes": {
			xml:   start + `<w:p><w:ins>` + run("", "mới") + `</w:ins><w:del><w:r><w:delText>cũ</w:delText></w:r></w:del><w:moveFrom>` + run("", "đi") + `</w:moveFrom><w:moveTo>` + run("<w:rPrChange><w:rPr><w:b/></w:rPr></w:rPrChange>", " đến") + `</w:moveTo></w:p><w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>` + run("", "nối ") + `</w:p><w:p>` + run("", "liền") + `</w:p>`,
			title: "Mở đầu.", want: "Mở đầu.\n\nmới đến\n\nnối liền", notes: "Track Changes",
		},
		"content controls, smart tags, formulas": {
			xml:  start + `<w:sdt><w:sdtPr><w:alias w:val="x"/></w:sdtPr><w:sdtContent><w:p><w:smartTag>` + run("", "một ") + `</w:smartTag><w:sdt><w:sdtContent>` + run("", "hai ") + `</w:sdtContent></w:sdt><m:oMath xmlns:m="m"><m:r><m:t>x+y</m:t></m:r></m:oMath><w:bookmarkStart w:name="a"/></w:p></w:sdtContent></w:sdt>` + p("Mucluc1", "Phần một\t3"),
			want: "Mở đầu.\n\nmột hai x+y", title: "Mở đầu.", notes: "Mục lục",
		},
		"text box once": {
			xml:   start + `<w:p>` + run("", "Quanh khung.") + `<w:r><mc:AlternateContent><mc:Choice><w:drawing><wp:anchor><w:txbxContent>` + p("Binhthuong", "Trong khung.") + `</w:txbxContent></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>` + p("Binhthuong", "Trong khung.") + `</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>`,
			title: "Mở đầu.", want: "Mở đầu.\n\nQuanh khung.\n\nTrong khung.",
		},
		"merged cells": {
			xml: start + `<w:tbl><w:tr>` + tc(`<w:gridSpan w:val="2"/>`, p("", "Đơn vị")) + tc("", p("", "Số|liệu")) + `</w:tr><w:tr>` + tc(`<w:vMerge w:val="restart"/>`, p("", "Khối sở")) + tc("", p("", "A")+p("", "cơ sở 2")) + tc("", p("", "1")) + `</w:tr><w:tr>` + tc(`<w:vMerge/>`, "<w:p/>") + tc("", p("", "B")) + tc("", listItem("2", "0", "hai")) +
				`</w:tr><w:tr>` + tc(`<w:gridSpan w:val="3"/>`, p("", "Chung")) + `</w:tr></w:tbl>`, title: "Mở đầu.",
			want: "Mở đầu.\n\n| Đơn vị | Đơn vị | Số\\|liệu |\n| --- | --- | --- |\n| Khối sở | A<br>cơ sở 2 | 1 |\n| Khối sở | B | - hai |\n| Chung |  |  |",
		},
		"table around text": {xml: start + `<w:tbl><w:tr>` + tc("", p("", "Trong ô")+p("", "dòng hai")) + `</w:tr></w:tbl>`, title: "Mở đầu.", want: "Mở đầu.\n\nTrong ô\n\ndòng hai"},
		"letterhead": {
			xml:   `<w:tbl><w:tr>` + tc("", p("", "UBND TỈNH")+p("Dam", "SỞ NỘI VỤ")) + tc("", p("Dam", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")+p("", "Độc lập - Tự do - Hạnh phúc")) + `</w:tr></w:tbl>` + centred("<w:b/>", "THÔNG BÁO") + start,
			title: "THÔNG BÁO", want: "UBND TỈNH\\\n**SỞ NỘI VỤ**\n\n**CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM**\\\nĐộc lập - Tự do - Hạnh phúc\n\nMở đầu.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := readWord(t, docx(t, body(c.xml)))
			if diff := cmp.Diff(c.want, got.Body); diff != "" {
				t.Errorf("body (-want +got):\n%s", diff)
			}
			if got.Title != c.title {
				t.Errorf("title %q, want %q", got.Title, c.title)
			}
			if notes := strings.Join(got.Notes, "\n"); !strings.Contains(notes, c.notes) || c.notes == "" && notes != "" {
				t.Errorf("notes %q, want %q", notes, c.notes)
			}
		})
	}
}

func TestWordPictures(t *testing.T) {
	start := p("Binhthuong", long)
	vml := `<w:r><w:pict><v:shape alt="mô tả" style="width:200pt;height:100pt"><v:imagedata r:id="a3" o:title="x"/></v:shape></w:pict></w:r>`
	anchored := strings.NewReplacer("wp:inline", "wp:anchor").Replace(pictureRun("a1", ""))
	small := strings.Replace(pictureRun("a2", ""), `cy="2000000"`, `cy="200000"`, 1)
	for name, c := range map[string]struct {
		xml   string
		want  string // of each picture: the number in its file's name, alt, caption
		notes string
	}{
		"caption style":              {xml: picture("a1", "Đại biểu") + p("Chuthich", "Ảnh một"), want: "1 Đại biểu/Ảnh một"},
		"caption style above":        {xml: p("Chuthich", "Ảnh một") + picture("a1", "") + start, want: "1 /Ảnh một"},
		"caption in the same style":  {xml: `<w:p><w:pPr><w:pStyle w:val="Hinh"/></w:pPr>` + pictureRun("a1", "") + run("", "Hình 1: chú thích") + `</w:p>`, want: "1 /Hình 1: chú thích"},
		"caption after a line break": {xml: `<w:p><w:pPr><w:jc w:val="center"/></w:pPr>` + pictureRun("a1", "") + `<w:r><w:br/></w:r>` + run("<w:i/>", "Quang cảnh") + `</w:p>`, want: "1 /Quang cảnh"},
		"italic line":                {xml: picture("a1", "") + `<w:p>` + run("<w:i/>", "Đồng chí A phát biểu.") + `</w:p>` + start, want: "1 /Đồng chí A phát biểu."},
		"centred line":               {xml: picture("a1", "") + centred("", "Đồng chí A phát biểu.") + start, want: "1 /Đồng chí A phát biểu."},
		"credit":                     {xml: picture("a1", "") + centred("<w:i/>", "Quang cảnh.") + centred("<w:i/>", "Ảnh: T.MINH"), want: "1 /Quang cảnh. Ảnh: T.MINH"},
		"word Ảnh":                   {xml: picture("a1", "") + p("", "Ảnh 1: Quang cảnh"), want: "1 /Ảnh 1: Quang cảnh"},
		"text is no caption":         {xml: picture("a1", "") + start, want: "1 /"},
		"bold line is no caption":    {xml: picture("a1", "") + centred("<w:b/>", "PHẦN HAI"), want: "1 /"},
		"three, each its own": {
			xml:  picture("a1", "x") + centred("<w:i/>", "Một") + start + picture("a2", "y") + p("Chuthich", "Hai") + picture("a3", "z") + centred("", "Ba"),
			want: "1 x/Một|2 y/Hai|3 z/Ba",
		},
		"in a row with tabs":              {xml: `<w:p>` + pictureRun("a1", "") + pictureRun("a2", "") + `</w:p><w:p>` + run("<w:i/>", "Trái") + `<w:r><w:tab/></w:r>` + run("<w:i/>", "Phải") + `</w:p>`, want: "1 /Trái|2 /Phải"},
		"in a table":                      {xml: `<w:tbl><w:tr>` + tc("", picture("a1", "")) + tc("", picture("a2", "")) + `</w:tr><w:tr>` + tc("", p("", "Trái")) + tc("", p("", "Phải")) + `</w:tr></w:tbl>`, want: "1 /Trái|2 /Phải"},
		"in cells with words":             {xml: `<w:tbl><w:tr>` + tc("", picture("a1", "")+p("", "Trái")) + tc("", picture("a2", "")+p("", "Phải")) + `</w:tr></w:tbl>`, want: "1 /Trái|2 /Phải"},
		"in a table, one caption for two": {xml: `<w:tbl><w:tr>` + tc("", picture("a1", "")) + tc("", picture("a2", "")) + `</w:tr><w:tr>` + tc(`<w:gridSpan w:val="2"/>`, p("", "Cả hai")) + `</w:tr></w:tbl>`, want: "1 /|2 /Cả hai"},
		"in a table of data":              {xml: `<w:tbl><w:tr>` + tc("", p("", "Tên")) + tc("", p("", "Ảnh")) + `</w:tr><w:tr>` + tc("", p("", "A")) + tc("", picture("a2", "A")) + `</w:tr></w:tbl>`, want: "2 A/"},
		"anchored in text":                {xml: `<w:p>` + anchored + run("", long) + `</w:p><w:p>` + run("<w:i/>", "Câu nghiêng.") + `</w:p>`, want: "1 /"},
		"vml, absolute path":              {xml: `<w:p>` + vml + `</w:p>`, want: "3 mô tả/"},
		"small in a line":                 {xml: `<w:p>` + run("", "Bấm ") + small + run("", " để mở.") + `</w:p>`, want: "2 /"},
		"generated alt":                   {xml: picture("a1", "A group of people&#xA;&#xA;Description automatically generated") + picture("a2", `C:\anh\IMG_1.JPG`), want: "1 A group of people/|2 /"},
		"caption with a link":             {xml: picture("a1", "") + `<w:p><w:pPr><w:pStyle w:val="Chuthich"/></w:pPr>` + run("", "Theo ") + `<w:hyperlink r:id="l1">` + run("", "báo") + `</w:hyperlink></w:p>`, want: "1 /Theo báo"},
		"unreadable":                      {xml: picture("emf", "") + picture("emf", "") + picture("mat", "") + picture("xa", ""), notes: "2 hình dạng EMF không đọc được. Hãy lưu lại thành ảnh JPEG hoặc PNG rồi chèn vào.|1 ảnh bị thiếu trong tệp Word.|Ảnh liên kết từ nơi khác không được lấy về: http://a.example/xa.png. Hãy tải ảnh lên rồi chèn vào."},
	} {
		t.Run(name, func(t *testing.T) {
			got := readWord(t, docx(t, body(p("Tiu", "Tin")+c.xml)))
			var pictures []string
			for _, pic := range got.Pictures {
				pictures = append(pictures, strings.TrimSuffix(strings.TrimPrefix(pic.Name, "anh"), ".png")+" "+pic.Alt+"/"+pic.Caption)
			}
			if s := strings.Join(pictures, "|"); s != c.want {
				t.Errorf("pictures %q, want %q\n%s", s, c.want, got.Body)
			}
			if notes := strings.Join(got.Notes, "|"); notes != c.notes {
				t.Errorf("notes %q, want %q", notes, c.notes)
			}
			for _, pic := range got.Pictures {
				if pic.Caption != "" && strings.Count(got.Body, lastWord(pic.Caption)) != 1 {
					t.Errorf("caption %q is not there once: %s", pic.Caption, got.Body)
				}
			}
		})
	}
}

func lastWord(s string) string { return s[strings.LastIndexByte(s, ' ')+1:] }

func TestPictureOpen(t *testing.T) {
	data := docx(t, body(picture("a2", "")))
	got := readWord(t, data)
	for range 2 {
		r, err := got.Pictures[0].Open()
		if err != nil {
			t.Fatal(err)
		}
		read, err := io.ReadAll(r)
		if err != nil || string(read) != drawn(t, 2) || r.Close() != nil {
			t.Errorf("%d bytes, %v", len(read), err)
		}
	}
	limits := content.DefaultWordLimits()
	limits.PictureBytes = 20
	limited, err := content.ReadWord(strings.NewReader(string(data)), int64(len(data)), limits)
	if err != nil {
		t.Fatal(err)
	}
	if len(limited.Pictures) == 1 {
		r, err := limited.Pictures[0].Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadAll(r); err == nil || !strings.Contains(err.Error(), "lớn quá") {
			t.Errorf("read over the limit: %v", err)
		}
	}
}

func TestPlace(t *testing.T) {
	got := readWord(t, docx(t, body(p("Tiu", "Tin")+p("", "Gõ ![a](picture:0) tay.")+picture("a1", "Một [1]")+p("Chuthich", `Chú "thích" *một*`)+picture("a2", "")+p("Chuthich", "Hai"))))
	want := "Gõ !\\[a\\](picture:0) tay.\n\n![Một \\[1\\]](/media/x/8x8.png \"Chú \\\"thích\\\" \\*một\\*\")\n\n*Hai*"
	if diff := cmp.Diff(want, got.Place([]string{"/media/x/8x8.png"})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWordLegacy(t *testing.T) {
	font := func(name, words string) string {
		return `<w:p>` + run(`<w:rFonts w:ascii="`+name+`" w:hAnsi="`+name+`"/>`, words) + `</w:p>`
	}
	old := font(".VnTimeH", "b¸o c¸o") + font(".VnTime", "KÕt qu¶ c«ng t¸c n\u00adíc s¹ch") + font("Times New Roman", "Chữ Unicode, café.") + font("VNI-Times", "Uyû ban nhaân daân")
	got := readWord(t, docx(t, body(p("Tiu", "Tin")+old)))
	if want := "BÁO CÁO\n\nKết quả công tác nước sạch\n\nChữ Unicode, café.\n\nUỷ ban nhân dân"; got.Body != want || !got.Repaired {
		t.Errorf("%q, repaired %v", got.Body, got.Repaired)
	}
	if want := "b¸o c¸o\n\nKÕt qu¶ c«ng t¸c níc s¹ch\n\nChữ Unicode, café.\n\nUyû ban nhaân daân"; got.Original != want {
		t.Errorf("original %q", got.Original)
	}
	if notes := strings.Join(got.Notes, " "); !strings.Contains(notes, "TCVN3") || !strings.Contains(notes, "VNI-Windows") {
		t.Errorf("notes %q", notes)
	}
	for name, xml := range map[string]string{
		"unicode in an old font": font(".VnTime", "Cộng hòa xã hội chủ nghĩa Việt Nam") + font(".VnTimeH", "Cá là cá"), "ascii in an old font": font(".VnTime", "Hai ba"),
		"french": font("Arial", "L'été où les élèves étaient âgés"),
	} {
		if got := readWord(t, docx(t, body(xml))); got.Repaired || got.Original != "" {
			t.Errorf("%s: repaired to %q", name, got.Body)
		}
	}
	got = readWord(t, docx(t, body(font("Arial", "Céng hoµ x· héi chñ nghÜa ViÖt Nam")+font("Arial", "th«ng b¸o"))))
	if want := "Cộng hoà xã hội chủ nghĩa Việt Nam\n\nthông báo"; got.Body != want || got.Title != "Cộng hoà xã hội chủ nghĩa Việt Nam" {
		t.Errorf("by its letters: %q, title %q", got.Body, got.Title)
	}
}
