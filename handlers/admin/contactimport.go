package admin

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"congso/content"
	"congso/handlers/web"
	"congso/store/model"
	"congso/views/adminpage"
)

const (
	importPath       = directoryPath + "/nhap"
	importRowsOnPage = 200
)

func (a *Admin) importPage(c web.Ctx) error { return a.showImportForm(c, http.StatusOK, nil) }

func (a *Admin) showImportForm(c web.Ctx, status int, f *web.Form) error {
	p, err := a.page(c, "Nhập danh bạ từ tệp", web.Link{Name: "Danh bạ", Href: directoryPath})
	if err != nil {
		return err
	}
	p.Scripts, p.Sheets = []string{"contacts.js"}, []string{"contacts.css"}
	return web.Render(c, status, adminpage.ContactImport(p, f, adminpage.ImportData{}))
}

// uploadContacts reads a file, keeps its rows and leads to the preview.
func (a *Admin) uploadContacts(c web.Ctx) error {
	name, data, err := uploaded(c)
	var file content.ContactFile
	if err == nil {
		file, err = content.ReadContacts(data)
	}
	if f := web.NewForm(); f.Refused(err) {
		return a.showImportForm(c, refused, f)
	}
	if err != nil {
		return err
	}
	id, err := a.Store.KeepImport(c.Request().Context(), web.User(c).ID, name, file.Rows)
	if err != nil {
		return err
	}
	for _, note := range file.Notes {
		if err := web.FlashWarning(c, note); err != nil {
			return err
		}
	}
	return web.SeeOther(c, importPath+"/"+idText(id))
}

// uploaded streams the file of the form, at most a byte more than may be read.
func uploaded(c web.Ctx) (name string, data []byte, err error) {
	r := c.Request()
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "multipart/form-data" {
		return "", nil, fileFault("Hãy chọn một tệp.")
	}
	r.Body = http.MaxBytesReader(c.Response(), r.Body, content.MaxContactFile+64<<10)
	parts, err := r.MultipartReader()
	for err == nil {
		part, next := parts.NextPart()
		if err = next; err != nil {
			break
		}
		if part.FormName() == "file" && part.FileName() != "" {
			data, err = io.ReadAll(io.LimitReader(part, content.MaxContactFile+1))
			name = part.FileName()
			break
		}
	}
	tooLarge := (*http.MaxBytesError)(nil)
	switch {
	case errors.As(err, &tooLarge):
		return "", nil, fileFault("Tệp quá lớn: nhiều nhất %s.", model.FileSize(content.MaxContactFile))
	case err == io.EOF: // wrapped, it is a body that breaks off
		return "", nil, fileFault("Hãy chọn một tệp.")
	case err != nil:
		return "", nil, fileFault("Tệp gửi lên bị ngắt giữa chừng. Xin gửi lại.")
	}
	return name, data, nil
}

// importPreview shows what the kept file would do.
func (a *Admin) importPreview(c web.Ctx) error {
	return a.showImport(c, http.StatusOK, web.NewForm(), c.QueryParam("moi") != "", false)
}

