package storetest_test

import (
	"context"
	"database/sql"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"

	"congso/store/storetest"
)

// TestCluster writes on a server, reads it on its standby, has the server crash and the standby take its place.
func TestCluster(t *testing.T) {
	primary := storetest.NewCluster(t, storetest.ClusterOptions{Loopback: true})
	primary.Exec("CREATE TABLE kept (n INT)")
	primary.Exec("INSERT INTO kept VALUES (1)")
	standby := primary.Standby()
	if n := count(t, standby.Address()); n != 1 {
		t.Errorf("the standby has %d rows, want 1", n)
	}
	primary.Exec("INSERT INTO kept VALUES (2)")
	for end := time.Now().Add(time.Minute); count(t, standby.Address()) != 2; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the standby does not follow")
		}
	}
	primary.Stop(storetest.StopImmediate)
	standby.Promote()
	if n := count(t, primary.AddressWith(standby)); n != 2 {
		t.Errorf("the promoted standby has %d rows, want 2", n)
	}
	standby.Exec("INSERT INTO kept VALUES (3)")

	alone := storetest.NewCluster(t, storetest.ClusterOptions{Durable: true})
	alone.Exec("CREATE TABLE kept (n INT)")
	alone.Stop(storetest.StopFast)
	alone.Start()
	if n := count(t, alone.Address()); n != 0 {
		t.Errorf("a new table has %d rows", n)
	}
}

func count(t *testing.T, address string) (n int) {
	t.Helper()
	db, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRowContext(context.Background(), "SELECT count(*) FROM kept").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
