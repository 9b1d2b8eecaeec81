package store

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"congso/store/model"
)

// maxAddress is the longest address of a redirect in bytes: PostgreSQL refuses index entries of more than 2,704.
const maxAddress = 2000

// Redirect returns where an address of the old site, path and query as the browser sent them, now leads, or model.ErrNotFound.
func (s *Store) Redirect(ctx context.Context, path string) (to string, err error) {
	if !utf8.ValidString(path) || strings.ContainsRune(path, 0) || len(path) > maxAddress {
		return "", fmt.Errorf("redirect: %w", model.ErrNotFound)
	}
	to, err = queryOne(ctx, s.read, value[string], `SELECT to_path FROM redirect WHERE from_path = $1`, path)
	if err != nil {
		return "", fmt.Errorf("redirect: %w", err) // without the address: queries stay out of the log
	}
	return to, nil
}

// PutRedirect sends readers of an old address, a path of this site with or without a query, to another path of this site or to an http
// or https address. The error is model.Invalid when an address is neither.
func (s *Store) PutRedirect(ctx context.Context, by model.Actor, from, to string) error {
	from, to = model.Clean(from), model.Clean(to)
	if err := checkRedirect(from, to); err != nil {
		return fmt.Errorf("redirect %q: %w", from, err)
	}
	err := s.change(ctx, func(tx *sql.Tx) error {
		err := exec(ctx, tx, `INSERT INTO redirect (from_path, to_path, created_at) VALUES ($1, $2, $3)
			ON CONFLICT (from_path) DO UPDATE SET to_path = excluded.to_path, created_at = excluded.created_at`, from, to, unix(s.now()))
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, by, "update", model.KindMoved, 0, []string{"from", "to"})
	})
	if err != nil {
		return fmt.Errorf("redirect %q: %w", from, err)
	}
	return nil
}

func checkRedirect(from, to string) error {
	switch {
	case !localPath(from):
		return model.Invalid{"from": "Địa chỉ cũ phải bắt đầu bằng một dấu /."}
	case !localPath(to) && !webAddress(to):
		return model.Invalid{"to": "Địa chỉ mới phải bắt đầu bằng / hoặc https://."}
	case from == to:
		return model.Invalid{"to": "Địa chỉ mới phải khác địa chỉ cũ."}
	case from == "/":
		return model.Invalid{"from": "Không thể chuyển hướng trang chủ."}
	case len(from) > maxAddress || len(to) > maxAddress:
		return model.Invalid{"from": "Địa chỉ quá dài."}
	}
	return nil
}

// localPath reports whether browsers take address for a path on this site: "//host" and "/\host" lead elsewhere.
func localPath(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "" && u.Host == "" && strings.HasPrefix(address, "/") &&
		!strings.HasPrefix(address, "//") && !strings.Contains(address, `\`)
}

func webAddress(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil && !strings.Contains(address, `\`)
}
