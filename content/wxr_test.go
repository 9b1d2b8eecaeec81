package content_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"congso/content"
	"congso/store/model"
)

const wxrHead = `<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
	xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel>
	<title>Sở Mẫu</title>
	<link>https://so-cu.example</link>
	<wp:wxr_version>1.2</wp:wxr_version>
	<wp:base_site_url>https://so-cu.example</wp:base_site_url>
	<wp:author><wp:author_login><![CDATA[hoa]]></wp:author_login><wp:author_display_name><![CDATA[Trần Thị Hoa]]></wp:author_display_name></wp:author>
	<wp:category><wp:term_id>2</wp:term_id><wp:category_nicename>tin</wp:category_nicename><wp:category_parent></wp:category_parent><wp:cat_name><![CDATA[Tin hoạt động]]></wp:cat_name></wp:category>
	<wp:category><wp:term_id>3</wp:term_id><wp:category_nicename>dan-van</wp:category_nicename><wp:category_parent>tin</wp:category_parent><wp:cat_name><![CDATA[Dân vận &amp; Xã hội]]></wp:cat_name></wp:category>
`

const wxrCircle = `<wp:category><wp:category_nicename>vong-a</wp:category_nicename><wp:category_parent>vong-b</wp:category_parent><wp:cat_name>Vòng A</wp:cat_name></wp:category>
	<wp:category><wp:category_nicename>vong-b</wp:category_nicename><wp:category_parent>vong-a</wp:category_parent><wp:cat_name>Vòng B</wp:cat_name></wp:category>`

const wxrFoot = "</channel>\n</rss>\n"

// wxrItem is an item of an export; parts replaces elements by their name.
func wxrItem(id int, text string, parts ...string) string {
	elements := map[string]string{
		"title": fmt.Sprintf("Bài số %d", id), "link": fmt.Sprintf("https://so-cu.example/2023/07/bai-%d/", id), "dc:creator": "hoa",
		"wp:status": "publish", "wp:post_type": "post", "wp:post_date": "2023-07-05 14:30:00", "wp:post_date_gmt": "2023-07-05 07:30:00",
	}
	extra := ""
	for i := 0; i+1 < len(parts); i += 2 {
		if parts[i] == "" {
			extra += parts[i+1]
		} else {
			elements[parts[i]] = parts[i+1]
		}
	}
	var b strings.Builder
	b.WriteString("<item>")
	for _, name := range []string{"title", "link", "dc:creator", "excerpt:encoded", "wp:post_date", "wp:post_date_gmt", "wp:status", "wp:post_type", "wp:post_name", "wp:post_password", "wp:attachment_url"} {
		fmt.Fprintf(&b, "<%s><![CDATA[%s]]></%[1]s>", name, elements[name])
	}
	fmt.Fprintf(&b, `<guid isPermaLink="false">https://so-cu.example/?p=%d</guid><wp:post_id>%[1]d</wp:post_id><content:encoded><![CDATA[%s]]></content:encoded>%s</item>`+"\n", id, text, extra)
	return b.String()
}

func category(slug, name string) string {
	return fmt.Sprintf(`<category domain="category" nicename="%s"><![CDATA[%s]]></category>`, slug, name)
}

func meta(key, value string) string {
	return fmt.Sprintf(`<wp:postmeta><wp:meta_key>%s</wp:meta_key><wp:meta_value><![CDATA[%s]]></wp:meta_value></wp:postmeta>`, key, value)
}

// openWXR opens an export beside which the named pictures and files lie.
func openWXR(t testing.TB, text string, files ...string) (*content.WXR, error) {
	t.Helper()
	folder := t.TempDir()
	for _, name := range files {
		place := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(place), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(place, []byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00 "+name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	beside, err := content.OpenOldFiles(folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := beside.Close(); err != nil {
			t.Error(err)
		}
	})
	return content.OpenWXR(func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil },
		content.WXROptions{Name: "cu.xml", Zone: model.Zone(), PagesSection: "Trang thông tin", Types: []string{"post", "page"}, Files: beside})
}

