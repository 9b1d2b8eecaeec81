package store

import (
	"context"
	"database/sql"
	"fmt"
	"sort"
	"strings"

	"congso/store/model"
)

const unitColumns = `u.id, u.slug, u.name, u.name_en, COALESCE(u.parent_id, 0), u.position, u.address, u.email, u.from_day, u.until_day,
	COALESCE(u.successor_id, 0), u.revision, u.confirmed_on`

func scanUnit(row scanner) (model.Unit, error) {
	var u model.Unit
	err := row.Scan(&u.ID, &u.Slug, &u.Name, &u.NameEN, &u.ParentID, &u.Position, &u.Address, &u.Email, &u.From, &u.Until, &u.Successor,
		&u.Revision, &u.ConfirmedOn)
	return u, err
}

// units returns the units that fulfil c, with the numbers that v may see, by position and name.
func units(ctx context.Context, q querier, v model.Viewer, c conditions) ([]model.Unit, error) {
	list, err := queryAll(ctx, q, scanUnit, `SELECT `+unitColumns+` FROM unit u`+c.where()+` ORDER BY u.position, u.sort_key, u.id`, c.args...)
	if err != nil {
		return nil, fmt.Errorf("units: %w", err)
	}
	ids := make([]int64, len(list))
	for i, u := range list {
		ids[i] = u.ID
	}
	numbers, err := numbersOf(ctx, q, v, "unit_id", ids)
	for i := range list {
		list[i].Numbers = numbers[list[i].ID]
	}
	return list, err
}

// unitByID returns the unit, or model.ErrNotFound.
func unitByID(ctx context.Context, q querier, v model.Viewer, id int64) (model.Unit, error) {
	var c conditions
	c.add("u.id = ?", id)
	list, err := units(ctx, q, v, c)
	if err == nil && len(list) == 0 {
		err = model.ErrNotFound
	}
	if err != nil {
		return model.Unit{}, err
	}
	return list[0], nil
}

const personColumns = `p.id, p.slug, p.name, p.honorific, p.email, COALESCE(p.photo_media_id, 0), p.photo_alt, p.confirmed_on,
	p.revision`

func scanPerson(row scanner) (model.Person, error) {
	var p model.Person
	err := row.Scan(&p.ID, &p.Slug, &p.Name, &p.Honorific, &p.Email, &p.Photo.Media.ID, &p.Photo.Alt, &p.ConfirmedOn,
		&p.Revision)
	return p, err
}

// people returns the persons that fulfil c in the order of their names, with all their posts and the numbers that v may see.
func people(ctx context.Context, q querier, v model.Viewer, today model.Day, c conditions) ([]model.Person, error) {
	list, err := queryAll(ctx, q, scanPerson, `SELECT `+personColumns+` FROM person p`+c.where()+` ORDER BY p.sort_key, p.id`, c.args...)
	if err != nil {
		return nil, fmt.Errorf("people: %w", err)
	}
	ids, photos := make([]int64, len(list)), make([]int64, len(list))
	for i, p := range list {
		ids[i], photos[i] = p.ID, p.Photo.Media.ID
	}
	numbers, err := numbersOf(ctx, q, v, "person_id", ids)
	if err != nil {
		return nil, err
	}
	posts, err := postsOf(ctx, q, today, ids)
	if err != nil {
		return nil, err
	}
	media, err := mediaOf(ctx, q, photos)
	for i := range list {
		p := &list[i]
		p.Numbers, p.Posts, p.Photo.Media = numbers[p.ID], posts[p.ID], media[p.Photo.Media.ID]
	}
	return list, err
}

// personByID returns the person, or model.ErrNotFound.
func personByID(ctx context.Context, q querier, v model.Viewer, today model.Day, id int64) (model.Person, error) {
	var c conditions
	c.add("p.id = ?", id)
	list, err := people(ctx, q, v, today, c)
	if err == nil && len(list) == 0 {
		err = model.ErrNotFound
	}
	if err != nil {
		return model.Person{}, err
	}
	return list[0], nil
}

type ownedNumber struct {
	model.Number
	owner int64
}

