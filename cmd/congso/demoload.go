package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"maps"
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"congso/cmd/congso/drawing"
	"congso/store"
	"congso/store/model"
)

// demoActor is who the audit trail names for the sample data.
var demoActor = model.Actor{Name: "demo"}

// demoClock is a clock that stands where the loading of the sample data has got to, and runs afterwards.
type demoClock struct{ at atomic.Pointer[time.Time] }

func (c *demoClock) now() time.Time {
	if at := c.at.Load(); at != nil {
		return *at
	}
	return time.Now()
}

func (c *demoClock) set(t time.Time) { c.at.Store(&t) }
func (c *demoClock) run()            { c.at.Store(nil) }

// demoLoader writes the sample data through the same calls as any other write.
type demoLoader struct {
	store    *store.Store
	clock    *demoClock
	start    time.Time
	sections map[string]model.Section
	units    map[string]int64
	pictures map[string]model.Media
	news     map[string]int64
}

// loadDemo writes the whole sample data; its dates count from start.
func loadDemo(ctx context.Context, s *store.Store, clock *demoClock, start time.Time) error {
	l := &demoLoader{
		store: s, clock: clock, start: start.In(model.Zone()),
		sections: map[string]model.Section{}, units: map[string]int64{}, pictures: map[string]model.Media{}, news: map[string]int64{},
	}
	clock.set(l.start.AddDate(0, 0, -600))
	defer clock.run()
	for _, step := range []func(context.Context) error{l.site, l.directory, l.records, l.hits} {
		if err := step(ctx); err != nil {
			return fmt.Errorf("sample data: %w", err)
		}
	}
	return nil
}

func (l *demoLoader) site(ctx context.Context) error {
	var d demoSite
	if err := readDemo("demo/site.toml", l.start, &d); err != nil {
		return err
	}
	site := model.Site{
		Name: d.Name, NameEN: d.NameEN, Parent: d.Parent, ParentEN: d.ParentEN, Address: d.Address, AddressEN: d.AddressEN,
		Email: d.Email, Phone: d.Phone, Responsible: d.Responsible, License: d.License, Opening: d.Opening,
	}
	if err := l.store.PutSite(ctx, demoActor, &site); err != nil {
		return err
	}
	for i, s := range d.Section {
		section := model.Section{Slug: s.Slug, Name: s.Name, NameEN: s.NameEN, Position: i, Notice: s.Notice}
		if err := l.store.PutSection(ctx, demoActor, &section); err != nil {
			return err
		}
		l.sections[s.Slug] = section
	}
	for i, link := range d.Link {
		if err := l.store.PutLinkedSite(ctx, demoActor, &model.LinkedSite{Name: link.Name, URL: link.URL, Position: i}); err != nil {
			return err
		}
	}
	return nil
}

// day is the day n days from the start; 0 stands for none, as the sample data writes it.
func (l *demoLoader) day(n int) model.Day {
	if n == 0 {
		return ""
	}
	return model.DayOf(l.start.AddDate(0, 0, n))
}

func demoNumbers(list []demoNumber) []model.Number {
	var numbers []model.Number
	for _, n := range list {
		official := n.Official == nil || *n.Official
		numbers = append(numbers, model.Number{Kind: model.NumberKind(n.Kind), E164: n.Number, Official: official})
	}
	return numbers
}

func (l *demoLoader) directory(ctx context.Context) error {
	var d demoDirectory
	if err := readDemo("demo/directory.toml", l.start, &d); err != nil {
		return err
	}
	if err := l.putUnits(ctx, d.Unit); err != nil {
		return err
	}
	for _, p := range d.Person {
		person := model.Person{
			Slug: p.Slug, Name: p.Name, Honorific: p.Honorific, Email: p.Email,
			ConfirmedOn: l.day(p.ConfirmedDays), Numbers: demoNumbers(p.Numbers),
		}
		for _, post := range p.Posts {
			person.Posts = append(person.Posts, model.Post{
				UnitID: l.units[post.Unit], Title: post.Title, TitleEN: post.TitleEN, Rank: post.Rank, From: l.day(post.From), Until: l.day(post.Until),
			})
		}
		if err := l.store.PutPerson(ctx, demoActor, &person); err != nil {
			return fmt.Errorf("person %s: %w", p.Slug, err)
		}
	}
	return nil
}

// putUnits writes the units, and those with a successor once more when all are there.
func (l *demoLoader) putUnits(ctx context.Context, list []demoUnit) error {
	units := make([]model.Unit, len(list))
	for i, u := range list {
		units[i] = model.Unit{
			Slug: u.Slug, Name: u.Name, NameEN: u.NameEN, ParentID: l.units[u.Parent], Position: i, Address: u.Address, Email: u.Email,
			From: l.day(u.From), Until: l.day(u.Until), Numbers: demoNumbers(u.Numbers),
		}
		if err := l.store.PutUnit(ctx, demoActor, &units[i]); err != nil {
			return fmt.Errorf("unit %s: %w", u.Slug, err)
		}
		l.units[u.Slug] = units[i].ID
	}
	for i, u := range list {
		if units[i].Successor = l.units[u.Successor]; units[i].Successor == 0 {
			continue
		}
		if err := l.store.PutUnit(ctx, demoActor, &units[i]); err != nil {
			return fmt.Errorf("successor of unit %s: %w", u.Slug, err)
		}
	}
	return nil
}

