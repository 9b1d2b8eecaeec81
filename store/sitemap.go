package store

import (
	"context"
	"fmt"
	"math"
	"time"

	"congso/store/model"
)

// maxSitemap is how many addresses the sitemap protocol (sitemaps.org) allows in one file.
const maxSitemap = 50_000

// sitemapRow is one address before its folder is put before it.
type sitemapRow struct {
	slug            string
	updated, posted time.Time
}

// sitemapPart is the addresses of one folder.
type sitemapPart struct {
	folder string
	total  int
	rows   func(ctx context.Context, skip, most int) ([]sitemapRow, error)
}

// sitemapParts are the addresses of all folders that an outsider may see now: lists that the database keeps counted, and the tables of
// sections and directory, which are small.
func (r *Reader) sitemapParts(ctx context.Context) (parts []sitemapPart, err error) {
	standing, inPost := &conditions{}, &conditions{}
	standing.standing(r.Today())
	inPost.inPost(r.Today())
	for _, add := range []func() (sitemapPart, error){
		func() (sitemapPart, error) {
			return r.sitemapTable(ctx, "/chuyen-muc/", `0`, ` FROM section x`, &conditions{})
		},
		func() (sitemapPart, error) { return r.sitemapList(ctx, "/tin-tuc/", listNews) },
		func() (sitemapPart, error) { return r.sitemapList(ctx, "/hoi-nghi/", listMeetings) },
		func() (sitemapPart, error) {
			return r.sitemapTable(ctx, "/danh-ba/", `u.updated_at`, ` FROM unit u`, standing)
		},
		func() (sitemapPart, error) {
			return r.sitemapTable(ctx, "/danh-ba/nguoi/", `p.updated_at`, ` FROM person p`, inPost)
		},
	} {
		part, err := add()
		if err != nil {
			return nil, fmt.Errorf("sitemap: %w", err)
		}
		parts = append(parts, part)
	}
	return parts, nil
}

// sitemapTable is the rows of a small table, by their ID.
func (r *Reader) sitemapTable(ctx context.Context, folder, updated, from string, c *conditions) (sitemapPart, error) {
	total, err := queryOne(ctx, r.from, value[int], `SELECT COUNT(*)`+from+c.where(), c.args...)
	return sitemapPart{folder, total, func(ctx context.Context, skip, most int) ([]sitemapRow, error) {
		page := conditions{args: c.args}
		query := `SELECT slug, ` + updated + `, 0` + from + c.where() + ` ORDER BY id LIMIT ` + page.arg(most) + ` OFFSET ` + page.arg(skip)
		return queryAll(ctx, r.from, scanSitemapRow, query, page.args...)
	}}, err
}

// sitemapList is the records of a list, the oldest first.
func (r *Reader) sitemapList(ctx context.Context, folder string, sort int64) (sitemapPart, error) {
	l := newListing(r.from, model.Viewer{}, unix(r.now()), sort, 0)
	counted, err := l.count(ctx)
	return sitemapPart{folder, counted.total, func(ctx context.Context, skip, most int) ([]sitemapRow, error) {
		c := l.shown()
		if skip > 0 {
			start, err := counted.entry(ctx, counted.total-1-skip)
			if err != nil {
				return nil, err
			}
			c.add("(l.at, l.id) >= (?, ?)", start.at, start.id)
		}
		as := l.alias()
		query := `SELECT ` + as + `.slug, ` + as + `.updated_at, ` + as + `.publish_at` + l.tables() + c.where() + oldestFirst + ` LIMIT ` + c.arg(most)
		return queryAll(ctx, r.from, scanSitemapRow, query, c.args...)
	}}, err
}

// SitemapPage returns one page (from 1, of at most 50,000 addresses) of the addresses of records that an outsider may see now, in an
// order that stays: sections, news by publication, meetings by start, units, people. Modified is zero for a section.
func (r *Reader) SitemapPage(ctx context.Context, page, size int) ([]model.SitemapEntry, error) {
	parts, err := r.sitemapParts(ctx)
	if err != nil || page < 1 || size < 1 || page > math.MaxInt/maxSitemap {
		return nil, err
	}
	return sitemapPage(ctx, parts, page, min(size, maxSitemap))
}

// SitemapWhole returns how many addresses of records an outsider may see now, and, unless they are more than most, all of them, in the order
// of SitemapPage.
func (r *Reader) SitemapWhole(ctx context.Context, most int) (records int, entries []model.SitemapEntry, err error) {
	parts, err := r.sitemapParts(ctx)
	for _, part := range parts {
		records += part.total
	}
	if err == nil && records <= most {
		entries, err = sitemapPage(ctx, parts, 1, most)
	}
	return records, entries, err
}

func sitemapPage(ctx context.Context, parts []sitemapPart, page, size int) ([]model.SitemapEntry, error) {
	skip := (page - 1) * size
	var entries []model.SitemapEntry
	for _, part := range parts {
		if most := min(size-len(entries), part.total-skip); most > 0 {
			rows, err := part.rows(ctx, skip, most)
			if err != nil {
				return nil, fmt.Errorf("sitemap, page %d: %w", page, err)
			}
			for _, row := range rows {
				entries = append(entries, row.entry(part.folder))
			}
		}
		skip = max(0, skip-part.total)
	}
	return entries, nil
}

func (r sitemapRow) entry(folder string) model.SitemapEntry {
	e := model.SitemapEntry{Path: folder + r.slug, Modified: r.updated}
	if r.posted.After(r.updated) {
		e.Modified = r.posted
	}
	return e
}

func scanSitemapRow(row scanner) (sitemapRow, error) {
	var r sitemapRow
	err := row.Scan(&r.slug, moment{&r.updated}, moment{&r.posted})
	return r, err
}
