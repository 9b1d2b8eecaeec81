package store

import (
	"context"
	"database/sql"

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

func scanNews(row scanner) (model.News, error) {
	var n model.News
	err := row.Scan(newsDest(&n)...)
	return n, err
}

func scanWholeNews(row scanner) (model.News, error) {
	var n model.News
	err := row.Scan(append(newsDest(&n), &n.Body, &n.HTML)...)
	return n, err
}

// newsList runs a query on newsTables for the columns of lists; clauses is what follows FROM.
func newsList(ctx context.Context, q querier, clauses string, args ...any) ([]model.News, error) {
	list, err := queryAll(ctx, q, scanNews, `SELECT `+newsColumns+newsTables+clauses, args...)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(list))
	for i, n := range list {
		ids[i] = n.Cover.Media.ID
	}
	covers, err := mediaOf(ctx, q, ids)
	for i := range list {
		list[i].Cover.Media = covers[list[i].Cover.Media.ID]
	}
	return list, err
}

// wholeNews returns the item with everything that belongs to it, whoever may see it.
func wholeNews(ctx context.Context, q querier, id int64) (model.News, error) {
	n, err := queryOne(ctx, q, scanWholeNews, `SELECT `+newsColumns+`, n.body, n.html`+newsTables+` WHERE n.id = $1`, id)
	if err != nil {
		return model.News{}, err
	}
	covers, err := mediaOf(ctx, q, []int64{n.Cover.Media.ID})
	if err != nil {
		return model.News{}, err
	}
	n.Cover.Media = covers[n.Cover.Media.ID]
	if n.Tags, err = tagsOf(ctx, q, id); err != nil {
		return model.News{}, err
	}
	n.Attachments, err = attachmentsOf(ctx, q, model.KindNews, id)
	return n, err
}

func tagsOf(ctx context.Context, q querier, news int64) ([]model.Tag, error) {
	scan := func(row scanner) (model.Tag, error) {
		var t model.Tag
		err := row.Scan(&t.Slug, &t.Name)
		return t, err
	}
	return queryAll(ctx, q, scan, `SELECT t.slug, t.name FROM tag t JOIN news_tag x ON x.tag_id = t.id WHERE x.news_id = $1 ORDER BY x.position`, news)
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
