package copies

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"congso/cmd/congso/congsotest"
	"congso/store/model"
)

// TestBlackBox goes through a portal as its people do, on both databases: through the built program's commands and HTTP alone.
func TestBlackBox(t *testing.T) {
	t.Parallel()
	congsotest.EachDatabase(t, func(t *testing.T, folder, database string, args []string) {
		r := congsotest.Start(t, nil, append([]string{"serve"}, args...)...)
		b := &blackBox{TB: t, name: "một bản", url: r.URL, commands: args, client: func() *http.Client { return congsotest.NewEditor(r, congsotest.Newsroom{}).Client }}
		b.goThrough()
		r.Finish(t)
		if got, want := congsotest.Views(t, folder, database), b.viewed.Load(); got != want {
			t.Errorf("%d views in the database, readers were shown %d pages", got, want)
		}
	})
}

// blackBox is a portal of which only the address is known, and how to run a command on its records.
type blackBox struct {
	testing.TB
	name     string // that no other box on the same records has
	url      string
	commands []string // arguments for a command on its records
	client   func() *http.Client
	before   int64        // views of earlier boxes on the same records
	viewed   atomic.Int64 // pages that readers were shown
	asked    atomic.Int64 // pages that nobody had asked for
}

const boxPassword = "mưa rào tháng sáu"

// goThrough makes accounts and a section; writes, illustrates, sends and publishes an item; reads, finds, counts and archives it.
func (b *blackBox) goThrough() {
	b.Helper()
	admin, author := b.person("quan.tri", "admin"), b.person("tac.gia", "author")
	b.secondFactor(admin)
	section := b.section(admin, "Thời sự "+b.name)
	admin.Section, author.Section = section, section

	title := "Khánh thành cầu qua đảo, " + b.name
	id, a, err := author.Create(title)
	b.want("a new item", a, err, http.StatusSeeOther)
	picture := b.picture(author)
	form := author.Draft(title, "Sáng nay, cầu đã thông xe.\n\n![Cây cầu]("+picture+")\n")
	b.step(author, id, "gui", form)
	b.step(admin, id, "dang", form)

	public := b.address(admin, id)
	b.untilShown(public, http.StatusOK, title, picture)
	b.untilShown("/tim-kiem?q="+url.QueryEscape("khanh thanh cau qua dao"), http.StatusOK, public)
	b.countsReaders(public)
	a, err = admin.Post(fmt.Sprintf("/admin/tin-tuc/%d/luu-tru", id), url.Values{})
	b.want("archive", a, err, http.StatusSeeOther)
	b.untilShown(public, http.StatusGone)
	b.untilShown("/tin-tuc", http.StatusOK, "<h1")
}

// want ends the test unless there is an answer with that status.
func (b *blackBox) want(what string, a congsotest.Answer, err error, status int) {
	b.Helper()
	if err != nil || a.Status != status {
		b.Fatalf("%s: %d, want %d, %v\n%.3000s", what, a.Status, status, err, a.Body)
	}
}

// person adds an account from the shell and logs it in.
func (b *blackBox) person(name, role string) *congsotest.Editor {
	b.Helper()
	name += "." + model.Slug(b.name)
	out, err := congsotest.Run(boxPassword+"\n", append([]string{"user", "add", name, "--role", role}, b.commands...)...)
	if err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		b.Fatal(err)
	}
	e := &congsotest.Editor{URL: b.url, Client: b.client()}
	e.Client.Jar = jar
	a, err := e.Post("/admin/dang-nhap", url.Values{"name": {name}, "password": {boxPassword}})
	b.want("login of "+name, a, err, http.StatusSeeOther)
	return e
}

var shownSecret = regexp.MustCompile(`<p class="secret">([A-Z2-7 ]+)</p>`)

// secondFactor sets up what an administrator must have.
func (b *blackBox) secondFactor(e *congsotest.Editor) {
	b.Helper()
	const page = "/admin/tai-khoan/xac-thuc"
	if a, err := e.Open("/admin"); err != nil || a.Status == http.StatusOK {
		b.Fatalf("an administrator without a second factor: %d, %v", a.Status, err)
	}
	a, err := e.Open(page)
	b.want("the second factor", a, err, http.StatusOK)
	secret := shownSecret.FindStringSubmatch(a.Body)
	if secret == nil {
		b.Fatalf("no secret in %s", a.Body)
	}
	code, err := totp.GenerateCode(strings.ReplaceAll(secret[1], " ", ""), time.Now())
	if err != nil {
		b.Fatal(err)
	}
	a, err = e.Post(page, url.Values{"code": {code}})
	b.want("its code", a, err, http.StatusOK)
	a, err = e.Open("/admin")
	b.want("the first page afterwards", a, err, http.StatusOK)
}

