package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestReadersStayWhereTheyAre holds that the display form and the language switch lead to the very page that the reader had, and carry
// nothing along that no page knows.
func TestReadersStayWhereTheyAre(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		long := url.Values{"chu-tri": {strings.Repeat("ữ ", 49) + "ữ"}, "q": {strings.Repeat("đường ", 32) + "x"}}.Encode()
		for asked, query := range map[string]string{
			"/tin-tuc?the=mot-cua":                                 "?the=mot-cua",
			"/tin-tuc?trang=2&tu=http://evil.example&nam=x":        "?trang=2",
			"/tin-tuc/" + p.news.Slug + "?tu=tin-tuc&the=mot-cua":  "?the=mot-cua&tu=tin-tuc",
			"/hoi-nghi?loai=giao+ban&nam=2025&chu-tri=%C3%A2n&q=a": "?chu-tri=%C3%A2n&loai=giao+ban&nam=2025&q=a",
			"/hoi-nghi/" + p.meeting.Slug + "?nam=2026":            "?nam=2026",
			"/tim-kiem?q=%C4%91%C6%B0%E1%BB%9Dng&loai=tin&trang=1": "?loai=tin&q=%C4%91%C6%B0%E1%BB%9Dng&trang=1",
			"/hoi-nghi?" + long:                                    "?" + long,
			"/tin-tuc?x=1&fbclid=2":                                "",
			"/":                                                    "",
			"/khong-co?q=a":                                        "?q=a",
			"/tin-tuc?the=mot-cua&the=hai":                         "?the=mot-cua",
		} {
			path, _, _ := strings.Cut(asked, "?")
			doc := parse(t, p.get(asked).body)
			here, other := "", ""
			for _, input := range find(doc, "input") {
				if attr(input, "name") == "ve" {
					here = attr(input, "value")
				}
			}
			for _, link := range find(doc, "a") {
				if attr(link, "class") == "lang" {
					other = attr(link, "href")
				}
			}
			english := "/en" + strings.TrimSuffix(path, "/")
			if here != path+query || other != english+query {
				t.Errorf("GET %s: form leads to %s, switch to %s", asked, here, other)
			}
			a := p.do(http.MethodPost, "/hien-thi", form(url.Values{"nen": {"dark"}, "ve": {here}}.Encode()))
			if a.status != http.StatusSeeOther || a.header.Get("Location") != path+query {
				t.Errorf("GET %s: the form leads to %d %s", asked, a.status, a.header.Get("Location"))
			}
		}
	})
}
