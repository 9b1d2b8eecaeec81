package sitepage

import (
	"congso/store/model"
	"congso/views/layout"
)

type participantGroup struct {
	Role   model.ParticipantRole
	People []model.Participant
}

// otherParticipants are those who did not chair, by role.
func otherParticipants(m model.Meeting) []participantGroup {
	var groups []participantGroup
	for _, role := range []model.ParticipantRole{model.Secretary, model.Signer, model.Attendee} {
		if people := m.With(role); len(people) > 0 {
			groups = append(groups, participantGroup{role, people})
		}
	}
	return groups
}

// meetingTime is "08:00–11:30, ngày 05 tháng 7 năm 2023", with both days when it lasts longer.
func meetingTime(p layout.Page, m model.Meeting) string {
	start := m.Start.Format("15:04")
	if m.End.IsZero() {
		return start + ", " + p.LongDate(m.Start)
	}
	end := m.End.Format("15:04")
	if model.DayOf(m.Start) == model.DayOf(m.End) {
		return start + "–" + end + ", " + p.LongDate(m.Start)
	}
	return start + ", " + p.LongDate(m.Start) + " – " + end + ", " + p.LongDate(m.End)
}
