package handlers_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"congso/handlers"
	"congso/store"
	"congso/store/storetest"
)

func TestBadAddresses(t *testing.T) {
	long := strings.Repeat("a", 8000)
	cases := []struct {
		target string
		status int
	}{
		{"/tin-tuc?trang=-1", 200}, {"/tin-tuc?trang=0", 200}, {"/tin-tuc?trang=abc", 200}, {"/tin-tuc?trang=1.5", 200}, {"/tin-tuc?trang=", 200},
		{"/tin-tuc?trang=%00", 200}, {"/tin-tuc?trang=%FF", 200}, {"/tin-tuc?trang=1&trang=99", 200}, {"/tin-tuc?trang=9999999999999999999999999", 404},
		{"/tin-tuc?trang=999999999", 404}, {"/tin-tuc?trang=4", 404}, {"/tin-tuc?trang=-9999999999999999999999", 200}, {"/tin-tuc?trang=%D9%A3", 200},
		{"/chuyen-muc/thong-bao?trang=2", 404}, {"/hoi-nghi?trang=99999999999999999999", 404}, {"/tim-kiem?q=tin&trang=9223372036854775807", 404},
		{"/tim-kiem?trang=2", 404}, {"/api/v1/news?page=99999999999999999999", 404}, {"/api/v1/news?per_page=0&page=2", 200}, {"/api/v1/news?per_page=-1", 200},
		{"/api/v1/contacts?page=9223372036854775807&per_page=100", 404}, {"/api/v1/articles?page=-1", 200},
		{"/tin-tuc?the=%FF%FE", 404}, {"/tin-tuc?the=%00", 404}, {"/tin-tuc?the=" + long, 404}, {"/tin-tuc?the=-", 404}, {"/api/v1/news?section=%FF", 404},
		{"/tim-kiem?q=%FF%FE%00", 200}, {"/tim-kiem?q=%C3%28&loai=%FF&muc=%00", 200}, {"/tim-kiem?q=" + strings.Repeat("%E1%BA%AF", 2000), 200}, {"/tim-kiem?q=%", 200},
		{"/tim-kiem?q=a;b=c&%zz", 200}, {"/tim-kiem?q=%22%22%22**(NEAR+AND+OR+NOT+%3A-%5E", 200}, {"/tim-kiem?q=%27%3B+DROP+TABLE+news--", 200},
		{"/hoi-nghi?nam=-1&loai=%FF&chu-tri=%00&q=%25_%5C", 200}, {"/hoi-nghi?nam=99999999999999999999", 200}, {"/danh-ba?q=%FF%00%25_%5C", 200},
		{"/danh-ba?q=" + strings.Repeat("9", 2000), 200}, {"/tin-tuc/" + "ban-tin-so-01" + "?tu=%FF&trang=%00&the=%FF", 200},
		{"/tin-tuc/%FF%FE", 400}, {"/tin-tuc/%00", 400}, {"/%C3%28", 400}, {"/tin-tuc/a%00b", 400}, {"/bai-viet/%FF.png", 400}, {"/media/%00/x", 400},
		{"/tin-tuc/" + long, 404}, {"/" + long, 404}, {"/" + long + long, 414}, {"/" + long + "?" + long, 404}, {"/tin-tuc?" + long + long, 200}, {"/bai-viet/" + strings.Repeat("a/", 3000), 301},
		{"/tin-tuc/-", 404}, {"/tin-tuc/---", 404}, {"/tin-tuc/%F0%9F%98%80", 404}, {"/tin-tuc/..%2F..%2Fetc%2Fpasswd", 404}, {"/tin-tuc/%2e%2e", 404},
		{"/static/../../go.mod", 404}, {"/static/%2e%2e/%2e%2e/go.mod", 404}, {"/static/x/..%2f..%2fgo.mod", 404}, {"/static/x/css/..", 404}, {"/static/x//css/site.css", 404},
		{"/static", 404}, {"/static/x", 404}, {"/static/x/img", 404}, {"/static/x/%5C", 404},
		{"/media/..%2F..%2Fcongso.db/x", 404}, {"/media/x/y", 404}, {"/media", 404}, {"/media/x", 404}, {"/media/x/y/z", 404},
		{"/bai-viet/../../go.mod", 404}, {"/bai-viet/%2e%2e/%2e%2e/x.png", 404}, {"/bai-viet/x%5C..%5Cy.png", 404}, {"/bai-viet/vi/anh.png", 404}, {"/bai-viet//anh.png", 200},
		{"/hoi-nghi/.json", 404}, {"/hoi-nghi/lich.ics.json", 404}, {"/hoi-nghi/x.json.json", 404}, {"/danh-ba/nguoi/.vcf", 404}, {"/danh-ba/nguoi/.svg", 404}, {"/danh-ba/nguoi/a/b", 404},
		{"//evil.example", 404}, {"//evil.example/", 301}, {"/%2Fevil.example/", 301}, {"/%5Cevil.example/", 301}, {"//evil.example/%2e%2e/", 301}, {"/./", 301}, {"/../", 301}, {"/tin-tuc//", 301},
		{"/tin-tuc/%0d%0aSet-Cookie:x=y/", 301}, {"/en/danh-ba/%0d%0aSet-Cookie:x=y", 301}, {"/en/danh-ba//evil.example", 301},
		{"/TIN-TUC", 301}, {"/En", 301}, {"/XYZ", 404}, {"/english", 404}, {"/wp-login.php", 404}, {"/.env", 404}, {"/.git/config", 404}, {"/.well-known/", 301}, {"/admin", 303}, {"/admin/", 301}, {"/admin/khong-co", 404}, {"/api/v1/", 301}, {"/api/v2/news", 404},
	}
	eachPortal(t, func(t *testing.T, p *portal) {
		for _, c := range cases {
			a, ok := p.raw(http.MethodGet, c.target, "", "")
			if !ok {
				t.Errorf("GET %.80s: not a request", c.target)
				continue
			}
			if a.status != c.status {
				t.Errorf("GET %.80s: status %d to %q, want %d", c.target, a.status, a.header.Get("Location"), c.status)
			}
			checkAnswer(t, fmt.Sprintf("GET %.80s", c.target), a)
		}
	})
}

