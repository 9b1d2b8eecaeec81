// Package admin answers for the pages behind the login: one file per desk, all addresses in routes.go.
package admin

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"congso/content"
	"congso/handlers/web"
	"congso/store"
	"congso/store/model"
	"congso/views/adminpage"
)

// Admin has what the admin pages need.
type Admin struct {
	Store   *store.Store
	Content *content.Library
	Hits    *store.HitBuffer
	Log     *slog.Logger
	Base    string // scheme and host of absolute links
	Secure  bool   // cookies go over TLS only
	Demo    bool

	Accounts []DemoAccount  // of a demo: the login page names them
	Render   model.Renderer // for previews

	// Answers reports whether the site has something at a path.
	Answers func(ctx context.Context, path string) (bool, error)
	// Guard looks for planted links with the words and hosts that hold now.
	Guard func(ctx context.Context) (*content.Guard, error)
	// PreviewNews answers with the page that readers of the item would get, marked as a preview.
	PreviewNews func(web.Ctx, model.News) error
	// PreviewMeeting does that for a meeting.
	PreviewMeeting func(web.Ctx, model.Meeting) error
}

// DemoAccount is an account of the sample data, with what everybody may know of it.
type DemoAccount = adminpage.DemoAccount

// page is the frame of the page that c asks for. It takes the messages that await being shown.
func (a *Admin) page(c web.Ctx, title string, crumbs ...web.Link) (web.AdminPage, error) {
	p := web.AdminPage{
		User: web.User(c), Title: title, Path: c.Request().URL.Path, Crumbs: crumbs, Demo: a.Demo, Display: web.Display(c),
		Now: a.Store.Now(), RequestID: c.Response().Header().Get("X-Request-Id"),
	}
	p.Desks = a.desks(p.User, p.Path)
	var err error
	if p.Site, err = a.Store.Site(c.Request().Context()); err != nil {
		return p, err
	}
	p.Notices, err = web.Flashes(c)
	return p, err
}

// Fault answers with the page for an error status to somebody who is logged in. What could not be written, be it that there is no room or
// that the database does not answer, stands on the page, to be sent again.
func (a *Admin) Fault(c web.Ctx, status int) error {
	private(c)
	p, _ := a.page(c, adminpage.FaultTitle(status)) // without a database the frame is bare
	if kept := unwritten(c, status); len(kept) > 0 {
		return web.Render(c, status, adminpage.Unwritten(p, status, c.Request().URL.RequestURI(), kept))
	}
	return web.Render(c, status, adminpage.Fault(p, status))
}

// private sets the headers of what only a user may see.
func private(c web.Ctx) {
	h := c.Response().Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Robots-Tag", "noindex")
}

// id is the number in the address, model.ErrNotFound when it is none.
func id(c web.Ctx) (int64, error) {
	n, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil || n <= 0 {
		return 0, model.ErrNotFound
	}
	return n, nil
}

// saved answers a write that was done: a message, and on to the page at path.
func saved(c web.Ctx, path, message string) error {
	if err := web.Flash(c, message); err != nil {
		return err
	}
	return web.SeeOther(c, path)
}

// warned answers a write that was not done: why, and back to the page at path.
func warned(c web.Ctx, path, message string) error {
	if err := web.FlashWarning(c, message); err != nil {
		return err
	}
	return web.SeeOther(c, path)
}

// refused is the status of a form that must be corrected.
const refused = http.StatusUnprocessableEntity

// within reports whether path is the page at root or one below it.
func within(path, root string) bool {
	rest, ok := strings.CutPrefix(path, root)
	return ok && (rest == "" || rest[0] == '/')
}
