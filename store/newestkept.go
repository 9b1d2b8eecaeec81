package store

import (
	"sync"

	"congso/store/model"
)

// newestKept keeps the newest items of lists, which the pages of all items of a section show, for as long as they are what a snapshot would
// find: until this program commits anything, and within a second of the store's clock. What another program commits is up to a second late, or
// less once a HitBuffer is flushed.
type newestKept struct {
	mu           sync.Mutex
	begun, ended uint64 // commits
	commits      uint64 // of which the lists know
	second       int64  // at which they hold
	lists        map[newestOf][]model.NewsLink
}

// newestOf names the first so many items of a list.
type newestOf struct {
	list int64
	most int
}

// unknown is a number of commits that there never are: that of a reader whose queries see more than one moment.
const unknown = ^uint64(0)

// commit runs one.
func (k *newestKept) commit(do func() error) error {
	k.mu.Lock()
	k.begun++
	k.mu.Unlock()
	defer func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.ended++
	}()
	return do()
}

// forget lets go of what is kept, and keeps nothing that a snapshot which has begun will find: another program has committed something.
func (k *newestKept) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.begun, k.ended = k.begun+1, k.ended+1
}

// now is how many commits there were, unknown while one is under way. Whoever asks before a snapshot begins, and later again with the same
// answer, knows that it is a snapshot of all that is committed.
func (k *newestKept) now() uint64 {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.settled()
}

func (k *newestKept) settled() uint64 {
	if k.begun != k.ended {
		return unknown
	}
	return k.ended
}

// find returns the list that a snapshot from that number of commits on would find in that second.
func (k *newestKept) find(of newestOf, commits uint64, second int64) (list []model.NewsLink, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if commits == unknown || k.settled() != commits || k.commits != commits || k.second != second {
		return nil, false
	}
	list, ok = k.lists[of]
	return list, ok
}

// keep keeps what such a snapshot has found. Nobody may write into the list any more.
func (k *newestKept) keep(of newestOf, commits uint64, second int64, list []model.NewsLink) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if commits == unknown || k.settled() != commits {
		return
	}
	if k.lists == nil || k.commits != commits || k.second != second {
		k.commits, k.second, k.lists = commits, second, map[newestOf][]model.NewsLink{}
	}
	k.lists[of] = list
}
