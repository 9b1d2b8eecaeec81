package handlers

import (
	"context"
	"fmt"
	"log/slog"

	"congso/content"
	"congso/store"
	"congso/store/model"
)

// ScanWaits reports whether ScanSaved has anything to do.
func ScanWaits(ctx context.Context, o Options) (bool, error) {
	state, err := o.Store.ScanState(ctx)
	if err != nil || !state.Follow {
		return err == nil, err
	}
	newest, err := o.Store.NewestAudit(ctx)
	return newest > state.Seen, err
}

// ScanSaved looks at the records that were saved since it was last asked for, by whichever way, and returns how many. What is found in them
// stands among the findings; what was found before and is there no longer is closed. Of what was saved before it was first asked for it
// leaves the search to Scan.
func ScanSaved(ctx context.Context, o Options) (records int, err error) {
	state, err := o.Store.ScanState(ctx)
	if err != nil {
		return 0, err
	}
	if !state.Follow {
		return 0, followSaved(ctx, o)
	}
	saved, newest, err := o.Store.SavedSince(ctx, state.Seen)
	if err != nil || newest == state.Seen {
		return 0, err
	}
	if len(saved) > 0 {
		guard, err := newGuard(ctx, o)
		if err != nil {
			return 0, err
		}
		for _, r := range saved {
			if err := scanRecord(ctx, o, guard, r); err != nil {
				return records, fmt.Errorf("scan what was saved: %w", err)
			}
			records++
		}
	}
	_, err = o.Store.PutScanState(ctx, func(state *model.ScanState) { state.Seen = max(state.Seen, newest) })
	return records, err
}

// followSaved begins to follow what is saved, with the newest audit entry.
func followSaved(ctx context.Context, o Options) error {
	newest, err := o.Store.NewestAudit(ctx)
	if err == nil {
		_, err = o.Store.PutScanState(ctx, func(state *model.ScanState) { state.Follow, state.Seen = true, max(state.Seen, newest) })
	}
	return err
}

// mostOfRecord is how many findings of one save are kept.
const mostOfRecord = 300

func scanRecord(ctx context.Context, o Options, guard *content.Guard, saved store.SavedRecord) error {
	var found []model.Finding
	err := o.Store.ScanRecord(ctx, saved.Kind, saved.ID, func(r store.Scanned) error {
		if found = append(found, lookAt(guard, r)...); r.Fault != nil { // those that were saved after it are not to wait for ever
			o.Log.Error("what was saved cannot be read", "error", r.Fault)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(found) > 0 {
		o.Log.Warn("planted links or words found in what was saved", slog.String("kind", string(saved.Kind)), slog.Int64("id", saved.ID), slog.Int("findings", len(found)))
	}
	return o.Store.NoteRecordFindings(ctx, saved.Kind, saved.ID, found[:min(len(found), mostOfRecord)])
}
