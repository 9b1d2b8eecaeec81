package congsotest

import (
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// Run runs a command of the built program to its end with the input, and returns what it printed and, as the error, what it says went wrong.
func Run(input string, args ...string) (string, error) {
	return runIn(nil, input, args...)
}

func runIn(environ []string, input string, args ...string) (string, error) {
	file, err := builtProgram()
	if err != nil {
		return "", err
	}
	var out, log Buffer
	command := exec.Command(file, args...)
	command.Env = slices.Concat(plainEnvironment(), []string{"HOME=" + Shared()}, environ)
	command.Stdin, command.Stdout, command.Stderr = strings.NewReader(input), &out, &log
	if err := command.Run(); err != nil {
		return out.String() + log.String(), fmt.Errorf("%w: %s", err, &log)
	}
	return out.String() + log.String(), nil
}

// Runs runs a command that must end well, and returns what it prints.
func Runs(t testing.TB, environ []string, args ...string) string {
	t.Helper()
	out, err := runIn(environ, "", args...)
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

// Fail runs a command that must end with an error, and returns it with what the command says.
func Fail(t testing.TB, environ []string, args ...string) error {
	t.Helper()
	r := LaunchAsIs(t, environ, args...)
	if err := r.Wait(t); err == nil {
		t.Fatalf("no error, but\n%s%s", r.Out, r.Log)
	}
	return errors.New(r.Log.String())
}

// Findings are what the doctor printed as JSON.
type Findings []struct{ Code, Level, Place, Message, Cure string }

// Diagnose runs the doctor on a folder and returns what it finds.
func Diagnose(t testing.TB, folder string, args ...string) Findings {
	t.Helper()
	r := Launch(t, nil, append([]string{"doctor", "--json", "--data", folder}, args...)...)
	if err := r.Wait(t); err != nil && r.Log.String() != "" { // findings make a code, and no words
		t.Fatalf("it did not look: %v\n%s", err, r.Log)
	}
	var d struct{ Findings Findings }
	if err := json.Unmarshal([]byte(r.Out.String()), &d); err != nil {
		t.Fatalf("%v\n%s%s", err, r.Out, r.Log)
	}
	return d.Findings
}

// Of are the findings with one of these codes.
func (f Findings) Of(codes ...string) (list Findings) {
	for _, each := range f {
		if slices.Contains(codes, each.Code) {
			list = append(list, each)
		}
	}
	return list
}

// Ending runs a command to its end, which must be with that exit code, and returns what it printed.
func Ending(t testing.TB, want int, args ...string) (printed string) {
	t.Helper()
	r := Launch(t, nil, args...)
	r.Wait(t)
	if code := r.Process.ProcessState.ExitCode(); code != want {
		t.Errorf("%v ended with %d, want %d", args, code, want)
	}
	return r.Out.String() + r.Log.String()
}
