package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"congso/store/model"
)

// PutMeeting creates the meeting (ID 0) or makes its next revision, by the rules of PutNews. A participant's position is kept as typed,
// whatever the directory says later; a participant's PersonSlug and a task's UnitSlug name the directory's records.
func (s *Store) PutMeeting(ctx context.Context, by model.Actor, m *model.Meeting) error {
	return s.saveMeeting(ctx, by, m, saving{})
}

func (s *Store) saveMeeting(ctx context.Context, by model.Actor, m *model.Meeting, how saving) error {
	if err := m.Validate(); err != nil {
		return fmt.Errorf("meeting %q: %w", m.Slug, err)
	}
	return s.storeMeeting(ctx, by, m, how)
}

// storeMeeting is saveMeeting for a record that keeps the rules, or kept those of its time.
func (s *Store) storeMeeting(ctx context.Context, by model.Actor, m *model.Meeting, how saving) error {
	rendered, err := s.renderer.Render(m.Summary)
	if err != nil {
		return fmt.Errorf("meeting %q: render: %w", m.Slug, err)
	}
	next := *m
	next.HTML = rendered.HTML
	next.Participants = append([]model.Participant(nil), m.Participants...)
	next.Tasks = append([]model.Task(nil), m.Tasks...)
	if err := s.change(ctx, func(tx *sql.Tx) error { return s.putMeeting(ctx, tx, by, &next, rendered, how) }); err != nil {
		return fmt.Errorf("meeting %q: %w", m.Slug, err)
	}
	*m = next
	return nil
}

func (s *Store) putMeeting(ctx context.Context, tx *sql.Tx, by model.Actor, m *model.Meeting, rendered model.Rendered, how saving) (err error) {
	if err := s.consume(ctx, tx, model.KindMeeting, m.ID, how); err != nil {
		return err
	}
	var before model.Meeting
	if m.ID != 0 {
		if before, err = wholeMeeting(ctx, tx, m.ID); err != nil {
			return err
		}
		if before.Revision != m.Revision {
			return model.ErrConflict
		}
	}
	if err := linkMeeting(ctx, tx, m); err != nil {
		return err
	}
	if m.Slug, err = settleSlug(ctx, tx, model.KindMeeting, m.ID, before.Slug, m.Slug); err != nil {
		return err
	}
	if m.ID, err = s.writeMeeting(ctx, tx, by, *m, rendered.Text); err != nil {
		return err
	}
	if err := putMeetingRows(ctx, tx, *m); err != nil {
		return err
	}
	if err := putAttachments(ctx, tx, model.KindMeeting, m.ID, m.Attachments); err != nil {
		return err
	}
	if err := s.useMeetingMedia(ctx, tx, *m, rendered); err != nil {
		return err
	}
	if *m, err = wholeMeeting(ctx, tx, m.ID); err != nil {
		return err
	}
	if err := followProposals(ctx, tx, before, *m); err != nil {
		return err
	}
	if err := s.indexRecord(ctx, tx, before.Slug, meetingDoc(*m, rendered.Text), m.Status == model.StatusPublished); err != nil {
		return err
	}
	return s.record(ctx, tx, by, edit{kind: model.KindMeeting, id: m.ID, created: before.ID == 0, revision: m.Revision, before: before, after: *m,
		action: how.name(), author: cmp.Or(how.author, m.Owner)})
}

// linkMeeting completes the ids of the records that the meeting names, and returns Invalid for one that is not there.
func linkMeeting(ctx context.Context, q querier, m *model.Meeting) error {
	for i := range m.Participants {
		p := &m.Participants[i]
		if err := link(ctx, q, model.KindPerson, p.PersonSlug, &p.PersonID, "participants", "Không có người này trong danh bạ."); err != nil {
			return err
		}
	}
	for i := range m.Tasks {
		t := &m.Tasks[i]
		if err := link(ctx, q, model.KindUnit, t.UnitSlug, &t.UnitID, "tasks", "Không có đơn vị này trong danh bạ."); err != nil {
			return err
		}
	}
	if err := refer(ctx, q, model.KindNews, m.NewsID, "news", "Không có tin này."); err != nil {
		return err
	}
	if err := needMedia(ctx, q, "photos", photoIDs(m.Photos)...); err != nil {
		return err
	}
	return needMedia(ctx, q, "attachments", attachmentIDs(m.Attachments)...)
}

