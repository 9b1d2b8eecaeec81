package content

import (
	"bytes"
	"encoding/xml"
	"errors"
	"math"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"congso/store/model"
)

// maxUnzipped is the most that an XLSX file may unpack to, in bytes. Nothing is unpacked to disk.
const maxUnzipped = 32 << 20

// readXLSX reads the first visible sheet that has contacts, and names the others.
func readXLSX(data []byte) (file ContactFile, err error) {
	book, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxUnzipped, RawCellValue: true})
	if err != nil {
		return file, badFile("Không đọc được tệp Excel: tệp hỏng, quá lớn khi giải nén, hoặc không phải .xlsx.")
	}
	defer func() { err = errors.Join(err, book.Close()) }()
	properties, err := book.GetWorkbookProps()
	if err != nil {
		return file, badFile("Không đọc được tệp Excel.")
	}
	since1904 := properties.Date1904 != nil && *properties.Date1904
	return readBook(book, since1904)
}

func readBook(book *excelize.File, since1904 bool) (file ContactFile, err error) {
	var others []string
	var fault error
	for _, name := range book.GetSheetList() {
		if visible, err := book.GetSheetVisible(name); err != nil || !visible {
			continue
		}
		var table contactTable
		readErr := table.readSheet(book, name, since1904)
		found, err := table.file()
		switch {
		case len(file.Rows) > 0 && table.columns != nil:
			others = append(others, model.Clean(name))
		case len(file.Rows) > 0:
		case readErr != nil && table.columns != nil:
			return ContactFile{}, readErr
		case err == nil:
			file = found
		case fault == nil || table.columns != nil:
			fault = err
		}
	}
	switch {
	case len(file.Rows) == 0 && fault == nil:
		return file, badFile("Tệp Excel không có trang tính nào.")
	case len(file.Rows) == 0:
		return file, fault
	case len(others) > 0:
		file.Notes = append(file.Notes, "Chỉ đọc trang tính đầu tiên có danh bạ. Hãy chép ra tệp riêng để nhập nốt: "+cutWords(strings.Join(others, ", "), maxCaption)+".")
	}
	return file, nil
}

// readSheet reads the rows of a sheet.
func (t *contactTable) readSheet(book *excelize.File, name string, since1904 bool) (err error) {
	rows, err := book.Rows(name)
	if err != nil {
		return badFile("Không đọc được trang tính %s.", name)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	merged := mergedCells(book, name)
	for line := 1; rows.Next(); line++ {
		if line > 2*maxContactRows {
			return badFile("Trang tính có quá nhiều dòng trống hoặc quá %s dòng.", model.Group(maxContactRows))
		}
		cells, err := rows.Columns()
		if err != nil {
			return badFile("Không đọc được dòng %d.", line)
		}
		if t.columns != nil {
			cells = merged.fill(line, cells)
		}
		for i := range cells {
			if i < len(t.columns) && t.columns[i] != nil {
				cells[i] = sheetCell(t.columns[i].Key, cells[i], since1904)
			}
		}
		if err := t.add(line, cells); err != nil {
			return err
		}
	}
	if rows.Error() != nil {
		return badFile("Không đọc được tệp Excel.")
	}
	return nil
}

// mergedDown are the cells of a sheet that are one with those below, which the file keeps empty.
type mergedDown struct {
	ends map[[2]int]int // the last line, by line and column of the first cell
	open map[int]mergedCell
}

type mergedCell struct {
	end  int
	text string
}

// maxMerged is how much of a sheet's list of merged cells is read, in bytes.
const maxMerged = 1 << 20

var mergedRange = regexp.MustCompile(`<mergeCell ref="([A-Z]{1,3}[0-9]{1,7}):[A-Z]{1,3}([0-9]{1,7})"`)

// mergedCells are those of a sheet. They are looked up in its source: excelize would make a table of all cells that they cover.
func mergedCells(book *excelize.File, name string) mergedDown {
	merged := mergedDown{ends: map[[2]int]int{}, open: map[int]mergedCell{}}
	source := sheetSource(book, name)
	at := bytes.LastIndex(source, []byte("<mergeCells"))
	if at < 0 {
		return merged
	}
	for _, m := range mergedRange.FindAllSubmatch(source[at:min(len(source), at+maxMerged)], -1) {
		column, line, err := excelize.CellNameToCoordinates(string(m[1]))
		end, endErr := strconv.Atoi(string(m[2]))
		if err == nil && endErr == nil && end > line {
			merged.ends[[2]int{line, column - 1}] = end
		}
	}
	return merged
}

// sheetSource is the XML of a sheet, nil when it is not where the file's own list says.
func sheetSource(book *excelize.File, name string) []byte {
	part := func(name string) []byte {
		data, _ := book.Pkg.Load(name)
		source, _ := data.([]byte)
		return source
	}
	type link struct {
		ID     string `xml:"Id,attr"`
		Target string `xml:"Target,attr"`
	}
	var list struct {
		Links []link `xml:"Relationship"`
	}
	if xml.Unmarshal(part("xl/_rels/workbook.xml.rels"), &list) != nil || book.WorkBook == nil {
		return nil
	}
	for _, sheet := range book.WorkBook.Sheets.Sheet {
		for _, l := range list.Links {
			if sheet.Name == name && sheet.ID == l.ID {
				if strings.HasPrefix(l.Target, "/") {
					return part(l.Target[1:])
				}
				return part(path.Join("xl", l.Target))
			}
		}
	}
	return nil
}

// fill puts the text of merged cells into the empty ones of a line below the first. A line that is empty otherwise stays so.
func (m mergedDown) fill(line int, cells []string) []string {
	blank := strings.Join(cells, "") == ""
	for column, cell := range m.open {
		switch {
		case line > cell.end:
			delete(m.open, column)
		case blank:
		case column >= len(cells):
			cells = append(cells, make([]string, column+1-len(cells))...)
			fallthrough
		case cells[column] == "":
			cells[column] = cell.text
		}
	}
	for column, text := range cells {
		if end := m.ends[[2]int{line, column}]; end > 0 {
			m.open[column] = mergedCell{end, text}
		}
	}
	return cells
}

var sheetNumber = regexp.MustCompile(`^\d+(?:\.\d+)?(?:[eE]\+?\d+)?$`)

// sheetCell turns the raw value of a number into what people see in such a column: a day, or digits without an exponent.
func sheetCell(column, raw string, since1904 bool) string {
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
