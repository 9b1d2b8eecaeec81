package handlers_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"congso/content"
	"congso/handlers"
	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// buckets hold the files of portals that keep them so.
var buckets storetest.Buckets

// moved copies the files of the portal that o names to another place, and lets o name that.
func moved(t *testing.T, o *store.Options, to store.Media) {
	t.Helper()
	done, err := store.CopyMedia(context.Background(), o.Media, to, o.Dir, nil)
	if err != nil || done.Copied == 0 || len(done.Damaged) > 0 {
		t.Fatalf("%+v, %v", done, err)
	}
	o.Media = to
}

// eachPlace is eachPortal, with the library's files in the data folder and in a bucket.
func eachPlace(t *testing.T, run func(t *testing.T, p *portal)) {
	t.Helper()
	eachPortal(t, run)
	t.Run("bucket", func(t *testing.T) {
		seeded.Each(t, func(t *testing.T, o store.Options, known fixture) {
			moved(t, &o, buckets.Media(t))
			run(t, newPortal(t, o, func(testing.TB, *store.Store, *storetest.Clock) fixture { return known }))
		})
	})
}

// TestEveryPlaceAnswersAlike: whatever is asked about a file, the answer from a bucket is that from the data folder.
func TestEveryPlaceAnswersAlike(t *testing.T) {
	seeded.Each(t, func(t *testing.T, o store.Options, known fixture) {
		known.file = model.Media{Name: "lon.txt"}
		filled := func(t testing.TB, s *store.Store, _ *storetest.Clock) fixture {
			must(t, s.AddAttachment(context.Background(), storetest.Actor(), &known.file, strings.NewReader(strings.Repeat("nhiều chữ ", 100_000))))
			n, err := s.NewsForDesk(context.Background(), known.news.ID)
			must(t, err)
			n.Attachments = []model.Attachment{{Media: known.file, Title: "Lớn"}}
			must(t, s.PutNews(context.Background(), storetest.Actor(), &n))
			return known
		}
		folder := newPortal(t, o, filled)
		moved(t, &o, buckets.Media(t))
		bucket := folder.beside(t, o)
		cover := known.news.Cover.Media
		tag := `"` + known.file.Hash[:16] + `"`
		for _, target := range []string{cover.URL(), "/media/" + cover.Hash + "/320" + cover.Ext(), known.file.URL(), known.hidden[wordDraft].URL(), "/media/" + cover.Hash + "/1.jpg"} {
			for _, headers := range []http.Header{
				{}, {"Range": {"bytes=0-0"}}, {"Range": {"bytes=10-19"}}, {"Range": {"bytes=-7"}}, {"Range": {"bytes=100-"}}, {"Range": {"bytes=5-9,20-29,40-41"}},
				{"Range": {"bytes=9999999-"}}, {"Range": {"bytes=5-2"}}, {"Range": {"lines=1-2"}},
				{"If-None-Match": {tag}}, {"If-None-Match": {"*"}}, {"If-None-Match": {`"x"`}}, {"If-Match": {`"x"`}},
				{"If-Modified-Since": {"Mon, 01 Jan 2035 00:00:00 GMT"}}, {"If-Unmodified-Since": {"Mon, 01 Jan 2001 00:00:00 GMT"}},
				{"Range": {"bytes=300000-300009"}, "If-Range": {tag}}, {"Range": {"bytes=3-4"}, "If-Range": {`"x"`}},
			} {
				for _, method := range []string{http.MethodGet, http.MethodHead} {
					ask := func(r *http.Request) {
						for name, values := range headers {
							r.Header[name] = values
						}
					}
					want, got := folder.do(method, target, ask), bucket.do(method, target, ask)
					for _, a := range []answer{want, got} {
						a.header.Del("X-Request-Id")
						a.header.Del("Date")
					}
					if kind := want.header.Get("Content-Type"); strings.HasPrefix(kind, "multipart/") { // with a boundary made by chance
						want, got = parts(want), parts(got)
					}
					if strings.HasPrefix(want.header.Get("Content-Type"), "text/html") { // which names the request
						want.body, got.body = "", ""
						want.header.Del("Content-Length")
						got.header.Del("Content-Length")
					}
					if diff := cmp.Diff(want.header, got.header); diff != "" || want.status != got.status || want.body != got.body {
						t.Errorf("%s %s %v: %d, %d bytes; want %d, %d bytes; %s", method, target, headers, got.status, len(got.body), want.status, len(want.body), diff)
					}
				}
			}
		}
	})
}

