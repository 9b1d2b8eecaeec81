package main

import (
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/spf13/pflag"

	"congso/cmd/congso/congsotest"
	"congso/store"
)

// configured is the configuration that flags and variables give over the defaults.
func configured(environ []string, args ...string) (Config, error) {
	return configuredBy(sources{environ: environ}, args...)
}

func configuredBy(from sources, args ...string) (Config, error) {
	flags := pflag.NewFlagSet("congso", pflag.ContinueOnError)
	flags.SetOutput(io.Discard)
	read := from.bind(flags)
	if err := flags.Parse(args); err != nil {
		return Config{}, err
	}
	config, err := read()
	if err != nil {
		return config, err
	}
	return config, config.Validate()
}

// with is a configuration with other values of some settings.
func with(c Config, values map[string]string) Config {
	for _, s := range c.settings() {
		if value, ok := values[s.name]; ok {
			*s.value = value
		}
	}
	return c
}

// defaults is a configuration of which nothing is set.
func defaults() Config {
	var c Config
	for _, s := range c.settings() {
		*s.value = s.fallback
	}
	return c
}

// valid is a value for each setting that can be used together: all but backup-at, which is not for PostgreSQL, and those of fetched certificates.
func valid(mark string) map[string]string {
	return map[string]string{
		"data": "/" + mark, "listen": ":1,[::1]:2", "url": "https://" + mark + ".example", "database": "postgres://" + mark + "/d?sslmode=disable",
		"media": "s3://" + mark + "?endpoint=https://a", "media-key": mark, "media-secret": mark + mark, "content": "/" + mark + "c", "internal-networks": "10.0.0.0/8", "trusted-proxies": "127.0.0.1", "session-idle": "30m", "session-max": "12h",
		"max-photo": "10", "max-attachment": "20", "max-pixels": "30", "tls-cert": "/" + mark + ".pem", "tls-key": "/" + mark + ".key",
		"redirect-listen": ":3", "metrics-listen": "127.0.0.1:4", "log-file": "/" + mark + ".log", "log-days": "5", "audit-days": "6",
		"backup-dir": "/" + mark + "b", "backup-keep": "7",
	}
}

func asVariables(values map[string]string) (lines []string) {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		lines = append(lines, variableOf(name)+"="+values[name])
	}
	return lines
}

func asFlags(values map[string]string) (args []string) {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		args = append(args, "--"+name+"="+values[name])
	}
	return args
}

// configFileOf is a file of these lines.
func configFileOf(t *testing.T, lines ...string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "congso.env")
	congsotest.WriteFile(t, name, strings.Join(lines, "\n")+"\n")
	return name
}

