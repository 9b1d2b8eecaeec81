package transfer

import (
	"bufio"
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// oldPortal is an export of WordPress that a test has made, with its uploads.
type oldPortal struct {
	file, uploads string
	posts, photos int
}

const wordPressHead = `<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
	xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Sở Mẫu</title><link>https://so-cu.example</link>
<wp:base_site_url>https://so-cu.example</wp:base_site_url>
<wp:author><wp:author_login>hoa</wp:author_login><wp:author_display_name>Trần Thị Hoa</wp:author_display_name></wp:author>
<wp:category><wp:term_id>2</wp:term_id><wp:category_nicename>tin</wp:category_nicename><wp:cat_name>Tin cơ sở</wp:cat_name></wp:category>
<wp:category><wp:term_id>3</wp:term_id><wp:category_nicename>dan-van</wp:category_nicename><wp:category_parent>tin</wp:category_parent><wp:cat_name>Công tác dân vận</wp:cat_name></wp:category>
`

// wordPressPost is an item of an export; more replaces or adds elements.
func wordPressPost(id int, kind, title, text string, more ...string) string {
	elements := []string{"title", title, "link", fmt.Sprintf("https://so-cu.example/2023/07/bai-%d/", id), "dc:creator", "hoa", "wp:post_date_gmt", "2023-07-05 07:30:00",
		"wp:status", "publish", "wp:post_type", kind, "wp:post_password", "", "wp:post_name", "", "content:encoded", text}
	for i := 0; i+1 < len(elements); i += 2 {
		for j := 0; j+1 < len(more); j += 2 {
			if more[j] == elements[i] {
				elements[i+1] = more[j+1]
			}
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<item><guid isPermaLink="false">https://so-cu.example/?p=%d</guid><wp:post_id>%[1]d</wp:post_id>`, id)
	for i := 0; i+1 < len(elements); i += 2 {
		fmt.Fprintf(&b, "<%s><![CDATA[%s]]></%[1]s>", elements[i], elements[i+1])
	}
	for j := 0; j+1 < len(more); j += 2 {
		if more[j] == "" {
			b.WriteString(more[j+1])
		}
	}
	b.WriteString("</item>\n")
	return b.String()
}

// makeOldPortal writes an export with so many posts, each with two photos of that width of its own.
func makeOldPortal(t testing.TB, folder string, posts, width int, further ...string) oldPortal {
	t.Helper()
	o := oldPortal{file: filepath.Join(folder, "cu.xml"), uploads: filepath.Join(folder, "uploads"), posts: posts, photos: 2 * posts}
	if err := os.MkdirAll(o.uploads, 0o700); err != nil {
		t.Fatal(err)
	}
	file, err := os.Create(o.file)
	if err != nil {
		t.Fatal(err)
	}
	out := bufio.NewWriter(file)
	out.WriteString(wordPressHead)
	for i := range posts {
		id := 10 * (i + 1)
		writePhotos(t, out, o.uploads, id, width)
		text := fmt.Sprintf("Đoạn mở đầu của bài số %d, kể việc của tổ dân phố.\n\n[caption id=\"attachment_%d\" width=\"300\"]<img class=\"wp-image-%[2]d\" src=\"https://so-cu.example/wp-content/uploads/%02d/anh-%[2]d-300x200.jpg\" /> Lời ảnh một của bài %[1]d[/caption]\n\n"+
			"<figure class=\"wp-block-image\"><img src=\"/wp-content/uploads/%02[3]d/anh-%[4]d.jpg\" alt=\"Ảnh hai\"/><figcaption>Lời ảnh hai của bài %[1]d</figcaption></figure>\n\n%[5]s\n\nXem <a href=\"https://so-cu.example/?p=%[6]d\">bài trước</a>.",
			id, id+1, id%50, id+2, strings.Repeat("Cán bộ cơ sở đến từng nhà, nghe dân nói và ghi lại điều dân cần. ", 20), max(10, id-10))
		out.WriteString(wordPressPost(id, "post", fmt.Sprintf("Bài số %d về công tác cơ sở", id), text, "",
			`<category domain="category" nicename="dan-van"><![CDATA[Công tác dân vận]]></category><category domain="post_tag" nicename="dan-pho"><![CDATA[dân phố]]></category>`))
	}
	for _, item := range further {
		out.WriteString(item)
	}
	out.WriteString("</channel></rss>\n")
	if err := out.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return o
}

// writePhotos writes the two uploads of a post, and their items in the export.
func writePhotos(t testing.TB, out *bufio.Writer, uploads string, id, width int) {
	t.Helper()
	for n := id + 1; n <= id+2; n++ {
		name := fmt.Sprintf("%02d/anh-%d.jpg", id%50, n)
		fmt.Fprint(out, wordPressPost(n, "attachment", fmt.Sprint("anh-", n), "", "wp:status", "inherit", "", "<wp:attachment_url>https://so-cu.example/wp-content/uploads/"+name+"</wp:attachment_url>"))
		img := image.NewGray(image.Rect(0, 0, width, width*2/3))
		for i := range img.Pix {
			img.Pix[i] = uint8(i * n / 7)
		}
		for bit := range 20 { // a square for each, which survives being encoded: each photo is another one in the library too
			square := image.Rect(bit%8*8, bit/8*8, bit%8*8+8, bit/8*8+8)
			draw.Draw(img, square, image.NewUniform(color.Gray{Y: uint8(n >> bit & 1 * 255)}), image.Point{}, draw.Src)
		}
		var data bytes.Buffer
		if err := jpeg.Encode(&data, img, nil); err != nil {
			t.Fatal(err)
		}
		place := filepath.Join(uploads, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(place), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(place, append(data.Bytes(), fmt.Sprint(n)...), 0o600); err != nil { // a trailer makes each file another one
			t.Fatal(err)
		}
	}
}
