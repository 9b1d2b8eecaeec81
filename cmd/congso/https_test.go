package main

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

const year = 365 * 24 * time.Hour

// address is where a running portal's log says that it can be reached: as "address" or "redirect", the n-th.
func (r *running) address(t *testing.T, key string, n int) string {
	t.Helper()
	told := regexp.MustCompile(`"msg":"listening".*"` + key + `":"([^"]+)"`)
	var match []string
	if !eventually(patience, func() bool { match = told.FindStringSubmatch(r.log.String()); return match != nil }) {
		t.Fatalf("no %s\n%s", key, r.log)
	}
	return strings.Split(match[1], ",")[n]
}

// answerTo sends a request as it is.
func answerTo(t testing.TB, client *http.Client, method, address string, header ...string) (answer, *http.Response) {
	t.Helper()
	request, err := http.NewRequest(method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		if request.Header.Set(header[i], header[i+1]); header[i] == "Host" {
			request.Host = header[i+1]
		}
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, string(body)}, response
}

// TestHTTPS serves with an own certificate: HTTP/2, HSTS, nothing older than TLS 1.2, and plain HTTP leads there.
func TestHTTPS(t *testing.T) {
	c := newCertificate(t, year, "cong.example")
	r := startProcess(t, nil, "serve", "--data", filepath.Join(t.TempDir(), "data"), "--url", "https://cong.example",
		"--tls-cert", c.certFile, "--tls-key", c.keyFile, "--redirect-listen", "127.0.0.1:0")
	if r.url != "https://cong.example" {
		t.Errorf("it calls itself %s", r.url)
	}
	pages := r.address(t, "address", 0)
	a, response := answerTo(t, c.client(pages), "GET", "https://cong.example/")
	if a.status != http.StatusOK || response.Proto != "HTTP/2.0" || a.header.Get("Strict-Transport-Security") != "max-age=31536000" {
		t.Errorf("%d by %s, %v", a.status, response.Proto, a.header)
	}
	mustContain(t, "home", a.body, `href="https://cong.example/"`)
	if a, _ := answerTo(t, c.client(pages), "GET", "https://127.0.0.1/"); a.status != http.StatusBadRequest {
		t.Errorf("another host: %d", a.status)
	}
	old := c.client(pages, func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS11 })
	if _, err := old.Get("https://cong.example/"); err == nil || !strings.Contains(err.Error(), "protocol version") {
		t.Errorf("TLS 1.1: %v", err)
	}
	if a, _ := answerTo(t, c.client(pages), "GET", "http://"+pages+"/"); a.status != http.StatusBadRequest {
		t.Errorf("plain HTTP to the port of HTTPS: %d", a.status)
	}
	checkRedirect(t, c.client(r.address(t, "redirect", 0)))
	mustLack(t, "the log", r.log.String(), "handshake") // clients' failures are no news, and name their addresses
	r.finish(t)
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
		a, _ := answerTo(t, plain, c.method, "http://cong.example"+c.path, "Host", c.host)
		if a.status != c.status || a.header.Get("Location") != c.location {
			t.Errorf("%s %s of %s: %d to %q, want %d to %q", c.method, c.path, c.host, a.status, a.header.Get("Location"), c.status, c.location)
		}
		if a.header.Get("Strict-Transport-Security") != "" || a.header.Get("X-Content-Type-Options") != "nosniff" || a.header.Get("X-Request-Id") == "" {
			t.Errorf("%s: headers %v", c.path, a.header)
		}
	}
}

// TestHTTPSWithoutAddress: without --url a login is as safe, links name the address listened on, and plain HTTP cannot be led anywhere.
func TestHTTPSWithoutAddress(t *testing.T) {
	c := newCertificate(t, year, "localhost")
	r := startHere(t, nil, "demo", "--data", demoData(t), "--tls-cert", c.certFile, "--tls-key", c.keyFile, "--redirect-listen", "127.0.0.1:0")
	pages := r.address(t, "address", 0)
	if r.url != "https://"+pages {
		t.Errorf("it calls itself %s", r.url)
	}
	client := c.client(pages)
	response, err := client.PostForm(r.url+"/admin/dang-nhap", url.Values{"name": {demoEditor}, "password": {demoPassword}})
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	cookies := response.Cookies()
	if len(cookies) != 1 || cookies[0].Name != "__Host-congso" || !cookies[0].Secure || cookies[0].Path != "/" || cookies[0].Domain != "" {
		t.Errorf("%d, cookies %v", response.StatusCode, cookies)
	}
	plain := c.client(r.address(t, "redirect", 0))
	a, _ := answerTo(t, plain, "GET", "http://localhost/", "Host", "evil.example")
	if a.status != http.StatusBadRequest || a.header.Get("Location") != "" {
		t.Errorf("%d to %q", a.status, a.header.Get("Location"))
	}
	mustContain(t, "the answer", a.body, "HTTPS")
}

