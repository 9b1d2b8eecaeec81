package web

import (
	"congso/store/model"
	"congso/views/layout"
)

// The frame of every page, by the names under which handlers know it.
type (
	Frame = layout.Frame
	Page  = layout.Page
	Link  = layout.Link
	Parts = layout.Parts

	AdminPage = layout.AdminPage
	Notice    = layout.Notice
	Form      = layout.Form
)

// BuiltInMenu is the portal's own menu.
func BuiltInMenu() []model.MenuItem { return layout.BuiltInMenu() }

// Href is the address in lang of a page that is known by its Vietnamese path.
func Href(lang, path string) string { return layout.Href(lang, path) }

// Plain is the Vietnamese path of a path in either language.
func Plain(path string) string { return layout.Plain(path) }
