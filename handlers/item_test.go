package handlers_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"congso/store/model"
	"congso/store/storetest"
)

// links are the addresses and words of the links within n, as "address words".
func links(n *html.Node) []string {
	var list []string
	for _, a := range find(n, "a") {
		list = append(list, attr(a, "href")+" "+words(a))
	}
	return list
}

// byClass returns the first element with that class; the test fails when there is none.
func byClass(t *testing.T, doc *html.Node, class string) *html.Node {
	t.Helper()
	for n := range doc.Descendants() {
		if slices.Contains(strings.Fields(attr(n, "class")), class) {
			return n
		}
	}
	t.Fatalf("no element of class %q", class)
	return nil
}

func TestBackLink(t *testing.T) {
	const item, section = "/tin-tuc/sua-chua-duong-nguyen-hue", "/chuyen-muc/cai-cach-hanh-chinh Cải cách hành chính"
	cases := []struct{ name, target, want string }{
		{"from nowhere", item, section},
		{"from the section", item + "?tu=chuyen-muc", section},
		{"from a page of the section", item + "?tu=chuyen-muc&trang=3", strings.Replace(section, " ", "?trang=3 ", 1)},
		{"from the list", item + "?tu=tin-tuc", "/tin-tuc Tin tức"},
		{"from a page of the list", item + "?tu=tin-tuc&trang=2", "/tin-tuc?trang=2 Tin tức"},
		{"from a tag", item + "?tu=tin-tuc&the=mot-cua", "/tin-tuc?the=mot-cua Tin tức"},
		{"from a page of a tag", item + "?tu=tin-tuc&the=mot-cua&trang=2", "/tin-tuc?the=mot-cua&trang=2 Tin tức"},
		{"from home", item + "?tu=trang-chu", "/ Trang chủ"},
		{"from home on a page", item + "?tu=trang-chu&trang=7", "/ Trang chủ"},
		{"first page", item + "?tu=tin-tuc&trang=1", "/tin-tuc Tin tức"},
		{"page as text", item + "?tu=tin-tuc&trang=abc", "/tin-tuc Tin tức"},
		{"negative page", item + "?tu=tin-tuc&trang=-5", "/tin-tuc Tin tức"},
		{"junk tag", item + "?tu=tin-tuc&the=//evil.example", "/tin-tuc Tin tức"},
		{"another host", item + "?tu=//evil.example", section},
		{"an address", item + "?tu=https://evil.example/", section},
		{"a script", item + "?tu=javascript:alert(1)", section},
		{"a backslash", item + `?tu=%5C%5Cevil.example`, section},
		{"twice", item + "?tu=tin-tuc&tu=//evil.example", "/tin-tuc Tin tức"},
		{"English", "/en" + item + "?tu=tin-tuc&trang=2", "/en/tin-tuc?trang=2 News"},
		{"English section", "/en" + item, "/en/chuyen-muc/cai-cach-hanh-chinh Administrative reform"},
	}
	eachPortal(t, func(t *testing.T, p *portal) {
		for _, c := range cases {
			page := p.page(t, c.target)
			back := links(byClass(t, parse(t, page), "back"))[0]
			address, name, _ := strings.Cut(back, " ")
			wantAddress, wantName, _ := strings.Cut(c.want, " ")
			if address != wantAddress || !strings.HasSuffix(name, ": "+wantName) {
				t.Errorf("%s: back link %q, want %q", c.name, back, c.want)
			}
			lacks(t, c.name, page, "evil.example", "javascript:")
			contains(t, c.name, page, `<link rel="canonical" href="`+base+item+`"`)
		}
	})
}

