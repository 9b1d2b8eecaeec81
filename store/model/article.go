package model

import "time"

// Article is a Markdown file of the content folder, compiled.
type Article struct {
	Lang        string // "vi" or "en"
	Path        string // under /bai-viet/, without the ending
	Title       string
	Description string
	Date        Day
	Order       int
	Menu        bool
	Visibility  Visibility
	HTML        string
	Text        string // without marks, for the search index
	Headings    []Heading
	Hash        string // of the source file, hexadecimal
	Modified    time.Time
}

// Heading is an entry of an article's contents list.
type Heading struct {
	Level int // 2 to 4
	ID    string
	Text  string
}
