package store_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

const oldPortal = "https://cu.example"

// arrivals are new items of another portal, each with an old address.
func arrivals(s *store.Store, section model.Section, count int) []*store.Arrival {
	list := make([]*store.Arrival, count)
	for i, n := range drafted(s, section, count) {
		list[i] = &store.Arrival{Source: oldPortal, Key: fmt.Sprint("bài ", i), Hash: fmt.Sprint("h", i), News: *n,
			Addresses: []string{fmt.Sprintf("/2023/07/bai-%d/", i), fmt.Sprintf("/?p=%d", i)}}
	}
	return list
}

// TestImportNews holds that items come once, with their redirects, whatever became of them since.
func TestImportNews(t *testing.T) {
	ctx := context.Background()
	each(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		section := storetest.Section(t, s, "Thông báo")
		list := arrivals(s, section, 5)
		must(t, s.ImportNews(ctx, storetest.Actor(), list))
		for i, a := range list {
			stored, err := s.NewsByID(ctx, storetest.Outsider(), a.News.ID)
			if err != nil || a.Outcome != store.OutcomeNew || stored.Title != fmt.Sprint("Thông báo số ", i+1) || stored.Revision != 1 || len(a.Taken) > 0 {
				t.Errorf("item %d: %q %+v %v", i, a.Outcome, stored, err)
			}
			for _, from := range []string{fmt.Sprintf("/2023/07/bai-%d/", i), fmt.Sprintf("/?p=%d", i)} {
				if to, err := s.Redirect(ctx, model.Viewer{}, from); err != nil || to != "/tin-tuc/"+stored.Slug {
					t.Errorf("%s leads to %q, %v", from, to, err)
				}
			}
			if got := refs(t, s, model.SearchQuery{Text: fmt.Sprintf("mã%d", i)}); len(got) != 1 || got[0] != stored.Slug {
				t.Errorf("item %d is found as %v", i, got)
			}
		}
		edited := list[0].News
		edited.Title = "Sửa sau khi chuyển"
		must(t, s.PutNews(ctx, storetest.Actor(), &edited))
		trail, err := s.VerifyAudit(ctx)
		must(t, err)
		again := append(arrivals(s, section, 5)[:4], arrivals(s, section, 6)[5])
		again[3].Hash = "another"
		must(t, s.ImportNews(ctx, storetest.Actor(), again))
		for i, want := range []store.Outcome{store.OutcomeKnown, store.OutcomeKnown, store.OutcomeKnown, store.OutcomeChanged, store.OutcomeNew} {
			if again[i].Outcome != want {
				t.Errorf("item %d of the second run: %q, want %q", i, again[i].Outcome, want)
			}
		}
		after, err := s.VerifyAudit(ctx)
		if err != nil || after != trail+2 { // the new item and its redirects
			t.Errorf("%d audit entries after %d, %v", after, trail, err)
		}
		if got, err := s.NewsByID(ctx, storetest.Outsider(), edited.ID); err != nil || got.Title != edited.Title {
			t.Errorf("the editor's title became %q, %v", got.Title, err)
		}
	})
}

// TestImportNewsRefused holds that an item which is refused, before the transaction or in it, stops itself alone.
func TestImportNewsRefused(t *testing.T) {
	ctx := context.Background()
	for name, spoil := range map[string]func(a *store.Arrival){
		"no title":        func(a *store.Arrival) { a.News.Title = "" },
		"too long":        func(a *store.Arrival) { a.News.Body = strings.Repeat("a", model.MaxBody+1) },
		"no such section": func(a *store.Arrival) { a.News.Section.ID = 999 },
		"no such cover":   func(a *store.Arrival) { a.News.Cover = model.Photo{Media: model.Media{ID: 999}, Alt: "ảnh"} },
		"no key":          func(a *store.Arrival) { a.Key = "" },
		"one of ours":     func(a *store.Arrival) { a.News.ID = 1 },
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
				list := arrivals(s, storetest.Section(t, s, "Thông báo"), 5)
				spoil(list[2])
				must(t, s.ImportNews(ctx, storetest.Actor(), list))
				for i, a := range list {
					want := store.OutcomeNew
					if i == 2 {
						want = store.OutcomeRefused
					}
					if a.Outcome != want || (a.Err != nil) != (i == 2) {
						t.Errorf("item %d: %q, %v", i, a.Outcome, a.Err)
					}
				}
				if _, err := s.Redirect(ctx, model.Viewer{}, "/?p=2"); !errors.Is(err, model.ErrNotFound) {
					t.Errorf("the refused item has a redirect: %v", err)
				}
				news, err := s.SectionItems(ctx)
				if err != nil || news[list[0].News.Section.ID] != 4 {
					t.Errorf("%v items, %v", news, err)
				}
			})
		})
	}
}

