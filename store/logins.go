package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/alexedwards/argon2id"

	"congso/store/model"
)

// Logins that failed slow down those that follow. They are counted over loginWindow, in the database, so that all copies of the portal
// share the count.
const (
	loginWindow = 15 * time.Minute
	knownFor    = 90 * 24 * time.Hour // how long an address counts as the account's own after a login there
)

// brake is a limit on failed logins: after free of them each next one may come only wait, twice wait, … after the last, at most longest.
type brake struct {
	free          int
	wait, longest time.Duration
}

// Of one account from one address; of one address whatever the accounts; of one account whatever the addresses. The last two leave alone
// who logged in from that address before: the owner of an account that others guess at is not locked out. Even the first lets somebody
// in again after half a minute.
var (
	pairBrake    = brake{free: 3, wait: 2 * time.Second, longest: 30 * time.Second}
	addressBrake = brake{free: 20, wait: 2 * time.Second, longest: 60 * time.Second}
	accountBrake = brake{free: 20, wait: 2 * time.Second, longest: 15 * time.Second}
)

// until is when the next login may come after count failures, the last of them at that time.
func (b brake) until(count int, last time.Time) time.Time {
	if count <= b.free {
		return time.Time{}
	}
	wait := b.wait
	for i := b.free + 1; i < count && wait < b.longest; i++ {
		wait *= 2
	}
	return last.Add(min(wait, b.longest))
}

// Login returns the account with that name and password. address is the reader's; it is kept as a keyed hash only. The error is
// model.ErrCredentials when they do not fit, be it that there is no such account or that it is disabled, with the same work done;
// model.TooSoon when too many logins failed before; model.ErrUnavailable when too many log in at once. Whether a second factor is
// due the account says.
func (s *Store) Login(ctx context.Context, name, password, address string) (model.User, error) {
	u, err := s.prove(ctx, model.Clean(name), address, func(u model.User, hash string) (bool, error) {
		if hash == "" { // nobody's, or one without a password: as much work as a comparison
			_, err := argon2id.CreateHash(model.Password(password), hashParams())
			return false, err
		}
		match, err := argon2id.ComparePasswordAndHash(model.Password(password), hash)
		return match && !u.Disabled, err
	})
	if err != nil {
		return model.User{}, fmt.Errorf("login: %w", err)
	}
	return u, nil
}

// prove lets check compare what somebody gave with the hash of the account's password, braked by failures before, which it counts.
func (s *Store) prove(ctx context.Context, name, address string, check func(u model.User, hash string) (bool, error)) (model.User, error) {
	who, err := s.claimant(ctx, "account", name, address)
	if err != nil {
		return model.User{}, err
	}
	if err := s.tooSoon(ctx, s.read, who); err != nil {
		return model.User{}, err
	}
	done, err := s.turn(ctx)
	if err != nil {
		return model.User{}, err
	}
	defer done()
	if err := s.beginLogin(ctx, who); err != nil { // others failed while this one waited
		return model.User{}, err
	}
	u, hash, err := s.userWithHash(ctx, name)
	if err != nil {
		return model.User{}, err
	}
	match, err := check(u, hash)
	if err != nil {
		return model.User{}, err
	}
	if err := s.noteLogin(ctx, who, match); err != nil {
		return model.User{}, err
	}
	if !match {
		return model.User{}, model.ErrCredentials
	}
	return u, nil
}

// userWithHash is the account of that name with the hash of its password, the zero User when there is none.
func (s *Store) userWithHash(ctx context.Context, name string) (u model.User, hash string, err error) {
	u, err = oneUser(ctx, s.write, `u.name = $1`, name)
	if err == nil {
		hash, err = queryOne(ctx, s.write, value[string], `SELECT password_hash FROM users WHERE id = $1`, u.ID)
	}
	if errors.Is(err, model.ErrNotFound) {
		return model.User{}, "", nil
	}
	return u, hash, err
}

// claimant is who wants in, as keyed hashes: what is proved of which account, from where.
type claimant struct{ account, address string }

func (s *Store) claimant(ctx context.Context, proof, name, address string) (claimant, error) {
	key, err := s.secret(ctx, "login_key")
	if err != nil {
		return claimant{}, err
	}
	return claimant{account: saltedHash(key, proof+"\x00"+name).text(), address: saltedHash(key, "address\x00"+network(address)).text()}, nil
}

// network is the address of whoever has a line: of IPv6 the first 64 bits, since the rest is free to choose.
func network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	if a = a.Unmap(); a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}

// secret is the random key of that name in the settings, made at its first use; all copies of the portal share it.
func (s *Store) secret(ctx context.Context, name string) ([]byte, error) {
	kept, err := queryOne(ctx, s.read, value[string], `SELECT value FROM setting WHERE name = $1`, name)
	if errors.Is(err, model.ErrNotFound) {
		fresh := make([]byte, 32)
		if _, err := rand.Read(fresh); err != nil {
			return nil, err
		}
		if err := exec(ctx, s.write, `INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`, name, hex.EncodeToString(fresh)); err != nil {
			return nil, unavailable(err)
		}
		kept, err = queryOne(ctx, s.write, value[string], `SELECT value FROM setting WHERE name = $1`, name)
		if err != nil {
			return nil, err
		}
	} else if err != nil {
		return nil, err
	}
	return hex.DecodeString(kept)
}

