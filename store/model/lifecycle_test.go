package model_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"congso/store/model"
)

func TestMoved(t *testing.T) {
	now := time.Date(2026, 6, 15, 9, 0, 0, 0, model.Zone())
	past, later := now.Add(-time.Hour), now.Add(time.Hour)
	for name, c := range map[string]struct {
		from   model.Lifecycle
		action model.Action
		note   string
		want   model.Lifecycle
		field  string
	}{
		"send":               {model.Lifecycle{Status: model.StatusReturned, Note: "cũ"}, model.ActionSend, "bỏ", model.Lifecycle{Status: model.StatusReview}, ""},
		"edit keeps a note":  {model.Lifecycle{Status: model.StatusReturned, Note: "cũ"}, model.ActionEdit, "", model.Lifecycle{Status: model.StatusReturned, Note: "cũ"}, ""},
		"return":             {model.Lifecycle{Status: model.StatusReview}, model.ActionReturn, " thiếu \r\nảnh ", model.Lifecycle{Status: model.StatusReturned, Note: " thiếu \nảnh"}, ""},
		"return silently":    {model.Lifecycle{Status: model.StatusReview}, model.ActionReturn, "\n", model.Lifecycle{}, "note"},
		"return at length":   {model.Lifecycle{Status: model.StatusReview}, model.ActionReturn, strings.Repeat("ă", model.MaxNote+1), model.Lifecycle{}, "note"},
		"publish now":        {model.Lifecycle{Status: model.StatusDraft}, model.ActionPublish, "", model.Lifecycle{Status: model.StatusPublished, PublishAt: now}, ""},
		"publish later":      {model.Lifecycle{Status: model.StatusReview, PublishAt: later}, model.ActionPublish, "", model.Lifecycle{Status: model.StatusPublished, PublishAt: later}, ""},
		"publish as of then": {model.Lifecycle{Status: model.StatusReview, PublishAt: past}, model.ActionPublish, "", model.Lifecycle{Status: model.StatusPublished, PublishAt: past}, ""},
		"publish too late":   {model.Lifecycle{Status: model.StatusDraft, ExpireAt: now}, model.ActionPublish, "", model.Lifecycle{}, "expire_at"},
		"archive":            {model.Lifecycle{Status: model.StatusPublished, PublishAt: past, ExpireAt: now}, model.ActionArchive, "", model.Lifecycle{Status: model.StatusArchived, PublishAt: past, ExpireAt: now}, ""},
		"publish again":      {model.Lifecycle{Status: model.StatusPublished}, model.ActionPublish, "", model.Lifecycle{}, "status"},
		"send what is shown": {model.Lifecycle{Status: model.StatusPublished}, model.ActionSend, "", model.Lifecycle{}, "status"},
		"edit what is gone":  {model.Lifecycle{Status: model.StatusArchived}, model.ActionEdit, "", model.Lifecycle{}, "status"},
	} {
		got, err := c.from.Moved(c.action, c.note, now)
		var invalid model.Invalid
		switch errors.As(err, &invalid); {
		case c.field != "" && invalid[c.field] == "":
			t.Errorf("%s: error %v, want one for %q", name, err, c.field)
		case c.field == "" && (err != nil || got != c.want):
			t.Errorf("%s: got %+v, error %v, want %+v", name, got, err, c.want)
		}
	}
}
