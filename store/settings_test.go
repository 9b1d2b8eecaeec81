package store_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

func TestSite(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		if site, err := s.Site(ctx); err != nil || !cmp.Equal(site, model.Site{Name: "Cổng thông tin"}) {
			t.Errorf("before anybody has set it: %+v, error %v", site, err)
		}
		want := model.Site{Name: "Sở Nội vụ", NameEN: "Department", Parent: "UBND tỉnh", ParentEN: "People's Committee", Address: "1 <Hùng Vương>",
			AddressEN: "1 Hung Vuong", Email: "so@example.vn", Phone: "0257 3000 100", Responsible: "Bà A", License: "Số 1", Opening: 7500,
			Hotlines: []model.Hotline{{Label: "Một cửa", Phone: "1900 0000"}}}
		if err := s.PutSite(ctx, storetest.Actor(), &want); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Site(ctx); err != nil || !cmp.Equal(got, want) || got.Phone != "+842573000100" {
			t.Errorf("got %+v, error %v, want %+v", got, err, want)
		}
		var invalid model.Invalid
		if err := s.PutSite(ctx, storetest.Actor(), &model.Site{Name: "Sở", Opening: -1}); !errors.As(err, &invalid) || invalid["opening"] == "" {
			t.Errorf("a negative balance: error %v", err)
		}
	})
}

// TestLogoAndBanner: they are pictures of the library, seen by everybody while they are used, and give way to those that replace them.
func TestLogoAndBanner(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, by := context.Background(), storetest.Actor()
		logo, banner, next := storetest.Picture(t, s, 10), storetest.Picture(t, s, 20), storetest.Picture(t, s, 30)
		file := addFile(t, s, "bieu-trung.txt", "không phải ảnh")
		seen := func(m model.Media) bool {
			_, err := s.MediaPublic(ctx, storetest.Outsider(), m.Hash)
			return err == nil
		}
		for _, wrong := range []int64{999, file.ID} {
			var invalid model.Invalid
			if err := s.PutSite(ctx, by, &model.Site{Name: "Sở", Logo: model.Media{ID: wrong}}); !errors.As(err, &invalid) || invalid["logo"] == "" {
				t.Errorf("logo %d: error %v", wrong, err)
			}
			if err := s.PutSite(ctx, by, &model.Site{Name: "Sở", Banner: model.Photo{Media: model.Media{ID: wrong}}}); !errors.As(err, &invalid) || invalid["banner"] == "" {
				t.Errorf("banner %d: error %v", wrong, err)
			}
		}
		if seen(logo) || seen(banner) {
			t.Error("pictures are seen that nothing uses")
		}
		site := model.Site{Name: "Sở", Logo: model.Media{ID: logo.ID}, Banner: model.Photo{Media: model.Media{ID: banner.ID}, Alt: " Cờ "}}
		if err := s.PutSite(ctx, by, &site); err != nil {
			t.Fatal(err)
		}
		got, err := s.Site(ctx)
		if err != nil || got.Logo.Hash != logo.Hash || got.Banner.Media.Width != 2 || got.Banner.Alt != "Cờ" || !seen(logo) || !seen(banner) {
			t.Errorf("got %+v, error %v", got, err)
		}
		uses, err := s.MediaUses(ctx, logo.ID)
		if err != nil || len(uses) != 1 || uses[0].Kind != model.KindSetting || uses[0].Title != "Thông tin đơn vị" {
			t.Errorf("uses %+v, error %v", uses, err)
		}
		if n, err := s.ReplaceMedia(ctx, by, logo.ID, next.ID); err != nil || n != 1 {
			t.Errorf("replaced in %d, error %v", n, err)
		}
		got, err = s.Site(ctx)
		if err != nil || got.Logo.ID != next.ID || seen(logo) || !seen(next) {
			t.Errorf("after the replacement: %+v, error %v", got.Logo, err)
		}
		if err := s.PutSite(ctx, by, &model.Site{Name: "Sở"}); err != nil || seen(next) || seen(banner) {
			t.Errorf("without pictures: error %v, seen %t, %t", err, seen(next), seen(banner))
		}
	})
}

