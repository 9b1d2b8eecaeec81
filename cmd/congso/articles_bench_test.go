package main

import (
	"context"
	"log/slog"
	"testing"

	"congso/content"
	"congso/store"
	"congso/store/storetest"
)

// manyArticles is the size of a folder of articles that the portal must bear with ease.
const manyArticles = 10_000

// BenchmarkArticles is a start on 10,000 articles: compiling them, and bringing them into search.
func BenchmarkArticles(b *testing.B) {
	dir := b.TempDir()
	newCorpus().write(b, dir, manyArticles)
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
}
