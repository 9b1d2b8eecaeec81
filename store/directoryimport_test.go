package store_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// importDirectory is what the imports of the tests meet: a department, an office in it and one that is gone, and three people.
func importDirectory(t *testing.T, s *store.Store) (office model.Unit) {
	t.Helper()
	top := storetest.Unit(t, s, "Sở Nội vụ", func(u *model.Unit) { u.Email = "so@example.vn" })
	office = storetest.Unit(t, s, "Văn phòng Sở", func(u *model.Unit) {
		u.ParentID, u.Numbers = top.ID, []model.Number{{E164: "0257 3000 100", Official: true}}
	})
	storetest.Unit(t, s, "Phòng Thanh niên", func(u *model.Unit) { u.Until, u.Successor = "2026-01-31", office.ID })
	storetest.Person(t, s, "Nguyễn Thị Hoà", []model.Post{{UnitID: office.ID, Title: "Chánh Văn phòng", TitleEN: "Chief", Rank: 3, From: "2020-03-01"}},
		bothNumbers, func(p *model.Person) { p.Email, p.Honorific = "hoa@example.vn", "Bà" })
	storetest.Person(t, s, "Trần Văn An", []model.Post{{UnitID: office.ID, Title: "Chuyên viên", Rank: 9}, {UnitID: top.ID, Title: "Bí thư Đoàn", Rank: 8}})
	storetest.Person(t, s, "Lê Chung", []model.Post{{UnitID: office.ID, Title: "Văn thư", Rank: 9}})
	storetest.Person(t, s, "Lê Chung", []model.Post{{UnitID: office.ID, Title: "Lái xe", Rank: 9}})
	return office
}

