package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/pflag"
)

// Config is everything that can be set, as it was written; the methods in configvalues.go read it. Flags beat CONGSO_* variables,
// which beat the lines of a file, which beat the defaults of the table in settings.go. "" is a setting's default.
type Config struct {
	Data         string // data folder
	Listen       string // addresses with ports, comma-separated
	URL          string // public address, "" when there is none yet
	Database     string // "" for SQLite in the data folder, or postgres://…
	DatabaseRead string // "" for none, or postgres://… of a replica
	Media        string // "" for the data folder's, another folder, or s3://…
	MediaKey     string // of a bucket
	Secret       string // of that key
	Content      string // folder of articles laid over those that ship, "" for none
	Internal     string // networks that see internal records, comma-separated CIDR
	Proxies      string // networks whose X-Forwarded-For is believed, comma-separated CIDR
	Idle         string // how long a session lasts without a request, such as 8h
	Longest      string // how long a session lasts in any case
	Photo        string // the largest picture that may be uploaded, in MB
	File         string // the largest attachment, in MB
	Pixels       string // the most that a picture may have, in megapixels

	Cert      string // file with the certificate and those that sign it, PEM; "" for none
	CertKey   string // file with its key, PEM
	ACME      string // e-mail that the authority may write to: certificates are fetched; "" for none
	Directory string // the authority's address
	Redirect  string // addresses that lead plain HTTP to HTTPS, comma-separated

	Metrics   string // loopback address of the figures for Prometheus, "" for none
	LogFile   string // "" for stderr
	LogDays   string // days that files of the log are kept
	AuditDays string // days that audit entries are kept, 0 for ever

	BackupDir  string // folder of backups
	BackupAt   string // times of day at which serve makes one, Vietnam time, comma-separated; "" for never
	BackupKeep string // how many of them are kept

	file    string            // the file that was read, "" for none
	origins map[string]string // setting → where its value comes from, when that is not the default
}

// byDefault is the origin of what nobody has set.
const byDefault = "default"

// origin says where a setting's value comes from: "default", a flag, a variable, or a file with its line.
func (c *Config) origin(name string) string {
	if from, ok := c.origins[name]; ok {
		return from
	}
	return byDefault
}

// sources are what settings come from besides flags.
type sources struct {
	environ []string // the environment
	file    string   // the system's configuration file, read when there is one and no other is named; "" for none
}

// systemFile is where the configuration of this machine's portal is kept.
func systemFile() string {
	if runtime.GOOS != "windows" {
		return "/etc/congso/congso.env"
	}
	folder := os.Getenv("ProgramData")
	if folder == "" {
		return ""
	}
	return filepath.Join(folder, "congso", "congso.env")
}

// bind registers a flag for each setting and returns what reads them all, once the flags are parsed. The values are not
// checked yet: a command may put its own before it calls Validate.
func (from sources) bind(flags *pflag.FlagSet) (read func() (Config, error)) {
	for _, s := range new(Config).settings() {
		flags.String(s.name, s.fallback, s.help+" ("+s.variable()+")")
	}
	from.bindFile(flags)
	return func() (Config, error) { return from.read(flags) }
}

// bindFile registers the flag that names the file.
func (from sources) bindFile(flags *pflag.FlagSet) {
	flags.String("config", from.file, "file of settings as lines of KEY=value; flags and variables beat it ("+configVariable+")")
}

const configVariable = "CONGSO_CONFIG"

// read puts a configuration together. An unknown CONGSO_* variable is an error, as it is most likely a mistyped one; CONGSO_TEST_* is
// reserved for tests.
func (from sources) read(flags *pflag.FlagSet) (Config, error) {
	var c Config
	variables, err := from.variables()
	if err != nil {
		return c, err
	}
	var lines map[string]configLine
	if c.file, err = from.configFile(flags, variables); err != nil {
		return c, err
	}
	if c.file != "" {
		if lines, err = readConfigFile(c.file); err != nil {
			return c, err
		}
	}
	c.fill(lines)
	for _, s := range c.settings() {
		if value, ok := variables[s.variable()]; ok {
			*s.value, c.origins[s.name] = value, s.variable()
		}
		if flag := flags.Lookup(s.name); flag != nil && flag.Changed {
			*s.value, c.origins[s.name] = flag.Value.String(), "--"+s.name
		}
	}
	return c, nil
}

// fill puts the defaults in, and over them the lines of the file.
func (c *Config) fill(lines map[string]configLine) {
	c.origins = map[string]string{}
	for _, s := range c.settings() {
		*s.value = s.fallback
		if line, ok := lines[s.name]; ok {
			*s.value, c.origins[s.name] = line.value, fmt.Sprintf("%s:%d", c.file, line.number)
		}
	}
}

// variables are the settings in the environment, by the variables' names.
func (from sources) variables() (map[string]string, error) {
	known := map[string]bool{configVariable: true}
	for _, s := range new(Config).settings() {
		known[s.variable()] = true
	}
	found := map[string]string{}
	for _, entry := range from.environ {
		name, value, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, "CONGSO_") || strings.HasPrefix(name, "CONGSO_TEST_") {
			continue
		}
		if !known[name] {
			return nil, fmt.Errorf("unknown setting %s in the environment", name)
		}
		found[name] = value
	}
	return found, nil
}

// configFile is the file to read: the one that is named, else the system's if it is there, else none.
func (from sources) configFile(flags *pflag.FlagSet, variables map[string]string) (string, error) {
	if flag := flags.Lookup("config"); flag != nil && flag.Changed {
		return flag.Value.String(), nil
	}
	if name, ok := variables[configVariable]; ok || from.file == "" {
		return name, nil
	}
	_, err := os.Stat(from.file)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if errors.Is(err, fs.ErrPermission) {
		return "", fmt.Errorf("configuration: %w: only root and the service may read it: work as root, with sudo", err)
	}
	if err != nil {
		return "", fmt.Errorf("configuration: %w", err)
	}
	return from.file, nil
}