// link sets id to that of the record with the slug; without a slug the id itself must be one's, or 0.
func link(ctx context.Context, q querier, kind model.Kind, slug string, id *int64, field, message string) error {
	if slug == "" {
		return refer(ctx, q, kind, *id, field, message)
	}
	found, _, err := findSlug(ctx, q, kind, slug)
	if errors.Is(err, model.ErrNotFound) {
		return model.Invalid{field: message}
	}
	*id = found
	return err
}

// writeMeeting writes the row; text is the summary without marks, which the list's filter looks through with all else that the record says.
func (s *Store) writeMeeting(ctx context.Context, tx *sql.Tx, by model.Actor, m model.Meeting, text string) (int64, error) {
	folded, now := meetingFold(m, text), s.now()
	args := []any{m.Slug, m.Title, folded, m.Kind, unix(m.Start), unix(m.End), m.Place, m.Summary, m.HTML, s.renderer.Version,
		orNull(m.NewsID), m.Status, m.Visibility, unix(m.PublishAt), unix(m.ExpireAt), unix(now), m.Note, coming(m.Lifecycle, now)}
	if m.ID == 0 {
		return queryOne(ctx, tx, value[int64], `INSERT INTO meeting (slug, title, text_fold, kind, start_at, end_at, place, summary, html, html_version,
			news_id, status, visibility, publish_at, expire_at, updated_at, created_at, status_note, coming, owner_id)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16, $17, $18, $19) RETURNING id`,
			append(args, orNull(by.UserID))...)
	}
	return m.ID, exec(ctx, tx, `UPDATE meeting SET slug = $1, title = $2, text_fold = $3, kind = $4, start_at = $5, end_at = $6, place = $7,
		summary = $8, html = $9, html_version = $10, news_id = $11, status = $12, visibility = $13, publish_at = $14, expire_at = $15,
		updated_at = $16, status_note = $17, coming = $18, revision = revision + 1 WHERE id = $19`, append(args, m.ID)...)
}

// meetingFold is what the list's filter looks through; text is the summary without marks.
func meetingFold(m model.Meeting, text string) string {
	folded, _ := joined(indexWords(joinLines([]string{m.Title, m.Place, meetingText(m, text)})))
	return folded
}

func (s *Store) useMeetingMedia(ctx context.Context, tx *sql.Tx, m model.Meeting, rendered model.Rendered) error {
	hashes := slices.Clone(rendered.Media)
	for _, t := range m.Tasks {
		if strings.HasPrefix(t.Proof, "/media/") {
			proofs := hashesIn(t.Proof)
			hashes = append(hashes, proofs[:min(len(proofs), 1)]...)
		}
	}
	return s.useMedia(ctx, tx, model.KindMeeting, m.ID, append(photoIDs(m.Photos), attachmentIDs(m.Attachments)...), hashes)
}

// meetingDoc is what search finds of the meeting; text is its summary without marks.
func meetingDoc(m model.Meeting, text string) model.SearchDoc {
	var chairs []string
	for _, p := range m.Chairs() {
		chairs = append(chairs, p.Name)
	}
	summary := []string{m.Kind, m.Place, strings.Join(chairs, ", ")}
	return model.SearchDoc{
		Kind: model.KindMeeting, Ref: m.Slug, Langs: searchLangs(), Title: m.Title, Summary: joinLines(summary), Body: meetingText(m, text),
		Visibility: m.Visibility, Date: m.Start, PublishAt: m.PublishAt, ExpireAt: m.ExpireAt,
	}
}

// meetingText is all that the meeting's rows say, a line each.
func meetingText(m model.Meeting, text string) string {
	lines := []string{text}
	for _, p := range m.Participants {
		lines = append(lines, strings.TrimSpace(p.Name+" "+p.Position))
	}
	for _, f := range m.Figures {
		lines = append(lines, strings.TrimSpace(f.Label+" "+f.Value.Show()+" "+f.Unit))
	}
	lines = append(lines, m.Conclusions...)
	for _, t := range m.Tasks {
		lines = append(lines, strings.TrimSpace(t.Text+" "+t.UnitName))
	}
	for _, a := range m.Agreements {
		lines = append(append(lines, a.Title), a.Parties...)
	}
	for _, p := range m.Photos {
		lines = append(lines, p.Caption)
	}
	for _, a := range m.Attachments {
		lines = append(lines, a.Title)
	}
	return joinLines(lines)
}
