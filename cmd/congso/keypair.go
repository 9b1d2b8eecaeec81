package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"sync/atomic"
	"time"
)

// keyPair is an own certificate with its key, read again when its files change.
type keyPair struct {
	certFile, keyFile string
	log               *slog.Logger
	current           atomic.Pointer[tls.Certificate]
	seen              [2]stamp // of the files when current was read
	complained        string
}

// stamp tells whether a file has changed.
type stamp struct {
	modified time.Time
	size     int64
}

// reloadEvery is how often the files are looked at.
const reloadEvery = 2 * time.Second

func openKeyPair(certFile, keyFile string, log *slog.Logger) (*keyPair, error) {
	k := &keyPair{certFile: certFile, keyFile: keyFile, log: log}
	return k, k.load()
}

func (k *keyPair) get(*tls.ClientHelloInfo) (*tls.Certificate, error) { return k.current.Load(), nil }

// load reads the pair and takes it into use; on an error what was in use stays.
func (k *keyPair) load() error {
	seen, err := k.stamps()
	if err != nil {
		return err
	}
	pair, err := tls.LoadX509KeyPair(k.certFile, k.keyFile)
	if err != nil {
		return fmt.Errorf("%s with %s: %w", k.certFile, k.keyFile, err)
	}
	k.current.Store(&pair)
	k.seen = seen
	return nil
}

func (k *keyPair) stamps() (both [2]stamp, err error) {
	for i, name := range []string{k.certFile, k.keyFile} {
		info, err := os.Stat(name)
		if err != nil {
			return both, err
		}
		both[i] = stamp{info.ModTime(), info.Size()}
	}
	return both, nil
}

// follow reads the pair again when its files change, until ctx ends. A pair that cannot be used, as while only one of the files
// is new, leaves the old one in use; it is tried again and again, and complained about once.
func (k *keyPair) follow(ctx context.Context) {
	for range ticks(ctx, reloadEvery) {
		k.refresh()
	}
}

func (k *keyPair) refresh() {
	seen, err := k.stamps()
	if err == nil && seen == k.seen {
		return
	}
	if err == nil {
		err = k.load()
	}
	if err == nil {
		k.complained = ""
		k.log.Info("certificate read again", "file", k.certFile, "end", k.current.Load().Leaf.NotAfter)
		return
	}
	if text := err.Error(); text != k.complained {
		k.complained = text
		k.log.Error("the new certificate cannot be used, the old one stays", "error", err)
	}
}

// readLeaf is the first certificate of a PEM file, which is the portal's own.
func readLeaf(name string) (*x509.Certificate, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("certificate: %w", err)
	}
	for {
		var block *pem.Block
		if block, data = pem.Decode(data); block == nil {
			return nil, fmt.Errorf("certificate: %s holds none", name)
		}
		if block.Type == "CERTIFICATE" {
			leaf, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return nil, fmt.Errorf("certificate %s: %w", name, err)
			}
			return leaf, nil
		}
	}
}

// fetchedExpiry is when a fetched certificate ends: the later of the two that clients of different age may have made to be fetched.
func fetchedExpiry(name string) (end time.Time, err error) {
	for _, suffix := range []string{"", "+rsa"} { // autocert's names of them
		leaf, err := readLeaf(name + suffix)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return time.Time{}, err
		}
		if leaf.NotAfter.After(end) {
			end = leaf.NotAfter
		}
	}
	if end.IsZero() {
		return end, fmt.Errorf("none has been fetched yet: %w", errNoCertificate)
	}
	return end, nil
}
