package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

const (
	officialNumber = "+842573000101"
	personalNumber = "+84900000102"
)

// bothNumbers gives somebody an official and a personal number.
func bothNumbers(p *model.Person) {
	p.Numbers = []model.Number{{E164: "0257 3000.101", Official: true}, {E164: "0900.000.102"}}
}

func TestPersonalNumbersAreForStaffAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		unit := storetest.Unit(t, s, "Văn phòng", func(u *model.Unit) {
			u.Numbers = []model.Number{{E164: "0257 3000 100", Kind: model.NumberHotline, Official: true}, {E164: "0900 000 199"}}
		})
		person := storetest.Person(t, s, "Nguyễn Thị Hoà", []model.Post{{UnitID: unit.ID, Title: "Giám đốc", TitleEN: "Director", Rank: 1}}, bothNumbers)
		official := []model.Number{{Kind: model.NumberOffice, E164: officialNumber, Official: true}}
		both := append(slices.Clone(official), model.Number{Kind: model.NumberMobile, E164: personalNumber})
		hotline := []model.Number{{Kind: model.NumberHotline, E164: "+842573000100", Official: true}}
		bothOfUnit := append(slices.Clone(hotline), model.Number{Kind: model.NumberMobile, E164: "+84900000199"})
		for name, v := range viewers() {
			t.Run(name, func(t *testing.T) {
				ofPerson, ofUnit, found := official, hotline, 0
				if v.Staff {
					ofPerson, ofUnit, found = both, bothOfUnit, 1
				}
				check := func(where string, want []model.Number, got func() ([]model.Number, error)) {
					t.Helper()
					numbers, err := got()
					if diff := cmp.Diff(want, numbers); err != nil || diff != "" {
						t.Errorf("%s: error %v (-want +got):\n%s", where, err, diff)
					}
				}
				check("person", ofPerson, func() ([]model.Number, error) {
					p, err := s.PersonBySlug(ctx, v, person.Slug)
					return p.Numbers, err
				})
				check("unit", ofUnit, func() ([]model.Number, error) {
					view, err := s.UnitBySlug(ctx, v, unit.Slug)
					return view.Unit.Numbers, err
				})
				check("person of the unit", ofPerson, func() ([]model.Number, error) {
					view, err := s.UnitBySlug(ctx, v, unit.Slug)
					return view.People[0].Numbers, err
				})
				check("unit of the directory", ofUnit, func() ([]model.Number, error) {
					d, err := s.Directory(ctx, v)
					return d.Units[0].Numbers, err
				})
				check("person of the directory", ofPerson, func() ([]model.Number, error) {
					d, err := s.Directory(ctx, v)
					return d.People[0].Numbers, err
				})
				d, err := s.FindContacts(ctx, v, "0900.000.102")
				if err != nil || len(d.People) != found {
					t.Errorf("a personal number finds %d people, error %v, want %d", len(d.People), err, found)
				}
				for query, want := range map[string]int{"0900000102": 0, "0900 000 102": 0, "84900000102": 0, "02573000101": 1, "0257 3000 101": 1, "hòa": 1} {
					result, err := s.Search(ctx, v, model.SearchQuery{Text: query, Lang: "vi", Page: 1}, 10)
					if err != nil || result.Total != want {
						t.Errorf("search %q: %d found, error %v, want %d", query, result.Total, err, want)
					}
				}
			})
		}
		directory, err := s.Directory(ctx, model.Viewer{Staff: true}) // who sees all numbers
		leaders := store.Leaders(directory)
		if err != nil || len(leaders) != 1 || !cmp.Equal(leaders[0].Numbers, official) {
			t.Errorf("leaders: %+v, error %v", leaders, err)
		}
		leading, offices, err := s.QuickDirectory(ctx)
		want := []model.QuickEntry{{Name: "Nguyễn Thị Hoà", NameEN: "Nguyễn Thị Hoà", Post: "Giám đốc", PostEN: "Director",
			Path: "nguoi/nguyen-thi-hoa", Numbers: official}, {Name: "Văn phòng", Path: "van-phong", Numbers: hotline}}
		if diff := cmp.Diff(want, append(leading, offices...)); err != nil || diff != "" {
			t.Errorf("quick directory: error %v (-want +got):\n%s", err, diff)
		}
	})
}

func TestDirectoryOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		unit := storetest.Unit(t, s, "Phòng 10")
		storetest.Unit(t, s, "Phòng 2")
		storetest.Unit(t, s, "Ban Giám đốc", func(u *model.Unit) { u.Position = -1 })
		storetest.Unit(t, s, "Đoàn thanh niên")
		storetest.Unit(t, s, "Đảng ủy")
		names := []string{"Nguyễn Văn An", "Lê Thị Ánh", "Trần Thị Ân", "Đỗ Văn Ân", "Y Bình", "Phan Đức Dũng", "Võ Thị Đào", "Hồ Thị Hoa", "Hồ Thị Hòa"}
		for i := range names {
			name := names[(i*7+3)%len(names)]
			storetest.Person(t, s, name, []model.Post{{UnitID: unit.ID, Title: "Chuyên viên", Rank: 9}})
		}
		storetest.Person(t, s, "Bùi Văn Ước", []model.Post{{UnitID: unit.ID, Title: "Phó trưởng phòng", Rank: 4}})
		storetest.Person(t, s, "Cao Thị Vân", []model.Post{{UnitID: unit.ID, Title: "Trưởng phòng", Rank: 3}})
		d, err := s.Directory(ctx, model.Viewer{})
		if err != nil {
			t.Fatal(err)
		}
		want := append(slices.Clone(names), "Bùi Văn Ước", "Cao Thị Vân")
		if got := personNames(d.People); !slices.Equal(got, want) {
			t.Errorf("people\n got %q\nwant %q", got, want)
		}
		wantUnits := []string{"Ban Giám đốc", "Đảng ủy", "Đoàn thanh niên", "Phòng 2", "Phòng 10"}
		if got := unitNames(d.Units); !slices.Equal(got, wantUnits) {
			t.Errorf("units\n got %q\nwant %q", got, wantUnits)
		}
		view, err := s.UnitBySlug(ctx, model.Viewer{}, unit.Slug)
		if want := append([]string{"Cao Thị Vân", "Bùi Văn Ước"}, names...); err != nil || !slices.Equal(personNames(view.People), want) {
			t.Errorf("people of the unit: error %v\n got %q\nwant %q", err, personNames(view.People), want)
		}
	})
}

func personNames(list []model.Person) []string {
	var names []string
	for _, p := range list {
		names = append(names, p.Name)
	}
	return names
}

func unitNames(list []model.Unit) []string {
	var names []string
	for _, u := range list {
		names = append(names, u.Name)
	}
	return names
}

