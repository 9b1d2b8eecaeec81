package main

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"congso/content"
	"congso/store"
	"congso/store/model"
)

// Bounds of what is said about records.
const (
	unconfirmedFor = 180 // days
	idleFor        = 180 * 24 * time.Hour
	clockSlack     = 5 * time.Minute
	sweepLate      = 10 * time.Minute
	shownGaps      = 10
)

// schema compares the database's with the program's.
func (e *examination) schema(ctx context.Context) (string, error) {
	if e.store == nil {
		return "", nil
	}
	has, known, err := e.store.Schema(ctx)
	if err != nil {
		return "", err
	}
	switch {
	case has < known:
		e.note("schema-older", levelWarning, e.recordsPlace(), fmt.Sprintf("the database has schema %d, this program wants %d: the checks of records are left out", has, known),
			"restart the portal with this program: it upgrades the database")
	case has > known:
		back := "go back with congso rollback"
		if e.config.Database != "" {
			back = "restore a backup from before the upgrade"
		}
		e.note("schema-newer", levelProblem, e.recordsPlace(), fmt.Sprintf("the database has schema %d, this program knows only %d", has, known), "install the newer program again, or "+back)
	}
	return fmt.Sprintf("schema %d", has), nil
}

// database looks for damage.
func (e *examination) database(ctx context.Context) (string, error) {
	if e.store == nil {
		return "", nil
	}
	if e.config.Database != "" {
		return "not for PostgreSQL, which checks its own files", nil
	}
	faults, err := e.store.CheckDatabase(ctx, e.full)
	if errors.Is(err, model.ErrUnavailable) { // so damaged that even the check gives up
		faults, err = append(faults, err.Error()), nil
	}
	for _, fault := range faults {
		e.note("database-damaged", levelProblem, "congso.db", fault, "stop the portal, keep a copy of the data folder, and restore the last good backup; have the disk checked")
	}
	return "no damage found", err
}

func (e *examination) databaseSize(ctx context.Context) (string, error) {
	size, err := e.store.DatabaseSize(ctx)
	if size.Free > wastedBytes && size.Free > size.Bytes/4 {
		e.note("database-empty-pages", levelNote, e.recordsPlace(), fileSize(size.Free)+" of "+fileSize(size.Bytes)+" hold nothing and will be used again",
			"nothing need be done; a backup that is restored has none of them")
	}
	return fileSize(size.Bytes), err
}

// clock compares the machine's clock with what has certainly happened.
func (e *examination) clock(ctx context.Context) (string, error) {
	newest, err := e.store.NewestTime(ctx)
	if err != nil {
		return "", err
	}
	now := e.now()
	past := map[string]time.Time{"the newest entry of the records": newest, "the day on which this program was built": built()}
	for what, at := range past {
		if now.Before(at.Add(-clockSlack)) {
			e.note("clock", levelProblem, "the machine's clock", fmt.Sprintf("it says %s, which is before %s (%s)", moment(now), what, moment(at)),
				"set the clock and let it be kept right (timedatectl set-ntp true; on Windows w32tm /resync)")
		}
	}
	if year := now.Year(); year < 2026 || year > 2100 {
		e.note("clock", levelProblem, "the machine's clock", "it says "+moment(now), "set the clock")
	}
	return moment(now) + ", after everything in the records", nil
}

func moment(t time.Time) string { return t.In(model.Zone()).Format("2006-01-02 15:04") }

// built is when the program's source was committed, the zero time when it does not know.
func built() time.Time {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return time.Time{}
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.time" {
			if at, err := time.Parse(time.RFC3339, s.Value); err == nil {
				return at
			}
		}
	}
	return time.Time{}
}

// audit walks the chain of hashes.
func (e *examination) audit(ctx context.Context) (string, error) {
	found, err := e.store.CheckAudit(ctx, 0, 0)
	if errors.Is(err, store.ErrAuditBroken) {
		e.note("audit-broken", levelProblem, fmt.Sprintf("after entry %d", found.Last), err.Error(),
			"somebody changed the database past the portal: keep a copy, compare it with a backup from before, and look at who can write to this machine")
		return "", nil
	}
	return fmt.Sprintf("%d entries hold", found.Count), err
}

// accounts looks for accounts that are an open door, and for a door that nobody can open.
func (e *examination) accounts(ctx context.Context) (string, error) {
	list, err := e.store.Accounts(ctx)
	if err != nil {
		return "", err
	}
	roles, err := e.store.FactorRoles(ctx)
	if err != nil {
		return "", err
	}
	admins := 0
	for _, a := range list {
		if a.Disabled {
			continue
		}
		if a.Role == model.RoleAdmin {
			admins++
		}
		e.account(a, slices.Contains(roles, a.Role))
	}
	switch {
	case len(list) == 0:
		e.note("no-account", levelNote, "", "nobody has an account yet", "start the portal and open the link that it prints, or run congso user add NAME")
	case admins == 0:
		e.note("no-admin", levelProblem, "", "no active account may administer the portal", "congso user add NAME --role admin")
	}
	return fmt.Sprintf("%d accounts", len(list)), nil
}