func TestNewsItem(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		page := p.page(t, "/tin-tuc/"+p.news.Slug+"?tu=tin-tuc&trang=2")
		doc := parse(t, page)
		others := links(byClass(t, doc, "same"))
		if len(others) != 8 || others[0] != "/tin-tuc/ban-tin-so-01?trang=2&tu=tin-tuc Bản tin số 01" || others[7] != "/tin-tuc/ban-tin-so-08?trang=2&tu=tin-tuc Bản tin số 08" {
			t.Errorf("other news of the section: %q", others)
		}
		neighbours := links(byClass(t, doc, "neighbours"))
		if len(neighbours) != 1 || neighbours[0] != "/tin-tuc/ban-tin-so-01?trang=2&tu=tin-tuc ← Tin cũ hơn Bản tin số 01" {
			t.Errorf("neighbours of the newest item: %q", neighbours)
		}
		neighbours = links(byClass(t, parse(t, p.page(t, "/tin-tuc/ban-tin-so-05")), "neighbours"))
		want := []string{"/tin-tuc/ban-tin-so-06?tu=chuyen-muc ← Tin cũ hơn Bản tin số 06", "/tin-tuc/ban-tin-so-04?tu=chuyen-muc Tin mới hơn → Bản tin số 04"}
		if !slices.Equal(neighbours, want) {
			t.Errorf("neighbours: %q, want %q", neighbours, want)
		}
		attachment := byClass(t, doc, "attachments")
		if got := links(attachment)[0]; got != p.file.URL()+" Kế hoạch số 14" {
			t.Errorf("attachment %q", got)
		}
		contains(t, "attachment", words(attachment), "TXT, "+model.FileSize(p.file.Bytes))
		if got := links(byClass(t, doc, "tags")); !slices.Equal(got, []string{"/tin-tuc?the=mot-cua Một cửa", "/tin-tuc?the=giao-thong Giao thông"}) {
			t.Errorf("tags: %q", got)
		}
		contains(t, "item", page, `<td class="align-right">2</td>`, "Cổng chính đóng trong hai tuần", "Ảnh: Minh Khôi", "data-print hidden",
			"Hội nghị được nói đến", `href="/hoi-nghi/`+p.meeting.Slug+`"`, `aria-labelledby="p_lanh-dao"`, "Tổng truy cập")
		checkPicture(t, find(byClass(t, doc, "item"), "img")[0], p.news.Cover)
	})
}

// checkPicture holds that a picture comes in all sizes kept.
func checkPicture(t *testing.T, img *html.Node, photo model.Photo) {
	t.Helper()
	folder := "/media/" + photo.Media.Hash + "/"
	for key, want := range map[string]string{
		"src": folder + "1000x20.png", "width": "1000", "height": "20", "alt": photo.Alt,
		"srcset": folder + "320.png 320w, " + folder + "640.png 640w, " + folder + "960.png 960w, " + folder + "1000x20.png 1000w",
	} {
		if got := attr(img, key); got != want {
			t.Errorf("picture: %s is %q, want %q", key, got, want)
		}
	}
	if attr(img, "sizes") == "" {
		t.Error("picture with srcset but no sizes")
	}
}

func TestViewsOfAnItem(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		target := "/tin-tuc/" + p.news.Slug
		for i, address := range []string{target, "/en" + target, target + "?tu=tin-tuc", target} {
			must(t, p.hits.Flush(context.Background())) // what is shown is on disk
			page := p.page(t, address)
			want := map[bool]string{true: " views", false: " lượt xem"}[strings.HasPrefix(address, "/en")]
			if got := words(byClass(t, byClass(t, parse(t, page), "item"), "meta")); !strings.Contains(got, strconv.Itoa(i)+want) {
				t.Errorf("view %d: %q", i, got)
			}
		}
		must(t, p.hits.Flush(context.Background()))
		contains(t, "after the flush", p.page(t, target), "4 lượt xem")
	})
}

func TestTimesComeFromTheClock(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		scheduled, expiring := "/tin-tuc/tin-"+wordScheduled, "/tin-tuc/tin-het-mai"
		storetest.News(t, p.store, p.news.Section, "Tin hết mai", func(n *model.News) { n.ExpireAt = p.clock.Now().Add(time.Hour) })
		p.page(t, expiring)
		p.clock.Add(time.Hour)
		contains(t, "scheduled item after its time", p.page(t, scheduled), "Tin "+wordScheduled)
		contains(t, "list", p.page(t, "/tin-tuc"), scheduled)
		contains(t, "feed", p.page(t, "/rss.xml"), scheduled)
		if a := p.get(expiring); a.status != http.StatusGone || !strings.Contains(a.body, "Nội dung không còn đăng") {
			t.Errorf("expired item: status %d", a.status)
		}
		lacks(t, "list", p.page(t, "/tin-tuc"), expiring)
	})
}

