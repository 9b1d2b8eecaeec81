package admin

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"

	"congso/store/model"
)

// maxUnzipped is the most that an XLSX file may unpack to, in bytes. Nothing is unpacked to disk.
const maxUnzipped = 32 << 20

// readXLSX reads the first visible sheet that has rows.
func readXLSX(data []byte) (file contactFile, err error) {
	book, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxUnzipped, RawCellValue: true})
	if err != nil {
		return file, fileFault("Không đọc được tệp Excel: tệp hỏng, quá lớn khi giải nén, hoặc không phải .xlsx.")
	}
	defer func() { err = errors.Join(err, book.Close()) }()
	properties, err := book.GetWorkbookProps()
	if err != nil {
		return file, fileFault("Không đọc được tệp Excel.")
	}
	since1904 := properties.Date1904 != nil && *properties.Date1904
	for _, name := range book.GetSheetList() {
		if visible, err := book.GetSheetVisible(name); err != nil || !visible {
			continue
		}
		return readSheet(book, name, since1904)
	}
	return file, fileFault("Tệp Excel không có trang tính nào.")
}

func readSheet(book *excelize.File, name string, since1904 bool) (file contactFile, err error) {
	rows, err := book.Rows(name)
	if err != nil {
		return file, fileFault("Không đọc được trang tính %s.", name)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var table contactTable
	for line := 1; rows.Next(); line++ {
		if line > 2*maxContactRows {
			return file, fileFault("Trang tính có quá nhiều dòng trống hoặc quá %s dòng.", model.Group(maxContactRows))
		}
		cells, err := rows.Columns()
		if err != nil {
			return file, fileFault("Không đọc được dòng %d.", line)
		}
		for i := range cells {
			if i < len(table.columns) && table.columns[i] != nil {
				cells[i] = plainNumber(table.columns[i].Key, cells[i], since1904)
			}
		}
		if err := table.add(line, cells); err != nil {
			return file, err
		}
	}
	if err := rows.Error(); err != nil {
		return file, fileFault("Không đọc được tệp Excel.")
	}
	return table.file()
}

var sheetNumber = regexp.MustCompile(`^\d+(?:\.\d+)?(?:[eE]\+?\d+)?$`)

// plainNumber turns the raw value of a number into what people see in such a column: a day, or digits without an exponent.
func plainNumber(column, raw string, since1904 bool) string {
	if !sheetNumber.MatchString(raw) {
		return raw
	}
	value, err := strconv.ParseFloat(raw, 64)
	if err != nil {
		return raw
	}
	switch column {
	case "from", "until", "confirmed":
		if day, err := excelize.ExcelDateToTime(value, since1904); err == nil && value >= 1 && day.Year() <= 9999 {
			return day.Format("02/01/2006")
		}
	case "office", "mobile", "fax", "hotline", "rank":
		if value == math.Trunc(value) && value < 1e15 && (raw[0] != '0' || len(raw) == 1) {
			return strconv.FormatFloat(value, 'f', 0, 64)
		}
	}
	return raw
}

// writeXLSX makes a workbook of text cells: nothing in it can be a formula, and no zero gets lost when somebody edits it.
func writeXLSX(rows []model.ContactRow, guide []string) ([]byte, error) {
	book := excelize.NewFile()
	data, err := fillBook(book, rows, guide)
	if err = errors.Join(err, book.Close()); err != nil {
		return nil, fmt.Errorf("XLSX: %w", err)
	}
	return data, nil
}

func fillBook(book *excelize.File, rows []model.ContactRow, guide []string) ([]byte, error) {
	const sheet = "Danh bạ"
	if err := book.SetSheetName("Sheet1", sheet); err != nil {
		return nil, err
	}
	now := time.Time{}.Format(time.RFC3339) // the same records make the same file
	if err := book.SetDocProps(&excelize.DocProperties{Created: now, Modified: now}); err != nil {
		return nil, err
	}
	if err := fillSheet(book, sheet, rows); err != nil {
		return nil, err
	}
	if len(guide) > 0 {
		if err := fillGuide(book, guide); err != nil {
			return nil, err
		}
	}
	var b bytes.Buffer
	err := book.Write(&b)
	return b.Bytes(), err
}

func fillSheet(book *excelize.File, sheet string, rows []model.ContactRow) error {
	text, err := book.NewStyle(&excelize.Style{NumFmt: 49})
	if err != nil {
		return err
	}
	bold, err := book.NewStyle(&excelize.Style{NumFmt: 49, Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return err
	}
	w, err := book.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	columns := model.ContactColumns()
	head := make([]any, len(columns))
	for i, c := range columns {
		head[i] = excelize.Cell{StyleID: bold, Value: c.Label}
		if err := errors.Join(w.SetColStyle(i+1, i+1, text), w.SetColWidth(i+1, i+1, float64(c.Width))); err != nil {
			return err
		}
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := w.SetRow("A1", head); err != nil {
		return err
	}
	for n, row := range rows {
		cells := make([]any, len(columns))
		for i, c := range columns {
			cells[i] = excelize.Cell{StyleID: text, Value: *c.Cell(&row)}
		}
		if err := w.SetRow("A"+strconv.Itoa(n+2), cells); err != nil {
			return err
		}
	}
	return w.Flush()
}

func fillGuide(book *excelize.File, guide []string) error {
	const sheet = "Hướng dẫn"
	if _, err := book.NewSheet(sheet); err != nil {
		return err
	}
	if err := book.SetColWidth(sheet, "A", "A", 110); err != nil {
		return err
	}
	for i, line := range guide {
		if err := book.SetCellStr(sheet, "A"+strconv.Itoa(i+1), line); err != nil {
			return err
		}
	}
	return nil
}
