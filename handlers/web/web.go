// Package web holds what every handler needs: the request's context, rendering, paging, reading of queries.
package web

import (
	"bytes"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"congso/store/model"
	"congso/views/i18n"
)

// Ctx is a request under way. The alias spares most handlers the import.
type Ctx = echo.Context

// Handler answers a request, or says why not.
type Handler = echo.HandlerFunc

// Keys under which middleware leaves values in the request's context.
const (
	viewerKey = "viewer"
	hitKey    = "hit"
	causeKey  = "cause"
)

// SetViewer notes who asks.
func SetViewer(c Ctx, v model.Viewer) { c.Set(viewerKey, v) }

// Viewer is who asks; an outsider unless middleware said otherwise.
func Viewer(c Ctx) model.Viewer {
	v, _ := c.Get(viewerKey).(model.Viewer)
	return v
}

// CountHit marks the answer as a page view that the counters should count.
func CountHit(c Ctx) { c.Set(hitKey, true) }

// Counts reports whether CountHit was called.
func Counts(c Ctx) bool { return c.Get(hitKey) != nil }

// SetCause notes why the server failed to answer as it should, for the log.
func SetCause(c Ctx, err error) { c.Set(causeKey, err) }

// Cause is what SetCause noted, nil when nothing failed.
func Cause(c Ctx) error {
	err, _ := c.Get(causeKey).(error)
	return err
}

// Lang is the language of the request: the path alone says it.
func Lang(c Ctx) string {
	if path := c.Request().URL.Path; path == "/en" || strings.HasPrefix(path, "/en/") {
		return i18n.EN
	}
	return i18n.VI
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Render sends the page whole: a view that fails half-way becomes an error, not half a page.
func Render(c Ctx, status int, page templ.Component) error {
	buffer := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buffer)
	buffer.Reset()
	if err := page.Render(c.Request().Context(), buffer); err != nil {
		return err
	}
	header := c.Response().Header()
	header.Add("Vary", "Cookie") // the display settings
	if header.Get("Cache-Control") == "" {
		header.Set("Cache-Control", "no-cache")
	}
	body, tag := settle(buffer.Bytes())
	if Viewer(c) != (model.Viewer{}) {
		header.Set("Cache-Control", "no-store")
	} else if status == http.StatusOK {
		header.Set("ETag", tag)
	}
	return c.Blob(status, "text/html; charset=utf-8", body)
}

// Query is the cleaned value of a query parameter, at most limit characters of it.
func Query(c Ctx, name string, limit int) string {
	text := model.Clean(c.QueryParam(name))
	if runes := []rune(text); len(runes) > limit {
		text = strings.TrimSpace(string(runes[:limit]))
	}
	return text
}

// maxQuery is the longest value of a known parameter, in characters: what search reads.
const maxQuery = 200

// KnownQuery is what of the request's query the portal's pages read: each known parameter once, cleaned, without "?".
func KnownQuery(c Ctx) string {
	known := url.Values{}
	for name := range c.QueryParams() {
		if value := knownValue(name, Query(c, name, maxQuery)); model.PageParameter(name) && value != "" {
			known.Set(name, value)
		}
	}
	return known.Encode()
}

// knownValue is value when it is of the parameter's form: where one came from, tags and sections are slugs, years and pages numbers.
func knownValue(name, value string) string {
	switch name {
	case "the":
		return model.Slug(value)
	case "tu", "muc":
		if !model.ValidSlug(value) {
			return ""
		}
	case "nam", "trang":
		if strings.Trim(value, "0123456789") != "" {
			return ""
		}
	}
	return value
}

// maxPage keeps page numbers far from overflow: no list is that long.
const maxPage = 1_000_000

// PageNumber is the query's page from 1 on; anything that isn't one is 1, and anything huge a page beyond every list.
func PageNumber(c Ctx, name string) int {
	text := c.QueryParam(name)
	n, err := strconv.Atoi(text)
	switch {
	case err != nil && len(text) > 6 && strings.Trim(text, "0123456789") == "":
		return maxPage
	case err != nil || n < 1:
		return 1
	}
	return min(n, maxPage)
}

// LastPage is the number of pages that total items fill, at least 1.
func LastPage(total, size int) int { return max(1, (total+size-1)/size) }

// SeeOther sends the reader on with a GET.
func SeeOther(c Ctx, path string) error { return c.Redirect(http.StatusSeeOther, path) }

// ComeAgain says when to send the same request again, which cannot be answered now.
func ComeAgain(c Ctx) { c.Response().Header().Set("Retry-After", "10") }

// LocalPath is address, path and query, when it leads to a page of this site, else "/". It guards redirects against leading elsewhere.
func LocalPath(address string) string {
	u, err := url.Parse(address)
	if err != nil || !model.LocalPath(address) {
		return "/"
	}
	u.RawQuery = u.Query().Encode()
	return u.RequestURI()
}
