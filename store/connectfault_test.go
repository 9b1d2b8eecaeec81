package store_test

import (
	"context"
	"errors"
	"net"
	"path/filepath"
	"strings"
	"testing"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// TestConnectFaults: who has made a mistake in an address, or about the server, reads on one line what it is, and no password.
func TestConnectFaults(t *testing.T) {
	t.Parallel()
	server := storetest.NewCluster(t, storetest.ClusterOptions{Loopback: true})
	standby := server.Standby()
	server.Exec("CREATE ROLE congso LOGIN PASSWORD 'mat-khau-dai'")
	server.Exec("CREATE ROLE khach LOGIN PASSWORD 'mat-khau-dai'")
	server.Exec("CREATE DATABASE so OWNER congso")
	server.Shell("printf 'local all all trust\\nhost all congso 127.0.0.1/32 scram-sha-256\\n' > " + filepath.Join(server.Data(), "pg_hba.conf") + "\npsql -qAtc 'SELECT pg_reload_conf()'")
	_, port, err := net.SplitHostPort(server.HostPort())
	if err != nil {
		t.Fatal(err)
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	at := server.HostPort()
	for name, c := range map[string]struct{ address, says string }{
		"a wrong password":      {"congso:mat-khau-sai@" + at + "/so", "PostgreSQL at " + at + ": the password of the account congso is wrong or missing"},
		"no password":           {"congso@" + at + "/so?passfile=/khong/co", "PostgreSQL at " + at + ": the password of the account congso is wrong or missing"},
		"an unknown account":    {"congso@/so?host=" + filepath.Join(server.Home(), "sock") + "&port=" + port + "&user=ai", `role "ai" does not exist: make the account with createuser`},
		"no database":           {"congso:mat-khau-dai@" + at + "/sai", "it has no database sai: make it with createdb"},
		"no line in pg_hba":     {"khach:mat-khau-dai@" + at + "/so", "it lets nobody in from this machine as khach"},
		"TLS that is not there": {"congso:mat-khau-dai@localhost:" + port + "/so?sslmode=verify-full", "PostgreSQL at localhost (" + at + "): it offers no TLS, which sslmode asks for"},
		"no such host":          {"congso:mat-khau-dai@khong.co.invalid/so", "PostgreSQL at khong.co.invalid: no machine of the name khong.co.invalid is known here"},
		"nothing there":         {"congso:mat-khau-dai@" + free.Addr().String() + "/so", "PostgreSQL at " + free.Addr().String() + ": nothing listens there"},
		"no socket":             {"congso:mat-khau-dai@/so?host=/khong/co", "there is no such socket"},
		"a standby":             {"postgres@" + standby.HostPort() + "/postgres", "it is a standby, which takes no writes"},
		"a mistyped parameter":  {"congso:mat-khau-dai@" + at + "/so?sslmod=disable", `unrecognized configuration parameter "sslmod": look for a mistake in what follows the question mark`},
		"two hosts":             {"congso:mat-khau-sai@" + free.Addr().String() + "," + at + "/so", "nothing listens there: see that PostgreSQL runs, that it listens to this network (listen_addresses), and that the port is right; PostgreSQL at " + at + ": the password"},
	} {
		for what, do := range map[string]func(o store.Options) error{
			"open": func(o store.Options) error { _, err := store.ReadSchema(context.Background(), o); return err },
			"look": func(o store.Options) error { _, err := store.Examine(context.Background(), o); return err },
			"move": func(o store.Options) error { _, err := store.MoveRecords(context.Background(), o, false); return err },
		} {
			err := do(store.Options{Dir: t.TempDir(), Database: "postgres://" + c.address})
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%s: %s: %v, want %q", name, what, err, c.says)
				continue
			}
			if text := err.Error(); strings.Contains(text, "mat-khau") || strings.Contains(text, "\n") || strings.Contains(text, "SQLSTATE") || strings.Contains(text, "failed to connect") {
				t.Errorf("%s: %s: %q", name, what, text)
			}
		}
	}
	_, err = store.MoveRecords(context.Background(), store.Options{Dir: t.TempDir(), Database: "postgres://congso@" + free.Addr().String() + "/so"}, false)
	if !errors.Is(err, model.ErrUnavailable) {
		t.Errorf("%v is not ErrUnavailable", err)
	}
}

// TestUnfitDatabase: a database in which no tables can be made, or Vietnamese texts not be kept, is refused with what to do about it.
func TestUnfitDatabase(t *testing.T) {
	t.Parallel()
	server := storetest.NewCluster(t, storetest.ClusterOptions{})
	for _, query := range []string{
		"CREATE ROLE congso LOGIN", "CREATE DATABASE cua_khac", "CREATE DATABASE co_bang OWNER congso", "CREATE DATABASE latin OWNER congso ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0",
	} {
		server.Exec("%s", query)
	}
	server.Shell("psql -qAtU congso co_bang -c 'CREATE TABLE news (id INT)'")
	for name, says := range map[string]string{
		"cua_khac": "make it the owner of the database", "co_bang": "tables of another program", "latin": "encoding is LATIN1, which cannot keep Vietnamese texts",
	} {
		s, err := store.Open(context.Background(), store.Options{Dir: t.TempDir(), Database: "postgres://congso@/" + name + "?host=" + filepath.Join(server.Home(), "sock")})
		if err == nil {
			err = s.Close()
			t.Errorf("%s: it opens", name)
		}
		if err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "SQLSTATE") {
			t.Errorf("%s: %v, want %q", name, err, says)
		}
	}
}