// raw asks the server as net/http would after it had read these bytes. ok is false when they are no request.
func (p *portal) raw(method, target, header, value string) (a answer, ok bool) {
	request := method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\nUser-Agent: " + browser + "\r\n"
	if header != "" {
		request += header + ": " + value + "\r\n"
	}
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(request + "\r\n")))
	if err != nil || r.Host == "" {
		return answer{}, false
	}
	r.RemoteAddr = outside + ":1234"
	w := httptest.NewRecorder()
	p.server.ServeHTTP(w, r)
	return answer{w.Code, w.Header(), w.Body.String()}, true
}

// checkAnswer holds what is true of the answer to whatever request: no 500, our headers, no way to another site, a page that can be read.
func checkAnswer(t testing.TB, what string, a answer) {
	t.Helper()
	if a.status >= 500 || a.status < 200 {
		t.Errorf("%s: status %d", what, a.status)
	}
	checkHeaders(t, what, a)
	if location := a.header.Get("Location"); location != "" || a.status/100 == 3 && a.status != http.StatusNotModified {
		if !strings.HasPrefix(location, "/") || strings.HasPrefix(location, "//") || strings.ContainsAny(location, "\\\r\n") {
			t.Errorf("%s: sent to %q", what, location)
		}
	}
	if a.header.Get("Set-Cookie") != "" {
		t.Errorf("%s: cookie %q", what, a.header.Get("Set-Cookie"))
	}
	if a.status >= 400 && a.status != http.StatusRequestedRangeNotSatisfiable && a.status != http.StatusPreconditionFailed {
		checkFault(t, what, a)
	}
}

// checkFault fails unless the answer tells people, or a program where one asks, what went wrong and under which id.
func checkFault(t testing.TB, what string, a answer) {
	t.Helper()
	if !strings.HasPrefix(a.header.Get("Content-Type"), "application/json") {
		checkPage(t, what, a.body)
		contains(t, what, a.body, a.header.Get("X-Request-Id"), `name="q"`)
		return
	}
	var fault struct {
		Status    int
		Error     string
		RequestID string `json:"request_id"`
	}
	if a.body == "" { // HEAD, or packed
		return
	}
	if err := json.Unmarshal([]byte(a.body), &fault); err != nil || fault.Status != a.status || fault.Error == "" || fault.RequestID != a.header.Get("X-Request-Id") {
		t.Errorf("%s: %s (%v)", what, a.body, err)
	}
}

