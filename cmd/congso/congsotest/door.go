package congsotest

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
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

// Newsroom is what an editor needs of a data folder: a section to write in, and a login that is open already.
type Newsroom struct {
	Section int64
	token   string
}

// Furnish makes a newsroom in a folder that no portal holds.
func Furnish(t testing.TB, folder string) Newsroom {
	t.Helper()
	return FurnishOn(t, folder, "")
}

// FurnishOn is Furnish for records that may be in PostgreSQL.
func FurnishOn(t testing.TB, folder, database string) (n Newsroom) {
	t.Helper()
	s := OpenStore(t, folder, database)
	defer s.Close()
	user := storetest.User(t, s, "tong.bien.tap", model.RoleAdmin)
	if err := s.SetFactorRoles(context.Background(), storetest.Actor(), nil); err != nil {
		t.Fatal(err)
	}
	n.Section = storetest.Section(t, s, "Thời sự").ID
	n.token = newLogin(t, s, user)
	return n
}

func newLogin(t testing.TB, s *store.Store, u model.User) string {
	t.Helper()
	token, err := s.StartSession(context.Background(), u.ID, true, Browser, "")
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// Editor works at the desks of a running portal.
type Editor struct {
	Newsroom
	URL    string
	Client *http.Client
}

// NewEditor is one at the desks of r with the newsroom's login.
func NewEditor(r *Running, n Newsroom) *Editor {
	return &Editor{n, r.URL, &http.Client{
		Transport:     &http.Transport{},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

func (e *Editor) send(method, path, contentType string, body io.Reader) (a Answer, err error) {
	request, err := http.NewRequest(method, e.URL+path, body)
	if err != nil {
		return a, err
	}
	request.Header.Set("Content-Type", contentType)
	request.Header.Set("User-Agent", Browser)
	e.sign(request)
	response, err := e.Client.Do(request)
	if err != nil {
		return a, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return Answer{response.StatusCode, response.Header, string(text)}, err
}

// sign adds the login's cookie, unless the client has a jar with one.
func (e *Editor) sign(r *http.Request) {
	if e.token != "" {
		r.AddCookie(&http.Cookie{Name: "congso", Value: e.token})
	}
}

// Open asks for a page.
func (e *Editor) Open(path string) (Answer, error) { return e.send(http.MethodGet, path, "", nil) }

// Post sends a form.
func (e *Editor) Post(path string, form url.Values) (Answer, error) {
	return e.send(http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

// Upload sends a file as the editor's script does.
func (e *Editor) Upload(name string, content []byte) (Answer, error) {
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
		return Answer{}, err
	}
	request, err := http.NewRequest(http.MethodPost, e.URL+"/admin/tep/tai-len", &b)
	if err != nil {
		return Answer{}, err
	}
	request.Header.Set("Content-Type", form.FormDataContentType())
	request.Header.Set("Accept", "application/json")
	e.sign(request)
	response, err := e.Client.Do(request)
	if err != nil {
		return Answer{}, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return Answer{response.StatusCode, response.Header, string(text)}, err
}

// Create begins an item and returns its id.
func (e *Editor) Create(title string) (id int64, a Answer, err error) {
	a, err = e.Post("/admin/tin-tuc/moi", url.Values{"title": {title}, "section": {strconv.FormatInt(e.Section, 10)}})
	if err == nil && a.Status == http.StatusSeeOther {
		id, err = strconv.ParseInt(strings.TrimPrefix(a.Header.Get("Location"), "/admin/tin-tuc/"), 10, 64)
	}
	return id, a, err
}

// Draft is the form of an item as its editor would fill it.
func (e *Editor) Draft(title, body string) url.Values {
	return url.Values{"title": {title}, "summary": {"Tóm tắt của " + title}, "body": {body}, "section": {strconv.FormatInt(e.Section, 10)},
		"byline": {"Ban biên tập"}, "visibility": {"public"}, "_base": {"1"}, "_version": {"0"}}
}

var hiddenValue = regexp.MustCompile(`name="(_[a-z]+)" value="([^"]*)"`)

// Fresh gives a form the version of the text that it goes over.
func (e *Editor) Fresh(id int64, form url.Values) error {
	a, err := e.Open(fmt.Sprintf("/admin/tin-tuc/%d", id))
	if err == nil && a.Status != http.StatusOK {
		err = fmt.Errorf("the editor answers %d", a.Status)
	}
	for _, m := range hiddenValue.FindAllStringSubmatch(a.Body, -1) {
		form.Set(m[1], m[2])
	}
	return err
}

// Publish publishes an item, and confirms what the portal asks.
func (e *Editor) Publish(id int64, form url.Values) (Answer, error) { return e.Move(id, "dang", form) }

// Move takes a step with an item, and confirms what the portal asks.
func (e *Editor) Move(id int64, step string, form url.Values) (Answer, error) {
	path := fmt.Sprintf("/admin/tin-tuc/%d/%s", id, step)
	a, err := e.Post(path, form)
	if err != nil || a.Status != http.StatusUnprocessableEntity {
		return a, err
	}
	for _, m := range hiddenValue.FindAllStringSubmatch(a.Body, -1) {
		form.Set(m[1], m[2])
	}
	return e.Post(path, form)
}

// Wall is a picture with one smaller size.
func Wall() []byte {
	img := image.NewGray(image.Rect(0, 0, 400, 300))
	for x := range 400 {
		img.SetGray(x, 150, color.Gray{Y: uint8(x)})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err) // a buffer takes everything
	}
	return b.Bytes()
}