func TestConfigOrder(t *testing.T) {
	system := configFileOf(t, asVariables(valid("s"))...)
	named := configFileOf(t, asVariables(valid("n"))...)
	variables := asVariables(valid("v"))
	emptied := map[string]string{"url": "", "database": "", "content": "", "metrics-listen": "", "log-days": ""}
	for name, c := range map[string]struct {
		from sources
		args []string
		want Config
	}{
		"defaults":         {sources{}, []string{"--data", "/d"}, with(defaults(), map[string]string{"data": "/d"})},
		"variables":        {sources{variables, ""}, nil, with(defaults(), valid("v"))},
		"the system's":     {sources{nil, system}, nil, with(defaults(), valid("s"))},
		"over the file":    {sources{variables, system}, nil, with(defaults(), valid("v"))},
		"over all":         {sources{variables, system}, asFlags(valid("f")), with(defaults(), valid("f"))},
		"one flag":         {sources{variables, ""}, []string{"--listen", ":9"}, with(with(defaults(), valid("v")), map[string]string{"listen": ":9"})},
		"emptied":          {sources{variables, system}, asFlags(emptied), with(with(defaults(), valid("v")), emptied)},
		"emptied variable": {sources{[]string{"CONGSO_CONTENT="}, system}, nil, with(with(defaults(), valid("s")), map[string]string{"content": ""})},
		"a named file":     {sources{nil, system}, []string{"--config", named}, with(defaults(), valid("n"))},
		"by a variable":    {sources{[]string{"CONGSO_CONFIG=" + named}, system}, nil, with(defaults(), valid("n"))},
		"by both":          {sources{[]string{"CONGSO_CONFIG=/none"}, ""}, []string{"--config", named}, with(defaults(), valid("n"))},
		"no file":          {sources{[]string{"CONGSO_CONFIG="}, system}, []string{"--data=/d"}, with(defaults(), map[string]string{"data": "/d"})},
		"none is there":    {sources{nil, "/none/congso.env"}, []string{"--data=/d"}, with(defaults(), map[string]string{"data": "/d"})},
		"others' own":      {sources{[]string{"HOME=/h", "CONGSO_TEST_ANYTHING=1", "CONGSOX=1", "XCONGSO_DATA=/x", "CONGSO_DATA=/v"}, ""}, nil, with(defaults(), map[string]string{"data": "/v"})},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := configuredBy(c.from, c.args...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got, cmpopts.IgnoreUnexported(Config{})); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestConfigOrigins(t *testing.T) {
	file := configFileOf(t, "# the portal", "CONGSO_DATA=/d", "", "CONGSO_URL=http://a.example", "CONGSO_LISTEN=:1")
	config, err := configuredBy(sources{[]string{"CONGSO_URL=https://b.example", "CONGSO_LISTEN=:2"}, file}, "--listen=:3")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"data": file + ":2", "url": "CONGSO_URL", "listen": "--listen", "content": "default"} {
		if got := config.origin(name); got != want {
			t.Errorf("%s is from %s, want %s", name, got, want)
		}
	}
}

// TestConfigFileSyntax: the lines of a file are read as systemd reads them, paths of Windows too.
func TestConfigFileSyntax(t *testing.T) {
	for text, want := range map[string]string{
		"CONGSO_CONTENT=/a b":                "/a b",
		"  CONGSO_CONTENT = /a  ":            "/a",
		"CONGSO_CONTENT=\"/a b \"":           "/a b ",
		"CONGSO_CONTENT='/a \"b\"'":          `/a "b"`,
		`CONGSO_CONTENT="a \"b\" \\ \$c \x"`: `a "b" \ $c \x`,
		`CONGSO_CONTENT='a\b'`:               `a\b`,
		`CONGSO_CONTENT=C:\congso\bài`:       `C:\congso\bài`,
		"CONGSO_CONTENT=/a # b":              "/a # b",
		"CONGSO_CONTENT=a=b":                 "a=b",
		"CONGSO_CONTENT=":                    "",
		"CONGSO_CONTENT=\"\"":                "",
		"\ufeff# by a Windows editor\r\n;\r\n\r\nCONGSO_CONTENT=/a\r\n": "/a",
	} {
		file := filepath.Join(t.TempDir(), "congso.env")
		congsotest.WriteFile(t, file, text)
		config, err := configured(nil, "--data=/d", "--config", file)
		if err != nil || config.Content != want {
			t.Errorf("%q is %q, %v, want %q", text, config.Content, err, want)
		}
	}
}

func TestConfigFileFaults(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"unknown":         {"CONGSO_DATA=/d\nCONGSO_LISTNE=:1\n", "congso.env:2: unknown setting CONGSO_LISTNE"},
		"another's":       {"PATH=/bin\n", "congso.env:1: unknown setting PATH"},
		"a flag's name":   {"listen=:1\n", "congso.env:1: unknown setting listen"},
		"exported":        {"export CONGSO_DATA=/d\n", "congso.env:1: unknown setting export CONGSO_DATA"},
		"of tests":        {"CONGSO_TEST_X=1\n", "congso.env:1: unknown setting CONGSO_TEST_X"},
		"another file":    {"CONGSO_CONFIG=/x\n", "congso.env:1: unknown setting CONGSO_CONFIG"},
		"twice":           {"CONGSO_URL=http://a.vn\n#\nCONGSO_URL=http://b.vn\n", "congso.env:3: CONGSO_URL is set a second time"},
		"no value":        {"CONGSO_DATA /d\n", `congso.env:1: "CONGSO_DATA /d" is no line`},
		"open quote":      {"CONGSO_DATA=\"/d\n", "congso.env:1: CONGSO_DATA: the closing quote is missing"},
		"more than quote": {"CONGSO_DATA='/d'e\n", "congso.env:1: CONGSO_DATA: something follows the closing quote"},
		"a wrong value":   {"CONGSO_DATA=/d\nCONGSO_LISTEN=x\n", "congso.env:2"},
		"UTF-16":          {"C\x00O\x00N\x00", "no text file in UTF-8"},
		"Latin 1":         {"CONGSO_DATA=/d\xe9\n", "no text file in UTF-8"},
		"a long line":     {strings.Repeat("đ", 100_000) + "=1\n", "congso.env:1: unknown setting " + strings.Repeat("đ", 80) + "…"},
		"a picture":       {strings.Repeat("đ", 100_000), `congso.env:1: "` + strings.Repeat("đ", 80) + `…" is no line`},
		"for a terminal":  {"\x1b[2Jx=1\n", `congso.env:1: unknown setting "\x1b[2Jx"`},
		"endless":         {strings.Repeat("# much\n", 200_000), "no text file in UTF-8"},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "congso.env")
			congsotest.WriteFile(t, file, c.text)
			_, err := configured(nil, "--config", file)
			if err == nil {
				t.Fatal("accepted")
			}
			congsotest.MustContain(t, "the error", err.Error(), c.want)
		})
	}
	if _, err := configured(nil, "--data=/d", "--config=/none/congso.env"); err == nil || !strings.Contains(err.Error(), "/none/congso.env") {
		t.Errorf("a file that is not there: %v", err)
	}
}

