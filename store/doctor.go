package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"congso/store/model"
)

// maxDatabaseFaults is how many faults of a damaged database are told.
const maxDatabaseFaults = 20

// DatabaseSize is how much room the records take, in bytes.
type DatabaseSize struct {
	Bytes int64 // of the database, without its log
	Free  int64 // of that, in pages that hold nothing; 0 on PostgreSQL, which keeps its own count
}

// DatabaseSize asks the database how large it is.
func (s *Store) DatabaseSize(ctx context.Context) (size DatabaseSize, err error) {
	if s.postgres {
		size.Bytes, err = queryOne(ctx, s.read, value[int64], `SELECT pg_database_size(current_database())`)
	} else {
		_, err = queryOne(ctx, s.read, func(row scanner) (struct{}, error) {
			return struct{}{}, row.Scan(&size.Bytes, &size.Free)
		}, `SELECT p.page_count * s.page_size, f.freelist_count * s.page_size FROM pragma_page_count p, pragma_page_size s, pragma_freelist_count f`)
	}
	if err != nil {
		return size, fmt.Errorf("database size: %w", err)
	}
	return size, nil
}

// CheckDatabase looks for damage in SQLite's file and returns what it finds, nothing when the file is sound; full also compares every index
// with its table and every reference with its record, which takes several times as long. PostgreSQL checks its files itself: there it
// finds nothing.
func (s *Store) CheckDatabase(ctx context.Context, full bool) (faults []string, err error) {
	if s.postgres {
		return nil, nil
	}
	check := "quick_check"
	if full {
		check = "integrity_check"
	}
	faults, err = queryAll(ctx, s.read, value[string], fmt.Sprintf(`PRAGMA %s(%d)`, check, maxDatabaseFaults))
	if err != nil {
		return nil, fmt.Errorf("check the database: %w", err)
	}
	if len(faults) == 1 && faults[0] == "ok" {
		faults = nil
	}
	if !full {
		return faults, nil
	}
	loose, err := queryAll(ctx, s.read, value[string], `SELECT "table" || ' row ' || COALESCE(rowid, 0) || ' refers to a row of ' || parent || ' that is not there'
		FROM pragma_foreign_key_check LIMIT $1`, maxDatabaseFaults)
	if err != nil {
		return faults, fmt.Errorf("check the references: %w", err)
	}
	return append(faults, loose...), nil
}

// NewestTime is the latest moment that the records know to have been: of the newest audit entry, of a session's last request, of a reader.
func (s *Store) NewestTime(ctx context.Context) (time.Time, error) {
	newest, err := queryOne(ctx, s.read, value[int64], `SELECT COALESCE(MAX(at), 0) FROM (
		SELECT at FROM (SELECT at FROM audit ORDER BY id DESC LIMIT 1) AS a
		UNION ALL SELECT MAX(seen_at) FROM session UNION ALL SELECT MAX(seen_at) FROM hit_online) AS t`)
	if err != nil {
		return time.Time{}, fmt.Errorf("newest time: %w", err)
	}
	return fromUnix(newest), nil
}

// Account is an account with the last sign of its owner.
type Account struct {
	model.User
	LastSeen time.Time // the last login, request or change that is known; when the account was made if there was none
}

// Accounts returns all accounts with the last sign of their owners, by name. Logins are remembered for 90 days, sessions until they
// expire, changes for as long as the audit trail is kept.
func (s *Store) Accounts(ctx context.Context) ([]Account, error) {
	seen := int64(0)
	list, err := queryAll(ctx, s.read, func(row scanner) (Account, error) {
		var a Account
		err := row.Scan(append(userDest(&a.User), &seen)...)
		a.LastSeen = fromUnix(max(seen, unix(a.CreatedAt)))
		return a, err
	}, `SELECT `+userColumns+`, COALESCE((SELECT MAX(t.at) FROM (SELECT MAX(n.seen_at) AS at FROM session n WHERE n.user_id = u.id
			UNION ALL SELECT at FROM (SELECT e.at FROM audit e WHERE e.user_id = u.id ORDER BY e.id DESC LIMIT 1) AS latest) AS t), 0)
		FROM users u ORDER BY u.name`)
	if err != nil {
		return nil, fmt.Errorf("accounts: %w", err)
	}
	return list, s.addLogins(ctx, list)
}

