package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// addFile stores an attachment of that name and content.
func addFile(t *testing.T, s *store.Store, name, content string) model.Media {
	t.Helper()
	m := model.Media{Name: name}
	if err := s.AddMedia(context.Background(), storetest.Actor(), &m, strings.NewReader(content)); err != nil {
		t.Fatal(err)
	}
	return m
}

// saveCopy begins a working copy of a news item.
func saveCopy(t *testing.T, s *store.Store, news int64, data string, media ...int64) {
	t.Helper()
	w := model.WorkingCopy{Kind: model.KindNews, RecordID: news, Base: 1, Data: data}
	if err := s.SaveWorkingCopy(context.Background(), storetest.Actor(), &w, media); err != nil {
		t.Fatal(err)
	}
}

func TestMediaPage(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		s, ctx := storetest.Open(t, o), context.Background()
		run(t, raw(t, o), `INSERT INTO users (id, name, full_name, role, created_at, updated_at) VALUES (7, 'lan', 'Phan Thị Lan', 'author', 1, 1)`)
		cover, bare, copied := storetest.Picture(t, s, 1), storetest.Picture(t, s, 2), storetest.Picture(t, s, 3)
		cover.Alt, cover.Caption = "Lễ khai mạc", "Đường phố ngày hội"
		if err := s.PutMedia(ctx, storetest.Actor(), &cover); err != nil {
			t.Fatal(err)
		}
		plan := model.Media{Name: "Kế hoạch.txt"}
		if err := s.AddMedia(ctx, model.Actor{UserID: 7, Name: "lan"}, &plan, strings.NewReader("Kế hoạch")); err != nil {
			t.Fatal(err)
		}
		away := addFile(t, s, "cũ.txt", "cũ")
		if err := s.ArchiveMedia(ctx, storetest.Actor(), away.ID); err != nil {
			t.Fatal(err)
		}
		n := storetest.News(t, s, storetest.Section(t, s, "Tin"), "Khai mạc", func(n *model.News) { n.Cover = model.Photo{Media: cover, Alt: "Ảnh"} })
		saveCopy(t, s, n.ID, `{"body":["![](`+copied.URL()+`)"]}`)
		for name, test := range map[string]struct {
			filter model.MediaFilter
			want   []int64
		}{
			"all":              {model.MediaFilter{}, []int64{plan.ID, copied.ID, bare.ID, cover.ID}},
			"words, no marks":  {model.MediaFilter{Text: "duong khai"}, []int64{cover.ID}},
			"words with marks": {model.MediaFilter{Text: "KẾ HOẠCH"}, []int64{plan.ID}},
			"a wildcard":       {model.MediaFilter{Text: "%"}, nil},
			"photos":           {model.MediaFilter{Kind: model.MediaPhotos}, []int64{copied.ID, bare.ID, cover.ID}},
			"files":            {model.MediaFilter{Kind: model.MediaFiles}, []int64{plan.ID}},
			"unknown kind":     {model.MediaFilter{Kind: "x"}, nil},
			"missing alt":      {model.MediaFilter{MissingAlt: true}, []int64{copied.ID, bare.ID}},
			"unused":           {model.MediaFilter{Unused: true}, []int64{plan.ID, bare.ID}},
			"mine":             {model.MediaFilter{UploadedBy: 7}, []int64{plan.ID}},
			"archived":         {model.MediaFilter{Archived: true}, []int64{away.ID}},
			"several":          {model.MediaFilter{Unused: true, Kind: model.MediaPhotos, MissingAlt: true}, []int64{bare.ID}},
		} {
			items, total, err := s.MediaPage(ctx, test.filter, 1, 10)
			var ids []int64
			for _, item := range items {
				ids = append(ids, item.ID)
				if by := map[bool]string{true: "Phan Thị Lan"}[item.ID == plan.ID]; item.By != by || item.Uses != map[bool]int{true: 1}[item.ID == cover.ID || item.ID == copied.ID] {
					t.Errorf("%s: %+v", name, item)
				}
			}
			if err != nil || !slices.Equal(ids, test.want) || total != len(test.want) {
				t.Errorf("%s: %v of %d, %v, want %v", name, ids, total, err, test.want)
			}
		}
		second, total, err := s.MediaPage(ctx, model.MediaFilter{}, 2, 3)
		if err != nil || total != 4 || len(second) != 1 || second[0].ID != cover.ID {
			t.Errorf("second page %+v of %d, %v", second, total, err)
		}
		if beyond, total, err := s.MediaPage(ctx, model.MediaFilter{}, 3, 3); err != nil || total != 4 || len(beyond) != 0 {
			t.Errorf("page beyond the last: %+v of %d, %v", beyond, total, err)
		}
	})
}

