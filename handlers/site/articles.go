package site

import (
	"errors"
	"net/http"
	"path"
	"strings"

	"congso/handlers/web"
	"congso/store/model"
	"congso/views/i18n"
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
	if path.Ext(name) != "" {
		return s.asset(c, name)
	}
	a, err := s.Content.Get(web.Lang(c), name, web.Viewer(c))
	if right := slugPath(name); errors.Is(err, model.ErrNotFound) && right != name {
		if _, err := s.Content.Get(web.Lang(c), right, web.Viewer(c)); err == nil {
			return web.Redirect{Path: web.Href(web.Lang(c), "/bai-viet/"+right)}
		}
	}
	if err != nil {
		return err
	}
	p, err := s.page(c, a.Title, a.Description)
	if err != nil {
		return err
	}
	p.NoIndex = a.Visibility == model.Internal
	_, err = s.Content.Get(otherLang(p.Lang), a.Path, web.Viewer(c))
	p.Alone = err != nil // there is no other error than that it is not there
	p.Crumbs = []web.Link{{Name: p.T("nav.articles"), Href: p.Href("/bai-viet")}}
	return web.Render(c, http.StatusOK, sitepage.Article(p, a))
}

func otherLang(lang string) string {
	if lang == i18n.EN {
		return i18n.VI
	}
	return i18n.EN
}

// slugPath is an article's path as it should be written: every part a slug.
func slugPath(path string) string {
	var parts []string
	for part := range strings.SplitSeq(path, "/") {
		if slug := model.Slug(model.Clean(part)); slug != "" {
			parts = append(parts, slug)
		}
	}
	return strings.Join(parts, "/")
}
