package model

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// complaint is an error about what a person typed: a sentence in Vietnamese that may be shown as it is.
type complaint string

func (c complaint) Error() string { return string(c) }

// Clean makes s a single line of text fit to be stored: valid UTF-8 in Unicode NFC, without control or invisible characters, each run
// of white space (line breaks and no-break spaces too) folded to one space, trimmed. Invalid bytes are dropped; PostgreSQL would refuse
// them, and NUL, where SQLite takes them. Clean(Clean(s)) is Clean(s).
func Clean(s string) string {
	if plainLine(s) {
		return s
	}
	return cleanLong(s)
}

func cleanLong(s string) string {
	return norm.NFC.String(strings.Join(strings.Fields(visible(s)), " "))
}

// CleanLines is Clean for a text of several lines, such as Markdown. Every kind of line break becomes \n. Runs of plain spaces and tabs
// stay as typed, since Markdown reads them; a run with any other white space in it (the no-break spaces that Word and web pages indent
// with) becomes one space. Blank lines before the text and all white space after it go.
func CleanLines(s string) string {
	if !plainLines(s) {
		return cleanLinesLong(s)
	}
	return trimLines(s)
}

func cleanLinesLong(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n").Replace(visible(s))
	return norm.NFC.String(trimLines(foldOddSpaces(s)))
}

// trimLines drops blank lines before the text and white space after it.
func trimLines(s string) string {
	s = strings.TrimRightFunc(s, unicode.IsSpace)
	indent := len(s) - len(strings.TrimLeft(s, " \t\n"))
	return s[strings.LastIndexByte(s[:indent], '\n')+1:]
}

// visible returns s without invalid bytes and without characters that nobody sees; white space stays, line breaks among it.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if invisible(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}

// invisible reports whether r is a control character, a zero-width or soft mark that would hide a word from search, or one of the
// direction overrides that can make a line read otherwise than it is. The joiners U+200C and U+200D stay: emoji are made with them.
func invisible(r rune) bool {
	switch {
	case unicode.IsSpace(r):
		return false
	case r == '\u00AD', r == '\u200B', r == '\u200E', r == '\u200F', r == '\u2060', r == '\uFEFF':
		return true
	case r >= '\u202A' && r <= '\u202E', r >= '\u2066' && r <= '\u2069':
		return true
	}
	return unicode.IsControl(r)
}

// foldOddSpaces replaces each run of white space within a line that is more than plain spaces and tabs by one space.
func foldOddSpaces(s string) string {
	var b strings.Builder
	for s != "" {
		word := until(s, gapRune)
		gap := until(s[word:], func(r rune) bool { return !gapRune(r) })
		b.WriteString(s[:word])
		if run := s[word : word+gap]; strings.Trim(run, " \t") == "" {
			b.WriteString(run)
		} else {
			b.WriteByte(' ')
		}
		s = s[word+gap:]
	}
	return b.String()
}

func gapRune(r rune) bool { return r != '\n' && unicode.IsSpace(r) }

// until is the byte index of the first rune of s for which stop holds, or len(s).
func until(s string, stop func(rune) bool) int {
	if i := strings.IndexFunc(s, stop); i >= 0 {
		return i
	}
	return len(s)
}
