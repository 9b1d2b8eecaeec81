package store

import (
	"context"
	"database/sql"
	"fmt"

	"congso/store/model"
)

const meetingColumns = `m.id, m.slug, m.title, m.kind, m.start_at, m.end_at, m.place, COALESCE(m.news_id, 0),
	m.status, m.status_note, m.visibility, m.publish_at, m.expire_at, m.revision, m.created_at, m.updated_at, COALESCE(m.owner_id, 0)`

func meetingDest(m *model.Meeting) []any {
	return []any{&m.ID, &m.Slug, &m.Title, &m.Kind, moment{&m.Start}, moment{&m.End}, &m.Place, &m.NewsID,
		&m.Status, &m.Note, &m.Visibility, moment{&m.PublishAt}, moment{&m.ExpireAt}, &m.Revision, moment{&m.CreatedAt}, moment{&m.UpdatedAt}, &m.Owner}
}

func scanMeeting(row scanner) (model.Meeting, error) {
	var m model.Meeting
	err := row.Scan(meetingDest(&m)...)
	return m, err
}

func scanWholeMeeting(row scanner) (model.Meeting, error) {
	var m model.Meeting
	err := row.Scan(append(meetingDest(&m), &m.Summary, &m.HTML)...)
	return m, err
}

// meetingList runs a query on meeting m for the columns of lists, and adds the chairs; clauses begins with FROM.
func meetingList(ctx context.Context, q querier, clauses string, args ...any) ([]model.Meeting, error) {
	list, err := queryAll(ctx, q, scanMeeting, `SELECT `+meetingColumns+clauses, args...)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	place := make(map[int64]int, len(list))
	ids := make([]int64, len(list))
	for i, m := range list {
		ids[i], place[m.ID] = m.ID, i
	}
	var c conditions
	c.terms = append(c.terms, "r.meeting_id IN "+c.in(ids))
	c.add("r.role || '' = ?", model.Chair) // not by the index on the role, which has those of all meetings
	chairs, err := queryAll(ctx, q, scanParticipant, participants+c.where()+` ORDER BY r.meeting_id, r.position`, c.args...)
	for _, p := range chairs {
		m := &list[place[p.meeting]]
		m.Participants = append(m.Participants, p.Participant)
	}
	return list, err
}

const participants = `SELECT r.meeting_id, r.name, r.held_position, r.role, COALESCE(r.person_id, 0), COALESCE(p.slug, '')
	FROM meeting_participant r LEFT JOIN person p ON p.id = r.person_id`

type participantRow struct {
	model.Participant
	meeting int64
}

func scanParticipant(row scanner) (participantRow, error) {
	var p participantRow
	err := row.Scan(&p.meeting, &p.Name, &p.Position, &p.Role, &p.PersonID, &p.PersonSlug)
	return p, err
}

// wholeMeeting returns the meeting with everything that belongs to it, whoever may see it.
func wholeMeeting(ctx context.Context, q querier, id int64) (model.Meeting, error) {
	m, err := queryOne(ctx, q, scanWholeMeeting, `SELECT `+meetingColumns+`, m.summary, m.html FROM meeting m WHERE m.id = $1`, id)
	if err != nil {
		return m, err
	}
	people, err := queryAll(ctx, q, scanParticipant, participants+` WHERE r.meeting_id = $1 ORDER BY r.position`, id)
	if err != nil {
		return m, err
	}
	for _, p := range people {
		m.Participants = append(m.Participants, p.Participant)
	}
	if m.Figures, err = queryAll(ctx, q, scanFigure, `SELECT label, value, unit FROM meeting_figure WHERE meeting_id = $1 ORDER BY position`, id); err != nil {
		return m, err
	}
	if m.Conclusions, err = queryAll(ctx, q, value[string], `SELECT text FROM meeting_conclusion WHERE meeting_id = $1 ORDER BY position`, id); err != nil {
		return m, err
	}
	m.Tasks, err = queryAll(ctx, q, scanTask, `SELECT t.text, COALESCE(t.unit_id, 0), COALESCE(u.slug, ''), COALESCE(u.name, ''), t.due_day, t.done, t.proof
		FROM meeting_task t LEFT JOIN unit u ON u.id = t.unit_id WHERE t.meeting_id = $1 ORDER BY t.position`, id)
	if err != nil {
		return m, err
	}
	if m.Agreements, err = agreementsOf(ctx, q, id); err != nil {
		return m, err
	}
	if m.Photos, err = photosOf(ctx, q, id); err != nil {
		return m, err
	}
	m.Attachments, err = attachmentsOf(ctx, q, model.KindMeeting, id)
	return m, err
}

func scanFigure(row scanner) (model.Figure, error) {
	var f model.Figure
	err := row.Scan(&f.Label, &f.Value, &f.Unit)
	return f, err
}

