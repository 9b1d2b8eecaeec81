package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// decode reads a line, or an entry of a list in it: the row, and the entries of its lists. What it does not know is an error.
func (t *jsonTable) decode(text []byte) (row jsonRow, parts map[string][]json.RawMessage, err error) {
	if !utf8.Valid(text) {
		return nil, nil, errors.New("it is not UTF-8")
	}
	values, err := fieldsOf(text)
	if err != nil {
		return nil, nil, err
	}
	row, parts = jsonRow{}, map[string][]json.RawMessage{}
	for i := range t.fields {
		f := &t.fields[i]
		text := values[f.name]
		delete(values, f.name)
		if f.as == jsonLabel || f.listed && isNone(text) {
			continue
		}
		if f.must && isNone(text) {
			return nil, nil, fmt.Errorf("%s is missing", f.name)
		}
		if row[f.in()], err = f.decode(text); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", f.name, err)
		}
	}
	for i := range t.parts {
		name := t.parts[i].name
		if text := values[name]; text != nil {
			var list []json.RawMessage
			if err := json.Unmarshal(text, &list); err != nil {
				return nil, nil, fmt.Errorf("%s is no list", name)
			}
			parts[name] = list
		}
		delete(values, name)
	}
	for name := range values {
		return nil, nil, fmt.Errorf("there is no field %q here", name)
	}
	return row, parts, nil
}

// fieldsOf are the fields of an object. One that is there twice is an error: other programs would read the other one.
func fieldsOf(text []byte) (map[string]json.RawMessage, error) {
	if !json.Valid(text) {
		return nil, json.Unmarshal(text, new(any)) // which says what is wrong
	}
	if text[0] != '{' {
		return nil, errors.New("it is no object")
	}
	values, reader := map[string]json.RawMessage{}, json.NewDecoder(bytes.NewReader(text))
	if _, err := reader.Token(); err != nil {
		return nil, err
	}
	for reader.More() {
		name, err := reader.Token()
		var value json.RawMessage
		if err == nil {
			err = reader.Decode(&value)
		}
		if err != nil {
			return nil, err
		}
		if _, twice := values[name.(string)]; twice {
			return nil, fmt.Errorf("the field %q is there twice", name)
		}
		values[name.(string)] = value
	}
	return values, nil
}

// isNone reports whether there is no value.
func isNone(text []byte) bool { return text == nil || string(text) == "null" }

// decode reads a value; nil and null are nothing.
func (f *jsonField) decode(text []byte) (any, error) {
	none := isNone(text)
	switch f.as {
	case jsonWhole:
		if none {
			return int64(0), nil
		}
		n, err := decodeWhole(text)
		if err == nil && f.plain && (n < 0 || n > jsonMost) {
			err = fmt.Errorf("%d is out of range", n)
		}
		return n, err
	case jsonRef:
		if none {
			return nil, nil
		}
		return decodeWhole(text)
	case jsonFlag:
		if none {
			return false, nil
		}
		if s := string(text); s != "true" && s != "false" {
			return nil, fmt.Errorf("%.40s is neither true nor false", s)
		}
		return string(text) == "true", nil
	case jsonTime:
		if none {
			return int64(0), nil
		}
		return decodeTime(text)
	}
	if none {
		return "", nil
	}
	return f.decodeText(text)
}

// decodeWhole reads a whole number.
func decodeWhole(text []byte) (int64, error) {
	n, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%.40s is no whole number of this program", text)
	}
	return n, nil
}

// decodeText reads what is kept as a text.
func (f *jsonField) decodeText(text []byte) (any, error) {
	if f.as == jsonNested && (text[0] == '{' || text[0] == '[') {
		var out bytes.Buffer
		if err := json.Compact(&out, text); err != nil {
			return nil, err
		}
		return out.String(), textFault(out.String())
	}
	var s string
	if err := json.Unmarshal(text, &s); err != nil {
		return nil, errors.New("it is no text")
	}
	switch f.as {
	case jsonWords:
		s = norm.NFC.String(s)
	case jsonDay:
		if _, err := time.Parse(time.DateOnly, s); s != "" && err != nil {
			return nil, fmt.Errorf("%q is no day like 2026-12-31", s)
		}
	}
	if f.may != nil && !slices.Contains(f.may, s) {
		return nil, fmt.Errorf("%q is none of %s", s, strings.Join(f.may, ", "))
	}
	return s, textFault(s)
}

// decodeTime reads a time, or Unix seconds.
func decodeTime(text []byte) (any, error) {
	if text[0] != '"' {
		return decodeWhole(text)
	}
	var s string
	if err := json.Unmarshal(text, &s); err != nil {
		return nil, err
	}
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return nil, fmt.Errorf("%q is no time like 2026-12-31T17:00:00+07:00", s)
	}
	return at.Unix(), nil
}
