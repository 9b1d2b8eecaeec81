package store

import (
	"context"
	"fmt"
	"strings"

	"congso/store/model"
)

// DeskFilter says which news items or meetings a desk's list holds; the zero filter takes all.
type DeskFilter struct {
	Status   model.Status // of the record
	Stage    model.Status // of the record or, unless that is archived, of its working copy
	Owner    int64        // whose record it is; with Stage, whose the record or copy in that stage is
	Section  int64        // of news items
	Sections []int64      // of news items, empty for all
	Held     string       // of meetings: their kind, as the record has it
	Year     int          // of meetings: of their start, in Vietnam; 0 for all
	Text     string       // words of title and summary (of meetings: of the whole record), accents or not
	HasCopy  bool         // only records with a working copy
	Featured bool         // only news items that are
}

// deskOrder is the order of a desk's list.
const deskOrder = ` ORDER BY n.updated_at DESC, n.id DESC`

// deskTable is the row n with its working copy w.
func deskTable(kind model.Kind) (string, error) {
	if kind != model.KindNews && kind != model.KindMeeting {
		return "", fmt.Errorf("%q has no desk: %w", kind, model.ErrNotFound)
	}
	return ` FROM ` + string(kind) + ` n LEFT JOIN working_copy w ON w.kind = '` + string(kind) + `' AND w.record_id = n.id`, nil
}

func (f DeskFilter) conditions(kind model.Kind) *conditions {
	c := &conditions{}
	if f.Status != "" {
		c.add("n.status = ?", f.Status)
	}
	if f.Stage != "" {
		c.stage(kind, f)
	} else if f.Owner != 0 {
		c.add("n.owner_id = ?", f.Owner)
	}
	if kind == model.KindNews && f.Section != 0 {
		c.add("n.section_id = ?", f.Section)
	}
	if kind == model.KindNews && len(f.Sections) > 0 {
		c.terms = append(c.terms, "n.section_id IN "+c.in(f.Sections))
	}
	if kind == model.KindNews && f.Featured {
		c.add("n.featured = ?", true)
	}
	if kind == model.KindMeeting {
		c.held("n", f.Held, f.Year)
	}
	if f.HasCopy {
		c.add("w.version > 0") // so that the few copies are looked up, not the many records
	}
	words := indexWords(model.Clean(f.Text))
	for _, word := range words[:min(len(words), 12)] {
		c.contains("n.text_fold", word.folded)
	}
	return c
}

// stage asks that the record or its working copy has the status; both look it up in an index.
func (c *conditions) stage(kind model.Kind, f DeskFilter) {
	row, beside := conditions{args: c.args}, conditions{}
	row.add("status = ?", f.Stage)
	if f.Owner != 0 {
		row.add("owner_id = ?", f.Owner)
	}
	beside.args = row.args
	beside.add("kind = ? AND status = ?", kind, f.Stage)
	if f.Owner != 0 {
		beside.add("owner_id = ?", f.Owner)
	}
	c.args = beside.args
	c.terms = append(c.terms, `n.id IN (SELECT id FROM `+string(kind)+row.where()+` UNION SELECT record_id FROM working_copy`+beside.where()+`)`)
	if f.Stage != model.StatusArchived {
		c.add("n.status <> ?", model.StatusArchived)
	}
}

// Desk returns one page (from 1, of size rows) of the news items or meetings, latest change first, and how many there are in all. It asks
// nothing about who may see them: that is for the desk's right.
func (s *Store) Desk(ctx context.Context, kind model.Kind, f DeskFilter, page, size int) (rows []model.DeskRow, total int, err error) {
	table, err := deskTable(kind)
	if err != nil {
		return nil, 0, err
	}
	c := f.conditions(kind)
	where := c.where()
	if total, err = queryOne(ctx, s.read, value[int], `SELECT COUNT(*)`+table+where, c.args...); err != nil {
		return nil, 0, fmt.Errorf("desk of %s: %w", kind, err)
	}
	limit, ok := c.limit(page, size, total)
	if !ok {
		return nil, total, nil
	}
	if rows, err = deskRows(ctx, s.read, kind, where+deskOrder+limit, c.args...); err != nil {
		return nil, 0, fmt.Errorf("desk of %s: %w", kind, err)
	}
	return rows, total, nil
}

