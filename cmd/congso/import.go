package main

import (
	"errors"
	"fmt"
	"iter"
	"net/url"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"congso/content"
	"congso/store"
	"congso/store/model"
)

// importCommand takes what an old portal has published.
func importCommand(from sources) *cobra.Command {
	command := &cobra.Command{Use: "import", Short: "take over what an old portal has published, also while the portal is served"}
	command.AddCommand(importWXRCommand(from), importRSSCommand(from), importHTMLCommand(from), importTableCommand(from, "csv"), importTableCommand(from, "xlsx"), importJSONCommand(from))
	return command
}

// importFlags are those that all imports of news items have.
type importFlags struct {
	dry     bool
	section string
	source  string
	report  string
	as      string
}

func (f *importFlags) bind(flags *pflag.FlagSet) {
	flags.BoolVar(&f.dry, "dry-run", false, "only show what would come, and change nothing")
	flags.StringVar(&f.section, "section", "Tin tức", "section of items that name none; one below another as A/B")
	flags.StringVar(&f.source, "source", "", "address of the old portal, as https://so.example, in place of the one that the export names")
	flags.StringVar(&f.report, "report", "", "file for the report as CSV")
	flags.StringVar(&f.as, "as", "", "account of an admin in whose name the items come; needed when there are several")
}

// importHelp is what all imports of news items have in common.
const importHelp = `
An item whose source is known from an earlier import is left as it is, so the same command again brings only what was missing: also after
it was ended half-way. What was changed in the old portal meanwhile is named and not overwritten. The old addresses of what everybody may
see lead to the new pages with a 301. Nothing is fetched from a network; photos and files are taken from beside the export.

A fault stops only its item. The exit code is 1 when there was any.`

// oldExport is an export of an old portal, open for reading.
type oldExport struct {
	name    string   // of the file, for people
	address string   // of the old portal, as the export says
	total   int64    // items, 0 when nobody knows
	feeds   []string // addresses of its feed on the old portal
	// items yields each item. An error is that of the item beside it, which says where it stands; reading goes on while there are more.
	items iter.Seq2[content.OldItem, error]
	// leftOut says at the end what was not read as an item, a line each.
	leftOut func() []string
}

// sourceName names a portal by its address whatever the way in which that is written.
func sourceName(address string) (string, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return "", fmt.Errorf("--source %q is no address such as https://so.example", address)
	}
	return "https://" + strings.TrimPrefix(strings.ToLower(u.Host), "www.") + strings.TrimRight(u.Path, "/"), nil
}

// run takes the items of the export, or shows what would come.
func (f importFlags) run(command *cobra.Command, config Config, export oldExport) error {
	if f.source != "" {
		export.address = f.source
	}
	source, err := sourceName(export.address)
	if err != nil {
		return err
	}
	return asAdmin(command, config, f.as, func(s *store.Store, by model.User) error {
		return f.take(command, s, by, source, export)
	})
}

// take takes the items of the export, from the portal of that name, and reports.
func (f importFlags) take(command *cobra.Command, s *store.Store, by model.User, source string, export oldExport) (err error) {
	report, err := newImportReport(command.OutOrStdout(), f.report)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, report.close()) }()
	r := importRun{
		ctx: command.Context(), store: s, by: by.Actor(), source: source, dry: f.dry, without: splitSections(f.section),
		sections: map[string]model.Section{}, seen: map[[16]byte]bool{}, report: report,
	}
	var tell store.Progress
	tell, report.clear = newBar(command.ErrOrStderr())
	if len(export.feeds) > 0 && !f.dry {
		err = s.ImportAddresses(r.ctx, r.by, "/rss.xml", export.feeds)
	}
	if err == nil {
		err = r.all(export, tell)
	}
	report.end(r, export)
	if err == nil && report.faults > 0 {
		err = outcome(1)
	}
	return err
}

// splitSections are the names in "A/B".
func splitSections(path string) (names []string) {
	for name := range strings.SplitSeq(path, "/") {
		if name = model.Clean(name); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// asAdmin calls do with the portal's records and the admin in whose name something comes: that of the name, or the only one.
func asAdmin(command *cobra.Command, config Config, name string, do func(*store.Store, model.User) error) (err error) {
	s, err := openBeside(command, config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	by, err := importingAccount(command, s, name)
	if err != nil {
		return err
	}
	return do(s, by)
}

// importingAccount is the admin of that name, or the only one.
func importingAccount(command *cobra.Command, s *store.Store, name string) (model.User, error) {
	if name != "" {
		user, err := s.UserByName(command.Context(), name)
		switch {
		case errors.Is(err, model.ErrNotFound):
			return user, fmt.Errorf("there is no account %q", name)
		case err == nil && (user.Disabled || user.Role != model.RoleAdmin):
			return user, fmt.Errorf("the account %q is no admin's, or is disabled", name)
		}
		return user, err
	}
	list, _, err := s.Users(command.Context(), store.UserFilter{Role: model.RoleAdmin}, 1, 1000)
	if err != nil {
		return model.User{}, err
	}
	var active []model.User
	var names []string
	for _, user := range list {
		if !user.Disabled {
			active, names = append(active, user), append(names, user.Name)
		}
	}
	switch len(active) {
	case 0:
		return model.User{}, errors.New("the portal has no admin: add one with congso user add")
	case 1:
		return active[0], nil
	}
	return model.User{}, fmt.Errorf("say with --as in whose name the items come: %s", strings.Join(names, ", "))
}