func TestOddHeaders(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		targets := []string{"/", "/tin-tuc/" + p.news.Slug, "/rss.xml", "/api/v1/news", p.news.Cover.Media.URL(), p.file.URL(), styleSheet(t, p), "/bai-viet/anh.png", "/khong-co"}
		headers := map[string][]string{
			"Accept-Encoding":   {"gzip", "gzip;q=0, *;q=0", "junk, ;;;,q=", strings.Repeat("gzip,", 3000)},
			"Range":             {"bytes=0-10", "bytes=junk", "bytes=99999999-", "bytes=-1", "items=0-1", "bytes=" + strings.Repeat("0-0,", 2000), "bytes=5-2"},
			"If-None-Match":     {`"x"`, "junk", "*", `W/"`, strings.Repeat(`"a",`, 3000)},
			"If-Modified-Since": {"junk", "Mon, 15 Jun 2099 09:00:00 GMT", "0"},
			"If-Range":          {"junk", `"x"`},
			"If-Match":          {"junk", "*", `"x"`},
			"Cookie":            {"hien-thi=junk", "hien-thi=dark.larger; hien-thi=light.large", "=;=;;", "hien-thi=\"dark\x01\"", "hien-thi=dark.<script>"},
			"Content-Type":      {"junk/;;;", "multipart/form-data"},
			"User-Agent":        {"", strings.Repeat("x", 20000), "Mozilla\xff"},
			"X-Forwarded-For":   {"junk", strings.Repeat("1.2.3.4,", 3000)},
			"Accept-Language":   {"junk;q=x,,,"},
			"Accept":            {"image/*"},
			"Expect":            {"junk"},
			"Upgrade":           {"h2c"},
			"X-HTTP-Method":     {"DELETE"},
		}
		for name, values := range headers {
			for _, value := range values {
				for _, target := range targets {
					a := p.get(target, with(name, value))
					want := []int{http.StatusOK}
					switch {
					case target == "/khong-co":
						want = []int{http.StatusNotFound}
					case strings.HasPrefix(name, "If-") || name == "Range":
						want = []int{http.StatusOK, http.StatusPartialContent, http.StatusNotModified, http.StatusPreconditionFailed, http.StatusRequestedRangeNotSatisfiable}
					}
					if !slices.Contains(want, a.status) {
						t.Errorf("GET %s with %s %.40q: status %d", target, name, value, a.status)
					}
					checkHeaders(t, target+" with "+name, a)
					if strings.HasPrefix(a.header.Get("Content-Type"), "text/html") && a.header.Get("Content-Encoding") == "" {
						checkPage(t, fmt.Sprintf("%s with %s %.40q", target, name, value), a.body)
					}
				}
			}
		}
	})
}

// styleSheet is the address of the portal's style sheet.
func styleSheet(t *testing.T, p *portal) string {
	t.Helper()
	for _, link := range find(parse(t, p.get("/").body), "link") {
		if attr(link, "rel") == "stylesheet" {
			return attr(link, "href")
		}
	}
	t.Fatal("no style sheet")
	return ""
}

// TestRawConnection sends what no client library would to a real server, on connections of its own.
func TestRawConnection(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		must(t, err)
		server := handlers.Server(p.server, p.options.Log)
		done := make(chan error, 1)
		go func() { done <- server.Serve(listener) }()
		defer func() {
			must(t, server.Close())
			<-done
		}()
		for _, c := range []struct {
			request string
			status  int
			ours    bool // whether the answer comes from the portal and not from net/http itself
		}{
			{"GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n", 200, true},
			{"GET " + base + "/tin-tuc HTTP/1.1\r\nHost: " + host + "\r\n\r\n", 200, true},
			{"GET http://evil.example/ HTTP/1.1\r\nHost: " + host + "\r\n\r\n", 400, true},
			{"GET / HTTP/1.0\r\n\r\n", 400, true},
			{"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 400, true},
			{"OPTIONS * HTTP/1.1\r\nHost: " + host + "\r\n\r\n", 404, true},
			{"GET * HTTP/1.1\r\nHost: " + host + "\r\n\r\n", 404, true},
			{"OPTIONS /tin-tuc HTTP/1.1\r\nHost: " + host + "\r\n\r\n", 204, true},
			{"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n", 400, true},
			{"TRACE / HTTP/1.1\r\nHost: " + host + "\r\n\r\n", 405, true},
			{"FOO /tin-tuc HTTP/1.1\r\nHost: " + host + "\r\n\r\n", 405, true},
			{"GET /tin-tuc\\..\\x HTTP/1.1\r\nHost: " + host + "\r\n\r\n", 404, true},
			{"GET /tin-tuc/\xc4\x91\xc6\xb0 HTTP/1.1\r\nHost: " + host + "\r\n\r\n", 404, true},
			{"GET /tin-tuc/\xff HTTP/1.1\r\nHost: " + host + "\r\n\r\n", 400, true},
			{"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400, false},
			{"GET /%zz HTTP/1.1\r\nHost: " + host + "\r\n\r\n", 400, false},
			{"GET / HTTP/1.1\r\nHost: " + host + "\r\nX: " + strings.Repeat("x", 80<<10) + "\r\n\r\n", 431, false},
		} {
			a := send(t, listener.Addr().String(), c.request)
			if a.status != c.status {
				t.Errorf("%.60q: status %d, want %d", c.request, a.status, c.status)
			}
			if c.ours {
				checkHeaders(t, fmt.Sprintf("%.60q", c.request), a)
			}
		}
	})
}

