package feed

import (
	"bytes"
	"encoding/xml"
	"time"

	"congso/store/model"
)

// Sitemap appends to b a sitemap (https://www.sitemaps.org/protocol.html) of the entries given, at most 50,000; abs makes an absolute
// address of a local path. There are so many of them that encoding/xml does not write it: that takes several times as long.
func Sitemap(b *bytes.Buffer, entries []model.SitemapEntry, abs func(path string) string) {
	b.Grow(128 + 128*len(entries))
	b.WriteString(xml.Header + `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`)
	for _, e := range entries {
		b.WriteString("<url><loc>")
		_ = xml.EscapeText(b, []byte(abs(e.Path))) // a buffer takes everything
		b.WriteString("</loc>")
		if !e.Modified.IsZero() {
			b.WriteString("<lastmod>")
			b.Write(e.Modified.AppendFormat(b.AvailableBuffer(), time.RFC3339))
			b.WriteString("</lastmod>")
		}
		b.WriteString("</url>")
	}
	b.WriteString("</urlset>")
}
