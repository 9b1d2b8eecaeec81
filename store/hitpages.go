package store

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"congso/store/model"
)

// addPages adds views of pages to a day, and to all that is summed up of them.
func addPages(ctx context.Context, tx bulk, day model.Day, pages map[string]*int64) error {
	days, months, totals := make([]any, 0, 3*len(pages)), make([]any, 0, 3*len(pages)), make([]any, 0, 2*len(pages))
	for _, path := range slices.Sorted(maps.Keys(pages)) { // neighbours stand in one page of the database
		days = append(days, path, string(day), *pages[path])
		months = append(months, path, string(monthOf(day)), *pages[path])
		totals = append(totals, path, *pages[path])
	}
	err := tx.put(ctx, `INSERT INTO hit_page (path, day, views)`, ` ON CONFLICT (path, day) DO UPDATE SET views = hit_page.views + excluded.views`, 3, days)
	if err != nil {
		return err
	}
	err = tx.put(ctx, `INSERT INTO hit_page_month (path, month, views)`, ` ON CONFLICT (path, month) DO UPDATE SET views = hit_page_month.views + excluded.views`, 3, months)
	if err != nil {
		return err
	}
	err = tx.put(ctx, `INSERT INTO hit_page_total (path, views)`, ` ON CONFLICT (path) DO UPDATE SET views = hit_page_total.views + excluded.views`, 2, totals)
	if err != nil {
		return err
	}
	return addGroups(ctx, tx, day, pages)
}

// hitGroup is what some records have in common when they are seen.
type hitGroup struct {
	kind           model.Kind
	section, owner int64 // 0 for none
}

// addGroups adds the views of news and meetings to the section in which each stands now, and to who wrote it: an item that moves to another
// section leaves its views in the one where it was seen.
func addGroups(ctx context.Context, tx bulk, day model.Day, pages map[string]*int64) error {
	bySlug := map[model.Kind]map[string]int64{}
	for path, views := range pages {
		kind, slug, ok := model.RecordPage(path)
		if !ok || paged()[kind] == "" || !strings.HasSuffix(path, "/"+slug) {
			continue
		}
		if bySlug[kind] == nil {
			bySlug[kind] = map[string]int64{}
		}
		bySlug[kind][slug] += *views
	}
	groups := map[hitGroup]int64{}
	for kind, slugs := range bySlug {
		if err := groupSlugs(ctx, tx, kind, slugs, groups); err != nil {
			return err
		}
	}
	days, months := make([]any, 0, 5*len(groups)), make([]any, 0, 5*len(groups))
	for g, views := range groups {
		days = append(days, string(day), string(g.kind), g.section, g.owner, views)
		months = append(months, string(monthOf(day)), string(g.kind), g.section, g.owner, views)
	}
	err := tx.put(ctx, `INSERT INTO hit_group (day, kind, section_id, owner_id, views)`,
		` ON CONFLICT (day, kind, section_id, owner_id) DO UPDATE SET views = hit_group.views + excluded.views`, 5, days)
	if err != nil {
		return err
	}
	return tx.put(ctx, `INSERT INTO hit_group_month (month, kind, section_id, owner_id, views)`,
		` ON CONFLICT (month, kind, section_id, owner_id) DO UPDATE SET views = hit_group_month.views + excluded.views`, 5, months)
}

// groupSlugs adds the views of the kind's records, found by a slug that they have or had, to their groups.
func groupSlugs(ctx context.Context, tx bulk, kind model.Kind, slugs map[string]int64, groups map[hitGroup]int64) error {
	section := `n.section_id`
	if kind != model.KindNews {
		section = `0`
	}
	wanted := make([]any, 0, len(slugs))
	for _, slug := range slices.Sorted(maps.Keys(slugs)) {
		wanted = append(wanted, slug)
	}
	table := string(kind)
	return tx.each(wanted, func(some []any) error {
		in := marks(1, len(some))
		_, err := queryAll(ctx, tx, func(row scanner) (g hitGroup, err error) {
			var slug string
			g.kind = kind
			err = row.Scan(&slug, &g.section, &g.owner)
			groups[g] += slugs[slug]
			return g, err
		}, `SELECT n.slug, `+section+`, COALESCE(n.owner_id, 0) FROM `+table+` n WHERE n.slug IN `+in+
			` UNION ALL SELECT o.slug, `+section+`, COALESCE(n.owner_id, 0) FROM old_slug o JOIN `+table+` n ON n.id = o.record_id
			WHERE o.kind = $`+strconv.Itoa(len(some)+1)+` AND o.slug IN `+in, append(some, table)...)
		return err
	})
}