// TestConfigContradictions: settings that cannot be together are both named, with the places that they come from.
func TestConfigContradictions(t *testing.T) {
	for name, c := range map[string]struct {
		args string // beside --data=/d
		want []string
	}{
		"certificate alone":     {"--tls-cert=/c", []string{"--tls-cert", "--tls-key"}},
		"key alone":             {"--tls-key=/c", []string{"--tls-cert", "--tls-key"}},
		"two certificates":      {"--tls-cert=/c --tls-key=/k --acme=it@a.vn --url=https://a.vn", []string{"--tls-cert", "--acme"}},
		"TLS and http":          {"--tls-cert=/c --tls-key=/k --url=http://a.vn", []string{"--tls-cert", "--url"}},
		"ACME and http":         {"--acme=it@a.vn --url=http://a.vn", []string{"--acme", "--url"}},
		"ACME for nothing":      {"--acme=it@a.vn", []string{"--acme", "--url"}},
		"ACME for an address":   {"--acme=it@a.vn --url=https://10.0.0.1", []string{"--acme", "--url"}},
		"ACME for a bare name":  {"--acme=it@a.vn --url=https://portal", []string{"--acme", "--url"}},
		"ACME of nobody":        {"--acme=yes --url=https://a.vn", []string{`--acme "yes"`}},
		"authority for nothing": {"--acme-directory=https://ca.vn/dir", []string{"--acme-directory", "--acme"}},
		"authority in clear":    {"--acme=it@a.vn --url=https://a.vn --acme-directory=http://ca.vn/dir", []string{"--acme-directory"}},
		"redirect to nothing":   {"--redirect-listen=:80", []string{"--redirect-listen", "--tls-cert", "--acme"}},
		"redirect's address":    {"--tls-cert=/c --tls-key=/k --redirect-listen=80", []string{`--redirect-listen "80"`}},
		"idle over max":         {"--session-idle=2h --session-max=1h", []string{"--session-idle", "--session-max"}},
		"idle over the default": {"--session-idle=200h", []string{"--session-idle", "--session-max"}},
		"figures for all":       {"--metrics-listen=:9100", []string{`--metrics-listen ":9100" is not on loopback`}},
		"figures for others":    {"--metrics-listen=10.0.0.1:9100", []string{"--metrics-listen", "loopback"}},
		"figures nowhere":       {"--metrics-listen=9100", []string{"--metrics-listen"}},
		"same twice":            {"--listen=:443,:443", []string{`--listen ":443"`}},
		"same by all":           {"--listen=127.0.0.1:443,:443", []string{`"127.0.0.1:443"`, `":443"`}},
		"same by all of IPv4":   {"--listen=0.0.0.0:443,127.0.0.1:443", []string{`"0.0.0.0:443"`, `"127.0.0.1:443"`}},
		"same as redirect":      {"--tls-cert=/c --tls-key=/k --listen=:443 --redirect-listen=:443", []string{"--listen", "--redirect-listen"}},
		"figures in IPv6":       {"--metrics-listen=[::ffff:8.8.8.8]:9100", []string{"--metrics-listen", "loopback"}},
		"figures anywhere":      {"--metrics-listen=[::]:9100", []string{"--metrics-listen", "loopback"}},
		"figures by a name":     {"--metrics-listen=localhost.a.vn:9100", []string{"--metrics-listen", "loopback"}},
		"figures in numbers":    {"--metrics-listen=2130706433:9100", []string{"--metrics-listen", "loopback"}},
		"figures and localhost": {"--listen=127.0.0.1:9100 --metrics-listen=localhost:9100", []string{"--listen", `--metrics-listen "127.0.0.1:9100"`}},
		"same as figures":       {"--listen=:9100 --metrics-listen=[::1]:9100", []string{"--listen", "--metrics-listen"}},
		"backups nowhere":       {"--backup-at=02:00", []string{"--backup-at", "--backup-dir"}},
		"backups when":          {"--backup-dir=/b --backup-at=2h", []string{`--backup-at "2h"`}},
		"backups of backups":    {"--backup-dir=/d/media/b", []string{"--backup-dir", "--data"}},
		"backups kept":          {"--backup-keep=0", []string{`--backup-keep "0"`}},
		"log days":              {"--log-days=0", []string{`--log-days "0"`}},
		"audit days":            {"--audit-days=-1", []string{`--audit-days "-1"`}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := configured(nil, append([]string{"--data=/d"}, strings.Fields(c.args)...)...)
			if err == nil {
				t.Fatal("accepted")
			}
			congsotest.MustContain(t, "the error", err.Error(), c.want...)
		})
	}
	file := configFileOf(t, "CONGSO_DATA=/d", "CONGSO_TLS_CERT=/c", "CONGSO_TLS_KEY=/k")
	_, err := configured([]string{"CONGSO_URL=http://a.vn"}, "--config", file)
	if err == nil || !strings.HasSuffix(err.Error(), "(set by "+file+":2 and CONGSO_URL)") {
		t.Errorf("where it comes from: %v", err)
	}
}

