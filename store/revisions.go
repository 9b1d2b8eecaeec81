package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"sort"
	"strings"
	"unicode"

	"congso/store/model"
)

// edit is a change of one record: as the database had it, the zero record for a new one, and as it has it now.
type edit struct {
	kind     model.Kind
	id       int64
	created  bool
	revision int // 0 for kinds that keep no revisions
	before   any
	after    any
	action   string // as the audit trail names it; "" for create or update
	author   int64  // whose text it is, 0 when it is nobody's
}

// verb is what the audit trail calls the change.
func (e edit) verb() string {
	switch {
	case e.created:
		return "create"
	case e.action != "":
		return e.action
	}
	return "update"
}

// record writes the revision and the audit entry of a change; two entries for what is created and moved on at once. That somebody
// publishes a text of their own stands among the fields as "own".
func (s *Store) record(ctx context.Context, tx *sql.Tx, by model.Actor, e edit) error {
	is, err := jsonFields(e.after)
	if err != nil {
		return err
	}
	fields, err := changedFields(e.before, is)
	if err != nil {
		return err
	}
	if e.revision > 0 {
		if err := s.putRevision(ctx, tx, by, e, is); err != nil {
			return err
		}
	}
	var own []string
	if e.action == string(model.ActionPublish) && e.author != 0 && e.author == by.UserID {
		own = []string{"own"}
	}
	if e.created && e.action != "" {
		if err := s.audit(ctx, tx, by, "create", e.kind, e.id, fields); err != nil {
			return err
		}
		return s.audit(ctx, tx, by, e.action, e.kind, e.id, append([]string{"status"}, own...))
	}
	return s.audit(ctx, tx, by, e.verb(), e.kind, e.id, append(fields, own...))
}

// putRevision keeps the record's fields as JSON. HTML is left out: it is made again from the Markdown.
func (s *Store) putRevision(ctx context.Context, tx *sql.Tx, by model.Actor, e edit, fields map[string]json.RawMessage) error {
	delete(fields, "HTML")
	data, err := json.Marshal(fields)
	if err != nil {
		return fmt.Errorf("revision: %w", err)
	}
	err = exec(ctx, tx, `INSERT INTO revision (kind, record_id, number, data, user_id, actor, at, action) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		e.kind, e.id, e.revision, string(data), orNull(by.UserID), by.Name, unix(s.now()), e.verb())
	if err != nil {
		return fmt.Errorf("revision: %w", err)
	}
	return rememberMedia(ctx, tx, e.kind, e.id, string(data))
}

// changedFields returns the names of the fields in which a record differs from what it is now, sorted, in the spelling of model.Invalid
// (publish_at). What every change changes is left out.
func changedFields(before any, is map[string]json.RawMessage) ([]string, error) {
	was, err := jsonFields(before)
	if err != nil {
		return nil, err
	}
	var names []string
	for name, now := range is {
		switch name {
		case "ID", "HTML", "Revision", "CreatedAt", "UpdatedAt":
			continue
		}
		if !bytes.Equal(was[name], now) {
			names = append(names, fieldName(name))
		}
	}
	sort.Strings(names)
	return names, nil
}

func jsonFields(record any) (map[string]json.RawMessage, error) {
	data, err := json.Marshal(record)
	if err != nil {
		return nil, fmt.Errorf("record as JSON: %w", err)
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		return nil, fmt.Errorf("record as JSON: %w", err)
	}
	return fields, nil
}

// fieldName turns NameEN into name_en.
func fieldName(name string) string {
	var b strings.Builder
	small := false
	for _, r := range name {
		if unicode.IsUpper(r) && small {
			b.WriteByte('_')
		}
		small = unicode.IsLower(r)
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
