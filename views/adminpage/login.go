package adminpage

// Kept is a value of a form that could not be taken.
type Kept struct {
	Name, Value string
	Long        bool // a text that one would not like to type again: shown
}
