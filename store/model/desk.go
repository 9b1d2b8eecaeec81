package model

import "time"

// DeskRow is a news item or meeting as the lists of the desks show it, whoever may read it on the site.
type DeskRow struct {
	Kind      Kind
	ID        int64
	Slug      string
	Title     string
	Section   Section   // of a news item: ID and name
	Start     time.Time // of a meeting
	OwnerName string    // full name, "" for the program
	Views     int64     // of its public page, as of the last flush
	Copy      CopyState
	Lifecycle
}

// CopyState says whether somebody is at work on a record, and how far that is.
type CopyState struct {
	Version   int // 0 when there is no working copy
	Status    Status
	Note      string
	Owner     int64
	OwnerName string
	UpdatedAt time.Time
}

// DeskCounts are the figures on the tabs of a desk.
type DeskCounts struct {
	All    int
	Status map[Status]int
	Copies int // records with a working copy
}

// Awaiting is what a person is expected to do something about, newest first. A record stands in one of them itself, or by its working copy.
type Awaiting struct {
	Review   []DeskRow // waiting in the sections of an editor
	Returned []DeskRow // to their author
	Drafts   []DeskRow // one's own
}

// Revision is one entry of a record's history.
type Revision struct {
	Number int
	Name   string // given by a person, "" for most
	Action string // as the audit trail names it, "" when it is not known
	By     Actor
	ByName string // full name, or By.Name where there is none
	At     time.Time
}

// MaxVersionName is the length of a revision's name, in characters.
const MaxVersionName = 100

// Editor is somebody who has a record open.
type Editor struct {
	UserID int64
	Name   string // full name
	Since  time.Time
}

// OpenTask is a task of a published meeting on the board.
type OpenTask struct {
	MeetingID    int64
	MeetingSlug  string
	MeetingTitle string
	Revision     int // of the meeting
	Position     int // of the task in the meeting, from 0
	Start        time.Time
	Visibility   Visibility
	Task
}

// Unconfirmed is an entry of the directory that nobody has confirmed for long.
type Unconfirmed struct {
	Kind        Kind // person or unit
	ID          int64
	Slug        string
	Name        string
	ConfirmedOn Day // "" for never
}

// Redirect leads from an address of the old site to where its page is now.
type Redirect struct {
	From      string
	To        string
	CreatedAt time.Time
}
