package storetest

import (
	"bytes"
	"context"
	"html"
	"image"
	"image/color"
	"image/png"
	"regexp"
	"strings"
	"testing"
	"time"

	"congso/store"
	"congso/store/model"
)

// Actor is who makes the changes of the seed helpers.
func Actor() model.Actor { return model.Actor{Name: "seed"} }

// Outsider, Inside and Staff are the viewers there are: anybody, somebody on the department's network, somebody logged in.
func Outsider() model.Viewer { return model.Viewer{} }

// Inside is a viewer on the department's network who is not logged in.
func Inside() model.Viewer { return model.Viewer{Internal: true} }

// Staff is a viewer who is logged in.
func Staff() model.Viewer { return model.Viewer{Internal: true, Staff: true} }

var mediaAddress = regexp.MustCompile(`/media/([0-9a-f]{64})`)

// Renderer makes escaped paragraphs, with the text as it is and the hashes of all /media/ addresses in it.
func Renderer() model.Renderer {
	return model.Renderer{Version: 1, Render: func(markdown string) (model.Rendered, error) {
		var b strings.Builder
		for _, paragraph := range strings.Split(markdown, "\n\n") {
			if paragraph != "" {
				b.WriteString("<p>" + html.EscapeString(paragraph) + "</p>\n")
			}
		}
		rendered := model.Rendered{HTML: b.String(), Text: markdown}
		seen := map[string]bool{}
		for _, m := range mediaAddress.FindAllStringSubmatch(markdown, -1) {
			if !seen[m[1]] {
				seen[m[1]] = true
				rendered.Media = append(rendered.Media, m[1])
			}
		}
		return rendered, nil
	}}
}

// Section stores a section of that name.
func Section(t testing.TB, s *store.Store, name string) model.Section {
	t.Helper()
	section := model.Section{Name: name, Slug: model.Slug(name)}
	if err := s.PutSection(context.Background(), Actor(), &section); err != nil {
		t.Fatalf("section %q: %v", name, err)
	}
	return section
}

// News stores a public item published an hour ago, after change has had its way with it.
func News(t testing.TB, s *store.Store, section model.Section, title string, change ...func(*model.News)) model.News {
	t.Helper()
	n := model.News{Title: title, Section: section, Summary: "Tóm tắt: " + title, Body: "Nội dung của " + title + ".", Lifecycle: published(s)}
	for _, c := range change {
		c(&n)
	}
	if err := s.PutNews(context.Background(), Actor(), &n); err != nil {
		t.Fatalf("news %q: %v", title, err)
	}
	return n
}

// Meeting stores a public meeting that began a day ago, published an hour ago, after change has had its way with it.
func Meeting(t testing.TB, s *store.Store, title string, change ...func(*model.Meeting)) model.Meeting {
	t.Helper()
	m := model.Meeting{Title: title, Kind: "hội nghị", Start: s.Now().AddDate(0, 0, -1), Place: "Hội trường tầng 2", Lifecycle: published(s)}
	for _, c := range change {
		c(&m)
	}
	if err := s.PutMeeting(context.Background(), Actor(), &m); err != nil {
		t.Fatalf("meeting %q: %v", title, err)
	}
	return m
}

func published(s *store.Store) model.Lifecycle {
	return model.Lifecycle{Status: model.StatusPublished, Visibility: model.Public, PublishAt: s.Now().Add(-time.Hour)}
}

// Unit stores a standing unit after change has had its way with it.
func Unit(t testing.TB, s *store.Store, name string, change ...func(*model.Unit)) model.Unit {
	t.Helper()
	u := model.Unit{Name: name}
	for _, c := range change {
		c(&u)
	}
	if err := s.PutUnit(context.Background(), Actor(), &u); err != nil {
		t.Fatalf("unit %q: %v", name, err)
	}
	return u
}

// Person stores somebody with the posts, after change has had its way.
func Person(t testing.TB, s *store.Store, name string, posts []model.Post, change ...func(*model.Person)) model.Person {
	t.Helper()
	p := model.Person{Name: name, Posts: posts}
	for _, c := range change {
		c(&p)
	}
	if err := s.PutPerson(context.Background(), Actor(), &p); err != nil {
		t.Fatalf("person %q: %v", name, err)
	}
	return p
}

// Picture stores a picture of two pixels in that shade of grey: another shade is another file.
func Picture(t testing.TB, s *store.Store, shade uint8) model.Media {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 2, 1))
	img.SetGray(0, 0, color.Gray{Y: shade})
	img.SetGray(1, 0, color.Gray{Y: shade})
	var data bytes.Buffer
	if err := png.Encode(&data, img); err != nil {
		t.Fatal(err)
	}
	m := model.Media{Name: "anh.png"}
	if err := s.AddPicture(context.Background(), Actor(), &m, &data); err != nil {
		t.Fatalf("picture: %v", err)
	}
	return m
}

// User stores an account with that role and without a password, after change has had its way with it.
func User(t testing.TB, s *store.Store, name string, role model.Role, change ...func(*model.User)) model.User {
	t.Helper()
	u := model.User{Name: name, FullName: "Nguyễn Thị " + name, Role: role}
	for _, c := range change {
		c(&u)
	}
	if err := s.PutUser(context.Background(), Actor(), &u); err != nil {
		t.Fatalf("user %q: %v", name, err)
	}
	return u
}
