package content

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"congso/store/model"
)

// maxFile is the largest Markdown file in bytes.
const maxFile = 1 << 20

// stamp tells whether a file is still the one that was read.
type stamp struct {
	shipped  bool
	size     int64
	modified time.Time
}

// tree is what lies in the content folder: files by their name within it, such as vi/gioi-thieu.md.
type tree struct {
	articles map[string]stamp
	pictures map[string]stamp
	faults   []Fault // of names, and of what is no file

	changed   []string // articles that are not as in the tree before, but for those that are gone
	moved     bool     // some article came or went
	repainted bool     // some picture changed, came or went
}

func newTree(articles, pictures int) tree {
	return tree{articles: make(map[string]stamp, articles), pictures: make(map[string]stamp, pictures)}
}

// layers are the shipped articles and a folder of the machine's, which may be "", laid over them.
type layers struct {
	base fs.FS
	dir  string
}

// over calls f with the folder as it is now. It is opened each time, since it may be replaced as a whole; what lies outside it cannot be
// reached, through links neither.
func (l layers) over(f func(fs.FS) error) error {
	if l.dir == "" {
		return nil
	}
	root, err := os.OpenRoot(l.dir)
	if err != nil {
		return fmt.Errorf("content folder: %w", err)
	}
	return errors.Join(f(root.FS()), root.Close())
}

// scan lists the files of both layers; the folder's hide shipped ones of the same name. Names in last, the scan before, are good ones.
func (l layers) scan(last tree) (tree, error) {
	t := newTree(len(last.articles), len(last.pictures))
	if err := t.walk(last, l.base, true); err != nil {
		return tree{}, fmt.Errorf("shipped articles: %w", err)
	}
	err := l.over(func(dir fs.FS) error {
		if err := t.walk(last, dir, false); err != nil {
			return fmt.Errorf("content folder %s: %w", l.dir, err)
		}
		return nil
	})
	t.compare(last)
	return t, err
}

// compare notes what is not as it was in last. walk has named the articles that may not be, shipped ones that the folder hides among them,
// which it may have named for both: compiled twice at the same time, they would be written to twice.
func (t *tree) compare(last tree) {
	slices.Sort(t.changed)
	t.changed = slices.Compact(t.changed)
	added := 0
	t.changed = slices.DeleteFunc(t.changed, func(name string) bool {
		was, known := last.articles[name]
		if !known {
			added++
		}
		return known && was.same(t.articles[name])
	})
	t.moved = added > 0 || len(t.articles) != len(last.articles)
	t.repainted = !sameStamps(t.pictures, last.pictures)
}

func (t *tree) walk(last tree, fsys fs.FS, shipped bool) error {
	return fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case name == ".":
			return err
		case err != nil:
			t.fault(name, "không đọc được: "+reason(err))
			return nil
		case strings.HasPrefix(entry.Name(), ".") || strings.HasPrefix(entry.Name(), "~"):
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case entry.IsDir():
			return nil
		}
		t.add(last, fsys, name, entry, shipped)
		return nil
	})
}

// add takes a file that is an article or a picture; others are nobody's business.
func (t *tree) add(last tree, fsys fs.FS, name string, entry fs.DirEntry, shipped bool) {
	article := path.Ext(name) == ".md"
	pic := !article && pictureType(name) != ""
	lang, rest, nested := strings.Cut(name, "/")
	if !article && !pic || !nested {
		return // such as a README.md beside the languages' folders
	}
	info, err := entry.Info()
	if err == nil && info.Mode()&fs.ModeSymlink != 0 {
		info, err = fs.Stat(fsys, name)
	}
	if err != nil {
		t.fault(name, "không đọc được: "+reason(err))
		return
	}
	if !info.Mode().IsRegular() {
		return
	}
	was, known := last.articles[name]
	if pic {
		known = exists(last.pictures, name)
	}
	if !known && (!isLanguage(lang) || !validPath(rest, pic)) {
		t.fault(name, `tên không hợp lệ: bài nằm trong vi/ hoặc en/, tên thư mục và tệp chỉ gồm chữ thường không dấu, số và dấu gạch nối`)
		return
	}
	s := stamp{shipped: shipped, size: info.Size(), modified: info.ModTime()}
	if pic {
		t.pictures[name] = s
		return
	}
	if !known || !was.same(s) {
		t.changed = append(t.changed, name)
	}
	t.articles[name] = s
}

func (t *tree) fault(name, message string) {
	t.faults = append(t.faults, Fault{File: name, Message: message})
}

// reason is the part of a file's error without the folder's name.
func reason(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

// validPath reports whether each part of a file's name may stand in an address.
func validPath(name string, isPicture bool) bool {
	parts := strings.Split(strings.TrimSuffix(name, path.Ext(name)), "/")
	for i, part := range parts {
		if isPicture && i == len(parts)-1 {
			part = strings.ToLower(strings.ReplaceAll(part, "_", "-"))
		}
		if !model.ValidSlug(part) {
			return false
		}
	}
	return true
}

// differs reports whether the tree is not as last, the one that it was compared with.
func (t *tree) differs(last tree) bool {
	return len(t.changed) > 0 || t.moved || t.repainted || !slices.Equal(t.faults, last.faults)
}

func sameStamps(a, b map[string]stamp) bool {
	if len(a) != len(b) {
		return false
	}
	for name, s := range a {
		if t, ok := b[name]; !ok || !s.same(t) {
			return false
		}
	}
	return true
}

func (s stamp) same(t stamp) bool {
	return s.shipped == t.shipped && s.size == t.size && s.modified.Equal(t.modified)
}

var errLarge = fmt.Errorf("tệp lớn hơn %s", model.FileSize(maxFile))

// read returns a file of at most maxFile bytes. size is what it had when it was looked at, and saves asking for more than there is.
func read(fsys fs.FS, name string, size int64) (data []byte, err error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, errors.New("không đọc được: " + reason(err))
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	size = min(size, maxFile)
	data = make([]byte, size+1)
	n, err := io.ReadAtLeast(f, data, int(size))
	data = data[:n]
	switch {
	case err == nil && n > int(size): // it has grown since, or is too large
		rest, failed := io.ReadAll(io.LimitReader(f, maxFile))
		data, err = append(data, rest...), failed
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF): // it has been cut since
		err = nil
	}
	if len(data) > maxFile {
		return nil, errLarge
	}
	return data, err
}
