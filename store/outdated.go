package store

import (
	"context"
	"fmt"

	"congso/store/model"
)

// ErrOutdated: a newer program has migrated the database and serves it. It is also model.ErrUnavailable.
var ErrOutdated = fmt.Errorf("%w: a newer congso has migrated the database and serves it: this copy writes nothing more and waits to be upgraded", model.ErrUnavailable)

// Copies of the program are upgraded one after the other. The first of the new ones migrates the database under those that still run; until it
// serves, they go on as before, or nobody would: so a migration only adds what the program before it can do without. From then on they show
// what there is, but write nothing, since they would not keep up what has been added, and are not ready, so that the balancer leaves them.

// FollowSchema looks whether a newer program has taken the records over; ErrOutdated once it has.
func (s *Store) FollowSchema(ctx context.Context) error {
	mine := s.program.Load()
	if !s.postgres || mine == nil || s.outdated.Load() {
		return s.Outdated()
	}
	current, err := schemaOf(ctx, s.read, s.postgres)
	if err != nil || current <= s.schema {
		return err
	}
	by, err := programOf(ctx, s.read)
	if err == nil && by != *mine {
		s.outdated.Store(true)
	}
	if err != nil {
		return fmt.Errorf("program: %w", err)
	}
	return s.Outdated()
}

// Outdated is ErrOutdated once FollowSchema has found out.
func (s *Store) Outdated() error {
	if s.outdated.Load() {
		return ErrOutdated
	}
	return nil
}
