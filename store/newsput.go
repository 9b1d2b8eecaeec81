package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"congso/store/model"
)

// PutNews creates the item (ID 0) or makes its next revision, and sets n to what was stored. The Markdown is rendered, the slug of a
// new item made unique; row, tags, attachments, revision, audit and search entry are written in one transaction.
// The error is model.Invalid when a rule is broken, model.ErrConflict when n.Revision is not the row's, model.ErrNotFound for an unknown ID.
func (s *Store) PutNews(ctx context.Context, by model.Actor, n *model.News) error {
	return s.saveNews(ctx, by, n, saving{})
}

func (s *Store) saveNews(ctx context.Context, by model.Actor, n *model.News, how saving) error {
	next, rendered, err := s.renderNews(n)
	if err != nil {
		return fmt.Errorf("news %q: %w", n.Slug, err)
	}
	if err := s.change(ctx, func(tx *sql.Tx) error { return s.putNews(ctx, tx, by, &next, rendered, how) }); err != nil {
		return fmt.Errorf("news %q: %w", n.Slug, err)
	}
	*n = next
	return nil
}

// renderNews holds n to its rules, which cleans its texts, and returns it as it is to be stored.
func (s *Store) renderNews(n *model.News) (next model.News, rendered model.Rendered, err error) {
	if err = n.Validate(); err != nil {
		return next, rendered, err
	}
	if rendered, err = s.renderer.Render(n.Body); err != nil {
		return next, rendered, fmt.Errorf("render: %w", err)
	}
	next = *n
	next.HTML = rendered.HTML
	return next, rendered, nil
}

func (s *Store) putNews(ctx context.Context, tx *sql.Tx, by model.Actor, n *model.News, rendered model.Rendered, how saving) (err error) {
	if err := s.consume(ctx, tx, model.KindNews, n.ID, how); err != nil {
		return err
	}
	var before model.News
	if n.ID != 0 {
		if before, err = wholeNews(ctx, tx, n.ID); err != nil {
			return err
		}
		if before.Revision != n.Revision {
			return model.ErrConflict
		}
	}
	if err := checkNewsLinks(ctx, tx, *n); err != nil {
		return err
	}
	if n.Slug, err = settleSlug(ctx, tx, model.KindNews, n.ID, before.Slug, n.Slug); err != nil {
		return err
	}
	if n.ID, err = s.writeNews(ctx, tx, by, *n); err != nil {
		return err
	}
	if err := s.putNewsRows(ctx, tx, *n, rendered); err != nil {
		return err
	}
	if *n, err = wholeNews(ctx, tx, n.ID); err != nil {
		return err
	}
	if err := s.indexRecord(ctx, tx, before.Slug, newsDoc(*n, rendered.Text), n.Status == model.StatusPublished); err != nil {
		return err
	}
	return s.record(ctx, tx, by, edit{kind: model.KindNews, id: n.ID, created: before.ID == 0, revision: n.Revision, before: before, after: *n,
		action: how.name(), author: cmp.Or(how.author, n.Owner)})
}

func checkNewsLinks(ctx context.Context, q querier, n model.News) error {
	if err := refer(ctx, q, model.KindSection, n.Section.ID, "section", "Chuyên mục không còn nữa."); err != nil {
		return err
	}
	if err := needMedia(ctx, q, "cover", n.Cover.Media.ID); err != nil {
		return err
	}
	return needMedia(ctx, q, "attachments", attachmentIDs(n.Attachments)...)
}

