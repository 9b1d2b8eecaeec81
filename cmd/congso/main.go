// Command congso is the portal of a Vietnamese provincial department: one program, one data folder.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	if err := underManager(ctx, newRoot(sources{os.Environ(), systemFile()}).ExecuteContext); err != nil {
		fmt.Fprintln(os.Stderr, "congso:", err)
		os.Exit(1)
	}
}

// newRoot is the table of subcommands. Only the configuration reads the sources.
func newRoot(from sources) *cobra.Command {
	root := &cobra.Command{
		Use:           "congso",
		Short:         "Cổng Sở: the portal of a provincial department",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(serveCommand(from), demoCommand(from), contentCommand(), userCommand(from), auditCommand(from), configCommand(from), versionCommand(), backupCommand(from), restoreCommand(from), migrateCommand(from), rollbackCommand(from), serviceCommand())
	return root
}
