package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"congso/store/model"
)

const proposalColumns = `p.id, p.kind, p.record_id, p.base_revision, p.version, p.status, p.note, p.name, p.data, p.owner_id, o.full_name, p.updated_at, p.position`

func scanProposal(row scanner) (model.Proposal, error) {
	var p model.Proposal
	err := row.Scan(&p.ID, &p.Kind, &p.RecordID, &p.Base, &p.Version, &p.Status, &p.Note, &p.Name, &p.Data, &p.Owner, &p.OwnerName, moment{&p.UpdatedAt}, &p.Position)
	return p, err
}

func proposals(ctx context.Context, q querier, c conditions) ([]model.Proposal, error) {
	return queryAll(ctx, q, scanProposal, `SELECT `+proposalColumns+` FROM proposal p JOIN users o ON o.id = p.owner_id`+c.where()+
		` ORDER BY p.updated_at, p.id`, c.args...)
}

// Proposals returns what owner proposes for the directory, or what everybody does when owner is 0, the oldest first.
func (s *Store) Proposals(ctx context.Context, owner int64) ([]model.Proposal, error) {
	var c conditions
	c.add("p.kind <> ?", model.KindMeeting)
	if owner != 0 {
		c.add("p.owner_id = ?", owner)
	}
	list, err := proposals(ctx, s.read, c)
	if err != nil {
		return nil, fmt.Errorf("proposals: %w", err)
	}
	return list, nil
}

// Proposal returns one proposal for the directory, or model.ErrNotFound.
func (s *Store) Proposal(ctx context.Context, id int64) (model.Proposal, error) {
	p, err := proposalByID(ctx, s.read, id)
	if err == nil && p.Kind == model.KindMeeting {
		err = model.ErrNotFound
	}
	if err != nil {
		return p, fmt.Errorf("proposal %d: %w", id, err)
	}
	return p, nil
}

func proposalByID(ctx context.Context, q querier, id int64) (model.Proposal, error) {
	var c conditions
	c.add("p.id = ?", id)
	list, err := proposals(ctx, q, c)
	if err == nil && len(list) == 0 {
		err = model.ErrNotFound
	}
	if err != nil {
		return model.Proposal{}, err
	}
	return list[0], nil
}

// Propose keeps the proposal for review and sets p to what was stored. A new one (ID 0) belongs to by; a later version of one of by's own
// takes the place of version p.Version. The error is model.Invalid when a rule is broken, model.ErrConflict when the proposal has another
// version, model.ErrNotFound when it is gone or somebody else's.
func (s *Store) Propose(ctx context.Context, by model.Actor, p *model.Proposal) error {
	err := p.Validate()
	if err == nil {
		err = s.change(ctx, func(tx *sql.Tx) error { return s.propose(ctx, tx, by, p) })
	}
	if err != nil {
		return fmt.Errorf("proposal %d: %w", p.ID, err)
	}
	return nil
}

func (s *Store) propose(ctx context.Context, tx *sql.Tx, by model.Actor, p *model.Proposal) (err error) {
	id := p.ID
	if id == 0 {
		id, err = queryOne(ctx, tx, value[int64], `INSERT INTO proposal (kind, record_id, base_revision, status, name, data, owner_id, updated_at, position)
			VALUES ($1, $2, $3, 'review', $4, $5, $6, $7, $8) RETURNING id`, p.Kind, p.RecordID, p.Base, p.Name, p.Data, by.UserID, unix(s.now()), p.Position)
	} else {
		err = s.nextProposal(ctx, tx, by, *p)
	}
	if err != nil {
		return err
	}
	if *p, err = proposalByID(ctx, tx, id); err != nil {
		return err
	}
	return s.audit(ctx, tx, by, "propose", p.Kind, p.RecordID, []string{"proposal"})
}

