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
	number := web.PageNumber(c, "trang")
	d, err := read(c, s, func(r *store.Reader) (sitepage.MeetingListData, error) { return meetingsPage(c, r, number) })
	if err != nil {
		return err
	}
	p, err := s.page(c, "", "")
	if err != nil {
		return err
	}
	p.Title = p.T("nav.meetings")
	p.Description = p.T("meetings.description", p.SiteName())
	query := []string{"nam", yearValue(d.Year), "loai", d.Kind, "chu-tri", d.Chair, "q", d.Text}
	p.NoIndex = d.Kind != "" || d.Chair != "" || d.Text != ""
	d.Pages = sitepage.Pages{Current: number, Last: web.LastPage(d.Total, meetingsPerPage), Href: func(n int) string {
		return p.Href(withQuery("/hoi-nghi", append(query, "trang", pageValue(n))...))
	}}
	d.From = withQuery("", append(query, "trang", pageValue(number))...)
	p.Query = strings.TrimPrefix(withQuery("", "nam", yearValue(d.Year), "trang", pageValue(number)), "?")
	p.Canonical = canonical(p)
	return web.Render(c, 200, sitepage.MeetingList(p, d))
}

// meetingsPage reads the page of that number with the filters of the request, those that nothing fits left out.
func meetingsPage(c web.Ctx, r *store.Reader, number int) (d sitepage.MeetingListData, err error) {
	ctx, v := c.Request().Context(), web.Viewer(c)
	d.Chair, d.Text, d.Kind = web.Query(c, "chu-tri", 100), web.Query(c, "q", 200), web.Query(c, "loai", 60)
	if d.Years, err = r.MeetingYears(ctx, v); err != nil {
		return d, err
	}
	if d.Kinds, err = r.MeetingKinds(ctx, v); err != nil {
		return d, err
	}
	if year, err := strconv.Atoi(c.QueryParam("nam")); err == nil && slices.Contains(d.Years, year) {
		d.Year = year
	}
	if !slices.Contains(d.Kinds, d.Kind) {
		d.Kind = ""
	}
	filter := store.MeetingFilter{Year: d.Year, Kind: d.Kind, Chair: d.Chair, Text: d.Text}
	list, err := r.MeetingsPage(ctx, v, filter, number, meetingsPerPage)
	d.Items, d.Total, d.Since = list.Items, list.Total, list.Since
	if err == nil && number > web.LastPage(d.Total, meetingsPerPage) {
		err = model.ErrNotFound
	}
	return d, err
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
	d, err := read(c, s, func(r *store.Reader) (d sitepage.MeetingData, err error) {
		d.Meeting, err = find(c, slug, "/hoi-nghi/", suffix, func(slug string) (model.Meeting, error) {
			return r.MeetingBySlug(c.Request().Context(), web.Viewer(c), slug)
		})
		if err == nil {
			d.News, err = report(c, r, d.Meeting)
		}
		return d, err
	})
	if err != nil {
		return err
	}
	if suffix == ".json" {
		return s.meetingJSON(c, d.Meeting, d.News)
	}
	p, err := s.page(c, d.Meeting.Title, "")
	if err != nil {
		return err
	}
	return s.showMeeting(c, p, d)
}

// PreviewMeeting answers with the page that readers of the meeting would get.
func (s *Site) PreviewMeeting(c web.Ctx, m model.Meeting) error {
	news, err := read(c, s, func(r *store.Reader) (model.News, error) { return report(c, r, m) })
	if err != nil {
		return err
	}
	p, err := s.preview(c, m.Title, "", "/hoi-nghi/"+m.Slug)
	if err != nil {
		return err
	}
	return s.showMeeting(c, p, sitepage.MeetingData{Meeting: m, News: news})
}

func (s *Site) showMeeting(c web.Ctx, p web.Page, d sitepage.MeetingData) error {
	m := d.Meeting
	p.Canonical = canonical(p)
	p.Description = m.Title + " – " + p.LongDate(m.Start)
	p.NoIndex = p.Preview || m.Visibility == model.Internal
	p.Crumbs = []web.Link{{Name: p.T("nav.meetings"), Href: p.Href("/hoi-nghi")}}
	if len(m.Photos) > 0 {
		p.Image = m.Photos[0].Media.URL()
	}
	d.Today, d.Back = s.Store.Today(), meetingsBack(c, p)
	return web.Render(c, 200, sitepage.Meeting(p, d))
}

// report is the news item that reports m, with ID 0 when there is none that the reader may see.
func report(c web.Ctx, r *store.Reader, m model.Meeting) (model.News, error) {
	if m.NewsID == 0 {
		return model.News{}, nil
	}
	news, err := r.NewsByID(c.Request().Context(), web.Viewer(c), m.NewsID)
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
