package store

import (
	"context"
	"fmt"
	"slices"

	"congso/store/model"
)

// awaitingLimit is how many of each kind stand in each of the lists of what awaits a person.
const awaitingLimit = 50

// Awaiting returns what u is expected to do something about, at most 50 news items and 50 meetings in each list: what waits for review in
// the sections of an editor, what was returned to u, u's drafts. Each list has the latest change first.
func (s *Store) Awaiting(ctx context.Context, u model.User) (a model.Awaiting, err error) {
	if u.Role.AtLeast(model.RoleEditor) {
		f := DeskFilter{Stage: model.StatusReview}
		if u.Role != model.RoleAdmin {
			f.Sections = u.Sections
		}
		if a.Review, err = s.bothDesks(ctx, f); err != nil {
			return a, fmt.Errorf("awaiting %q: %w", u.Name, err)
		}
	}
	if u.ID == 0 {
		return a, nil
	}
	if a.Returned, err = s.bothDesks(ctx, DeskFilter{Stage: model.StatusReturned, Owner: u.ID}); err != nil {
		return a, fmt.Errorf("awaiting %q: %w", u.Name, err)
	}
	if a.Drafts, err = s.bothDesks(ctx, DeskFilter{Stage: model.StatusDraft, Owner: u.ID}); err != nil {
		return a, fmt.Errorf("awaiting %q: %w", u.Name, err)
	}
	return a, nil
}

// bothDesks are the first rows of news and meetings together, by their latest change.
func (s *Store) bothDesks(ctx context.Context, f DeskFilter) ([]model.DeskRow, error) {
	var all []model.DeskRow
	for _, kind := range []model.Kind{model.KindNews, model.KindMeeting} {
		rows, _, err := s.Desk(ctx, kind, f, 1, awaitingLimit)
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
	}
	slices.SortStableFunc(all, func(a, b model.DeskRow) int { return b.UpdatedAt.Compare(a.UpdatedAt) })
	return all, nil
}
