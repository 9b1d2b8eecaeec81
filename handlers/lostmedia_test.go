package handlers_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// TestLostFiles: a file that is gone from the disk leaves pages whole, another size of a picture stands in, and its desk says what is lost.
func TestLostFiles(t *testing.T) {
	storetest.EachOptions(t, func(t *testing.T, o store.Options) {
		p := newPortal(t, o, seed)
		cover, folder := p.news.Cover.Media, filepath.Join(o.Dir, "media", p.news.Cover.Media.Hash[:2])
		size := func(width int) string {
			return filepath.Join(folder, fmt.Sprintf("%s-%d%s", cover.Hash, width, cover.Ext()))
		}
		main := filepath.Join(folder, cover.Hash+cover.Ext())
		small := "/media/" + cover.Hash + "/320" + cover.Ext()
		editor := p.login(t, model.RoleEditor)
		desk := fmt.Sprintf("/admin/tep/%d", cover.ID)
		lacks(t, "the desk before", p.get(desk, editor).body+p.get("/admin/tep", editor).body, "Mất tệp")

		must(t, os.Remove(size(320)))
		a := p.get(small)
		if a.status != http.StatusOK || int64(len(a.body)) != cover.Bytes || a.header.Get("Cache-Control") != "no-store" || a.header.Get("ETag") != "" {
			t.Errorf("another size in its place: %d, %d bytes, %v", a.status, len(a.body), a.header)
		}
		contains(t, "the desk", p.get(desk, editor).body, "Mất tệp:", " 1 trong các cỡ")
		contains(t, "the list", p.get("/admin/tep", editor).body, "Mất tệp")

		must(t, os.Remove(main))
		large, err := os.ReadFile(size(960))
		must(t, err)
		if a := p.get(cover.URL()); a.status != http.StatusOK || a.body != string(large) {
			t.Errorf("the largest that is left: %d, %d bytes", a.status, len(a.body))
		}

		must(t, os.RemoveAll(filepath.Join(o.Dir, "media")))
		for _, address := range []string{small, cover.URL(), p.file.URL()} {
			a := p.get(address)
			if a.status != http.StatusNotFound || strings.Contains(a.header.Get("Cache-Control"), "immutable") {
				t.Errorf("GET %s: %d, %q", address, a.status, a.header.Get("Cache-Control"))
			}
		}
		for target, must := range map[string]string{"/": "Sửa chữa đường Nguyễn Huệ", "/tin-tuc/" + p.news.Slug: `alt="Rào chắn trước cổng chính"`, "/hoi-nghi/" + p.meeting.Slug: "Các bên trao văn bản",
			"/danh-ba": "Phạm Thị Ánh Đào", "/rss.xml": "Sửa chữa đường Nguyễn Huệ"} {
			contains(t, target, p.page(t, target), must)
		}
		contains(t, "the desk", p.get(desk, editor).body, "Mất tệp:", " 4 trong các cỡ", "bản sao lưu")
		contains(t, "the attachment's desk", p.get(fmt.Sprintf("/admin/tep/%d", p.file.ID), editor).body, "Mất tệp:", "không tải về được")
	})
}
