package i18n_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"congso/store/model"
	"congso/views/i18n"
)

// entry is a key of a file with its text.
type entry struct{ key, text string }

// readFile returns the entries in the order of the file.
func readFile(t *testing.T, lang string) []entry {
	t.Helper()
	data, err := os.ReadFile(lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	var list []entry
	next := func() string {
		token, err := decoder.Token()
		if err != nil {
			t.Fatalf("%s.json: %v", lang, err)
		}
		text, _ := token.(string) // "" for a brace
		return text
	}
	next()
	for decoder.More() {
		list = append(list, entry{next(), next()})
	}
	return list
}

func texts(list []entry) map[string]string {
	table := map[string]string{}
	for _, e := range list {
		table[e.key] = e.text
	}
	return table
}

func TestFilesAreSortedAndFull(t *testing.T) {
	for _, lang := range []string{i18n.VI, i18n.EN} {
		list := readFile(t, lang)
		for i, e := range list {
			if i > 0 && list[i-1].key >= e.key {
				t.Errorf("%s.json: %q stands after %q", lang, e.key, list[i-1].key)
			}
			if strings.TrimSpace(e.text) == "" || strings.TrimSpace(e.text) != e.text {
				t.Errorf("%s.json: %q is %q", lang, e.key, e.text)
			}
			if got := i18n.T(lang, e.key); got != e.text {
				t.Errorf("T(%s, %s) is %q, want %q", lang, e.key, got, e.text)
			}
		}
	}
}

var verb = regexp.MustCompile(`%[^%]?`)

func TestLanguagesAgree(t *testing.T) {
	vi, en := texts(readFile(t, i18n.VI)), texts(readFile(t, i18n.EN))
	for key, text := range vi {
		other, ok := en[key]
		if !ok {
			t.Errorf("en.json: no %q", key)
			continue
		}
		if got, want := verb.FindAllString(other, -1), verb.FindAllString(text, -1); !slices.Equal(got, want) {
			t.Errorf("%q: %q in English, %q in Vietnamese", key, got, want)
		}
		for _, v := range verb.FindAllString(text, -1) {
			if v != "%s" && v != "%d" {
				t.Errorf("%q: verb %q", key, v)
			}
		}
	}
	for key := range en {
		if _, ok := vi[key]; !ok {
			t.Errorf("vi.json: no %q", key)
		}
	}
}

// made are the keys that the program puts together, by the literal before the part that varies.
func made() map[string][]string {
	keys := map[string][]string{"fault.": nil, "kind.": nil}
	for _, status := range []string{"400", "403", "404", "405", "410", "413", "414", "500", "503", "damaged", "host", "copy"} {
		keys["fault."] = append(keys["fault."], "fault."+status+".title", "fault."+status+".text")
	}
	for _, kind := range model.SearchKinds() {
		keys["kind."] = append(keys["kind."], "kind."+string(kind))
	}
	for _, kind := range []model.NumberKind{model.NumberOffice, model.NumberMobile, model.NumberFax, model.NumberHotline} {
		keys["number."] = append(keys["number."], "number."+string(kind))
	}
	for _, role := range []model.ParticipantRole{model.Secretary, model.Attendee, model.Signer} { // who chaired stands in the facts
		keys["role."] = append(keys["role."], "role."+string(role))
	}
	for _, state := range []model.TaskState{model.TaskOpen, model.TaskDone, model.TaskOverdue} {
		keys["task."] = append(keys["task."], "task."+string(state))
	}
	return keys
}

// call is a use of a key in the source: T("key" or T(lang, "key", with a + behind it when the key goes on.
var call = regexp.MustCompile(`\bT\((?:[\w.]+(?:\(\w+\))?, )?"([^"]*)"( ?\+)?`)

// used are the keys that the source names, each with a file that does.
func used(t *testing.T) map[string]string {
	t.Helper()
	keys := map[string]string{}
	for _, root := range []string{"..", "../../handlers"} {
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			source := strings.HasSuffix(path, ".templ") || strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_templ.go") && !strings.HasSuffix(path, "_test.go")
			if err != nil || entry.IsDir() || !source {
				return err
			}
			data, err := os.ReadFile(path)
			for _, m := range call.FindAllStringSubmatch(string(data), -1) {
				if m[2] == "" {
					keys[m[1]] = path
					continue
				}
				if made()[m[1]] == nil {
					t.Errorf("%s: keys that begin with %q are not known to this test", path, m[1])
				}
				for _, key := range made()[m[1]] {
					keys[key] = path
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return keys
}

func TestKeysAndTheirUses(t *testing.T) {
	known, keys := texts(readFile(t, i18n.VI)), used(t)
	if len(keys) < 100 {
		t.Fatalf("%d keys found in the source: the search for them is wrong", len(keys))
	}
	for key, file := range keys {
		if _, ok := known[key]; !ok {
			t.Errorf("%s: no text for %q", file, key)
		}
	}
	for key := range known {
		if keys[key] == "" {
			t.Errorf("%q is used nowhere", key)
		}
	}
}

func TestT(t *testing.T) {
	for _, c := range []struct {
		lang, key string
		args      []any
		want      string
	}{
		{i18n.VI, "nav.home", nil, "Trang chủ"},
		{i18n.EN, "nav.home", nil, "Home"},
		{i18n.VI, "meetings.ofyear", []any{2026}, "Năm 2026"},
		{i18n.VI, "no.such.key", nil, "no.such.key"},
		{i18n.VI, "no.such.key", []any{1}, "no.such.key"},
		{"fr", "nav.home", nil, "nav.home"},
	} {
		if got := i18n.T(c.lang, c.key, c.args...); got != c.want {
			t.Errorf("T(%s, %s) is %q, want %q", c.lang, c.key, got, c.want)
		}
	}
}
