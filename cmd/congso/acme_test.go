package main

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"congso/cmd/congso/congsotest"
)

// TestFetchedCertificate has a certificate fetched from an authority that runs in this test: Pebble, the small one that Let's Encrypt makes
// for that. It asks back once on the port of HTTPS (TLS-ALPN-01), once on that of plain HTTP (HTTP-01).
func TestFetchedCertificate(t *testing.T) {
	t.Parallel()
	pebble := buildPebble(t)
	for name, byHTTP := range map[string]bool{"asked on HTTPS": false, "asked on HTTP": true} {
		t.Run(name, func(t *testing.T) {
			data, authority, trusted := filepath.Join(t.TempDir(), "data"), congsotest.FreeAddress(t), congsotest.NewCertificate(t, congsotest.Year, "localhost")
			args := []string{"serve", "--data", data, "--url", "https://cong.example", "--acme", "it@cong.example",
				"--acme-directory", "https://" + authority + "/dir", "--listen", "127.0.0.1:0", "--redirect-listen", "127.0.0.1:0"}
			r := congsotest.LaunchAsIs(t, []string{"SSL_CERT_FILE=" + trusted.CertFile}, args...)
			r.AwaitAddress(t)
			pages, plain := r.Address(t, "address", 0), r.Address(t, "redirect", 0)
			stop := startPebble(t, pebble, authority, trusted, pages, plain, byHTTP)

			serial := fetched(t, r, pages)
			config := Config{Data: data, ACME: "it@cong.example", URL: "https://cong.example"}
			if end, err := certificateExpiry(config); err != nil || time.Until(end) < 80*24*time.Hour {
				t.Errorf("it ends %v, %v", end, err)
			}
			if info, err := os.Stat(filepath.Join(data, acmeFolder)); err != nil || info.Mode().Perm() != 0o700 {
				t.Errorf("where it is kept: %v, %v", info, err)
			}
			if _, err := askFor(pages, "khac.example"); err == nil {
				t.Error("another host has a certificate")
			}
			challenge, _ := congsotest.AnswerTo(t, new(congsotest.Certificate).Client(plain), "GET", "http://cong.example/.well-known/acme-challenge/none")
			if challenge.Status != http.StatusNotFound {
				t.Errorf("a question nobody asked: %d", challenge.Status)
			}
			if a, _ := congsotest.AnswerTo(t, new(congsotest.Certificate).Client(plain), "GET", "http://cong.example/a"); a.Header.Get("Location") != "https://cong.example/a" {
				t.Errorf("plain HTTP: %d %v", a.Status, a.Header)
			}
			r.Finish(t)
			stop()

			r = congsotest.LaunchAsIs(t, nil, args...) // the certificate is kept: no authority is needed
			r.AwaitAddress(t)
			if again := fetched(t, r, r.Address(t, "address", 0)); again != serial {
				t.Errorf("after a restart it is %s, was %s", again, serial)
			}
			congsotest.MustContain(t, "the log", r.Log.String(), `"acme":"on"`)
			congsotest.MustLack(t, "the log", r.Log.String(), "it@cong.example") // a person's address
		})
	}
}

// fetched waits until a certificate of the authority is served, and returns its serial number.
func fetched(t *testing.T, r *congsotest.Running, address string) (serial string) {
	t.Helper()
	var err error
	var state tls.ConnectionState
	if !congsotest.Eventually(congsotest.Patience, func() bool { state, err = askFor(address, "cong.example"); return err == nil }) {
		t.Fatalf("no certificate: %v\n%s", err, r.Log)
	}
	leaf := state.PeerCertificates[0]
	if err := leaf.VerifyHostname("cong.example"); err != nil || !strings.Contains(leaf.Issuer.CommonName, "Pebble") {
		t.Errorf("of %s: %v", leaf.Issuer.CommonName, err)
	}
	return leaf.SerialNumber.String()
}

