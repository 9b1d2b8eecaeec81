package model

import (
	"net/url"
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

// LocalPath reports whether browsers take address, a path with or without a query, for one on this site: "//host" and "/\host" lead
// elsewhere, escaped or not, once a redirect has unescaped them.
func LocalPath(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "" && u.Host == "" && strings.HasPrefix(address, "/") && !strings.HasPrefix(address, "//") &&
		!strings.HasPrefix(u.Path, "//") && !strings.Contains(address, `\`) && !strings.Contains(u.Path, `\`)
}

// WebAddress reports whether address is a whole http or https address, without a user's name in it.
func WebAddress(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil && !strings.Contains(address, `\`)
}

// localOrWeb reports whether address is a path on this site or a whole web address.
func localOrWeb(address string) bool { return LocalPath(address) || WebAddress(address) }
