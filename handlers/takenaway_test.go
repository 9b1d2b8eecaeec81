package handlers_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"congso/store/model"
	"congso/store/storetest"
)

// takenAway are the records of TestTakenAwayEverywhere that editors take away, each with the word that stands in it alone.
type takenAway struct {
	words []string
	media []string // addresses of files
	away  func(t *testing.T)
}

// putTakenAway stores news and meetings with all that they can have, and a person.
func (p *portal) putTakenAway(t *testing.T) (a takenAway) {
	t.Helper()
	changes := map[string]func(l *model.Lifecycle){
		"matluutru": func(l *model.Lifecycle) { l.Status = model.StatusArchived },
		"matnoibo":  func(l *model.Lifecycle) { l.Visibility = model.Internal },
		"mathethan": func(l *model.Lifecycle) { l.ExpireAt = p.store.Now() },
		"matnhap":   func(l *model.Lifecycle) { l.Status = model.StatusDraft },
	}
	var steps []func()
	shade := uint8(3)
	for word, change := range changes {
		shade += 7
		media := picture(t, p.store, 400, shade)
		file := model.Media{Name: word + ".txt"}
		must(t, p.store.AddAttachment(t.Context(), storetest.Actor(), &file, strings.NewReader("Phụ lục "+word)))
		photo := model.Photo{Media: media, Alt: "Ảnh " + word, Caption: "Chú thích " + word}
		n := storetest.News(t, p.store, p.news.Section, "Tin "+word, func(n *model.News) {
			n.PublishAt, n.Cover, n.Featured, n.Tags = p.store.Now(), photo, true, []model.Tag{{Name: "Thẻ " + word}}
			n.Attachments = []model.Attachment{{Media: file, Title: "Tệp " + word}}
		})
		m := storetest.Meeting(t, p.store, "Họp "+word, func(m *model.Meeting) {
			m.Start, m.Kind, m.NewsID, m.Photos = p.store.Now().AddDate(0, 0, 2), "họp "+word, n.ID, []model.Photo{photo}
			m.Participants = []model.Participant{{Name: "Ông " + word, Role: model.Chair}}
		})
		a.words, a.media = append(a.words, word), append(a.media, media.URL(), file.URL())
		steps = append(steps, func() {
			change(&n.Lifecycle)
			must(t, p.store.PutNews(t.Context(), storetest.Actor(), &n))
			change(&m.Lifecycle)
			must(t, p.store.PutMeeting(t.Context(), storetest.Actor(), &m))
		})
	}
	post := model.Post{UnitID: storetest.Unit(t, p.store, "Phòng Mất").ID, Title: "Trưởng phòng", Rank: 1, From: "2023-02-01"}
	who := storetest.Person(t, p.store, "Đỗ Mất Số", []model.Post{post}, func(n *model.Person) { n.Numbers = []model.Number{{E164: "0911222333", Official: true}} })
	a.words = append(a.words, "911222333")
	a.away = func(t *testing.T) {
		t.Helper()
		for _, step := range steps {
			step()
		}
		who.Numbers[0].Official = false
		must(t, p.store.PutPerson(t.Context(), storetest.Actor(), &who))
	}
	return a
}

// TestTakenAwayEverywhere: what everybody has seen, and editors take away then, stands nowhere two seconds later, on no page, in no feed, no
// calendar, no search and no data, and its files are not to be had: a page is kept for a second, the frame of the pages for another.
func TestTakenAwayEverywhere(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		p.keeping()
		a := p.putTakenAway(t)
		p.clock.Add(2 * time.Second)
		more := append(a.media, "/tim-kiem?q=tin", "/danh-ba/phong-mat")
		for _, word := range a.words {
			more = append(more, "/tim-kiem?q="+word, "/danh-ba?q="+word)
		}
		seen, asked := map[string]int{}, map[string]bool{}
		p.walk(t, func(v visited) {
			asked[v.target] = true
			for _, word := range a.words {
				if strings.Contains(v.answer.body, word) {
					seen[word]++
				}
			}
		})
		for _, word := range a.words {
			if seen[word] < 2 {
				t.Errorf("%s stood on %d pages: too few to try", word, seen[word])
			}
		}
		for _, target := range more {
			asked[target] = true
			p.page(t, target)
		}
		a.away(t)
		p.clock.Add(2 * time.Second)
		for target := range asked {
			answer := p.get(target)
			if answer.header.Get("Cache-Status") != "" || answer.status >= http.StatusInternalServerError {
				t.Errorf("GET %s: %d, %s", target, answer.status, answer.header.Get("Cache-Status"))
			}
			for _, word := range a.words {
				lacks(t, target, answer.body, "Tin "+word, "Họp "+word, "họp "+word, "Ảnh "+word, "Tệp "+word, "Phụ lục "+word, "Thẻ "+word, "Ông "+word)
				if !strings.Contains(target, word) { // a page may name its own address
					lacks(t, target, answer.body, word)
				}
			}
		}
		for _, target := range a.media {
			if answer := p.get(target); answer.status != http.StatusNotFound {
				t.Errorf("GET %s: %d", target, answer.status)
			}
		}
	})
}
