package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"congso/cmd/congso/sitecopy"
	"congso/content"
	"congso/handlers"
	"congso/store"
)

func exportStaticCommand(from sources) *cobra.Command {
	full := false
	command := &cobra.Command{
		Use:   "static DIR",
		Short: "write the public site as files that open in a browser without a server, also while the portal is served",
		Long: `Write every public page as an outsider sees it into the folder DIR: files with links from one to another, which open from a disk, a
stick or any plain web server, with a search page that needs no server either. Nothing internal, no draft and no personal number is in it.

Run again, it writes only what has changed and removes the pages that are gone. It touches no file in DIR that it has not written itself,
and refuses a folder that has other files in it. One that was ended is simply run again.

With --url, or a public address in the settings, feeds and the sitemap have absolute links, and nginx can serve the copy while the portal is
down: see the operators' handbook. The exit code is 1 when a page leads to an address where nothing is; such links are taken off.`,
		Args: cobra.ExactArgs(1),
	}
	read := from.bind(command.Flags())
	command.Flags().BoolVar(&full, "full", false, "write every file anew, also those that have not changed")
	command.RunE = func(command *cobra.Command, args []string) error {
		config, err := read()
		if err != nil {
			return err
		}
		return exportStatic(command, config, args[0], full)
	}
	return command
}

func exportStatic(command *cobra.Command, config Config, name string, full bool) (err error) {
	if err := folderOfItsOwn(config, name); err != nil {
		return err
	}
	s, err := openBeside(command, config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := lowPriority(); err != nil {
		return err
	}
	public, err := config.public()
	if err != nil {
		return err
	}
	folder, err := sitecopy.Open(name, writtenBy(public), full)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	defer func() { err = errors.Join(err, folder.Close()) }()
	c, err := newCopier(command.Context(), s, config, public, folder)
	if err != nil {
		return err
	}
	tell, clear := newBar(command.ErrOrStderr())
	c.tell = tell
	err = c.copy(command.Context())
	clear()
	if err != nil {
		return fmt.Errorf("%s: %w; the same command goes on", name, err)
	}
	return c.report(command.OutOrStdout())
}

// folderOfItsOwn is an error when the folder at name lies in one that has the portal's own records or files, or has one of these in it.
func folderOfItsOwn(config Config, name string) error {
	real := func(folder string) string {
		if to, err := filepath.EvalSymlinks(folder); err == nil {
			return to
		}
		return folder // which is not there yet, or fails where it is opened
	}
	for _, own := range []string{config.Data, config.Media} {
		if own == "" || strings.Contains(own, "://") {
			continue
		}
		if from, to := real(own), real(name); inside(from, to) || inside(to, from) {
			return fmt.Errorf("%s: the copy needs a folder of its own, apart from %s, which has the portal's own", name, own)
		}
	}
	return nil
}

// writtenBy says which program makes the files, and for which address: another may make other files of the same pages.
func writtenBy(public *url.URL) string {
	b := thisBuild()
	words := []string{b.Version, b.Commit}
	if public != nil {
		words = append(words, public.String())
	}
	return strings.Join(strings.Fields(strings.Join(words, " ")), " ")
}

// newCopier is a copier of the portal whose records s has; public is its address, nil for none.
func newCopier(ctx context.Context, s *store.Store, config Config, public *url.URL, folder *sitecopy.Folder) (*copier, error) {
	log := slog.New(slog.DiscardHandler)
	library, err := content.Open(config.Content, log)
	if err != nil {
		return nil, err
	}
	hits := store.NewHitBuffer(s)
	if err := hits.Flush(ctx); err != nil { // which reads the figures
		return nil, err
	}
	options := handlers.Options{Store: s, Content: library, Hits: hits, Log: log, Public: public, Saved: s.Now()}
	if options.Demo, err = isDemo(config); err != nil {
		return nil, err
	}
	c := &copier{store: s, library: library, folder: folder, at: options.Saved}
	if public != nil {
		options.Base, c.own = public.Scheme+"://"+public.Host, public.Host
	}
	c.pages = handlers.Outsider(options)
	return c, nil
}

// mostNamed is how many of the warnings, and of the links that lead nowhere, are named.
const mostNamed = 50

// report says what was done, and what was found.
func (c *copier) report(out io.Writer) error {
	f := c.folder
	fmt.Fprintf(out, "%d pages and %d other files, %s; %d written now (%s), %d removed. Copy of %s.\n",
		c.htmlPages, f.Files-c.htmlPages, inBytes(f.Bytes), f.Written, inBytes(f.BytesWritten), f.Removed, c.at.Format(time.RFC3339))
	for _, w := range c.warnings[:min(len(c.warnings), mostNamed)] {
		fmt.Fprintln(out, "Warning:", w)
	}
	if more := len(c.warnings) - mostNamed; more > 0 {
		fmt.Fprintf(out, "Warning: and %d more of these\n", more)
	}
	broken := slices.SortedFunc(maps.Keys(c.broken), func(a, b brokenLink) int {
		return cmp.Or(cmp.Compare(a.page, b.page), cmp.Compare(a.link, b.link))
	})
	for _, b := range broken[:min(len(broken), mostNamed)] {
		fmt.Fprintf(out, "Dead link: %s leads to %s, where %s.\n", b.page, b.link, b.why)
	}
	if n := len(broken); n > 0 {
		fmt.Fprintf(out, "%d links lead nowhere and were taken off: \"congso doctor\" says how to mend them.\n", n)
	}
	if len(broken)+c.failed > 0 {
		return outcome(1)
	}
	return nil
}
