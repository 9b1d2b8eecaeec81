package model

import (
	"strconv"
	"strings"
)

// ActionPrune is the action of an audit entry that stands for older ones which were removed.
const ActionPrune = "prune"

// AuditPrune is what an entry of ActionPrune holds: the anchor of the entries that remain.
type AuditPrune struct {
	Last  int64  // id of the last entry that was removed
	Hash  string // of that entry: what the first remaining one names as the hash before it
	Count int64  // entries that were removed with it
	All   int64  // entries that were removed since the trail began, these among them
}

// Names of the values in the fields of an entry.
const (
	pruneHash  = "hash="
	pruneCount = "count="
	pruneAll   = "all="
)

// Entry is the audit entry without its place in the chain.
func (p AuditPrune) Entry() Audit {
	return Audit{Action: ActionPrune, Kind: KindAudit, RecordID: p.Last, Fields: []string{
		pruneHash + p.Hash, pruneCount + strconv.FormatInt(p.Count, 10), pruneAll + strconv.FormatInt(p.All, 10),
	}}
}

// Pruned is what the entry says of removed ones; ok is false for an entry of another action, or one that cannot be read.
func (a Audit) Pruned() (p AuditPrune, ok bool) {
	if a.Action != ActionPrune || a.Kind != KindAudit || len(a.Fields) != 3 {
		return p, false
	}
	p.Last = a.RecordID
	var hash, count, all bool
	p.Hash, hash = strings.CutPrefix(a.Fields[0], pruneHash)
	p.Count, count = cutNumber(a.Fields[1], pruneCount)
	p.All, all = cutNumber(a.Fields[2], pruneAll)
	return p, hash && count && all
}

func cutNumber(field, name string) (int64, bool) {
	text, ok := strings.CutPrefix(field, name)
	n, err := strconv.ParseInt(text, 10, 64)
	return n, ok && err == nil
}
