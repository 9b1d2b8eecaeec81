package web

import (
	"errors"
	"mime"
	"net/http"

	"github.com/labstack/echo/v4"

	"congso/views/layout"
)

// MaxForm is the most that a form may send, in bytes. Files are no part of forms: they are streamed.
const MaxForm = 2 << 20

// ParseForm reads the form of a POST. The error is *http.MaxBytesError (answered 413) when it is larger than MaxForm, 400 when it is broken.
func ParseForm(c Ctx) (*Form, error) {
	r := c.Request()
	r.Body = http.MaxBytesReader(c.Response(), r.Body, MaxForm)
	err := r.ParseForm()
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); err == nil && kind == "multipart/form-data" {
		err = r.ParseMultipartForm(MaxForm)
	}
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return nil, err
	}
	if err != nil {
		return nil, echo.NewHTTPError(http.StatusBadRequest).SetInternal(err)
	}
	return &layout.Form{Values: r.PostForm}, nil
}

// NewForm is a form with these values: field, value, field, value, …
func NewForm(pairs ...string) *Form { return layout.NewForm(pairs...) }
