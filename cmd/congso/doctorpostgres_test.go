package main

import (
	"path/filepath"
	"strings"
	"testing"

	"congso/cmd/congso/congsotest"
	"congso/store/storetest"
)

// TestDoctorOnServer: a server that is kept as it should be has nothing to be said of it, and what is wrong with one is said.
func TestDoctorOnServer(t *testing.T) {
	t.Parallel()
	primary := storetest.NewCluster(t, storetest.ClusterOptions{Durable: true})
	standby := primary.Standby()
	folder := filepath.Join(t.TempDir(), "data")
	if err := congsotest.OpenStore(t, folder, primary.Address()).Close(); err != nil {
		t.Fatal(err)
	}
	args := []string{"--database", primary.Address(), "--database-read", standby.Address()}
	d, _ := diagnose(t, folder, args...)
	for _, code := range []string{"database-way", "postgres", "replica", "schema", "database-size"} {
		if got := d.of(code); len(got) != 1 || got[0].Level != levelOK || got[0].Message == "" {
			t.Errorf("%s: %+v", code, got)
		}
	}
	if got := d.of("postgres")[0].Message; !strings.Contains(got, "version 15.") || !strings.Contains(got, "of 97 connections, 1 standbys") {
		t.Errorf("the server is %q", got)
	}

	primary.Exec("ALTER SYSTEM SET synchronous_commit = off")
	primary.Exec("SELECT pg_reload_conf()")
	primary.Exec("CREATE TABLE slack (n INT) WITH (autovacuum_enabled = off)")
	primary.Exec("INSERT INTO slack SELECT generate_series(1, 100100)")
	primary.Exec("DELETE FROM slack")
	primary.Exec("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'users_name_key'::regclass")
	standby.Stop(storetest.StopImmediate)
	var sick diagnosis
	if !congsotest.Eventually(congsotest.Patience, func() bool { sick, _ = diagnose(t, folder, args...); return len(sick.of("postgres-vacuum")) > 0 }) { // the server counts with a delay
		t.Errorf("postgres-vacuum: %+v", sick.Findings)
	}
	for code, want := range map[string]finding{
		"postgres-durable": {Level: levelProblem, Message: "synchronous_commit = off: "},
		"postgres-vacuum":  {Level: levelWarning, Place: "slack", Message: "100100 dead rows beside 0 living ones; cleaned up never"},
		"postgres-index":   {Level: levelProblem, Place: "users_name_key", Message: "not valid"},
		"replica":          {Level: levelWarning, Place: "database-read", Message: "readers are served from the primary: replica: "},
	} {
		got := sick.of(code)
		if len(got) != 1 || got[0].Level != want.Level || want.Place != "" && got[0].Place != want.Place || !strings.Contains(got[0].Message, want.Message) || got[0].Cure == "" {
			t.Errorf("%s: %+v, want %+v", code, got, want)
		}
	}

	away, _ := diagnose(t, folder, "--database", "postgres://congso:mat-khau@192.0.2.1/x?connect_timeout=1", "--database-read", "postgres://u@192.0.2.2,192.0.2.3/x?password=mat-khau")
	if got := away.of("database-way"); len(got) != 2 || got[0].Level != levelWarning {
		t.Errorf("database-way: %+v", got)
	}
	for _, f := range away.Findings {
		if strings.Contains(f.Message+f.Cure+f.Place, "mat-khau") {
			t.Errorf("the password is in %+v", f)
		}
	}
}
