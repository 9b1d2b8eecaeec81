package ui

// Fetch is when a browser is to fetch a picture.
type Fetch int

// FetchNear is when the reader comes near it, FetchSoon with the page, and FetchFirst before all else of the page: for the one picture that
// most of its readers see first.
const (
	FetchNear Fetch = iota
	FetchSoon
	FetchFirst
)

// FetchRow is when to fetch the picture of that row, from 0, of a list at the top of its page: on a telephone the second is below the fold.
func FetchRow(row int) Fetch {
	if row == 0 {
		return FetchFirst
	}
	return FetchNear
}
