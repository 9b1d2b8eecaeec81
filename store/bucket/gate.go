package bucket

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/minio/minio-go/v7"
)

// What can be wrong with a store.
var (
	ErrAway = errors.New("the store of files cannot be used now")
	ErrFull = errors.New("the store of files is full")
)

// given is an error of whoever asks, not of the store.
type given struct{ error }

// The gate shuts after so many questions in a row that got no answer, for so long: readers need not each find out by waiting. One who comes
// after that tries again, for all.
const (
	unansweredMost = 3
	shutFor        = time.Second
)

// gate remembers whether the store answers.
type gate struct {
	mu         sync.Mutex
	unanswered int       // in a row
	until      time.Time // shut, when so many were unanswered
	cause      error     // of the newest
}

// enter is ErrAway while the gate is shut.
func (g *gate) enter() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.unanswered < unansweredMost {
		return nil
	}
	now := time.Now()
	if now.Before(g.until) {
		return fmt.Errorf("%w: %w", ErrAway, g.cause)
	}
	g.until = now.Add(answerWithin + shutFor) // this one tries; the others go on without it
	return nil
}

// judge says what the error of a question means, and remembers whether there was an answer at all.
func (g *gate) judge(ctx context.Context, w *watch, err error) error {
	if said := (given{}); errors.As(err, &said) {
		g.answered()
		return said.error
	}
	if err == nil {
		g.answered()
		return nil
	}
	if ctx.Err() != nil { // whoever asked has gone, or has no more time
		return ctx.Err()
	}
	if w.over() {
		err = fmt.Errorf("no answer within %v", w.within)
	}
	said := minio.ErrorResponse{}
	if !errors.As(err, &said) || said.StatusCode == 0 {
		err = unreached(err)
		g.silent(err)
		return fmt.Errorf("%w: %w", ErrAway, err)
	}
	g.answered()
	switch {
	case said.Code == minio.NoSuchKey:
		return fs.ErrNotExist
	case said.StatusCode == http.StatusInsufficientStorage || slices.Contains([]string{"QuotaExceeded", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded"}, said.Code):
		return fmt.Errorf("%w: %w", ErrFull, err)
	}
	return fmt.Errorf("%w: %s: %w", ErrAway, said.Code, cmp.Or(mistake(said.Code), err))
}

// unreached is the error of a question that got no answer, without the question.
func unreached(err error) error {
	var asked *url.Error
	if errors.As(err, &asked) {
		err = asked.Err
	}
	if strings.Contains(err.Error(), "server gave HTTP response to HTTPS client") {
		return fmt.Errorf("%w: the endpoint has no TLS, and begins with http://", err)
	}
	return err
}

// mistake says what is wrong when a store answers with that code, and what to do about it; nil for codes that say it themselves.
func mistake(code string) error {
	switch code {
	case minio.NoSuchBucket:
		return errors.New("there is no bucket of that name: make it, or look for a mistake in the name")
	case "InvalidAccessKeyId", "XAdminUserNotFound":
		return errors.New("the store does not know the key: see the setting media-key")
	case "SignatureDoesNotMatch":
		return errors.New("the secret is not that of the key, or this machine's clock is wrong: see the setting media-secret")
	case minio.AccessDenied:
		return errors.New("the key lacks a right: it needs s3:GetObject, s3:PutObject and s3:DeleteObject on the objects, s3:ListBucket on the bucket")
	}
	return nil
}

func (g *gate) answered() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.unanswered, g.cause = 0, nil
}

func (g *gate) silent(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.unanswered++
	g.until, g.cause = time.Now().Add(shutFor), err
}
