package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"congso/store/model"
)

// maxAddress is the longest address of a redirect in bytes: PostgreSQL refuses index entries of more than 2,704.
const maxAddress = 2000

// Redirect returns where an address of the old site, path and query as the browser sent them, now leads, or model.ErrNotFound. To a news item or
// a file it leads for whoever may know of that: an import brings the addresses of drafts too.
func (r *Reader) Redirect(ctx context.Context, v model.Viewer, path string) (to string, err error) {
	if !utf8.ValidString(path) || strings.ContainsRune(path, 0) || len(path) > maxAddress {
		return "", fmt.Errorf("redirect: %w", model.ErrNotFound)
	}
	to, err = queryOne(ctx, r.from, value[string], `SELECT to_path FROM redirect WHERE from_path = $1`, path)
	if err == nil {
		err = r.mayKnow(ctx, v, to)
	}
	if err != nil {
		return "", fmt.Errorf("redirect: %w", err) // without the address: queries stay out of the log
	}
	return to, nil
}

// mayKnow returns model.ErrNotFound for the address of a news item or a file that v may not know of.
func (r *Reader) mayKnow(ctx context.Context, v model.Viewer, address string) error {
	path, _, _ := strings.Cut(address, "?")
	path, _, _ = strings.Cut(path, "#")
	if slug, ok := strings.CutPrefix(path, newsFolder); ok {
		n, _, err := r.newsAt(ctx, slug)
		switch {
		case errors.Is(err, model.ErrNotFound): // as its page says
			return nil
		case err != nil:
			return err
		}
		if err := reveal(n.Lifecycle, v, unix(r.now())); !errors.Is(err, model.ErrGone) {
			return err
		}
		return nil
	}
	if file, ok := strings.CutPrefix(path, "/media/"); ok {
		hash, _, _ := strings.Cut(file, "/")
		_, err := r.MediaPublic(ctx, v, hash)
		return err
	}
	return nil
}

// PutRedirect sends readers of an old address, a path of this site with or without a query, to another path of this site or to an http
// or https address. The error is model.Invalid when an address is neither, or when the old one is that of a page or a record, which would
// answer before it.
func (s *Store) PutRedirect(ctx context.Context, by model.Actor, from, to string) error {
	from, to = model.Clean(from), model.Clean(to)
	if err := checkRedirect(from, to); err != nil {
		return fmt.Errorf("redirect %q: %w", from, err)
	}
	from = sentAddress(from)
	err := s.change(ctx, func(tx *sql.Tx) error {
		if err := checkFree(ctx, tx, from); err != nil {
			return err
		}
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

// sentAddress is an address as a request for it has it: the path without escapes, the query with them, no fragment.
func sentAddress(address string) string {
	address, _, _ = strings.Cut(address, "#")
	path, query, asked := strings.Cut(address, "?")
	if plain, err := url.PathUnescape(path); err == nil && model.Clean(plain) == plain {
		path = plain
	}
	if !asked || query == "" {
		return path
	}
	var b strings.Builder
	for _, c := range []byte(query) {
		if c <= ' ' || c >= utf8.RuneSelf || strings.IndexByte(`"<>'`, c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return path + "?" + b.String()
}

// checkFree returns Invalid for an address at which a page of ours answers: with a query that no page reads it is free.
func checkFree(ctx context.Context, q querier, from string) error {
	path, query, _ := strings.Cut(from, "?")
	values, err := url.ParseQuery(query)
	for name := range values {
		if !model.PageParameter(name) && !model.DeskPage(path) {
			return nil
		}
	}
	taken := err == nil && model.FixedPage(path)
	if kind, slug, ok := model.RecordPage(path); ok && err == nil {
		_, moved, err := findSlug(ctx, q, kind, slug)
		if err != nil && !errors.Is(err, model.ErrNotFound) {
			return err
		}
		taken = taken || err == nil && !moved
	}
	if taken {
		return model.Invalid{"from": "Địa chỉ này đang là một trang của cổng, không thể chuyển hướng."}
	}
	return nil
}

func checkRedirect(from, to string) error {
	switch {
	case !model.LocalPath(from):
		return model.Invalid{"from": "Địa chỉ cũ phải bắt đầu bằng một dấu /."}
	case !model.LocalPath(to) && !model.WebAddress(to):
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