// demoWrite is a write of the sample data at its time.
type demoWrite struct {
	at    time.Time
	write func(context.Context) error
}

// records writes news and meetings in the order of their times, so that trails and revisions read like a real year.
func (l *demoLoader) records(ctx context.Context) error {
	news, err := readDemoNews(l.start)
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
			writes = append(writes, demoWrite{l.workingTime(item.UpdatedDaysAgo), func(ctx context.Context) error { return l.store.PutNews(ctx, demoActor, record) }})
		}
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
	if err := l.store.PutNews(ctx, demoActor, n); err != nil {
		return fmt.Errorf("news %s: %w", item.name, err)
	}
	l.news[item.name] = n.ID
	return nil
}

var demoPictureTarget = regexp.MustCompile(`\(picture:([a-z0-9-]+) `)

// body puts the addresses of pictures in the place of their names.
func (l *demoLoader) body(markdown string) (string, error) {
	var missing string
	text := demoPictureTarget.ReplaceAllStringFunc(markdown, func(target string) string {
		name := demoPictureTarget.FindStringSubmatch(target)[1]
		media, ok := l.pictures[name]
		if !ok {
			missing = name
		}
		return "(" + media.URL() + " "
	})
	if missing != "" {
		return "", fmt.Errorf("no picture %s", missing)
	}
	return text, nil
}

func (l *demoLoader) photo(p demoPhoto) model.Photo {
	return model.Photo{Media: l.pictures[p.Picture], Alt: p.Alt, Caption: p.Caption}
}

func (l *demoLoader) attachments(ctx context.Context, list []demoAttachment) ([]model.Attachment, error) {
	var attachments []model.Attachment
	for _, a := range list {
		data := demoCSV(a.Rows)
		if strings.HasSuffix(a.File, ".docx") {
			var err error
			if data, err = demoDocx(a.Title, a.Text); err != nil {
				return nil, err
			}
		}
		media := model.Media{Name: a.File}
		if err := l.store.AddAttachment(ctx, demoActor, &media, bytes.NewReader(data)); err != nil {
			return nil, fmt.Errorf("attachment %s: %w", a.File, err)
		}
		attachments = append(attachments, model.Attachment{Media: media, Title: a.Title})
	}
	return attachments, nil
}

// onBoard is a picture on its way from the drawing board to the store.
type onBoard struct {
	name    string
	picture image.Image
	err     error
}

// drawAll draws the pictures that the records use; one is onBoard while the one before is stored.
func (l *demoLoader) drawAll(ctx context.Context, news []demoNews, meetings []demoMeeting) error {
	words := map[string]demoPhoto{}
	for _, n := range news {
		if n.Cover != nil {
			words[n.Cover.Picture] = *n.Cover
		}
		for _, match := range demoPictureTarget.FindAllStringSubmatch(n.body, -1) {
			words[match[1]] = cmp.Or(words[match[1]], demoPhoto{Picture: match[1]})
		}
	}
	for _, m := range meetings {
		for _, p := range m.Photos {
			words[p.Picture] = p
		}
	}
	board := make(chan onBoard, 2)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		defer close(board)
		for _, name := range slices.Sorted(maps.Keys(words)) {
			picture, err := drawing.Draw(name)
			select {
			case board <- onBoard{name, picture, err}:
			case <-ctx.Done():
				return
			}
		}
	}()
	for d := range board {
		if d.err != nil {
			return d.err
		}
		var data bytes.Buffer
		if err := jpeg.Encode(&data, d.picture, &jpeg.Options{Quality: 92}); err != nil {
			return err
		}
		media := model.Media{Name: d.name + ".jpg", Alt: words[d.name].Alt, Credit: ""}
		if err := l.store.AddPicture(ctx, demoActor, &media, &data); err != nil {
			return fmt.Errorf("picture %s: %w", d.name, err)
		}
		l.pictures[d.name] = media
	}
	return ctx.Err()
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
	if err := l.store.PutMeeting(ctx, demoActor, &m); err != nil {
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

// demoDays is how many days of visits the demo has behind it.
const demoDays = 89

// hits makes visits of the past days: fewer at weekends, more in some weeks, and readers of each news item.
func (l *demoLoader) hits(ctx context.Context) error {
	random := rand.New(rand.NewPCG(2026, 257))
	var days []model.DayHits
	var total int64
	for n := demoDays; n >= 0; n-- {
		day := l.start.AddDate(0, 0, -n)
		views := 900 + 350*math.Sin(float64(n)/9) + 200*random.Float64()
		if weekday := day.Weekday(); weekday == time.Saturday || weekday == time.Sunday {
			views *= 0.45
		}
		if n == 0 { // the part of today that has passed
			views *= float64(day.Hour()*60+day.Minute()) / (24 * 60)
		}
		d := model.DayHits{Day: model.DayOf(day), Views: int64(views), Visits: int64(views * 0.41), Visitors: int64(views * 0.33)}
		days = append(days, d)
		total += d.Views
	}
	pages := map[string]int64{}
	for _, name := range slices.Sorted(maps.Keys(l.news)) {
		pages["/tin-tuc/"+name] = 40 + random.Int64N(total/int64(2*len(l.news)))
	}
	return l.store.SeedHits(ctx, days, pages)
}