// TestCertificateChanges: new files are used without a restart; a pair that cannot be used leaves the old one in use.
func TestCertificateChanges(t *testing.T) {
	t.Parallel()
	old, next := newCertificate(t, 10*24*time.Hour, "cong.example"), newCertificate(t, year, "cong.example")
	r := startProcess(t, nil, "serve", "--data", filepath.Join(t.TempDir(), "data"), "--tls-cert", old.certFile, "--tls-key", old.keyFile)
	client := old.client(r.address(t, "address", 0), func(c *tls.Config) { c.InsecureSkipVerify = true }) // the serial number is looked at
	serves := func() string {
		_, response := answerTo(t, client, "GET", "https://cong.example/healthz")
		return response.TLS.PeerCertificates[0].SerialNumber.String()
	}
	if got := serves(); got != old.leaf.SerialNumber.String() {
		t.Fatalf("serves %s", got)
	}
	if !eventually(patience, func() bool { return strings.Contains(r.log.String(), `"msg":"the certificate ends soon"`) }) {
		t.Error("not said that it ends soon")
	}
	writeFile(t, old.certFile, readFile(t, next.certFile)) // without its key
	if !eventually(patience, func() bool { return strings.Contains(r.log.String(), "the new certificate cannot be used") }) {
		t.Fatalf("not said that the pair is none\n%s", r.log)
	}
	if got := serves(); got != old.leaf.SerialNumber.String() {
		t.Errorf("with half a pair it serves %s", got)
	}
	writeFile(t, old.keyFile, readFile(t, next.keyFile))
	if !eventually(patience, func() bool { return serves() == next.leaf.SerialNumber.String() }) {
		t.Errorf("the new pair is not served\n%s", r.log)
	}
	if n := strings.Count(r.log.String(), "cannot be used"); n != 1 {
		t.Errorf("said %d times that the pair is none", n)
	}
}

func TestCertificateFaults(t *testing.T) {
	good, other := newCertificate(t, year, "cong.example"), newCertificate(t, year, "cong.example")
	empty := filepath.Join(t.TempDir(), "empty.pem")
	writeFile(t, empty, "")
	for name, files := range map[string][3]string{ // the two files, and the one that is named
		"not there":      {"/none/cong.pem", good.keyFile, "/none/cong.pem"},
		"key not there":  {good.certFile, "/none/cong.key", "/none/cong.key"},
		"empty":          {empty, good.keyFile, empty},
		"another's key":  {good.certFile, other.keyFile, other.keyFile},
		"the wrong ways": {good.keyFile, good.certFile, good.keyFile},
	} {
		t.Run(name, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "data")
			err := fail(t, nil, "serve", "--data", folder, "--listen=127.0.0.1:0", "--tls-cert", files[0], "--tls-key", files[1])
			mustContain(t, "the error", err.Error(), "--tls-cert and --tls-key: ", files[2])
			if _, err := os.Stat(folder); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("the data folder was touched: %v", err)
			}
		})
	}
}

func TestCertificateExpiry(t *testing.T) {
	c := newCertificate(t, year, "cong.example")
	data := t.TempDir()
	fetched := Config{Data: data, ACME: "it@cong.example", URL: "https://cong.example"}
	if _, err := certificateExpiry(fetched); !errors.Is(err, errNoCertificate) {
		t.Errorf("before one is fetched: %v", err)
	}
	if err := os.Mkdir(filepath.Join(data, acmeFolder), 0o700); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(data, acmeFolder, "cong.example"), readFile(t, c.keyFile)+readFile(t, c.certFile)) // as autocert keeps it
	for name, config := range map[string]Config{"own": {Cert: c.certFile}, "fetched": fetched} {
		if end, err := certificateExpiry(config); err != nil || !end.Equal(c.leaf.NotAfter) {
			t.Errorf("%s: %v, %v", name, end, err)
		}
	}
	if _, err := certificateExpiry(Config{}); !errors.Is(err, errNoCertificate) {
		t.Errorf("without HTTPS: %v", err)
	}
	if _, err := certificateExpiry(Config{Cert: c.keyFile}); err == nil || errors.Is(err, errNoCertificate) {
		t.Errorf("a file without a certificate: %v", err)
	}
}

