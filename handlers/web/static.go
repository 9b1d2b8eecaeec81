package web

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strconv"
	"time"

	"congso/static"
	"congso/store/model"
)

// Forever is the Cache-Control of what never changes under its address.
const Forever = "public, max-age=31536000, immutable"

// Static answers with an embedded file. Under its hashed address it may be kept for good; an older address leads to the current one.
func Static(c Ctx) error {
	f, current, err := static.Open(c.Request().URL.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return model.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("static %q: %w", c.Request().URL.Path, err)
	}
	if !current {
		return Redirect{Path: f.URL(), Status: http.StatusFound}
	}
	h := c.Response().Header()
	h.Set("Cache-Control", Forever)
	h.Set("Content-Type", f.Type)
	data, etag := f.Data, f.Hash
	if coding, packed := PackedFile(c.Request(), f); packed != nil {
		data, etag = packed, f.Hash+"-"+coding
		h.Set("Content-Encoding", coding)
		h.Set("Content-Length", strconv.Itoa(len(data))) // ServeContent leaves it out of coded answers
	}
	if f.Coded("gzip") != nil {
		h.Set("Vary", "Accept-Encoding")
	}
	h.Set("ETag", `"`+etag+`"`)
	http.ServeContent(c.Response(), c.Request(), "", time.Time{}, bytes.NewReader(data))
	return nil
}

// PackedFile is the file in the coding that the reader likes best; nil for as it is. Parts are given of the file as it is only: each
// coding has an ETag of its own, so that a part is never put to the rest of another.
func PackedFile(r *http.Request, f *static.File) (coding string, data []byte) {
	if r.Header.Get("Range") != "" {
		return "", nil
	}
	coding = Coding(r.Header.Values("Accept-Encoding"), static.Codings()...)
	return coding, f.Coded(coding)
}

// Favicon leads to the portal's sign, for browsers that ask at the fixed address.
func Favicon(Ctx) error {
	return Redirect{Path: static.URL("img/icon.svg"), Status: http.StatusFound}
}
