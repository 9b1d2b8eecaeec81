package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"congso/content"
	"congso/store/model"
)

func importWXRCommand(from sources) *cobra.Command {
	var flags importFlags
	var uploads, pages, zone string
	var types []string
	command := &cobra.Command{
		Use:   "wxr FILE",
		Short: "take over the export of a WordPress portal",
		Long: `Take over the posts and pages of a WordPress portal from the file that Tools → Export writes there, however large it is. Categories become
sections, the others of an item and its tags become tags, authors bylines, captions stay with their photos. Drafts stay drafts, what is
scheduled stays so; private posts and those with a password come as internal drafts, never public.

Photos and files are looked for beside FILE, or in the folder of --uploads, which is a copy of the portal's wp-content/uploads.
` + importHelp,
		Args: cobra.ExactArgs(1),
	}
	read := from.bind(command.Flags())
	flags.bind(command.Flags())
	command.Flags().StringVar(&uploads, "uploads", "", "folder with the portal's wp-content/uploads; that of FILE when not given")
	command.Flags().StringVar(&pages, "pages-section", "Trang thông tin", "section of pages, which have no category")
	command.Flags().StringVar(&zone, "zone", model.Zone().String(), "time zone of dates that do not say theirs: a name, or an offset such as +07:00")
	command.Flags().StringSliceVar(&types, "types", []string{"post", "page"}, "post types that become news")
	command.RunE = func(command *cobra.Command, args []string) (err error) {
		config, err := read()
		if err != nil {
			return err
		}
		files, err := besideExport(args[0], uploads)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, files.Close()) }()
		at, err := zoneNamed(zone)
		if err != nil {
			return err
		}
		export, err := content.OpenWXR(opener(args[0]), content.WXROptions{
			Name: filepath.Base(args[0]), Zone: at, PagesSection: pages, Types: types, Files: files, Address: flags.source,
		})
		if err != nil {
			return err
		}
		return flags.run(command, config, oldExport{name: filepath.Base(args[0]), address: export.Address(), total: int64(export.Total()), feeds: export.Feeds(),
			items: export.Items(), leftOut: func() []string { return leftOut(export.LeftOut()) }})
	}
	return command
}

// zoneNamed is the time zone of that name or with that offset. Where the system carries no table of zones, it knows Vietnam's alone by name.
func zoneNamed(name string) (*time.Location, error) {
	if name == model.Zone().String() {
		return model.Zone(), nil
	}
	if t, err := time.Parse("-07:00", name); err == nil {
		_, offset := t.Zone()
		return time.FixedZone(name, offset), nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("--zone: %w; an offset such as +07:00 is understood everywhere", err)
	}
	return zone, nil
}

func opener(name string) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) {
		if info, err := os.Stat(name); err == nil && info.IsDir() {
			return nil, fmt.Errorf("%s is a folder: name the file in it", name)
		}
		return os.Open(name)
	}
}

// besideExport opens the folder of an export's photos and files.
func besideExport(export, folder string) (*content.OldFiles, error) {
	if folder == "" {
		folder = filepath.Dir(export)
	}
	return content.OpenOldFiles(folder)
}

// leftOut says what was counted and not taken over.
func leftOut(counts map[string]int) []string {
	if len(counts) == 0 {
		return nil
	}
	var parts []string
	for _, kind := range slices.Sorted(maps.Keys(counts)) {
		parts = append(parts, fmt.Sprintf("%d %s", counts[kind], oneLine(kind)))
	}
	return []string{"Not news, and left out: " + strings.Join(parts, ", ") + "."}
}
