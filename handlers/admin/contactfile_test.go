package admin

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"congso/content"
	"congso/store/model"
)

const csvText = "Danh bạ năm 2026\r\n\r\nHọ tên;DON VI;Ghi chú;E-mail;Điện thoại;ĐTDĐ;Mobile\r\n" +
	"\"Lê; A\";Văn phòng;x;a@example.vn;0257 3000 101;'=1+1;0900\r\n;;;;;;\r\nTrần B;'-Phòng;;#REF!;;;\r\n"

func csvRows() []model.ContactRow {
	return []model.ContactRow{
		{Line: 4, Name: "Lê; A", Unit: "Văn phòng", Email: "a@example.vn", Office: "0257 3000 101", Mobile: "=1+1"},
		{Line: 6, Name: "Trần B", Unit: "-Phòng", Notes: []string{"Ô «Thư điện tử» chứa lỗi công thức nên bỏ qua."}},
	}
}

func encodeUTF16(text string, order binary.AppendByteOrder, mark bool) []byte {
	var b bytes.Buffer
	if mark {
		text = "\uFEFF" + text
	}
	for _, unit := range utf16.Encode([]rune(text)) {
		b.Write(order.AppendUint16(nil, unit))
	}
	return b.Bytes()
}

func TestReadCSV(t *testing.T) {
	for name, data := range map[string][]byte{
		"UTF-8":                      []byte(csvText),
		"with a mark":                []byte("\uFEFF" + csvText),
		"commas":                     []byte(strings.ReplaceAll(strings.ReplaceAll(csvText, "Lê; A", "Lê, A"), ";", ",")),
		"tabs":                       []byte(strings.ReplaceAll(csvText, ";", "\t")),
		"a separator":                []byte("sep=;\r\n" + csvText),
		"UTF-16":                     encodeUTF16(csvText, binary.LittleEndian, true),
		"UTF-16 the other way round": encodeUTF16(csvText, binary.BigEndian, true),
	} {
		t.Run(name, func(t *testing.T) {
			file, err := content.ReadContacts(data)
			if err != nil {
				t.Fatal(err)
			}
			want := csvRows()
			switch name {
			case "commas":
				want[0].Name = "Lê, A"
			case "tabs":
				want[0].Name = "Lê\t A"
			case "a separator":
				want[0].Line, want[1].Line = 5, 7
			}
			if diff := cmp.Diff(want, file.Rows); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if want := []string{"Các cột không dùng đến: Ghi chú.", "Các cột trùng nghĩa với cột đứng trước nên bỏ qua: Mobile."}; !cmp.Equal(file.Notes, want) {
				t.Errorf("notes %q, want %q", file.Notes, want)
			}
		})
	}
}

