package main

import (
	"context"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"time"

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
	news     map[string]int64 // the published ones
	users    map[string]model.Actor
	since    map[string]model.Day // the day of each news item
}

// loadDemo writes the whole sample data; its dates count from start.
func loadDemo(ctx context.Context, s *store.Store, clock *demoClock, start time.Time) error {
	l := &demoLoader{
		store: s, clock: clock, start: start.In(model.Zone()),
		sections: map[string]model.Section{}, units: map[string]int64{}, pictures: map[string]model.Media{}, news: map[string]int64{},
		users: map[string]model.Actor{}, since: map[string]model.Day{},
	}
	clock.set(l.start.AddDate(0, 0, -600))
	defer clock.run()
	for _, step := range []func(context.Context) error{l.accounts, l.site, l.directory, l.records, l.hits} {
		if err := step(ctx); err != nil {
			return fmt.Errorf("sample data: %w", err)
		}
	}
	return nil
}

func (l *demoLoader) accounts(ctx context.Context) error {
	if err := putDemoUsers(ctx, l.store); err != nil {
		return err
	}
	for _, u := range demoUsers() {
		user, err := l.store.UserByName(ctx, u.Name)
		if err != nil {
			return err
		}
		l.users[u.Name] = user.Actor()
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
		official := n.Official == nil && n.Kind != string(model.NumberMobile) || n.Official != nil && *n.Official
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
			From: l.day(u.From), Until: l.day(u.Until), ConfirmedOn: l.day(u.ConfirmedDays), Numbers: demoNumbers(u.Numbers),
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
	pages := map[string]store.SeedPage{}
	for _, name := range slices.Sorted(maps.Keys(l.news)) {
		pages["/tin-tuc/"+name] = store.SeedPage{Views: 40 + random.Int64N(total/int64(2*len(l.news))), Since: l.since[name]}
	}
	return l.store.SeedHits(ctx, days, pages)
}
