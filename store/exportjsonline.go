package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"congso/store/model"
)

// encode appends the line of a row, or its place in a list.
func (e *jsonExport) encode(line []byte, t *jsonTable, row jsonRow, parts map[string]map[string][]jsonRow) (_ []byte, err error) {
	line = append(line, '{')
	for _, f := range t.fields {
		if f.secret && !e.options.Secrets {
			continue
		}
		v := row[f.in()]
		if f.as == jsonLabel {
			v = row[f.name+jsonLabelled]
		}
		line = named(line, f.name)
		if line, err = f.encode(line, v); err != nil {
			return line, fmt.Errorf("field %s: %w", f.name, err)
		}
	}
	for i := range t.parts {
		p := &t.parts[i]
		if p.secret && !e.options.Secrets {
			continue
		}
		line = append(named(line, p.name), '[')
		for n, row := range parts[p.table][t.owned(p, row)] {
			if n > 0 {
				line = append(line, ',')
			}
			if line, err = e.encode(line, p, row, parts); err != nil {
				return line, err
			}
		}
		line = append(line, ']')
	}
	return append(line, '}'), nil
}

// named appends the name of a field, after a comma unless it is the first.
func named(line []byte, name string) []byte {
	if line[len(line)-1] != '{' {
		line = append(line, ',')
	}
	return append(append(append(line, '"'), name...), '"', ':')
}

// encode appends a value as it stands in a line.
func (f jsonField) encode(line []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case int64:
		if f.as == jsonTime {
			return appendTime(line, v), nil
		}
		return fmt.Append(line, v), nil
	case bool:
		return fmt.Append(line, v), nil
	case string:
		switch {
		case f.as == jsonDay && v == "":
			return append(line, "null"...), nil
		case f.as == jsonNested && isCompact(v):
			return append(line, v...), nil
		}
		return appendText(line, v)
	case []byte: // a label on PostgreSQL
		return appendText(line, string(v))
	case nil:
		return append(line, "null"...), nil
	}
	return line, fmt.Errorf("no way to write %T", v)
}

// appendTime appends null for never, and the number itself where no calendar has such a time.
func appendTime(line []byte, seconds int64) []byte {
	if seconds == 0 {
		return append(line, "null"...)
	}
	if seconds < jsonFirstTime || seconds > jsonLastTime {
		return fmt.Append(line, seconds)
	}
	line = append(line, '"')
	return append(time.Unix(seconds, 0).In(model.Zone()).AppendFormat(line, time.RFC3339), '"')
}

// The Unix seconds of the years that RFC 3339 can write, with a day to spare for zones.
const (
	jsonFirstTime = -62135510400
	jsonLastTime  = 253402214399
)

// appendText appends a text. What browsers take for markup is left as it is.
func appendText(line []byte, text string) ([]byte, error) {
	out := bytes.NewBuffer(line)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(text)
	return bytes.TrimSuffix(out.Bytes(), []byte{'\n'}), err
}

// isCompact reports whether text is an object or a list of JSON that reading and writing it again leaves as it is.
func isCompact(text string) bool {
	if text == "" || text[0] != '{' && text[0] != '[' {
		return false
	}
	var out bytes.Buffer
	return json.Compact(&out, []byte(text)) == nil && out.String() == text
}
