package main

import (
	"strings"

	"congso/handlers/prometheus"
	"congso/store"
)

// openWays are the hosts of the database and of its replica to which the way is open, by the settings that name them.
func (c *Config) openWays() (map[string][]string, error) {
	ways := map[string][]string{}
	for name, address := range map[string]string{"database": c.Database, "database-read": c.DatabaseRead} {
		if address == "" {
			continue
		}
		hosts, err := store.OpenHosts(address)
		if err != nil {
			return nil, err
		}
		if len(hosts) > 0 {
			ways[name] = hosts
		}
	}
	return ways, nil
}

// warnOfOpenWays tells the log of databases that are reached over a network without proof of who answers.
func (p *portal) warnOfOpenWays() {
	ways, err := p.config.openWays()
	if err != nil { // the store has been opened with these addresses
		p.log.Error("the way to the database not looked at", "error", err)
	}
	for name, hosts := range ways {
		p.log.Warn("the way to the database is open to others on the network: set sslmode=verify-full and sslrootcert in the address", "setting", name, "hosts", strings.Join(hosts, ", "))
	}
}

// writeReplica writes how the replica stands; nothing without one.
func (w *watching) writeReplica(out *prometheus.Writer) {
	state, ok := w.portal.store.Replica()
	if !ok {
		return
	}
	out.Gauge("congso_replica_up", "1 when readers without a login are served from the replica, 0 when the primary serves them.", oneIf(state.Reason == ""))
	out.Gauge("congso_replica_behind_seconds", "How old what the replica shows may be.", state.Behind.Seconds())
	out.Counter("congso_replica_reads_total", "Answers that were read from the replica.", state.Reads)
}
