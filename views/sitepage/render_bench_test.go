package sitepage_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"congso/store/model"
	"congso/views/layout"
	"congso/views/sitepage"
)

// BenchmarkRender is an item's page and a page of a list, from records in memory to bytes.
func BenchmarkRender(b *testing.B) {
	at := time.Date(2026, time.June, 15, 9, 0, 0, 0, model.Zone())
	section := model.Section{ID: 1, Slug: "thong-bao", Name: "Thông báo"}
	items := make([]model.News, 15)
	for i := range items {
		items[i] = model.News{ID: int64(i + 1), Slug: fmt.Sprint("tin-", i), Title: fmt.Sprint("Thông báo tuyển dụng số ", i), Summary: "Sở tiếp nhận hồ sơ tại bộ phận một cửa.",
			Section: section, Lifecycle: model.Lifecycle{Status: model.StatusPublished, Visibility: model.Public, PublishAt: at, Revision: 1}}
	}
	item := items[0]
	item.HTML = strings.Repeat("<p>Người dân nộp hồ sơ ở bộ phận một cửa và nhận kết quả qua bưu điện.</p>\n", 40)
	var others []model.NewsLink
	for _, n := range items[1:9] {
		others = append(others, model.NewsLink{ID: n.ID, Slug: n.Slug, Title: n.Title, PublishAt: n.PublishAt})
	}
	frame := &layout.Frame{Site: model.Site{Name: "Sở Nội vụ"}, Sections: []model.Section{section}}
	p := layout.Page{Frame: frame, Lang: "vi", Title: item.Title, Path: "/tin-tuc/tin-0", Base: "http://127.0.0.1", Now: at}
	for name, page := range map[string]templ.Component{
		"item": sitepage.News(p, sitepage.NewsData{News: item, Around: model.AroundNews{Others: others}}),
		"list": sitepage.NewsList(p, sitepage.NewsListData{Heading: section.Name, Section: section.Slug, Items: items, Total: len(items)}),
	} {
		b.Run(name, func(b *testing.B) {
			var out bytes.Buffer
			b.ReportAllocs()
			for b.Loop() {
				out.Reset()
				if err := page.Render(context.Background(), &out); err != nil {
					b.Fatal(err)
				}
			}
			if !strings.Contains(out.String(), items[8].Title) {
				b.Errorf("the page lacks %q", items[8].Title)
			}
			b.SetBytes(int64(out.Len()))
		})
	}
}
