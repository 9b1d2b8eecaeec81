package store

import (
	"context"
	"fmt"
	"sync"
	"time"

	"congso/store/model"
)

// Asking how the place of the files is: an answer is believed for so long, and waited for so long.
const (
	probeEvery  = 5 * time.Second
	probeWithin = time.Second
)

// mediaWatch is what was last known of the place of the files.
type mediaWatch struct {
	mu    sync.Mutex
	at    time.Time     // of the newest answer
	fault error         // which it was
	asked chan struct{} // nil unless somebody is asking; closed when there is an answer
}

// MediaFault says why files of the library can neither be read nor kept now, nil when they can. It waits a second at most, however long
// the place may take, and is kept for five. That it has changed is told in the log.
func (s *Store) MediaFault(ctx context.Context) error {
	if s.media == nil {
		return nil
	}
	w := &s.watched
	w.mu.Lock()
	if time.Since(w.at) < probeEvery {
		defer w.mu.Unlock()
		return w.fault
	}
	if w.asked == nil {
		w.asked = make(chan struct{})
		go s.askMedia(w.asked)
	}
	answered := w.asked
	w.mu.Unlock()
	select {
	case <-answered:
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.fault
	case <-time.After(probeWithin):
		return fmt.Errorf("%w: no answer within %v", model.ErrFilesAway, probeWithin)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// askMedia asks once. A folder of another machine may hold it up for long, so it is nobody's own.
func (s *Store) askMedia(answered chan struct{}) {
	fault := s.media.probe(context.Background())
	w := &s.watched
	w.mu.Lock()
	before := w.fault
	w.at, w.fault, w.asked = time.Now(), fault, nil
	w.mu.Unlock()
	close(answered)
	switch {
	case fault != nil && before == nil:
		s.log.Error("pictures and attachments can neither be read nor kept", "place", s.media.name(), "error", fault)
	case fault == nil && before != nil:
		s.log.Info("pictures and attachments can be read and kept again", "place", s.media.name())
	}
}
