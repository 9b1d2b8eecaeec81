package main

import (
	"context"
	"errors"
	"net"
	"net/http"

	"congso/handlers"
)

// front is the HTTP servers of a portal.
type front struct {
	sockets  sockets
	pages    *http.Server
	redirect *http.Server // leads to the pages' HTTPS
}

// front makes the servers; they answer once serve is called.
func (p *portal) front(options handlers.Options) front {
	f := front{sockets: p.sockets, pages: handlers.Server(handlers.New(options), p.log)}
	if p.https != nil {
		f.pages.TLSConfig = p.https.tls
		f.redirect = handlers.Server(p.https.challenges(handlers.Redirect(options.Public, p.log)), p.log)
	}
	return f
}

// serve answers on all sockets. What it returns tells the first failure of any of them; a shutdown is none.
func (f front) serve() <-chan error {
	failed := make(chan error, len(f.sockets.pages)+len(f.sockets.redirect))
	start := func(serve func(net.Listener) error, listeners []net.Listener) {
		for _, listener := range listeners {
			go func() {
				if err := serve(listener); !errors.Is(err, http.ErrServerClosed) {
					failed <- err
				}
			}()
		}
	}
	if f.redirect == nil {
		start(func(l net.Listener) error { return f.pages.Serve(handlers.Listener(l)) }, f.sockets.pages)
		return failed
	}
	start(func(l net.Listener) error { return f.pages.ServeTLS(l, "", "") }, f.sockets.pages)
	start(f.redirect.Serve, f.sockets.redirect)
	return failed
}

// shutdown lets the requests under way finish until ctx ends, and then breaks them off, which is an error.
func (f front) shutdown(ctx context.Context) error {
	var failed []error
	for _, server := range []*http.Server{f.redirect, f.pages} {
		if server == nil {
			continue
		}
		if err := server.Shutdown(ctx); err != nil && !errors.Is(err, http.ErrServerClosed) {
			failed = append(failed, err, server.Close()) // nobody may be served from a store that is about to close
		}
	}
	return errors.Join(failed...)
}
