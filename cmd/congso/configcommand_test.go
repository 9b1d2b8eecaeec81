package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"congso/cmd/congso/congsotest"
)

// ran runs a command in this process and returns what it printed.
func ran(from sources, args ...string) (string, error) {
	command := newRoot(from)
	var out strings.Builder
	command.SetOut(&out)
	command.SetErr(&out)
	command.SetArgs(args)
	err := command.Execute()
	return out.String(), err
}

// TestConfigShows: every setting with its value and its origin, and no password in any form.
func TestConfigShows(t *testing.T) {
	file := configFileOf(t, "CONGSO_DATA=/d", "CONGSO_DATABASE=postgres://u:matkhau1@h/d?sslpassword=matkhau2&sslmode=disable&password=matkhau3")
	from := sources{[]string{"CONGSO_URL=https://a.example", "CONGSO_MEDIA=s3://kho?endpoint=https://a", "CONGSO_MEDIA_KEY=khoa", "CONGSO_MEDIA_SECRET=matkhau4"}, file}
	out, err := ran(from, "config", "--listen=:9", "--log-days=7")
	if err != nil {
		t.Fatal(err)
	}
	congsotest.MustContain(t, "the first line", out, "Configuration file: "+file+"\n")
	rows := map[string]string{}
	for _, line := range strings.Split(out, "\n") {
		if fields := regexp.MustCompile(`\s{2,}`).Split(line, 3); len(fields) == 3 {
			rows[fields[0]] = fields[1] + " from " + fields[2]
		}
	}
	for setting, want := range map[string]string{
		"data": "/d from " + file + ":1", "url": "https://a.example from CONGSO_URL", "listen": ":9 from --listen", "log-days": "7 from --log-days",
		"media": "s3://kho?endpoint=https://a from CONGSO_MEDIA", "media-key": "khoa from CONGSO_MEDIA_KEY", "media-secret": "xxxxx from CONGSO_MEDIA_SECRET",
		"content": "– from default", "session-idle": "8h from default",
		"database": "postgres://u:xxxxx@h/d?sslpassword=xxxxx&sslmode=disable&password=xxxxx from " + file + ":2",
	} {
		if rows[setting] != want {
			t.Errorf("%s is %q, want %q", setting, rows[setting], want)
		}
	}
	if want := len(new(Config).settings()) + 1; len(rows) != want { // and the head
		t.Errorf("%d rows, want %d", len(rows), want)
	}
	congsotest.MustLack(t, "what it shows", out, "matkhau")
}

