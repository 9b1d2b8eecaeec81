package main

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"congso/cmd/congso/congsotest"
)

// TestHTTPS serves with an own certificate: HTTP/2, HSTS, nothing older than TLS 1.2, and plain HTTP leads there.
func TestHTTPS(t *testing.T) {
	c := congsotest.NewCertificate(t, congsotest.Year, "cong.example")
	r := congsotest.Start(t, nil, "serve", "--data", filepath.Join(t.TempDir(), "data"), "--url", "https://cong.example",
		"--tls-cert", c.CertFile, "--tls-key", c.KeyFile, "--redirect-listen", "127.0.0.1:0")
	if r.URL != "https://cong.example" {
		t.Errorf("it calls itself %s", r.URL)
	}
	pages := r.Address(t, "address", 0)
	a, response := congsotest.AnswerTo(t, c.Client(pages), "GET", "https://cong.example/")
	if a.Status != http.StatusOK || response.Proto != "HTTP/2.0" || a.Header.Get("Strict-Transport-Security") != "max-age=31536000" {
		t.Errorf("%d by %s, %v", a.Status, response.Proto, a.Header)
	}
	congsotest.MustContain(t, "home", a.Body, `href="https://cong.example/"`)
	if a, _ := congsotest.AnswerTo(t, c.Client(pages), "GET", "https://127.0.0.1/"); a.Status != http.StatusBadRequest {
		t.Errorf("another host: %d", a.Status)
	}
	old := c.Client(pages, func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS11 })
	if _, err := old.Get("https://cong.example/"); err == nil || !strings.Contains(err.Error(), "protocol version") {
		t.Errorf("TLS 1.1: %v", err)
	}
	if a, _ := congsotest.AnswerTo(t, c.Client(pages), "GET", "http://"+pages+"/"); a.Status != http.StatusBadRequest {
		t.Errorf("plain HTTP to the port of HTTPS: %d", a.Status)
	}
	checkRedirect(t, c.Client(r.Address(t, "redirect", 0)))
	congsotest.MustLack(t, "the log", r.Log.String(), "handshake") // clients' failures are no news, and name their addresses
	r.Finish(t)
}

// checkRedirect: whatever host a request names, it is led to the public address, and nothing is served on the way.
func checkRedirect(t *testing.T, plain *http.Client) {
	t.Helper()
	for _, c := range []struct {
		method, path, host string
		status             int
		location           string
	}{
		{"GET", "/", "cong.example", 301, "https://cong.example/"},
		{"HEAD", "/tin-tuc?trang=2", "cong.example", 301, "https://cong.example/tin-tuc?trang=2"},
		{"GET", "/", "evil.example", 301, "https://cong.example/"},
		{"GET", "/", "evil.example:80", 301, "https://cong.example/"},
		{"GET", "//evil.example/a", "evil.example", 301, "https://cong.example//evil.example/a"},
		{"GET", "/t%C3%ACm%0d%0aX:%20y", "cong.example", 301, "https://cong.example/t%C3%ACm%0d%0aX:%20y"},
		{"GET", "/.well-known/acme-challenge/x", "cong.example", 301, "https://cong.example/.well-known/acme-challenge/x"},
		{"GET", "/metrics", "cong.example", 301, "https://cong.example/metrics"},
		{"POST", "/admin/dang-nhap", "cong.example", 308, "https://cong.example/admin/dang-nhap"},
		{"GET", "/healthz", "evil.example", 200, ""},
	} {
		a, _ := congsotest.AnswerTo(t, plain, c.method, "http://cong.example"+c.path, "Host", c.host)
		if a.Status != c.status || a.Header.Get("Location") != c.location {
			t.Errorf("%s %s of %s: %d to %q, want %d to %q", c.method, c.path, c.host, a.Status, a.Header.Get("Location"), c.status, c.location)
		}
		if a.Header.Get("Strict-Transport-Security") != "" || a.Header.Get("X-Content-Type-Options") != "nosniff" || a.Header.Get("X-Request-Id") == "" {
			t.Errorf("%s: headers %v", c.path, a.Header)
		}
	}
}

// TestHTTPSWithoutAddress: without --url a login is as safe, links name the address listened on, and plain HTTP cannot be led anywhere.
func TestHTTPSWithoutAddress(t *testing.T) {
	c := congsotest.NewCertificate(t, congsotest.Year, "localhost")
	r := startHere(t, nil, "demo", "--data", congsotest.DemoData(t), "--tls-cert", c.CertFile, "--tls-key", c.KeyFile, "--redirect-listen", "127.0.0.1:0")
	pages := r.Address(t, "address", 0)
	if r.URL != "https://"+pages {
		t.Errorf("it calls itself %s", r.URL)
	}
	client := c.Client(pages)
	response, err := client.PostForm(r.URL+"/admin/dang-nhap", url.Values{"name": {demoEditor}, "password": {demoPassword}})
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	cookies := response.Cookies()
	if len(cookies) != 1 || cookies[0].Name != "__Host-congso" || !cookies[0].Secure || cookies[0].Path != "/" || cookies[0].Domain != "" {
		t.Errorf("%d, cookies %v", response.StatusCode, cookies)
	}
	plain := c.Client(r.Address(t, "redirect", 0))
	a, _ := congsotest.AnswerTo(t, plain, "GET", "http://localhost/", "Host", "evil.example")
	if a.Status != http.StatusBadRequest || a.Header.Get("Location") != "" {
		t.Errorf("%d to %q", a.Status, a.Header.Get("Location"))
	}
	congsotest.MustContain(t, "the answer", a.Body, "HTTPS")
}

