package site

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"congso/handlers/web"
	"congso/store"
	"congso/store/model"
)

// mostRanges is of how many parts an answer may be made: each may be a question of its own to the place where the files are. Whoever asks
// for more gets the whole file, as RFC 9110, 14.2 allows.
const mostRanges = 20

// media answers with an uploaded file: a picture in one of its sizes, or an attachment under its name.
func (s *Site) media(c web.Ctx) error {
	v := web.Viewer(c)
	if asked := c.Request().Header; strings.Count(asked.Get("Range"), ",") >= mostRanges {
		asked.Del("Range")
	}
	m, err := s.Store.MediaPublic(c.Request().Context(), v, c.Param("hash"))
	if err != nil {
		return err
	}
	variant, err := mediaVariant(m, c.Param("file"))
	if err != nil {
		return err
	}
	file, err := s.openNearest(c.Request(), m, variant)
	if err != nil {
		return err
	}
	defer file.Close()
	h := c.Response().Header()
	h.Set("Cache-Control", web.Forever)
	if v != (model.Viewer{}) || file.instead {
		h.Set("Cache-Control", "no-store")
	}
	h.Set("Content-Type", m.MIME)
	if !file.instead {
		h.Set("ETag", `"`+m.Hash[:16]+variant+`"`)
	}
	if !m.IsPicture() {
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": m.Name}))
	}
	http.ServeContent(c.Response(), c.Request(), "", time.Time{}, file)
	if failed := file.failed.Load(); failed != nil {
		return fmt.Errorf("%w: %w", model.ErrFilesAway, *failed) // for the log: the reader sees that the answer was cut short
	}
	return nil
}

// nearest is an open file of the library; instead says that it stands in for the size that was asked for.
type nearest struct {
	store.MediaFile
	instead bool
	failed  atomic.Pointer[error] // of reading it
}

// Read is io.Reader's.
func (n *nearest) Read(p []byte) (int, error) {
	read, err := n.MediaFile.Read(p)
	if err != nil && err != io.EOF {
		n.failed.Store(&err)
	}
	return read, err
}

// openNearest opens a file in the size that is asked for or, of a picture of which that is lost, in the largest that is there.
func (s *Site) openNearest(r *http.Request, m model.Media, variant string) (*nearest, error) {
	file, lost := s.Store.OpenMedia(r.Context(), m, variant, wantsWhole(r))
	if lost == nil {
		return &nearest{MediaFile: file}, nil
	}
	others := []string{""}
	for _, w := range slices.Backward(model.Widths()) {
		others = append(others, strconv.Itoa(w))
	}
	for _, other := range others {
		if !m.IsPicture() || !errors.Is(lost, model.ErrNotFound) {
			break
		}
		if file, err := s.Store.OpenMedia(r.Context(), m, other, wantsWhole(r)); err == nil {
			return &nearest{MediaFile: file, instead: true}, nil
		}
	}
	return nil, lost
}

// wantsWhole reports whether all of a file is likely to be the answer.
func wantsWhole(r *http.Request) bool {
	return r.Method == http.MethodGet && r.Header["Range"] == nil && r.Header["If-None-Match"] == nil
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
	if web.Viewer(c) != (model.Viewer{}) { // it may belong to an internal article
		h.Set("Cache-Control", "no-store")
	}
	h.Set("Content-Type", asset.Type)
	http.ServeContent(c.Response(), c.Request(), "", asset.Modified, asset)
	return nil
}
