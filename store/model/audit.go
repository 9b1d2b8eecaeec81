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
