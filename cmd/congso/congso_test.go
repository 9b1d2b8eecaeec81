package main

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"congso/cmd/congso/congsotest"
	"congso/store/model"
	"congso/store/storetest"
)

func TestDemoFirstStart(t *testing.T) {
	r := startHere(t, nil, "demo", "--data", congsotest.DemoData(t))
	congsotest.MustContain(t, "home", r.Page(t, "/"), congsotest.DemoLabel, "Sở Nội vụ tỉnh Tân Giang", "/tin-tuc/", "tel:+842573000101")
	congsotest.MustContain(t, "an English page", r.Page(t, "/en/contacts"), "Department of Home Affairs")
	made, err := congsotest.MadeDemo()
	if err != nil {
		t.Fatal(err)
	}
	congsotest.MustContain(t, "what the first start prints", made.Printed, "Making a year of sample data", "Made in ", made.Folder)
	if got := congsotest.ReadFile(t, filepath.Join(made.Folder, demoMark)); got != string(model.DayOf(time.Now())) && got != string(model.DayOf(time.Now().Add(-time.Hour))) {
		t.Errorf("the mark holds %q", got)
	}
}

func TestDemoKeepsAndFreshThrowsAway(t *testing.T) {
	t.Parallel()
	folder := congsotest.DemoData(t)
	s := congsotest.OpenStore(t, folder, "")
	news := storetest.News(t, s, congsotest.FirstSection(t, s.Sections), "Tin thêm vào bản chạy thử")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	path := "/tin-tuc/" + news.Slug

	r := startHere(t, nil, "demo", "--data", folder)
	congsotest.MustContain(t, "the item", r.Page(t, path), "Tin thêm vào bản chạy thử", congsotest.DemoLabel)
	congsotest.MustLack(t, "what a second start prints", r.Out.String(), "Making")
	r.Finish(t)

	congsotest.WriteFile(t, filepath.Join(folder, demoMark), "2020-01-02")
	r = startHere(t, nil, "demo", "--data", folder)
	congsotest.MustContain(t, "what a later start prints", r.Out.String(), "2020-01-02", "--fresh")
	r.Finish(t)

	r = startHere(t, nil, "demo", "--data", folder, "--fresh")
	congsotest.MustContain(t, "what --fresh prints", r.Out.String(), "Making a year of sample data")
	if a := r.Get(t, path); a.Status != http.StatusNotFound {
		t.Errorf("the item is still there: %d", a.Status)
	}
	congsotest.MustContain(t, "home", r.Page(t, "/"), congsotest.DemoLabel, "Sở Nội vụ tỉnh Tân Giang")
}

// TestDemoInterrupted kills a demo while it makes its records: the next start makes them again, whole.
func TestDemoInterrupted(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "demo")
	first := congsotest.Launch(t, nil, "demo", "--data", folder)
	pictures := func() bool { // pictures come in the middle of the work
		found, err := filepath.Glob(filepath.Join(folder, "media", "*", "*.jpg"))
		return err == nil && len(found) > 4
	}
	if !congsotest.Eventually(congsotest.Patience, pictures) {
		t.Fatalf("no pictures yet\n%s%s", first.Out, first.Log)
	}
	first.Signal(t, os.Kill)
	if err := first.Wait(t); err == nil {
		t.Fatal("it ended well")
	}
	if mark := congsotest.ReadFile(t, filepath.Join(folder, demoMark)); mark != "" {
		t.Fatalf("the mark says %q", mark)
	}
	r := congsotest.Start(t, nil, "demo", "--data", folder)
	congsotest.MustContain(t, "what the second start prints", r.Out.String(), "Making a year of sample data")
	congsotest.MustContain(t, "home", r.Page(t, "/"), congsotest.DemoLabel, "Sở Nội vụ tỉnh Tân Giang")
	r.Finish(t)
	made, err := congsotest.MadeDemo()
	if err != nil {
		t.Fatal(err)
	}
	whole, again := recordCounts(t, made.Folder), recordCounts(t, folder)
	if whole != again {
		t.Errorf("records made again: %s, want %s", again, whole)
	}
	congsotest.CheckIntegrity(t, folder)
}

