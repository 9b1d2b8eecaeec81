package storetest

import (
	"bytes"
	"context"
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
}

// NewBucketServer starts a server with an empty bucket named media. Without the program, which is built from .ci/tools.mod, it skips the test,
// or fails it when CONGSO_TEST_REQUIRE is "all".
func NewBucketServer(t testing.TB) *BucketServer {
	t.Helper()
	b := &BucketServer{t: t, program: bucketProgram(t), Folder: t.TempDir(), address: freeAddress(t)}
	b.MakeBucket("media")
	b.relay = newRelay(t, b.address)
	b.Start()
	t.Cleanup(b.Stop)
	return b
}

// Bucket is an empty bucket of a server of its own.
func Bucket(t testing.TB) store.Media {
	t.Helper()
	return NewBucketServer(t).Media("media", "")
}

// Media leads to a bucket of the server, and to what has the prefix there.
func (b *BucketServer) Media(bucket, prefix string) store.Media {
	return store.Media{Place: "s3://" + bucket + "/" + prefix + "?endpoint=http://" + b.relay.listener.Addr().String() + "&path-style=true", Key: bucketKey, Secret: bucketSecret}
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
	command := exec.CommandContext(ctx, b.program, "--port", b.address, "--quiet", "posix", b.Folder)
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

// Stop ends the server at once. Connections are refused then.
func (b *BucketServer) Stop() { b.stop() }

// Stall lets nothing more through in either direction, until Resume.
func (b *BucketServer) Stall() { b.relay.stall(true) }

// Resume ends Stall.
func (b *BucketServer) Resume() { b.relay.stall(false) }

// Requests is how many connections the server has got so far through the relay.
func (b *BucketServer) Connections() int { return b.relay.connections() }

// bucketProgram is the path of versitygw, built when that is not done yet.
func bucketProgram(t testing.TB) string {
	t.Helper()
	root, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
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
		message := "versitygw cannot be built: go mod download -modfile=.ci/tools.mod: " + faults.String()
		if os.Getenv("CONGSO_TEST_REQUIRE") == "all" {
			t.Fatal(message)
		}
		t.Skip(message)
	}
	return strings.TrimSpace(string(path))
}

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