func (s *Store) writeNews(ctx context.Context, tx *sql.Tx, by model.Actor, n model.News) (int64, error) {
	now := s.now()
	args := []any{n.Slug, n.Title, n.Summary, n.Body, n.HTML, s.renderer.Version, n.Section.ID, n.Byline, n.Source, orNull(n.Cover.Media.ID),
		n.Cover.Alt, n.Cover.Caption, n.Featured, n.Status, n.Visibility, unix(n.PublishAt), unix(n.ExpireAt), unix(now), n.Note, newsFold(n.Title, n.Summary), coming(n.Lifecycle, now)}
	if n.ID == 0 {
		return queryOne(ctx, tx, value[int64], `INSERT INTO news (slug, title, summary, body, html, html_version, section_id, byline, source, cover_media_id,
			cover_alt, cover_caption, featured, status, visibility, publish_at, expire_at, updated_at, created_at, status_note, text_fold, coming, owner_id)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $18, $19, $20, $21, $22) RETURNING id`,
			append(args, orNull(by.UserID))...)
	}
	return n.ID, exec(ctx, tx, `UPDATE news SET slug = $1, title = $2, summary = $3, body = $4, html = $5, html_version = $6, section_id = $7, byline = $8,
		source = $9, cover_media_id = $10, cover_alt = $11, cover_caption = $12, featured = $13, status = $14, visibility = $15,
		publish_at = $16, expire_at = $17, updated_at = $18, status_note = $19, text_fold = $20, coming = $21, revision = revision + 1
		WHERE id = $22`, append(args, n.ID)...)
}

// newsFold is what the desk's list is searched by.
func newsFold(title, summary string) string {
	folded, _ := joined(indexWords(title + "\n" + summary))
	return folded
}

// coming reports whether readers are still to see what is published.
func coming(l model.Lifecycle, now time.Time) bool {
	return l.Status == model.StatusPublished && l.PublishAt.After(now)
}

func (s *Store) putNewsRows(ctx context.Context, tx *sql.Tx, n model.News, rendered model.Rendered) error {
	if err := putTags(ctx, tx, n.ID, n.Tags); err != nil {
		return fmt.Errorf("tags: %w", err)
	}
	if err := putAttachments(ctx, tx, model.KindNews, n.ID, n.Attachments); err != nil {
		return err
	}
	return s.useNewsMedia(ctx, tx, n, rendered)
}

func (s *Store) useNewsMedia(ctx context.Context, tx *sql.Tx, n model.News, rendered model.Rendered) error {
	return s.useMedia(ctx, tx, model.KindNews, n.ID, append(attachmentIDs(n.Attachments), n.Cover.Media.ID), rendered.Media)
}

// newsDoc is what search finds of the item; text is its body without marks.
func newsDoc(n model.News, text string) model.SearchDoc {
	lines := []string{text, n.Cover.Caption, n.Byline, n.Source}
	for _, t := range n.Tags {
		lines = append(lines, t.Name)
	}
	for _, a := range n.Attachments {
		lines = append(lines, a.Title)
	}
	return model.SearchDoc{
		Kind: model.KindNews, Ref: n.Slug, Langs: searchLangs(), Title: n.Title, Summary: n.Summary, Body: joinLines(lines),
		Section: n.Section.ID, Visibility: n.Visibility, Date: n.PublishAt, PublishAt: n.PublishAt, ExpireAt: n.ExpireAt,
	}
}

// indexRecord keeps the search entry of a record in step: under its slug alone, and only while it is to be found.
func (s *Store) indexRecord(ctx context.Context, tx *sql.Tx, oldSlug string, d model.SearchDoc, found bool) error {
	if oldSlug != "" && (oldSlug != d.Ref || !found) {
		if err := s.unindexDoc(ctx, tx, d.Kind, oldSlug); err != nil {
			return err
		}
	}
	if !found {
		return nil
	}
	return s.indexDoc(ctx, tx, d)
}

// searchLangs are the languages of the frame: records are found from both, articles from their own.
func searchLangs() []string { return []string{"vi", "en"} }

// joinLines puts each text that is not empty on a line.
func joinLines(texts []string) string {
	var kept []string
	for _, t := range texts {
		if t != "" {
			kept = append(kept, t)
		}
	}
	return strings.Join(kept, "\n")
}