// TestCertificateChanges: new files are used without a restart; a pair that cannot be used leaves the old one in use.
func TestCertificateChanges(t *testing.T) {
	t.Parallel()
	old, next := congsotest.NewCertificate(t, 10*24*time.Hour, "cong.example"), congsotest.NewCertificate(t, congsotest.Year, "cong.example")
	r := congsotest.Start(t, nil, "serve", "--data", filepath.Join(t.TempDir(), "data"), "--tls-cert", old.CertFile, "--tls-key", old.KeyFile)
	client := old.Client(r.Address(t, "address", 0), func(c *tls.Config) { c.InsecureSkipVerify = true }) // the serial number is looked at
	serves := func() string {
		_, response := congsotest.AnswerTo(t, client, "GET", "https://cong.example/healthz")
		return response.TLS.PeerCertificates[0].SerialNumber.String()
	}
	if got := serves(); got != old.Leaf.SerialNumber.String() {
		t.Fatalf("serves %s", got)
	}
	if !congsotest.Eventually(congsotest.Patience, func() bool { return strings.Contains(r.Log.String(), `"msg":"the certificate ends soon"`) }) {
		t.Error("not said that it ends soon")
	}
	congsotest.WriteFile(t, old.CertFile, congsotest.ReadFile(t, next.CertFile)) // without its key
	if !congsotest.Eventually(congsotest.Patience, func() bool { return strings.Contains(r.Log.String(), "the new certificate cannot be used") }) {
		t.Fatalf("not said that the pair is none\n%s", r.Log)
	}
	if got := serves(); got != old.Leaf.SerialNumber.String() {
		t.Errorf("with half a pair it serves %s", got)
	}
	congsotest.WriteFile(t, old.KeyFile, congsotest.ReadFile(t, next.KeyFile))
	if !congsotest.Eventually(congsotest.Patience, func() bool { return serves() == next.Leaf.SerialNumber.String() }) {
		t.Errorf("the new pair is not served\n%s", r.Log)
	}
	if n := strings.Count(r.Log.String(), "cannot be used"); n != 1 {
		t.Errorf("said %d times that the pair is none", n)
	}
}

func TestCertificateFaults(t *testing.T) {
	good, other := congsotest.NewCertificate(t, congsotest.Year, "cong.example"), congsotest.NewCertificate(t, congsotest.Year, "cong.example")
	empty := filepath.Join(t.TempDir(), "empty.pem")
	congsotest.WriteFile(t, empty, "")
	for name, files := range map[string][3]string{ // the two files, and the one that is named
		"not there":      {"/none/cong.pem", good.KeyFile, "/none/cong.pem"},
		"key not there":  {good.CertFile, "/none/cong.key", "/none/cong.key"},
		"empty":          {empty, good.KeyFile, empty},
		"another's key":  {good.CertFile, other.KeyFile, other.KeyFile},
		"the wrong ways": {good.KeyFile, good.CertFile, good.KeyFile},
	} {
		t.Run(name, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "data")
			err := fail(t, nil, "serve", "--data", folder, "--listen=127.0.0.1:0", "--tls-cert", files[0], "--tls-key", files[1])
			congsotest.MustContain(t, "the error", err.Error(), "--tls-cert and --tls-key: ", files[2])
			if _, err := os.Stat(folder); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("the data folder was touched: %v", err)
			}
		})
	}
}

func TestCertificateExpiry(t *testing.T) {
	c := congsotest.NewCertificate(t, congsotest.Year, "cong.example")
	data := t.TempDir()
	fetched := Config{Data: data, ACME: "it@cong.example", URL: "https://cong.example"}
	if _, err := certificateExpiry(fetched); !errors.Is(err, errNoCertificate) {
		t.Errorf("before one is fetched: %v", err)
	}
	if err := os.Mkdir(filepath.Join(data, acmeFolder), 0o700); err != nil {
		t.Fatal(err)
	}
	congsotest.WriteFile(t, filepath.Join(data, acmeFolder, "cong.example"), congsotest.ReadFile(t, c.KeyFile)+congsotest.ReadFile(t, c.CertFile)) // as autocert keeps it
	for name, config := range map[string]Config{"own": {Cert: c.CertFile}, "fetched": fetched} {
		if end, err := certificateExpiry(config); err != nil || !end.Equal(c.Leaf.NotAfter) {
			t.Errorf("%s: %v, %v", name, end, err)
		}
	}
	if _, err := certificateExpiry(Config{}); !errors.Is(err, errNoCertificate) {
		t.Errorf("without HTTPS: %v", err)
	}
	if _, err := certificateExpiry(Config{Cert: c.KeyFile}); err == nil || errors.Is(err, errNoCertificate) {
		t.Errorf("a file without a certificate: %v", err)
	}
}