func TestPlanImportRow(t *testing.T) {
	cases := map[string]struct {
		row     model.ContactRow
		want    model.ImportOutcome
		changes []string // "field: before → after"
		faults  []string // "field: beginning of the message"
		notes   []string // a part of each
	}{
		"same by name and unit": {row: model.ContactRow{Unit: "văn phòng sở", Name: "Nguyễn Thị Hòa", Title: "Chánh văn phòng"}, want: model.ImportSame},
		"same without accents":  {row: model.ContactRow{Unit: "Van phong So", Name: "Nguyen Thi Hoa", Title: "Chanh Van phong", From: "1/3/2020"}, want: model.ImportSame},
		"same numbers however typed": {row: model.ContactRow{Name: "Nguyễn Thị Hoà", Email: "HOA@example.vn", Office: "02573.000.101", Mobile: "+84 900 000 102"},
			want: model.ImportChange, changes: []string{"email: hoa@example.vn → HOA@example.vn"}},
		"a new mobile is personal": {row: model.ContactRow{Unit: "Văn phòng Sở", Name: "Trần Văn An", Title: "Chuyên viên", Mobile: "0900.000.555"},
			want: model.ImportChange, changes: []string{"mobile:  → 0900 000 555 (cá nhân)"}},
		"a mobile marked official": {row: model.ContactRow{Unit: "Văn phòng Sở", Name: "Trần Văn An", Title: "Chuyên viên", Mobile: "0900000555", Official: "Có"},
			want: model.ImportChange, changes: []string{"mobile:  → 0900 000 555 (chính thức)"}},
		"a mobile in the office's column": {row: model.ContactRow{Unit: "Văn phòng Sở", Name: "Trần Văn An", Title: "Chuyên viên", Office: "0900000555"},
			want: model.ImportChange, changes: []string{"office:  → 0900 000 555 (cá nhân)"}, notes: []string{"là số cá nhân"}},
		"two numbers, one with a mark": {row: model.ContactRow{Unit: "Văn phòng Sở", Name: "Trần Văn An", Title: "Chuyên viên", Office: "0257 3000 105, máy lẻ 7; 0257 3000 106 (cá nhân)"},
			want: model.ImportChange, changes: []string{"office:  → 0257 3000 105 (máy lẻ 7); 0257 3000 106 (cá nhân)"}},
		"a zero lost": {row: model.ContactRow{Unit: "Văn phòng Sở", Name: "Trần Văn An", Title: "Chuyên viên", Office: "2573000105", Mobile: "900000555"},
			want: model.ImportChange, changes: []string{"office:  → 0257 3000 105", "mobile:  → 0900 000 555 (cá nhân)"}, notes: []string{"số 0", "số 0"}},
		"another mobile in place of the old one": {row: model.ContactRow{Slug: "nguyen-thi-hoa", Mobile: "0900000999"},
			want: model.ImportChange, changes: []string{"mobile: 0900 000 102 (cá nhân) → 0900 000 999 (cá nhân)"}},
		"by e-mail into another unit": {row: model.ContactRow{Unit: "Sở Nội vụ", Name: "Nguyễn Thị Hoà", Title: "Phó Giám đốc", Rank: "2", Email: "hoa@example.vn"},
			want: model.ImportChange, changes: []string{"title:  → Phó Giám đốc, Sở Nội vụ, bậc 2"}},
		"another title": {row: model.ContactRow{Unit: "Văn phòng Sở", Name: "Nguyễn Thị Hoà", Title: "Phó Chánh Văn phòng", Rank: "4"}, want: model.ImportChange,
			changes: []string{"title: Chánh Văn phòng (Chief), Văn phòng Sở, bậc 3, từ 01/03/2020 → Phó Chánh Văn phòng (Chief), Văn phòng Sở, bậc 4, từ 01/03/2020"}},
		"another title from a day on": {row: model.ContactRow{Unit: "Văn phòng Sở", Name: "Nguyễn Thị Hoà", Title: "Trưởng ban", Rank: "3", From: "01/06/2026"}, want: model.ImportChange,
			changes: []string{"title: Chánh Văn phòng (Chief), Văn phòng Sở, bậc 3, từ 01/03/2020 → Chánh Văn phòng (Chief), Văn phòng Sở, bậc 3, từ 01/03/2020 đến 31/05/2026; Trưởng ban, Văn phòng Sở, bậc 3, từ 01/06/2026"}},
		"another name by code": {row: model.ContactRow{Slug: "tran-van-an", Name: "Trần Văn Ân", Honorific: "Ông"}, want: model.ImportChange,
			changes: []string{"name: Trần Văn An → Trần Văn Ân", "honorific:  → Ông"}},
		"somebody new": {row: model.ContactRow{Unit: "Văn phòng Sở", Name: "Trần Văn Ân", Title: "Chuyên viên"}, want: model.ImportAdd,
			changes: []string{"name:  → Trần Văn Ân", "title:  → Chuyên viên, Văn phòng Sở, bậc 9"}, notes: []string{"thứ bậc"}},
		"a namesake elsewhere": {row: model.ContactRow{Unit: "Sở Nội vụ", Name: "Nguyễn Thị Hoà", Title: "Kế toán", Rank: "9"}, want: model.ImportAdd,
			changes: []string{"name:  → Nguyễn Thị Hoà", "title:  → Kế toán, Sở Nội vụ, bậc 9"}, notes: []string{"mã danh bạ nguyen-thi-hoa"}},
		"a unit the same": {row: model.ContactRow{Unit: "Văn phòng Sở", Parent: "Sở Nội vụ", Office: "0257 3000 100"}, want: model.ImportSame},
		"a unit changed": {row: model.ContactRow{Unit: "Văn phòng Sở", English: "Office", Hotline: "1900 0000", Rank: "3"}, want: model.ImportChange,
			changes: []string{"english:  → Office", "rank: 0 → 3", "hotline:  → 1900 0000"}},
		"a new unit": {row: model.ContactRow{Unit: "Thanh tra Sở", Parent: "so noi vu", From: "2026-07-01"}, want: model.ImportAdd,
			changes: []string{"unit:  → Thanh tra Sở", "parent:  → Sở Nội vụ", "from:  → 01/07/2026"}},

		"an unknown unit":     {row: model.ContactRow{Unit: "Phòng Lạ", Name: "Đỗ Mới", Title: "Chuyên viên"}, want: model.ImportFault, faults: []string{"unit: Chưa có đơn vị này"}},
		"a unit that is gone": {row: model.ContactRow{Unit: "Phòng Thanh niên", Name: "Đỗ Mới", Title: "Chuyên viên"}, want: model.ImportFault, faults: []string{"unit: Đơn vị này không còn"}},
		"an unknown parent":   {row: model.ContactRow{Unit: "Phòng Mới", Parent: "Cục Lạ"}, want: model.ImportFault, faults: []string{"parent: Chưa có"}},
		"its own parent":      {row: model.ContactRow{Unit: "Sở Nội vụ", Parent: "Văn phòng Sở"}, want: model.ImportFault, faults: []string{"parent: Đơn vị không thể"}},
		"no title":            {row: model.ContactRow{Unit: "Văn phòng Sở", Name: "Đỗ Mới"}, want: model.ImportFault, faults: []string{"title: Người mới"}},
		"nobody":              {row: model.ContactRow{Mobile: "0900000555"}, want: model.ImportFault, faults: []string{"unit: Dòng chưa có"}},
		"two namesakes":       {row: model.ContactRow{Unit: "Văn phòng Sở", Name: "Lê Chung", Title: "Văn thư"}, want: model.ImportFault, faults: []string{"name: Có 2 người"}},
		"e-mail of another":   {row: model.ContactRow{Unit: "Văn phòng Sở", Name: "Đỗ Mới", Title: "Chuyên viên", Email: "hoa@example.vn"}, want: model.ImportFault, faults: []string{"email: Thư điện tử này là của Nguyễn Thị Hoà"}},
		"much that is wrong": {row: model.ContactRow{Unit: "Văn phòng Sở", Name: "Nguyễn Thị Hoà", Title: "Chánh Văn phòng", Rank: "cao", From: "31/02/2026", Office: "12 34", Email: "a b", Confirmed: "01/01/2030", Official: "ờ"},
			want: model.ImportFault, faults: []string{"confirmed: Ngày xác nhận chưa tới", "email: Địa chỉ thư", "from: Ngày không hợp lệ", "office: Số điện thoại không hợp lệ", "official: Hãy ghi có", "rank: Thứ bậc"}},
		"days the wrong way round": {row: model.ContactRow{Unit: "Văn phòng Sở", Name: "Nguyễn Thị Hoà", Title: "Chánh Văn phòng", Until: "01/01/2019"},
			want: model.ImportFault, faults: []string{"title: Ngày thôi giữ chức vụ"}},
		"a cell without end": {row: model.ContactRow{Unit: "Văn phòng Sở", Name: strings.Repeat("a", 10_000), Title: "x"}, want: model.ImportFault, faults: []string{"name: Dài quá 300 ký tự"}},
	}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		importDirectory(t, s)
		for name, c := range cases {
			c.row.Line = 2
			plan, err := s.PlanImport(ctx, []model.ContactRow{c.row}, false)
			if err != nil {
				t.Fatal(err)
			}
			got := plan.Rows[0]
			var changes, faults []string
			for _, change := range got.Changes {
				changes = append(changes, change.Field+": "+change.Before+" → "+change.After)
			}
			for _, field := range got.FaultColumns() {
				faults = append(faults, field+": "+got.Faults[field])
			}
			if got.Outcome != c.want || !cmp.Equal(changes, c.changes) || !slices.EqualFunc(faults, c.faults, strings.HasPrefix) ||
				!slices.EqualFunc(got.Notes, c.notes, strings.Contains) {
				t.Errorf("%s: %s\nchanges %q\nwant    %q\nfaults %q\nwant   %q\nnotes %q", name, got.Outcome, changes, c.changes, faults, c.faults, got.Notes)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(cases)) {
			if cases[name].want != model.ImportFault {
				applyTwice(t, s, name, cases[name].row)
			}
		}
	})
}

