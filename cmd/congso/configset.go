package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func configSetCommand(from sources) *cobra.Command {
	command := &cobra.Command{
		Use:   "set KEY=VALUE…",
		Short: "change the configuration file; KEY is a setting's name or variable, an empty VALUE takes its line out",
		Args:  cobra.MinimumNArgs(1),
	}
	from.bindFile(command.Flags())
	command.RunE = func(command *cobra.Command, args []string) error {
		changes, err := parseChanges(args)
		if err != nil {
			return err
		}
		file, err := from.fileToChange(command.Flags())
		if err != nil {
			return err
		}
		if file, err = file.with(changes); err != nil {
			return err
		}
		return file.write(command.OutOrStdout())
	}
	return command
}

// change is a setting's new value; "" takes its line out.
type change struct{ name, value string }

func parseChanges(args []string) (list []change, err error) {
	for _, arg := range args {
		key, value, ok := strings.Cut(arg, "=")
		if !ok {
			return nil, fmt.Errorf("%q is not of the form KEY=VALUE", arg)
		}
		name := settingOf(key)
		if name == "" {
			name = settingOf(variableOf(key))
		}
		if name == "" {
			return nil, fmt.Errorf("unknown setting %s", key)
		}
		if strings.ContainsAny(value, "\r\n\x00") {
			return nil, fmt.Errorf("%s: a value is one line", key)
		}
		list = append(list, change{name, value})
	}
	return list, nil
}

// changedFile is a configuration file that is about to be changed.
type changedFile struct {
	name string
	info fs.FileInfo // nil when it is new
	text string
}

// fileToChange is the file that is named, else the system's, be it there or not.
func (from sources) fileToChange(flags *pflag.FlagSet) (f changedFile, err error) {
	f.name = from.file
	for _, entry := range from.environ {
		if name, value, _ := strings.Cut(entry, "="); name == configVariable {
			f.name = value
		}
	}
	if flag := flags.Lookup("config"); flag.Changed {
		f.name = flag.Value.String()
	}
	if f.name == "" {
		return f, errors.New("no configuration file: name it by --config or " + configVariable)
	}
	if real, err := filepath.EvalSymlinks(f.name); err == nil {
		f.name = real // a link stays one
	}
	f.info, err = os.Stat(f.name)
	if errors.Is(err, fs.ErrNotExist) {
		return f, nil
	}
	if err == nil {
		f.text, err = configText(f.name)
	}
	if err != nil {
		return f, fmt.Errorf("configuration: %w", err)
	}
	return f, nil
}

// config is what the file says by itself.
func (f changedFile) config() (Config, error) {
	c := Config{file: f.name}
	lines, err := parseConfig(f.name, f.text)
	if err != nil {
		return c, err
	}
	c.fill(lines)
	return c, nil
}

// with is the file with new values, once the whole has been found good.
func (f changedFile) with(changes []change) (changedFile, error) {
	if _, err := f.config(); err != nil { // a fault that was there before is told as such
		return f, err
	}
	for _, c := range changes {
		f.text = withSetting(f.text, c)
	}
	config, err := f.config()
	if err != nil {
		return f, err
	}
	if config.Data == "" {
		config.Data = "data" // serve may get it by a flag
	}
	if err := config.Validate(); err != nil {
		return f, fmt.Errorf("nothing changed: %w", err)
	}
	return f, nil
}

// mode is the file's own, and for a new one such that its group can read it: it may hold a password.
func (f changedFile) mode() fs.FileMode {
	if f.info == nil {
		return 0o640
	}
	return f.info.Mode().Perm()
}

// write puts the file in its place and tells what is in it now.
func (f changedFile) write(out io.Writer) error {
	config, err := f.config()
	if err != nil {
		return err
	}
	if err := replaceFile(f.name, []byte(f.text), f.mode(), f.info); err != nil {
		return fmt.Errorf("configuration: %w", err)
	}
	fmt.Fprintf(out, "%s now has\n", f.name)
	for _, s := range config.shown() {
		if s.From != byDefault {
			fmt.Fprintf(out, "  %s = %s\n", s.Setting, s.Value)
		}
	}
	_, err = fmt.Fprintln(out, "A running portal takes it over when it is restarted.")
	return err
}

// withSetting is a file's text with a setting's line changed in its place. A new line stands after the comment that shows the setting, as
// "#CONGSO_URL=…" does, or else at the end.
func withSetting(text string, c change) string {
	end := "\n"
	if strings.Contains(text, "\r\n") {
		end = "\r\n"
	}
	lines := strings.SplitAfter(text, "\n")
	at, replaced := len(lines), 0
	for i, line := range lines {
		name, _, err := parseConfigLine(line)
		if err == nil && name == c.name {
			at, replaced = i, 1
			break
		}
		if comment := strings.TrimLeft(line, "#; \t"); comment != line && strings.HasPrefix(comment, variableOf(c.name)+"=") {
			at = i + 1
		}
	}
	var put []string
	if c.value != "" {
		put = []string{variableOf(c.name) + "=" + quote(c.value) + end}
	}
	before := strings.Join(lines[:at], "")
	if before != "" && !strings.HasSuffix(before, "\n") && len(put) > 0 {
		before += end
	}
	return before + strings.Join(append(put, lines[at+replaced:]...), "")
}

// quote writes a value so that this program and systemd read it back alike.
func quote(value string) string {
	odd := func(r rune) bool { return r <= ' ' || strings.ContainsRune("'\"\\$`#;", r) }
	switch {
	case !strings.ContainsFunc(value, odd):
		return value
	case !strings.Contains(value, "'"):
		return "'" + value + "'"
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, `$`, `\$`, "`", "\\`").Replace(value) + `"`
}
