package web

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"congso/views/layout"
)

// MaxForm is the most that a form may send, in bytes. Files are no part of forms: they are streamed.
const MaxForm = 2 << 20

// ParseForm reads the form of a POST. Bytes that are no UTF-8, and NULs, which no text of ours may hold, stand as U+FFFD in it. The error is *http.MaxBytesError (answered 413) when it is larger than MaxForm, 400 when it is broken.
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
	return &layout.Form{Values: wholesome(r.PostForm)}, nil
}

// wholesome is the form in valid UTF-8 without NULs: a page can show it again, a database can keep it.
func wholesome(form url.Values) url.Values {
	values := make(url.Values, len(form))
	for name, list := range form {
		for _, text := range list {
			values.Add(Wholesome(name), Wholesome(text))
		}
	}
	return values
}

// Wholesome is text with U+FFFD for each NUL and for bytes that are no UTF-8.
func Wholesome(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}

// NewForm is a form with these values: field, value, field, value, …
func NewForm(pairs ...string) *Form { return layout.NewForm(pairs...) }
