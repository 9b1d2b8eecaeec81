package handlers_test

import (
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/boombuler/barcode/qr"

	"congso/store/model"
	"congso/store/storetest"
)

func TestDirectoryOrder(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		for _, prefix := range []string{"/danh-ba", "/en/contacts"} {
			doc := parse(t, p.page(t, prefix))
			var leaders, people, top []string
			for card := byClass(t, doc, "cards").FirstChild; card != nil; card = card.NextSibling {
				leaders = append(leaders, words(find(card, "a")[0]))
			}
			for _, row := range find(find(doc, "tbody")[0], "tr") {
				people = append(people, words(find(row, "th")[0]))
			}
			for unit := byClass(t, doc, "units").FirstChild; unit != nil; unit = unit.NextSibling {
				top = append(top, attr(find(unit, "a")[0], "href"))
			}
			if want := []string{"Phạm Thị Ánh Đào", "Trần Văn Ân"}; !slices.Equal(leaders, want) {
				t.Errorf("%s: leaders %q, want %q", prefix, leaders, want)
			}
			if want := []string{"Bùi An", "Trần Văn Ân", "Nguyễn Thị Dung", "Phạm Thị Ánh Đào", "Lê Văn Đức"}; !slices.Equal(people, want) {
				t.Errorf("%s: people %q, want %q", prefix, people, want)
			}
			if want := []string{prefix + "/ban-giam-doc", prefix + "/van-phong", prefix + "/phong-thanh-nien-binh-dang-gioi"}; !slices.Equal(top, want) {
				t.Errorf("%s: units %q, want %q", prefix, top, want)
			}
			inside := links(byClass(t, byClass(t, doc, "units"), "units"))
			if !slices.ContainsFunc(inside, func(l string) bool { return strings.HasPrefix(l, prefix+"/to-mot-cua ") }) {
				t.Errorf("%s: the units below are not in the tree: %q", prefix, inside)
			}
		}
	})
}

// TestPersonalNumbersAreSearchedInVain asks for each personal number in every typing; TestWalkAsOutsider looks for them in all answers.
func TestPersonalNumbersAreSearchedInVain(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		for _, number := range personalNumbers {
			for _, typed := range []string{number, "+84" + number[1:], "0084" + number[1:], model.ShowPhone("+84" + number[1:]),
				strings.ReplaceAll(model.ShowPhone("+84"+number[1:]), " ", "."), number[4:], number[:7]} {
				for _, target := range []string{"/danh-ba?q=", "/en/contacts?q=", "/tim-kiem?q=", "/tim-kiem?loai=nguoi&q="} {
					for _, address := range []string{outside, inside} {
						page := p.page(t, target+strings.NewReplacer("+", "%2B", " ", "+").Replace(typed), from(address))
						checkNumbers(t, target+typed, page)
						lacks(t, target+typed, between(t, page, "<main", "</main>"), "/nguoi/")
					}
				}
			}
		}
	})
}

func TestVCard(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		cards := readComponents(t, p.page(t, "/danh-ba/nguoi/pham-thi-anh-dao.vcf"))
		if len(cards) != 1 || cards[0].kind != "VCARD" || cards[0].lines[0].name != "VERSION" || cards[0].lines[0].value != "4.0" {
			t.Fatalf("cards %+v", cards)
		}
		card := cards[0]
		if got := card.one(t, "FN").text(); got != "Phạm Thị Ánh Đào" {
			t.Errorf("FN %q", got)
		}
		if got := card.one(t, "N").parts(';'); !slices.Equal(got, []string{"Phạm", "Đào", "Thị Ánh", "Bà", ""}) {
			t.Errorf("N %q", got)
		}
		if got := card.one(t, "TITLE").text(); got != "Giám đốc" { // the former post is not in it
			t.Errorf("TITLE %q", got)
		}
		if got := card.one(t, "ORG").parts(';'); !slices.Equal(got, []string{"Sở Nội vụ tỉnh Tân Giang", "Ban Giám đốc"}) {
			t.Errorf("ORG %q", got)
		}
		tel := card.one(t, "TEL")
		if tel.value != "tel:+842573000103" || !slices.Equal(tel.params["VALUE"], []string{"uri"}) || !slices.Contains(tel.params["TYPE"], "work") {
			t.Errorf("TEL %+v", tel)
		}
		if got := card.one(t, "EMAIL").text(); got != "anhdao@so.example.vn" {
			t.Errorf("EMAIL %q", got)
		}
		if got := card.one(t, "URL").value; got != base+"/danh-ba/nguoi/pham-thi-anh-dao" {
			t.Errorf("URL %q", got)
		}
		extension := readComponents(t, p.page(t, "/danh-ba/nguoi/le-van-duc.vcf"))[0].one(t, "TEL")
		if extension.value != "tel:+842573000104;ext=12" {
			t.Errorf("TEL with extension %q", extension.value)
		}
	})
}

