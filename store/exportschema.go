package store

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
)

//go:embed exportjson.md
var jsonReadmeText string

// schema is the JSON Schema, draft 2020-12, of the lines of a file.
func (t jsonTable) schema() map[string]any {
	schema := t.object()
	schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	schema["title"] = t.name
	return schema
}

// object is the schema of a row.
func (t jsonTable) object() map[string]any {
	properties, required := map[string]any{}, []string{}
	for _, f := range t.fields {
		properties[f.name] = f.schema()
		if f.must {
			required = append(required, f.name)
		}
	}
	for _, p := range t.parts {
		properties[p.name] = map[string]any{"type": "array", "description": p.about, "items": p.object()}
	}
	return map[string]any{"type": "object", "description": t.about, "properties": properties, "required": required, "additionalProperties": false}
}

func (f jsonField) schema() map[string]any {
	schema := map[string]any{"description": f.about}
	switch f.as {
	case jsonWords, jsonExact:
		schema["type"] = "string"
	case jsonWhole:
		schema["type"] = "integer"
		if f.plain {
			schema["minimum"], schema["maximum"] = 0, jsonMost
		}
	case jsonFlag:
		schema["type"] = "boolean"
	case jsonTime:
		schema["type"], schema["format"] = []string{"string", "integer", "null"}, "date-time"
	case jsonDay:
		schema["type"], schema["format"] = []string{"string", "null"}, "date"
	case jsonRef:
		schema["type"] = []string{"integer", "null"}
	case jsonLabel:
		schema["type"], schema["readOnly"] = []string{"string", "null"}, true
	case jsonNested:
		schema["type"] = []string{"object", "array", "string"}
	}
	if kinds, several := schema["type"].([]string); several && f.must {
		schema["type"] = slices.DeleteFunc(kinds, func(kind string) bool { return kind == "null" })
	}
	if f.may != nil {
		schema["enum"] = f.may
	}
	return schema
}

// jsonReadme is the text of README.md: how to read an export, and what is in each file.
func jsonReadme() string {
	var b strings.Builder
	b.WriteString(jsonReadmeText)
	for _, t := range jsonTables() {
		fmt.Fprintf(&b, "\n### %s.jsonl\n\n%s\n\n", t.name, t.about)
		t.readme(&b, "")
	}
	return b.String()
}

// readme lists the fields of a row, each under its path.
func (t jsonTable) readme(b *strings.Builder, path string) {
	for _, f := range t.fields {
		kind := map[jsonShape]string{
			jsonWords: "chữ", jsonExact: "chữ", jsonWhole: "số nguyên", jsonFlag: "đúng/sai", jsonTime: "thời điểm", jsonDay: "ngày",
			jsonRef: "số của bản ghi khác", jsonLabel: "chữ", jsonNested: "JSON hoặc chữ",
		}[f.as]
		if f.secret {
			kind += ", chỉ có với --with-secrets"
		}
		about := f.about
		if f.may != nil {
			about += " Một trong: " + strings.Join(f.may, ", ") + "."
		}
		fmt.Fprintf(b, "- `%s%s` (%s): %s\n", path, f.name, kind, about)
	}
	for _, p := range t.parts {
		fmt.Fprintf(b, "- `%s%s[]`: %s\n", path, p.name, p.about)
		p.readme(b, path+p.name+"[].")
	}
}
