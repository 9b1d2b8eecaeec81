package store_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// What the corpus has of each kind: 10,000 records in all.
const (
	corpusArticles = 7700
	corpusNews     = 1500
	corpusMeetings = 400
	corpusUnits    = 80
	corpusPeople   = 320
)

// The words of the corpus by how often they come: the first terms in nearly every text, the last in few.
const (
	corpusTerms = "công chức|hồ sơ|thực hiện|cơ quan|đường bộ|đơn vị|quy định|thủ tục|dương tính|người dân|tổ chức|giải quyết|thông báo|kế hoạch|đương nhiệm|" +
		"tuyển dụng|viên chức|hành chính|cải cách|hoà giải|hòa bình|thuỷ sản|thủy lợi|một cửa|nâng cấp|thi đua|bồi dưỡng|lưu trữ|thanh tra|sáp nhập|hộ khẩu|" +
		"khoẻ mạnh|khỏe khoắn|quý một|bão lũ|khẩn cấp|phúc khảo|chữ ký số"
	corpusLinks = "và|của|cho|theo|tại|về|trong|với|được|các|những|để|đã|sẽ"
	corpusRimes = "ang|ành|ảo|ắc|âm|ấn|én|èo|ếch|ền|ích|ọc|ối|ông|ột|ơn|ưng|ường|yến|oà|uỷ|oảng"
	corpusOnset = "b|c|ch|d|đ|g|h|kh|l|m|n|ng|nh|ph|r|s|t|th|tr|v|x"
)

// corpusText makes Vietnamese-like text, the same after the same start.
type corpusText struct {
	source                      *rand.PCG
	random                      *rand.Rand
	often                       *rand.Zipf
	terms, links, rimes, onsets []string
}

func newCorpusText() *corpusText {
	source := rand.NewPCG(0, 0)
	random, terms := rand.New(source), strings.Split(corpusTerms, "|")
	return &corpusText{source, random, rand.NewZipf(random, 1.2, 4, uint64(len(terms)-1)), terms, strings.Split(corpusLinks, "|"),
		strings.Split(corpusRimes, "|"), strings.Split(corpusOnset, "|")}
}

func (c *corpusText) start(kind string, number int) { c.source.Seed(uint64(len(kind)), uint64(number)) }

func (c *corpusText) of(list []string) string { return list[c.random.IntN(len(list))] }

func (c *corpusText) syllable() string { return c.of(c.onsets) + c.of(c.rimes) }

// name is a name of two syllables.
func (c *corpusText) name() string { return large(c.syllable()) + " " + large(c.syllable()) }

// words are so many terms, names, numbers and small words.
func (c *corpusText) words(terms int) string {
	var b strings.Builder
	for range terms {
		switch c.random.IntN(10) {
		case 0:
			b.WriteString(c.name())
		case 1, 2:
			b.WriteString(c.of(c.links))
		case 3:
			fmt.Fprintf(&b, "%d.%03d", 1+c.random.IntN(40), c.random.IntN(3)*100)
		default:
			b.WriteString(c.terms[c.often.Uint64()])
		}
		b.WriteByte(' ')
	}
	return b.String()
}

func large(word string) string {
	first, size := utf8.DecodeRuneInString(word)
	return string(unicode.ToUpper(first)) + word[size:]
}

// corpusDay is a day of the last four years, and now and then one ahead.
func (c *corpusText) day() time.Time { return noon().AddDate(0, 0, 20-c.random.IntN(1460)) }

// article is one of many; some are English, some internal, some without a date, and many of one day.
func (c *corpusText) article(number int) model.Article {
	c.start("article", number)
	day := model.DayOf(c.day())
	if number%50 == 0 {
		day = ""
	}
	a := article(fmt.Sprintf("bai/%04d", number), large(c.words(2+c.random.IntN(3))), c.words(5), c.words(12+c.random.IntN(25))+fmt.Sprintf("bv%04d", number), day)
	if number%9 == 0 {
		a.Lang = "en"
	}
	if number%11 == 0 {
		a.Visibility = model.Internal
	}
	if number%3000 == 3 { // longer than what PostgreSQL knows the places of
		a.Text = strings.Repeat(c.words(200), 50) + fmt.Sprintf("gần tận cùng rồi bv%04d", number)
	}
	if number%13 == 0 {
		a.Title, a.Text = norm.NFD.String(a.Title), norm.NFD.String(a.Text)
	}
	return a
}

