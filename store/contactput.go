package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"congso/store/model"
)

// everything is the viewer for whom records are read when they are written.
func everything() model.Viewer { return model.Viewer{Internal: true, Staff: true} }

// PutUnit creates the unit (ID 0) or makes its next revision, with its numbers, and sets u to what was stored.
// The error is model.Invalid when a rule is broken, model.ErrConflict when u.Revision is not the row's, model.ErrNotFound for an unknown ID.
func (s *Store) PutUnit(ctx context.Context, by model.Actor, u *model.Unit) error {
	if err := u.Validate(); err != nil {
		return fmt.Errorf("unit %q: %w", u.Slug, err)
	}
	next := *u
	if err := s.change(ctx, func(tx *sql.Tx) error { return s.putUnit(ctx, tx, by, &next) }); err != nil {
		return fmt.Errorf("unit %q: %w", u.Slug, err)
	}
	*u = next
	return nil
}

func (s *Store) putUnit(ctx context.Context, tx *sql.Tx, by model.Actor, u *model.Unit) (err error) {
	var before model.Unit
	if u.ID != 0 {
		if before, err = unitByID(ctx, tx, everything(), u.ID); err != nil {
			return err
		}
		if before.Revision != u.Revision {
			return model.ErrConflict
		}
	}
	if err := checkUnitLinks(ctx, tx, *u); err != nil {
		return err
	}
	if u.Slug, err = settleSlug(ctx, tx, model.KindUnit, u.ID, before.Slug, u.Slug); err != nil {
		return err
	}
	id, revision, err := s.writeUnit(ctx, tx, *u)
	if err != nil {
		return err
	}
	if err := putNumbers(ctx, tx, "unit_id", id, u.Numbers); err != nil {
		return err
	}
	if *u, err = unitByID(ctx, tx, everything(), id); err != nil {
		return err
	}
	if err := s.indexUnit(ctx, tx, before.Slug, id); err != nil {
		return err
	}
	return s.record(ctx, tx, by, edit{kind: model.KindUnit, id: id, created: before.ID == 0, revision: revision, before: before, after: *u})
}

func checkUnitLinks(ctx context.Context, q querier, u model.Unit) error {
	if err := checkParent(ctx, q, model.KindUnit, u.ID, u.ParentID); err != nil {
		return err
	}
	const message = "Đơn vị kế thừa không hợp lệ."
	if err := refer(ctx, q, model.KindUnit, u.Successor, "successor", message); err != nil || u.ID == 0 {
		return err
	}
	circle, err := descends(ctx, q, model.KindUnit, "successor_id", u.Successor, u.ID)
	if err == nil && circle {
		err = model.Invalid{"successor": message}
	}
	return err
}

func (s *Store) writeUnit(ctx context.Context, tx *sql.Tx, u model.Unit) (id int64, revision int, err error) {
	args := []any{u.Slug, u.Name, u.NameEN, model.TextKey(u.Name), orNull(u.ParentID), u.Position, u.Address, u.Email, u.From, u.Until,
		orNull(u.Successor), unix(s.now()), u.ConfirmedOn}
	if u.ID == 0 {
		id, err = queryOne(ctx, tx, value[int64], `INSERT INTO unit (slug, name, name_en, sort_key, parent_id, position, address, email, from_day,
			until_day, successor_id, updated_at, confirmed_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING id`, args...)
		return id, 1, err
	}
	revision, err = queryOne(ctx, tx, value[int], `UPDATE unit SET slug = $1, name = $2, name_en = $3, sort_key = $4, parent_id = $5, position = $6,
		address = $7, email = $8, from_day = $9, until_day = $10, successor_id = $11, updated_at = $12, confirmed_on = $13,
		revision = revision + 1 WHERE id = $14 RETURNING revision`, append(args, u.ID)...)
	return u.ID, revision, err
}

