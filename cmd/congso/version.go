package main

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"congso/store"
)

// version is the release's number. Packages set it with -ldflags "-X main.version=1.2.3"; else it is what Go knows of the module.
var version string

// build is what is known of the program.
type build struct {
	Version string `json:"version"`
	Commit  string `json:"commit"` // with +dirty when files differed from it, "" when built outside of a repository
	Time    string `json:"time"`   // of the commit, RFC 3339
	Go      string `json:"go"`
	SQLite  string `json:"sqlite"`
	OS      string `json:"os"`
	Arch    string `json:"arch"`
}

// thisBuild reads what Go wrote into the program.
func thisBuild() build {
	b := build{Version: version, Go: runtime.Version(), SQLite: store.SQLiteVersion(), OS: runtime.GOOS, Arch: runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if b.Version == "" {
		b.Version = strings.Trim(info.Main.Version, "()")
	}
	dirty := ""
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = s.Value
		case "vcs.time":
			b.Time = s.Value
		case "vcs.modified":
			dirty = map[string]string{"true": "+dirty"}[s.Value]
		}
	}
	if b.Commit != "" {
		b.Commit += dirty
	}
	return b
}

func versionCommand() *cobra.Command {
	asJSON := false
	command := &cobra.Command{
		Use:   "version",
		Short: "tell which program this is, and with which Go and SQLite it was built",
		Args:  cobra.NoArgs,
	}
	command.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	command.RunE = func(command *cobra.Command, _ []string) error {
		b := thisBuild()
		if asJSON {
			return json.NewEncoder(command.OutOrStdout()).Encode(b)
		}
		commit := b.Commit
		if commit == "" {
			commit = "unknown"
		}
		_, err := fmt.Fprintf(command.OutOrStdout(), "congso %s\ncommit  %s %s\nGo      %s\nSQLite  %s\nfor     %s/%s\n",
			b.Version, commit, b.Time, strings.TrimPrefix(b.Go, "go"), b.SQLite, b.OS, b.Arch)
		return err
	}
	return command
}