// news is an item; some are internal, some yet to come, some expired, and some of one second.
func (c *corpusText) news(number int, sections []model.Section) *model.News {
	c.start("news", number)
	n := &model.News{
		Title: large(c.words(3 + c.random.IntN(4))), Slug: fmt.Sprintf("tin-%04d", number), Summary: c.words(8), Body: c.words(15+c.random.IntN(20)) + fmt.Sprintf("bt%04d", number),
		Section: sections[number%len(sections)], Byline: c.name(),
		Lifecycle: model.Lifecycle{Status: model.StatusPublished, Visibility: model.Public, PublishAt: c.day().Add(time.Duration(number%3) * time.Second)},
	}
	if number%12 == 0 {
		n.Visibility = model.Internal
	}
	if number%17 == 0 {
		n.ExpireAt = n.PublishAt.AddDate(1, 0, 0)
	}
	return n
}

func (c *corpusText) meeting(number int) *model.Meeting {
	c.start("meeting", number)
	return &model.Meeting{
		Title: large(c.words(4)), Slug: fmt.Sprintf("hop-%04d", number), Kind: []string{"hội nghị", "giao ban"}[number%2], Start: c.day(), Place: "Hội trường " + c.name(),
		Summary: c.words(20) + fmt.Sprintf("bh%04d", number), Conclusions: []string{c.words(5)},
		Participants: []model.Participant{{Name: "Nguyễn " + c.name(), Role: model.Chair}, {Name: "Trần " + c.name(), Role: model.Attendee}},
		Lifecycle:    model.Lifecycle{Status: model.StatusPublished, Visibility: model.Public, PublishAt: noon().AddDate(-4, 0, 0)},
	}
}

// fillCorpus puts the whole corpus into s.
func fillCorpus(t testing.TB, s *store.Store) {
	t.Helper()
	c, by := newCorpusText(), storetest.Actor()
	var articles []model.Article
	for i := range corpusArticles {
		articles = append(articles, c.article(i))
	}
	index(t, s, articles...)
	sections := []model.Section{storetest.Section(t, s, "Thông báo"), storetest.Section(t, s, "Tin hoạt động"), storetest.Section(t, s, "Văn bản")}
	for at := 0; at < corpusNews; at += 300 {
		var list []*model.News
		for i := range 300 {
			list = append(list, c.news(at+i, sections))
		}
		must(t, s.PutManyNews(t.Context(), by, list))
	}
	for i := range corpusMeetings {
		must(t, s.PutMeeting(t.Context(), by, c.meeting(i)))
	}
	fillDirectory(t, s, c)
	must(t, s.MergeSearch(t.Context()))
}

func fillDirectory(t testing.TB, s *store.Store, c *corpusText) {
	t.Helper()
	var units []model.Unit
	for i := range corpusUnits {
		c.start("directory", i)
		units = append(units, storetest.Unit(t, s, fmt.Sprintf("Phòng %s %d", c.terms[i%len(c.terms)], i), func(u *model.Unit) {
			u.Address, u.Numbers = "Đường "+c.name(), []model.Number{{E164: fmt.Sprintf("0257 3000 %03d", i), Kind: model.NumberOffice, Official: true}}
		}))
	}
	for i := range corpusPeople {
		c.start("people", i)
		name := []string{"Nguyễn", "Trần", "Lê", "Đỗ"}[i%4] + " " + c.name()
		posts := []model.Post{{UnitID: units[i%len(units)].ID, Title: "Chuyên viên", Rank: 1 + i%60, From: "2020-01-01"}}
		storetest.Person(t, s, name, posts, func(p *model.Person) {
			p.Slug, p.Numbers = fmt.Sprintf("nguoi-%03d", i), []model.Number{{E164: fmt.Sprintf("0257 3100 %03d", i), Kind: model.NumberOffice, Official: true}}
		})
	}
}
