package main

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"text/template"
	"time"

	"github.com/BurntSushi/toml"

	"congso/store/model"
)

// The sample data: a department's year as Markdown and TOML. Its dates are days relative to the demo's start.

//go:embed demo
var demoFiles embed.FS

type demoSite struct {
	Name, Parent, Address, Email, Phone, Responsible, License string
	NameEN                                                    string `toml:"name_en"`
	ParentEN                                                  string `toml:"parent_en"`
	AddressEN                                                 string `toml:"address_en"`
	Opening                                                   int64
	Section                                                   []demoSection
	Link                                                      []struct{ Name, URL string }
}

type demoSection struct {
	Slug, Name string
	NameEN     string `toml:"name_en"`
	Notice     bool
}

type demoDirectory struct {
	Unit   []demoUnit
	Person []demoPerson
}

type demoUnit struct {
	Slug, Name, Parent, Address, Email, Successor string
	NameEN                                        string `toml:"name_en"`
	From, Until                                   int
	ConfirmedDays                                 int `toml:"confirmed_days"`
	Numbers                                       []demoNumber
}

type demoNumber struct {
	Kind, Number string
	Official     *bool // absent: true, but for mobile numbers
}

type demoPerson struct {
	Slug, Name, Honorific, Email string
	ConfirmedDays                int `toml:"confirmed_days"`
	Numbers                      []demoNumber
	Posts                        []struct {
		Unit, Title       string
		TitleEN           string `toml:"title_en"`
		Rank, From, Until int
	}
}

type demoPhoto struct{ Picture, Alt, Caption string }

type demoAttachment struct {
	Title, File string
	Text        []string
	Rows        [][]string
}

type demoNews struct {
	name                                                        string // of the file, without number and ending
	body                                                        string
	Title, Summary, Section, Byline, Source, Visibility, Status string
	DaysAgo                                                     float64 `toml:"days_ago"`
	UpdatedDaysAgo                                              float64 `toml:"updated_days_ago"`
	ExpireDays                                                  int     `toml:"expire_days"`
	Featured                                                    bool
	Tags                                                        []string
	Cover                                                       *demoPhoto
	Attachments                                                 []demoAttachment
	By                                                          string     // the account that writes it, the editor's where there is none
	PublishDays                                                 int        `toml:"publish_days"` // ahead
	Moves                                                       []demoMove // of a draft
}

// demoMove is a step of a draft through its workflow. Steps are whole days apart, so that office hours do not put one before another.
type demoMove struct {
	Action, By, Note string
	DaysAgo          float64 `toml:"days_ago"`
}

type demoMeeting struct {
	Title, Kind, Start, End, Place, Summary, News, Visibility string
	Days                                                      float64
	Participants                                              []struct{ Name, Position, Role, Person string }
	Figures                                                   []struct{ Label, Value, Unit string }
	Conclusions                                               []struct{ Text string }
	Tasks                                                     []struct {
		Text, Unit, Status, Proof string
		DueDays                   int `toml:"due_days"`
	}
	Agreements []struct {
		Title   string
		Parties []string
	}
	Photos      []demoPhoto
	Attachments []demoAttachment
}

// demoText reads a file of the sample data with its dates put in, counted from start.
func demoText(name string, start time.Time) (string, error) {
	data, err := demoFiles.ReadFile(name)
	if err != nil {
		return "", err
	}
	day := func(n int) time.Time { return start.AddDate(0, 0, n) }
	t, err := template.New(name).Funcs(template.FuncMap{
		"ngay":  func(n int) string { return model.FullDate(day(n)) },
		"dmy":   func(n int) string { return model.ShortDate(day(n)) },
		"thang": func(n int) string { return day(n).Format("tháng 1/2006") },
		"nam":   func(n int) string { return day(n).Format("2006") },
	}).Parse(string(data))
	if err != nil {
		return "", err
	}
	var text bytes.Buffer
	if err := t.Execute(&text, nil); err != nil {
		return "", err
	}
	return text.String(), nil
}

// demoTOML reads a TOML file into v; a key that v does not know is an error.
func demoTOML(name, text string, v any) error {
	meta, err := toml.Decode(text, v)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return fmt.Errorf("%s: unknown key %s", name, unknown[0])
	}
	return nil
}

func readDemo(name string, start time.Time, v any) error {
	text, err := demoText(name, start)
	if err != nil {
		return err
	}
	return demoTOML(name, text, v)
}

// readDemoNews reads the news items in a folder of the sample data: demo/news, or demo/desk for what is not published yet.
func readDemoNews(folder string, start time.Time) ([]demoNews, error) {
	names, err := fs.Glob(demoFiles, folder+"/*.md")
	if err != nil {
		return nil, err
	}
	var list []demoNews
	for _, name := range names {
		text, err := demoText(name, start)
		if err != nil {
			return nil, err
		}
		head, body, ok := strings.Cut(strings.TrimPrefix(text, "+++\n"), "\n+++\n")
		if !ok {
			return nil, fmt.Errorf("%s: no front matter", name)
		}
		item := demoNews{body: body}
		if err := demoTOML(name, head, &item); err != nil {
			return nil, err
		}
		_, item.name, _ = strings.Cut(strings.TrimSuffix(path.Base(name), ".md"), "-")
		list = append(list, item)
	}
	return list, nil
}

// readDemoMeetings reads all meetings of the sample data.
func readDemoMeetings(start time.Time) ([]demoMeeting, error) {
	names, err := fs.Glob(demoFiles, "demo/meetings/*.toml")
	if err != nil {
		return nil, err
	}
	list := make([]demoMeeting, len(names))
	for i, name := range names {
		if err := readDemo(name, start, &list[i]); err != nil {
			return nil, err
		}
	}
	return list, nil
}
