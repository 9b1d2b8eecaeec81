package site

import (
	"net/url"

	"congso/handlers/web"
	"congso/store"
	"congso/store/model"
	"congso/views/sitepage"
)

func (s *Site) contacts(c web.Ctx) error {
	ctx, v := c.Request().Context(), web.Viewer(c)
	p, err := s.page(c, "", "")
	if err != nil {
		return err
	}
	p.Aside = false
	p.Title = p.T("nav.contacts")
	p.Description = p.T("unit.description", p.SiteName())
	d := sitepage.ContactsData{Query: web.Query(c, "q", 100)}
	if d.Query != "" {
		p.NoIndex = true
		p.Query = url.Values{"q": {d.Query}}.Encode()
		d.Found, err = read(c, s, func(r *store.Reader) (model.Directory, error) { return r.FindContacts(ctx, v, d.Query) })
		if err != nil {
			return err
		}
		return web.Render(c, 200, sitepage.Contacts(p, d))
	}
	directory, err := read(c, s, func(r *store.Reader) (model.Directory, error) { return r.Directory(ctx, v) })
	if err != nil {
		return err
	}
	d.Leaders = store.Leaders(directory)
	d.Units = unitTree(directory.Units, 0)
	d.People = directory.People
	return web.Render(c, 200, sitepage.Contacts(p, d))
}

// unitTree is the units below parent with those below them. A unit whose parent is not in the list stands at the top.
func unitTree(units []model.Unit, parent int64) []sitepage.UnitNode {
	listed := map[int64]bool{}
	for _, u := range units {
		listed[u.ID] = true
	}
	below := map[int64][]model.Unit{}
	for _, u := range units {
		if !listed[u.ParentID] {
			u.ParentID = 0
		}
		below[u.ParentID] = append(below[u.ParentID], u)
	}
	return nodes(below, parent)
}

func nodes(below map[int64][]model.Unit, parent int64) []sitepage.UnitNode {
	var list []sitepage.UnitNode
	units := below[parent]
	delete(below, parent) // a unit that is its own ancestor ends here
	for _, u := range units {
		list = append(list, sitepage.UnitNode{Unit: u, Children: nodes(below, u.ID)})
	}
	return list
}

func (s *Site) unit(c web.Ctx) error {
	ctx, v := c.Request().Context(), web.Viewer(c)
	u, err := read(c, s, func(r *store.Reader) (model.UnitView, error) {
		return find(c, c.Param("unit"), "/danh-ba/", "", func(slug string) (model.UnitView, error) { return r.UnitBySlug(ctx, v, slug) })
	})
	if err != nil {
		return err
	}
	p, err := s.page(c, "", "")
	if err != nil {
		return err
	}
	p.Title = p.Pick(u.Unit.Name, u.Unit.NameEN)
	p.Description = p.T("unit.description", p.Title)
	p.Crumbs = []web.Link{{Name: p.T("nav.contacts"), Href: p.Href("/danh-ba")}}
	return web.Render(c, 200, sitepage.Unit(p, u))
}

// person answers /danh-ba/nguoi/{slug}, its vCard (.vcf) and its QR code (.svg).
func (s *Site) person(c web.Ctx) error {
	ctx, v := c.Request().Context(), web.Viewer(c)
	slug, suffix := cutSuffix(c.Param("slug"), ".vcf", ".svg")
	var site model.Site
	person, err := read(c, s, func(r *store.Reader) (person model.Person, err error) {
		if suffix != "" { // the card names the department
			if site, err = r.Site(ctx); err != nil {
				return person, err
			}
		}
		return find(c, slug, "/danh-ba/nguoi/", suffix, func(slug string) (model.Person, error) { return r.PersonBySlug(ctx, v, slug) })
	})
	if err != nil {
		return err
	}
	switch suffix {
	case ".vcf":
		return s.vCard(c, site, person)
	case ".svg":
		return s.qr(c, site, person)
	}
	p, err := s.page(c, "", "")
	if err != nil {
		return err
	}
	p.Title = person.Name
	p.Description = p.T("person.description", person.Name)
	p.Crumbs = []web.Link{{Name: p.T("nav.contacts"), Href: p.Href("/danh-ba")}}
	if len(person.Posts) > 0 && person.Posts[0].Current(s.Store.Today()) {
		post := person.Posts[0]
		p.Crumbs = append(p.Crumbs, web.Link{Name: p.Pick(post.UnitName, post.UnitEN), Href: p.Href("/danh-ba/" + post.UnitSlug)})
	}
	return web.Render(c, 200, sitepage.Person(p, person, s.Store.Today()))
}

func toContacts(c web.Ctx) error {
	u := *c.Request().URL
	u.Path = web.Href("en", web.Plain(u.Path))
	return web.Redirect{Path: u.RequestURI()}
}
