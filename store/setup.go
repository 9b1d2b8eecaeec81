package store

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"congso/store/model"
)

// setupFor is how long a link for the first account is good.
const setupFor = 30 * time.Minute

// NewSetup makes the code of a link by which the first account can be made, good once and for half an hour; a code from before is good no
// more. The error is model.ErrConflict when there is an account already.
func (s *Store) NewSetup(ctx context.Context) (code string, err error) {
	code = rand.Text()
	text := sessionKey(code) + " " + strconv.FormatInt(unix(s.now().Add(setupFor)), 10)
	err = s.tx(ctx, func(tx *sql.Tx) error {
		if err := noUsers(ctx, tx); err != nil {
			return err
		}
		return exec(ctx, tx, `INSERT INTO setting (name, value) VALUES ('setup', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, text)
	})
	if err != nil {
		return "", fmt.Errorf("set-up link: %w", unavailable(err))
	}
	return code, nil
}

func noUsers(ctx context.Context, q querier) error {
	n, err := queryOne(ctx, q, value[int], `SELECT count(*) FROM users`)
	if err == nil && n > 0 {
		err = model.ErrConflict
	}
	return err
}

// CheckSetup returns model.ErrNotFound unless the code is one by which the first account can be made now.
func (s *Store) CheckSetup(ctx context.Context, code string) error {
	if err := s.checkSetup(ctx, s.read, code); err != nil {
		return fmt.Errorf("set-up link: %w", err)
	}
	return nil
}

func (s *Store) checkSetup(ctx context.Context, q querier, code string) error {
	if err := noUsers(ctx, q); errors.Is(err, model.ErrConflict) {
		return model.ErrNotFound
	} else if err != nil {
		return err
	}
	text, err := queryOne(ctx, q, value[string], `SELECT value FROM setting WHERE name = 'setup'`)
	if err != nil {
		return err
	}
	hash, until, _ := strings.Cut(text, " ")
	seconds, err := strconv.ParseInt(until, 10, 64)
	if err != nil {
		return err
	}
	if subtle.ConstantTimeCompare([]byte(hash), []byte(sessionKey(code))) == 0 || seconds <= unix(s.now()) || seconds > unix(s.now().Add(setupFor+clockSkew)) {
		return model.ErrNotFound
	}
	return nil
}

// SetUp makes the first account, an administrator's, by the code of a link. The error is model.ErrNotFound when the code is not good,
// model.Invalid when a rule of accounts or passwords is broken; the code stays good then.
func (s *Store) SetUp(ctx context.Context, code string, u *model.User, password string) error {
	u.ID, u.Role, u.Disabled = 0, model.RoleAdmin, false
	if err := model.Faults(u.Validate(), model.CheckPassword(*u, password)); err != nil {
		return fmt.Errorf("set-up: %w", err)
	}
	if err := s.CheckSetup(ctx, code); err != nil {
		return err
	}
	hash, err := s.hashPassword(ctx, password)
	if err != nil {
		return fmt.Errorf("set-up: %w", err)
	}
	next := *u
	err = s.change(ctx, func(tx *sql.Tx) error {
		if err := s.checkSetup(ctx, tx, code); err != nil {
			return err
		}
		if err := s.putUser(ctx, tx, model.Actor{Name: "setup"}, &next); err != nil {
			return err
		}
		if err := exec(ctx, tx, `UPDATE users SET password_hash = $1 WHERE id = $2`, hash, next.ID); err != nil {
			return err
		}
		return exec(ctx, tx, `DELETE FROM setting WHERE name = 'setup'`)
	})
	if err != nil {
		return fmt.Errorf("set-up: %w", unavailable(err))
	}
	*u = next
	return nil
}
