package main

import (
	"testing"

	"congso/store/model"
)

// TestMoveMap: nginx reads every address as browsers send it, each once, and nothing in one as its own.
func TestMoveMap(t *testing.T) {
	got := string(moveMap([]model.Redirect{
		{From: "/cu/bài viết.html", To: "/tin-tuc/moi"},
		{From: "/Cu/trang", To: "/mot"},
		{From: "/cu/TRANG", To: "/hai"},
		{From: `/a"b\c$d?x=${y}&z="`, To: "https://so.example.vn/tin-tức?x=$1"},
		{From: "/b;c {d}", To: "/ba#phần"},
	}))
	const want = `# Old addresses of the portal, for a map of nginx: see the operators' handbook.
"/Cu/trang" "/mot";
"/a%22b%5Cc$d?x=${y}&z=%22" "https://so.example.vn/tin-t%E1%BB%A9c?x=%241";
"/b;c%20%7Bd%7D" "/ba#ph%E1%BA%A7n";
"/cu/b%C3%A0i%20vi%E1%BA%BFt.html" "/tin-tuc/moi";
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
