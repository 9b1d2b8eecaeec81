package adminpage

import "congso/store/model"

// DemoAccount is an account of the sample data, with what everybody may know of it.
type DemoAccount struct {
	Name, Password string
	Role           model.Role
}

// Kept is a value of a form that could not be taken.
type Kept struct {
	Name, Value string
	Long        bool // a text that one would not like to type again: shown
}
