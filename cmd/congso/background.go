package main

import (
	"context"
	"crypto/rand"
	"iter"
	"strconv"
	"sync"
	"time"

	"congso/store"
	"congso/store/model"
)

// startWork starts all that is done beside answering, until ctx ends; the group waits for its end.
func (p *portal) startWork(ctx context.Context, hits *store.HitBuffer) *sync.WaitGroup {
	group := &sync.WaitGroup{}
	work := []func(context.Context){
		p.index, p.checkRecords, hits.Run, p.content.Watch, p.rerender, p.followDays, p.sweepLogins, p.followTimes, p.keepBackups, p.followSchema, p.followMedia, p.giveMemoryBack,
		func(ctx context.Context) { p.followAudit(ctx, rand.Text()) },
	}
	if p.https != nil {
		work = append(work, p.https.follow, p.warnOfEnd)
	}
	for _, do := range work {
		group.Go(func() { do(ctx) })
	}
	return group
}

// ticks yields each time that so long has passed, until ctx ends.
func ticks(ctx context.Context, every time.Duration) iter.Seq[time.Time] {
	return func(yield func(time.Time) bool) {
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case at := <-ticker.C:
				if ctx.Err() != nil || !yield(at) {
					return
				}
			}
		}
	}
}

// indexAgain is how long a failed indexing of the articles waits before it is tried again.
const indexAgain = 5 * time.Second

// index keeps the search index in step with the articles until ctx ends. Of several copies of the program one does.
func (p *portal) index(ctx context.Context) {
	changed := make(chan struct{}, 1)
	p.content.OnChange(func([]model.Article) {
		select {
		case changed <- struct{}{}:
		default: // the next round takes the newest articles anyway
		}
	})
	for ctx.Err() == nil {
		err := p.store.KeepArticles(ctx, func(ctx context.Context) error { return p.indexFrom(ctx, changed) })
		if err != nil && ctx.Err() == nil {
			p.log.Error("articles not indexed", "error", err)
		}
		pause(ctx, indexAgain)
	}
}

// indexFrom indexes the articles as they are, and again after each change, until ctx ends or that fails.
func (p *portal) indexFrom(ctx context.Context, changed <-chan struct{}) error {
	index := p.store.ArticleIndex()
	for {
		version := p.content.Version()
		if err := index.Set(ctx, p.content.All()); err != nil {
			return err
		}
		if err := p.store.NoteArticles(ctx, version); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-changed:
		}
	}
}

// pause waits so long, or until ctx ends.
func pause(ctx context.Context, long time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(long):
	}
}

// keepArchived is how long a file that was put away can be brought back.
const keepArchived = 30 * 24 * time.Hour

// followDays does what each day brings, from the start until ctx ends; of several copies of the program one does. Lists are looked through at
// midnight alone, since that reads all of them.
func (p *portal) followDays(ctx context.Context) {
	ticker := time.NewTicker(time.Minute)
	defer ticker.Stop()
	var done model.Day
	for ctx.Err() == nil {
		if today := p.store.Today(); today != done && p.beginDay(ctx, today, done != "") {
			done = today
			if err := p.store.SweepUploads(); err != nil { // each copy its own
				p.log.Error("broken uploads not removed", "error", err)
			}
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
		}
	}
}

// beginDay reports whether what the day brings is done, be it by another copy of the same program.
func (p *portal) beginDay(ctx context.Context, today model.Day, midnight bool) bool {
	done, err := p.store.LeasedOnce(ctx, "day", string(today)+" "+programName(), p.dayWork)
	if err != nil && ctx.Err() == nil {
		p.log.Error("directory not indexed", "error", err)
	}
	if done && midnight {
		done, err = p.store.LeasedOnce(ctx, "lists", string(today), func(ctx context.Context) error {
			p.mendLists(ctx)
			return nil
		})
		if err != nil && ctx.Err() == nil {
			p.log.Error("lists not looked through", "error", err)
		}
	}
	return done
}

// dayWork keeps what search finds of the directory in step with the day: posts begin and end at midnight. It also removes files for good that
// were put away long ago, and merges what the day has written to the search index.
func (p *portal) dayWork(ctx context.Context) error {
	err := p.store.IndexDirectory(ctx)
	if n, err := p.store.PurgeMedia(ctx, model.Actor{Name: "serve"}, keepArchived); err != nil && ctx.Err() == nil {
		p.log.Error("archived files not removed", "removed", n, "error", err)
	}
	if err := p.store.MergeSearch(ctx); err != nil && ctx.Err() == nil {
		p.log.Error("search index not merged", "error", err)
	}
	return err
}

// mendLists puts right what somebody did to the lists of pages past the portal.
func (p *portal) mendLists(ctx context.Context) {
	found, err := p.store.MendLists(ctx)
	if err != nil && ctx.Err() == nil {
		p.log.Error("lists not looked through", "error", err)
	}
	if found != (store.ListFaults{}) {
		p.log.Warn("lists mended", "missing", found.Missing, "wrong", found.Wrong, "counts", found.Counts)
	}
}

// watchMediaEvery is how often the place of the media is asked whether it is there.
const watchMediaEvery = 10 * time.Second

// followMedia lets the log tell when files of the library can no longer be had, and when they can again.
func (p *portal) followMedia(ctx context.Context) {
	_ = p.store.MediaFault(ctx) // which it tells itself
	for range ticks(ctx, watchMediaEvery) {
		_ = p.store.MediaFault(ctx)
	}
}

// sweepEvery is how often sessions that have ended are thrown away. They are not believed meanwhile.
const sweepEvery = 10 * time.Minute

func (p *portal) sweepLogins(ctx context.Context) {
	for range ticks(ctx, sweepEvery) {
		turn := p.store.Now().Truncate(sweepEvery).Unix() // of several copies of the program one takes it
		if _, err := p.store.LeasedOnce(ctx, "logins", strconv.FormatInt(turn, 10), p.store.SweepLogins); err != nil && ctx.Err() == nil {
			p.log.Error("logins not swept", "error", err)
		}
	}
}

// rerenderAgain is how long a copy of the program waits for another one that renders texts.
const rerenderAgain = 10 * time.Second

// rerender brings texts that an older program rendered up to date.
func (p *portal) rerender(ctx context.Context) {
	for did := false; !did && ctx.Err() == nil; {
		n := 0
		var err error
		did, err = p.store.Leased(ctx, "render", func(ctx context.Context) (err error) {
			n, err = p.store.RerenderStale(ctx)
			return err
		})
		if err != nil && ctx.Err() == nil {
			p.log.Error("texts not rendered again", "error", err)
		}
		if n > 0 {
			p.log.Info("texts rendered again", "count", n)
		}
		if !did {
			pause(ctx, rerenderAgain)
		}
	}
}
