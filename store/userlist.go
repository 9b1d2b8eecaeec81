package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"congso/store/model"
)

// UserFilter narrows a list of accounts.
type UserFilter struct {
	Words    string     // each stands in name, full name or e-mail; accents do not matter
	Role     model.Role // "" for all
	Disabled bool       // only those that are
}

func (f UserFilter) matches(u model.User) bool {
	text := model.Fold(u.Name + " " + u.FullName + " " + u.Email)
	for _, word := range strings.Fields(model.Fold(f.Words)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return (f.Role == "" || f.Role == u.Role) && (!f.Disabled || u.Disabled)
}

// Users returns a page of the accounts by name, pages from 1 on, and how many the filter lets through in all. A department has
// hundreds of accounts at most, so that they are filtered here, where accents can be folded.
func (s *Store) Users(ctx context.Context, f UserFilter, page, size int) (list []model.User, total int, err error) {
	all, err := queryAll(ctx, s.read, scanUser, `SELECT `+userColumns+` FROM users u`)
	if err != nil {
		return nil, 0, fmt.Errorf("users: %w", err)
	}
	all = slices.DeleteFunc(all, func(u model.User) bool { return !f.matches(u) })
	slices.SortFunc(all, func(a, b model.User) int { return strings.Compare(a.Name, b.Name) })
	if page < 1 || page-1 > len(all)/size {
		return nil, len(all), nil
	}
	list = all[(page-1)*size : min(page*size, len(all))]
	for i := range list {
		if list[i].Sections, err = userSections(ctx, s.read, list[i].ID); err != nil {
			return nil, 0, fmt.Errorf("users: %w", err)
		}
	}
	return list, len(all), nil
}