func TestConfigShowsJSON(t *testing.T) {
	out, err := ran(sources{environ: []string{"CONGSO_DATABASE=postgres://u:mật khẩu%@h/d"}}, "config", "--json", "--data=/d")
	if err == nil || !strings.Contains(err.Error(), "--database: ") || strings.Contains(err.Error(), "khẩu") { // a password with a space is none
		t.Errorf("the error is %v", err)
	}
	var got struct {
		File     string
		Settings []shownSetting
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	want := []shownSetting{{"data", "/d", "--data"}, {"listen", "127.0.0.1:8080", "default"}, {"url", "", "default"}, {"database", "postgres://xxxxx", "CONGSO_DATABASE"}}
	if diff := cmp.Diff(want, got.Settings[:4]); diff != "" || got.File != "" {
		t.Errorf("file %q, -want +got:\n%s", got.File, diff)
	}
}

// TestHidePassword: whatever form an address has, nothing of its password is shown.
func TestHidePassword(t *testing.T) {
	for address, want := range map[string]string{
		"":                                "",
		"postgres://u@h/d":                "postgres://u@h/d",
		"postgres://u:mat@h/d?sslmode=no": "postgres://u:xxxxx@h/d?sslmode=no",
		"postgres://u:mat@h1:5432,h2:5433/d?password=khau&a=b": "postgres://u:xxxxx@h1:5432,h2:5433/d?password=xxxxx&a=b",
		"postgres://h1,h2/d":           "postgres://h1,h2/d",
		"postgres://u:mat/khau@h/d":    "postgres://xxxxx",
		"postgres://u:mat,kh/au@h/d":   "postgres://xxxxx",
		"postgres://u:12/khau@h/d":     "postgres://xxxxx",
		"postgres://u:mat%khau@h1,h2/": "postgres://xxxxx",
	} {
		if got := hidePassword(address); got != want {
			t.Errorf("%q is shown as %q, want %q", address, got, want)
		}
	}
}

// TestConfigShowsFaults: what serve would not start with is shown, and then called so.
func TestConfigShowsFaults(t *testing.T) {
	out, err := ran(sources{}, "config", "--data=/d", "--tls-cert=/c")
	if err == nil || !strings.Contains(err.Error(), "--tls-key") {
		t.Errorf("the error is %v", err)
	}
	congsotest.MustContain(t, "what it shows", out, "/c")
}

// TestConfigSet changes lines in their places and keeps all others.
func TestConfigSet(t *testing.T) {
	const before = "# Cổng Sở\n\nCONGSO_DATA=/d\n  CONGSO_URL = \"http://a.vn\"\n# times:\n#CONGSO_SESSION_IDLE=8h\n; end"
	for name, c := range map[string]struct {
		before string
		set    []string
		want   string
	}{
		"in its place":       {before, []string{"url=https://b.vn"}, strings.Replace(before, `  CONGSO_URL = "http://a.vn"`, "CONGSO_URL=https://b.vn", 1)},
		"by the variable":    {before, []string{"CONGSO_URL=https://b.vn"}, strings.Replace(before, `  CONGSO_URL = "http://a.vn"`, "CONGSO_URL=https://b.vn", 1)},
		"taken out":          {before, []string{"url="}, strings.Replace(before, "  CONGSO_URL = \"http://a.vn\"\n", "", 1)},
		"was not there":      {before, []string{"content="}, before},
		"beneath a comment":  {before, []string{"session-idle=1h"}, strings.Replace(before, "IDLE=8h\n", "IDLE=8h\nCONGSO_SESSION_IDLE=1h\n", 1)},
		"at the end":         {before, []string{"listen=:80", "log-days=5"}, before + "\nCONGSO_LISTEN=:80\nCONGSO_LOG_DAYS=5\n"},
		"a space":            {"CONGSO_DATA=/d\n", []string{"content=/a b"}, "CONGSO_DATA=/d\nCONGSO_CONTENT='/a b'\n"},
		"all that is odd":    {"CONGSO_DATA=/d\n", []string{"content=/a'\"\\$`#"}, "CONGSO_DATA=/d\nCONGSO_CONTENT=\"/a'\\\"\\\\\\$\\`#\"\n"},
		"by Windows' editor": {"\ufeffCONGSO_DATA=C:\\d\r\n", []string{"listen=:80"}, "CONGSO_DATA=C:\\d\r\nCONGSO_LISTEN=:80\r\n"},
		"empty":              {"", []string{"data=/e"}, "CONGSO_DATA=/e\n"},
		"no folder in it":    {"", []string{"listen=:80"}, "CONGSO_LISTEN=:80\n"},
		"two that belong":    {"", []string{"tls-cert=/c", "tls-key=/k"}, "CONGSO_TLS_CERT=/c\nCONGSO_TLS_KEY=/k\n"},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "congso.env")
			congsotest.WriteFile(t, file, c.before)
			if err := os.Chmod(file, 0o604); err != nil {
				t.Fatal(err)
			}
			if out, err := ran(sources{}, append([]string{"config", "set", "--config", file}, c.set...)...); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			if diff := cmp.Diff(c.want, congsotest.ReadFile(t, file)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o604 {
				t.Errorf("mode %v, %v", info.Mode(), err)
			}
			if entries, err := os.ReadDir(filepath.Dir(file)); err != nil || len(entries) != 1 {
				t.Errorf("beside it: %v, %v", entries, err)
			}
			for _, set := range c.set { // what was set is read back
				key, value, _ := strings.Cut(set, "=")
				lines, err := readConfigFile(file)
				if name := settingOf(variableOf(key)); err != nil || name != "" && lines[name].value != value {
					t.Errorf("%s is read as %q, %v", set, lines[name].value, err)
				}
			}
		})
	}
}