// numbersOf returns the numbers of the owners with those ids that v may see: a number that is not official is for staff alone.
func numbersOf(ctx context.Context, q querier, v model.Viewer, column string, ids []int64) (map[int64][]model.Number, error) {
	scan := func(row scanner) (ownedNumber, error) {
		var n ownedNumber
		err := row.Scan(&n.owner, &n.Kind, &n.E164, &n.Official)
		return n, err
	}
	c, ok := between(column, ids)
	if !ok {
		return nil, nil
	}
	if !v.Staff {
		c.add("official = TRUE")
	}
	list, err := queryAll(ctx, q, scan, `SELECT `+column+`, kind, e164, official FROM number`+c.where()+` ORDER BY position, id`, c.args...)
	if err != nil {
		return nil, fmt.Errorf("numbers: %w", err)
	}
	numbers := make(map[int64][]model.Number)
	for _, n := range list {
		numbers[n.owner] = append(numbers[n.owner], n.Number)
	}
	return numbers, nil
}

// fewIDs is how many IDs are asked for one by one.
const fewIDs = 32

// between asks that the column is one of ids, if they are few, or lies within the smallest and the largest of them: that has no limit to its
// length, and whoever asks for many asks for most.
func between(column string, ids []int64) (c conditions, ok bool) {
	if len(ids) == 0 {
		return c, false
	}
	if len(ids) <= fewIDs {
		args := make([]any, len(ids))
		for i, id := range ids {
			args[i] = id
		}
		c.add(column+" IN ("+strings.Repeat("?, ", len(ids)-1)+"?)", args...)
		return c, true
	}
	least, most := ids[0], ids[0]
	for _, id := range ids {
		least, most = min(least, id), max(most, id)
	}
	c.add(column+" >= ? AND "+column+" <= ?", least, most)
	return c, true
}

type ownedPost struct {
	model.Post
	person int64
}

// postsOf returns the posts of the persons with those ids: current ones first, by rank, then the others, newest first.
func postsOf(ctx context.Context, q querier, today model.Day, ids []int64) (map[int64][]model.Post, error) {
	scan := func(row scanner) (ownedPost, error) {
		var p ownedPost
		err := row.Scan(&p.person, &p.UnitID, &p.UnitSlug, &p.UnitName, &p.UnitEN, &p.Title, &p.TitleEN, &p.Rank, &p.From, &p.Until)
		return p, err
	}
	c, ok := between("t.person_id", ids)
	if !ok {
		return nil, nil
	}
	list, err := queryAll(ctx, q, scan, `SELECT t.person_id, t.unit_id, u.slug, u.name, u.name_en, t.title, t.title_en, t.rank, t.from_day, t.until_day
		FROM post t JOIN unit u ON u.id = t.unit_id`+c.where()+` ORDER BY t.id`, c.args...)
	if err != nil {
		return nil, fmt.Errorf("posts: %w", err)
	}
	posts := make(map[int64][]model.Post)
	for _, p := range list {
		posts[p.person] = append(posts[p.person], p.Post)
	}
	for _, held := range posts {
		sortPosts(held, today)
	}
	return posts, nil
}

func sortPosts(posts []model.Post, today model.Day) {
	if len(posts) < 2 {
		return
	}
	sort.SliceStable(posts, func(i, j int) bool {
		a, b := posts[i], posts[j]
		if a.Current(today) != b.Current(today) {
			return a.Current(today)
		}
		if a.Current(today) {
			return a.Rank < b.Rank
		}
		return a.Until > b.Until || a.Until == b.Until && a.From > b.From
	})
}

func putNumbers(ctx context.Context, tx *sql.Tx, column string, owner int64, numbers []model.Number) error {
	if err := exec(ctx, tx, `DELETE FROM number WHERE `+column+` = $1`, owner); err != nil {
		return fmt.Errorf("numbers: %w", err)
	}
	err := insertRows(ctx, tx, `INSERT INTO number (`+column+`, position, kind, e164, official) VALUES ($1, $2, $3, $4, $5)`,
		len(numbers), func(i int) []any { return []any{owner, i, numbers[i].Kind, numbers[i].E164, numbers[i].Official} })
	if err != nil {
		return fmt.Errorf("numbers: %w", err)
	}
	return nil
}

func putPosts(ctx context.Context, tx *sql.Tx, person int64, posts []model.Post) error {
	if err := exec(ctx, tx, `DELETE FROM post WHERE person_id = $1`, person); err != nil {
		return fmt.Errorf("posts: %w", err)
	}
	err := insertRows(ctx, tx, `INSERT INTO post (person_id, unit_id, title, title_en, rank, from_day, until_day) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		len(posts), func(i int) []any {
			p := posts[i]
			return []any{person, p.UnitID, p.Title, p.TitleEN, p.Rank, p.From, p.Until}
		})
	if err != nil {
		return fmt.Errorf("posts: %w", err)
	}
	return nil
}
