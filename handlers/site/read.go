package site

import (
	"congso/handlers/web"
	"congso/store"
)

// read asks in one snapshot of the records for all that an answer shows, so that what changes on the way is in it whole or not at all. The
// answer is sent afterwards: a slow reader must not hold a connection. Only the frame is apart, up to a second older: what a page says of its own
// records does not hang on it. Readers without a login may be answered by a replica; then ask may run twice.
func read[T any](c web.Ctx, s *Site, ask func(r *store.Reader) (T, error)) (found T, err error) {
	snapshot := s.Store.PublicSnapshot
	if web.User(c).ID != 0 {
		snapshot = s.Store.Snapshot
	}
	err = snapshot(c.Request().Context(), func(r *store.Reader) (err error) {
		found, err = ask(r)
		return err
	})
	return found, err
}
