package main

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

	"congso/store/model"
)

// smallDisk is an empty folder on a disk of its own with that many MB.
func smallDisk(t *testing.T, megabytes int) string {
	t.Helper()
	folder := t.TempDir()
	err := syscall.Mount("tmpfs", folder, "tmpfs", 0, fmt.Sprintf("size=%dm,mode=0700", megabytes))
	require(t, err == nil, fmt.Sprintf("no right to mount a small disk: %v", err))
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
	room := furnish(t, folder)
	r := startHere(t, nil, "serve", "--data", folder)
	e := newEditor(r, room)
	first, a, err := e.create("Tin có từ trước")
	if err != nil || first == 0 {
		t.Fatalf("%+v, %v", a, err)
	}
	long := strings.Repeat("Một câu dài về việc chuẩn bị hội nghị.\n\n", 500)
	if a, err := e.publish(first, e.draft("Tin có từ trước", "Chữ lạ là cotutruoc.")); err != nil || a.status != http.StatusSeeOther {
		t.Fatalf("%+v, %v", a, err)
	}
	execSQL(t, folder, "", `UPDATE session SET seen_at = seen_at - 300`) // the next request would write that down

	free := fill(t, folder)
	var kept []string
	var refused url.Values
	var path string
	for i := 0; refused == nil; i++ {
		if i > 200 {
			t.Fatal("the disk is never full")
		}
		form := e.draft(fmt.Sprintf("Tin số %d", i), fmt.Sprintf("Chữ lạ là lala%d.\n\n%s", i, long))
		path = fmt.Sprintf("/admin/tin-tuc/%d", first)
		if err = e.fresh(first, form); err == nil {
			a, err = e.post(path, form)
		}
		switch {
		case err != nil:
			t.Fatal(err)
		case a.status == http.StatusInsufficientStorage:
			refused = form
		case a.status == http.StatusSeeOther:
			kept = append(kept, form.Get("title"))
		default:
			t.Fatalf("%d\n%s", a.status, a.body)
		}
	}
	mustContain(t, "the answer", a.body, "Máy chủ đã hết chỗ chứa", "chưa được lưu", "Gửi lại", `action="`+path+`"`, strings.Fields(refused.Get("body"))[3], "chuẩn bị hội nghị")
	mustLack(t, "the answer", a.body, "SQL", "sqlite", "disk is full")
	mustContain(t, "the log", r.log.String(), "no space left on the disk")

	for range 2 {
		for path, must := range map[string]string{"/": "Tin có từ trước", "/tin-tuc": "Tin có từ trước", "/tin-tuc/tin-co-tu-truoc": "cotutruoc", "/tim-kiem?q=cotutruoc": "tin-co-tu-truoc",
			"/danh-ba": "<h1", "/thong-ke": "<svg", "/readyz": `"ready":true`, "/rss.xml": "Tin có từ trước"} {
			mustContain(t, path, r.page(t, path), must)
		}
		time.Sleep(flushed) // the views meet the full disk
	}
	for path, must := range map[string]string{"/admin": "<h1", "/admin/tin-tuc": "Tin có từ trước", path: "<textarea", "/admin/tep": "<h1"} {
		if a, err := e.open(path); err != nil || a.status != http.StatusOK || !strings.Contains(a.body, must) {
			t.Errorf("%s: %d, %v", path, a.status, err)
		}
	}
	if a, err := e.upload("anh.png", wall()); err != nil || a.status != http.StatusServiceUnavailable || !strings.Contains(a.body, "hết chỗ") {
		t.Errorf("an upload: %+v, %v", a, err)
	}
	if a, err := e.post("/admin/dang-nhap", url.Values{"name": {"tong.bien.tap"}, "password": {"sai"}}); err != nil || a.status < 500 && a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "<h1") {
		t.Errorf("a login: %+v, %v", a, err)
	}

	for _, name := range []string{"audit verify", "user list", "doctor --quick"} { // beside the server
		command := newCommand(nil)
		command.SetArgs(append(strings.Fields(name), "--data", folder))
		var out lockedBuffer
		command.SetOut(&out)
		if err := command.Execute(); err != nil && !errors.As(err, new(outcome)) {
			t.Errorf("%s: %v", name, err)
		}
		mustContain(t, name, out.String(), map[string]string{"audit verify": "entries hold", "user list": "tong.bien.tap", "doctor --quick": "saving is about to fail"}[name])
	}
	mustContain(t, "congso user", fail(t, nil, "user", "disable", "tong.bien.tap", "--data", folder).Error(), "quản trị viên cuối cùng")

	free()
	if a, err := e.post(path, refused); err != nil || a.status != http.StatusSeeOther {
		t.Errorf("sent again: %d, %v\n%s", a.status, err, a.body)
	}
	id, _, err := e.create("Tin sau khi có chỗ")
	if err != nil || id == 0 {
		t.Fatal(err)
	}
	if a, err := e.publish(id, e.draft("Tin sau khi có chỗ", "Chữ lạ là saukhi.")); err != nil || a.status != http.StatusSeeOther {
		t.Fatalf("%+v, %v", a, err)
	}
	mustContain(t, "the new item", r.page(t, "/tin-tuc/tin-sau-khi-co-cho"), "saukhi")
	if a, err := e.upload("anh.png", wall()); err != nil || a.status != http.StatusCreated {
		t.Errorf("an upload: %+v, %v", a, err)
	}
	r.finish(t)
	if got := views(t, folder, ""); got < 10 {
		t.Errorf("%d views counted", got)
	}
	checkIntegrity(t, folder)
	s := openStore(t, folder, "")
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
	furnish(t, folder)
	free := fill(t, folder)
	err := fail(t, nil, "serve", "--data", folder, "--listen", "127.0.0.1:0")
	mustContain(t, "the error", err.Error(), "no space left on the disk")
	err = fail(t, nil, "user", "disable", "tong.bien.tap", "--data", folder)
	mustContain(t, "the error", err.Error(), "no space left on the disk")
	free()
	r := startHere(t, nil, "serve", "--data", folder)
	mustContain(t, "home", r.page(t, "/"), "<main")
	r.finish(t)
	checkIntegrity(t, folder)
}

// TestOpenWithoutRoomForIndex: the index of the database's log is the first that has no room; that is told as a full disk too.
func TestOpenWithoutRoomForIndex(t *testing.T) {
	folder, whole := smallDisk(t, 12), t.TempDir()
	furnish(t, whole)
	writeFile(t, filepath.Join(folder, "congso.db"), readFile(t, filepath.Join(whole, "congso.db")))
	writeFile(t, filepath.Join(folder, "lock"), "")
	free := fill(t, folder)
	mustContain(t, "the error", fail(t, nil, "user", "list", "--data", folder).Error(), "no space left on the disk")
	free()
	mustContain(t, "the accounts", runs(t, nil, "user", "list", "--data", folder), "tong.bien.tap")
}
