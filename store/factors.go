package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"congso/store/model"
)

// Time-based codes as RFC 6238 and all apps have them: six digits, 30 seconds, SHA-1.
const (
	factorPeriod = 30
	factorSkew   = 1 // steps that a phone's clock may be off, either way
)

// recoveryCodes is how many codes stand in for a lost phone, each once.
const recoveryCodes = 10

// factorStep is the step, later than after, whose code for the secret that is; 0 when there is none.
func (s *Store) factorStep(secret, code string, after int64) (int64, error) {
	now := s.now().Unix() / factorPeriod
	for step := now - factorSkew; step <= now+factorSkew; step++ {
		match, err := hotp.ValidateCustom(code, uint64(step), secret, hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err != nil && !errors.Is(err, otp.ErrValidateInputInvalidLength) {
			return 0, fmt.Errorf("second factor: %w", err)
		}
		if match && step > after {
			return step, nil
		}
	}
	return 0, nil
}

// SetFactor gives the account the second factor of that secret (base32), if code is one that it makes now, and ends its sessions but the
// one of the token keep. It returns new recovery codes, which are kept as hashes only. The error is model.Invalid when the code is not.
func (s *Store) SetFactor(ctx context.Context, u model.User, secret, code, keep string) (recovery []string, err error) {
	step, err := s.factorStep(secret, bareCode(code), 0)
	if err != nil {
		return nil, err
	}
	if step == 0 {
		return nil, model.Invalid{"code": "Mã không đúng. Xin kiểm tra giờ trên điện thoại rồi nhập mã mới nhất."}
	}
	err = s.change(ctx, func(tx *sql.Tx) error {
		err := exec(ctx, tx, `UPDATE users SET totp_secret = $1, totp_step = $2, updated_at = $3 WHERE id = $4`, secret, step, unix(s.now()), u.ID)
		if err == nil {
			err = endSessions(ctx, tx, u.ID, keep)
		}
		if err == nil {
			recovery, err = s.putRecoveryCodes(ctx, tx, u.ID)
		}
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, u.Actor(), "update", model.KindUser, u.ID, []string{"factor"})
	})
	if err != nil {
		return nil, fmt.Errorf("second factor of %q: %w", u.Name, unavailable(err))
	}
	return recovery, nil
}

// NewRecoveryCodes replaces the account's recovery codes and returns them.
func (s *Store) NewRecoveryCodes(ctx context.Context, u model.User) (recovery []string, err error) {
	err = s.change(ctx, func(tx *sql.Tx) error {
		if recovery, err = s.putRecoveryCodes(ctx, tx, u.ID); err != nil {
			return err
		}
		return s.audit(ctx, tx, u.Actor(), "update", model.KindUser, u.ID, []string{"recovery_codes"})
	})
	if err != nil {
		return nil, fmt.Errorf("recovery codes of %q: %w", u.Name, unavailable(err))
	}
	return recovery, nil
}

func (s *Store) putRecoveryCodes(ctx context.Context, tx *sql.Tx, userID int64) ([]string, error) {
	if err := exec(ctx, tx, `DELETE FROM recovery_code WHERE user_id = $1`, userID); err != nil {
		return nil, err
	}
	codes := make([]string, recoveryCodes)
	for i := range codes {
		text := strings.ToLower(rand.Text()[:12]) // 60 bits: a plain hash is enough
		codes[i] = text[:4] + "-" + text[4:8] + "-" + text[8:]
	}
	return codes, insertRows(ctx, tx, `INSERT INTO recovery_code (user_id, code_hash) VALUES ($1, $2)`, len(codes), func(i int) []any {
		return []any{userID, recoveryHash(codes[i])}
	})
}

// bareCode is a code as typed without what people put between its parts.
func bareCode(code string) string {
	return strings.NewReplacer(" ", "", "-", "", ".", "").Replace(strings.ToLower(model.Clean(code)))
}

func recoveryHash(code string) string { return sessionKey("recovery\x00" + bareCode(code)) }

// RecoveryCodesLeft is how many of the account's recovery codes have not been used.
func (s *Store) RecoveryCodesLeft(ctx context.Context, userID int64) (int, error) {
	n, err := queryOne(ctx, s.read, value[int], `SELECT count(*) FROM recovery_code WHERE user_id = $1 AND used_at = 0`, userID)
	if err != nil {
		return 0, fmt.Errorf("recovery codes of user %d: %w", userID, err)
	}
	return n, nil
}

