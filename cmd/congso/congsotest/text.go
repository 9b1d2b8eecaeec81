package congsotest

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"time"
)

// Patience is how long tests wait for what must come. How soon it comes is not theirs to judge: a machine may be busy with other work.
const Patience = 2 * time.Minute

// Eventually asks again and again whether ok holds, for at most so long.
func Eventually(within time.Duration, ok func() bool) bool {
	for deadline := time.Now().Add(within); ; {
		if ok() {
			return true
		}
		if time.Now().After(deadline) {
			return false
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// MustContain holds that a text has all these parts.
func MustContain(t testing.TB, what, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%s lacks %q", what, part)
		}
	}
}

// MustLack holds that a text has none of these parts.
func MustLack(t testing.TB, what, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if strings.Contains(text, part) {
			t.Errorf("%s holds %q", what, part)
		}
	}
}

// Buffer may be written and read at the same time.
type Buffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

// Write adds to the buffer.
func (b *Buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(p)
}

// String is all that was written.
func (b *Buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.String()
}
