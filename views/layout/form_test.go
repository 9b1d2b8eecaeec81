package layout_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"congso/store/model"
	"congso/views/layout"
)

func TestForm(t *testing.T) {
	f := layout.NewForm("title", "  Tin \t mới\x00 ", "body", "một\r\nhai\n\n", "sections", "3", "sections", "x", "sections", "-1", "sections", "7", "id", "12", "wrong", "1e3", "box", "1")
	got := map[string]any{
		"raw": f.Raw("title"), "text": f.Text("title"), "lines": f.Lines("body"), "all": f.All("sections"), "ids": f.IDs("sections"), "id": f.ID("id"),
		"wrong": f.ID("wrong"), "box": f.Checked("box"), "no box": f.Checked("other"), "has": f.Has("sections", "7"), "has not": f.Has("sections", "8"),
	}
	want := map[string]any{
		"raw": "  Tin \t mới\x00 ", "text": "Tin mới", "lines": "một\nhai", "all": []string{"3", "x", "-1", "7"}, "ids": []int64{3, 7}, "id": int64(12),
		"wrong": int64(0), "box": true, "no box": false, "has": true, "has not": false,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestFormErrors(t *testing.T) {
	f := layout.NewForm()
	if !f.OK() || f.Refused(nil) || f.Refused(errors.New("đứt dây")) {
		t.Error("a form without faults has some")
	}
	f.Fail("b", "Thiếu b.")
	f.Fail("b", "Sai b.")
	if !f.Refused(fmt.Errorf("news 1: %w", model.Invalid{"a": "Sai a.", "b": "Sai b nữa.", "c": "Sai c."})) || f.OK() {
		t.Error("Invalid is not taken over")
	}
	if got := strings.Join(f.Faults("c", "b", "absent"), " "); got != "c b a" {
		t.Errorf("faults %q, want c b a", got)
	}
	if f.Error("b") != "Thiếu b." || f.Error("a") != "Sai a." || f.Error("absent") != "" {
		t.Errorf("errors %v", f.Errors)
	}
	var none *layout.Form
	if !none.OK() || none.Raw("a") != "" || none.Error("a") != "" || none.Faults("a") != nil || none.All("a") != nil {
		t.Error("a nil form is not empty")
	}
}