// readWXR reads all items, and the faults as text.
func readWXR(t testing.TB, text string, files ...string) (items []content.OldItem, faults []string, w *content.WXR) {
	t.Helper()
	w, err := openWXR(t, text, files...)
	if err != nil {
		t.Fatal(err)
	}
	for item, err := range w.Items() {
		if err != nil {
			faults = append(faults, item.Where+": "+err.Error())
			continue
		}
		item.Fit()
		items = append(items, item)
	}
	return items, faults, w
}

func oneWXR(t testing.TB, item string, files ...string) content.OldItem {
	t.Helper()
	items, faults, _ := readWXR(t, wxrHead+item+wxrFoot, files...)
	if len(items) != 1 || len(faults) > 0 {
		t.Fatalf("%d items, faults %q", len(items), faults)
	}
	return items[0]
}

// TestWXRText reads texts as WordPress keeps them; beside each stands what must come of it.
func TestWXRText(t *testing.T) {
	for name, c := range map[string]struct {
		text, want string
		files      []string
		notes      []string
	}{
		"paragraphs typed as blank lines": {text: "Một dòng\nhai dòng.\n\nĐoạn <strong>hai\n\nvẫn đậm</strong>.\n<ul>\n<li>mục</li>\n\n<li>mục nữa</li>\n</ul>\nCuối.",
			want: "Một dòng\\\nhai dòng.\n\nĐoạn **hai**\n\n**vẫn đậm**.\n\n- mục\n- mục nữa\n\nCuối."},
		"blocks": {text: "<!-- wp:paragraph -->\n<p>Một\ncâu.</p>\n<!-- /wp:paragraph -->\n\n<!-- wp:heading -->\n<h2>Đầu mục</h2>\n<!-- /wp:heading -->\n\n<!-- wp:image {\"id\":7} -->\n" +
			`<figure class="wp-block-image size-large"><img src="https://so-cu.example/wp-content/uploads/2023/07/anh1.jpg" alt="Hội trường" class="wp-image-7"/><figcaption class="wp-element-caption">Quang cảnh <em>hội nghị</em></figcaption></figure>` + "\n<!-- /wp:image -->",
			files: []string{"wp-content/uploads/2023/07/anh1.jpg"},
			want:  "Một câu.\n\n## Đầu mục\n\n![Hội trường](picture:0 \"Quang cảnh hội nghị\")"},
		"caption shortcode": {text: "Trước.\n\n[caption id=\"attachment_9\" align=\"aligncenter\" width=\"300\"]<a href=\"https://so-cu.example/wp-content/uploads/2023/07/anh1.jpg\"><img class=\"wp-image-9\" src=\"https://so-cu.example/wp-content/uploads/2023/07/Anh1-300x200.jpg\" alt=\"\" width=\"300\" height=\"200\" /></a> Đại biểu dự họp[/caption]\n\nSau.",
			files: []string{"2023/07/anh1.JPG"},
			want:  "Trước.\n\n![](picture:0 \"Đại biểu dự họp\")\n\nSau."},
		"old caption shortcode": {text: "[caption width=\"300\" caption=\"Lời cũ\"]<img src=\"/wp-content/uploads/a.jpg\">[/caption]", files: []string{"uploads/a.jpg"}, want: "![](picture:0 \"Lời cũ\")"},
		"a missing photo": {text: `[caption]<img src="/wp-content/uploads/mat.jpg" /> Ảnh đã mất[/caption]`, want: "![](picture:0 \"Ảnh đã mất\")",
			notes: []string{"Không có tệp ảnh /wp-content/uploads/mat.jpg bên cạnh bản xuất: chỉ giữ lời chú thích."}},
		"the title again": {text: "<h2><strong>Bài số 1</strong></h2>\n<h3>Mục</h3>\nChữ.", want: "### Mục\n\nChữ."},
		"shortcodes": {text: "Xem [gallery ids=\"1,2\"] và [contact-form-7 id=\"5\" title=\"Liên hệ\"]; điều [1] và [sic].\n\n[box]chữ trong hộp[/box]",
			want:  "Xem \\[gallery ids=\"1,2\"] và \\[contact-form-7 id=\"5\" title=\"Liên hệ\"]; điều \\[1] và \\[sic].\n\n\\[box]chữ trong hộp\\[/box]",
			notes: []string{"Mã ngắn của WordPress giữ nguyên thành chữ: [gallery], [contact-form-7], [box]."}},
		"links": {text: `<a href="https://so-cu.example/2023/06/bai-cu/#y">bài cũ</a>, <a href="http://www.so-cu.example/?p=12">bài 12</a>, <a href="https://khac.example/x">nơi khác</a>, <a href="javascript:alert(1)">bấm</a>, <a href="/wp-content/uploads/KH 1.pdf">kế hoạch</a>, <a href="/wp-content/uploads/mat.pdf">đã mất</a>, <a href="../bai-2/">bên cạnh</a>`,
			files: []string{"kh 1.pdf"},
			want:  "[bài cũ](/2023/06/bai-cu/), [bài 12](/?p=12), [nơi khác](https://khac.example/x), bấm, [kế hoạch](/wp-content/uploads/KH%201.pdf), đã mất, [bên cạnh](/2023/07/bai-2/)",
			notes: []string{"1 liên kết không dẫn ra trang web, thư hay số điện thoại (liên kết trong trang cũ): chỉ giữ chữ.", "Không có tệp mat.pdf bên cạnh bản xuất: chỉ giữ chữ của liên kết."}},
		"a link to a photo, and a block of a file": {text: `<!-- wp:paragraph --><p><a href="/wp-content/uploads/quet.jpg">Công văn</a> <a href="/wp-content/uploads/quet.jpg"><img src="/wp-content/uploads/quet.jpg"></a> <a href="/wp-content/uploads/mat.png">mất</a></p><!-- /wp:paragraph -->
<!-- wp:file --><div class="wp-block-file"><a href="/wp-content/uploads/a.pdf">Quyết định</a><a href="/wp-content/uploads/a.pdf" class="wp-block-file__button wp-element-button" download>Tải về</a></div><!-- /wp:file -->`,
			files: []string{"quet.jpg", "a.pdf"},
			want:  "[Công văn](/wp-content/uploads/quet.jpg)\n\n![](picture:0)\n\nmất\n\n[Quyết định](/wp-content/uploads/a.pdf)",
			notes: []string{"Không có tệp mat.png bên cạnh bản xuất: chỉ giữ chữ của liên kết."}},
		"planted": {text: `<div style="display:none"><a href="https://bac.example">cá cược</a></div><script>alert(1)</script><p onclick="x()">Chữ<iframe src="https://x.example"></iframe><video><source src="/a.mp4"></video></p>`, want: "Chữ",
			notes: []string{"Đoạn bị giấu ở trang cũ có liên kết tới bac.example, đã bỏ: trang cũ có thể đã bị cài liên kết.", "Khung nhúng (video, bản đồ…) không đưa sang: https://x.example.", "Khung nhúng (video, bản đồ…) không đưa sang: /a.mp4."}},
		"hidden from a folder above": {text: `<img src="/wp-content/uploads/../../../etc/passwd.jpg" alt="x">`, want: "![x](picture:0)",
			notes: []string{"Không có tệp ảnh /etc/passwd.jpg bên cạnh bản xuất: chỉ giữ lời chú thích."}},
	} {
		t.Run(name, func(t *testing.T) {
			got := oneWXR(t, wxrItem(1, c.text), c.files...)
			if diff := cmp.Diff(c.want, got.Body); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.notes, got.Notes); diff != "" {
				t.Errorf("notes (-want +got):\n%s", diff)
			}
		})
	}
}

