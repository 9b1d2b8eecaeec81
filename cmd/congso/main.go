// Command congso is the portal of a Vietnamese provincial department: one program, one data folder.
package main

import (
	"context"
	"errors"
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
		os.Exit(exitCode(err))
	}
}

// outcome is an error that has been told already: the program only ends with the code.
type outcome int

func (o outcome) Error() string { return fmt.Sprintf("exit code %d", int(o)) }

// exitCode tells err, unless that was done, and returns the code with which the program ends: 1 unless err has one of its own.
func exitCode(err error) int {
	if told := outcome(0); errors.As(err, &told) {
		return int(told)
	}
	fmt.Fprintln(os.Stderr, "congso:", err)
	return 1
}

// newRoot is the table of subcommands. Only the configuration reads the sources.
func newRoot(from sources) *cobra.Command {
	root := &cobra.Command{
		Use:           "congso",
		Short:         "Cổng Sở: the portal of a provincial department",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(serveCommand(from), demoCommand(from), contentCommand(), userCommand(from), auditCommand(from), statusCommand(from), configCommand(from), versionCommand(), backupCommand(from), restoreCommand(from), migrateCommand(from), rollbackCommand(from), moveCommand(), mediaCommand(from), serviceCommand(), doctorCommand(from), importCommand(from), scanCommand(from), exportCommand(from), benchCommand())
	explain(root)
	return root
}
