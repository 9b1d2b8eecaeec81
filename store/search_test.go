package store_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// article is an article of the index; its hash is its content.
func article(path, title, summary, body string, day model.Day) model.Article {
	return model.Article{
		Lang: "vi", Path: path, Title: title, Description: summary, Text: body, Date: day, Visibility: model.Public,
		Hash: title + summary + body + string(day),
	}
}

func index(t testing.TB, s *store.Store, list ...model.Article) {
	t.Helper()
	if err := s.IndexArticles(context.Background(), list); err != nil {
		t.Fatal(err)
	}
}

// refs are what an outsider finds, in order.
func refs(t testing.TB, s *store.Store, q model.SearchQuery) []string {
	t.Helper()
	return refsFor(t, s, model.Viewer{}, q)
}

func refsFor(t testing.TB, s *store.Store, v model.Viewer, q model.SearchQuery) []string {
	t.Helper()
	result, err := s.Search(context.Background(), v, q, 100)
	if err != nil {
		t.Fatalf("search %q: %v", q.Text, err)
	}
	if result.Total != len(result.Hits) || result.More {
		t.Errorf("search %q: total %d, more %v, but %d hits", q.Text, result.Total, result.More, len(result.Hits))
	}
	list := []string{}
	for _, hit := range result.Hits {
		list = append(list, hit.Ref)
	}
	return list
}

func TestSearchSamples(t *testing.T) {
	samples, err := os.ReadFile("testdata/search.tsv")
	if err != nil {
		t.Fatal(err)
	}
	each(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		var docs []model.Article
		for line := range strings.Lines(string(samples)) {
			cells := strings.Split(strings.TrimRight(line, "\n"), "\t")
			if cells[0] == "doc" {
				day := model.Day(fmt.Sprintf("2023-06-%02d", len(docs)+1))
				docs = append(docs, article(cells[1], cells[2], "", cells[3], day))
				index(t, s, docs...)
			}
			if cells[0] == "query" {
				checkSample(t, s, cells[1], cells[2], strings.Fields(cells[3]))
			}
		}
		if len(docs) != 6 {
			t.Errorf("%d documents", len(docs))
		}
	})
}

func checkSample(t *testing.T, s *store.Store, text, mode string, want []string) {
	t.Helper()
	got := refs(t, s, model.SearchQuery{Text: text})
	switch mode {
	case "any-order":
		slices.Sort(got)
	case "first":
		got = got[:min(len(got), len(want))]
	default:
		t.Fatalf("unknown mode %q", mode)
	}
	if !slices.Equal(got, want) && len(got)+len(want) > 0 {
		t.Errorf("%q %s: got %v, want %v", text, mode, got, want)
	}
}

func TestSearchOrder(t *testing.T) {
	const other = "việc khác"
	each(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		index(t, s,
			article("body-new", other, other, "về đường bộ", "2023-06-09"),
			article("body-old", other, other, "về đường bộ", "2023-06-01"),
			article("summary-new", other, "về đường bộ", other, "2023-05-02"),
			article("summary-old", other, "về đường bộ", other, "2023-05-01"),
			article("title-new", "về đường bộ", other, other, "2023-04-02"),
			article("title-old", "về đường bộ", other, other, "2023-04-01"),
			article("folded", "về dương bộ", other, other, "2023-07-01"),
			article("split", "về đường", other, "bộ", "2023-01-01"),
			article("undated", "về đường bộ", other, other, ""),
		)
		exact := []string{"title-new", "title-old", "undated", "summary-new", "summary-old", "body-new", "body-old", "split"}
		for text, want := range map[string][]string{
			"đường bộ":                  append(slices.Clone(exact), "folded"),
			"duong bo":                  {"folded", "title-new", "title-old", "undated", "summary-new", "summary-old", "body-new", "body-old", "split"},
			"đường bo":                  append(slices.Clone(exact), "folded"),
			norm.NFD.String("đường bộ"): append(slices.Clone(exact), "folded"),
			`"đường bộ"`:                append(slices.Clone(exact[:7]), "folded"),
			`“duong bo”`:                {"folded", "title-new", "title-old", "undated", "summary-new", "summary-old", "body-new", "body-old"},
			`"bo duong"`:                {},
			`"duong viec"`:              {}, // no phrase runs from one part into the next
			"DƯỜNG":                     {"folded", "title-new", "title-old", "split", "undated", "summary-new", "summary-old", "body-new", "body-old"},
			`"duong bo`:                 {"folded", "title-new", "title-old", "undated", "summary-new", "summary-old", "body-new", "body-old", "split"},
		} {
			if got := refs(t, s, model.SearchQuery{Text: text}); !slices.Equal(got, want) {
				t.Errorf("%q:\n got %v\nwant %v", text, got, want)
			}
		}
	})
}

