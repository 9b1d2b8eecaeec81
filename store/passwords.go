package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/alexedwards/argon2id"

	"congso/store/model"
)

// hashesAtOnce is how many passwords are hashed at the same time: each takes the memory of argon2Memory.
const hashesAtOnce = 2

// hashWithin is how long a password waits for its turn.
const hashWithin = 10 * time.Second

// hashParams are fixed, since the library's own follow the number of processors: 46 MiB, one pass, one lane, as the OWASP password storage
// cheat sheet has them.
func hashParams() *argon2id.Params {
	return &argon2id.Params{Memory: 46 << 10, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}
}

// turn waits until a password may be hashed. Whoever has had a turn gives it back by calling done.
func (s *Store) turn(ctx context.Context) (done func(), err error) {
	timer := time.NewTimer(hashWithin)
	defer timer.Stop()
	select {
	case s.hashing <- struct{}{}:
		return func() { <-s.hashing }, nil
	case <-timer.C:
		return nil, fmt.Errorf("%w: too many logins at once", model.ErrUnavailable)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (s *Store) hashPassword(ctx context.Context, password string) (string, error) {
	done, err := s.turn(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	return argon2id.CreateHash(model.Password(password), hashParams())
}

// SetPassword gives the account a password that its owner chose, and ends its sessions but the one of the token keep ("" for all of them).
// The error is model.Invalid when the password is too weak (see model.CheckPassword), model.ErrNotFound when there is no such account.
func (s *Store) SetPassword(ctx context.Context, by model.Actor, id int64, password, keep string) error {
	return s.setPassword(ctx, by, id, password, keep, false)
}

// ResetPassword gives the account a password by chance, which it returns, and ends all its sessions. Whoever logs in with it must choose
// another one first. The error is model.ErrNotFound when there is no such account.
func (s *Store) ResetPassword(ctx context.Context, by model.Actor, id int64) (temporary string, err error) {
	temporary = strings.ToLower(rand.Text()[:16])
	temporary = temporary[:4] + "-" + temporary[4:8] + "-" + temporary[8:12] + "-" + temporary[12:]
	return temporary, s.setPassword(ctx, by, id, temporary, "", true)
}

func (s *Store) setPassword(ctx context.Context, by model.Actor, id int64, password, keep string, temporary bool) error {
	u, err := s.UserByID(ctx, id)
	if err != nil {
		return err
	}
	if err := model.CheckPassword(u, password); err != nil {
		return fmt.Errorf("password of %q: %w", u.Name, err)
	}
	hash, err := s.hashPassword(ctx, password)
	if err != nil {
		return fmt.Errorf("password of %q: %w", u.Name, err)
	}
	err = s.change(ctx, func(tx *sql.Tx) error {
		err := exec(ctx, tx, `UPDATE users SET password_hash = $1, must_change = $2, updated_at = $3 WHERE id = $4`, hash, temporary, unix(s.now()), id)
		if err == nil {
			err = endSessions(ctx, tx, id, keep)
		}
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, by, "update", model.KindUser, id, []string{"password"})
	})
	if err != nil {
		return fmt.Errorf("password of %q: %w", u.Name, unavailable(err))
	}
	return nil
}

// CheckOwnPassword returns model.ErrCredentials unless that is the account's password. It is for somebody who is logged in; guesses are
// slowed as those of a login are.
func (s *Store) CheckOwnPassword(ctx context.Context, u model.User, password, address string) error {
	_, err := s.Login(ctx, u.Name, password, address)
	return err
}
