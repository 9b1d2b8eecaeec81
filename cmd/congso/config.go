package main

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"
	"golang.org/x/net/idna"

	"congso/store"
)

// Config is everything that can be set. Flags beat CONGSO_* variables, which beat the defaults.
type Config struct {
	Data     string // data folder
	Listen   string // address and port
	URL      string // public address, "" when there is none yet
	Database string // "" for SQLite in the data folder, or postgres://…
	Content  string // folder of articles laid over those that ship, "" for none
	Internal string // networks that see internal records, comma-separated CIDR
	Proxies  string // networks whose X-Forwarded-For is believed, comma-separated CIDR
	Idle     string // how long a session lasts without a request, such as 8h; "" for the store's own
	Longest  string // how long a session lasts in any case; "" for the store's own
	Photo    string // the largest picture that may be uploaded, in MB; "" for the store's own
	File     string // the largest attachment, in MB; "" for the store's own
	Pixels   string // the most that a picture may have, in megapixels; "" for the store's own
}

// setting is one field of Config with its names and its text for --help.
type setting struct {
	name  string // of the flag; the variable is CONGSO_ and the name in capitals
	value *string
	help  string
}

func (s setting) variable() string {
	return "CONGSO_" + strings.ToUpper(strings.ReplaceAll(s.name, "-", "_"))
}

func (c *Config) settings() []setting {
	return []setting{
		{"data", &c.Data, "data folder: database and media"},
		{"listen", &c.Listen, "address and port to listen on"},
		{"url", &c.URL, "public address, such as https://snv.example.vn; needed behind a proxy"},
		{"database", &c.Database, "postgres://… instead of SQLite in the data folder"},
		{"content", &c.Content, "folder of Markdown articles, laid over those that ship"},
		{"internal-networks", &c.Internal, "networks that see internal pages, such as 10.0.0.0/8,192.168.1.0/24"},
		{"trusted-proxies", &c.Proxies, "networks of proxies whose X-Forwarded-For is believed"},
		{"session-idle", &c.Idle, "a login ends after so long without a request, such as 30m; 8h unless set"},
		{"session-max", &c.Longest, "a login ends after so long in any case; 168h unless set"},
		{"max-photo", &c.Photo, "largest picture that may be uploaded, in MB; 25 unless set"},
		{"max-attachment", &c.File, "largest other file that may be uploaded, in MB; 100 unless set"},
		{"max-pixels", &c.Pixels, "most that an uploaded picture may have, in megapixels; 50 unless set"},
	}
}

// bind registers the flags with the variables' values as defaults. An unknown CONGSO_* variable is an error: it is most
// likely a mistyped one. The flags are there all the same, so that this is the error that is told. CONGSO_TEST_* is reserved for tests.
func (c *Config) bind(flags *pflag.FlagSet, environ []string) error {
	err := c.readVariables(environ)
	for _, s := range c.settings() {
		flags.StringVar(s.value, s.name, *s.value, s.help+" ("+s.variable()+")")
	}
	return err
}

func (c *Config) readVariables(environ []string) error {
	settings := c.settings()
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, "CONGSO_") || strings.HasPrefix(name, "CONGSO_TEST_") {
			continue
		}
		i := slices.IndexFunc(settings, func(s setting) bool { return s.variable() == name })
		if i < 0 {
			return fmt.Errorf("unknown setting %s in the environment", name)
		}
		*settings[i].value = value
	}
	return nil
}

// Validate reports the first setting that cannot be used, by name.
func (c *Config) Validate() error {
	if c.Data == "" {
		return errors.New("no data folder: set --data or CONGSO_DATA")
	}
	if err := checkListen(c.Listen); err != nil {
		return err
	}
	if _, err := c.public(); err != nil {
		return err
	}
	if c.Database != "" && !strings.HasPrefix(c.Database, "postgres://") && !strings.HasPrefix(c.Database, "postgresql://") {
		return errors.New("--database must begin with postgres:// (leave it out for SQLite in the data folder)")
	}
	if _, err := prefixes("--internal-networks", c.Internal); err != nil {
		return err
	}
	if _, err := prefixes("--trusted-proxies", c.Proxies); err != nil {
		return err
	}
	if _, _, err := c.sessions(); err != nil {
		return err
	}
	_, err := c.limits()
	return err
}

// sessions are the times after which a login ends: without a request, and in any case; 0 for the store's own.
func (c *Config) sessions() (idle, longest time.Duration, err error) {
	for _, each := range []struct {
		name, text string
		into       *time.Duration
	}{{"--session-idle", c.Idle, &idle}, {"--session-max", c.Longest, &longest}} {
		if each.text == "" {
			continue
		}
		d, err := time.ParseDuration(each.text)
		if err != nil || d < time.Minute {
			return 0, 0, fmt.Errorf("%s %q is no time of a minute or more, such as 8h or 30m", each.name, each.text)
		}
		*each.into = d
	}
	return idle, longest, nil
}

// limits are those of uploaded files; 0 for the store's own.
func (c *Config) limits() (l store.Limits, err error) {
	for _, each := range []struct {
		name, text string
		most, unit int64
		into       *int64
	}{
		{"--max-photo", c.Photo, 500, 1 << 20, &l.PhotoBytes},
		{"--max-attachment", c.File, 10_000, 1 << 20, &l.AttachmentBytes},
		{"--max-pixels", c.Pixels, 200, 1_000_000, &l.Pixels},
	} {
		if each.text == "" {
			continue
		}
		n, err := strconv.ParseInt(each.text, 10, 64)
		if err != nil || n < 1 || n > each.most {
			return store.Limits{}, fmt.Errorf("%s %q is no whole number from 1 to %d", each.name, each.text, each.most)
		}
		*each.into = n * each.unit
	}
	return l, nil
}

func checkListen(address string) error {
	_, port, err := net.SplitHostPort(address)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return fmt.Errorf("--listen %q is no address with a port, such as 127.0.0.1:8080: %w", address, err)
	}
	return nil
}

// public is the public address as browsers name it, nil when there is none: in ASCII, without the port that the scheme implies.
func (c *Config) public() (*url.URL, error) {
	if c.URL == "" {
		return nil, nil
	}
	u, err := url.Parse(c.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" ||
		u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return nil, fmt.Errorf("--url %q must be scheme and host only, such as https://snv.example.vn", c.URL)
	}
	host, err := asciiHost(u.Hostname())
	if err != nil {
		return nil, fmt.Errorf("--url %q has no valid host: %w", c.URL, err)
	}
	if port := u.Port(); port != "" && port != map[string]string{"http": "80", "https": "443"}[u.Scheme] {
		host = net.JoinHostPort(strings.Trim(host, "[]"), port)
	}
	return &url.URL{Scheme: u.Scheme, Host: host}, nil
}

// asciiHost is a host's name as it stands in a Host header: Vietnamese names have a form in ASCII.
func asciiHost(name string) (string, error) {
	if address, err := netip.ParseAddr(name); err == nil {
		if address.Is6() {
			return "[" + name + "]", nil
		}
		return name, nil
	}
	return idna.Lookup.ToASCII(name)
}

// prefixes reads a comma-separated list of networks; a bare address is a network of one.
func prefixes(name, list string) ([]netip.Prefix, error) {
	var networks []netip.Prefix
	for _, text := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' }) {
		if address, err := netip.ParseAddr(text); err == nil {
			networks = append(networks, netip.PrefixFrom(address, address.BitLen()))
			continue
		}
		network, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %q is no network such as 10.0.0.0/8", name, text)
		}
		networks = append(networks, network.Masked())
	}
	return networks, nil
}
