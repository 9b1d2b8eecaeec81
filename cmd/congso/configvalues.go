package main

import (
	"fmt"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"congso/store"
)

// The methods here read what is written in a Config. After Validate they fail no more.

// wrong is the error of settings that cannot be used. It names where each of them comes from, unless that is a flag, which the text names.
func (c *Config) wrong(names []string, format string, values ...any) error {
	err := fmt.Errorf(format, values...)
	var places []string
	for _, name := range names {
		if from := c.origin(name); from != byDefault && from != "--"+name {
			places = append(places, from)
		}
	}
	if len(places) == 0 {
		return err
	}
	return fmt.Errorf("%w (set by %s)", err, strings.Join(places, " and "))
}

// tls reports whether this program speaks HTTPS itself.
func (c *Config) tls() bool { return c.Cert != "" || c.ACME != "" }

// sessions are the times after which a login ends: without a request, and in any case; 0 for the store's own.
func (c *Config) sessions() (idle, longest time.Duration, err error) {
	for _, each := range []struct {
		name, text string
		into       *time.Duration
	}{{"session-idle", c.Idle, &idle}, {"session-max", c.Longest, &longest}} {
		if each.text == "" {
			continue
		}
		d, err := time.ParseDuration(each.text)
		if err != nil || d < time.Minute {
			return 0, 0, c.wrong([]string{each.name}, "--%s %q is no time of a minute or more, such as 8h or 30m", each.name, each.text)
		}
		*each.into = d
	}
	return idle, longest, nil
}

