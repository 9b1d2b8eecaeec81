package model

// Counters are the figures at the foot of every page.
type Counters struct {
	Online int64 // distinct visitors of the last five minutes
	Today  int64 // views
	Month  int64 // views
	Total  int64 // opening balance plus all views
}

// DayHits are the figures of one day.
type DayHits struct {
	Day      Day
	Views    int64
	Visits   int64
	Visitors int64
}

// PageHits are the views of a page.
type PageHits struct {
	Path  string // as it is counted
	Title string // of the record there, "" where it is none
	Views int64
}

// GroupHits are the figures of the records that belong together: of a section, of an author.
type GroupHits struct {
	ID    int64  // 0 for those that belong to none
	Name  string // "" for those that belong to none
	Items int    // published in the days asked for, and still to be read
	Views int64  // in those days, of items of any age
}
