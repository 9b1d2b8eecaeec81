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
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"congso/content"
	"congso/store/model"
)

const rssHead = `<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"><channel><atom:link rel="self" href="https://nguon.example/rss"/><link>https://so-cu.example</link>`

// readRSS reads a feed beside which anh.jpg and ke.pdf lie.
func readRSS(t *testing.T, text string) (items []content.OldItem, faults []string) {
	t.Helper()
	folder := t.TempDir()
	for name, data := range map[string]string{"anh.jpg": "\xff\xd8\xff\xe0\x00\x10JFIF", "ke.pdf": "%PDF-1.4"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(data), 0o600); err != nil {
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
	feed, err := content.OpenRSS(func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }, content.RSSOptions{Name: "rss.xml", Zone: model.Zone(), Files: beside})
	if err != nil {
		t.Fatal(err)
	}
	for item, err := range feed.Items() {
		if err != nil {
			faults = append(faults, item.Where+": "+err.Error())
			continue
		}
		item.Fit()
		items = append(items, item)
	}
	return items, faults
}

// summary is what a feed's item is, in lines.
func summary(i content.OldItem) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s|%s|%s|%s\n%s\n%s\n", i.Key, i.Title, i.Byline, i.PublishAt.UTC().Format(time.DateTime), strings.Join(i.Addresses, " "), i.Status)
	fmt.Fprintf(&b, "%s|%s|%s\n", strings.Join(i.Section, "/"), strings.Join(i.Tags, ","), i.Summary)
	fmt.Fprintf(&b, "cover %s", i.Cover.Name)
	for _, a := range i.Attachments {
		fmt.Fprintf(&b, ", file %s %s", a.Name, a.Address)
	}
	fmt.Fprintf(&b, "\n%s\n%s", i.Body, strings.Join(i.Notes, "\n"))
	return b.String()
}

