package main

import (
	"context"
	"crypto/rand"
	"time"
)

// timesEvery is how long what time brings about may wait until the records say so; readers see it at once.
const timesEvery = 10 * time.Second

// followTimes archives what has expired and notes what has come out, until ctx ends. A failure is logged when it begins and when it is over.
func (p *portal) followTimes(ctx context.Context) {
	holder := rand.Text()
	ticker := time.NewTicker(timesEvery)
	defer ticker.Stop()
	failing := false
	for ctx.Err() == nil {
		n, err := p.store.Sweep(ctx, holder)
		p.done.sweeps.Add(1)
		p.done.swept.Add(int64(n))
		switch {
		case ctx.Err() != nil:
		case err != nil && !failing:
			p.log.Error("times that have come are not in the records yet", "error", err)
		case err == nil && failing:
			p.log.Info("times that have come are in the records again")
		}
		if failing = err != nil; n > 0 {
			p.log.Info("records whose time has come", "count", n)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
		}
	}
}
