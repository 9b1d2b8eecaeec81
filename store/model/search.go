package model

import "time"

// SearchQuery is what a reader asks of search.
type SearchQuery struct {
	Text    string
	Kind    Kind   // "" for all
	Section int64  // 0 for all
	Lang    string // language of the articles to find
	Page    int    // from 1
}

// SearchResult is one page of what was found.
type SearchResult struct {
	Hits  []SearchHit
	Total int  // never above the store's limit
	More  bool // there are more than Total, or there may be
	Cut   bool // older records were left out of the search
}

// SearchHit is one record found.
type SearchHit struct {
	Kind    Kind
	Ref     string // slug, or an article's path
	Title   []Span
	Snippet []Span
	Date    time.Time // zero when the record has none
}

// Span is a piece of text, marked when it matched the query.
type Span struct {
	Text string
	Mark bool
}

// SearchDoc is a record as the search index takes it.
type SearchDoc struct {
	Kind       Kind
	Ref        string
	Langs      []string // in which languages' searches it is found
	Title      string
	Summary    string
	Body       string // plain text
	Hidden     string // words that find the record but are not shown: digits of numbers, names in English
	Section    int64
	Visibility Visibility
	Date       time.Time // newer ones come first among equals
	Weight     int       // of what has no date: the larger comes first among equals, and all before what has a date; 0 to 1000
	PublishAt  time.Time
	ExpireAt   time.Time
	Hash       string // of the content, "" when not kept
}

// SitemapEntry is one address of the sitemap.
type SitemapEntry struct {
	Path     string
	Modified time.Time
}
