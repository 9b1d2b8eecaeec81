package site

import (
	"net/http"
	"path"
	"strings"

	"congso/handlers/web"
	"congso/store/model"
	"congso/views/layout"
	"congso/views/sitepage"
)

func (s *Site) articles(c web.Ctx) error {
	p, err := s.page(c, "", "")
	if err != nil {
		return err
	}
	p.Title = p.T("nav.articles")
	p.Description = p.Title + " – " + p.SiteName()
	return web.Render(c, 200, sitepage.Articles(p, s.Content.List(p.Lang, web.Viewer(c))))
}

// article answers /bai-viet/{path}; a path that ends like a picture is one that an article uses.
func (s *Site) article(c web.Ctx) error {
	name := strings.Trim(c.Param("*"), "/")
	if name == "" {
		return web.Redirect{Path: layout.Href(web.Lang(c), "/bai-viet")}
	}
	if path.Ext(name) != "" {
		return s.asset(c, name)
	}
	a, err := find(c, name, "/bai-viet/", "", func(string) (model.Article, error) {
		return s.Content.Get(web.Lang(c), name, web.Viewer(c))
	})
	if err != nil {
		return err
	}
	p, err := s.page(c, a.Title, a.Description)
	if err != nil {
		return err
	}
	p.NoIndex = a.Visibility == model.Internal
	p.Crumbs = []layout.Link{{Name: p.T("nav.articles"), Href: p.Href("/bai-viet")}}
	return web.Render(c, http.StatusOK, sitepage.Article(p, a))
}
