package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"congso/content"
	"congso/store"
)

// restoreCommand puts the records of an archive in the place of those of the data folder.
func restoreCommand(from sources) *cobra.Command {
	check := false
	command := &cobra.Command{
		Use:   "restore FILE",
		Short: "put an archive's records in the place of those that are there, which are kept beside",
		Long: `Verify an archive that "congso backup" has written, and put its records, media and articles in the place of those of the
data folder, as a whole. What was there is kept in before-restore-… in the data folder. The server must be stopped. An empty
or new data folder will do. Logins and passwords are those of the archive.

With --media in another folder or in a bucket the files are put there too, from the data folder, where there must be room for them
meanwhile; none is removed there.

With --database, the records go into PostgreSQL, whatever the archive was made of; what was there is kept in a schema beside,
…_before_restore_…, and media files are only added to. All portals on that database must be stopped.

--check only verifies the archive and says what it holds; it needs no data folder.`,
		Args: cobra.ExactArgs(1),
	}
	read := from.bind(command.Flags())
	command.Flags().BoolVar(&check, "check", false, "only verify the archive and print what it holds")
	command.RunE = func(command *cobra.Command, args []string) error {
		config, err := read()
		if err != nil {
			return err
		}
		if check {
			return checkBackup(command, args[0])
		}
		return restore(command, config, args[0])
	}
	return command
}

func checkBackup(command *cobra.Command, file string) error {
	tell, clear := newBar(command.ErrOrStderr())
	m, err := store.CheckBackup(command.Context(), file, tell)
	clear()
	if err != nil {
		return withAnother(withRoom(err, os.TempDir()))
	}
	fmt.Fprintf(command.OutOrStdout(), "%s is whole.\n", file)
	printManifest(command.OutOrStdout(), m)
	printMissing(command.ErrOrStderr(), m)
	return nil
}

func restore(command *cobra.Command, config Config, file string) (err error) {
	if err := config.Validate(); err != nil {
		return err
	}
	if _, err := os.Stat(file); err != nil { // before a folder is made for it
		return fmt.Errorf("restore: %w", err)
	}
	lock, err := lockFolder(config.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	tell, clear := newBar(command.ErrOrStderr())
	done, err := restoreInto(command.Context(), config, file, tell)
	clear()
	if err != nil {
		return withAnother(withRoom(err, config.Data))
	}
	if err := placeRestored(command, config); err != nil {
		return err
	}
	fmt.Fprintf(command.OutOrStdout(), "Restored %s.\n", file)
	printManifest(command.OutOrStdout(), done.Manifest)
	if done.Kept != "" {
		fmt.Fprintf(command.OutOrStdout(), "What was there before is kept in %s; remove it when you are sure.\n", done.Kept)
	}
	if done.Unindexed && config.Database == "" {
		fmt.Fprintln(command.OutOrStdout(), "The first start makes the search index, which takes about a minute for each 50,000 news and meetings.")
	}
	fmt.Fprintln(command.OutOrStdout(), "Now start the server. Accounts, passwords and logins are those of the backup.")
	printMissing(command.ErrOrStderr(), done.Manifest)
	return nil
}

// restoreInto restores the archive into the data folder or into PostgreSQL.
func restoreInto(ctx context.Context, config Config, file string, tell store.Progress) (store.Restored, error) {
	if config.Database == "" {
		return store.Restore(ctx, config.Data, file, time.Now(), tell)
	}
	return store.RestorePostgres(ctx, store.Options{
		Dir: config.Data, Database: config.Database, Media: config.media(), Renderer: content.Renderer(), Log: slog.New(slog.DiscardHandler), Program: programName(), Progress: tell,
	}, file, time.Now())
}

// withAnother says what to do about an archive that cannot be used.
func withAnother(err error) error {
	if errors.Is(err, store.ErrBadArchive) {
		return fmt.Errorf("%w; nothing was changed: take another archive, or copy this one again from where it is whole", err)
	}
	return err
}

func printManifest(out io.Writer, m store.Manifest) {
	var bytes int64
	for _, f := range m.Files {
		bytes += f.Bytes
	}
	fmt.Fprintf(out, "  site      %s\n  time      %s\n  program   %s, schema %d\n", m.Site, m.At.Format("2006-01-02 15:04:05 -07:00"), cmp.Or(m.Program, "unknown"), m.Schema)
	fmt.Fprintf(out, "  files     %d, %s\n  audit     entry %d, hash %s\n", len(m.Files), inBytes(bytes), m.AuditEntry, m.AuditHash)
	for _, kind := range slices.Sorted(maps.Keys(m.Records)) {
		fmt.Fprintf(out, "  %-9s %d\n", kind, m.Records[kind])
	}
	if m.Demo {
		fmt.Fprintln(out, "  These are sample data.")
	}
}

// missingShown is how many missing files are named.
const missingShown = 20

func printMissing(out io.Writer, m store.Manifest) {
	if len(m.Missing) == 0 {
		return
	}
	fmt.Fprintf(out, "Warning: %d files that records name were missing or damaged when the backup was made:\n", len(m.Missing))
	for _, name := range m.Missing[:min(len(m.Missing), missingShown)] {
		fmt.Fprintln(out, " ", name)
	}
}
