package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"congso/store/model"
)

// seenEvery is how exactly a session's last request is known: writing each one down would be a write per page.
const seenEvery = time.Minute

// proveWithin is how long whoever gave the password has for the rest: the code of a second factor, or setting one up.
const proveWithin = 30 * time.Minute

// maxAgent is how much of a browser's name for itself is kept, in bytes.
const maxAgent = 300

const sessionColumns = `s.id_hash, s.complete, s.data, s.agent, s.created_at, s.seen_at, s.expires_at`

func scanSession(row scanner) (model.Session, error) {
	var n model.Session
	dest := []any{&n.Key, &n.Complete, &n.Data, &n.Agent, moment{&n.CreatedAt}, moment{&n.SeenAt}, moment{&n.ExpiresAt}}
	err := row.Scan(append(dest, userDest(&n.User)...)...)
	return n, err
}

// sessionKey is what the database knows of a token: whoever reads it cannot log in with it.
func sessionKey(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// expiry is when a session that began then, and had a request now, ends unless there is another one.
func (s *Store) expiry(began, now time.Time) time.Time {
	idle, last := now.Add(s.idle), began.Add(s.longest)
	if last.Before(idle) {
		return last
	}
	return idle
}

// StartSession begins a session of the user and returns its token, 32 random bytes as text, which is kept nowhere. complete says that all
// is proved.
func (s *Store) StartSession(ctx context.Context, userID int64, complete bool, agent, data string) (token string, err error) {
	random := make([]byte, 32)
	if _, err := rand.Read(random); err != nil {
		return "", fmt.Errorf("session: %w", err)
	}
	token = base64.RawURLEncoding.EncodeToString(random)
	agent = model.Clean(strings.ToValidUTF8(agent[:min(len(agent), maxAgent)], ""))
	now := s.now()
	err = exec(ctx, s.write, `INSERT INTO session (id_hash, user_id, complete, data, agent, created_at, seen_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, sessionKey(token), userID, complete, data, agent, unix(now), unix(now), unix(s.expiry(now, now)))
	if err != nil {
		return "", fmt.Errorf("session: %w", unavailable(err))
	}
	return token, nil
}

// Session returns the session of that token and puts its end off, or model.ErrNotFound when there is none, when it has ended, or when its
// user is disabled.
func (s *Store) Session(ctx context.Context, token string) (model.Session, error) {
	now := s.now()
	n, err := queryOne(ctx, s.read, scanSession, `SELECT `+sessionColumns+`, `+userColumns+` FROM session s JOIN users u ON u.id = s.user_id
		WHERE s.id_hash = $1 AND s.expires_at > $2 AND s.created_at > $3 AND (s.complete OR s.created_at > $4) AND NOT u.disabled`,
		sessionKey(token), unix(now), unix(now.Add(-s.longest)), unix(now.Add(-proveWithin)))
	if err == nil {
		n.User.Sections, err = userSections(ctx, s.read, n.User.ID)
	}
	if err != nil {
		return model.Session{}, fmt.Errorf("session: %w", err)
	}
	if since := now.Sub(n.SeenAt); since < seenEvery && since >= -clockSkew {
		return n, nil
	}
	if n.CreatedAt.After(now) { // the clock was set back: the session must not last longer for it
		n.CreatedAt = now
	}
	n.SeenAt, n.ExpiresAt = now, s.expiry(n.CreatedAt, now)
	err = exec(ctx, s.write, `UPDATE session SET created_at = $1, seen_at = $2, expires_at = $3 WHERE id_hash = $4`,
		unix(n.CreatedAt), unix(n.SeenAt), unix(n.ExpiresAt), n.Key)
	if errors.Is(err, model.ErrDiskFull) { // who is logged in may go on reading, and save once there is room again
		s.log.Warn("a session's last request is not written down", "error", err)
		return n, nil
	}
	if err != nil {
		return model.Session{}, fmt.Errorf("session: %w", unavailable(err))
	}
	return n, nil
}

// SaveSession keeps data in the session of that token, if it has not ended.
func (s *Store) SaveSession(ctx context.Context, token, data string) error {
	if err := exec(ctx, s.write, `UPDATE session SET data = $1 WHERE id_hash = $2`, data, sessionKey(token)); err != nil {
		return fmt.Errorf("session: %w", unavailable(err))
	}
	return nil
}

// EndSession ends the session of that token.
func (s *Store) EndSession(ctx context.Context, token string) error {
	if err := exec(ctx, s.write, `DELETE FROM session WHERE id_hash = $1`, sessionKey(token)); err != nil {
		return fmt.Errorf("session: %w", unavailable(err))
	}
	return nil
}

// Sessions returns the user's sessions that have not ended, the one with the latest request first.
func (s *Store) Sessions(ctx context.Context, userID int64) ([]model.Session, error) {
	list, err := queryAll(ctx, s.read, scanSession, `SELECT `+sessionColumns+`, `+userColumns+` FROM session s JOIN users u ON u.id = s.user_id
		WHERE s.user_id = $1 AND s.expires_at > $2 ORDER BY s.seen_at DESC, s.created_at DESC, s.id_hash`, userID, unix(s.now()))
	if err != nil {
		return nil, fmt.Errorf("sessions of user %d: %w", userID, err)
	}
	return list, nil
}

// EndUserSession ends the user's session of that key (see model.Session), if it is still there.
func (s *Store) EndUserSession(ctx context.Context, userID int64, key string) error {
	if err := exec(ctx, s.write, `DELETE FROM session WHERE user_id = $1 AND id_hash = $2`, userID, key); err != nil {
		return fmt.Errorf("session of user %d: %w", userID, unavailable(err))
	}
	return nil
}

// EndSessions ends the user's sessions but the one of the token keep ("" for all of them).
func (s *Store) EndSessions(ctx context.Context, userID int64, keep string) error {
	err := s.tx(ctx, func(tx *sql.Tx) error { return endSessions(ctx, tx, userID, keep) })
	if err != nil {
		return fmt.Errorf("sessions of user %d: %w", userID, unavailable(err))
	}
	return nil
}

func endSessions(ctx context.Context, tx *sql.Tx, userID int64, keep string) error {
	return exec(ctx, tx, `DELETE FROM session WHERE user_id = $1 AND id_hash <> $2`, userID, sessionKey(keep))
}