func TestUnitsAndPostsHaveTheirTime(t *testing.T) {
	storetest.EachClock(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		ctx, today := context.Background(), model.DayOf(storetest.Start())
		yesterday := model.DayOf(storetest.Start().AddDate(0, 0, -1))
		department := storetest.Unit(t, s, "Sở Nội vụ")
		merged := storetest.Unit(t, s, "Phòng Tổ chức", func(u *model.Unit) { u.ParentID, u.From = department.ID, "2026-06-01" })
		former := storetest.Unit(t, s, "Phòng Thanh niên", func(u *model.Unit) {
			u.ParentID, u.Until, u.Successor = department.ID, yesterday, merged.ID
		})
		lastDay := storetest.Unit(t, s, "Phòng hôm nay", func(u *model.Unit) { u.Until = today })
		storetest.Unit(t, s, "Phòng ngày mai", func(u *model.Unit) { u.From = "2026-06-16" })
		posts := []model.Post{
			{UnitID: former.ID, Title: "Trưởng phòng Thanh niên", Rank: 3, From: "2020-01-01", Until: yesterday},
			{UnitID: former.ID, Title: "Phó phòng Thanh niên", Rank: 4, From: "2015-01-01", Until: "2019-12-31"},
			{UnitID: merged.ID, Title: "Trưởng phòng", Rank: 3, From: today},
			{UnitID: department.ID, Title: "Phó Giám đốc", TitleEN: "Deputy Director", Rank: 2, From: "2026-06-10"},
			{UnitID: department.ID, Title: "Giám đốc", Rank: 1, From: "2026-07-01"},
		}
		person := storetest.Person(t, s, "Y Bình", posts)
		storetest.Person(t, s, "Đã Nghỉ", posts[:2])
		storetest.Person(t, s, "Hôm Nay", []model.Post{{UnitID: lastDay.ID, Title: "Chuyên viên", Rank: 9, Until: today}})

		d, err := s.Directory(ctx, model.Viewer{})
		if want := []string{"Phòng hôm nay", "Phòng Tổ chức", "Sở Nội vụ"}; err != nil || !slices.Equal(unitNames(d.Units), want) {
			t.Errorf("units: %q, error %v, want %q", unitNames(d.Units), err, want)
		}
		if want := []string{"Y Bình", "Hôm Nay"}; !slices.Equal(personNames(d.People), want) {
			t.Errorf("people: %q, want %q", personNames(d.People), want)
		}
		got, err := s.PersonBySlug(ctx, model.Viewer{}, person.Slug)
		if want := []string{"Phó Giám đốc", "Trưởng phòng", "Trưởng phòng Thanh niên", "Phó phòng Thanh niên"}; err != nil || !slices.Equal(postTitles(got), want) {
			t.Errorf("posts: %q, error %v, want %q", postTitles(got), err, want)
		}
		if got, err = s.PersonBySlug(ctx, storetest.Staff(), person.Slug); err != nil || !slices.Contains(postTitles(got), "Giám đốc") {
			t.Errorf("posts for staff: %q, error %v, want the one to come too", postTitles(got), err)
		}
		storetest.Person(t, s, "Sắp Nhận Việc", []model.Post{{UnitID: department.ID, Title: "Giám đốc", Rank: 1, From: "2026-07-01"}})
		if _, err := s.PersonBySlug(ctx, storetest.Inside(), "sap-nhan-viec"); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("somebody whose only post is to begin: %v", err)
		}
		if p, err := s.PersonBySlug(ctx, storetest.Staff(), "sap-nhan-viec"); err != nil || len(p.Posts) != 1 {
			t.Errorf("the same for staff: %+v, %v", p, err)
		}
		if _, err := s.UnitBySlug(ctx, model.Viewer{}, "phong-ngay-mai"); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("a unit that is to begin: %v", err)
		}
		view, err := s.UnitBySlug(ctx, model.Viewer{}, merged.Slug)
		if err != nil || view.Parent.ID != department.ID || view.Successor.ID != 0 || !slices.Equal(unitNames(view.Former), []string{former.Name}) ||
			len(view.People) != 1 || !slices.Equal(postTitles(view.People[0]), []string{"Trưởng phòng", "Phó Giám đốc"}) {
			t.Errorf("unit: %+v, error %v", view, err)
		}
		view, err = s.UnitBySlug(ctx, model.Viewer{}, former.Slug)
		if err != nil || view.Successor.Slug != merged.Slug || len(view.People) != 0 {
			t.Errorf("former unit: %+v, error %v, want its successor and nobody", view, err)
		}
		view, err = s.UnitBySlug(ctx, model.Viewer{}, department.Slug)
		if want := []string{"Phòng Tổ chức"}; err != nil || !slices.Equal(unitNames(view.Children), want) {
			t.Errorf("children: %q, error %v, want %q", unitNames(view.Children), err, want)
		}
		search := func() (refs []string) {
			for _, text := range []string{"phòng", "chuyên viên"} {
				result, err := s.Search(ctx, model.Viewer{}, model.SearchQuery{Text: text, Lang: "vi", Page: 1}, 10)
				if err != nil {
					t.Fatal(err)
				}
				for _, hit := range result.Hits {
					refs = append(refs, hit.Ref)
				}
			}
			slices.Sort(refs)
			return slices.Compact(refs)
		}
		if got, want := search(), []string{"hom-nay", "phong-hom-nay", "phong-thanh-nien", "phong-to-chuc", "y-binh"}; !slices.Equal(got, want) {
			t.Errorf("search finds %q, want %q", got, want)
		}
		clock.Add(24 * time.Hour)
		if err := s.IndexDirectory(ctx); err != nil {
			t.Fatal(err)
		}
		want := []string{"phong-hom-nay", "phong-ngay-mai", "phong-thanh-nien", "phong-to-chuc", "y-binh"}
		if got := search(); !slices.Equal(got, want) {
			t.Errorf("a day later search finds %q, want %q", got, want)
		}
	})
}

