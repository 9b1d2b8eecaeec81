package store_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// raw opens the database behind the store's back.
func raw(t *testing.T, o store.Options) *sql.DB {
	t.Helper()
	driver, address := "sqlite", "file:"+filepath.Join(o.Dir, "congso.db")+"?_pragma=busy_timeout(5000)"
	if o.Database != "" {
		driver, address = "pgx", o.Database
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func run(t *testing.T, db *sql.DB, statement string, args ...any) {
	t.Helper()
	if _, err := db.Exec(statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// column reads the only column of a query, joined by spaces.
func column(t *testing.T, db *sql.DB, query string) string {
	t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var one string
		if err := rows.Scan(&one); err != nil {
			t.Fatal(err)
		}
		all = append(all, one)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, " ")
}

func TestEveryChangeLeavesNamesOfFieldsButNoValues(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		ctx, s := context.Background(), storetest.Open(t, o)
		by := model.Actor{UserID: 7, Name: "bientap"}
		section := storetest.Section(t, s, "Tin")
		unit := storetest.Unit(t, s, "Phòng")
		person := storetest.Person(t, s, "Y Bình", []model.Post{{UnitID: unit.ID, Title: "Trưởng phòng", Rank: 3}}, bothNumbers)
		n := storetest.News(t, s, section, "Tin")
		m := storetest.Meeting(t, s, "Họp")
		n.Title, n.Status, n.Tags = "Tin khác", model.StatusArchived, []model.Tag{{Name: "Thẻ"}}
		m.Place = "Phòng khác"
		person.Numbers = nil
		section.Notice = true
		unit.NameEN = "Office"
		site := model.Site{Name: "Sở", Opening: 12}
		by.UserID = 0
		for _, err := range []error{
			s.PutNews(ctx, by, &n), s.PutMeeting(ctx, by, &m), s.PutPerson(ctx, by, &person), s.PutSection(ctx, by, &section), s.PutUnit(ctx, by, &unit),
			s.PutSite(ctx, by, &site), s.PutLinkedSite(ctx, by, &model.LinkedSite{Name: "Tỉnh", URL: "https://tinh.example.vn"}),
			s.PutRedirect(ctx, by, "/cu.html", "/tin-tuc"),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		db := raw(t, o)
		got := strings.Split(column(t, db, `SELECT actor || ':' || action || ':' || kind || ':' || fields FROM audit ORDER BY id`), " ")
		want := []string{
			"seed:create:section:name,slug", "seed:create:unit:name,slug", "seed:create:person:name,numbers,posts,slug",
			"seed:create:news:body,publish_at,section,slug,status,summary,title,visibility",
			"seed:create:meeting:kind,place,publish_at,slug,start,status,title,visibility",
			"bientap:update:news:status,tags,title", "bientap:update:meeting:place", "bientap:update:person:numbers",
			"bientap:update:section:notice", "bientap:update:unit:name_en", "bientap:update:setting:name,opening",
			"bientap:approve:approved_host:host", "bientap:create:linked_site:name,url", "bientap:update:redirect:from,to",
		}
		if !slices.Equal(got, want) {
			t.Errorf("audit\n got %q\nwant %q", got, want)
		}
		if numbers := column(t, db, `SELECT kind || ':' || number FROM revision ORDER BY kind, number`); numbers !=
			"meeting:1 meeting:2 news:1 news:2 person:1 person:2 unit:1 unit:2" {
			t.Errorf("revisions are %q", numbers)
		}
		var kept model.News
		text := column(t, db, `SELECT data FROM revision WHERE kind = 'news' AND number = 1`)
		if err := json.Unmarshal([]byte(text), &kept); err != nil || kept.Title != "Tin" || kept.Body != n.Body || kept.HTML != "" || len(kept.Tags) != 0 {
			t.Errorf("first revision of the item is %q, error %v", text, err)
		}
		if count, err := s.VerifyAudit(ctx); err != nil || count != len(want) {
			t.Errorf("audit: %d entries hold, error %v, want %d", count, err, len(want))
		}
	})
}

func TestAuditNoticesEveryKindOfTampering(t *testing.T) {
	for name, tamper := range map[string]struct {
		statement string
		hold      int // entries before the damage
	}{
		"untouched":         {`UPDATE setting SET value = value`, 5},
		"changed actor":     {`UPDATE audit SET actor = 'x' WHERE id = 3`, 2},
		"changed time":      {`UPDATE audit SET at = at + 1 WHERE id = 3`, 2},
		"changed fields":    {`UPDATE audit SET fields = 'name' WHERE id = 3`, 2},
		"changed record":    {`UPDATE audit SET record_id = record_id + 1 WHERE id = 1`, 0},
		"changed user":      {`UPDATE audit SET user_id = 9 WHERE id = 5`, 4},
		"first taken out":   {`DELETE FROM audit WHERE id = 1`, 0},
		"middle taken out":  {`DELETE FROM audit WHERE id = 3`, 2},
		"last taken out":    {`DELETE FROM audit WHERE id = 5`, 4},
		"all taken out":     {`DELETE FROM audit`, 0},
		"a forged newest":   {`INSERT INTO audit (at, user_id, actor, action, kind, record_id, fields, previous, hash) SELECT at, user_id, actor, action, kind, record_id, fields, hash, 'f' FROM audit WHERE id = 5`, 5},
		"order of two swap": {`UPDATE audit SET id = 99 WHERE id = 2`, 1},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.EachOptions(t, func(t *testing.T, o store.Options) {
				s := storetest.Open(t, o)
				if count, err := s.VerifyAudit(context.Background()); err != nil || count != 0 {
					t.Fatalf("an empty trail: %d, error %v", count, err)
				}
				for _, section := range []string{"Một", "Hai", "Ba", "Bốn", "Năm"} {
					storetest.Section(t, s, section)
				}
				run(t, raw(t, o), tamper.statement)
				count, err := s.VerifyAudit(context.Background())
				if count != tamper.hold || errors.Is(err, store.ErrAuditBroken) == (name == "untouched") {
					t.Errorf("%d entries hold, error %v, want %d", count, err, tamper.hold)
				}
			})
		})
	}
}
