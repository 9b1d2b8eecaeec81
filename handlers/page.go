package handlers

import (
	"bytes"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"congso/handlers/web"
	"congso/store/model"
)

// leastPacked is the smallest answer that is worth packing, in bytes.
const leastPacked = 1024

// page is an answer in memory, made once and sent to many. Its header's values are shared: nobody may write into them.
type page struct {
	status int
	plain  []byte
	route  string    // as mounted
	counts bool      // as a view
	cause  error     // why it failed, nil for a page
	keep   bool      // others may get it
	fixed  bool      // it is to be had in one coding only, that of plain
	made   time.Time // no change before it is missing, by the store's clock

	changes uint64 // Options.changes when it was asked for

	header      []field // but for the length and what the coding changes
	tag         string
	notModified []field
	codings     [codings]coded
	brotliAsks  atomic.Int32
	grown       func(more int) // told when a coding was made
}

// field is a line of a header, under its canonical key.
type field struct {
	key    string
	values []string
}

// coded is the page in one coding.
type coded struct {
	once   sync.Once
	body   []byte
	header []field
	lines  []byte   // header, as it is sent, but for the length
	length []string // of body
}

// newPage is what Echo answered. Others may get it when it is a page, sets no cookie, and is no secret of this reader's: what readers on the
// department's networks may see no browser keeps, but their page is the same for all of them.
func newPage(a *recording, c echo.Context, v model.Viewer) *page {
	p := &page{status: a.status, plain: bytes.Clone(a.body.Bytes()), route: c.Path(), counts: web.Counts(c), cause: web.Cause(c)}
	noStore := strings.Contains(a.header.Get("Cache-Control"), "no-store")
	p.keep = a.status == http.StatusOK && p.cause == nil && a.header["Set-Cookie"] == nil && (!noStore || v.Internal)
	a.header.Del(echo.HeaderXRequestID)
	a.header.Del("Content-Length")
	if p.keep {
		if p.tag = a.header.Get("ETag"); p.tag == "" && !noStore {
			p.tag = web.Tag(p.plain)
			a.header.Set("ETag", p.tag)
		}
		a.header["Vary"] = []string{strings.Join(append([]string{"Accept-Encoding"}, a.header["Vary"]...), ", ")}
	}
	p.setFields(a.header)
	return p
}

// newFile is what Echo answered with an embedded file, in one coding.
func newFile(a *recording, c echo.Context) *page {
	p := &page{status: a.status, plain: bytes.Clone(a.body.Bytes()), route: c.Path(), cause: web.Cause(c), tag: a.header.Get("ETag"), fixed: true}
	p.keep = a.status == http.StatusOK && p.cause == nil
	a.header.Del(echo.HeaderXRequestID)
	a.header.Del("Content-Length")
	p.setFields(a.header)
	return p
}

func (p *page) setFields(h http.Header) {
	for key, values := range h {
		p.header = append(p.header, field{key, slices.Clip(values)})
		if !representation(key) {
			p.notModified = append(p.notModified, field{key, slices.Clip(values)})
		}
	}
}

// failedPage is the answer when there is not even a page for the error.
func failedPage(cause error) *page {
	return &page{status: http.StatusInternalServerError, cause: cause, header: []field{{"Cache-Control", []string{"no-store"}}}}
}

// representation reports whether a field describes a body, which a 304 has none of (RFC 9110, 15.4.5).
func representation(key string) bool {
	switch key {
	case "Content-Type", "Content-Disposition", "Content-Encoding", "Content-Language", "Accept-Ranges":
		return true
	}
	return false
}

// failed reports whether the answer is no fault of who asked.
func (p *page) failed() bool { return p.status >= http.StatusInternalServerError }

// size is what the page takes, without its packed forms.
func (p *page) size() int {
	n := cap(p.plain)
	for _, f := range p.header {
		n += len(f.key) + 48
		for _, v := range f.values {
			n += len(v)
		}
	}
	return n
}

// statusFor is the status with which r is answered: that of the page, or that r's sender has it already.
func (p *page) statusFor(r *http.Request) int {
	if asked := r.Header["If-None-Match"]; p.tag != "" && len(asked) > 0 && names(asked, p.tag) {
		return http.StatusNotModified
	}
	return p.status
}

// send answers r with the status that statusFor says, under the request's id; stale says why the page is older than it should be. What goes
// wrong now is the connection, which nobody is at the other end of.
func (p *page) send(w http.ResponseWriter, r *http.Request, id, stale string, status int) {
	h := w.Header()
	h[echo.HeaderXRequestID] = []string{id}
	if stale != "" {
		h["Cache-Status"] = []string{"congso; hit; detail=" + stale} // RFC 9211
	}
	if status == http.StatusNotModified {
		set(h, p.notModified)
		w.WriteHeader(status)
		return
	}
	v := p.in(p.coding(r))
	if c := spliced(r); c != nil && status == http.StatusOK {
		c.lines, c.own = v.lines, append(append(append(c.own[:0], "X-Request-Id: "...), id...), "\r\n"...)
		if stale != "" {
			c.own = append(append(append(c.own, "Cache-Status: "...), h["Cache-Status"][0]...), "\r\n"...)
		}
		if r.Method == http.MethodGet {
			c.body = v.body
		}
		clear(h)
		h["Content-Length"], h["Content-Type"] = v.length, nil // the length frames the answer; the type is among the lines, not to be guessed
	} else {
		set(h, v.header)
	}
	if status != http.StatusOK || r.Method == http.MethodHead {
		w.WriteHeader(status)
	}
	if r.Method != http.MethodHead {
		_, _ = w.Write(v.body)
	}
}

func set(h http.Header, fields []field) {
	for i := range fields {
		h[fields[i].key] = fields[i].values
	}
}

// names reports whether an If-None-Match names the tag or any, compared weakly (RFC 9110, 13.1.2). Tags of ours hold no comma.
func names(asked []string, tag string) bool {
	opaque := strings.TrimPrefix(tag, "W/")
	for _, line := range asked {
		for one := range strings.SplitSeq(line, ",") {
			one = strings.TrimSpace(one)
			if one == "*" || strings.TrimPrefix(one, "W/") == opaque {
				return true
			}
		}
	}
	return false
}

// in is the page in a coding, made when it is first asked for. The tag is the same in all of them: a weak one may be (RFC 9110, 8.8.3.3).
func (p *page) in(c coding) *coded {
	v := &p.codings[c]
	v.once.Do(func() {
		body, name := p.plain, ""
		if packed := pack(c, p.plain); packed != nil && len(packed) < len(p.plain) {
			body, name = packed, c.String()
		}
		v.body = body
		v.header, v.length = slices.Clone(p.header), []string{strconv.Itoa(len(body))}
		if name != "" {
			v.header = append(v.header, field{"Content-Encoding", []string{name}})
			p.grown(cap(body))
		}
		v.lines = headerLines(v.header)
		v.header = append(v.header, field{"Content-Length", v.length})
	})
	return v
}

// coding is the one in which r gets the page.
func (p *page) coding(r *http.Request) coding {
	if !p.keep || p.fixed || len(p.plain) < leastPacked {
		return identity
	}
	c := choose(r.Header["Accept-Encoding"], true)
	if c == brotliCoding && p.brotliAsks.Load() < brotliFrom {
		p.brotliAsks.Add(1)
		return choose(r.Header["Accept-Encoding"], false)
	}
	return c
}
