// Package feed holds the shapes of RSS and of the sitemap.
package feed

import (
	"encoding/xml"
	"io"
	"time"

	"congso/store/model"
)

// RSS is an RSS 2.0 document (https://www.rssboard.org/rss-specification).
type RSS struct {
	XMLName xml.Name `xml:"rss"`
	Version string   `xml:"version,attr"`
	Atom    string   `xml:"xmlns:atom,attr"`
	DC      string   `xml:"xmlns:dc,attr"`
	Channel Channel  `xml:"channel"`
}

// Channel is what a feed is about.
type Channel struct {
	Title       string `xml:"title"`
	Link        string `xml:"link"`
	Description string `xml:"description"`
	Language    string `xml:"language"`
	Built       string `xml:"lastBuildDate,omitempty"`
	Self        Self   `xml:"atom:link"`
	Items       []Item `xml:"item"`
}

// Self is the feed's own address, which aggregators ask for.
type Self struct {
	Href string `xml:"href,attr"`
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
}

// Item is one entry of a feed.
type Item struct {
	Title       string `xml:"title"`
	Link        string `xml:"link"`
	GUID        GUID   `xml:"guid"`
	Published   string `xml:"pubDate"`
	Category    string `xml:"category,omitempty"`
	Creator     string `xml:"dc:creator,omitempty"`
	Description string `xml:"description,omitempty"`
}

// GUID identifies an item for good.
type GUID struct {
	Permanent bool   `xml:"isPermaLink,attr"`
	Value     string `xml:",chardata"`
}

// News is the feed of the items given, newest first. abs makes an absolute address of a local path.
func News(title, description, self, link string, items []model.News, abs func(path string) string) RSS {
	rss := RSS{Version: "2.0", Atom: "http://www.w3.org/2005/Atom", DC: "http://purl.org/dc/elements/1.1/"}
	rss.Channel = Channel{
		Title: title, Link: abs(link), Description: description, Language: "vi",
		Self: Self{Href: abs(self), Rel: "self", Type: "application/rss+xml"},
	}
	for i, n := range items {
		if i == 0 {
			rss.Channel.Built = n.PublishAt.Format(time.RFC1123Z)
		}
		address := abs("/tin-tuc/" + n.Slug)
		rss.Channel.Items = append(rss.Channel.Items, Item{
			Title: n.Title, Link: address, GUID: GUID{true, address}, Published: n.PublishAt.Format(time.RFC1123Z),
			Category: n.Section.Name, Creator: n.Byline, Description: n.Summary,
		})
	}
	return rss
}

// URL is an address of a sitemap.
type URL struct {
	Loc      string `xml:"loc"`
	Modified string `xml:"lastmod,omitempty"`
}

// SitemapIndex names the files of a sitemap that has several.
type SitemapIndex struct {
	XMLName  xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 sitemapindex"`
	Sitemaps []URL    `xml:"sitemap"`
}

// Write sends document with the XML declaration before it.
func Write(w io.Writer, document any) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	return xml.NewEncoder(w).Encode(document)
}
