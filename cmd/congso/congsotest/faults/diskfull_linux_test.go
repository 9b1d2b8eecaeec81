package faults

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"congso/cmd/congso/congsotest"
	"congso/store/model"
)

// smallDisk is an empty folder on a disk of its own with that many MB.
func smallDisk(t *testing.T, megabytes int) string {
	t.Helper()
	folder := t.TempDir()
	err := syscall.Mount("tmpfs", folder, "tmpfs", 0, fmt.Sprintf("size=%dm,mode=0700", megabytes))
	congsotest.Require(t, err == nil, fmt.Sprintf("no right to mount a small disk: %v", err))
	t.Cleanup(func() {
		if err := syscall.Unmount(folder, 0); err != nil {
			t.Error(err)
		}
	})
	return folder
}

// fill takes all room that is left on the disk of a folder, and returns what gives it back.
func fill(t *testing.T, folder string) (free func()) {
	t.Helper()
	name := filepath.Join(folder, "filler")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	chunk := make([]byte, 4096)
	for err == nil {
		_, err = f.Write(chunk)
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
}

// TestWritingOnAFullDisk: editors are told and keep their text, readers notice nothing, nothing acknowledged is lost, and all goes on once
// there is room, without a restart.
func TestWritingOnAFullDisk(t *testing.T) {
	folder := smallDisk(t, 24)
	room := congsotest.Furnish(t, folder)
	r := congsotest.Start(t, nil, "serve", "--data", folder)
	e := congsotest.NewEditor(r, room)
	first, a, err := e.Create("Tin có từ trước")
	if err != nil || first == 0 {
		t.Fatalf("%+v, %v", a, err)
	}
	long := strings.Repeat("Một câu dài về việc chuẩn bị hội nghị.\n\n", 500)
	if a, err := e.Publish(first, e.Draft("Tin có từ trước", "Chữ lạ là cotutruoc.")); err != nil || a.Status != http.StatusSeeOther {
		t.Fatalf("%+v, %v", a, err)
	}
	congsotest.ExecSQL(t, folder, "", `UPDATE session SET seen_at = seen_at - 300`) // the next request would write that down

	free := fill(t, folder)
	var kept []string
	var refused url.Values
	var path string
	for i := 0; refused == nil; i++ {
		if i > 200 {
			t.Fatal("the disk is never full")
		}
		form := e.Draft(fmt.Sprintf("Tin số %d", i), fmt.Sprintf("Chữ lạ là lala%d.\n\n%s", i, long))
		path = fmt.Sprintf("/admin/tin-tuc/%d", first)
		if err = e.Fresh(first, form); err == nil {
			a, err = e.Post(path, form)
		}
		switch {
		case err != nil:
			t.Fatal(err)
		case a.Status == http.StatusInsufficientStorage:
			refused = form
		case a.Status == http.StatusSeeOther:
			kept = append(kept, form.Get("title"))
		default:
			t.Fatalf("%d\n%s", a.Status, a.Body)
		}
	}
	congsotest.MustContain(t, "the answer", a.Body, "Máy chủ đã hết chỗ chứa", "chưa được lưu", "Gửi lại", `action="`+path+`"`, strings.Fields(refused.Get("body"))[3], "chuẩn bị hội nghị")
	congsotest.MustLack(t, "the answer", a.Body, "SQL", "sqlite", "disk is full")
	congsotest.MustContain(t, "the log", r.Log.String(), "no space left on the disk")

	for range 2 {
		for path, must := range map[string]string{"/": "Tin có từ trước", "/tin-tuc": "Tin có từ trước", "/tin-tuc/tin-co-tu-truoc": "cotutruoc", "/tim-kiem?q=cotutruoc": "tin-co-tu-truoc",
			"/danh-ba": "<h1", "/thong-ke": "<svg", "/readyz": `"ready":true`, "/rss.xml": "Tin có từ trước"} {
			congsotest.MustContain(t, path, r.Page(t, path), must)
		}
		time.Sleep(flushed) // the views meet the full disk
	}
	for path, must := range map[string]string{"/admin": "<h1", "/admin/tin-tuc": "Tin có từ trước", path: "<textarea", "/admin/tep": "<h1"} {
		if a, err := e.Open(path); err != nil || a.Status != http.StatusOK || !strings.Contains(a.Body, must) {
			t.Errorf("%s: %d, %v", path, a.Status, err)
		}
	}
	if a, err := e.Upload("anh.png", congsotest.Wall()); err != nil || a.Status != http.StatusServiceUnavailable || !strings.Contains(a.Body, "hết chỗ") {
		t.Errorf("an upload: %+v, %v", a, err)
	}
	if a, err := e.Post("/admin/dang-nhap", url.Values{"name": {"tong.bien.tap"}, "password": {"sai"}}); err != nil || a.Status < 500 && a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "<h1") {
		t.Errorf("a login: %+v, %v", a, err)
	}

	for _, name := range []string{"audit verify", "user list", "doctor --quick"} { // beside the server
		asked := congsotest.Launch(t, nil, append(strings.Fields(name), "--data", folder)...)
		if err := asked.Wait(t); err != nil && asked.Log.String() != "" { // the doctor's findings are no failure of its own
			t.Errorf("%s: %v\n%s", name, err, asked.Log)
		}
		congsotest.MustContain(t, name, asked.Out.String(), map[string]string{"audit verify": "entries hold", "user list": "tong.bien.tap", "doctor --quick": "saving is about to fail"}[name])
	}
	congsotest.MustContain(t, "congso user", congsotest.Fail(t, nil, "user", "disable", "tong.bien.tap", "--data", folder).Error(), "quản trị viên cuối cùng")

	free()
	if a, err := e.Post(path, refused); err != nil || a.Status != http.StatusSeeOther {
		t.Errorf("sent again: %d, %v\n%s", a.Status, err, a.Body)
	}
	id, _, err := e.Create("Tin sau khi có chỗ")
	if err != nil || id == 0 {
		t.Fatal(err)
	}
	if a, err := e.Publish(id, e.Draft("Tin sau khi có chỗ", "Chữ lạ là saukhi.")); err != nil || a.Status != http.StatusSeeOther {
		t.Fatalf("%+v, %v", a, err)
	}
	congsotest.MustContain(t, "the new item", r.Page(t, "/tin-tuc/tin-sau-khi-co-cho"), "saukhi")
	if a, err := e.Upload("anh.png", congsotest.Wall()); err != nil || a.Status != http.StatusCreated {
		t.Errorf("an upload: %+v, %v", a, err)
	}
	r.Finish(t)
	if got := congsotest.Views(t, folder, ""); got < 10 {
		t.Errorf("%d views counted", got)
	}
	congsotest.CheckIntegrity(t, folder)
	s := congsotest.OpenStore(t, folder, "")
	defer s.Close()
	n, err := s.NewsForDesk(context.Background(), first)
	if err != nil || n.Body != "Chữ lạ là cotutruoc." {
		t.Errorf("%q, %v", n.Body, err)
	}
	w, err := s.WorkingCopy(context.Background(), model.KindNews, first)
	if err != nil || !strings.Contains(w.Data, refused.Get("title")) {
		t.Errorf("what was sent again: %.200q, %v", w.Data, err)
	}
	t.Logf("%d texts were kept before the disk was full", len(kept))
}

