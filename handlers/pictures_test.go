package handlers_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

var (
	imgTag  = regexp.MustCompile(`<img\b[^>]*>`)
	imgSize = regexp.MustCompile(` width="[1-9][0-9]*" height="[1-9][0-9]*"`)
)

// TestPicturesKeepTheirPlace: on no public page does a picture without its size move what is read, or lack a text in its place.
func TestPicturesKeepTheirPlace(t *testing.T) {
	p := newPortal(t, store.Options{Dir: t.TempDir()}, seed)
	var site model.Site
	site, err := p.store.Site(t.Context())
	must(t, err)
	site.Logo, site.Banner = picture(t, p.store, 300, 10), model.Photo{Media: picture(t, p.store, 1600, 11), Alt: "Trụ sở"}
	must(t, p.store.PutSite(t.Context(), storetest.Actor(), &site))
	seen := 0
	for _, target := range publicAddresses(p) {
		for _, tag := range imgTag.FindAllString(p.get(target, from(inside)).body, -1) {
			seen++
			if !imgSize.MatchString(tag) || !strings.Contains(tag, ` alt="`) {
				t.Errorf("%s: %s", target, tag)
			}
			if strings.Contains(tag, `loading="lazy"`) && strings.Contains(tag, "fetchpriority") {
				t.Errorf("%s: late and first: %s", target, tag)
			}
		}
	}
	if seen < 100 {
		t.Errorf("only %d pictures seen", seen)
	}
}

// TestFirstPicturesComeWithThePage: that of the first row is fetched before all else, the others when the reader comes near them.
func TestFirstPicturesComeWithThePage(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		covers := func(target string) (when []string) {
			main := between(t, p.page(t, target), "<main", "</main>")
			for _, tag := range imgTag.FindAllString(main, -1) {
				switch {
				case strings.Contains(tag, `loading="lazy"`):
					when = append(when, "late")
				case strings.Contains(tag, `fetchpriority="high"`):
					when = append(when, "first")
				default:
					when = append(when, "soon")
				}
			}
			return when
		}
		section, err := p.store.SectionBySlug(t.Context(), "cai-cach-hanh-chinh")
		must(t, err)
		cover := picture(t, p.store, 640, 77)
		for i := range 6 {
			storetest.News(t, p.store, section, fmt.Sprint("Có ảnh ", i), func(n *model.News) {
				n.PublishAt, n.Cover = p.store.Now().Add(-time.Duration(i+1)*time.Minute), model.Photo{Media: cover, Alt: "Ảnh"}
			})
		}
		rows := "[first late late late late late"
		for target, want := range map[string]string{
			"/tin-tuc": rows, "/en/tin-tuc": rows, "/chuyen-muc/cai-cach-hanh-chinh": rows,
			"/": "[first late late late late late", "/tin-tuc/co-anh-0": "[first",
		} {
			if got := fmt.Sprint(covers(target)); !strings.HasPrefix(got, want) || strings.Count(got, "first") != 1 {
				t.Errorf("%s: pictures %s, want %s…", target, got, want)
			}
		}
		p.news.Featured = false
		must(t, p.store.PutNews(t.Context(), storetest.Actor(), &p.news))
		if got := fmt.Sprint(covers("/")); !strings.HasPrefix(got, rows) {
			t.Errorf("home with nothing featured: pictures %s, want %s…", got, rows)
		}
	})
}