// showImport works the plan out anew. form holds the boxes that are checked and what is wrong.
func (a *Admin) showImport(c web.Ctx, status int, f *web.Form, newUnits, conflict bool) error {
	id, err := id(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	name, rows, err := a.Store.KeptImport(ctx, web.User(c).ID, id)
	if err != nil {
		return err
	}
	d := adminpage.ImportData{ID: id, Name: name, Conflict: conflict, Filter: c.QueryParam("viec")}
	if d.Plan, err = a.Store.PlanImport(ctx, rows, newUnits); err != nil {
		return err
	}
	if d.Print, err = d.Plan.Fingerprint(); err != nil {
		return err
	}
	if newUnits {
		f.Values.Set("new_units", "1")
	}
	pageImport(c, &d)
	p, err := a.page(c, "Xem trước khi nhập danh bạ", web.Link{Name: "Danh bạ", Href: directoryPath}, web.Link{Name: "Nhập từ tệp", Href: importPath})
	if err != nil {
		return err
	}
	p.Wide, p.Sheets = true, []string{"contacts.css"}
	return web.Render(c, status, adminpage.ContactImport(p, f, d))
}

// pageImport cuts the rows to be shown out of the plan: those with faults first where all are asked for.
func pageImport(c web.Ctx, d *adminpage.ImportData) {
	var shown, rest []model.ImportRow
	for _, row := range d.Plan.Rows {
		switch {
		case d.Filter == "" && row.Outcome != model.ImportFault:
			rest = append(rest, row)
		case d.Filter == "" || d.Filter == string(row.Outcome):
			shown = append(shown, row)
		}
	}
	shown = append(shown, rest...)
	number, last := web.PageNumber(c, "trang"), web.LastPage(len(shown), importRowsOnPage)
	d.Shown = pageOf(shown, number, importRowsOnPage)
	query := url.Values{"viec": {d.Filter}}
	if d.Plan.NewUnits {
		query.Set("moi", "1")
	}
	path := importPath + "/" + strconv.FormatInt(d.ID, 10) + "?"
	d.Pages.Current, d.Pages.Last = min(number, last), last
	d.Pages.Href = func(n int) string { query.Set("trang", strconv.Itoa(n)); return path + query.Encode() }
}

// applyImport writes what the preview showed. A directory that has moved on since gets nothing written and a new preview.
func (a *Admin) applyImport(c web.Ctx) error {
	record, err := id(c)
	if err != nil {
		return err
	}
	f, err := web.ParseForm(c)
	if err != nil {
		return err
	}
	newUnits := f.Checked("new_units")
	if !f.Checked("apply") {
		return a.showImport(c, http.StatusOK, f, newUnits, false)
	}
	ctx, user := c.Request().Context(), web.User(c)
	_, rows, err := a.Store.KeptImport(ctx, user.ID, record)
	if err != nil {
		return err
	}
	plan, err := a.Store.PlanImport(ctx, rows, newUnits)
	if err != nil {
		return err
	}
	print, err := plan.Fingerprint()
	if err != nil {
		return err
	}
	if print != f.Raw("print") {
		return a.showImport(c, http.StatusConflict, f, newUnits, true)
	}
	plan.LeaveOut = f.Checked("leave_out")
	err = a.Store.ApplyImport(ctx, user.Actor(), plan)
	switch invalid := (model.Invalid{}); {
	case errors.Is(err, model.ErrConflict):
		return a.showImport(c, http.StatusConflict, f, newUnits, true)
	case errors.As(err, &invalid) && invalid["rows"] != "":
		f.Fail("leave_out", invalid["rows"]+" Hãy sửa tệp rồi gửi lại, hoặc đánh dấu để bỏ lại các dòng ấy.")
		return a.showImport(c, refused, f, newUnits, false)
	case err != nil:
		return err
	}
	if err := a.Store.DropImport(ctx, user.ID); err != nil {
		a.Log.Warn("kept import not dropped", "error", err)
	}
	return saved(c, directoryPath, importedWords(plan))
}

func importedWords(plan model.ImportPlan) string {
	words := []string{"Đã nhập: thêm " + strconv.Itoa(plan.Count(model.ImportAdd)), "sửa " + strconv.Itoa(plan.Count(model.ImportChange)),
		"giữ nguyên " + strconv.Itoa(plan.Count(model.ImportSame))}
	if left := plan.Count(model.ImportFault); left > 0 {
		words = append(words, "bỏ lại "+strconv.Itoa(left)+" dòng có lỗi")
	}
	return strings.Join(words, ", ") + "."
}

// fileFault is the error for a file that cannot be read, in words for whoever sent it.
func fileFault(format string, args ...any) error {
	return model.Invalid{"file": fmt.Sprintf(format, args...)}
}

// dangerous reports whether a spreadsheet would take the text for a formula.
func dangerous(text string) bool {
	return text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0]))
}
