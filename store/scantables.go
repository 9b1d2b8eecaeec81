package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"congso/store/model"
)

// scannedTable is a table whose rows have texts in a few columns.
type scannedTable struct {
	kind   model.Kind
	title  string   // the column that names the row
	fields []string // the columns, with how they are read
	from   string   // the table, or what of it is looked at, as r
}

func scannedTables() []scannedTable {
	plain := func(names ...string) (fields []string) {
		for _, name := range names {
			fields = append(fields, ScannedPlain+" "+name)
		}
		return fields
	}
	link := func(name string) string { return ScannedLink + " " + name }
	return []scannedTable{
		{model.KindSection, "name", plain("name", "name_en"), "section r"},
		{model.KindUnit, "name", plain("name", "name_en", "address", "email"), "unit r"},
		{model.KindPerson, "name", plain("name", "honorific", "email", "photo_alt"), "person r"},
		{model.KindMedia, "name", plain("name", "alt", "caption", "credit"), "(SELECT * FROM media WHERE archived_at = 0) AS r"},
		{model.KindLink, "name", append(plain("name"), link("url")), "linked_site r"},
		{model.KindMenu, "label", append(plain("label", "label_en"), link("href")), "menu_item r"},
	}
}

// eachRow visits the rows of a table, or the one with that id alone.
func (s *Store) eachRow(ctx context.Context, t scannedTable, id int64, visit func(Scanned) error) error {
	columns := make([]string, len(t.fields))
	for i, field := range t.fields {
		_, name, _ := strings.Cut(field, " ")
		columns[i] = "r." + name
	}
	last := int64(0)
	scan := func(row scanner) (Scanned, error) {
		r := Scanned{Kind: t.kind}
		texts := make([]string, len(columns))
		dest := []any{&r.ID, &r.Title}
		for i := range texts {
			dest = append(dest, &texts[i])
		}
		err := row.Scan(dest...)
		last = r.ID
		if t.kind == model.KindMenu { // saving the menu gives its entries new ids
			r.ID, r.Path = 0, texts[len(texts)-1]
		}
		for i, field := range t.fields {
			form, name, _ := strings.Cut(field, " ")
			r.add(name, form, texts[i])
		}
		return r, err
	}
	query := `SELECT r.id, r.` + t.title + `, ` + strings.Join(columns, ", ") + ` FROM ` + t.from + ` WHERE r.id > $1 AND (r.id = $2 OR $2 = 0) ORDER BY r.id LIMIT $3`
	for {
		batch, err := queryAll(ctx, s.read, scan, query, last, id, scanBatch)
		if err != nil || len(batch) == 0 {
			return err
		}
		err = visitAll(ctx, batch, func(r Scanned) error {
			if err := s.addPosts(ctx, &r); err != nil {
				return err
			}
			return visit(r)
		})
		if err != nil {
			return err
		}
	}
}

// addPosts adds the titles of a person's posts.
func (s *Store) addPosts(ctx context.Context, r *Scanned) error {
	if r.Kind != model.KindPerson {
		return nil
	}
	titles, err := queryAll(ctx, s.read, value[string], `SELECT title || ' / ' || title_en FROM post WHERE person_id = $1 ORDER BY id`, r.ID)
	for _, title := range titles {
		r.plain("posts", title)
	}
	return err
}

// eachRedirect visits the old addresses that are sent on.
func (s *Store) eachRedirect(ctx context.Context, visit func(Scanned) error) error {
	for last := ""; ; {
		batch, err := queryAll(ctx, s.read, func(row scanner) (Scanned, error) {
			r, to := Scanned{Kind: model.KindMoved}, ""
			err := row.Scan(&r.Path, &to)
			r.Title = r.Path
			r.add("to", ScannedLink, to)
			return r, err
		}, `SELECT from_path, to_path FROM redirect WHERE from_path > $1 ORDER BY from_path LIMIT $2`, last, scanBatch)
		if err != nil || len(batch) == 0 {
			return err
		}
		if err := visitAll(ctx, batch, visit); err != nil {
			return err
		}
		last = batch[len(batch)-1].Path
	}
}

// scanSite visits what the portal says of the department: every text of the setting, whatever its name is.
func (s *Store) scanSite(ctx context.Context, visit func(Scanned) error) error {
	text, err := setting(ctx, s.read, "site")
	if err != nil || text == "" {
		return err
	}
	r := Scanned{Kind: model.KindSetting, Title: "site"}
	var fields map[string]any
	if err := json.Unmarshal([]byte(text), &fields); err != nil {
		r.Fault = fmt.Errorf("site: %w", err)
		r.plain("site", text)
	}
	r.addJSON("", fields)
	slices.SortFunc(r.Texts, func(a, b ScannedText) int { return strings.Compare(a.Field, b.Field) })
	return visit(r)
}

// addJSON adds the texts in a JSON value, under the names of the fields on top.
func (r *Scanned) addJSON(field string, v any) {
	switch v := v.(type) {
	case string:
		r.plain(field, v)
	case []any:
		for _, each := range v {
			r.addJSON(field, each)
		}
	case map[string]any:
		for name, each := range v {
			if field != "" {
				name = field
			}
			r.addJSON(name, each)
		}
	}
}
