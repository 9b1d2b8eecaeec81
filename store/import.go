package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"congso/store/model"
)

// Arrival is a news item of another portal on its way into this one. ImportNews sets News to what was stored, and the fields below it.
type Arrival struct {
	Source string // names the portal, such as its address
	Key    string // names the item there, at most 1000 bytes
	Hash   string // of what was read of the item
	News   model.News
	// Addresses are the item's on the other portal, paths with or without a query. They lead to the item for whoever may see it, as Redirect
	// has it: an address of a draft leads on once that is published.
	Addresses []string
	// Files are addresses of photos and files that the item shows or offers, on the other portal, and where they are here. They lead there as Addresses do.
	Files map[string]string

	Outcome Outcome
	Taken   map[string]string // the addresses that do not lead to the item, each with the reason in Vietnamese
	Err     error             // why the item was left out
}

// Outcome is what has become of an Arrival.
type Outcome string

// An item is new, or known from an earlier import and left as it is, whatever has become of it; changed says that the other portal has
// another text by now. One that was refused was left out, and Err says why.
const (
	OutcomeNew     Outcome = "new"
	OutcomeKnown   Outcome = "known"
	OutcomeChanged Outcome = "changed"
	OutcomeRefused Outcome = "refused"
)

// maxOriginKey is the longest key of an origin in bytes: PostgreSQL refuses index entries of more than 2,704.
const maxOriginKey = 1000

// ImportNews stores the items that are new: each with its revision, audit entry, search entry, redirects and origin, and all in one transaction.
// When one is refused, the list is done again one by one, so that this one alone is left out, with Outcome and Err saying so. The error is that
// of a database which cannot be written to: nothing can be said then of those without an Outcome, and another run finds out.
func (s *Store) ImportNews(ctx context.Context, by model.Actor, list []*Arrival) error {
	ready := make([]*arriving, 0, len(list))
	for _, a := range list {
		a.Outcome, a.Err = "", nil
		n, err := s.arrive(a)
		if err != nil {
			a.Outcome, a.Err = OutcomeRefused, err
			continue
		}
		ready = append(ready, n)
	}
	err := s.importNews(ctx, by, ready)
	if err == nil || !refusal(ctx, err) {
		return err
	}
	for i := range ready {
		if err := s.importNews(ctx, by, ready[i:i+1]); err != nil {
			if !refusal(ctx, err) {
				return err
			}
			ready[i].Outcome, ready[i].Err = OutcomeRefused, err
		}
	}
	return nil
}

// refusal reports whether err is about what was to be stored, not about the database.
func refusal(ctx context.Context, err error) bool {
	return ctx.Err() == nil && !errors.Is(err, model.ErrUnavailable) && !errors.Is(err, model.ErrDiskFull)
}

// arriving is an item that was rendered.
type arriving struct {
	*Arrival
	rendered model.Rendered
}

func (s *Store) arrive(a *Arrival) (*arriving, error) {
	if a.Source == "" || a.Key == "" || len(a.Source) > maxOriginKey || len(a.Key) > maxOriginKey {
		return nil, fmt.Errorf("origin %q: %w", a.Key, model.Invalid{"key": "Bài không có mã nhận biết, hoặc mã quá dài."})
	}
	if a.News.Slug == "" {
		a.News.Slug = importedSlug(model.KindNews, a.News.Title)
	}
	next, rendered, err := s.renderNews(&a.News)
	if err == nil && next.ID != 0 {
		err = model.ErrConflict
	}
	if err != nil {
		return nil, fmt.Errorf("news %q: %w", a.News.Slug, err)
	}
	a.News = next
	return &arriving{a, rendered}, nil
}

// importedSlug is the slug for a title that nobody is asked to change when it has no letters, or those of an address of the portal's own.
func importedSlug(kind model.Kind, title string) string {
	slug := model.Slug(title)
	if slug == "" || model.ReservedSlug(kind, slug) {
		slug = model.Slug("cu " + slug)
	}
	return slug
}

