package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/kardianos/service"
)

// supervised runs the program under Windows' service manager, which says when to start and stop.
type supervised struct {
	run    func(ctx context.Context) error
	failed func(err error) // called when run ends although nobody asked it to

	mu     sync.Mutex
	cancel context.CancelFunc
	ended  chan error
}

// Start begins to run and returns at once: the manager gives a start thirty seconds.
func (w *supervised) Start(service.Service) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	ctx, cancel := context.WithCancel(context.Background())
	w.cancel, w.ended = cancel, make(chan error, 1)
	go func() {
		err := w.run(ctx)
		w.ended <- err
		if ctx.Err() == nil {
			w.failed(fmt.Errorf("ended by itself: %w", err))
		}
	}()
	return nil
}

// stopPatience is longer than serve takes to finish the requests under way and to write the last counts.
const stopPatience = stopWithin + 15*time.Second

// Stop asks the program to end and waits until it has.
func (w *supervised) Stop(service.Service) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cancel()
	select {
	case err := <-w.ended:
		return err
	case <-time.After(stopPatience):
		return fmt.Errorf("did not end within %s", stopPatience)
	}
}

// windowsService is the service as Windows is to know it: a virtual account of its own, which may do nothing on the machine but what its
// folders allow, started with the machine and again five seconds after a failure.
func windowsService(program string) *service.Config {
	return &service.Config{
		Name:        serviceName,
		DisplayName: "Cổng Sở (congso)",
		Description: "The portal of a provincial department",
		Executable:  program,
		Arguments:   []string{"serve"},
		UserName:    `NT SERVICE\` + serviceName,
		Option: service.KeyValue{
			"StartType":              "automatic",
			"DelayedAutoStart":       true,
			"OnFailure":              "restart",
			"OnFailureDelayDuration": "5s",
			"OnFailureResetPeriod":   600, // seconds
		},
	}
}

// windowsSettings are the example's with the folders of Windows: all lie under home, and the log goes to a file, as there is no journal.
func windowsSettings(example, home string) string {
	return strings.NewReplacer(
		"CONGSO_DATA=/var/lib/congso", `CONGSO_DATA=`+home+`\data`,
		"CONGSO_BACKUP_DIR=/var/backups/congso", `CONGSO_BACKUP_DIR=`+home+`\backup`,
		"#CONGSO_LOG_FILE=/var/log/congso/congso.log", `CONGSO_LOG_FILE=`+home+`\log\congso.log`,
		"/etc/congso/tls/cert.pem", home+`\tls\cert.pem`,
		"/etc/congso/tls/key.pem", home+`\tls\key.pem`,
		"/var/lib/congso/content", home+`\content`,
		"systemctl restart congso", "Restart-Service congso (PowerShell)",
		"A log file instead of the journal", "The log file",
	).Replace(example)
}
