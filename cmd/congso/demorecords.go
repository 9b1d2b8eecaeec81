package main

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"congso/store/model"
)

// demoWrite is a write of the sample data at its time.
type demoWrite struct {
	at    time.Time
	write func(context.Context) error
}

// records writes news and meetings in the order of their times, so that trails and revisions read like a real year.
func (l *demoLoader) records(ctx context.Context) error {
	news, err := readDemoNews("demo/news", l.start)
	if err != nil {
		return err
	}
	drafts, err := readDemoNews("demo/desk", l.start)
	if err != nil {
		return err
	}
	meetings, err := readDemoMeetings(l.start)
	if err != nil {
		return err
	}
	if err := l.drawAll(ctx, news, meetings); err != nil {
		return err
	}
	var writes []demoWrite
	published := map[string]time.Time{}
	for _, item := range news {
		record, at := &model.News{}, l.workingTime(item.DaysAgo)
		published[item.name] = at
		writes = append(writes, demoWrite{at, func(ctx context.Context) error { return l.putNews(ctx, item, record, at) }})
		if item.UpdatedDaysAgo > 0 {
			writes = append(writes, demoWrite{l.workingTime(item.UpdatedDaysAgo), func(ctx context.Context) error { return l.store.PutNews(ctx, l.actor(item.By), record) }})
		}
	}
	for _, item := range drafts {
		writes = append(writes, l.deskWork(item)...)
	}
	for _, m := range meetings {
		at, err := l.announced(m, published[m.News])
		if err != nil {
			return err
		}
		writes = append(writes, demoWrite{at, func(ctx context.Context) error { return l.putMeeting(ctx, m, at) }})
	}
	slices.SortStableFunc(writes, func(a, b demoWrite) int { return a.at.Compare(b.at) })
	for _, w := range writes {
		l.clock.set(w.at)
		if err := w.write(ctx); err != nil {
			return err
		}
	}
	return nil
}

// workingTime is the time so many days before the start, moved into office hours.
func (l *demoLoader) workingTime(daysAgo float64) time.Time {
	t := l.start.Add(-time.Duration(daysAgo * float64(24*time.Hour)))
	if hour := t.Hour(); hour < 7 || hour >= 17 {
		t = time.Date(t.Year(), t.Month(), t.Day(), 7+(hour*7+t.Minute())%10, t.Minute(), t.Second(), 0, t.Location())
	}
	if t.After(l.start) {
		t = t.AddDate(0, 0, -1)
	}
	return t
}

func (l *demoLoader) putNews(ctx context.Context, item demoNews, n *model.News, at time.Time) error {
	body, err := l.body(item.body)
	if err != nil {
		return fmt.Errorf("news %s: %w", item.name, err)
	}
	*n = model.News{
		Slug: item.name, Title: item.Title, Summary: item.Summary, Body: body, Section: l.sections[item.Section],
		Byline: item.Byline, Source: item.Source, Featured: item.Featured,
		Lifecycle: model.Lifecycle{Status: model.StatusPublished, Visibility: model.Public, PublishAt: at},
	}
	if item.Status != "" {
		n.Status = model.Status(item.Status)
	}
	if item.Visibility != "" {
		n.Visibility = model.Visibility(item.Visibility)
	}
	if item.ExpireDays != 0 {
		n.ExpireAt = l.start.AddDate(0, 0, item.ExpireDays)
	}
	for _, tag := range item.Tags {
		n.Tags = append(n.Tags, model.Tag{Name: tag})
	}
	if item.Cover != nil {
		n.Cover = l.photo(*item.Cover)
	}
	if n.Attachments, err = l.attachments(ctx, item.Attachments); err != nil {
		return fmt.Errorf("news %s: %w", item.name, err)
	}
	if err := l.store.PutNews(ctx, l.actor(item.By), n); err != nil {
		return fmt.Errorf("news %s: %w", item.name, err)
	}
	if n.Status == model.StatusPublished {
		l.news[item.name], l.since[item.name] = n.ID, model.DayOf(at)
	}
	return nil
}

// actor is the account of that name, the editor's for "".
func (l *demoLoader) actor(name string) model.Actor {
	if name == "" {
		name = demoEditor
	}
	return l.users[name]
}

