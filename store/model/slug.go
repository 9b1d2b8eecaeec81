package model

import (
	"regexp"
	"strings"
)

// maxSlug is the longest slug in bytes.
const maxSlug = 80

// Slug makes the last part of an address from a title: its words without accents, joined by hyphens, [a-z0-9-] only, at most 80 bytes,
// cut between words (inside one only when the first is longer than that). It is "" when nothing is left. Slug(Slug(s)) is Slug(s).
func Slug(s string) string {
	var slug string
	for _, token := range Tokens(Fold(s)) { // folded first: a mark without a letter parts no words
		word := strings.Map(slugRune, token.Folded)
		switch {
		case word == "":
			continue
		case slug == "":
			slug = word[:min(len(word), maxSlug)]
		case len(slug)+1+len(word) > maxSlug:
			return slug
		default:
			slug += "-" + word
		}
	}
	return slug
}

func slugRune(r rune) rune {
	if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
		return r
	}
	return -1
}

var slugForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// ValidSlug reports whether s is a slug as Slug makes them.
func ValidSlug(s string) bool { return len(s) <= maxSlug && slugForm.MatchString(s) }

// ReservedSlug reports whether the slug would shadow an address of the site's own among the records of that kind.
func ReservedSlug(kind Kind, slug string) bool {
	switch slug {
	case "rss", "json", "moi", "trang":
		return true
	case "nguoi":
		return kind == KindUnit // /danh-ba/nguoi/{slug} holds the people
	case "lich":
		return kind == KindMeeting // /hoi-nghi/lich.ics is the calendar
	}
	return false
}