func TestVCardOfOddNames(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		unit := storetest.Unit(t, p.store, `Phòng A, B; "C" \ D`)
		posts := []model.Post{{UnitID: unit.ID, Title: "Phó phòng; tổ trưởng, thư ký", Rank: 3}}
		for i := range 30 { // far more than a QR code holds
			posts = append(posts, model.Post{UnitID: unit.ID, Title: strings.Repeat("Ủy viên ", 20), Rank: 10 + i})
		}
		storetest.Person(t, p.store, "Mai", posts)
		card := readComponents(t, p.page(t, "/danh-ba/nguoi/mai.vcf"))[0]
		if got := card.one(t, "N").parts(';'); !slices.Equal(got, []string{"", "Mai", "", "", ""}) {
			t.Errorf("N %q", got)
		}
		if got := card.all("TITLE"); len(got) != 31 || got[0].text() != "Phó phòng; tổ trưởng, thư ký" {
			t.Errorf("%d × TITLE, the first %q", len(got), got[0].text())
		}
		if got := card.all("ORG")[0].parts(';'); !slices.Equal(got, []string{"Sở Nội vụ tỉnh Tân Giang", `Phòng A, B, "C" \ D`}) {
			t.Errorf("ORG %q", got)
		}
		checkSVG(t, p.page(t, "/danh-ba/nguoi/mai.svg"))
	})
}

// TestQR holds that the code is of the card that phones' cameras read, without personal numbers.
func TestQR(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		const card = "BEGIN:VCARD\r\nVERSION:3.0\r\nEMAIL;TYPE=work:anhdao@so.example.vn\r\nFN:Phạm Thị Ánh Đào\r\nN:Phạm;Đào;Thị Ánh;Bà;\r\n" +
			"ORG:Sở Nội vụ tỉnh Tân Giang;Ban Giám đốc\r\nTEL;TYPE=WORK:+842573000103\r\nTITLE:Giám đốc\r\nURL:http://so.example.vn/danh-ba/nguoi/pham-thi-anh-dao\r\nEND:VCARD\r\n"
		code, err := qr.Encode(card, qr.M, qr.Unicode)
		must(t, err)
		dark := checkSVG(t, p.page(t, "/danh-ba/nguoi/pham-thi-anh-dao.svg"))
		want := 0
		for y := range code.Bounds().Dy() {
			for x := range code.Bounds().Dx() {
				if r, _, _, _ := code.At(x, y).RGBA(); r == 0 {
					want++
				}
			}
		}
		if dark != want {
			t.Errorf("the code has %d dark modules, want %d as the card's", dark, want)
		}
	})
}

// checkSVG holds that svg is well formed and draws squares only, and returns their number.
func checkSVG(t *testing.T, svg string) (dark int) {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(svg))
	var elements []string
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			break
		}
		must(t, err)
		if start, ok := token.(xml.StartElement); ok {
			elements = append(elements, start.Name.Local)
			for _, a := range start.Attr {
				if a.Name.Local == "d" {
					dark += strings.Count(a.Value, "h1v1h-1z")
				}
			}
		}
	}
	if !slices.Equal(elements, []string{"svg", "path", "path"}) || dark == 0 {
		t.Errorf("SVG of %q with %d dark modules", elements, dark)
	}
	return dark
}

func TestCalendar(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		document := p.page(t, "/hoi-nghi/lich.ics")
		for line := range strings.SplitSeq(document, "\r\n") {
			if len(line) > 75 {
				t.Errorf("line of %d octets, more than 75: %q", len(line), line)
			}
		}
		calendars := readComponents(t, document)
		if len(calendars) != 1 || calendars[0].kind != "VCALENDAR" || len(calendars[0].children) != 1 {
			t.Fatalf("%d calendars, want one with one event:\n%s", len(calendars), document)
		}
		if got := calendars[0].one(t, "VERSION").value; got != "2.0" {
			t.Errorf("VERSION %q", got)
		}
		if calendars[0].one(t, "PRODID").value == "" {
			t.Error("no PRODID")
		}
		event := calendars[0].children[0]
		start := storetest.Start().AddDate(0, 0, 8)
		meeting, err := p.options.Store.MeetingBySlug(context.Background(), model.Viewer{}, "doi-thoai-thanh-nien")
		must(t, err)
		for name, want := range map[string]string{
			"SUMMARY":  `Hội nghị đối thoại; hỏi, đáp với thanh niên về "một cửa" và việc giải quyết hồ sơ trực tuyến ở các xã, phường`,
			"LOCATION": "Hội trường A, tầng 2", "UID": fmt.Sprintf("hoi-nghi-%d@%s", meeting.ID, host), "URL": base + "/hoi-nghi/doi-thoai-thanh-nien",
			"DTSTART": start.UTC().Format("20060102T150405Z"), "DTEND": start.Add(2 * time.Hour).UTC().Format("20060102T150405Z"), "SEQUENCE": "0",
		} {
			if got := event.one(t, name).text(); got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
		if _, err := time.Parse("20060102T150405Z", event.one(t, "DTSTAMP").value); err != nil {
			t.Errorf("DTSTAMP: %v", err)
		}
		p.clock.Add(9 * 24 * time.Hour)
		if a := p.get("/hoi-nghi/lich.ics"); a.status != http.StatusOK || strings.Contains(a.body, "VEVENT") {
			t.Errorf("after the meeting: status %d\n%s", a.status, a.body)
		}
	})
}
