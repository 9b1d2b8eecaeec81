package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"congso/cmd/congso/congsotest"
	"congso/content"
	"congso/handlers"
	"congso/store"
	"congso/store/model"
)

// scannedOutput is what the scan printed as JSON.
type scannedOutput struct {
	Version                               int
	Began, Ended                          int64
	Records, Articles, Pages, Files, Open int
	Findings                              []scanFinding
}

// scan runs it on a folder and returns what it says, and its exit code.
func scan(t *testing.T, folder string, args ...string) (d scannedOutput, code int) {
	t.Helper()
	var out, log congsotest.Buffer
	command := newCommand(nil)
	command.SetArgs(append([]string{"scan", "--json", "--data", folder}, args...))
	command.SetOut(&out)
	command.SetErr(&log)
	if err := command.Execute(); err != nil && !errors.As(err, new(outcome)) {
		t.Fatalf("%v\n%s", err, &log)
	} else if err != nil {
		code = exitCode(err)
	}
	if err := json.Unmarshal([]byte(out.String()), &d); err != nil {
		t.Fatalf("%v\n%s%s", err, &out, &log)
	}
	return d, code
}

// TestScanOnTheDemo: the demo is clean; what is planted by an item, an article and a file is told, once, until it is gone.
func TestScanOnTheDemo(t *testing.T) {
	t.Parallel()
	folder, articles := congsotest.DemoData(t), t.TempDir()
	d, code := scan(t, folder)
	if code != 0 || d.Open != 0 || len(d.Findings) > 0 || d.Version != 1 || d.Records < 200 || d.Pages < 150 || d.Files < 40 {
		t.Errorf("code %d: %+v", code, d)
	}

	s := congsotest.OpenStore(t, folder, "")
	defer s.Close()
	sections, err := s.Sections(context.Background())
	fatalOn(t, err)
	n := model.News{Title: "Lời lạ", Section: sections[0], Body: "Soi kèo bóng đá tại [đây](https://evil.example/).",
		Lifecycle: model.Lifecycle{Status: model.StatusPublished, Visibility: model.Public, PublishAt: s.Now().Add(-time.Minute)}}
	fatalOn(t, s.PutNews(context.Background(), model.Actor{Name: "import"}, &n))
	fatalOn(t, os.MkdirAll(filepath.Join(articles, "vi"), 0o755))
	fatalOn(t, os.WriteFile(filepath.Join(articles, "vi", "la.md"), []byte("+++\ntitle = \"Lạ\"\n+++\n\nCasino uy tín.\n"), 0o644))
	stray := filepath.Join(folder, "media", "la.php")
	fatalOn(t, os.WriteFile(stray, []byte("<?php ?>"), 0o600))
	want := []string{"file media  la.php", "host news body evil.example", "word article  casino uy tín", "word news body soi kèo bóng đá"}
	for _, when := range []string{"first", "again"} {
		d, code = scan(t, folder, "--content", articles)
		var got []string
		for _, f := range d.Findings {
			got = append(got, fmt.Sprintf("%s %s %s %s", f.Kind, f.Place, f.Field, f.Value))
		}
		slices.Sort(got)
		if code != exitFound || d.Open != len(want) || !slices.Equal(got, want) {
			t.Errorf("%s: code %d, %d open: %q", when, code, d.Open, got)
		}
	}
	_, err = s.Move(context.Background(), model.Actor{Name: "test"}, model.KindNews, n.ID, n.Revision, model.ActionArchive, "")
	fatalOn(t, errors.Join(err, os.Remove(stray), os.RemoveAll(filepath.Join(articles, "vi"))))
	if d, code = scan(t, folder, "--content", articles); code != 0 || d.Open != 0 {
		t.Errorf("after all is gone: code %d, %+v", code, d.Findings)
	}
}

// TestScanForPeople holds that what is printed for people names what was found, where, and what to do about it.
func TestScanForPeople(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "data")
	congsotest.Furnish(t, folder)
	s := congsotest.OpenStore(t, folder, "")
	defer s.Close()
	var clean, out strings.Builder
	fatalOn(t, printScan(context.Background(), &clean, s, handlers.ScanReport{Pages: 1}))
	found := model.Finding{Place: model.KindNews, RecordID: 7, Title: "Lời lạ", Field: "body"}
	found.Planted = model.Planted{Kind: model.FoundHost, Line: 3, Value: "evil.example", Excerpt: "đây → https://evil.example/"}
	fatalOn(t, s.NoteFindings(context.Background(), 1, []model.Finding{found}))
	fatalOn(t, printScan(context.Background(), &out, s, handlers.ScanReport{Pages: 1, Open: 1}))
	congsotest.MustContain(t, "a finding", out.String(), "HOST     news 7 “Lời lạ”, body, line 3\n", "a link to a host that nobody has approved: evil.example\n         đây → https://evil.example/\n", "at /admin/ra-soat", "; findings open: 1")
	for _, kind := range model.FindingKinds() {
		if foundWhat[kind] == "" {
			t.Errorf("nothing says to people what %q is", kind)
		}
	}
	congsotest.MustLack(t, "none", clean.String(), "/admin/ra-soat")
}