// TestDemoStopped stops a demo, politely, while it makes its records.
func TestDemoStopped(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "demo")
	ctx, cancel := context.WithCancel(context.Background())
	command := newCommand(nil)
	command.SetArgs([]string{"demo", "--data", folder, "--listen", "127.0.0.1:0"})
	command.SetOut(writerFunc(func([]byte) { cancel() })) // at its first words
	command.SetErr(io.Discard)
	if err := command.ExecuteContext(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if mark := congsotest.ReadFile(t, filepath.Join(folder, demoMark)); mark != "" {
		t.Errorf("the mark says %q", mark)
	}
}

type writerFunc func([]byte)

func (f writerFunc) Write(p []byte) (int, error) { f(p); return len(p), nil }

func TestDemoRefuses(t *testing.T) {
	production := filepath.Join(t.TempDir(), "data")
	s := congsotest.OpenStore(t, production, "")
	storetest.Section(t, s, "Chuyên mục thật")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	onPostgres := filepath.Join(t.TempDir(), "data")
	congsotest.WriteFile(t, filepath.Join(onPostgres, "media", "ab", "anh.jpg"), "x")
	for name, c := range map[string]struct {
		environ, args []string
		want          string
	}{
		"foreign records":            {nil, []string{"--data", production}, "not the demo's"},
		"foreign records, --fresh":   {nil, []string{"--data", production, "--fresh"}, "not the demo's"},
		"foreign media":              {nil, []string{"--data", onPostgres, "--fresh"}, "not the demo's"},
		"a database":                 {nil, []string{"--data", t.TempDir(), "--database", "postgres://u:matkhau@h/d"}, "--database"},
		"a database by its variable": {[]string{"CONGSO_DATABASE=postgres://u:matkhau@h/d", "CONGSO_DATA=" + t.TempDir()}, nil, "CONGSO_DATABASE"},
		"a wrong address":            {nil, []string{"--data", t.TempDir(), "--listen", "x"}, "--listen"},
	} {
		t.Run(name, func(t *testing.T) {
			err := fail(t, c.environ, append([]string{"demo"}, c.args...)...)
			congsotest.MustContain(t, "the error", err.Error(), c.want)
			congsotest.MustLack(t, "the error", err.Error(), "matkhau")
		})
	}
	s = congsotest.OpenStore(t, production, "")
	defer s.Close()
	if got := congsotest.FirstSection(t, s.Sections).Name; got != "Chuyên mục thật" {
		t.Errorf("the section is now %q", got)
	}
	if got := congsotest.ReadFile(t, filepath.Join(onPostgres, "media", "ab", "anh.jpg")); got != "x" {
		t.Errorf("the picture is now %q", got)
	}
}

// TestServeDemoData: sample data never pass as real ones, whatever serves them.
func TestServeDemoData(t *testing.T) {
	r := startHere(t, nil, "serve", "--data", congsotest.DemoData(t))
	congsotest.MustContain(t, "home", r.Page(t, "/"), congsotest.DemoLabel)
}

func TestServeEmpty(t *testing.T) {
	t.Parallel()
	congsotest.EachDatabase(t, func(t *testing.T, folder, database string, args []string) {
		r := startHere(t, nil, append([]string{"serve"}, args...)...)
		home := r.Page(t, "/")
		congsotest.MustContain(t, "home", home, `<html lang="vi"`, "Cổng thông tin", `<main`, `</html>`, "Lượt truy cập", "Tổng truy cập", "Chưa có tin nào ở đây.", "/bai-viet/gioi-thieu")
		congsotest.MustLack(t, "home", home, congsotest.DemoLabel, "Tân Giang", "<nil>", "0001", "%!")
		for path, must := range map[string]string{
			"/tin-tuc": "Chưa có tin nào ở đây.", "/hoi-nghi": "<h1", "/danh-ba": "<h1", "/bai-viet": "/bai-viet/gioi-thieu", "/tim-kiem?q=gioi": "/bai-viet/gioi-thieu",
			"/thong-ke": "<svg", "/so-do": "/bai-viet/gioi-thieu", "/rss.xml": "<rss", "/sitemap.xml": "/bai-viet/gioi-thieu", "/robots.txt": "Sitemap:",
			"/en": `<html lang="en"`, "/en/contacts": "<h1", "/api/v1/news": `"items":[]`, "/hoi-nghi/lich.ics": "BEGIN:VCALENDAR", "/healthz": "ok", "/readyz": `"ready":true`,
		} {
			holds := func() bool { return strings.Contains(r.Page(t, path), must) }
			if !congsotest.Eventually(congsotest.Patience, holds) { // the search learns of the articles after the start
				t.Errorf("%s lacks %q", path, must)
			}
		}
		if a := r.Get(t, "/tin-tuc/khong-co"); a.Status != http.StatusNotFound || !strings.Contains(a.Body, `<html lang="vi"`) {
			t.Errorf("an absent item: %d %s", a.Status, a.Body)
		}
		r.Finish(t)
		if database == "" {
			checkModes(t, folder, map[string]fs.FileMode{"congso.db": 0o600, "lock": 0o600})
		}
		checkModes(t, folder, map[string]fs.FileMode{".": 0o700, "media": 0o700})
		r = startHere(t, nil, append([]string{"serve"}, args...)...) // and again, on what is there now
		congsotest.MustContain(t, "home", r.Page(t, "/"), "Chưa có tin nào ở đây.")
	})
}

