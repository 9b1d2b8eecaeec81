package content

import (
	"errors"
	"io"
	"io/fs"
	"maps"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"congso/store/model"
)

// file is an article's file as it is now, and its last version without faults, which readers see.
type file struct {
	latest *compiled
	good   *compiled // nil when there never was one
	faults []Fault   // of latest, of its links too
	rank   int       // among those shown when last they were, from 1; 0 for one that was not
}

// shelf holds the files of the content folder from one look at it to the next.
type shelf struct {
	tree     tree
	files    map[string]*file
	names    []string             // of files, sorted
	markdown map[string]*markdown // by language
}

func newShelf() shelf {
	return shelf{files: map[string]*file{}, markdown: map[string]*markdown{"vi": newMarkdown("vi"), "en": newMarkdown("en")}}
}

// refresh compiles what has changed since the last look and reports whether anything has.
func (s *shelf) refresh(l layers) (changed bool, err error) {
	t, err := l.scan(s.tree)
	if err != nil || s.tree.articles != nil && !t.differs(s.tree) {
		return false, err
	}
	compileAll := func(dir fs.FS) error {
		s.compile(&compiler{tree: t, base: l.base, dir: dir, markdown: s.markdown})
		return nil
	}
	if l.dir == "" {
		return true, compileAll(nil)
	}
	return true, l.over(compileAll)
}

// compile brings the shelf to the state of the compiler's tree. Shipped articles come last, since drafts of the folder hide some of those
// that they link to.
func (s *shelf) compile(c *compiler) {
	s.tree = c.tree
	wide := c.tree.moved // other files than those compiled may have to be settled
	stale := s.stale(c.tree)
	c.compileAll(stale)
	for _, f := range stale {
		wide = wide || f.was == nil || !f.was.linksLike(f.latest)
	}
	c.absent = func(name string) bool {
		f := s.files[name]
		return f == nil || f.latest != nil && f.latest.draft
	}
	for name, st := range c.tree.articles {
		if !st.shipped {
			continue
		}
		if f := s.files[name]; f.latest == nil || !f.latest.current(c.tree) || !f.latest.reaches(c.absent) {
			f.latest, wide = c.compile(name, st), true
		}
	}
	if !wide {
		for _, f := range stale {
			s.settle(c, f.file)
		}
		return
	}
	s.names = slices.Sorted(maps.Keys(s.files))
	for _, name := range s.names {
		s.settle(c, s.files[name])
	}
}

// stale are the files of the folder that are to be compiled. It forgets those that are gone.
func (s *shelf) stale(t tree) (stale []compiling) {
	names := t.changed
	if t.repainted {
		names = slices.Collect(maps.Keys(t.articles)) // any may use the pictures
	}
	if t.moved {
		maps.DeleteFunc(s.files, func(name string, _ *file) bool { return !exists(t.articles, name) })
	}
	for _, name := range names {
		f := s.files[name]
		if f == nil {
			f = &file{}
			s.files[name] = f
		}
		if st := t.articles[name]; !st.shipped && (f.latest == nil || !f.latest.current(t)) {
			stale = append(stale, compiling{f, f.latest, name, st})
		}
	}
	return stale
}

// linksLike reports whether links to the article are as good, or bad, as to next, another version of it.
func (out *compiled) linksLike(next *compiled) bool {
	return out.draft == next.draft && broken(out.faults) == broken(next.faults) && maps.Equal(out.anchors, next.anchors)
}

// compiling is a file whose latest version is yet to be compiled.
type compiling struct {
	*file
	was   *compiled // latest until now
	name  string
	stamp stamp
}

// compileAll compiles the files on all processors.
func (c *compiler) compileAll(list []compiling) {
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(len(list), runtime.GOMAXPROCS(0)) {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(list); i = int(next.Add(1)) - 1 {
				list[i].latest = c.compile(list[i].name, list[i].stamp)
			}
		})
	}
	group.Wait()
}

func exists[V any](m map[string]V, name string) bool {
	_, ok := m[name]
	return ok
}

// current reports whether the file and the pictures that it uses are still those that were compiled.
func (out *compiled) current(t tree) bool {
	if !out.stamp.same(t.articles[out.name]) {
		return false
	}
	for name, st := range out.pictures {
		if !st.same(t.pictures[name]) {
			return false
		}
	}
	return true
}

// reaches reports whether what the article links to is there, or not, as it was.
func (out *compiled) reaches(absent func(name string) bool) bool {
	for name, was := range out.absent {
		if absent(name) != was {
			return false
		}
	}
	return true
}

// settle decides which version of a file readers see. A draft hides the article, and one that has become internal keeps it from outsiders,
// whatever else is wrong in it.
func (s *shelf) settle(c *compiler, f *file) {
	f.faults = slices.Concat(f.latest.faults, s.linkFaults(f.latest))
	if f.latest.draft || !broken(f.faults) {
		f.good = f.latest
		return
	}
	if info, err := fs.Stat(c.base, f.latest.name); f.good == nil && err == nil && !f.latest.stamp.shipped {
		f.good = c.compile(f.latest.name, stamp{shipped: true, size: info.Size()})
	}
	if f.good != nil && f.latest.article.Visibility == model.Internal && f.good.article.Visibility != model.Internal {
		kept := *f.good
		kept.article.Visibility = model.Internal
		kept.close()
		f.good = &kept
	}
}

// linkFaults are the links of an article that lead nowhere. A file with faults of its own counts as there.
func (s *shelf) linkFaults(out *compiled) []Fault {
	var faults []Fault
	for _, r := range out.refs {
		message := ""
		switch target := s.files[r.file]; {
		case target == nil:
			message = "liên kết tới bài không có: " + r.file
		case target.latest == out:
			if r.anchor == "" || out.anchors[r.anchor] {
				continue
			}
			message = "liên kết tới đề mục không có: #" + r.anchor
		case target.latest.draft && out.stamp.shipped:
			continue // hidden by the folder, and no link any more
		case target.latest.draft:
			message = "liên kết tới bài còn là bản nháp: " + r.file
		case r.anchor != "" && !target.latest.anchors[r.anchor] && !broken(target.latest.faults):
			message = "liên kết tới đề mục không có: " + r.file + "#" + r.anchor
		default:
			continue
		}
		faults = append(faults, Fault{File: out.name, Line: r.line, Message: message, Warning: out.stamp.shipped})
	}
	return faults
}

// open opens a file of one layer.
func (l layers) open(name string, shipped bool) (io.ReadSeekCloser, error) {
	if shipped {
		return openSeeker(l.base, name)
	}
	var f io.ReadSeekCloser
	err := l.over(func(dir fs.FS) (err error) {
		f, err = openSeeker(dir, name)
		return err
	})
	return f, err
}

func openSeeker(fsys fs.FS, name string) (io.ReadSeekCloser, error) {
	f, err := fsys.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, model.ErrNotFound // removed since the last look
	}
	if err != nil {
		return nil, err
	}
	if seeker, ok := f.(io.ReadSeekCloser); ok {
		return seeker, nil
	}
	return nil, errors.Join(errors.New("file cannot be read from its middle"), f.Close())
}
