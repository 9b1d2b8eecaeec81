package main

import (
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"congso/cmd/congso/congsotest"
	"congso/store/storetest"
)

var shellBlock = regexp.MustCompile("(?ms)^```sh\n(.*?)^```$")

// postgresTrial are two servers that are set up by the commands of the handbook.
type postgresTrial struct {
	*testing.T
	primary, standby *storetest.Cluster
	folder           string // of the portal
	blocks           []string
}

// TestHandbookOfPostgreSQL does what the operators' article says, in its order, but for the names of machines and folders: a database with TLS, a
// standby that readers are served from, and its taking the place of a primary that is gone.
func TestHandbookOfPostgreSQL(t *testing.T) {
	t.Parallel()
	article := congsotest.ReadFile(t, "../../content/articles/vi/so-tay/postgresql.md")
	trial := &postgresTrial{T: t, folder: t.TempDir(),
		primary: storetest.NewCluster(t, storetest.ClusterOptions{Loopback: true}), standby: storetest.NewEmptyCluster(t, storetest.ClusterOptions{Loopback: true})}
	for _, m := range shellBlock.FindAllStringSubmatch(article, -1) {
		trial.blocks = append(trial.blocks, m[1])
	}
	// Over the network nobody gets in but by what the article says.
	trial.primary.Shell("printf 'local all all trust\\nlocal replication all trust\\n' > " + filepath.Join(trial.primary.Data(), "pg_hba.conf") + "\npsql -qAtc 'SELECT pg_reload_conf()'")
	trial.run("CREATE ROLE congso")
	trial.run("GRANT pg_monitor")
	trial.run("listen_addresses")
	trial.run("openssl req")
	if err := os.WriteFile(filepath.Join(trial.folder, "ca.crt"), []byte(congsotest.ReadFile(t, filepath.Join(trial.primary.Home(), "ca.crt"))), 0o600); err != nil {
		t.Fatal(err)
	}
	database := trial.address("database=")
	trial.opens(database)
	if _, err := run("", "doctor", "--data", filepath.Join(trial.folder, "other"), "--database", strings.Replace(database, "ca.crt", "khong-co.crt", 1)); err == nil {
		t.Error("it connects without the authority's certificate")
	}
	trial.run("CREATE ROLE saochep")
	trial.run("pg_basebackup", "PGPASSWORD=mat-khau-khac")
	trial.standby.Start()
	trial.run("pg_stat_replication")
	d, _ := diagnose(t, filepath.Join(trial.folder, "data"), "--database", database, "--database-read", trial.address("database-read="))
	for _, code := range []string{"replica", "database-way"} {
		if got := d.of(code); len(got) != 1 || got[0].Level != levelOK {
			t.Errorf("%s: %+v", code, got)
		}
	}
	trial.run("synchronous_standby_names")
	both := trial.address("db2.example.vn/congso", "database=")
	trial.opens(both)
	trial.primary.Stop(storetest.StopImmediate)
	trial.run("pg_promote")
	trial.opens(both)
	for _, left := range trial.blocks {
		t.Errorf("nobody has tried\n%s", left)
	}
}

// take takes the first block that holds all of the parts out of those left.
func (p *postgresTrial) take(parts ...string) string {
	p.Helper()
next:
	for i, block := range p.blocks {
		for _, part := range parts {
			if !strings.Contains(block, part) {
				continue next
			}
		}
		p.blocks = append(p.blocks[:i:i], p.blocks[i+1:]...)
		return p.here(block)
	}
	p.Fatalf("the article has no block with %q", parts)
	return ""
}

// run runs a block on the server to whom it is addressed.
func (p *postgresTrial) run(part string, more ...string) {
	p.Helper()
	server := p.primary
	if part == "pg_promote" {
		server = p.standby
	}
	server.Shell(p.take(part), more...)
}

// address is the address of a database in a block that sets it.
func (p *postgresTrial) address(parts ...string) string {
	p.Helper()
	block := p.take(append(parts, "congso config set")...)
	_, value, _ := strings.Cut(block, "=")
	return strings.TrimRight(value, "\"\n")
}

// here is a block for this machine.
func (p *postgresTrial) here(block string) string {
	p.Helper()
	host, port, err := net.SplitHostPort(p.primary.HostPort())
	if err != nil {
		p.Fatal(err)
	}
	_, second, err := net.SplitHostPort(p.standby.HostPort())
	if err != nil {
		p.Fatal(err)
	}
	return strings.NewReplacer(
		"systemctl restart postgresql", "true", "systemctl stop postgresql", "true", "systemctl start postgresql", "true",
		"/etc/postgresql/15/main/pg_hba.conf", filepath.Join(p.primary.Data(), "pg_hba.conf"),
		"/var/lib/postgresql/15/main", p.standby.Data(), "/var/lib/postgresql", p.primary.Home(), "/etc/congso/ca.crt", filepath.Join(p.folder, "ca.crt"),
		"@db1.example.vn", "@localhost:"+port, "@db2.example.vn", "@localhost:"+second, ",db2.example.vn", ",localhost:"+second, "db1.example.vn", "localhost",
		"10.0.0.0/24", host+"/32", "10.0.0.12/32", host+"/32", "-h 10.0.0.11", "-h localhost -p "+port,
	).Replace(block)
}

// opens has the portal keep something in the database.
func (p *postgresTrial) opens(database string) {
	p.Helper()
	s := congsotest.OpenStore(p.T, filepath.Join(p.folder, "data"), database)
	defer s.Close()
	sections, err := s.Sections(p.Context())
	if err != nil {
		p.Fatal(err)
	}
	storetest.Section(p, s, "Tin "+string(rune('a'+len(sections))))
}