func TestLinkedSites(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		second := model.LinkedSite{Name: "Tỉnh", URL: "https://tinh.example.vn", Position: 2}
		first := model.LinkedSite{Name: "Chính phủ", URL: "https://cp.example.vn", Position: 1}
		for _, l := range []*model.LinkedSite{&second, &first} {
			if err := s.PutLinkedSite(ctx, storetest.Actor(), l); err != nil {
				t.Fatal(err)
			}
		}
		second.Name = "UBND tỉnh"
		if err := s.PutLinkedSite(ctx, storetest.Actor(), &second); err != nil {
			t.Fatal(err)
		}
		list, err := s.LinkedSites(ctx)
		if diff := cmp.Diff([]model.LinkedSite{first, second}, list); err != nil || diff != "" {
			t.Errorf("error %v (-want +got):\n%s", err, diff)
		}
		var invalid model.Invalid
		for _, address := range []string{first.URL, "javascript:alert(1)", ""} {
			if err := s.PutLinkedSite(ctx, storetest.Actor(), &model.LinkedSite{Name: "Khác", URL: address}); !errors.As(err, &invalid) || invalid["url"] == "" {
				t.Errorf("%q: error %v, want Invalid for url", address, err)
			}
		}
		if err := s.PutLinkedSite(ctx, storetest.Actor(), &model.LinkedSite{ID: 99, Name: "Khác", URL: "https://k.example.vn"}); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("unknown id: error %v", err)
		}
	})
}

func TestRedirects(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		for from, to := range map[string]string{"/cu.aspx?id=5&x=1": "/tin-tuc/moi", "/cũ/trang.html": "https://khac.example.vn/a?b=c", "/a": "/b"} {
			if err := s.PutRedirect(ctx, storetest.Actor(), from, to); err != nil {
				t.Fatal(err)
			}
			if got, err := s.Redirect(ctx, model.Viewer{}, from); err != nil || got != to {
				t.Errorf("%s leads to %q, error %v, want %q", from, got, err, to)
			}
		}
		if err := s.PutRedirect(ctx, storetest.Actor(), "/a", "/c"); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Redirect(ctx, model.Viewer{}, "/a"); err != nil || got != "/c" {
			t.Errorf("a second target: %q, error %v, want /c", got, err)
		}
		for _, path := range []string{"/cu.aspx", "/cu.aspx?id=5", "", "/a\x00", "/\xff", strings.Repeat("/a", 5000)} {
			if to, err := s.Redirect(ctx, model.Viewer{}, path); !errors.Is(err, model.ErrNotFound) || to != "" {
				t.Errorf("%.20q leads to %q, error %v", path, to, err)
			}
		}
		for _, c := range [][3]string{
			{"cu.html", "/moi", "from"}, {"//khac.vn/a", "/moi", "from"}, {`/\khac.vn`, "/moi", "from"}, {"https://a.vn/cu", "/moi", "from"}, {"/", "/moi", "from"},
			{"/x", "", "to"}, {"/x", "//khac.vn", "to"}, {"/x", `/\khac.vn`, "to"}, {"/x", "javascript:alert(1)", "to"}, {"/x", "https://", "to"},
			{"/x", "https://a@b.vn", "to"}, {"/x", "/x", "to"}, {"/" + strings.Repeat("x", 2000), "/moi", "from"},
		} {
			var invalid model.Invalid
			if err := s.PutRedirect(ctx, storetest.Actor(), c[0], c[1]); !errors.As(err, &invalid) || invalid[c[2]] == "" {
				t.Errorf("%.30q to %q: error %v, want Invalid for %s", c[0], c[1], err, c[2])
			}
		}
	})
}

func TestSections(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		last := model.Section{Name: "Cuối", Slug: "cuoi", Position: 9}
		if err := s.PutSection(ctx, storetest.Actor(), &last); err != nil {
			t.Fatal(err)
		}
		b, a := storetest.Section(t, s, "Đời sống"), storetest.Section(t, s, "Dân vận")
		b.ParentID, b.Notice, b.NameEN = a.ID, true, "Life"
		if err := s.PutSection(ctx, storetest.Actor(), &b); err != nil {
			t.Fatal(err)
		}
		list, err := s.Sections(ctx)
		if diff := cmp.Diff([]model.Section{a, b, last}, list); err != nil || diff != "" {
			t.Errorf("error %v (-want +got):\n%s", err, diff)
		}
		a.ParentID = b.ID
		var invalid model.Invalid
		if err := s.PutSection(ctx, storetest.Actor(), &a); !errors.As(err, &invalid) || invalid["parent"] == "" {
			t.Errorf("a circle of parents: error %v", err)
		}
	})
}
