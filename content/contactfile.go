package content

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"congso/store/model"
)

// MaxContactFile is the largest file of contacts, in bytes.
const MaxContactFile = 5 << 20

// Limits on files of contacts.
const (
	maxContactRows = 10_000
	maxContactCols = 200
	headingWithin  = 20 // rows: titles may stand above the headings
)

// ContactFile is a file of contacts, read but not judged.
type ContactFile struct {
	Rows  []model.ContactRow
	Notes []string // about the file as a whole
}

// ReadContacts reads a CSV or XLSX file of at most maxContactRows rows by the headings of its columns, which may stand in any order. The
// error is model.Invalid for "file" when it is none, has no such headings, or is too large.
func ReadContacts(data []byte) (ContactFile, error) {
	switch {
	case len(data) == 0:
		return ContactFile{}, badFile("Tệp rỗng.")
	case len(data) > MaxContactFile:
		return ContactFile{}, badFile("Tệp quá lớn: nhiều nhất %s.", model.FileSize(MaxContactFile))
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return readXLSX(data)
	case bytes.HasPrefix(data, []byte{0xD0, 0xCF, 0x11, 0xE0}):
		return ContactFile{}, badFile("Đây là tệp .xls kiểu cũ hoặc tệp có mật khẩu. Hãy mở trong Excel, bỏ mật khẩu và lưu thành .xlsx.")
	}
	return readCSV(data)
}

// readCSV reads text in UTF-8 or UTF-16 whose cells are parted by commas, semicolons or tabs.
func readCSV(data []byte) (ContactFile, error) {
	text, err := decodeText(data)
	if err != nil {
		return ContactFile{}, err
	}
	separator := rune(0)
	if first, rest, _ := strings.Cut(text, "\n"); strings.HasPrefix(strings.ToLower(first), "sep=") && len(first) > 4 {
		separator, text = rune(first[4]), "\n"+rest // Excel's own line; it still counts as one
	}
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comma, reader.FieldsPerRecord, reader.LazyQuotes = separatorOf(text, separator), -1, true
	var table contactTable
	for {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return table.file()
		}
		if err != nil {
			return ContactFile{}, badFile("Tệp CSV bị hỏng: %v.", err)
		}
		line, _ := reader.FieldPos(0)
		if err := table.add(line, cells); err != nil {
			return ContactFile{}, err
		}
	}
}

// separatorOf is what parts the cells: as the file says, or what stands most often in the row of the headings.
func separatorOf(text string, said rune) rune {
	if strings.ContainsRune(",;\t", said) {
		return said
	}
	best, most := ',', 0
	for n, line := range strings.Split(text[:min(len(text), 64<<10)], "\n") {
		if n >= headingWithin {
			break
		}
		for _, r := range ",;\t" {
			known := 0
			for _, cell := range strings.SplitN(line, string(r), maxContactCols) {
				if _, ok := model.FindContactColumn(strings.Trim(cell, "\" \r")); ok {
					known++
				}
			}
			if known > most {
				best, most = r, known
			}
		}
	}
	return best
}

// decodeText is the file's text. UTF-16 is known by its mark, or by every second byte being 0.
func decodeText(data []byte) (string, error) {
	switch {
	case bytes.HasPrefix(data, []byte{0xEF, 0xBB, 0xBF}):
		data = data[3:]
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}):
		return decodeUTF16(data[2:], false), nil
	case bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		return decodeUTF16(data[2:], true), nil
	case len(data) >= 4 && data[0] != 0 && data[1] == 0 && data[3] == 0:
		return decodeUTF16(data, false), nil
	case len(data) >= 4 && data[0] == 0 && data[1] != 0 && data[2] == 0:
		return decodeUTF16(data, true), nil
	}
	if !utf8.Valid(data) {
		return "", badFile("Tệp không ở bảng mã Unicode. Trong Excel hãy chọn «CSV UTF-8», hoặc gửi tệp .xlsx.")
	}
	return string(data), nil
}