// failures are logins that failed: how many, and when the last one did.
type failures struct {
	count int
	last  time.Time
}

func scanFailures(row scanner) (failures, error) {
	var f failures
	err := row.Scan(&f.count, moment{&f.last})
	return f, err
}

// beginLogin returns model.TooSoon while a brake holds. With PostgreSQL, where several copies of the program may try passwords at the same time,
// the login counts as one that failed from now on, until noteLogin says otherwise: else each copy would let some more through.
func (s *Store) beginLogin(ctx context.Context, who claimant) error {
	if !s.postgres {
		return s.tooSoon(ctx, s.read, who)
	}
	return s.tx(ctx, func(tx *sql.Tx) error {
		_, err := queryOne(ctx, tx, value[string], `SELECT name FROM setting WHERE name = 'login_key' FOR UPDATE`) // one after the other
		if err == nil {
			err = s.tooSoon(ctx, tx, who)
		}
		if err != nil {
			return err
		}
		return s.countFailure(ctx, tx, who)
	})
}

func (s *Store) countFailure(ctx context.Context, tx *sql.Tx, who claimant) error {
	return exec(ctx, tx, `INSERT INTO login_failure (account, address, at) VALUES ($1, $2, $3)`, who.account, who.address, unix(s.now()))
}

// tooSoon returns model.TooSoon while a brake holds.
func (s *Store) tooSoon(ctx context.Context, q querier, who claimant) error {
	since, ahead := unix(s.now().Add(-loginWindow)), unix(s.now().Add(clockSkew)) // a clock that was set back keeps nobody out
	known, err := queryOne(ctx, q, value[int], `SELECT count(*) FROM login_known WHERE account = $1 AND address = $2`, who.account, who.address)
	if err != nil {
		return err
	}
	var until time.Time
	for _, each := range []struct {
		brake
		skip  bool
		where string
		args  []any
	}{
		{pairBrake, false, `account = $3 AND address = $4`, []any{since, ahead, who.account, who.address}},
		{addressBrake, known > 0, `address = $3`, []any{since, ahead, who.address}},
		{accountBrake, known > 0, `account = $3`, []any{since, ahead, who.account}},
	} {
		if each.skip {
			continue
		}
		f, err := queryOne(ctx, q, scanFailures, `SELECT count(*), COALESCE(max(at), 0) FROM login_failure WHERE at > $1 AND at <= $2 AND `+each.where, each.args...)
		if err != nil {
			return err
		}
		if next := each.until(f.count, f.last); next.After(until) {
			until = next
		}
	}
	if wait := until.Sub(s.now()); wait > 0 {
		return model.TooSoon{Wait: wait}
	}
	return nil
}

// noteLogin counts a failure that beginLogin has not counted, or forgets those before a login that succeeded.
func (s *Store) noteLogin(ctx context.Context, who claimant, succeeded bool) error {
	if !succeeded && s.postgres {
		return nil
	}
	now := s.now()
	err := s.tx(ctx, func(tx *sql.Tx) error {
		if !succeeded {
			return s.countFailure(ctx, tx, who)
		}
		err := exec(ctx, tx, `INSERT INTO login_known (account, address, at) VALUES ($1, $2, $3)
			ON CONFLICT (account, address) DO UPDATE SET at = excluded.at`, who.account, who.address, unix(now))
		if err != nil {
			return err
		}
		return exec(ctx, tx, `DELETE FROM login_failure WHERE account = $1 AND address = $2`, who.account, who.address)
	})
	return unavailable(err)
}

// SweepLogins throws away sessions that have expired and failures that no longer count. After the clock was set back, sessions that nobody
// uses any more end as if their last request were now, and not when the clock comes by again.
func (s *Store) SweepLogins(ctx context.Context) error {
	now := s.now()
	for _, each := range []struct {
		query  string
		before time.Time
	}{
		{`DELETE FROM session WHERE expires_at <= $1`, now},
		{`DELETE FROM login_failure WHERE at <= $1`, now.Add(-loginWindow)},
		{`DELETE FROM login_failure WHERE at > $1`, now.Add(clockSkew)},
		{`DELETE FROM login_known WHERE at <= $1`, now.Add(-knownFor)},
	} {
		if err := exec(ctx, s.write, each.query, unix(each.before)); err != nil {
			return fmt.Errorf("sweep logins: %w", unavailable(err))
		}
	}
	err := exec(ctx, s.write, `UPDATE session SET created_at = CASE WHEN created_at > $1 THEN $1 ELSE created_at END, seen_at = $1,
		expires_at = CASE WHEN created_at + $2 < $3 THEN created_at + $2 ELSE $3 END WHERE seen_at > $4`,
		unix(now), int64(s.longest/time.Second), unix(now.Add(s.idle)), unix(now.Add(clockSkew)))
	if err != nil {
		return fmt.Errorf("sweep logins: %w", unavailable(err))
	}
	return nil
}
