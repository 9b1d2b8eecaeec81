package model

import "time"

// Session is a login that lasts. The zero Session is none.
type Session struct {
	Key       string // names the session in lists; it cannot be turned into the cookie
	User      User
	Complete  bool   // all is proved; until then the User may do nothing but prove the rest
	Data      string // what the pages keep in it
	Agent     string // the browser's name for itself, cut
	CreatedAt time.Time
	SeenAt    time.Time // to the minute
	ExpiresAt time.Time
}
