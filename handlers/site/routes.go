package site

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"congso/handlers/web"
)

// leadTo answers an address that has no page of its own but is an obvious guess.
func leadTo(path string) web.Handler {
	return func(web.Ctx) error { return web.Redirect{Path: path, Status: http.StatusFound} }
}

// Routes mounts every public address. What readers see exists twice: at its Vietnamese path, and under /en with an English frame.
func (s *Site) Routes(e *echo.Echo) {
	get := func(path string, h web.Handler) { e.Match([]string{http.MethodGet, http.MethodHead}, path, h) }

	for _, lang := range []string{"", "/en"} {
		contacts := lang + map[string]string{"": "/danh-ba", "/en": "/contacts"}[lang]
		get(lang+"/", s.home)
		get(lang+"/tin-tuc", s.newsList)
		get(lang+"/tin-tuc/:slug", s.news)
		get(lang+"/chuyen-muc/:slug", s.section)
		get(lang+"/hoi-nghi", s.meetings)
		get(lang+"/hoi-nghi/:slug", s.meeting) // and /hoi-nghi/{slug}.json, /hoi-nghi/lich.ics
		get(contacts, s.contacts)
		get(contacts+"/:unit", s.unit)
		get(contacts+"/nguoi/:slug", s.person) // and .vcf, .svg
		get(lang+"/bai-viet", s.articles)
		get(lang+"/bai-viet/*", s.article)
		get(lang+"/tim-kiem", s.search)
		get(lang+"/thong-ke", s.stats)
		get(lang+"/so-do", s.sitemap)
	}
	get("/en", s.home)
	get("/en/danh-ba", toContacts)
	get("/en/danh-ba/*", toContacts)

	get("/rss.xml", s.rss)
	get("/chuyen-muc/:slug/rss.xml", s.sectionRSS)
	get("/sitemap.xml", s.sitemapXML)
	get("/sitemap/:file", s.sitemapFile)
	get("/robots.txt", s.robots)
	get("/.well-known/security.txt", s.security)
	get("/favicon.ico", web.Favicon)
	get("/media/:hash/:file", s.media)
	get("/static/*", web.Static)

	get("/api/v1/news", s.apiNews)
	get("/api/v1/meetings", s.apiMeetings)
	get("/api/v1/contacts", s.apiContacts)
	get("/api/v1/articles", s.apiArticles)
	get("/api/v1/stats", s.apiStats)

	get("/hien-thi", leadTo("/"))
	get("/chuyen-muc", leadTo("/tin-tuc"))
	get("/danh-ba/nguoi", leadTo("/danh-ba"))

	e.POST("/hien-thi", s.display)
}
