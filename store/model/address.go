package model

import (
	"slices"
	"strings"
)

// PageParameter reports whether the portal's pages for people read the query parameter of that name.
func PageParameter(name string) bool {
	return slices.Contains([]string{"chu-tri", "loai", "muc", "nam", "q", "the", "trang", "tu"}, name)
}

// DeskPage reports whether path is one of the desks behind the login, which no old address may stand in for.
func DeskPage(path string) bool { return path == "/admin" || strings.HasPrefix(path, "/admin/") }

// FixedPage reports whether the portal answers at path whatever records it has.
func FixedPage(path string) bool {
	if DeskPage(path) {
		return true
	}
	switch path {
	case "/rss.xml", "/sitemap.xml", "/robots.txt", "/.well-known/security.txt", "/favicon.ico", "/healthz", "/readyz", "/en",
		"/api/v1/news", "/api/v1/meetings", "/api/v1/contacts", "/api/v1/articles", "/api/v1/stats",
		"/hien-thi", "/chuyen-muc", "/danh-ba", "/danh-ba/nguoi", "/en/danh-ba", "/en/contacts":
		return true
	}
	switch strings.TrimPrefix(path, "/en") {
	case "/", "/tin-tuc", "/hoi-nghi", "/hoi-nghi/lich.ics", "/bai-viet", "/tim-kiem", "/thong-ke", "/so-do":
		return true
	}
	return false
}

// RecordPage returns the kind and the slug of the record whose page, or whose page in another form, is at path; ok is false for any
// other path. Whether there is such a record is not known here.
func RecordPage(path string) (kind Kind, slug string, ok bool) {
	path = strings.TrimPrefix(path, "/en")
	for _, place := range []struct {
		folder string
		kind   Kind
		forms  []string
	}{
		{"/tin-tuc/", KindNews, nil},
		{"/chuyen-muc/", KindSection, []string{"/rss.xml"}},
		{"/hoi-nghi/", KindMeeting, []string{".json"}},
		{"/danh-ba/nguoi/", KindPerson, []string{".vcf", ".svg"}},
		{"/contacts/nguoi/", KindPerson, []string{".vcf", ".svg"}},
		{"/danh-ba/", KindUnit, nil},
		{"/contacts/", KindUnit, nil},
	} {
		slug, ok := strings.CutPrefix(path, place.folder)
		for _, form := range place.forms {
			slug = strings.TrimSuffix(slug, form)
		}
		if ok && ValidSlug(slug) {
			return place.kind, slug, true
		}
	}
	return "", "", false
}
