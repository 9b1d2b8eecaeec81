package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/jpeg"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"congso/cmd/congso/drawing"
	"congso/content"
	"congso/store"
	"congso/store/model"
)

// benchMark is the file that tells a folder of a measurement from one with real records. It holds the version of its texts.
const (
	benchMark    = "bench"
	benchVersion = "2"
)

// What is filled in. The first section holds most items, as that of general news does.
const (
	benchSections = 24
	benchPeople   = 300
	benchUnits    = 40
	benchMeetings = 500 // at most: one for each hundred items
	benchBatch    = 500 // items in a transaction
	benchLong     = 64  // every so manieth item has a long text: its page has 24 KB
)

// Kinds of texts, so that each record has its own.
const (
	benchOfNews = iota
	benchOfMeeting
	benchOfPerson
	benchOfUnit
	benchOfWriting
)

// benchActor is who the audit trail names.
var benchActor = model.Actor{Name: "bench"}

// benchEnd is when the newest item was published; the oldest was fifteen years before.
func benchEnd() time.Time { return time.Date(2026, time.January, 5, 16, 0, 0, 0, model.Zone()) }

const benchYears = 15

// benchSlug is the slug of an item, counted from 0.
func benchSlug(number int) string { return fmt.Sprintf("thong-bao-cua-so-ve-van-ban-%07d", number) }

// benchCode is a word that stands in one item alone.
func benchCode(number int) string { return fmt.Sprintf("HS%07d", number) }

// benchSection is the section of an item: 62 of 100 are in the first, so that a million fill 40,000 pages of it.
func benchSection(number int) int {
	switch place := number * 37 % 100; {
	case place < 62:
		return 0
	case place < 76:
		return 1
	case place < 84:
		return 2
	}
	return 3 + number*7%(benchSections-3)
}

// benchFiller makes a portal of so many items.
type benchFiller struct {
	store    *store.Store
	text     *benchText
	items    int
	sections []model.Section
	units    []int64
	pictures []model.Media
	progress io.Writer
}

// fillBench makes the portal at that place unless it is there already; what an interrupted run has left is completed.
func fillBench(ctx context.Context, place benchPlace, items int, progress io.Writer) (err error) {
	if err := benchFolder(place.folder); err != nil {
		return err
	}
	lock, err := lockFolder(place.folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	s, err := store.Open(ctx, store.Options{Dir: place.folder, Database: place.database, Renderer: content.Renderer(), Program: programName()})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	f := &benchFiller{store: s, text: newBenchText(), items: items, progress: progress}
	for _, step := range []func(context.Context) error{f.site, f.directory, f.news, f.meetings, s.IndexDirectory, s.MergeSearch} {
		if err := step(ctx); err != nil {
			return fmt.Errorf("filling %s: %w", place.folder, err)
		}
	}
	return nil
}

// benchFolder makes a folder for a measurement, and refuses one that holds anything else.
func benchFolder(folder string) error {
	mark, err := os.ReadFile(filepath.Join(folder, benchMark))
	if err == nil && string(mark) != benchVersion {
		return fmt.Errorf("%s was filled by another version of the program: remove it", folder)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if entries, err := os.ReadDir(folder); len(entries) > 0 || err != nil && !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(fmt.Errorf("%s holds something else", folder), err)
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, benchMark), []byte(benchVersion), 0o600)
}

// site makes the sections; those that are there are kept.
func (f *benchFiller) site(ctx context.Context) error {
	known, err := f.store.Sections(ctx)
	if err != nil || len(known) == benchSections {
		f.sections = known
		return err
	}
	site := model.Site{Name: "Sở Nội vụ tỉnh Tân Giang", Parent: "Ủy ban nhân dân tỉnh Tân Giang", Address: "12 đường Bạch Đằng, phường Trung Tâm", Phone: "0257 3000 100"}
	if err := f.store.PutSite(ctx, benchActor, &site); err != nil {
		return err
	}
	for i := len(known); i < benchSections; i++ {
		section := model.Section{Slug: fmt.Sprintf("muc-%02d", i+1), Name: capital(f.text.terms[i]), Position: i, Notice: i == 1}
		if err := f.store.PutSection(ctx, benchActor, &section); err != nil {
			return err
		}
	}
	f.sections, err = f.store.Sections(ctx)
	return err
}

