package main

import (
	"context"
	"crypto/rand"
	"sync"
	"time"

	"congso/store"
	"congso/store/model"
)

// startWork starts all that is done beside answering, until ctx ends; the group waits for its end.
func (p *portal) startWork(ctx context.Context, hits *store.HitBuffer) *sync.WaitGroup {
	group := &sync.WaitGroup{}
	work := []func(context.Context){
		p.index, p.checkRecords, hits.Run, p.content.Watch, p.rerender, p.followDays, p.sweepLogins, p.followTimes, p.keepBackups, p.followSchema,
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

// indexAgain is how long a failed indexing of the articles waits before it is tried again.
const indexAgain = 5 * time.Second

// index keeps the search index in step with the articles until ctx ends.
func (p *portal) index(ctx context.Context) {
	changed, index := make(chan struct{}, 1), p.store.ArticleIndex()
	p.content.OnChange(func([]model.Article) {
		select {
		case changed <- struct{}{}:
		default: // the next round takes the newest articles anyway
		}
	})
	for {
		select {
		case <-ctx.Done():
			return
		case <-changed:
		}
		for err := index.Set(ctx, p.content.All()); err != nil && ctx.Err() == nil; err = index.Set(ctx, p.content.All()) {
			p.log.Error("articles not indexed", "error", err)
			select {
			case <-ctx.Done():
			case <-time.After(indexAgain):
			}
		}
	}
}

// keepArchived is how long a file that was put away can be brought back.
const keepArchived = 30 * 24 * time.Hour

// followDays keeps what search finds of the directory in step with the day, from the start until ctx ends: posts begin and end at midnight.
// It also removes files for good that were put away long ago, and merges what the day has written to the search index. Lists are looked through
// at midnight alone, since that reads all of them.
func (p *portal) followDays(ctx context.Context) {
	ticker := time.NewTicker(time.Minute)
	defer ticker.Stop()
	var done model.Day
	for ctx.Err() == nil {
		if today := p.store.Today(); today != done {
			if err := p.store.IndexDirectory(ctx); err == nil {
				if done != "" {
					p.mendLists(ctx)
				}
				done = today
			} else if ctx.Err() == nil {
				p.log.Error("directory not indexed", "error", err)
			}
			if n, err := p.store.PurgeMedia(ctx, model.Actor{Name: "serve"}, keepArchived); err != nil && ctx.Err() == nil {
				p.log.Error("archived files not removed", "removed", n, "error", err)
			}
			if err := p.store.MergeSearch(ctx); err != nil && ctx.Err() == nil {
				p.log.Error("search index not merged", "error", err)
			}
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
		}
	}
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

// sweepEvery is how often sessions that have ended are thrown away. They are not believed meanwhile.
const sweepEvery = 10 * time.Minute

func (p *portal) sweepLogins(ctx context.Context) {
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
		if err := p.store.SweepLogins(ctx); err != nil && ctx.Err() == nil {
			p.log.Error("logins not swept", "error", err)
		}
	}
}

// rerender brings texts that an older program rendered up to date.
func (p *portal) rerender(ctx context.Context) {
	n, err := p.store.RerenderStale(ctx)
	if err != nil && ctx.Err() == nil {
		p.log.Error("texts not rendered again", "error", err)
	}
	if n > 0 {
		p.log.Info("texts rendered again", "count", n)
	}
}