func decodeUTF16(data []byte, bigEndian bool) string {
	units := make([]uint16, len(data)/2)
	for i := range units {
		low, high := data[2*i], data[2*i+1]
		if bigEndian {
			low, high = high, low
		}
		units[i] = uint16(low) | uint16(high)<<8
	}
	return string(utf16.Decode(units))
}

// contactTable gathers the rows of a file below its headings.
type contactTable struct {
	columns []*model.ContactColumn // by place; nil for one that means nothing
	before  int                    // rows above the headings
	result  ContactFile
}

// add takes the next row of the file.
func (t *contactTable) add(line int, cells []string) error {
	if len(cells) > maxContactCols {
		return badFile("Dòng %d có quá nhiều cột.", line)
	}
	if t.columns == nil {
		if t.before++; t.before > headingWithin {
			return errNoHeadings()
		}
		t.findHeadings(cells)
		return nil
	}
	row := model.ContactRow{Line: line}
	for i, text := range cells {
		if i < len(t.columns) && t.columns[i] != nil {
			*t.columns[i].Cell(&row) = tidyCell(&row, t.columns[i], text)
		}
	}
	if row.Empty() && len(row.Notes) == 0 {
		return nil
	}
	if len(t.result.Rows) >= maxContactRows {
		return badFile("Tệp có quá %s dòng. Hãy chia thành nhiều tệp.", model.Group(maxContactRows))
	}
	t.result.Rows = append(t.result.Rows, row)
	return nil
}

// findHeadings takes the row for that of the headings when it names at least two columns, one of them the unit or the person.
func (t *contactTable) findHeadings(cells []string) {
	columns, seen := make([]*model.ContactColumn, len(cells)), map[string]bool{}
	var unknown, twice []string
	for i, heading := range cells {
		column, ok := model.FindContactColumn(heading)
		switch {
		case !ok && strings.TrimSpace(heading) != "":
			unknown = append(unknown, model.Clean(heading))
		case ok && seen[column.Key]:
			twice = append(twice, model.Clean(heading))
		case ok:
			seen[column.Key], columns[i] = true, &column
		}
	}
	if len(seen) < 2 || !seen["unit"] && !seen["name"] && !seen["slug"] {
		return
	}
	t.columns = columns
	if len(unknown) > 0 {
		t.result.Notes = append(t.result.Notes, "Các cột không dùng đến: "+strings.Join(unknown, ", ")+".")
	}
	if len(twice) > 0 {
		t.result.Notes = append(t.result.Notes, "Các cột trùng nghĩa với cột đứng trước nên bỏ qua: "+strings.Join(twice, ", ")+".")
	}
}

func (t *contactTable) file() (ContactFile, error) {
	switch {
	case t.columns == nil:
		return ContactFile{}, errNoHeadings()
	case len(t.result.Rows) == 0:
		return ContactFile{}, badFile("Dưới dòng tiêu đề không có dòng nào.")
	}
	return t.result, nil
}

func errNoHeadings() error {
	return badFile("Không tìm thấy dòng tiêu đề. Tệp cần có cột «Đơn vị» hoặc «Họ và tên» và ít nhất một cột nữa; hãy dùng tệp mẫu.")
}

// maxCellText is how much of a cell is kept, in bytes; the model says where a text is too long.
const maxCellText = 2000

// tidyCell is the text of a cell without what spreadsheets do to it.
func tidyCell(row *model.ContactRow, column *model.ContactColumn, text string) string {
	text = strings.TrimSpace(strings.ToValidUTF8(text[:min(len(text), maxCellText)], ""))
	if len(text) > 1 && text[0] == '\'' && dangerous(text[1:]) {
		text = text[1:]
	}
	switch text {
	case "#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!":
		row.Notes = append(row.Notes, "Ô «"+column.Label+"» chứa lỗi công thức nên bỏ qua.")
		return ""
	}
	return text
}

// dangerous reports whether a spreadsheet would take the text for a formula.
func dangerous(text string) bool {
	return text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0]))
}
