package store

import (
	"context"
	"database/sql"
	"fmt"

	"congso/store/model"
)

const sectionColumns = `c.id, c.slug, c.name, c.name_en, COALESCE(c.parent_id, 0), c.position, c.notice`

func sectionDest(c *model.Section) []any {
	return []any{&c.ID, &c.Slug, &c.Name, &c.NameEN, &c.ParentID, &c.Position, &c.Notice}
}

func scanSection(row scanner) (model.Section, error) {
	var c model.Section
	err := row.Scan(sectionDest(&c)...)
	return c, err
}

// Sections returns all sections by position, then by slug.
func (r *Reader) Sections(ctx context.Context) ([]model.Section, error) {
	list, err := queryAll(ctx, r.from, scanSection, `SELECT `+sectionColumns+` FROM section c ORDER BY c.position, c.slug`)
	if err != nil {
		return nil, fmt.Errorf("sections: %w", err)
	}
	return list, nil
}

// SectionItems counts the news items of each section that has any, whatever their status.
func (s *Store) SectionItems(ctx context.Context) (map[int64]int, error) {
	counts := map[int64]int{}
	_, err := queryAll(ctx, s.read, func(row scanner) (id int64, err error) {
		var items int
		err = row.Scan(&id, &items)
		counts[id] = items
		return id, err
	}, `SELECT section_id, COUNT(*) FROM news GROUP BY section_id`)
	if err != nil {
		return nil, fmt.Errorf("items of sections: %w", err)
	}
	return counts, nil
}

// SectionBySlug returns the section, model.Moved for a slug that it had before, or model.ErrNotFound.
func (r *Reader) SectionBySlug(ctx context.Context, slug string) (model.Section, error) {
	id, moved, err := findSlug(ctx, r.from, model.KindSection, slug)
	if err != nil {
		return model.Section{}, fmt.Errorf("section %q: %w", slug, err)
	}
	section, err := sectionByID(ctx, r.from, id)
	if err == nil && moved {
		err = model.Moved{Slug: section.Slug}
	}
	if err != nil {
		return model.Section{}, fmt.Errorf("section %q: %w", slug, err)
	}
	return section, nil
}

func sectionByID(ctx context.Context, q querier, id int64) (model.Section, error) {
	return queryOne(ctx, q, scanSection, `SELECT `+sectionColumns+` FROM section c WHERE c.id = $1`, id)
}

// PutSection creates the section (ID 0, which it sets) or updates it. An empty slug is made from the name.
// The error is model.Invalid when a rule is broken, model.ErrNotFound when there is no section with that ID.
func (s *Store) PutSection(ctx context.Context, by model.Actor, section *model.Section) error {
	if section.Slug == "" {
		section.Slug = model.Slug(section.Name)
	}
	if err := section.Validate(); err != nil {
		return fmt.Errorf("section %q: %w", section.Slug, err)
	}
	next := *section
	if err := s.change(ctx, func(tx *sql.Tx) error { return s.putSection(ctx, tx, by, &next) }); err != nil {
		return fmt.Errorf("section %q: %w", section.Slug, err)
	}
	*section = next
	return nil
}

func (s *Store) putSection(ctx context.Context, tx *sql.Tx, by model.Actor, c *model.Section) (err error) {
	var before model.Section
	if c.ID != 0 {
		if before, err = sectionByID(ctx, tx, c.ID); err != nil {
			return err
		}
	}
	if err := checkParent(ctx, tx, model.KindSection, c.ID, c.ParentID); err != nil {
		return err
	}
	if c.Slug, err = settleSlug(ctx, tx, model.KindSection, c.ID, before.Slug, c.Slug); err != nil {
		return err
	}
	if c.ID, err = writeSection(ctx, tx, *c); err != nil {
		return err
	}
	return s.record(ctx, tx, by, edit{kind: model.KindSection, id: c.ID, created: before.ID == 0, before: before, after: *c})
}

func writeSection(ctx context.Context, tx *sql.Tx, c model.Section) (int64, error) {
	if c.ID == 0 {
		return queryOne(ctx, tx, value[int64], `INSERT INTO section (slug, name, name_en, parent_id, position, notice)
			VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`, c.Slug, c.Name, c.NameEN, orNull(c.ParentID), c.Position, c.Notice)
	}
	return c.ID, exec(ctx, tx, `UPDATE section SET slug = $1, name = $2, name_en = $3, parent_id = $4, position = $5, notice = $6 WHERE id = $7`,
		c.Slug, c.Name, c.NameEN, orNull(c.ParentID), c.Position, c.Notice, c.ID)
}

// checkParent returns Invalid when the parent is no record of the kind, or stands below the record itself.
func checkParent(ctx context.Context, q querier, kind model.Kind, id, parent int64) error {
	const message = "Cấp trên không hợp lệ."
	if err := refer(ctx, q, kind, parent, "parent", message); err != nil || id == 0 {
		return err
	}
	circle, err := descends(ctx, q, kind, "parent_id", parent, id)
	if err == nil && circle {
		err = model.Invalid{"parent": message}
	}
	return err
}
