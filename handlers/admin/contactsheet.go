package admin

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"

	"congso/store/model"
)

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
