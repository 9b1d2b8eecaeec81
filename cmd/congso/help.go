package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

const rootHelp = `Cổng Sở: the portal of a provincial department.

Settings are in /etc/congso/congso.env, on Windows in %ProgramData%\congso\congso.env; all commands read them there, as the service
does. "congso help serve" lists the settings, each of which is also a flag of any command that reads them.`

// groups are the parts in which the commands are listed: what they are for, and which they are.
var groups = []struct {
	title    string
	commands []string
}{
	{"Set up and run:", []string{"config", "service", "serve", "demo"}},
	{"Look after it:", []string{"status", "doctor", "scan", "audit", "bench", "version"}},
	{"Keep the records:", []string{"backup", "restore", "migrate", "rollback", "move", "media", "export"}},
	{"People and articles:", []string{"user", "content", "import"}},
}

// explain lists the commands in groups and lets a mistyped line end with where to read on.
func explain(root *cobra.Command) {
	root.Long = rootHelp
	for _, g := range groups {
		root.AddGroup(&cobra.Group{ID: g.title, Title: g.title})
		for _, command := range root.Commands() {
			if slices.Contains(g.commands, command.Name()) {
				command.GroupID = g.title
			}
		}
	}
	root.SetFlagErrorFunc(readOn)
	for _, command := range root.Commands() {
		explainUse(command)
	}
}

// explainUse refuses words that a command does not know, also where cobra would print the help and call that a success.
func explainUse(command *cobra.Command) {
	if command.Run == nil && command.RunE == nil {
		command.Args, command.RunE = cobra.NoArgs, func(command *cobra.Command, _ []string) error { return command.Help() }
	}
	if args := command.Args; args != nil {
		command.Args = func(command *cobra.Command, words []string) error { return readOn(command, args(command, words)) }
	}
	if name := command.Name(); name != "serve" && name != "demo" {
		hideSettings(command.Flags())
		hideSettings(command.PersistentFlags())
	}
	for _, part := range command.Commands() {
		explainUse(part)
	}
}

func readOn(command *cobra.Command, err error) error {
	if err == nil {
		return nil
	}
	use := ""
	if !command.HasSubCommands() {
		use = "; the command is: " + command.UseLine()
	}
	return fmt.Errorf("%w%s (see '%s --help')", err, use, command.CommandPath())
}

// hideSettings leaves out of a command's help the settings that mostly come from the file, so that its own flags are seen.
func hideSettings(flags *pflag.FlagSet) {
	for _, s := range new(Config).settings() {
		if flag := flags.Lookup(s.name); flag != nil && s.name != "data" && s.name != "database" {
			flag.Hidden = true
		}
	}
}
