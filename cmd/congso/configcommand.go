package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
)

// configCommand shows the settings in force, and changes those of the configuration file.
func configCommand(from sources) *cobra.Command {
	asJSON := false
	command := &cobra.Command{
		Use:   "config",
		Short: "show all settings and where each comes from; exit 1 when serve would not start with them",
		Args:  cobra.NoArgs,
	}
	read := from.bind(command.Flags())
	command.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	command.RunE = func(command *cobra.Command, _ []string) error {
		config, err := read()
		if err != nil {
			return err
		}
		show := config.print
		if asJSON {
			show = config.printJSON
		}
		if err := show(command.OutOrStdout()); err != nil {
			return err
		}
		return config.Validate()
	}
	command.AddCommand(configSetCommand(from), configTLSCommand(from))
	return command
}

// shownSetting is a setting as it is shown: without what is secret.
type shownSetting struct {
	Setting string `json:"setting"`
	Value   string `json:"value"`
	From    string `json:"from"`
}

func (c *Config) shown() (list []shownSetting) {
	for _, s := range c.settings() {
		value := *s.value
		switch {
		case s.name == "database" || s.name == "database-read":
			value = hidePassword(value)
		case s.name == "media-secret" && value != "":
			value = hidden
		case s.name == "media" && holdsKey(value):
			value = "s3://" + hidden
		}
		list = append(list, shownSetting{s.name, value, c.origin(s.name)})
	}
	return list
}

// holdsKey reports whether somebody has put a key into the address of a bucket, where none belongs.
func holdsKey(address string) bool {
	address = strings.ToLower(address)
	return slices.ContainsFunc([]string{"@", "key=", "secret=", "token=", "password="}, func(part string) bool { return strings.Contains(address, part) })
}

func (c *Config) print(out io.Writer) error {
	file := c.file
	if file == "" {
		file = "none"
	}
	fmt.Fprintf(out, "Configuration file: %s\n\n", file)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "SETTING\tVALUE\tFROM")
	for _, s := range c.shown() {
		if s.Value == "" {
			s.Value = "–"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", s.Setting, s.Value, s.From)
	}
	return table.Flush()
}

func (c *Config) printJSON(out io.Writer) error {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(struct {
		File     string         `json:"file"`
		Settings []shownSetting `json:"settings"`
	}{c.file, c.shown()})
}

// hidden stands for what is secret.
const hidden = "xxxxx"

// hidePassword is a database's address without its passwords, which may stand before the hosts or in the query.
func hidePassword(address string) string {
	if address == "" {
		return ""
	}
	one, hosts := oneHost(address)
	u, err := url.Parse(one)
	if err != nil || u.Opaque != "" || u.User == nil && strings.Contains(u.Path, "@") {
		return "postgres://" + hidden // a password that is not escaped makes an address that cannot be taken apart
	}
	if _, ok := u.User.Password(); ok {
		u.User = url.UserPassword(u.User.Username(), hidden)
	}
	parts := strings.Split(u.RawQuery, "&")
	for i, part := range parts {
		if name, _, ok := strings.Cut(part, "="); ok && strings.Contains(strings.ToLower(name), "pass") {
			parts[i] = name + "=" + hidden
		}
	}
	u.RawQuery = strings.Join(parts, "&")
	return strings.Replace(u.String(), severalHosts, hosts, 1)
}

// severalHosts stands for hosts with a comma between them, which a URL has not.
const severalHosts = "several-hosts.invalid"

// oneHost is an address with severalHosts in the place of its hosts, which are returned too, or the address itself when it has one at most.
func oneHost(address string) (one, hosts string) {
	scheme, rest, _ := strings.Cut(address, "://")
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	begin := strings.LastIndexByte(rest[:end], '@') + 1
	if hosts = rest[begin:end]; !strings.Contains(hosts, ",") || strings.Contains(rest[end:], "@") {
		return address, ""
	}
	return scheme + "://" + rest[:begin] + severalHosts + rest[end:], hosts
}
