package transfer

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"congso/cmd/congso/congsotest"
	"congso/store/storetest"
)

// fallback is nginx with the block of the handbook's part about copies in files, before a portal that may be down.
func fallback(t *testing.T, copied, portal string) (address string) {
	t.Helper()
	program := congsotest.RequireProgram(t, "no nginx: install nginx-light", "nginx", "/usr/sbin/nginx")
	text, err := os.ReadFile("../../../../content/articles/vi/so-tay/ban-luu.md")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile("(?ms)^```nginx\n(.*?)^```$").FindSubmatch(text)
	if found == nil {
		t.Fatal("no block for nginx in the handbook")
	}
	folder := t.TempDir()
	address = congsotest.FreeAddress(t)
	site := congsotest.Adapted(t, string(found[1]), "listen 443 ssl;", "listen "+address+";", "    ssl_certificate /etc/nginx/tls/cong.pem;\n", "",
		"    ssl_certificate_key /etc/nginx/tls/cong.key;\n", "", "http://127.0.0.1:8080", "http://"+portal, "/srv/ban-luu", copied)
	places := ""
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		places += fmt.Sprintf("%s_temp_path %s;\n", kind, filepath.Join(folder, kind))
	}
	config, types := filepath.Join(folder, "nginx.conf"), "types { text/html html; text/css css; text/javascript js; image/svg+xml svg; image/jpeg jpg; }\n"
	congsotest.WriteFile(t, config, fmt.Sprintf("daemon off;\nmaster_process off;\npid %s/pid;\nerror_log %s/error.log;\nevents {}\nhttp {\naccess_log off;\n%s%s%s}\n", folder, folder, types, places, site))
	var out congsotest.Buffer
	command := exec.Command(program, "-e", filepath.Join(folder, "error.log"), "-p", folder, "-c", config)
	command.Stdout, command.Stderr = &out, &out
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill() // it may have ended
		_ = command.Wait()
	})
	answers := func() bool {
		conn, err := net.Dial("tcp", address)
		return err == nil && conn.Close() == nil
	}
	if !congsotest.Eventually(congsotest.Patience, answers) {
		t.Fatalf("nginx does not listen\n%s", &out)
	}
	return address
}

// TestExportStaticBehindNginx: with the handbook's block, nginx shows the portal while it answers, and the copy while it does not.
func TestExportStaticBehindNginx(t *testing.T) {
	t.Parallel()
	data, dir := congsotest.DemoData(t), filepath.Join(t.TempDir(), "copy")
	s := congsotest.OpenStore(t, data, "")
	if err := s.PutRedirect(t.Context(), storetest.Actor(), "/Default.aspx?ID=7&x=$1", "/danh-ba"); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	congsotest.Runs(t, nil, "export", "static", dir, "--data", data)
	portal := congsotest.FreeAddress(t)
	front := &congsotest.Running{URL: "http://" + fallback(t, dir, portal)}
	item := firstItem(t, filepath.Join(dir, "tin-tuc.html"))
	cases := []struct {
		path        string
		live, saved int
		text        string // of the page, from both
	}{
		{"/", 200, 200, "<title>"},
		{"/en", 200, 200, "Directory"},
		{"/tin-tuc", 200, 200, "<title>Tin tức"},
		{"/tin-tuc?trang=2", 200, 200, "Trang 2"},
		{"/tin-tuc?the=mot-cua", 200, 200, "một cửa"},
		{"/hoi-nghi?nam=2025", 200, 200, "2025"},
		{"/tin-tuc/" + item, 200, 200, "<h1"},
		{"/tin-tuc/" + item + "?tu=tin-tuc&trang=2", 200, 200, "<h1"},
		{"/tin-tuc/" + item + ".html", 200, 200, "<h1"}, // a reader of the copy goes on when the portal is back
		{"/danh-ba", 200, 200, "tel:"},
		{"/rss.xml", 200, 200, "<rss"},
		{"/tim-kiem?q=a", 200, 200, "<form"},
		{"/khong-co", 404, 503, `<section class="fault">`},
		{"/tin-tuc/khong/co", 404, 503, `<section class="fault">`},
		{"/khong-co.html", 503, 503, "Trang không có trong bản lưu"},
		{"/404.html", 404, 404, ""},
		{"/admin", 303, 503, ""},
		{"/bai-viet/so-tay/quan-tri", 404, 503, ""},
		{"/Default.aspx?ID=7&x=$1", 301, 302, ""},
		{"/en/", 301, 302, ""},
	}
	look := func(saved bool) {
		t.Helper()
		for _, c := range cases {
			want := map[bool]int{false: c.live, true: c.saved}[saved]
			a := front.Get(t, c.path)
			if a.Status != want || !strings.Contains(a.Body, c.text) {
				t.Errorf("%s, saved %v: %d, want %d\n%.300s", c.path, saved, a.Status, want, a.Body)
			}
			if copied := strings.Contains(a.Body, `class="demo copy"`); want == 200 && strings.Contains(a.Body, "<main") && copied != (saved || strings.HasSuffix(c.path, ".html")) {
				t.Errorf("%s, saved %v: it is a page of the copy: %v", c.path, saved, copied)
			}
		}
	}
	look(true)
	if a := front.Get(t, "/tin-tuc", func(r *http.Request) { r.Method = http.MethodPost }); a.Status != http.StatusServiceUnavailable {
		t.Errorf("a form to the copy: %d", a.Status)
	}
	if got := front.Get(t, "/Default.aspx?ID=7&x=$1").Header.Get("Location"); !strings.HasSuffix(got, "/danh-ba") {
		t.Errorf("the old address leads to %q", got)
	}
	r := congsotest.Start(t, nil, "demo", "--data", data, "--listen", portal)
	look(false)
	r.Finish(t)
	look(true)
}

var savedItem = regexp.MustCompile(`href="tin-tuc/([a-z0-9-]+)\.html"`)

// firstItem is the slug of the first item on a page of the copy.
func firstItem(t *testing.T, file string) string {
	t.Helper()
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	found := savedItem.FindSubmatch(page)
	if found == nil {
		t.Fatalf("%s leads to no item", file)
	}
	return string(found[1])
}