// indexUnit keeps the search entries of the unit and of those who hold a post in it in step. Only official numbers come near the index.
func (s *Store) indexUnit(ctx context.Context, tx *sql.Tx, oldSlug string, id int64) error {
	if err := s.indexUnitAlone(ctx, tx, oldSlug, id); err != nil {
		return err
	}
	holders, err := queryAll(ctx, tx, value[int64], `SELECT DISTINCT person_id FROM post WHERE unit_id = $1`, id)
	if err != nil {
		return err
	}
	for _, person := range holders {
		if err := s.indexPerson(ctx, tx, "", person); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) indexUnitAlone(ctx context.Context, tx *sql.Tx, oldSlug string, id int64) error {
	u, err := unitByID(ctx, tx, model.Viewer{}, id)
	if err != nil {
		return err
	}
	if oldSlug == "" {
		oldSlug = u.Slug
	}
	return s.indexRecord(ctx, tx, oldSlug, unitDoc(u, s.Today()), true)
}

// unitWeight puts units before people; people stand by rank below it, units that are gone last.
const unitWeight = 200

// unitDoc is what search finds of the unit, from its first day on. One that is gone is found too: its page leads to its successor.
func unitDoc(u model.Unit, today model.Day) model.SearchDoc {
	weight := unitWeight
	if u.Former(today) {
		weight = 0
	}
	return model.SearchDoc{
		Kind: model.KindUnit, Ref: u.Slug, Langs: searchLangs(), Title: u.Name, Visibility: model.Public, Weight: weight,
		Body:      joinLines(append([]string{u.Address}, shownNumbers(u.Numbers)...)),
		Hidden:    joinLines(append([]string{u.NameEN}, numberWords(u.Numbers)...)),
		PublishAt: u.From.Time(),
	}
}

// shownNumbers are numbers as people read them.
func shownNumbers(numbers []model.Number) []string {
	var words []string
	for _, n := range numbers {
		words = append(words, model.ShowPhone(n.E164))
	}
	return words
}

// numberWords are numbers in one piece, as some people type them, and what people call such numbers.
func numberWords(numbers []model.Number) []string {
	var words []string
	for _, n := range numbers {
		words = append(words, model.PhoneDigits(n.E164))
		switch n.Kind {
		case model.NumberHotline:
			words = append(words, "đường dây nóng hotline")
		case model.NumberFax:
			words = append(words, "fax")
		}
	}
	return words
}

// dayAfter is the moment at which d is over, or the zero time for the unknown day.
func dayAfter(d model.Day) time.Time {
	if d.Time().IsZero() {
		return time.Time{}
	}
	return d.Time().AddDate(0, 0, 1)
}

// PutPerson creates the person (ID 0) or makes the next revision, with numbers and posts, and sets p to what was stored.
// The error is model.Invalid when a rule is broken, model.ErrConflict when p.Revision is not the row's, model.ErrNotFound for an unknown ID.
func (s *Store) PutPerson(ctx context.Context, by model.Actor, p *model.Person) error {
	if err := p.Validate(); err != nil {
		return fmt.Errorf("person %q: %w", p.Slug, err)
	}
	next := *p
	if err := s.change(ctx, func(tx *sql.Tx) error { return s.putPerson(ctx, tx, by, &next, "") }); err != nil {
		return fmt.Errorf("person %q: %w", p.Slug, err)
	}
	*p = next
	return nil
}

func (s *Store) putPerson(ctx context.Context, tx *sql.Tx, by model.Actor, p *model.Person, action string) (err error) {
	var before model.Person
	if p.ID != 0 {
		if before, err = personByID(ctx, tx, everything(), s.Today(), p.ID); err != nil {
			return err
		}
		if before.Revision != p.Revision {
			return model.ErrConflict
		}
	}
	if err := checkPersonLinks(ctx, tx, *p); err != nil {
		return err
	}
	if p.Slug, err = settleSlug(ctx, tx, model.KindPerson, p.ID, before.Slug, p.Slug); err != nil {
		return err
	}
	id, revision, err := s.writePerson(ctx, tx, *p)
	if err != nil {
		return err
	}
	if err := s.putPersonRows(ctx, tx, id, *p); err != nil {
		return err
	}
	if *p, err = personByID(ctx, tx, everything(), s.Today(), id); err != nil {
		return err
	}
	if err := s.indexPerson(ctx, tx, before.Slug, id); err != nil {
		return err
	}
	return s.record(ctx, tx, by, edit{kind: model.KindPerson, id: id, created: before.ID == 0, revision: revision, before: before, after: *p,
		action: action})
}

func checkPersonLinks(ctx context.Context, q querier, p model.Person) error {
	for _, post := range p.Posts {
		if err := refer(ctx, q, model.KindUnit, post.UnitID, "posts", "Đơn vị của chức vụ không còn nữa."); err != nil {
			return err
		}
	}
	return needMedia(ctx, q, "photo", p.Photo.Media.ID)
}

func (s *Store) writePerson(ctx context.Context, tx *sql.Tx, p model.Person) (id int64, revision int, err error) {
	args := []any{p.Slug, p.Name, p.Honorific, model.NameKey(p.Name), p.Email, orNull(p.Photo.Media.ID), p.Photo.Alt, p.ConfirmedOn, unix(s.now())}
	if p.ID == 0 {
		id, err = queryOne(ctx, tx, value[int64], `INSERT INTO person (slug, name, honorific, sort_key, email, photo_media_id, photo_alt, confirmed_on,
			updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id`, args...)
		return id, 1, err
	}
	revision, err = queryOne(ctx, tx, value[int], `UPDATE person SET slug = $1, name = $2, honorific = $3, sort_key = $4, email = $5,
		photo_media_id = $6, photo_alt = $7, confirmed_on = $8, updated_at = $9, revision = revision + 1 WHERE id = $10 RETURNING revision`,
		append(args, p.ID)...)
	return p.ID, revision, err
}

func (s *Store) putPersonRows(ctx context.Context, tx *sql.Tx, id int64, p model.Person) error {
	if err := putNumbers(ctx, tx, "person_id", id, p.Numbers); err != nil {
		return err
	}
	if err := putPosts(ctx, tx, id, p.Posts); err != nil {
		return err
	}
	return s.useMedia(ctx, tx, model.KindPerson, id, []int64{p.Photo.Media.ID}, nil)
}

// indexPerson keeps the search entry of the person in step. Only official numbers come near the index.
func (s *Store) indexPerson(ctx context.Context, tx *sql.Tx, oldSlug string, id int64) error {
	p, err := personByID(ctx, tx, model.Viewer{}, s.Today(), id)
	if err != nil {
		return err
	}
	if oldSlug == "" {
		oldSlug = p.Slug
	}
	doc, found := personDoc(p, s.Today())
	return s.indexRecord(ctx, tx, oldSlug, doc, found)
}

// personDoc is what search finds of somebody who holds a post today, until the last of them ends; found is false for anybody else.
func personDoc(p model.Person, today model.Day) (doc model.SearchDoc, found bool) {
	var lines, hidden []string
	var until model.Day
	forever, rank := false, 99
	for _, post := range p.Posts {
		if post.Current(today) {
			lines = append(lines, post.Title+", "+post.UnitName)
			hidden = append(hidden, post.TitleEN, post.UnitEN)
			until, forever = max(until, post.Until), forever || post.Until == ""
			rank = min(rank, post.Rank)
		}
	}
	doc = model.SearchDoc{
		Kind: model.KindPerson, Ref: p.Slug, Langs: searchLangs(), Title: p.Name, Visibility: model.Public, Weight: 100 - rank,
		Summary: joinLines(lines), Body: joinLines(shownNumbers(p.Numbers)), Hidden: joinLines(append(hidden, numberWords(p.Numbers)...)),
	}
	if !forever {
		doc.ExpireAt = dayAfter(until)
	}
	return doc, len(lines) > 0
}

// IndexDirectory brings the search entries of all people and units in step with today: posts begin and end without anybody writing.
func (s *Store) IndexDirectory(ctx context.Context) error {
	for _, step := range []struct {
		table string
		index func(ctx context.Context, tx *sql.Tx, oldSlug string, id int64) error
	}{{"person", s.indexPerson}, {"unit", s.indexUnitAlone}} {
		ids, err := queryAll(ctx, s.read, value[int64], `SELECT id FROM `+step.table+` ORDER BY id`)
		if err != nil {
			return fmt.Errorf("index of the directory: %w", err)
		}
		for batch := range slices.Chunk(ids, 100) {
			err := s.change(ctx, func(tx *sql.Tx) error {
				for _, id := range batch {
					if err := step.index(ctx, tx, "", id); err != nil {
						return fmt.Errorf("%s %d: %w", step.table, id, err)
					}
				}
				return nil
			})
			if err != nil {
				return fmt.Errorf("index of the directory: %w", err)
			}
		}
	}
	return nil
}