// addLogins brings the accounts' last signs up to their last logins, which are kept under hashes of their names.
func (s *Store) addLogins(ctx context.Context, list []Account) error {
	kept, err := queryOne(ctx, s.read, value[int64], `SELECT COUNT(*) FROM setting WHERE name = 'login_key'`)
	if err != nil || kept == 0 { // nobody has ever logged in
		return err
	}
	for i := range list {
		who, err := s.claimant(ctx, "account", list[i].Name, "")
		if err != nil {
			return fmt.Errorf("logins of %q: %w", list[i].Name, err)
		}
		at, err := queryOne(ctx, s.read, value[int64], `SELECT COALESCE(MAX(at), 0) FROM login_known WHERE account = $1`, who.account)
		if err != nil {
			return fmt.Errorf("logins of %q: %w", list[i].Name, err)
		}
		if last := fromUnix(at); last.After(list[i].LastSeen) {
			list[i].LastSeen = last
		}
	}
	return nil
}

// Overdue returns how many records should have come out or expired at the given time or before, and nobody has written that down.
func (s *Store) Overdue(ctx context.Context, at time.Time) (records int, err error) {
	all, err := s.allDue(ctx, unix(at))
	if err != nil {
		return 0, fmt.Errorf("overdue: %w", err)
	}
	for _, d := range all {
		records += len(d.out) + len(d.over)
	}
	return records, nil
}

// Lease returns who does the work of that name for all copies of the program, and until when; model.ErrNotFound when nobody ever did.
func (s *Store) Lease(ctx context.Context, name string) (holder string, until time.Time, err error) {
	_, err = queryOne(ctx, s.read, func(row scanner) (struct{}, error) {
		return struct{}{}, row.Scan(&holder, moment{&until})
	}, `SELECT holder, expires_at FROM lease WHERE name = $1`, name)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("lease of %s: %w", name, err)
	}
	return holder, until, nil
}

// SearchGap is a record of which the search says something else than the record: it should be found and is not, or the other way round.
type SearchGap struct {
	Kind    model.Kind
	Ref     string // the slug; "" when it is not about one record
	Missing bool   // it should be found
}

// SearchGaps compares the search index with news, meetings and units, and returns the first of what does not fit, at most limit of each
// kind and sort.
func (s *Store) SearchGaps(ctx context.Context, limit int) ([]SearchGap, error) {
	var gaps []SearchGap
	for _, each := range []struct {
		kind  model.Kind
		found string // which records are to be found
	}{{model.KindNews, `status = 'published'`}, {model.KindMeeting, `status = 'published'`}, {model.KindUnit, `id > 0`}} {
		for missing, query := range map[bool]string{
			true: `SELECT slug FROM ` + string(each.kind) + ` r WHERE ` + each.found + `
				AND NOT EXISTS (SELECT 1 FROM search_doc d WHERE d.kind = $1 AND d.ref = r.slug AND d.lang = '') ORDER BY slug LIMIT $2`,
			false: `SELECT ref FROM search_doc d WHERE d.kind = $1
				AND NOT EXISTS (SELECT 1 FROM ` + string(each.kind) + ` r WHERE r.slug = d.ref AND ` + each.found + `) ORDER BY ref LIMIT $2`,
		} {
			refs, err := queryAll(ctx, s.read, value[string], query, string(each.kind), limit)
			if err != nil {
				return nil, fmt.Errorf("search index: %w", err)
			}
			for _, ref := range refs {
				gaps = append(gaps, SearchGap{Kind: each.kind, Ref: ref, Missing: missing})
			}
		}
	}
	unequal, err := s.unequalIndex(ctx)
	if err != nil {
		return nil, fmt.Errorf("search index: %w", err)
	}
	if unequal {
		gaps = append(gaps, SearchGap{Missing: true})
	}
	return gaps, nil
}

// unequalIndex reports whether the words are not those of the entries: an entry without words is never found.
func (s *Store) unequalIndex(ctx context.Context) (bool, error) {
	if s.postgres { // there a reference holds them together
		return false, nil
	}
	n, err := queryOne(ctx, s.read, value[int64], `SELECT (SELECT COUNT(*) FROM search_doc) - (SELECT COUNT(*) FROM search_index_docsize)`)
	return n != 0, err
}