// TestRSS reads an item of each kind of feed.
func TestRSS(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"RSS 2.0": {rssHead + `<item><title>Tin &amp; ảnh</title><link>https://so-cu.example/tin/1/</link><guid>g1</guid><category>Thời sự</category><category>Nông thôn</category>
			<author>an@so-cu.example (Lê Văn An)</author><pubDate>Wed, 5 Jul 2023 14:30:00 +0700</pubDate><description>Tóm &lt;b&gt;tắt&lt;/b&gt;</description>
			<content:encoded><![CDATA[<p>Thân <a href="/ke.pdf">kế hoạch</a>.</p><p><img src="anh.jpg"></p>]]></content:encoded><enclosure url="https://so-cu.example/x/anh.jpg"/><enclosure url="https://so-cu.example/mat.mp3"/></item></channel></rss>`,
			"g1|Tin & ảnh|Lê Văn An|2023-07-05 07:30:00\n/tin/1/ /tin/1\npublished\nThời sự|Nông thôn|Tóm tắt\ncover anh.jpg, file ke.pdf /ke.pdf\nThân [kế hoạch](/ke.pdf).\n\n![](picture:0)\nKhông có tệp mat.mp3 bên cạnh bản xuất: chỉ giữ chữ của liên kết."},
		"only a description": {rssHead + "<item><title>Ngắn</title><link>https://so-cu.example/?id=2</link><description>Dòng một\n\nDòng hai</description><pubDate>hôm qua</pubDate></item></channel></rss>",
			"https://so-cu.example/?id=2|Ngắn||0001-01-01 00:00:00\n/?id=2\ndraft\n||\ncover \nDòng một\n\nDòng hai\nKhông đọc được ngày đăng \"hôm qua\".\nKhông rõ ngày đăng: bài được để là bản nháp."},
		"Atom": {`<feed xmlns="http://www.w3.org/2005/Atom"><link rel="self" href="https://nguon.example/a"/><link href="https://so-cu.example/"/><entry><title>Tin Atom</title><link rel="alternate" href="https://so-cu.example/a?b=1"/><id>tag:1</id>
			<category term="Thời sự"/><author><name>Tổ biên tập</name></author><published>2023-07-05T14:30:00+07:00</published><updated>2024-01-01T00:00:00Z</updated><summary>Gọn</summary>
			<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p title='"a"'>Chữ <b>đậm</b> &lt;b&gt;</p></div></content></entry></feed>`,
			"tag:1|Tin Atom|Tổ biên tập|2023-07-05 07:30:00\n/a?b=1\npublished\nThời sự||Gọn\ncover \nChữ **đậm** \\<b>\n"},
		"RSS 1.0": {`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><link>https://so-cu.example</link></channel>
			<item><title>Tin RDF</title><link>https://so-cu.example/r</link><description>Chữ</description><dc:subject>Thời sự</dc:subject><dc:creator>Hoa</dc:creator><dc:date>2023-07-05T14:30:00</dc:date></item></rdf:RDF>`,
			"https://so-cu.example/r|Tin RDF|Hoa|2023-07-05 07:30:00\n/r\npublished\nThời sự||\ncover \nChữ\n"},
		"the day first":   {rssHead + `<item><title>a</title><guid>g</guid><description>b</description><pubDate>05/07/2023 14:30</pubDate></item></channel></rss>`, "g|a||2023-07-05 07:30:00\n\npublished\n||\ncover \nb\n"},
		"the month first": {rssHead + `<item><title>a</title><guid>g</guid><description>b</description><pubDate>7/5/2023 2:30:00 PM</pubDate></item></channel></rss>`, "g|a||2023-07-05 07:30:00\n\npublished\n||\ncover \nb\n"},
		"another portal's": {rssHead + `<item><title>Xa</title><link>https://khac.example/1</link><guid>g</guid><description>&lt;img src="/anh.jpg"&gt;Chữ</description><pubDate>2023-07-05</pubDate></item></channel></rss>`,
			"g|Xa||2023-07-04 17:00:00\n\npublished\n||\ncover \n![](picture:0)\n\nChữ\nKhông có tệp ảnh https://khac.example/anh.jpg bên cạnh bản xuất: chỉ giữ lời chú thích."},
	} {
		t.Run(name, func(t *testing.T) {
			items, faults := readRSS(t, c.text)
			if len(items) != 1 || len(faults) > 0 {
				t.Fatalf("%d items, faults %q", len(items), faults)
			}
			if diff := cmp.Diff(c.want, summary(items[0])); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestRSSFaults holds that a fault stops only its item while the file can be read on.
func TestRSSFaults(t *testing.T) {
	good := `<item><title>Tốt</title><guid>g</guid><description>a</description></item>`
	for name, c := range map[string]struct {
		text, fault string
		items       int
	}{
		"nothing to know it by": {rssHead + good + "<item><title>Lạ</title></item>" + good + "</channel></rss>", "rss.xml, mục 2, dòng 1: bài không có guid", 2},
		"cut off":               {rssHead + good + "<item><title>", "rss.xml, sau mục 1", 1},
		"document type":         {rssHead + good + "<!DOCTYPE x>" + good, "DOCTYPE", 1},
	} {
		t.Run(name, func(t *testing.T) {
			items, faults := readRSS(t, c.text)
			if len(items) != c.items || !strings.Contains(strings.Join(faults, "\n"), c.fault) || len(faults) != 1 {
				t.Errorf("%d items, faults %q", len(items), faults)
			}
		})
	}
}

// TestRSSOfWordPress holds that an export of WordPress is not read as a feed, which it is too: its private posts would be public.
func TestRSSOfWordPress(t *testing.T) {
	head := `<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/"><channel>`
	post := `<item><title>Riêng</title><guid>g</guid><description>a</description>%s</item></channel></rss>`
	for name, text := range map[string]string{
		"by its version": head + "<wp:wxr_version>1.2</wp:wxr_version>" + fmt.Sprintf(post, ""),
		"by its posts":   head + fmt.Sprintf(post, "<wp:status>private</wp:status>"),
	} {
		_, err := content.OpenRSS(func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }, content.RSSOptions{Name: "cu.xml", Zone: time.UTC})
		if err == nil || !strings.Contains(err.Error(), "congso import wxr") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestRSSLetters reads feeds in other encodings than they say, and with signs that are no XML.
func TestRSSLetters(t *testing.T) {
	feed := func(said, title string) string {
		return `<?xml version="1.0" encoding="` + said + `"?>` + "\r\n" + `<rss version="2.0"><channel><link>https://so-cu.example</link><item><title>` + title + `</title><guid>g</guid><description><![CDATA[a && b <p>&nbsp;]]></description></item></channel></rss>`
	}
	encoded := func(e encoding.Encoding, text string) string {
		read, err := e.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		return read
	}
	utf16 := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	for name, c := range map[string]struct{ text, title string }{
		"UTF-8 with its mark":              {"\ufeff" + feed("UTF-8", "Hội nghị"), "Hội nghị"},
		"UTF-16":                           {encoded(utf16, feed("utf-16", "Hội nghị")), "Hội nghị"},
		"UTF-16, the other way round":      {encoded(unicode.UTF16(unicode.BigEndian, unicode.UseBOM), feed("utf-16", "Hội nghị")), "Hội nghị"},
		"UTF-8 that says UTF-16":           {feed("utf-16", "Hội nghị"), "Hội nghị"},
		"UTF-8 that says a western one":    {feed("ISO-8859-1", "Hội nghị"), "Hội nghị"},
		"of Windows":                       {encoded(charmap.Windows1258, feed("windows-1258", "Đo\u0323c sách")), "Đọc sách"},
		"an address that nobody escaped":   {feed("UTF-8", "R&D, a?b=1&id=2&lt;&amp;&"), "R&D, a?b=1&id=2<&&"},
		"signs of HTML":                    {feed("UTF-8", "Hội&nbsp;nghị&ndash;&#7919;&#x1EEF;&khong;"), "Hội nghị–ữữ&khong;"},
		"characters that may not be there": {feed("UTF-8", "a&#xB;b&#0;c&#xD800;d\x01"), "a\ufffdb\ufffdc\ufffdd\ufffd"},
	} {
		t.Run(name, func(t *testing.T) {
			items, faults := readRSS(t, c.text)
			if len(items) != 1 || len(faults) > 0 || items[0].Title != c.title || items[0].Body != "a && b" {
				t.Errorf("%+v, faults %q", items, faults)
			}
		})
	}
}

func FuzzRSS(f *testing.F) {
	f.Add([]byte(rssHead + `<item><guid>g</guid><description>a</description></item></channel></rss>`))
	f.Add([]byte(`<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><content><p x="&lt;">a</p></content>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		feed, err := content.OpenRSS(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }, content.RSSOptions{Name: "x", Zone: time.UTC})
		if err != nil {
			return
		}
		for item, err := range feed.Items() {
			if err != nil {
				continue
			}
			item.Fit()
			if _, err := content.Renderer().Render(item.Place(nil)); err != nil {
				t.Errorf("%q: %v", item.Body, err)
			}
		}
	})
}
