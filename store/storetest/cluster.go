package storetest

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Cluster is a PostgreSQL server of a test's own, which the test may stop, start again and promote. Everybody on this machine may log in as
// its superuser, "postgres".
type Cluster struct {
	t      testing.TB
	home   string // data, sock and log
	port   int
	listen string   // "" for the socket alone
	more   []string // settings, each as name=value
}

// ClusterOptions say how the server of a test differs from the plain one, which listens on a socket alone and does not wait for the disk.
type ClusterOptions struct {
	Loopback bool     // it listens on a port of 127.0.0.1 too
	Durable  bool     // it waits for the disk, as in production
	Settings []string // of postgresql.conf, each as name=value
}

// How a server is stopped.
const (
	StopFast      = "fast"      // connections are ended, and all is written down
	StopImmediate = "immediate" // as a crash does
)

// NewCluster makes and starts a server that ends with the test. Where PostgreSQL is not installed it skips the test, or fails it when
// CONGSO_TEST_REQUIRE is "all".
func NewCluster(t testing.TB, o ClusterOptions) *Cluster {
	t.Helper()
	c := newCluster(t, o.Loopback)
	c.more = append(c.more, o.Settings...)
	if !o.Durable {
		c.more = append(c.more, "fsync=off", "full_page_writes=off")
	}
	c.run("initdb", "-D", c.data(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
	c.Start()
	return c
}

// newCluster is a server's folder, without data.
func newCluster(t testing.TB, loopback bool) *Cluster {
	t.Helper()
	home, err := os.MkdirTemp("", "congso-pg-") // short and open to the server's user: t.TempDir is neither, and a socket's path has 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(home); err != nil {
			t.Error(err)
		}
	})
	c := &Cluster{t: t, home: home, port: 5432}
	postgresProgram(t, "initdb")
	if err := errors.Join(os.Chmod(home, 0o755), os.Mkdir(c.socket(), 0o777), os.Mkdir(c.data(), 0o700)); err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() == 0 {
		if out, err := exec.Command("chown", "-R", "postgres", home).CombinedOutput(); err != nil {
			t.Fatalf("chown: %v: %s", err, out)
		}
	}
	if loopback {
		c.listen, c.port = "127.0.0.1", freePort(t)
	}
	return c
}

// freePort is a port of 127.0.0.1 on which nobody listens.
func freePort(t testing.TB) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

// postgresProgram is the path of one of PostgreSQL's programs, of the newest version that is installed.
func postgresProgram(t testing.TB, name string) string {
	t.Helper()
	installed, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if len(installed) > 0 {
		return slices.MaxFunc(installed, func(a, b string) int { return version(a) - version(b) })
	}
	path, err := exec.LookPath(name)
	if err != nil {
		message := name + " is not there: install postgresql"
		if os.Getenv("CONGSO_TEST_REQUIRE") == "all" {
			t.Fatal(message)
		}
		t.Skip(message)
	}
	return path
}

// version is the number of the version in the path of one of Debian's programs.
func version(path string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path)))) // what is no number is older than all
	return n
}

// NewEmptyCluster is the folder of a server without data, for a test that puts it there before it calls Start.
func NewEmptyCluster(t testing.TB, o ClusterOptions) *Cluster {
	t.Helper()
	c := newCluster(t, o.Loopback)
	c.more = o.Settings
	return c
}

// Data is the folder with the server's data.
func (c *Cluster) Data() string { return c.data() }

// Home is the folder around the server's data; it belongs to the server's user.
func (c *Cluster) Home() string { return c.home }

func (c *Cluster) data() string   { return filepath.Join(c.home, "data") }
func (c *Cluster) socket() string { return filepath.Join(c.home, "sock") }

// Command is one of PostgreSQL's programs, run by the server's user: as root it refuses to work.
func (c *Cluster) Command(name string, args ...string) *exec.Cmd {
	program := postgresProgram(c.t, name)
	command := exec.Command(program, args...)
	if os.Geteuid() == 0 {
		command = exec.Command("runuser", append([]string{"-u", "postgres", "--", program}, args...)...)
	}
	command.Dir = c.home
	return command
}

