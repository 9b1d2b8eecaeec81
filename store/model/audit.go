package model

import "time"

// Actor is who makes a change: a user, or the program itself.
type Actor struct {
	UserID int64  // 0 for the program
	Name   string // account name, or the subcommand
}

// Audit is one entry of the append-only audit trail. It names fields, never their values.
type Audit struct {
	ID       int64
	At       time.Time
	Actor    Actor
	Action   string // create, update, …
	Kind     Kind
	RecordID int64
	Fields   []string
	Previous string // hash of the entry before
	Hash     string
}

// AuditCheck is what a walk along the audit trail's chain of hashes found.
type AuditCheck struct {
	Count  int    // entries that were walked and hold
	Last   int64  // id of the last of them, or where the walk began
	Head   string // hash of that entry, "" before the first
	More   bool   // entries after Last were left for another walk
	Broken int64  // id of the first entry that does not fit, 0 when none was met
}

// RecordRef names a record.
type RecordRef struct {
	Kind Kind
	ID   int64
}