// section makes a section and returns its number.
func (b *blackBox) section(e *congsotest.Editor, name string) (id int64) {
	b.Helper()
	a, err := e.Post("/admin/chuyen-muc/moi", url.Values{"name": {name}})
	b.want("a new section", a, err, http.StatusSeeOther)
	a, err = e.Open("/admin/tin-tuc/moi")
	b.want("the form for an item", a, err, http.StatusOK)
	option := regexp.MustCompile(`<option value="([0-9]+)"[^>]*>` + regexp.QuoteMeta(name) + `</option>`).FindStringSubmatch(a.Body)
	if option == nil {
		b.Fatalf("no section %q in %s", name, a.Body)
	}
	if _, err := fmt.Sscan(option[1], &id); err != nil {
		b.Fatal(err)
	}
	return id
}

// picture uploads one and returns its address, where it must be at once for whoever is logged in.
func (b *blackBox) picture(e *congsotest.Editor) string {
	b.Helper()
	a, err := e.Upload("cau.png", append(congsotest.Wall(), b.name...))
	b.want("upload", a, err, http.StatusCreated)
	var m struct{ Address string }
	if err := json.Unmarshal([]byte(a.Body), &m); err != nil || m.Address == "" {
		b.Fatalf("%q: %v", a.Body, err)
	}
	for range 3 { // wherever it was uploaded
		a, err = e.Open(m.Address)
		b.want("the picture", a, err, http.StatusOK)
	}
	return m.Address
}

// step takes a step with an item.
func (b *blackBox) step(e *congsotest.Editor, id int64, step string, form url.Values) {
	b.Helper()
	if err := e.Fresh(id, form); err != nil {
		b.Fatal(err)
	}
	a, err := e.Move(id, step, form)
	b.want("item: "+step, a, err, http.StatusSeeOther)
}

var publicItem = regexp.MustCompile(`href="(/tin-tuc/[a-z0-9-]+)"`)

// address is where readers find an item, as its desk says.
func (b *blackBox) address(e *congsotest.Editor, id int64) string {
	b.Helper()
	a, err := e.Open(fmt.Sprintf("/admin/tin-tuc/%d", id))
	b.want("the item at its desk", a, err, http.StatusOK)
	found := publicItem.FindStringSubmatch(a.Body)
	if found == nil {
		b.Fatalf("no public address in %s", a.Body)
	}
	return found[1]
}

// read is what a reader gets who has never been there.
func (b *blackBox) read(path string) congsotest.Answer {
	b.Helper()
	a, err := (&congsotest.Editor{URL: b.url, Client: b.client()}).Open(path)
	if err != nil {
		b.Fatal(err)
	}
	if a.Status == http.StatusOK && counts(a) {
		b.viewed.Add(1)
	}
	return a
}

// counts reports whether an answer is a page that is counted when a reader gets it.
func counts(a congsotest.Answer) bool {
	return strings.HasPrefix(a.Header.Get("Content-Type"), "text/html")
}

// untilShown reads a page until it is answered so three times running: by every copy, where there are as many.
func (b *blackBox) untilShown(path string, status int, parts ...string) {
	b.Helper()
	var last congsotest.Answer
	shown := func() bool {
		for range 3 {
			if last = b.read(path); last.Status != status || !holdsAll(last.Body, parts) {
				return false
			}
		}
		return true
	}
	if !congsotest.Eventually(congsotest.Patience, shown) {
		b.Fatalf("%s: %d without all of %q\n%.3000s", path, last.Status, parts, last.Body)
	}
}

func holdsAll(text string, parts []string) bool {
	for _, part := range parts {
		if !strings.Contains(text, part) {
			return false
		}
	}
	return true
}

// countsReaders reads a page some more, and waits until the portal shows as many views as there were.
func (b *blackBox) countsReaders(path string) {
	b.Helper()
	for range 7 {
		b.read(path)
	}
	total := int64(-1)
	counted := func() bool {
		var stats struct{ Total int64 }
		if a := b.read("/api/v1/stats"); json.Unmarshal([]byte(a.Body), &stats) != nil {
			return false
		}
		total = stats.Total
		return total == b.before+b.viewed.Load()
	}
	if !congsotest.Eventually(congsotest.Patience, counted) {
		b.Errorf("%d views are shown, of %d", total, b.before+b.viewed.Load())
	}
}