func (c *Cluster) run(name string, args ...string) {
	c.t.Helper()
	if out, err := c.Command(name, args...).CombinedOutput(); err != nil {
		log, _ := os.ReadFile(filepath.Join(c.home, "log")) // there may be none yet
		c.t.Fatalf("%s %s: %v\n%s%s", name, strings.Join(args, " "), err, out, log)
	}
}

// Start starts the server and waits until it answers.
func (c *Cluster) Start() {
	c.t.Helper()
	settings := append([]string{"listen_addresses=" + c.listen, "unix_socket_directories=" + c.socket(), "port=" + strconv.Itoa(c.port), "max_connections=100"}, c.more...)
	options := ""
	for _, s := range settings {
		options += " -c '" + s + "'"
	}
	c.run("pg_ctl", "-D", c.data(), "-l", filepath.Join(c.home, "log"), "-w", "-t", "60", "-o", options, "start")
	c.t.Cleanup(func() { // a server that was stopped has nothing to stop
		if _, err := os.Stat(filepath.Join(c.data(), "postmaster.pid")); err == nil {
			c.Stop(StopImmediate)
		}
	})
}

// Stop ends the server in one of the ways that there are for it, and waits for its end.
func (c *Cluster) Stop(how string) {
	c.t.Helper()
	c.run("pg_ctl", "-D", c.data(), "-m", how, "-w", "-t", "60", "stop")
}

// Address leads to the server's own database, through the port where it has one.
func (c *Cluster) Address() string {
	if c.listen != "" {
		return "postgres://postgres@" + c.HostPort() + "/postgres?sslmode=disable"
	}
	return "postgres://postgres@/postgres?" + url.Values{"host": {c.socket()}}.Encode()
}

// HostPort is the port on which the server listens, as an address names it; "" when it has none.
func (c *Cluster) HostPort() string {
	if c.listen == "" {
		return ""
	}
	return net.JoinHostPort(c.listen, strconv.Itoa(c.port))
}

// Shell runs a script of bash as the server's user, for whom PostgreSQL's programs find the server by themselves, with more variables.
func (c *Cluster) Shell(script string, more ...string) {
	c.t.Helper()
	variables := append([]string{"PATH=" + filepath.Dir(postgresProgram(c.t, "psql")) + ":" + os.Getenv("PATH"), "PGHOST=" + c.socket(), "PGPORT=" + strconv.Itoa(c.port)}, more...)
	args := append(variables, "bash", "-e")
	command := exec.Command("env", args...)
	if os.Geteuid() == 0 {
		command = exec.Command("runuser", append([]string{"-u", "postgres", "--", "env"}, args...)...)
	}
	command.Dir, command.Stdin = c.home, strings.NewReader(script)
	if out, err := command.CombinedOutput(); err != nil {
		c.t.Fatalf("%v\n%s\n%s", err, script, out)
	}
}

// AddressWith leads to the first of the servers that takes writes, in this order; all must listen on a port.
func (c *Cluster) AddressWith(others ...*Cluster) string {
	hosts := c.HostPort()
	for _, other := range others {
		hosts += "," + other.HostPort()
	}
	return "postgres://postgres@" + hosts + "/postgres?sslmode=disable&target_session_attrs=read-write"
}

// Exec runs a statement on the server.
func (c *Cluster) Exec(format string, args ...any) {
	c.t.Helper()
	if err := execute(c.Address(), fmt.Sprintf(format, args...)); err != nil {
		c.t.Fatal(err)
	}
}

// Standby makes and starts a second server that follows this one and may be read.
func (c *Cluster) Standby() *Cluster {
	c.t.Helper()
	standby := newCluster(c.t, c.listen != "")
	standby.more = c.more
	c.run("pg_basebackup", "-D", standby.data(), "-R", "-X", "stream", "-c", "fast", "--no-sync", "-h", c.socket(), "-p", strconv.Itoa(c.port), "-U", "postgres")
	standby.Start()
	return standby
}

// Promote ends the following of a standby: it takes writes from now on.
func (c *Cluster) Promote() {
	c.t.Helper()
	c.run("pg_ctl", "-D", c.data(), "-w", "-t", "60", "promote")
}