// Linked is a text with links: a published record, or a place in the settings.
type Linked struct {
	Kind  model.Kind // KindMenu, KindLink and KindMoved for the menu, the linked sites and the old addresses
	ID    int64      // 0 for the settings
	Title string
	Path  string   // its page, against which relative links are read; "" for the settings
	HTML  string   // the text, "" for the settings
	Hrefs []string // links beside the text
}

// linkedBatch is how many texts are read at once.
const linkedBatch = 200

// EachLinked calls visit for everything on the portal that holds links, published records and settings, in batches, until it fails.
func (s *Store) EachLinked(ctx context.Context, visit func(Linked) error) error {
	for _, kind := range []model.Kind{model.KindNews, model.KindMeeting} {
		if err := s.eachText(ctx, kind, visit); err != nil {
			return fmt.Errorf("links of %s: %w", kind, err)
		}
	}
	for _, q := range []struct {
		kind  model.Kind
		query string
	}{
		{model.KindMeeting, `SELECT m.id, m.title, t.proof FROM meeting_task t JOIN meeting m ON m.id = t.meeting_id
			WHERE m.status = 'published' AND t.proof <> '' ORDER BY m.id, t.position`},
		{model.KindMenu, `SELECT id, label, href FROM menu_item ORDER BY id`},
		{model.KindLink, `SELECT id, name, url FROM linked_site ORDER BY id`},
		{model.KindMoved, `SELECT 0, from_path, to_path FROM redirect ORDER BY from_path`},
	} {
		list, err := queryAll(ctx, s.read, func(row scanner) (Linked, error) {
			l := Linked{Kind: q.kind, Hrefs: []string{""}}
			err := row.Scan(&l.ID, &l.Title, &l.Hrefs[0])
			return l, err
		}, q.query)
		if err != nil {
			return fmt.Errorf("links of %s: %w", q.kind, err)
		}
		for _, l := range list {
			if err := visit(l); err != nil {
				return err
			}
		}
	}
	return nil
}

// eachText visits the texts of published records, oldest first.
func (s *Store) eachText(ctx context.Context, kind model.Kind, visit func(Linked) error) error {
	folder := map[model.Kind]string{model.KindNews: "/tin-tuc/", model.KindMeeting: "/hoi-nghi/"}[kind]
	for last := int64(0); ; {
		batch, err := queryAll(ctx, s.read, func(row scanner) (Linked, error) {
			l := Linked{Kind: kind}
			err := row.Scan(&l.ID, &l.Title, &l.Path, &l.HTML)
			l.Path = folder + l.Path
			return l, err
		}, `SELECT id, title, slug, html FROM `+string(kind)+` WHERE status = 'published' AND id > $1 ORDER BY id LIMIT $2`, last, linkedBatch)
		if err != nil || len(batch) == 0 {
			return err
		}
		for _, l := range batch {
			if err := visit(l); err != nil {
				return err
			}
		}
		last = batch[len(batch)-1].ID
	}
}

// Shown reports whether readers certainly see a record of that kind at that slug now, be it that they have to be inside. It is a cheaper
// question than that for the page; false only says that the page must be asked: it may lead elsewhere.
func (s *Store) Shown(ctx context.Context, kind model.Kind, slug string) (bool, error) {
	var c conditions
	c.add("x.slug = ?", slug)
	switch kind {
	case model.KindNews, model.KindMeeting:
		c.showing("x", model.Viewer{Internal: true, Staff: true}, unix(s.now()))
	default:
		return false, nil
	}
	_, err := queryOne(ctx, s.read, value[int64], `SELECT x.id FROM `+string(kind)+` x`+c.where(), c.args...)
	if errors.Is(err, model.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("%s %q: %w", kind, slug, err)
	}
	return true, nil
}

// MediaKnown reports whether a record of the library has that hash.
func (s *Store) MediaKnown(ctx context.Context, hash string) (bool, error) {
	_, err := queryOne(ctx, s.read, value[int64], `SELECT id FROM media WHERE hash = $1`, hash)
	if errors.Is(err, model.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}
