package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strconv"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
	"github.com/gofrs/flock"
	"github.com/spf13/cobra"

	"congso/content"
	"congso/handlers"
	"congso/store"
	"congso/store/model"
)

// stopWithin is how long requests under way may take to finish after a signal.
const stopWithin = 10 * time.Second

func serveCommand(from sources) *cobra.Command {
	command := &cobra.Command{
		Use:   "serve",
		Short: "run the portal on the records of the data folder",
		Args:  cobra.NoArgs,
	}
	read := from.bind(command.Flags())
	command.RunE = func(command *cobra.Command, _ []string) error {
		config, err := read()
		if err != nil {
			return err
		}
		log, closeLog, err := openLog(config, command.ErrOrStderr())
		if err != nil {
			return err
		}
		defer easeCollector()()
		p, err := openPortal(command.Context(), config, log)
		if err == nil {
			err = p.serve(command.Context(), command.OutOrStdout())
		}
		return errors.Join(err, closeLog())
	}
	return command
}

// portal is all that a running portal holds open.
type portal struct {
	config   Config
	log      *slog.Logger
	https    *https // nil without it
	sockets  sockets
	watching *watching // nil unless figures are shown
	lock     *flock.Flock
	store    *store.Store
	content  *content.Library
	demo     bool
	done     work
}

// openPortal opens the ports, takes the data folder's lock and opens records and articles. It begins with what changes nothing.
func openPortal(ctx context.Context, config Config, log *slog.Logger) (p *portal, err error) {
	p = &portal{config: config, log: log}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.close())
		}
	}()
	if err = p.openPorts(); err != nil {
		return p, err
	}
	if p.lock, err = lockFolder(config.Data); err != nil {
		return p, err
	}
	if p.demo, err = isDemo(config); err != nil {
		return p, err
	}
	options, err := p.storeOptions()
	if err != nil {
		return p, err
	}
	if p.store, err = store.Open(ctx, options); err != nil {
		return p, err
	}
	if p.content, err = content.Open(config.Content, log); err != nil {
		return p, err
	}
	return p, nil
}

// openPorts checks the configuration and opens what it says to listen on.
func (p *portal) openPorts() (err error) {
	if err := p.config.Validate(); err != nil {
		return err
	}
	if p.https, err = newHTTPS(p.config, p.log); err != nil {
		return err
	}
	if p.sockets, err = openSockets(p.config); err != nil {
		return err
	}
	p.watching, err = p.openWatching()
	return err
}

// storeOptions are those of the records that the portal serves.
func (p *portal) storeOptions() (o store.Options, err error) {
	o = store.Options{Dir: p.config.Data, Database: p.config.Database, Replica: p.config.DatabaseRead, Media: p.config.media(), Renderer: content.Renderer(), Log: p.log, Program: programName()}
	if o.SessionIdle, o.SessionMax, err = p.config.sessions(); err != nil {
		return o, err
	}
	o.Limits, err = p.config.limits()
	return o, err
}

func (p *portal) close() error {
	failed := []error{p.sockets.close(), p.watching.close()}
	if p.store != nil {
		failed = append(failed, p.store.Close())
	}
	if p.lock != nil {
		failed = append(failed, p.lock.Unlock())
	}
	return errors.Join(failed...)
}

// serve answers requests until ctx ends, then lets those under way finish and moves the last counts into the database.
func (p *portal) serve(ctx context.Context, out io.Writer) (err error) {
	defer func() { err = errors.Join(err, p.close()) }()
	hits := store.OpenHits(p.store)
	defer func() { err = errors.Join(err, hits.Close()) }() // after its last flush
	if err := hits.Flush(ctx); err != nil {                 // reads the figures so that the first page shows them
		return fmt.Errorf("counters: %w", err)
	}
	options, err := p.options(p.sockets.pages[0].Addr(), hits)
	if err != nil {
		return err
	}
	copies, err := p.joinCopies(ctx) // before the first page is kept
	if err != nil {
		return err
	}
	defer copies.leave(ctx)
	options.Program, options.Schema = copies.own.Program, copies.own.Schema
	p.watching.counts(&options, hits)
	front := p.front(options)

	defer p.logStop(context.WithoutCancel(ctx)) // after all work in the background
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	background := p.startWork(work, hits)
	background.Go(func() { copies.follow(work) })
	background.Go(func() { p.followScans(work, options) })
	background.Go(func() { p.watching.serve(work, front.pages.Handler, options.Public) })
	defer background.Wait() // after stop: hits.Run ends with a last flush
	defer stop()

	p.logStart(work)
	p.warnOfOpenWays()
	p.log.Info("listening", "address", addresses(p.sockets.pages), "redirect", addresses(p.sockets.redirect), "https", p.https != nil, "data", p.config.Data)
	fmt.Fprintf(out, "Cổng Sở: %s\n", options.Base)
	if err := p.printWayIn(work, out, options.Base); err != nil { // a stop that comes meanwhile is no failure
		return err
	}
	return p.answer(ctx, front)
}

// answer serves requests until ctx ends, and then lets those under way finish.
func (p *portal) answer(ctx context.Context, front front) error {
	failed := front.serve()
	p.notify(daemon.SdNotifyReady)
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	p.log.Info("stopping")
	p.notify(daemon.SdNotifyStopping)
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer cancel()
	if err := front.shutdown(patience); err != nil {
		return fmt.Errorf("stop: %w", err)
	}
	return nil
}

// notify tells systemd, if it runs this program as a service of Type=notify (sd_notify(3)).
func (p *portal) notify(state string) {
	if _, err := daemon.SdNotify(false, state); err != nil {
		p.log.Warn("systemd not told", "state", state, "error", err)
	}
}

// printWayIn says how to get into the admin pages while nobody has an account: by a link that is good once and for half an hour.
func (p *portal) printWayIn(ctx context.Context, out io.Writer, base string) error {
	if p.demo {
		printDemoUsers(out, base)
		return nil
	}
	code, err := p.store.NewSetup(ctx)
	if errors.Is(err, model.ErrConflict) { // there are accounts
		return nil
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "No account yet. Make the first administrator within 30 minutes at\n  %s/admin/thiet-lap?ma=%s\n", base, code)
	return nil
}

// options are what the handlers get. Without a public address, absolute links name the address that is listened on.
func (p *portal) options(address net.Addr, hits *store.HitBuffer) (o handlers.Options, err error) {
	o = handlers.Options{Store: p.store, Content: p.content, Hits: hits, Log: p.log, Demo: p.demo, TLS: p.https != nil, Base: "http://" + reachable(address)}
	if o.TLS {
		o.Base = "https://" + reachable(address)
	}
	if p.demo {
		o.Accounts = demoAccounts()
	}
	if o.Public, err = p.config.public(); err != nil {
		return o, err
	}
	if o.Public != nil {
		o.Base = o.Public.Scheme + "://" + o.Public.Host
	} else if !p.demo {
		p.log.Warn("no public address is set: links in feeds, the sitemap and contact cards name " + o.Base + "; set --url")
	}
	if o.Internal, err = prefixes("--internal-networks", p.config.Internal); err != nil {
		return o, err
	}
	o.Proxies, err = prefixes("--trusted-proxies", p.config.Proxies)
	return o, err
}

// reachable is an address that a browser on this machine can open: one that listens on every interface has no name of its own.
func reachable(address net.Addr) string {
	tcp, ok := address.(*net.TCPAddr)
	if !ok || !tcp.IP.IsUnspecified() {
		return address.String()
	}
	return net.JoinHostPort("localhost", strconv.Itoa(tcp.Port))
}
