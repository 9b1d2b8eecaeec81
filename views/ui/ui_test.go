package ui_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"congso/store/model"
	"congso/views/ui"
)

func TestPagesAround(t *testing.T) {
	for _, c := range []struct {
		current, last int
		want          []int // 0 for a gap
	}{
		{1, 1, []int{1}},
		{1, 2, []int{1, 2}},
		{2, 3, []int{1, 2, 3}},
		{1, 5, []int{1, 2, 3, 0, 5}},
		{3, 5, []int{1, 2, 3, 4, 5}},
		{4, 7, []int{1, 2, 3, 4, 5, 6, 7}},
		{5, 9, []int{1, 0, 3, 4, 5, 6, 7, 0, 9}},
		{1, 100, []int{1, 2, 3, 0, 100}},
		{4, 100, []int{1, 2, 3, 4, 5, 6, 0, 100}},
		{50, 100, []int{1, 0, 48, 49, 50, 51, 52, 0, 100}},
		{97, 100, []int{1, 0, 95, 96, 97, 98, 99, 100}},
		{100, 100, []int{1, 0, 98, 99, 100}},
		{500_000, 1_000_000, []int{1, 0, 499_998, 499_999, 500_000, 500_001, 500_002, 0, 1_000_000}},
	} {
		if got := (ui.Pages{Current: c.current, Last: c.last}).Around(); !slices.Equal(got, c.want) {
			t.Errorf("page %d of %d: %v, want %v", c.current, c.last, got, c.want)
		}
	}
}

func TestPager(t *testing.T) {
	for _, c := range []struct {
		current, last int
		has, not      []string
	}{
		{1, 1, nil, []string{"<nav"}},
		{1, 3, []string{`rel="next" href="/x?trang=2&amp;a=b"`, `aria-current="page" href="/x?trang=1&amp;a=b"`, "Trang sau"}, []string{`rel="prev"`, "…"}},
		{2, 3, []string{`rel="prev" href="/x?trang=1`, `rel="next" href="/x?trang=3`}, nil},
		{9, 9, []string{`rel="prev" href="/x?trang=8`, "…"}, []string{`rel="next"`}},
	} {
		var b strings.Builder
		pages := ui.Pages{Current: c.current, Last: c.last, Href: func(n int) string { return fmt.Sprintf("/x?trang=%d&a=b", n) }}
		if err := ui.Pager("vi", pages).Render(context.Background(), &b); err != nil {
			t.Fatal(err)
		}
		for _, text := range c.has {
			if !strings.Contains(b.String(), text) {
				t.Errorf("page %d of %d: no %q in %s", c.current, c.last, text, b.String())
			}
		}
		for _, text := range c.not {
			if strings.Contains(b.String(), text) {
				t.Errorf("page %d of %d: has %q", c.current, c.last, text)
			}
		}
	}
}

func TestAttachments(t *testing.T) {
	list := []model.Attachment{
		{Title: "Kế hoạch <số 14>", Media: model.Media{Hash: "abc", Name: "Kế hoạch.DOCX", MIME: "application/msword", Bytes: 1_300_000}},
		{Title: "Danh sách", Media: model.Media{Hash: "def", Name: "ds.pdf", MIME: "application/pdf", Bytes: 900}},
	}
	var b strings.Builder
	if err := ui.Attachments("vi", "vi", list).Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"Kế hoạch &lt;số 14&gt;", "DOCX, 1,2 MB", "PDF, 900 B", `href="/media/def/ds.pdf"`} {
		if !strings.Contains(b.String(), text) {
			t.Errorf("no %q in %s", text, b.String())
		}
	}
}
