package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"congso/content"
	"congso/store"
	"congso/store/model"
)

// moveCommand carries the records from one kind of database to the other.
func moveCommand() *cobra.Command {
	var from, to string
	check := false
	command := &cobra.Command{
		Use:   "move --from sqlite:DIR --to postgres://… | --from postgres://… --to sqlite:DIR",
		Short: "carry all records from SQLite to PostgreSQL, or back, and compare them",
		Long: `Copy all records, counters and accounts from the SQLite database of a data folder into a PostgreSQL database, or the other way round, and
compare every row of every table afterwards. Both must have this program's schema, and the target must be empty; no portal may
be running on either. The source stays as it is. Sessions are left behind: everybody logs in again. Media files and articles stay where
they are: serve the moved records with the same data folder and the same settings.

What is ended before its end is not served; the same command goes on where it was, or begins anew when the source has changed.

--check only compares the two, and changes nothing.`,
		Args: cobra.NoArgs,
	}
	command.Flags().StringVar(&from, "from", "", "where the records are: sqlite:DIR, the data folder, or postgres://…")
	command.Flags().StringVar(&to, "to", "", "where they are to be, empty: postgres://…, or sqlite:DIR")
	command.Flags().BoolVar(&check, "check", false, "only compare the two")
	command.RunE = func(command *cobra.Command, _ []string) error {
		m, err := readMove(from, to)
		if err != nil {
			return err
		}
		if check {
			return m.check(command)
		}
		return m.run(command)
	}
	return command
}

// move is what to carry where: one end is the folder's SQLite database, the other one in PostgreSQL.
type move struct {
	folder, database string
	toPostgres       bool
}

func readMove(from, to string) (m move, err error) {
	folder, fromSQLite := strings.CutPrefix(from, "sqlite:")
	target, toSQLite := strings.CutPrefix(to, "sqlite:")
	switch {
	case from == "" || to == "":
		return m, errors.New("say --from and --to: sqlite:DIR for the data folder, and postgres://… for the database")
	case fromSQLite && isAddress(to):
		m = move{folder, to, true}
	case isAddress(from) && toSQLite:
		m = move{target, from, false}
	default:
		return m, errors.New("one of --from and --to must be sqlite:DIR, the other one postgres://…: between two of a kind, use congso backup and congso restore")
	}
	if filepath.Base(m.folder) == "congso.db" {
		m.folder = filepath.Dir(m.folder)
	}
	if m.folder == "" {
		return m, errors.New("sqlite: needs the data folder, as in sqlite:/var/lib/congso")
	}
	if err := store.CheckAddress(m.database); err != nil { // before a folder is made
		return m, fmt.Errorf("the address of the database cannot be used: %w", err)
	}
	return m, nil
}

func isAddress(text string) bool {
	return strings.HasPrefix(text, "postgres://") || strings.HasPrefix(text, "postgresql://")
}

func (m move) options(progress store.Progress) store.Options {
	return store.Options{Dir: m.folder, Database: m.database, Renderer: content.Renderer(), Log: slog.New(slog.DiscardHandler), Program: programName(), Progress: progress}
}

func (m move) run(command *cobra.Command) (err error) {
	if m.toPostgres {
		if _, err := os.Stat(filepath.Join(m.folder, "congso.db")); err != nil { // before a folder is made
			return noRecords(m.folder, err)
		}
	}
	lock, err := lockFolder(m.folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	began := time.Now()
	tell, clear := newBar(command.ErrOrStderr())
	done, err := store.MoveRecords(command.Context(), m.options(tell), m.toPostgres)
	clear()
	if err != nil {
		return m.withCure(command.Context(), err)
	}
	m.tell(command.OutOrStdout(), done, time.Since(began))
	return nil
}

// tell says what was done, and what to do now.
func (m move) tell(out io.Writer, done store.Moved, took time.Duration) {
	switch {
	case done.Anew:
		fmt.Fprintln(out, "The source had changed since an earlier move stopped: this one began anew.")
	case done.Resumed:
		fmt.Fprintln(out, "Went on where an earlier move had stopped.")
	}
	fmt.Fprintf(out, "Moved %d rows of %d tables, and compared them: they are the same. %.1f s.\n", done.Rows, done.Tables, took.Seconds())
	fmt.Fprintf(out, "Audit trail: entry %d, hash %s\n", done.AuditEntry, done.AuditHash)
	fmt.Fprintf(out, "Media files and articles are where they were, in %s or where the settings say.\n", m.folder)
	if m.toPostgres {
		fmt.Fprintf(out, "Now set the database (congso config set database=postgres://…), keep the data folder, and start the server. %s stays as it is: remove it once nobody needs it.\n", filepath.Join(m.folder, "congso.db"))
		return
	}
	fmt.Fprintf(out, "Now take the setting database away (congso config set database=), serve the data folder %s, and start the server.\n", m.folder)
}

// withCure says what to do about a move that did not come about.
func (m move) withCure(ctx context.Context, err error) error {
	var different *store.DifferenceError
	switch {
	case ctx.Err() != nil:
		return errors.New("stopped before its end; the source is as it was. The same command goes on where it was; what has come is not served until then")
	case errors.Is(err, model.ErrDiskFull):
		place := "the disk of " + m.folder
		if m.toPostgres {
			place = "the disk of the PostgreSQL server, or that of " + m.folder + ","
		}
		return fmt.Errorf("%s is full: make room there and run the same command again, which goes on where it was; the source is as it was", place)
	case errors.Is(err, store.ErrNotEmpty) && m.toPostgres:
		return fmt.Errorf("%w; nothing was changed: name an empty database, made with createdb", err)
	case errors.Is(err, store.ErrNotEmpty):
		return fmt.Errorf("%w; nothing was changed: put congso.db, congso.db-wal and congso.db-shm of %s aside first", err, m.folder)
	case errors.As(err, &different):
		return fmt.Errorf("%w; the source is as it was, and the target is not served: run the command again, which begins anew, and send this line to those who make congso if that fails too", err)
	}
	return err
}

func (m move) check(command *cobra.Command) error {
	began := time.Now()
	tell, clear := newBar(command.ErrOrStderr())
	tables, rows, err := store.CompareRecords(command.Context(), m.options(tell))
	clear()
	if err != nil {
		return err
	}
	fmt.Fprintf(command.OutOrStdout(), "The same %d rows in %d tables. %.1f s.\n", rows, tables, time.Since(began).Seconds())
	return nil
}
