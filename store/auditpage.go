package store

import (
	"context"
	"fmt"
	"slices"

	"congso/store/model"
)

// AuditFilter says which entries of the audit trail a page holds; the zero filter takes all.
type AuditFilter struct {
	User     int64  // 0 for all
	Actor    string // account name, or subcommand; "" for all
	Action   string // "" for all
	Kind     model.Kind
	RecordID int64
	From, To model.Day // both included, "" for no bound
}

func (f AuditFilter) conditions() *conditions {
	c := &conditions{}
	if f.User != 0 {
		c.add("user_id = ?", f.User)
	}
	if actor := model.Clean(f.Actor); actor != "" {
		c.add("actor = ?", actor)
	}
	if action := model.Clean(f.Action); action != "" {
		c.add("action = ?", action)
	}
	if kind := model.Clean(string(f.Kind)); kind != "" {
		c.add("kind = ?", kind)
	}
	if f.RecordID != 0 {
		c.add("record_id = ?", f.RecordID)
	}
	if from := f.From.Time(); !from.IsZero() {
		c.add("at >= ?", unix(from))
	}
	if to := dayAfter(f.To); !to.IsZero() {
		c.add("at < ?", unix(to))
	}
	return c
}

// AuditPage returns one page (from 1, of size entries) of the audit trail, newest first, and how many entries there are in all.
func (s *Store) AuditPage(ctx context.Context, f AuditFilter, page, size int) (entries []model.Audit, total int, err error) {
	c := f.conditions()
	where := c.where()
	if total, err = queryOne(ctx, s.read, value[int], `SELECT COUNT(*) FROM audit`+where, c.args...); err != nil {
		return nil, 0, fmt.Errorf("audit, page %d: %w", page, err)
	}
	limit, ok := c.limit(page, size, total)
	if !ok {
		return nil, total, nil
	}
	entries, err = queryAll(ctx, s.read, scanAudit, `SELECT `+auditColumns+` FROM audit`+where+` ORDER BY id DESC`+limit, c.args...)
	if err != nil {
		return nil, 0, fmt.Errorf("audit, page %d: %w", page, err)
	}
	return entries, total, nil
}

// RecordNames returns how people call the records, as far as they are still there and have a name.
func (s *Store) RecordNames(ctx context.Context, refs []model.RecordRef) (map[model.RecordRef]string, error) {
	ids := map[model.Kind][]int64{}
	for _, ref := range refs {
		if ref.ID != 0 && !slices.Contains(ids[ref.Kind], ref.ID) {
			ids[ref.Kind] = append(ids[ref.Kind], ref.ID)
		}
	}
	names := map[model.RecordRef]string{}
	for kind, source := range map[model.Kind]string{
		model.KindNews: `title FROM news`, model.KindMeeting: `title FROM meeting`, model.KindSection: `name FROM section`, model.KindUnit: `name FROM unit`,
		model.KindPerson: `name FROM person`, model.KindMedia: `name FROM media`, model.KindUser: `full_name FROM users`, model.KindLink: `name FROM linked_site`,
	} {
		if len(ids[kind]) == 0 {
			continue
		}
		var c conditions
		_, err := queryAll(ctx, s.read, func(row scanner) (id int64, err error) {
			var name string
			err = row.Scan(&id, &name)
			names[model.RecordRef{Kind: kind, ID: id}] = name
			return id, err
		}, `SELECT id, `+source+` WHERE id IN `+c.in(ids[kind]), c.args...)
		if err != nil {
			return nil, fmt.Errorf("names of %s records: %w", kind, err)
		}
	}
	return names, nil
}

// AuditActions returns the actions that the trail knows, in alphabetical order.
func (s *Store) AuditActions(ctx context.Context) ([]string, error) {
	list, err := queryAll(ctx, s.read, value[string], `SELECT DISTINCT action FROM audit ORDER BY action`)
	if err != nil {
		return nil, fmt.Errorf("actions of the audit trail: %w", err)
	}
	return list, nil
}
