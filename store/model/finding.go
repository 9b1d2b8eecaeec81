package model

import (
	"net/url"
	"strings"
	"time"
)

// KindPage is the place of a finding that stands on a page of the site and in no record.
const KindPage Kind = "page"

// KindFinding and KindHost name findings and approved hosts in the audit trail.
const (
	KindFinding Kind = "finding"
	KindHost    Kind = "approved_host"
)

// FindingKind says what the guard against planted links has found.
type FindingKind string

// The kinds of findings.
const (
	FoundHost     FindingKind = "host"     // a link to a host that nobody has approved
	FoundWord     FindingKind = "word"     // a phrase of the list of gambling and pharmacy words
	FoundHidden   FindingKind = "hidden"   // words or links that readers do not see
	FoundScript   FindingKind = "script"   // a script or a style sheet within a text
	FoundFrame    FindingKind = "frame"    // an iframe, object or embed
	FoundForm     FindingKind = "form"     // a form that is sent elsewhere
	FoundEvent    FindingKind = "event"    // an attribute such as onclick
	FoundAddress  FindingKind = "address"  // a javascript:, data: or vbscript: address
	FoundRefresh  FindingKind = "refresh"  // a page that sends its readers on by itself
	FoundFile     FindingKind = "file"     // a file that no record knows
	FoundDisguise FindingKind = "disguise" // a file that is not what its name says, or holds a script
	FoundAltered  FindingKind = "altered"  // a record that is not what its newest revision says
)

// FindingKinds are all kinds, the gravest first.
func FindingKinds() []FindingKind {
	return []FindingKind{FoundAltered, FoundHidden, FoundScript, FoundFrame, FoundForm, FoundEvent, FoundAddress, FoundRefresh, FoundDisguise, FoundFile, FoundWord, FoundHost}
}

// FindingState says what has become of a finding.
type FindingState string

// The states of a finding.
const (
	FindingOpen     FindingState = "open"
	FindingApproved FindingState = "approved" // somebody said that it is none
	FindingDown     FindingState = "down"     // somebody took down what it is about
	FindingGone     FindingState = "gone"     // it is not there any more
)

// FindingStates are all states of a finding.
func FindingStates() []FindingState {
	return []FindingState{FindingOpen, FindingApproved, FindingDown, FindingGone}
}

// Planted is one thing that should not be in a text.
type Planted struct {
	Kind    FindingKind
	Value   string // what it is, the same each time: the host, the phrase, the attribute, the first hidden words
	Excerpt string // the place in the text
	Line    int    // from 1 in a text of several lines, 0 where there are none
}

// Finding is a Planted with its place.
type Finding struct {
	ID int64
	Planted
	Place    Kind   // of the record; KindPage, KindMedia without RecordID for a file of the media folder, KindArticle
	RecordID int64  // 0 where there is none
	Section  int64  // of a news item, 0 for others
	Path     string // the page's address, the file's name, the redirect's address, "" where RecordID says enough
	Title    string // of the record
	Field    string // of the record, "" where there is none

	State     FindingState
	FirstAt   time.Time
	LastAt    time.Time
	DecidedBy string // who approved it or took it down
	DecidedAt time.Time
}

// ScanState is what is known of the last search for planted links, the zero state before the first.
type ScanState struct {
	Number int64     // of the newest scan that has begun
	At     time.Time // when the last whole scan ended
	Day    Day       // of that which the nightly scan was made for
	Follow bool      // what is saved is looked at, from some audit entry on
	Seen   int64     // the last audit entry whose record was looked at
	Open   int       // findings when it ended
	Error  string    // why the last one could not be made, "" when it was
}

// Longest parts of a finding, in characters.
const (
	maxFindingValue   = 200
	maxFindingExcerpt = 300
)

// Trimmed is p with its texts cleaned and cut to the lengths that are kept.
func (p Planted) Trimmed() Planted {
	p.Value, p.Excerpt = cutText(Clean(p.Value), maxFindingValue), cutText(Clean(p.Excerpt), maxFindingExcerpt)
	return p
}

func cutText(text string, most int) string {
	if len(text) <= most {
		return text
	}
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}

// LinkHost is the host to which an address leads, as it is approved: in lower case, without port, final dot and leading "www."; "" when it
// stays on the site or is no address of the web. It reads addresses as browsers do (https://url.spec.whatwg.org/): with any number of slashes
// of either kind, without the line breaks and tabs in them.
func LinkHost(address string) string {
	address = strings.NewReplacer("\t", "", "\r", "", "\n", "").Replace(address)
	address = strings.TrimFunc(address, func(r rune) bool { return r <= ' ' })
	rest := address
	if scheme, after, ok := cutScheme(address); ok {
		switch strings.ToLower(scheme) {
		case "http", "https", "ftp", "ws", "wss":
			rest = after
		default:
			return ""
		}
	} else if len(address)-len(strings.TrimLeft(address, `/\`)) < 2 {
		return ""
	}
	rest = strings.TrimLeft(rest, `/\`)
	if i := strings.IndexAny(rest, `/\?#`); i >= 0 {
		rest = rest[:i]
	}
	rest = rest[strings.LastIndexByte(rest, '@')+1:]
	if i := strings.LastIndexByte(rest, ':'); i > strings.LastIndexByte(rest, ']') {
		rest = rest[:i]
	}
	if plain, err := url.PathUnescape(rest); err == nil {
		rest = plain
	}
	return BareHost(rest)
}

// cutScheme cuts the scheme from an address that has one.
func cutScheme(address string) (scheme, rest string, ok bool) {
	scheme, rest, ok = strings.Cut(address, ":")
	for i, r := range scheme {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !letter && (i == 0 || !strings.ContainsRune("0123456789+.-", r)) {
			return "", "", false
		}
	}
	return scheme, rest, ok && scheme != ""
}

// BareHost is a host's name as it is approved.
func BareHost(host string) string {
	return strings.TrimPrefix(strings.TrimSuffix(strings.ToLower(strings.TrimSpace(host)), "."), "www.")
}
