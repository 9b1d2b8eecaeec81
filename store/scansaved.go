package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"congso/store/model"
)

// SavedRecord is a record that was saved.
type SavedRecord struct {
	Kind model.Kind
	ID   int64 // 0 for the settings
}

// savedBatch is how many audit entries are read at once.
const savedBatch = 500

// NewestAudit is the id of the newest audit entry, 0 before the first.
func (s *Store) NewestAudit(ctx context.Context) (int64, error) {
	newest, err := queryOne(ctx, s.read, value[int64], `SELECT COALESCE(MAX(id), 0) FROM audit`)
	if err != nil {
		return 0, fmt.Errorf("newest audit entry: %w", err)
	}
	return newest, nil
}

// SavedSince returns the records that were saved since the audit entry with that id, each once, and the entry up to which that holds.
func (s *Store) SavedSince(ctx context.Context, seen int64) (saved []SavedRecord, newest int64, err error) {
	newest = seen
	_, err = queryAll(ctx, s.read, func(row scanner) (r SavedRecord, err error) {
		var id int64
		err = row.Scan(&id, &r.Kind, &r.ID)
		newest = max(newest, id)
		if scannedKind(r) && !slices.Contains(saved, r) {
			saved = append(saved, r)
		}
		return r, err
	}, `SELECT id, kind, record_id FROM audit WHERE id > $1 ORDER BY id LIMIT $2`, seen, savedBatch)
	if err != nil {
		return nil, seen, fmt.Errorf("saved records: %w", err)
	}
	return saved, newest, nil
}

// scannedKind reports whether the record has texts that are scanned. Menu, redirects and settings are each saved as a whole, without an id.
func scannedKind(r SavedRecord) bool {
	switch r.Kind {
	case model.KindMoved, model.KindSetting, model.KindMenu:
		return r.ID == 0
	case model.KindNews, model.KindMeeting:
		return true
	}
	return r.ID != 0 && slices.ContainsFunc(scannedTables(), func(t scannedTable) bool { return t.kind == r.Kind })
}

// ApproveLinkedSites approves the hosts of the linked sites that somebody put there through the portal, as the audit trail says.
func (s *Store) ApproveLinkedSites(ctx context.Context, by model.Actor) error {
	list, err := queryAll(ctx, s.read, value[string], `SELECT l.url FROM linked_site l
		WHERE EXISTS (SELECT 1 FROM audit a WHERE a.kind = 'linked_site' AND a.record_id = l.id) ORDER BY l.id`)
	if err != nil {
		return fmt.Errorf("approve linked sites: %w", err)
	}
	var hosts []string
	for _, address := range list {
		if host := model.LinkHost(address); validHost(host) {
			hosts = append(hosts, host)
		}
	}
	if len(hosts) == 0 {
		return nil
	}
	return s.ApproveHosts(ctx, by, hosts...)
}

// approveLinked approves the host of a linked site that an administrator puts there.
func (s *Store) approveLinked(ctx context.Context, tx *sql.Tx, by model.Actor, address string) error {
	host := model.LinkHost(address)
	if !validHost(host) {
		return nil
	}
	return s.approveHosts(ctx, tx, by, host)
}