func checkModes(t *testing.T, folder string, want map[string]fs.FileMode) {
	t.Helper()
	if runtime.GOOS == "windows" {
		return // rights are lists there
	}
	for name, mode := range want {
		info, err := os.Stat(filepath.Join(folder, name))
		if err != nil {
			t.Error(err)
		} else if info.Mode().Perm() != mode {
			t.Errorf("%s has %v, want %v", name, info.Mode().Perm(), mode)
		}
	}
}

func TestSecondProcess(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "data")
	r := startHere(t, nil, "serve", "--data", folder)
	for _, name := range []string{"serve", "demo"} {
		second := congsotest.Launch(t, nil, name, "--data", folder)
		var exit *exec.ExitError
		if err := second.Wait(t); !errors.As(err, &exit) || exit.ExitCode() != 1 {
			t.Errorf("%s ended with %v", name, err)
		}
		congsotest.MustContain(t, name+"'s words", second.Log.String(), "congso: ", folder, "in use by another congso")
	}
	congsotest.MustContain(t, "home of the first", r.Page(t, "/"), "Cổng thông tin")
	r.Finish(t)
	startHere(t, nil, "serve", "--data", folder).Finish(t) // the lock goes with its holder
}

// TestSignals: a signal lets a request under way finish, and the last views reach the database.
func TestSignals(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("no signals there")
	}
	for _, s := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		t.Run(s.String(), func(t *testing.T) {
			congsotest.EachDatabase(t, func(t *testing.T, folder, database string, args []string) {
				r := congsotest.Start(t, nil, append([]string{"serve"}, args...)...)
				slow := slowRequest(t, r.URL)
				for _, path := range []string{"/", "/tin-tuc", "/tin-tuc"} {
					r.Page(t, path)
				}
				r.Signal(t, s)
				stopping := func() bool { return strings.Contains(r.Log.String(), `"stopping"`) }
				if !congsotest.Eventually(congsotest.Patience, stopping) {
					t.Fatalf("not stopping\n%s", r.Log)
				}
				if status := slow(); status != http.StatusSeeOther {
					t.Errorf("the slow request: %d", status)
				}
				if err := r.Wait(t); err != nil {
					t.Fatalf("end: %v\n%s", err, r.Log)
				}
				if got := congsotest.Views(t, folder, database); got != 3 {
					t.Errorf("%d views in the database, want 3", got)
				}
			})
		})
	}
}

// slowRequest sends the first half of a request, and when the server is at it returns what sends the rest and reads the status.
func slowRequest(t *testing.T, address string) (finish func() int) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", u.Host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	const body = "theme=dark&back=/"
	fmt.Fprintf(conn, "POST /hien-thi HTTP/1.1\r\nHost: %s\r\nUser-Agent: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n",
		u.Host, congsotest.Browser, len(body))
	reader := bufio.NewReader(conn)
	line, err := reader.ReadString('\n')
	if err != nil || !strings.Contains(line, "100 Continue") { // which comes when the handler reads the body
		t.Fatalf("%q: %v", line, err)
	}
	if _, err := reader.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	return func() int {
		if _, err := io.WriteString(conn, body); err != nil {
			t.Fatal(err)
		}
		response, err := http.ReadResponse(reader, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		return response.StatusCode
	}
}

