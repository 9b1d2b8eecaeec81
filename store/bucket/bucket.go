// Package bucket keeps files in a bucket of a store that speaks Amazon's S3, and bounds the time that such a store may take.
//
// A key needs these rights and no others: s3:GetObject, s3:PutObject and s3:DeleteObject on the objects under the prefix, s3:ListBucket on
// the bucket. Each file is put by one request, so that it is there whole or not at all.
package bucket

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// MaxBytes is how large a file may be: what S3 takes in one request.
const MaxBytes = 5 << 30

// Patience with a store.
const (
	connectWithin = 2 * time.Second  // for a connection, and again for its TLS
	answerWithin  = 3 * time.Second  // from a question to the beginning of the answer
	stallWithin   = 10 * time.Second // for the next bytes of an answer or the next entries of a list
	takeWithin    = 20 * time.Second // for the next bytes of a file that is put, and for the answer after the last
)

// Bucket is one that files are kept in. It is safe for concurrent use.
type Bucket struct {
	address Address
	client  minio.Core
	gate    gate
	close   func()
}

// New returns the bucket at the address. Nothing is asked of it yet.
func New(a Address, key, secret string) (*Bucket, error) {
	transport := &http.Transport{ // no proxy of the environment: the store is the portal's own
		DialContext:         (&net.Dialer{Timeout: connectWithin, KeepAlive: 15 * time.Second}).DialContext,
		TLSHandshakeTimeout: connectWithin,
		MaxIdleConnsPerHost: 32,
		IdleConnTimeout:     time.Minute,
		DisableCompression:  true,
		ForceAttemptHTTP2:   true,
	}
	client, err := minio.NewCore(a.Endpoint, &minio.Options{
		Creds: credentials.NewStaticV4(key, secret, ""), Secure: a.Secure, Region: a.Region, Transport: transport,
		BucketLookup: map[Style]minio.BucketLookupType{StyleAuto: minio.BucketLookupAuto, StylePath: minio.BucketLookupPath, StyleHost: minio.BucketLookupDNS}[a.Style],
		MaxRetries:   1, // a reader is not to wait: the next one tries again
	})
	if err != nil {
		return nil, fmt.Errorf("bucket: %w", err)
	}
	return &Bucket{address: a, client: *client, close: transport.CloseIdleConnections}, nil
}

// Close gives up the connections that nobody uses.
func (b *Bucket) Close() { b.close() }

// Name is the bucket with its prefix and its service, without anything secret.
func (b *Bucket) Name() string {
	return Scheme + b.address.Bucket + "/" + b.address.Prefix + " at " + b.address.Endpoint
}

// Info is what is known of a file.
type Info struct {
	Path     string
	Bytes    int64
	Modified time.Time
}

// Put makes the file of that path what content has, which are size bytes with that SHA-256 in hexadecimal: the store refuses any others.
// The file is there whole and for good when it returns.
func (b *Bucket) Put(ctx context.Context, path string, content io.Reader, size int64, sha256 string) error {
	return b.ask(ctx, takeWithin, "put", path, func(ctx context.Context, w *watch) error {
		options := minio.PutObjectOptions{ContentType: "application/octet-stream", DisableMultipart: true, DisableContentSha256: true} // ours goes in its place
		_, err := b.client.PutObject(ctx, b.address.Bucket, b.address.Prefix+path, touching{content, w}, size, "", sha256, options)
		return err
	})
}

// Remove removes the file of that path. That it is not there is no error.
func (b *Bucket) Remove(ctx context.Context, path string) error {
	return b.ask(ctx, stallWithin, "remove", path, func(ctx context.Context, _ *watch) error {
		return b.client.RemoveObject(ctx, b.address.Bucket, b.address.Prefix+path, minio.RemoveObjectOptions{})
	})
}

// pageOfList is how many entries of a list are asked for at once.
const pageOfList = 1000

// List calls each for every file whose path begins with prefix, in the order of their paths.
func (b *Bucket) List(ctx context.Context, prefix string, each func(Info) error) error {
	return b.ask(ctx, answerWithin, "list", prefix, func(ctx context.Context, w *watch) error {
		return b.entries(ctx, minio.ListObjectsOptions{Prefix: b.address.Prefix + prefix, Recursive: true, MaxKeys: pageOfList}, w, each)
	})
}

// Folders calls each for what stands at the top: the files there, and the folders, as paths that end with a slash.
func (b *Bucket) Folders(ctx context.Context, each func(Info) error) error {
	return b.ask(ctx, answerWithin, "list", "/", func(ctx context.Context, w *watch) error {
		return b.entries(ctx, minio.ListObjectsOptions{Prefix: b.address.Prefix, MaxKeys: pageOfList}, w, each)
	})
}

func (b *Bucket) entries(ctx context.Context, options minio.ListObjectsOptions, w *watch, each func(Info) error) error {
	owner := false
	options.FetchOwner = &owner
	for entry := range b.client.Client.ListObjectsIter(ctx, b.address.Bucket, options) {
		if entry.Err != nil {
			return entry.Err
		}
		w.rest()
		path := strings.TrimPrefix(entry.Key, b.address.Prefix)
		if path == "" {
			continue // the prefix itself, as some programs put it
		}
		if err := each(Info{path, entry.Size, entry.LastModified}); err != nil {
			return given{err}
		}
		w.touch()
	}
	return nil
}

// Probe asks for the beginning of the list, which tells whether the store answers, knows the key and has the bucket.
func (b *Bucket) Probe(ctx context.Context) error {
	return b.ask(ctx, answerWithin, "list", "/", func(ctx context.Context, w *watch) error {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		err := b.entries(ctx, minio.ListObjectsOptions{Prefix: b.address.Prefix, MaxKeys: 1}, w, func(Info) error { return fs.SkipAll })
		if said := (given{}); errors.As(err, &said) {
			return nil
		}
		return err
	})
}

// ask puts a question whose answer must begin, or go on, within so long. The error is fs.ErrNotExist for a file that is not there, the
// context's when the asker has gone, ErrFull, or ErrAway with the cause.
func (b *Bucket) ask(ctx context.Context, within time.Duration, what, path string, question func(context.Context, *watch) error) error {
	if err := b.gate.enter(); err != nil {
		return fmt.Errorf("%s %s in the bucket: %w", what, path, err)
	}
	w, watched := watching(ctx, within)
	err := question(watched, w)
	w.stop()
	if err = b.gate.judge(ctx, w, err); err != nil {
		return fmt.Errorf("%s %s in the bucket: %w", what, path, err)
	}
	return nil
}