func postTitles(p model.Person) []string {
	var titles []string
	for _, post := range p.Posts {
		titles = append(titles, post.Title)
	}
	return titles
}

func TestFindContacts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		office := storetest.Unit(t, s, "Văn phòng", func(u *model.Unit) {
			u.NameEN, u.Numbers = "Office", []model.Number{{E164: "02573000100", Official: true}}
		})
		archive := storetest.Unit(t, s, "Chi cục Lưu trữ")
		storetest.Person(t, s, "Đặng Thị Đường", []model.Post{{UnitID: office.ID, Title: "Chánh Văn phòng", TitleEN: "Chief of Office", Rank: 3}}, bothNumbers)
		storetest.Person(t, s, "Trần Văn Hoà", []model.Post{{UnitID: archive.ID, Title: "Chi cục trưởng", Rank: 3}})
		for text, want := range map[string][]string{
			"duong":            {"Đặng Thị Đường"},
			"ĐƯỜNG  đặng":      {"Đặng Thị Đường"},
			"hòa":              {"Trần Văn Hoà"},
			"van phong":        {"Văn phòng", "Đặng Thị Đường"},
			"office":           {"Văn phòng", "Đặng Thị Đường"},
			"chi cục trưởng":   {"Trần Văn Hoà"},
			"luu tru":          {"Chi cục Lưu trữ", "Trần Văn Hoà"},
			"3000.10":          {"Văn phòng", "Đặng Thị Đường"},
			"+84 257 3000 101": {"Đặng Thị Đường"},
			"30":               nil,
			"phòng 3000":       nil,
			"":                 nil,
			" \x00 ":           nil,
			"đường dài":        nil,
			"0900000102":       nil,
		} {
			d, err := s.FindContacts(context.Background(), model.Viewer{}, text)
			got := append(unitNames(d.Units), personNames(d.People)...)
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("%q: got %q, error %v, want %q", text, got, err, want)
			}
		}
	})
}

func TestPutContactsRefuses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		top := storetest.Unit(t, s, "Sở")
		under := storetest.Unit(t, s, "Phòng", func(u *model.Unit) { u.ParentID, u.Successor, u.Until = top.ID, top.ID, "2030-12-31" })
		var invalid model.Invalid
		for field, change := range map[string]func(*model.Unit){
			"parent":    func(u *model.Unit) { u.ParentID = under.ID },
			"successor": func(u *model.Unit) { u.Successor, u.Until = under.ID, "2030-12-31" },
			"numbers":   func(u *model.Unit) { u.Numbers = []model.Number{{E164: "12"}} },
			"slug":      func(u *model.Unit) { u.Slug = "nguoi" },
		} {
			u := top
			change(&u)
			if err := s.PutUnit(ctx, storetest.Actor(), &u); !errors.As(err, &invalid) || invalid[field] == "" {
				t.Errorf("unit: error %v, want Invalid for %s", err, field)
			}
		}
		for field, change := range map[string]func(*model.Person){
			"posts": func(p *model.Person) { p.Posts = []model.Post{{UnitID: 999, Title: "Chuyên viên", Rank: 9}} },
			"photo": func(p *model.Person) { p.Photo = model.Photo{Media: model.Media{ID: 999}, Alt: "Chân dung"} },
			"email": func(p *model.Person) { p.Email = "a b" },
		} {
			p := model.Person{Name: "Lê Văn A"}
			change(&p)
			if err := s.PutPerson(ctx, storetest.Actor(), &p); !errors.As(err, &invalid) || invalid[field] == "" {
				t.Errorf("person: error %v, want Invalid for %s", err, field)
			}
		}
		if err := s.PutPerson(ctx, storetest.Actor(), &model.Person{ID: 999, Name: "Lê Văn A"}); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("unknown person: error %v", err)
		}
	})
}

