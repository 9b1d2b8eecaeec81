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
	if err := newCommand(os.Environ()).ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "congso:", err)
		os.Exit(1)
	}
}

// newCommand is the table of subcommands. environ is the environment, which only the configuration reads.
func newCommand(environ []string) *cobra.Command {
	root := &cobra.Command{
		Use:           "congso",
		Short:         "Cổng Sở: the portal of a provincial department",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(serveCommand(environ), demoCommand(environ), contentCommand(), userCommand(environ), auditCommand(environ))
	return root
}
