package handlers_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"congso/handlers"
	"congso/store/model"
	"congso/store/storetest"
)

// TestPanicOfTheErrorPage holds that a panic while the page for an error is made is an answer too, with its id and its lines in the log.
func TestPanicOfTheErrorPage(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		broken := p.options
		broken.Hits = nil // every page, that for errors too, asks it for the counters
		p.server = handlers.New(broken)
		a := p.get("/khong-co")
		id := a.header.Get("X-Request-Id")
		if a.status != http.StatusInternalServerError || a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("status %d, Cache-Control %q", a.status, a.header.Get("Cache-Control"))
		}
		checkHeaders(t, "/khong-co", a)
		contains(t, "/khong-co", a.body, "Có lỗi xảy ra", id)
		lacks(t, "/khong-co", a.body, "goroutine", "nil pointer")
		lines := p.logged(t, id)
		if len(lines) != 2 || lines[0].Level != "ERROR" || !strings.Contains(lines[0].Error, "panic") || lines[1].Status != 500 {
			t.Errorf("log %+v", lines)
		}
	})
}

func TestWhoTakesGzip(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		for accepted, packed := range map[string]struct{ page, file bool }{ // a file is there in Brotli too
			"": {}, "gzip": {true, true}, "br, gzip;q=0.5": {true, false}, "GZIP": {true, true}, "gzip;q=0": {}, "gzip; q=0.000, br": {},
			"identity, gzip ; Q=1": {true, true}, "x-gzipped": {}, "*": {true, false}, "gzip;q=x": {},
		} {
			for target, want := range map[string]bool{"/": packed.page, styleSheet(t, p): packed.file} {
				a := p.get(target, with("Accept-Encoding", accepted))
				if got := a.header.Get("Content-Encoding") == "gzip"; got != want || !strings.Contains(strings.Join(a.header.Values("Vary"), ","), "Accept-Encoding") {
					t.Errorf("GET %s, Accept-Encoding %q: packed %v, Vary %q", target, accepted, got, a.header.Values("Vary"))
				}
			}
		}
	})
}

func TestLongLinesOfACard(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		unit := storetest.Unit(t, p.store, "Trung tâm Lưu trữ lịch sử và Ứng dụng công nghệ thông tin, chuyển đổi số ngành Nội vụ")
		title := "Phó Trưởng phòng phụ trách công tác tuyên truyền, phổ biến, giáo dục pháp luật và đào tạo, bồi dưỡng"
		storetest.Person(t, p.store, "Hồ Thị Lan", []model.Post{{UnitID: unit.ID, Title: title, Rank: 5}})
		card := p.page(t, "/danh-ba/nguoi/ho-thi-lan.vcf")
		folds := 0
		for line := range strings.SplitSeq(strings.TrimSuffix(card, "\r\n"), "\r\n") {
			if len(line) > 75 || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n") {
				t.Errorf("line of %d octets: %q", len(line), line)
			}
			if strings.HasPrefix(line, " ") {
				folds++
			}
		}
		if folds < 3 {
			t.Errorf("only %d folds", folds)
		}
		contains(t, "unfolded", strings.ReplaceAll(card, "\r\n ", ""), "TITLE:"+strings.ReplaceAll(title, ",", `\,`)+"\r\n")
	})
}

// TestFrameAge holds that the frame is as old as the store's clock says.
func TestFrameAge(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		p.page(t, "/")
		site, err := p.store.Site(context.Background())
		must(t, err)
		site.Name = "Sở Đổi tên"
		must(t, p.store.PutSite(context.Background(), storetest.Actor(), &site))
		p.clock.Add(999 * time.Millisecond)
		lacks(t, "soon", p.page(t, "/"), site.Name)
		p.clock.Add(time.Millisecond)
		contains(t, "after a second", p.page(t, "/"), site.Name)
	})
}
