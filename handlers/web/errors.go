package web

import (
	"errors"
	"net/http"
)

// ErrHost is the error for a request to another host than the public address names.
var ErrHost = errors.New("wrong host")

// ErrForbidden is the error for what the user has no right to.
var ErrForbidden = errors.New("forbidden")

// Redirect is the error of a handler whose page lives at another address. Status is 0 for 301.
type Redirect struct {
	Path   string
	Status int
}

func (r Redirect) Error() string { return "redirect to " + r.Path }

// Code is the status to answer with.
func (r Redirect) Code() int {
	if r.Status == 0 {
		return http.StatusMovedPermanently
	}
	return r.Status
}
