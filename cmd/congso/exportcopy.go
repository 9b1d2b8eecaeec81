package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"congso/cmd/congso/sitecopy"
	"congso/content"
	"congso/store"
	"congso/store/model"
)

// copyPasses is how often the pages are gone through again because somebody changed records meanwhile. What changes in the last pass is left
// for the next export.
const copyPasses = 3

// missingPage is an address at which the portal has nothing. What it answers there is what web servers show in place of files that the copy
// does not have, 404.html.
const missingPage = "/404"

// copyingPages is what is told of the walk: it counts addresses.
const copyingPages = "Copying the pages"

// copier walks through the portal as an outsider, from link to link, and writes down what it is answered.
type copier struct {
	store   *store.Store
	library *content.Library
	pages   http.Handler
	folder  *sitecopy.Folder
	own     string // the portal's public host, "" for none
	at      time.Time
	tell    store.Progress // nil for nobody

	queue []string
	known map[string]*place // by address

	htmlPages int
	broken    map[brokenLink]bool
	warnings  []string
	failed    int              // pages that the portal failed to make
	moves     []model.Redirect // addresses that lead on
}

// place is what is known of an address.
type place struct {
	from  []string // pages that lead there, while it is not known whether anything is there
	asked bool
	dead  bool   // nothing is there
	why   string // and why
	to    string // where it leads on to, "" for nowhere
}

// brokenLink is a link of a page to an address where nothing is.
type brokenLink struct{ page, link, why string }

// copy makes the copy.
func (c *copier) copy(ctx context.Context) error {
	for pass := 1; ; pass++ {
		before, err := c.store.AuditHead(ctx)
		if err != nil {
			return err
		}
		if err := c.walk(ctx); err != nil {
			return err
		}
		if err := c.writeIndex(ctx); err != nil {
			return err
		}
		if err := c.writeMoved(ctx); err != nil {
			return err
		}
		changed, err := c.changedSince(ctx, before.ID)
		if err != nil {
			return err
		}
		if !changed {
			return c.folder.Finish()
		}
		if pass == copyPasses {
			c.warnings = append(c.warnings, "records were changed while the copy was made: run this again when it is quiet")
			return c.folder.Finish()
		}
		c.folder.Again()
	}
}

// changedSince reports whether the audit trail has anything after that entry but what accounts did to themselves.
func (c *copier) changedSince(ctx context.Context, entry int64) (bool, error) {
	const batch = 100
	for page := 1; ; page++ {
		list, _, err := c.store.AuditPage(ctx, store.AuditFilter{}, page, batch)
		if err != nil {
			return false, err
		}
		for _, e := range list {
			if e.ID <= entry {
				return false, nil
			}
			if e.Kind != model.KindUser && e.Kind != model.KindAudit {
				return true, nil
			}
		}
		if len(list) < batch {
			return false, nil
		}
	}
}

// walk writes every page that can be reached.
func (c *copier) walk(ctx context.Context) error {
	c.known, c.htmlPages, c.broken, c.warnings, c.moves, c.failed = map[string]*place{}, 0, map[brokenLink]bool{}, nil, nil, 0
	c.known["/"+indexFolder+"/0.js"] = &place{asked: true} // writeIndex writes it
	if err := c.seed(ctx); err != nil {
		return err
	}
	return c.drain(ctx)
}

// drain takes what is waiting, and what is found by it.
func (c *copier) drain(ctx context.Context) error {
	for len(c.queue) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		next := c.queue[0]
		c.queue = c.queue[1:]
		if err := c.take(ctx, next); err != nil {
			return fmt.Errorf("page %s: %w", next, err)
		}
		if c.tell != nil {
			done := int64(len(c.known) - len(c.queue))
			c.tell(copyingPages, done, int64(len(c.known)))
		}
	}
	return nil
}