// applyTwice imports the row into the directory as the rows before have left it, and wants nothing left to do.
func applyTwice(t *testing.T, s *store.Store, name string, row model.ContactRow) {
	t.Helper()
	ctx, rows := context.Background(), []model.ContactRow{row}
	plan, err := s.PlanImport(ctx, rows, false)
	if err == nil {
		err = s.ApplyImport(ctx, storetest.Actor(), plan)
	}
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	again, err := s.PlanImport(ctx, rows, false)
	if err != nil || again.Rows[0].Outcome != model.ImportSame || len(again.Units)+len(again.People) > 0 {
		t.Errorf("%s, the second time: %+v, error %v", name, again, err)
	}
}

// importFile is a file with rows of every kind; two have faults.
func importFile() []model.ContactRow {
	rows := []model.ContactRow{
		{Unit: "Phòng Cải cách", Parent: "Ban Hành chính", Office: "0257 3000 120"},
		{Unit: "Ban Hành chính", Parent: "Sở Nội vụ"},
		{Unit: "Phòng Cải cách", Name: "Võ Thị Mai", Title: "Trưởng phòng", Rank: "3", Mobile: "0900 000 333", Email: "mai@example.vn"},
		{Unit: "Phòng Cải cách", Name: "Võ Thị Mai", Title: "Tổ trưởng công đoàn", Rank: "8", Email: "mai@example.vn"},
		{Unit: "Sở Nội vụ", Name: "Võ Thị Mai", Title: "Uỷ viên", Rank: "7", Email: "mai@example.vn"},
		{Unit: "Phòng Cải cách", Name: "Võ Thị Mai", Title: "Trưởng phòng", Email: "mai@example.vn"}, // once more
		{Unit: "Văn phòng Sở", Name: "Nguyễn Thị Hoà", Title: "Chánh Văn phòng", Mobile: "0900 000 102 (chính thức)"},
		{Unit: "Văn phòng Sở", Name: "Hồ Sai", Title: "Chuyên viên", Office: "1"},
		{Unit: "Văn phòng Sở", Name: "Trần Văn An", Title: "Chuyên viên"},
	}
	for i := range rows {
		rows[i].Line = i + 2
	}
	return rows
}

