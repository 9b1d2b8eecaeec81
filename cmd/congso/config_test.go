package main

import (
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"

	"congso/store"
)

// configured is the configuration that flags and variables give over these defaults.
func configured(environ []string, args ...string) (Config, error) {
	config := Config{Listen: "127.0.0.1:8080"}
	flags := pflag.NewFlagSet("congso", pflag.ContinueOnError)
	flags.SetOutput(io.Discard)
	if err := config.bind(flags, environ); err != nil {
		return config, err
	}
	if err := flags.Parse(args); err != nil {
		return config, err
	}
	return config, config.Validate()
}

func TestConfigOrder(t *testing.T) {
	all := []string{
		"CONGSO_DATA=/v", "CONGSO_LISTEN=:1", "CONGSO_URL=https://v.example", "CONGSO_DATABASE=postgres://v/v", "CONGSO_CONTENT=/vc",
		"CONGSO_INTERNAL_NETWORKS=10.0.0.0/8", "CONGSO_TRUSTED_PROXIES=127.0.0.1",
		"CONGSO_SESSION_IDLE=30m", "CONGSO_SESSION_MAX=12h", "CONGSO_MAX_PHOTO=10", "CONGSO_MAX_ATTACHMENT=20", "CONGSO_MAX_PIXELS=30",
	}
	for name, c := range map[string]struct {
		environ, args []string
		want          Config
	}{
		"defaults":       {nil, []string{"--data", "/d"}, Config{Data: "/d", Listen: "127.0.0.1:8080"}},
		"variables":      {all, nil, Config{"/v", ":1", "https://v.example", "postgres://v/v", "/vc", "10.0.0.0/8", "127.0.0.1", "30m", "12h", "10", "20", "30"}},
		"flags over all": {all, []string{"--data=/f", "--listen=:2", "--url=http://f.example", "--database=postgresql://f/f", "--content=/fc", "--internal-networks=::1", "--trusted-proxies=10.1.0.0/16", "--session-idle=1h", "--session-max=2h", "--max-photo=1", "--max-attachment=2", "--max-pixels=3"}, Config{"/f", ":2", "http://f.example", "postgresql://f/f", "/fc", "::1", "10.1.0.0/16", "1h", "2h", "1", "2", "3"}},
		"one flag":       {all, []string{"--listen", ":3"}, Config{"/v", ":3", "https://v.example", "postgres://v/v", "/vc", "10.0.0.0/8", "127.0.0.1", "30m", "12h", "10", "20", "30"}},
		"emptied":        {all, []string{"--url=", "--database=", "--content="}, Config{"/v", ":1", "", "", "", "10.0.0.0/8", "127.0.0.1", "30m", "12h", "10", "20", "30"}},
		"others' own":    {[]string{"HOME=/h", "CONGSO_TEST_POSTGRES=postgres://t/t", "CONGSO_TEST_ANYTHING=1", "CONGSOX=1", "XCONGSO_DATA=/x", "CONGSO_DATA=/v"}, nil, Config{Data: "/v", Listen: "127.0.0.1:8080"}},
		"a value with =": {[]string{"CONGSO_DATA=/v", "CONGSO_DATABASE=postgres://h/d?sslmode=disable"}, nil, Config{Data: "/v", Listen: "127.0.0.1:8080", Database: "postgres://h/d?sslmode=disable"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := configured(c.environ, c.args...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestConfigFaults: what is wrong is named, and what is secret is not.
func TestConfigFaults(t *testing.T) {
	for name, c := range map[string]struct {
		environ, args []string
		want          string
	}{
		"unknown variable": {[]string{"CONGSO_LISTNE=:1"}, nil, "CONGSO_LISTNE"},
		"lower case":       {[]string{"CONGSO_data=/x"}, nil, "CONGSO_data"},
		"unknown flag":     {nil, []string{"--prot=1"}, "--prot"},
		"no folder":        {nil, []string{"--data="}, "--data"},
		"no port":          {nil, []string{"--listen=127.0.0.1"}, `--listen "127.0.0.1"`},
		"port of letters":  {nil, []string{"--listen=127.0.0.1:http"}, `--listen "127.0.0.1:http"`},
		"port too high":    {nil, []string{"--listen=:70000"}, `--listen ":70000"`},
		"by variable":      {[]string{"CONGSO_LISTEN=x"}, nil, `--listen "x"`},
		"bare host":        {nil, []string{"--url=snv.example.vn"}, `--url "snv.example.vn"`},
		"other scheme":     {nil, []string{"--url=ftp://snv.example.vn"}, "--url"},
		"with a path":      {nil, []string{"--url=https://snv.example.vn/cong"}, "--url"},
		"with a query":     {nil, []string{"--url=https://snv.example.vn?a=1"}, "--url"},
		"with a fragment":  {nil, []string{"--url=https://snv.example.vn#a"}, "--url"},
		"with a user":      {nil, []string{"--url=https://a@snv.example.vn"}, "--url"},
		"no host":          {nil, []string{"--url=https://:8443"}, "--url"},
		"impossible host":  {nil, []string{"--url=https://a_b..vn"}, "--url"},
		"another database": {nil, []string{"--database=mysql://u:matkhau@h/d"}, "--database"},
		"internal":         {nil, []string{"--internal-networks=10.0.0.0/8,10.0.0.0/33"}, `--internal-networks: "10.0.0.0/33"`},
		"idle":             {nil, []string{"--session-idle=30"}, `--session-idle "30"`},
		"longest":          {nil, []string{"--session-max=1s"}, `--session-max "1s"`},
		"photo":            {nil, []string{"--max-photo=25MB"}, `--max-photo "25MB" is no whole number from 1 to 500`},
		"attachment":       {[]string{"CONGSO_MAX_ATTACHMENT=0"}, nil, `--max-attachment "0"`},
		"pixels":           {nil, []string{"--max-pixels=201"}, `--max-pixels "201"`},
		"proxies":          {nil, []string{"--trusted-proxies=proxy.local"}, `--trusted-proxies: "proxy.local"`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := configured(c.environ, append([]string{"--data=/d"}, c.args...)...)
			if err == nil {
				t.Fatal("accepted")
			}
			mustContain(t, "the error", err.Error(), c.want)
			mustLack(t, "the error", err.Error(), "matkhau")
		})
	}
}

func TestConfigLimits(t *testing.T) {
	config, err := configured(nil, "--data=/d", "--max-photo=10", "--max-pixels=30")
	if err != nil {
		t.Fatal(err)
	}
	got, err := config.limits()
	want := store.Limits{PhotoBytes: 10 << 20, Pixels: 30_000_000} // what is not set is the store's own
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
			mustContain(t, name+" --help", out.String(), "--"+s.name, s.variable())
		}
	}
}