func TestPutMedia(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		s, ctx := storetest.Open(t, o), context.Background()
		m := storetest.Picture(t, s, 1)
		next := model.Media{ID: m.ID, Hash: "x", Name: "y", Alt: "  Lễ  khai mạc\n", Caption: "Chú thích", Credit: "Nguyễn Văn A"}
		if err := s.PutMedia(ctx, storetest.Actor(), &next); err != nil {
			t.Fatal(err)
		}
		want := m
		want.Alt, want.Caption, want.Credit = "Lễ khai mạc", "Chú thích", "Nguyễn Văn A"
		if got, err := s.MediaByID(ctx, m.ID); err != nil || got != want || next != want {
			t.Errorf("%+v, %+v, %v, want %+v", got, next, err, want)
		}
		entry := column(t, raw(t, o), `SELECT action || ':' || fields FROM audit WHERE kind = 'media' ORDER BY id`)
		if entry != "create:hash,name update:alt,caption,credit" {
			t.Errorf("audit: %s", entry)
		}
		if err := s.PutMedia(ctx, storetest.Actor(), &next); err != nil {
			t.Error(err)
		}
		if again := column(t, raw(t, o), `SELECT COUNT(*) FROM audit`); again != "2" {
			t.Errorf("a change of nothing was audited: %s entries", again)
		}
		var invalid model.Invalid
		long := model.Media{ID: m.ID, Alt: strings.Repeat("ả", 501)}
		if err := s.PutMedia(ctx, storetest.Actor(), &long); !errors.As(err, &invalid) || invalid["alt"] == "" {
			t.Errorf("too long: %v", err)
		}
		if err := s.PutMedia(ctx, storetest.Actor(), &model.Media{ID: 99}); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("unknown: %v", err)
		}
	})
}

// library is a store in which everything that can use files uses two of them.
type library struct {
	*store.Store
	photo, file, next, nextFile model.Media
	news                        model.News
	meeting                     model.Meeting
	person                      model.Person
}

func newLibrary(t *testing.T, o store.Options) library {
	s := storetest.Open(t, o)
	l := library{Store: s, photo: storetest.Picture(t, s, 1), next: storetest.Picture(t, s, 2)}
	l.file, l.nextFile = addFile(t, s, "Báo cáo (1).txt", "cũ"), addFile(t, s, "Báo cáo.txt", "mới")
	l.news = storetest.News(t, s, storetest.Section(t, s, "Tin"), "Khai mạc", func(n *model.News) {
		n.Cover = model.Photo{Media: l.photo, Alt: "Bìa"}
		n.Attachments = []model.Attachment{{Media: l.file, Title: "Báo cáo"}}
		n.Body = fmt.Sprintf("![Ảnh](%s)\n\n![Nhỏ](/media/%s/320.png) [tải](%s) [nữa](<%s>) [lạ](/media/%s/la)",
			l.photo.URL(), l.photo.Hash, l.file.Address(), l.file.URL(), l.photo.Hash)
	})
	l.meeting = storetest.Meeting(t, s, "Hội nghị", func(m *model.Meeting) {
		m.Photos = []model.Photo{{Media: l.photo, Alt: "Toàn cảnh", Caption: "Hội trường"}}
		m.Tasks = []model.Task{{Text: "Báo cáo", Proof: l.file.Address()}}
	})
	l.person = storetest.Person(t, s, "Nguyễn Văn An", nil, func(p *model.Person) { p.Photo = model.Photo{Media: l.photo, Alt: "Chân dung"} })
	return l
}

func TestMediaUses(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		l, ctx := newLibrary(t, o), context.Background()
		saveCopy(t, l.Store, l.news.ID, `{}`, l.next.ID)
		news, meeting := model.MediaUse{Kind: "news", RecordID: 1, Title: "Khai mạc", Slug: "khai-mac", Status: "published"}, model.MediaUse{Kind: "meeting", RecordID: 1, Title: "Hội nghị", Slug: "hoi-nghi", Status: "published"}
		person := model.MediaUse{Kind: "person", RecordID: 1, Title: "Nguyễn Văn An", Slug: "nguyen-van-an"}
		copied := news
		copied.Copy = true
		for id, want := range map[int64][]model.MediaUse{l.photo.ID: {meeting, news, person}, l.file.ID: {meeting, news}, l.next.ID: {copied}, l.nextFile.ID: nil} {
			if got, err := l.MediaUses(ctx, id); err != nil || !slices.Equal(got, want) {
				t.Errorf("media %d: %+v, %v, want %+v", id, got, err, want)
			}
		}
		if _, err := l.MediaUses(ctx, 99); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("unknown: %v", err)
		}
	})
}

