package content

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"congso/store/model"
)

// Library holds the site's articles: those that come with the program, and those of a folder laid over them, file by file. It is safe
// for concurrent use; a reader sees one state of the folder as a whole.
type Library struct {
	layers  layers
	log     *slog.Logger
	current atomic.Pointer[edition]
	changes atomic.Uint64

	mu       sync.Mutex // held while the folder is read again
	shelf    shelf
	failure  string // the latest failure to read the folder, which is logged once
	onChange []func([]model.Article)
}

// Open compiles the articles. dir is the content folder, with the folders vi and en in it; "" for none. Files with faults are left out,
// logged, and named by Warnings; a shipped article shows in place of a faulty file that replaces it. The error is for a folder that
// cannot be read.
func Open(dir string, log *slog.Logger) (*Library, error) {
	base, err := fs.Sub(shipped, "articles")
	if err != nil {
		return nil, fmt.Errorf("shipped articles: %w", err)
	}
	l := &Library{layers: layers{base: base, dir: dir}, log: log, shelf: newShelf()}
	if _, err := l.Reload(); err != nil {
		return nil, err
	}
	return l, nil
}

// Reload reads the folder again and swaps the articles when anything in it has changed, which it reports. When the folder cannot be read,
// the articles stay as they are.
func (l *Library) Reload() (changed bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	changed, err = l.shelf.refresh(l.layers)
	if err != nil || !changed {
		return false, err
	}
	next := l.shelf.edition()
	previous := l.current.Swap(next)
	l.changes.Add(1)
	l.report(previous, next)
	for _, f := range l.onChange {
		f(next.all())
	}
	return true, nil
}

// report logs the faults that were not there before.
func (l *Library) report(previous, next *edition) {
	known := map[Fault]bool{}
	if previous != nil {
		for _, f := range previous.faults {
			known[f] = true
		}
		l.log.Info("content changed", "articles", len(next.shown))
	}
	for _, f := range next.faults {
		if !known[f] {
			l.log.Warn("content fault", "file", f.File, "line", f.Line, "message", f.Message, "left_out", !f.Warning)
		}
	}
}

// OnChange calls f with All now and after each change, one call at a time. f must not call Reload or OnChange.
func (l *Library) OnChange(f func([]model.Article)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.onChange = append(l.onChange, f)
	f(l.All())
}

// Get returns the article at a path of a language, such as "so-tay/bien-tap-vien". ErrNotFound when there is none that v may see.
func (l *Library) Get(lang, path string, v model.Viewer) (model.Article, error) {
	c, ok := l.current.Load().articles[lang+"/"+path]
	if !ok || !visible(c.article.Visibility, v) {
		return model.Article{}, fmt.Errorf("article %s/%s: %w", lang, path, model.ErrNotFound)
	}
	return c.article, nil
}

// List returns the articles of a language that v may see, by order, then by title.
func (l *Library) List(lang string, v model.Viewer) []model.Article {
	var list []model.Article
	for _, c := range l.current.Load().shown {
		if c.article.Lang == lang && visible(c.article.Visibility, v) {
			list = append(list, c.article)
		}
	}
	return list
}

// All returns every article but drafts, internal ones among them, by language, order and title.
func (l *Library) All() []model.Article { return l.current.Load().all() }

// Changes is a number that grows once the articles have changed: what was read from the number that it is now on lacks no change.
func (l *Library) Changes() uint64 { return l.changes.Load() }

// Version changes whenever any article does.
func (l *Library) Version() string { return l.current.Load().version }

// Warnings are the faults of the folder and of the shipped articles as they are now.
func (l *Library) Warnings() []Fault { return slices.Clone(l.current.Load().faults) }

func visible(visibility model.Visibility, v model.Viewer) bool {
	return visibility == model.Public || v.Internal
}

// Asset is an open picture of an article. The caller closes it.
type Asset struct {
	io.ReadSeekCloser
	Type     string    // media type
	Modified time.Time // zero for one that came with the program
}

// Asset opens the picture at a path such as "so-tay/anh.png" of a language's folder. ErrNotFound unless an article that v may see uses it.
func (l *Library) Asset(lang, path string, v model.Viewer) (Asset, error) {
	name := lang + "/" + path
	used, ok := l.current.Load().assets[name]
	if !ok || !visible(used.visibility, v) {
		return Asset{}, fmt.Errorf("picture %s: %w", name, model.ErrNotFound)
	}
	f, err := l.layers.open(name, used.shipped)
	if err != nil {
		return Asset{}, fmt.Errorf("picture %s: %w", name, err)
	}
	return Asset{ReadSeekCloser: f, Type: pictureType(name), Modified: used.modified}, nil
}

// interval is the time between two looks at the folder.
const interval = time.Second

// Watch looks at the folder each second until ctx ends and swaps the articles when names, sizes or times of files have changed. A file
// with a fault never takes an article away: the last version without faults stays.
func (l *Library) Watch(ctx context.Context) {
	if l.layers.dir == "" {
		return
	}
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			_, err := l.Reload()
			l.reportFailure(err)
		}
	}
}

// reportFailure logs that the folder cannot be read, and that it can again, once each.
func (l *Library) reportFailure(err error) {
	failure := ""
	if err != nil {
		failure = err.Error()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if failure == l.failure {
		return
	}
	if l.failure = failure; err != nil {
		l.log.Error("content folder cannot be read, articles stay as they are", "error", err)
		return
	}
	l.log.Info("content folder can be read again")
}
