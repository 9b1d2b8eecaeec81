package reading

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"

	"congso/cmd/congso/congsotest"
)

// readFormats has ical.js read a contact card and a calendar, and tells what it found.
const readFormats = `
const ICAL = require(process.argv[1]);
const { card, calendar } = JSON.parse(require("fs").readFileSync(0, "utf8"));
const person = new ICAL.Component(ICAL.parse(card));
const events = new ICAL.Component(ICAL.parse(calendar)).getAllSubcomponents("vevent").map((e) => new ICAL.Event(e));
console.log(JSON.stringify({
  version: person.getFirstPropertyValue("version"),
  name: person.getFirstPropertyValue("fn"),
  parts: person.getFirstPropertyValue("n"),
  phone: person.getFirstPropertyValue("tel"),
  events: events.map((e) => ({ uid: e.uid, title: e.summary, place: e.location, start: e.startDate.toJSDate().toISOString() })),
}));`

// TestAnotherLibraryReadsCardAndCalendar has a library other than those that wrote them read a vCard and the calendar of meetings.
func TestAnotherLibraryReadsCardAndCalendar(t *testing.T) {
	t.Parallel()
	library := congsotest.NpmFile(t, "ical.js", "dist/ical.es5.cjs")
	node := congsotest.RequireProgram(t, "no Node: install nodejs", "node")
	site := congsotest.LivePortal(t)
	input, err := json.Marshal(map[string]string{
		"card":     site.Page(t, "/danh-ba/nguoi/nguyen-hoang-minh-hoa.vcf"),
		"calendar": site.Page(t, "/hoi-nghi/lich.ics"),
	})
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(node, "-e", readFormats, library)
	command.Stdin = strings.NewReader(string(input))
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var got struct {
		Version, Name, Phone string
		Parts                []string
		Events               []struct{ UID, Title, Place, Start string }
	}
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if got.Version != "4.0" || got.Name != "Nguyễn Hoàng Minh Họa" || got.Phone != "tel:+842573000101" || len(got.Parts) < 3 ||
		got.Parts[0] != "Nguyễn" || got.Parts[1] != "Họa" || got.Parts[2] != "Hoàng Minh" {
		t.Errorf("card: %+v", got)
	}
	if len(got.Events) != 2 {
		t.Fatalf("calendar: %d events, want the two meetings to come", len(got.Events))
	}
	for _, e := range got.Events {
		if e.UID == "" || e.Title == "" || e.Place == "" || !strings.HasSuffix(e.Start, ":00.000Z") {
			t.Errorf("event: %+v", e)
		}
	}
}

// TestTheBrowserReadsFeedAndSitemap has Chromium's XML parser read what encoding/xml wrote.
func TestTheBrowserReadsFeedAndSitemap(t *testing.T) {
	t.Parallel()
	site := congsotest.LivePortal(t)
	tab := congsotest.Open(t, congsotest.SharedBrowser(t), site)
	tab.Visit("/", 200)
	count := func(path, elements string) int {
		return congsotest.Eval[int](tab, `fetch("`+path+`").then((r) => r.text()).then((text) => {
			const doc = new DOMParser().parseFromString(text, "application/xml");
			return doc.querySelector("parsererror") ? -1 : doc.querySelectorAll("`+elements+`").length;
		})`)
	}
	if n := count("/rss.xml", "rss > channel > item > guid"); n != 30 {
		t.Errorf("feed: %d items, want 30", n)
	}
	if n, want := count("/sitemap.xml", "urlset > url > loc"), strings.Count(site.Page(t, "/sitemap.xml"), "<loc>"); n != want || n < 100 {
		t.Errorf("sitemap: %d addresses, want %d", n, want)
	}
}
