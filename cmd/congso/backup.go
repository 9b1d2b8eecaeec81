package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"congso/store"
	"congso/store/model"
)

// backupCommand writes an archive of the portal, be it beside a running server.
func backupCommand(from sources) *cobra.Command {
	keep := 0
	command := &cobra.Command{
		Use:   "backup [FILE|DIR]",
		Short: "write the whole portal into one archive, also while it is served",
		Long: `Write database, media and the articles in the data folder into one tar archive, also while the portal is served.

FILE is the archive's name; one that is there is replaced once the new one is whole. In a folder DIR the archive is named
congso-YYYYMMDD-HHMMSS.tar, by Vietnam's time; without either it goes to --backup-dir. --keep N removes the oldest
archives of such names in DIR but for N, after the new one is whole. Records in PostgreSQL are copied into the same
kind of archive, as they are at one moment, but for the search index and sessions: it restores into either. On the disk of the archive there must be room
for it and, meanwhile, for the database.`,
		Args: cobra.MaximumNArgs(1),
	}
	read := from.bind(command.Flags())
	command.Flags().IntVar(&keep, "keep", 0, "remove the oldest archives in DIR but for so many; 0 removes none")
	command.RunE = func(command *cobra.Command, args []string) error {
		config, err := read()
		if err != nil {
			return err
		}
		return runBackup(command, config, strings.Join(args, ""), keep)
	}
	return command
}

func runBackup(command *cobra.Command, config Config, target string, keep int) (err error) {
	if target == "" {
		target = config.BackupDir
	}
	file, folder := archivePlace(target, time.Now())
	switch {
	case target == "":
		return errors.New("no place for the backup: name a file or a folder, or set --backup-dir")
	case keep < 0 || keep > 0 && folder == "":
		return errors.New("--keep needs a number, and a folder to keep so many archives in")
	}
	s, err := openBeside(command, config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := lowPriority(); err != nil {
		return err
	}
	tell, clear := newBar(command.ErrOrStderr())
	m, state, err := makeBackup(command.Context(), s, store.BackupOptions{File: file, Content: config.Content, Gentle: true, Progress: tell})
	clear()
	if err != nil {
		return withRoom(err, filepath.Dir(file))
	}
	fmt.Fprintf(command.OutOrStdout(), "%s: %s, %d records, %d files, in %s.\n", file, inBytes(state.Bytes), records(m), len(m.Files)-1, state.Took.Round(time.Millisecond))
	fmt.Fprintf(command.OutOrStdout(), "Audit trail: entry %d, hash %s\n", m.AuditEntry, m.AuditHash)
	printMissing(command.ErrOrStderr(), m)
	if keep == 0 {
		return nil
	}
	removed, err := store.PruneBackups(folder, keep)
	for _, old := range removed {
		fmt.Fprintln(command.OutOrStdout(), "Removed", old)
	}
	return err
}

// archivePlace is the archive to write for what was asked, and its folder when the name in it is ours to choose.
func archivePlace(target string, at time.Time) (file, folder string) {
	info, err := os.Stat(target)
	if err == nil && info.IsDir() || strings.HasSuffix(target, "/") || strings.HasSuffix(target, string(filepath.Separator)) {
		return filepath.Join(target, store.BackupName(at)), filepath.Clean(target)
	}
	return target, ""
}

// makeBackup writes the archive and notes in the records how that went.
func makeBackup(ctx context.Context, s *store.Store, o store.BackupOptions) (m store.Manifest, state model.BackupState, err error) {
	began := time.Now()
	built := thisBuild()
	o.Program, o.Commit = built.Version, built.Commit
	m, err = s.Backup(ctx, o)
	if ctx.Err() != nil {
		return m, state, err // no try that anybody wants to hear of
	}
	var size int64
	if err == nil {
		size, err = sizeOf(o.File)
	}
	noted := s.PutBackupState(ctx, func(b *model.BackupState) {
		b.Tried, b.Error = began, ""
		if err != nil {
			b.Error = err.Error()
			return
		}
		b.At, b.File, b.Bytes, b.Took, b.Missing = m.At, o.File, size, time.Since(began), len(m.Missing)
		if place, err := filepath.Abs(o.File); err == nil {
			b.File = place
		}
		state = *b
	})
	return m, state, errors.Join(err, noted)
}

func sizeOf(file string) (int64, error) {
	info, err := os.Stat(file)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// withRoom says what to do about a full disk.
func withRoom(err error, folder string) error {
	if errors.Is(err, model.ErrDiskFull) {
		return fmt.Errorf("the disk of %s is full: make room there, or name another folder; nothing was changed (%w)", folder, err)
	}
	return err
}

// records are how many there are of all kinds, without the audit trail.
func records(m store.Manifest) (n int64) {
	for kind, count := range m.Records {
		if kind != "audit" {
			n += count
		}
	}
	return n
}