func TestReplaceMedia(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		l, ctx, db := newLibrary(t, o), context.Background(), raw(t, o)
		id := func(m model.Media) string { return strconv.FormatInt(m.ID, 10) }
		saveCopy(t, l.Store, l.news.ID, fmt.Sprintf(`{"title":["%s"],"body":["Chữ & ![x](%s)"],"cover":["%s"],"photos.0.media":["%s","77"]}`,
			id(l.photo), l.photo.URL(), id(l.photo), id(l.photo)), l.photo.ID)
		if records, err := l.ReplaceMedia(ctx, storetest.Actor(), l.photo.ID, l.next.ID); records != 3 || err != nil {
			t.Fatalf("%d records, %v", records, err)
		}
		if records, err := l.ReplaceMedia(ctx, storetest.Actor(), l.file.ID, l.nextFile.ID); records != 2 || err != nil {
			t.Fatalf("%d records, %v", records, err)
		}
		checkReplaced(t, l)
		if got := column(t, db, `SELECT base_revision FROM working_copy`); got != "3" {
			t.Errorf("the working copy is based on revision %s", got)
		}
		got, err := l.WorkingCopy(ctx, model.KindNews, l.news.ID)
		want := fmt.Sprintf(`{"body":["Chữ & ![x](%s)"],"cover":["%s"],"photos.0.media":["%s","77"],"title":["%s"]}`,
			l.next.URL(), id(l.next), id(l.next), id(l.photo))
		if err != nil || got.Data != want || got.Version != 2 {
			t.Errorf("the working copy is %+v, %v, want %s", got, err, want)
		}
		if uses, err := l.MediaUses(ctx, l.photo.ID); err != nil || len(uses) > 0 {
			t.Errorf("still used: %+v, %v", uses, err)
		}
		if got := column(t, db, `SELECT action || ' ' || kind FROM audit WHERE action IN ('replace', 'update') ORDER BY id`); got !=
			"update meeting update news update person replace media update meeting update news replace media" {
			t.Errorf("audit: %s", got)
		}
		if got := column(t, db, `SELECT number FROM revision WHERE kind = 'news' ORDER BY number`); got != "1 2 3" {
			t.Errorf("revisions of the news item: %s", got)
		}
		if _, err := l.VerifyAudit(ctx); err != nil {
			t.Error(err)
		}
	})
}

func checkReplaced(t *testing.T, l library) {
	t.Helper()
	ctx := context.Background()
	n, err := l.NewsByID(ctx, storetest.Outsider(), l.news.ID)
	if err != nil {
		t.Fatal(err)
	}
	body := fmt.Sprintf("![Ảnh](%s)\n\n![Nhỏ](%s) [tải](%s) [nữa](<%s>) [lạ](%s)",
		l.next.URL(), l.next.URL(), l.nextFile.Address(), l.nextFile.Address(), l.next.URL())
	if n.Body != body || !strings.Contains(n.HTML, l.next.URL()) || strings.Contains(n.HTML, l.photo.Hash) {
		t.Errorf("body %s\nHTML %s", n.Body, n.HTML)
	}
	if n.Cover.Media.ID != l.next.ID || n.Cover.Alt != "Bìa" || n.Attachments[0].Media.ID != l.nextFile.ID || n.Attachments[0].Title != "Báo cáo" {
		t.Errorf("cover %+v, attachments %+v", n.Cover, n.Attachments)
	}
	m, err := l.MeetingBySlug(ctx, storetest.Outsider(), l.meeting.Slug)
	if err != nil || m.Photos[0].Media.ID != l.next.ID || m.Photos[0].Caption != "Hội trường" || m.Tasks[0].Proof != l.nextFile.Address() {
		t.Errorf("meeting %+v, %v", m, err)
	}
	p, err := l.PersonBySlug(ctx, storetest.Outsider(), l.person.Slug)
	if err != nil || p.Photo.Media.ID != l.next.ID || p.Photo.Alt != "Chân dung" {
		t.Errorf("person %+v, %v", p, err)
	}
	for _, old := range []model.Media{l.photo, l.file} {
		if _, err := l.MediaPublic(ctx, storetest.Inside(), old.Hash); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("the old file is still public: %v", err)
		}
		if m, err := l.MediaByID(ctx, old.ID); err != nil || m.Archived.IsZero() {
			t.Errorf("the old file is not archived: %+v, %v", m, err)
		}
	}
	for _, shown := range []model.Media{l.next, l.nextFile} {
		if _, err := l.MediaPublic(ctx, storetest.Outsider(), shown.Hash); err != nil {
			t.Errorf("the new file is not public: %v", err)
		}
	}
}