// A directory of many must not meet a database's limit on the number of parameters.
func TestDirectoryOfMany(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 1,200 people")
	}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		unit := storetest.Unit(t, s, "Phòng")
		photo := storetest.Picture(t, s, 1)
		for i := range 1200 {
			storetest.Person(t, s, fmt.Sprintf("Nguyễn Văn %d", i), []model.Post{{UnitID: unit.ID, Title: "Chuyên viên", Rank: 9}}, bothNumbers,
				func(p *model.Person) { p.Photo = model.Photo{Media: photo, Alt: "Chân dung"} })
		}
		d, err := s.Directory(context.Background(), storetest.Staff())
		if err != nil || len(d.People) != 1200 {
			t.Fatalf("%d people, error %v", len(d.People), err)
		}
		for i, p := range d.People {
			if p.Name != fmt.Sprintf("Nguyễn Văn %d", i) || len(p.Numbers) != 2 || len(p.Posts) != 1 || p.Photo.Media != photo {
				t.Fatalf("person %d is %+v", i, p)
			}
		}
		if _, err := s.MediaPublic(context.Background(), model.Viewer{}, photo.Hash); err != nil {
			t.Errorf("a portrait: %v", err)
		}
	})
}

func TestSearchFollowsPosts(t *testing.T) {
	storetest.EachClock(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		unit := storetest.Unit(t, s, "Văn phòng Sở")
		day := func(n int) model.Day { return model.DayOf(storetest.Start().AddDate(0, 0, n)) }
		storetest.Person(t, s, "Quách Ích", []model.Post{
			{UnitID: unit.ID, Title: "Chuyên viên", Rank: 5, Until: day(9)},
			{UnitID: unit.ID, Title: "Chánh Văn phòng", Rank: 3, From: day(10)},
		})
		for _, test := range []struct {
			add  int // days
			want string
		}{{0, "Chuyên viên, Văn phòng Sở"}, {10, "Chánh Văn phòng, Văn phòng Sở"}} {
			clock.Add(time.Duration(test.add) * 24 * time.Hour)
			if err := s.IndexDirectory(ctx); err != nil {
				t.Fatal(err)
			}
			result, err := s.Search(ctx, model.Viewer{}, model.SearchQuery{Text: "Quách Ích", Lang: "vi", Page: 1}, 10)
			if err != nil || len(result.Hits) != 1 || len(result.Hits[0].Snippet) != 1 || result.Hits[0].Snippet[0].Text != test.want {
				t.Errorf("after %d days: %+v, error %v, want %q", test.add, result, err, test.want)
			}
		}
	})
}

func TestSearchFindsNumbersAndRanks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		unit := storetest.Unit(t, s, "Phòng Cải cách", func(u *model.Unit) {
			u.Numbers = []model.Number{{E164: "0257 3000 107", Official: true}, {Kind: model.NumberHotline, E164: "1900 0107", Official: true}}
		})
		storetest.Person(t, s, "Trần Thấp", []model.Post{{UnitID: unit.ID, Title: "Giám đốc Trung tâm", Rank: 3}})
		storetest.Person(t, s, "Nguyễn Cao", []model.Post{{UnitID: unit.ID, Title: "Giám đốc", Rank: 1}})
		for query, want := range map[string][]string{
			"0257 3000 107":  {"phong-cai-cach"},
			"02573.000.107":  {"phong-cai-cach"},
			"+842573000107":  {"phong-cai-cach"},
			"1900.0107":      {"phong-cai-cach"},
			"đường dây nóng": {"phong-cai-cach"},
			"hotline":        {"phong-cai-cach"},
			"0257 3000 108":  nil,
			"giám đốc":       {"nguyen-cao", "tran-thap"},
			"giam doc":       {"nguyen-cao", "tran-thap"},
		} {
			result, err := s.Search(ctx, model.Viewer{}, model.SearchQuery{Text: query, Lang: "vi", Page: 1}, 10)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, hit := range result.Hits {
				got = append(got, hit.Ref)
			}
			if !slices.Equal(got, want) || result.Total != len(want) {
				t.Errorf("%q finds %q (%d), want %q", query, got, result.Total, want)
			}
		}
	})
}