// TestForwardedHeaders: what a reader's own headers claim about scheme and host is not believed, from a trusted proxy neither.
func TestForwardedHeaders(t *testing.T) {
	claims := []string{"X-Forwarded-Proto", "https", "X-Forwarded-Host", "evil.example", "Forwarded", "proto=https;host=evil.example",
		"X-Forwarded-Ssl", "on", "X-Url-Scheme", "https", "X-Original-URL", "/admin", "X-Rewrite-URL", "/admin"}
	data := congsotest.DemoData(t)
	for name, args := range map[string][]string{"a reader": {"--internal-networks=10.0.0.0/8"}, "a proxy": {"--trusted-proxies=127.0.0.1"}} {
		t.Run(name, func(t *testing.T) {
			r := startHere(t, nil, append([]string{"serve", "--data", data}, args...)...)
			for _, path := range []string{"/", "/rss.xml", "/sitemap.xml", "/admin/dang-nhap", "/danh-ba"} {
				plain, _ := congsotest.AnswerTo(t, new(congsotest.Certificate).Client(r.Address(t, "address", 0)), "GET", r.URL+path)
				a, _ := congsotest.AnswerTo(t, new(congsotest.Certificate).Client(r.Address(t, "address", 0)), "GET", r.URL+path, claims...)
				congsotest.MustLack(t, path, a.Body, "evil.example", "https://"+r.Address(t, "address", 0))
				if a.Status != plain.Status || a.Header.Get("Strict-Transport-Security") != "" || strings.Contains(a.Header.Get("Set-Cookie"), "Secure") {
					t.Errorf("%s: %d, without the claims %d, %v", path, a.Status, plain.Status, a.Header)
				}
			}
			r.Finish(t)
		})
	}
}

// TestFamilies listens on IPv4 and IPv6, each alone and both at once.
func TestFamilies(t *testing.T) {
	probe, err := net.Listen("tcp6", "[::1]:0")
	congsotest.Require(t, err == nil, "this machine has no IPv6 on loopback")
	probe.Close()
	answers := func(address string) bool {
		response, err := new(congsotest.Certificate).Client(address).Get("http://localhost/healthz")
		if err != nil {
			return false
		}
		response.Body.Close()
		return response.StatusCode == http.StatusOK
	}
	for listen, want := range map[string][]bool{ // whether IPv4 and IPv6 answer
		"127.0.0.1:0": {true, false}, "[::1]:0": {false, true}, "127.0.0.1:0,[::1]:0": {true, true}, ":0": {true, true}, "0.0.0.0:0": {true, false}, "[::]:0": {false, true},
	} {
		t.Run(listen, func(t *testing.T) {
			r := startHere(t, nil, "serve", "--data", filepath.Join(t.TempDir(), "data"), "--listen", listen)
			_, port4, err := net.SplitHostPort(r.Address(t, "address", 0))
			if err != nil {
				t.Fatal(err)
			}
			port6 := port4
			if strings.Contains(listen, ",") {
				if _, port6, err = net.SplitHostPort(r.Address(t, "address", 1)); err != nil {
					t.Fatal(err)
				}
			}
			if got := []bool{answers("127.0.0.1:" + port4), answers("[::1]:" + port6)}; got[0] != want[0] || got[1] != want[1] {
				t.Errorf("IPv4 %v, IPv6 %v", got[0], got[1])
			}
			r.Finish(t)
		})
	}
}

// TestPortTaken: a port in use stops the program before it touches anything, with the setting and its origin named.
func TestPortTaken(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	c, address := congsotest.NewCertificate(t, congsotest.Year, "cong.example"), taken.Addr().String()
	for setting, args := range map[string][]string{
		"CONGSO_LISTEN":          nil,
		"CONGSO_REDIRECT_LISTEN": {"--tls-cert", c.CertFile, "--tls-key", c.KeyFile, "--listen=127.0.0.1:0"},
	} {
		folder := filepath.Join(t.TempDir(), "data")
		r := congsotest.LaunchAsIs(t, []string{setting + "=" + address}, append([]string{"serve", "--data", folder}, args...)...)
		var exit *exec.ExitError
		if err := r.Wait(t); !errors.As(err, &exit) || exit.ExitCode() != 1 {
			t.Errorf("%s: %v", setting, err)
		}
		congsotest.MustContain(t, "what it says", r.Log.String(), settingFlag(setting)+` "`+address+`" cannot be listened on`, "in use", "(set by "+setting+")")
		if _, err := os.Stat(folder); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: the data folder was touched: %v", setting, err)
		}
	}
}

func settingFlag(variable string) string { return "--" + settingOf(variable) }
