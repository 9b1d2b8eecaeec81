package site

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"congso/handlers/web"
	"congso/store"
	"congso/store/model"
	"congso/views/sitepage"
)

const meetingsPerPage = 15

func (s *Site) meetings(c web.Ctx) error {
	ctx, v := c.Request().Context(), web.Viewer(c)
	p, err := s.page(c, "", "")
	if err != nil {
		return err
	}
	p.Title = p.T("nav.meetings")
	p.Description = p.T("meetings.description", p.SiteName())
	d := sitepage.MeetingListData{Chair: web.Query(c, "chu-tri", 100), Text: web.Query(c, "q", 200), Kind: web.Query(c, "loai", 60)}
	if d.Years, err = s.Store.MeetingYears(ctx, v); err != nil {
		return err
	}
	if d.Kinds, err = s.Store.MeetingKinds(ctx, v); err != nil {
		return err
	}
	if year, err := strconv.Atoi(c.QueryParam("nam")); err == nil && slices.Contains(d.Years, year) {
		d.Year = year
	}
	if !slices.Contains(d.Kinds, d.Kind) {
		d.Kind = ""
	}
	number := web.PageNumber(c, "trang")
	filter := store.MeetingFilter{Year: d.Year, Kind: d.Kind, Chair: d.Chair, Text: d.Text}
	if d.Items, d.Total, err = s.Store.MeetingsPage(ctx, v, filter, number, meetingsPerPage); err != nil {
		return err
	}
	last := web.LastPage(d.Total, meetingsPerPage)
	if number > last {
		return model.ErrNotFound
	}
	query := []string{"nam", yearValue(d.Year), "loai", d.Kind, "chu-tri", d.Chair, "q", d.Text}
	p.NoIndex = filter != (store.MeetingFilter{Year: d.Year})
	d.Pages = sitepage.Pages{Current: number, Last: last, Href: func(n int) string {
		return p.Href(withQuery("/hoi-nghi", append(query, "trang", pageValue(n))...))
	}}
	d.From = withQuery("", append(query, "trang", pageValue(number))...)
	p.Query = strings.TrimPrefix(withQuery("", "nam", yearValue(d.Year), "trang", pageValue(number)), "?")
	p.Canonical = canonical(p)
	return web.Render(c, 200, sitepage.MeetingList(p, d))
}

func yearValue(year int) string {
	if year == 0 {
		return ""
	}
	return strconv.Itoa(year)
}

// meeting answers /hoi-nghi/{slug}, /hoi-nghi/{slug}.json and /hoi-nghi/lich.ics: the router cannot hold them apart.
func (s *Site) meeting(c web.Ctx) error {
	name := c.Param("slug")
	if name == "lich.ics" {
		return s.calendar(c)
	}
	slug, suffix := cutSuffix(name, ".json")
	ctx, v := c.Request().Context(), web.Viewer(c)
	m, err := find(c, slug, "/hoi-nghi/", suffix, func(slug string) (model.Meeting, error) {
		return s.Store.MeetingBySlug(ctx, v, slug)
	})
	if err != nil {
		return err
	}
	if suffix == ".json" {
		return s.meetingJSON(c, m)
	}
	p, err := s.page(c, m.Title, "")
	if err != nil {
		return err
	}
	return s.showMeeting(c, p, m)
}

// PreviewMeeting answers with the page that readers of the meeting would get.
func (s *Site) PreviewMeeting(c web.Ctx, m model.Meeting) error {
	p, err := s.preview(c, m.Title, "", "/hoi-nghi/"+m.Slug)
	if err != nil {
		return err
	}
	return s.showMeeting(c, p, m)
}

func (s *Site) showMeeting(c web.Ctx, p web.Page, m model.Meeting) (err error) {
	p.Canonical = canonical(p)
	p.Description = m.Title + " – " + p.LongDate(m.Start)
	p.NoIndex = p.Preview || m.Visibility == model.Internal
	p.Crumbs = []web.Link{{Name: p.T("nav.meetings"), Href: p.Href("/hoi-nghi")}}
	if len(m.Photos) > 0 {
		p.Image = m.Photos[0].Media.URL()
	}
	d := sitepage.MeetingData{Meeting: m, Today: s.Store.Today(), Back: meetingsBack(c, p)}
	if d.News, err = s.report(c, m); err != nil {
		return err
	}
	return web.Render(c, 200, sitepage.Meeting(p, d))
}

// report is the news item that reports m, with ID 0 when there is none that the reader may see.
func (s *Site) report(c web.Ctx, m model.Meeting) (model.News, error) {
	if m.NewsID == 0 {
		return model.News{}, nil
	}
	news, err := s.Store.NewsByID(c.Request().Context(), web.Viewer(c), m.NewsID)
	if errors.Is(err, model.ErrNotFound) || errors.Is(err, model.ErrGone) {
		return model.News{}, nil
	}
	return news, err
}

// cutSuffix splits name before the first of the endings that it has.
func cutSuffix(name string, endings ...string) (stem, ending string) {
	for _, ending := range endings {
		if stem, ok := strings.CutSuffix(name, ending); ok {
			return stem, ending
		}
	}
	return name, ""
}

// meetingsBack leads back to the list with the filters that the reader had.
func meetingsBack(c web.Ctx, p web.Page) web.Link {
	page := ""
	if n := web.PageNumber(c, "trang"); n > 1 {
		page = pageValue(n)
	}
	year := ""
	if n, err := strconv.Atoi(c.QueryParam("nam")); err == nil && n > 0 && n < 10000 {
		year = strconv.Itoa(n)
	}
	path := withQuery("/hoi-nghi", "nam", year, "loai", web.Query(c, "loai", 60), "chu-tri", web.Query(c, "chu-tri", 100), "q", web.Query(c, "q", 200), "trang", page)
	return web.Link{Name: p.T("news.back", p.T("nav.meetings")), Href: p.Href(path)}
}