// deskColumns are those of a list, by kind: what a kind does not have stands as a constant.
func deskColumns(kind model.Kind) (columns, joins string) {
	own, folder := `0, '', n.start_at`, "/hoi-nghi/"
	if kind == model.KindNews {
		own, folder, joins = `c.id, c.name, 0`, "/tin-tuc/", ` JOIN section c ON c.id = n.section_id`
	}
	views := strings.NewReplacer("{folder}", folder, "{kind}", string(kind)).Replace(`(SELECT SUM(h.views) FROM hit_page_total h
		WHERE h.path = '{folder}' || n.slug OR h.path IN (SELECT '{folder}' || s.slug FROM old_slug s WHERE s.kind = '{kind}' AND s.record_id = n.id))`)
	return `n.id, n.slug, n.title, ` + own + `, n.status, n.status_note, n.visibility, n.publish_at, n.expire_at, n.revision, n.created_at, n.updated_at,
		COALESCE(n.owner_id, 0), COALESCE(o.full_name, ''), COALESCE(w.version, 0), COALESCE(w.status, ''), COALESCE(w.status_note, ''),
		COALESCE(w.owner_id, 0), COALESCE(x.full_name, ''), COALESCE(w.updated_at, 0), COALESCE(CAST(` + views + ` AS BIGINT), 0)`,
		joins + ` LEFT JOIN users o ON o.id = n.owner_id LEFT JOIN users x ON x.id = w.owner_id`
}

func deskRows(ctx context.Context, q querier, kind model.Kind, clauses string, args ...any) ([]model.DeskRow, error) {
	scan := func(row scanner) (model.DeskRow, error) {
		r := model.DeskRow{Kind: kind}
		err := row.Scan(&r.ID, &r.Slug, &r.Title, &r.Section.ID, &r.Section.Name, moment{&r.Start}, &r.Status, &r.Note, &r.Visibility,
			moment{&r.PublishAt}, moment{&r.ExpireAt}, &r.Revision, moment{&r.CreatedAt}, moment{&r.UpdatedAt}, &r.Owner, &r.OwnerName,
			&r.Copy.Version, &r.Copy.Status, &r.Copy.Note, &r.Copy.Owner, &r.Copy.OwnerName, moment{&r.Copy.UpdatedAt}, &r.Views)
		return r, err
	}
	table, err := deskTable(kind)
	if err != nil {
		return nil, err
	}
	columns, joins := deskColumns(kind)
	return queryAll(ctx, q, scan, `SELECT `+columns+table+joins+clauses, args...)
}

// DeskCounts counts the records of a desk's list by status; f.Status is left aside.
func (s *Store) DeskCounts(ctx context.Context, kind model.Kind, f DeskFilter) (model.DeskCounts, error) {
	counts := model.DeskCounts{Status: map[model.Status]int{}}
	table, err := deskTable(kind)
	if err != nil {
		return counts, err
	}
	f.Status = ""
	c := f.conditions(kind)
	_, err = queryAll(ctx, s.read, func(row scanner) (model.Status, error) {
		var status model.Status
		var records int
		err := row.Scan(&status, &records)
		counts.Status[status] = records
		counts.All += records
		return status, err
	}, `SELECT n.status, COUNT(*)`+table+c.where()+` GROUP BY n.status`, c.args...)
	if err == nil {
		f.HasCopy = true
		c = f.conditions(kind)
		counts.Copies, err = queryOne(ctx, s.read, value[int], `SELECT COUNT(*)`+table+c.where(), c.args...)
	}
	if err != nil {
		return counts, fmt.Errorf("counts of %s: %w", kind, err)
	}
	return counts, nil
}

// NewsForDesk returns the whole item whoever may see it on the site, or model.ErrNotFound.
func (s *Store) NewsForDesk(ctx context.Context, id int64) (model.News, error) {
	n, err := wholeNews(ctx, s.read, id)
	if err != nil {
		return model.News{}, fmt.Errorf("news %d: %w", id, err)
	}
	return n, nil
}

// MeetingForDesk returns the whole meeting whoever may see it on the site, or model.ErrNotFound.
func (s *Store) MeetingForDesk(ctx context.Context, id int64) (model.Meeting, error) {
	m, err := wholeMeeting(ctx, s.read, id)
	if err != nil {
		return model.Meeting{}, fmt.Errorf("meeting %d: %w", id, err)
	}
	return m, nil
}
