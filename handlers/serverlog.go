package handlers

import (
	"context"
	"log"
	"log/slog"
	"regexp"
	"strings"
)

// clientIn finds where net/http's own messages name a client's address, which is personal data.
var clientIn = regexp.MustCompile(`(from|serving) (\[[^\]]*\]|[0-9.]+):[0-9]+`)

// serverLog is where net/http tells what goes wrong before a request is there. That a client gives up or has no TLS in common with us is
// its own business, and frequent: shown for debugging only.
type serverLog struct{ log *slog.Logger }

func newServerLog(l *slog.Logger) *log.Logger { return log.New(serverLog{l}, "", 0) }

func (s serverLog) Write(line []byte) (int, error) {
	text := clientIn.ReplaceAllString(strings.TrimRight(string(line), "\n"), "$1 a client")
	level := slog.LevelWarn
	if strings.Contains(text, "TLS handshake error") {
		level = slog.LevelDebug
	}
	s.log.Log(context.Background(), level, text)
	return len(line), nil
}
