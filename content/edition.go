package content

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"congso/store/model"
)

// edition is one state of all articles. Nothing in it changes once it is made.
type edition struct {
	articles map[string]model.Article // by language and path: vi/so-tay/bien-tap-vien
	all      []model.Article          // by language, order and title
	assets   map[string]asset         // by name: vi/so-tay/anh.png
	faults   []Fault
	version  string
}

// asset is a picture that articles use; it is public when one of them is.
type asset struct {
	stamp
	visibility model.Visibility
}

func (s *shelf) edition() *edition {
	e := &edition{articles: map[string]model.Article{}, assets: map[string]asset{}, faults: slices.Clone(s.tree.faults)}
	for _, name := range slices.Sorted(maps.Keys(s.files)) {
		f := s.files[name]
		e.faults = append(e.faults, f.faults...)
		if f.good != nil && !f.good.draft {
			e.add(f.good)
		}
	}
	sortFaults(e.faults)
	e.all = sorted(e.articles)
	e.version = version(e.all)
	return e
}

// add takes an article in, unless another one has its address.
func (e *edition) add(c *compiled) {
	key := c.article.Lang + "/" + c.article.Path
	if exists(e.articles, key) {
		e.faults = append(e.faults, Fault{File: c.name, Line: 1, Message: "địa chỉ trùng với một bài khác: " + key})
		return
	}
	e.articles[key] = c.article
	for name, st := range c.pictures {
		if st == (stamp{}) {
			continue // not there; another folder's was used
		}
		if e.assets[name].visibility != model.Public {
			e.assets[name] = asset{stamp: st, visibility: c.article.Visibility}
		}
	}
}

func sorted(articles map[string]model.Article) []model.Article {
	type entry struct {
		article model.Article
		key     string
	}
	entries := make([]entry, 0, len(articles))
	for _, a := range articles {
		entries = append(entries, entry{a, model.TextKey(a.Title)})
	}
	slices.SortFunc(entries, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.article.Lang, b.article.Lang), cmp.Compare(a.article.Order, b.article.Order),
			cmp.Compare(a.key, b.key), cmp.Compare(a.article.Path, b.article.Path))
	})
	all := make([]model.Article, len(entries))
	for i, e := range entries {
		all[i] = e.article
	}
	return all
}

// version is a hash over what readers see of all articles.
func version(all []model.Article) string {
	h := sha256.New()
	for _, a := range all {
		fmt.Fprintf(h, "%s/%s\n%s\n%s\n%s\n", a.Lang, a.Path, a.Visibility, a.Hash, a.HTML) // a hash returns no error
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
