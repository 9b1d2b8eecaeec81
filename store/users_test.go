package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

const goodPassword = "Cầu treo đỏ 7 nhịp"

func TestPutUser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		one, two := storetest.Section(t, s, "Một"), storetest.Section(t, s, "Hai")
		u := model.User{Name: " hoa.tran ", FullName: "Trần  Thị Hoa", Email: "hoa@so.example.vn", Role: model.RoleAuthor, Sections: []int64{two.ID, one.ID, two.ID}}
		must(t, s.PutUser(ctx, storetest.Actor(), &u))
		want := model.User{ID: u.ID, Name: "hoa.tran", FullName: "Trần Thị Hoa", Email: "hoa@so.example.vn", Role: model.RoleAuthor,
			Sections: []int64{one.ID, two.ID}, CreatedAt: s.Now(), UpdatedAt: s.Now()}
		for name, get := range map[string]func() (model.User, error){
			"by id":   func() (model.User, error) { return s.UserByID(ctx, u.ID) },
			"by name": func() (model.User, error) { return s.UserByName(ctx, "hoa.tran") },
		} {
			got, err := get()
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("%s: %v, -want +got:\n%s", name, err, diff)
			}
		}
		for name, c := range map[string]struct {
			change func(u *model.User)
			field  string
		}{
			"a name that is taken":  {func(u *model.User) { u.ID = 0 }, "name"},
			"a name with capitals":  {func(u *model.User) { u.Name = "Hoa" }, "name"},
			"a name of two letters": {func(u *model.User) { u.Name = "ho" }, "name"},
			"a name with marks":     {func(u *model.User) { u.Name = "hoà" }, "name"},
			"no full name":          {func(u *model.User) { u.FullName = " " }, "full_name"},
			"a long full name":      {func(u *model.User) { u.FullName = strings.Repeat("ệ", 101) }, "full_name"},
			"no e-mail":             {func(u *model.User) { u.Email = "hoa" }, "email"},
			"no role":               {func(u *model.User) { u.Role = "" }, "role"},
			"an unknown role":       {func(u *model.User) { u.Role = "root" }, "role"},
			"an unknown section":    {func(u *model.User) { u.Sections = []int64{999} }, "sections"},
		} {
			broken := u
			c.change(&broken)
			invalid := model.Invalid{}
			if err := s.PutUser(ctx, storetest.Actor(), &broken); !errors.As(err, &invalid) || invalid[c.field] == "" {
				t.Errorf("%s: %v, want Invalid for %s", name, err, c.field)
			}
		}
		absent := model.User{ID: 999, Name: "ai.do", FullName: "Ai Đó", Role: model.RoleStaff}
		if err := s.PutUser(ctx, storetest.Actor(), &absent); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("an id that is not there: %v", err)
		}
	})
}

// TestLastAdmin: nobody can take the last administrator away, be it by role or by disabling.
func TestLastAdmin(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		first := storetest.User(t, s, "mot", model.RoleAdmin)
		out := storetest.User(t, s, "hai", model.RoleAdmin, func(u *model.User) { u.Disabled = true })
		change := func(u model.User, role model.Role, disabled bool) error {
			u.Role, u.Disabled = role, disabled
			return s.PutUser(ctx, storetest.Actor(), &u)
		}
		var invalid model.Invalid
		if err := change(first, model.RoleEditor, false); !errors.As(err, &invalid) || invalid["role"] == "" {
			t.Errorf("another role: %v", err)
		}
		if err := change(first, model.RoleAdmin, true); !errors.As(err, &invalid) || invalid["disabled"] == "" {
			t.Errorf("disabled: %v", err)
		}
		must(t, change(out, model.RoleAdmin, false))
		must(t, change(first, model.RoleAdmin, true))
		if err := change(out, model.RoleStaff, false); !errors.As(err, &invalid) {
			t.Errorf("the other one, now the last: %v", err)
		}
		must(t, change(first, model.RoleStaff, true)) // one who is no administrator in use
	})
}

