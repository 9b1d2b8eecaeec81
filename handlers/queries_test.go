package handlers_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"congso/handlers"
	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// queryCount counts the queries of a store; what begins and ends a transaction is none.
type queryCount struct{ atomic.Int64 }

func (n *queryCount) trace(query string) {
	if !strings.HasPrefix(query, "BEGIN") && query != "ROLLBACK" {
		n.Add(1)
	}
}

// publicPage is a kind of page that readers get, with the most queries that it may take while the frame is kept.
type publicPage struct {
	name, path string
	most       int64
}

func publicPages(p *portal) []publicPage {
	return []publicPage{
		{"home", "/", 11}, {"home-en", "/en", 11},
		{"news", "/tin-tuc", 4}, {"news-page-2", "/tin-tuc?trang=2", 6}, {"news-of-tag", "/tin-tuc?the=mot-cua", 6},
		{"section", "/chuyen-muc/cai-cach-hanh-chinh", 6}, {"section-page-2", "/chuyen-muc/cai-cach-hanh-chinh?trang=2", 8},
		{"item", "/tin-tuc/ban-tin-so-07", 2}, {"item-whole", "/tin-tuc/" + p.news.Slug, 4}, {"item-en", "/en/tin-tuc/ban-tin-so-07", 2},
		{"meetings", "/hoi-nghi", 7}, {"meetings-of-year", "/hoi-nghi?nam=2025", 13}, {"meeting", "/hoi-nghi/" + p.meeting.Slug, 13},
		{"meeting-json", "/hoi-nghi/" + p.meeting.Slug + ".json", 13}, {"calendar", "/hoi-nghi/lich.ics", 4},
		{"directory", "/danh-ba", 12}, {"directory-find", "/danh-ba?q=dung", 6}, {"unit", "/danh-ba/van-phong", 10},
		{"person", "/danh-ba/nguoi/pham-thi-anh-dao", 5}, {"person-vcf", "/danh-ba/nguoi/pham-thi-anh-dao.vcf", 6},
		{"articles", "/bai-viet", 0}, {"article", "/bai-viet/sao-luu", 0},
		{"search", "/tim-kiem?q=sua+chua", 7}, {"search-empty", "/tim-kiem", 0},
		{"stats", "/thong-ke", 3}, {"so-do", "/so-do", 9},
		{"rss", "/rss.xml", 3}, {"section-rss", "/chuyen-muc/cai-cach-hanh-chinh/rss.xml", 5}, {"sitemap", "/sitemap.xml", 19}, {"robots", "/robots.txt", 0},
		{"api-news", "/api/v1/news", 4}, {"api-meetings", "/api/v1/meetings", 4}, {"api-contacts", "/api/v1/contacts", 6},
		{"api-articles", "/api/v1/articles", 0}, {"api-stats", "/api/v1/stats", 1},
	}
}

// frameQueries is the most that the frame takes, which all pages of a second share.
const frameQueries = 10

// TestQueriesPerPage: few queries for each kind of page, and no more of them when there are twice the rows.
func TestQueriesPerPage(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		count := &queryCount{}
		o.Trace = count.trace
		p := newPortal(t, o, seed)
		p.many(t, "Lê")
		few := p.queriesOf(t, count)
		p.many(t, "Lý")
		many := p.queriesOf(t, count)
		for _, page := range publicPages(p) {
			if got := many[page.name]; got > page.most {
				t.Errorf("%s: %d queries, want at most %d", page.name, got, page.most)
			}
			if few[page.name] != many[page.name] {
				t.Errorf("%s: %d queries with few rows, %d with many", page.name, few[page.name], many[page.name])
			}
		}
	})
}

// queriesOf counts the queries of each page, the frame's apart.
func (p *portal) queriesOf(t *testing.T, count *queryCount) map[string]int64 {
	t.Helper()
	p.server = handlers.New(p.options) // which has read no frame yet
	counts := map[string]int64{}
	ask := func(path string) int64 {
		before := count.Load()
		if a := p.get(path); a.status != 200 {
			t.Errorf("%s: status %d", path, a.status)
		}
		return count.Load() - before
	}
	ask("/en/bai-viet") // and the salts of the visitors
	if frame := ask("/bai-viet"); frame == 0 || frame > frameQueries {
		t.Errorf("the frame took %d queries, want some and at most %d", frame, frameQueries)
	}
	for _, page := range publicPages(p) {
		counts[page.name] = ask(page.path)
	}
	return counts
}

// many adds rows of every kind to what the pages show.
func (p *portal) many(t *testing.T, name string) {
	t.Helper()
	ctx := t.Context()
	section, err := p.store.SectionBySlug(ctx, "cai-cach-hanh-chinh")
	must(t, err)
	office, err := p.store.UnitBySlug(ctx, storetest.Outsider(), "van-phong")
	must(t, err)
	cover := picture(t, p.store, 500, 33)
	for i := range 20 {
		storetest.News(t, p.store, section, fmt.Sprintf("Sửa chữa nhà %s %d", name, i), func(n *model.News) {
			n.Tags, n.Featured, n.PublishAt = []model.Tag{{Name: "Một cửa"}}, i%2 == 0, p.store.Now().Add(-time.Duration(i+3)*time.Hour)
			n.Cover = model.Photo{Media: cover, Alt: "Ảnh"}
		})
		storetest.Meeting(t, p.store, fmt.Sprintf("Họp %s %d", name, i), func(m *model.Meeting) {
			m.Start, m.NewsID = p.store.Now().AddDate(0, 0, i-10), p.news.ID
			m.Participants = []model.Participant{{Name: "Trần Văn Ân", Role: model.Chair}, {Name: "Bùi An", Role: model.Secretary}}
		})
		unit := storetest.Unit(t, p.store, fmt.Sprintf("Phòng %s %d", name, i), func(u *model.Unit) { u.ParentID = office.Unit.ID })
		storetest.Person(t, p.store, fmt.Sprintf("%s Dung %d", name, i), []model.Post{
			{UnitID: unit.ID, Title: "Trưởng phòng", Rank: 3, From: "2023-02-01"}, {UnitID: office.Unit.ID, Title: "Chuyên viên", Rank: 9, From: "2023-02-01"},
		}, func(person *model.Person) { person.Numbers = []model.Number{{E164: "0257 3000 104", Official: true}} })
	}
}
