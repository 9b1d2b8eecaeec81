package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"

	"congso/handlers"
	"congso/store"
)

// The ways in which the measured portal answers, each at an address of its own: as it is served to everybody; without kept pages; and as
// it is served but for one thing.
const (
	benchServed    = "served"
	benchCold      = "cold"
	benchUncounted = "uncounted"
	benchUnlogged  = "unlogged"
)

// benchWays are what the ways change of the options with which the portal is served.
func benchWays() map[string]func(*handlers.Options) {
	return map[string]func(*handlers.Options){
		benchServed:    func(*handlers.Options) {},
		benchCold:      func(o *handlers.Options) { o.PageAge = -1 },
		benchUncounted: func(o *handlers.Options) { o.Uncounted = true },
		benchUnlogged:  func(o *handlers.Options) { o.Log = slog.New(slog.DiscardHandler) },
	}
}

// benchPortal serves the records of folder, and of the database that the first line of in names, in all ways until in ends. It does what serve does, but for the work at a start which would take
// its time from what is measured: it does not look at every page of the database.
func benchPortal(ctx context.Context, folder string, log *slog.Logger, flushLog func() error, in io.Reader, out io.Writer) (err error) {
	input := bufio.NewReader(in)
	database, err := input.ReadString('\n')
	if err != nil {
		return err
	}
	var config Config
	config.fill(nil)
	config.Data, config.Database, config.Listen = folder, strings.TrimSpace(database), "127.0.0.1:0"
	defer easeCollector()()
	p, err := openPortal(ctx, config, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	if err := p.store.IndexArticles(ctx, p.content.All()); err != nil {
		return err
	}
	hits := store.OpenHits(p.store)
	defer func() { err = errors.Join(err, hits.Close()) }()
	if err := hits.Flush(ctx); err != nil {
		return err
	}
	options, err := p.options(p.sockets.pages[0].Addr(), hits)
	if err != nil {
		return err
	}
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	var background sync.WaitGroup
	for _, do := range []func(context.Context){hits.Run, p.content.Watch, p.followTimes} {
		background.Go(func() { do(work) })
	}
	defer background.Wait()
	defer stop()
	servers, err := benchServe(options)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, servers.close()) }()
	if err := json.NewEncoder(out).Encode(servers.places()); err != nil {
		return err
	}
	writers := &benchWriters{store: p.store}
	defer func() { err = errors.Join(err, writers.end()) }()
	counted := func(u *benchUsage) {
		u.Views, u.Written = hits.Counters().Total, writers.written.Load()
	}
	return benchObey(ctx, input, out, counted, func(words []string) error {
		if words[0] == benchSettle {
			return errors.Join(hits.Flush(ctx), flushLog())
		}
		return writers.obey(work, words)
	})
}

// benchListeners are the servers of the ways.
type benchListeners struct {
	listeners map[string]net.Listener
	servers   []*http.Server
}

func benchServe(options handlers.Options) (*benchListeners, error) {
	b := &benchListeners{listeners: map[string]net.Listener{}}
	for way, change := range benchWays() {
		o := options
		change(&o)
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, errors.Join(err, b.close())
		}
		server := handlers.Server(handlers.New(o), o.Log)
		b.listeners[way], b.servers = listener, append(b.servers, server)
		go func() {
			if err := server.Serve(handlers.Listener(listener)); !errors.Is(err, http.ErrServerClosed) {
				options.Log.Error("measured server", "error", err)
			}
		}()
	}
	return b, nil
}

func (b *benchListeners) places() map[string]string {
	places := map[string]string{}
	for way, listener := range b.listeners {
		places[way] = listener.Addr().String()
	}
	return places
}

func (b *benchListeners) close() error {
	var failed []error
	for _, server := range b.servers {
		failed = append(failed, server.Close())
	}
	return errors.Join(failed...)
}
