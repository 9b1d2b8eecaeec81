package admin

import (
	"net/url"

	"congso/handlers/web"
)

// deleted answers a deletion: on to the list at path, which offers to bring back what the form, sent anew, would make. It is kept in the
// session, not in the address: nobody else can lay it before a user.
func deleted(c web.Ctx, path string, form *web.Form) error {
	if err := web.Keep(c, path, form.Values.Encode()); err != nil {
		return err
	}
	return web.SeeOther(c, path)
}

// undo is the form that brings back what was just deleted from the list at path; an empty one when nothing was.
func undo(c web.Ctx, path string) (*web.Form, error) {
	text, err := web.Take(c, path)
	if err != nil {
		return nil, err
	}
	values, err := url.ParseQuery(text)
	return &web.Form{Values: values}, err
}
