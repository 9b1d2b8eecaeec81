package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"congso/store"
	"congso/store/model"
)

// rollbackCommand goes back to the database that an upgrade has kept.
func rollbackCommand(from sources) *cobra.Command {
	r := rollback{}
	var list bool
	command := &cobra.Command{
		Use:   "rollback",
		Short: "go back to the database as it was before the last upgrade; the newer one is kept",
		Long: `Put the database as it was before the last upgrade, or another snapshot, in the place of the newer one, which is kept in
before-rollback-… in the data folder. The server must be stopped. What was written since is told first, and is not in the
snapshot; media files stay. Afterwards run the program that the snapshot names: a newer one would upgrade it again.`,
		Args: cobra.NoArgs,
	}
	read := from.bind(command.Flags())
	command.Flags().StringVar(&r.to, "to", "", "name of the snapshot; the last one unless set")
	command.Flags().BoolVar(&list, "list", false, "only list the snapshots; also beside a running server")
	command.Flags().BoolVar(&r.yes, "yes", false, "do not ask")
	command.RunE = func(command *cobra.Command, _ []string) (err error) {
		config, err := read()
		if err == nil {
			err = config.Validate()
		}
		if err != nil {
			return err
		}
		if config.Database != "" {
			return errors.New("on PostgreSQL an upgrade leaves no snapshot to go back to: install the program as it was before, and restore the backup made before the upgrade with 'congso restore FILE'")
		}
		if err := actAsOwner(config.Data); err != nil {
			return err
		}
		r.dir, r.media, r.in, r.out = config.Data, config.media(), command.InOrStdin(), command.OutOrStdout()
		snapshots, err := store.Snapshots(r.dir)
		if err != nil {
			return err
		}
		if list {
			return printSnapshots(r.out, snapshots)
		}
		return r.run(command.Context(), snapshots)
	}
	return command
}

type rollback struct {
	dir, to string
	media   store.Media
	yes     bool
	in      io.Reader
	out     io.Writer
}

func (r rollback) run(ctx context.Context, snapshots []store.Snapshot) (err error) {
	to, err := r.choose(snapshots)
	if err != nil {
		return err
	}
	lock, err := lockFolder(r.dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	fmt.Fprintf(r.out, "Going back to %s: schema %d, taken %s, last served by congso %s.\n",
		to.Name, to.Schema, to.Taken.Format("2006-01-02 15:04:05"), cmp.Or(to.Program, "of the version before the upgrade"))
	r.tellWritten(ctx, to)
	if err := r.tellMissing(ctx, to); err != nil {
		return err
	}
	if err := r.ask(); err != nil {
		return err
	}
	kept, err := store.Rollback(ctx, r.dir, to, time.Now())
	if err != nil {
		return err
	}
	fmt.Fprintf(r.out, "Done. The newer database is kept in %s; remove it once nobody needs it.\n", kept)
	return r.tellProgram(ctx, to)
}

func (r rollback) choose(snapshots []store.Snapshot) (store.Snapshot, error) {
	if len(snapshots) == 0 {
		return store.Snapshot{}, fmt.Errorf("%s has no snapshots: no upgrade has made one", r.dir)
	}
	if r.to == "" {
		return snapshots[0], nil
	}
	for _, s := range snapshots {
		if s.Name == r.to {
			return s, nil
		}
	}
	return store.Snapshot{}, fmt.Errorf("there is no snapshot %q: 'congso rollback --list' names those that there are", r.to)
}

// tellWritten says what will be lost. That it cannot be told is no reason not to go back.
func (r rollback) tellWritten(ctx context.Context, to store.Snapshot) {
	w, err := store.WrittenSince(ctx, r.dir, to)
	switch {
	case err != nil:
		fmt.Fprintf(r.out, "What was written since cannot be told: %v\n", err)
		return
	case !w.Continues:
		fmt.Fprintln(r.out, "What was written since cannot be told: the audit trail does not go on from the snapshot's.")
	case w.Entries == 0:
		fmt.Fprintln(r.out, "No record was changed since.")
	default:
		fmt.Fprintf(r.out, "Written since, and not in the snapshot: %d changes.\n", w.Entries)
	}
	for _, c := range w.Changes {
		fmt.Fprintf(r.out, "  %6d × %s %s\n", c.Count, c.Kind, c.Action)
	}
	if len(w.Users) > 0 {
		fmt.Fprintf(r.out, "New accounts: %s\n", strings.Join(w.Users, ", "))
	}
	if len(w.Last) > 0 {
		fmt.Fprintln(r.out, "The last ones:")
	}
	for _, a := range w.Last {
		fmt.Fprintf(r.out, "  %s  %s  %s %s %d\n", a.At.Format("2006-01-02 15:04:05"), a.Actor.Name, a.Action, a.Kind, a.RecordID)
	}
	if w.Views != 0 {
		fmt.Fprintf(r.out, "Views counted since: %d\n", w.Views)
	}
}

func (r rollback) tellMissing(ctx context.Context, to store.Snapshot) error {
	missing, err := store.MissingMedia(ctx, store.Options{Dir: r.dir, Media: r.media}, to)
	if errors.Is(err, model.ErrFilesAway) { // no reason to stay with a program that does not work
		fmt.Fprintf(r.out, "Whether the media still have all files that the snapshot names is not known now: %v\n", err)
		return nil
	}
	if err != nil {
		return err
	}
	for _, name := range missing {
		fmt.Fprintf(r.out, "The snapshot names a file that the media no longer have: %s\n", name)
	}
	return nil
}

// ask returns nil when the answer is yes.
func (r rollback) ask() error {
	if r.yes {
		return nil
	}
	file, ok := r.in.(*os.File)
	if !ok || !isatty.IsTerminal(file.Fd()) {
		return errors.New("nobody can be asked here: say --yes to go back; the database is as it was")
	}
	fmt.Fprint(r.out, "Go back? (y/N) ")
	answer, err := bufio.NewReader(file).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if answer = strings.ToLower(strings.TrimSpace(answer)); answer != "y" && answer != "yes" {
		return errors.New("not gone back; the database is as it was")
	}
	return nil
}

func (r rollback) tellProgram(ctx context.Context, to store.Snapshot) error {
	schema, err := store.ReadSchema(ctx, store.Options{Dir: r.dir})
	if err != nil {
		return err
	}
	if schema.Target > to.Schema {
		fmt.Fprintf(r.out, "Now install congso %s before you start the server: this program, congso %s, would upgrade the database again.\n",
			cmp.Or(to.Program, "as it was before the upgrade"), programName())
	}
	return nil
}