// TestConfigSetRefuses: what serve would not start with is not written.
func TestConfigSetRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		before string
		set    []string
		want   string
	}{
		"unknown":                  {"", []string{"lisen=:80"}, "unknown setting lisen"},
		"no value":                 {"", []string{"listen"}, `"listen" is not of the form KEY=VALUE`},
		"two lines":                {"", []string{"content=/a\nCONGSO_URL=x"}, "one line"},
		"wrong":                    {"", []string{"listen=80"}, `--listen "80"`},
		"half":                     {"", []string{"tls-cert=/c"}, "--tls-key"},
		"a contradiction":          {"CONGSO_URL=http://a.vn\n", []string{"tls-cert=/c", "tls-key=/k"}, "--url"},
		"one good and one not":     {"", []string{"listen=:80", "log-days=x"}, "--log-days"},
		"a fault that was there":   {"CONGSO_LISTNE=:1\n", []string{"listen=:80"}, "congso.env:1: unknown setting CONGSO_LISTNE"},
		"nothing to change at all": {"", nil, "requires at least 1 arg"},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "congso.env")
			congsotest.WriteFile(t, file, c.before)
			_, err := ran(sources{}, append([]string{"config", "set", "--config", file}, c.set...)...)
			if err == nil {
				t.Fatal("accepted")
			}
			congsotest.MustContain(t, "the error", err.Error(), c.want)
			if got := congsotest.ReadFile(t, file); got != c.before {
				t.Errorf("the file is %q", got)
			}
		})
	}
}

