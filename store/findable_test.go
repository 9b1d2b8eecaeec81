package store_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// TestEachFindable: what is visited is what a search from outside finds, in its order turned round, with the words in their first places.
func TestEachFindable(t *testing.T) {
	storetest.EachClock(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		section := storetest.Section(t, s, "Thông báo")
		storetest.News(t, s, section, "Đường Nguyễn Huệ", func(n *model.News) {
			n.Summary, n.Body = "Sửa mặt đường.", "Từ 3.600 hộ dân. "+strings.Repeat("dài ", 10)
		})
		storetest.News(t, s, section, "Cũ hơn", func(n *model.News) { n.PublishAt = clock.Now().AddDate(0, 0, -9) })
		for name, change := range map[string]func(*model.News){
			"Nội bộ":  func(n *model.News) { n.Visibility = model.Internal },
			"Sắp tới": func(n *model.News) { n.PublishAt = clock.Now().Add(time.Hour) },
			"Đã hết":  func(n *model.News) { n.ExpireAt = clock.Now().Add(time.Second) },
			"Nháp":    func(n *model.News) { n.Status = model.StatusDraft },
		} {
			storetest.News(t, s, section, name, change)
		}
		storetest.Meeting(t, s, "Họp đường thủy")
		unit := storetest.Unit(t, s, "Phòng Đường bộ")
		storetest.Person(t, s, "Trần Văn Đường", []model.Post{{UnitID: unit.ID, Title: "Trưởng phòng", Rank: 5}}, func(p *model.Person) {
			p.Numbers = []model.Number{{Kind: model.NumberMobile, E164: "+84900000177"}, {Kind: model.NumberOffice, E164: "+842573000101", Official: true}}
		})
		articles := []model.Article{
			{Lang: "vi", Path: "duong", Title: "Bài về đường", Text: "đường", Visibility: model.Public, Date: "2024-01-01", Hash: "1"},
			{Lang: "en", Path: "road", Title: "About duong", Text: "road", Visibility: model.Public, Date: "2024-01-02", Hash: "2"},
		}
		if err := s.IndexArticles(context.Background(), articles); err != nil {
			t.Fatal(err)
		}
		clock.Add(time.Minute)
		var found []string
		words := map[string]store.FoundPlace{}
		heads := map[string]string{}
		told := int64(0)
		err := s.EachFindable(context.Background(), articles, func(_ string, done, total int64) { told = total }, func(f store.Findable) error {
			found = append(found, fmt.Sprint(f.Kind, " ", f.Ref, " ", f.Langs))
			heads[f.Title] = f.Text[:f.Head]
			for _, w := range f.Words {
				if strings.Contains(w.Word, "900000177") {
					t.Errorf("a personal number is among the words of %s", f.Ref)
				}
				if f.Title == "Đường Nguyễn Huệ" {
					words[w.Word] = w.Place
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		want := []string{
			"article duong [vi]", "article road [en]", "news cu-hon [vi en]", "meeting hop-duong-thuy [vi en]", "news duong-nguyen-hue [vi en]",
			"person tran-van-duong [vi en]", "unit phong-duong-bo [vi en]",
		}
		if diff := cmp.Diff(want, found); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		if told < int64(len(want)) {
			t.Errorf("%d records were told of", told)
		}
		for word, place := range map[string]store.FoundPlace{
			"duong": store.InTitle, "đường": store.InTitle, "huệ": store.InTitle, "sua": store.InSummary, "sửa": store.InSummary, "3600": store.InBody, "dai": store.InBody,
		} {
			if got, there := words[word]; !there || got != place {
				t.Errorf("%q is at %d, %v, want %d", word, got, there, place)
			}
		}
		if heads["Đường Nguyễn Huệ"] != "Sửa mặt đường." || heads["Bài về đường"] != "" {
			t.Errorf("summaries: %q", heads)
		}
		result, err := s.Search(context.Background(), storetest.Outsider(), model.SearchQuery{Text: "duong", Lang: "vi"}, 10)
		if err != nil {
			t.Fatal(err)
		}
		var hits []string
		for _, h := range result.Hits {
			hits = append(hits, h.Ref)
		}
		slices.Sort(hits)
		if want := []string{"duong", "duong-nguyen-hue", "hop-duong-thuy", "phong-duong-bo", "tran-van-duong"}; !slices.Equal(hits, want) {
			t.Errorf("the search finds %q, want %q", hits, want)
		}
	})
}

// TestOldAddresses: the paths of records that were given other slugs.
func TestOldAddresses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		section := storetest.Section(t, s, "Tin hoạt động")
		n := storetest.News(t, s, section, "Tin thứ nhất")
		u := storetest.Unit(t, s, "Văn phòng")
		n.Slug, u.Slug, section.Slug = "tin-moi", "van-phong-so", "hoat-dong"
		for _, err := range []error{
			s.PutNews(context.Background(), storetest.Actor(), &n), s.PutUnit(context.Background(), storetest.Actor(), &u), s.PutSection(context.Background(), storetest.Actor(), &section),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		got, err := s.OldAddresses(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(got)
		if diff := cmp.Diff([]string{"/chuyen-muc/tin-hoat-dong", "/danh-ba/van-phong", "/tin-tuc/tin-thu-nhat"}, got); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}
