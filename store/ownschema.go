package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"congso/store/model"
)

// OwnSchema makes a schema of that name in the PostgreSQL database at address, for records that are not anybody's, and returns the address that
// leads into it; one that is there is taken when it has the same mark. Nothing else in the database is looked at. The error is
// model.ErrConflict when there is a schema of the name without that mark. The name holds small letters, digits and underlines.
func OwnSchema(ctx context.Context, address, name, mark string) (own string, err error) {
	if !isPostgres(address) {
		return "", errors.New("the address of a PostgreSQL database begins with postgres://")
	}
	err = onSchema(ctx, address, name, func(db *sql.DB, there string, known bool) error {
		switch {
		case known && there != mark:
			return fmt.Errorf("it is there and was not made by this program for this: %w", model.ErrConflict)
		case known:
			return nil
		}
		err := exec(ctx, db, `CREATE SCHEMA `+quotedName(name))
		if err == nil {
			err = exec(ctx, db, `COMMENT ON SCHEMA `+quotedName(name)+` IS '`+strings.ReplaceAll(mark, "'", "''")+`'`)
		}
		return err
	})
	return inSchema(address, name), err
}

// inSchema is the address of a schema of the database. It is taken apart as the driver does that: it need not be a URL, since it may name
// several hosts with their ports, and a + in it is no blank.
func inSchema(address, schema string) string {
	scheme, rest, _ := strings.Cut(address, "://")
	account := 0
	if i := strings.IndexAny(rest, "@/"); i >= 0 && rest[i] == '@' {
		account = i + 1
	}
	place, query, _ := strings.Cut(rest[account:], "?")
	settings := slices.DeleteFunc(strings.Split(query, "&"), func(setting string) bool { return setting == "" || strings.HasPrefix(setting, "search_path=") })
	settings = append(settings, "search_path="+strings.ReplaceAll(url.QueryEscape(quotedName(schema)), "+", "%20"))
	return scheme + "://" + rest[:account] + place + "?" + strings.Join(settings, "&")
}

// DropSchema takes away a schema that OwnSchema made with that mark, with all that is in it; none of that name is no error. The error is
// model.ErrConflict when it has another mark.
func DropSchema(ctx context.Context, address, name, mark string) error {
	return onSchema(ctx, address, name, func(db *sql.DB, there string, known bool) error {
		switch {
		case !known:
			return nil
		case there != mark:
			return fmt.Errorf("it was not made by this program for this: %w", model.ErrConflict)
		}
		_, err := db.ExecContext(ctx, `DROP SCHEMA `+quotedName(name)+` CASCADE`) // of many records it takes its time
		return err
	})
}

// onSchema runs do with the schema's mark, and whether there is such a schema.
func onSchema(ctx context.Context, address, name string, do func(db *sql.DB, mark string, known bool) error) (err error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return fmt.Errorf("database: %w", err)
	}
	for name := range config.RuntimeParams {
		if strings.HasPrefix(name, "pool_") { // of a pool, which the server does not know
			delete(config.RuntimeParams, name)
		}
	}
	db := sql.OpenDB(stdlib.GetConnector(*config))
	defer func() { err = errors.Join(err, db.Close()) }()
	mark, err := queryOne(ctx, db, value[string], `SELECT COALESCE(obj_description(oid, 'pg_namespace'), '') FROM pg_namespace WHERE nspname = $1`, name)
	known := !errors.Is(err, model.ErrNotFound)
	if err == nil || !known {
		err = do(db, mark, known)
	}
	if err != nil {
		return fmt.Errorf("schema %s: %w", name, plainly(err))
	}
	return nil
}

func quotedName(name string) string { return pgx.Identifier{name}.Sanitize() }