// beside is another portal on the same records, with the files where o says.
func (p *portal) beside(t *testing.T, o store.Options) *portal {
	t.Helper()
	other := *p
	o.Now, o.Renderer, o.Beside = p.clock.Now, content.Renderer(), true
	other.options.Store = storetest.Open(t, o)
	other.server = handlers.New(other.options)
	return &other
}

// parts takes away what is chance in an answer of several parts.
func parts(a answer) answer {
	_, boundary, _ := strings.Cut(a.header.Get("Content-Type"), "boundary=")
	a.header.Set("Content-Type", "multipart")
	a.body = strings.ReplaceAll(a.body, boundary, "-")
	return a
}

// TestBucketAwayLeavesPagesWhole: pages are as ever, pictures and uploads are refused for now, what was typed stays; nothing is needed when
// the bucket is back.
func TestBucketAwayLeavesPagesWhole(t *testing.T) {
	server := storetest.NewBucketServer(t)
	seeded.Each(t, func(t *testing.T, o store.Options, known fixture) {
		moved(t, &o, server.Media("media", filepath.Base(t.TempDir())+fmt.Sprint(len(o.Database))))
		p := newPortal(t, o, func(testing.TB, *store.Store, *storetest.Clock) fixture { return known })
		login := p.login(t, model.RoleEditor)
		whole := p.page(t, "/tin-tuc/"+p.news.Slug)
		lacks(t, "/readyz", p.get("/readyz").body, "media:")
		server.Stop()

		if page := p.page(t, "/tin-tuc/"+p.news.Slug); page != whole {
			t.Error("the page is another")
		}
		for _, target := range []string{p.news.Cover.Media.URL(), p.file.URL()} {
			a := p.get(target)
			if a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" || strings.Contains(a.header.Get("Cache-Control"), "immutable") {
				t.Errorf("%s: %d, %v", target, a.status, a.header)
			}
		}
		said, status := p.upload(t, login, sent{"file", "a.jpg", shot(t, 30, 20)})
		if status != http.StatusServiceUnavailable || !strings.Contains(said.Message, "Kho chứa ảnh và tệp đang không trả lời") {
			t.Errorf("an upload: %d, %+v", status, said)
		}
		a := p.do(http.MethodPost, "/admin/tep/tai-len", multipartForm(t, sent{"file", "a.txt", "chữ"}, sent{"file", "b.txt", "thêm"}), login)
		if a.status != http.StatusServiceUnavailable {
			t.Errorf("a form: %d", a.status)
		}
		contains(t, "the form", a.body, "«a.txt»: Kho chứa ảnh và tệp đang không trả lời")
		pasted := url.Values{"text": {"Chữ đã dán"}, "html": {`<p>Chữ đã dán</p><p><img src="data:image/png;base64,` + base64.StdEncoding.EncodeToString([]byte(shot(t, 300, 200))) + `"></p>`}}
		for path, want := range map[string]string{"/admin/tin-tuc/moi/dan": "Chữ đã dán", "/admin/tin-tuc/" + itoa(p.news.ID) + "/dan": `"message"`} {
			a := p.post(path, pasted.Encode(), login)
			if a.status != http.StatusUnprocessableEntity {
				t.Errorf("%s: %d", path, a.status)
			}
			contains(t, path, a.body, "Kho chứa ảnh và tệp đang không trả lời nên chưa nhận được ảnh", want)
		}
		contains(t, "the library", p.page(t, "/admin/tep", login), "Kho chứa ảnh và tệp đang không trả lời", "anh.png")
		contains(t, "a file's page", p.page(t, "/admin/tep/"+itoa(p.file.ID), login), "đang không trả lời", p.file.Name)
		lacks(t, "the library", p.page(t, "/admin/tep", login), "Mất tệp")
		eventually(t, func() bool {
			a := p.get("/readyz")
			return a.status == http.StatusOK && strings.Contains(a.body, `"ready":true`) && strings.Contains(a.body, "media: pictures and attachments")
		})

		server.Start()
		eventually(t, func() bool { return p.get(p.news.Cover.Media.URL()).status == http.StatusOK })
		if _, status := p.upload(t, login, sent{"file", "a.jpg", shot(t, 30, 20)}); status != http.StatusCreated {
			t.Errorf("an upload afterwards: %d", status)
		}
		eventually(t, func() bool { return !strings.Contains(p.get("/readyz").body, "media:") })
	})
}

