package content

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"congso/store/model"
)

// edition is one state of all articles. Nothing in it changes once it is made.
type edition struct {
	articles map[string]*compiled // by language and path: vi/so-tay/bien-tap-vien
	shown    []*compiled          // by language, order and title
	assets   map[string]asset     // by name: vi/so-tay/anh.png
	faults   []Fault
	version  string
}

// asset is a picture that articles use; it is public when one of them is.
type asset struct {
	stamp
	visibility model.Visibility
}

func (s *shelf) edition() *edition {
	e := &edition{articles: make(map[string]*compiled, len(s.files)), assets: map[string]asset{}, faults: slices.Clone(s.tree.faults)}
	shown := make([]*file, 0, len(s.files))
	for _, name := range s.names {
		f := s.files[name]
		e.faults = append(e.faults, f.faults...)
		if f.good != nil && !f.good.draft && e.add(f.good) {
			shown = append(shown, f)
		} else {
			f.rank = 0
		}
	}
	sortFaults(e.faults)
	sortShown(shown)
	e.shown = make([]*compiled, len(shown))
	for i, f := range shown {
		f.rank, e.shown[i] = i+1, f.good
	}
	e.version = version(e.shown)
	return e
}

// add takes an article in, which it reports, unless another one has its address.
func (e *edition) add(c *compiled) bool {
	key := c.address
	if exists(e.articles, key) {
		e.faults = append(e.faults, Fault{File: c.name, Line: 1, Message: "địa chỉ trùng với một bài khác: " + key})
		return false
	}
	e.articles[key] = c
	for name, st := range c.pictures {
		if st == (stamp{}) {
			continue // not there; another folder's was used
		}
		if e.assets[name].visibility != model.Public {
			e.assets[name] = asset{stamp: st, visibility: c.article.Visibility}
		}
	}
	return true
}

// sortShown sorts by language, order and title. It begins with the order that there was, in which few have moved: titles are long.
func sortShown(shown []*file) {
	slices.SortFunc(shown, func(a, b *file) int { return cmp.Compare(a.rank, b.rank) })
	slices.SortFunc(shown, func(f, g *file) int {
		a, b := f.good, g.good
		switch {
		case a.article.Lang != b.article.Lang:
			return cmp.Compare(a.article.Lang, b.article.Lang)
		case a.article.Order != b.article.Order:
			return cmp.Compare(a.article.Order, b.article.Order)
		}
		return cmp.Or(cmp.Compare(a.order, b.order), cmp.Compare(a.article.Path, b.article.Path))
	})
}

// all are the articles in the order in which they are listed.
func (e *edition) all() []model.Article {
	all := make([]model.Article, len(e.shown))
	for i, c := range e.shown {
		all[i] = c.article
	}
	return all
}

// version is a hash over what readers see of all articles.
func version(shown []*compiled) string {
	h := sha256.New()
	for _, c := range shown {
		h.Write(c.seal[:]) // a hash returns no error
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