// seed begins with what every portal has and with the pages of all records; the rest is found by links.
func (c *copier) seed(ctx context.Context) error {
	for _, address := range []string{"/", "/en", "/tin-tuc", "/hoi-nghi", "/danh-ba", "/bai-viet", "/thong-ke", "/so-do", "/tim-kiem", "/rss.xml", "/hoi-nghi/lich.ics", missingPage} {
		c.add(address, "")
	}
	if c.own != "" {
		c.add("/sitemap.xml", "")
		c.add("/robots.txt", "")
		c.add("/.well-known/security.txt", "")
	}
	old, err := c.store.OldAddresses(ctx)
	if err != nil {
		return err
	}
	for _, address := range old {
		c.add(address, "")
		c.add(english(address), "")
	}
	for page := 1; ; page++ {
		list, err := c.sitemap(ctx, page)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, e := range list {
			c.add(e.Path, "")
		}
	}
}

// english is the address of the English page of a record that is known by its Vietnamese one.
func english(address string) string {
	if rest, ok := strings.CutPrefix(address, "/danh-ba/"); ok {
		return "/en/contacts/" + rest
	}
	return "/en" + address
}

func (c *copier) sitemap(ctx context.Context, page int) (list []model.SitemapEntry, err error) {
	err = c.store.Snapshot(ctx, func(r *store.Reader) (err error) {
		list, err = r.SitemapPage(ctx, page, 10_000)
		return err
	})
	return list, err
}

// add notes that the page at from leads to an address. A page that was written before it was known that nothing is there is written again.
func (c *copier) add(address, from string) {
	p := c.known[address]
	if p == nil {
		p = &place{}
		c.known[address] = p
		c.queue = append(c.queue, address)
	}
	if !p.asked && from != "" {
		p.from = append(p.from, from)
	}
}

// take asks for an address and writes what is answered.
func (c *copier) take(ctx context.Context, address string) error {
	p := c.known[address]
	again := p.asked
	p.asked = true
	from := p.from
	p.from = nil
	status, err := c.takeAnswer(ctx, address, again)
	if err == nil && p.to != "" {
		c.again(from) // to link to where it leads
	}
	if err != nil || status == http.StatusOK {
		return err
	}
	p.why = "nothing is"
	if status >= http.StatusInternalServerError {
		p.why = fmt.Sprintf("the portal failed with status %d", status)
		c.failed++
		if c.folder.Keep(sitecopy.File(address)) {
			c.warnings = append(c.warnings, fmt.Sprintf("%s answers %d: the last copy of it stays", address, status))
			return nil
		}
		c.warnings = append(c.warnings, fmt.Sprintf("%s answers %d and is not in the copy", address, status))
	}
	p.dead = true
	c.again(from) // without their links to it
	return nil
}

// again has pages written once more.
func (c *copier) again(pages []string) {
	slices.Sort(pages)
	c.queue = append(c.queue, slices.Compact(pages)...)
}

// takeAnswer asks for an address, and writes what is there. The status is 200 when the copy has it.
func (c *copier) takeAnswer(ctx context.Context, address string, again bool) (status int, err error) {
	if strings.HasPrefix(address, "/media/") {
		if status, err := c.takeMedia(ctx, address); err != nil || status/100 != 3 { // an old portal may have had its files there too
			return status, err
		}
	}
	a, err := c.ask(ctx, http.MethodGet, address, new(bytes.Buffer))
	switch {
	case err != nil:
		return 0, err
	case a.status == http.StatusOK, address == missingPage && a.status == http.StatusNotFound:
		return http.StatusOK, c.write(ctx, address, a, again)
	case a.status/100 == 3 && a.header.Get("Location") != "":
		there, err := c.leadOn(ctx, address, a.header.Get("Location"))
		if there {
			return http.StatusOK, err
		}
		return http.StatusNotFound, err
	}
	return a.status, nil
}

func (c *copier) isDead(address string) bool {
	p := c.known[address]
	return p != nil && p.dead
}
