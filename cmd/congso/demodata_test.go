package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"congso/cmd/congso/congsotest"
	"congso/cmd/congso/drawing"
	"congso/content"
	"congso/store"
	"congso/store/model"
)

// demoAt is the whole sample data as it reads at a start.
type demoAt struct {
	site      demoSite
	directory demoDirectory
	news      []demoNews
	meetings  []demoMeeting
}

func readWholeDemo(t *testing.T, start time.Time) (d demoAt) {
	t.Helper()
	err := readDemo("demo/site.toml", start, &d.site)
	if err == nil {
		err = readDemo("demo/directory.toml", start, &d.directory)
	}
	if err == nil {
		d.news, err = readDemoNews("demo/news", start)
	}
	if err == nil {
		d.meetings, err = readDemoMeetings(start)
	}
	if err != nil {
		t.Fatalf("on %s: %v", start.Format(time.DateOnly), err)
	}
	return d
}

// TestDemoParses reads every file, on awkward days too.
func TestDemoParses(t *testing.T) {
	for _, day := range []string{"2026-01-01", "2027-12-31", "2028-02-29", "2026-08-31"} {
		start, err := time.ParseInLocation(time.DateOnly, day, model.Zone())
		if err != nil {
			t.Fatal(err)
		}
		d := readWholeDemo(t, start)
		for _, n := range d.news {
			if n.Title == "" || n.Summary == "" || n.Byline == "" || strings.TrimSpace(n.body) == "" || n.DaysAgo <= 0 {
				t.Errorf("news %s: a part is missing", n.name)
			}
			if utf8.RuneCountInString(n.Title) > 140 || utf8.RuneCountInString(n.Summary) > 320 {
				t.Errorf("news %s: title or summary is too long", n.name)
			}
			congsotest.MustLack(t, "news "+n.name, n.Title+n.Summary+n.body, "{{", "}}", "<no value>")
		}
	}
}

// TestDemoIsAYear counts what the sample data must hold.
func TestDemoIsAYear(t *testing.T) {
	d := readWholeDemo(t, time.Now())
	public, months := 0, map[int]bool{}
	for _, n := range d.news {
		if n.Visibility != "" && n.Visibility != string(model.Public) || n.Status != "" && n.Status != string(model.StatusPublished) || n.ExpireDays < 0 {
			continue
		}
		public++
		months[int(n.DaysAgo/30.5)] = true
	}
	posts := 0
	for _, p := range d.directory.Person {
		posts += len(p.Posts)
	}
	standing := 0
	for _, u := range d.directory.Unit {
		if u.Until == 0 {
			standing++
		}
	}
	for _, c := range []struct {
		what      string
		got, want int
	}{
		{"sections", len(d.site.Section), 8}, {"public news items", public, 60}, {"months with news", len(months), 18},
		{"meetings", len(d.meetings), 12}, {"standing units", standing, 9}, {"posts", posts, 40},
		{"captioned covers", count(d.news, func(n demoNews) bool { return n.Cover != nil }), 30},
		{"news with attachments", count(d.news, func(n demoNews) bool { return len(n.Attachments) > 0 }), 12},
		{"corrected news", count(d.news, func(n demoNews) bool { return n.UpdatedDaysAgo > 0 }), 2},
		{"featured news", count(d.news, func(n demoNews) bool { return n.Featured }), 2},
		{"notice sections", count(d.site.Section, func(s demoSection) bool { return s.Notice }), 2},
		{"meetings to come", count(d.meetings, func(m demoMeeting) bool { return m.Days > 0 }), 1},
		{"meetings with agreements", count(d.meetings, func(m demoMeeting) bool { return len(m.Agreements) > 0 }), 2},
		{"meetings with a related item", count(d.meetings, func(m demoMeeting) bool { return m.News != "" }), 5},
		{"hotlines", count(d.directory.Unit, func(u demoUnit) bool {
			return slices.ContainsFunc(u.Numbers, func(n demoNumber) bool { return n.Kind == "hotline" })
		}), 1},
		{"personal numbers", count(d.directory.Person, func(p demoPerson) bool {
			return slices.ContainsFunc(p.Numbers, func(n demoNumber) bool { return n.Official != nil && !*n.Official })
		}), 5},
		{"days of visits", demoDays + 1, 90},
	} {
		if c.got < c.want {
			t.Errorf("%d %s, want %d", c.got, c.what, c.want)
		}
	}
	for _, m := range d.meetings {
		if m.Days <= 0 && (len(m.Participants) == 0 || len(m.Figures) == 0 || len(m.Conclusions) == 0 || len(m.Tasks) == 0 || len(m.Photos) == 0 || m.Summary == "" || m.Place == "") {
			t.Errorf("meeting %q lacks a part", m.Title)
		}
	}
	library, err := content.Open("", jsonLog(&congsotest.Buffer{}))
	if err != nil {
		t.Fatal(err)
	}
	if got := len(library.List("vi", model.Viewer{Internal: true})); got < 8 {
		t.Errorf("%d articles, want 8", got)
	}
	if faults := library.Warnings(); len(faults) > 0 {
		t.Errorf("the articles that ship have faults: %v", faults)
	}
}