// TestConfigSetWhere: the named file, else the system's, which is made when it is not there; a link stays a link.
func TestConfigSetWhere(t *testing.T) {
	folder := t.TempDir()
	system, named, link := filepath.Join(folder, "system.env"), filepath.Join(folder, "named.env"), filepath.Join(folder, "link.env")
	for _, c := range []struct {
		from sources
		args []string
		file string
	}{
		{sources{nil, system}, nil, system},
		{sources{[]string{"CONGSO_CONFIG=" + named}, system}, nil, named},
		{sources{nil, system}, []string{"--config", link}, named},
	} {
		if c.args != nil {
			if err := os.Symlink(named, link); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := ran(c.from, append([]string{"config", "set", "listen=:1"}, c.args...)...); err != nil {
			t.Fatal(err)
		}
		if got := congsotest.ReadFile(t, c.file); got != "CONGSO_LISTEN=:1\n" {
			t.Errorf("%s: %q", c.file, got)
		}
		if err := os.WriteFile(c.file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link is %v, %v", info, err)
	}
	if _, err := ran(sources{}, "config", "set", "listen=:1"); err == nil || !strings.Contains(err.Error(), "--config") {
		t.Errorf("without a file: %v", err)
	}
}

// TestConfigTLS installs a certificate by one command; what it writes is served.
func TestConfigTLS(t *testing.T) {
	c := congsotest.NewCertificate(t, congsotest.Year, "cong.example")
	file := configFileOf(t, "CONGSO_DATA=/d", "CONGSO_LISTEN=127.0.0.1:8080")
	out, err := ran(sources{nil, file}, "config", "tls", c.CertFile, c.KeyFile, "--url", "https://cong.example/")
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	folder := filepath.Join(filepath.Dir(file), "tls")
	cert, key := filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem")
	want := "CONGSO_DATA=/d\nCONGSO_LISTEN=:443\nCONGSO_URL=https://cong.example\nCONGSO_TLS_CERT=" + cert + "\nCONGSO_TLS_KEY=" + key + "\nCONGSO_REDIRECT_LISTEN=:80\n"
	if diff := cmp.Diff(want, congsotest.ReadFile(t, file)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if congsotest.ReadFile(t, cert) != congsotest.ReadFile(t, c.CertFile) || congsotest.ReadFile(t, key) != congsotest.ReadFile(t, c.KeyFile) {
		t.Error("the copies differ")
	}
	if info, err := os.Stat(key); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("the key's mode: %v, %v", info.Mode(), err)
	}
	congsotest.MustContain(t, "what it says", out, "for cong.example, until "+c.Leaf.NotAfter.Format(time.DateOnly), "redirect-listen = :80")

	// The next year's certificate needs no address any more, and chosen ports stay.
	if _, err := ran(sources{nil, file}, "config", "set", "listen=127.0.0.1:0", "redirect-listen=127.0.0.1:0", "data="+filepath.Join(t.TempDir(), "data")); err != nil {
		t.Fatal(err)
	}
	next := congsotest.NewCertificate(t, congsotest.Year, "cong.example")
	if out, err := ran(sources{nil, file}, "config", "tls", next.CertFile, next.KeyFile); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	r := congsotest.LaunchAsIs(t, []string{"CONGSO_CONFIG=" + file}, "serve")
	r.AwaitAddress(t)
	if a, _ := congsotest.AnswerTo(t, next.Client(r.Address(t, "address", 0)), "GET", "https://cong.example/healthz"); a.Status != 200 {
		t.Errorf("served: %d", a.Status)
	}
	r.Finish(t)
}

func TestConfigTLSRefuses(t *testing.T) {
	good, other := congsotest.NewCertificate(t, congsotest.Year, "cong.example"), congsotest.NewCertificate(t, congsotest.Year, "khac.example")
	ended := congsotest.NewCertificate(t, -time.Hour, "cong.example")
	locked := filepath.Join(t.TempDir(), "locked.key")
	congsotest.WriteFile(t, locked, "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n")
	for name, c := range map[string]struct {
		cert, key, url, want string
	}{
		"another's key":     {good.CertFile, other.KeyFile, "https://cong.example", "private key does not match"},
		"another's host":    {other.CertFile, other.KeyFile, "https://cong.example", "khac.example"},
		"ended":             {ended.CertFile, ended.KeyFile, "https://cong.example", "has ended on"},
		"no address":        {good.CertFile, good.KeyFile, "", "--url"},
		"an http address":   {good.CertFile, good.KeyFile, "http://cong.example", "--url"},
		"a locked key":      {good.CertFile, locked, "https://cong.example", "locked with a password"},
		"not there":         {"/none/cong.pem", good.KeyFile, "https://cong.example", "/none/cong.pem"},
		"key not there":     {good.CertFile, "/none/cong.key", "https://cong.example", "/none/cong.key"},
		"a port that is in": {good.CertFile, good.KeyFile, "https://cong.example:9100", "--metrics-listen"},
	} {
		t.Run(name, func(t *testing.T) {
			const before = "CONGSO_DATA=/d\nCONGSO_METRICS_LISTEN=127.0.0.1:9100\n"
			file := configFileOf(t, "CONGSO_DATA=/d", "CONGSO_METRICS_LISTEN=127.0.0.1:9100")
			_, err := ran(sources{nil, file}, "config", "tls", c.cert, c.key, "--url", c.url)
			if err == nil {
				t.Fatal("accepted")
			}
			congsotest.MustContain(t, "the error", err.Error(), c.want)
			if _, err := os.Stat(filepath.Join(filepath.Dir(file), "tls")); congsotest.ReadFile(t, file) != before || !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("something changed: %v, %q", err, congsotest.ReadFile(t, file))
			}
		})
	}
}

// TestConfigHidesMisplacedKeys: a key in the address of a bucket is refused, and shown by nothing.
func TestConfigHidesMisplacedKeys(t *testing.T) {
	for _, address := range []string{"s3://khoa:matkhau@kho?endpoint=https://a", "s3://kho?endpoint=https://a&secret=matkhau", "s3://kho?endpoint=https://a&access-key=matkhau", "s3://kho?endpoint=https://khoa:matkhau@a"} {
		out, err := ran(sources{}, "config", "--data=/d", "--media", address, "--media-key=khoa", "--media-secret=bimat")
		if err == nil {
			t.Errorf("%s is taken", address)
			continue
		}
		congsotest.MustLack(t, address, out+err.Error(), "matkhau")
	}
}