// leads holds where an old address leads somebody, "" for nowhere.
func leads(t *testing.T, s *store.Store, v model.Viewer, from, want string) {
	t.Helper()
	to, err := s.Redirect(context.Background(), v, from)
	if to != want || (err == nil) != (want != "") {
		t.Errorf("%s leads to %q, %v, want %q", from, to, err, want)
	}
}

// TestImportedAddresses holds which old addresses lead to an item, and from when on.
func TestImportedAddresses(t *testing.T) {
	ctx := context.Background()
	each(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		section := storetest.Section(t, s, "Thông báo")
		must(t, s.PutRedirect(ctx, storetest.Actor(), "/?p=1", "/hoi-nghi"))
		list := arrivals(s, section, 5)
		list[0].Addresses = append(list[0].Addresses, "/tin-tuc", "/", "//elsewhere.example", "/2023/07/b%C3%A0i-vi%E1%BA%BFt/")
		list[0].News.Title, list[1].News.Title = "???", "Lịch"
		open, hidden := addFile(t, s, "ke.txt", "kế hoạch"), addFile(t, s, "noi-bo.txt", "nội bộ")
		list[0].News.Attachments = []model.Attachment{{Media: open, Title: "Kế hoạch"}}
		list[2].News.Attachments = []model.Attachment{{Media: hidden, Title: "Nội bộ"}}
		list[0].Files = map[string]string{"/tep/k%E1%BA%BF.pdf": open.Address(), "/?p=4": "/hoi-nghi"}
		list[1].Addresses = append(list[1].Addresses, "/tin-tuc/lich", "/tin-tuc/lich/", "/tin-tuc/nhu-cu")
		list[2].Files = map[string]string{"/tep/noi-bo.pdf": hidden.Address()}
		list[2].News.Visibility = model.Internal
		list[3].News.Status = model.StatusDraft
		list[4].News.PublishAt = s.Now().AddDate(0, 0, 1)
		must(t, s.ImportNews(ctx, storetest.Actor(), list))
		must(t, s.ImportAddresses(ctx, storetest.Actor(), "/chuyen-muc/thong-bao", []string{"/category/thong-bao/", "/?p=1", "/tin-tuc"}))
		for _, address := range []string{"/tin-tuc", "/", "//elsewhere.example"} {
			if list[0].Taken[address] == "" {
				t.Errorf("nothing is said of %s: %v", address, list[0].Taken)
			}
		}
		if len(list[1].Taken) != 1 || !strings.Contains(list[1].Taken["/?p=1"], "/hoi-nghi") {
			t.Errorf("of an address that leads elsewhere: %v", list[1].Taken)
		}
		for from, want := range map[string]string{"/?p=0": "/tin-tuc/" + list[0].News.Slug, "/2023/07/bài-viết/": "/tin-tuc/" + list[0].News.Slug,
			"/?p=1": "/hoi-nghi", "/2023/07/bai-1/": "/tin-tuc/" + list[1].News.Slug, "/?p=2": "", "/2023/07/bai-3/": "", "/2023/07/bai-4/": "",
			"/tep/kế.pdf": open.Address(), "/tep/noi-bo.pdf": "", "/category/thong-bao/": "/chuyen-muc/thong-bao", "/tin-tuc/lich": "", "/tin-tuc/lich/": "/tin-tuc/lich",
			"/tin-tuc/nhu-cu": "/tin-tuc/lich"} {
			leads(t, s, model.Viewer{}, from, want)
		}
		leads(t, s, model.Viewer{Internal: true}, "/?p=2", "/tin-tuc/"+list[2].News.Slug)
		leads(t, s, model.Viewer{Internal: true}, "/tep/noi-bo.pdf", hidden.Address())
		clock.Add(25 * time.Hour)
		leads(t, s, model.Viewer{}, "/2023/07/bai-4/", "/tin-tuc/"+list[4].News.Slug)
		list[3].News.Slug, list[3].News.Status = "ten-moi", model.StatusPublished
		must(t, s.PutNews(ctx, storetest.Actor(), &list[3].News))
		leads(t, s, model.Viewer{}, "/?p=3", "/tin-tuc/thong-bao-so-4") // which leads on to the new name
		leads(t, s, model.Viewer{}, "/?p=2", "")
	})
}

