package site

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"

	"congso/handlers/web"
	assets "congso/static"
	"congso/store/model"
)

const forever = "public, max-age=31536000, immutable"

// static answers with an embedded file. Under its hashed address it may be kept for good; an older address leads to the current one.
func static(c web.Ctx) error {
	name, data, current, err := assets.Open(c.Request().URL.Path)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) {
		return model.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("static %q: %w", name, err)
	}
	if !current {
		return web.Redirect{Path: assets.URL(name), Status: http.StatusFound}
	}
	h := c.Response().Header()
	h.Set("Cache-Control", forever)
	h.Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	if packed := assets.Gzip(name); packed != nil {
		h.Set("Vary", "Accept-Encoding")
		if strings.Contains(c.Request().Header.Get("Accept-Encoding"), "gzip") && c.Request().Header.Get("Range") == "" {
			h.Set("Content-Encoding", "gzip")
			data = packed
		}
	}
	http.ServeContent(c.Response(), c.Request(), "", time.Time{}, bytes.NewReader(data))
	return nil
}

func favicon(c web.Ctx) error {
	return web.Redirect{Path: assets.URL("img/icon.svg"), Status: http.StatusFound}
}

// media answers with an uploaded file: a picture in one of its sizes, or an attachment under its name.
func (s *Site) media(c web.Ctx) error {
	v := web.Viewer(c)
	m, err := s.Store.MediaPublic(c.Request().Context(), v, c.Param("hash"))
	if err != nil {
		return err
	}
	variant, err := mediaVariant(m, c.Param("file"))
	if err != nil {
		return err
	}
	file, err := s.Store.OpenMedia(m.Hash, variant)
	if err != nil {
		return err
	}
	defer file.Close()
	h := c.Response().Header()
	h.Set("Cache-Control", forever)
	if v != (model.Viewer{}) {
		h.Set("Cache-Control", "no-store")
	}
	h.Set("Content-Type", m.MIME)
	h.Set("ETag", `"`+m.Hash[:16]+variant+`"`)
	if !m.IsPicture() {
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": m.Name}))
	}
	http.ServeContent(c.Response(), c.Request(), "", time.Time{}, file)
	return nil
}

// mediaVariant reads which size of m the file name asks for: "" is the main one.
func mediaVariant(m model.Media, file string) (string, error) {
	if !m.IsPicture() {
		if file != m.Name {
			return "", model.ErrNotFound
		}
		return "", nil
	}
	if path.Base(m.URL()) == file {
		return "", nil
	}
	for _, w := range model.Widths() {
		if width := strconv.Itoa(w); w < m.Width && file == width+m.Ext() {
			return width, nil
		}
	}
	return "", model.ErrNotFound
}

// asset answers with a picture that stands beside the articles.
func (s *Site) asset(c web.Ctx, name string) error {
	asset, err := s.Content.Asset(web.Lang(c), name, web.Viewer(c))
	if err != nil {
		return err
	}
	defer asset.Close()
	h := c.Response().Header()
	h.Set("Cache-Control", "public, max-age=300")
	h.Set("Content-Type", asset.Type)
	http.ServeContent(c.Response(), c.Request(), "", asset.Modified, asset)
	return nil
}
