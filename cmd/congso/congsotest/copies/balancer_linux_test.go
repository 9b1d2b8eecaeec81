package copies

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"congso/cmd/congso/congsotest"
)

// balancer stands before copies, as the handbook says.
type balancer struct {
	name    string
	address string                    // with HTTPS
	plain   string                    // with HTTP, which leads there
	control string                    // folder of its socket for commands
	lines   func(t testing.TB) string // its log
	stop    func()
}

// startBalancer runs a balancer until the end of the test.
func (c *trio) startBalancer(t *testing.T, b *balancer, program string, args ...string) *balancer {
	t.Helper()
	out := &congsotest.Buffer{}
	command := exec.Command(program, args...)
	command.Stdout, command.Stderr = out, out
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	b.stop = sync.OnceFunc(func() {
		_ = command.Process.Kill() // it may have ended
		<-ended
	})
	t.Cleanup(b.stop)
	if b.lines == nil {
		b.lines = func(testing.TB) string { return out.String() }
	}
	answers := func() bool {
		conn, err := net.Dial("tcp", b.address)
		return err == nil && conn.Close() == nil
	}
	if !congsotest.Eventually(congsotest.Patience, answers) {
		t.Fatalf("%s does not listen\n%s", b.name, out)
	}
	return b
}

// nginx runs nginx with the handbook's block in the place that conf.d has in Debian's nginx.conf.
func (c *trio) nginx(t *testing.T) *balancer {
	t.Helper()
	return c.nginxWith(t, handbookBlock(t, "nginx"))
}

func (c *trio) nginxWith(t *testing.T, block string) *balancer {
	t.Helper()
	program := congsotest.RequireProgram(t, "no nginx: install nginx-light", "nginx", "/usr/sbin/nginx")
	folder := t.TempDir()
	b := &balancer{name: "nginx", address: c.network + "5:8443", plain: c.network + "5:8080"}
	b.lines = func(t testing.TB) string { return congsotest.ReadFile(t, filepath.Join(folder, "congso.log")) }
	site := congsotest.Adapted(t, block, "listen 443 ", "listen "+b.address+" ", "listen 80;", "listen "+b.plain+";", "10.0.0.", c.network,
		"/etc/nginx/tls/cong.pem", c.own.CertFile, "/etc/nginx/tls/cong.key", c.own.KeyFile, "/var/log/nginx", folder, "/etc/nginx/congso", folder)
	congsotest.WriteFile(t, filepath.Join(folder, "gian-doan.html"), handbookBlock(t, "html"))
	places := ""
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		places += fmt.Sprintf("%s_temp_path %s;\n", kind, filepath.Join(folder, kind))
	}
	config := filepath.Join(folder, "nginx.conf")
	congsotest.WriteFile(t, config, fmt.Sprintf("daemon off;\nmaster_process off;\npid %s/pid;\nerror_log %s/error.log;\nevents {}\nhttp {\n%s%s}\n", folder, folder, places, site))
	return c.startBalancer(t, b, program, "-e", filepath.Join(folder, "error.log"), "-p", folder, "-c", config)
}

// haproxy runs HAProxy with the handbook's block.
func (c *trio) haproxy(t *testing.T) *balancer {
	t.Helper()
	program := congsotest.RequireProgram(t, "no haproxy: install haproxy", "haproxy", "/usr/sbin/haproxy")
	folder := t.TempDir()
	b := &balancer{name: "haproxy", address: c.network + "6:8443", plain: c.network + "6:8080", control: shortFolder(t)}
	both := filepath.Join(folder, "cong.pem")
	congsotest.WriteFile(t, both, congsotest.ReadFile(t, c.own.CertFile)+congsotest.ReadFile(t, c.own.KeyFile))
	congsotest.WriteFile(t, filepath.Join(folder, "gian-doan.html"), handbookBlock(t, "html"))
	config, block := filepath.Join(folder, "haproxy.cfg"), handbookBlock(t, "haproxy")
	if os.Geteuid() != 0 { // nobody else may become another user
		block = congsotest.Adapted(t, block, "    user haproxy\n    group haproxy\n", "")
	}
	congsotest.WriteFile(t, config, congsotest.Adapted(t, block, "bind 10.0.0.5:443 ", "bind "+b.address+" ", "bind 10.0.0.5:80\n", "bind "+b.plain+"\n",
		"10.0.0.", c.network, "/etc/haproxy/cong.pem", both, "/etc/haproxy", folder, "/run/haproxy", b.control, "/dev/log local0", "stdout format raw local0",
		"maxconn 20000", "maxconn 500"))
	return c.startBalancer(t, b, program, "-db", "-f", config)
}

// shortFolder is a folder of the test's own for sockets, whose paths have at most 107 bytes.
func shortFolder(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "congso-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	return folder
}

// copyInLog finds copies in lines about requests. HAProxy also writes lines about the copies themselves, without a number at the end.
var copyInLog = regexp.MustCompile(`(?m) (?:congso/ban([123]) \+?\d+$|127\.\d+\.\d+\.2([123]):)`)

// shares are how many requests each copy has answered, by the balancer's log.
func (b *balancer) shares(t testing.TB) [3]int {
	t.Helper()
	return sharesIn(b.lines(t))
}

func sharesIn(lines string) (n [3]int) {
	for _, m := range copyInLog.FindAllStringSubmatch(lines, -1) {
		n[(m[1] + m[2])[0]-'1']++
	}
	return n
}

// asked reads pages that are nowhere and that nobody has asked for, and returns how often each copy was asked for them. The log may be late, so that
// each page is sought in it by its address.
func (b *balancer) asked(t *testing.T, box *blackBox, pages int) (n [3]int) {
	t.Helper()
	for range pages {
		path := fmt.Sprintf("/tin-tuc/khong-co-%d", box.asked.Add(1))
		if a := box.read(path); a.Status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.Status)
		}
		line := regexp.MustCompile(" " + path + " .*\n")
		if !congsotest.Eventually(congsotest.Patience, func() bool { return line.MatchString(b.lines(t)) }) {
			t.Fatalf("no %s in the log\n%s", path, b.lines(t))
		}
		for i, times := range sharesIn(line.FindString(b.lines(t))) {
			n[i] += times
		}
	}
	return n
}

// order gives HAProxy a command by its socket, as the handbook does by socat.
func (b *balancer) order(t *testing.T, command string) {
	t.Helper()
	conn, err := net.Dial("unix", filepath.Join(b.control, "admin.sock"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := fmt.Fprintln(conn, command); err != nil {
		t.Fatal(err)
	}
	if said, err := io.ReadAll(conn); err != nil || strings.TrimSpace(string(said)) != "" {
		t.Errorf("HAProxy to %q: %q, %v", command, said, err)
	}
}
