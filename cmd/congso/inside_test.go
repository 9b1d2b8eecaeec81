package main

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"congso/cmd/congso/congsotest"
)

func TestMain(m *testing.M) { congsotest.Main(m) }

// newCommand is the program with these variables, on a machine without a configuration file.
func newCommand(environ []string) *cobra.Command { return newRoot(sources{environ: environ}) }

// startHere runs a command of the program in this process until the test ends, and waits for its address.
func startHere(t testing.TB, environ []string, args ...string) *congsotest.Running {
	t.Helper()
	return congsotest.StartWith(t, func(ctx context.Context, out, log io.Writer) error {
		command := newCommand(environ)
		command.SetArgs(congsotest.WithListen(args))
		command.SetOut(out)
		command.SetErr(log)
		return command.ExecuteContext(ctx)
	})
}

// run runs a command to its end with the input, and returns what it printed and its error.
func run(input string, args ...string) (string, error) {
	command := newCommand(nil)
	var out congsotest.Buffer
	command.SetArgs(args)
	command.SetIn(strings.NewReader(input))
	command.SetOut(&out)
	command.SetErr(&out)
	err := command.Execute()
	return out.String(), err
}

// runs runs a command that must end well, and returns what it prints.
func runs(t testing.TB, environ []string, args ...string) string {
	t.Helper()
	command := newCommand(environ)
	command.SetArgs(args)
	var out congsotest.Buffer
	command.SetOut(&out)
	command.SetErr(&out)
	if err := command.ExecuteContext(context.Background()); err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, &out)
	}
	return out.String()
}

// fail runs a command that must end with an error.
func fail(t *testing.T, environ []string, args ...string) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), congsotest.Patience)
	defer cancel()
	command := newCommand(environ)
	command.SetArgs(args)
	var out congsotest.Buffer
	command.SetOut(&out)
	command.SetErr(&out)
	err := command.ExecuteContext(ctx)
	if err == nil || ctx.Err() != nil {
		t.Fatalf("no error, but\n%s", &out)
	}
	return err
}
