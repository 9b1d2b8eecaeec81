// Package i18n holds the words of the interface in Vietnamese and English.
package i18n

import (
	"embed"
	"encoding/json"
	"fmt"
	"sync"
)

// The languages of the interface.
const (
	VI = "vi"
	EN = "en"
)

//go:embed vi.json en.json
var files embed.FS

var words = sync.OnceValue(func() map[string]map[string]string {
	all := map[string]map[string]string{}
	for _, lang := range []string{VI, EN} {
		data, err := files.ReadFile(lang + ".json")
		if err != nil {
			panic(err) // embedded: cannot be absent
		}
		table := map[string]string{}
		if err := json.Unmarshal(data, &table); err != nil {
			panic(fmt.Errorf("%s.json: %w", lang, err)) // a test reads the files too
		}
		all[lang] = table
	}
	return all
})

// T returns the text of key in lang, with args put in as fmt.Sprintf does. A missing key shows itself.
func T(lang, key string, args ...any) string {
	text, ok := words()[lang][key]
	if !ok {
		return key
	}
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}
