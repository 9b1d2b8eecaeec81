package store_test

import (
	"context"
	"strings"
	"testing"
	"unicode/utf8"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// show writes spans with their marks in brackets.
func show(list []model.Span) string {
	var b strings.Builder
	for _, span := range list {
		if span.Mark {
			b.WriteString("[" + span.Text + "]")
		} else {
			b.WriteString(span.Text)
		}
	}
	return b.String()
}

func TestSnippet(t *testing.T) {
	filler := strings.Repeat("chuyện khác không liên quan ", 40)
	each(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		for name, test := range map[string]struct{ query, title, summary, body, wantTitle, want string }{
			"short":          {"duong", "Mở đường", "Về dương và đương.", "Hết.", "Mở [đường]", "Về [dương] và [đương]. Hết."},
			"only the title": {"mo", "Mở đường", "", "Hết.", "[Mở] đường", "Hết."},
			"no text":        {"mo", "Mở đường", "", "", "[Mở] đường", ""},
			"number":         {"3600", "Tin", "", "Có 3.600 học viên.", "Tin", "Có [3.600] học viên."},
			"tone":           {"hòa", "Tin", "", "Sống hoà thuận, hoa nở.", "Tin", "Sống [hoà] thuận, [hoa] nở."},
			"lines":          {"dong", "Tin", "", "Một\n\n  dòng.", "Tin", "Một · [dòng]."},
		} {
			t.Run(name, func(t *testing.T) {
				index(t, s, article("a", test.title, test.summary, test.body, ""))
				hit := oneHit(t, s.Search, test.query)
				if show(hit.Title) != test.wantTitle || show(hit.Snippet) != test.want {
					t.Errorf("got %q %q, want %q %q", show(hit.Title), show(hit.Snippet), test.wantTitle, test.want)
				}
			})
		}
		for name, test := range map[string]struct {
			query, body string
			want        []string
			start, end  bool // whether it is cut there
		}{
			"start":      {"duong", "Con đường. " + filler, []string{"Con [đường]. chuyện khác"}, false, true},
			"middle":     {"duong", filler + "con đường dài " + filler, []string{"liên quan con [đường] dài chuyện"}, true, true},
			"end":        {"duong", filler + "con đường.", []string{"liên quan con [đường]."}, true, false},
			"densest":    {"con duong", "con " + filler + "con đường dài " + filler, []string{"[con] [đường] dài"}, true, true},
			"as written": {"đường", "dương " + filler + "đường dài " + filler + "đương", []string{"[đường] dài"}, true, true},
			"long word":  {"duong", filler + "đường " + strings.Repeat("x", 500) + " " + filler, []string{"[đường]"}, true, true},
		} {
			t.Run(name, func(t *testing.T) {
				index(t, s, article("a", "Tin", "", test.body, ""))
				checkCut(t, show(oneHit(t, s.Search, test.query).Snippet), test.want, test.start, test.end)
			})
		}
	})
}

func oneHit(t *testing.T, search func(context.Context, model.Viewer, model.SearchQuery, int) (model.SearchResult, error), text string) model.SearchHit {
	t.Helper()
	result, err := search(context.Background(), model.Viewer{}, model.SearchQuery{Text: text}, 10)
	if err != nil || len(result.Hits) != 1 {
		t.Fatalf("%d hits, %v", len(result.Hits), err)
	}
	return result.Hits[0]
}

func checkCut(t *testing.T, got string, want []string, start, end bool) {
	t.Helper()
	for _, part := range want {
		if !strings.Contains(got, part) {
			t.Errorf("%q does not contain %q", got, part)
		}
	}
	if strings.HasPrefix(got, "…") != start || strings.HasSuffix(got, "…") != end {
		t.Errorf("cut wrongly: %q", got)
	}
	if n := utf8.RuneCountInString(got); n > 250 || n < 20 {
		t.Errorf("%d characters: %q", n, got)
	}
	if strings.ContainsAny(got, "xx") && !strings.Contains(got, "…") {
		t.Errorf("a word was cut: %q", got)
	}
	text := strings.Trim(got, "…")
	for _, word := range strings.Fields(text) {
		if strings.HasPrefix("chuyện", word) && word != "chuyện" {
			t.Errorf("a word was cut: %q", got)
		}
	}
}
