package content_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"congso/content"
	"congso/store/model"
)

// oldPages are what came of a folder of saved pages.
type oldPages struct {
	items    []content.OldItem
	faults   []string
	empty    int
	contacts []model.ContactRow
	address  string
}

// savedPages makes a folder of files.
func savedPages(t testing.TB, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range files {
		place := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(place), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(place, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func readPages(t testing.TB, place string, o content.OldPagesOptions) (read oldPages) {
	t.Helper()
	pages, err := content.OpenOldPages(place, o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := pages.Close(); err != nil {
			t.Error(err)
		}
	}()
	total := 0
	for item, err := range pages.Items() {
		if total++; err != nil {
			read.faults = append(read.faults, item.Where+": "+err.Error())
			continue
		}
		item.Fit()
		read.items = append(read.items, item)
	}
	_, read.empty = pages.Empty()
	if total+read.empty != pages.Total() {
		t.Errorf("%d pages came, and %d without a text, of %d", total, read.empty, pages.Total())
	}
	read.contacts, read.address = pages.Contacts(), pages.Address()
	return read
}

// readPage reads one page that lies at a.html of https://so-cu.example.
func readPage(t testing.TB, text string, o content.OldPagesOptions) content.OldItem {
	t.Helper()
	o.Address = "https://so-cu.example"
	read := readPages(t, filepath.Join(savedPages(t, map[string]string{"a.html": text}), "a.html"), o)
	if len(read.items) != 1 {
		t.Fatalf("%d items, faults %q", len(read.items), read.faults)
	}
	return read.items[0]
}

const noteUndated = "Không rõ ngày đăng: bài được để là bản nháp."

// TestOldPageSample reads the page that stands for the kind of portal which the product replaces.
func TestOldPageSample(t *testing.T) {
	read := readPages(t, savedPages(t, map[string]string{"legacy-page.html": readFile(t, "testdata/legacy-page.html")}), content.OldPagesOptions{Address: "https://so-cu.example"})
	if len(read.items) != 1 || len(read.faults) > 0 {
		t.Fatalf("%d items, faults %q", len(read.items), read.faults)
	}
	item := read.items[0]
	if item.Title != "Hội nghị sơ kết công tác cải cách hành chính 6 tháng đầu năm và ký kết quy chế phối hợp một cửa liên thông" || item.Byline != "T.MINH" ||
		strings.Join(item.Section, "/") != "Hoạt động của Ngành" || item.Status != model.StatusDraft || !slices.Equal(item.Addresses, []string{"/legacy-page.html"}) {
		t.Errorf("title %q, byline %q, section %q, state %s, addresses %q", item.Title, item.Byline, item.Section, item.Status, item.Addresses)
	}
	var captions []string
	for _, p := range item.Pictures {
		captions = append(captions, fmt.Sprintf("%s|%v|%s", p.Name, p.Missing(), p.Caption))
	}
	if diff := cmp.Diff([]string{
		"anh1.jpg|true|Đồng chí Lê Thị Mẫu An phát biểu tại hội nghị.",
		"anh2.jpg|true|Sở Nội vụ, Văn phòng UBND tỉnh, Công an tỉnh, Bưu điện tỉnh, Sở TT&TT ký kết quy chế phối hợp một cửa liên thông trên địa bàn tỉnh.",
	}, captions); diff != "" {
		t.Errorf("pictures, -want +got:\n%s", diff)
	}
	for _, line := range strings.Split(item.Body, "\n") {
		if strings.TrimSpace(line) != line || strings.Contains(line, "\u00a0") || strings.Contains(line, "  ") {
			t.Errorf("indented: %q", line)
		}
	}
	if first, last, _ := strings.Cut(item.Body, "\n"); !strings.HasPrefix(first, "Ban Chỉ đạo cải cách hành chính tỉnh vừa tổ chức") || !strings.HasSuffix(last, "trên địa bàn tỉnh.") {
		t.Errorf("the body is\n%s", item.Body)
	}
	notes := strings.Join(item.Notes, "\n")
	for _, want := range []string{"/Portals/0/TinTuc/2023/07/anh1.jpg", "/Portals/0/TinTuc/2023/07/anh2.jpg", noteUndated, "“Sở TT&TT” và “Công an tỉnh”"} {
		if !strings.Contains(notes, want) {
			t.Errorf("the notes lack %q:\n%s", want, notes)
		}
	}
	checkSampleContacts(t, read.contacts)
}

func checkSampleContacts(t *testing.T, rows []model.ContactRow) {
	t.Helper()
	for i := range rows {
		rows[i].Notes = nil
	}
	if diff := cmp.Diff([]model.ContactRow{
		{Line: 1, Name: "Nguyễn Hoàng Minh Họa", Honorific: "Bà", Title: "Giám đốc", Unit: "Ban Giám đốc", Office: "0257 3000 101"},
		{Line: 2, Name: "Phan Ý Ví Dụ", Title: "Chánh Thanh tra", Unit: "Thanh tra Sở", Mobile: "0900 000 102", Office: "0257 3000 103"},
		{Line: 3, Name: "Phạm Bảo Mẫu", Title: "Chánh Văn phòng", Unit: "Văn phòng", Mobile: "0900 000 104", Office: "0257 3000 105"},
		{Line: 4, Unit: "Thanh tra Sở", Office: "0257 3000 106"},
		{Line: 5, Unit: "Phòng Cải cách hành chính", Office: "0257 3000 107"},
	}, rows); diff != "" {
		t.Errorf("contacts, -want +got:\n%s", diff)
	}
	plan := model.PlanContacts(model.Directory{}, rows, true, "2026-06-15")
	got := map[string]bool{}
	for _, p := range plan.People {
		for _, n := range p.Numbers {
			got[fmt.Sprintf("%s %s %v", n.E164, n.Kind, n.Official)] = true
		}
	}
	for _, u := range plan.Units {
		for _, n := range u.Numbers {
			got[fmt.Sprintf("%s %s %v", n.E164, n.Kind, n.Official)] = true
		}
	}
	want := map[string]bool{"+842573000101 office true": true, "+84900000102 mobile false": true, "+842573000103 office true": true, "+84900000104 mobile false": true,
		"+842573000105 office true": true, "+842573000106 office true": true, "+842573000107 office true": true}
	if plan.Count(model.ImportFault) > 0 || !maps.Equal(got, want) {
		t.Errorf("%d faults, numbers %v, want %v", plan.Count(model.ImportFault), got, want)
	}
}

// TestOldPagePresets reads a page in the shape of each kind of portal.
func TestOldPagePresets(t *testing.T) {
	for name, c := range map[string]struct{ page, want string }{
		"dnn": {`<html><head><meta name="keywords" content="nông thôn, đường"><title>Chi tiết</title></head><body><form action="/Default.aspx?tabid=57"><div id="dnn_LeftPane"><a href="/tin">Tin</a></div>
			<div id="dnn_ContentPane"><div id="dnn_ctr401_ModuleContent"><span id="dnn_ctr401_View_lblCategory">Tin cơ sở</span><span id="dnn_ctr401_View_lblTitle">Làm đường ở xã</span>
			<span id="dnn_ctr401_View_lblDate">05/07/2023 2:30:00 CH</span><div id="dnn_ctr401_View_lblSummary">Nhân dân góp công.</div>
			<div id="dnn_ctr401_View_lblContent"><p>&nbsp; &nbsp;Thân bài.</p><p><a href="/quay" onclick="history.back()">Quay lại</a></p></div><a id="dnn_ctr401_View_lnkPrint" href="#">In</a></div></div></form></body></html>`,
			"Làm đường ở xã|Tin cơ sở|05/07/2023 14:30|nông thôn,đường|Nhân dân góp công.||Thân bài."},
		"liferay": {`<html><head><script src="/o/frontend-js-web/x.js"></script><meta property="og:title" content="Ra quân làm sạch biển - Sở"></head><body><div id="p_p_id_101_" class="portlet-boundary">
			<ol class="breadcrumb"><li>Trang chủ</li><li>Môi trường</li><li>Ra quân làm sạch biển</li></ol><div class="asset-full-content"><h1 class="header-title">Ra quân làm sạch biển</h1>
			<div class="asset-metadata"><span class="metadata-publish-date">Thứ tư, 5/7/2023 | 08:05</span> Lượt xem: 12</div>
			<div class="journal-content-article"><p class="tom-tat">Sáng 5/7.</p><div class="content"><p>Thân bài.</p><p style="text-align:right"><b>Lê Hoa</b></p></div></div>
			<div class="asset-links"><a href="/x">Tin khác</a></div></div></div></body></html>`,
			"Ra quân làm sạch biển|Môi trường|05/07/2023 08:05||Sáng 5/7.|Lê Hoa|Thân bài."},
		"nukeviet": {`<html><head><meta name="generator" content="NukeViet v4.5"></head><body><div class="breadcrumbs-wrap"><ul class="breadcrumbs"><li><a>Trang chủ</a></li><li><a>Giáo dục</a></li></ul></div>
			<div class="news_column"><h1 class="title margin-bottom-lg" itemprop="headline">Khai giảng năm học</h1><span class="h5">Thứ ba - 05/09/2023 07:30</span>
			<div class="hometext m-bottom">Sáng nay.</div><div id="news-bodyhtml" class="bodytext"><p>Thân bài.</p><div>Nguồn tin khác</div><p><strong>Các tin liên quan:</strong></p><ul><li><a href="/a">A</a> (01/09/2023)</li></ul></div>
			<p class="source">Nguồn tin: Báo Tỉnh</p><div class="news_column"><a href="/tag/truong-hoc/">trường học</a></div></div></body></html>`,
			"Khai giảng năm học|Giáo dục|05/09/2023 07:30|trường học|Sáng nay.||Thân bài.\n\nNguồn tin khác"},
		"other": {`<html><head><meta property="article:published_time" content="2023-07-05T23:30:00+00:00"></head><body><nav>Trang chủ</nav><article><h1>Tin không rõ loại</h1>
			<div class="entry-content"><p>Thân bài.</p><script>alert(1)</script><div class="share">Chia sẻ</div></div></article></body></html>`,
			"Tin không rõ loại||06/07/2023 06:30||||Thân bài."},
		"other, Joomla 1.5": {`<html><head><title>Tin</title></head><body><table class="moduletable"><tr><td><a href="/a">Trang chủ</a></td></tr></table><div class="content"><span class="pathway">Nhà</span>
			<table class="contentpaneopen"><tr><td class="contentheading" width="100%">Tập huấn cải cách</td><td class="buttonheading"><a href="/in"><img src="/in.png" alt="In"></a></td></tr></table>
			<table class="contentpaneopen"><tr><td valign="top"><span class="small">Viết bởi Lê Hoa</span></td></tr><tr><td valign="top" class="createdate">Thứ tư, 05 Tháng 7 2023 14:30</td></tr>
			<tr><td valign="top"><p>Đoạn một.</p><p>Đoạn hai.</p></td></tr><tr><td class="modifydate">Cập nhật ngày 06/07/2023</td></tr></table></div></body></html>`,
			"Tập huấn cải cách||05/07/2023 14:30|||Lê Hoa|Đoạn một.\n\nĐoạn hai."},
		"other, Joomla 3": {`<html><body><ul class="breadcrumb"><li>Trang chủ</li><li>Tin ngành</li></ul><div class="item-page" itemscope><div class="page-header"><h2 itemprop="headline">Tập huấn cải cách</h2></div>
			<dl class="article-info"><dd class="createdby">Viết bởi <span itemprop="name">Lê Hoa</span></dd><dd class="published">Xuất bản: <time datetime="2023-07-05T14:30:00+07:00" itemprop="datePublished">05 Tháng 7 2023</time></dd><dd class="hits">Lượt xem: 12</dd></dl>
			<div itemprop="articleBody"><p>Đoạn một.</p></div><ul class="pager pagenav"><li><a href="/b">Trang sau</a></li></ul></div></body></html>`,
			"Tập huấn cải cách|Tin ngành|05/07/2023 14:30|||Lê Hoa|Đoạn một."},
		"other, SharePoint": {`<html><body><form><div id="s4-workspace"><h1 id="pageTitle">Tập huấn cải cách</h1><div class="article article-body"><div class="article-header"><div class="date-line">05/07/2023</div></div>
			<div class="article-content"><div id="ctl00_PlaceHolderMain_ctl04_label" style="display:none">Page Content</div><div id="ctl00_PlaceHolderMain_ctl04__ControlWrapper_RichHtmlField" class="ms-rtestate-field" style="display:inline">
			<p>&#8203;Đoạn một.</p><div class="ms-rteElement-P">Đoạn hai.</div></div></div></div></div></form></body></html>`,
			"Tập huấn cải cách||05/07/2023 00:00||||Đoạn một.\n\nĐoạn hai."},
		"other, layout table": {`<html><body><table width="980"><tr><td class="TieuDe">Tập huấn cải cách</td></tr><tr><td class="NgayDang">05/07/2023</td></tr><tr><td class="NoiDung"><table width="100%"><tr><td><p>Đoạn một.</p><p>Đoạn hai.</p></td></tr><tr><td>Đoạn ba.</td></tr></table></td></tr></table></body></html>`,
			"Tập huấn cải cách||05/07/2023 00:00||||Đoạn một.\n\nĐoạn hai.\n\nĐoạn ba."},
	} {
		t.Run(name, func(t *testing.T) {
			preset, _, _ := strings.Cut(name, ",")
			for _, preset := range []string{"auto", preset} {
				i := readPage(t, c.page, content.OldPagesOptions{Preset: preset})
				got := strings.Join([]string{i.Title, strings.Join(i.Section, "/"), i.PublishAt.In(model.Zone()).Format("02/01/2006 15:04"), strings.Join(i.Tags, ","), i.Summary, i.Byline, i.Body}, "|")
				if got != c.want {
					t.Errorf("%s:\n%s\nwant\n%s", preset, got, c.want)
				}
			}
		})
	}
}

// TestOldPageDates holds where the date of a page is taken from.
func TestOldPageDates(t *testing.T) {
	page := func(date string) string {
		return `<div class="ngay-dang">` + date + `</div><h1>Tin</h1><div class="noi-dung">Chữ.</div>`
	}
	saved := time.Date(2022, 3, 4, 12, 0, 0, 0, model.Zone())
	for _, c := range []struct {
		file, date string
		options    content.OldPagesOptions
		want       string
	}{
		{"a.html", "Thứ tư, ngày 5 tháng 7 năm 2023", content.OldPagesOptions{}, "05/07/2023 00:00"},
		{"a.html", "Cập nhật: 14 giờ 30, 5.7.2023", content.OldPagesOptions{}, "05/07/2023 14:30"},
		{"a.html", "14h05' ngày 05-07-2023", content.OldPagesOptions{}, "05/07/2023 14:05"},
		{"a.html", "7/25/2023 2:30:00 PM", content.OldPagesOptions{}, "25/07/2023 14:30"},
		{"a.html", "7/5/2023 12:30:00 AM", content.OldPagesOptions{}, "05/07/2023 00:30"},
		{"a.html", "5/7/2023 2:30:00 CH", content.OldPagesOptions{}, "05/07/2023 14:30"},
		{"a.html", "2023-07-05 14:30:15", content.OldPagesOptions{}, "05/07/2023 14:30"},
		{"a.html", "2023-07-05T23:30:00Z", content.OldPagesOptions{}, "06/07/2023 06:30"},
		{"a.html", "31/02/2023", content.OldPagesOptions{}, ""},
		{"a.html", "Điện thoại 0257 3000 101", content.OldPagesOptions{}, ""},
		{"2023/07/05/a.html", "", content.OldPagesOptions{}, "05/07/2023 00:00"},
		{"2023/13/05/a.html", "", content.OldPagesOptions{}, ""},
		{"tin-20230705143000123.htm", "", content.OldPagesOptions{}, "05/07/2023 14:30"},
		{"tin-20230705.htm", "", content.OldPagesOptions{Date: saved}, "05/07/2023 00:00"},
		{"tin-05-07-2023.htm", "", content.OldPagesOptions{}, "05/07/2023 00:00"},
		{"tin-120230705.htm", "", content.OldPagesOptions{}, ""},
		{"a.html", "", content.OldPagesOptions{FileDate: true}, "04/03/2022 12:00"},
		{"a.html", "", content.OldPagesOptions{Date: time.Date(2021, 1, 2, 0, 0, 0, 0, model.Zone())}, "02/01/2021 00:00"},
	} {
		t.Run(c.file+" "+c.date, func(t *testing.T) {
			c.options.Address = "https://so-cu.example"
			folder := savedPages(t, map[string]string{c.file: page(c.date)})
			if err := os.Chtimes(filepath.Join(folder, c.file), saved, saved); err != nil {
				t.Fatal(err)
			}
			read := readPages(t, folder, c.options)
			if len(read.items) != 1 {
				t.Fatalf("faults %q", read.faults)
			}
			item, got := read.items[0], ""
			if !item.PublishAt.IsZero() {
				got = item.PublishAt.In(model.Zone()).Format("02/01/2006 15:04")
			}
			if undated := slices.Contains(item.Notes, noteUndated); got != c.want || undated != (c.want == "") || (item.Status == model.StatusDraft) != undated {
				t.Errorf("%q, want %q; state %s, notes %q", got, c.want, item.Status, item.Notes)
			}
		})
	}
}

// TestOldPageAddresses holds which addresses a file's name, a list and the page itself say.
func TestOldPageAddresses(t *testing.T) {
	page := `<h1>Tin</h1><div class="noi-dung">Chữ.</div>`
	for _, c := range []struct {
		file, page string
		options    content.OldPagesOptions
		want       string
	}{
		{"tin/a.html", page, content.OldPagesOptions{}, "/tin/a.html"},
		{"tin/a.html", page, content.OldPagesOptions{Base: "/cu/"}, "/cu/tin/a.html"},
		{"tin/a/index.html", page, content.OldPagesOptions{}, "/tin/a/ /tin/a/index.html /tin/a"},
		{"default.aspx?tabid=12&id=3", page, content.OldPagesOptions{}, "/default.aspx?tabid=12&id=3"},
		{"default.aspx?tabid=12&id=3.html", page, content.OldPagesOptions{}, "/default.aspx?tabid=12&id=3"},
		{"Default.aspx@tabid=12", page, content.OldPagesOptions{}, "/Default.aspx?tabid=12"},
		{"Default.aspx%3Ftabid=12.html", page, content.OldPagesOptions{}, "/Default.aspx?tabid=12"},
		{"tin/default.aspx.html", page, content.OldPagesOptions{}, "/tin/default.aspx"},
		{"so-cu.example/tin/a.html", page, content.OldPagesOptions{}, "/tin/a.html"},
		{"www.so-cu.example/tin/Tệp một.html", page, content.OldPagesOptions{}, "/tin/T%E1%BB%87p%20m%E1%BB%99t.html"},
		{"a.html", `<link rel="canonical" href="https://www.so-cu.example/web/guest/-/tin-a?x=1">` + page, content.OldPagesOptions{}, "/a.html /web/guest/-/tin-a?x=1"},
		{"a.html", `<link rel="canonical" href="https://khac.example/tin"><meta property="og:url" content="https://so-cu.example/">` + page, content.OldPagesOptions{}, "/a.html"},
	} {
		t.Run(c.file, func(t *testing.T) {
			c.options.Address = "https://so-cu.example"
			read := readPages(t, savedPages(t, map[string]string{c.file: c.page}), c.options)
			if len(read.items) != 1 {
				t.Fatalf("faults %q", read.faults)
			}
			if got := strings.Join(read.items[0].Addresses, " "); got != c.want || !strings.HasPrefix(c.want, read.items[0].Key) {
				t.Errorf("%s, want %s; key %s", got, c.want, read.items[0].Key)
			}
		})
	}
}

// TestOldPageList reads a list: its addresses, photos beside the pages and below the portal's paths, and faults that stop only their line.
func TestOldPageList(t *testing.T) {
	jpeg := "\xff\xd8\xff\xe0\x00\x10JFIF"
	folder := savedPages(t, map[string]string{
		"ds.txt":          "\ufeff# các trang\nmot.html\thttps://so-cu.example/tin/1.aspx\r\nhai.html\t/tin.aspx?id=2\n\n../ngoai.html\t/x\nkhong-co.html\t/y\nba.html\tkhông phải\nbon.html\nrong.html\n",
		"mot.html":        `<h1>Một</h1><div class="noi-dung"><p>Chữ <a href="/tin.aspx?id=2">hai</a>, <a href="https://khac.example/">khác</a>.</p><img src="/anh/a.jpg"><img src="mot_files/b.jpg"></div>`,
		"hai.html":        `<h1>Hai</h1><div class="noi-dung"><img src="../anh/a.jpg"><p style="text-align:center"><i>Lời ảnh</i></p></div>`,
		"ba.html":         "<h1>Ba</h1>",
		"bon.html":        `<h1>Bốn</h1><div class="noi-dung">Chữ.</div>`,
		"rong.html":       `<ul><li><a href="/">Danh sách</a></ul>`,
		"anh/a.jpg":       jpeg,
		"mot_files/b.jpg": jpeg,
	})
	read := readPages(t, filepath.Join(folder, "ds.txt"), content.OldPagesOptions{})
	if read.address != "https://so-cu.example" {
		t.Errorf("the portal is %q", read.address)
	}
	var got []string
	for _, i := range read.items {
		line := i.Where + "|" + strings.Join(i.Addresses, " ")
		for _, p := range i.Pictures {
			line += fmt.Sprintf("|%s %v %s", p.Name, p.Missing(), p.Caption)
		}
		got = append(got, line)
	}
	if diff := cmp.Diff([]string{
		"ds.txt, dòng 2: mot.html|/tin/1.aspx|a.jpg false |b.jpg false ",
		"ds.txt, dòng 3: hai.html|/tin.aspx?id=2|a.jpg false Lời ảnh",
		"ds.txt, dòng 8: bon.html|/bon.html",
	}, got); diff != "" {
		t.Errorf("items, -want +got:\n%s", diff)
	}
	if !strings.Contains(read.items[0].Body, "[hai](/tin.aspx?id=2)") || !strings.Contains(read.items[0].Body, "[khác](https://khac.example/)") {
		t.Errorf("links:\n%s", read.items[0].Body)
	}
	for i, want := range []string{"dòng 5: ../ngoai.html: tệp không nằm trong thư mục", "dòng 6: khong-co.html: ", "dòng 7: ba.html: địa chỉ cũ", "dòng 9: rong.html: không tìm thấy nội dung"} {
		if i >= len(read.faults) || !strings.Contains(read.faults[i], want) {
			t.Errorf("faults %q lack %q", read.faults, want)
		}
	}
}

// TestOldPageFolder reads a folder in which not all are pages of items, and one that holds a whole host.
func TestOldPageFolder(t *testing.T) {
	page := `<h1>Tin</h1><div class="noi-dung"><p>Chữ.</p><img src="../anh/a.png?v=2"></div><div class="danh-ba"><p>Văn phòng: 0257 3000.101</p></div>`
	read := readPages(t, savedPages(t, map[string]string{
		"so-cu.example/tin/a.html": page, "so-cu.example/tin/b.html": page, "so-cu.example/index.html": "<ul><li>Danh sách</li></ul>",
		"so-cu.example/anh/a.png?v=2": "\x89PNG\r\n\x1a\n", "so-cu.example/style.css": "p{}",
	}), content.OldPagesOptions{})
	if len(read.items) != 2 || read.empty != 1 || len(read.faults) > 0 || read.address != "https://so-cu.example" {
		t.Fatalf("%d items, %d empty, faults %q, portal %q", len(read.items), read.empty, read.faults, read.address)
	}
	for i, want := range []string{"/tin/a.html", "/tin/b.html"} {
		if item := read.items[i]; item.Key != want || len(item.Pictures) != 1 || item.Pictures[0].Missing() {
			t.Errorf("key %s, pictures %+v, notes %q", item.Key, item.Pictures, item.Notes)
		}
	}
	if len(read.contacts) != 1 || read.contacts[0].Unit != "Văn phòng" || read.contacts[0].Office != "0257 3000 101" {
		t.Errorf("contacts %+v", read.contacts)
	}
}

// TestOldPageBroken holds that what stands in a page for mischief does not come over, and that one too large or too deep is a fault of its own.
func TestOldPageBroken(t *testing.T) {
	item := readPage(t, `<h1>Tin</h1><div class="noi-dung"><p onclick="x()">Chữ <a href="javascript:alert(1)">bấm</a> <a href="data:text/html,x">đây</a>.</p><script>ac()</script>
		<div style="display:none"><a href="https://bai.example">đánh bài</a></div><p hidden>Giấu</p><iframe src="https://khac.example/f"></iframe><object data="x.swf"></object><style>p{}</style></div>`, content.OldPagesOptions{})
	if item.Body != "Chữ bấm đây." {
		t.Errorf("the body is %q", item.Body)
	}
	text := `<h1>Tin</h1><div class="noi-dung">`
	read := readPages(t, savedPages(t, map[string]string{
		"sau.html": text + strings.Repeat("<div>", 2000) + "Chữ.", "lon.html": text + strings.Repeat("a", 8<<20), "dai.html": text + strings.Repeat("chữ ", 500_000),
		"bang.html": text + "<table><tr>" + strings.Repeat("<td>a", 60), "tot.html": text + "Chữ.", "rong.html": "", "lap.html": text + strings.Repeat(`<div class="noi-dung">`, 300) + "Chữ.",
	}), content.OldPagesOptions{Address: "https://so-cu.example"})
	var good []string
	for _, i := range read.items {
		good = append(good, i.Where)
	}
	if !slices.Equal(good, []string{"lap.html", "tot.html"}) || read.empty != 1 {
		t.Errorf("items %q, %d empty", good, read.empty)
	}
	faults := strings.Join(read.faults, "\n")
	for _, want := range []string{"bang.html: ", "dai.html: ", "lon.html: ", "sau.html: ", "bảng có quá 50 cột", "dài quá", "lớn quá", "lồng nhau quá sâu"} {
		if !strings.Contains(faults, want) {
			t.Errorf("the faults lack %q:\n%s", want, faults)
		}
	}
}

// TestOldSelectors refuses files of selectors that are wrong, naming the place, and uses those that are right.
func TestOldSelectors(t *testing.T) {
	for text, want := range map[string]string{
		"body = [\"p\"]\ntitel = [\"h1\"]":  `s.toml: không có mục "titel"`,
		"title = [\"h1\"]":                  `thiếu mục "body"`,
		"body = [\"p\"]\ntitle = [\"h1[\"]": "đúng cú pháp CSS",
		"body = [\"p\"\ntitle":              "s.toml:2",
		"body = [\"p::before\"]":            "cú pháp CSS",
	} {
		if _, err := content.ReadOldSelectors("s.toml", text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	own, err := content.ReadOldSelectors("s.toml", "title = [\"#t\", \"b\"]\nbody = [\"[data-x=than]\"]\ndrop = [\"i\", \"u\"]\nbyline = [\".ai\"]")
	if err != nil {
		t.Fatal(err)
	}
	item := readPage(t, `<p id=t> </p><b>Tên</b><div data-x=than>Chữ <i>bỏ</i><u>bỏ</u><span class=ai>Tác giả: Lê An</span></div>`, content.OldPagesOptions{Selectors: &own})
	if item.Title != "Tên" || item.Body != "Chữ" || item.Byline != "Lê An" {
		t.Errorf("title %q, body %q, byline %q", item.Title, item.Body, item.Byline)
	}
	for _, name := range content.OldPresets() {
		text, err := content.OldPreset(name)
		if err == nil {
			_, err = content.ReadOldSelectors(name, text)
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := content.OldPreset("../legacy"); err == nil {
		t.Error("a preset outside of the presets was read")
	}
}

// TestOldPageEnds holds what at the end of a text is taken for its author, and what stays.
func TestOldPageEnds(t *testing.T) {
	for end, want := range map[string]string{
		`<p align="right"><b>T.MINH</b></p>`: "T.MINH||Chữ.",
		`<p style="text-align:right"><strong>Lê An</strong></p><p style="text-align:right"><i>(Nguồn: Báo Tỉnh)</i></p>`: "Lê An|Báo Tỉnh|Chữ.",
		`<p style="text-align:right"><b>GIÁM ĐỐC</b></p><p style="text-align:right"><b>Nguyễn Văn A</b></p>`:             "||Chữ.\n\n**GIÁM ĐỐC**\n\n**Nguyễn Văn A**",
		`<p style="text-align:right">Lê An</p>`: "||Chữ.\n\nLê An",
		`<p><b>Lê An</b></p>`:                   "||Chữ.\n\n**Lê An**",
		`<p style="text-align:right"><b>Lê An</b></p><p>Tin khác:</p><ul><li><a href="/x">Một</a> (01/02/2023)</li></ul>`: "Lê An||Chữ.",
		`<p><b>Tin liên quan:</b></p><p>Đoạn văn thật.</p>`:                                                               "||Chữ.\n\n**Tin liên quan:**\n\nĐoạn văn thật.",
		`<p>Lượt xem: 1.234</p><p><a href="#">[In trang]</a> <a href="javascript:history.go(-1)">« Quay lại</a></p>`:      "||Chữ.",
	} {
		i := readPage(t, `<h1>Tin</h1><div class="noi-dung"><p>Chữ.</p>`+end+`</div>`, content.OldPagesOptions{})
		if got := i.Byline + "|" + i.Source + "|" + i.Body; got != want {
			t.Errorf("%s\n%s\nwant\n%s", end, got, want)
		}
	}
}

// TestOldTextMany holds that a text with very many things to tell of is read at the pace of any other, and does not fill the report.
func TestOldTextMany(t *testing.T) {
	var text strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&text, `<iframe src="/khung/%d"></iframe><p hidden><a href="https://m%d.example">a</a></p>`, i, i)
	}
	read, _, err := content.OldSource{}.ReadText("<p>Chữ</p>" + text.String())
	if err != nil || len(read.Notes) != 101 || !strings.HasPrefix(read.Notes[100], "Còn những điều khác nữa") {
		t.Errorf("%d notes, %v", len(read.Notes), err)
	}
}

// TestOldPagesSaved reads pages as programs save them: escaped names, notes of where each stood, lists of any shape, and what is refused by name.
func TestOldPagesSaved(t *testing.T) {
	const body = `<body><h1>Tin đã lưu</h1><article><p>Nội dung của tin đã lưu.</p><img src="a_files/x.png"></article></body>`
	folder := savedPages(t, map[string]string{
		"dir/h%E1%BB%99i.html": body,
		"dir/browser.html":     "<!-- saved from url=(0040)https://so-cu.example/tin.aspx?id=901 -->" + body,
		"dir/httrack.html":     "<html><!-- Mirrored from so-cu.example/tin.aspx?id=902 by HTTrack Website Copier/3.x -->" + body,
		"dir/tep.mhtml":        "From: <Saved by Blink>\r\nMIME-Version: 1.0\r\n\r\n" + body,
		"dir/bom.html":         strings.Repeat("<b id=1><b id=2><b id=3><b id=4>", 3) + strings.Repeat("<p>x", 20_000),
		"l/a.html":             body,
		"l/a_files/x.png":      "\x89PNG\r\n\x1a\n",
		"list.txt":             strings.Repeat("x", 40_000) + "\nl/a.html\t/tin.aspx?id=903\n",
	})
	read := readPages(t, filepath.Join(folder, "dir"), content.OldPagesOptions{Address: "https://so-cu.example"})
	var addresses []string
	for _, item := range read.items {
		addresses = append(addresses, item.Addresses...)
	}
	for _, want := range []string{"/h%E1%BB%99i.html", "/tin.aspx?id=901", "/tin.aspx?id=902"} {
		if !slices.Contains(addresses, want) {
			t.Errorf("%q is not among the addresses %q", want, addresses)
		}
	}
	if len(read.faults) != 2 || !strings.Contains(read.faults[0], "thẻ HTML") || !strings.Contains(read.faults[1], "MHTML") {
		t.Errorf("faults %q", read.faults)
	}
	read = readPages(t, filepath.Join(folder, "list.txt"), content.OldPagesOptions{Address: "https://so-cu.example"})
	if len(read.faults) != 1 || len(read.items) != 1 || len(read.items[0].Pictures) != 1 || read.items[0].Pictures[0].Missing() {
		t.Errorf("of the list came %+v, faults %q", read.items, read.faults)
	}
}
