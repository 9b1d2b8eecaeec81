package site

import (
	"net/http"
	"strconv"
	"time"

	"congso/handlers/web"
	"congso/store"
	"congso/store/model"
)

// The read-only JSON of the same public records as the pages: never internal ones, never personal numbers.

const (
	apiPerPage = 20
	apiMost    = 100
)

type apiList struct {
	Items any    `json:"items"`
	Page  int    `json:"page"`
	Pages int    `json:"pages"`
	Total int    `json:"total"`
	Next  string `json:"next,omitempty"`
}

type apiNewsItem struct {
	URL         string     `json:"url"`
	Title       string     `json:"title"`
	Summary     string     `json:"summary"`
	Section     apiNamed   `json:"section"`
	Byline      string     `json:"byline,omitempty"`
	PublishedAt time.Time  `json:"published_at"`
	UpdatedAt   *time.Time `json:"updated_at,omitempty"`
	Image       *apiImage  `json:"image,omitempty"`
}

type apiNamed struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

type apiImage struct {
	URL     string `json:"url"`
	Width   int    `json:"width"`
	Height  int    `json:"height"`
	Alt     string `json:"alt"`
	Caption string `json:"caption,omitempty"`
}

// apiPaging reads page and per_page.
func apiPaging(c web.Ctx) (page, size int) {
	size = apiPerPage
	if n, err := strconv.Atoi(c.QueryParam("per_page")); err == nil && n >= 1 {
		size = min(n, apiMost)
	}
	return web.PageNumber(c, "page"), size
}

// sendList answers with one page of a list of total items.
func (s *Site) sendList(c web.Ctx, items any, page, size, total int, extra ...string) error {
	list := apiList{Items: items, Page: page, Pages: web.LastPage(total, size), Total: total}
	if page > list.Pages {
		return model.ErrNotFound
	}
	if page < list.Pages {
		pairs := append([]string{"page", strconv.Itoa(page + 1), "per_page", strconv.Itoa(size)}, extra...)
		list.Next = withQuery(s.abs(c.Request().URL.Path), pairs...)
	}
	return sendJSON(c, list)
}

// sendJSON answers with data, which anybody's page may read.
func sendJSON(c web.Ctx, data any) error {
	h := c.Response().Header()
	h.Set("Cache-Control", "no-cache")
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	return c.JSON(http.StatusOK, data)
}

// faultJSON tells a program what a fault page tells people.
func faultJSON(c web.Ctx, status int) error {
	h := c.Response().Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	return c.JSON(status, struct {
		Status    int    `json:"status"`
		Error     string `json:"error"`
		RequestID string `json:"request_id"`
	}{status, http.StatusText(status), h.Get("X-Request-Id")})
}

func (s *Site) apiNews(c web.Ctx) error {
	ctx := c.Request().Context()
	page, size := apiPaging(c)
	slug := c.QueryParam("section")
	found, err := read(c, s, func(r *store.Reader) (f newsFound, err error) {
		if slug != "" {
			if f.section, err = r.SectionBySlug(ctx, model.Slug(model.Clean(slug))); err != nil {
				return f, err
			}
		}
		f.items, f.total, err = r.NewsPage(ctx, model.Viewer{}, store.NewsFilter{Section: f.section.ID}, page, size)
		return f, err
	})
	if err != nil {
		return err
	}
	items := make([]apiNewsItem, len(found.items))
	for i, n := range found.items {
		items[i] = s.apiNewsItem(n)
	}
	return s.sendList(c, items, page, size, found.total, "section", found.section.Slug)
}

func (s *Site) apiNewsItem(n model.News) apiNewsItem {
	item := apiNewsItem{
		URL: s.abs("/tin-tuc/" + n.Slug), Title: n.Title, Summary: n.Summary, Byline: n.Byline, PublishedAt: n.PublishAt,
		Section: apiNamed{n.Section.Name, s.abs("/chuyen-muc/" + n.Section.Slug)},
	}
	if n.Corrected() {
		item.UpdatedAt = &n.UpdatedAt
	}
	if n.Cover.Media.ID != 0 {
		item.Image = s.apiImage(n.Cover)
	}
	return item
}

func (s *Site) apiImage(p model.Photo) *apiImage {
	return &apiImage{s.abs(p.Media.URL()), p.Media.Width, p.Media.Height, p.Alt, p.Caption}
}

type apiMeetingItem struct {
	URL   string     `json:"url"`
	JSON  string     `json:"json"`
	Title string     `json:"title"`
	Kind  string     `json:"kind"`
	Start time.Time  `json:"start"`
	End   *time.Time `json:"end,omitempty"`
	Place string     `json:"place,omitempty"`
}

