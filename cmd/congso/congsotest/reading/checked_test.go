package reading

import (
	"encoding/json"
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"congso/cmd/congso/congsotest"
)

// complaint is what the Nu Html Checker says of a place.
type complaint struct {
	Type, SubType, URL, Message, Extract string
	LastLine                             int
}

// TestHTMLIsValid has the Nu Html Checker read one page of each kind, and the style sheet, in one run.
func TestHTMLIsValid(t *testing.T) {
	t.Parallel()
	site, folder := congsotest.LivePortal(t), t.TempDir()
	names := map[string]string{}
	for i, k := range congsotest.KindsOfPages() {
		a := site.Get(t, k.Path)
		if a.Status != k.Status {
			t.Errorf("%s: %s answers %d, want %d", k.Name, k.Path, a.Status, k.Status)
		}
		name := fmt.Sprintf("%02d.html", i)
		names[name] = k.Name + " " + k.Path
		congsotest.Write(t, folder, name, a.Body)
	}
	sheet := regexp.MustCompile(`/static/[^"]+\.css`).FindString(site.Page(t, "/"))
	names["site.css"] = sheet
	congsotest.Write(t, folder, "site.css", site.Page(t, sheet))

	checkHTML(t, folder, names)
}

var localHref = regexp.MustCompile(`href="(/admin[^"#]*)"`)

// TestAdminHTMLIsValid does the same with the pages that an administrator comes to by links, with a refused form, and with the sheets.
func TestAdminHTMLIsValid(t *testing.T) {
	t.Parallel()
	site, folder := congsotest.LivePortal(t), t.TempDir()
	names, seen := map[string]string{}, map[string]bool{}
	keep := func(path string, a congsotest.Answer) {
		name := fmt.Sprintf("%03d.html", len(names))
		names[name] = path
		congsotest.Write(t, folder, name, a.Body)
	}
	keep("the login", site.Get(t, "/admin/dang-nhap"))
	login := site.Session(t, "quantri", congsotest.DemoPassword)
	for queue := append(congsotest.HandbookPages(), "/admin"); len(queue) > 0; queue = queue[1:] {
		path := html.UnescapeString(queue[0])
		if seen[path] || len(seen) > 80 {
			continue
		}
		seen[path] = true
		a := site.Get(t, path, login)
		if a.Status != 200 || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
			continue
		}
		keep(path, a)
		for _, m := range localHref.FindAllStringSubmatch(a.Body, -1) {
			queue = append(queue, m[1])
		}
	}
	for _, sheet := range regexp.MustCompile(`/static/[^"]+\.css`).FindAllString(site.Get(t, "/admin", login).Body, -1) {
		name := filepath.Base(sheet)
		names[name] = sheet
		congsotest.Write(t, folder, name, site.Page(t, sheet))
	}
	if len(names) < 10 {
		t.Errorf("%d files to check, want at least 10", len(names))
	}
	checkHTML(t, folder, names)
}

// checkHTML has the Nu checker read the files of a folder, which names says what they are.
func checkHTML(t *testing.T, folder string, names map[string]string) {
	t.Helper()
	out := nuChecker(t, folder)
	var report struct{ Messages []complaint }
	if err := json.Unmarshal(out, &report); err != nil {
		t.Fatalf("checker's report: %v\n%.500s", err, out)
	}
	said := map[string]bool{}
	for _, m := range report.Messages {
		if said[m.URL+m.Message] {
			continue
		}
		said[m.URL+m.Message] = true
		where := names[filepath.Base(m.URL)]
		text := fmt.Sprintf("%s, line %d: %s\n    %s", where, m.LastLine, m.Message, strings.TrimSpace(m.Extract))
		switch {
		case m.Type == "error" || m.Type == "non-document-error":
			t.Error(text)
		default:
			t.Logf("%s %s: %s", m.Type, m.SubType, text)
		}
	}
}

