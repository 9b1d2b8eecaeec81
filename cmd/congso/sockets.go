package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"strings"

	"github.com/coreos/go-systemd/v22/activation"
)

// redirectSocket is the name (FileDescriptorName=, systemd.socket(5)) of a socket for plain HTTP beside HTTPS. A socket of any
// other name, such as https or congso, is one of the portal's pages.
const redirectSocket = "http"

// sockets are the open ports of a portal: those of its pages, and those that lead plain HTTP to them.
type sockets struct {
	pages, redirect []net.Listener
}

// openSockets takes the sockets that systemd hands over, and where it hands over none, opens the configured addresses.
func openSockets(config Config) (s sockets, err error) {
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	given, err := activation.ListenersWithNames()
	if err != nil {
		return s, fmt.Errorf("sockets of systemd: %w", err)
	}
	for name, list := range given {
		if name == redirectSocket && config.tls() {
			s.redirect = append(s.redirect, list...)
		} else {
			s.pages = append(s.pages, list...)
		}
	}
	pages, err := config.listens()
	if err != nil {
		return s, err
	}
	redirects, err := config.redirects()
	if err != nil {
		return s, err
	}
	if s.pages, err = config.listenUnless(s.pages, "listen", pages); err != nil {
		return s, err
	}
	s.redirect, err = config.listenUnless(s.redirect, "redirect-listen", redirects)
	return s, err
}

// listenUnless opens the addresses of a setting when there are no sockets yet.
func (c *Config) listenUnless(there []net.Listener, setting string, addresses []string) ([]net.Listener, error) {
	if len(there) > 0 {
		return there, nil
	}
	var open []net.Listener
	for _, address := range addresses {
		listener, err := net.Listen(family(address), address)
		if err != nil {
			return open, c.wrong([]string{setting}, "--%s %q cannot be listened on: %w%s", setting, address, err, listenCure(err))
		}
		open = append(open, listener)
	}
	return open, nil
}

// family keeps a written address to its own family; Go's listener on 0.0.0.0 would take IPv6 as well.
func family(address string) string {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return "tcp"
	}
	ip, err := netip.ParseAddr(host)
	switch {
	case err != nil:
		return "tcp"
	case ip.Is4():
		return "tcp4"
	}
	return "tcp6"
}

// listenCure says what helps where the system's own words do not.
func listenCure(err error) string {
	switch {
	case errors.Is(err, errAddressInUse):
		return ": another program, or another congso, has this port; stop it or choose another port"
	case errors.Is(err, fs.ErrPermission):
		return ": ports below 1024 need a right that the service has and this user has not"
	}
	return ""
}

// addresses are where listeners can be reached, comma-separated.
func addresses(listeners []net.Listener) string {
	list := make([]string, len(listeners))
	for i, listener := range listeners {
		list[i] = listener.Addr().String()
	}
	return strings.Join(list, ",")
}

func (s sockets) close() error {
	var failed []error
	for _, listener := range append(append([]net.Listener(nil), s.pages...), s.redirect...) {
		if err := listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) { // a server that has ended has closed its own
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}