// deskWork is a news item that is not published yet: its writing, and its way through the workflow.
func (l *demoLoader) deskWork(item demoNews) []demoWrite {
	record, at := &model.News{}, l.workingTime(item.DaysAgo)
	item.Status = string(model.StatusDraft)
	writes := []demoWrite{{at, func(ctx context.Context) error {
		var ahead time.Time
		if item.PublishDays > 0 {
			ahead = l.start.AddDate(0, 0, item.PublishDays)
		}
		return l.putNews(ctx, item, record, ahead)
	}}}
	for _, m := range item.Moves {
		writes = append(writes, demoWrite{l.workingTime(m.DaysAgo), func(ctx context.Context) error {
			moved, err := l.store.Move(ctx, l.actor(m.By), model.KindNews, record.ID, record.Revision, model.Action(m.Action), m.Note)
			record.Lifecycle = moved
			return err
		}})
	}
	return writes
}

// hours returns begin and end of a meeting.
func (l *demoLoader) hours(m demoMeeting) (start, end time.Time, err error) {
	day := model.DayOf(l.start.AddDate(0, 0, int(math.Round(m.Days))))
	for _, t := range []struct {
		text string
		into *time.Time
	}{{m.Start, &start}, {m.End, &end}} {
		if t.text == "" {
			continue
		}
		if *t.into, err = time.ParseInLocation("2006-01-02 15:04", string(day)+" "+t.text, model.Zone()); err != nil {
			return start, end, fmt.Errorf("meeting %q: %w", m.Title, err)
		}
	}
	return start, end, nil
}

// announced is when a meeting's record was published: after it took place and after the news of it, or two days ago when it is to come.
func (l *demoLoader) announced(m demoMeeting, news time.Time) (time.Time, error) {
	start, _, err := l.hours(m)
	if err != nil {
		return start, err
	}
	if start.After(l.start) {
		return l.workingTime(2), nil
	}
	at := start.Add(6 * time.Hour)
	if !news.IsZero() && news.After(at) {
		at = news.Add(time.Hour)
	}
	if at.After(l.start) {
		at = l.start
	}
	return at, nil
}

func (l *demoLoader) putMeeting(ctx context.Context, d demoMeeting, at time.Time) error {
	m := model.Meeting{
		Title: d.Title, Kind: d.Kind, Place: d.Place, Summary: d.Summary, NewsID: l.news[d.News],
		Lifecycle: model.Lifecycle{Status: model.StatusPublished, Visibility: model.Public, PublishAt: at},
	}
	if d.Visibility != "" {
		m.Visibility = model.Visibility(d.Visibility)
	}
	var err error
	if m.Start, m.End, err = l.hours(d); err != nil {
		return err
	}
	if err := l.meetingRows(&m, d); err != nil {
		return fmt.Errorf("meeting %q: %w", d.Title, err)
	}
	if m.Attachments, err = l.attachments(ctx, d.Attachments); err != nil {
		return fmt.Errorf("meeting %q: %w", d.Title, err)
	}
	if err := l.store.PutMeeting(ctx, l.actor(""), &m); err != nil {
		return fmt.Errorf("meeting %q: %w", d.Title, err)
	}
	return nil
}

func (l *demoLoader) meetingRows(m *model.Meeting, d demoMeeting) error {
	for _, p := range d.Participants {
		m.Participants = append(m.Participants, model.Participant{Name: p.Name, Position: p.Position, Role: model.ParticipantRole(p.Role), PersonSlug: p.Person})
	}
	for _, f := range d.Figures {
		value, err := model.ParseDecimal(f.Value)
		if err != nil {
			return err
		}
		m.Figures = append(m.Figures, model.Figure{Label: f.Label, Value: value, Unit: f.Unit})
	}
	for _, c := range d.Conclusions {
		m.Conclusions = append(m.Conclusions, c.Text)
	}
	for _, t := range d.Tasks {
		m.Tasks = append(m.Tasks, model.Task{Text: t.Text, UnitID: l.units[t.Unit], Due: l.day(t.DueDays), Done: t.Status == "done", Proof: t.Proof})
	}
	for _, a := range d.Agreements {
		m.Agreements = append(m.Agreements, model.Agreement{Title: a.Title, Parties: a.Parties})
	}
	for _, p := range d.Photos {
		m.Photos = append(m.Photos, l.photo(p))
	}
	return nil
}