func (s *Store) nextProposal(ctx context.Context, tx *sql.Tx, by model.Actor, p model.Proposal) error {
	there, err := proposalByID(ctx, tx, p.ID)
	switch {
	case err != nil:
		return err
	case there.Owner != by.UserID || there.Kind != p.Kind || there.RecordID != p.RecordID:
		return model.ErrNotFound
	case there.Version != p.Version:
		return model.ErrConflict
	}
	return exec(ctx, tx, `UPDATE proposal SET base_revision = $1, status = 'review', note = '', name = $2, data = $3, updated_at = $4,
		version = version + 1 WHERE id = $5`, p.Base, p.Name, p.Data, unix(s.now()), p.ID)
}

// ReturnProposal sends a proposal back to its owner with a note. The error is model.Invalid for "note" when there is none,
// model.ErrConflict when it has another version, model.ErrNotFound when it is gone.
func (s *Store) ReturnProposal(ctx context.Context, by model.Actor, id int64, version int, note string) error {
	err := s.change(ctx, func(tx *sql.Tx) error {
		p, err := sameProposal(ctx, tx, id, version)
		if err != nil {
			return err
		}
		if p.Note = note; model.CleanLines(note) == "" {
			return model.Invalid{"note": "Hãy ghi lý do trả lại."}
		}
		if err := p.Validate(); err != nil {
			return err
		}
		err = exec(ctx, tx, `UPDATE proposal SET status = 'returned', note = $1, updated_at = $2, version = version + 1 WHERE id = $3`,
			p.Note, unix(s.now()), id)
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, by, string(model.ActionReturn), p.Kind, p.RecordID, []string{"proposal"})
	})
	if err != nil {
		return fmt.Errorf("return proposal %d: %w", id, err)
	}
	return nil
}

// DropProposal throws a proposal away. The error is model.ErrConflict when it has another version, model.ErrNotFound when it is gone.
func (s *Store) DropProposal(ctx context.Context, by model.Actor, id int64, version int) error {
	err := s.change(ctx, func(tx *sql.Tx) error {
		p, err := sameProposal(ctx, tx, id, version)
		if err != nil {
			return err
		}
		if err := exec(ctx, tx, `DELETE FROM proposal WHERE id = $1`, id); err != nil {
			return err
		}
		return s.audit(ctx, tx, by, "discard", p.Kind, p.RecordID, []string{"proposal"})
	})
	if err != nil {
		return fmt.Errorf("discard proposal %d: %w", id, err)
	}
	return nil
}

func sameProposal(ctx context.Context, tx *sql.Tx, id int64, version int) (model.Proposal, error) {
	p, err := proposalByID(ctx, tx, id)
	if err == nil && p.Version != version {
		err = model.ErrConflict
	}
	return p, err
}

// PutUnitFrom writes the unit as PutUnit does and ends the proposal of that id and version that it was made from, in one transaction.
func (s *Store) PutUnitFrom(ctx context.Context, by model.Actor, u *model.Unit, proposal int64, version int) error {
	err := u.Validate()
	next := *u
	if err == nil {
		err = s.takeOver(ctx, proposal, version, func(tx *sql.Tx) error { return s.putUnit(ctx, tx, by, &next) })
	}
	if err != nil {
		return fmt.Errorf("unit %q from a proposal: %w", u.Slug, err)
	}
	*u = next
	return nil
}

// PutPersonFrom does for a person what PutUnitFrom does for a unit.
func (s *Store) PutPersonFrom(ctx context.Context, by model.Actor, p *model.Person, proposal int64, version int) error {
	err := p.Validate()
	next := *p
	if err == nil {
		err = s.takeOver(ctx, proposal, version, func(tx *sql.Tx) error { return s.putPerson(ctx, tx, by, &next, "") })
	}
	if err != nil {
		return fmt.Errorf("person %q from a proposal: %w", p.Slug, err)
	}
	*p = next
	return nil
}

func (s *Store) takeOver(ctx context.Context, id int64, version int, put func(tx *sql.Tx) error) error {
	return s.change(ctx, func(tx *sql.Tx) error {
		if _, err := sameProposal(ctx, tx, id, version); errors.Is(err, model.ErrNotFound) {
			return model.ErrConflict // somebody took it over or back meanwhile
		} else if err != nil {
			return err
		}
		if err := put(tx); err != nil {
			return err
		}
		return exec(ctx, tx, `DELETE FROM proposal WHERE id = $1`, id)
	})
}
