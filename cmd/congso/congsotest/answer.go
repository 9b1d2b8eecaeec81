package congsotest

import (
	"io"
	"net/http"
	"net/url"
	"testing"
)

// Browser is an agent that the counters count.
const Browser = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

// Answer is what came for a request.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

// Get asks for a path as a reader's browser does, without following redirects. change may alter the request.
func (r *Running) Get(t testing.TB, path string, change ...func(*http.Request)) Answer {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, r.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("User-Agent", Browser)
	for _, c := range change {
		c(request)
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, _ := do(t, &client, request)
	return answer
}

// Page is Get for what must be a whole page.
func (r *Running) Page(t testing.TB, path string) string {
	t.Helper()
	a := r.Get(t, path)
	if a.Status != http.StatusOK {
		t.Fatalf("GET %s: %d\n%s", path, a.Status, a.Body)
	}
	return a.Body
}

// Scrape asks for a path at the address of a portal's figures, and returns the status and the text.
func Scrape(t testing.TB, address, path string) (int, string) {
	t.Helper()
	answer, _ := AnswerTo(t, http.DefaultClient, "GET", "http://"+address+path)
	return answer.Status, answer.Body
}

// AnswerTo sends a request as it is.
func AnswerTo(t testing.TB, client *http.Client, method, address string, header ...string) (Answer, *http.Response) {
	t.Helper()
	request, err := http.NewRequest(method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		if request.Header.Set(header[i], header[i+1]); header[i] == "Host" {
			request.Host = header[i+1]
		}
	}
	return do(t, client, request)
}

// Login sends the login form and returns the status of the answer.
func (r *Running) Login(t testing.TB, name, password string) int {
	t.Helper()
	return r.sendLogin(t, name, password).StatusCode
}

// Session logs in and lets requests carry the cookie.
func (r *Running) Session(t testing.TB, name, password string) func(*http.Request) {
	t.Helper()
	response := r.sendLogin(t, name, password)
	if response.StatusCode != http.StatusSeeOther || len(response.Cookies()) != 1 {
		t.Fatalf("login of %s: %d, cookies %v", name, response.StatusCode, response.Cookies())
	}
	return func(request *http.Request) { request.AddCookie(response.Cookies()[0]) }
}

func (r *Running) sendLogin(t testing.TB, name, password string) *http.Response {
	t.Helper()
	form := url.Values{"name": {name}, "password": {password}}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.PostForm(r.URL+"/admin/dang-nhap", form)
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return response
}

// do asks, and reads the answer to its end.
func do(t testing.TB, client *http.Client, request *http.Request) (Answer, *http.Response) {
	t.Helper()
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return Answer{response.StatusCode, response.Header, string(body)}, response
}