func TestNewerSchema(t *testing.T) {
	t.Parallel()
	congsotest.EachDatabase(t, func(t *testing.T, folder, database string, args []string) {
		if err := congsotest.OpenStore(t, folder, database).Close(); err != nil {
			t.Fatal(err)
		}
		congsotest.ExecSQL(t, folder, database, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, `+map[bool]string{true: "1", false: "true"}[database == ""]+`)`)
		err := fail(t, nil, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...)
		congsotest.MustContain(t, "the error", err.Error(), "schema 99999", "use the newer program")
	})
}

// recordCounts is how many rows the tables of a demo hold.
func recordCounts(t *testing.T, folder string) string {
	t.Helper()
	db := congsotest.OpenSQL(t, folder, "")
	defer db.Close()
	var counts []string
	for _, table := range []string{"section", "news", "meeting", "unit", "person", "post", "media", "attachment", "search_doc", "audit"} {
		var n int
		where := ""
		if table == "search_doc" { // the articles come with the first start
			where = " WHERE kind <> 'article'"
		}
		if err := db.QueryRow("SELECT COUNT(*) FROM " + table + where).Scan(&n); err != nil {
			t.Fatalf("%s: %v", table, err)
		}
		counts = append(counts, fmt.Sprintf("%s %d", table, n))
	}
	return strings.Join(counts, ", ")
}

// total is the counter as readers see it.
func total(t *testing.T, r *congsotest.Running) int64 {
	t.Helper()
	var stats struct{ Total int64 }
	if err := json.Unmarshal([]byte(r.Page(t, "/api/v1/stats")), &stats); err != nil {
		t.Fatal(err)
	}
	return stats.Total
}

// TestCountersSurvive: the total is what it was after a restart, and never falls while views come.
func TestCountersSurvive(t *testing.T) {
	t.Parallel()
	congsotest.EachDatabase(t, func(t *testing.T, folder, database string, args []string) {
		s := congsotest.OpenStore(t, folder, database)
		site := model.Site{Name: "Sở Thử nghiệm", Opening: 1000}
		if err := s.PutSite(context.Background(), storetest.Actor(), &site); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		last := int64(1000)
		for range 3 {
			r := startHere(t, nil, append([]string{"serve"}, args...)...)
			if now := total(t, r); now != last {
				t.Fatalf("total %d after the start, want %d", now, last)
			}
			for range 4 {
				r.Page(t, "/thong-ke")
			}
			before := last
			whole := func() bool { // the figures are a second old at most
				now := total(t, r)
				if now < last {
					t.Fatalf("the total fell from %d to %d", last, now)
				}
				last = now
				return now == before+4
			}
			if !congsotest.Eventually(congsotest.Patience, whole) {
				t.Fatalf("total %d, want %d", last, before+4)
			}
			r.Finish(t)
		}
		if got := congsotest.Views(t, folder, database); got != 12 {
			t.Errorf("%d views in the database, want 12", got)
		}
	})
}

// TestKilled kills a portal in the middle of its work: what it had counted a second before is there, and the records are whole.
func TestKilled(t *testing.T) {
	t.Parallel()
	folder := congsotest.DemoData(t)
	r := congsotest.Start(t, nil, "serve", "--data", folder)
	before := total(t, r)
	opening := before - kept(t, folder)
	stop := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			default:
				request, err := http.NewRequest(http.MethodGet, r.URL+"/tin-tuc", nil)
				if err != nil {
					return
				}
				request.Header.Set("User-Agent", congsotest.Browser)
				if response, err := http.DefaultClient.Do(request); err == nil {
					io.Copy(io.Discard, response.Body)
					response.Body.Close()
				}
			}
		}
	}()
	moved := func() bool { return kept(t, folder)+opening >= before+5 } // views have reached the database, more are coming
	if !congsotest.Eventually(congsotest.Patience, moved) {
		t.Fatal("no views in the database")
	}
	seen := kept(t, folder) + opening
	r.Signal(t, os.Kill)
	if err := r.Wait(t); err == nil {
		t.Error("it ended well")
	}
	close(stop)
	<-done
	r = congsotest.Start(t, nil, "serve", "--data", folder)
	if now := total(t, r); now < seen {
		t.Errorf("the total fell from %d to %d", seen, now)
	}
	congsotest.MustContain(t, "home", r.Page(t, "/"), "Sở Nội vụ tỉnh Tân Giang")
	r.Finish(t)
	congsotest.CheckIntegrity(t, folder)
}

// kept are the views in the database, read beside a running portal.
func kept(t *testing.T, folder string) (n int64) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(folder, "congso.db")+"?mode=ro&_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow("SELECT views FROM hit_total").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestPublicAddress(t *testing.T) {
	r := startHere(t, []string{"CONGSO_URL=https://cong.example:443/"}, "serve", "--data", congsotest.DemoData(t))
	congsotest.MustContain(t, "what the start prints", r.Out.String(), "Cổng Sở: https://cong.example\n")
	r.URL = "http://" + regexp.MustCompile(`"address":"([^"]+)"`).FindStringSubmatch(r.Log.String())[1]
	as := func(host string) func(*http.Request) { return func(q *http.Request) { q.Host = host } }
	for path, must := range map[string]string{
		"/":                         `<link rel="canonical" href="https://cong.example/"`,
		"/rss.xml":                  "<link>https://cong.example/tin-tuc/",
		"/sitemap.xml":              "<loc>https://cong.example/tin-tuc</loc>",
		"/robots.txt":               "Sitemap: https://cong.example/sitemap.xml",
		"/.well-known/security.txt": "https://cong.example/.well-known/security.txt",
		"/api/v1/news":              `"url":"https://cong.example/tin-tuc/`,
		"/danh-ba/nguoi/nguyen-hoang-minh-hoa.vcf": "https://cong.example/danh-ba/nguoi/nguyen-hoang-minh-hoa",
		"/hoi-nghi/lich.ics":                       "https://cong.example/hoi-nghi/",
	} {
		a := r.Get(t, path, as("cong.example"))
		text := strings.ReplaceAll(a.Body, "\r\n ", "") // a calendar folds its lines
		if a.Status != http.StatusOK || !strings.Contains(text, must) || strings.Contains(text, "127.0.0.1") {
			t.Errorf("%s: %d, without %q or with the listen address", path, a.Status, must)
		}
		if a.Header.Get("Strict-Transport-Security") == "" {
			t.Errorf("%s: no HSTS", path)
		}
	}
	for host, want := range map[string]int{
		"cong.example": 200, "CONG.example": 200, "cong.example:443": 200, "evil.example": 400, "cong.example:8443": 400, "cong.example.evil.example": 400,
	} {
		if a := r.Get(t, "/", as(host)); a.Status != want {
			t.Errorf("for the host %s: %d, want %d", host, a.Status, want)
		} else if strings.Contains(a.Body, "evil") {
			t.Errorf("the host %s stands in the answer", host)
		}
		if a := r.Get(t, "/healthz", as(host)); a.Status != http.StatusOK {
			t.Errorf("/healthz for the host %s: %d", host, a.Status)
		}
	}
}

