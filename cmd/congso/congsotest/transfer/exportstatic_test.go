package transfer

import (
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"congso/cmd/congso/congsotest"
	"congso/cmd/congso/sitecopy"
)

var madeCopy = sync.OnceValues(func() (string, error) {
	d, err := congsotest.MadeDemo()
	if err != nil {
		return "", err
	}
	data, dir := filepath.Join(congsotest.Shared(), "copied-demo"), filepath.Join(congsotest.Shared(), "bản lưu")
	if err := os.CopyFS(data, os.DirFS(d.Folder)); err != nil {
		return "", err
	}
	out, err := congsotest.Run("", "export", "static", dir, "--data", data)
	if err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return dir, nil
})

// copiedDemo is a copy of the demo in files, made once: nothing may be changed in it.
func copiedDemo(t *testing.T) (dir string) {
	t.Helper()
	dir, err := madeCopy()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// copiedPage is what a link walker keeps of a page in files.
type copiedPage struct {
	links []string // with the page that they are on
	ids   map[string]bool
}

// readCopied reads the links and the anchors of a page.
func readCopied(t *testing.T, dir, name string) copiedPage {
	t.Helper()
	file, err := os.Open(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	root, err := html.Parse(file)
	if err != nil {
		t.Fatal(err)
	}
	p := copiedPage{ids: map[string]bool{}}
	for node := range root.Descendants() {
		for _, a := range node.Attr {
			switch a.Key {
			case "id":
				p.ids[a.Val] = true
			case "href", "src", "action":
				p.links = append(p.links, a.Val)
			case "srcset":
				for one := range strings.SplitSeq(a.Val, ",") {
					link, _, _ := strings.Cut(strings.TrimSpace(one), " ")
					p.links = append(p.links, link)
				}
			}
		}
	}
	return p
}

// TestExportStaticLinks: every link of every page of the copy leads to a file of it, and to a place in that file where it names one.
func TestExportStaticLinks(t *testing.T) {
	t.Parallel()
	dir := copiedDemo(t)
	pages, links, anchors := map[string]copiedPage{"index.html": {}}, 0, 0
	for queue := []string{"index.html"}; len(queue) > 0; queue = queue[1:] {
		p := readCopied(t, dir, queue[0])
		pages[queue[0]] = p
		for _, link := range p.links {
			u, err := url.Parse(link)
			if err != nil || strings.HasPrefix(link, "/") {
				t.Errorf("%s has the link %q: %v", queue[0], link, err)
				continue
			}
			if u.Scheme != "" || u.Path == "" {
				continue
			}
			links++
			to := path.Join(path.Dir(queue[0]), u.Path)
			info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(to)))
			if err != nil || !info.Mode().IsRegular() {
				t.Errorf("%s leads to %q, where no file is", queue[0], link)
				continue
			}
			if _, known := pages[to]; !known && strings.HasSuffix(to, ".html") {
				pages[to] = copiedPage{}
				queue = append(queue, to)
			}
		}
	}
	for name, p := range pages {
		for _, link := range p.links {
			u, _ := url.Parse(link)
			if u == nil || u.Scheme != "" || u.Fragment == "" {
				continue
			}
			anchors++
			to := name
			if u.Path != "" {
				to = path.Join(path.Dir(name), u.Path)
			}
			if !pages[to].ids[u.Fragment] {
				t.Errorf("%s leads to %q, where no such place is", name, link)
			}
		}
	}
	if len(pages) < 300 || links < 10_000 || anchors < 100 {
		t.Errorf("walked %d pages, %d links and %d anchors only", len(pages), links, anchors)
	}
	t.Logf("%d pages, %d links, %d anchors", len(pages), links, anchors)
	mustBeReached(t, dir, pages)
}

// mustBeReached: what is in the copy can be reached from its first page, and no page asks a server.
func mustBeReached(t *testing.T, dir string, pages map[string]copiedPage) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(name, ".html") {
			return err
		}
		if _, known := pages[name]; !known && name != "404.html" {
			t.Errorf("nothing leads to %s", name)
		}
		page, err := os.ReadFile(filepath.Join(dir, name))
		congsotest.MustLack(t, name, string(page), `"/hien-thi"`, `method="post"`, `/admin`, "\x00")
		congsotest.MustContain(t, name, string(page), "demo copy")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestExportStaticMissing: what web servers show in place of a missing file works at any address, and promises nothing that only the portal has.
