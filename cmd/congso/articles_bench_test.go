package main

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"congso/content"
	"congso/store"
	"congso/store/storetest"
)

// manyArticles is the size of a folder of articles that the portal must bear with ease.
const manyArticles = 10_000

// BenchmarkArticles is a start on 10,000 articles, which compiles them and brings them into search; then a look at the folder, as each
// second makes one, and what one changed file costs: the look, compiling it, and search.
func BenchmarkArticles(b *testing.B) {
	dir := b.TempDir()
	texts := newCorpus()
	names := texts.write(b, dir, manyArticles)
	log := slog.New(slog.DiscardHandler)
	b.Run("compile", func(b *testing.B) {
		for b.Loop() {
			if _, err := content.Open(dir, log); err != nil {
				b.Fatal(err)
			}
		}
	})
	library, err := content.Open(dir, log)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("index", func(b *testing.B) {
		for b.Loop() {
			s := storetest.Open(b, store.Options{Dir: b.TempDir()})
			if err := s.IndexArticles(context.Background(), library.All()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("look", func(b *testing.B) {
		for b.Loop() {
			if changed, err := library.Reload(); err != nil || changed {
				b.Fatal(changed, err)
			}
		}
	})
	b.Run("one changed", func(b *testing.B) {
		s := storetest.Open(b, store.Options{Dir: b.TempDir()})
		index := s.ArticleIndex()
		if err := index.Set(context.Background(), library.All()); err != nil {
			b.Fatal(err)
		}
		for i := 0; b.Loop(); i++ {
			b.StopTimer()
			if err := os.WriteFile(filepath.Join(dir, names[i%len(names)]), []byte(texts.article(i)+strings.Repeat(".", 1+i/len(names))), 0o644); err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
			if changed, err := library.Reload(); err != nil || !changed {
				b.Fatal(changed, err)
			}
			if err := index.Set(context.Background(), library.All()); err != nil {
				b.Fatal(err)
			}
		}
	})
}
