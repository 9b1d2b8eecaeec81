package admin

import (
	"errors"

	"congso/handlers/web"
	"congso/store/model"
	"congso/views/adminpage"
)

// showNews answers with the editor of an item, or with the item alone to whoever may not edit it now.
func (a *Admin) showNews(c web.Ctx, status int, d dossier[model.News]) error {
	w := a.news()
	work, err := w.frame(c, d)
	if err != nil {
		return err
	}
	data := adminpage.NewsEditData{Work: work, Form: d.Form, Section: d.Record.Section}
	if data.Sections, err = a.ownSections(c.Request().Context(), d.user); err != nil {
		return err
	}
	if data.Cover, data.Files, err = a.formMedia(c, d.Form); err != nil {
		return err
	}
	p, err := a.page(c, d.Title, web.Link{Name: w.name, Href: w.root})
	if err != nil {
		return err
	}
	p.Wide, p.Sheets = true, []string{"editor.css"}
	if work.May[model.ActionEdit] {
		p.Scripts = []string{"editor.js"}
	}
	return web.Render(c, status, adminpage.NewsEdit(p, data))
}

// formMedia are the records of the files that the form names, as far as they are there.
func (a *Admin) formMedia(c web.Ctx, form *web.Form) (cover model.Media, files []model.Media, err error) {
	for _, id := range newsMedia(form) {
		m, err := a.Store.MediaByID(c.Request().Context(), id)
		if errors.Is(err, model.ErrNotFound) {
			continue
		}
		if err != nil {
			return cover, nil, err
		}
		if id == form.ID("cover") && cover.ID == 0 {
			cover = m
			continue
		}
		files = append(files, m)
	}
	return cover, files, nil
}

// newsPreview is the public page of the item as its editor has it.
func (a *Admin) newsPreview(c web.Ctx) error {
	d, err := a.news().open(c)
	if err != nil {
		return err
	}
	return a.previewNews(c, d)
}

func (a *Admin) previewNews(c web.Ctx, d dossier[model.News]) error {
	ctx := c.Request().Context()
	n := d.Record
	if err := a.readNews(ctx, &n, d.Form); err != nil && !d.Form.Refused(err) {
		return err
	}
	if n.PublishAt.IsZero() {
		n.PublishAt = a.Store.Now()
	}
	if err := n.Validate(); err != nil && !d.Form.Refused(err) {
		return err
	}
	rendered, err := a.Render.Render(n.Body)
	if err != nil {
		return err
	}
	n.HTML = rendered.HTML
	if n.Section, err = a.sectionOf(c, n.Section.ID); err != nil {
		return err
	}
	return a.PreviewNews(c, n)
}

// sectionOf is the section with that id, an empty one when it is gone.
func (a *Admin) sectionOf(c web.Ctx, id int64) (model.Section, error) {
	sections, err := a.Store.Sections(c.Request().Context())
	if err != nil {
		return model.Section{}, err
	}
	for _, s := range sections {
		if s.ID == id {
			return s, nil
		}
	}
	return model.Section{}, nil
}
