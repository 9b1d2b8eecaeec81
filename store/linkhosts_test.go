package store_test

import (
	"context"
	"regexp"
	"testing"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

func TestHostsThatAreLinkedAlready(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		link := regexp.MustCompile(`\[(.*?)\]\((.*?)\)`)
		o.Renderer = model.Renderer{Version: 1, Render: func(markdown string) (model.Rendered, error) {
			return model.Rendered{HTML: link.ReplaceAllString(markdown, `<a href="$2">$1</a>`), Text: markdown}, nil
		}}
		s := storetest.Open(t, o)
		section := storetest.Section(t, s, "Tin")
		storetest.News(t, s, section, "Có liên kết", func(n *model.News) {
			n.Body = "[a](https://mot.example.vn) [b](http://hai.example.vn/x?y=1) [c](https://ba.example.vn:8443/) [d](https://bon.example.vn?q)"
		})
		storetest.News(t, s, section, "Nháp", func(n *model.News) { n.Body, n.Status = "[x](https://nhap.example.vn/)", model.StatusDraft })
		storetest.Meeting(t, s, "Họp", func(m *model.Meeting) { m.Summary = "[e](https://hop.example.vn/a)" })
		if err := s.PutLinkedSite(context.Background(), storetest.Actor(), &model.LinkedSite{Name: "Cổng", URL: "https://cong.example.vn/"}); err != nil {
			t.Fatal(err)
		}
		for host, want := range map[string]bool{
			"mot.example.vn": true, "hai.example.vn": true, "ba.example.vn": true, "bon.example.vn": true, "hop.example.vn": true, "cong.example.vn": true,
			"nhap.example.vn": false, "mot.example": false, "ot.example.vn": false, "mot.example.vn.evil": false, "%": false, "_ot.example.vn": false, `\`: false, "": false,
		} {
			if got, err := s.LinksTo(context.Background(), host); got != want || err != nil {
				t.Errorf("%q: %t, %v, want %t", host, got, err, want)
			}
		}
	})
}
