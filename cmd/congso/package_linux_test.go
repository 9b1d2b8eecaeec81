package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"congso/cmd/congso/congsotest"
)

// probeMigration is the number of a change of the schema that only the newer of the tested packages has.
const probeMigration = 99999

// builtPackages are two Debian packages in a folder: the program as it is, and a newer one that changes the schema.
func builtPackages(t *testing.T) (folder, older, newer string) {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	folder = t.TempDir()
	migration := filepath.Join(t.TempDir(), "probe.sql")
	congsotest.WriteFile(t, migration, "-- +goose Up\nCREATE TABLE probe (id BIGINT PRIMARY KEY);\nINSERT INTO probe (id) VALUES (7);\n\n-- +goose Down\nDROP TABLE probe;\n")
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(root, fmt.Sprintf("store/migrations/sqlite/%05d_probe.sql", probeMigration)): migration}})
	if err != nil {
		t.Fatal(err)
	}
	overlayFile := filepath.Join(t.TempDir(), "overlay.json")
	congsotest.WriteFile(t, overlayFile, string(overlay))
	for version, flags := range map[string]string{"1.0": "", "2.0": "-overlay=" + overlayFile} {
		build := exec.Command(filepath.Join(root, ".ci/package"), "--deb", folder, version)
		build.Env = append(os.Environ(), "GOFLAGS="+strings.TrimSpace(os.Getenv("GOFLAGS")+" "+flags))
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("package %s: %v: %s", version, err, out)
		}
	}
	return folder, "./congso_1.0_" + runtime.GOARCH + ".deb", "./congso_2.0_" + runtime.GOARCH + ".deb"
}

// TestPackage takes the Debian package through its life on a fresh machine under systemd: installed, serving over HTTPS with an own
// certificate after three commands, upgraded with a change of the schema by one, removed, purged.
func TestPackage(t *testing.T) {
	t.Parallel()
	if os.Getenv("CONGSO_TEST_REQUIRE") != "all" && os.Getenv("CONGSO_TEST_RECORD") == "" {
		t.Skip("builds two packages and a Debian, which takes minutes: set CONGSO_TEST_REQUIRE=all")
	}
	folder, older, newer := builtPackages(t)
	own := congsotest.NewCertificate(t, 365*24*time.Hour, "snv.example.vn")
	for name, file := range map[string]string{"cert.pem": own.CertFile, "key.pem": own.KeyFile} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		congsotest.WriteFile(t, filepath.Join(folder, name), string(text))
	}
	m := bootDebian(t, folder)
	const page = "curl -sS --cacert /srv/cert.pem --resolve snv.example.vn:443:127.0.0.1 --resolve snv.example.vn:80:127.0.0.1 "

	m.typed(t, "apt install -y "+older)
	m.await(t, "systemctl is-active congso", "active")
	m.await(t, "curl -sS http://127.0.0.1:8080/", "<!doctype html>")
	checkInstalled(t, m)

	m.typed(t, "congso config tls cert.pem key.pem --url https://snv.example.vn")
	m.typed(t, "systemctl restart congso")
	shown := m.typed(t, "curl --cacert cert.pem -sSI https://snv.example.vn/ --resolve snv.example.vn:443:127.0.0.1 | grep -E '^(HTTP|strict)'")
	for _, want := range []string{"HTTP/2 200", "strict-transport-security: "} {
		if !strings.Contains(shown, want) {
			t.Errorf("no %q in\n%s", want, shown)
		}
	}
	if out := m.sh(t, page+"-o /dev/null -w '%{http_code} %{redirect_url}' http://snv.example.vn/tin-tuc"); !regexp.MustCompile(`^30[18] https://snv\.example\.vn/tin-tuc$`).MatchString(out) {
		t.Errorf("plain HTTP: %s", out)
	}
	if out := m.sh(t, "stat -c %U /proc/$(systemctl show --property=MainPID --value congso)"); strings.TrimSpace(out) != "congso" {
		t.Errorf("the service runs as %q", out)
	}

	m.sh(t, "echo ngựa chạy qua cầu 7 | congso user add le.an --full-name 'Lê An'")
	m.sh(t, "congso backup /root/congso.tar && systemctl stop congso && congso restore /root/congso.tar && systemctl start congso")
	if strangers := m.sh(t, "find /var/lib/congso /var/backups/congso -not -user congso -o -not -group congso"); strangers != "" {
		t.Errorf("not the service's own after commands of root: %s", strangers)
	}
	m.sh(t, "kill -9 $(systemctl show --property=MainPID --value congso)")
	m.await(t, "systemctl show -p NRestarts congso; systemctl is-active congso", "NRestarts=1\nactive")

	before := m.sh(t, "cat /etc/congso/congso.env")
	m.typed(t, "apt install -y "+newer)
	if shown := m.typed(t, "curl --cacert cert.pem -sSI https://snv.example.vn/ --resolve snv.example.vn:443:127.0.0.1 | grep -E '^(HTTP|strict)'"); !strings.Contains(shown, "HTTP/2 200") {
		t.Errorf("after the upgrade:\n%s", shown)
	}
	if after := m.sh(t, "cat /etc/congso/congso.env"); after != before {
		t.Errorf("settings after the upgrade:\n%s\nbefore:\n%s", after, before)
	}
	if out := m.sh(t, "congso user list"); !strings.Contains(out, "Lê An") {
		t.Errorf("accounts after the upgrade: %s", out)
	}
	keepRecord(t, m)

	m.sh(t, "apt-get remove -y congso")
	checkRemoved(t, m)
	m.sh(t, "cd /srv && apt-get install -y "+newer)
	m.await(t, page+"-o /dev/null -w '%{http_code}' https://snv.example.vn/", "200") // with its old settings, started by itself
	if out := m.sh(t, "apt-get purge -y congso"); !strings.Contains(out, "are kept") {
		t.Errorf("purge says nothing of the records: %s", out)
	}
	if left := m.sh(t, "ls -d /etc/congso /etc/systemd/system/*/congso.service /var/lib/congso/congso.db 2>/dev/null || true"); left != "/var/lib/congso/congso.db\n" {
		t.Errorf("left by purge: %s", left)
	}
	m.sh(t, "getent passwd congso && rm -rf /var/lib/congso /var/backups/congso && cd /srv && apt-get install -y "+newer)
	m.sh(t, "systemctl stop congso && rm -rf /var/lib/congso /var/backups/congso && apt-get purge -y congso && ! getent passwd congso")
	checkPlainService(t, m)
}

