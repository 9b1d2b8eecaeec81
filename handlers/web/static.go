package web

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"

	"congso/static"
	"congso/store/model"
)

// Forever is the Cache-Control of what never changes under its address.
const Forever = "public, max-age=31536000, immutable"

// Static answers with an embedded file. Under its hashed address it may be kept for good; an older address leads to the current one.
func Static(c Ctx) error {
	name, data, current, err := static.Open(c.Request().URL.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return model.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("static %q: %w", name, err)
	}
	if !current {
		return Redirect{Path: static.URL(name), Status: http.StatusFound}
	}
	h := c.Response().Header()
	h.Set("Cache-Control", Forever)
	h.Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	if packed := static.Gzip(name); packed != nil {
		h.Set("Vary", "Accept-Encoding")
		if strings.Contains(c.Request().Header.Get("Accept-Encoding"), "gzip") && c.Request().Header.Get("Range") == "" {
			h.Set("Content-Encoding", "gzip")
			data = packed
		}
	}
	http.ServeContent(c.Response(), c.Request(), "", time.Time{}, bytes.NewReader(data))
	return nil
}

// Favicon leads to the portal's sign, for browsers that ask at the fixed address.
func Favicon(Ctx) error {
	return Redirect{Path: static.URL("img/icon.svg"), Status: http.StatusFound}
}
