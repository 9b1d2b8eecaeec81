package main

import (
	"errors"
	"net"
	"net/netip"
	"path/filepath"
	"strings"

	"congso/store"
)

// Validate reports the first setting that cannot be used, or settings that contradict each other, by name and place.
func (c *Config) Validate() error {
	if c.Data == "" {
		return errors.New("no data folder: set --data or CONGSO_DATA, or name the file of settings with --config")
	}
	for _, check := range []func() error{c.checkRecords, c.checkNetworks, c.checkAddresses, c.checkTLS, c.checkTimes, c.checkBackups, c.checkMedia} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (c *Config) checkRecords() error {
	if err := c.checkDatabase("database", c.Database, " (leave it out for SQLite in the data folder)"); err != nil {
		return err
	}
	if err := c.checkDatabase("database-read", c.DatabaseRead, ""); err != nil {
		return err
	}
	if c.DatabaseRead != "" && c.Database == "" {
		return c.wrong([]string{"database-read"}, "--database-read is of no use without --database: it is the address of its replica")
	}
	_, err := c.limits()
	return err
}

func (c *Config) checkDatabase(name, address, instead string) error {
	if address == "" {
		return nil
	}
	if !strings.HasPrefix(address, "postgres://") && !strings.HasPrefix(address, "postgresql://") {
		return c.wrong([]string{name}, "--%s must begin with postgres://%s", name, instead)
	}
	if err := store.CheckAddress(address); err != nil {
		return c.wrong([]string{name}, "--%s: %w", name, err)
	}
	return nil
}

func (c *Config) checkNetworks() error {
	if _, err := c.public(); err != nil {
		return err
	}
	if _, err := prefixes("--internal-networks", c.Internal); err != nil {
		return c.wrong([]string{"internal-networks"}, "%w", err)
	}
	if _, err := prefixes("--trusted-proxies", c.Proxies); err != nil {
		return c.wrong([]string{"trusted-proxies"}, "%w", err)
	}
	return nil
}

// boundAddress is an address to listen on with the setting that names it.
type boundAddress struct{ setting, address string }

// checkAddresses reads all addresses to listen on; none may be taken twice.
func (c *Config) checkAddresses() error {
	main, err := c.listens()
	if err == nil && len(main) == 0 {
		err = c.wrong([]string{"listen"}, "--listen %q is no address with a port, such as %s", c.Listen, defaultListen)
	}
	if err != nil {
		return err
	}
	redirects, err := c.redirects()
	if err != nil {
		return err
	}
	metrics, err := c.metricsListen()
	if err != nil {
		return err
	}
	var all []boundAddress
	for _, a := range main {
		all = append(all, boundAddress{"listen", a})
	}
	for _, a := range redirects {
		all = append(all, boundAddress{"redirect-listen", a})
	}
	if metrics != "" {
		all = append(all, boundAddress{"metrics-listen", metrics})
	}
	return c.checkTwice(all)
}

func (c *Config) checkTwice(all []boundAddress) error {
	for i, one := range all {
		for _, other := range all[:i] {
			if overlap(one.address, other.address) {
				return c.wrong([]string{other.setting, one.setting}, "--%s %q and --%s %q are the same port of the same address",
					other.setting, other.address, one.setting, one.address)
			}
		}
	}
	return nil
}

// overlap reports whether two addresses cannot be listened on at once. Port 0 is any free one.
func overlap(one, other string) bool {
	host1, port1, err1 := net.SplitHostPort(one)
	host2, port2, err2 := net.SplitHostPort(other)
	if err1 != nil || err2 != nil || port1 != port2 || strings.Trim(port1, "0") == "" {
		return false
	}
	return host1 == host2 || covers(host1, host2) || covers(host2, host1)
}

// covers reports whether listening on the first host takes the second's addresses too. A name stands for itself.
func covers(wide, narrow string) bool {
	if wide == "" {
		return true
	}
	w, err := netip.ParseAddr(wide)
	if err != nil || !w.IsUnspecified() {
		return false
	}
	n, err := netip.ParseAddr(narrow)
	return err == nil && n.Is4() == w.Is4()
}

// checkTLS reports what cannot be together about HTTPS. Whether the files can be used is seen when they are read.
func (c *Config) checkTLS() error {
	if _, _, err := c.authority(); err != nil {
		return err
	}
	public, err := c.public()
	if err != nil {
		return err
	}
	own, acme := []string{"tls-cert", "tls-key"}, []string{"acme", "url"}
	switch {
	case (c.Cert == "") != (c.CertKey == ""):
		return c.wrong(own, "--tls-cert and --tls-key belong together: one of them is not set")
	case c.Cert != "" && c.ACME != "":
		return c.wrong([]string{"tls-cert", "acme"}, "--tls-cert and --acme exclude each other: a certificate is either your own or fetched")
	case c.tls() && public != nil && public.Scheme == "http":
		return c.wrong([]string{c.tlsSetting(), "url"}, "--%s turns HTTPS on, but --url %q begins with http://", c.tlsSetting(), c.URL)
	case c.ACME != "" && public == nil:
		return c.wrong(acme, "--acme needs --url: its host is what the certificate is for")
	case c.ACME != "" && !hasName(public.Hostname()):
		return c.wrong(acme, "--acme fetches certificates for names of the internet, which the host of --url %q is not", c.URL)
	case c.ACME == "" && c.origin("acme-directory") != byDefault && c.Directory != "":
		return c.wrong([]string{"acme-directory"}, "--acme-directory is of no use without --acme")
	case c.Redirect != "" && !c.tls():
		return c.wrong([]string{"redirect-listen"}, "--redirect-listen leads to HTTPS, which needs --tls-cert with --tls-key, or --acme")
	}
	return nil
}

func (c *Config) tlsSetting() string {
	if c.Cert != "" {
		return "tls-cert"
	}
	return "acme"
}

// hasName reports whether a host is a name with a domain, not an address or a name of the own network.
func hasName(host string) bool {
	_, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err != nil && strings.Contains(strings.Trim(host, "."), ".")
}

func (c *Config) checkTimes() error {
	idle, longest, err := c.sessions()
	if err != nil {
		return err
	}
	if idle > longest && longest > 0 {
		return c.wrong([]string{"session-idle", "session-max"}, "--session-idle %s is longer than --session-max %s", c.Idle, c.Longest)
	}
	if _, err := c.logDays(); err != nil {
		return err
	}
	_, err = c.auditDays()
	return err
}

func (c *Config) checkBackups() error {
	b, err := c.backups()
	if err != nil {
		return err
	}
	if len(b.at) > 0 && b.dir == "" {
		return c.wrong([]string{"backup-at"}, "--backup-at needs --backup-dir: where are the backups to go?")
	}
	if b.dir != "" && inside(filepath.Join(c.Data, "media"), b.dir) {
		return c.wrong([]string{"backup-dir", "data"}, "--backup-dir %s lies in the media of --data %s: each backup would hold all backups before it", b.dir, c.Data)
	}
	return nil
}

// checkMedia reports what is wrong with the place of the media as it is written. No message holds any of it: a secret may be in the wrong place.
func (c *Config) checkMedia() error {
	m := c.media()
	if err := m.Check(); err != nil {
		return c.wrong([]string{"media", "media-key", "media-secret"}, "--media cannot be used: %w", err)
	}
	limits, err := c.limits()
	switch {
	case err != nil:
		return err
	case m.Bucket() && limits.AttachmentBytes > store.MaxBucketFile:
		return c.wrong([]string{"max-attachment", "media"}, "--max-attachment %s: a bucket takes files of %d MB at most", c.File, int64(store.MaxBucketFile)>>20)
	case m.Place != "" && !m.Bucket() && c.BackupDir != "" && inside(m.Place, c.BackupDir):
		return c.wrong([]string{"backup-dir", "media"}, "--backup-dir %s lies in --media %s: backups are no files of the library", c.BackupDir, m.Place)
	}
	return nil
}

// inside reports whether a path is a folder or lies in it.
func inside(folder, path string) bool {
	from, err := filepath.Abs(folder)
	if err != nil {
		return false
	}
	to, err := filepath.Abs(path)
	if err != nil {
		return false
	}
	way, err := filepath.Rel(from, to)
	return err == nil && way != ".." && !strings.HasPrefix(way, ".."+string(filepath.Separator))
}
