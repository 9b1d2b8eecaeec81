package content

import (
	"io/fs"
	"slices"
)

// Check returns all faults of a content folder, by file and line. Its articles may link to those that come with the program.
func Check(dir string) []Fault {
	base, err := fs.Sub(shipped, "articles")
	if err != nil {
		return []Fault{{File: dir, Message: err.Error()}}
	}
	s := newShelf()
	if _, err := s.refresh(layers{base: base, dir: dir}); err != nil {
		return []Fault{{File: dir, Message: "không đọc được thư mục: " + reason(err)}}
	}
	faults := s.edition().faults
	return slices.DeleteFunc(faults, func(f Fault) bool { return s.tree.articles[f.File].shipped })
}
