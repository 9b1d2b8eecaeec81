package middleware

import (
	"bytes"
	"encoding/base64"
	"encoding/gob"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/gorilla/sessions"
	"github.com/labstack/echo/v4"

	"congso/handlers/web"
	"congso/store"
	"congso/store/model"
)

// Session notes who is logged in. Whoever is sees internal records and personal numbers on every page. A request without the cookie
// does not touch the database; a database that cannot be asked is an error, never a login page.
func Session(s *store.Store, secure bool) echo.MiddlewareFunc {
	keep := newSessionStore(s, secure)
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if path := c.Request().URL.Path; strings.HasPrefix(path, "/static/") || path == "/healthz" || path == "/readyz" {
				return next(c)
			}
			session, err := keep.Get(c.Request(), keep.name)
			if err != nil {
				return err
			}
			web.SetSession(c, session)
			if web.User(c).ID != 0 {
				web.SetViewer(c, model.Viewer{Internal: true, Staff: true})
			}
			return next(c)
		}
	}
}

// sessionStore keeps sessions in the database and their tokens in a cookie.
type sessionStore struct {
	store   *store.Store
	name    string
	options sessions.Options
}

var _ sessions.Store = (*sessionStore)(nil)

func newSessionStore(s *store.Store, secure bool) *sessionStore {
	return &sessionStore{store: s, name: web.CookieName(secure), options: sessions.Options{
		Path: "/", HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode, // no MaxAge: the cookie goes with the browser, the session by its own time
	}}
}

// Get returns the session of the request, read once.
func (k *sessionStore) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(k, name)
}

// New reads the session that the request's cookie names. Without one that is valid the session is new and empty; gorilla/sessions wants
// it beside an error too.
func (k *sessionStore) New(r *http.Request, name string) (*sessions.Session, error) {
	session := sessions.NewSession(k, name)
	options := k.options
	session.Options, session.IsNew = &options, true
	cookie, err := r.Cookie(name)
	if errors.Is(err, http.ErrNoCookie) {
		return session, nil
	}
	if err != nil {
		return session, fmt.Errorf("session cookie: %w", err)
	}
	record, err := k.store.Session(r.Context(), cookie.Value)
	if errors.Is(err, model.ErrNotFound) {
		return session, nil
	}
	if err != nil {
		return session, err
	}
	if err := decodeValues(record.Data, session.Values); err != nil {
		clear(session.Values) // of a program before this one: they are messages, a session without them is whole
	}
	session.ID, session.IsNew = cookie.Value, false
	session.Values[web.SessionRecord] = record
	return session, nil
}

// Save ends the session when its MaxAge is negative, begins a new one when a user was set, or keeps its values.
func (k *sessionStore) Save(r *http.Request, w http.ResponseWriter, session *sessions.Session) error {
	user, begins := session.Values[web.SessionUser].(int64)
	switch {
	case session.Options.MaxAge < 0:
		http.SetCookie(w, sessions.NewCookie(session.Name(), "", session.Options))
		return k.end(r, session)
	case begins:
		return k.begin(r, w, session, user)
	case session.ID == "":
		return nil
	}
	data, err := encodeValues(session.Values)
	if err != nil {
		return err
	}
	return k.store.SaveSession(r.Context(), session.ID, data)
}

func (k *sessionStore) end(r *http.Request, session *sessions.Session) error {
	if session.ID == "" {
		return nil
	}
	return k.store.EndSession(r.Context(), session.ID)
}

func (k *sessionStore) begin(r *http.Request, w http.ResponseWriter, session *sessions.Session, user int64) error {
	if err := k.end(r, session); err != nil {
		return err
	}
	complete, _ := session.Values[web.SessionComplete].(bool)
	clear(session.Values)
	token, err := k.store.StartSession(r.Context(), user, complete, r.UserAgent(), "")
	if err != nil {
		return err
	}
	record, err := k.store.Session(r.Context(), token)
	if err != nil {
		return err
	}
	session.ID, session.Values[web.SessionRecord] = token, record
	http.SetCookie(w, sessions.NewCookie(session.Name(), token, session.Options))
	return nil
}

// encodeValues is a session's values as text; what the database knows in columns of its own is left out.
func encodeValues(values map[any]any) (string, error) {
	kept := map[string]any{}
	for key, value := range values {
		if name, ok := key.(string); ok && name != web.SessionRecord {
			kept[name] = value
		}
	}
	if len(kept) == 0 {
		return "", nil
	}
	gob.Register(web.Notice{})
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(kept); err != nil {
		return "", fmt.Errorf("session values: %w", err)
	}
	return base64.StdEncoding.EncodeToString(b.Bytes()), nil
}

func decodeValues(text string, into map[any]any) error {
	if text == "" {
		return nil
	}
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return fmt.Errorf("session values: %w", err)
	}
	gob.Register(web.Notice{})
	kept := map[string]any{}
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&kept); err != nil {
		return fmt.Errorf("session values: %w", err)
	}
	for name, value := range kept {
		into[name] = value
	}
	return nil
}