func count[T any](list []T, ok func(T) bool) (n int) {
	for _, v := range list {
		if ok(v) {
			n++
		}
	}
	return n
}

// TestDemoNamesExist: what records call by name is there; the loader would leave it out.
func TestDemoNamesExist(t *testing.T) {
	d := readWholeDemo(t, time.Now())
	sections, units, people, news := map[string]bool{}, map[string]bool{"": true}, map[string]bool{"": true}, map[string]bool{"": true}
	name := func(to map[string]bool, slug string) {
		if to[slug] || !model.ValidSlug(slug) {
			t.Errorf("%q is there twice, or no slug", slug)
		}
		to[slug] = true
	}
	need := func(in map[string]bool, slug, who string) {
		if !in[slug] {
			t.Errorf("%s names %q, which is not there", who, slug)
		}
	}
	for _, s := range d.site.Section {
		name(sections, s.Slug)
	}
	for _, u := range d.directory.Unit {
		need(units, u.Parent, u.Slug) // before it, or the loader would not know it
		name(units, u.Slug)
	}
	merged := 0
	for _, u := range d.directory.Unit {
		if need(units, u.Successor, u.Slug); u.Successor != "" && u.Until < 0 {
			merged++
		}
	}
	if merged == 0 {
		t.Error("no merged unit has a successor")
	}
	for _, p := range d.directory.Person {
		name(people, p.Slug)
		for _, post := range p.Posts {
			need(units, post.Unit, p.Slug)
		}
	}
	for _, n := range d.news {
		name(news, n.name)
		need(sections, n.Section, n.name)
	}
	for _, m := range d.meetings {
		need(news, m.News, m.Title)
		for _, p := range m.Participants {
			need(people, p.Person, m.Title)
		}
		for _, task := range m.Tasks {
			need(units, task.Unit, m.Title)
		}
	}
}

var demoPicture = regexp.MustCompile(`!\[([^\]]*)\]\(([^ )]*)(?: "([^"]*)")?\)`)

// TestDemoPhotos: every picture is one that is drawn, and has words for those who do not see it and a caption.
func TestDemoPhotos(t *testing.T) {
	d := readWholeDemo(t, time.Now())
	drawn := map[string]bool{}
	check := func(who string, p demoPhoto) {
		if strings.TrimSpace(p.Alt) == "" || !strings.HasSuffix(p.Caption, ".") {
			t.Errorf("%s: picture %s: alt %q, caption %q", who, p.Picture, p.Alt, p.Caption)
		}
		drawn[p.Picture] = true
	}
	for _, n := range d.news {
		if n.Cover != nil {
			check(n.name, *n.Cover)
		}
		for _, m := range demoPicture.FindAllStringSubmatch(n.body, -1) {
			picture, ok := strings.CutPrefix(m[2], "picture:")
			if !ok {
				t.Errorf("%s: picture %s", n.name, m[2])
			}
			check(n.name, demoPhoto{picture, m[1], m[3]})
		}
		if got, want := strings.Count(n.body, "picture:"), len(demoPicture.FindAllString(n.body, -1)); got != want {
			t.Errorf("%s: %d pictures of %d can be read", n.name, want, got)
		}
	}
	for _, m := range d.meetings {
		for _, p := range m.Photos {
			check(m.Title, p)
		}
		congsotest.MustLack(t, m.Title, m.Summary, "picture:")
	}
	if len(drawn) < 20 {
		t.Errorf("only %d pictures", len(drawn))
	}
	for name := range drawn {
		if !drawing.Known(name) {
			t.Errorf("picture %s is not drawn", name)
		}
	}
}

var (
	demoPlaceholder = regexp.MustCompile(`\{\{[a-z]+ -?\d+\}\}`)
	phoneLike       = regexp.MustCompile(`(?:\+84|\b0084|\b84|\(?\b0)[\d .()-]{7,}\d|\b1[89]00[ .]?\d{4}\b`)
	phoneAllowed    = regexp.MustCompile(`^(?:025730001\d\d|09000001\d\d|19000\d{3})$`)
	literalYear     = regexp.MustCompile(`(?:^|[^-\d.,])((?:19|20)\d\d)\b`) // -2050 is a number of days
)

