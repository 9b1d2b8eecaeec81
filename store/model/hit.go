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