// directory makes units and people, each by its number.
func (f *benchFiller) directory(ctx context.Context) error {
	for i := range benchUnits {
		f.text.start(benchOfUnit, i)
		unit := model.Unit{Slug: fmt.Sprintf("phong-%02d", i+1), Name: "Phòng " + f.text.name(3), Position: i, Email: fmt.Sprintf("phong%d@snv.example", i+1),
			Numbers: []model.Number{{Kind: model.NumberOffice, E164: fmt.Sprintf("0257 3000 %03d", i+100), Official: true}}}
		known, err := f.store.UnitBySlug(ctx, model.Viewer{}, unit.Slug)
		if errors.Is(err, model.ErrNotFound) {
			err = f.store.PutUnit(ctx, benchActor, &unit)
			known.Unit = unit
		}
		if err != nil {
			return err
		}
		f.units = append(f.units, known.Unit.ID)
	}
	for i := range benchPeople {
		f.text.start(benchOfPerson, i)
		person := model.Person{Slug: fmt.Sprintf("can-bo-%03d", i+1), Name: f.text.name(3), Honorific: "Ông",
			Posts:   []model.Post{{UnitID: f.units[i%len(f.units)], Title: "Chuyên viên", Rank: 5 + i%20}},
			Numbers: []model.Number{{Kind: model.NumberOffice, E164: fmt.Sprintf("0257 3001 %03d", i), Official: true}}}
		_, err := f.store.PersonBySlug(ctx, model.Viewer{Staff: true}, person.Slug)
		if errors.Is(err, model.ErrNotFound) {
			err = f.store.PutPerson(ctx, benchActor, &person)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// benchPictures are the covers that items share.
var benchPictures = []string{"canh-dong-lua", "hoi-truong"}

// draw stores the covers, unless that is done. Drawing the same again makes the same file, which is known.
func (f *benchFiller) draw(ctx context.Context) error {
	for _, name := range benchPictures[len(f.pictures):] {
		picture, err := drawing.Draw(name)
		if err != nil {
			return err
		}
		var data bytes.Buffer
		if err := jpeg.Encode(&data, picture, &jpeg.Options{Quality: 90}); err != nil {
			return err
		}
		media := model.Media{Name: name + ".jpg", Alt: "Ảnh minh họa"}
		if err := f.store.AddPicture(ctx, benchActor, &media, &data); err != nil {
			return err
		}
		f.pictures = append(f.pictures, media)
	}
	return nil
}

// news makes the items in the order of their times, some hundreds in a transaction: of each hundreds all are there or none.
func (f *benchFiller) news(ctx context.Context) error {
	for from := 0; from < f.items; from += benchBatch {
		to := min(from+benchBatch, f.items)
		_, err := f.store.NewsBySlug(ctx, model.Viewer{}, benchSlug(to-1))
		if err == nil {
			continue
		}
		if !errors.Is(err, model.ErrNotFound) {
			return err
		}
		if err := f.draw(ctx); err != nil {
			return err
		}
		var batch []*model.News
		for i := from; i < to; i++ {
			n := f.item(i)
			batch = append(batch, &n)
		}
		if err := f.store.PutManyNews(ctx, benchActor, batch); err != nil {
			return err
		}
		if f.items >= 100*benchBatch && to%(10*benchBatch) == 0 {
			fmt.Fprintf(f.progress, "filled in %d of %d items\n", to, f.items)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

// item is the item of a number: most are short notices, every 64th has a text of 9 KB, every fiftieth a cover, a third have tags.
func (f *benchFiller) item(number int) model.News {
	f.text.start(benchOfNews, number)
	size := 200 + f.text.random.IntN(300)
	if number%benchLong == 0 {
		size = 9000
	}
	n := model.News{
		Slug: benchSlug(number), Title: f.text.sentence(5), Summary: f.text.sentence(12) + ".", Body: f.text.body(benchCode(number), size),
		Section: f.sections[benchSection(number)], Byline: f.text.name(3), Featured: number%97 == 0,
		Lifecycle: model.Lifecycle{Status: model.StatusPublished, Visibility: model.Public, PublishAt: f.published(number)},
	}
	if number%3 == 0 {
		for range 1 + f.text.random.IntN(3) {
			n.Tags = append(n.Tags, model.Tag{Name: f.tag(f.text.random.IntN(200))})
		}
	}
	if number%50 == 0 {
		n.Cover = model.Photo{Media: f.pictures[number/50%len(f.pictures)], Alt: "Ảnh minh họa"}
	}
	return n
}

// tag is the name of a tag of those that items share.
func (f *benchFiller) tag(number int) string {
	return fmt.Sprintf("%s %d", f.text.terms[number%len(f.text.terms)], number/len(f.text.terms)+1)
}

// published spreads the items evenly over the years before the end.
func (f *benchFiller) published(number int) time.Time {
	end := benchEnd()
	begin := end.AddDate(-benchYears, 0, 0)
	return begin.Add(time.Duration(float64(end.Sub(begin)) * float64(number+1) / float64(f.items))).Truncate(time.Second)
}

// benchMeetingSlug is the slug of a meeting, counted from 0.
func benchMeetingSlug(number int) string { return fmt.Sprintf("hoi-nghi-%05d", number) }

// benchMeetingsOf is how many meetings a portal of so many items has.
func benchMeetingsOf(items int) int { return max(1, min(items/100, benchMeetings)) }

func (f *benchFiller) meetings(ctx context.Context) error {
	for i := range benchMeetingsOf(f.items) {
		_, err := f.store.MeetingBySlug(ctx, model.Viewer{}, benchMeetingSlug(i))
		if errors.Is(err, model.ErrNotFound) {
			m := f.meeting(i)
			err = f.store.PutMeeting(ctx, benchActor, &m)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (f *benchFiller) meeting(number int) model.Meeting {
	f.text.start(benchOfMeeting, number)
	start := benchEnd().AddDate(0, 0, -number)
	return model.Meeting{
		Slug: benchMeetingSlug(number), Title: f.text.sentence(5), Kind: "hội nghị", Start: start, End: start.Add(2 * time.Hour), Place: "Hội trường tầng 2",
		Summary:      f.text.body(fmt.Sprintf("HN%05d", number), 2000),
		Participants: []model.Participant{{Name: f.text.name(3), Position: "Giám đốc", Role: model.Chair}, {Name: f.text.name(3), Position: "Chuyên viên", Role: model.Secretary}},
		Figures:      []model.Figure{{Label: "Đại biểu", Value: "120", Unit: "người"}},
		Conclusions:  []string{f.text.sentence(10) + ".", f.text.sentence(8) + "."},
		Tasks:        []model.Task{{Text: f.text.sentence(8), UnitID: f.units[number%len(f.units)], Due: model.DayOf(start.AddDate(0, 1, 0)), Done: true}},
		Lifecycle:    model.Lifecycle{Status: model.StatusPublished, Visibility: model.Public, PublishAt: start.Add(3 * time.Hour)},
	}
}
