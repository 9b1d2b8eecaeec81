package bucket

import (
	"context"
	"io"
	"sync/atomic"
	"time"
)

// watch ends a question that gets no answer, or no more of it, for so long.
type watch struct {
	within time.Duration
	cancel context.CancelFunc
	timer  *time.Timer
	late   atomic.Bool
}

// watching begins a watch, and returns the context that ends with it.
func watching(ctx context.Context, within time.Duration) (*watch, context.Context) {
	w := &watch{within: within}
	ctx, w.cancel = context.WithCancel(ctx)
	w.timer = time.AfterFunc(within, func() {
		w.late.Store(true)
		w.cancel()
	})
	return w, ctx
}

// touch says that something has come, and that the next is waited for.
func (w *watch) touch() { w.timer.Reset(w.within) }

// rest says that nothing is waited for until the next touch.
func (w *watch) rest() { w.timer.Stop() }

// over reports whether it took too long.
func (w *watch) over() bool { return w.late.Load() }

// stop ends the watch and what it watches.
func (w *watch) stop() {
	w.timer.Stop()
	w.cancel()
}

// touching tells the watch of each piece that is read for the store to take.
type touching struct {
	io.Reader
	watch *watch
}

func (t touching) Read(p []byte) (int, error) {
	t.watch.touch()
	return t.Reader.Read(p)
}
