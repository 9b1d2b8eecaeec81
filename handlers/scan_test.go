package handlers_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"congso/content"
	"congso/handlers"
	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// eachScanned runs the test on a portal of each kind whose database can be changed behind its back, with a content folder of its own.
func eachScanned(t *testing.T, run func(t *testing.T, p *portal, o store.Options, articles string)) {
	t.Helper()
	seeded.Each(t, func(t *testing.T, o store.Options, known fixture) {
		p := newPortal(t, o, func(testing.TB, *store.Store, *storetest.Clock) fixture { return known })
		articles := articleFolder(t)
		p.useArticles(t, articles)
		run(t, p, o, articles)
	})
}

func (p *portal) useArticles(t testing.TB, folder string) {
	t.Helper()
	library, err := content.Open(folder, slog.New(slog.DiscardHandler))
	must(t, err)
	p.options.Content = library
}

func (p *portal) scan(t testing.TB, how ...handlers.ScanOptions) handlers.ScanReport {
	t.Helper()
	how = append(how, handlers.ScanOptions{WholeFiles: true})
	report, err := handlers.Scan(context.Background(), p.options, how[0])
	must(t, err)
	return report
}

// open are the open findings as "kind place value", in order.
func (p *portal) open(t testing.TB) []string {
	t.Helper()
	list, _, err := p.store.Findings(context.Background(), store.FindingFilter{State: model.FindingOpen}, 1, 1000)
	must(t, err)
	told := make([]string, 0, len(list))
	for _, f := range list {
		told = append(told, fmt.Sprintf("%s %s %s", f.Kind, f.Place, f.Value))
	}
	slices.Sort(told)
	return told
}

// typedScript is what the fixture has on purpose: a title that somebody typed as a script, which readers see as text.
const typedScript = "script news script"

// neutral are sentences of offices that sound like gambling or pharmacy, tell of it, or warn of it.
var neutral = []string{
	"Kiểm tra môi trường ao nuôi cá, độ mặn và độ pH trước khi thả giống. Vắc xin cá: độ an toàn cao.",
	"Anh Ba sửa xong nhà. Cái cổng làng cũng được sơn lại; trong nhà, cái bàn kê sát cửa sổ, trong nhà cái gì cũng ngăn nắp.",
	"Nhà thuốc bệnh viện bán thuốc theo đơn; đấu thầu thuốc generic; thủ tục cấp giấy đủ điều kiện kinh doanh dược.",
	"Công ty Xổ số kiến thiết nộp ngân sách 300 tỷ đồng, vé số trúng giải đặc biệt mở thưởng ngày 05/7.",
	"Nghị định số 03/2017/NĐ-CP về kinh doanh casino; mức phạt hành vi đánh bạc, cá độ bóng đá, tài xỉu.",
	"Tỉnh không quy hoạch khu vui chơi có casino.",
	"Đánh giá công chức; đánh bài ca ngợi quê hương trên đàn đá; bài thơ, bài toán, game bài tập về nhà.",
	"Vì kèo nhà sập, xã hỗ trợ dựng lại vì, kèo, cột; no đủ hơn, nổ hũ no ăn.",
	"Trò chơi dân gian: đá gà bằng cỏ, ô ăn quan, kéo co. Ngư dân bắn cá bằng súng điện bị xử phạt.",
	"Lô đề tài khoa học được nghiệm thu; phân lô đề nghị tách thửa; soi cầu lông, soi gương.",
	"Đăng ký tặng tiền cho hộ nghèo; rút tiền nhanh chóng tại cây ATM; nạp lần đầu tặng kèm thẻ xe buýt.",
	"Link đăng nhập mới nhất của hệ thống một cửa điện tử.",
	"Tòa án tuyên phạt bị cáo 5 năm tù vì đánh bạc online, xóc đĩa.",
	"Bệnh nhân ngộ độc vì thuốc tăng cường sinh lý; phụ nữ không tự mua thuốc phá thai. Viagra là thuốc kê đơn.",
	"Book free online slots for passports at the office.",
	"Nha cai nghien, nha hanh chinh da xong phan tho.",
	"P. T. H. Nam, N. V. A., tổ 1, 2, 3, 4; điểm a, b, c, d, đ, e khoản 1; TP.HCM, Q.1, v.v.",
	"Cá độ tuổi trưởng thành nặng 2 kg; thức ăn cá độ đạm cao. Tài liệu tiếng Nga: бесплатно.",
}