// TestNetworks: who sees internal pages goes by the reader's address, which only a trusted proxy may tell.
func TestNetworks(t *testing.T) {
	t.Parallel()
	const internal = "/tin-tuc/lich-truc-noi-bo"
	for name, c := range map[string]struct {
		args      []string
		forwarded string
		want      int
	}{
		"nobody":               {nil, "", 404},
		"this machine":         {[]string{"--internal-networks=127.0.0.0/8"}, "", 200},
		"another network":      {[]string{"--internal-networks=10.0.0.0/8"}, "", 404},
		"a claim":              {[]string{"--internal-networks=10.0.0.0/8"}, "10.1.2.3", 404},
		"a trusted proxy":      {[]string{"--internal-networks=10.0.0.0/8", "--trusted-proxies=127.0.0.1"}, "10.1.2.3", 200},
		"a claim before it":    {[]string{"--internal-networks=10.0.0.0/8", "--trusted-proxies=127.0.0.1"}, "10.1.2.3, 203.0.113.9", 404},
		"its own network":      {[]string{"--internal-networks=127.0.0.0/8", "--trusted-proxies=127.0.0.1"}, "203.0.113.9", 404},
		"another proxy's name": {[]string{"--internal-networks=10.0.0.0/8", "--trusted-proxies=192.0.2.1"}, "10.1.2.3", 404},
	} {
		t.Run(name, func(t *testing.T) {
			r := startHere(t, nil, append([]string{"serve", "--data", congsotest.DemoData(t)}, c.args...)...)
			a := r.Get(t, internal, func(q *http.Request) { q.Header.Set("X-Forwarded-For", c.forwarded) })
			if a.Status != c.want {
				t.Errorf("%d, want %d", a.Status, c.want)
			}
			if c.want == http.StatusOK && a.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("Cache-Control %q", a.Header.Get("Cache-Control"))
			}
		})
	}
}

