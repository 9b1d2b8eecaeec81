package model

import "time"

// Status is the place of a news item or meeting in its workflow.
type Status string

// The statuses: draft → review → published → archived, and returned from review.
const (
	StatusDraft     Status = "draft"
	StatusReview    Status = "review"
	StatusReturned  Status = "returned"
	StatusPublished Status = "published"
	StatusArchived  Status = "archived"
)

func (s Status) valid() bool {
	switch s {
	case StatusDraft, StatusReview, StatusReturned, StatusPublished, StatusArchived:
		return true
	}
	return false
}

// Visibility says who may see a published record.
type Visibility string

// Public is for everyone; Internal only for the configured networks and for people who are logged in.
const (
	Public   Visibility = "public"
	Internal Visibility = "internal"
)

func (v Visibility) valid() bool { return v == Public || v == Internal }

// Viewer is what the store needs to know of whoever asks. The zero Viewer is an outsider.
type Viewer struct {
	Internal bool // sees internal records
	Staff    bool // is logged in: sees personal numbers too
}

// Lifecycle is what news items and meetings have in common.
type Lifecycle struct {
	Status     Status
	Visibility Visibility
	PublishAt  time.Time // when a published record begins to show; may lie ahead
	ExpireAt   time.Time // when it ceases to show; zero for never
	Revision   int       // 1 for a new record, one more for each change
	CreatedAt  time.Time
	UpdatedAt  time.Time // of the latest revision
	Note       string    // why it was returned from review
	Owner      int64     // the user who created it, 0 for the program
}

// MaxNote is the length of the note with which a text is returned, in characters.
const MaxNote = 2000

// Moved is l after the action: its next status, with the note of a return, published from now on when no time was set. The error is
// Invalid for the field "status" when the action does not lead out of l's status, "note" for a return without a reason, "expire_at" for
// something published that would be over already.
func (l Lifecycle) Moved(a Action, note string, now time.Time) (Lifecycle, error) {
	next, ok := l.Status.Next(a)
	if !ok {
		return l, Invalid{"status": "Không làm được việc này khi bài đang ở trạng thái hiện tại."}
	}
	l.Status = next
	if a != ActionEdit {
		l.Note = ""
	}
	v := Invalid{}
	switch a {
	case ActionReturn:
		l.Note = CleanLines(note)
		v.check(l.Note != "", "note", "Hãy ghi lý do trả lại.")
		checkLength(v, "note", l.Note, MaxNote)
	case ActionPublish:
		if l.PublishAt.IsZero() {
			l.PublishAt = now
		}
		v.check(l.ExpireAt.IsZero() || l.ExpireAt.After(now), "expire_at", "Thời điểm hết hạn đã qua.")
	}
	return l, v.err()
}

// Corrected reports whether the record was changed after readers could see it.
func (l Lifecycle) Corrected() bool { return l.Revision > 1 && l.UpdatedAt.After(l.PublishAt) }

func (l Lifecycle) validate(v Invalid) {
	v.check(l.Status.valid(), "status", "Trạng thái không hợp lệ.")
	v.check(l.Visibility.valid(), "visibility", "Phạm vi hiển thị không hợp lệ.")
	checkLength(v, "note", l.Note, MaxNote)
	v.check(l.Status != StatusPublished || !l.PublishAt.IsZero(), "publish_at", "Chưa có thời điểm đăng.")
	v.check(l.ExpireAt.IsZero() || l.ExpireAt.After(l.PublishAt), "expire_at", "Thời điểm hết hạn phải sau thời điểm đăng.")
}