// TestMeetingOfTheSeedShape finds each part of a meeting on its page, in its JSON and by search.
func TestMeetingOfTheSeedShape(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		target := "/hoi-nghi/" + p.meeting.Slug
		doc := parse(t, p.page(t, target))
		facts := words(byClass(t, doc, "facts"))
		contains(t, "facts", facts, "09:00–11:30, ngày 05 tháng 6 năm 2026", "Hội trường tầng 2",
			"Phạm Thị Ánh Đào Giám đốc Sở", "Võ Minh Quân Hiệu trưởng Trường Chính trị")
		contains(t, "figures", words(byClass(t, doc, "band")), "Lớp bồi dưỡng 42 lớp", "Học viên 3.600 người")
		contains(t, "conclusions", words(byClass(t, doc, "conclusions")), "Mở lớp đầu tiên trong tháng 7 Báo cáo mỗi quý")
		contains(t, "agreement", words(byClass(t, doc, "agreement")), "Chương trình phối hợp 2026–2030", strings.Join(parties(), " "))
		contains(t, "photos", words(byClass(t, doc, "photos")), "Các bên trao văn bản")
		contains(t, "page", words(doc), "Thư ký Bùi An Phó Chánh Văn phòng", "Buổi lễ diễn ra trang trọng.", "Sửa chữa đường Nguyễn Huệ")
		contains(t, "English page", words(parse(t, p.page(t, "/en"+target))), "3,600", "Hội trường tầng 2")
		p.checkMeetingJSON(t, target+".json")
		for _, query := range append(parties(), "42", "3.600", "3600", "lop boi duong", "Phạm Thị Ánh Đào", "vo minh quan", "Hiệu trưởng Trường Chính trị", "phoi hop 2026") {
			page := p.page(t, "/tim-kiem?loai=hoi-nghi&q="+strings.ReplaceAll(query, " ", "+"))
			contains(t, "search for "+query, page, `href="`+target+`"`)
		}
	})
}

func (p *portal) checkMeetingJSON(t *testing.T, target string) {
	t.Helper()
	var got struct {
		URL, Title, Kind, Start, End, Place string
		Participants                        []struct{ Name, Position, Role, URL string }
		Figures                             []struct {
			Label, Shown, Unit string
			Value              float64
		}
		Conclusions []string
		Tasks       []struct{ Text, Unit, Due, State, Proof string }
		Agreements  []struct {
			Title   string
			Parties []string
		}
		Photos []struct{ URL, Alt, Caption string }
	}
	must(t, json.Unmarshal([]byte(p.page(t, target)), &got))
	if got.URL != base+"/hoi-nghi/"+p.meeting.Slug || got.Kind != "lễ ký kết" || got.Start != "2026-06-05T09:00:00+07:00" || got.End != "2026-06-05T11:30:00+07:00" {
		t.Errorf("JSON: %q %q %q %q", got.URL, got.Kind, got.Start, got.End)
	}
	people := got.Participants
	if len(people) != 3 || people[0].Position != "Giám đốc Sở" || people[0].URL != base+"/danh-ba/nguoi/pham-thi-anh-dao" || people[1].Role != "chair" || people[2].Role != "secretary" {
		t.Errorf("JSON: participants %+v", people)
	}
	figures := got.Figures
	if len(figures) != 2 || figures[0].Value != 42 || figures[1].Value != 3600 || figures[1].Shown != "3.600" || figures[1].Unit != "người" {
		t.Errorf("JSON: figures %+v", figures)
	}
	if len(got.Agreements) != 1 || !slices.Equal(got.Agreements[0].Parties, parties()) || len(got.Conclusions) != 2 {
		t.Errorf("JSON: agreements %+v, conclusions %q", got.Agreements, got.Conclusions)
	}
	if len(got.Photos) != 1 || got.Photos[0].URL != base+p.meeting.Photos[0].Media.URL() || got.Photos[0].Alt != "Năm đại diện bắt tay" {
		t.Errorf("JSON: photos %+v", got.Photos)
	}
	tasks := got.Tasks
	if len(tasks) != 3 || tasks[0].State != "overdue" || tasks[0].Unit != "Văn phòng" || tasks[1].State != "open" || tasks[2].State != "done" || tasks[2].Due != "2026-06-01" {
		t.Errorf("JSON: tasks %+v", tasks)
	}
}

func TestTaskStatesComeFromTheClock(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		for _, c := range []struct {
			day  int
			want []string
		}{
			{0, []string{"Quá hạn", "Đang làm", "Đã xong Kết quả"}},
			{-2, []string{"Đang làm", "Đang làm", "Đã xong Kết quả"}},
			{1, []string{"Quá hạn", "Quá hạn", "Đã xong Kết quả"}},
		} {
			p.clock.Set(storetest.Start().AddDate(0, 0, c.day).Add(14*time.Hour + 59*time.Minute)) // a minute before midnight
			var got []string
			page := p.page(t, "/hoi-nghi/"+p.meeting.Slug)
			for _, row := range find(find(parse(t, page), "tbody")[0], "tr") {
				got = append(got, words(find(row, "td")[3]))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%d days on: %q, want %q", c.day, got, c.want)
			}
		}
	})
}