// TestImportSection holds that sections are found where they are, made once, and known again under another name.
func TestImportSection(t *testing.T) {
	ctx := context.Background()
	each(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		there := storetest.Section(t, s, "Tin tức")
		find := func(names ...string) model.Section {
			t.Helper()
			c, err := s.ImportSection(ctx, storetest.Actor(), oldPortal, names)
			must(t, err)
			return c
		}
		below := find("tin tức", "Đời sống", "Sức khoẻ")
		above, err := s.Sections(ctx)
		if must(t, err); len(above) != 3 || below.Slug != "suc-khoe" {
			t.Fatalf("sections %+v", above)
		}
		if middle := find("Tin tức", "Đời sống"); middle.ParentID != there.ID || below.ParentID != middle.ID {
			t.Errorf("%+v stands below %+v, %+v", below, middle, there)
		}
		if other := find("Sức khoẻ"); other.ID == below.ID || other.ParentID != 0 {
			t.Errorf("a section of that name elsewhere is %+v", other)
		}
		below.Name = "Y tế"
		must(t, s.PutSection(ctx, storetest.Actor(), &below))
		if again := find("Tin tức", "Đời sống", "Sức khoẻ"); again.ID != below.ID {
			t.Errorf("renamed, it is %+v", again)
		}
		if reserved := find("Mới"); reserved.Slug != "cu-moi" {
			t.Errorf("with the name of an address of ours it is %+v", reserved)
		}
		_, err = s.ImportSection(ctx, storetest.Actor(), oldPortal, []string{"Khác", strings.Repeat("a", 201)})
		invalid := model.Invalid{}
		if all, _ := s.Sections(ctx); !errors.As(err, &invalid) || len(all) != 5 {
			t.Errorf("a name too long: %v, %d sections", err, len(all))
		}
	})
}

// TestImportMedia holds that a file whose bytes were taken before is not decoded again, and taken again once it is gone.
func TestImportMedia(t *testing.T) {
	ctx := context.Background()
	each(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		data := string(encoded(t, photo(64, 48), "jpeg"))
		opened := 0
		open := func() (io.ReadCloser, error) {
			opened++
			return io.NopCloser(strings.NewReader(data)), nil
		}
		take := func() (m model.Media) {
			t.Helper()
			m.Name = "anh.jpg"
			must(t, s.ImportMedia(ctx, storetest.Actor(), &m, open))
			return m
		}
		first := take()
		if again := take(); again != first || opened != 3 {
			t.Errorf("%+v, then %+v, opened %d times", first, again, opened)
		}
		must(t, s.ArchiveMedia(ctx, storetest.Actor(), first.ID))
		if again := take(); again.ID != first.ID || !again.Archived.IsZero() {
			t.Errorf("after it was archived: %+v", again)
		}
		must(t, s.ArchiveMedia(ctx, storetest.Actor(), first.ID))
		if n, err := s.PurgeMedia(ctx, storetest.Actor(), 0); n != 1 || err != nil {
			t.Fatalf("purged %d, %v", n, err)
		}
		if again := take(); again.ID == first.ID || again.Hash != first.Hash {
			t.Errorf("after it was purged: %+v", again)
		}
		for name, data := range map[string]string{"anh.jpg": "no picture", "trong.pdf": ""} {
			m := model.Media{Name: name}
			err := s.ImportMedia(ctx, storetest.Actor(), &m, func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(data)), nil })
			if invalid := (model.Invalid{}); !errors.As(err, &invalid) || invalid["file"] == "" {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
