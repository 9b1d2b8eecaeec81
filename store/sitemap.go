package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"congso/store/model"
)

// maxSitemap is how many addresses the sitemap protocol (sitemaps.org) allows in one file.
const maxSitemap = 50_000

// sitemapRow is one address before its folder is put before it; since is the later of two times.
type sitemapRow struct {
	part            int
	slug            string
	updated, posted time.Time
}

// publicRows is the rows of all addresses that an outsider may see now, each part by id; its columns are part, id, slug, updated, posted.
func (r *Reader) publicRows() (query string, args []any) {
	now, today := unix(r.now()), r.Today()
	news, meetings, standing, inPost := conditions{}, conditions{}, conditions{}, conditions{}
	news.showing("x", model.Viewer{}, now)
	meetings.args = news.args
	meetings.showing("x", model.Viewer{}, now)
	standing.args = meetings.args
	standing.standing(today)
	inPost.args = standing.args
	inPost.inPost(today)
	parts := []string{
		`SELECT 0 AS part, id, slug, 0 AS updated, 0 AS posted FROM section`,
		`SELECT 1, x.id, x.slug, x.updated_at, x.publish_at FROM news x` + news.where(),
		`SELECT 2, x.id, x.slug, x.updated_at, x.publish_at FROM meeting x` + meetings.where(),
		`SELECT 3, u.id, u.slug, u.updated_at, 0 FROM unit u` + standing.where(),
		`SELECT 4, p.id, p.slug, p.updated_at, 0 FROM person p` + inPost.where(),
	}
	return strings.Join(parts, " UNION ALL "), inPost.args
}

// sitemapFolders are the addresses' folders in the order of publicRows.
func sitemapFolders() []string {
	return []string{"/chuyen-muc/", "/tin-tuc/", "/hoi-nghi/", "/danh-ba/", "/danh-ba/nguoi/"}
}

// SitemapCount returns how many addresses of records an outsider may see now.
func (r *Reader) SitemapCount(ctx context.Context) (int, error) {
	rows, args := r.publicRows()
	count, err := queryOne(ctx, r.from, value[int], `SELECT COUNT(*) FROM (`+rows+`) AS r`, args...)
	if err != nil {
		return 0, fmt.Errorf("sitemap: %w", err)
	}
	return count, nil
}

// SitemapPage returns one page (from 1, of at most 50,000 addresses) of the addresses of records that an outsider may see now, in an
// order that stays: sections, news, meetings, units, people, each as they were made. Modified is zero for a section.
func (r *Reader) SitemapPage(ctx context.Context, page, size int) ([]model.SitemapEntry, error) {
	total, err := r.SitemapCount(ctx)
	if err != nil {
		return nil, err
	}
	query, args := r.publicRows()
	c := conditions{args: args}
	limit, ok := c.limit(page, min(size, maxSitemap), total)
	if !ok {
		return nil, nil
	}
	rows, err := queryAll(ctx, r.from, scanSitemapRow, `SELECT part, slug, updated, posted FROM (`+query+`) AS r ORDER BY part, id`+limit, c.args...)
	if err != nil {
		return nil, fmt.Errorf("sitemap, page %d: %w", page, err)
	}
	entries := make([]model.SitemapEntry, len(rows))
	for i, row := range rows {
		entries[i] = model.SitemapEntry{Path: sitemapFolders()[row.part] + row.slug, Modified: row.updated}
		if row.posted.After(row.updated) {
			entries[i].Modified = row.posted
		}
	}
	return entries, nil
}

func scanSitemapRow(row scanner) (sitemapRow, error) {
	var r sitemapRow
	err := row.Scan(&r.part, &r.slug, moment{&r.updated}, moment{&r.posted})
	return r, err
}