// TestDemoTexts looks at the files as they were written.
func TestDemoTexts(t *testing.T) {
	d := readWholeDemo(t, time.Now())
	personal := map[string]bool{}
	for _, p := range d.directory.Person {
		for _, n := range p.Numbers {
			if n.Official != nil && !*n.Official {
				personal[model.PhoneDigits(n.Number)] = true
			}
		}
	}
	phones := 0
	for name, text := range demoSources(t) {
		if !norm.NFC.IsNormalString(text) || !utf8.ValidString(text) {
			t.Errorf("%s is not NFC", name)
		}
		text = demoPlaceholder.ReplaceAllString(text, "…")
		congsotest.MustLack(t, name, text, "{{")
		for _, typed := range phoneLike.FindAllString(text, -1) {
			phones++
			digits := model.PhoneDigits(typed)
			if !phoneAllowed.MatchString(digits) {
				t.Errorf("%s: the number %q may be somebody's", name, typed)
			}
			if personal[digits] && name != "demo/directory.toml" {
				t.Errorf("%s tells the personal number %q", name, typed)
			}
		}
		if year := literalYear.FindString(phoneLike.ReplaceAllString(text, "…")); year != "" {
			t.Errorf("%s: the year %s; dates count from the start", name, year)
		}
	}
	if phones < 100 {
		t.Errorf("only %d numbers were read", phones)
	}
}

func demoSources(t *testing.T) map[string]string {
	t.Helper()
	sources := map[string]string{}
	err := fs.WalkDir(demoFiles, "demo", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := demoFiles.ReadFile(name)
		sources[name] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return sources
}

var demoLink = regexp.MustCompile(`\]\((/[^)\s]*)|proof = "(/[^"]*)"`)

// TestDemoLinks asks the portal for every address in the sample texts.
func TestDemoLinks(t *testing.T) {
	r := startHere(t, nil, "demo", "--data", congsotest.DemoData(t))
	asked := map[string]bool{}
	for name, text := range demoSources(t) {
		for _, m := range demoLink.FindAllStringSubmatch(text, -1) {
			address := m[1] + m[2]
			if asked[address] {
				continue
			}
			asked[address] = true
			if a := r.Get(t, address); a.Status != http.StatusOK {
				t.Errorf("%s leads to %s: %d", name, address, a.Status)
			}
		}
	}
	if len(asked) < 20 {
		t.Errorf("only %d addresses were asked for", len(asked))
	}
}

// TestDemoLoaded looks at the records that the sample data became.
func TestDemoLoaded(t *testing.T) {
	s := congsotest.OpenStore(t, congsotest.DemoData(t), "")
	defer s.Close()
	days, err := s.DayHits(context.Background(), 90)
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range days {
		if d.Views < d.Visits || d.Visits < d.Visitors || d.Visitors <= 0 && i < len(days)-1 {
			t.Errorf("%s: %d views, %d visits, %d visitors", d.Day, d.Views, d.Visits, d.Visitors)
		}
	}
	if n, err := s.VerifyAudit(context.Background()); err != nil || n < 150 {
		t.Errorf("the audit trail has %d entries: %v", n, err)
	}
	r := startHere(t, nil, "demo", "--data", congsotest.DemoData(t))
	old := r.Get(t, "/danh-ba/phong-cong-tac-thanh-nien")
	congsotest.MustContain(t, fmt.Sprintf("the merged unit's page (%d)", old.Status), old.Body, "/danh-ba/phong-xay-dung-chinh-quyen-thanh-nien")
	for _, path := range []string{"/", "/tin-tuc", "/hoi-nghi", "/danh-ba", "/thong-ke", "/en", "/so-do", "/tim-kiem?q=tuyen+dung", "/bai-viet/gioi-thieu"} {
		congsotest.MustContain(t, path, r.Page(t, path), `class="demo"`)
	}
	a := r.Get(t, "/khong-co")
	congsotest.MustContain(t, "an error page", a.Body, `class="demo"`)
	congsotest.MustLack(t, "an outsider's list", r.Page(t, "/tin-tuc?trang=1")+r.Page(t, "/rss.xml"), "lich-truc-noi-bo")
	inside := startHere(t, nil, "demo", "--data", congsotest.DemoData(t), "--internal-networks", "127.0.0.0/8")
	congsotest.MustContain(t, "a list inside", inside.Page(t, "/tin-tuc"), "lich-truc-noi-bo")
}

// TestDemoHeedsTheSettings: the demo keeps its records by the settings that a portal has.
func TestDemoHeedsTheSettings(t *testing.T) {
	config := Config{Data: congsotest.DemoData(t), Listen: "127.0.0.1:0", Photo: "3", File: "7", Pixels: "9"}
	p, err := openDemo(context.Background(), config, false, jsonLog(&congsotest.Buffer{}), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	want := store.Limits{Pixels: 9_000_000, PhotoBytes: 3 << 20, AttachmentBytes: 7 << 20}
	if got := p.store.Limits(); got != want {
		t.Errorf("limits %+v, want %+v", got, want)
	}
	if err := p.close(); err != nil {
		t.Error(err)
	}
}