func outcomes(plan model.ImportPlan) []model.ImportOutcome {
	var list []model.ImportOutcome
	for _, r := range plan.Rows {
		list = append(list, r.Outcome)
	}
	return list
}

func TestApplyImport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		importDirectory(t, s)
		plan, err := s.PlanImport(ctx, importFile(), false)
		want := []model.ImportOutcome{"add", "add", "add", "add", "add", "fault", "change", "fault", "same"}
		if err != nil || !slices.Equal(outcomes(plan), want) {
			t.Fatalf("plan %q, error %v, want %q", outcomes(plan), err, want)
		}
		before, err := s.VerifyAudit(ctx)
		if err != nil {
			t.Fatal(err)
		}
		var invalid model.Invalid
		if err := s.ApplyImport(ctx, storetest.Actor(), plan); !errors.As(err, &invalid) || invalid["rows"] == "" {
			t.Fatalf("a plan with faults: %v", err)
		}
		plan.LeaveOut = true
		if err := s.ApplyImport(ctx, storetest.Actor(), plan); err != nil {
			t.Fatal(err)
		}
		if after, err := s.VerifyAudit(ctx); err != nil || after != before+4 {
			t.Errorf("%d audit entries, error %v, want %d: two units, two people", after, err, before+4)
		}
		mai, err := s.PersonBySlug(ctx, storetest.Staff(), "vo-thi-mai")
		if titles := postTitles(mai); err != nil || !slices.Equal(titles, []string{"Trưởng phòng", "Uỷ viên", "Tổ trưởng công đoàn"}) || len(mai.Numbers) != 1 || mai.Numbers[0].Official {
			t.Errorf("the new person: %+v, error %v", mai, err)
		}
		if mai, err = s.PersonBySlug(ctx, storetest.Inside(), "vo-thi-mai"); err != nil || len(mai.Numbers) != 0 {
			t.Errorf("her number outside: %+v, error %v", mai.Numbers, err)
		}
		for text, found := range map[string]int{"Võ Thị Mai": 1, "0900000333": 0, "0900000102": 1, "Phòng Cải cách": 1, "Hồ Sai": 0} {
			result, err := s.Search(ctx, model.Viewer{}, model.SearchQuery{Text: text, Lang: "vi", Page: 1}, 10)
			if err != nil || min(result.Total, 1) != found {
				t.Errorf("search %q: %d, error %v, want %d", text, result.Total, err, found)
			}
		}
		view, err := s.UnitBySlug(ctx, model.Viewer{}, "phong-cai-cach")
		if err != nil || view.Parent.Name != "Ban Hành chính" || len(view.People) != 1 {
			t.Errorf("the new unit: %+v, error %v", view, err)
		}
		if plan, err = s.PlanImport(ctx, importFile(), false); err != nil || plan.Count(model.ImportSame) != 7 || plan.Count(model.ImportFault) != 2 {
			t.Errorf("a second run: %q, error %v", outcomes(plan), err)
		}
	})
}

func TestApplyImportRefusesWhatMoved(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		importDirectory(t, s)
		rows := importFile()[:5]
		rows = append(rows, importFile()[6])
		plan, err := s.PlanImport(ctx, rows, false)
		if err != nil || plan.Count(model.ImportFault) != 0 {
			t.Fatalf("%q, error %v", outcomes(plan), err)
		}
		hoa, err := s.PersonBySlug(ctx, storetest.Staff(), "nguyen-thi-hoa")
		if err != nil {
			t.Fatal(err)
		}
		hoa.Numbers = hoa.Numbers[:1]
		if err := s.PutPerson(ctx, storetest.Actor(), &hoa); err != nil {
			t.Fatal(err)
		}
		before, _ := s.WholeDirectory(ctx, storetest.Staff())
		if err := s.ApplyImport(ctx, storetest.Actor(), plan); !errors.Is(err, model.ErrConflict) {
			t.Errorf("error %v, want a conflict", err)
		}
		after, err := s.WholeDirectory(ctx, storetest.Staff())
		if diff := cmp.Diff(before, after); err != nil || diff != "" {
			t.Errorf("something was written, error %v:\n%s", err, diff)
		}
	})
}

