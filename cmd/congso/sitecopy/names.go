package sitecopy

import (
	"path"
	"strings"
)

// Names are the names that files and folders of this export have, on disks too that take capitals for small letters.
type Names struct{ files, folders map[string]bool }

// Names are the names that are taken now.
func (f *Folder) Names() *Names {
	n := &Names{map[string]bool{}, map[string]bool{}}
	for name := range f.now {
		n.take(strings.ToLower(name))
	}
	return n
}

func (n *Names) take(name string) {
	n.files[name] = true
	for dir := path.Dir(name); dir != "." && !n.folders[dir]; dir = path.Dir(dir) {
		n.folders[dir] = true
	}
}

// Claim takes a name for a file unless it is that of another file or of a folder, or lies below a file.
func (n *Names) Claim(name string) bool {
	name = strings.ToLower(name)
	for above := name; above != "."; above = path.Dir(above) {
		if n.files[above] {
			return false
		}
	}
	if n.folders[name] {
		return false
	}
	n.take(name)
	return true
}
