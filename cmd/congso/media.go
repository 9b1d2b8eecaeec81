package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"congso/store"
)

// mediaCommand is about the files of the library: where they are, and what is among them that nobody needs.
func mediaCommand(from sources) *cobra.Command {
	command := &cobra.Command{Use: "media", Short: "copy pictures and attachments to another folder or a bucket; remove what nobody knows"}
	command.AddCommand(mediaCopyCommand(from), mediaCleanCommand(from))
	return command
}

func mediaCopyCommand(from sources) *cobra.Command {
	var source, target string
	command := &cobra.Command{
		Use:   "copy --to PLACE",
		Short: "copy all pictures and attachments from one place to another, also while the portal is served",
		Long: `Copy the files of the library from where --media has them, or from another place that --from names, to the place that --to names or,
without it, to where --media has them. A place is a folder that is there, or s3://bucket/prefix?endpoint=https://host:port, whose key is
that of --media-key and --media-secret.

What the target has already is left as it is, so a copy that was ended goes on where it was, and one made again brings what has come
meanwhile. Every file is held against the SHA-256 that is its name; nothing is removed. To move: copy, stop the portal, copy again, set
--media, start.`,
		Args: cobra.NoArgs,
	}
	read := from.bind(command.Flags())
	command.Flags().StringVar(&source, "from", "", "place to copy from, in place of --media")
	command.Flags().StringVar(&target, "to", "", "place to copy to, in place of --media")
	command.RunE = func(command *cobra.Command, _ []string) error {
		config, err := read()
		if err != nil {
			return err
		}
		if source == "" && target == "" {
			return errors.New("name a place to copy to with --to, or one to copy from with --from")
		}
		return copyMedia(command, config, source, target)
	}
	return command
}

func copyMedia(command *cobra.Command, config Config, source, target string) error {
	places := []store.Media{{Place: source}, {Place: target}}
	for i := range places {
		if places[i].Place == "" {
			places[i].Place = config.Media
		}
		if places[i].Bucket() {
			places[i].Key, places[i].Secret = config.MediaKey, config.Secret
		}
		if err := places[i].Check(); err != nil {
			return fmt.Errorf("--%s cannot be used: %w", []string{"from", "to"}[i], err)
		}
	}
	if err := config.Validate(); err != nil {
		return err
	}
	if err := actAsOwner(config.Data); err != nil {
		return err
	}
	tell, clear := newBar(command.ErrOrStderr())
	done, err := store.CopyMedia(command.Context(), places[0], places[1], config.Data, tell)
	clear()
	out := command.OutOrStdout()
	if err != nil && done.Copied > 0 {
		fmt.Fprintf(out, "%d files copied before it ended; the same command goes on there.\n", done.Copied)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d files, of which %d were copied now, %s.\n", done.Files, done.Copied, inBytes(done.Bytes))
	return damagedMedia(out, done)
}

// nameDamaged names the files that are not what they were.
func nameDamaged(out io.Writer, done store.MediaCopied) {
	for _, name := range done.Damaged[:min(len(done.Damaged), missingShown)] {
		fmt.Fprintf(out, "Not copied, since it is not what it was: %s\n", name)
	}
}

// damagedMedia names the files that are not what they were, and is an error when there are any.
func damagedMedia(out io.Writer, done store.MediaCopied) error {
	nameDamaged(out, done)
	if n := len(done.Damaged); n > 0 {
		return fmt.Errorf("%d files are not what they were: congso doctor says which records they belong to", n)
	}
	return nil
}

func mediaCleanCommand(from sources) *cobra.Command {
	command := &cobra.Command{
		Use:   "clean",
		Short: "remove files that no record knows and that are older than an hour, also while the portal is served",
		Args:  cobra.NoArgs,
	}
	read := from.bind(command.Flags())
	command.RunE = func(command *cobra.Command, _ []string) (err error) {
		config, err := read()
		if err != nil {
			return err
		}
		s, err := openBeside(command, config)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, s.Close()) }()
		n, out := 0, command.OutOrStdout()
		err = s.CleanMedia(command.Context(), func(hash string) {
			n++
			fmt.Fprintln(out, "Removed", hash)
		})
		fmt.Fprintf(out, "%d removed.\n", n)
		return err
	}
	return command
}

// placeRestored puts the files that a restore has left in the data folder where --media has them.
func placeRestored(command *cobra.Command, config Config) error {
	if config.Media == "" || inside(filepath.Join(config.Data, "media"), config.Media) {
		return nil
	}
	if err := actAsOwner(config.Data); err != nil { // the files are to be the portal's
		return err
	}
	tell, clear := newBar(command.ErrOrStderr())
	done, err := store.MoveRestored(command.Context(), config.Data, config.media(), tell)
	clear()
	nameDamaged(command.ErrOrStderr(), done)
	if err != nil {
		return fmt.Errorf("the records are restored, but %d of their files are not where --media has them: see that it can be used, and run this again (%w)", done.Files-done.Copied, err)
	}
	return nil
}