// checkPlainService makes the service without the package, on a machine that has none, and takes it away.
func checkPlainService(t *testing.T, m *machine) {
	t.Helper()
	m.sh(t, "install -m 755 /srv/congso-linux-"+runtime.GOARCH+" /usr/local/bin/congso && congso service install && systemctl start congso && congso service status")
	m.await(t, "curl -sS http://127.0.0.1:8080/", "<!doctype html>")
	if got := m.sh(t, "systemctl is-enabled congso; stat -c '%U %a' /var/lib/congso/congso.db /etc/congso/congso.env"); got != "enabled\ncongso 600\nroot 640\n" {
		t.Errorf("service without the package: %s", got)
	}
	m.sh(t, "congso service remove")
	if got := m.sh(t, "systemctl is-active congso || true; ls /etc/systemd/system/congso.service 2>/dev/null || true; ls /var/lib/congso/congso.db"); got != "inactive\n/var/lib/congso/congso.db\n" {
		t.Errorf("after the service's removal: %s", got)
	}
}

// checkInstalled asserts files, owners, modes and the account after a fresh installation.
func checkInstalled(t *testing.T, m *machine) {
	t.Helper()
	want := `/usr/bin/congso root:root 755
/usr/lib/systemd/system/congso.service root:root 644
/usr/share/bash-completion/completions/congso root:root 644
/usr/share/man/man1/congso.1.gz root:root 644
/usr/share/doc/congso/copyright root:root 644
/etc/congso root:congso 750
/etc/congso/congso.env root:congso 640
/var/lib/congso congso:congso 700
/var/lib/congso/congso.db congso:congso 600
/var/backups/congso congso:congso 700
`
	names := ""
	for line := range strings.Lines(want) {
		names += " " + strings.Fields(line)[0]
	}
	if got := m.sh(t, "stat -c '%n %U:%G %a'"+names); got != want {
		t.Errorf("installed:\n%s\nwant:\n%s", got, want)
	}
	if got := m.sh(t, "getent passwd congso"); !regexp.MustCompile(`^congso:x:[1-9]\d{2}:[1-9]\d{2}:[^:]*:/var/lib/congso:/usr/sbin/nologin\n$`).MatchString(got) {
		t.Errorf("account %s", got)
	}
	if got := m.sh(t, "systemctl is-enabled congso; dpkg --verify congso; congso config"); !strings.HasPrefix(got, "enabled\n") || !strings.Contains(got, "/etc/congso/congso.env:") {
		t.Errorf("after the installation: %s", got)
	}
	if got := m.sh(t, "runuser -u nobody -- cat /etc/congso/congso.env 2>&1 || true"); !strings.Contains(got, "Permission denied") {
		t.Errorf("anybody reads the settings: %s", got)
	}
	if got := m.sh(t, "runuser -u nobody -- congso status 2>&1 || true"); !strings.Contains(got, "work as root") {
		t.Errorf("somebody who may not is told %s", got)
	}
	if got := m.sh(t, "journalctl -u congso | grep 'thiet-lap?ma=' | tail -n 1"); !strings.Contains(got, "http://127.0.0.1:8080/admin/thiet-lap?ma=") {
		t.Errorf("the link for the first administrator: %s", got)
	}
}

