package model

import (
	"errors"
	"fmt"
	"sort"
	"strings"
	"time"
)

// Errors that the store returns, wrapped with the operation and the key. Handlers turn them into answers.
var (
	// ErrNotFound: there is no such record, or none that this viewer may know of.
	ErrNotFound = errors.New("not found")
	// ErrGone: the record was public once and has been archived or has expired.
	ErrGone = errors.New("gone")
	// ErrConflict: the row has moved on from the revision that the change was based on.
	ErrConflict = errors.New("conflict")
	// ErrUnavailable: the database cannot be asked now; trying again later may help.
	ErrUnavailable = errors.New("unavailable")
	// ErrCredentials: name, password or code do not fit; which of them is told to nobody.
	ErrCredentials = errors.New("wrong credentials")
	// ErrDiskFull: a file or a record cannot be kept for want of space. It is also ErrUnavailable.
	ErrDiskFull = fmt.Errorf("%w: no space left on the disk", ErrUnavailable)
	// ErrDamaged: the database's file is not what was written into it. It is also ErrUnavailable, and its text says what to do.
	ErrDamaged = fmt.Errorf("%w: the database is damaged: stop the portal and bring back the newest backup with 'congso restore FILE'", ErrUnavailable)
	// ErrFilesAway: pictures and attachments can neither be read nor kept now, since the place where they are does not answer as it should.
	// It is also ErrUnavailable.
	ErrFilesAway = fmt.Errorf("%w: the place of the media cannot be used now", ErrUnavailable)
	// ErrInUse: the record cannot be put away while others use it.
	ErrInUse = errors.New("in use")
)

// TooSoon is the error for a login after too many that failed: the next one is looked at after Wait.
type TooSoon struct{ Wait time.Duration }

func (t TooSoon) Error() string { return "too many failed logins: wait " + t.Wait.String() }

// Moved is the error for an old slug: the record now lives at Slug.
type Moved struct{ Slug string }

func (m Moved) Error() string { return "moved to " + m.Slug }

// Invalid is the error for a record that breaks its rules: field name to a message in Vietnamese for the person who typed it.
type Invalid map[string]string

func (v Invalid) Error() string {
	fields := make([]string, 0, len(v))
	for field := range v {
		fields = append(fields, field)
	}
	sort.Strings(fields)
	parts := make([]string, len(fields))
	for i, field := range fields {
		parts[i] = field + ": " + v[field]
	}
	return "invalid: " + strings.Join(parts, "; ")
}

// check adds message for field unless ok holds or the field has a message already.
func (v Invalid) check(ok bool, field, message string) {
	if _, taken := v[field]; !ok && !taken {
		v[field] = message
	}
}

// err is v, or nil when nothing is wrong.
func (v Invalid) err() error {
	if len(v) == 0 {
		return nil
	}
	return v
}

// Faults is one error for all that several checks found: the Invalid ones as one, any other as it is.
func Faults(errs ...error) error {
	all := Invalid{}
	for _, err := range errs {
		found := Invalid{}
		if err != nil && !errors.As(err, &found) {
			return err
		}
		for field, message := range found {
			all.check(false, field, message)
		}
	}
	return all.err()
}
