package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"congso/store/model"
)

// prose writes texts that are like Vietnamese ones in what search feels: syllables by Zipf's law, half of them in fixed pairs.
type prose struct {
	random *rand.Rand
	single []string
	pairs  []string
	often  *rand.Zipf
	paired *rand.Zipf
}

func newProse(seed uint64) *prose {
	p := &prose{random: rand.New(rand.NewPCG(seed, 1))}
	for _, onset := range strings.Fields("- b c ch d đ g gi h k kh l m n ng nh ph qu r s t th tr v x") {
		for _, nucleus := range strings.Fields("aàáảạ ăằắẳặ âầấẩậ eèéẻẹ êềếểệ iìíỉị oòóỏọ ôồốổộ ơờớởợ uùúủụ ưừứửự") {
			for _, vowel := range nucleus {
				for _, coda := range strings.Fields("- n ng m t c") {
					p.single = append(p.single, strings.Trim(onset+string(vowel)+coda, "-"))
				}
			}
		}
	}
	p.random.Shuffle(len(p.single), func(i, j int) { p.single[i], p.single[j] = p.single[j], p.single[i] })
	p.often = rand.NewZipf(p.random, 1.15, 12, uint64(len(p.single)-1))
	p.paired = rand.NewZipf(p.random, 1.05, 20, 4999)
	for range 5000 {
		p.pairs = append(p.pairs, p.single[p.random.IntN(len(p.single))]+" "+p.single[p.random.IntN(len(p.single))])
	}
	return p
}

// words are about n syllables.
func (p *prose) words(n int) string {
	var b strings.Builder
	for i := 0; i < n; i++ {
		if p.random.IntN(4) == 0 {
			b.WriteString(p.pairs[p.paired.Uint64()])
			i++
		} else {
			b.WriteString(p.single[p.often.Uint64()])
		}
		b.WriteByte(' ')
	}
	return b.String()
}

// doc is the item with that number, one every five minutes.
func (p *prose) doc(number int) model.SearchDoc {
	date := time.Unix(1_300_000_000+300*int64(number), 0)
	return model.SearchDoc{
		Kind: model.KindNews, Ref: "tin-" + strconv.Itoa(number), Title: p.words(8 + p.random.IntN(7)), Summary: p.words(25), Body: p.words(150+p.random.IntN(150)) + " số " + strconv.Itoa(10_000+p.random.IntN(20_000)),
		Section: int64(1 + p.random.IntN(20)), Visibility: model.Public, Date: date, PublishAt: date,
	}
}

// filled is a store with at least that many indexed items, in the folder or PostgreSQL database that CONGSO_TEST_SEARCH names, or else in a
// folder of its own.
func filled(b *testing.B, items int) *Store {
	b.Helper()
	o := Options{Dir: os.Getenv("CONGSO_TEST_SEARCH")}
	if isPostgres(o.Dir) {
		o.Database, o.Dir = o.Dir, ""
	}
	if o.Dir == "" {
		o.Dir = b.TempDir()
	}
	ctx := context.Background()
	s, err := Open(ctx, o)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	have, err := queryOne(ctx, s.read, value[int], `SELECT count(*) FROM search_doc`)
	p := newProse(uint64(have))
	for err == nil && have < items {
		err = s.tx(ctx, func(tx *sql.Tx) error {
			for range min(2000, items-have) {
				if err := s.indexDoc(ctx, tx, p.doc(have)); err != nil {
					return err
				}
				have++
			}
			return nil
		})
	}
	if err == nil {
		err = s.MergeSearch(ctx)
	}
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// scaleQueries are queries of each sort, for readers of the texts of prose.
func scaleQueries() map[string][]string {
	p := newProse(0)
	kinds := map[string][]string{}
	for i := range 20 {
		add := func(kind, text string) { kinds[kind] = append(kinds[kind], text) }
		add("rare", strconv.Itoa(10_000+i*777))
		add("seldom", p.single[len(p.single)-1-i*7])
		add("common", p.single[i])
		add("unaccented", model.Fold(p.single[3*i]))
		add("two", p.single[5*i]+" "+p.single[7*i+3])
		add("two-middling", p.single[100+5*i]+" "+p.single[120+7*i])
		add("pair", p.pairs[i*40])
		add("phrase", `"`+p.pairs[i*40]+`"`)
		add("phrase-common", `"`+p.single[i]+" "+p.single[i+5]+`"`)
		add("phrase-never", `"`+p.single[100+i]+" "+p.single[140+i]+" "+p.single[60+i]+`"`)
		add("rare+common", strconv.Itoa(10_000+i*555)+" "+p.single[i])
	}
	return kinds
}

// BenchmarkSearchScale searches 10,000 items, or as many as CONGSO_TEST_SEARCH_ITEMS says, for queries of each sort.
func BenchmarkSearchScale(b *testing.B) {
	items := 10_000
	if text := os.Getenv("CONGSO_TEST_SEARCH_ITEMS"); text != "" {
		var err error
		if items, err = strconv.Atoi(text); err != nil {
			b.Fatal(err)
		}
	}
	s := filled(b, items)
	kinds := scaleQueries()
	for _, kind := range slices.Sorted(func(yield func(string) bool) {
		for kind := range kinds {
			if !yield(kind) {
				return
			}
		}
	}) {
		b.Run(fmt.Sprintf("%s/%d", kind, items), func(b *testing.B) { benchQueries(b, s, kinds[kind]) })
	}
}

// benchQueries reports the time of the processor that a search takes, which other work on the machine does not lengthen; on PostgreSQL with
// that of the process there which answers, when it is on this machine.
func benchQueries(b *testing.B, s *Store, queries []string) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	s.read.SetMaxOpenConns(1)
	server := "/proc/no-server"
	if s.postgres {
		id, err := queryOne(context.Background(), s.read, value[int], `SELECT pg_backend_pid()`)
		if err != nil {
			b.Fatal(err)
		}
		server = fmt.Sprintf("/proc/%d/schedstat", id)
	}
	var took []time.Duration
	hits, more := 0, 0
	for i := 0; b.Loop(); i++ {
		before := threadTime(b) + processTime(b, server)
		result, err := s.Search(context.Background(), model.Viewer{}, model.SearchQuery{Text: queries[i%len(queries)]}, 10)
		if err != nil {
			b.Fatal(err)
		}
		took = append(took, threadTime(b)+processTime(b, server)-before)
		hits += result.Total
		if result.More {
			more++
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-cpu-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-cpu-ms")
	b.ReportMetric(float64(hits)/float64(len(took)), "hits")
	b.ReportMetric(float64(more)/float64(len(took)), "more")
}

// processTime is what the processor has done for the process of that schedstat file, 0 when there is none.
func processTime(b *testing.B, schedstat string) time.Duration {
	b.Helper()
	text, err := os.ReadFile(schedstat)
	if errors.Is(err, fs.ErrNotExist) {
		return 0
	}
	var running, waiting, slices int64
	if err == nil {
		_, err = fmt.Sscan(string(text), &running, &waiting, &slices)
	}
	if err != nil {
		b.Fatal(err)
	}
	return time.Duration(running)
}

// threadTime is what the processor has done for this thread.
func threadTime(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(1, &usage); err != nil { // RUSAGE_THREAD
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
