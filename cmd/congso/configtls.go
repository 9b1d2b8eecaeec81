package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

func configTLSCommand(from sources) *cobra.Command {
	public := ""
	command := &cobra.Command{
		Use:   "tls CERT KEY",
		Short: "serve HTTPS on port 443 with a certificate of your own: checks it, keeps a copy, changes the configuration file",
		Args:  cobra.ExactArgs(2),
	}
	from.bindFile(command.Flags())
	command.Flags().StringVar(&public, "url", "", "public address, such as https://snv.example.vn; that of the configuration file unless given")
	command.RunE = func(command *cobra.Command, args []string) error {
		file, err := from.fileToChange(command.Flags())
		if err != nil {
			return err
		}
		return installPair(file, args[0], args[1], public, command.OutOrStdout())
	}
	return command
}

// installPair copies a certificate with its key into the folder of the configuration file, if it fits the public address, and turns HTTPS on.
func installPair(file changedFile, certFile, keyFile, public string, out io.Writer) error {
	config, err := file.config()
	if err != nil {
		return err
	}
	if public != "" {
		config.URL = public
	}
	address, err := config.public()
	if err != nil {
		return err
	}
	if address == nil || address.Scheme != "https" {
		return errors.New("give the public address with --url, such as --url https://snv.example.vn")
	}
	cert, key, err := checkPair(certFile, keyFile, address.Hostname(), time.Now(), out)
	if err != nil {
		return err
	}
	folder := filepath.Join(filepath.Dir(file.name), "tls")
	if file, err = file.with(httpsChanges(config, address, folder)); err != nil {
		return err
	}
	if err := keepPair(folder, file.info, cert, key); err != nil {
		return fmt.Errorf("certificate: %w", err)
	}
	return file.write(out)
}

// The names of the pair in its folder.
const (
	keptCert = "cert.pem"
	keptKey  = "key.pem"
)

// checkPair reads a certificate and its key and refuses what browsers would.
func checkPair(certFile, keyFile, host string, now time.Time, out io.Writer) (cert, key []byte, err error) {
	if cert, err = os.ReadFile(certFile); err != nil {
		return nil, nil, fmt.Errorf("certificate: %w", err)
	}
	if key, err = os.ReadFile(keyFile); err != nil {
		return nil, nil, fmt.Errorf("key: %w", err)
	}
	if strings.Contains(string(key), "ENCRYPTED") {
		return nil, nil, fmt.Errorf("%s is locked with a password: write an unlocked one with openssl pkey -in %s -out unlocked.key", keyFile, keyFile)
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return nil, nil, fmt.Errorf("%s with %s: %w", certFile, keyFile, err)
	}
	leaf := pair.Leaf
	switch err := leaf.VerifyHostname(host); {
	case err != nil:
		return nil, nil, fmt.Errorf("%s is not for the host of the public address: %w", certFile, err)
	case now.After(leaf.NotAfter):
		return nil, nil, fmt.Errorf("%s has ended on %s", certFile, leaf.NotAfter.Format(time.DateOnly))
	case now.Before(leaf.NotBefore):
		return nil, nil, fmt.Errorf("%s begins only on %s: is this machine's clock right?", certFile, leaf.NotBefore.Format(time.DateOnly))
	}
	fmt.Fprintf(out, "The certificate is for %s, until %s.\n", host, leaf.NotAfter.Format(time.DateOnly))
	if len(pair.Certificate) == 1 && !selfSigned(leaf) {
		fmt.Fprintf(out, "Careful: %s holds the portal's certificate alone. Many phones need those of the authority after it in the same file.\n", certFile)
	}
	return cert, key, nil
}

func selfSigned(leaf *x509.Certificate) bool { return leaf.CheckSignatureFrom(leaf) == nil }

// keepPair copies a pair to where the portal finds it. Folder and files get the owner of the configuration file and its group, which is
// the portal's.
func keepPair(folder string, like fs.FileInfo, cert, key []byte) error {
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return err
	}
	if like != nil {
		if err := giveTo(folder, like); err != nil {
			return err
		}
	}
	if err := replaceFile(filepath.Join(folder, keptKey), key, 0o640, like); err != nil {
		return err
	}
	return replaceFile(filepath.Join(folder, keptCert), cert, 0o644, like)
}

// httpsChanges are the settings of HTTPS by files in a folder. Addresses that were chosen for HTTPS before stay.
func httpsChanges(config Config, public *url.URL, folder string) []change {
	changes := []change{{"url", public.String()}, {"acme", ""}, {"acme-directory", ""},
		{"tls-cert", filepath.Join(folder, keptCert)}, {"tls-key", filepath.Join(folder, keptKey)}}
	if config.tls() {
		return changes
	}
	port := public.Port()
	if port == "" {
		port = "443"
	}
	return append(changes, change{"listen", ":" + port}, change{"redirect-listen", ":80"})
}
