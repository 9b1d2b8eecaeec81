package layout

import (
	"time"

	"congso/store/model"
	"congso/views/i18n"
)

// Notice is a message that the next page shows.
type Notice struct {
	Message string
	Warning bool   // asks for attention
	Undo    string // local address to post to, to take back what was done; "" for none
}

// AdminPage is what every page behind the login needs besides its own data.
type AdminPage struct {
	Site      model.Site
	User      model.User // the zero User on the pages before the login
	Title     string
	Path      string // as requested, without the query
	Desks     []Link // that the user may open
	Crumbs    []Link // between the first page and this one
	Notices   []Notice
	Scripts   []string // in static/js beside admin.js, such as "editor.js"; ES modules
	Sheets    []string // in static/css beside site.css and admin.css
	Wide      bool     // the matter takes the whole width: boards, editors
	Demo      bool
	Display   Display
	Now       time.Time
	RequestID string
}

// T is the text of key, for parts shared with the public pages.
func (p AdminPage) T(key string, args ...any) string { return i18n.T(i18n.VI, key, args...) }

// FullTitle is the title of the window.
func (p AdminPage) FullTitle() string { return p.Title + " · Quản trị · " + p.Site.Name }