func (s *Site) apiMeetings(c web.Ctx) error {
	page, size := apiPaging(c)
	list, err := read(c, s, func(r *store.Reader) (store.MeetingList, error) {
		return r.MeetingsPage(c.Request().Context(), model.Viewer{}, store.MeetingFilter{}, page, size)
	})
	if err != nil {
		return err
	}
	items := make([]apiMeetingItem, len(list.Items))
	for i, m := range list.Items {
		address := s.abs("/hoi-nghi/" + m.Slug)
		items[i] = apiMeetingItem{URL: address, JSON: address + ".json", Title: m.Title, Kind: m.Kind, Start: m.Start, End: maybe(m.End), Place: m.Place}
	}
	return s.sendList(c, items, page, size, list.Total)
}

// maybe is t, or nothing for the zero time.
func maybe(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

type apiNumber struct {
	Kind   model.NumberKind `json:"kind"`
	Number string           `json:"number"`
	Shown  string           `json:"shown"`
}

type apiPost struct {
	Title   string `json:"title"`
	TitleEN string `json:"title_en,omitempty"`
	Unit    string `json:"unit"`
	UnitURL string `json:"unit_url"`
}

type apiPerson struct {
	URL       string      `json:"url"`
	VCard     string      `json:"vcard"`
	Name      string      `json:"name"`
	Email     string      `json:"email,omitempty"`
	Posts     []apiPost   `json:"posts"`
	Numbers   []apiNumber `json:"numbers"`
	Confirmed model.Day   `json:"confirmed_on,omitempty"`
}

type apiUnit struct {
	URL     string      `json:"url"`
	Name    string      `json:"name"`
	NameEN  string      `json:"name_en,omitempty"`
	Address string      `json:"address,omitempty"`
	Email   string      `json:"email,omitempty"`
	Numbers []apiNumber `json:"numbers"`
}

func apiNumbers(numbers []model.Number) []apiNumber {
	list := []apiNumber{}
	for _, n := range numbers {
		if n.Official {
			list = append(list, apiNumber{n.Kind, n.E164, model.ShowPhone(n.E164)})
		}
	}
	return list
}

func (s *Site) apiContacts(c web.Ctx) error {
	d, err := read(c, s, func(r *store.Reader) (model.Directory, error) {
		return r.Directory(c.Request().Context(), model.Viewer{})
	})
	if err != nil {
		return err
	}
	page, size := apiPaging(c)
	units := []apiUnit{}
	if page == 1 {
		for _, u := range d.Units {
			units = append(units, apiUnit{s.abs("/danh-ba/" + u.Slug), u.Name, u.NameEN, u.Address, u.Email, apiNumbers(u.Numbers)})
		}
	}
	people := []apiPerson{}
	from := min((page-1)*size, len(d.People))
	for _, person := range d.People[from:min(from+size, len(d.People))] {
		people = append(people, s.apiPerson(person))
	}
	return s.sendList(c, struct {
		Units  []apiUnit   `json:"units"` // all of them, on the first page
		People []apiPerson `json:"people"`
	}{units, people}, page, size, len(d.People))
}

func (s *Site) apiPerson(person model.Person) apiPerson {
	address := s.abs("/danh-ba/nguoi/" + person.Slug)
	item := apiPerson{
		URL: address, VCard: address + ".vcf", Name: person.Name, Email: person.Email,
		Posts: []apiPost{}, Numbers: apiNumbers(person.Numbers), Confirmed: person.ConfirmedOn,
	}
	for _, post := range person.Posts {
		item.Posts = append(item.Posts, apiPost{post.Title, post.TitleEN, post.UnitName, s.abs("/danh-ba/" + post.UnitSlug)})
	}
	return item
}

type apiArticle struct {
	URL         string    `json:"url"`
	Lang        string    `json:"lang"`
	Title       string    `json:"title"`
	Description string    `json:"description,omitempty"`
	Date        model.Day `json:"date,omitempty"`
}

func (s *Site) apiArticles(c web.Ctx) error {
	items := []apiArticle{}
	for _, lang := range []string{"vi", "en"} {
		for _, a := range s.Content.List(lang, model.Viewer{}) {
			items = append(items, apiArticle{s.abs(web.Href(lang, "/bai-viet/"+a.Path)), lang, a.Title, a.Description, a.Date})
		}
	}
	page, size := apiPaging(c)
	from := min((page-1)*size, len(items))
	return s.sendList(c, items[from:min(from+size, len(items))], page, size, len(items))
}

type apiDay struct {
	Day      model.Day `json:"day"`
	Views    int64     `json:"views"`
	Visits   int64     `json:"visits"`
	Visitors int64     `json:"visitors"`
}

func (s *Site) apiStats(c web.Ctx) error {
	hits, err := read(c, s, func(r *store.Reader) ([]model.DayHits, error) { return r.DayHits(c.Request().Context(), statsDays) })
	if err != nil {
		return err
	}
	days := make([]apiDay, len(hits))
	for i, d := range hits {
		days[i] = apiDay(d)
	}
	counters := s.Hits.Counters()
	return sendJSON(c, struct {
		Online int64    `json:"online"`
		Today  int64    `json:"today"`
		Month  int64    `json:"month"`
		Total  int64    `json:"total"`
		Days   []apiDay `json:"days"`
	}{counters.Online, counters.Today, counters.Month, counters.Total, days})
}
