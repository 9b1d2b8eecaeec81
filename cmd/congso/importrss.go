package main

import (
	"errors"
	"path/filepath"

	"github.com/spf13/cobra"

	"congso/content"
	"congso/store/model"
)

func importRSSCommand(from sources) *cobra.Command {
	var flags importFlags
	var folder string
	command := &cobra.Command{
		Use:   "rss FILE",
		Short: "take over the items of a feed that was saved, RSS or Atom",
		Long: `Take over the items of a feed of an old portal: RSS 2.0, RSS 1.0 or Atom, saved as a file. The first category of an item becomes its section,
the others tags; the whole text is taken where the feed has it, else the description.

Photos and files are looked for beside FILE, or in the folder of --files, by their path on the portal or by their name alone.
` + importHelp,
		Args: cobra.ExactArgs(1),
	}
	read := from.bind(command.Flags())
	flags.bind(command.Flags())
	command.Flags().StringVar(&folder, "files", "", "folder with the portal's photos and files; that of FILE when not given")
	command.RunE = func(command *cobra.Command, args []string) (err error) {
		config, err := read()
		if err != nil {
			return err
		}
		files, err := besideExport(args[0], folder)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, files.Close()) }()
		feed, err := content.OpenRSS(opener(args[0]), content.RSSOptions{Name: filepath.Base(args[0]), Zone: model.Zone(), Files: files, Address: flags.source})
		if err != nil {
			return err
		}
		return flags.run(command, config, oldExport{name: filepath.Base(args[0]), address: feed.Address(), total: int64(feed.Total()),
			items: feed.Items(), leftOut: func() []string { return nil }})
	}
	return command
}
