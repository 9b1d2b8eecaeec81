package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"congso/store/model"
)

const userColumns = `u.id, u.name, u.full_name, u.email, u.role, u.totp_secret <> '', u.must_change, u.disabled, u.created_at, u.updated_at`

func userDest(u *model.User) []any {
	return []any{&u.ID, &u.Name, &u.FullName, &u.Email, &u.Role, &u.Factor, &u.MustChange, &u.Disabled, moment{&u.CreatedAt}, moment{&u.UpdatedAt}}
}

func scanUser(row scanner) (model.User, error) {
	var u model.User
	err := row.Scan(userDest(&u)...)
	return u, err
}

// UserByID returns the account, or model.ErrNotFound.
func (s *Store) UserByID(ctx context.Context, id int64) (model.User, error) {
	u, err := oneUser(ctx, s.read, `u.id = $1`, id)
	if err != nil {
		return u, fmt.Errorf("user %d: %w", id, err)
	}
	return u, nil
}

// UserByName returns the account with that name for logging in, or model.ErrNotFound.
func (s *Store) UserByName(ctx context.Context, name string) (model.User, error) {
	u, err := oneUser(ctx, s.read, `u.name = $1`, name)
	if err != nil {
		return u, fmt.Errorf("user %q: %w", name, err)
	}
	return u, nil
}

func oneUser(ctx context.Context, q querier, where string, arg any) (model.User, error) {
	u, err := queryOne(ctx, q, scanUser, `SELECT `+userColumns+` FROM users u WHERE `+where, arg)
	if err != nil {
		return u, err
	}
	u.Sections, err = userSections(ctx, q, u.ID)
	return u, err
}

func userSections(ctx context.Context, q querier, id int64) ([]int64, error) {
	return queryAll(ctx, q, value[int64], `SELECT section_id FROM users_section WHERE user_id = $1 ORDER BY section_id`, id)
}

// PutUser creates the account (ID 0, which it sets; it has no password yet) or updates it; what a password or a second factor is to be, its
// own methods say. A changed role and a disabled account end the account's sessions. The error is model.Invalid when a rule is broken:
// another account has the name, or nobody would be left to administer; model.ErrNotFound when there is no account with that ID.
func (s *Store) PutUser(ctx context.Context, by model.Actor, u *model.User) error {
	if err := u.Validate(); err != nil {
		return fmt.Errorf("user %q: %w", u.Name, err)
	}
	next := *u
	if err := s.change(ctx, func(tx *sql.Tx) error { return s.putUser(ctx, tx, by, &next) }); err != nil {
		return fmt.Errorf("user %q: %w", u.Name, unavailable(err))
	}
	*u = next
	return nil
}

func (s *Store) putUser(ctx context.Context, tx *sql.Tx, by model.Actor, u *model.User) (err error) {
	before := model.User{CreatedAt: s.now()}
	if u.ID != 0 {
		if before, err = oneUser(ctx, tx, `u.id = $1`, u.ID); err != nil {
			return err
		}
	}
	if err := checkUser(ctx, tx, before, *u); err != nil {
		return err
	}
	u.Factor, u.MustChange, u.CreatedAt, u.UpdatedAt = before.Factor, before.MustChange, before.CreatedAt, s.now()
	if u.ID, err = writeUser(ctx, tx, *u); err != nil {
		return err
	}
	if before.Role != u.Role || u.Disabled {
		if err := endSessions(ctx, tx, u.ID, ""); err != nil {
			return err
		}
	}
	return s.record(ctx, tx, by, edit{kind: model.KindUser, id: u.ID, created: before.ID == 0, before: before, after: *u})
}

// checkUser returns Invalid for what other records forbid: the name of another account, an unknown section, no administrator left.
func checkUser(ctx context.Context, tx *sql.Tx, before, u model.User) error {
	_, err := queryOne(ctx, tx, value[int64], `SELECT id FROM users WHERE name = $1 AND id <> $2`, u.Name, u.ID)
	switch {
	case err == nil:
		return model.Invalid{"name": "Tên đăng nhập này đã có người dùng."}
	case !errors.Is(err, model.ErrNotFound):
		return err
	}
	for _, id := range u.Sections {
		if err := refer(ctx, tx, model.KindSection, id, "sections", "Chuyên mục không còn nữa."); err != nil {
			return err
		}
	}
	if before.Role != model.RoleAdmin || before.Disabled || u.Role == model.RoleAdmin && !u.Disabled {
		return nil
	}
	others, err := queryOne(ctx, tx, value[int], `SELECT count(*) FROM users WHERE role = 'admin' AND NOT disabled AND id <> $1`, u.ID)
	if err == nil && others == 0 {
		field := "role"
		if u.Disabled {
			field = "disabled"
		}
		err = model.Invalid{field: "Đây là quản trị viên cuối cùng đang hoạt động: không thể khóa hoặc đổi vai trò."}
	}
	return err
}

func writeUser(ctx context.Context, tx *sql.Tx, u model.User) (id int64, err error) {
	if u.ID == 0 {
		u.ID, err = queryOne(ctx, tx, value[int64], `INSERT INTO users (name, full_name, email, role, disabled, created_at, updated_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`, u.Name, u.FullName, u.Email, u.Role, u.Disabled, unix(u.CreatedAt), unix(u.UpdatedAt))
	} else {
		err = exec(ctx, tx, `UPDATE users SET name = $1, full_name = $2, email = $3, role = $4, disabled = $5, updated_at = $6 WHERE id = $7`,
			u.Name, u.FullName, u.Email, u.Role, u.Disabled, unix(u.UpdatedAt), u.ID)
	}
	if err == nil {
		err = exec(ctx, tx, `DELETE FROM users_section WHERE user_id = $1`, u.ID)
	}
	if err == nil {
		err = insertRows(ctx, tx, `INSERT INTO users_section (user_id, section_id) VALUES ($1, $2)`, len(u.Sections), func(i int) []any {
			return []any{u.ID, u.Sections[i]}
		})
	}
	return u.ID, err
}