// importNews stores the items in one transaction, or none. What it says of them is said once that is done.
func (s *Store) importNews(ctx context.Context, by model.Actor, list []*arriving) error {
	done := make([]Arrival, len(list))
	err := s.change(ctx, func(tx *sql.Tx) error {
		for i, a := range list {
			done[i] = *a.Arrival
			if err := s.importOne(ctx, tx, by, &done[i], a.rendered); err != nil {
				return fmt.Errorf("import %q: %w", a.Key, err)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i, a := range list {
		*a.Arrival = done[i]
	}
	return nil
}

func (s *Store) importOne(ctx context.Context, tx *sql.Tx, by model.Actor, a *Arrival, rendered model.Rendered) error {
	known, err := outcomeOf(ctx, tx, a.Source, a.Key, a.Hash)
	if a.Outcome = known; err != nil || known != OutcomeNew {
		return err
	}
	if err := s.putNews(ctx, tx, by, &a.News, rendered, saving{}); err != nil {
		return err
	}
	if err := putOrigin(ctx, tx, a.Source, a.Key, model.KindNews, a.News.ID, a.Hash); err != nil {
		return err
	}
	lead := map[string]string{}
	maps.Copy(lead, a.Files)
	for _, address := range a.Addresses {
		lead[address] = newsFolder + a.News.Slug
	}
	a.Taken, err = s.lead(ctx, tx, by, lead)
	return err
}

// ImportAddresses makes addresses of another portal lead to a path of this one, those that are free.
func (s *Store) ImportAddresses(ctx context.Context, by model.Actor, to string, addresses []string) error {
	lead := map[string]string{}
	for _, address := range addresses {
		lead[address] = to
	}
	err := s.change(ctx, func(tx *sql.Tx) error {
		_, err := s.lead(ctx, tx, by, lead)
		return err
	})
	if err != nil {
		return fmt.Errorf("addresses of %q: %w", to, err)
	}
	return nil
}

func putOrigin(ctx context.Context, tx *sql.Tx, source, key string, kind model.Kind, id int64, hash string) error {
	return exec(ctx, tx, `INSERT INTO origin (source, key, kind, record_id, hash) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (source, key) DO UPDATE SET kind = excluded.kind, record_id = excluded.record_id, hash = excluded.hash`, source, key, kind, id, hash)
}

// ImportOutcome says what ImportNews would make of an item: OutcomeNew, OutcomeKnown or OutcomeChanged.
func (s *Store) ImportOutcome(ctx context.Context, source, key, hash string) (Outcome, error) {
	outcome, err := outcomeOf(ctx, s.read, source, key, hash)
	if err != nil {
		return "", fmt.Errorf("origin %q: %w", key, err)
	}
	return outcome, nil
}

func outcomeOf(ctx context.Context, q querier, source, key, hash string) (Outcome, error) {
	was, err := queryOne(ctx, q, value[string], `SELECT hash FROM origin WHERE source = $1 AND key = $2`, source, key)
	switch {
	case errors.Is(err, model.ErrNotFound):
		return OutcomeNew, nil
	case err != nil:
		return "", err
	case was == hash:
		return OutcomeKnown, nil
	}
	return OutcomeChanged, nil
}

// lead makes each address lead to its place. One that is no address, is that of a page of this portal, or leads elsewhere is left as it is, and
// why so is said of it in taken.
func (s *Store) lead(ctx context.Context, tx *sql.Tx, by model.Actor, places map[string]string) (taken map[string]string, err error) {
	taken = map[string]string{}
	made := false
	for _, address := range slices.Sorted(maps.Keys(places)) {
		to := places[address]
		from, err := s.freeAddress(ctx, tx, address, to)
		if invalid := (model.Invalid{}); errors.As(err, &invalid) {
			taken[address] = invalid["from"] + invalid["to"]
			continue
		}
		if err == nil && from != "" {
			made = true
			err = exec(ctx, tx, `INSERT INTO redirect (from_path, to_path, created_at) VALUES ($1, $2, $3)`, from, to, unix(s.now()))
		}
		if err != nil {
			return nil, fmt.Errorf("redirect: %w", err)
		}
	}
	if !made {
		return taken, nil
	}
	return taken, s.audit(ctx, tx, by, "update", model.KindMoved, 0, []string{"from", "to"})
}

// freeAddress is the address as a request has it, "" when it leads to the place already, or model.Invalid when it cannot.
func (s *Store) freeAddress(ctx context.Context, q querier, address, to string) (string, error) {
	from := model.Clean(address)
	if sentAddress(from) == to {
		return "", nil
	}
	if err := checkRedirect(from, to); err != nil {
		return "", err
	}
	from = sentAddress(from)
	if err := checkFree(ctx, q, from); err != nil {
		return "", err
	}
	other, err := queryOne(ctx, q, value[string], `SELECT to_path FROM redirect WHERE from_path = $1`, from)
	switch {
	case errors.Is(err, model.ErrNotFound):
		return from, nil
	case err == nil && other != to:
		return "", model.Invalid{"from": "Địa chỉ này đã dẫn đến " + other + "."}
	}
	return "", err
}

// ImportSection is the section that the names lead to, the last of them below those before: the one that an earlier import from source had
// there, else one of that name in that place, else it is made, and those above it. The error is model.Invalid when a name breaks the rules.
func (s *Store) ImportSection(ctx context.Context, by model.Actor, source string, names []string) (section model.Section, err error) {
	if len(names) == 0 {
		return section, fmt.Errorf("import section: %w", model.ErrNotFound)
	}
	err = s.change(ctx, func(tx *sql.Tx) error {
		for i := range names {
			if section, err = s.importSection(ctx, tx, by, source, names[:i+1], section.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return section, fmt.Errorf("import section %q: %w", names[len(names)-1], err)
	}
	return section, nil
}

func (s *Store) importSection(ctx context.Context, tx *sql.Tx, by model.Actor, source string, names []string, parent int64) (model.Section, error) {
	key := sectionKey(names)
	known, err := queryOne(ctx, tx, scanSection, `SELECT `+sectionColumns+` FROM section c JOIN origin o ON o.record_id = c.id
		WHERE o.source = $1 AND o.key = $2 AND o.kind = $3`, source, key, model.KindSection)
	if !errors.Is(err, model.ErrNotFound) {
		return known, err
	}
	all, err := queryAll(ctx, tx, scanSection, `SELECT `+sectionColumns+` FROM section c ORDER BY c.position, c.slug`)
	if err != nil {
		return known, err
	}
	name := model.Clean(names[len(names)-1])
	i := slices.IndexFunc(all, func(c model.Section) bool { return c.ParentID == parent && strings.EqualFold(c.Name, name) })
	if i >= 0 {
		return all[i], putOrigin(ctx, tx, source, key, model.KindSection, all[i].ID, "")
	}
	made := model.Section{Name: name, Slug: importedSlug(model.KindSection, name), ParentID: parent}
	for _, c := range all {
		made.Position = max(made.Position, c.Position+1)
	}
	if err := made.Validate(); err != nil {
		return made, err
	}
	if err := s.putSection(ctx, tx, by, &made); err != nil {
		return made, err
	}
	return made, putOrigin(ctx, tx, source, key, model.KindSection, made.ID, "")
}

// sectionKey is the key of a section's origin. No item of a portal has one with a line break.
func sectionKey(names []string) string {
	key := strings.ToLower("section\n" + strings.Join(names, "\n"))
	return strings.ToValidUTF8(key[:min(len(key), maxOriginKey)], "")
}
