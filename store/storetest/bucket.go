package storetest

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"congso/store"
)

// The key of the servers of buckets.
const (
	bucketKey    = "congso"
	bucketSecret = "bimat-cua-kho-tep"
)

// BucketServer is a server of buckets for one test, versitygw on a folder, behind a relay that can behave as networks do.
type BucketServer struct {
	t       testing.TB
	program string
	Folder  string // has each bucket as a folder, and each file in it under its key
	address string
	stop    func()
	relay   *relay
	keys    string // folder of the keys beside root's, "" for none
}

// NewBucketServer starts a server with an empty bucket named media. Without the program, which is built from .ci/tools.mod, it skips the test,
// or fails it when CONGSO_TEST_REQUIRE is "all".
func NewBucketServer(t testing.TB) *BucketServer {
	t.Helper()
	b := &BucketServer{t: t, program: bucketProgram(t), Folder: t.TempDir(), address: freeAddress(t)}
	b.MakeBucket("media")
	b.relay = newRelay(t, "tcp", b.address, nil)
	b.Start()
	t.Cleanup(func() { b.Stop() }) // the newest that was started
	return b
}

// Buckets are a server with one bucket that the tests of a package share, each with a prefix of its own. It starts when first asked for.
type Buckets struct {
	once   sync.Once
	server *BucketServer
}

// Each is EachOptions for tests of the library's files: also with these in a folder that is named, and in a bucket.
func (b *Buckets) Each(t *testing.T, run func(t *testing.T, o store.Options)) {
	t.Helper()
	EachOptions(t, run)
	t.Run("folder", func(t *testing.T) { run(t, store.Options{Dir: t.TempDir(), Media: store.Media{Place: t.TempDir()}}) })
	t.Run("bucket", func(t *testing.T) { run(t, store.Options{Dir: t.TempDir(), Media: b.Media(t)}) })
	t.Run("bucket and postgres", func(t *testing.T) { run(t, store.Options{Dir: t.TempDir(), Media: b.Media(t), Database: Postgres(t)}) })
}

// Media is an empty place in the bucket.
func (b *Buckets) Media(t testing.TB) store.Media {
	t.Helper()
	program := bucketProgram(t)
	b.once.Do(func() {
		folder, err := os.MkdirTemp("", "congso-buckets-")
		if err != nil {
			t.Fatal(err)
		}
		server := &BucketServer{t: t, program: program, Folder: folder, address: freeAddress(t)}
		server.MakeBucket("media")
		server.Start()
		b.server = server
	})
	if b.server == nil {
		t.Fatal("the server of buckets could not be started: see the first test that asked for it")
	}
	return b.server.Media("media", newName(t))
}

// Close ends the server. It is for a package's TestMain: whoever asked for the first place may have ended long before the last.
func (b *Buckets) Close() error {
	if b.server == nil {
		return nil
	}
	b.server.Stop()
	return os.RemoveAll(b.server.Folder)
}

// Media leads to a bucket of the server, and to what has the prefix there.
func (b *BucketServer) Media(bucket, prefix string) store.Media {
	address := b.address
	if b.relay != nil {
		address = b.relay.address()
	}
	return store.Media{Place: "s3://" + bucket + "/" + prefix + "?endpoint=http://" + address + "&path-style=true", Key: bucketKey, Secret: bucketSecret}
}

// MakeBucket makes an empty bucket.
func (b *BucketServer) MakeBucket(name string) {
	b.t.Helper()
	if err := os.Mkdir(filepath.Join(b.Folder, name), 0o755); err != nil {
		b.t.Fatal(err)
	}
}

// Start starts the server, again if it was stopped, and returns when it answers.
func (b *BucketServer) Start() {
	b.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	options := []string{"--port", b.address, "--quiet"}
	if b.keys != "" {
		options = append(options, "--iam-dir", b.keys)
	}
	command := exec.CommandContext(ctx, b.program, append(options, "posix", b.Folder)...)
	command.Env = append(os.Environ(), "ROOT_ACCESS_KEY="+bucketKey, "ROOT_SECRET_KEY="+bucketSecret)
	var said bytes.Buffer
	command.Stdout, command.Stderr = &said, &said
	if err := command.Start(); err != nil {
		b.t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		_ = command.Wait() // it is killed
		close(ended)
	}()
	b.stop = sync.OnceFunc(func() {
		cancel()
		<-ended
	})
	for {
		answer, err := http.Get("http://" + b.address)
		if err == nil {
			if err := answer.Body.Close(); err != nil {
				b.t.Error(err)
			}
			return
		}
		select {
		case <-ended:
			b.t.Fatalf("the server of buckets has ended: %s", said.String())
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// AddKey lets the server know a key without any rights. It is started again for that.
func (b *BucketServer) AddKey(key, secret string) {
	b.t.Helper()
	if b.keys == "" {
		b.keys = b.t.TempDir()
		b.Stop()
		b.Start()
	}
	out, err := exec.Command(b.program, "admin", "--access", bucketKey, "--secret", bucketSecret, "--endpoint-url", "http://"+b.address,
		"create-user", "--access", key, "--secret", secret, "--role", "user").CombinedOutput()
	if err != nil {
		b.t.Fatalf("%v: %s", err, out)
	}
}

// Stop ends the server at once. Connections are refused then.
func (b *BucketServer) Stop() { b.stop() }

// Stall lets nothing more through in either direction, until Resume.
func (b *BucketServer) Stall() { b.relay.stall(true) }

// Resume ends Stall.
func (b *BucketServer) Resume() { b.relay.stall(false) }

// Connections is how many connections the server has got so far through the relay.
func (b *BucketServer) Connections() int { return b.relay.connections() }

// bucketProgram is the path of versitygw, built when that is not done yet.
func bucketProgram(t testing.TB) string {
	t.Helper()
	path, err := findBucketProgram()
	if err != nil {
		message := "versitygw cannot be built: go mod download -modfile=.ci/tools.mod: " + err.Error()
		if os.Getenv("CONGSO_TEST_REQUIRE") == "all" {
			t.Fatal(message)
		}
		t.Skip(message)
	}
	return path
}

var findBucketProgram = sync.OnceValues(func() (string, error) {
	root, err := filepath.Abs(".")
	if err != nil {
		return "", err
	}
	for ; root != filepath.Dir(root); root = filepath.Dir(root) {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			break
		}
	}
	var faults bytes.Buffer
	command := exec.Command("go", "tool", "-modfile="+filepath.Join(root, ".ci", "tools.mod"), "-n", "versitygw")
	command.Stderr = &faults
	path, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, faults.String())
	}
	return strings.TrimSpace(string(path)), nil
})

// freeAddress is an address of this machine that nobody listens on.
func freeAddress(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	return listener.Addr().String()
}