func TestSearchFilters(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		ctx, by := context.Background(), model.Actor{Name: "test"}
		index(t, s,
			article("bai", "Đường bộ", "", "", "2023-01-01"),
			model.Article{Lang: "en", Path: "bai", Title: "Đường bộ", Visibility: model.Public, Hash: "e"},
			model.Article{Lang: "vi", Path: "noi-bo", Title: "Đường bộ", Visibility: model.Internal, Hash: "i"},
		)
		roads := model.Section{Name: "Giao thông", Slug: "giao-thong"}
		rest := model.Section{Name: "Khác", Slug: "khac"}
		for _, section := range []*model.Section{&roads, &rest} {
			if err := s.PutSection(ctx, by, section); err != nil {
				t.Fatal(err)
			}
		}
		put := func(slug string, section model.Section, visibility model.Visibility, publish, expire time.Time) {
			t.Helper()
			n := model.News{Slug: slug, Title: "Đường bộ " + slug, Body: "Thân bài.", Section: section, Lifecycle: model.Lifecycle{
				Status: model.StatusPublished, Visibility: visibility, PublishAt: publish, ExpireAt: expire}}
			if err := s.PutNews(ctx, by, &n); err != nil {
				t.Fatal(err)
			}
		}
		now := c.Now()
		put("tin", roads, model.Public, now.Add(-time.Hour), time.Time{})
		put("tin-khac", rest, model.Public, now.Add(-2*time.Hour), time.Time{})
		put("tin-noi-bo", roads, model.Internal, now.Add(-3*time.Hour), time.Time{})
		put("tin-mai", roads, model.Public, now.Add(24*time.Hour), time.Time{})
		put("tin-cu", roads, model.Public, now.Add(-48*time.Hour), now.Add(-time.Minute))
		unit := model.Unit{Name: "Phòng Đường bộ", Slug: "phong-duong-bo"}
		if err := s.PutUnit(ctx, by, &unit); err != nil {
			t.Fatal(err)
		}
		q := model.SearchQuery{Text: "duong bo"}
		for _, test := range []struct {
			name string
			v    model.Viewer
			q    model.SearchQuery
			want []string
		}{
			{"all", model.Viewer{}, q, []string{"phong-duong-bo", "tin", "tin-khac", "bai"}},
			{"insider", model.Viewer{Internal: true}, q, []string{"phong-duong-bo", "tin", "tin-khac", "tin-noi-bo", "bai", "noi-bo"}},
			{"kind", model.Viewer{}, model.SearchQuery{Text: q.Text, Kind: model.KindNews}, []string{"tin", "tin-khac"}},
			{"section", model.Viewer{}, model.SearchQuery{Text: q.Text, Section: roads.ID}, []string{"tin"}},
			{"both", model.Viewer{Internal: true}, model.SearchQuery{Text: q.Text, Section: roads.ID, Kind: model.KindNews}, []string{"tin", "tin-noi-bo"}},
			{"english", model.Viewer{}, model.SearchQuery{Text: q.Text, Lang: "en"}, []string{"phong-duong-bo", "tin", "tin-khac", "bai"}},
			{"english articles", model.Viewer{}, model.SearchQuery{Text: q.Text, Lang: "en", Kind: model.KindArticle}, []string{"bai"}},
			{"unknown kind", model.Viewer{}, model.SearchQuery{Text: q.Text, Kind: "x' OR"}, []string{}},
			{"unknown language", model.Viewer{}, model.SearchQuery{Text: q.Text, Lang: "x\"' OR"}, []string{}},
			{"unknown section", model.Viewer{}, model.SearchQuery{Text: q.Text, Section: 99}, []string{}},
			{"negative section", model.Viewer{}, model.SearchQuery{Text: q.Text, Section: -1}, []string{}},
			{"filter words are no text", model.Viewer{}, model.SearchQuery{Text: "knews"}, []string{}},
		} {
			if got := refsFor(t, s, test.v, test.q); !slices.Equal(got, test.want) {
				t.Errorf("%s: got %v, want %v", test.name, got, test.want)
			}
		}
		c.Add(25 * time.Hour)
		if got, want := refs(t, s, model.SearchQuery{Text: q.Text, Kind: model.KindNews}), []string{"tin-mai", "tin", "tin-khac"}; !slices.Equal(got, want) {
			t.Errorf("a day later: got %v, want %v", got, want)
		}
	})
}

