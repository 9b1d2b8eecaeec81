package site

import (
	"time"

	"congso/handlers/web"
	"congso/store/model"
)

type meetingDocument struct {
	URL          string             `json:"url"`
	Title        string             `json:"title"`
	Kind         string             `json:"kind"`
	Start        time.Time          `json:"start"`
	End          *time.Time         `json:"end,omitempty"`
	Place        string             `json:"place,omitempty"`
	Summary      string             `json:"summary_html,omitempty"`
	Participants []meetingPerson    `json:"participants"`
	Figures      []meetingFigure    `json:"figures"`
	Conclusions  []string           `json:"conclusions"`
	Tasks        []meetingTask      `json:"tasks"`
	Agreements   []meetingAgreement `json:"agreements"`
	Photos       []*apiImage        `json:"photos"`
	Attachments  []meetingFile      `json:"attachments"`
	News         *meetingNews       `json:"news,omitempty"`
}

// meetingNews is the item that reports the meeting.
type meetingNews struct {
	Title string `json:"title"`
	URL   string `json:"url"`
}

type meetingPerson struct {
	Name     string                `json:"name"`
	Position string                `json:"position,omitempty"`
	Role     model.ParticipantRole `json:"role"`
	URL      string                `json:"url,omitempty"`
}

type meetingFigure struct {
	Label string  `json:"label"`
	Value float64 `json:"value"`
	Shown string  `json:"shown"`
	Unit  string  `json:"unit,omitempty"`
}

type meetingTask struct {
	Text  string          `json:"text"`
	Unit  string          `json:"unit,omitempty"`
	Due   model.Day       `json:"due,omitempty"`
	State model.TaskState `json:"state"`
	Proof string          `json:"proof,omitempty"`
}

type meetingAgreement struct {
	Title   string   `json:"title"`
	Parties []string `json:"parties"`
}

type meetingFile struct {
	Title string `json:"title"`
	URL   string `json:"url"`
	Type  string `json:"type"`
	Bytes int64  `json:"bytes"`
}

// meetingJSON is the whole record of a meeting, which news reports.
func (s *Site) meetingJSON(c web.Ctx, m model.Meeting, news model.News) error {
	d := meetingDocument{
		URL: s.abs("/hoi-nghi/" + m.Slug), Title: m.Title, Kind: m.Kind, Start: m.Start, End: maybe(m.End), Place: m.Place, Summary: m.HTML,
		Participants: []meetingPerson{}, Figures: []meetingFigure{}, Conclusions: append([]string{}, m.Conclusions...),
		Tasks: []meetingTask{}, Agreements: []meetingAgreement{}, Photos: []*apiImage{}, Attachments: []meetingFile{},
	}
	for _, p := range m.Participants {
		person := meetingPerson{Name: p.Name, Position: p.Position, Role: p.Role}
		if p.PersonSlug != "" {
			person.URL = s.abs("/danh-ba/nguoi/" + p.PersonSlug)
		}
		d.Participants = append(d.Participants, person)
	}
	for _, f := range m.Figures {
		d.Figures = append(d.Figures, meetingFigure{f.Label, f.Value.Float(), f.Value.Show(), f.Unit})
	}
	for _, t := range m.Tasks {
		d.Tasks = append(d.Tasks, meetingTask{t.Text, t.UnitName, t.Due, t.State(s.Store.Today()), t.Proof})
	}
	for _, a := range m.Agreements {
		d.Agreements = append(d.Agreements, meetingAgreement(a))
	}
	for _, p := range m.Photos {
		d.Photos = append(d.Photos, s.apiImage(p))
	}
	for _, a := range m.Attachments {
		d.Attachments = append(d.Attachments, meetingFile{a.Title, s.abs(a.Media.URL()), a.Media.MIME, a.Media.Bytes})
	}
	if news.ID != 0 {
		d.News = &meetingNews{news.Title, s.abs("/tin-tuc/" + news.Slug)}
	}
	if m.Visibility == model.Internal || news.Visibility == model.Internal {
		c.Response().Header().Set("Cache-Control", "no-store")
		return c.JSON(200, d)
	}
	return sendJSON(c, d)
}
