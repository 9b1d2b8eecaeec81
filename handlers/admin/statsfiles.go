package admin

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/xuri/excelize/v2"

	"congso/handlers/web"
	"congso/store/model"
	"congso/views/adminpage"
)

// statsTable is a table of the statistics as files have it: a cell is a string or an int64.
type statsTable struct {
	file, name string
	head       []string
	rows       [][]any
}

// statsTables are the tables that the page shows.
func statsTables(d adminpage.StatsData, base string) []statsTable {
	days := statsTable{file: "theo-ngay.csv", name: "Theo ngày", head: []string{"Ngày", "Lượt xem", "Lượt ghé thăm", "Người xem"}}
	for _, h := range d.Days {
		days.rows = append(days.rows, []any{h.Day.Short(), h.Views, h.Visits, h.Visitors})
	}
	if d.Own { // visits are those of the whole portal
		days.head = days.head[:2]
		for i := range days.rows {
			days.rows[i] = days.rows[i][:2]
		}
	}
	pages := statsTable{file: "trang.csv", name: "Trang xem nhiều", head: []string{"Trang", "Địa chỉ", "Lượt xem"}}
	for _, page := range d.Pages {
		pages.rows = append(pages.rows, []any{d.PageName(page), base + page.Path, page.Views})
	}
	tables := []statsTable{days, pages, groupTable("chuyen-muc.csv", "Chuyên mục", "Không có chuyên mục", d.Sections)}
	if !d.Own {
		tables = append(tables, groupTable("nguoi-viet.csv", "Người viết", adminpage.NoAuthor, d.Authors))
	}
	return tables
}

func groupTable(file, name, none string, groups []model.GroupHits) statsTable {
	t := statsTable{file: file, name: name, head: []string{name, "Đăng mới", "Lượt xem"}}
	for _, g := range groups {
		t.rows = append(t.rows, []any{adminpage.GroupName(g, none), int64(g.Items), g.Views})
	}
	return t
}

// statsFile answers with what the page shows as a file: thong-ke.xlsx for all tables, or one of them as CSV.
func (a *Admin) statsFile(c web.Ctx) error {
	d, err := a.statsData(c)
	if err != nil {
		return err
	}
	tables, name := statsTables(d, a.Base), c.Param("tep")
	if name == "thong-ke.xlsx" {
		data, err := statsBook(tables)
		return sendStats(c, d.Query, name, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", data, err)
	}
	for _, t := range tables {
		if t.file == name {
			data, err := t.csv()
			return sendStats(c, d.Query, name, "text/csv; charset=utf-8", data, err)
		}
	}
	return model.ErrNotFound
}

// sendStats sends the file under a name that tells its days.
func sendStats(c web.Ctx, q adminpage.StatsQuery, name, kind string, data []byte, err error) error {
	if err != nil {
		return fmt.Errorf("statistics as %s: %w", name, err)
	}
	stem, ending, _ := strings.Cut(name, ".")
	c.Response().Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s-%s-%s.%s"`, stem, q.From, q.To, ending))
	return c.Blob(http.StatusOK, kind, data)
}

// csv is the table for a spreadsheet: UTF-8 with its mark, and no cell that would be taken for a formula.
func (t statsTable) csv() ([]byte, error) {
	b := bytes.NewBufferString("\uFEFF")
	w := csv.NewWriter(b)
	w.UseCRLF = true
	rows := [][]string{t.head}
	for _, row := range t.rows {
		cells := make([]string, len(row))
		for i, value := range row {
			cells[i] = fmt.Sprint(value)
			if cells[i] != "" && strings.ContainsRune("=+-@\t\r", rune(cells[i][0])) {
				cells[i] = "'" + cells[i]
			}
		}
		rows = append(rows, cells)
	}
	err := w.WriteAll(rows)
	return b.Bytes(), err
}

// statsBook is a workbook with a sheet for each table.
func statsBook(tables []statsTable) (data []byte, err error) {
	book := excelize.NewFile()
	defer func() { err = errors.Join(err, book.Close()) }()
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return nil, err
	}
	number, err := book.NewStyle(&excelize.Style{NumFmt: 3}) // #,##0: the reader's own separators
	if err != nil {
		return nil, err
	}
	for i, t := range tables {
		if i == 0 {
			err = book.SetSheetName("Sheet1", t.name)
		} else {
			_, err = book.NewSheet(t.name)
		}
		if err == nil {
			err = t.fill(book, bold, number)
		}
		if err != nil {
			return nil, err
		}
	}
	var b bytes.Buffer
	err = book.Write(&b)
	return b.Bytes(), err
}

func (t statsTable) fill(book *excelize.File, bold, number int) error {
	w, err := book.NewStreamWriter(t.name)
	if err != nil {
		return err
	}
	if err := w.SetColWidth(1, 2, 40); err != nil {
		return err
	}
	if err := w.SetColWidth(3, 4, 16); err != nil {
		return err
	}
	head := make([]any, len(t.head))
	for i, text := range t.head {
		head[i] = excelize.Cell{StyleID: bold, Value: text}
	}
	if err := w.SetRow("A1", head); err != nil {
		return err
	}
	for i, row := range t.rows {
		cells := make([]any, len(row))
		for j, value := range row {
			cells[j] = value
			if n, ok := value.(int64); ok {
				cells[j] = excelize.Cell{StyleID: number, Value: n}
			}
		}
		if err := w.SetRow(fmt.Sprintf("A%d", i+2), cells); err != nil {
			return err
		}
	}
	return w.Flush()
}