// TestArticleIndex: what the index remembers of the articles leads to what reading them again does, after a failure too.
func TestArticleIndex(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		one, two, three := article("mot", "Một", "", "chung", ""), article("hai", "Hai", "", "chung", ""), article("ba", "Ba", "", "chung", "")
		again := article("mot", "Một", "", "riêng", "")
		stale := two
		stale.Title, stale.Text = "đổi", "đổi" // with the hash of two: left alone
		ended, end := context.WithCancel(context.Background())
		end()
		kept := s.ArticleIndex()
		for i, step := range []struct {
			ctx  context.Context
			list []model.Article
			want []string
		}{
			{context.Background(), []model.Article{one, two}, []string{"hai", "mot"}},
			{context.Background(), []model.Article{again, stale, three}, []string{"ba", "hai"}},
			{ended, []model.Article{one}, []string{"ba", "hai"}},
			{context.Background(), []model.Article{one, stale}, []string{"hai", "mot"}},
			{context.Background(), nil, []string{}},
			{context.Background(), []model.Article{three}, []string{"ba"}},
		} {
			if err := kept.Set(step.ctx, step.list); (err != nil) != (step.ctx == ended) {
				t.Fatal(i, err)
			}
			for round := range 2 { // the second time as a program reads it that has just been started
				got := refs(t, s, model.SearchQuery{Text: "chung"})
				slices.Sort(got)
				if !slices.Equal(got, step.want) {
					t.Errorf("step %d, round %d: got %v, want %v", i, round, got, step.want)
				}
				if step.ctx != ended {
					index(t, s, step.list...)
				}
			}
		}
	})
}

func TestIndexArticles(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		one, two := article("mot", "Một", "", "chung", ""), article("hai", "Hai", "", "chung", "")
		steps := []struct {
			list []model.Article
			want []string
		}{
			{[]model.Article{one, two}, []string{"hai", "mot"}},
			{[]model.Article{one, two}, []string{"hai", "mot"}},
			{[]model.Article{one}, []string{"mot"}},
			{[]model.Article{article("mot", "Khác", "", "riêng", "")}, []string{}},
			{[]model.Article{{Lang: "vi", Path: "mot", Title: "chung", Visibility: model.Public, Hash: "a"}, two}, []string{"hai", "mot"}},
			{nil, []string{}},
		}
		for i, step := range steps {
			index(t, s, step.list...)
			got := refs(t, s, model.SearchQuery{Text: "chung"})
			slices.Sort(got)
			if !slices.Equal(got, step.want) {
				t.Errorf("step %d: got %v, want %v", i, got, step.want)
			}
		}
		same := one
		same.Text, same.Title = "đổi", "đổi" // with the hash of one: left alone
		index(t, s, one)
		index(t, s, same)
		if got := refs(t, s, model.SearchQuery{Text: "doi"}); len(got) != 0 {
			t.Errorf("an article of the same hash was indexed again: %v", got)
		}
	})
}

func uglyQueries() []string {
	return []string{
		"", " ", `"`, `""`, `"""`, `" "`, "'", "''", "*", "duong*", "AND", "duong AND", "NOT duong", "NEAR(duong bo)", "title:duong", "{title} : duong",
		"duong:A & 'kvi'", "a <-> b", "!duong", "|", "(", ")", "\\", "'\\", "%", "_", "--", "; DROP TABLE news", "^duong", "-duong", "+",
		"\x00", "duong\x00bo", "\xff\xfe", "duong\xffbo", strings.Repeat("đ", 2000), strings.Repeat("duong ", 400), strings.Repeat(`"a" `, 100),
		"😀", "👨‍👩‍👧 đường", "漢字", "한국어", "ไทย", "\U0001e900", "\u0301", "x²", "３", "ﬁ", "İ", "ß", "\u202eduong", "“", "“a” “", `a"b"c`,
	}
}

