package web

import (
	"errors"
	"fmt"

	"github.com/gorilla/sessions"

	"congso/store/model"
)

// CookieName is the name of the session's cookie. Under TLS its prefix makes browsers refuse one that another host or plain HTTP sets.
func CookieName(secure bool) string {
	if secure {
		return "__Host-congso"
	}
	return "congso"
}

// Keys of a session's values.
const (
	// SessionRecord is the key of the model.Session that the store knows, absent from a session that is still to begin.
	SessionRecord = "record"
	// SessionUser is the key of the id of the user, an int64, whose session is to begin.
	SessionUser = "user"
	// SessionComplete is the key of a bool: the user has proved all there is to prove.
	SessionComplete = "complete"
)

const sessionKey = "session"

// SetSession notes the session of the request.
func SetSession(c Ctx, s *sessions.Session) { c.Set(sessionKey, s) }

// Session is the session of the request; one that is still to begin when the request came without a valid cookie.
func Session(c Ctx) *sessions.Session {
	s, _ := c.Get(sessionKey).(*sessions.Session)
	return s
}

// Login is the model.Session of the request, the zero one when nobody is logged in.
func Login(c Ctx) model.Session {
	s := Session(c)
	if s == nil {
		return model.Session{}
	}
	record, _ := s.Values[SessionRecord].(model.Session)
	return record
}

// User is who is logged in, with all proved; the zero User is nobody.
func User(c Ctx) model.User {
	if login := Login(c); login.Complete {
		return login.User
	}
	return model.User{}
}

// StartSession begins a session of the user under a new id and ends the one that the request came with.
func StartSession(c Ctx, userID int64, complete bool) error {
	s := Session(c)
	clear(s.Values)
	s.Values[SessionUser], s.Values[SessionComplete] = userID, complete
	return s.Save(c.Request(), c.Response())
}

// EndSession ends the session that the request came with and takes its cookie back.
func EndSession(c Ctx) error {
	s := Session(c)
	s.Options.MaxAge = -1
	return s.Save(c.Request(), c.Response())
}

// What awaits being shown in a session: the newest messages, each cut.
const (
	maxNotices = 20
	maxNotice  = 2000 // characters
)

// Flash keeps a message for the next admin page that this session opens. It is lost for whoever has no session.
func Flash(c Ctx, message string) error { return flash(c, Notice{Message: message}) }

// FlashWarning is Flash for what asks for attention.
func FlashWarning(c Ctx, message string) error {
	return flash(c, Notice{Message: message, Warning: true})
}

// FlashUndo is Flash with a button that posts to a local address, to take back what was done.
func FlashUndo(c Ctx, message, undo string) error {
	return flash(c, Notice{Message: message, Undo: undo})
}

func flash(c Ctx, f Notice) error {
	if Login(c).Key == "" {
		return nil
	}
	if message := []rune(f.Message); len(message) > maxNotice {
		f.Message = string(message[:maxNotice-1]) + "…"
	}
	kept := Session(c).Flashes()
	for _, old := range append(kept[max(0, len(kept)-(maxNotices-1)):], f) {
		Session(c).AddFlash(old)
	}
	return told(c)
}

// told writes down what awaits being shown. On a full disk it is lost, or shown once more: what it tells of has been done or not already.
func told(c Ctx) error {
	if err := Session(c).Save(c.Request(), c.Response()); err != nil && !errors.Is(err, model.ErrDiskFull) {
		return fmt.Errorf("what a session is to show: %w", err)
	}
	return nil
}

// Flashes takes the messages that await being shown.
func Flashes(c Ctx) ([]Notice, error) {
	if Login(c).Key == "" {
		return nil, nil
	}
	var list []Notice
	for _, f := range Session(c).Flashes() {
		if f, ok := f.(Notice); ok {
			list = append(list, f)
		}
	}
	if list == nil {
		return nil, nil
	}
	return list, told(c)
}

// Keep leaves a text for the next page of this session that takes it. It is lost for whoever has no session.
func Keep(c Ctx, name, text string) error {
	if Login(c).Key == "" {
		return nil
	}
	Session(c).Values[keptPrefix+name] = text
	return told(c)
}

// Take returns the text that was kept under the name, "" when there is none, and forgets it.
func Take(c Ctx, name string) (string, error) {
	if Login(c).Key == "" {
		return "", nil
	}
	text, _ := Session(c).Values[keptPrefix+name].(string)
	if text == "" {
		return "", nil
	}
	delete(Session(c).Values, keptPrefix+name)
	return text, told(c)
}

// keptPrefix tells kept texts from the session's own values.
const keptPrefix = "kept."