// TestConfigTogether: what looks like a contradiction and is none.
func TestConfigTogether(t *testing.T) {
	for _, args := range []string{
		"--listen=127.0.0.1:0,127.0.0.1:0",
		"--listen=0.0.0.0:443,[::]:443",
		"--listen=127.0.0.1:443,[::1]:443 --metrics-listen=localhost:9100",
		"--listen=:443 --redirect-listen=:80 --acme=it@a.vn --url=https://a.vn",
		"--listen=:8443 --tls-cert=/c --tls-key=/k",
		"--session-idle= --session-max=",
		"--backup-dir=/d/backups --backup-at=02:00",
		"--backup-dir=/d/mediabackups",
	} {
		if _, err := configured(nil, append([]string{"--data=/d"}, strings.Fields(args)...)...); err != nil {
			t.Errorf("%s: %v", args, err)
		}
	}
}

func TestConfigBackups(t *testing.T) {
	config, err := configured(nil, "--data=/d", "--backup-dir=/b", "--backup-at=02:05, 14:30", "--backup-keep=3")
	if err != nil {
		t.Fatal(err)
	}
	got, err := config.backups()
	want := backups{"/b", []time.Duration{2*time.Hour + 5*time.Minute, 14*time.Hour + 30*time.Minute}, 3}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(backups{})); err != nil || diff != "" {
		t.Errorf("%v, -want +got:\n%s", err, diff)
	}
	if got, err := new(Config).backups(); err != nil || got.keep != 14 || got.at != nil {
		t.Errorf("the default is %+v, %v", got, err)
	}
}