func TestExportStaticMissing(t *testing.T) {
	t.Parallel()
	dir := copiedDemo(t)
	for _, link := range readCopied(t, dir, "404.html").links {
		u, err := url.Parse(link)
		if err != nil {
			t.Fatal(err)
		}
		if u.Scheme != "" || u.Path == "" {
			continue
		}
		if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(u.Path))); err != nil || !strings.HasPrefix(u.Path, "/") {
			t.Errorf("it leads to %q: %v", link, err)
		}
	}
	page, err := os.ReadFile(filepath.Join(dir, "404.html"))
	if err != nil {
		t.Fatal(err)
	}
	congsotest.MustContain(t, "the page", string(page), "Trang không có trong bản lưu", `action="/tim-kiem.html"`)
	congsotest.MustLack(t, "the page", string(page), "Mã yêu cầu", "Đăng nhập")
}

// TestExportStaticAgain: a second export writes the pages anew on which readers look for the day and the figures, and nothing else. What is
// gone from the portal is removed, what is none of the copy stays.
func TestExportStaticAgain(t *testing.T) {
	t.Parallel()
	data, dir := congsotest.DemoData(t), filepath.Join(t.TempDir(), "copy")
	congsotest.Start(t, nil, "demo", "--data", data) // beside which all is done
	congsotest.Runs(t, nil, "export", "static", dir, "--data", data)
	before := modified(t, dir)
	congsotest.WriteFile(t, filepath.Join(dir, "tin-tuc", "cua-toi.txt"), "not of the copy")
	congsotest.MustContain(t, "the report", congsotest.Runs(t, nil, "export", "static", dir, "--data", data), "; 9 written now", " 0 removed")
	var changed []string
	for name, at := range modified(t, dir) {
		if before[name] != at {
			changed = append(changed, name)
		}
	}
	slices.Sort(changed)
	want := []string{".congso-copy", "404.html", "en.html", "en/so-do.html", "en/thong-ke.html", "en/tim-kiem.html", "index.html", "so-do.html", "thong-ke.html",
		"tim-kiem.html", "tin-tuc/cua-toi.txt"}
	if diff := cmp.Diff(want, changed); diff != "" {
		t.Errorf("written: -want +got:\n%s", diff)
	}
	if err := os.Remove(filepath.Join(dir, "thong-ke.html")); err != nil {
		t.Fatal(err)
	}
	congsotest.MustContain(t, "the report with a file lost", congsotest.Runs(t, nil, "export", "static", dir, "--data", data, "--full"), " 0 removed")
	if _, err := os.Stat(filepath.Join(dir, "thong-ke.html")); err != nil {
		t.Error(err)
	}
	for name, at := range modified(t, dir) {
		if before[name] == at && name != ".congso-copy.lock" {
			t.Errorf("%s was not written with --full", name)
		}
	}
}

