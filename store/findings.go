package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"congso/store/model"
)

const findingColumns = `f.id, f.kind, f.place, f.record_id, f.section_id, f.path, f.title, f.field, f.line, f.value, f.excerpt, f.state, f.first_at, f.last_at, f.actor, f.decided_at`

func scanFinding(row scanner) (model.Finding, error) {
	var f model.Finding
	err := row.Scan(&f.ID, &f.Kind, &f.Place, &f.RecordID, &f.Section, &f.Path, &f.Title, &f.Field, &f.Line, &f.Value, &f.Excerpt, &f.State,
		moment{&f.FirstAt}, moment{&f.LastAt}, &f.DecidedBy, moment{&f.DecidedAt})
	return f, err
}

// findingKey is the same for what is found again.
func findingKey(f model.Finding) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%d\x00%s\x00%s", f.Kind, f.Place, f.RecordID, f.Path, f.Value))
	return hex.EncodeToString(sum[:])
}

// NoteFindings writes down what a scan of that number has found. What was found before is seen again: it stays approved when somebody
// approved it, and opens again when it was gone or taken down.
func (s *Store) NoteFindings(ctx context.Context, scan int64, list []model.Finding) error {
	if len(list) == 0 {
		return nil
	}
	err := s.tx(ctx, func(tx *sql.Tx) error { return s.noteFindings(ctx, tx, scan, list) })
	if err != nil {
		return fmt.Errorf("findings: %w", err)
	}
	return nil
}

func (s *Store) noteFindings(ctx context.Context, tx *sql.Tx, scan int64, list []model.Finding) error {
	now := unix(s.now())
	return insertRows(ctx, tx, `INSERT INTO finding (finding_key, kind, place, record_id, section_id, path, title, field, line, value, excerpt, state, first_at, last_at, scan)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'open', $12, $12, $13)
		ON CONFLICT (finding_key) DO UPDATE SET section_id = excluded.section_id, title = excluded.title, field = excluded.field, line = excluded.line,
			excerpt = excluded.excerpt, last_at = excluded.last_at, scan = CASE WHEN finding.scan > excluded.scan THEN finding.scan ELSE excluded.scan END,
			state = CASE WHEN finding.state = 'approved' THEN 'approved' ELSE 'open' END`, len(list), func(i int) []any {
		f := list[i]
		return []any{findingKey(f), f.Kind, f.Place, f.RecordID, f.Section, storable(f.Path), storable(f.Title), f.Field, f.Line, storable(f.Value), storable(f.Excerpt), now, scan}
	})
}

// storable is a text that both databases keep: names of files need not be UTF-8.
func storable(text string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "\uFFFD")
}

