package store_test

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"
	"time"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

const month = 30 * 24 * time.Hour

// pruned is an audit trail: five entries, and three that came 40 days later.
type pruned struct {
	*testing.T
	*store.Store
	ctx   context.Context
	clock *storetest.Clock
	db    *sql.DB
}

func eachPruned(t *testing.T, run func(t *testing.T, p pruned)) {
	t.Helper()
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		clock := storetest.NewClock()
		o.Now = clock.Now
		p := pruned{T: t, Store: storetest.Open(t, o), ctx: context.Background(), clock: clock, db: raw(t, o)}
		p.add(5)
		clock.Add(40 * 24 * time.Hour)
		p.add(3)
		run(t, p)
	})
}

func (p pruned) add(n int) {
	p.Helper()
	must(p, p.AddAudit(p.ctx, n))
}

// prune checks how many entries go, and that the rest, of that many entries, holds.
func (p pruned) prune(holder string, keep time.Duration, want int64, left int) {
	p.Helper()
	n, err := p.PruneAudit(p.ctx, holder, keep)
	if err != nil || n != want {
		p.Errorf("%d entries removed, error %v, want %d", n, err, want)
	}
	if count, err := p.VerifyAudit(p.ctx); err != nil || count != left {
		p.Errorf("%d entries hold, error %v, want %d", count, err, left)
	}
}

// anchor is what the newest entry says of removed ones.
func (p pruned) anchor() model.AuditPrune {
	p.Helper()
	head, err := p.AuditHead(p.ctx)
	must(p, err)
	anchor, ok := head.Pruned()
	if !ok || head.Actor.Name != "congso" {
		p.Fatalf("the newest entry is no anchor: %+v", head)
	}
	return anchor
}

func TestPruneAudit(t *testing.T) {
	eachPruned(t, func(t *testing.T, p pruned) {
		fifth := column(t, p.db, `SELECT hash FROM audit WHERE id = 5`)
		p.prune("a", 0, 0, 8)
		p.prune("a", 41*24*time.Hour, 0, 8)
		p.prune("a", month, 5, 4)
		if got, want := p.anchor(), (model.AuditPrune{Last: 5, Hash: fifth, Count: 5, All: 5}); got != want {
			t.Errorf("anchor %+v, want %+v", got, want)
		}
		tail, err := p.AuditTail(p.ctx)
		if err != nil || tail.ID != 6 || tail.Previous != fifth || !tail.At.Equal(p.clock.Now()) {
			t.Errorf("the first entry left: %+v, error %v", tail, err)
		}
		p.prune("a", month, 0, 4)
		p.clock.Add(40 * 24 * time.Hour)
		p.add(1)
		p.prune("a", month, 4, 2) // the first anchor goes too
		if got := p.anchor(); got.Last != 9 || got.Count != 4 || got.All != 9 {
			t.Errorf("second anchor %+v", got)
		}
		p.clock.Add(40 * 24 * time.Hour)
		p.prune("a", month, 2, 1) // everything was older: the anchor alone remains
		p.clock.Add(40 * 24 * time.Hour)
		p.prune("a", month, 0, 1)
		if got := p.anchor(); got.Last != 11 || got.All != 11 {
			t.Errorf("last anchor %+v", got)
		}
		p.add(2)
		if count, err := p.VerifyAudit(p.ctx); err != nil || count != 3 {
			t.Errorf("%d entries hold, error %v, want 3", count, err)
		}
	})
}

// TestPruneAuditStopsAtWhatIsKept: only the beginning goes, although the clock was a year ahead when it was written, or behind later.
func TestPruneAuditStopsAtWhatIsKept(t *testing.T) {
	eachPruned(t, func(t *testing.T, p pruned) {
		p.clock.Add(-200 * 24 * time.Hour)
		p.add(2) // "older" than all before
		p.clock.Add(200 * 24 * time.Hour)
		p.add(1)
		p.prune("a", month, 5, 7)
	})
}

func TestPruneAuditInBatches(t *testing.T) {
	eachPruned(t, func(t *testing.T, p pruned) {
		p.add(4500)
		p.clock.Add(40 * 24 * time.Hour)
		p.add(2)
		walks := make(chan error, 1)
		done := make(chan struct{})
		go func() { // who checks meanwhile sees a trail that holds
			var failed error
			for stop := false; !stop && failed == nil; {
				select {
				case <-done:
					stop = true
				default:
				}
				_, failed = p.VerifyAudit(p.ctx)
			}
			walks <- failed
		}()
		p.prune("a", month, 4508, 5)
		close(done)
		if err := <-walks; err != nil {
			t.Errorf("a walk meanwhile: %v", err)
		}
		if got := p.anchor(); got.Count != 508 || got.All != 4508 {
			t.Errorf("anchor %+v", got)
		}
	})
}

