package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"

	"congso/store/model"
)

// articleIndex is part of every article's hash in the index: when what is indexed of an article changes, it grows and all are indexed again.
const articleIndex = "3:"

// articleHash is what tells an article in the index from another version: who may see it may change without the file's text.
func articleHash(a *model.Article) string { return articleIndex + string(a.Visibility) + ":" + a.Hash }

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

// articleBatch is how many articles are indexed in one transaction on PostgreSQL, where whoever saves a record waits for its end.
const articleBatch = 200

// Set is IndexArticles; what another program has changed in the index since the first Set stays until an error makes it read all again.
func (x *ArticleIndex) Set(ctx context.Context, list []model.Article) error {
	hashes := make(map[searchKey]string, len(list))
	err := x.set(ctx, list, hashes)
	if err != nil {
		x.known = nil
		return fmt.Errorf("index %d articles: %w", len(list), err)
	}
	x.known = hashes
	return nil
}

func (x *ArticleIndex) set(ctx context.Context, list []model.Article, hashes map[searchKey]string) (err error) {
	if x.known == nil {
		if x.known, err = indexedArticles(ctx, x.store.write); err != nil {
			return err
		}
	}
	for _, step := range x.steps(x.changed(list, hashes), hashes) {
		if err := x.store.tx(ctx, func(tx *sql.Tx) error { return x.store.indexStep(ctx, tx, step) }); err != nil {
			return err
		}
	}
	return nil
}

// articleStep is what one transaction takes out of the index and puts into it.
type articleStep struct {
	gone []searchKey
	come []*model.Article
}

// steps are what is to be done for the articles that have changed, and for those that are not as hashes has them: all at once on SQLite.
func (x *ArticleIndex) steps(changed []*model.Article, hashes map[searchKey]string) (steps []articleStep) {
	gone := map[searchKey]bool{}
	for key, hash := range x.known {
		if hashes[key] != hash {
			gone[key] = true
		}
	}
	batch := articleBatch
	if !x.store.postgres {
		batch = len(changed) + len(gone) + 1
	}
	for come := range slices.Chunk(changed, batch) {
		step := articleStep{come: come}
		for _, a := range come {
			if key := articleKey(a); gone[key] {
				step.gone = append(step.gone, key)
				delete(gone, key)
			}
		}
		steps = append(steps, step)
	}
	rest := slices.Collect(maps.Keys(gone))
	if len(steps) > 0 && len(rest) < batch {
		steps[0].gone = append(steps[0].gone, rest...)
		return steps
	}
	for some := range slices.Chunk(rest, batch) {
		steps = append(steps, articleStep{gone: some})
	}
	return steps
}

// indexStep does one step. Records share blocks of the index with articles: whoever saves one on PostgreSQL holds other rows of them, and each
// would wait for the other.
func (s *Store) indexStep(ctx context.Context, tx *sql.Tx, step articleStep) error {
	if s.postgres {
		if _, err := lockAudit(ctx, tx); err != nil {
			return err
		}
	}
	for _, key := range step.gone {
		if err := s.unindexEntry(ctx, tx, key); err != nil {
			return err
		}
	}
	return s.indexMany(ctx, tx, step.come)
}

// changed are those of list that are not in the index as they are. It fills hashes with the hash of each of list.
func (x *ArticleIndex) changed(list []model.Article, hashes map[searchKey]string) (changed []*model.Article) {
	for i := range list {
		a := &list[i]
		key := articleKey(a)
		hash, known := x.known[key]
		if !known || !hasHash(hash, a) {
			hash, changed = articleHash(a), append(changed, a)
		}
		hashes[key] = hash
	}
	return changed
}

// hasHash reports whether hash is articleHash(a).
func hasHash(hash string, a *model.Article) bool {
	rest, ok := strings.CutPrefix(hash, articleIndex)
	visibility, of, _ := strings.Cut(rest, ":")
	return ok && visibility == string(a.Visibility) && of == a.Hash
}

// indexMany is indexArticles, with the full-text index set up for many when they are.
func (s *Store) indexMany(ctx context.Context, tx *sql.Tx, list []*model.Article) error {
	if s.postgres || len(list) < manyRecords {
		return s.indexArticles(ctx, tx, list)
	}
	if err := tuneSQLite(ctx, tx, manyMemory, manyMerge); err != nil {
		return err
	}
	if err := s.indexArticles(ctx, tx, list); err != nil {
		return err
	}
	return tuneSQLite(ctx, tx, usualMemory, usualMerge)
}

// indexArticles indexes articles by their search ids: the full-text index writes all that it holds in memory to the disk whenever a
// smaller id comes. All processors find their words, one writes.
func (s *Store) indexArticles(ctx context.Context, tx *sql.Tx, list []*model.Article) error {
	type placed struct {
		id int64
		*model.Article
	}
	order := make([]placed, len(list))
	for i, a := range list {
		order[i] = placed{searchID(articleKey(a), articleDoc(a)), a}
	}
	slices.SortFunc(order, func(a, b placed) int { return cmp.Compare(a.id, b.id) })
	open := openBlocks{}
	err := makeAhead(order, func(a placed) searchEntry { return newEntry(articleKey(a.Article), articleDoc(a.Article)) }, func(e searchEntry) error {
		block, err := s.openBlock(ctx, tx, open, &e)
		if err != nil {
			return err
		}
		return s.insertEntry(ctx, tx, &e, block)
	})
	for _, block := range open {
		if err == nil {
			err = writeBlock(ctx, tx, block)
		}
	}
	return err
}

// openBlocks are the blocks that articles come into now, by the first number of their sort.
type openBlocks map[int64]*blockEntry

// openBlock is the block of open that has room for an article.
func (s *Store) openBlock(ctx context.Context, tx *sql.Tx, open openBlocks, e *searchEntry) (*blockEntry, error) {
	first, last := s.blocksFor(e)
	block := open[first]
	if block != nil && block.room > 0 {
		return block, nil
	}
	if block != nil {
		if err := writeBlock(ctx, tx, block); err != nil {
			return nil, err
		}
	}
	next, err := s.lastBlock(ctx, tx, first, last)
	open[first] = &next
	return &next, err
}

// makeAhead calls use with what build makes of each of list, in order, until use fails. build runs at the same time, on all processors,
// for as many as are soon to be used.
func makeAhead[T, U any](list []T, build func(T) U, use func(U) error) error {
	queue, stop := make(chan chan U, 8*runtime.GOMAXPROCS(0)), make(chan struct{})
	defer close(stop)
	go func() {
		defer close(queue)
		for _, item := range list {
			made := make(chan U, 1)
			select {
			case queue <- made:
				go func() { made <- build(item) }()
			case <-stop:
				return
			}
		}
	}()
	for made := range queue {
		if err := use(<-made); err != nil {
			return err
		}
	}
	return nil
}

func articleKey(a *model.Article) searchKey { return searchKey{model.KindArticle, a.Path, a.Lang} }

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

func articleDoc(a *model.Article) model.SearchDoc {
	return model.SearchDoc{
		Kind: model.KindArticle, Ref: a.Path, Langs: []string{a.Lang}, Title: a.Title, Summary: a.Description, Body: a.Text,
		Visibility: a.Visibility, Date: a.Date.Time(), Hash: articleHash(a),
	}
}
