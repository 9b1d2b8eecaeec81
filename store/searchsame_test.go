package store_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// sameQuery is a query of the comparison. kind says what it is like.
type sameQuery struct {
	kind string
	by   model.Viewer
	model.SearchQuery
}

func (q sameQuery) String() string {
	return fmt.Sprintf("%s: %q kind=%q section=%d lang=%q internal=%v", q.kind, q.Text, q.Kind, q.Section, q.Lang, q.by.Internal)
}

// sameQueries are some hundreds of queries of every kind for the corpus.
func sameQueries() (list []sameQuery) {
	c := newCorpusText()
	add := func(kind string, texts ...string) {
		for _, text := range texts {
			list = append(list, sameQuery{kind: kind, SearchQuery: model.SearchQuery{Text: text}})
		}
	}
	for i := range 8 {
		add("rare", fmt.Sprintf("bv%04d", i*607), fmt.Sprintf("BT%04d", i*149), fmt.Sprintf("bh%04d", i*41))
		add("number", fmt.Sprintf("%d.%03d", 1+i*3, i%3*100), fmt.Sprint(1000*(i+1)), fmt.Sprint(i))
		add("telephone", fmt.Sprintf("0257 3000 %03d", i*7), fmt.Sprintf("(0257) 3100%03d", i*23), fmt.Sprintf("+84 257 31.00.%03d", i*11))
		title, text := c.title(i*7+1), c.article(i*7+1).Text
		add("title", title, model.Fold(title), strings.ToUpper(title), norm.NFD.String(title), `"`+title+`"`)
		add("summary only", firstWords(c.article(i*31).Description, 3), `"`+firstWords(c.article(i*31).Description, 2)+`"`)
		add("text only", firstWords(text, 4), `"`+firstWords(text, 3)+`"`, `"`+model.Fold(firstWords(text, 3))+`"`)
		c.start("people", i*13)
		add("name", c.name(), "Nguyễn "+large(c.syllable()), model.Fold(c.name()))
	}
	for i, term := range c.terms {
		if i%2 == 1 {
			continue
		}
		one, _, _ := strings.Cut(term, " ")
		other := c.terms[(i*7+5)%len(c.terms)]
		add("common", one, model.Fold(one))
		add("two", term, model.Fold(term), one+" "+other, other+" "+model.Fold(one))
		add("phrase", `"`+term+`"`, `“`+model.Fold(term)+`”`, `"`+term+`" `+other, `"`+term+" "+other+`"`)
	}
	add("letter", "a", "đ", "d", "ă", "m", "x", "1")
	add("small", strings.Split(corpusLinks, "|")...)
	add("small", "va", "cua", "và của", `"của các"`, "các những để đã sẽ")
	add("tones", "hoà", "hòa", "hoa", "thuỷ", "thủy", "khoẻ", "khỏe", "quý", "HOÀ GIẢI", "hòa giải", "thuỷ lợi", `"hoà bình"`)
	add("long text", `"tận cùng"`, `"gần tận cùng rồi"`, `"can tan cung roi"`, `"cùng tận"`, `"tận cùng bv0003"`, `"gần tận rồi"`)
	add("odd", "", `"`, `""`, `"đường`, "công-chức", "công/chức", "c'ông", "AND", "OR NOT", "công AND chức", "*", "công*", "日本", "công 日本", "<-> & !", "%", "\x00công", strings.Repeat("công ", 40))
	return append(list, filteredQueries(c)...)
}

// filteredQueries are queries within a kind, a section or a language, and those of people inside.
func filteredQueries(c *corpusText) (list []sameQuery) {
	random := rand.New(rand.NewPCG(8, 8))
	for i, kind := range model.SearchKinds() {
		for j := range 6 {
			text := c.terms[(i+j*5)%len(c.terms)]
			if j%4 == 3 {
				text = `"` + text + `"`
			}
			q := model.SearchQuery{Text: text, Kind: kind, Lang: []string{"", "vi", "en"}[j%3]}
			if kind == model.KindNews && j%2 == 0 {
				q.Section = int64(1 + random.IntN(4))
			}
			list = append(list, sameQuery{"filtered", model.Viewer{Internal: j%2 == 1, Staff: j%4 == 1}, q})
		}
	}
	return list
}

func (c *corpusText) title(number int) string { return strings.TrimSpace(c.article(number).Title) }

func firstWords(text string, n int) string {
	words := strings.Fields(norm.NFC.String(text))
	return strings.Join(words[:min(n, len(words))], " ")
}