// TestAccountsAreAudited: each change leaves an entry with the names of fields, never their values.
func TestAccountsAreAudited(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		s, ctx := storetest.Open(t, o), context.Background()
		u := storetest.User(t, s, "hoa.tran", model.RoleAdmin)
		other := storetest.User(t, s, "minh.le", model.RoleStaff)
		other.Disabled, other.Email = true, "minh@so.example.vn"
		must(t, s.PutUser(ctx, storetest.Actor(), &other))
		must(t, s.SetPassword(ctx, storetest.Actor(), u.ID, goodPassword, ""))
		_, err := s.ResetPassword(ctx, storetest.Actor(), u.ID)
		must(t, err)
		_, err = s.NewRecoveryCodes(ctx, u)
		must(t, err)
		must(t, s.ResetFactor(ctx, storetest.Actor(), u.ID, ""))
		must(t, s.SetFactorRoles(ctx, storetest.Actor(), []model.Role{model.RoleAdmin}))
		rows, err := raw(t, o).Query(`SELECT action, kind, record_id, fields FROM audit ORDER BY id`)
		must(t, err)
		var got []string
		for rows.Next() {
			var action, kind, fields string
			var id int64
			must(t, rows.Scan(&action, &kind, &id, &fields))
			got = append(got, fmt.Sprint(action, " ", kind, " ", id, " ", fields))
		}
		must(t, rows.Err())
		want := []string{
			fmt.Sprint("create user ", u.ID, " full_name,name,role"), fmt.Sprint("create user ", other.ID, " full_name,name,role"),
			fmt.Sprint("update user ", other.ID, " disabled,email"), fmt.Sprint("update user ", u.ID, " password"), fmt.Sprint("update user ", u.ID, " password"),
			fmt.Sprint("update user ", u.ID, " recovery_codes"), fmt.Sprint("update user ", u.ID, " factor"), "update setting 0 two_factor_roles",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		if n, err := s.VerifyAudit(ctx); err != nil || n != len(want) {
			t.Errorf("%d entries: %v", n, err)
		}
	})
}

func TestUsersList(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for i, name := range []string{"an.1", "an-2", "an_3", "binh", "chi"} {
			storetest.User(t, s, name, model.Roles()[i%4], func(u *model.User) {
				u.FullName, u.Disabled = []string{"Đỗ Ước", "Đỗ Ước Mơ", "Lê Lợi", "Đặng Bình", "Vũ Chi"}[i], i == 4
			})
		}
		for name, c := range map[string]struct {
			filter store.UserFilter
			page   int
			want   string
			total  int
		}{
			"all, first page":   {store.UserFilter{}, 1, "an-2 an.1", 5},
			"all, last page":    {store.UserFilter{}, 3, "chi", 5},
			"all, beyond":       {store.UserFilter{}, 4, "", 5},
			"all, far beyond":   {store.UserFilter{}, 1 << 40, "", 5},
			"page 0":            {store.UserFilter{}, 0, "", 5},
			"words unaccented":  {store.UserFilter{Words: "uoc DO"}, 1, "an-2 an.1", 2},
			"words accented":    {store.UserFilter{Words: "đặng"}, 1, "binh", 1},
			"part of a name":    {store.UserFilter{Words: "an_"}, 1, "an_3", 1},
			"role":              {store.UserFilter{Role: model.RoleStaff}, 1, "an.1 chi", 2},
			"disabled":          {store.UserFilter{Disabled: true}, 1, "chi", 1},
			"nothing like that": {store.UserFilter{Words: "khongco"}, 1, "", 0},
		} {
			list, total, err := s.Users(context.Background(), c.filter, c.page, 2)
			var names []string
			for _, u := range list {
				names = append(names, u.Name)
			}
			if got := strings.Join(names, " "); err != nil || got != c.want || total != c.total {
				t.Errorf("%s: %q of %d: %v, want %q of %d", name, got, total, err, c.want, c.total)
			}
		}
	})
}

func TestFactorRoles(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		for _, c := range []struct{ set, want []model.Role }{
			{nil, []model.Role{model.RoleEditor, model.RoleAdmin}},
			{[]model.Role{model.RoleStaff, "root"}, []model.Role{model.RoleStaff}},
			{[]model.Role{}, []model.Role{}},
		} {
			if c.set != nil {
				must(t, s.SetFactorRoles(ctx, storetest.Actor(), c.set))
			}
			if got, err := s.FactorRoles(ctx); err != nil || !slices.Equal(got, c.want) {
				t.Errorf("%v: %v, %v", c.set, got, err)
			}
		}
	})
}