// logLine is what the log says of a fault of a file.
type logLine struct {
	Msg, File, Message string
	Line               int
}

func logged(t *testing.T, log string, msg string) (lines []logLine) {
	t.Helper()
	for text := range strings.Lines(log) {
		var l logLine
		if err := json.Unmarshal([]byte(text), &l); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if l.Msg == msg {
			lines = append(lines, l)
		}
	}
	return lines
}

// TestContentFolder: a changed file shows, and is found; a broken one leaves the last good version.
func TestContentFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "vi", "gio-lam-viec.md")
	const head = "+++\ntitle = \"Giờ làm việc của bộ phận một cửa\"\n+++\n"
	congsotest.WriteFile(t, file, head+"Từ 7 giờ 30 đến 17 giờ, chữ lạ là quemua.\n")
	congsotest.WriteFile(t, filepath.Join(dir, "vi", "hong.md"), "+++\ntitle = \"Hỏng từ đầu\"\norder = =\n+++\n")
	r := startHere(t, nil, "serve", "--data", filepath.Join(t.TempDir(), "data"), "--content", dir)
	const address = "/bai-viet/gio-lam-viec"
	congsotest.MustContain(t, "the article", r.Page(t, address), "Giờ làm việc của bộ phận một cửa", "quemua")
	congsotest.MustContain(t, "a shipped article", r.Page(t, "/bai-viet/gioi-thieu"), "<h1")
	congsotest.MustContain(t, "/readyz", r.Page(t, "/readyz"), "vi/hong.md:3", `"ready":true`)
	if a := r.Get(t, "/bai-viet/hong"); a.Status != http.StatusNotFound {
		t.Errorf("the article that never was whole: %d", a.Status)
	}

	follows(t, "the changed file shows and is found", func() {
		congsotest.WriteFile(t, file, head+"Từ 8 giờ đến 16 giờ, chữ lạ là quenang.\n")
	}, func() bool {
		return strings.Contains(r.Page(t, address), "quenang") && strings.Contains(r.Page(t, "/tim-kiem?q=quenang"), address)
	})
	congsotest.MustLack(t, "the article", r.Page(t, address), "quemua")
	congsotest.MustLack(t, "the search for a word that went", r.Page(t, "/tim-kiem?q=quemua"), address)

	follows(t, "the broken file is named", func() {
		congsotest.WriteFile(t, file, head+"\n\nMột dòng.\n\n[liên kết hỏng](khong-co.md)\n")
	}, func() bool { return strings.Contains(r.Page(t, "/readyz"), "vi/gio-lam-viec.md:8") })
	congsotest.MustContain(t, "the article, its file broken", r.Page(t, address), "quenang")
	faults := logged(t, r.Log.String(), "content fault")
	if len(faults) != 2 || faults[0].File != "vi/hong.md" || faults[0].Line != 3 || faults[1].File != "vi/gio-lam-viec.md" || faults[1].Line != 8 || faults[1].Message == "" {
		t.Errorf("the log says %+v", faults)
	}

	follows(t, "the mended file shows", func() {
		congsotest.WriteFile(t, file, head+"Nay là quelanh.\n")
	}, func() bool {
		return strings.Contains(r.Page(t, address), "quelanh") && !strings.Contains(r.Page(t, "/readyz"), "gio-lam-viec")
	})
	follows(t, "the file taken away goes", func() {
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
	}, func() bool {
		return r.Get(t, address).Status == http.StatusNotFound && !strings.Contains(r.Page(t, "/tim-kiem?q=quelanh"), address)
	})
}