// TestConfigFaults: what is wrong is named, and what is secret is not.
func TestConfigFaults(t *testing.T) {
	for name, c := range map[string]struct {
		environ, args []string
		want          string
	}{
		"unknown variable":     {[]string{"CONGSO_LISTNE=:1"}, nil, "CONGSO_LISTNE"},
		"lower case":           {[]string{"CONGSO_data=/x"}, nil, "CONGSO_data"},
		"unknown flag":         {nil, []string{"--prot=1"}, "--prot"},
		"no folder":            {nil, []string{"--data="}, "--data"},
		"no port":              {nil, []string{"--listen=127.0.0.1"}, `--listen "127.0.0.1"`},
		"port of letters":      {nil, []string{"--listen=127.0.0.1:http"}, `--listen "127.0.0.1:http"`},
		"port too high":        {nil, []string{"--listen=:70000"}, `--listen ":70000"`},
		"by variable":          {[]string{"CONGSO_LISTEN=x"}, nil, `--listen "x"`},
		"bare host":            {nil, []string{"--url=snv.example.vn"}, `--url "snv.example.vn"`},
		"other scheme":         {nil, []string{"--url=ftp://snv.example.vn"}, "--url"},
		"with a path":          {nil, []string{"--url=https://snv.example.vn/cong"}, "--url"},
		"with a query":         {nil, []string{"--url=https://snv.example.vn?a=1"}, "--url"},
		"with a fragment":      {nil, []string{"--url=https://snv.example.vn#a"}, "--url"},
		"with a user":          {nil, []string{"--url=https://a@snv.example.vn"}, "--url"},
		"no host":              {nil, []string{"--url=https://:8443"}, "--url"},
		"impossible host":      {nil, []string{"--url=https://a_b..vn"}, "--url"},
		"another database":     {nil, []string{"--database=mysql://u:matkhau@h/d"}, "--database"},
		"a database's address": {nil, []string{"--database=postgres://u:matkhau@h/d?pool_max_conns=0"}, "--database: pool_max_conns=0"},
		"another replica":      {nil, []string{"--database=postgres://h/d", "--database-read=mysql://u:matkhau@h/d"}, "--database-read must begin with postgres://"},
		"a replica of nothing": {nil, []string{"--database-read=postgres://u:matkhau@h/d"}, "--database-read is of no use without --database"},
		"internal":             {nil, []string{"--internal-networks=10.0.0.0/8,10.0.0.0/33"}, `--internal-networks: "10.0.0.0/33"`},
		"idle":                 {nil, []string{"--session-idle=30"}, `--session-idle "30"`},
		"longest":              {nil, []string{"--session-max=1s"}, `--session-max "1s"`},
		"photo":                {nil, []string{"--max-photo=25MB"}, `--max-photo "25MB" is no whole number from 1 to 500`},
		"attachment":           {[]string{"CONGSO_MAX_ATTACHMENT=0"}, nil, `--max-attachment "0"`},
		"pixels":               {nil, []string{"--max-pixels=201"}, `--max-pixels "201"`},
		"proxies":              {nil, []string{"--trusted-proxies=proxy.local"}, `--trusted-proxies: "proxy.local"`},
		"media":                {nil, []string{"--media=tep"}, "neither a folder's path"},
		"bucket":               {nil, []string{"--media=s3://k:matkhau@kho?endpoint=https://a"}, "keys are settings of their own"},
		"bucket's service":     {nil, []string{"--media=s3://kho?endpoint=https://k:matkhau@a"}, "no address of a service"},
		"bucket's key":         {[]string{"CONGSO_MEDIA_SECRET=matkhau"}, []string{"--media=s3://kho?endpoint=https://a"}, "a bucket needs a key"},
		"large files":          {nil, []string{"--media=s3://kho?endpoint=https://a", "--media-key=k", "--media-secret=matkhau", "--max-attachment=6000"}, "5120 MB at most"},
		"backups in media":     {nil, []string{"--media=/m", "--backup-dir=/m/b"}, "--backup-dir /m/b lies in --media /m"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := configured(c.environ, append([]string{"--data=/d"}, c.args...)...)
			if err == nil {
				t.Fatal("accepted")
			}
			congsotest.MustContain(t, "the error", err.Error(), c.want)
			congsotest.MustLack(t, "the error", err.Error(), "matkhau")
		})
	}
}

