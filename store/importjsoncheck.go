package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/alexedwards/argon2id"

	"congso/store/model"
)

// own makes an error of the database, but not of what was asked for, the import's and not the line's.
func own(err error) error {
	var invalid model.Invalid
	if err == nil || errors.As(err, &invalid) {
		return err
	}
	if errors.Is(err, model.ErrNotFound) {
		return errors.New("it refers to a record that is not there")
	}
	return &jsonBroken{err}
}

func prepareNews(l *jsonLoad, row jsonRow) (err error) {
	row["text_fold"] = newsFold(row.text("title"), row.text("summary"))
	l.noteComing(row)
	return l.render(row, "body")
}

func prepareMeeting(l *jsonLoad, row jsonRow) error {
	l.noteComing(row)
	return l.render(row, "summary")
}

// noteComing lets the sweep show, when its time comes, what another program has not marked as coming.
func (l *jsonLoad) noteComing(row jsonRow) {
	if row.text("status") == string(model.StatusPublished) && row.whole("publish_at") > unix(l.store.Now()) {
		row["coming"] = true
	}
}

// render renders the Markdown of a row, within the limits of any text that somebody saves.
func (l *jsonLoad) render(row jsonRow, column string) (err error) {
	if len(row.text(column)) > 4*model.MaxBody {
		return fmt.Errorf("%s is too long", column)
	}
	if l.rendered, err = l.store.renderer.Render(row.text(column)); err != nil {
		return fmt.Errorf("%s: %w", column, err)
	}
	row["html"], row["html_version"] = l.rendered.HTML, int64(l.store.renderer.Version)
	return nil
}

func checkNews(l *jsonLoad, row jsonRow) error {
	n, err := wholeNews(l.ctx, l.tx, row.whole("id"))
	if err != nil {
		return own(err)
	}
	if err := l.store.useNewsMedia(l.ctx, l.tx, n, l.rendered); err != nil {
		return own(err)
	}
	return n.Validate()
}

func checkMeeting(l *jsonLoad, row jsonRow) error {
	m, err := wholeMeeting(l.ctx, l.tx, row.whole("id"))
	if err != nil {
		return own(err)
	}
	if err := exec(l.ctx, l.tx, `UPDATE meeting SET text_fold = $1 WHERE id = $2`, meetingFold(m, l.rendered.Text), m.ID); err != nil {
		return own(err)
	}
	if err := l.store.useMeetingMedia(l.ctx, l.tx, m, l.rendered); err != nil {
		return own(err)
	}
	return m.Validate()
}

// everybody sees all of the directory.
func everybody() model.Viewer { return model.Viewer{Internal: true, Staff: true} }

func checkUnit(l *jsonLoad, row jsonRow) error {
	u, err := unitByID(l.ctx, l.tx, everybody(), row.whole("id"))
	if err != nil {
		return own(err)
	}
	return u.Validate()
}

func checkPerson(l *jsonLoad, row jsonRow) error {
	p, err := personByID(l.ctx, l.tx, everybody(), l.store.Today(), row.whole("id"))
	if err != nil {
		return own(err)
	}
	if err := l.store.useMedia(l.ctx, l.tx, model.KindPerson, p.ID, []int64{p.Photo.Media.ID}, nil); err != nil {
		return own(err)
	}
	return p.Validate()
}

func checkSection(l *jsonLoad, row jsonRow) error {
	c, err := sectionByID(l.ctx, l.tx, row.whole("id"))
	if err != nil {
		return own(err)
	}
	return c.Validate()
}

func checkAccount(l *jsonLoad, row jsonRow) error {
	if hash := row.text("password_hash"); hash != "" {
		params, _, _, err := argon2id.DecodeHash(hash)
		most := hashParams() // a costlier one would burn the server at each login
		if err != nil || params.Memory > most.Memory || params.Iterations > most.Iterations || params.Parallelism > most.Parallelism {
			return errors.New("password_hash: it is none of this program's")
		}
	}
	u, err := oneUser(l.ctx, l.tx, `u.id = $1`, row.whole("id"))
	if err != nil {
		return own(err)
	}
	return u.Validate()
}

// checkSetting holds that a setting is a record, and that what the portal says of the department can be read.
func checkSetting(l *jsonLoad, row jsonRow) error {
	n, err := queryOne(l.ctx, l.tx, value[int64], `SELECT COUNT(*) FROM setting WHERE name = $1 AND `+jsonSettings, row.text("name"))
	switch {
	case err != nil:
		return own(err)
	case n == 0:
		return errors.New("name: this setting belongs to one database and is not carried over")
	}
	var said model.Site
	switch row.text("name") {
	case "site":
		err = json.Unmarshal([]byte(row.text("value")), &said)
	case scanStateSetting:
		_, err = keptState[model.ScanState](l.ctx, l.tx, scanStateSetting)
		return err
	case "two_factor_roles":
		if _, err = factorRoles(l.ctx, l.tx); err != nil {
			return fmt.Errorf("value: %w", err)
		}
		return nil
	default:
		return nil
	}
	if err != nil {
		return fmt.Errorf("value: %w", err)
	}
	return said.Validate()
}

func checkLinkedSite(_ *jsonLoad, row jsonRow) error {
	site := model.LinkedSite{ID: row.whole("id"), Name: row.text("name"), URL: row.text("url"), Position: int(row.whole("position"))}
	return site.Validate()
}

func checkRedirectLine(_ *jsonLoad, row jsonRow) error {
	return checkRedirect(row.text("from_path"), row.text("to_path"))
}

func checkWorkingCopy(_ *jsonLoad, row jsonRow) error {
	return model.WorkingCopy{Data: row.text("data")}.Validate()
}

func checkProposal(_ *jsonLoad, row jsonRow) error {
	p := model.Proposal{Kind: model.Kind(row.text("kind")), Name: row.text("name"), Note: row.text("note"), Data: row.text("data")}
	return p.Validate()
}

// checkRevision holds that what a record was can be read.
func checkRevision(_ *jsonLoad, row jsonRow) error {
	if !json.Valid([]byte(row.text("data"))) {
		return errors.New("data: it is no JSON")
	}
	return nil
}

func checkMonth(_ *jsonLoad, row jsonRow) error {
	if _, err := time.Parse("2006-01", row.text("month")); err != nil {
		return fmt.Errorf("month: %q is no month like 2026-12", row.text("month"))
	}
	return nil
}

func checkTag(_ *jsonLoad, row jsonRow) error {
	if !model.ValidSlug(row.text("slug")) {
		return errors.New("slug: letters without marks, digits and hyphens only")
	}
	return nil
}

// firstRevisions makes the revisions of news and meetings whose history another program has not written: the guard compares what is published
// with them, and an editor looks for them.
func (l *jsonLoad) firstRevisions() error {
	for _, kind := range []model.Kind{model.KindNews, model.KindMeeting} {
		for last := int64(0); ; {
			ids, err := queryAll(l.ctx, l.tx, value[int64], `SELECT id FROM `+string(kind)+` WHERE id > $1 ORDER BY id LIMIT 1000`, last)
			if err != nil {
				return err
			}
			if len(ids) == 0 {
				break
			}
			for _, last = range ids {
				if err := l.firstRevision(kind, last); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (l *jsonLoad) firstRevision(kind model.Kind, id int64) error {
	r, err := wholeRecord(l.ctx, l.tx, kind, id)
	if err != nil {
		return err
	}
	fields, err := jsonFields(r.whole)
	if err != nil {
		return err
	}
	return l.store.putRevision(l.ctx, l.tx, model.Actor{}, edit{kind: kind, id: id, created: true, revision: r.Revision}, fields)
}