// number is a setting that is a whole number; "" is its default.
func (c *Config) number(name, text, fallback string, least, most int64) (int64, error) {
	if text == "" {
		text = fallback
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < least || n > most {
		return 0, c.wrong([]string{name}, "--%s %q is no whole number from %d to %d", name, text, least, most)
	}
	return n, nil
}

// limits are those of uploaded files; 0 for the store's own.
func (c *Config) limits() (l store.Limits, err error) {
	for _, each := range []struct {
		name, text string
		most, unit int64
		into       *int64
	}{
		{"max-photo", c.Photo, 500, 1 << 20, &l.PhotoBytes},
		{"max-attachment", c.File, 10_000, 1 << 20, &l.AttachmentBytes},
		{"max-pixels", c.Pixels, 200, 1_000_000, &l.Pixels},
	} {
		if each.text == "" {
			continue
		}
		n, err := c.number(each.name, each.text, "", 1, each.most)
		if err != nil {
			return store.Limits{}, err
		}
		*each.into = n * each.unit
	}
	return l, nil
}

// media is where the files of the library are.
func (c *Config) media() store.Media {
	return store.Media{Place: c.Media, Key: c.MediaKey, Secret: c.Secret}
}

// logDays is how many days files of the log are kept, 1 or more.
func (c *Config) logDays() (int, error) {
	n, err := c.number("log-days", c.LogDays, defaultLogDays, 1, 3650)
	return int(n), err
}

// auditDays is how many days entries of the audit trail are kept, 0 for ever.
func (c *Config) auditDays() (int, error) {
	n, err := c.number("audit-days", c.AuditDays, defaultAuditDays, 0, 36500)
	return int(n), err
}

// backups is what serve does about backups by itself.
type backups struct {
	dir  string          // "" for none
	at   []time.Duration // times of day, since midnight in Vietnam, in the order written; none: only when asked
	keep int             // how many stay in dir, 1 or more
}

func (c *Config) backups() (b backups, err error) {
	b.dir = c.BackupDir
	for _, text := range listed(c.BackupAt) {
		at, err := time.Parse("15:04", text)
		if err != nil {
			return b, c.wrong([]string{"backup-at"}, "--backup-at %q is no time of day such as 02:00", text)
		}
		b.at = append(b.at, time.Duration(at.Hour())*time.Hour+time.Duration(at.Minute())*time.Minute)
	}
	keep, err := c.number("backup-keep", c.BackupKeep, defaultBackupKeep, 1, 10_000)
	b.keep = int(keep)
	return b, err
}

// listen are the addresses of the portal, redirects those that lead plain HTTP to HTTPS.
func (c *Config) listens() ([]string, error)   { return c.addresses("listen", c.Listen) }
func (c *Config) redirects() ([]string, error) { return c.addresses("redirect-listen", c.Redirect) }

func (c *Config) addresses(name, text string) ([]string, error) {
	list := listed(text)
	for _, address := range list {
		if err := checkAddress(address); err != nil {
			return nil, c.wrong([]string{name}, "--%s %q is no address with a port, such as 127.0.0.1:8080: %w", name, address, err)
		}
	}
	return list, nil
}

func checkAddress(address string) error {
	_, port, err := net.SplitHostPort(address)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	return err
}

// metricsListen is the address of the figures for Prometheus, "" for none. Only this machine can reach it.
func (c *Config) metricsListen() (string, error) {
	if c.Metrics == "" {
		return "", nil
	}
	host, port, err := net.SplitHostPort(c.Metrics)
	if err == nil {
		err = checkAddress(c.Metrics)
	}
	if err != nil {
		return "", c.wrong([]string{"metrics-listen"}, "--metrics-listen %q is no address with a port, such as 127.0.0.1:9100: %w", c.Metrics, err)
	}
	if host == "localhost" {
		return net.JoinHostPort("127.0.0.1", port), nil // who resolves the name may say otherwise
	}
	if ip, err := netip.ParseAddr(host); err != nil || !ip.IsLoopback() {
		return "", c.wrong([]string{"metrics-listen"}, "--metrics-listen %q is not on loopback: the figures are for this machine alone, such as 127.0.0.1:9100", c.Metrics)
	}
	return c.Metrics, nil
}

// listed are the parts of a list with commas or spaces.
func listed(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
}

// authority is who to fetch certificates from: the contact, "" when none are fetched, and the directory's address.
func (c *Config) authority() (contact, directory string, err error) {
	if c.ACME == "" {
		return "", "", nil
	}
	if a, err := mail.ParseAddress(c.ACME); err != nil || a.Address != c.ACME {
		return "", "", c.wrong([]string{"acme"}, "--acme %q is no e-mail address", c.ACME)
	}
	directory = c.Directory
	if directory == "" {
		directory = defaultDirectory
	}
	if u, err := url.Parse(directory); err != nil || u.Scheme != "https" || u.Host == "" {
		return "", "", c.wrong([]string{"acme-directory"}, "--acme-directory %q is no https:// address", directory)
	}
	return c.ACME, directory, nil
}

// public is the public address as browsers name it, nil when there is none: in ASCII, without the port that the scheme implies.
func (c *Config) public() (*url.URL, error) {
	if c.URL == "" {
		return nil, nil
	}
	u, err := url.Parse(c.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" ||
		u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return nil, c.wrong([]string{"url"}, "--url %q must be scheme and host only, such as https://snv.example.vn", c.URL)
	}
	host, err := asciiHost(u.Hostname())
	if err != nil {
		return nil, c.wrong([]string{"url"}, "--url %q has no valid host: %w", c.URL, err)
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

// prefixes reads a comma-separated list of networks; a bare address is a network of one. Those of IPv4 in the form of IPv6 become IPv4's:
// readers' addresses are looked at in that form, and would be in no such network.
func prefixes(name, list string) ([]netip.Prefix, error) {
	var networks []netip.Prefix
	for _, text := range listed(list) {
		if address, err := netip.ParseAddr(text); err == nil {
			address = address.Unmap()
			networks = append(networks, netip.PrefixFrom(address, address.BitLen()))
			continue
		}
		network, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %q is no network such as 10.0.0.0/8", name, text)
		}
		if inIPv6 := 128 - 32; network.Addr().Is4In6() && network.Bits() >= inIPv6 {
			network = netip.PrefixFrom(network.Addr().Unmap(), network.Bits()-inIPv6)
		}
		networks = append(networks, network.Masked())
	}
	return networks, nil
}