// checkRemoved asserts that the program is gone, the records and settings are not, and that the newer program changed their schema.
func checkRemoved(t *testing.T, m *machine) {
	t.Helper()
	if left := m.sh(t, "ls /usr/bin/congso /usr/lib/systemd/system/congso.service 2>/dev/null || true; ls /etc/congso/congso.env; systemctl is-active congso || true"); left != "/etc/congso/congso.env\ninactive\n" {
		t.Errorf("after the removal: %s", left)
	}
	records := filepath.Join(t.TempDir(), "congso.db")
	for _, suffix := range []string{"", "-wal"} {
		data, err := os.ReadFile(m.path("/var/lib/congso/congso.db" + suffix))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		congsotest.WriteFile(t, records+suffix, string(data))
	}
	db, err := sql.Open("sqlite", "file:"+records)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var schema, probe int
	var integrity string
	err = db.QueryRowContext(context.Background(), "SELECT (SELECT max(version_id) FROM goose_db_version), (SELECT id FROM probe)").Scan(&schema, &probe)
	if err != nil || schema != probeMigration || probe != 7 {
		t.Errorf("schema %d, probe %d, %v", schema, probe, err)
	}
	if err := db.QueryRowContext(context.Background(), "PRAGMA integrity_check").Scan(&integrity); err != nil || integrity != "ok" {
		t.Errorf("integrity %q, %v", integrity, err)
	}
}

// keepRecord logs what the terminal showed, and writes it to the file that CONGSO_TEST_RECORD names, for the handbook.
func keepRecord(t *testing.T, m *machine) {
	t.Helper()
	t.Log("\n" + m.record.String())
	if name := os.Getenv("CONGSO_TEST_RECORD"); name != "" {
		congsotest.WriteFile(t, name, m.record.String())
	}
}

// TestUnit holds the service's hardening to a bound, as systemd itself measures it.
func TestUnit(t *testing.T) {
	analyze := congsotest.RequireProgram(t, "no systemd-analyze: install systemd", "systemd-analyze")
	out, err := exec.Command(analyze, "security", "--offline=true", "--no-pager", "./congso.service").CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	score := regexp.MustCompile(`Overall exposure level for congso\.service: ([0-9.]+) `).FindSubmatch(out)
	if score == nil {
		t.Fatalf("no score in %s", out)
	}
	if string(score[1]) >= "2.0" || len(score[1]) != 3 {
		t.Errorf("exposure %s:\n%s", score[1], out)
	}
}

// TestManual looks for the files and settings that the manual page names in what the package installs.
func TestManual(t *testing.T) {
	page, err := os.ReadFile("../../.package/congso.1")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"/etc/congso/congso.env", "/var/lib/congso", "/var/backups/congso"} {
		if !strings.Contains(string(page), name) || !strings.Contains(exampleSettings+unit+strings.Join(serviceFolders, " "), name) {
			t.Errorf("%s is not in the page and in the service", name)
		}
	}
	help, err := exec.Command(congsotest.Program(t), "help").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, match := range regexp.MustCompile(`"congso ([a-z]+)`).FindAllSubmatch(page, -1) {
		if !regexp.MustCompile(`\n  ` + string(match[1]) + ` `).Match(help) {
			t.Errorf("the page names congso %s, the program does not have it", match[1])
		}
	}
}
