package content

import (
	"cmp"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"congso/store/model"
)

// maxWXRIndex bounds what is kept of an export between its two readings, in bytes: some 200,000 uploads.
const maxWXRIndex = 48 << 20

// wxrIndex is what the items of an export refer to.
type wxrIndex struct {
	addresses []string            // of the portal
	authors   map[string]string   // display names by account
	terms     map[string]wxrTerm  // categories by their name in addresses
	termIDs   map[string]string   // and that name by their number
	files     map[string]wxrFile  // uploads by their number
	paths     map[string]struct{} // of uploads, from what follows "uploads/"
	items     int                 // of any kind
	wanted    int                 // to be taken over
	size      int                 // bytes
}

// wxrTerm is a category.
type wxrTerm struct{ id, name, parent string }

// wxrFile is an upload with the words that belong to it.
type wxrFile struct{ address, alt, caption, title string }

func newWXRIndex() wxrIndex {
	return wxrIndex{authors: map[string]string{}, terms: map[string]wxrTerm{}, termIDs: map[string]string{}, files: map[string]wxrFile{}, paths: map[string]struct{}{}}
}

// note keeps what an element says that items refer to, while there is room.
func (x *wxrIndex) note(n *xmlNode, wanted bool) {
	if n.Local == "item" {
		x.items++
		if wanted {
			x.wanted++
		}
	}
	if x.size > maxWXRIndex {
		return
	}
	switch {
	case n.is("wordpress", "base_blog_url"), n.is("wordpress", "base_site_url"), n.is("", "link"):
		x.keep(n.text)
		x.addresses = append(x.addresses, strings.TrimSpace(n.text))
	case n.is("wordpress", "author"):
		x.author(n)
	case n.is("wordpress", "category"):
		x.term(n.first("wordpress", "category_nicename"), wxrTerm{n.first("wordpress", "term_id"), n.first("wordpress", "cat_name"), n.first("wordpress", "category_parent")})
	case n.is("wordpress", "term") && n.first("wordpress", "term_taxonomy") == "category":
		x.term(n.first("wordpress", "term_slug"), wxrTerm{n.first("wordpress", "term_id"), n.first("wordpress", "term_name"), n.first("wordpress", "term_parent")})
	case n.Local == "item" && n.first("wordpress", "post_type") == "attachment":
		x.file(n)
	}
}

// keep counts texts that are kept.
func (x *wxrIndex) keep(texts ...string) {
	for _, text := range texts {
		x.size += len(text) + 64
	}
}

func (x *wxrIndex) author(n *xmlNode) {
	login, name := n.first("wordpress", "author_login"), model.Clean(n.first("wordpress", "author_display_name"))
	if name != "" {
		x.keep(login, name)
		x.authors[login] = name
	}
}

func (x *wxrIndex) term(slug string, t wxrTerm) {
	t.name = htmlText(t.name)
	x.keep(slug, t.id, t.name, t.parent)
	x.terms[slug] = t
	if t.id != "" {
		x.termIDs[t.id] = slug
	}
}

func (x *wxrIndex) file(n *xmlNode) {
	f := wxrFile{
		address: cmp.Or(n.first("wordpress", "attachment_url"), n.first("", "guid")), alt: cutWords(htmlText(wxrMeta(n, "_wp_attachment_image_alt")), maxCaption),
		caption: cutWords(htmlText(n.first("excerpt", "encoded")), maxCaption), title: cutWords(htmlText(n.first("", "title")), maxCaption),
	}
	id := n.first("wordpress", "post_id")
	x.keep(id, f.address, f.alt, f.caption, f.title)
	x.files[id] = f
	if u, err := url.Parse(f.address); err == nil {
		if _, below, ok := strings.Cut(u.Path, "/uploads/"); ok {
			x.keep(below)
			x.paths[below] = struct{}{}
		}
	}
}

// section is the path of names to a category, and of the slugs in its address.
func (x *wxrIndex) section(slug, name string) (names, slugs []string) {
	for range 8 {
		t, ok := x.terms[slug]
		if !ok || slices.Contains(slugs, slug) { // categories may go round in circles
			break
		}
		names, slugs, slug = append(names, t.name), append(slugs, slug), t.parent
	}
	slices.Reverse(names)
	slices.Reverse(slugs)
	if len(names) == 0 && name != "" {
		names = []string{name}
	}
	return names, slugs
}

var madeSmaller = regexp.MustCompile(`-\d{1,5}x\d{1,5}(\.[A-Za-z]+)$`)

// originals are the paths at which to look for an upload, the best first.
func (x *wxrIndex) originals(name string) []string {
	larger := madeSmaller.ReplaceAllString(name, "$1")
	_, below, _ := strings.Cut(name, "/uploads/")
	_, itself := x.paths[below]
	_, belowLarger, _ := strings.Cut(larger, "/uploads/")
	_, known := x.paths[belowLarger]
	ending := path.Ext(name)
	scaled := strings.TrimSuffix(larger, ending) + "-scaled" + ending // as WordPress calls what it made of very large ones
	_, belowScaled, _ := strings.Cut(scaled, "/uploads/")
	_, knownScaled := x.paths[belowScaled]
	switch {
	case larger == name || itself:
		return []string{name}
	case known:
		return []string{larger, scaled, name}
	case knownScaled:
		return []string{scaled, larger, name}
	}
	return []string{name, larger, scaled}
}

// wxrMeta is the value of an item's further field.
func wxrMeta(n *xmlNode, key string) string {
	for _, kid := range n.kids {
		if kid.is("wordpress", "postmeta") && kid.first("wordpress", "meta_key") == key {
			return kid.first("wordpress", "meta_value")
		}
	}
	return ""
}