// eventually waits until done says so, a minute at most.
func eventually(t *testing.T, done func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !done(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Error("it did not come to be")
			return
		}
	}
}

// TestLostInABucket: a size that is gone is stood in for by another.
func TestLostInABucket(t *testing.T) {
	server := storetest.NewBucketServer(t)
	o := store.Options{Dir: t.TempDir(), Media: server.Media("media", "")}
	p := newPortal(t, o, seed)
	cover := p.news.Cover.Media
	files, err := filepath.Glob(filepath.Join(server.Folder, "media", cover.Hash[:2], cover.Hash+"-320*"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	must(t, os.Remove(files[0]))
	a := p.get("/media/" + cover.Hash + "/320" + cover.Ext())
	if a.status != http.StatusOK || int64(len(a.body)) != cover.Bytes || a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d, %d bytes, %v", a.status, len(a.body), a.header)
	}
	contains(t, "the desk", p.get("/admin/tep", p.login(t, model.RoleEditor)).body, "Mất tệp")
	if slices.Contains([]int{200, 206}, p.get("/media/"+strings.Repeat("0", 64)+"/a.txt").status) {
		t.Error("what nobody has uploaded")
	}
}

// cutting does something once the first bytes of an answer are out.
type cutting struct {
	*httptest.ResponseRecorder
	do func()
}

func (c *cutting) Write(data []byte) (int, error) {
	c.do()
	return c.ResponseRecorder.Write(data)
}

// TestCutShort: an answer that breaks off, since the bucket does, is told in the log, and no reader takes it for whole.
func TestCutShort(t *testing.T) {
	server := storetest.NewBucketServer(t)
	p := newPortal(t, store.Options{Dir: t.TempDir(), Media: server.Media("media", "")}, seed)
	m := model.Media{Name: "lon.txt"}
	must(t, p.store.AddAttachment(context.Background(), storetest.Actor(), &m, strings.NewReader(strings.Repeat("nhiều chữ ", 3<<20))))
	r := httptest.NewRequest(http.MethodGet, m.URL(), nil)
	r.Host, r.RemoteAddr = host, outside+":1234"
	p.login(t, model.RoleEditor)(r)
	w := &cutting{httptest.NewRecorder(), sync.OnceFunc(server.Stop)}
	p.server.ServeHTTP(w, r)
	if w.Code != http.StatusOK || w.Header().Get("Content-Length") != fmt.Sprint(m.Bytes) || int64(w.Body.Len()) >= m.Bytes {
		t.Errorf("%d, %d bytes of %s", w.Code, w.Body.Len(), w.Header().Get("Content-Length"))
	}
	contains(t, "the log", p.log.String(), `"level":"ERROR"`, "the store of files cannot be used now")
}

// TestManyRanges: whoever asks for more parts of a file than anybody needs gets it whole, from every place, by one question to a bucket.
func TestManyRanges(t *testing.T) {
	server := storetest.NewBucketServer(t)
	seeded.Each(t, func(t *testing.T, o store.Options, known fixture) {
		moved(t, &o, server.Media("media", filepath.Base(t.TempDir())+fmt.Sprint(len(o.Database))))
		p := newPortal(t, o, func(testing.TB, *store.Store, *storetest.Clock) fixture { return known })
		cover := known.news.Cover.Media
		ranges := func(n int) func(*http.Request) {
			return func(r *http.Request) {
				for i := range n {
					r.Header["Range"] = []string{strings.TrimPrefix(r.Header.Get("Range")+fmt.Sprintf(",%d-%d", 3*i, 3*i), ",")}
				}
				r.Header["Range"][0] = "bytes=" + r.Header["Range"][0]
			}
		}
		if a := p.get(cover.URL(), ranges(20)); a.status != http.StatusPartialContent {
			t.Errorf("20 parts: %d", a.status)
		}
		before := server.Connections()
		a := p.get(cover.URL(), ranges(100))
		if a.status != http.StatusOK || int64(len(a.body)) != cover.Bytes || a.header.Get("Content-Range") != "" {
			t.Errorf("100 parts: %d, %d bytes of %d", a.status, len(a.body), cover.Bytes)
		}
		if made := server.Connections() - before; made > 2 {
			t.Errorf("%d connections to the bucket for one answer", made)
		}
	})
}
