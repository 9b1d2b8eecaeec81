package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"congso/cmd/congso/load"
)

const benchHelp = `Bench fills portals with so many news items (Vietnamese-like text, the same in each run), serves them on 127.0.0.1 and measures how
its pages are answered, in turn with a bare server of Go's net/http that writes the same bytes.

Each line is one kind of page, asked for by 64 connections (--connections); the columns are
  req/s        answers in a second, in the middle one of five rounds
  p50, p99     milliseconds of an answer while all connections ask
  one: p50 p99 the same while one connection asks
  cpu          microseconds of the server's processor for an answer
  of bare      answers in a second, of those of the bare server in the same round
  of its cpu   the bare server's time of the processor for an answer, of the portal's
  growth       time of the processor for an answer, to that of the smallest portal
and the parts are
  served       one address of each kind, as everybody gets it
  cold         each page made for one reader alone; of thousands of random items and of several searches of each kind
  writing      the same while items are written beside, four in a second

After them stands what counting and the log cost: shares of the processor's time for the item page as it is served, by many slices of 25 ms
in turn with it, without it and without the log; with what it takes to move the views into the database. In brackets, what parts of the run
tell: how far it is to be believed on this machine.

Under Linux the server and the bare one are kept on one core and what asks on another. A measurement of a machine that does something else
meanwhile tells little but the ratios. Any wrong answer ends the run with exit code 1.

A portal takes about 9 MB of disk for 1,000 items and one or two seconds of the processor to fill, 9 GB for a million. With --dir it is kept for the next run;
the folder must be empty or of an earlier run.

With --database postgres://… the portals are measured that keep their records there, each line in turn with the portal of as many items on
SQLite as well; the columns are then
  of SQLite    answers in a second, of those of the portal on SQLite in the same round
  of its cpu   the time of the processor for an answer there, of that of the portal on PostgreSQL (without what the database server takes)
Each portal gets a schema of its own, congso_bench_…, and nothing else in the database is touched. It is taken away at the end, or kept like
the folder with --dir; a schema of that name that holds anything else is refused.

--mixed 10m measures one portal for so long instead, while 61 of 64 readers ask for pages of all kinds, some compressed, and three more
write texts with pauses of 250 ms: answers and p99 of each minute, memory every ten seconds, and whether each view was counted once.`

// benchPlan is what is to be measured.
type benchPlan struct {
	items    []int
	folder   string // "" for one that is thrown away
	database string // address of a PostgreSQL database, "" for SQLite alone
	during   time.Duration
	within   time.Duration
	mixed    time.Duration // 0 for the table
	asking   int           // connections
	only     string        // stands in the way and kind of page of each line that is measured, "" for all
	asJSON   bool
}

func benchCommand() *cobra.Command {
	var plan benchPlan
	items := ""
	command := &cobra.Command{Use: "bench", Short: "measure how fast pages are answered, with many records", Long: benchHelp, Args: cobra.NoArgs}
	flags := command.Flags()
	flags.StringVar(&items, "items", "1000,100000", "news items of each portal that is measured, comma-separated")
	flags.StringVar(&plan.folder, "dir", "", "folder in which the portals are kept between runs")
	flags.StringVar(&plan.database, "database", "", "address of a PostgreSQL database, to measure portals with records there beside those on SQLite")
	flags.DurationVar(&plan.during, "for", 5*time.Second, "how long each line is measured, half of it the bare server")
	flags.DurationVar(&plan.within, "within", 30*time.Minute, "how long the whole may take; what is left out then is told")
	flags.IntVar(&plan.asking, "connections", 64, "connections that ask at once")
	flags.DurationVar(&plan.mixed, "mixed", 0, "measure one portal for so long under mixed load instead")
	flags.StringVar(&plan.only, "only", "", `measure the lines alone in which this stands, such as "served home" or "cold"`)
	flags.BoolVar(&plan.asJSON, "json", false, "print JSON")
	command.RunE = func(command *cobra.Command, _ []string) (err error) {
		if plan.items, err = benchSizes(items); err != nil {
			return err
		}
		if plan.during < 10*time.Millisecond {
			return fmt.Errorf("--for %s is too short", plan.during)
		}
		if plan.asking < 1 || plan.asking > 10_000 {
			return fmt.Errorf("--connections %d: from 1 to 10000 are possible", plan.asking)
		}
		return plan.run(command)
	}
	command.AddCommand(benchServing("portal", func(command *cobra.Command, folder string) error {
		log, flush := newLog(command.ErrOrStderr())
		return errors.Join(benchPortal(command.Context(), folder, log, flush, command.InOrStdin(), command.OutOrStdout()), flush())
	}), benchServing("bare", func(command *cobra.Command, _ string) error {
		return benchBare(command.Context(), command.InOrStdin(), command.OutOrStdout())
	}))
	return command
}

// benchServing is one of the servers, which a run starts: nobody else needs it.
func benchServing(name string, serve func(*cobra.Command, string) error) *cobra.Command {
	folder := ""
	command := &cobra.Command{Use: name, Short: "serve for congso bench", Hidden: true, Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error { return serve(command, folder) }}
	command.Flags().StringVar(&folder, "folder", "", "data folder")
	return command
}

func benchSizes(text string) (sizes []int, err error) {
	for part := range strings.SplitSeq(text, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil || n < 1 || n > 9_999_999 {
			return nil, fmt.Errorf("--items %q: numbers from 1 to 9999999 are meant, comma-separated", text)
		}
		sizes = append(sizes, n)
	}
	return sizes, nil
}

// run does what is planned and prints it.
func (plan benchPlan) run(command *cobra.Command) (err error) {
	ctx, cancel := context.WithTimeout(command.Context(), plan.within)
	defer cancel()
	b := newBench(plan)
	b.progress = command.ErrOrStderr()
	if b.program, err = os.Executable(); err != nil {
		return err
	}
	if b.folder == "" {
		if b.folder, err = os.MkdirTemp("", "congso-bench-"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(b.folder)) }()
	}
	if err := os.MkdirAll(b.folder, 0o700); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.dropThrownAway(context.WithoutCancel(ctx))) }()
	for _, items := range plan.items { // before it is kept on one core
		if err := b.fill(ctx, items); err != nil {
			return err
		}
	}
	if b.log, err = os.OpenFile(filepath.Join(b.folder, "log"), os.O_CREATE|os.O_TRUNC|os.O_APPEND|os.O_WRONLY, 0o600); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.log.Close()) }()
	if b.core, err = benchCores(); err != nil {
		return err
	}
	if plan.mixed > 0 {
		return b.runMixed(ctx, command.OutOrStdout())
	}
	return b.runTable(ctx, command.OutOrStdout())
}

// benchCores keeps this process on the second core and returns the first, for the servers; -1 where there are not two.
func benchCores() (int, error) {
	cores, err := load.Cores()
	if err != nil || len(cores) < 2 {
		return -1, err
	}
	return cores[0], load.Stay(cores[1])
}

// startPortal starts the portal of that place. The address of a database may hold a password, which no list of processes shows then.
func (b *bench) startPortal(place benchPlace) (*benchServer, error) {
	s, err := b.start("portal", "--folder", place.folder)
	if err != nil {
		return nil, err
	}
	if _, err := io.WriteString(s.in, place.database+"\n"); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	return s, s.began()
}