// send writes request to a connection and reads one answer.
func send(t *testing.T, address, request string) answer {
	t.Helper()
	connection, err := net.Dial("tcp", address)
	must(t, err)
	defer connection.Close()
	go connection.Write([]byte(request)) // the server may answer and close before it has read everything
	method, _, _ := strings.Cut(request, " ")
	response, err := http.ReadResponse(bufio.NewReader(connection), &http.Request{Method: method})
	must(t, err)
	header := response.Header
	if method == http.MethodConnect {
		return answer{response.StatusCode, header, ""}
	}
	return answer{response.StatusCode, header, readAll(t, response.Body)}
}

func FuzzRequestSQLite(f *testing.F) { fuzzRequest(f, store.Options{Dir: f.TempDir()}) }

func FuzzRequestPostgres(f *testing.F) {
	fuzzRequest(f, store.Options{Dir: f.TempDir(), Database: storetest.Postgres(f)})
}

// fuzzRequest sends whatever request: the answer is never a 500 and always carries our headers.
func fuzzRequest(f *testing.F, o store.Options) {
	f.Helper()
	p := newPortal(f, o, seed)
	for _, target := range []string{"/", "/en", "/tin-tuc", "/tin-tuc/" + p.news.Slug, "/tin-tuc/lich-tiep-dan", "/chuyen-muc/thong-bao/rss.xml", "/hoi-nghi/" + p.meeting.Slug + ".json",
		"/hoi-nghi/lich.ics", "/danh-ba/nguoi/bui-an.vcf", "/danh-ba/nguoi/bui-an.svg", "/en/contacts/van-phong", "/bai-viet/sao-luu", "/bai-viet/anh.png", "/sitemap/1.xml",
		"/rss.xml", "/robots.txt", "/static/x/css/site.css", p.news.Cover.Media.URL(), p.file.URL(), "/api/v1/contacts", "/readyz", "/index.php", "//evil.example/", "/%FF", "/en/danh-ba/%0d", "*"} {
		f.Add("GET", target, "trang=2", "Accept-Encoding", "gzip")
	}
	for _, query := range []string{"q=du%C6%B0%E1%BB%9Dng", `q=%22AND*(`, "trang=-1", "trang=99999999999999999999", "the=mot-cua", "nam=2025&loai=x&chu-tri=y&q=z", "tu=//evil.example", "page=2&per_page=1&section=thong-bao", "%zz;&=&"} {
		f.Add("GET", "/tim-kiem", query, "Cookie", "hien-thi=dark.larger")
		f.Add("HEAD", "/hoi-nghi", query, "Range", "bytes=0-1,5-")
		f.Add("GET", "/danh-ba", query, "If-None-Match", `W/"x"`)
		f.Add("GET", "/api/v1/news", query, "X-Forwarded-For", "10.0.0.1")
	}
	f.Add("POST", "/hien-thi", "ve=//evil.example", "Content-Type", "multipart/form-data; boundary=")
	f.Add("POST", "/hien-thi", "", "Origin", "http://evil.example")
	f.Fuzz(func(t *testing.T, method, path, query, header, value string) {
		target := path
		if query != "" {
			target += "?" + query
		}
		a, ok := p.raw(method, target, header, value)
		if !ok {
			return
		}
		if a.header.Get("Set-Cookie") != "" && path == "/hien-thi" {
			a.header.Del("Set-Cookie")
		}
		if a.header.Get("Content-Encoding") != "" {
			a.body = ""
			if a.status >= 400 {
				t.Errorf("packed error page, status %d", a.status)
			}
		}
		checkAnswer(t, method+" "+target, a)
	})
}
