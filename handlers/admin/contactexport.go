package admin

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/emersion/go-vcard"

	"congso/handlers/web"
	"congso/store/model"
	"congso/views/adminpage"
)

// writeCSV makes a file that Excel opens as it is: UTF-8 with its mark. A text that Excel would take for a formula gets an apostrophe
// before it, which content.ReadContacts takes off again.
func writeCSV(rows []model.ContactRow) ([]byte, error) {
	b := bytes.NewBufferString("\uFEFF")
	w := csv.NewWriter(b)
	w.UseCRLF = true
	columns := model.ContactColumns()
	cells := make([]string, len(columns))
	for i, c := range columns {
		cells[i] = c.Label
	}
	err := w.Write(cells)
	for n := 0; n < len(rows) && err == nil; n++ {
		for i, c := range columns {
			cells[i] = *c.Cell(&rows[n])
			if dangerous(cells[i]) {
				cells[i] = "'" + cells[i]
			}
		}
		err = w.Write(cells)
	}
	w.Flush()
	if err == nil {
		err = w.Error()
	}
	if err != nil {
		return nil, fmt.Errorf("CSV: %w", err)
	}
	return b.Bytes(), nil
}

// writeCards makes one file of the cards of all people who hold a post, with every number that they have here.
func writeCards(site model.Site, base string, today model.Day, people []model.Person) ([]byte, error) {
	var b bytes.Buffer
	encoder := vcard.NewEncoder(&b)
	for _, person := range people {
		if err := encoder.Encode(web.Card(site, base, today, person)); err != nil {
			return nil, fmt.Errorf("vCard: %w", err)
		}
	}
	return web.FoldCard(b.Bytes()), nil
}

// exportContacts answers /admin/danh-ba/xuat/{file}: the whole directory, or with -cong-khai in its name only what is public, as a workbook,
// as CSV, as cards; and an empty workbook to fill in.
func (a *Admin) exportContacts(c web.Ctx) error {
	name, kind, _ := strings.Cut(c.Param("tep"), ".")
	if name == "mau-danh-ba" && kind == "xlsx" {
		data, err := writeXLSX(nil, adminpage.ImportGuide())
		return download(c, "mau-danh-ba.xlsx", kind, data, err)
	}
	viewer := web.Viewer(c)
	switch name {
	case "danh-ba":
	case "danh-ba-cong-khai":
		viewer = model.Viewer{}
	default:
		return model.ErrNotFound
	}
	ctx, today := c.Request().Context(), a.Store.Today()
	directory, err := a.Store.WholeDirectory(ctx, viewer)
	if err != nil {
		return err
	}
	if !viewer.Staff {
		directory.Units = slices.DeleteFunc(directory.Units, func(u model.Unit) bool { return u.From > today })
		for i, p := range directory.People {
			directory.People[i].Posts = slices.DeleteFunc(p.Posts, func(post model.Post) bool { return !post.Current(today) })
		}
	}
	var data []byte
	switch kind {
	case "csv":
		data, err = writeCSV(model.ContactRows(directory, today))
	case "xlsx":
		data, err = writeXLSX(model.ContactRows(directory, today), nil)
	case "vcf":
		data, err = a.cardsOf(c, directory.People)
	default:
		return model.ErrNotFound
	}
	return download(c, name+"-"+string(today)+"."+kind, kind, data, err)
}

func (a *Admin) cardsOf(c web.Ctx, people []model.Person) ([]byte, error) {
	site, err := a.Store.Site(c.Request().Context())
	if err != nil {
		return nil, err
	}
	today := a.Store.Today()
	people = slices.DeleteFunc(people, func(p model.Person) bool { return len(heldUnits(p, today)) == 0 })
	return writeCards(site, a.Base, today, people)
}

func download(c web.Ctx, name, kind string, data []byte, err error) error {
	if err != nil {
		return err
	}
	types := map[string]string{
		"csv": "text/csv; charset=utf-8", "vcf": "text/vcard; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	}
	c.Response().Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	return c.Blob(http.StatusOK, types[kind], data)
}