func (e *examination) account(a store.Account, factor bool) {
	page := fmt.Sprintf("/admin/nguoi-dung/%d", a.ID)
	switch {
	case !factor || a.Factor:
	case e.demo:
		e.note("second-factor", levelNote, a.Name, "an account of the sample data, which needs no second factor", "use sample data for trying only")
	default:
		e.note("second-factor", levelWarning, a.Name, fmt.Sprintf("its role (%s) must have a second factor, and it has none: whoever guesses or steals the password sets one up", a.Role),
			"have its owner log in, which asks for it; or congso user disable "+a.Name)
	}
	if unseen := e.now().Sub(a.LastSeen); unseen > idleFor && !e.demo {
		e.note("idle-account", levelWarning, a.Name, fmt.Sprintf("nobody has used it for %d days", int(unseen.Hours()/24)),
			"congso user disable "+a.Name+", or have its owner log in ("+page+")")
	}
}

// contacts counts what nobody has confirmed lately.
func (e *examination) contacts(ctx context.Context) (string, error) {
	day := model.DayOf(e.now().AddDate(0, 0, -unconfirmedFor))
	list, err := e.store.Unconfirmed(ctx, day)
	if err == nil && len(list) > 0 {
		e.note("unconfirmed-contacts", levelNote, list[0].Name, fmt.Sprintf("%d units and people of the directory have not been confirmed for %d days, this one the longest", len(list), unconfirmedFor),
			"have an editor look through /admin/danh-ba and confirm them")
	}
	return "all confirmed in the last half year", err
}

// sweep looks whether what time brings is written down.
func (e *examination) sweep(ctx context.Context) (string, error) {
	late, err := e.store.Overdue(ctx, e.now().Add(-sweepLate))
	if err != nil {
		return "", err
	}
	if late > 0 {
		e.note("sweep-late", levelWarning, "", fmt.Sprintf("%d records have come out or expired more than %d minutes ago, which nobody has written down; readers see them rightly all the same", late, int(sweepLate.Minutes())),
			"start the portal; if it runs, look into its log for “sweep”")
	}
	_, until, err := e.store.Lease(ctx, "sweep")
	if errors.Is(err, model.ErrNotFound) {
		err = nil
	}
	if until.After(e.now().Add(clockSlack)) {
		e.note("sweep-lease", levelWarning, "", "the sweep is promised to a copy of the program until "+moment(until)+": the clock was ahead once", "set the clock; the portal takes the work back by itself")
	}
	return "nothing is overdue", err
}

// search compares the search index with the records.
func (e *examination) search(ctx context.Context) (string, error) {
	gaps, err := e.store.SearchGaps(ctx, shownGaps)
	for _, g := range gaps {
		if g.Ref == "" {
			e.note("search-words", levelWarning, "", "the index of words has other entries than the search shows", "save or publish the records named beside this once more; if none is, restore the last good backup")
			continue
		}
		message := "search does not find it"
		if !g.Missing {
			message = "search finds it, and readers may not see it"
		}
		e.note("search-index", levelWarning, string(g.Kind)+" "+g.Ref, message, "open it in its desk and save or publish it once more")
	}
	return "in step with the records", err
}

// lists compares the lists that pages are made from with the records.
func (e *examination) lists(ctx context.Context) (string, error) {
	found, err := e.store.CheckLists(ctx)
	if found != (store.ListFaults{}) {
		e.note("lists", levelWarning, e.recordsPlace(),
			fmt.Sprintf("lists on pages lack %d entries, have %d that are not theirs, and %d of their counts are wrong: somebody changed the database past the portal", found.Missing, found.Wrong, found.Counts),
			"leave the portal running: it puts them right after midnight and says so in its log; if they are wrong again the day after, have its makers look")
	}
	return "lists on pages hold what they should", err
}

// articles names the faults of the content folder.
func (e *examination) articles(context.Context) (string, error) {
	if e.config.Content == "" {
		return "no content folder is set", nil
	}
	for _, fault := range content.Check(e.config.Content) {
		l, message := levelProblem, "the article is not shown, or an older version of it"
		if fault.Warning {
			l, message = levelWarning, "the article is shown"
		}
		e.note("article", l, fmt.Sprintf("%s:%d", fault.File, fault.Line), fault.Message+" ("+message+")", "correct the file; congso content check lists all faults")
	}
	return "no faults in " + e.config.Content, nil
}
