package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"unicode/utf16"

	"congso/cmd/congso/sitecopy"
	"congso/content"
	"congso/store"
	"congso/store/model"
)

// Sizes of the search index of a copy: records in a block, records in a piece, and about how many bytes of words stand in one file.
const (
	indexBlock = 1 << 14
	indexPiece = 32
	indexShard = 64 << 10
)

// snippetText is how much of a record's text the index has for showing hits and finding phrases, in bytes.
const snippetText = 64 << 10

const indexFolder = "tim-kiem"

// indexer writes the search index of a copy: blocks of records, oldest first, so that new records change the last block alone. It holds one
// block in memory. static/js/copysearch.js reads what it writes.
type indexer struct {
	*copier
	sections map[int64]int // place among the slugs, from 1

	blocks []indexed
	words  map[string]*postings // of the block under way
	marks  []byte
	piece  []any
	count  int // records of the block
}

// indexed is a block as the index's first file has it.
type indexed struct {
	Records int `json:"n"`
	Shards  int `json:"shards"`
}

// postings are the records that have a word, each as a number: how far it is from the one before, and the place of the word in it.
type postings struct {
	last int
	text []byte
}

func (c *copier) writeIndex(ctx context.Context) error {
	return c.indexArticles(ctx, publicArticles(c.library))
}

// indexArticles writes the index of all records and of these articles.
func (c *copier) indexArticles(ctx context.Context, articles []model.Article) error {
	x := &indexer{copier: c, sections: map[int64]int{}, words: map[string]*postings{}, blocks: []indexed{}}
	slugs, err := x.readSections(ctx)
	if err != nil {
		return err
	}
	err = c.store.EachFindable(ctx, articles, c.tell, x.add)
	if err == nil && x.count > 0 {
		err = x.endBlock()
	}
	if err != nil {
		return err
	}
	return x.script("0.js", "congsoIndex.start", map[string]any{"piece": indexPiece, "sections": slugs, "blocks": x.blocks})
}

// readSections returns the slugs of all sections, and notes their places.
func (x *indexer) readSections(ctx context.Context) (slugs []string, err error) {
	slugs = []string{}
	err = x.store.Snapshot(ctx, func(r *store.Reader) error {
		list, err := r.Sections(ctx)
		for i, s := range list {
			slugs = append(slugs, s.Slug)
			x.sections[s.ID] = i + 1
		}
		return err
	})
	return slugs, err
}

// publicArticles are the articles that outsiders read.
func publicArticles(l *content.Library) []model.Article {
	return append(l.List("vi", model.Viewer{}), l.List("en", model.Viewer{})...)
}

// add indexes a record.
func (x *indexer) add(f store.Findable) error {
	if x.count == indexBlock {
		if err := x.endBlock(); err != nil {
			return err
		}
	}
	for _, w := range f.Words {
		p := x.words[w.Word]
		if p == nil {
			p = &postings{last: -1}
			x.words[w.Word] = p
		}
		p.text = appendNumber(p.text, (x.count-p.last)<<2|int(w.Place))
		p.last = x.count
	}
	lang := ""
	if len(f.Langs) == 1 {
		lang = f.Langs[0]
	}
	section := x.sections[f.Section]
	kind := slices.Index(indexKinds(), f.Kind)
	x.marks = append(x.marks, digits64[kind*3+slices.Index([]string{"", "vi", "en"}, lang)], digits64[section/64%64], digits64[section%64])
	x.piece = append(x.piece, shownRecord(f, kind, lang))
	x.count++
	if len(x.piece) == indexPiece {
		return x.endPiece()
	}
	return nil
}

// indexKinds are the kinds of records by their numbers in the index.
func indexKinds() []model.Kind {
	return []model.Kind{model.KindNews, model.KindMeeting, model.KindArticle, model.KindPerson, model.KindUnit}
}

// shownRecord is what a hit is shown from: kind, file, title, text, day, and how many characters of the text are the summary.
func shownRecord(f store.Findable, kind int, lang string) []any {
	text := f.Text[:min(len(f.Text), snippetText)]
	text = strings.ToValidUTF8(text, "")
	day := ""
	if !f.Date.IsZero() {
		day = string(model.DayOf(f.Date))
	}
	head := len(utf16.Encode([]rune(text[:min(f.Head, len(text))])))
	return []any{kind, sitecopy.File(findablePath(f, lang)), f.Title, text, day, head}
}

// findablePath is the address of the page of a record.
func findablePath(f store.Findable, lang string) string {
	switch f.Kind {
	case model.KindNews:
		return "/tin-tuc/" + f.Ref
	case model.KindMeeting:
		return "/hoi-nghi/" + f.Ref
	case model.KindPerson:
		return "/danh-ba/nguoi/" + f.Ref
	case model.KindArticle:
		if lang == "en" {
			return "/en/bai-viet/" + f.Ref
		}
		return "/bai-viet/" + f.Ref
	}
	return "/danh-ba/" + f.Ref
}

const digits64 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"

// appendNumber appends n in digits of five bits, the lowest first; all but the last have 32 added.
func appendNumber(to []byte, n int) []byte {
	for ; n >= 32; n >>= 5 {
		to = append(to, digits64[n&31|32])
	}
	return append(to, digits64[n])
}

func (x *indexer) endPiece() error {
	block, piece := len(x.blocks), (x.count-1)/indexPiece
	err := x.script(fmt.Sprintf("%d/d%d.js", block, piece), "congsoIndex.docs", block, piece, x.piece)
	x.piece = nil
	return err
}

// endBlock writes the words of the block, and begins the next.
func (x *indexer) endBlock() error {
	if len(x.piece) > 0 {
		if err := x.endPiece(); err != nil {
			return err
		}
	}
	block, size := len(x.blocks), 0
	for word, p := range x.words {
		size += len(word) + len(p.text) + 6
	}
	shards := make([]map[string]string, 1+size/indexShard)
	for _, word := range slices.Sorted(maps.Keys(x.words)) {
		at := shardOf(word, len(shards))
		if shards[at] == nil {
			shards[at] = map[string]string{}
		}
		shards[at][word] = string(x.words[word].text)
		delete(x.words, word)
	}
	for i, shard := range shards {
		if shard == nil {
			shard = map[string]string{}
		}
		if err := x.script(fmt.Sprintf("%d/w%d.js", block, i), "congsoIndex.words", block, i, shard); err != nil {
			return err
		}
	}
	if err := x.script(fmt.Sprintf("%d/m.js", block), "congsoIndex.marks", block, string(x.marks)); err != nil {
		return err
	}
	x.blocks = append(x.blocks, indexed{x.count, len(shards)})
	x.count, x.marks = 0, nil
	return nil
}

// shardOf is the file of a word: FNV-1a over its UTF-16 units, as scripts have them.
func shardOf(word string, count int) int {
	hash := uint32(0x811c9dc5)
	for _, unit := range utf16.Encode([]rune(word)) {
		hash = (hash ^ uint32(unit)) * 0x01000193
	}
	return int(hash % uint32(count))
}

// script writes a file that calls a function.
func (x *indexer) script(name, function string, args ...any) error {
	var b bytes.Buffer
	b.WriteString(function + "(")
	for i, arg := range args {
		if i > 0 {
			b.WriteByte(',')
		}
		text, err := json.Marshal(arg)
		if err != nil {
			return fmt.Errorf("search index %s: %w", name, err)
		}
		b.Write(text)
	}
	b.WriteString(");\n")
	return x.folder.Put(path.Join(indexFolder, name), hashTag(b.Bytes()), b.Bytes(), x.at)
}