func TestReplaceMediaHandsOnTheWords(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, old, next := context.Background(), storetest.Picture(t, s, 1), storetest.Picture(t, s, 2)
		old.Alt, old.Caption, old.Credit = "Cũ", "Lời cũ", "Người cũ"
		next.Caption = "Lời mới"
		for _, m := range []*model.Media{&old, &next} {
			if err := s.PutMedia(ctx, storetest.Actor(), m); err != nil {
				t.Fatal(err)
			}
		}
		if records, err := s.ReplaceMedia(ctx, storetest.Actor(), old.ID, next.ID); records != 0 || err != nil {
			t.Errorf("%d, %v", records, err)
		}
		if got, err := s.MediaByID(ctx, next.ID); err != nil || got.Alt != "Cũ" || got.Caption != "Lời mới" || got.Credit != "Người cũ" {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

func TestReplaceMediaRefuses(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		l, ctx := newLibrary(t, o), context.Background()
		for _, test := range [][2]int64{{l.photo.ID, l.file.ID}, {l.file.ID, l.photo.ID}, {l.photo.ID, l.photo.ID}} {
			var invalid model.Invalid
			if _, err := l.ReplaceMedia(ctx, storetest.Actor(), test[0], test[1]); !errors.As(err, &invalid) || invalid["file"] == "" {
				t.Errorf("%v: %v", test, err)
			}
		}
		for _, test := range [][2]int64{{l.photo.ID, 99}, {99, l.photo.ID}} {
			if _, err := l.ReplaceMedia(ctx, storetest.Actor(), test[0], test[1]); !errors.Is(err, model.ErrNotFound) {
				t.Errorf("%v: %v", test, err)
			}
		}
		if n, err := l.NewsByID(ctx, storetest.Staff(), l.news.ID); err != nil || n.Revision != 1 {
			t.Errorf("revision %d, %v", n.Revision, err)
		}
	})
}

// TestReplaceMediaAllOrNothing: a record that cannot be rendered any more leaves all as it was.
func TestReplaceMediaAllOrNothing(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		refuse, plain := "", storetest.Renderer()
		o.Renderer = model.Renderer{Version: 1, Render: func(markdown string) (model.Rendered, error) {
			if refuse != "" && strings.Contains(markdown, refuse) {
				return model.Rendered{}, model.Invalid{"body": "Không hiển thị được."}
			}
			return plain.Render(markdown)
		}}
		l, ctx := newLibrary(t, o), context.Background()
		refuse = l.next.Hash
		var invalid model.Invalid
		if _, err := l.ReplaceMedia(ctx, storetest.Actor(), l.photo.ID, l.next.ID); !errors.As(err, &invalid) || invalid["body"] == "" {
			t.Errorf("%v", err)
		}
		m, err := l.MeetingBySlug(ctx, storetest.Staff(), l.meeting.Slug) // comes before the news item
		if err != nil || m.Revision != 1 || m.Photos[0].Media.ID != l.photo.ID {
			t.Errorf("meeting %+v, %v", m, err)
		}
		if old, err := l.MediaByID(ctx, l.photo.ID); err != nil || !old.Archived.IsZero() {
			t.Errorf("%+v, %v", old, err)
		}
	})
}

