package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"congso/content"
	"congso/store"
	"congso/store/model"
)

// pageFlags are those of an import of saved pages.
type pageFlags struct {
	preset    string
	selectors string
	print     string
	base      string
	files     string
	dateFrom  string
	date      string
	unit      string
}

func (f *pageFlags) bind(flags *pflag.FlagSet) {
	flags.StringVar(&f.preset, "preset", "auto", "selectors to read the pages by: "+strings.Join(content.OldPresets(), ", ")+"; auto tells them by marks in each page")
	flags.StringVar(&f.selectors, "selectors", "", "file of own selectors, in place of a preset")
	flags.StringVar(&f.print, "print-preset", "", "only print the file of a preset's selectors, to start one's own from")
	flags.StringVar(&f.base, "base", "", "path on the old portal at which DIR stood, such as /cu")
	flags.StringVar(&f.files, "files", "", "folder with the portal's photos and files; that of the pages when not given")
	flags.StringVar(&f.dateFrom, "date-from", "", "\"file\" takes the time of the file where neither page nor address says a date")
	flags.StringVar(&f.date, "date", "", "date (YYYY-MM-DD) of items for which nothing says one; they stay drafts without it")
	flags.StringVar(&f.unit, "contacts-unit", "", "unit of people in boxes of contacts whose title names none")
}

// options are the flags as the reading of pages has them.
func (f pageFlags) options(address string) (o content.OldPagesOptions, err error) {
	o = content.OldPagesOptions{Address: address, Base: f.base, Preset: f.preset, Files: f.files, Unit: f.unit, FileDate: f.dateFrom == "file"}
	if f.dateFrom != "" && f.dateFrom != "file" {
		return o, fmt.Errorf("--date-from %q: only \"file\" is known", f.dateFrom)
	}
	if f.date != "" {
		day, err := model.ParseDay(f.date)
		if err != nil {
			return o, fmt.Errorf("--date %q is no date such as 2023-07-05", f.date)
		}
		o.Date = day.Time()
	}
	if f.selectors == "" {
		return o, nil
	}
	text, err := os.ReadFile(f.selectors)
	if err != nil {
		return o, fmt.Errorf("--selectors: %w", err)
	}
	own, err := content.ReadOldSelectors(filepath.Base(f.selectors), string(text))
	if err != nil {
		return o, fmt.Errorf("--selectors: %w", err)
	}
	o.Selectors = &own
	return o, nil
}

func importHTMLCommand(from sources) *cobra.Command {
	var flags importFlags
	var pages pageFlags
	command := &cobra.Command{
		Use:   "html DIR|LIST|PAGE",
		Short: "take over saved pages of an old portal",
		Long: `Take over pages of an old portal that were saved: all below DIR, as a program that saves whole portals leaves them; those of LIST, a text file
with a line for each, the file and after a tab its address on the old portal; or one page. Below DIR, the path of a file is its address.

Where title, section, text, date, byline, summary, tags and contacts stand in a page, CSS selectors say: those of a preset, or of a file
(start with --print-preset dnn). Pages below DIR in which they find no text, such as lists, are counted and left out. Old encodings (TCVN3,
VNI, windows-1258) and UTF-8 that was misread are repaired, and the report says so.

Contacts go into no directory by themselves: they wait for an admin to look at, at the address that the report names.
` + importHelp,
		Args: cobra.MaximumNArgs(1),
	}
	read := from.bind(command.Flags())
	flags.bind(command.Flags())
	pages.bind(command.Flags())
	command.RunE = func(command *cobra.Command, args []string) error {
		if pages.print != "" {
			text, err := content.OldPreset(pages.print)
			if err == nil {
				_, err = fmt.Fprint(command.OutOrStdout(), text)
			}
			return err
		}
		if len(args) != 1 {
			return errors.New("name the folder, the list or the page: congso import html DIR")
		}
		config, err := read()
		if err != nil {
			return err
		}
		return importPages(command, config, flags, pages, args[0])
	}
	return command
}

func importPages(command *cobra.Command, config Config, flags importFlags, pages pageFlags, place string) (err error) {
	options, err := pages.options(flags.source)
	if err != nil {
		return err
	}
	old, err := content.OpenOldPages(place, options)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, old.Close()) }()
	if flags.source == "" && old.Address() == "" {
		return errors.New("the pages do not say where they stood: give the address of the old portal, as --source https://so.example")
	}
	name := filepath.Base(place)
	err = flags.run(command, config, oldExport{name: name, address: old.Address(), total: int64(old.Total()), items: old.Items(),
		leftOut: func() []string { return emptyPages(old.Empty()) }})
	if err != nil && !errors.Is(err, outcome(1)) || len(old.Contacts()) == 0 {
		return err
	}
	return cmp.Or(flags.propose(command, config, "Danh bạ trong các trang của "+name, old.Contacts()), err)
}

// emptyPages says which pages have no text.
func emptyPages(names []string, count int) []string {
	if count == 0 {
		return nil
	}
	lines := []string{fmt.Sprintf("No text found, and left out: %d pages.", count)}
	for _, name := range names {
		lines = append(lines, "         "+oneLine(name))
	}
	if count > len(names) {
		lines = append(lines, fmt.Sprintf("         and %d more", count-len(names)))
	}
	return lines
}

// propose keeps contacts for the account in whose name the items come, and says where they are to be looked at.
func (f importFlags) propose(command *cobra.Command, config Config, name string, rows []model.ContactRow) error {
	return asAdmin(command, config, f.as, func(s *store.Store, by model.User) error {
		done, err := s.ProposeContacts(command.Context(), by.ID, name, rows, f.dry)
		if err == nil {
			f.tellProposed(command.OutOrStdout(), by, rows, done)
		}
		return err
	})
}

func (f importFlags) tellProposed(out io.Writer, by model.User, rows []model.ContactRow, done store.ProposedContacts) {
	if f.dry {
		for _, row := range rows {
			fmt.Fprintf(out, "contact  %s\n", oneLine(contactLine(row)))
		}
		fmt.Fprintf(out, "Contacts: %d would be proposed, %d wait already, %d are in the directory as they are.\n", done.New, done.Waiting, done.There)
		return
	}
	fmt.Fprintf(out, "Contacts: %d proposed, %d waited already, %d are in the directory as they are.\n", done.New, done.Waiting, done.There)
	if done.New+done.Waiting > 0 {
		fmt.Fprintf(out, "         They are kept for a day, for %s to look at: /admin/danh-ba/nhap/%d?moi=1\n", by.Name, done.ID)
	}
}

// contactLine is a contact in a line, without numbers: the list may stand in a log.
func contactLine(row model.ContactRow) string {
	var parts []string
	for _, part := range []string{strings.TrimSpace(row.Honorific + " " + row.Name), row.Title, row.Unit} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	numbers := 0
	for _, cell := range []string{row.Office, row.Mobile, row.Fax, row.Hotline} {
		if cell != "" {
			numbers += 1 + strings.Count(cell, ";")
		}
	}
	return fmt.Sprintf("%s (%d numbers)", strings.Join(parts, " – "), numbers)
}
