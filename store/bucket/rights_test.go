package bucket_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"congso/store/bucket"
	"congso/store/storetest"
)

// leastRights are those that the handbook gives a key, for the bucket media.
const leastRights = `{"Version": "2012-10-17", "Statement": [
	{"Effect": "Allow", "Principal": {"AWS": ["cong"]}, "Action": [%s], "Resource": ["arn:aws:s3:::media/*"]},
	{"Effect": "Allow", "Principal": {"AWS": ["cong"]}, "Action": ["s3:ListBucket"], "Resource": ["arn:aws:s3:::media"]}]}`

// TestLeastRights: a key with four rights can do all that the portal does, and one that lacks the right to put is told so.
func TestLeastRights(t *testing.T) {
	server := storetest.NewBucketServer(t)
	server.AddKey("cong", "khoa-cua-cong")
	root := client(t, server)
	policy := func(actions string) {
		t.Helper()
		if err := root.SetBucketPolicy(context.Background(), "media", fmt.Sprintf(leastRights, actions)); err != nil {
			t.Fatal(err)
		}
	}
	policy(`"s3:GetObject", "s3:PutObject", "s3:DeleteObject"`)
	address, err := bucket.ParseAddress(server.Media("media", "cong").Place)
	if err != nil {
		t.Fatal(err)
	}
	b, err := bucket.New(address, "cong", "khoa-cua-cong")
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	ctx, content := context.Background(), []byte(strings.Repeat("nội dung ", 1000))
	sum := sha256.Sum256(content)
	put := func(path, sum string) error {
		return b.Put(ctx, path, bytes.NewReader(content), int64(len(content)), sum)
	}
	if err := put("ab/a", hex.EncodeToString(sum[:])); err != nil {
		t.Fatal(err)
	}
	if err := put("ab/b", strings.Repeat("0", 64)); !errors.Is(err, bucket.ErrAway) {
		t.Errorf("a file that is not what its hash says: %v", err)
	}
	var listed []string
	list := func(i bucket.Info) error { listed = append(listed, fmt.Sprint(i.Path, " ", i.Bytes)); return nil }
	if err := errors.Join(b.Probe(ctx), b.List(ctx, "ab/", list), b.Folders(ctx, list)); err != nil || fmt.Sprint(listed) != fmt.Sprintf("[ab/a %d ab/ 0]", len(content)) {
		t.Errorf("%q, %v", listed, err)
	}
	for _, whole := range []bool{true, false} {
		f, err := b.Open(ctx, "ab/a", whole)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(f)
		if err != nil || !bytes.Equal(got, content) || f.Bytes() != int64(len(content)) {
			t.Errorf("%d bytes, %v", len(got), err)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
		if _, err := b.Open(ctx, "ab/khong", whole); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("a file that is not there: %v", err)
		}
	}
	if err := errors.Join(b.Remove(ctx, "ab/a"), b.Remove(ctx, "ab/a")); err != nil {
		t.Errorf("removed twice: %v", err)
	}
	if _, err := b.Open(ctx, "ab/a", true); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("removed: %v", err)
	}
	policy(`"s3:GetObject"`)
	if err := put("ab/c", hex.EncodeToString(sum[:])); !errors.Is(err, bucket.ErrAway) || !strings.Contains(err.Error(), "AccessDenied: the key lacks a right") {
		t.Errorf("without the right to put: %v", err)
	}
	for name, c := range map[string]struct{ place, key, secret, says string }{
		"a wrong bucket":    {strings.Replace(server.Media("media", "cong").Place, "s3://media", "s3://sai", 1), "cong", "khoa-cua-cong", "NoSuchBucket: there is no bucket of that name"},
		"a wrong key":       {server.Media("media", "cong").Place, "sai", "khoa-cua-cong", "the store does not know the key"},
		"a wrong secret":    {server.Media("media", "cong").Place, "cong", "sai-mat-khau", "SignatureDoesNotMatch: the secret is not that of the key"},
		"TLS where none is": {strings.Replace(server.Media("media", "cong").Place, "http://", "https://", 1), "cong", "khoa-cua-cong", "the endpoint has no TLS, and begins with http://"},
	} {
		a, err := bucket.ParseAddress(c.place)
		if err != nil {
			t.Fatal(err)
		}
		wrong, err := bucket.New(a, c.key, c.secret)
		if err != nil {
			t.Fatal(err)
		}
		err = wrong.Probe(ctx)
		wrong.Close()
		if !errors.Is(err, bucket.ErrAway) || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "list-type") || strings.Contains(err.Error(), c.secret) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// client has all rights.
func client(t *testing.T, server *storetest.BucketServer) *minio.Client {
	t.Helper()
	m := server.Media("media", "")
	address, err := bucket.ParseAddress(m.Place)
	if err != nil {
		t.Fatal(err)
	}
	c, err := minio.New(address.Endpoint, &minio.Options{Creds: credentials.NewStaticV4(m.Key, m.Secret, ""), Region: address.Region, BucketLookup: minio.BucketLookupPath})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestCloseDuringRead: who has gone is not waited for by what still reads for it, and nothing of it goes on.
func TestCloseDuringRead(t *testing.T) {
	server := storetest.NewBucketServer(t)
	m := server.Media("media", "")
	address, err := bucket.ParseAddress(m.Place)
	if err != nil {
		t.Fatal(err)
	}
	b, err := bucket.New(address, m.Key, m.Secret)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	content := bytes.Repeat([]byte("x"), 1<<20)
	sum := sha256.Sum256(content)
	if err := b.Put(t.Context(), "a", bytes.NewReader(content), int64(len(content)), hex.EncodeToString(sum[:])); err != nil {
		t.Fatal(err)
	}
	for range 100 {
		f, err := b.Open(t.Context(), "a", false)
		if err != nil {
			t.Fatal(err)
		}
		ended := make(chan error)
		go func() {
			_, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{f}, make([]byte, 1000))
			ended <- err
		}()
		if err := f.Close(); err != nil {
			t.Error(err)
		}
		if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	}
}
