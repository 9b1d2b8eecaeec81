package main

import (
	"net/http"
	"testing"
)

// kind is one kind of public page, with the address of an example in the demo.
type kind struct {
	name, path string
	status     int
}

func kindsOfPages() []kind {
	return []kind{
		{"home", "/", 200},
		{"news list", "/tin-tuc", 200},
		{"news list, page 3", "/tin-tuc?trang=3", 200},
		{"tag", "/tin-tuc?the=mot-cua", 200},
		{"section", "/chuyen-muc/thong-bao", 200},
		{"item", "/tin-tuc/hoi-nghi-so-ket-cai-cach-hanh-chinh?tu=trang-chu", 200},
		{"item with attachments", "/tin-tuc/danh-sach-214-thi-sinh-du-thi-vong-2", 200},
		{"meetings", "/hoi-nghi", 200},
		{"meetings filtered", "/hoi-nghi?q=khongcogi", 200},
		{"meeting", "/hoi-nghi/hoi-nghi-so-ket-cong-tac-cai-cach-hanh-chinh-va-ky-ket-quy-che-phoi-hop-mot-cua", 200},
		{"directory", "/danh-ba", 200},
		{"directory searched", "/danh-ba?q=hoa", 200},
		{"unit", "/danh-ba/phong-xay-dung-chinh-quyen-thanh-nien", 200},
		{"former unit", "/danh-ba/phong-cong-tac-thanh-nien", 200},
		{"person", "/danh-ba/nguoi/nguyen-hoang-minh-hoa", 200},
		{"articles", "/bai-viet", 200},
		{"article", "/bai-viet/tro-nang", 200},
		{"meeting to come", "/hoi-nghi/cuoc-hop-kiem-tra-dieu-kien-van-hanh-bo-phan-mot-cua-xa-dao-hon-nhan", 200},
		{"search", "/tim-kiem", 200},
		{"search with results", "/tim-kiem?q=duong", 200},
		{"search without results", "/tim-kiem?q=xyzzyq", 200},
		{"statistics", "/thong-ke", 200},
		{"site map", "/so-do", 200},
		{"404", "/khong-co-trang-nay", 404},
		{"410", "/tin-tuc/lay-y-kien-mau-phieu-khao-sat", 410},
		{"English home", "/en", 200},
		{"English directory", "/en/contacts", 200},
		{"English person", "/en/contacts/nguoi/nguyen-hoang-minh-hoa", 200},
		{"English item", "/en/tin-tuc/hoi-nghi-so-ket-cai-cach-hanh-chinh", 200},
		{"English article", "/en/bai-viet/tro-nang", 200},
	}
}

// TestKindsOfPages holds that the examples are there and are what they are called.
func TestKindsOfPages(t *testing.T) {
	t.Parallel()
	site := livePortal(t)
	for _, k := range kindsOfPages() {
		a := site.get(t, k.path)
		if a.status != k.status {
			t.Errorf("%s: %s answers %d, want %d %s", k.name, k.path, a.status, k.status, a.header.Get("Location"))
		}
		if got := a.header.Get("Content-Type"); got != "text/html; charset=utf-8" {
			t.Errorf("%s: %s", k.name, got)
		}
	}
	notThere := site.get(t, "/khong-co-trang-nay", func(r *http.Request) { r.Header.Set("Cookie", "hien-thi=contrast.larger") })
	mustContain(t, "a missing page in high contrast", notThere.body, `data-theme="contrast"`, `data-size="larger"`)
}

// handbookPages are examples of the articles for staff: all that Markdown can show, pictures, wide tables.
func handbookPages() []string {
	return []string{"/bai-viet/phat-trien-noi-dung", "/bai-viet/so-tay/quan-tri", "/bai-viet/so-tay/viet-tin", "/bai-viet/so-tay/kham-cong"}
}