func TestOneOfSeveralCopiesPrunes(t *testing.T) {
	eachPruned(t, func(t *testing.T, p pruned) {
		p.prune("a", 80*24*time.Hour, 0, 8)
		p.prune("b", month, 0, 8)
		p.clock.Add(11 * time.Minute)
		p.prune("b", month, 5, 4)
	})
}

func TestPrunedAuditNoticesTampering(t *testing.T) {
	const columns = `at, user_id, actor, action, kind, record_id, fields, previous, hash`
	for name, tamper := range map[string]struct {
		statements string
		hold       int // entries before the damage, of 6, 7, 8, the anchor 9 and 10
	}{
		"untouched":                     {`UPDATE setting SET value = value`, 5},
		"first left taken out":          {`DELETE FROM audit WHERE id = 6`, 0},
		"another taken out":             {`DELETE FROM audit WHERE id = 7`, 1},
		"newest taken out":              {`DELETE FROM audit WHERE id = 10`, 4},
		"anchor taken out":              {`DELETE FROM audit WHERE id = 9`, 0},
		"anchor and what follows":       {`DELETE FROM audit WHERE id >= 9`, 0},
		"all before the anchor":         {`DELETE FROM audit WHERE id < 9`, 0},
		"all":                           {`DELETE FROM audit`, 0},
		"anchor of another hash":        {`UPDATE audit SET fields = REPLACE(fields, 'hash=', 'hash=0') WHERE id = 9`, 0},
		"anchor of another count":       {`UPDATE audit SET fields = REPLACE(fields, 'count=5', 'count=4') WHERE id = 9`, 0},
		"anchor moved on":               {`DELETE FROM audit WHERE id = 6; UPDATE audit SET record_id = 6, fields = 'hash=' || (SELECT previous FROM audit WHERE id = 7) || ',count=6,all=6' WHERE id = 9`, 0},
		"a copy of the anchor in front": {`UPDATE audit SET id = -1 WHERE id = 9`, 0},
		"removed ones put back, forged": {`INSERT INTO audit (id, ` + columns + `) SELECT 5, at, 7, 'x', action, kind, record_id, fields, '', (SELECT previous FROM audit WHERE id = 6) FROM audit WHERE id = 6`, 0},
		"an entry put in before all":    {`INSERT INTO audit (id, ` + columns + `) SELECT -5, at, 7, 'x', action, kind, record_id, fields, '', 'f' FROM audit WHERE id = 6`, 0},
		"a forged anchor at the end": {`DELETE FROM audit WHERE id = 6; INSERT INTO audit (` + columns + `) SELECT at, user_id, actor, action, kind, 6,
			'hash=' || (SELECT previous FROM audit WHERE id = 7) || ',count=6,all=6', hash, 'f' FROM audit WHERE id = 10 OR id = -10`, 0},
	} {
		t.Run(name, func(t *testing.T) {
			eachPruned(t, func(t *testing.T, p pruned) {
				p.prune("a", month, 5, 4)
				p.add(1)
				for _, statement := range strings.Split(tamper.statements, ";") {
					run(t, p.db, statement)
				}
				count, err := p.VerifyAudit(p.ctx)
				if count != tamper.hold || errors.Is(err, store.ErrAuditBroken) == (name == "untouched") {
					t.Errorf("%d entries hold, error %v, want %d", count, err, tamper.hold)
				}
				if name == "untouched" {
					return
				}
				p.clock.Add(80 * 24 * time.Hour)
				before := column(t, p.db, `SELECT id FROM audit ORDER BY id`)
				if n, err := p.PruneAudit(p.ctx, "a", month); n != 0 || before != "" && !errors.Is(err, store.ErrAuditBroken) {
					t.Errorf("pruning a broken trail: %d removed, error %v", n, err)
				}
				if after := column(t, p.db, `SELECT id FROM audit ORDER BY id`); after != before {
					t.Errorf("entries %s, before %s: traces are gone", after, before)
				}
			})
		})
	}
}
