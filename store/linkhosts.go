package store

import (
	"context"
	"fmt"
	"strings"
)

// LinksTo reports whether a published news item, a published meeting or the list of linked sites leads to that host, by its name in lower
// case without a port. It looks through the newest records first; only for a host that nobody ever linked does it see all of them.
func (s *Store) LinksTo(ctx context.Context, host string) (bool, error) {
	if host == "" {
		return false, nil
	}
	for _, q := range []struct{ table, column, filter string }{
		{"linked_site", "url", "id > 0"}, {"news", "html", "status = 'published'"}, {"meeting", "html", "status = 'published'"},
	} {
		c := &conditions{}
		c.terms = append(c.terms, q.filter)
		var ends []string
		for _, end := range []string{"/%", `"%`, ":%", "?%", "#%", ""} {
			c.args = append(c.args, "%://"+likeText(host)+end)
			ends = append(ends, fmt.Sprintf(`%s LIKE $%d ESCAPE '\'`, q.column, len(c.args)))
		}
		c.terms = append(c.terms, "("+strings.Join(ends, " OR ")+")")
		found, err := queryAll(ctx, s.read, value[int64], `SELECT id FROM `+q.table+c.where()+` ORDER BY id DESC LIMIT 1`, c.args...)
		if err != nil {
			return false, fmt.Errorf("links to %q: %w", host, err)
		}
		if len(found) > 0 {
			return true, nil
		}
	}
	return false, nil
}
