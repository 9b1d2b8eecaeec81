package store_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"congso/store"
)

func TestOpenHosts(t *testing.T) {
	for address, want := range map[string][]string{
		"postgres://u:p@/db?host=/run/postgresql":                                              nil,
		"postgres://u:p@127.0.0.1/db?sslmode=disable":                                          nil,
		"postgres://u:p@localhost:5433/db":                                                     nil,
		"postgres://u:p@[::1]/db":                                                              nil,
		"postgres://u:p@db.example.vn/db":                                                      {"db.example.vn"},
		"postgres://u:p@db.example.vn/db?sslmode=require":                                      {"db.example.vn"},
		"postgres://u:p@db.example.vn/db?sslmode=verify-ca":                                    {"db.example.vn"},
		"postgres://u:p@db.example.vn/db?sslmode=verify-full":                                  nil,
		"postgres://u:p@10.0.0.1:5432,10.0.0.2:5433/db?sslmode=prefer":                         {"10.0.0.1", "10.0.0.2"},
		"postgres://u:p@10.0.0.1,127.0.0.1/db?sslmode=disable&target_session_attrs=read-write": {"10.0.0.1"},
	} {
		if got, err := store.OpenHosts(address); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %q, error %v, want %q", address, got, err, want)
		}
	}
}

// TestAddressFaults holds that what is wrong with an address is said, without the password in it.
func TestAddressFaults(t *testing.T) {
	for address, want := range map[string]string{
		"postgres://u:mat-khau@db/x?pool_max_conns=1":                            "pool_max_conns=1 is no number",
		"postgres://u:mat-khau@db/x?pool_max_conns=many":                         "pool_max_conns=many is no number",
		"postgres://u:mat-khau@db/x?pool_max_conn_lifetime=1ms":                  "pool_max_conn_lifetime=1ms is no time",
		"postgres://u:mat-khau@db/x?pool_max_conn_idle_time=soon":                "pool_max_conn_idle_time=soon is no time",
		"postgres://u:mat-khau@db/x?sslmode=full":                                "sslmode",
		"postgres://u@db/x?password=mat-khau&sslmode=full":                       "sslmode",
		"postgres://u:mat-khau@db/x?sslmode=verify-full&sslrootcert=/khong/co":   "/khong/co",
		"postgres://u:mat-khau@db:port/x":                                        "port",
		"postgres://u:mat-khau@db/x?target_session_attrs=whichever":              "whichever",
		"postgres://u:mat-khau@db/x?connect_timeout=mat-khau-nao&sslmode=prefer": "connect_timeout",
	} {
		err := store.CheckAddress(address)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", address, err, want)
		}
		if err != nil && strings.Contains(strings.ReplaceAll(err.Error(), "mat-khau-nao", ""), "mat-khau") {
			t.Errorf("%s: the password is in the error: %v", address, err)
		}
	}
}

// TestAddressOddPasswords: a password that cuts the address short is told as such, and no part of it is taken for a host or shown.
func TestAddressOddPasswords(t *testing.T) {
	for _, password := range []string{"mat/khau", "mat@khau/x", "mat@khau:x", "12/khau", "mat?khau", "mat#khau", "mat%khau", "mat%zz"} {
		err := store.CheckAddress("postgres://congso:" + password + "@db1.example.vn/congso?sslmode=verify-full")
		if err == nil || !strings.Contains(err.Error(), "write @ as %40") || strings.Contains(err.Error(), "khau") {
			t.Errorf("%s: error %v", password, err)
		}
	}
	for _, address := range []string{
		"postgres://congso:mat%2Fkhau%40@db1.example.vn/congso", "postgres://congso:mat-khau@db1.example.vn,db2.example.vn:5433/congso", "postgres://congso@/congso?password=mat@khau",
		"postgres:///congso?host=/run/postgresql&user=congso", "postgres://%2Frun%2Fpostgresql/congso",
	} {
		if err := store.CheckAddress(address); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// TestAddressFiles: passwords and whole addresses may stand in files, as psql reads them.
func TestAddressFiles(t *testing.T) {
	folder := t.TempDir()
	service, passwords := filepath.Join(folder, "pg_service.conf"), filepath.Join(folder, "pgpass")
	for name, text := range map[string]string{service: "[so]\nhost=db.example.vn\nsslmode=verify-full\n", passwords: "*:*:*:congso:mat-khau\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for address, want := range map[string][]string{
		"postgres:///x?user=congso&service=so&servicefile=" + service: nil,
		"postgres://congso@10.0.0.1/x?passfile=" + passwords:          {"10.0.0.1"},
	} {
		if got, err := store.OpenHosts(address); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %q, error %v, want %q", address, got, err, want)
		}
	}
}
