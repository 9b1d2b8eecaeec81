package handlers_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// Words that stand only in records which an outsider must not find, each with the reason why.
const (
	wordInternal  = "quenoibo"
	wordDraft     = "quenhap"
	wordReview    = "queduyet"
	wordScheduled = "quehengio"
	wordExpired   = "quehethan"
	wordArchived  = "queluutru"
)

// secrets are the words that an outsider's answer may hold nowhere.
func secrets() []string {
	return []string{wordInternal, wordDraft, wordReview, wordScheduled, wordExpired, wordArchived}
}

// fixture names the records of seed that tests ask for.
type fixture struct {
	news      model.News // with all that a news item can have
	corrected model.News // revised once; its first slug was lich-tiep-dan
	meeting   model.Meeting
	file      model.Media            // the attachment of news
	hidden    map[string]model.Media // by word: the picture of the record that has it
}

// personal is a number that nobody outside may see, by its national digits.
var personalNumbers = []string{"0905123456", "0912345678", "0388777666"}

// seed stores a little of everything. The many items of one section are there for its pages.
func seed(t testing.TB, s *store.Store, clock *storetest.Clock) (f fixture) {
	t.Helper()
	site := model.Site{
		Name: "Sở Nội vụ tỉnh Tân Giang", NameEN: "Department of Home Affairs", Parent: "UBND tỉnh Tân Giang", Address: "12 Lê Lợi",
		Email: "vanphong@so.example.vn", Phone: "0257 3000 100", Responsible: "Chánh Văn phòng", Opening: 1_000_000,
	}
	must(t, s.PutSite(context.Background(), storetest.Actor(), &site))
	must(t, s.PutLinkedSite(context.Background(), storetest.Actor(), &model.LinkedSite{Name: "Cổng tỉnh", URL: "https://tangiang.example.vn/"}))
	must(t, s.PutRedirect(context.Background(), storetest.Actor(), "/index.php?id=7", "/tin-tuc/sua-chua-duong-nguyen-hue"))
	must(t, s.PutRedirect(context.Background(), storetest.Actor(), "/cu/bao-cao.html", "/hoi-nghi"))
	reform := putSection(t, s, model.Section{Name: "Cải cách hành chính", NameEN: "Administrative reform", Position: 1})
	notices := putSection(t, s, model.Section{Name: "Thông báo", Position: 2, Notice: true})
	renamed := putSection(t, s, model.Section{Name: "Thanh niên", Position: 3})
	renamed.Slug = "cong-tac-thanh-nien"
	must(t, s.PutSection(context.Background(), storetest.Actor(), &renamed))

	f.seedNews(t, s, clock, reform, notices)
	f.seedHidden(t, s, reform)
	units := seedUnits(t, s)
	seedPeople(t, s, units)
	f.seedMeetings(t, s, units)
	return f
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func putSection(t testing.TB, s *store.Store, section model.Section) model.Section {
	t.Helper()
	must(t, s.PutSection(context.Background(), storetest.Actor(), &section))
	return section
}

func (f *fixture) seedNews(t testing.TB, s *store.Store, clock *storetest.Clock, reform, notices model.Section) {
	t.Helper()
	for i := 1; i <= 33; i++ {
		storetest.News(t, s, reform, fmt.Sprintf("Bản tin số %02d", i), func(n *model.News) { n.PublishAt = s.Now().AddDate(0, 0, -i) })
	}
	f.file = model.Media{Name: "ke-hoach-14.txt"}
	must(t, s.AddAttachment(context.Background(), storetest.Actor(), &f.file, strings.NewReader("Kế hoạch số 14: "+strings.Repeat("việc làm, ", 300))))
	cover := picture(t, s, 1000, 90)
	f.news = storetest.News(t, s, reform, "Sửa chữa đường Nguyễn Huệ", func(n *model.News) {
		n.Summary, n.Byline, n.Source = "Đổi lối vào bộ phận một cửa.", "Hồng Hạnh", "Báo Tân Giang"
		n.Body = "Từ thứ hai, người dân đi **cổng phụ**.\n\n## Lối đi mới\n\n| Buổi | Cổng |\n|---|--:|\n| Sáng | 2 |\n\n<script>alert(1)</script>\n"
		n.Featured, n.PublishAt = true, s.Now().Add(-2*time.Hour)
		n.Cover = model.Photo{Media: cover, Alt: "Rào chắn trước cổng chính", Caption: "Cổng chính đóng trong hai tuần"}
		n.Tags = []model.Tag{{Name: "Một cửa"}, {Name: "Giao thông"}}
		n.Attachments = []model.Attachment{{Media: f.file, Title: "Kế hoạch số 14"}}
	})
	f.corrected = storetest.News(t, s, notices, "Lịch tiếp công dân", func(n *model.News) {
		n.Slug, n.PublishAt = "lich-tiep-dan", s.Now().AddDate(0, 0, -3)
	})
	f.corrected.Slug = "lich-tiep-cong-dan-thang-6"
	clock.Add(-30 * time.Minute)
	must(t, s.PutNews(context.Background(), storetest.Actor(), &f.corrected))
	clock.Add(30 * time.Minute)
}

// seedHidden stores a news item and a meeting for each reason why an outsider must not see one.
func (f *fixture) seedHidden(t testing.TB, s *store.Store, section model.Section) {
	t.Helper()
	f.hidden = map[string]model.Media{}
	changes := map[string]func(l *model.Lifecycle){
		wordInternal:  func(l *model.Lifecycle) { l.Visibility = model.Internal },
		wordDraft:     func(l *model.Lifecycle) { l.Status = model.StatusDraft },
		wordReview:    func(l *model.Lifecycle) { l.Status = model.StatusReview },
		wordScheduled: func(l *model.Lifecycle) { l.PublishAt = s.Now().Add(time.Minute) },
		wordExpired:   func(l *model.Lifecycle) { l.ExpireAt = s.Now() },
		wordArchived:  func(l *model.Lifecycle) { l.Status = model.StatusArchived },
	}
	for i, word := range secrets() {
		media := picture(t, s, 400, uint8(10*i))
		f.hidden[word] = media
		photo := model.Photo{Media: media, Alt: "Ảnh " + word, Caption: "Chú thích " + word}
		n := storetest.News(t, s, section, "Tin "+word, func(n *model.News) {
			n.Byline, n.Cover, n.Featured, n.Tags = "Bút danh "+word, photo, true, []model.Tag{{Name: "Thẻ " + word}}
			changes[word](&n.Lifecycle)
		})
		storetest.Meeting(t, s, "Họp "+word, func(m *model.Meeting) {
			m.Start, m.Kind, m.NewsID = s.Now().AddDate(0, 0, 1+i), "họp "+word, n.ID
			m.Participants = []model.Participant{{Name: "Ông " + word, Role: model.Chair}}
			m.Conclusions, m.Photos = []string{"Kết luận " + word}, []model.Photo{photo}
			changes[word](&m.Lifecycle)
		})
	}
}

// picture stores a picture of that width and shade.
func picture(t testing.TB, s *store.Store, width int, shade uint8) model.Media {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, width, 20))
	for x := range width {
		img.SetGray(x, 10, color.Gray{Y: shade})
	}
	var data bytes.Buffer
	must(t, png.Encode(&data, img))
	m := model.Media{Name: "anh.png", Credit: "Ảnh: Minh Khôi"}
	must(t, s.AddPicture(context.Background(), storetest.Actor(), &m, &data))
	return m
}

