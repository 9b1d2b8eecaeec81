package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// newsroom is what an editor needs of a data folder: a section to write in, and a login that is open already.
type newsroom struct {
	section int64
	token   string
}

// furnish makes a newsroom in a folder that no portal holds.
func furnish(t *testing.T, folder string) newsroom {
	t.Helper()
	return furnishOn(t, folder, "")
}

// furnishOn is furnish for records that may be in PostgreSQL.
func furnishOn(t *testing.T, folder, database string) (n newsroom) {
	t.Helper()
	s := openStore(t, folder, database)
	defer s.Close()
	user := storetest.User(t, s, "tong.bien.tap", model.RoleAdmin)
	if err := s.SetFactorRoles(context.Background(), storetest.Actor(), nil); err != nil {
		t.Fatal(err)
	}
	n.section = storetest.Section(t, s, "Thời sự").ID
	n.token = newLogin(t, s, user)
	return n
}

func newLogin(t *testing.T, s *store.Store, u model.User) string {
	t.Helper()
	token, err := s.StartSession(context.Background(), u.ID, true, browser, "")
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// editor works at the desks of a running portal.
type editor struct {
	newsroom
	url    string
	client *http.Client
}

func newEditor(r *running, n newsroom) *editor {
	return &editor{n, r.url, &http.Client{
		Transport:     &http.Transport{},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

func (e *editor) send(method, path, contentType string, body io.Reader) (a answer, err error) {
	request, err := http.NewRequest(method, e.url+path, body)
	if err != nil {
		return a, err
	}
	request.Header.Set("Content-Type", contentType)
	request.Header.Set("User-Agent", browser)
	e.sign(request)
	response, err := e.client.Do(request)
	if err != nil {
		return a, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, response.Header, string(text)}, err
}

// sign adds the login's cookie, unless the client has a jar with one.
func (e *editor) sign(r *http.Request) {
	if e.token != "" {
		r.AddCookie(&http.Cookie{Name: "congso", Value: e.token})
	}
}

func (e *editor) open(path string) (answer, error) { return e.send(http.MethodGet, path, "", nil) }

func (e *editor) post(path string, form url.Values) (answer, error) {
	return e.send(http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

// upload sends a file as the editor's script does.
func (e *editor) upload(name string, content []byte) (answer, error) {
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	part, err := form.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(content)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		return answer{}, err
	}
	request, err := http.NewRequest(http.MethodPost, e.url+"/admin/tep/tai-len", &b)
	if err != nil {
		return answer{}, err
	}
	request.Header.Set("Content-Type", form.FormDataContentType())
	request.Header.Set("Accept", "application/json")
	e.sign(request)
	response, err := e.client.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, response.Header, string(text)}, err
}

// create begins an item and returns its id.
func (e *editor) create(title string) (id int64, a answer, err error) {
	a, err = e.post("/admin/tin-tuc/moi", url.Values{"title": {title}, "section": {strconv.FormatInt(e.section, 10)}})
	if err == nil && a.status == http.StatusSeeOther {
		id, err = strconv.ParseInt(strings.TrimPrefix(a.header.Get("Location"), "/admin/tin-tuc/"), 10, 64)
	}
	return id, a, err
}

// draft is the form of an item as its editor would fill it.
func (e *editor) draft(title, body string) url.Values {
	return url.Values{"title": {title}, "summary": {"Tóm tắt của " + title}, "body": {body}, "section": {strconv.FormatInt(e.section, 10)},
		"byline": {"Ban biên tập"}, "visibility": {"public"}, "_base": {"1"}, "_version": {"0"}}
}

var hiddenValue = regexp.MustCompile(`name="(_[a-z]+)" value="([^"]*)"`)

// fresh gives a form the version of the text that it goes over.
func (e *editor) fresh(id int64, form url.Values) error {
	a, err := e.open(fmt.Sprintf("/admin/tin-tuc/%d", id))
	if err == nil && a.status != http.StatusOK {
		err = fmt.Errorf("the editor answers %d", a.status)
	}
	for _, m := range hiddenValue.FindAllStringSubmatch(a.body, -1) {
		form.Set(m[1], m[2])
	}
	return err
}

// publish publishes an item, and confirms what the portal asks.
func (e *editor) publish(id int64, form url.Values) (answer, error) { return e.move(id, "dang", form) }

// move takes a step with an item, and confirms what the portal asks.
func (e *editor) move(id int64, step string, form url.Values) (answer, error) {
	path := fmt.Sprintf("/admin/tin-tuc/%d/%s", id, step)
	a, err := e.post(path, form)
	if err != nil || a.status != http.StatusUnprocessableEntity {
		return a, err
	}
	for _, m := range hiddenValue.FindAllStringSubmatch(a.body, -1) {
		form.Set(m[1], m[2])
	}
	return e.post(path, form)
}