// TestWXRItem holds what is read of an item besides its text.
func TestWXRItem(t *testing.T) {
	utc := time.Date(2023, 7, 5, 7, 30, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		item string
		want content.OldItem
	}{
		"post": {wxrItem(12, "Đầu.<!--more-->Thân.", "title", "Họp &#8211; <em>ra quân</em>", "wp:post_name", "ra-quan", "", category("dan-van", "Dân vận &amp; Xã hội")+category("tin", "Tin hoạt động")+
			`<category domain="post_tag" nicename="nong"><![CDATA[Nông thôn]]></category>`),
			content.OldItem{Import: content.Import{Title: "Họp – ra quân", Body: "Thân."}, Summary: "Đầu.", Section: []string{"Tin hoạt động", "Dân vận & Xã hội"},
				SectionAt: [][]string{{"/category/tin", "/category/tin/", "/?cat=2"}, {"/category/tin/dan-van", "/category/tin/dan-van/", "/?cat=3"}}, Slug: "ra-quan",
				Tags: []string{"Tin hoạt động", "Nông thôn"}, Byline: "Trần Thị Hoa", Status: model.StatusPublished, PublishAt: utc,
				Addresses: []string{"/2023/07/bai-12/", "/2023/07/bai-12", "/?p=12"}}},
		"main category, summary, no gmt": {wxrItem(13, "Đầu <a href='https://a.example'>a</a>.<!--more-->\n\nThân.", "excerpt:encoded", "Tóm <b>tắt</b>", "wp:post_date_gmt", "0000-00-00 00:00:00",
			"dc:creator", "lan", "wp:post_name", "b%c3%a0i-13", "", category("dan-van", "Dân vận")+category("tin", "Tin hoạt động")+meta("_yoast_wpseo_primary_category", "2")),
			content.OldItem{Import: content.Import{Title: "Bài số 13", Body: "Đầu [a](https://a.example).\n\nThân."}, Summary: "Tóm tắt", Section: []string{"Tin hoạt động"},
				SectionAt: [][]string{{"/category/tin", "/category/tin/", "/?cat=2"}}, Tags: []string{"Dân vận"}, Byline: "lan", Status: model.StatusPublished, PublishAt: utc, Addresses: []string{"/2023/07/bai-13/", "/2023/07/bai-13", "/?p=13"}}},
		"scheduled": {wxrItem(14, "a", "wp:status", "future", "", category("uncategorized", "Chưa phân loại")),
			content.OldItem{Import: content.Import{Title: "Bài số 14", Body: "a"}, Byline: "Trần Thị Hoa", Status: model.StatusPublished, PublishAt: utc, Addresses: []string{"/2023/07/bai-14/", "/2023/07/bai-14", "/?p=14"}}},
		"draft without a title": {wxrItem(15, "Chữ đầu\n\nsau", "title", "", "wp:status", "pending", "link", "https://so-cu.example/?p=15"),
			content.OldItem{Import: content.Import{Title: "Chữ đầu", Body: "Chữ đầu\n\nsau", Notes: []string{"Bài không có tiêu đề: đã lấy những chữ đầu của nội dung."}}, Byline: "Trần Thị Hoa", Status: model.StatusDraft, Addresses: []string{"/?p=15"}}},
		"private": {wxrItem(16, "a", "wp:status", "private"),
			content.OldItem{Import: content.Import{Title: "Bài số 16", Body: "a", Notes: []string{"Bài riêng tư ở cổng cũ: để là bản nháp nội bộ, không công khai."}}, Byline: "Trần Thị Hoa",
				Status: model.StatusDraft, Visibility: model.Internal, PublishAt: utc, Addresses: []string{"/2023/07/bai-16/", "/2023/07/bai-16", "/?p=16"}}},
		"password": {wxrItem(17, "a", "wp:post_password", "mo-ra"),
			content.OldItem{Import: content.Import{Title: "Bài số 17", Body: "a", Notes: []string{"Bài có mật khẩu ở cổng cũ: để là bản nháp nội bộ, không công khai."}}, Byline: "Trần Thị Hoa",
				Status: model.StatusDraft, Visibility: model.Internal, PublishAt: utc, Addresses: []string{"/2023/07/bai-17/", "/2023/07/bai-17", "/?p=17"}}},
		"password of a space, after a password of nothing": {strings.Replace(wxrItem(17, "a", "wp:post_password", " "), "<wp:post_password>", "<wp:post_password></wp:post_password><wp:post_password>", 1),
			content.OldItem{Import: content.Import{Title: "Bài số 17", Body: "a", Notes: []string{"Bài có mật khẩu ở cổng cũ: để là bản nháp nội bộ, không công khai."}}, Byline: "Trần Thị Hoa",
				Status: model.StatusDraft, Visibility: model.Internal, PublishAt: utc, Addresses: []string{"/2023/07/bai-17/", "/2023/07/bai-17", "/?p=17"}}},
		"categories that go round in circles": {wxrCircle + wxrItem(18, "a", "", category("vong-a", "Vòng A")),
			content.OldItem{Import: content.Import{Title: "Bài số 18", Body: "a"}, Section: []string{"Vòng B", "Vòng A"}, Byline: "Trần Thị Hoa", Status: model.StatusPublished, PublishAt: utc,
				SectionAt: [][]string{{"/category/vong-b", "/category/vong-b/"}, {"/category/vong-b/vong-a", "/category/vong-b/vong-a/"}}, Addresses: []string{"/2023/07/bai-18/", "/2023/07/bai-18", "/?p=18"}}},
		"nothing": {wxrItem(16, "<iframe src=\"https://x.example/v\"></iframe>"),
			content.OldItem{Import: content.Import{Title: "Bài số 16", Notes: []string{"Khung nhúng (video, bản đồ…) không đưa sang: https://x.example/v.", "Bài không có nội dung."}}, Byline: "Trần Thị Hoa",
				Status: model.StatusPublished, PublishAt: utc, Addresses: []string{"/2023/07/bai-16/", "/2023/07/bai-16", "/?p=16"}}},
		"page": {wxrItem(18, "a", "wp:post_type", "page", "link", "https://so-cu.example/gioi-thieu/"),
			content.OldItem{Import: content.Import{Title: "Bài số 18", Body: "a"}, Section: []string{"Trang thông tin"}, Byline: "Trần Thị Hoa", Status: model.StatusPublished, PublishAt: utc,
				Addresses: []string{"/gioi-thieu/", "/gioi-thieu", "/?p=18", "/?page_id=18"}}},
		"published without a date": {wxrItem(19, "a", "wp:post_date", "", "wp:post_date_gmt", "hôm qua"),
			content.OldItem{Import: content.Import{Title: "Bài số 19", Body: "a", Notes: []string{`Không đọc được ngày đăng "hôm qua".`, "Không rõ ngày đăng: bài được để là bản nháp."}}, Byline: "Trần Thị Hoa",
				Status: model.StatusDraft, Addresses: []string{"/2023/07/bai-19/", "/2023/07/bai-19", "/?p=19"}}},
	} {
		t.Run(name, func(t *testing.T) {
			got := oneWXR(t, c.item)
			if !strings.HasPrefix(got.Key, "?p=1") || !strings.HasPrefix(got.Where, "cu.xml, mục 1, dòng 1") {
				t.Errorf("key %q at %q", got.Key, got.Where)
			}
			got.Key, got.Where = "", ""
			if c.want.Visibility == "" {
				c.want.Visibility = model.Public
			}
			if got.PublishAt = got.PublishAt.UTC(); got.PublishAt.IsZero() {
				got.PublishAt = time.Time{}
			}
			if diff := cmp.Diff(c.want, got, cmp.FilterPath(func(p cmp.Path) bool {
				return p.Last().String() == ".open" || p.Last().String() == ".Pictures" || p.Last().String() == ".Cover"
			}, cmp.Ignore())); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestWXRUploads holds which file is taken for a picture, and that what the export says of uploads goes with them.
func TestWXRUploads(t *testing.T) {
	upload := func(id int, name string, more ...string) string {
		return wxrItem(id, "", append([]string{"wp:post_type", "attachment", "wp:status", "inherit", "wp:attachment_url", "https://so-cu.example/wp-content/uploads/" + name}, more...)...)
	}
	text := wxrHead + upload(70, "2023/07/a.jpg", "excerpt:encoded", "Lời của ảnh", "", meta("_wp_attachment_image_alt", "Mô tả của ảnh")) + upload(71, "2023/07/b-10x10.jpg") +
		upload(72, "2023/07/e-scaled.jpg") +
		wxrItem(1, `<img class="wp-image-70" src="https://so-cu.example/wp-content/uploads/2023/07/a-300x200.jpg"> <img src="https://so-cu.example/wp-content/uploads/2023/07/b-10x10.jpg"> <img src="https://so-cu.example/wp-content/uploads/2023/07/c-300x200.jpg"> <img src="https://i0.wp.com/so-cu.example/wp-content/uploads/2023/07/d%C3%B3.jpg?w=300"> <img src="/wp-content/uploads/2023/07/e-300x200.jpg">`, "", meta("_thumbnail_id", "70")) +
		wxrItem(2, "a", "", meta("_thumbnail_id", "99")) + wxrItem(3, "a", "wp:status", "trash") + wxrItem(4, "a", "wp:post_type", "nav_menu_item") + wxrFoot
	items, faults, w := readWXR(t, text, "2023/07/a.jpg", "2023/07/a-300x200.jpg", "2023/07/b.jpg", "2023/07/b-10x10.jpg", "2023/07/c.jpg", "2023/07/do\u0301.jpg", "2023/07/e-300x200.jpg", "2023/07/e-scaled.jpg")
	if len(items) != 2 || len(faults) > 0 {
		t.Fatalf("%d items, faults %q", len(items), faults)
	}
	var names []string
	for _, p := range items[0].Pictures {
		names = append(names, p.Name)
		if data, err := p.Open(); err != nil || data.Close() != nil || p.Mime != "image/jpeg" {
			t.Errorf("%s: %s, %v", p.Name, p.Mime, err)
		}
	}
	if diff := cmp.Diff([]string{"a.jpg", "b-10x10.jpg", "c.jpg", "do\u0301.jpg", "e-scaled.jpg"}, names); diff != "" {
		t.Errorf("pictures (-want +got):\n%s", diff)
	}
	const folder = "/wp-content/uploads/2023/07/"
	if diff := cmp.Diff([]string{folder + "a-300x200.jpg", folder + "a.jpg"}, items[0].Pictures[0].Addresses); diff != "" {
		t.Errorf("addresses (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{folder + "b-10x10.jpg"}, items[0].Pictures[1].Addresses); diff != "" {
		t.Errorf("addresses (-want +got):\n%s", diff)
	}
	if !strings.Contains(items[0].Body, "![Mô tả của ảnh](picture:0") {
		t.Errorf("the body is %q", items[0].Body)
	}
	if c := items[0].Cover; c.Name != "a.jpg" || c.Alt != "Mô tả của ảnh" || c.Caption != "Lời của ảnh" {
		t.Errorf("the cover is %+v", c)
	}
	if diff := cmp.Diff([]string{"Tệp xuất không có ảnh đại diện số 99."}, items[1].Notes); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int{"attachment": 3, "nav_menu_item": 1, "trash": 1}, w.LeftOut()); diff != "" || w.Total() != 2 {
		t.Errorf("left out of %d (-want +got):\n%s", w.Total(), diff)
	}
}

// TestWXRFaults holds that a fault stops only its item where the file can be read on, and that nothing of XML's dangers is let in.
func TestWXRFaults(t *testing.T) {
	good := wxrItem(1, "Bài tốt một.") + "\n"
	for name, c := range map[string]struct {
		text   string
		items  int
		fault  string
		noting string
	}{
		"broken UTF-8":     {wxrHead + good + wxrItem(2, "Chữ h\xf3ng \x02.") + wxrItem(3, "a") + wxrFoot, 3, "", "Có 2 ký tự hỏng"},
		"a table too wide": {wxrHead + good + wxrItem(2, "<table><tr>"+strings.Repeat("<td>a", 60)+"</table>") + wxrItem(3, "a") + wxrFoot, 2, "mục 2", ""},
		"too long":         {wxrHead + good + wxrItem(2, strings.Repeat("chữ ", 70_000)) + wxrItem(3, "a") + wxrFoot, 2, "Nội dung dài quá 200.000 ký tự.", ""},
		"nested HTML":      {wxrHead + good + wxrItem(2, strings.Repeat("<div>", 1000)+"a") + wxrItem(3, "a") + wxrFoot, 2, "lồng nhau quá sâu", ""},
		"too many signs":   {wxrHead + good + wxrItem(2, strings.Repeat("<p>", 100_001)) + wxrItem(3, "a") + wxrFoot, 2, "quá nhiều thẻ", ""},
		"many comments":    {wxrHead + good + wxrItem(2, "a", "", "<wp:comment><wp:comment_content>"+strings.Repeat("spam spam spam\n", 17<<16)+"</wp:comment_content></wp:comment>") + wxrFoot, 2, "", ""},
		"too large":        {wxrHead + good + wxrItem(2, strings.Repeat("chữ ", 3<<20)) + wxrItem(3, "a") + wxrFoot, 2, "mục 2", ""},
		"larger":           {wxrHead + good + wxrItem(2, strings.Repeat("chữ ", 4<<20)) + wxrItem(3, "a") + wxrFoot, 2, "lớn quá 16 MB", ""},
		"cut off":          {wxrHead + good + wxrItem(2, "a")[:200], 1, "sau mục 1", ""},
		"not closed":       {wxrHead + good + "<item><title>a</item>", 1, "không đọc được", ""},
		"document type":    {wxrHead + good + `<!DOCTYPE a SYSTEM "http://evil.example/a.dtd">` + wxrItem(2, "a") + wxrFoot, 1, "DOCTYPE", ""},
		"entity":           {wxrHead + good + `<!ENTITY a SYSTEM "file:///etc/passwd">` + wxrItem(2, "a") + wxrFoot, 1, "DOCTYPE", ""},
		"unknown entity":   {wxrHead + good + strings.Replace(wxrItem(2, "a"), "<![CDATA[Bài số 2]]>", "&a;", 1) + wxrFoot, 2, "", ""},
		"nested XML":       {wxrHead + good + "<item>" + strings.Repeat("<a>", 300) + strings.Repeat("</a>", 300) + "</item>" + wxrItem(3, "a") + wxrFoot, 1, "200 lớp", ""},
	} {
		t.Run(name, func(t *testing.T) {
			items, faults, _ := readWXR(t, c.text)
			if len(items) != c.items || strings.Contains(strings.Join(faults, "\n"), c.fault) == false || (len(faults) > 0) != (c.fault != "") {
				t.Errorf("%d items, faults %q", len(items), faults)
			}
			if c.noting != "" && !strings.Contains(strings.Join(items[1].Notes, "\n"), c.noting) {
				t.Errorf("notes %q", items[1].Notes)
			}
		})
	}
	for name, text := range map[string]string{"nothing": "", "no export": "<html><body>a</body></html>", "a bomb": `<!DOCTYPE lolz [<!ENTITY lol "lol">]>` + wxrHead + good + wxrFoot} {
		if _, err := openWXR(t, text); err == nil || !strings.Contains(err.Error(), "không phải tệp xuất của WordPress") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestFingerprint holds that an item is the same until its old portal has changed it.
func TestFingerprint(t *testing.T) {
	print := func(item string, files ...string) string {
		hash, err := oneWXR(t, item, files...).Fingerprint()
		if err != nil {
			t.Fatal(err)
		}
		return hash
	}
	picture := `Chữ <img src="/wp-content/uploads/a.jpg"> và <a href="/wp-content/uploads/a.pdf">kế hoạch</a>`
	upload := wxrItem(70, "", "wp:post_type", "attachment", "wp:status", "inherit", "wp:attachment_url", "https://so-cu.example/wp-content/uploads/a.jpg", "excerpt:encoded", "Lời của ảnh")
	first := print(upload + wxrItem(1, picture, "", meta("_thumbnail_id", "70")))
	if again := print(" \n"+upload+wxrItem(1, picture, "", meta("_thumbnail_id", "70")), "a.jpg", "a.pdf"); again != first {
		t.Error("a file that was found makes another item")
	}
	plain := print(wxrItem(1, picture))
	for _, other := range []string{wxrItem(1, picture+"."), wxrItem(1, picture, "title", "Khác"), wxrItem(1, picture, "wp:status", "draft")} {
		if print(other) == plain {
			t.Errorf("nothing tells apart %s", other)
		}
	}
}

func FuzzWXR(f *testing.F) {
	f.Add([]byte(wxrHead + wxrItem(1, "Chữ\n\n[caption]<img src=a.jpg> b[/caption]", "", category("tin", "Tin")) + wxrFoot))
	f.Add([]byte(wxrHead + wxrItem(2, "<table><tr><td>a<td>b</table><!--more-->c") + "<item>"))
	f.Add([]byte("<rss><channel><item><title>\xff&#0;"))
	f.Fuzz(func(t *testing.T, data []byte) {
		w, err := content.OpenWXR(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil },
			content.WXROptions{Name: "x", Zone: time.UTC, Types: []string{"post", "page"}})
		if err != nil {
			return
		}
		for item, err := range w.Items() {
			if err != nil {
				continue
			}
			item.Fit()
			if _, err := content.Renderer().Render(item.Place(nil)); err != nil {
				t.Errorf("%q: %v", item.Body, err)
			}
			if model.Clean(item.Title) != item.Title || model.CleanLines(item.Body) != item.Body {
				t.Errorf("not clean: %q %q", item.Title, item.Body)
			}
		}
	})
}
