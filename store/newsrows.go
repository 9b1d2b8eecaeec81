package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"

	"congso/store/model"
)

const (
	newsColumns = `n.id, n.slug, n.title, n.summary, n.byline, n.source, COALESCE(n.cover_media_id, 0), n.cover_alt, n.cover_caption, n.featured,
		n.status, n.status_note, n.visibility, n.publish_at, n.expire_at, n.revision, n.created_at, n.updated_at, COALESCE(n.owner_id, 0), ` + sectionColumns
	newsTables = ` FROM news n JOIN section c ON c.id = n.section_id`
)

func newsDest(n *model.News) []any {
	return append([]any{&n.ID, &n.Slug, &n.Title, &n.Summary, &n.Byline, &n.Source, &n.Cover.Media.ID, &n.Cover.Alt, &n.Cover.Caption, &n.Featured,
		&n.Status, &n.Note, &n.Visibility, moment{&n.PublishAt}, moment{&n.ExpireAt}, &n.Revision, moment{&n.CreatedAt}, moment{&n.UpdatedAt}, &n.Owner},
		sectionDest(&n.Section)...)
}

// newsListed are the columns of an item in a list, with its section's.
const newsListed = newsLink + `, n.summary, n.byline, COALESCE(n.cover_media_id, 0), n.cover_alt, n.cover_caption, n.visibility, n.revision, n.updated_at,
	c.id, c.slug, c.name, c.name_en`

func scanListed(row scanner) (n model.News, err error) {
	err = row.Scan(&n.ID, &n.Slug, &n.Title, moment{&n.PublishAt}, &n.Summary, &n.Byline, &n.Cover.Media.ID, &n.Cover.Alt, &n.Cover.Caption, &n.Visibility,
		&n.Revision, moment{&n.UpdatedAt}, &n.Section.ID, &n.Section.Slug, &n.Section.Name, &n.Section.NameEN)
	return n, err
}

// newsWhole is a query for a newsRow, but for its last clause.
const newsWhole = `SELECT ` + newsColumns + `, n.body, n.html, ` + newsMore + newsTables

// newsMore says whether an item has a cover, tags or attachments. Most have none: it spares their pages a query, or these columns.
const newsMore = `n.cover_media_id IS NOT NULL
	OR EXISTS (SELECT 1 FROM news_tag x WHERE x.news_id = n.id) OR EXISTS (SELECT 1 FROM attachment a WHERE a.kind = 'news' AND a.record_id = n.id)`

// newsShown is newsWhole with what an item's page shows alone. Each column costs as much as a few rows that are skipped, and the Markdown
// text as much as all others: it lies on pages of its own.
const newsShown = `SELECT n.id, n.slug, n.title, n.summary, n.byline, n.source, n.status, n.visibility, n.publish_at, n.expire_at, n.revision, n.updated_at,
	c.id, c.slug, c.name, c.name_en, n.html, ` + newsMore + newsTables

// newsRow is an item without its cover's record, its tags and attachments.
type newsRow struct {
	model.News
	more bool // it has some
}

func scanNewsRow(row scanner) (newsRow, error) {
	var n newsRow
	err := row.Scan(append(newsDest(&n.News), &n.Body, &n.HTML, &n.more)...)
	return n, err
}

func scanShown(row scanner) (newsRow, error) {
	var n newsRow
	err := row.Scan(&n.ID, &n.Slug, &n.Title, &n.Summary, &n.Byline, &n.Source, &n.Status, &n.Visibility, moment{&n.PublishAt}, moment{&n.ExpireAt},
		&n.Revision, moment{&n.UpdatedAt}, &n.Section.ID, &n.Section.Slug, &n.Section.Name, &n.Section.NameEN, &n.HTML, &n.more)
	return n, err
}

// addCovers gives the items their covers.
func addCovers(ctx context.Context, q querier, list []model.News) error {
	ids := make([]int64, len(list))
	for i, n := range list {
		ids[i] = n.Cover.Media.ID
	}
	covers, err := mediaOf(ctx, q, ids)
	for i := range list {
		list[i].Cover.Media = covers[list[i].Cover.Media.ID]
	}
	return err
}

// wholeNews returns the item with everything that belongs to it, whoever may see it.
func wholeNews(ctx context.Context, q querier, id int64) (model.News, error) {
	row, err := queryOne(ctx, q, scanNewsRow, newsWhole+` WHERE n.id = $1`, id)
	if err == nil {
		err = addBelongings(ctx, q, &row)
	}
	return row.News, err
}

// belonging is a tag, an attachment or the cover of an item, with its place.
type belonging struct {
	part, place int
	word        string // a tag's slug, a cover's caption
	model.Attachment
}

func scanBelonging(row scanner) (belonging, error) {
	var b belonging
	err := row.Scan(append([]any{&b.part, &b.place, &b.word, &b.Title}, mediaDest(&b.Media)...)...)
	return b, err
}

// Parts of what belongings returns.
const (
	partTag = 1 + iota
	partAttachment
	partCover
)

// belongings are those of the item $1, in no order.
const belongings = `SELECT 1, x.position, t.slug, t.name, ` + mediaColumns + ` FROM news_tag x JOIN tag t ON t.id = x.tag_id LEFT JOIN media ON media.id = -1
		WHERE x.news_id = $1
	UNION ALL SELECT 2, a.position, '', a.title, ` + mediaColumns + ` FROM attachment a JOIN media ON media.id = a.media_id
		WHERE a.kind = 'news' AND a.record_id = $1
	UNION ALL SELECT 3, 0, n.cover_caption, n.cover_alt, ` + mediaColumns + ` FROM news n JOIN media ON media.id = n.cover_media_id WHERE n.id = $1`

// addBelongings completes the item with its cover, tags and attachments, in one query for all, and none where there are none.
func addBelongings(ctx context.Context, q querier, n *newsRow) error {
	if !n.more {
		return nil
	}
	list, err := queryAll(ctx, q, scanBelonging, belongings, n.ID)
	slices.SortFunc(list, func(a, b belonging) int { return cmp.Or(a.part-b.part, a.place-b.place) })
	for _, b := range list {
		switch b.part {
		case partTag:
			n.Tags = append(n.Tags, model.Tag{Slug: b.word, Name: b.Title})
		case partAttachment:
			n.Attachments = append(n.Attachments, b.Attachment)
		case partCover:
			n.Cover = model.Photo{Media: b.Media, Alt: b.Title, Caption: b.word}
		}
	}
	return err
}

func putTags(ctx context.Context, tx *sql.Tx, news int64, tags []model.Tag) error {
	if err := exec(ctx, tx, `DELETE FROM news_tag WHERE news_id = $1`, news); err != nil {
		return err
	}
	for i, tag := range tags {
		id, err := queryOne(ctx, tx, value[int64], `INSERT INTO tag (slug, name) VALUES ($1, $2)
			ON CONFLICT (slug) DO UPDATE SET slug = excluded.slug RETURNING id`, tag.Slug, tag.Name)
		if err != nil {
			return err
		}
		err = exec(ctx, tx, `INSERT INTO news_tag (news_id, tag_id, position) VALUES ($1, $2, $3) ON CONFLICT (news_id, tag_id) DO NOTHING`, news, id, i)
		if err != nil {
			return err
		}
	}
	return nil
}
