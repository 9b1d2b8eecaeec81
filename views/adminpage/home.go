package adminpage

import (
	"cmp"
	"time"

	"congso/store/model"
)

// HomeData is what awaits the user.
type HomeData struct {
	Review   []HomeRow // in the sections of an editor
	Returned []HomeRow
	Drafts   []HomeRow
	Overdue  int             // tasks of meetings
	Sections []model.Section // whose items the user may write

	Proposals int // for the directory, which wait for an editor
	SentBack  int // the user's own proposals for it that were returned

	Closings     int // of tasks, proposed and waiting for an editor
	ClosingsBack int // proposed by the user and returned

	Findings int // of the guard against planted links, open, that the user may see

	Backup string // what is wrong with the backups, for administrators
}

// BackupTrouble says what is wrong with the backups and what to do, "" when nothing is.
func BackupTrouble(b model.BackupState, now time.Time) string {
	since := "Chưa có bản sao lưu nào."
	if !b.At.IsZero() {
		since = "Bản sao lưu tốt gần nhất: " + model.DateTime(b.At) + "."
	}
	const todo = " Xin bộ phận kỹ thuật chạy “congso doctor” trên máy chủ để xem nguyên nhân."
	switch {
	case b.Error != "":
		return "Lần sao lưu lúc " + model.DateTime(b.Tried) + " không thành công. " + since + todo
	case b.Late(now):
		return "Sao lưu theo lịch đã bị trễ. " + since + todo
	}
	return ""
}

// nothing reports whether nothing at all awaits the user.
func (d HomeData) nothing() bool {
	return len(d.Review)+len(d.Returned)+len(d.Drafts)+d.Overdue+d.Proposals+d.SentBack+d.Closings+d.ClosingsBack+d.Findings == 0
}

// HomeRow is a record that awaits the user. Page is its address at its desk, "" when the desk is not open to the user.
type HomeRow struct {
	model.DeskRow
	Page string
}

func (r HomeRow) where() string {
	if r.Kind == model.KindMeeting {
		return "Hội nghị, cuộc họp"
	}
	return cmp.Or(r.Section.Name, "Tin tức")
}

// atWork reports whether it is the working copy beside a published record that awaits, not the record.
func (r HomeRow) atWork() bool { return r.Copy.Version > 0 && r.Status == model.StatusPublished }

func (r HomeRow) who() string {
	if r.atWork() {
		return cmp.Or(r.Copy.OwnerName, r.OwnerName)
	}
	return r.OwnerName
}

func (r HomeRow) when() time.Time {
	if r.atWork() {
		return r.Copy.UpdatedAt
	}
	return r.UpdatedAt
}

func (r HomeRow) note() string {
	if r.atWork() {
		return r.Copy.Note
	}
	return r.Note
}
