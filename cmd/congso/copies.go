package main

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"congso/handlers/prometheus"
	"congso/store"
)

// Times of what the copies of the program on one PostgreSQL database tell each other.
const (
	announceEvery = 3 * time.Second
	leaveWithin   = 2 * time.Second
)

// copies are the copies of the program on one PostgreSQL database, as this one meets them. With SQLite there is no other.
type copies struct {
	portal  *portal
	own     store.Copy
	failing bool // the others were not told the last time
}

// joinCopies tells the other copies of this one. That it fails is logged, and tried again by follow.
func (p *portal) joinCopies(ctx context.Context) (*copies, error) {
	schema, err := store.ProgramSchema()
	if err != nil {
		return nil, err
	}
	host, err := os.Hostname()
	if err != nil {
		p.log.Warn("this machine has no name by which the other copies of the program could know it", "error", err)
	}
	folder, err := filepath.Abs(p.config.Data)
	if err != nil {
		return nil, err
	}
	plan, err := p.config.backups()
	if err != nil {
		return nil, err
	}
	c := &copies{portal: p, own: store.Copy{Name: host + ":" + folder, Program: programName(), Schema: schema, Since: time.Now(), Backups: plan.longest()}}
	c.announce(ctx)
	return c, nil
}

// announce logs a failure when it begins and when it is over.
func (c *copies) announce(ctx context.Context) {
	c.own.Content = c.portal.content.Version()
	err := c.portal.store.AnnounceCopy(ctx, c.own)
	switch {
	case ctx.Err() != nil:
	case err != nil && !c.failing:
		c.portal.log.Error("other copies of the program are not heard of", "error", err)
	case err == nil && c.failing:
		c.portal.log.Info("other copies of the program are heard of again")
	}
	c.failing = err != nil
}

// follow tells the others that this copy is there until ctx ends.
func (c *copies) follow(ctx context.Context) {
	if c.portal.config.Database == "" {
		return
	}
	for range ticks(ctx, announceEvery) {
		c.announce(ctx)
	}
}

// leave tells the others that this copy serves no more.
func (c *copies) leave(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaveWithin)
	defer cancel()
	if err := c.portal.store.LeaveCopies(ctx); err != nil {
		c.portal.log.Warn("other copies of the program are not told of the stop", "error", err)
	}
}

// writeCopies writes which copies of the program serve the records; nothing where there can be but one.
func writeCopies(out *prometheus.Writer, s *store.Store) {
	seen, ok := s.Copies()
	if !ok {
		return
	}
	out.Gauge("congso_copies", "Copies of the program that serve these records, this one among them.", float64(1+len(seen.Others)))
	out.Family("congso_copy", "gauge", "Each of them: for how many seconds it has not been heard of.")
	told := map[store.Copy]bool{} // Prometheus takes none of the figures when one comes twice
	for _, c := range append([]store.Copy{seen.Own}, seen.Others...) {
		labels := store.Copy{Name: c.Name, Program: c.Program, Content: c.Content}
		if told[labels] {
			continue
		}
		told[labels] = true
		out.Sample("congso_copy", c.Silent.Seconds(), "name", c.Name, "program", c.Program, "content", c.Content)
	}
	out.Gauge("congso_clock_ahead_seconds", "How far this machine's clock is ahead of the database's, at least; below 0 when it is behind.", seen.Own.Ahead.Seconds())
}
