package main

import (
	_ "embed"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
)

// serviceName is what systemd and Windows know the portal by.
const serviceName = "congso"

// exampleSettings is the file of settings that a new machine gets, by the Debian package or by `congso service install`.
//
//go:embed congso.env
var exampleSettings string

// serviceCommand is for machines without the Debian package: Windows, and Linux with systemd.
func serviceCommand() *cobra.Command {
	parent := &cobra.Command{Use: "service", Short: "let this machine start the portal by itself: a service of systemd or of Windows"}
	for _, each := range []struct {
		use, short string
		run        func(out io.Writer) error
	}{
		{"install", "make the service, its account, its folders and its file of settings; what is there stays as it is", installService},
		{"remove", "stop the service and take it away; records, settings and account stay", removeService},
		{"status", "tell whether the service runs; exit 1 when it does not", serviceStatus},
	} {
		parent.AddCommand(&cobra.Command{Use: each.use, Short: each.short, Args: cobra.NoArgs, RunE: func(command *cobra.Command, _ []string) error {
			return each.run(command.OutOrStdout())
		}})
	}
	return parent
}

// ownProgram is the file of the running program, links followed: what the service is to run.
func ownProgram() (string, error) {
	file, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("own program: %w", err)
	}
	return filepath.EvalSymlinks(file)
}
