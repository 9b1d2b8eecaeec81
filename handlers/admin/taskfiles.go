package admin

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"congso/handlers/web"
	"congso/store/model"
	"congso/views/adminpage"
)

// tasksCSV is the board as filtered, for a spreadsheet: UTF-8 with its mark.
func (a *Admin) tasksCSV(c web.Ctx) error {
	list, err := a.Store.Tasks(c.Request().Context(), a.taskQuery(c).TaskFilter)
	if err != nil {
		return err
	}
	b := bytes.NewBufferString("\uFEFF")
	w := csv.NewWriter(b)
	w.UseCRLF = true
	rows := [][]string{{"Nhiệm vụ", "Đơn vị", "Hạn", "Trạng thái", "Chứng minh", "Cuộc họp", "Ngày họp", "Địa chỉ"}}
	today := a.Store.Today()
	for _, t := range list {
		rows = append(rows, []string{t.Text, t.UnitName, t.Due.Short(), adminpage.TaskState(t.Task, today), t.Proof, t.MeetingTitle,
			model.ShortDate(t.Start), a.Base + "/hoi-nghi/" + t.MeetingSlug})
	}
	for _, row := range rows {
		for i := range row {
			row[i] = asText(row[i])
		}
	}
	if err := w.WriteAll(rows); err != nil {
		return fmt.Errorf("tasks as CSV: %w", err)
	}
	c.Response().Header().Set("Content-Disposition", `attachment; filename="nhiem-vu.csv"`)
	return c.Blob(http.StatusOK, "text/csv; charset=utf-8", b.Bytes())
}

// asText keeps a spreadsheet from taking a cell for a formula.
func asText(cell string) string {
	if dangerous(cell) {
		return "'" + cell
	}
	return cell
}

// tasksCalendar is the board as filtered as iCalendar (RFC 5545): each task that has a due date is an event of that whole day, since the
// calendars that offices use show events and leave to-dos out.
func (a *Admin) tasksCalendar(c web.Ctx) error {
	ctx := c.Request().Context()
	list, err := a.Store.Tasks(ctx, a.taskQuery(c).TaskFilter)
	if err != nil {
		return err
	}
	site, err := a.Store.Site(ctx)
	if err != nil {
		return err
	}
	calendar := ics.NewCalendarFor("congso")
	calendar.SetMethod(ics.MethodPublish)
	calendar.SetName(site.Name + " – Nhiệm vụ")
	calendar.SetXWRTimezone("Asia/Ho_Chi_Minh")
	for _, t := range list {
		if !t.Due.Time().IsZero() {
			a.addTask(calendar, t)
		}
	}
	c.Response().Header().Set("Content-Disposition", `attachment; filename="nhiem-vu.ics"`)
	return c.Blob(http.StatusOK, "text/calendar; charset=utf-8", []byte(calendar.Serialize(ics.WithNewLineWindows)))
}

func (a *Admin) addTask(calendar *ics.Calendar, t model.OpenTask) {
	host := "congso"
	if u, err := url.Parse(a.Base); err == nil && u.Host != "" {
		host = u.Hostname()
	}
	due := t.Due.Time()
	event := calendar.AddEvent(fmt.Sprintf("nhiem-vu-%d-%d@%s", t.MeetingID, t.Position+1, host))
	event.SetDtStampTime(a.Store.Now().UTC().Truncate(time.Second))
	event.SetSequence(t.Revision - 1)
	event.SetAllDayStartAt(due)
	event.SetAllDayEndAt(due.AddDate(0, 0, 1))
	event.SetSummary(strings.TrimPrefix(t.UnitName+": "+t.Text, ": "))
	event.SetDescription(t.MeetingTitle)
	event.SetTimeTransparency(ics.TransparencyTransparent)
	event.SetURL(a.Base + "/hoi-nghi/" + t.MeetingSlug)
}