func TestUglyQueries(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		var docs []model.Article
		for i, text := range uglyQueries() {
			docs = append(docs, article(fmt.Sprint("ugly-", i), model.Clean(text), model.Clean(text), model.Clean(text), ""))
		}
		index(t, s, docs...)
		for _, text := range uglyQueries() {
			for _, kind := range []model.Kind{"", model.KindArticle, model.Kind(text)} {
				if _, err := s.Search(context.Background(), model.Viewer{}, model.SearchQuery{Text: text, Kind: kind}, 10); err != nil {
					t.Errorf("%q: %v", text, err)
				}
			}
		}
		for text, want := range map[string][]string{"😀": {}, "\U0001e900": {"ugly-43"}, "漢字": {"ugly-40"}, "NEAR(duong bo)": {"ugly-13"}} {
			if got := refs(t, s, model.SearchQuery{Text: text}); !slices.Equal(got, want) {
				t.Errorf("%q: got %v, want %v", text, got, want)
			}
		}
	})
}

func TestSearchLimits(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		many := make([]model.Article, 1100)
		for i := range many {
			many[i] = article(fmt.Sprintf("bai-%04d", i), "Tin", "", "về đường bộ", model.DayOf(noon().AddDate(0, 0, -i)))
		}
		for _, test := range []struct {
			records, total int
			more           bool
		}{{1100, 1000, true}, {1001, 1000, true}, {1000, 1000, false}, {999, 999, false}} {
			index(t, s, many[:test.records]...)
			for _, text := range []string{"duong", "đường", "tin đường"} {
				result, err := s.Search(context.Background(), model.Viewer{}, model.SearchQuery{Text: text, Page: 100}, 10)
				if err != nil {
					t.Fatal(err)
				}
				if result.Total != test.total || result.More != test.more || len(result.Hits) != min(10, test.total-990) {
					t.Errorf("%d records, %q: total %d, more %v, %d hits on page 100", test.records, text, result.Total, result.More, len(result.Hits))
				}
				if first := result.Hits[0]; first.Ref != "bai-0990" {
					t.Errorf("page 100 begins with %s", first.Ref)
				}
			}
		}
		for _, page := range []int{101, 102, 1 << 62} {
			result, err := s.Search(context.Background(), model.Viewer{}, model.SearchQuery{Text: "duong", Page: page}, 10)
			if err != nil || len(result.Hits) != 0 || result.Total != 999 {
				if page != 101 || len(result.Hits) != 0 {
					t.Errorf("page %d: %d hits of %d, %v", page, len(result.Hits), result.Total, err)
				}
			}
		}
	})
}

// A text beyond every limit of a tsvector is indexed all the same, and found by its title and its first words.
func TestSearchHugeText(t *testing.T) {
	var body strings.Builder
	body.WriteString("mở đầu ")
	for i := range 120_000 {
		fmt.Fprintf(&body, "chữ%dđ chung ", i)
	}
	each(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		index(t, s, article("lon", "Văn bản lớn", "", body.String()+strings.Repeat("đ", 5000), ""))
		for _, text := range []string{"văn bản", "mở đầu", "chung", "chữ100đ", `"chữ100đ chung"`} {
			if got := refs(t, s, model.SearchQuery{Text: text}); !slices.Equal(got, []string{"lon"}) {
				t.Errorf("%q: got %v", text, got)
			}
		}
	})
}

func FuzzSearchSQLite(f *testing.F) { fuzzSearch(f, store.Options{Dir: f.TempDir()}) }

func FuzzSearchPostgres(f *testing.F) {
	fuzzSearch(f, store.Options{Dir: f.TempDir(), Database: storetest.Postgres(f)})
}

func fuzzSearch(f *testing.F, o store.Options) {
	f.Helper()
	s, _ := openAt(f, o)
	index(f, s, article("mot", "Đường bộ", "Tóm tắt", "Thân bài dài về đường bộ và thuỷ lợi.", "2023-01-01"))
	for _, text := range uglyQueries() {
		f.Add(text, "", int64(0), 1)
	}
	f.Add("đường", "article", int64(1), -1)
	f.Fuzz(func(t *testing.T, text, kind string, section int64, page int) {
		q := model.SearchQuery{Text: text, Kind: model.Kind(kind), Section: section, Page: page}
		result, err := s.Search(context.Background(), model.Viewer{}, q, 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, hit := range result.Hits {
			var title strings.Builder
			for _, span := range hit.Title {
				title.WriteString(span.Text)
			}
			if title.String() != "Đường bộ" {
				t.Errorf("title %q", title.String())
			}
		}
	})
}
