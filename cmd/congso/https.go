package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// https is how a portal proves its name to browsers.
type https struct {
	tls        *tls.Config
	challenges func(http.Handler) http.Handler // answers an authority's questions over plain HTTP, and has the handler answer the rest
	follow     func(context.Context)           // keeps the certificate up to date until the context ends
}

// newHTTPS prepares HTTPS as configured, nil when it is off. Own files must hold a pair that can be used.
func newHTTPS(config Config, log *slog.Logger) (*https, error) {
	switch {
	case config.Cert != "":
		return ownHTTPS(config, log)
	case config.ACME != "":
		return fetchedHTTPS(config, log)
	}
	return nil, nil
}

func ownHTTPS(config Config, log *slog.Logger) (*https, error) {
	pair, err := openKeyPair(config.Cert, config.CertKey, log)
	if err != nil {
		return nil, config.wrong([]string{"tls-cert", "tls-key"}, "--tls-cert and --tls-key: %w", err)
	}
	return &https{
		tls:        &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: pair.get},
		challenges: func(h http.Handler) http.Handler { return h },
		follow:     pair.follow,
	}, nil
}

// acmeFolder is the folder in the data folder with fetched certificates and the account's key.
const acmeFolder = "acme"

// fetchedHTTPS has certificates fetched for the host of the public address only: at the first visit, and again 30 days before they end.
func fetchedHTTPS(config Config, log *slog.Logger) (*https, error) {
	contact, directory, err := config.authority()
	if err != nil {
		return nil, err
	}
	public, err := config.public()
	if err != nil {
		return nil, err
	}
	manager := &autocert.Manager{
		Prompt:     autocert.AcceptTOS, // who sets --acme accepts the authority's terms: the handbook says so
		Cache:      autocert.DirCache(filepath.Join(config.Data, acmeFolder)),
		HostPolicy: onlyHost(public.Hostname()),
		Email:      contact,
		Client:     &acme.Client{DirectoryURL: directory},
	}
	settings := manager.TLSConfig()
	settings.MinVersion = tls.VersionTLS12
	settings.GetCertificate = (&fetchLog{log: log, host: public.Hostname()}).watch(settings.GetCertificate)
	return &https{tls: settings, challenges: manager.HTTPHandler, follow: func(context.Context) {}}, nil
}

// onlyHost allows one host. Where plain HTTP has another port than 80, as behind a router, requests name it beside the host.
func onlyHost(host string) autocert.HostPolicy {
	allowed := autocert.HostWhitelist(host)
	return func(ctx context.Context, asked string) error {
		if name, _, err := net.SplitHostPort(asked); err == nil {
			asked = name
		}
		return allowed(ctx, asked)
	}
}

// fetchLog tells in the log why a certificate could not be fetched, at most once a minute: every visit tries again.
type fetchLog struct {
	log  *slog.Logger
	host string
	mu   sync.Mutex
	last time.Time
}

func (f *fetchLog) watch(get func(*tls.ClientHelloInfo) (*tls.Certificate, error)) func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	return func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		certificate, err := get(hello)
		if err != nil && hello.ServerName == f.host && f.due() {
			f.log.Error("no certificate fetched", "host", f.host, "error", err)
		}
		return certificate, err
	}
}

func (f *fetchLog) due() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if time.Since(f.last) < time.Minute {
		return false
	}
	f.last = time.Now()
	return true
}

// soon is how long before its end a certificate is complained about: a fetched one is renewed 30 days before.
const soon = 21 * 24 * time.Hour

// warnOfEnd says once a day in the log that the certificate ends soon or has ended.
func (p *portal) warnOfEnd(ctx context.Context) {
	ticker := time.NewTicker(24 * time.Hour)
	defer ticker.Stop()
	for ctx.Err() == nil {
		end, err := certificateExpiry(p.config)
		switch left := time.Until(end); {
		case errors.Is(err, errNoCertificate):
		case err != nil:
			p.log.Warn("certificate not read", "error", err)
		case left < 0:
			p.log.Error("the certificate has ended: browsers refuse the portal", "end", end)
		case left < soon:
			p.log.Warn("the certificate ends soon", "end", end, "days", int(left.Hours()/24))
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
		}
	}
}

// errNoCertificate: HTTPS is off, or no certificate has been fetched yet.
var errNoCertificate = errors.New("there is no certificate")

// certificateExpiry is when the portal's certificate ends, read from where it is kept. Without one the error is errNoCertificate.
func certificateExpiry(config Config) (time.Time, error) {
	switch {
	case config.Cert != "":
		leaf, err := readLeaf(config.Cert)
		if err != nil {
			return time.Time{}, err
		}
		return leaf.NotAfter, nil
	case config.ACME != "":
		public, err := config.public()
		if err != nil {
			return time.Time{}, err
		}
		return fetchedExpiry(filepath.Join(config.Data, acmeFolder, public.Hostname()))
	}
	return time.Time{}, fmt.Errorf("HTTPS is off: %w", errNoCertificate)
}
