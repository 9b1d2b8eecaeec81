package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/kardianos/service"
)

// underManager runs the program: at a terminal as it is, else as the service manager wants it. Failures of a service go to the event log,
// as nobody sees its output.
func underManager(ctx context.Context, run func(ctx context.Context) error) error {
	if service.Interactive() {
		return run(ctx)
	}
	w := &supervised{run: run}
	s, err := service.New(w, windowsService(""))
	if err != nil {
		return err
	}
	events, err := s.Logger(nil)
	if err != nil {
		return err
	}
	w.failed = func(err error) {
		events.Error(err) // when even that fails there is nobody to tell
		os.Exit(1)        // the manager starts a service again that ends without a word
	}
	return s.Run()
}

func installService(out io.Writer) error {
	program, err := ownProgram()
	if err != nil {
		return err
	}
	settings := systemFile()
	if settings == "" {
		return errors.New("no folder for the settings: the variable ProgramData is not set")
	}
	home := filepath.Dir(settings)
	if err := os.MkdirAll(filepath.Join(home, "log"), 0o700); err != nil {
		return fmt.Errorf("service: %w", err)
	}
	if err := writeSettings(out, settings, home); err != nil {
		return err
	}
	s, err := service.New(&supervised{}, windowsService(program))
	if err != nil {
		return err
	}
	if err := s.Install(); err != nil {
		return fmt.Errorf("service (run this as an administrator): %w", err)
	}
	fmt.Fprintln(out, "Made the service", serviceName)
	if err := restrict(out, home); err != nil {
		return err
	}
	fmt.Fprintln(out, "Next: look through", settings+", then: Start-Service", serviceName)
	return nil
}

// writeSettings writes the example with this machine's folders, unless there are settings.
func writeSettings(out io.Writer, name, home string) error {
	file, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	_, err = file.WriteString(strings.ReplaceAll(windowsSettings(exampleSettings, home), "\n", "\r\n"))
	if err := errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	fmt.Fprintln(out, "Wrote", name)
	return nil
}

// restrict leaves a folder to the service, the system and the administrators: Windows lets every user read what lies in ProgramData.
func restrict(out io.Writer, folder string) error {
	const system, administrators = "*S-1-5-18", "*S-1-5-32-544" // by number, as their names are translated
	run := exec.Command("icacls", folder, "/inheritance:r",
		"/grant:r", system+":(OI)(CI)F", "/grant:r", administrators+":(OI)(CI)F", "/grant:r", `NT SERVICE\`+serviceName+":(OI)(CI)M")
	run.Stdout, run.Stderr = out, out
	if err := run.Run(); err != nil {
		return fmt.Errorf("rights of %s: %w", folder, err)
	}
	return nil
}

func removeService(out io.Writer) error {
	s, err := service.New(&supervised{}, windowsService(""))
	if err != nil {
		return err
	}
	if state, err := s.Status(); err == nil && state == service.StatusRunning {
		if err := s.Stop(); err != nil {
			return fmt.Errorf("stop the service: %w", err)
		}
	}
	if err := s.Uninstall(); err != nil {
		return fmt.Errorf("service (run this as an administrator): %w", err)
	}
	fmt.Fprintln(out, "Removed the service", serviceName+"; records and settings are kept")
	return nil
}

func serviceStatus(out io.Writer) error {
	s, err := service.New(&supervised{}, windowsService(""))
	if err != nil {
		return err
	}
	state, err := s.Status()
	if err != nil {
		return fmt.Errorf("service: %w", err)
	}
	if state != service.StatusRunning {
		return errors.New("the service is not running")
	}
	fmt.Fprintln(out, "The service is running.")
	return nil
}