func TestImportMakesNewUnitsWhenAllowed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		rows := []model.ContactRow{
			{Line: 2, Unit: "Phòng Một", Name: "Lê A", Title: "Chuyên viên", Rank: "9"},
			{Line: 3, Unit: "Phòng Một", Name: "Lê B", Title: "Chuyên viên", Rank: "9"},
			{Line: 4, Unit: "Phòng Hai", Name: "Lê C", Title: "Chuyên viên", Office: "x"},
		}
		plan, err := s.PlanImport(ctx, rows, true)
		if err != nil || !slices.Equal(outcomes(plan), []model.ImportOutcome{"add", "add", "fault"}) || len(plan.Units) != 1 {
			t.Fatalf("%q, %d units, error %v", outcomes(plan), len(plan.Units), err)
		}
		plan.LeaveOut = true
		if err := s.ApplyImport(ctx, storetest.Actor(), plan); err != nil {
			t.Fatal(err)
		}
		d, err := s.Directory(ctx, model.Viewer{})
		if err != nil || !slices.Equal(unitNames(d.Units), []string{"Phòng Một"}) || len(d.People) != 2 {
			t.Errorf("%q and %d people, error %v", unitNames(d.Units), len(d.People), err)
		}
	})
}

func TestContactRowsComeBackTheSame(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		office := importDirectory(t, s)
		storetest.Person(t, s, "Đa Năng", []model.Post{
			{UnitID: office.ID, Title: "Kế toán", Rank: 9, From: "2021-01-01", Until: "2022-01-01"}, {UnitID: office.ID, Title: "Kế toán", Rank: 9, From: "2024-01-01"},
			{UnitID: office.ID, Title: "Thủ quỹ", Rank: 9}, {UnitID: office.ID, Title: "Kế toán trưởng", Rank: 4, From: "2026-09-01"},
		}, func(p *model.Person) {
			p.ConfirmedOn = "2026-01-02"
			p.Numbers = []model.Number{{Kind: model.NumberMobile, E164: "0900000201", Official: true}, {E164: "0900000202"}, {Kind: model.NumberOffice, E164: "0900000203", Official: true},
				{E164: "0257 3000 109 x12"}, {Kind: model.NumberFax, E164: "0257 3000 110", Official: true}, {E164: "1900 0000", Official: true}}
		})
		d, err := s.WholeDirectory(ctx, storetest.Staff())
		if err != nil {
			t.Fatal(err)
		}
		rows := model.ContactRows(d, s.Today())
		if len(rows) != 2+5+3 {
			t.Errorf("%d rows", len(rows))
		}
		plan, err := s.PlanImport(ctx, rows, false)
		if err != nil || plan.Count(model.ImportSame) != len(rows) {
			for _, r := range plan.Rows {
				if r.Outcome != model.ImportSame {
					t.Errorf("%+v", r)
				}
			}
			t.Errorf("%q, error %v", outcomes(plan), err)
		}
	})
}

func TestImportOfMany(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 2,000 people")
	}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		rows := []model.ContactRow{{Line: 2, Unit: "Phòng"}}
		for i := range 2000 {
			rows = append(rows, model.ContactRow{Line: i + 3, Unit: "Phòng", Name: fmt.Sprintf("Nguyễn Văn %d", i), Title: "Chuyên viên", Rank: "9", Mobile: fmt.Sprintf("0900 %06d", i)})
		}
		plan, err := s.PlanImport(ctx, rows, false)
		if err == nil {
			err = s.ApplyImport(ctx, storetest.Actor(), plan)
		}
		if err != nil {
			t.Fatal(err)
		}
		if plan, err = s.PlanImport(ctx, rows, false); err != nil || plan.Count(model.ImportSame) != len(rows) {
			t.Errorf("%d the same of %d, error %v", plan.Count(model.ImportSame), len(rows), err)
		}
	})
}