// askFor is what a server shows to who asks for a host. Who has signed it is the caller's to judge.
func askFor(address, host string) (tls.ConnectionState, error) {
	dialer := &net.Dialer{Timeout: time.Minute}
	c, err := tls.DialWithDialer(dialer, "tcp", address, &tls.Config{ServerName: host, InsecureSkipVerify: true})
	if err != nil {
		return tls.ConnectionState{}, err
	}
	defer c.Close()
	return c.ConnectionState(), nil
}

func buildPebble(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "pebble.exe")
	out, err := exec.Command("go", "build", "-modfile=../../.ci/tools.mod", "-o", file, "github.com/letsencrypt/pebble/v2/cmd/pebble").CombinedOutput()
	congsotest.Require(t, err == nil, "Pebble cannot be built: go -modfile=.ci/tools.mod mod download: "+string(out))
	return file
}

// startPebble runs the authority, which finds every name at this machine. stop ends it.
func startPebble(t *testing.T, program, address string, trusted congsotest.Certificate, pages, plain string, byHTTP bool) (stop func()) {
	t.Helper()
	if byHTTP {
		pages = congsotest.FreeAddress(t) // where nobody answers
	}
	config := map[string]any{"pebble": map[string]any{
		"listenAddress": address, "managementListenAddress": congsotest.FreeAddress(t), "certificate": trusted.CertFile, "privateKey": trusted.KeyFile,
		"tlsPort": portOf(t, pages), "httpPort": portOf(t, plain), "retryAfter": map[string]int{"authz": 1, "order": 1},
	}}
	text, err := json.Marshal(config)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "pebble.json")
	congsotest.WriteFile(t, file, string(text))
	ctx, cancel := context.WithCancel(context.Background())
	command := exec.CommandContext(ctx, program, "-config", file, "-dnsserver", answerNames(t))
	command.Env = append(os.Environ(), "PEBBLE_VA_NOSLEEP=1", "PEBBLE_WFE_NONCEREJECT=0")
	var out congsotest.Buffer
	command.Stdout, command.Stderr = &out, &out
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	stop = func() {
		cancel()
		var exit *exec.ExitError
		if err := <-ended; err != nil && !errors.As(err, &exit) {
			t.Errorf("Pebble: %v", err)
		}
		ended <- nil
	}
	t.Cleanup(func() {
		if stop(); t.Failed() {
			t.Logf("Pebble:\n%s", &out)
		}
	})
	answers := func() bool {
		c, err := net.Dial("tcp", address)
		if err == nil {
			c.Close()
		}
		return err == nil
	}
	if !congsotest.Eventually(congsotest.Patience, answers) {
		t.Fatalf("Pebble does not answer\n%s", &out)
	}
	return stop
}

// answerNames is a name server to which every name is this machine. Pebble asks over TCP.
func answerNames(t *testing.T) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return // closed
			}
			go func() {
				defer c.Close()
				_ = answerQuestion(c) // who asked and got nothing fails the test
			}()
		}
	}()
	return listener.Addr().String()
}

// answerQuestion reads a question and writes its answer, each after its length (RFC 1035, 4.2.2).
func answerQuestion(c net.Conn) error {
	var length [2]byte
	if _, err := io.ReadFull(c, length[:]); err != nil {
		return err
	}
	question := make([]byte, binary.BigEndian.Uint16(length[:]))
	if _, err := io.ReadFull(c, question); err != nil {
		return err
	}
	reply, err := nameReply(question)
	if err != nil {
		return err
	}
	_, err = c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(reply))), reply...))
	return err
}

func nameReply(question []byte) ([]byte, error) {
	var m dnsmessage.Message
	if err := m.Unpack(question); err != nil {
		return nil, err
	}
	m.Response, m.Authoritative, m.Additionals = true, true, nil
	for _, q := range m.Questions {
		if q.Type == dnsmessage.TypeA {
			m.Answers = append(m.Answers, dnsmessage.Resource{
				Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 1}, Body: &dnsmessage.AResource{A: [4]byte{127, 0, 0, 1}}})
		}
	}
	return m.Pack()
}

func portOf(t *testing.T, address string) int {
	t.Helper()
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