func TestArchiveAndPurge(t *testing.T) {
	eachPlace(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		ctx, by := context.Background(), storetest.Actor()
		used, loose, former := storetest.Picture(t, s, 1), storetest.Picture(t, s, 2), storetest.Picture(t, s, 3)
		n := storetest.News(t, s, storetest.Section(t, s, "Tin"), "Khai mạc", func(n *model.News) {
			n.Cover, n.Body = model.Photo{Media: used, Alt: "Bìa"}, "![]("+former.URL()+")"
		})
		n.Body = "Không ảnh."
		if err := s.PutNews(ctx, by, &n); err != nil {
			t.Fatal(err)
		}
		if err := s.ArchiveMedia(ctx, by, used.ID); !errors.Is(err, model.ErrInUse) {
			t.Errorf("in use: %v", err)
		}
		for _, m := range []model.Media{loose, former} {
			if err := s.ArchiveMedia(ctx, by, m.ID); err != nil {
				t.Error(err)
			}
		}
		purge := func(want int) {
			t.Helper()
			if n, err := s.PurgeMedia(ctx, by, 30*24*time.Hour); n != want || err != nil {
				t.Errorf("purged %d, %v, want %d", n, err, want)
			}
		}
		purge(0)
		clock.Add(29 * 24 * time.Hour)
		purge(0)
		clock.Add(24 * time.Hour)
		purge(1)
		if _, err := s.MediaByID(ctx, loose.ID); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("the row stays: %v", err)
		}
		if _, err := openKept(s, loose.Hash, ""); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("the file stays: %v", err)
		}
		if m, err := s.MediaByID(ctx, former.ID); err != nil || m.Archived.IsZero() { // a revision names it
			t.Errorf("%+v, %v", m, err)
		}
		kept(t, s, former.Hash, "")
		if err := s.RestoreMedia(ctx, by, loose.ID); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("restored: %v", err)
		}
		n.Body = "![](" + former.URL() + ")" // as somebody who restores the revision
		if err := s.PutNews(ctx, by, &n); err != nil {
			t.Fatal(err)
		}
		if m, err := s.MediaByID(ctx, former.ID); err != nil || !m.Archived.IsZero() {
			t.Errorf("in use and archived: %+v, %v", m, err)
		}
		if _, err := s.VerifyAudit(ctx); err != nil {
			t.Error(err)
		}
	})
}

func TestRestoreMedia(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, by := context.Background(), storetest.Actor()
		m := storetest.Picture(t, s, 1)
		offered := func(want int) {
			t.Helper()
			if _, total, err := s.MediaPage(ctx, model.MediaFilter{}, 1, 10); total != want || err != nil {
				t.Errorf("%d offered, %v, want %d", total, err, want)
			}
		}
		for _, again := range []func() error{
			func() error { return s.RestoreMedia(ctx, by, m.ID) },
			func() error { return s.RestoreMedia(ctx, by, m.ID) }, // twice is no harm
			func() error { // the same file, uploaded again
				if same := storetest.Picture(t, s, 1); same != m {
					return fmt.Errorf("got %+v", same)
				}
				return nil
			},
		} {
			if err := s.ArchiveMedia(ctx, by, m.ID); err != nil {
				t.Error(err)
			}
			offered(0)
			if err := again(); err != nil {
				t.Error(err)
			}
			offered(1)
		}
	})
}

// TestPersonsPhoto: it shows to outsiders while the person does.
func TestPersonsPhoto(t *testing.T) {
	storetest.EachClock(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		unit := storetest.Unit(t, s, "Văn phòng")
		day := func(days int) model.Day { return model.DayOf(clock.Now().AddDate(0, 0, days)) }
		for i, test := range []struct {
			posts []model.Post
			shown bool
		}{
			{nil, true},
			{[]model.Post{{UnitID: unit.ID, Title: "Chánh Văn phòng", Rank: 3}}, true},
			{[]model.Post{{UnitID: unit.ID, Title: "Chánh Văn phòng", Rank: 3, Until: day(-5)}}, true},
			{[]model.Post{{UnitID: unit.ID, Title: "Chánh Văn phòng", Rank: 3, From: day(1)}}, false},
		} {
			photo := storetest.Picture(t, s, uint8(10+i))
			p := storetest.Person(t, s, fmt.Sprint("Nguyễn Văn An ", i), test.posts, func(p *model.Person) { p.Photo = model.Photo{Media: photo, Alt: "Ảnh"} })
			_, page := s.PersonBySlug(context.Background(), storetest.Outsider(), p.Slug)
			_, picture := s.MediaPublic(context.Background(), storetest.Outsider(), photo.Hash)
			if (page == nil) != test.shown || (picture == nil) != test.shown {
				t.Errorf("posts %+v: page %v, photo %v", test.posts, page, picture)
			}
			if _, err := s.MediaPublic(context.Background(), storetest.Staff(), photo.Hash); err != nil {
				t.Errorf("staff: %v", err)
			}
		}
	})
}
