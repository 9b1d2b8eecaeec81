package main

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"congso/content"
	"congso/store"
)

// importJSONCommand makes the portal that "congso export json" has written.
func importJSONCommand(from sources) *cobra.Command {
	var wanted store.ImportJSONOptions
	command := &cobra.Command{
		Use:   "json DIR",
		Short: "make the portal that \"congso export json\" has written, in an empty data folder",
		Long: `Make the same portal of a folder that "congso export json" has written, or another program in that form: records with their
numbers and addresses, history, statistics, accounts, pictures and attachments. The portal must be empty and the server stopped. Every
record is checked as if it were typed, every file by its type and hash; texts are rendered and the search index is made anew.

Nothing is taken unless all of it is good: each fault is named with its file and line. With --leave-out-faults what has faults is left
out, and the rest is taken. The whole portal appears at once at the end: ended before that, there is nothing, and the same command
begins anew.

Accounts whose passwords were not exported cannot be used until they get one: congso user passwd NAME. With --database the records
go into PostgreSQL.`,
		Args: cobra.ExactArgs(1),
	}
	read := from.bind(command.Flags())
	command.Flags().BoolVar(&wanted.DryRun, "dry-run", false, "only look whether all of it can be taken, and change nothing")
	command.Flags().BoolVar(&wanted.LeaveOut, "leave-out-faults", false, "leave out what has faults, and take the rest")
	command.Flags().BoolVar(&wanted.Changed, "changed", false, "take files that somebody has changed since they were exported")
	command.RunE = func(command *cobra.Command, args []string) error {
		config, err := read()
		if err != nil {
			return err
		}
		wanted.From, wanted.Content = args[0], config.Content
		return importJSON(command, config, wanted)
	}
	return command
}

func importJSON(command *cobra.Command, config Config, wanted store.ImportJSONOptions) (err error) {
	if err := config.Validate(); err != nil {
		return err
	}
	if err := mustBeFolder(wanted.From); err != nil {
		return fmt.Errorf("import: %w", err)
	}
	_, missing := os.Stat(config.Data)
	lock, err := lockFolder(config.Data)
	if err != nil {
		return err
	}
	defer func() {
		err = errors.Join(err, lock.Unlock())
		if wanted.DryRun && errors.Is(missing, fs.ErrNotExist) {
			err = errors.Join(err, os.Remove(lock.Path()), os.Remove(config.Data))
		}
	}()
	began := time.Now()
	tell, clear := newBar(command.ErrOrStderr())
	done, err := store.ImportJSON(command.Context(), store.Options{
		Dir: config.Data, Database: config.Database, Media: config.media(), Renderer: content.Renderer(), Log: slog.New(slog.DiscardHandler),
		Program: programName(), Progress: tell,
	}, wanted)
	clear()
	for _, fault := range done.Faults {
		fmt.Fprintln(command.OutOrStdout(), fault)
	}
	if done.More > 0 {
		fmt.Fprintf(command.OutOrStdout(), "… and %d more.\n", done.More)
	}
	if err != nil {
		return withImportCure(withRoom(err, config.Data), len(done.Faults)+done.More)
	}
	if !wanted.DryRun {
		if err := placeRestored(command, config); err != nil {
			return err
		}
	}
	tellImported(command, wanted, done, time.Since(began))
	return nil
}

// withImportCure says what to do about an import that did not come about.
func withImportCure(err error, faults int) error {
	switch {
	case errors.Is(err, store.ErrJSONFaults):
		return fmt.Errorf("%w: mend the %d lines above (and say --changed then), or leave them out with --leave-out-faults", err, faults)
	case errors.Is(err, store.ErrPortalFilled):
		return fmt.Errorf("%w; nothing was changed: name a new data folder with --data, and with --database an empty database", err)
	case errors.Is(err, store.ErrAuditBroken):
		return fmt.Errorf("%w: lines of audit.jsonl were changed, taken out or put in; nothing was imported. With --leave-out-faults it is taken as it is", err)
	}
	return err
}

// tellImported says what has come, and what to do now.
func tellImported(command *cobra.Command, wanted store.ImportJSONOptions, done store.ImportedJSON, took time.Duration) {
	out := command.OutOrStdout()
	for _, name := range slices.Sorted(maps.Keys(done.Portal.Records)) {
		fmt.Fprintf(out, "  %-26s %9d of %d\n", name, done.Records[name], done.Portal.Records[name])
	}
	if wanted.DryRun {
		fmt.Fprintf(out, "%d records can be taken; nothing was changed. %.1f s.\n", allOf(done.Records), took.Seconds())
		return
	}
	origin := ""
	if !done.Portal.At.IsZero() { // another program need not say
		origin = fmt.Sprintf(" of %q, exported %s", done.Portal.Site.Name, done.Portal.At.Format("2006-01-02 15:04:05 -07:00"))
	}
	fmt.Fprintf(out, "Imported %d records%s. %.1f s.\n", allOf(done.Records), origin, took.Seconds())
	if done.Portal.AuditEntry > 0 {
		fmt.Fprintf(out, "Audit trail: entry %d, hash %s\n", done.Portal.AuditEntry, done.Portal.AuditHash)
	}
	if done.Kept != "" {
		fmt.Fprintf(out, "The empty records that were there are kept in %s; remove them when you like.\n", done.Kept)
	}
	if done.Locked > 0 {
		fmt.Fprintf(out, "%d accounts have no password: give them one with congso user passwd NAME.\n", done.Locked)
	}
	if !done.Portal.Media {
		fmt.Fprintln(out, "Pictures and attachments were not in the export: put those of the old portal into the media folder.")
	}
	if done.Portal.Articles && !done.Articles {
		fmt.Fprintln(out, "The articles were left where they are: put the folder articles of the export where the setting content says.")
	}
	fmt.Fprintln(out, "Now start the server.")
	tellMissing(command, done.Missing)
}