func TestConfigLimits(t *testing.T) {
	config, err := configured(nil, "--data=/d", "--max-photo=10", "--max-pixels=30")
	if err != nil {
		t.Fatal(err)
	}
	got, err := config.limits()
	want := store.Limits{PhotoBytes: 10 << 20, AttachmentBytes: 100 << 20, Pixels: 30_000_000}
	if err != nil || got != want {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
}

func TestConfigPublic(t *testing.T) {
	for given, want := range map[string]string{
		"https://snv.example.vn":      "https://snv.example.vn",
		"https://snv.example.vn/":     "https://snv.example.vn",
		"https://snv.example.vn:443":  "https://snv.example.vn",
		"http://snv.example.vn:80/":   "http://snv.example.vn",
		"http://snv.example.vn:443":   "http://snv.example.vn:443",
		"https://SNV.Example.vn:8443": "https://snv.example.vn:8443",
		"http://10.1.2.3:8080":        "http://10.1.2.3:8080",
		"https://[2001:db8::1]":       "https://[2001:db8::1]",
		"https://[2001:db8::1]:8443":  "https://[2001:db8::1]:8443",
		"https://nộivụ.example":       "https://xn--niv-6mzuc.example",
	} {
		config := Config{URL: given}
		u, err := config.public()
		if err != nil {
			t.Errorf("%s: %v", given, err)
			continue
		}
		if u.String() != want {
			t.Errorf("%s is %s, want %s", given, u, want)
		}
	}
	if u, err := new(Config).public(); u != nil || err != nil {
		t.Errorf("none is %v, %v", u, err)
	}
}

func TestConfigNetworks(t *testing.T) {
	for given, want := range map[string]string{
		"":                                "",
		"10.0.0.0/8":                      "10.0.0.0/8",
		"10.1.2.3/8":                      "10.0.0.0/8",
		"10.0.0.0/8,192.168.1.0/24":       "10.0.0.0/8 192.168.1.0/24",
		" 10.0.0.0/8 , 192.168.1.0/24 , ": "10.0.0.0/8 192.168.1.0/24",
		"192.168.1.7":                     "192.168.1.7/32",
		"::1,fd00::/8":                    "::1/128 fd00::/8",
		"::ffff:10.0.0.9":                 "10.0.0.9/32",
		"::ffff:10.1.2.3/104,::/0":        "10.0.0.0/8 ::/0",
	} {
		networks, err := prefixes("--internal-networks", given)
		if err != nil {
			t.Errorf("%q: %v", given, err)
		}
		var texts []string
		for _, n := range networks {
			texts = append(texts, n.String())
		}
		if got := strings.Join(texts, " "); got != want {
			t.Errorf("%q is %q, want %q", given, got, want)
		}
	}
}

// TestHelpNamesSettings: --help tells every setting's variable.
func TestHelpNamesSettings(t *testing.T) {
	for _, name := range []string{"serve", "demo"} {
		command := newCommand(nil)
		var out strings.Builder
		command.SetOut(&out)
		command.SetArgs([]string{name, "--help"})
		if err := command.Execute(); err != nil {
			t.Fatal(err)
		}
		for _, s := range new(Config).settings() {
			congsotest.MustContain(t, name+" --help", out.String(), "--"+s.name, s.variable())
		}
	}
}