func seedUnits(t testing.TB, s *store.Store) map[string]model.Unit {
	t.Helper()
	units := map[string]model.Unit{}
	put := func(name, nameEN string, change ...func(*model.Unit)) {
		units[name] = storetest.Unit(t, s, name, append(change, func(u *model.Unit) { u.NameEN = nameEN })...)
	}
	put("Ban Giám đốc", "Directorate")
	put("Văn phòng", "Office", func(u *model.Unit) {
		u.Position, u.Address, u.Email = 1, "Tầng 1, 12 Lê Lợi", "vp@so.example.vn"
		u.Numbers = []model.Number{{E164: "02573000.101", Official: true}, {E164: "0257 3000 102", Kind: model.NumberFax, Official: true}}
	})
	put("Phòng Thanh niên, Bình đẳng giới", "Youth and Equality Division", func(u *model.Unit) { u.Position = 2 })
	put("Phòng Công tác thanh niên", "Youth Division", func(u *model.Unit) {
		u.Position, u.Until, u.Successor = 3, "2025-12-31", units["Phòng Thanh niên, Bình đẳng giới"].ID
	})
	put("Tổ Một cửa", "One-stop desk", func(u *model.Unit) { u.ParentID = units["Văn phòng"].ID })
	return units
}

func seedPeople(t testing.TB, s *store.Store, units map[string]model.Unit) {
	t.Helper()
	photo := picture(t, s, 340, 200)
	put := func(name, title, titleEN string, rank int, unit string, change ...func(*model.Person)) {
		post := model.Post{UnitID: units[unit].ID, Title: title, TitleEN: titleEN, Rank: rank, From: "2023-02-01"}
		storetest.Person(t, s, name, []model.Post{post}, change...)
	}
	put("Trần Văn Ân", "Phó Giám đốc", "Deputy Director", 2, "Ban Giám đốc")
	put("Phạm Thị Ánh Đào", "Giám đốc", "Director", 1, "Ban Giám đốc", func(p *model.Person) {
		p.Honorific, p.Email, p.ConfirmedOn = "Bà", "anhdao@so.example.vn", "2026-05-04"
		p.Photo = model.Photo{Media: photo, Alt: "Chân dung bà Phạm Thị Ánh Đào"}
		p.Numbers = []model.Number{{E164: "0257 3000 103", Official: true}, {E164: personalNumbers[0]}}
		p.Posts = append(p.Posts, model.Post{UnitID: units["Phòng Công tác thanh niên"].ID, Title: "Trưởng phòng", TitleEN: "Head", Rank: 4, From: "2015-07-05", Until: "2023-01-31"})
	})
	put("Lê Văn Đức", "Chuyên viên", "Officer", 9, "Văn phòng", func(p *model.Person) {
		p.Numbers = []model.Number{{E164: "0257 3000 104 máy lẻ 12", Official: true}, {E164: personalNumbers[1]}}
	})
	put("Nguyễn Thị Dung", "Chuyên viên", "Officer", 9, "Văn phòng", func(p *model.Person) {
		p.Numbers = []model.Number{{E164: "0903111222", Official: true}, {E164: personalNumbers[2], Kind: model.NumberHotline}}
	})
	put("Bùi An", "Chánh Văn phòng", "Chief of Office", 5, "Văn phòng")
}

