package web

import (
	"net/http"
	"slices"
	"strings"

	"congso/views/layout"
)

// displayCookie holds theme and size, each one of a few words, joined by a dot.
const displayCookie = "hien-thi"

// DisplaySettings say how a reader wants pages to look. The alias spares handlers the views.
type DisplaySettings = layout.Display

// ParseDisplay reads a cookie's or a form's values; anything unknown is the default.
func ParseDisplay(theme, size string) layout.Display {
	var d layout.Display
	if slices.Contains([]string{"light", "dark", "contrast"}, theme) {
		d.Theme = theme
	}
	if slices.Contains([]string{"large", "larger"}, size) {
		d.Size = size
	}
	return d
}

// Display is how the reader of c wants pages to look.
func Display(c Ctx) layout.Display { return DisplayOf(c.Request()) }

// DisplayOf is how the reader who sent r wants pages to look.
func DisplayOf(r *http.Request) layout.Display {
	if len(r.Header["Cookie"]) == 0 {
		return layout.Display{}
	}
	cookie, err := r.Cookie(displayCookie)
	if err != nil { // there is none
		return layout.Display{}
	}
	theme, size, _ := strings.Cut(cookie.Value, ".")
	return ParseDisplay(theme, size)
}

// AskDisplay makes r ask for pages that look like d.
func AskDisplay(r *http.Request, d layout.Display) {
	if d != (layout.Display{}) {
		r.AddCookie(&http.Cookie{Name: displayCookie, Value: d.Theme + "." + d.Size})
	}
}

// SetDisplay keeps d in the reader's browser for a year; the default is kept by no cookie.
func SetDisplay(c Ctx, d layout.Display, secure bool) {
	cookie := &http.Cookie{
		Name: displayCookie, Value: d.Theme + "." + d.Size, Path: "/", MaxAge: 365 * 24 * 3600,
		HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode,
	}
	if d == (layout.Display{}) {
		cookie.MaxAge = -1
	}
	c.SetCookie(cookie)
}