// CloseFindings closes what scans before the one of that number have found and it has not: it is not there any more. It returns how many
// findings are open now.
func (s *Store) CloseFindings(ctx context.Context, scan int64) (open int, err error) {
	err = s.tx(ctx, func(tx *sql.Tx) error {
		if err := exec(ctx, tx, `UPDATE finding SET state = 'gone' WHERE state = 'open' AND scan < $1`, scan); err != nil {
			return err
		}
		open, err = queryOne(ctx, tx, value[int], `SELECT COUNT(*) FROM finding WHERE state = 'open'`)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("close findings: %w", err)
	}
	return open, nil
}

// NoteRecordFindings writes down what a look at the texts of one record has found, and closes what was found in them before and is there no
// longer.
func (s *Store) NoteRecordFindings(ctx context.Context, place model.Kind, id int64, list []model.Finding) error {
	err := s.tx(ctx, func(tx *sql.Tx) error {
		state, err := keptState[model.ScanState](ctx, tx, scanStateSetting)
		if err != nil {
			return err
		}
		keys := make([]string, len(list))
		for i, f := range list {
			keys[i] = findingKey(f)
		}
		c := &conditions{}
		c.add("place = ?", place)
		c.add("record_id = ?", id)
		c.add("state = ?", model.FindingOpen)
		c.add("kind NOT IN (?, ?)", model.FoundFile, model.FoundDisguise)
		if len(keys) > 0 {
			marks := make([]string, len(keys))
			for i, key := range keys {
				marks[i] = c.arg(key)
			}
			c.terms = append(c.terms, "finding_key NOT IN ("+strings.Join(marks, ", ")+")")
		}
		if err := exec(ctx, tx, `UPDATE finding SET state = 'gone'`+c.where(), c.args...); err != nil {
			return err
		}
		return s.noteFindings(ctx, tx, state.Number, list)
	})
	if err != nil {
		return fmt.Errorf("findings of %s %d: %w", place, id, err)
	}
	return nil
}

// FindingFilter says which findings a page holds; the zero filter takes all.
type FindingFilter struct {
	State   model.FindingState
	Kind    model.FindingKind
	Place   model.Kind
	Value   string
	Bounded bool    // only those of news and meetings,
	Within  []int64 // and of news only those of these sections, where there are any
}

func (f FindingFilter) conditions() *conditions {
	c := &conditions{}
	if f.State != "" {
		c.add("f.state = ?", f.State)
	}
	if f.Kind != "" {
		c.add("f.kind = ?", f.Kind)
	}
	if f.Place != "" {
		c.add("f.place = ?", f.Place)
	}
	if f.Value != "" {
		c.add("f.value = ?", f.Value)
	}
	if f.Bounded {
		within := ""
		if len(f.Within) > 0 {
			within = " AND f.section_id IN " + c.in(f.Within)
		}
		c.terms = append(c.terms, "(f.place = 'meeting' OR f.place = 'news'"+within+")")
	}
	return c
}

// Findings returns one page (from 1) of what the guard has found, newest first, and how many there are.
func (s *Store) Findings(ctx context.Context, f FindingFilter, page, size int) (list []model.Finding, total int, err error) {
	c := f.conditions()
	where := c.where()
	if total, err = queryOne(ctx, s.read, value[int], `SELECT COUNT(*) FROM finding f`+where, c.args...); err != nil {
		return nil, 0, fmt.Errorf("findings: %w", err)
	}
	limit, ok := c.limit(page, size, total)
	if !ok {
		return nil, total, nil
	}
	list, err = queryAll(ctx, s.read, scanFinding, `SELECT `+findingColumns+` FROM finding f`+where+` ORDER BY f.id DESC`+limit, c.args...)
	if err != nil {
		return nil, 0, fmt.Errorf("findings: %w", err)
	}
	return list, total, nil
}

// OpenFindings is how many findings nobody has decided about that the filter takes.
func (s *Store) OpenFindings(ctx context.Context, f FindingFilter) (int, error) {
	f.State = model.FindingOpen
	c := f.conditions()
	n, err := queryOne(ctx, s.read, value[int], `SELECT COUNT(*) FROM finding f`+c.where(), c.args...)
	if err != nil {
		return 0, fmt.Errorf("open findings: %w", err)
	}
	return n, nil
}

// FoundHost is a host that nobody has approved, with how many findings lead to it.
type FoundHost struct {
	Host  string
	Count int
	First model.Finding // the first of them
}

// FoundHosts returns the hosts of open findings, those linked most first.
func (s *Store) FoundHosts(ctx context.Context, limit int) ([]FoundHost, error) {
	list, err := queryAll(ctx, s.read, func(row scanner) (FoundHost, error) {
		var h FoundHost
		err := row.Scan(&h.Host, &h.Count, &h.First.Place, &h.First.RecordID, &h.First.Path, &h.First.Title, &h.First.Excerpt)
		return h, err
	}, `SELECT h.value, h.n, f.place, f.record_id, f.path, f.title, f.excerpt
		FROM (SELECT value, COUNT(*) AS n, MIN(id) AS first FROM finding WHERE state = 'open' AND kind = 'host' GROUP BY value) AS h
		JOIN finding f ON f.id = h.first ORDER BY h.n DESC, h.value LIMIT $1`, limit)
	if err != nil {
		return nil, fmt.Errorf("hosts of findings: %w", err)
	}
	return list, nil
}

// Finding returns the finding with the id, or model.ErrNotFound.
func (s *Store) Finding(ctx context.Context, id int64) (model.Finding, error) {
	f, err := queryOne(ctx, s.read, scanFinding, `SELECT `+findingColumns+` FROM finding f WHERE f.id = $1`, id)
	if err != nil {
		return model.Finding{}, fmt.Errorf("finding %d: %w", id, err)
	}
	return f, nil
}

// DecideFinding says of an open finding that it is none (model.FindingApproved) or that it was taken down (model.FindingDown), or opens one
// again that was approved. The error is model.ErrConflict when somebody else has decided already, model.ErrNotFound for an unknown id.
func (s *Store) DecideFinding(ctx context.Context, by model.Actor, id int64, state model.FindingState) error {
	from, action := model.FindingOpen, map[model.FindingState]string{
		model.FindingApproved: "approve", model.FindingDown: "take_down", model.FindingOpen: "reopen"}[state]
	if state == model.FindingOpen {
		from = model.FindingApproved
	}
	err := s.change(ctx, func(tx *sql.Tx) error {
		if _, err := queryOne(ctx, tx, value[int64], `SELECT id FROM finding WHERE id = $1`, id); err != nil {
			return err
		}
		_, err := queryOne(ctx, tx, value[int64], `UPDATE finding SET state = $1, user_id = $2, actor = $3, decided_at = $4 WHERE id = $5 AND state = $6 RETURNING id`,
			state, orNull(by.UserID), by.Name, unix(s.now()), id, from)
		if errors.Is(err, model.ErrNotFound) {
			return model.ErrConflict
		}
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, by, action, model.KindFinding, id, []string{"state"})
	})
	if err != nil {
		return fmt.Errorf("finding %d: %w", id, err)
	}
	return nil
}