func TestReadContactsRefuses(t *testing.T) {
	header := "Đơn vị,Họ và tên,Chức vụ\n"
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"nothing":          {nil, "Tệp rỗng"},
		"no headings":      {[]byte("a,b\nc,d\n"), "Không tìm thấy dòng tiêu đề"},
		"headings alone":   {[]byte(header + ",,\n"), "không có dòng nào"},
		"old Excel":        {[]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), ".xls kiểu cũ"},
		"no XLSX":          {[]byte("PK\x03\x04 nothing of the kind"), "Không đọc được tệp Excel"},
		"another code":     {[]byte(header + "Ph\xf2ng,A,B\n"), "bảng mã Unicode"},
		"too many rows":    {[]byte(header + strings.Repeat("Phòng,A,B\n", 10_001)), "quá 10.000 dòng"},
		"too many columns": {[]byte(header + strings.Repeat(",", 300) + "\n"), "quá nhiều cột"},
		"too large":        {make([]byte, content.MaxContactFile+1), "Tệp quá lớn"},
		"a bomb":           {bomb(t), "Không đọc được tệp Excel"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := content.ReadContacts(c.data)
			var invalid model.Invalid
			if !errors.As(err, &invalid) || !strings.Contains(invalid["file"], c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

// bomb is a workbook that unpacks to far more than it weighs.
func bomb(t *testing.T) []byte {
	t.Helper()
	book := excelize.NewFile()
	w, err := book.NewStreamWriter("Sheet1")
	for row := 1; row <= 2000 && err == nil; row++ {
		err = w.SetRow("A"+strconv.Itoa(row), []any{strings.Repeat("a", 32000)})
	}
	var b bytes.Buffer
	if err := errors.Join(err, w.Flush(), book.Write(&b), book.Close()); err != nil {
		t.Fatal(err)
	}
	if b.Len() > content.MaxContactFile {
		t.Fatalf("the bomb weighs %d bytes", b.Len())
	}
	return b.Bytes()
}

func TestReadXLSX(t *testing.T) {
	book := excelize.NewFile()
	set := func(cell string, value any) {
		t.Helper()
		if err := book.SetCellValue("Sheet1", cell, value); err != nil {
			t.Fatal(err)
		}
	}
	for i, heading := range []string{"Unit", "Họ và tên", "Thứ bậc", "Từ ngày", "Di động", "Điện thoại", "Ngày xác nhận"} {
		cell, err := excelize.CoordinatesToCellName(i+1, 2)
		if err != nil {
			t.Fatal(err)
		}
		set(cell, heading)
	}
	set("A1", "Danh bạ")
	set("A4", "Văn phòng")
	set("B4", "Lê A")
	set("C4", 3)
	set("D4", 45292) // 1 January 2024
	set("E4", 900000102)
	set("F4", 2.573000101e9)
	set("G4", "05/07/2025")
	if err := book.SetCellFormula("Sheet1", "B5", "=B4"); err != nil { // without a kept value
		t.Fatal(err)
	}
	set("A5", "Phòng 2")
	var b bytes.Buffer
	if err := errors.Join(book.Write(&b), book.Close()); err != nil {
		t.Fatal(err)
	}
	file, err := content.ReadContacts(b.Bytes())
	want := []model.ContactRow{
		{Line: 4, Unit: "Văn phòng", Name: "Lê A", Rank: "3", From: "01/01/2024", Mobile: "900000102", Office: "2573000101", Confirmed: "05/07/2025"},
		{Line: 5, Unit: "Phòng 2"},
	}
	if diff := cmp.Diff(want, file.Rows); err != nil || diff != "" {
		t.Errorf("error %v, -want +got:\n%s", err, diff)
	}
}

// TestReadMergedSheets reads a book whose first sheet is empty, whose second has the unit of several people in one merged cell, and whose third
// has contacts that wait for a file of their own.
func TestReadMergedSheets(t *testing.T) {
	book := excelize.NewFile()
	for name, rows := range map[string][][]any{
		"Danh bạ": {{"DANH BẠ"}, {"Họ và tên", "Đơn vị", "Điện thoại"}, {"Lê A", "Văn phòng", "0257 3000 101"}, {"Lê B"}, {}, {"Lê C", "", "0257 3000 102"}, {"Lê D"}},
		"Xã":      {{"Họ và tên", "Đơn vị"}, {"Lê E", "Xã A"}},
		"Ghi chú": {{"Cập nhật hằng tháng"}},
	} {
		_, err := book.NewSheet(name)
		for i, row := range rows {
			err = errors.Join(err, book.SetSheetRow(name, "A"+strconv.Itoa(i+1), &row))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := errors.Join(book.MoveSheet("Danh bạ", "Xã"), book.MergeCell("Danh bạ", "A1", "C1"), book.MergeCell("Danh bạ", "B3", "B6"),
		book.MergeCell("Danh bạ", "C3", "C4"), book.Write(&b), book.Close()); err != nil {
		t.Fatal(err)
	}
	file, err := content.ReadContacts(b.Bytes())
	want := []model.ContactRow{
		{Line: 3, Name: "Lê A", Unit: "Văn phòng", Office: "0257 3000 101"}, {Line: 4, Name: "Lê B", Unit: "Văn phòng", Office: "0257 3000 101"},
		{Line: 6, Name: "Lê C", Unit: "Văn phòng", Office: "0257 3000 102"}, {Line: 7, Name: "Lê D"},
	}
	if diff := cmp.Diff(want, file.Rows); err != nil || diff != "" {
		t.Errorf("error %v, -want +got:\n%s", err, diff)
	}
	if notes := strings.Join(file.Notes, "\n"); !strings.HasSuffix(notes, "nhập nốt: Xã.") {
		t.Errorf("notes %q", notes)
	}
}

// What is written is read as it was, and holds no formula.
func TestContactFilesComeBack(t *testing.T) {
	rows := []model.ContactRow{
		{Line: 2, Unit: "Văn phòng", Rank: "-1", Office: "0257 3000 101; 1900 0000", From: "01/02/2024", Address: "12 Lê Lợi,\"A\""},
		{Line: 3, Unit: "Văn phòng", Name: "=HYPERLINK(\"http://x\")", Title: "+1", Honorific: "@A", English: "-2+3", Mobile: "0900 000 102 (chính thức)", Slug: "le-a"},
	}
	csvData, err := writeCSV(rows)
	if err != nil {
		t.Fatal(err)
	}
	for _, cell := range strings.FieldsFunc(string(csvData), func(r rune) bool { return r == ',' || r == '\n' }) {
		if cell = strings.Trim(cell, "\"\r\uFEFF"); dangerous(cell) {
			t.Errorf("a spreadsheet would reckon %q", cell)
		}
	}
	sheet, err := writeXLSX(rows, []string{"Hướng dẫn"})
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"CSV": csvData, "XLSX": sheet} {
		file, err := content.ReadContacts(data)
		if diff := cmp.Diff(rows, file.Rows); err != nil || diff != "" || len(file.Notes) != 0 {
			t.Errorf("%s: error %v, notes %q, -want +got:\n%s", name, err, file.Notes, diff)
		}
	}
	book, err := excelize.OpenReader(bytes.NewReader(sheet))
	if err != nil {
		t.Fatal(err)
	}
	formula, err := book.GetCellFormula("Danh bạ", "C3")
	panes, paneErr := book.GetPanes("Danh bạ")
	width, widthErr := book.GetColWidth("Danh bạ", "A")
	if err := errors.Join(err, paneErr, widthErr, book.Close()); err != nil || formula != "" || !panes.Freeze || panes.YSplit != 1 || width != 32 {
		t.Errorf("formula %q, panes %+v, width %v, error %v", formula, panes, width, err)
	}
}

func FuzzContactsCSV(f *testing.F) {
	f.Add([]byte(csvText))
	f.Add([]byte("sep=\t\nĐơn vị\tHọ và tên\nA\t\"B\n"))
	f.Add(encodeUTF16(csvText, binary.LittleEndian, true))
	f.Add([]byte("\xFF\xFE\x00"))
	f.Add([]byte("Đơn vị,Di động,Từ ngày\nA,=1;,31/31/2020\nA,\"0900000102, máy lẻ 2 (chính thức)\",x\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := content.ReadContacts(data)
		var invalid model.Invalid
		if err != nil {
			if !errors.As(err, &invalid) || invalid["file"] == "" {
				t.Fatalf("error %v", err)
			}
			return
		}
		plan := model.PlanContacts(model.Directory{}, file.Rows, true, "2026-06-15")
		for _, r := range plan.Rows {
			if (r.Outcome == model.ImportFault) != (len(r.Faults) > 0) {
				t.Fatalf("%+v", r)
			}
		}
		for _, p := range plan.People {
			if err := p.Validate(); err != nil {
				t.Fatalf("%+v: %v", p, err)
			}
		}
		text, err := writeCSV(file.Rows)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := content.ReadContacts(text); err != nil && len(file.Rows) > 0 && len(text) <= content.MaxContactFile {
			t.Fatalf("what was written is not read: %v\n%q", err, text)
		}
	})
}
