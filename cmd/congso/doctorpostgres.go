package main

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// Bounds of what is said about a PostgreSQL server.
const (
	leastPostgres = 15 // what the program is tested with
	connectionsOf = 80 // of a hundred connections in use are a warning
	standbyLate   = time.Minute
)

// databaseWay looks at whether others on the network can come between the portal and its database.
func (e *examination) databaseWay(context.Context) (string, error) {
	if e.config.Database == "" {
		return "", nil
	}
	ways, err := e.config.openWays()
	for name, hosts := range ways {
		e.note("database-way", levelWarning, name, "the way to "+strings.Join(hosts, ", ")+" is open: somebody on the network may read what is sent, or answer in the server's place",
			"turn TLS on in PostgreSQL, and add sslmode=verify-full&sslrootcert=FILE to the setting "+name)
	}
	return "on this machine, or by TLS with proof of who answers", err
}

// postgres looks at the server and at how it keeps the records.
func (e *examination) postgres(ctx context.Context) (string, error) {
	if e.config.Database == "" {
		return "", nil
	}
	s, err := e.store.Server(ctx)
	if err != nil {
		return "", err
	}
	if s.Version/10000 < leastPostgres {
		e.note("postgres-version", levelWarning, e.recordsPlace(), fmt.Sprintf("version %d: the portal is tested with %d and newer", s.Version/10000, leastPostgres), "upgrade PostgreSQL")
	}
	if s.Encoding != "UTF8" {
		e.note("postgres-encoding", levelProblem, e.recordsPlace(), "the database's encoding is "+s.Encoding+": Vietnamese texts cannot all be kept", "make a database with ENCODING 'UTF8' and move the records")
	}
	if s.Connections*100 > s.Most*connectionsOf {
		e.note("postgres-connections", levelWarning, e.recordsPlace(), fmt.Sprintf("%d of %d connections are in use: a copy that needs one more will find none", s.Connections, s.Most),
			"raise max_connections of PostgreSQL, or lower pool_max_conns in the setting database")
	}
	for _, setting := range s.Unsafe {
		e.note("postgres-durable", levelProblem, e.recordsPlace(), setting+": what has been saved may be lost, or damaged, when the machine dies", "turn it on in postgresql.conf")
	}
	for _, t := range s.Slack {
		cleaned := "never"
		if !t.Cleaned.IsZero() {
			cleaned = "last " + moment(t.Cleaned)
		}
		e.note("postgres-vacuum", levelWarning, t.Name, fmt.Sprintf("%d dead rows beside %d living ones; cleaned up %s", t.Dead, t.Live, cleaned),
			"see that autovacuum is on and that no program keeps a transaction open for hours (pg_stat_activity); then VACUUM "+t.Name)
	}
	for _, index := range s.Invalid {
		e.note("postgres-index", levelProblem, index, "the index is not valid: searches are slow or find too little", "REINDEX INDEX "+index)
	}
	for _, b := range s.Standbys {
		if b.Behind > standbyLate {
			e.note("postgres-standby", levelWarning, b.Name, fmt.Sprintf("the standby is %s behind", b.Behind.Round(time.Second)), "look at its load and at the network between the servers")
		}
	}
	return fmt.Sprintf("version %d.%d, %d of %d connections, %d standbys", s.Version/10000, s.Version%10000, s.Connections, s.Most, len(s.Standbys)), nil
}

// replica looks at whether readers can be served from the replica.
func (e *examination) replica(ctx context.Context) (string, error) {
	if e.config.DatabaseRead == "" {
		return "", nil
	}
	if err := e.store.LookAtReplica(ctx, e.config.DatabaseRead); err != nil {
		e.note("replica", levelWarning, "database-read", "readers are served from the primary: "+err.Error(),
			"see that the standby runs, follows --database and is reached from here; until then the primary does its work")
	}
	return "it follows the primary", nil
}