// modified are the files of a folder with the time and the size of each.
func modified(t *testing.T, dir string) map[string]string {
	t.Helper()
	list := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		short, err := filepath.Rel(dir, name)
		list[filepath.ToSlash(short)] = fmt.Sprint(info.ModTime().UnixNano(), " ", info.Size())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestExportStaticRefuses: folders that hold something else are left alone.
func TestExportStaticRefuses(t *testing.T) {
	t.Parallel()
	data, foreign := congsotest.DemoData(t), t.TempDir()
	congsotest.WriteFile(t, filepath.Join(foreign, "bao-cao.docx"), "mine")
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(filepath.Join(data, "media"), link); err != nil {
		t.Skip("no links here:", err)
	}
	for dir, want := range map[string]string{
		foreign:                                "files in it that are no copy",
		filepath.Join(data, "copy"):            "a folder of its own",
		link:                                   "a folder of its own",
		data:                                   "a folder of its own",
		filepath.Dir(data):                     "a folder of its own",
		filepath.Join(foreign, "bao-cao.docx"): "",
	} {
		congsotest.MustContain(t, dir, congsotest.Fail(t, nil, "export", "static", dir, "--data", data).Error(), want)
	}
	media := t.TempDir()
	congsotest.MustContain(t, "in the media folder", congsotest.Fail(t, nil, "export", "static", filepath.Join(media, "copy"), "--data", data, "--media", media).Error(), "a folder of its own")
	if diff := cmp.Diff([]string{"bao-cao.docx"}, slices.Collect(maps.Keys(modified(t, foreign)))); diff != "" {
		t.Errorf("the folder: -want +got:\n%s", diff)
	}
}

// searchedFor are the queries of the sample file, and more: filters, phrases, numbers, other pages, English.
func searchedFor(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("../../../../store/testdata/search.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for line := range strings.Lines(string(text)) {
		if parts := strings.Split(strings.TrimSpace(line), "\t"); parts[0] == "query" {
			list = append(list, "/tim-kiem?q="+url.QueryEscape(parts[1]))
		}
	}
	if len(list) < 13 {
		t.Fatalf("%d queries in the sample file", len(list))
	}
	for _, more := range []string{
		"/tim-kiem?q=thông báo", "/tim-kiem?q=thông báo&trang=2", "/tim-kiem?q=thong bao&loai=hoi-nghi", "/tim-kiem?q=so&muc=thong-bao", "/tim-kiem?q=\"sở nội vụ\" đường",
		"/tim-kiem?q=0257 3000.106", "/tim-kiem?q=02573000106", "/tim-kiem?q=hoa&loai=nguoi", "/tim-kiem?q=văn phòng&loai=don-vi", "/tim-kiem?q=sao lưu", "/tim-kiem?q=2026",
		"/tim-kiem?q=TUYỂN+DỤNG", "/tim-kiem?q=“một cửa", "/tim-kiem?q=3.600", "/tim-kiem?q=thuỷ", "/tim-kiem?q=quý", "/tim-kiem?q=...", "/tim-kiem?q=constructor",
		"/tim-kiem?q=sở&muc=da-doi-ten", "/tim-kiem?q=sở&loai=khac",
		"/en/tim-kiem?q=office", "/en/tim-kiem?q=thông báo", "/en/tim-kiem?q=counters",
	} {
		u, err := url.Parse(more)
		if err != nil {
			t.Fatal(err)
		}
		u.RawQuery = u.Query().Encode()
		list = append(list, u.String())
	}
	return list
}

// shownHits is what a search page shows, of a server or of a copy.
type shownHits struct {
	Total string
	Hits  []shownHit
}

type shownHit struct{ File, Title, Meta string }

// hits reads the page that the tab shows. file makes the name of a file of the copy of a link.
func hits(b *congsotest.Tab, file func(href string) string) (s shownHits) {
	b.Helper()
	s.Total = strings.TrimSpace(b.Text(`main [role="status"]`))
	list := congsotest.Eval[[][]string](b, `[...document.querySelectorAll(".hits > li")].map(li => [li.querySelector("a").href, li.querySelector("h2").innerText, li.querySelector(".meta").innerText])`)
	for _, one := range list {
		s.Hits = append(s.Hits, shownHit{file(one[0]), one[1], strings.Join(strings.Fields(one[2]), " ")})
	}
	return s
}

// TestExportStaticSearch: opened from the disk, the copy's search finds what the server's does, in the same order.
func TestExportStaticSearch(t *testing.T) {
	t.Parallel()
	chrome := congsotest.SharedBrowser(t)
	site, dir := congsotest.LivePortal(t), copiedDemo(t)
	server, disk := congsotest.Open(t, chrome, site), congsotest.Open(t, chrome, site)
	base := &url.URL{Scheme: "file", Path: filepath.ToSlash(dir) + "/"}
	found := 0
	for _, query := range searchedFor(t) {
		server.Visit(query, 200)
		want := hits(server, func(href string) string {
			u, err := url.Parse(href)
			if err != nil {
				t.Fatal(err)
			}
			address, _ := sitecopy.Address(u)
			return sitecopy.File(address)
		})
		place, asked, _ := strings.Cut(query, "?")
		openFile(disk, base.String()+sitecopy.File(place)+"?"+asked)
		disk.WaitFor(`!["", "Đang tìm…", "Searching…"].includes(document.getElementById("p_tong").textContent) || !location.search`)
		got := hits(disk, func(href string) string { return strings.TrimPrefix(href, base.String()) })
		got.Total = strings.TrimSuffix(strings.TrimSuffix(got.Total, " Không có kết quả. Xin thử ít từ hơn hoặc bỏ bộ lọc."), " No results. Please try fewer words or remove the filters.")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -server +copy:\n%s", query, diff)
		}
		found += len(got.Hits)
	}
	if found < 100 {
		t.Errorf("%d hits only", found)
	}
}

func openFile(b *congsotest.Tab, address string) {
	b.Helper()
	if _, err := chromedp.Run(b.Ctx, chromedp.NavigateResponse(address)); err != nil {
		b.Fatalf("open %s: %v", address, err)
	}
}

// TestExportStaticWithoutScripts: without JavaScript the search page says so, and leads to the site map.
func TestExportStaticWithoutScripts(t *testing.T) {
	t.Parallel()
	dir := copiedDemo(t)
	b := congsotest.Open(t, congsotest.SharedBrowser(t), nil)
	b.WithoutScripts()
	base := (&url.URL{Scheme: "file", Path: filepath.ToSlash(dir) + "/"}).String()
	openFile(b, base+"tim-kiem.html")
	congsotest.MustContain(t, "the page", b.Text("noscript"), "JavaScript", "Sơ đồ trang")
	if got := b.Attribute("noscript a", "href"); got != "so-do.html" {
		t.Errorf("it leads to %q", got)
	}
}
