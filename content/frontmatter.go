package content

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"congso/store/model"
)

// front is what stands between the lines of +++ at the head of an article.
type front struct {
	Title       string
	Description string
	Date        frontDay
	Order       int
	Menu        bool
	Draft       bool
	Visibility  model.Visibility
	Language    string
}

// frontDay is a day typed as TOML's own (2026-07-05) or as text (05/07/2026).
type frontDay model.Day

var errFrontDay = errors.New("ngày phải viết như 2026-07-05")

// UnmarshalTOML reads a day.
func (d *frontDay) UnmarshalTOML(value any) error {
	switch value := value.(type) {
	case time.Time:
		*d = frontDay(value.Format(time.DateOnly))
		return nil
	case string:
		day, err := model.ParseDay(value)
		*d = frontDay(day)
		return err
	}
	return errFrontDay
}

// fence is the line around the front matter.
const fence = "+++"

// splitFront cuts an article into its front matter, the line at which its text starts, and the text.
func splitFront(file []byte) (head, body string, line int, err error) {
	file = bytes.TrimPrefix(file, []byte("\ufeff"))
	s := strings.ReplaceAll(string(file), "\r\n", "\n")
	first, rest, _ := strings.Cut(s, "\n")
	if strings.TrimSpace(first) != fence {
		return "", "", 0, errors.New("bài phải bắt đầu bằng phần khai báo giữa hai dòng +++")
	}
	line = 2
	at := 0
	for l := range strings.Lines(rest) {
		line++
		if strings.TrimSpace(l) == fence {
			return rest[:at], rest[at+len(l):], line, nil
		}
		at += len(l)
	}
	return "", "", 0, errors.New("phần khai báo chưa đóng bằng dòng +++")
}

// parseFront reads the front matter, whose first line is line 2 of the file.
func parseFront(name, head string) (front, []Fault) {
	f, plain := plainFront(head)
	var strange []toml.Key
	if !plain {
		meta, err := toml.Decode(head, &f)
		if err != nil {
			return hiding(head), []Fault{tomlFault(name, err)}
		}
		strange = meta.Undecoded()
	}
	var faults []Fault
	fault := func(key, format string, args ...any) {
		faults = append(faults, Fault{File: name, Line: keyLine(head, key), Message: fmt.Sprintf(format, args...)})
	}
	for _, key := range strange {
		fault(key[0], "khai báo có mục lạ %q", key.String())
	}
	f.Title, f.Description = model.Clean(f.Title), model.Clean(f.Description)
	if f.Title == "" {
		fault("title", "chưa có tên bài (title)")
	}
	if f.Visibility == "" {
		f.Visibility = model.Public
	}
	if f.Visibility != model.Public && f.Visibility != model.Internal {
		fault("visibility", `visibility phải là "public" hoặc "internal"`)
	}
	if f.Language != "" && !isLanguage(f.Language) {
		fault("language", `language phải là "vi" hoặc "en"`)
	}
	return f, faults
}

// hiding is what a front matter with a wrong value in it says of who may see the article: that is obeyed at once.
func hiding(head string) front {
	var f struct {
		Draft      bool
		Visibility model.Visibility
	}
	if _, err := toml.Decode(head, &f); err != nil {
		return front{} // unreadable
	}
	return front{Draft: f.Draft, Visibility: f.Visibility}
}

func isLanguage(s string) bool { return s == "vi" || s == "en" }

// tomlLine finds the line in errors of values that have the wrong type, which carry it in their words only.
var tomlLine = regexp.MustCompile(`^toml: line (\d+) \([^)]*\): `)

func tomlFault(name string, err error) Fault {
	f := Fault{File: name, Line: 1, Message: "phần khai báo sai: "}
	var parse toml.ParseError
	if errors.As(err, &parse) {
		f.Line, f.Message = parse.Position.Line+1, f.Message+parse.Message
		return f
	}
	message := err.Error()
	if m := tomlLine.FindStringSubmatch(message); m != nil {
		line, _ := strconv.Atoi(m[1]) // digits; 0 for more than fit
		f.Line, message = line+1, message[len(m[0]):]
	}
	f.Message += message
	return f
}

// keyLine is the line of the file on which a key of the front matter stands, 1 when there is none.
func keyLine(head, key string) int {
	at := regexp.MustCompile(`(?m)^[ \t\["]*` + regexp.QuoteMeta(key) + `\b`).FindStringIndex(head)
	if at == nil {
		return 1
	}
	return 2 + strings.Count(head[:at[0]], "\n")
}
