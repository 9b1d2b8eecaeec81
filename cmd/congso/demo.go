package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
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

// demoMark is the file that tells a demo's folder from one with real records. It holds the day of the data once they are complete.
const demoMark = "demo"

// demoRecords are the entries of a data folder that hold records.
var demoRecords = []string{"congso.db", "congso.db-wal", "congso.db-shm", "media", "hits", "snapshots"}

func demoCommand(from sources) *cobra.Command {
	from.file = "" // that is the real portal's, which sample data have nothing to do with
	fresh := false
	command := &cobra.Command{
		Use:   "demo",
		Short: "run the portal on a year of invented records, in a folder of its own",
		Args:  cobra.NoArgs,
	}
	read := from.bind(command.Flags())
	command.Flags().BoolVar(&fresh, "fresh", false, "throw the demo's records away and begin anew, with dates counted from now")
	command.RunE = func(command *cobra.Command, _ []string) error {
		config, err := read()
		if err != nil {
			return err
		}
		log, closeLog, err := openLog(config, command.ErrOrStderr())
		if err != nil {
			return err
		}
		p, err := openDemo(command.Context(), config, fresh, log, command.OutOrStdout())
		if err == nil {
			err = p.serve(command.Context(), command.OutOrStdout())
		}
		return errors.Join(err, closeLog())
	}
	return command
}

// demoFolder is where the demo keeps its records unless told otherwise.
func demoFolder() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no cache folder for the demo, set --data: %w", err)
	}
	return filepath.Join(cache, "congso-demo"), nil
}

// openDemo opens the demo's portal, with its records made when there are none yet.
func openDemo(ctx context.Context, config Config, fresh bool, log *slog.Logger, out io.Writer) (p *portal, err error) {
	if config.Database != "" {
		return nil, errors.New("the demo keeps its records in its own folder: leave --database and CONGSO_DATABASE out")
	}
	if config.Media != "" {
		return nil, errors.New("the demo keeps its pictures in its own folder: leave --media and CONGSO_MEDIA out")
	}
	if config.Data == "" {
		if config.Data, err = demoFolder(); err != nil {
			return nil, err
		}
	}
	p = &portal{config: config, log: log, demo: true}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.close())
		}
	}()
	if err = p.openPorts(); err != nil {
		return p, err
	}
	if p.lock, err = lockFolder(config.Data); err != nil {
		return p, err
	}
	complete, err := prepareDemo(config.Data, fresh)
	if err != nil {
		return p, err
	}
	clock := &demoClock{}
	options, err := p.storeOptions()
	if err != nil {
		return p, err
	}
	options.Now = clock.now
	if p.store, err = store.Open(ctx, options); err != nil {
		return p, err
	}
	if complete == "" {
		if err := fillDemo(ctx, p.store, clock, config.Data, out); err != nil {
			return p, err
		}
	} else if complete != string(p.store.Today()) {
		fmt.Fprintf(out, "The sample data are of %s; --fresh begins anew with today's dates.\n", complete)
	}
	if err := putDemoUsers(ctx, p.store); err != nil {
		return p, err
	}
	if p.content, err = content.Open(config.Content, log); err != nil {
		return p, err
	}
	return p, nil
}

// isDemo reports whether the configured records are a demo's, so that sample data never pass as real ones, whatever serves them.
func isDemo(config Config) (bool, error) {
	if config.Database != "" {
		return false, nil
	}
	_, err := os.Stat(filepath.Join(config.Data, demoMark))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// prepareDemo returns the day of the records in folder, "" when they must be made. What an interrupted start left is thrown
// away; a folder with records that are no demo's is refused.
func prepareDemo(folder string, fresh bool) (day string, err error) {
	mark, err := os.ReadFile(filepath.Join(folder, demoMark))
	if errors.Is(err, fs.ErrNotExist) {
		for _, name := range demoRecords { // media alone: the records are in PostgreSQL
			if _, err := os.Stat(filepath.Join(folder, name)); err == nil {
				return "", fmt.Errorf("%s holds records that are not the demo's: give the demo a folder of its own with --data", folder)
			}
		}
		return "", os.WriteFile(filepath.Join(folder, demoMark), nil, 0o600)
	}
	if err != nil {
		return "", fmt.Errorf("demo: %w", err)
	}
	if day := strings.TrimSpace(string(mark)); day != "" && !fresh {
		return day, nil
	}
	// Without its day the mark says that the records are not whole, should taking them away be interrupted.
	if err := os.WriteFile(filepath.Join(folder, demoMark), nil, 0o600); err != nil {
		return "", fmt.Errorf("demo: %w", err)
	}
	for _, name := range demoRecords {
		if err := os.RemoveAll(filepath.Join(folder, name)); err != nil {
			return "", fmt.Errorf("demo: %w", err)
		}
	}
	return "", nil
}

// fillDemo makes the records and marks them complete.
func fillDemo(ctx context.Context, s *store.Store, clock *demoClock, folder string, out io.Writer) error {
	began := time.Now()
	fmt.Fprintln(out, "Making a year of sample data …")
	if err := loadDemo(ctx, s, clock, began); err != nil {
		return err
	}
	if err := s.IndexDirectory(ctx); err != nil { // the clock ran through two years meanwhile
		return err
	}
	if _, err := s.Sweep(ctx, "demo"); err != nil { // what expired in the year is archived when the portal first opens
		return err
	}
	fmt.Fprintf(out, "Made in %.1f s, kept in %s.\n", time.Since(began).Seconds(), folder)
	return os.WriteFile(filepath.Join(folder, demoMark), []byte(model.DayOf(began)), 0o600)
}
