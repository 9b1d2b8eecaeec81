// Package sitecopy keeps the pages of a portal as files that open from a disk: what each is called, links from one to another, and the folder
// in which nothing but these files is ever touched.
package sitecopy

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"path"
	"slices"
	"strings"

	"congso/store/model"
)

// Longest name of a file or folder, in bytes: longer ones are cut, with a hash of the whole. Windows takes 260 characters for a whole path
// and most file systems 255 bytes for a name.
const longestName = 120

// kept are the parameters that make a page of their own out of a list, in the order in which its file's name has them. All are numbers or slugs.
var kept = []string{"the", "nam", "trang"}

// unsaved are addresses that only a running portal answers.
var unsaved = []string{"/hien-thi", "/healthz", "/readyz", "/metrics", "/favicon.ico"}

// Address is a local address as the copy knows it: without what only says where a reader came from, and without a fragment. ok is false for
// one that leads elsewhere, or that no file can stand for: a desk, a form.
func Address(u *url.URL) (address string, ok bool) {
	p := u.Path
	if p != "/" {
		p = strings.TrimRight(p, "/")
	}
	if p == "" {
		p = "/"
	}
	if !strings.HasPrefix(p, "/") || strings.HasPrefix(p, "//") || strings.ContainsAny(p, "\x00\\") || path.Clean(p) != p {
		return "", false
	}
	if model.DeskPage(p) || within(p, "/api") || slices.Contains(unsaved, p) {
		return "", false
	}
	query := listQuery(p, u.Query())
	p = strings.NewReplacer("%", "%25", "?", "%3F").Replace(p)
	if query != "" {
		p += "?" + query
	}
	return p, true
}

// Split takes an address that Address returned apart: the path, as it is without escapes, and the query.
func Split(address string) (path, query string) {
	path, query, _ = strings.Cut(address, "?")
	return strings.NewReplacer("%25", "%", "%3F", "?").Replace(path), query
}

func within(p, folder string) bool { return p == folder || strings.HasPrefix(p, folder+"/") }

// listQuery is what of a query makes a page of its own.
func listQuery(p string, values url.Values) string {
	if !list(p) {
		return ""
	}
	var query []string
	for _, name := range kept {
		if value := values.Get(name); value != "" && (name != "trang" || value != "1") && plain(value) {
			query = append(query, name+"="+value)
		}
	}
	return strings.Join(query, "&")
}

// list reports whether there is a list at the path, whose pages have numbers.
func list(p string) bool {
	if rest, ok := strings.CutPrefix(p, "/en/"); ok {
		p = "/" + rest
	}
	return p == "/tin-tuc" || p == "/hoi-nghi" || p == "/bai-viet" || strings.HasPrefix(p, "/chuyen-muc/") && strings.Count(p, "/") == 2
}

func plain(value string) bool {
	return strings.Trim(value, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// File is the name of the file for an address that Address returned, with slashes between folders. Pages end in .html; what has an ending
// already keeps it. /tin-tuc?trang=2 is tin-tuc_trang-2.html: no slug has an underscore. No name is one that Windows refuses.
func File(address string) string {
	p, query := Split(address)
	name := strings.Trim(p, "/")
	if name == "" {
		name = "index"
	}
	for pair := range strings.SplitSeq(query, "&") {
		if key, value, ok := strings.Cut(pair, "="); ok {
			name += "_" + key + "-" + value
		}
	}
	if !strings.Contains(path.Base(name), ".") {
		name += ".html"
	}
	parts := strings.Split(name, "/")
	for i, part := range parts {
		parts[i] = safeName(part)
	}
	return strings.Join(parts, "/")
}

// safeName is a name that every system takes for a file or a folder.
func safeName(name string) string {
	safe := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || strings.ContainsRune(`<>:"/\|?*`, r) {
			return '_'
		}
		return r
	}, name)
	safe = strings.TrimRight(safe, ". ")
	if safe == "" {
		safe = "_"
	}
	stem, rest, dotted := strings.Cut(safe, ".")
	if reserved(stem) {
		stem += "_"
		safe = stem
		if dotted {
			safe += "." + rest
		}
	}
	if len(safe) > longestName {
		safe = shortName(safe, name)
	}
	return safe
}

// shortName is the start and the ending of a long name, with a hash of the whole between them.
func shortName(safe, whole string) string {
	sum := sha256.Sum256([]byte(whole))
	ending := path.Ext(safe)
	if len(ending) > 10 {
		ending = ""
	}
	return strings.ToValidUTF8(safe[:longestName-30], "") + "_" + hex.EncodeToString(sum[:8]) + ending
}

// reserved reports whether Windows keeps a name for a device
// (https://learn.microsoft.com/windows/win32/fileio/naming-a-file).
func reserved(stem string) bool {
	stem = strings.ToLower(strings.TrimRight(stem, " "))
	if len(stem) == 4 && stem[3] >= '0' && stem[3] <= '9' {
		return stem[:3] == "com" || stem[:3] == "lpt"
	}
	return slices.Contains([]string{"con", "prn", "aux", "nul"}, stem)
}

// Relative is the link from one file to another, escaped, without a fragment.
func Relative(from, to string) string {
	here, there := strings.Split(from, "/"), strings.Split(to, "/")
	same := 0
	for same < len(here)-1 && same < len(there)-1 && here[same] == there[same] {
		same++
	}
	link := strings.Repeat("../", len(here)-1-same) + strings.Join(there[same:], "/")
	return (&url.URL{Path: link}).String()
}
