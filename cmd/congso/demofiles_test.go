package main

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"github.com/gabriel-vasile/mimetype"
	"github.com/google/go-cmp/cmp"
)

// docxBody is what the tests read back of word/document.xml.
type docxBody struct {
	Paragraphs []struct {
		Style struct {
			Value string `xml:"val,attr"`
		} `xml:"pPr>pStyle"`
		Text string `xml:"r>t"`
	} `xml:"body>p"`
	Page struct {
		Width  string `xml:"w,attr"`
		Height string `xml:"h,attr"`
	} `xml:"body>sectPr>pgSz"`
}

func TestDemoDocx(t *testing.T) {
	cases := []struct {
		name       string
		title      string
		paragraphs []string
	}{
		{"accents", "Kế hoạch tổ chức kỳ thi tuyển công chức", []string{"Sở Nội vụ tỉnh Tân Giang thông báo: ngày thi, địa điểm thi.", "Đường dây nóng: 0257 3000 101."}},
		{"marks of XML", `Biểu mẫu <số 1> & "phụ lục"`, []string{"5 < 7 & 7 > 5", "  thụt đầu dòng  "}},
		{"title alone", "Danh sách", nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			data, err := demoDocx(c.title, c.paragraphs)
			if err != nil {
				t.Fatal(err)
			}
			var body docxBody
			if err := xml.Unmarshal([]byte(docxPart(t, data, "word/document.xml")), &body); err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range body.Paragraphs {
				got = append(got, p.Style.Value+"|"+p.Text)
			}
			want := []string{"Title|" + c.title}
			for _, p := range c.paragraphs {
				want = append(want, "|"+p)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			if body.Page.Width != "11906" || body.Page.Height != "16838" {
				t.Errorf("page is %s × %s, want A4", body.Page.Width, body.Page.Height)
			}
		})
	}
}

func TestDemoDocxIsWholeAndSteady(t *testing.T) {
	data, err := demoDocx("Thông báo", []string{"Nội dung."})
	if err != nil {
		t.Fatal(err)
	}
	again, err := demoDocx("Thông báo", []string{"Nội dung."})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(data, again) {
		t.Error("the same text gave other bytes")
	}
	const want = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	if got := mimetype.Detect(data); !got.Is(want) {
		t.Errorf("recognised as %s", got)
	}
	for _, part := range []string{"[Content_Types].xml", "_rels/.rels", "word/styles.xml", "word/_rels/document.xml.rels"} {
		wellFormed(t, part, docxPart(t, data, part))
	}
	styles := docxPart(t, data, "word/styles.xml")
	for _, must := range []string{`w:ascii="Times New Roman"`, `<w:sz w:val="26"/>`, `w:styleId="Title"`} {
		if !strings.Contains(styles, must) {
			t.Errorf("styles lack %s", must)
		}
	}
}

func docxPart(t *testing.T, data []byte, name string) string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := archive.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func wellFormed(t *testing.T, name, text string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		if _, err := d.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
}

func TestDemoCSV(t *testing.T) {
	cases := []struct {
		name       string
		rows, want [][]string
	}{
		{"accents, commas, quotes",
			[][]string{{"STT", "Họ tên", "Ghi chú"}, {"1", "Nguyễn Thị Ví Dụ", `phòng 3, dãy "B"`}},
			[][]string{{"STT", "Họ tên", "Ghi chú"}, {"1", "Nguyễn Thị Ví Dụ", `phòng 3, dãy "B"`}}},
		{"formulas",
			[][]string{{"=1+1", "+84", "-5", "@a", "a=b", ""}},
			[][]string{{"'=1+1", "'+84", "'-5", "'@a", "a=b", ""}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			text, marked := strings.CutPrefix(string(demoCSV(c.rows)), "\uFEFF")
			if !marked {
				t.Error("no byte order mark")
			}
			if strings.Count(text, "\r\n") != len(c.rows) {
				t.Errorf("%d lines end in CRLF, want %d", strings.Count(text, "\r\n"), len(c.rows))
			}
			got, err := csv.NewReader(strings.NewReader(text)).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	if got := string(demoCSV(nil)); got != "\uFEFF" {
		t.Errorf("no rows give %q", got)
	}
}
