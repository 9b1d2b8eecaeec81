package store

import (
	"context"
	"fmt"
	"slices"

	"congso/store/model"
)

// aroundQuery asks for what stands around the item $1, published at $3, by second $4, in one statement: the nearest newer and older item of
// the list $2 of its section, how many meetings it reports, its views under the address $5 and those that it had in the folder $6; and, where
// newest is set, the newest of the list, at most $7. seen is the condition on the visibility of what the viewer may see; the list is that of
// such viewers, or an outsider would pass by all that is internal. $3 is not after $4: a second bound above the older ones would make SQLite
// walk down from the newest.
func aroundQuery(seen string, newest bool) string {
	section := `SELECT ` + newsLink + ` FROM listing l CROSS JOIN news n
		WHERE l.list = $2 AND n.id = l.id AND n.status = 'published' AND (n.expire_at = 0 OR n.expire_at > $4) AND n.` + seen
	query := `SELECT 1 AS part, f.* FROM (` + section + ` AND l.at <= $4 AND (l.at, l.id) > ($3, $1)` + oldestFirst + ` LIMIT 1) AS f
		UNION ALL SELECT 2, f.* FROM (` + section + ` AND (l.at, l.id) < ($3, $1)` + newestFirst + ` LIMIT 1) AS f
		UNION ALL SELECT 3, COUNT(*), '', '', 0 FROM meeting m WHERE m.news_id = $1 AND m.status = 'published' AND m.` + seen + `
		UNION ALL SELECT 4, COALESCE((SELECT h.views FROM hit_page_total h WHERE h.path = $5), 0)
			+ COALESCE((SELECT CAST(SUM((SELECT h.views FROM hit_page_total h WHERE h.path = CAST($6 AS TEXT) || o.slug)) AS BIGINT)
				FROM old_slug o WHERE o.kind = 'news' AND o.record_id = $1 AND CAST($6 AS TEXT) || o.slug <> $5), 0), '', '', 0`
	if newest {
		query += ` UNION ALL SELECT 5, f.* FROM (` + section + ` AND l.at <= $4` + newestFirst + ` LIMIT $7) AS f`
	}
	return query
}

// newsFolder begins the addresses under which views of items are counted.
const newsFolder = "/tin-tuc/"

// Parts of what aroundQuery returns.
const (
	partNewer = 1 + iota
	partOlder
	partMeetings // how many, as the id
	partViews    // as the id
	partNewest
)

// aroundRow is one item, or a number in place of its ID.
type aroundRow struct {
	part int
	model.NewsLink
}

func scanAround(row scanner) (aroundRow, error) {
	var a aroundRow
	err := row.Scan(&a.part, &a.ID, &a.Slug, &a.Title, moment{&a.PublishAt})
	return a, err
}

// AroundNews returns what v may see around n: its neighbours, at most so many others of its section, the meetings that it reports, latest
// first, and how often it was seen. Of the other items only what names them is read.
func (r *Reader) AroundNews(ctx context.Context, v model.Viewer, n model.News, others int) (model.AroundNews, error) {
	now := unix(r.now())
	of := newestOf{newListing(r.from, v, now, listSection, n.Section.ID).number, max(others, 0) + 1}
	args := []any{n.ID, of.list, min(unix(n.PublishAt), now), now, newsFolder + n.Slug, newsFolder}
	newest, known := r.newest.find(of, r.commits, now)
	if !known {
		args = append(args, of.most)
	}
	rows, err := queryAll(ctx, r.from, scanAround, aroundQuery(seenBy(v), !known), args...)
	var a model.AroundNews
	var meetings int64
	for _, row := range rows {
		switch row.part {
		case partNewer:
			a.Newer = row.NewsLink
		case partOlder:
			a.Older = row.NewsLink
		case partMeetings:
			meetings = row.ID
		case partViews:
			a.Views = row.ID
		case partNewest:
			newest = append(newest, row.NewsLink)
		}
	}
	if err == nil && !known {
		r.newest.keep(of, r.commits, now, newest)
	}
	a.Others = otherThan(n.ID, newest, others)
	if err == nil && meetings > 0 {
		a.Meetings, err = r.meetingsOfNews(ctx, v, n.ID)
	}
	if err != nil {
		return model.AroundNews{}, fmt.Errorf("around news %d: %w", n.ID, err)
	}
	return a, nil
}

// otherThan is the list without the item of that ID, at most so many.
func otherThan(id int64, list []model.NewsLink, most int) []model.NewsLink {
	at := slices.IndexFunc(list, func(n model.NewsLink) bool { return n.ID == id })
	if at >= 0 {
		list = slices.Concat(list[:at], list[at+1:])
	}
	return slices.Clip(list[:min(len(list), max(most, 0))])
}

// meetingsOfNews returns the meetings that the item reports with their chairs, latest first.
func (r *Reader) meetingsOfNews(ctx context.Context, v model.Viewer, news int64) ([]model.Meeting, error) {
	c := &conditions{}
	c.add("m.news_id = ?", news)
	c.showing("m", v, unix(r.now()))
	rows, err := queryAll(ctx, r.from, scanChaired, chaired+c.where()+` ORDER BY m.start_at DESC, m.id DESC, r.position`, c.args...)
	var list []model.Meeting
	for _, row := range rows {
		if len(list) == 0 || list[len(list)-1].ID != row.ID {
			list = append(list, row.Meeting)
		}
		if row.chair.Name != "" {
			m := &list[len(list)-1]
			m.Participants = append(m.Participants, row.chair)
		}
	}
	return list, err
}

// chaired is each meeting once for each of its chairs, or once where there is none.
const chaired = `SELECT ` + meetingColumns + `, COALESCE(r.name, ''), COALESCE(r.held_position, ''), COALESCE(r.role, ''), COALESCE(r.person_id, 0), COALESCE(p.slug, '')
	FROM meeting m LEFT JOIN meeting_participant r ON r.meeting_id = m.id AND r.role = 'chair' LEFT JOIN person p ON p.id = r.person_id`

type chairedRow struct {
	model.Meeting
	chair model.Participant
}

func scanChaired(row scanner) (chairedRow, error) {
	var m chairedRow
	err := row.Scan(append(meetingDest(&m.Meeting), &m.chair.Name, &m.chair.Position, &m.chair.Role, &m.chair.PersonID, &m.chair.PersonSlug)...)
	return m, err
}
