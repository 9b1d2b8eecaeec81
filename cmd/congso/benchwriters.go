package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"congso/store"
	"congso/store/model"
)

// benchWriters write beside the readers, each in turn a new item and another text of it, with a pause after each.
type benchWriters struct {
	store   *store.Store
	cancel  context.CancelFunc // nil while nobody writes
	running sync.WaitGroup
	begun   atomic.Int64 // items
	written atomic.Int64 // texts
	mu      sync.Mutex
	failed  error
}

// obey reads "writers COUNT PAUSE": so many write from now on, those before end. What has failed since the order before is returned.
func (w *benchWriters) obey(ctx context.Context, words []string) error {
	if len(words) != 3 || words[0] != "writers" {
		return fmt.Errorf("unknown order %q", words)
	}
	count, err := strconv.Atoi(words[1])
	if err != nil {
		return err
	}
	pause, err := time.ParseDuration(words[2])
	if err != nil {
		return err
	}
	if err := w.end(); err != nil {
		return err
	}
	ctx, w.cancel = context.WithCancel(ctx)
	for range count {
		w.running.Go(func() { w.note(w.write(ctx, pause)) })
	}
	return nil
}

// end ends all writing and returns what has failed.
func (w *benchWriters) end() error {
	if w.cancel != nil {
		w.cancel()
	}
	w.running.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	failed := w.failed
	w.failed = nil
	return failed
}

func (w *benchWriters) note(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.failed = errors.Join(w.failed, err)
}

func (w *benchWriters) write(ctx context.Context, pause time.Duration) error {
	sections, err := w.store.Sections(ctx)
	if err != nil {
		return err
	}
	text := newBenchText()
	for {
		number := int(w.begun.Add(1))
		text.start(benchOfWriting, number)
		n := model.News{
			Title: text.sentence(5), Summary: text.sentence(10) + ".", Body: text.body(fmt.Sprintf("VM%07d", number), 1500), Section: sections[number%len(sections)],
			Lifecycle: model.Lifecycle{Status: model.StatusPublished, Visibility: model.Public, PublishAt: w.store.Now()},
		}
		for range 2 { // the second time with another text
			if err := w.store.PutNews(context.WithoutCancel(ctx), benchActor, &n); err != nil { // what was begun is written, not broken off
				return err
			}
			w.written.Add(1)
			n.Body = text.body(fmt.Sprintf("VM%07d", number), 1500)
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(pause):
			}
		}
	}
}