// seedMeetings stores the seed shape (2 chairs, figures 42 and 3.600, an agreement of 5 parties), older meetings and one to come.
func (f *fixture) seedMeetings(t testing.TB, s *store.Store, units map[string]model.Unit) {
	t.Helper()
	f.meeting = storetest.Meeting(t, s, "Lễ ký kết chương trình bồi dưỡng kỹ năng số", func(m *model.Meeting) {
		m.Kind, m.Start, m.End = "lễ ký kết", s.Now().AddDate(0, 0, -10), s.Now().AddDate(0, 0, -10).Add(150*time.Minute)
		m.PublishAt = s.Now().AddDate(0, 0, -9)
		m.Summary, m.NewsID = "Năm cơ quan cùng ký.\n\nBuổi lễ diễn ra trang trọng.", f.news.ID
		m.Participants = []model.Participant{
			{Name: "Phạm Thị Ánh Đào", Position: "Giám đốc Sở", Role: model.Chair, PersonSlug: "pham-thi-anh-dao"},
			{Name: "Võ Minh Quân", Position: "Hiệu trưởng Trường Chính trị", Role: model.Chair},
			{Name: "Bùi An", Position: "Phó Chánh Văn phòng", Role: model.Secretary},
		}
		m.Figures = []model.Figure{{Label: "Lớp bồi dưỡng", Value: "42", Unit: "lớp"}, {Label: "Học viên", Value: "3600", Unit: "người"}}
		m.Conclusions = []string{"Mở lớp đầu tiên trong tháng 7", "Báo cáo mỗi quý"}
		m.Tasks = []model.Task{
			{Text: "Lập danh sách học viên", UnitSlug: units["Văn phòng"].Slug, Due: model.DayOf(s.Now().AddDate(0, 0, -1))},
			{Text: "Chọn giảng viên", Due: model.DayOf(s.Now())},
			{Text: "In tài liệu", Done: true, Due: "2026-06-01", Proof: "/tin-tuc/" + f.news.Slug},
		}
		m.Agreements = []model.Agreement{{Title: "Chương trình phối hợp 2026–2030", Parties: parties()}}
		m.Photos = []model.Photo{{Media: picture(t, s, 700, 150), Alt: "Năm đại diện bắt tay", Caption: "Các bên trao văn bản"}}
	})
	storetest.Meeting(t, s, "Giao ban tháng 3 năm 2025", func(m *model.Meeting) {
		m.Kind, m.Start = "giao ban", time.Date(2025, 3, 3, 8, 0, 0, 0, model.Zone())
		m.Participants = []model.Participant{{Name: "Trần Văn Ân", Role: model.Chair}}
	})
	storetest.Meeting(t, s, "Hội nghị đối thoại; hỏi, đáp với thanh niên về \"một cửa\" và việc giải quyết hồ sơ trực tuyến ở các xã, phường", func(m *model.Meeting) {
		m.Slug, m.Start, m.End, m.Place = "doi-thoai-thanh-nien", s.Now().AddDate(0, 0, 8), s.Now().AddDate(0, 0, 8).Add(2*time.Hour), "Hội trường A, tầng 2"
	})
}

func parties() []string {
	return []string{"Sở Nội vụ", "Trường Chính trị", "Tỉnh đoàn", "Sở Khoa học và Công nghệ", "Hội Liên hiệp Phụ nữ"}
}

// articleFolder is a content folder with a public, an internal and a draft article, the first two with a picture of their own.
func articleFolder(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	var dot bytes.Buffer
	must(t, png.Encode(&dot, image.NewGray(image.Rect(0, 0, 2, 2))))
	files := map[string]string{
		"vi/sao-luu.md":     "+++\ntitle = \"Sao lưu\"\nmenu = true\n+++\nBài công khai.\n\n## Một\n\n## Hai\n\n## Ba\n\n![Ảnh](anh.png)\n",
		"vi/anh.png":        dot.String(),
		"vi/noi-bo.md":      "+++\ntitle = \"Bài " + wordInternal + "\"\nmenu = true\nvisibility = \"internal\"\n+++\nBài nội bộ " + wordInternal + ".\n\n![Ảnh](anh-noi-bo.png)\n",
		"vi/anh-noi-bo.png": dot.String(),
		"vi/nhap.md":        "+++\ntitle = \"Bài " + wordDraft + "\"\ndraft = true\n+++\nBài nháp.\n",
		"en/backup.md":      "+++\ntitle = \"Backup\"\n+++\nA public article.\n",
	}
	for name, text := range files {
		must(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755))
		must(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	return dir
}