// flushed is longer than it takes until views are moved into the database.
const flushed = 1500 * time.Millisecond

// TestStartOnAFullDisk: a start that is not possible says why, and the next one with room finds everything.
func TestStartOnAFullDisk(t *testing.T) {
	folder := smallDisk(t, 12)
	congsotest.Furnish(t, folder)
	free := fill(t, folder)
	err := congsotest.Fail(t, nil, "serve", "--data", folder, "--listen", "127.0.0.1:0")
	congsotest.MustContain(t, "the error", err.Error(), "no space left on the disk")
	err = congsotest.Fail(t, nil, "user", "disable", "tong.bien.tap", "--data", folder)
	congsotest.MustContain(t, "the error", err.Error(), "no space left on the disk")
	free()
	r := congsotest.Start(t, nil, "serve", "--data", folder)
	congsotest.MustContain(t, "home", r.Page(t, "/"), "<main")
	r.Finish(t)
	congsotest.CheckIntegrity(t, folder)
}

// TestOpenWithoutRoomForIndex: the index of the database's log is the first that has no room; that is told as a full disk too.
func TestOpenWithoutRoomForIndex(t *testing.T) {
	folder, whole := smallDisk(t, 12), t.TempDir()
	congsotest.Furnish(t, whole)
	congsotest.WriteFile(t, filepath.Join(folder, "congso.db"), congsotest.ReadFile(t, filepath.Join(whole, "congso.db")))
	congsotest.WriteFile(t, filepath.Join(folder, "lock"), "")
	free := fill(t, folder)
	congsotest.MustContain(t, "the error", congsotest.Fail(t, nil, "user", "list", "--data", folder).Error(), "no space left on the disk")
	free()
	congsotest.MustContain(t, "the accounts", congsotest.Runs(t, nil, "user", "list", "--data", folder), "tong.bien.tap")
}
