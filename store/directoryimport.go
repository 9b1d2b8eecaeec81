package store

import (
	"context"
	"database/sql"
	"fmt"

	"congso/store/model"
)

// WholeDirectory returns all units and people there are or were, with all posts and the numbers that v may see.
func (s *Store) WholeDirectory(ctx context.Context, v model.Viewer) (model.Directory, error) {
	return wholeDirectory(ctx, s.read, v, s.Today())
}

func wholeDirectory(ctx context.Context, q querier, v model.Viewer, today model.Day) (d model.Directory, err error) {
	if d.Units, err = units(ctx, q, v, conditions{}); err == nil {
		d.People, err = people(ctx, q, v, today, conditions{})
	}
	if err != nil {
		return model.Directory{}, fmt.Errorf("whole directory: %w", err)
	}
	return d, nil
}

// PlanImport says row by row what an import would do to the directory as it is now. newUnits allows people's rows to name units that are
// not there yet.
func (s *Store) PlanImport(ctx context.Context, rows []model.ContactRow, newUnits bool) (model.ImportPlan, error) {
	return s.planImport(ctx, s.read, rows, newUnits)
}

func (s *Store) planImport(ctx context.Context, q querier, rows []model.ContactRow, newUnits bool) (model.ImportPlan, error) {
	d, err := wholeDirectory(ctx, q, everything(), s.Today())
	if err != nil {
		return model.ImportPlan{}, fmt.Errorf("plan of an import: %w", err)
	}
	return model.PlanContacts(d, rows, newUnits, s.Today()), nil
}

// ApplyImport writes what the plan says, all of it in one transaction with revisions, audit and search entries, or nothing. The error is
// model.Invalid for "rows" when the plan has faults that are not to be left out, model.ErrConflict when the rows would do something else
// to the directory as it is now.
func (s *Store) ApplyImport(ctx context.Context, by model.Actor, plan model.ImportPlan) error {
	if faults := plan.Count(model.ImportFault); faults > 0 && !plan.LeaveOut {
		return fmt.Errorf("import: %w", model.Invalid{"rows": fmt.Sprintf("Còn %d dòng có lỗi.", faults)})
	}
	err := s.change(ctx, func(tx *sql.Tx) error {
		now, err := s.planAgain(ctx, tx, plan)
		if err != nil {
			return err
		}
		return s.applyPlan(ctx, tx, by, now)
	})
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	return nil
}

// planAgain makes the plan anew from what tx sees, and refuses one that is not the plan that was shown.
func (s *Store) planAgain(ctx context.Context, tx *sql.Tx, shown model.ImportPlan) (model.ImportPlan, error) {
	rows := make([]model.ContactRow, len(shown.Rows))
	for i, r := range shown.Rows {
		rows[i] = r.Row
	}
	now, err := s.planImport(ctx, tx, rows, shown.NewUnits)
	if err != nil {
		return now, err
	}
	was, err := shown.Fingerprint()
	if err != nil {
		return now, err
	}
	is, err := now.Fingerprint()
	if err == nil && was != is {
		err = model.ErrConflict
	}
	return now, err
}

func (s *Store) applyPlan(ctx context.Context, tx *sql.Tx, by model.Actor, plan model.ImportPlan) error {
	made := map[int64]int64{} // the ids of new units by those they have in the plan
	for _, u := range plan.Units {
		planned := u.ID
		if u.ID < 0 {
			u.ID = 0
		}
		if id, fresh := made[u.ParentID]; fresh {
			u.ParentID = id
		}
		if err := s.putUnit(ctx, tx, by, &u); err != nil {
			return fmt.Errorf("unit %q: %w", u.Slug, err)
		}
		made[planned] = u.ID
	}
	for _, p := range plan.People {
		for i := range p.Posts {
			if id, fresh := made[p.Posts[i].UnitID]; fresh {
				p.Posts[i].UnitID = id
			}
		}
		if err := s.putPerson(ctx, tx, by, &p, ""); err != nil {
			return fmt.Errorf("person %q: %w", p.Slug, err)
		}
	}
	return nil
}
