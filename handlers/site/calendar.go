package site

import (
	"fmt"
	"net/url"

	ics "github.com/arran4/golang-ical"

	"congso/handlers/web"
	"congso/store"
	"congso/store/model"
	"congso/views/i18n"
)

// calendarSize is how many meetings to come the calendar holds at most.
const calendarSize = 200

// calendar is the iCalendar (RFC 5545) of the meetings to come.
func (s *Site) calendar(c web.Ctx) error {
	ctx := c.Request().Context()
	var site model.Site
	meetings, err := read(c, s, func(r *store.Reader) (list []model.Meeting, err error) {
		if site, err = r.Site(ctx); err != nil {
			return nil, err
		}
		return r.MeetingsToCome(ctx, web.Viewer(c), calendarSize)
	})
	if err != nil {
		return err
	}
	calendar := ics.NewCalendarFor("congso")
	calendar.SetMethod(ics.MethodPublish)
	calendar.SetName(site.Name + " – " + i18n.T(i18n.VI, "nav.meetings"))
	calendar.SetXWRTimezone("Asia/Ho_Chi_Minh")
	for _, m := range meetings {
		s.addEvent(calendar, m)
	}
	h := c.Response().Header()
	h.Set("Content-Disposition", `inline; filename="lich-hoi-nghi.ics"`)
	h.Set("Cache-Control", "no-cache")
	if web.Viewer(c) != (model.Viewer{}) { // internal meetings are in it
		h.Set("Cache-Control", "no-store")
	}
	return c.Blob(200, "text/calendar; charset=utf-8", []byte(calendar.Serialize(ics.WithNewLineWindows)))
}

func (s *Site) addEvent(calendar *ics.Calendar, m model.Meeting) {
	host := "congso"
	if u, err := url.Parse(s.Base); err == nil && u.Host != "" {
		host = u.Hostname()
	}
	event := calendar.AddEvent(fmt.Sprintf("hoi-nghi-%d@%s", m.ID, host))
	event.SetDtStampTime(m.UpdatedAt)
	event.SetSequence(m.Revision - 1)
	event.SetStartAt(m.Start)
	if !m.End.IsZero() {
		event.SetEndAt(m.End)
	}
	event.SetSummary(m.Title)
	if m.Place != "" {
		event.SetLocation(m.Place)
	}
	if s.Base != "" { // a copy in files may have no address
		event.SetURL(s.Base + "/hoi-nghi/" + m.Slug)
	}
}