// nuChecker is the checker's report on the files of a folder. Java compiles what it runs more than once in its quick way: the thorough one
// takes longer than it saves in so short a life.
func nuChecker(t *testing.T, folder string) []byte {
	t.Helper()
	jar := congsotest.NpmFile(t, "vnu-jar", "build/dist/vnu.jar")
	java := congsotest.RequireProgram(t, "no Java: install default-jre-headless", "java")
	out, err := exec.Command(java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss4m", "-jar", jar,
		"--format", "json", "--also-check-css", "--also-check-svg", "--stdout", "--exit-zero-always", folder).Output()
	if err != nil {
		t.Fatalf("checker: %v", err)
	}
	return out
}

// TestTheCheckerChecks holds that the checker finds what is wrong: a run that read nothing would pass too.
func TestTheCheckerChecks(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	congsotest.Write(t, folder, "wrong.html", `<!doctype html><html lang="vi"><title>Sai</title><p id="a"><p id="a">Trùng</p></html>`)
	congsotest.Write(t, folder, "wrong.css", `p { colour: red }`)
	congsotest.MustContain(t, "the report", string(nuChecker(t, folder)), "Duplicate ID", "colour")
}

// scores are Lighthouse's, from 0 to 1.
type scores struct {
	Categories map[string]struct{ Score float64 }
	Audits     map[string]struct {
		Title, DisplayValue string
		Score               *float64
	}
}

// TestLighthouse wants full marks of Lighthouse's mobile profile but for speed, which depends on the machine and is only reported.
func TestLighthouse(t *testing.T) {
	t.Parallel()
	cli := congsotest.NpmFile(t, "lighthouse", "cli/index.js")
	node := congsotest.RequireProgram(t, "no Node: install nodejs", "node")
	chrome := congsotest.Chromium(t)
	site := congsotest.LivePortal(t)
	pages := []struct{ name, path string }{
		{"home", "/"},
		{"item", "/tin-tuc/hoi-nghi-so-ket-cai-cach-hanh-chinh"},
		{"directory", "/danh-ba"},
	}
	for _, p := range pages {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			s := lighthouse(t, node, cli, chrome, site.URL+p.path)
			for _, name := range []string{"accessibility", "best-practices", "seo"} {
				if got := s.Categories[name].Score; got != 1 {
					t.Errorf("%s %.0f, want 100", name, got*100)
				}
			}
			for _, audit := range s.Audits {
				if audit.Score != nil && *audit.Score < 1 {
					t.Logf("%.2f %s %s", *audit.Score, audit.Title, audit.DisplayValue)
				}
			}
			t.Logf("performance %.0f, largest paint %s, in %.0f s", s.Categories["performance"].Score*100,
				s.Audits["largest-contentful-paint"].DisplayValue, time.Since(began).Seconds())
		})
	}
}

func lighthouse(t *testing.T, node, cli, chrome, address string) scores {
	t.Helper()
	report := filepath.Join(t.TempDir(), "report.json")
	flags := "--headless=new"
	if os.Geteuid() == 0 {
		flags += " --no-sandbox"
	}
	arguments := []string{cli, address, "--output=json", "--output-path=" + report, "--quiet", "--chrome-flags=" + flags, "--no-enable-error-reporting", "--disable-full-page-screenshot",
		"--only-categories=accessibility,best-practices,seo,performance", "--max-wait-for-load=60000"}
	for attempt := 1; ; attempt++ {
		command := exec.Command(node, arguments...)
		command.Env = append(os.Environ(), "CHROME_PATH="+chrome, "TMPDIR="+t.TempDir())
		out, err := command.CombinedOutput()
		if err == nil {
			break
		}
		// On a busy machine the browser's trace may lack its beginning: such a run measured nothing.
		if attempt == 3 || !strings.Contains(string(out), "Runtime error encountered") {
			t.Fatalf("lighthouse: %v\n%s", err, out)
		}
	}
	data, err := os.ReadFile(report)
	if err != nil {
		t.Fatal(err)
	}
	var s scores
	if err := json.Unmarshal(data, &s); err != nil {
		t.Fatalf("lighthouse's report: %v", err)
	}
	if len(s.Categories) != 4 {
		t.Fatalf("lighthouse reports %d categories", len(s.Categories))
	}
	return s
}
