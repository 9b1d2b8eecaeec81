package handlers_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// step is one request of a script with what its answer must be.
type step struct {
	at      string // file:line
	method  string
	target  string
	headers [][2]string
	from    string
	form    string
	status  int
	want    [][2]string // headers that the answer must have
	has     []string
	not     []string
}

// readScript reads a file of testdata. A request stands on a line of its own ("GET /tin-tuc"); the lines below it say the rest:
//
//	from 10.1.2.3            the reader's address, an outsider's otherwise
//	send Name: value         a header of the request
//	form a=b&c=d             its body
//	status 404               of the answer, 200 otherwise
//	header Name: value       that the answer must have; without a value, must not have
//	has text, not text       what its body must contain, and must not
func readScript(t *testing.T, file string) []step {
	t.Helper()
	data, err := os.ReadFile(file)
	must(t, err)
	var steps []step
	for i, line := range strings.Split(string(data), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		at := fmt.Sprintf("%s:%d", filepath.Base(file), i+1)
		word, rest, _ := strings.Cut(line, " ")
		if strings.ToUpper(word) == word {
			steps = append(steps, step{at: at, method: word, target: rest, from: outside, status: http.StatusOK})
			continue
		}
		if len(steps) == 0 || !steps[len(steps)-1].add(word, rest) {
			t.Fatalf("%s: cannot read %q", at, line)
		}
	}
	return steps
}

// add takes a line below a request.
func (s *step) add(word, rest string) bool {
	name, value, _ := strings.Cut(rest, ":")
	pair := [2]string{name, strings.TrimSpace(value)}
	switch word {
	case "from":
		s.from = rest
	case "send":
		s.headers = append(s.headers, pair)
	case "form":
		s.form = rest
	case "status":
		s.status, _ = strconv.Atoi(rest) // 0 is no status: the step fails
	case "header":
		s.want = append(s.want, pair)
	case "has":
		s.has = append(s.has, rest)
	case "not":
		s.not = append(s.not, rest)
	default:
		return false
	}
	return true
}

func (s step) run(t *testing.T, p *portal) {
	t.Helper()
	a := p.do(s.method, s.target, func(r *http.Request) {
		if s.form != "" {
			form(s.form)(r)
		}
		r.RemoteAddr = s.from + ":1234"
		for _, h := range s.headers {
			r.Header.Set(h[0], h[1])
			if h[0] == "Host" {
				r.Host = h[1]
			}
		}
	})
	what := fmt.Sprintf("%s: %s %s", s.at, s.method, s.target)
	if a.status != s.status {
		t.Errorf("%s: status %d, want %d", what, a.status, s.status)
	}
	for _, h := range s.want {
		if got := a.header.Get(h[0]); got != h[1] {
			t.Errorf("%s: header %s is %q, want %q", what, h[0], got, h[1])
		}
	}
	checkHeaders(t, what, a)
	contains(t, what, a.body, s.has...)
	lacks(t, what, a.body, s.not...)
}

func TestScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	must(t, err)
	if len(files) < 5 {
		t.Fatalf("%d scripts in testdata, want at least 5", len(files))
	}
	eachPortal(t, func(t *testing.T, p *portal) {
		for _, file := range files {
			steps := readScript(t, file)
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
				for _, s := range steps {
					s.target = p.fill(s.target)
					s.run(t, p)
				}
			})
		}
	})
}

// fill puts the addresses of the fixture's files into a target.
func (p *portal) fill(target string) string {
	return strings.NewReplacer("{cover}", p.news.Cover.Media.URL(), "{cover320}", strings.Replace(p.news.Cover.Media.URL(), "1000x20", "320", 1),
		"{file}", p.file.URL(), "{internal}", p.hidden[wordInternal].URL(), "{draft}", p.hidden[wordDraft].URL(),
		"{scheduled}", p.hidden[wordScheduled].URL(), "{expired}", p.hidden[wordExpired].URL()).Replace(target)
}
