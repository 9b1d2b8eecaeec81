package store

import (
	"context"
	"fmt"

	"congso/store/model"
)

// PeopleOn returns who held a post on that day, in the order of their names, each with the posts of that day only, the highest rank
// first. It is for desks: it holds posts that are still to begin.
func (s *Store) PeopleOn(ctx context.Context, day model.Day) ([]model.Person, error) {
	var c conditions
	c.inPost(day)
	list, err := people(ctx, s.read, model.Viewer{}, day, c)
	if err != nil {
		return nil, fmt.Errorf("people on %s: %w", day, err)
	}
	for i := range list {
		list[i].Posts = filter(list[i].Posts, func(p model.Post) bool { return p.Current(day) })
	}
	return list, nil
}
