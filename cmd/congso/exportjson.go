package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"congso/store"
)

// exportJSONCommand writes all records into a folder, in a form for people and other programs.
func exportJSONCommand(from sources) *cobra.Command {
	secrets, noMedia := false, false
	command := &cobra.Command{
		Use:   "json DIR",
		Short: "write every record with its files in an open form, also while the portal is served",
		Long: `Write every record of the portal into the folder DIR, as lines of JSON that README.md and schema/ in it describe, with pictures,
attachments and the folder of articles. Other programs can read it, and "congso import json" makes the same portal of it. All records
are as they are at one moment, also while the portal is served.

What it writes is not public: personal telephone numbers, internal items, drafts and the audit trail are in it. Passwords, even
hashed, second factors and recovery codes are left out unless you say --with-secrets; without them accounts can be used again once
they get a new password.

DIR is a folder that is not there yet, or is empty. It appears when it is whole; until then it is DIR.part. A command that was ended
before its end is simply run again: it begins anew.`,
		Args: cobra.ExactArgs(1),
	}
	read := from.bind(command.Flags())
	command.Flags().BoolVar(&secrets, "with-secrets", false, "with hashed passwords, second factors and recovery codes")
	command.Flags().BoolVar(&noMedia, "no-media", false, "without pictures and attachments")
	command.RunE = func(command *cobra.Command, args []string) error {
		config, err := read()
		if err != nil {
			return err
		}
		return exportJSON(command, config, store.ExportJSONOptions{Dir: args[0], Secrets: secrets, NoMedia: noMedia, Content: config.Content})
	}
	return command
}

func exportJSON(command *cobra.Command, config Config, o store.ExportJSONOptions) (err error) {
	s, err := openBeside(command, config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := lowPriority(); err != nil {
		return err
	}
	began := time.Now()
	tell, clear := newBar(command.ErrOrStderr())
	o.Progress, o.Program = tell, programName()
	p, err := s.ExportJSON(command.Context(), o)
	clear()
	if err != nil {
		return withRoom(err, filepath.Dir(o.Dir))
	}
	out := command.OutOrStdout()
	fmt.Fprintf(out, "%s: %d records. %.1f s.\n", o.Dir, allOf(p.Records), time.Since(began).Seconds())
	fmt.Fprintf(out, "Audit trail: entry %d, hash %s\n", p.AuditEntry, p.AuditHash)
	fmt.Fprintln(out, "Personal telephone numbers, internal items and drafts are in it: keep it as you keep the portal itself.")
	if p.Secrets {
		fmt.Fprintln(out, "Hashed passwords and second factors are in it too.")
	} else {
		fmt.Fprintln(out, "Passwords are not in it: where it is imported, each account needs a new one (congso user passwd NAME).")
	}
	if !p.Media {
		fmt.Fprintln(out, "Pictures and attachments are not in it.")
	}
	tellMissing(command, p.Missing)
	return nil
}

// allOf is how many there are in all.
func allOf(of map[string]int64) (n int64) {
	for _, count := range of {
		n += count
	}
	return n
}

// tellMissing names files that records name and that are not there.
func tellMissing(command *cobra.Command, missing []string) {
	if len(missing) == 0 {
		return
	}
	fmt.Fprintf(command.ErrOrStderr(), "Warning: %d files that records name were missing or damaged when it was exported:\n", len(missing))
	for _, name := range missing[:min(len(missing), missingShown)] {
		fmt.Fprintln(command.ErrOrStderr(), " ", name)
	}
}

// mustBeFolder holds that there is such a folder, before one is made for the portal.
func mustBeFolder(name string) error {
	info, err := os.Stat(name)
	if err == nil && !info.IsDir() {
		err = fmt.Errorf("%s is no folder", name)
	}
	return err
}
