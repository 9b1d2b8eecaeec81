package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"congso/cmd/congso/sitecopy"
	"congso/store/model"
)

// reply is what the portal answers. It is an http.ResponseWriter that gives the body on.
type reply struct {
	header http.Header
	status int
	body   io.Writer
	failed error

	written int64 // bytes of the body
}

func (a *reply) Header() http.Header { return a.header }

func (a *reply) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

func (a *reply) Write(data []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	n, err := a.body.Write(data)
	a.written += int64(n)
	a.failed = errors.Join(a.failed, err)
	return n, err
}

// ask asks the portal for an address.
func (c *copier) ask(ctx context.Context, method, address string, body io.Writer) (*reply, error) {
	path, query := sitecopy.Split(address)
	u := &url.URL{Path: path, RawQuery: query}
	r, err := http.NewRequestWithContext(ctx, method, u.String(), nil)
	if err != nil {
		return &reply{}, err
	}
	r.RequestURI = u.RequestURI()
	r.Host = c.own
	a := &reply{header: http.Header{}, body: body}
	c.pages.ServeHTTP(a, r)
	a.WriteHeader(http.StatusOK)
	return a, errors.Join(a.failed, ctx.Err())
}

// write writes a page, or whatever else was answered.
func (c *copier) write(ctx context.Context, address string, a *reply, again bool) error {
	body := a.body.(*bytes.Buffer).Bytes()
	kind, _, err := mime.ParseMediaType(a.header.Get("Content-Type"))
	if err != nil {
		return fmt.Errorf("its type: %w", err)
	}
	links := &sitecopy.Links{Own: c.own, Address: address, Rooted: address == missingPage, Dead: c.isDead, Moved: func(old string) string {
		to, failed := c.store.Redirect(ctx, model.Viewer{}, old)
		if !errors.Is(failed, model.ErrNotFound) {
			err = errors.Join(err, failed)
		}
		return to
	}, Leads: c.leads}
	tag := ""
	switch kind {
	case "text/html":
		body = links.HTML(body)
		tag = c.pageTag(address, a.header.Get("ETag"), links)
		if !again {
			c.htmlPages++
		}
	case "text/css":
		body = links.CSS(body)
	case "application/rss+xml", "application/json":
		body = links.Data(body)
	case "application/xml":
		for _, found := range sitemapFile.FindAllSubmatch(body, -1) {
			c.add(string(found[1]), address)
		}
	}
	if err != nil {
		return err
	}
	if tag == "" {
		tag = hashTag(body)
	}
	for _, found := range links.Found {
		c.add(found, address)
	}
	for _, link := range links.Dropped {
		c.broken[brokenLink{address, link, c.why(address, link)}] = true
	}
	return c.folder.Put(sitecopy.File(address), tag, body, c.at)
}

// sitemapFile is the address of a part of the sitemap in its index.
var sitemapFile = regexp.MustCompile(`(/sitemap/\d+\.xml)</loc>`)

// pageTag is the tag of a page's content without its counters and the day of the copy. The pages on which readers look for these are always
// written anew.
func (c *copier) pageTag(address, tag string, links *sitecopy.Links) string {
	tag = strings.Trim(tag, `W/"`)
	if tag == "" && address != missingPage {
		return ""
	}
	if len(links.Dropped)+len(links.Through) > 0 {
		sum := crc32.ChecksumIEEE([]byte(strings.Join(append(slices.Clone(links.Dropped), links.Through...), "\n")))
		tag += fmt.Sprintf("-%08x", sum)
	}
	switch strings.TrimPrefix(address, "/en") {
	case "", "/", "/thong-ke", "/so-do", "/tim-kiem", missingPage:
		tag += fmt.Sprintf("@%d", c.at.UnixNano())
	}
	return tag
}

func hashTag(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:12])
}

// leads is where an address leads on to that was asked for already.
func (c *copier) leads(address string) string {
	if p := c.known[address]; p != nil {
		return p.to
	}
	return ""
}

// why says why a link of a page was taken off.
func (c *copier) why(page, link string) string {
	here, _ := sitecopy.Split(page)
	base := &url.URL{Path: here}
	if u, err := base.Parse(link); err == nil {
		if address, ok := sitecopy.Address(u); ok && c.known[address] != nil {
			return c.known[address].why
		}
	}
	return "no copy can have a page"
}

// takeMedia writes an uploaded file unless it is there: what is at its address never changes, but for one that stands in for a lost size. The
// status is 200 when the copy has it.
func (c *copier) takeMedia(ctx context.Context, address string) (status int, err error) {
	head, err := c.ask(ctx, http.MethodHead, address, io.Discard)
	if err == nil && head.status == http.StatusNotFound {
		return c.keepLost(ctx, address)
	}
	if err != nil || head.status != http.StatusOK {
		return head.status, err
	}
	name, tag := sitecopy.File(address), strings.Trim(head.header.Get("ETag"), `"`)
	if tag == "" {
		tag = "instead"
	}
	size := head.header.Get("Content-Length")
	tag = strings.Join(strings.Fields(tag+"+"+size), "")
	if c.folder.Has(name, tag) {
		return http.StatusOK, nil
	}
	err = c.folder.Write(name, tag, c.at, func(w io.Writer) error {
		a, err := c.ask(ctx, http.MethodGet, address, w)
		switch status = a.status; {
		case err != nil:
			return err
		case status == http.StatusOK && size != "" && size != fmt.Sprint(a.written): // the disk or the bucket failed on the way
			status = http.StatusServiceUnavailable
		}
		if status != http.StatusOK {
			return errNotWritten
		}
		return nil
	})
	if errors.Is(err, errNotWritten) {
		return status, nil
	}
	return status, err
}

// keepLost leaves the last copy of an uploaded file that readers may have and that the portal has lost, as it does when the disk of the media is
// not there. The status is 200 when there is one.
func (c *copier) keepLost(ctx context.Context, address string) (status int, err error) {
	hash, _, _ := strings.Cut(strings.TrimPrefix(address, "/media/"), "/")
	if _, err := c.store.MediaPublic(ctx, model.Viewer{}, hash); err != nil {
		if errors.Is(err, model.ErrNotFound) {
			err = nil // it was taken down
		}
		return http.StatusNotFound, err
	}
	if !c.folder.Keep(sitecopy.File(address)) {
		return http.StatusNotFound, nil
	}
	c.failed++
	c.warnings = append(c.warnings, "the portal has lost the file "+address+": the last copy of it stays")
	return http.StatusOK, nil
}

var errNotWritten = errors.New("the file is not to be had now")
