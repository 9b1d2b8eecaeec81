package store_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

func TestSlugsAreUniqueAndNeverUsedAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, section := context.Background(), storetest.Section(t, s, "Tin")
		const title = "Lịch công tác tuần"
		first := storetest.News(t, s, section, title)
		second := storetest.News(t, s, section, title)
		third := storetest.News(t, s, section, title)
		for n, want := range map[*model.News]string{&first: "lich-cong-tac-tuan", &second: "lich-cong-tac-tuan-2", &third: "lich-cong-tac-tuan-3"} {
			if n.Slug != want {
				t.Errorf("slug is %q, want %q", n.Slug, want)
			}
		}
		second.Slug = "lich-tuan-nay"
		if err := s.PutNews(ctx, storetest.Actor(), &second); err != nil {
			t.Fatal(err)
		}
		if fourth := storetest.News(t, s, section, title); fourth.Slug != "lich-cong-tac-tuan-4" {
			t.Errorf("slug is %q: lich-cong-tac-tuan-2 belongs to the item that had it", fourth.Slug)
		}
		third.Slug = "lich-cong-tac-tuan-2"
		var invalid model.Invalid
		if err := s.PutNews(ctx, storetest.Actor(), &third); !errors.As(err, &invalid) || invalid["slug"] == "" {
			t.Errorf("taking another item's former slug: error %v, want Invalid for slug", err)
		}
		third.Slug = first.Slug
		if err := s.PutNews(ctx, storetest.Actor(), &third); !errors.As(err, &invalid) || invalid["slug"] == "" {
			t.Errorf("taking another item's slug: error %v, want Invalid for slug", err)
		}
		if m := storetest.Meeting(t, s, title); m.Slug != "lich-cong-tac-tuan" {
			t.Errorf("a meeting's slug is %q: kinds have slugs of their own", m.Slug)
		}
		long := strings.Repeat("dài ", 40)
		storetest.News(t, s, section, long)
		if n := storetest.News(t, s, section, long); !model.ValidSlug(n.Slug) || !strings.HasSuffix(n.Slug, "-dai-2") {
			t.Errorf("slug of the second long title is %q", n.Slug)
		}
	})
}

func TestOldSlugsLeadOn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, section := context.Background(), storetest.Section(t, s, "Tin")
		unit := storetest.Unit(t, s, "Phòng Nội vụ")
		n, m := storetest.News(t, s, section, "Tin đầu"), storetest.Meeting(t, s, "Họp đầu")
		p := storetest.Person(t, s, "Trần Thị Hoà", []model.Post{{UnitID: unit.ID, Title: "Chuyên viên", Rank: 9}})
		section.Slug, n.Slug, m.Slug, unit.Slug, p.Slug = "muc-moi", "tin-moi", "hop-moi", "phong-moi", "nguoi-moi"
		for _, err := range []error{
			s.PutSection(ctx, storetest.Actor(), &section), s.PutNews(ctx, storetest.Actor(), &n), s.PutMeeting(ctx, storetest.Actor(), &m),
			s.PutUnit(ctx, storetest.Actor(), &unit), s.PutPerson(ctx, storetest.Actor(), &p),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		bySlug := map[string]func(slug string) error{
			"tin muc-moi":            func(slug string) error { _, err := s.SectionBySlug(ctx, slug); return err },
			"tin-dau tin-moi":        func(slug string) error { _, err := s.NewsBySlug(ctx, model.Viewer{}, slug); return err },
			"hop-dau hop-moi":        func(slug string) error { _, err := s.MeetingBySlug(ctx, model.Viewer{}, slug); return err },
			"phong-noi-vu phong-moi": func(slug string) error { _, err := s.UnitBySlug(ctx, model.Viewer{}, slug); return err },
			"tran-thi-hoa nguoi-moi": func(slug string) error { _, err := s.PersonBySlug(ctx, model.Viewer{}, slug); return err },
		}
		for slugs, find := range bySlug {
			was, is, _ := strings.Cut(slugs, " ")
			var moved model.Moved
			if err := find(was); !errors.As(err, &moved) || moved.Slug != is {
				t.Errorf("%s: error %v, want moved to %s", was, err, is)
			}
			if err := find(is); err != nil {
				t.Errorf("%s: %v", is, err)
			}
			for _, odd := range []string{"", "khong-co", "Tin-Dau", "a\x00b", "\xff", "tin đầu", strings.Repeat("a", 5000), "' OR 1=1 --"} {
				if err := find(odd); !errors.Is(err, model.ErrNotFound) {
					t.Errorf("slug %.20q: error %v, want not found", odd, err)
				}
			}
		}
		n.Visibility = model.Internal
		if err := s.PutNews(ctx, storetest.Actor(), &n); err != nil {
			t.Fatal(err)
		}
		if _, err := s.NewsBySlug(ctx, model.Viewer{}, "tin-dau"); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("the old slug of an internal item: error %v, want not found", err)
		}
		n.Slug = "tin-dau"
		if err := s.PutNews(ctx, storetest.Actor(), &n); err != nil {
			t.Errorf("going back to its own former slug: %v", err)
		}
		var moved model.Moved
		if _, err := s.NewsBySlug(ctx, storetest.Inside(), "tin-moi"); !errors.As(err, &moved) || moved.Slug != "tin-dau" {
			t.Errorf("tin-moi: error %v, want moved to tin-dau", err)
		}
	})
}

func TestDecomposedTextIsStoredComposed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		section := storetest.Section(t, s, norm.NFD.String("Cải cách hành chính"))
		storetest.News(t, s, section, norm.NFD.String("Hội nghị sơ kết ở Phường Đông Xanh"))
		shown, err := s.NewsBySlug(context.Background(), model.Viewer{}, "hoi-nghi-so-ket-o-phuong-dong-xanh")
		if err != nil {
			t.Fatal(err)
		}
		n, err := s.NewsByID(context.Background(), model.Viewer{}, shown.ID)
		if err != nil || n.Title != "Hội nghị sơ kết ở Phường Đông Xanh" || n.Section.Name != "Cải cách hành chính" {
			t.Errorf("got %q in %q, error %v", n.Title, n.Section.Name, err)
		}
		if n.Title != norm.NFC.String(n.Title) || n.Body != norm.NFC.String(n.Body) {
			t.Errorf("stored text is not NFC: %q, %q", n.Title, n.Body)
		}
	})
}
