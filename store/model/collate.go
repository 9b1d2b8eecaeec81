package model

import (
	"encoding/hex"
	"strings"
	"sync"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// maxSortKey bounds a sort key, before it is written in hexadecimal: PostgreSQL refuses index entries of more than 2,704 bytes.
const maxSortKey = 1200

// NameKey returns a text that sorts names as a Vietnamese directory does: by given name (the last word), then by middle names, then by
// family name (the first word), in the order of the Vietnamese alphabet and its tones (Unicode CLDR, locale vi). Case and the placement
// of tones do not matter. Keys compare byte by byte: Go's <, SQLite's BINARY, PostgreSQL's COLLATE "C".
func NameKey(name string) string {
	words := strings.Fields(Accented(Clean(name)))
	var given, middle, family string
	if n := len(words); n > 0 {
		given = words[n-1]
		family = strings.Join(words[:min(1, n-1)], " ")
		middle = strings.Join(words[min(1, n-1):n-1], " ")
	}
	return sortKey(given, middle, family)
}

// TextKey returns a text that sorts s as NameKey sorts names, but read from its first word on; numbers sort by their value, Phòng 2
// before Phòng 10.
func TextKey(s string) string { return sortKey(Accented(Clean(s))) }

// keyMaker makes the keys of one text at a time: a collator is not safe for concurrent use.
type keyMaker struct {
	collator *collate.Collator
	buffer   collate.Buffer
}

// keyMakers are kept for the next text: a new one takes longer than a key.
var keyMakers = sync.Pool{New: func() any {
	return &keyMaker{collator: collate.New(language.Vietnamese, collate.IgnoreCase, collate.Numeric)}
}}

// sortKey joins the keys of the parts by a hyphen, which sorts before every hexadecimal digit, so that a part that is done comes first.
func sortKey(parts ...string) string {
	maker := keyMakers.Get().(*keyMaker)
	defer keyMakers.Put(maker)
	keys := make([]string, len(parts))
	for i, part := range parts {
		maker.buffer.Reset()
		key := maker.collator.KeyFromString(&maker.buffer, part)
		keys[i] = hex.EncodeToString(key[:min(len(key), maxSortKey/len(parts))])
	}
	return strings.Join(keys, "-")
}
