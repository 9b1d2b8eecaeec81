package main

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"congso/cmd/congso/sitecopy"
	"congso/store/model"
)

// movedMap is the file of the copy that tells nginx where old addresses lead, and longestMoved the longest address in it, in bytes.
const (
	movedMap     = "redirects.map"
	longestMoved = 900
)

// stub is a page that leads on to another.
const stub = `<!DOCTYPE html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta http-equiv="refresh" content="0; url=%[1]s">
<title>Đã chuyển</title>
</head>
<body>
<p>Trang này đã chuyển: <a href="%[1]s">%[2]s</a></p>
</body>
</html>
`

// leadOn notes where the portal sends the readers of an address, and writes a page there that leads on, if the address can be that of one. It
// reports whether anything is there.
func (c *copier) leadOn(ctx context.Context, address, to string) (there bool, err error) {
	here, _ := sitecopy.Split(address)
	base := &url.URL{Path: here}
	u, err := base.Parse(to)
	if err != nil {
		return false, fmt.Errorf("it leads to %q: %w", to, err)
	}
	link, shown := to, to
	if u.Host == "" || u.Host == c.own {
		target, ok := sitecopy.Address(u)
		if !ok || target == address {
			return false, nil
		}
		if there, err := c.alive(ctx, target); !there || err != nil {
			return false, err
		}
		c.add(target, address)
		link, shown = sitecopy.Relative(sitecopy.File(address), sitecopy.File(target)), target
		if u.Fragment != "" {
			link += "#" + u.EscapedFragment()
		}
	}
	c.moves = append(c.moves, model.Redirect{From: here, To: to})
	if p := c.known[address]; p != nil {
		p.to = to
	}
	if taken, err := c.taken(ctx, here); taken || err != nil || !pageName(here) {
		return true, err
	}
	page := fmt.Appendf(nil, stub, html.EscapeString(link), html.EscapeString(shown))
	return true, c.folder.Put(sitecopy.File(address), hashTag(page), page, c.at)
}

// taken reports whether the file of an old address is that of a page: /tin-tuc.html of /tin-tuc and, on disks that take capitals for small
// letters, /tin-tuc/Moi of /tin-tuc/moi.
func (c *copier) taken(ctx context.Context, old string) (bool, error) {
	plain := strings.TrimSuffix(strings.ToLower(old), ".html")
	if plain == "/index" {
		plain = "/"
	}
	address, ok := sitecopy.Address(&url.URL{Path: plain})
	if !ok || plain == old {
		return false, nil
	}
	return c.alive(ctx, address)
}

// alive reports whether anything is at an address that may not have been asked for yet.
func (c *copier) alive(ctx context.Context, address string) (bool, error) {
	if p := c.known[address]; p != nil && p.asked {
		return !p.dead, nil
	}
	a, err := c.ask(ctx, http.MethodHead, address, io.Discard)
	return err == nil && a.status < http.StatusBadRequest, err
}

// writeMoved writes what leads from old addresses to new ones: pages where the old address can be the name of one, and a map of all for nginx.
func (c *copier) writeMoved(ctx context.Context) error {
	const batch = 1000
	names := c.folder.Names()
	var old []model.Redirect
	for page := 1; ; page++ {
		list, total, err := c.store.Redirects(ctx, "", page, batch)
		if err != nil {
			return err
		}
		old = append(old, list...)
		if page*batch >= total {
			break
		}
	}
	moves := slices.Clone(c.moves)
	for _, r := range old {
		if err := c.writeOld(ctx, r, names); err != nil {
			return fmt.Errorf("old address %s: %w", r.From, err)
		}
	}
	if err := c.drain(ctx); err != nil {
		return err
	}
	text := moveMap(append(moves, old...))
	return c.folder.Put(movedMap, hashTag(text), text, c.at)
}

// moveMap is what nginx's map takes: what readers ask for, and where they are sent. It takes no address twice, whatever its capitals.
func moveMap(list []model.Redirect) []byte {
	var lines []string
	seen := map[string]bool{}
	for _, r := range list {
		from, to := sentBy(r.From), r.To
		if u, err := url.Parse(to); err == nil {
			to = u.String() // escaped, however it was typed
		}
		to = strings.ReplaceAll(to, "$", "%24") // nginx puts variables into what it sends, not into what it compares
		if key := strings.ToLower(from); !seen[key] && len(from)+len(to) <= longestMoved {
			seen[key] = true
			lines = append(lines, fmt.Sprintf("%s %s;\n", mapWord(from), mapWord(to)))
		}
	}
	slices.Sort(lines)
	var b bytes.Buffer
	b.WriteString("# Old addresses of the portal, for a map of nginx: see the operators' handbook.\n")
	for _, line := range lines {
		b.WriteString(line)
	}
	return b.Bytes()
}

// sentBy is an old address as browsers send it.
func sentBy(address string) string {
	p, query, asked := strings.Cut(address, "?")
	p = (&url.URL{Path: p}).EscapedPath()
	if asked {
		p += "?" + query
	}
	return p
}

// mapWord is an address in quotes, with nothing in it that would end them.
func mapWord(address string) string {
	return `"` + strings.NewReplacer(`\`, "%5C", `"`, "%22", "\n", "%0A", "\r", "%0D").Replace(address) + `"`
}

// pageName reports whether a browser takes the file of an address for a page.
func pageName(address string) bool {
	return slices.Contains([]string{"", ".html", ".htm"}, strings.ToLower(path.Ext(address)))
}

// writeOld writes the page of an old address, where it can be the name of one and no page of the portal has it.
func (c *copier) writeOld(ctx context.Context, r model.Redirect, names *sitecopy.Names) error {
	u := &url.URL{Path: r.From}
	if strings.Contains(r.From, "?") || !pageName(r.From) {
		return nil
	}
	address, ok := sitecopy.Address(u)
	if !ok || c.known[address] != nil || !names.Claim(sitecopy.File(address)) {
		return nil
	}
	there, err := c.leadOn(ctx, address, r.To)
	if err == nil && !there {
		c.warnings = append(c.warnings, "the old address "+r.From+" leads to "+r.To+", where nothing is")
	}
	return err
}