func scanTask(row scanner) (model.Task, error) {
	var t model.Task
	err := row.Scan(&t.Text, &t.UnitID, &t.UnitSlug, &t.UnitName, &t.Due, &t.Done, &t.Proof)
	return t, err
}

func agreementsOf(ctx context.Context, q querier, meeting int64) ([]model.Agreement, error) {
	titles, err := queryAll(ctx, q, value[string], `SELECT title FROM meeting_agreement WHERE meeting_id = $1 ORDER BY position`, meeting)
	if err != nil || len(titles) == 0 {
		return nil, err
	}
	list := make([]model.Agreement, len(titles))
	for i, title := range titles {
		list[i].Title = title
		list[i].Parties, err = queryAll(ctx, q, value[string],
			`SELECT name FROM meeting_party WHERE meeting_id = $1 AND agreement = $2 ORDER BY position`, meeting, i)
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

func photosOf(ctx context.Context, q querier, meeting int64) ([]model.Photo, error) {
	list, err := queryAll(ctx, q, scanPhoto, `SELECT media_id, alt, caption FROM meeting_photo WHERE meeting_id = $1 ORDER BY position`, meeting)
	if err != nil {
		return nil, err
	}
	media, err := mediaOf(ctx, q, photoIDs(list))
	for i := range list {
		list[i].Media = media[list[i].Media.ID]
	}
	return list, err
}

func scanPhoto(row scanner) (model.Photo, error) {
	var p model.Photo
	err := row.Scan(&p.Media.ID, &p.Alt, &p.Caption)
	return p, err
}

func photoIDs(list []model.Photo) []int64 {
	ids := make([]int64, len(list))
	for i, p := range list {
		ids[i] = p.Media.ID
	}
	return ids
}

// putMeetingRows replaces the rows that belong to the meeting.
func putMeetingRows(ctx context.Context, tx *sql.Tx, m model.Meeting) error {
	for _, table := range []string{"participant", "figure", "conclusion", "task", "party", "agreement", "photo"} {
		if err := exec(ctx, tx, `DELETE FROM meeting_`+table+` WHERE meeting_id = $1`, m.ID); err != nil {
			return fmt.Errorf("%s: %w", table, err)
		}
	}
	inserts := []struct {
		query string
		count int
		args  func(i int) []any
	}{
		{`INSERT INTO meeting_participant (meeting_id, position, name, name_fold, held_position, role, person_id) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			len(m.Participants), func(i int) []any {
				p := m.Participants[i]
				return []any{m.ID, i, p.Name, model.Fold(p.Name), p.Position, p.Role, orNull(p.PersonID)}
			}},
		{`INSERT INTO meeting_figure (meeting_id, position, label, value, unit) VALUES ($1, $2, $3, $4, $5)`,
			len(m.Figures), func(i int) []any { return []any{m.ID, i, m.Figures[i].Label, m.Figures[i].Value, m.Figures[i].Unit} }},
		{`INSERT INTO meeting_conclusion (meeting_id, position, text) VALUES ($1, $2, $3)`,
			len(m.Conclusions), func(i int) []any { return []any{m.ID, i, m.Conclusions[i]} }},
		{`INSERT INTO meeting_task (meeting_id, position, text, unit_id, due_day, done, proof) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			len(m.Tasks), func(i int) []any {
				t := m.Tasks[i]
				return []any{m.ID, i, t.Text, orNull(t.UnitID), t.Due, t.Done, t.Proof}
			}},
		{`INSERT INTO meeting_photo (meeting_id, position, media_id, alt, caption) VALUES ($1, $2, $3, $4, $5)`,
			len(m.Photos), func(i int) []any {
				return []any{m.ID, i, m.Photos[i].Media.ID, m.Photos[i].Alt, m.Photos[i].Caption}
			}},
	}
	for _, in := range inserts {
		if err := insertRows(ctx, tx, in.query, in.count, in.args); err != nil {
			return fmt.Errorf("rows of meeting: %w", err)
		}
	}
	return putAgreements(ctx, tx, m)
}

func putAgreements(ctx context.Context, tx *sql.Tx, m model.Meeting) error {
	for i, a := range m.Agreements {
		if err := exec(ctx, tx, `INSERT INTO meeting_agreement (meeting_id, position, title) VALUES ($1, $2, $3)`, m.ID, i, a.Title); err != nil {
			return fmt.Errorf("agreement: %w", err)
		}
		err := insertRows(ctx, tx, `INSERT INTO meeting_party (meeting_id, agreement, position, name) VALUES ($1, $2, $3, $4)`,
			len(a.Parties), func(j int) []any { return []any{m.ID, i, j, a.Parties[j]} })
		if err != nil {
			return fmt.Errorf("party: %w", err)
		}
	}
	return nil
}