func TestScanThatCannotLook(t *testing.T) {
	err := fail(t, nil, "scan", "--data", t.TempDir())
	if exitCode(err) != 1 {
		t.Errorf("exit code %d", exitCode(err))
	}
	congsotest.MustContain(t, "no records", err.Error(), "no records")
}

// neutral are sentences of offices which tell of what others plant, or sound like it.
var neutral = []string{
	"Kết quả xổ số kiến thiết tỉnh ngày 05 tháng 7 năm 2026 được công bố theo quy định.",
	"Công an tỉnh triệt phá đường dây cá độ bóng đá qua mạng, bắt giữ 12 đối tượng.",
	"Sở Y tế cảnh báo thuốc cường dương giả, đề nghị người dân không mua viagra trôi nổi.",
	"Tuyên truyền phòng, chống đánh bạc trực tuyến cho công chức, viên chức và người lao động.",
	"Hội thi đánh cờ tướng, cá cược là hành vi bị nghiêm cấm.",
	"Khánh thành nhà cải tạo, nâng cấp; cái uy tín của xã được giữ vững.",
	"Ba ca do chị Hoa trực; no đủ hơn năm trước; so kèo cột cho thẳng hàng.",
	"Danh bạ các đơn vị trực thuộc, mỗi đơn vị một số điện thoại.",
	"Đề án game hóa việc học kỹ năng số, đổi thưởng bằng sách.",
	"Nhà thuốc bệnh viện bán thuốc theo đơn của bác sĩ.",
	"Xử phạt 15 cơ sở kinh doanh trò chơi điện tử có thưởng trái phép (casino trá hình).",
}

// TestGuardLeavesCleanTextsAlone: neither the sample data, nor a thousand items of the texts that are measured with, with sentences such as
// reports and warnings have, are taken for planted.
func TestGuardLeavesCleanTextsAlone(t *testing.T) {
	t.Parallel()
	guard := content.NewGuard(content.PlantedWords(), "so.example.vn", func(string) bool { return true })
	render := content.Renderer()
	look := func(name, title, body string) {
		rendered, err := render.Render(body)
		fatalOn(t, err)
		for _, p := range slices.Concat(guard.Text(title), guard.Markdown(body), guard.HTML(rendered.HTML), guard.Link("/tin-tuc/"+model.Slug(title))) {
			t.Errorf("%s: %+v", name, p)
		}
	}
	for name, text := range demoSources(t) {
		if strings.HasSuffix(name, ".md") {
			look(name, name, text)
		}
		for _, p := range guard.Text(text) {
			t.Errorf("%s: %+v", name, p)
		}
	}
	b := newBenchText()
	for i := range 1000 {
		b.start(1, i)
		title := b.sentence(4)
		look(fmt.Sprint("item ", i), title, b.body("HS", 2000)+"\n\n"+neutral[i%len(neutral)]+" "+neutral[(i*7+3)%len(neutral)])
	}
}

// TestServeLooksAtWhatIsSaved: what another program writes beside the server is among the findings soon, and in its figures.
func TestServeLooksAtWhatIsSaved(t *testing.T) {
	t.Parallel()
	congsotest.EachDatabase(t, func(t *testing.T, folder, database string, args []string) {
		r := startHere(t, nil, append([]string{"serve", "--metrics-listen", "127.0.0.1:0"}, args...)...)
		s, err := store.Open(context.Background(), store.Options{Dir: folder, Database: database, Renderer: content.Renderer(), Beside: true})
		fatalOn(t, err)
		defer s.Close()
		section := model.Section{Name: "Tin", Slug: "tin"}
		fatalOn(t, s.PutSection(context.Background(), model.Actor{Name: "import"}, &section))
		if !congsotest.Eventually(congsotest.Patience, func() bool {
			state, err := s.ScanState(context.Background())
			return err == nil && state.Follow
		}) {
			t.Fatal("what is saved is not followed")
		}
		n := model.News{Title: "Soi kèo bóng đá", Section: section, Body: "Có.", Lifecycle: model.Lifecycle{Status: model.StatusDraft, Visibility: model.Public}}
		fatalOn(t, s.PutNews(context.Background(), model.Actor{Name: "import"}, &n))
		if !congsotest.Eventually(congsotest.Patience, func() bool {
			_, text := congsotest.Scrape(t, r.Watcher(t), "/metrics")
			return strings.Contains(text, "\ncongso_scan_findings 1\n")
		}) {
			t.Error("not found")
		}
		congsotest.MustContain(t, "readyz", r.Get(t, "/readyz").Body, "scan: findings open: 1")
	})
}
