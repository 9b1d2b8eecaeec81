package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"

	"congso/store/model"
)

// articleIndex is part of every article's hash in the index: when what is indexed of an article changes, it grows and all are indexed again.
const articleIndex = "2:"

// articleHash is what tells an article in the index from another version: who may see it may change without the file's text.
func articleHash(a model.Article) string { return articleIndex + string(a.Visibility) + ":" + a.Hash }

// IndexArticles makes search find exactly the given articles. Those whose Hash and Visibility are known are left alone.
func (s *Store) IndexArticles(ctx context.Context, list []model.Article) error {
	return s.ArticleIndex().Set(ctx, list)
}

// ArticleIndex keeps search in step with the articles. It remembers what it has indexed, so that a change costs what has changed. It is
// not safe for concurrent use.
type ArticleIndex struct {
	store *Store
	known map[searchKey]string // the hash of each article in the index; nil until it has been read
}

// ArticleIndex returns an index that has yet to read what search knows.
func (s *Store) ArticleIndex() *ArticleIndex { return &ArticleIndex{store: s} }

// Set is IndexArticles; what another program has changed in the index since the first Set stays until an error makes it read all again.
func (x *ArticleIndex) Set(ctx context.Context, list []model.Article) error {
	hashes := make(map[searchKey]string, len(list))
	for _, a := range list {
		hashes[articleKey(a)] = articleHash(a)
	}
	err := x.store.tx(ctx, func(tx *sql.Tx) (err error) {
		if x.known == nil {
			x.known, err = indexedArticles(ctx, tx)
		}
		if err != nil {
			return err
		}
		for key, hash := range x.known {
			if hashes[key] == hash {
				continue
			}
			if err := x.store.unindexEntry(ctx, tx, key); err != nil {
				return err
			}
		}
		return x.store.indexArticles(ctx, tx, slices.DeleteFunc(slices.Clone(list), func(a model.Article) bool { return x.known[articleKey(a)] == articleHash(a) }))
	})
	if err != nil {
		x.known = nil
		return fmt.Errorf("index %d articles: %w", len(list), err)
	}
	x.known = hashes
	return nil
}

// indexArticles indexes articles by their search ids: the full-text index writes all that it holds in memory to the disk whenever a
// smaller id comes.
func (s *Store) indexArticles(ctx context.Context, tx *sql.Tx, list []model.Article) error {
	id := func(a model.Article) int64 { return searchID(articleKey(a), articleDoc(a)) }
	slices.SortFunc(list, func(a, b model.Article) int { return cmp.Compare(id(a), id(b)) })
	for _, a := range list {
		if err := s.insertEntry(ctx, tx, articleKey(a), articleDoc(a), noBlock); err != nil {
			return err
		}
	}
	return nil
}

func articleKey(a model.Article) searchKey { return searchKey{model.KindArticle, a.Path, a.Lang} }

// indexedArticles returns the hash of each article in the index.
func indexedArticles(ctx context.Context, q querier) (map[searchKey]string, error) {
	hashes := map[searchKey]string{}
	_, err := queryAll(ctx, q, func(row scanner) (searchKey, error) {
		key, hash := searchKey{kind: model.KindArticle}, ""
		err := row.Scan(&key.ref, &key.lang, &hash)
		hashes[key] = hash
		return key, err
	}, `SELECT ref, lang, hash FROM search_doc WHERE kind = $1`, string(model.KindArticle))
	return hashes, err
}

func articleDoc(a model.Article) model.SearchDoc {
	return model.SearchDoc{
		Kind: model.KindArticle, Ref: a.Path, Langs: []string{a.Lang}, Title: a.Title, Summary: a.Description, Body: a.Text,
		Visibility: a.Visibility, Date: a.Date.Time(), Hash: articleHash(a),
	}
}
