package main

import (
	"context"
	"time"

	"congso/handlers"
	"congso/store/model"
)

const (
	savedEvery = 3 * time.Second  // what was saved is looked at so often
	scanLook   = 10 * time.Minute // how often it is looked whether the nightly scan is due
	scanAgain  = time.Hour        // and how long after one that came to no end
	scanHour   = 2                // o'clock in Vietnam, at which it begins
	scanUntil  = 6                // o'clock after which a scan that was missed waits for the next night
)

// followScans looks at what was saved, and once a night at everything, until ctx ends. Of several copies of the program one does.
func (p *portal) followScans(ctx context.Context, options handlers.Options) {
	p.scanSaved(ctx, options)
	var look time.Time // when it is looked next
	for now := range ticks(ctx, savedEvery) {
		p.scanSaved(ctx, options)
		if now.Before(look) {
			continue
		}
		look = now.Add(scanLook)
		if err := p.scanNightly(ctx, options); err != nil && ctx.Err() == nil {
			p.log.Error("nightly scan not made", "error", err)
			look = time.Now().Add(scanAgain)
		}
	}
}

// scanSaved looks at what was saved. Whether there is anything is asked first, since a lease is written.
func (p *portal) scanSaved(ctx context.Context, options handlers.Options) {
	waits, err := handlers.ScanWaits(ctx, options)
	if err == nil && waits {
		_, err = p.store.Leased(ctx, "scan saved", func(ctx context.Context) error {
			_, err := handlers.ScanSaved(ctx, options)
			return err
		})
	}
	if err != nil && ctx.Err() == nil {
		p.log.Error("what was saved is not scanned", "error", err)
	}
}

// scanNightly makes the scan of this night, when its hour has come and no copy has made it.
func (p *portal) scanNightly(ctx context.Context, options handlers.Options) error {
	now, today := p.store.Now(), p.store.Today()
	if now.Hour() < scanHour || now.Hour() >= scanUntil {
		return nil
	}
	state, err := p.store.ScanState(ctx)
	if err == nil && state.Day != today {
		_, err = p.store.LeasedOnce(ctx, "scan", string(today), func(ctx context.Context) error { return p.scanAll(ctx, options, today) })
	}
	return err
}

func (p *portal) scanAll(ctx context.Context, options handlers.Options, today model.Day) error {
	options.Metrics = nil // its pages are no answers to readers
	report, err := handlers.Scan(ctx, options, handlers.ScanOptions{EveryPage: true, Gentle: true})
	if err != nil {
		return err
	}
	level := p.log.Info
	if report.Open > 0 {
		level = p.log.Warn
	}
	level("scanned for planted links", "records", report.Records, "pages", report.Pages, "files", report.Files, "open", report.Open, "took", report.Ended.Sub(report.Began).String())
	_, err = p.store.PutScanState(ctx, func(state *model.ScanState) { state.Day = today })
	return err
}