// TestScanFindsNothingInACleanPortal looks at over a thousand pages as they are served, with SQLite; with PostgreSQL at fewer.
func TestScanFindsNothingInACleanPortal(t *testing.T) {
	eachScanned(t, func(t *testing.T, p *portal, o store.Options, _ string) {
		items, pages := 450, 1000
		if o.Database != "" {
			items, pages = len(neutral), 150
		}
		for i := range items {
			text := neutral[i%len(neutral)]
			n := model.News{Title: fmt.Sprintf("Tin %d: %s", i, text), Summary: text, Section: p.news.Section, Byline: "Trần Mai",
				Body:      text + "\n\n- " + neutral[(i/len(neutral)+7*i+3)%len(neutral)] + "\n",
				Lifecycle: model.Lifecycle{Status: model.StatusPublished, Visibility: model.Public, PublishAt: p.store.Now().Add(-time.Hour)}}
			must(t, p.store.PutNews(context.Background(), storetest.Actor(), &n))
		}
		report := p.scan(t, handlers.ScanOptions{EveryPage: true})
		addresses, _, err := p.store.SitemapWhole(context.Background(), 0)
		must(t, err)
		if most := 4 * addresses; report.Pages > most {
			t.Errorf("%d pages for %d addresses: some were looked at again and again", report.Pages, addresses)
		}
		if diff := cmp.Diff([]string{typedScript}, p.open(t)); diff != "" {
			t.Error(diff)
		}
		if report.Open != 1 || report.Records < 40 || report.Pages < pages || report.Articles != 6 || report.Files == 0 {
			t.Errorf("looked at too little: %+v", report)
		}
		if views := p.hits.Counters().Total; views != 1_000_000 {
			t.Errorf("views counted: %d", views)
		}
	})
}

// TestScanFindsWhatSQLPlants puts each kind into a published item behind the store's back.
func TestScanFindsWhatSQLPlants(t *testing.T) {
	planted := map[string]string{
		`<div style="display:none"><a href="https://evil.example/">x</a></div>`: "hidden news display:none: x",
		`<a href="https://linked.example/">x</a>`:                               "host news linked.example",
		`<p>Nhà cái uy tín</p>`:                                                 "word news nhà cái uy tín",
		`<p>buy viagra</p>`:                                                     "word news buy viagra",
		`<script src="https://script.example/a.js"></script>`:                   "script news script.example",
		`<iframe src="https://frame.example/"></iframe>`:                        "frame news frame.example",
		`<form action="https://form.example/"></form>`:                          "form news form.example",
		`<p onclick="a()">x</p>`:                                                "event news onclick a()",
		`<a href="javascript:a()">x</a>`:                                        "address news javascript:",
		`<meta http-equiv="refresh" content="0">`:                               "refresh news 0",
	}
	eachScanned(t, func(t *testing.T, p *portal, o store.Options, _ string) {
		html := ""
		for part := range planted {
			html += part
		}
		behind(t, o, fmt.Sprintf(`UPDATE news SET html = '%s' WHERE id = %d`, html, p.news.ID))
		p.scan(t)
		got := p.open(t)
		for part, want := range planted {
			if !slices.Contains(got, want) {
				t.Errorf("%s: found %q", part, got)
			}
		}
		if !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, "altered news ") }) {
			t.Errorf("the item is not called altered: %q", got)
		}
		if slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, " page ") }) {
			t.Errorf("told of the page too: %q", got)
		}
	})
}

