package bucket

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync"

	"github.com/minio/minio-go/v7"
)

// Windows of a file that is read in parts: the first is so long, each further one twice the one before, up to the longest.
const (
	firstWindow   = 256 << 10
	longestWindow = 8 << 20
)

// File is one that is read from a bucket, of which no more than a piece is held in memory. One reads it at a time, but Close may come while
// somebody does: net/http sends several parts of a file by a goroutine that it does not wait for when the reader has gone.
type File struct {
	bucket *Bucket
	ctx    context.Context
	cancel context.CancelFunc
	path   string
	size   int64

	mu     sync.Mutex // held while what is below is used
	at     int64      // where the next Read begins
	body   io.ReadCloser
	watch  *watch
	from   int64 // where body goes on
	end    int64 // where body ends
	window int64 // how long the next body is to be; 0 for all that is left
}

// Open opens the file of that path for reading, until ctx ends. whole says that it will be read from its beginning to its end: it comes
// with the answer then, while else only those parts come that are read.
func (b *Bucket) Open(ctx context.Context, path string, whole bool) (*File, error) {
	f := &File{bucket: b, path: path, size: -1}
	f.ctx, f.cancel = context.WithCancel(ctx)
	if err := f.begin(whole); err != nil {
		f.cancel()
		return nil, err
	}
	return f, nil
}

// begin learns whether the file is there, and how large it is.
func (f *File) begin(whole bool) error {
	if whole {
		return f.fetch()
	}
	f.window = 1
	if err := f.fetch(); err != nil {
		return err
	}
	f.window = firstWindow
	f.watch.touch()
	_, err := io.Copy(io.Discard, f.body) // so that the connection is of use to others
	if err := errors.Join(err, f.drop()); err != nil {
		return fmt.Errorf("%w: %w", ErrAway, err)
	}
	return nil
}

// fetch asks for what begins at f.at.
func (f *File) fetch() error {
	options := minio.GetObjectOptions{}
	if f.window > 0 || f.at > 0 {
		last := ""
		if f.window > 0 {
			last = strconv.FormatInt(f.at+f.window-1, 10)
		}
		options.Set("Range", "bytes="+strconv.FormatInt(f.at, 10)+"-"+last)
	}
	if err := f.bucket.gate.enter(); err != nil {
		return fmt.Errorf("get %s from the bucket: %w", f.path, err)
	}
	w, ctx := watching(f.ctx, answerWithin)
	a := f.bucket.address
	body, info, header, err := f.bucket.client.GetObject(ctx, a.Bucket, a.Prefix+f.path, options)
	if err == nil {
		err = f.extent(info.Size, header.Get("Content-Range"), options.Header().Get("Range") != "")
		if err != nil {
			err = errors.Join(err, body.Close())
		}
	}
	if err = f.bucket.gate.judge(f.ctx, w, err); err != nil {
		w.stop()
		return fmt.Errorf("get %s from the bucket: %w", f.path, err)
	}
	w.rest()
	w.within = stallWithin
	f.body, f.watch, f.from = body, w, f.at
	return nil
}

// extent holds that an answer of length bytes is what was asked for, and notes where it ends and how large the file is.
func (f *File) extent(length int64, contentRange string, part bool) error {
	total := length
	if part {
		var first, last int64
		if n, err := fmt.Sscanf(contentRange, "bytes %d-%d/%d", &first, &last, &total); n != 3 || err != nil || first != f.at || last-first+1 != length {
			return fmt.Errorf("asked for a part from byte %d it answers with %d bytes of %q", f.at, length, contentRange)
		}
	}
	if f.size >= 0 && total != f.size || length < 0 {
		return fmt.Errorf("the file has %d bytes, and had %d", total, f.size)
	}
	f.size, f.end = total, f.at+length
	return nil
}

// Seek is io.Seeker's: it asks nothing of the store.
func (f *File) Seek(offset int64, whence int) (int64, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch whence {
	case io.SeekCurrent:
		offset += f.at
	case io.SeekEnd:
		offset += f.size
	}
	if offset < 0 {
		return 0, errors.New("seek to before the beginning")
	}
	f.at = offset
	return offset, nil
}

// Read is io.Reader's. What breaks off is taken up again once where it ended.
func (f *File) Read(p []byte) (n int, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.at >= f.size {
		return 0, io.EOF
	}
	if n, err = f.readSome(p); n == 0 && err != nil && f.ctx.Err() == nil {
		n, err = f.readSome(p)
	}
	return n, err
}

// readSome reads at f.at, of what is being fetched if that goes on there.
func (f *File) readSome(p []byte) (int, error) {
	if f.body == nil || f.from != f.at || f.from == f.end {
		if err := f.next(); err != nil {
			return 0, err
		}
	}
	f.watch.touch()
	n, err := f.body.Read(p)
	f.watch.rest()
	f.at, f.from = f.at+int64(n), f.from+int64(n)
	if n > 0 || err == nil {
		return n, nil // an error comes again
	}
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	err = f.bucket.gate.judge(f.ctx, f.watch, err)
	return 0, fmt.Errorf("read %s from the bucket: %w", f.path, errors.Join(err, f.drop()))
}

// next fetches what begins at f.at: more at once when it goes on where the last piece ended.
func (f *File) next() error {
	switch {
	case f.body == nil || f.window == 0:
	case f.from == f.at:
		f.window = min(2*f.window, longestWindow)
	default:
		f.window = firstWindow
	}
	if err := f.drop(); err != nil {
		return err
	}
	return f.fetch()
}

// drop ends what is being fetched.
func (f *File) drop() error {
	if f.body == nil {
		return nil
	}
	err := f.body.Close()
	f.watch.stop()
	f.body = nil
	return err
}

// Close ends the reading, also one that is under way.
func (f *File) Close() error {
	f.cancel()
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.drop()
}

// Bytes is how large the file is.
func (f *File) Bytes() int64 { return f.size }