// TestSearchSameOnBoth compares both databases, query by query, over 10,000 records: what is found and how many, in which order, how it is
// shown, and whether there is more. Where PostgreSQL says that it has looked for a phrase in the newest records with its words alone, it may
// leave out older ones, but find nothing else, and what is found often has the same first three.
func TestSearchSameOnBoth(t *testing.T) {
	address := storetest.Postgres(t)
	lite, _ := openAt(t, store.Options{Dir: t.TempDir()})
	post, _ := openAt(t, store.Options{Dir: t.TempDir(), Database: address})
	fillCorpus(t, lite)
	fillCorpus(t, post)
	tally := sameTally{finding: map[string]int{}}
	for _, q := range sameQueries() {
		tally.compare(t, lite, post, q)
	}
	for kind, finding := range tally.finding {
		if finding == 0 {
			t.Errorf("no query of the kind %q finds anything: they compare nothing", kind)
		}
	}
	if len(tally.finding) != 16 || tally.queries < 400 || tally.none > tally.queries/10 || tally.more == 0 || tally.cut == 0 || tally.cut > tally.queries/4 {
		t.Errorf("%+v: want each kind, at least 400 queries, few that find nothing or are cut, some of more than the cap", tally)
	}
}

// sameTally counts queries by what came of them.
type sameTally struct {
	finding                  map[string]int // by kind, those that find something
	queries, none, more, cut int            // cut on PostgreSQL
}

func (s *sameTally) count(q sameQuery, want, got model.SearchResult) {
	s.queries++
	s.finding[q.kind] += min(1, want.Total)
	for n, counts := range map[*int]bool{&s.none: want.Total == 0, &s.more: want.More, &s.cut: got.Cut} {
		if counts {
			*n++
		}
	}
}

// sameAll is up to how many hits all are compared; of more, the first ten, ten in the middle and the last ten.
const sameAll = 200

func (s *sameTally) compare(t *testing.T, lite, post *store.Store, q sameQuery) {
	t.Helper()
	want, got := samePage(t, lite, post, q, 1, 10)
	s.count(q, want, got)
	switch {
	case got.Cut && strings.ContainsAny(q.Text, `"“`) && !want.Cut:
		compareCut(t, lite, post, q)
		return
	case want.Total > 10 && want.Total <= sameAll:
		want, got = samePage(t, lite, post, q, 1, sameAll)
	}
	sameResult(t, q, want, got)
	for _, page := range []int{want.Total / 20, (want.Total + 9) / 10} {
		if page > 1 && want.Total > sameAll {
			want, got = samePage(t, lite, post, q, page, 10)
			sameResult(t, q, want, got)
		}
	}
}

// compareCut compares the hits of a phrase for which PostgreSQL has left out records.
func compareCut(t *testing.T, lite, post *store.Store, q sameQuery) {
	t.Helper()
	want, got := samePage(t, lite, post, q, 1, sameAll)
	if !got.More || got.Total > want.Total {
		t.Errorf("%v: sqlite %d hits, postgres %d, more %v", q, want.Total, got.Total, got.More)
	}
	if want.Total > sameAll {
		want.Hits, got.Hits = want.Hits[:3], got.Hits[:min(3, len(got.Hits))]
		if !reflect.DeepEqual(want.Hits, got.Hits) {
			t.Errorf("%v: the first three (-sqlite +postgres):\n%s", q, cmp.Diff(want.Hits, got.Hits))
		}
		return
	}
	for _, hit := range got.Hits {
		if !slices.ContainsFunc(want.Hits, func(h model.SearchHit) bool { return reflect.DeepEqual(h, hit) }) {
			t.Errorf("%v: PostgreSQL alone finds %s %s, or shows it otherwise: %+v", q, hit.Kind, hit.Ref, hit)
		}
	}
}

func samePage(t *testing.T, lite, post *store.Store, q sameQuery, page, size int) (want, got model.SearchResult) {
	t.Helper()
	q.Page = page
	want, err := lite.Search(t.Context(), q.by, q.SearchQuery, size)
	must(t, err)
	got, err = post.Search(t.Context(), q.by, q.SearchQuery, size)
	must(t, err)
	return want, got
}

func sameResult(t *testing.T, q sameQuery, want, got model.SearchResult) {
	t.Helper()
	if !reflect.DeepEqual(want, got) {
		t.Errorf("%v (-sqlite +postgres):\n%s", q, cmp.Diff(want, got))
	}
}