// TestScanFindsOtherPlaces: settings, menu, linked sites, redirects, directory, sections, words of files, meetings, drafts, working copies.
func TestScanFindsOtherPlaces(t *testing.T) {
	eachScanned(t, func(t *testing.T, p *portal, o store.Options, _ string) {
		ctx := context.Background()
		editor := storetest.User(t, p.store, "bien.tap", model.RoleEditor)
		w := model.WorkingCopy{Kind: model.KindNews, RecordID: p.news.ID, Base: p.news.Revision, Data: "body=Soi+k%C3%A8o+t%E1%BA%A1i+https%3A%2F%2Fcopy.example%2F"}
		must(t, p.store.SaveWorkingCopy(ctx, editor.Actor(), &w, nil))
		must(t, p.store.PutMenu(ctx, storetest.Actor(), []model.MenuItem{{Label: "Vui", Href: "https://menu.example/"}}))
		must(t, p.store.PutRedirect(ctx, storetest.Actor(), "/khuyen-mai", "https://redirect.example/"))
		for _, statement := range []string{
			`UPDATE setting SET value = REPLACE(value, 'Chánh Văn phòng', 'Go88') WHERE name = 'site'`,
			`INSERT INTO linked_site (name, url, position) VALUES ('Xem', 'https://linked.example/', 9)`,
			`UPDATE section SET name = 'Tài xỉu md5' WHERE slug = 'thong-bao'`,
			`UPDATE unit SET address = 'https://unit.example' WHERE id = (SELECT MIN(id) FROM unit)`,
			`UPDATE person SET honorific = 'kubet' WHERE id = (SELECT MIN(id) FROM person)`,
			`UPDATE media SET caption = 'bet365' WHERE id = (SELECT MIN(id) FROM media)`,
			fmt.Sprintf(`UPDATE meeting_conclusion SET text = 'Vào w88' WHERE meeting_id = %d AND position = 0`, p.meeting.ID),
			`UPDATE news SET title = 'cheap pills' WHERE id = (SELECT MIN(id) FROM news WHERE status = 'draft')`,
		} {
			behind(t, o, statement)
		}
		p.scan(t)
		got := p.open(t)
		for _, want := range []string{
			"word news soi kèo", "host news copy.example", "host menu menu.example", "host redirect redirect.example", "word setting go88", "host linked_site linked.example",
			"word section tài xỉu md5", "host unit unit.example", "word person kubet", "word media bet365", "word meeting w88", "word news cheap pills",
		} {
			if !slices.Contains(got, want) {
				t.Errorf("not found: %s", want)
			}
		}
		if slices.Contains(got, "host linked_site tangiang.example.vn") {
			t.Error("the linked site of an administrator is told of")
		}
		again := p.scan(t)
		if diff := cmp.Diff(got, p.open(t)); diff != "" || again.Open != len(got) {
			t.Errorf("a second scan: %d open\n%s", again.Open, diff)
		}
	})
}

// TestScanGoesOnAfterAFault: who plants something must not blind the scan with a record that cannot be read, or an address that is none.
func TestScanGoesOnAfterAFault(t *testing.T) {
	eachScanned(t, func(t *testing.T, p *portal, o store.Options, _ string) {
		ctx := context.Background()
		for _, statement := range []string{
			fmt.Sprintf(`UPDATE revision SET data = '{' WHERE kind = 'news' AND record_id = %d`, p.news.ID),
			`UPDATE section SET slug = 'x y%zz' WHERE slug = 'thong-bao'`,
			`UPDATE unit SET address = 'Vào w88' WHERE id = (SELECT MIN(id) FROM unit)`,
		} {
			behind(t, o, statement)
		}
		p.scan(t)
		got := p.open(t)
		if !slices.Contains(got, "word unit w88") || !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, "altered news ") }) {
			t.Errorf("found %q", got)
		}

		behind(t, o, `UPDATE setting SET value = '{"Name": "Vào go88' WHERE name = 'site'`)
		behind(t, o, `UPDATE unit SET address = '' WHERE address = 'Vào w88'`)
		if _, err := handlers.Scan(ctx, p.options, handlers.ScanOptions{}); err == nil {
			t.Error("a scan that could not look at everything ends well")
		}
		if got := p.open(t); !slices.Contains(got, "word setting go88") || !slices.Contains(got, "word unit w88") {
			t.Errorf("after a fault: %q", got)
		}
		if state, err := p.store.ScanState(ctx); state.Error == "" || err != nil {
			t.Errorf("%+v, %v", state, err)
		}
	})
}

// TestScanFindsFiles: files that no record knows, files that are others, and articles.
func TestScanFindsFiles(t *testing.T) {
	eachScanned(t, func(t *testing.T, p *portal, o store.Options, articles string) {
		folder := filepath.Join(o.Dir, "media")
		put := func(name, text string) string {
			path := filepath.Join(folder, name)
			must(t, os.MkdirAll(filepath.Dir(path), 0o700))
			must(t, os.WriteFile(path, []byte(text), 0o600))
			return path
		}
		put("tmp/nho.html", "x")
		put("shell.php", "<?php system($_GET[0]);")
		put("ab/link.html", "<html><a href=https://evil.example>x</a></html>")
		old := put("cd/"+strings.Repeat("cd", 32)+".jpg", "GIF89a nothing")
		must(t, os.Chtimes(old, time.Now(), time.Now().Add(-2*time.Hour)))
		put("ef/"+strings.Repeat("ef", 32)+".jpg", "an upload under way")
		cover := p.news.Cover.Media
		must(t, os.WriteFile(filepath.Join(folder, cover.Hash[:2], cover.Hash+cover.Ext()), []byte(strings.Repeat(" ", 100)+"<script>a()</script>"), 0o600))
		for name, text := range map[string]string{
			"vi/quang-cao.md": "+++\ntitle = \"Hay\"\n+++\nMột.\n\nXem [ở đây](https://article.example/) nhà cái uy tín.\n",
			"vi/cua-hau.php":  "<?php ?>",
			"vi/dot.png":      "<html><script>a()</script>",
			"vi/loi.md":       "không có phần khai báo, soi kèo\n",
		} {
			must(t, os.WriteFile(filepath.Join(articles, name), []byte(text), 0o600))
		}
		must(t, os.Truncate(filepath.Join(articles, "vi/dot.png"), 64<<20))
		p.useArticles(t, articles)
		p.scan(t)
		want := []string{
			"disguise article dot.png", "disguise media runs", "disguise media runs", "disguise media size", "file article cua-hau.php",
			"file media cd/" + strings.Repeat("cd", 32) + ".jpg", "file media shell.php", "file media tmp/nho.html", "host article article.example",
			"word article nhà cái uy tín", "word article soi kèo",
		}
		got := p.open(t)
		for _, w := range want {
			if !slices.Contains(got, w) && w != "disguise media runs" && w != "disguise media size" {
				t.Errorf("not found: %s", w)
			}
		}
		if !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, "disguise media ") }) || slices.Contains(got, "file media ef/"+strings.Repeat("ef", 32)+".jpg") {
			t.Errorf("found %q", got)
		}
		list, _, err := p.store.Findings(context.Background(), store.FindingFilter{Kind: model.FoundHost, Place: model.KindArticle}, 1, 10)
		must(t, err)
		if len(list) != 1 || list[0].Path != "vi/quang-cao.md" || list[0].Line != 6 {
			t.Errorf("place: %+v", list)
		}
	})
}