// TestForwardedHeaders: what a reader's own headers claim about scheme and host is not believed, from a trusted proxy neither.
func TestForwardedHeaders(t *testing.T) {
	claims := []string{"X-Forwarded-Proto", "https", "X-Forwarded-Host", "evil.example", "Forwarded", "proto=https;host=evil.example",
		"X-Forwarded-Ssl", "on", "X-Url-Scheme", "https", "X-Original-URL", "/admin", "X-Rewrite-URL", "/admin"}
	data := demoData(t)
	for name, args := range map[string][]string{"a reader": {"--internal-networks=10.0.0.0/8"}, "a proxy": {"--trusted-proxies=127.0.0.1"}} {
		t.Run(name, func(t *testing.T) {
			r := startHere(t, nil, append([]string{"serve", "--data", data}, args...)...)
			for _, path := range []string{"/", "/rss.xml", "/sitemap.xml", "/admin/dang-nhap", "/danh-ba"} {
				plain, _ := answerTo(t, new(certificate).client(r.address(t, "address", 0)), "GET", r.url+path)
				a, _ := answerTo(t, new(certificate).client(r.address(t, "address", 0)), "GET", r.url+path, claims...)
				mustLack(t, path, a.body, "evil.example", "https://"+r.address(t, "address", 0))
				if a.status != plain.status || a.header.Get("Strict-Transport-Security") != "" || strings.Contains(a.header.Get("Set-Cookie"), "Secure") {
					t.Errorf("%s: %d, without the claims %d, %v", path, a.status, plain.status, a.header)
				}
			}
			r.finish(t)
		})
	}
}

// TestFamilies listens on IPv4 and IPv6, each alone and both at once.
func TestFamilies(t *testing.T) {
	probe, err := net.Listen("tcp6", "[::1]:0")
	require(t, err == nil, "this machine has no IPv6 on loopback")
	probe.Close()
	answers := func(address string) bool {
		response, err := new(certificate).client(address).Get("http://localhost/healthz")
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
			_, port4, err := net.SplitHostPort(r.address(t, "address", 0))
			if err != nil {
				t.Fatal(err)
			}
			port6 := port4
			if strings.Contains(listen, ",") {
				if _, port6, err = net.SplitHostPort(r.address(t, "address", 1)); err != nil {
					t.Fatal(err)
				}
			}
			if got := []bool{answers("127.0.0.1:" + port4), answers("[::1]:" + port6)}; got[0] != want[0] || got[1] != want[1] {
				t.Errorf("IPv4 %v, IPv6 %v", got[0], got[1])
			}
			r.finish(t)
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
	c, address := newCertificate(t, year, "cong.example"), taken.Addr().String()
	for setting, args := range map[string][]string{
		"CONGSO_LISTEN":          nil,
		"CONGSO_REDIRECT_LISTEN": {"--tls-cert", c.certFile, "--tls-key", c.keyFile, "--listen=127.0.0.1:0"},
	} {
		folder := filepath.Join(t.TempDir(), "data")
		r := launchAsIs(t, []string{setting + "=" + address}, append([]string{"serve", "--data", folder}, args...)...)
		var exit *exec.ExitError
		if err := r.wait(t); !errors.As(err, &exit) || exit.ExitCode() != 1 {
			t.Errorf("%s: %v", setting, err)
		}
		mustContain(t, "what it says", r.log.String(), settingFlag(setting)+` "`+address+`" cannot be listened on`, "in use", "(set by "+setting+")")
		if _, err := os.Stat(folder); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: the data folder was touched: %v", setting, err)
		}
	}
}

func settingFlag(variable string) string { return "--" + settingOf(variable) }