// CheckFactor takes a code of the account's second factor, or one of its recovery codes; neither is taken twice. The error is
// model.ErrCredentials for any other code, model.TooSoon after too many of them.
func (s *Store) CheckFactor(ctx context.Context, u model.User, code, address string) error {
	who, err := s.claimant(ctx, "factor", u.Name, address)
	if err == nil {
		err = s.beginLogin(ctx, who)
	}
	if err != nil {
		return fmt.Errorf("second factor: %w", err)
	}
	taken, err := s.takeCode(ctx, u, bareCode(code))
	if err == nil {
		err = s.noteLogin(ctx, who, taken)
	}
	if err == nil && !taken {
		err = model.ErrCredentials
	}
	if err != nil {
		return fmt.Errorf("second factor: %w", err)
	}
	return nil
}

// takeCode reports whether the code was good, and makes it good no more.
func (s *Store) takeCode(ctx context.Context, u model.User, code string) (taken bool, err error) {
	err = s.change(ctx, func(tx *sql.Tx) error {
		if len(code) != otp.DigitsSix.Length() {
			if taken, err = one(tx.ExecContext(ctx, `UPDATE recovery_code SET used_at = $1 WHERE user_id = $2 AND code_hash = $3 AND used_at = 0`,
				unix(s.now()), u.ID, recoveryHash(code))); err != nil || !taken {
				return err
			}
			return s.audit(ctx, tx, u.Actor(), "update", model.KindUser, u.ID, []string{"recovery_code"})
		}
		secret, err := queryOne(ctx, tx, value[string], `SELECT totp_secret FROM users WHERE id = $1`, u.ID)
		if err != nil || secret == "" {
			return err
		}
		last, err := queryOne(ctx, tx, value[int64], `SELECT totp_step FROM users WHERE id = $1`, u.ID)
		if err != nil {
			return err
		}
		step, err := s.factorStep(secret, code, last)
		if err != nil || step == 0 {
			return err
		}
		taken = true
		return exec(ctx, tx, `UPDATE users SET totp_step = $1 WHERE id = $2`, step, u.ID)
	})
	return taken, unavailable(err)
}

// one reports whether a statement changed a row.
func one(result sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

// ResetFactor takes the account's second factor and recovery codes away and ends its sessions but the one of the token keep. It is for
// whoever lost the phone. The error is model.ErrNotFound when there is no such account.
func (s *Store) ResetFactor(ctx context.Context, by model.Actor, id int64, keep string) error {
	err := s.change(ctx, func(tx *sql.Tx) error {
		if _, err := oneUser(ctx, tx, `u.id = $1`, id); err != nil {
			return err
		}
		for _, query := range []string{`UPDATE users SET totp_secret = '', totp_step = 0 WHERE id = $1`, `DELETE FROM recovery_code WHERE user_id = $1`} {
			if err := exec(ctx, tx, query, id); err != nil {
				return err
			}
		}
		if err := endSessions(ctx, tx, id, keep); err != nil {
			return err
		}
		return s.audit(ctx, tx, by, "update", model.KindUser, id, []string{"factor"})
	})
	if err != nil {
		return fmt.Errorf("second factor of user %d: %w", id, unavailable(err))
	}
	return nil
}

// FactorRoles are the roles that must have a second factor: editors and admins unless SetFactorRoles said otherwise.
func (s *Store) FactorRoles(ctx context.Context) ([]model.Role, error) {
	roles, err := factorRoles(ctx, s.read)
	if err != nil {
		return nil, fmt.Errorf("roles with a second factor: %w", err)
	}
	return roles, nil
}

func factorRoles(ctx context.Context, q querier) (roles []model.Role, err error) {
	text, err := queryOne(ctx, q, value[string], `SELECT value FROM setting WHERE name = 'two_factor_roles'`)
	if errors.Is(err, model.ErrNotFound) {
		return []model.Role{model.RoleEditor, model.RoleAdmin}, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(text), &roles)
	}
	return roles, err
}

// SetFactorRoles says which roles must have a second factor, and ends the sessions of accounts that now must and have none.
func (s *Store) SetFactorRoles(ctx context.Context, by model.Actor, roles []model.Role) error {
	roles = slices.DeleteFunc(slices.Clone(roles), func(r model.Role) bool { return !r.Valid() })
	text, err := json.Marshal(roles)
	if err != nil {
		return fmt.Errorf("roles with a second factor: %w", err)
	}
	err = s.change(ctx, func(tx *sql.Tx) error {
		err := exec(ctx, tx, `INSERT INTO setting (name, value) VALUES ('two_factor_roles', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, string(text))
		if err != nil {
			return err
		}
		for _, r := range roles {
			err := exec(ctx, tx, `DELETE FROM session WHERE user_id IN (SELECT id FROM users WHERE role = $1 AND totp_secret = '')`, r)
			if err != nil {
				return err
			}
		}
		return s.audit(ctx, tx, by, "update", model.KindSetting, 0, []string{"two_factor_roles"})
	})
	if err != nil {
		return fmt.Errorf("roles with a second factor: %w", unavailable(err))
	}
	return nil
}