func TestScanClosesWhatIsGone(t *testing.T) {
	eachScanned(t, func(t *testing.T, p *portal, o store.Options, _ string) {
		ctx := context.Background()
		n := p.news
		n.Body += "\n\nXem [ở đây](https://mot.example/) và [ở đây](https://hai.example/).\n"
		must(t, p.store.PutNews(ctx, storetest.Actor(), &n))
		p.scan(t)
		if diff := cmp.Diff([]string{"host news hai.example", "host news mot.example", typedScript}, p.open(t)); diff != "" {
			t.Fatal(diff)
		}
		must(t, p.store.ApproveHosts(ctx, storetest.Actor(), "WWW.Hai.example."))
		n.Body = strings.ReplaceAll(n.Body, "mot.example", "so.example.vn")
		must(t, p.store.PutNews(ctx, storetest.Actor(), &n))
		if report := p.scan(t); report.Open != 1 {
			t.Errorf("still open: %q", p.open(t))
		}
		states := map[string]model.FindingState{}
		list, _, err := p.store.Findings(ctx, store.FindingFilter{}, 1, 10)
		must(t, err)
		for _, f := range list {
			states[f.Value] = f.State
		}
		if diff := cmp.Diff(map[string]model.FindingState{"script": model.FindingOpen, "mot.example": model.FindingGone, "hai.example": model.FindingApproved}, states); diff != "" {
			t.Error(diff)
		}
	})
}

// TestScanSaved: what was just saved is looked at, by whichever way it was saved, and once.
func TestScanSaved(t *testing.T) {
	eachScanned(t, func(t *testing.T, p *portal, _ store.Options, _ string) {
		ctx := context.Background()
		saved := func() int {
			t.Helper()
			n, err := handlers.ScanSaved(ctx, p.options)
			must(t, err)
			return n
		}
		if n := saved(); n != 0 {
			t.Errorf("of the beginning: %d", n)
		}
		n := p.news
		n.Body = "Nhà cái uy tín, xem [ở đây](https://evil.example/)."
		must(t, p.store.PutNews(ctx, storetest.Actor(), &n))
		must(t, p.store.PutRedirect(ctx, storetest.Actor(), "/x", "https://redirect.example/"))
		must(t, p.store.PutMenu(ctx, storetest.Actor(), []model.MenuItem{{Label: "Vui", Href: "https://menu.example/"}}))
		if n := saved(); n != 3 {
			t.Errorf("looked at %d", n)
		}
		want := []string{"host menu menu.example", "host news evil.example", "host redirect redirect.example", "word news nhà cái uy tín"}
		if diff := cmp.Diff(want, p.open(t)); diff != "" {
			t.Error(diff)
		}
		if n := saved(); n != 0 {
			t.Errorf("looked again at %d", n)
		}
		n.Body = "Sạch."
		must(t, p.store.PutNews(ctx, storetest.Actor(), &n))
		must(t, p.store.PutMenu(ctx, storetest.Actor(), nil))
		if _, err := p.store.DeleteRedirect(ctx, storetest.Actor(), "/x"); err != nil {
			t.Fatal(err)
		}
		saved()
		if diff := cmp.Diff([]string{}, p.open(t)); diff != "" {
			t.Error(diff)
		}
	})
}