// follows does something and holds that its effect comes.
func follows(t *testing.T, what string, do func(), effect func() bool) {
	t.Helper()
	do()
	began := time.Now()
	if !congsotest.Eventually(congsotest.Patience, effect) {
		t.Errorf("not in %v: %s", congsotest.Patience, what)
	}
	t.Logf("after %v: %s", time.Since(began).Round(time.Millisecond), what)
}

func TestContentFolderAbsent(t *testing.T) {
	err := fail(t, nil, "serve", "--data", filepath.Join(t.TempDir(), "data"), "--listen", "127.0.0.1:0", "--content", filepath.Join(t.TempDir(), "khong-co"))
	congsotest.MustContain(t, "the error", err.Error(), "content folder", "khong-co")
}

func TestContentCheckCommand(t *testing.T) {
	t.Parallel()
	faulty := t.TempDir()
	congsotest.WriteFile(t, filepath.Join(faulty, "vi", "a.md"), "+++\ntitle = \"A\"\n+++\n[b](b.md)\n\n[c](c.md)\n")
	congsotest.WriteFile(t, filepath.Join(faulty, "vi", "d.md"), "không có phần đầu\n")
	warned := t.TempDir()
	congsotest.WriteFile(t, filepath.Join(warned, "vi", "a.md"), "+++\ntitle = \"A\"\n+++\n# Đề mục cấp 1\n")
	clean := t.TempDir()
	congsotest.WriteFile(t, filepath.Join(clean, "vi", "a.md"), "+++\ntitle = \"A\"\n+++\n[giới thiệu](gioi-thieu.md)\n")
	for name, c := range map[string]struct {
		dir   string
		code  int
		lines []string
		err   string
	}{
		"faults":    {faulty, 1, []string{"vi/a.md:4: ", "vi/a.md:6: ", "vi/d.md:1: "}, "congso: 3 faults"},
		"a warning": {warned, 0, []string{"vi/a.md:4: cảnh báo: "}, ""},
		"clean":     {clean, 0, nil, ""},
		"no folder": {filepath.Join(clean, "khong-co"), 1, []string{filepath.Join(clean, "khong-co") + ": "}, "congso: 1 fault"},
	} {
		t.Run(name, func(t *testing.T) {
			r := congsotest.Launch(t, nil, "content", "check", c.dir)
			r.Wait(t)
			if code := r.Process.ProcessState.ExitCode(); code != c.code {
				t.Errorf("exit code %d, want %d", code, c.code)
			}
			lines := strings.Split(strings.TrimSuffix(r.Out.String(), "\n"), "\n")
			if r.Out.String() == "" {
				lines = nil
			}
			if len(lines) != len(c.lines) {
				t.Fatalf("lines %q", lines)
			}
			for i, line := range lines {
				if !strings.HasPrefix(line, c.lines[i]) || len(line) == len(c.lines[i]) {
					t.Errorf("line %q, want %s…", line, c.lines[i])
				}
			}
			if got := strings.TrimSpace(r.Log.String()); !strings.HasPrefix(got, c.err) || c.err == "" && got != "" {
				t.Errorf("it says %q, want %q", got, c.err)
			}
		})
	}
}

// TestWrongCommand: whatever cannot be understood ends with 1 and a word on it.
func TestWrongCommand(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		environ, args []string
		want          string
	}{
		"unknown command":  {nil, []string{"sreve"}, "sreve"},
		"unknown variable": {[]string{"CONGSO_PORT=80"}, []string{"serve", "--data", "x"}, "CONGSO_PORT"},
		"an argument":      {nil, []string{"serve", "x"}, "x"},
		"no folder":        {nil, []string{"serve"}, "CONGSO_DATA"},
	} {
		t.Run(name, func(t *testing.T) {
			r := congsotest.Launch(t, c.environ, c.args...)
			r.Wait(t)
			if code := r.Process.ProcessState.ExitCode(); code != 1 {
				t.Errorf("exit code %d", code)
			}
			congsotest.MustContain(t, "what it says", r.Log.String(), "congso: ", c.want)
		})
	}
}

// TestListenTaken: an address in use is named, and the folder is free again.
func TestListenTaken(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	folder, address := filepath.Join(t.TempDir(), "data"), listener.Addr().String()
	congsotest.MustContain(t, "the error", fail(t, nil, "serve", "--data", folder, "--listen", address).Error(), "listen", address)
	startHere(t, nil, "serve", "--data", folder).Finish(t)
}
