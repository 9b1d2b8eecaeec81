package store

import (
	"strconv"
	"strings"

	"congso/store/model"
)

// conditions collects the terms of a WHERE clause with their arguments, numbered as they come.
type conditions struct {
	terms []string
	args  []any
}

// add puts in a term whose question marks stand for args.
func (c *conditions) add(term string, args ...any) {
	for _, arg := range args {
		term = strings.Replace(term, "?", c.arg(arg), 1)
	}
	c.terms = append(c.terms, term)
}

// arg puts in an argument and returns its placeholder.
func (c *conditions) arg(value any) string {
	c.args = append(c.args, value)
	return "$" + strconv.Itoa(len(c.args))
}

// contains asks that the folded column holds the folded text somewhere.
func (c *conditions) contains(column, text string) {
	c.add(column+` LIKE ? ESCAPE '\'`, "%"+likeText(text)+"%")
}

// likeText is text as a pattern of LIKE that matches nothing else.
func likeText(text string) string {
	return strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(text)
}

// showing asks that the record with that alias is one that v may see at the given second (see reveal).
func (c *conditions) showing(alias string, v model.Viewer, now int64) {
	term := strings.ReplaceAll("x.status = 'published' AND x.publish_at <= ? AND (x.expire_at = 0 OR x.expire_at > ?)", "x.", alias+".")
	c.add(term, now, now)
	c.terms = append(c.terms, alias+"."+seenBy(v))
}

// seenBy is the condition on the column visibility of what v may see.
func seenBy(v model.Viewer) string {
	if v.Internal {
		return "visibility IN ('public', 'internal')"
	}
	return "visibility = 'public'"
}

// never makes the conditions unfulfillable.
func (c *conditions) never() { c.add("1 = 0") }

// where is the clause, "" without a term.
func (c *conditions) where() string {
	if len(c.terms) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(c.terms, " AND ")
}

// atMost is the clause for the first rows alone. The number stands in the text: SQLite plans with it, and would plan anew whenever another one
// is bound.
func atMost(most int) string { return " LIMIT " + strconv.Itoa(max(most, 0)) }

// limit is the clause that cuts a page out of total rows. ok is false when the page holds nothing; no page number overflows.
func (c *conditions) limit(page, size, total int) (clause string, ok bool) {
	if page < 1 || size < 1 || total == 0 || page-1 > (total-1)/size {
		return "", false
	}
	return " LIMIT " + c.arg(size) + " OFFSET " + c.arg((page-1)*size), true
}

// in is a list of placeholders for ids, in parentheses.
func (c *conditions) in(ids []int64) string {
	marks := make([]string, len(ids))
	for i, id := range ids {
		marks[i] = c.arg(id)
	}
	return "(" + strings.Join(marks, ", ") + ")"
}

// reveal is what v gets to know at the given second of a record: nil for the record itself, ErrGone when it was there to be seen
// once, else ErrNotFound.
func reveal(l model.Lifecycle, v model.Viewer, now int64) error {
	switch {
	case l.Visibility != model.Public && !v.Internal:
		return model.ErrNotFound
	case l.PublishAt.IsZero() || unix(l.PublishAt) > now:
		return model.ErrNotFound
	case l.Status == model.StatusArchived:
		return model.ErrGone
	case l.Status != model.StatusPublished:
		return model.ErrNotFound
	case !l.ExpireAt.IsZero() && unix(l.ExpireAt) <= now:
		return model.ErrGone
	}
	return nil
}

// orNull is the value of a column that refers to another row: NULL for 0.
func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}
