package content

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"congso/store/model"
)

// SearchFolder looks with g at every file of the content folder, drafts and articles with faults among them, and calls found for each that
// has something: article files with the lines of their findings, others that a browser or a server would run as model.FoundFile. Files and
// folders whose names begin with a dot are left out. It returns how many files there are.
func (l *Library) SearchFolder(g *Guard, found func(name string, list []model.Planted) error) (files int, err error) {
	err = l.layers.over(func(dir fs.FS) error {
		return fs.WalkDir(dir, ".", func(name string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case strings.HasPrefix(entry.Name(), ".") && name != "." && entry.IsDir():
				return fs.SkipDir
			case entry.IsDir() || strings.HasPrefix(entry.Name(), "."):
				return nil
			}
			files++
			list, err := g.file(dir, name, entry)
			if err != nil || len(list) == 0 {
				return err
			}
			return found(name, list)
		})
	})
	if err != nil {
		return files, fmt.Errorf("search the content folder: %w", err)
	}
	return files, nil
}

// runnable are the endings of files that a browser or a server would run; the portal sends none of them.
func runnable() []string {
	return []string{".html", ".htm", ".xhtml", ".svg", ".js", ".mjs", ".php", ".phtml", ".asp", ".aspx", ".jsp", ".cgi", ".pl", ".exe", ".dll", ".bat", ".ps1", ".sh"}
}

// headOfFile is how much of a file that is no article is looked at, in bytes.
const headOfFile = 4 << 10

// file looks at one file. One that cannot be read is passed over: its fault is told elsewhere.
func (g *Guard) file(dir fs.FS, name string, entry fs.DirEntry) ([]model.Planted, error) {
	ending := strings.ToLower(path.Ext(name))
	if slices.Contains(runnable(), ending) {
		return []model.Planted{{Kind: model.FoundFile, Value: path.Base(name), Excerpt: name}}, nil
	}
	if ending != ".md" {
		return disguised(name, headOf(dir, name)), nil
	}
	info, err := entry.Info()
	if err != nil {
		return nil, nil
	}
	data, err := read(dir, name, info.Size())
	if err != nil {
		return nil, nil
	}
	return g.article(data), nil
}

// headOf is the beginning of a file, however large it is.
func headOf(dir fs.FS, name string) []byte {
	f, err := dir.Open(name)
	if err != nil {
		return nil
	}
	defer f.Close()
	head, _ := io.ReadAll(io.LimitReader(f, headOfFile))
	return head
}

// disguised says of a file with a harmless name what a browser would run of it.
func disguised(name string, head []byte) []model.Planted {
	low := bytes.ToLower(head)
	for _, mark := range []string{"<script", "<iframe", "<?php", "<html", "<!doctype html", "<svg"} {
		if at := bytes.Index(low, []byte(mark)); at >= 0 {
			text := strings.ToValidUTF8(string(head[at:min(len(head), at+200)]), "")
			return []model.Planted{model.Planted{Kind: model.FoundDisguise, Value: path.Base(name), Excerpt: text}.Trimmed()}
		}
	}
	return nil
}

// article looks at the file of an article, by its lines.
func (g *Guard) article(data []byte) []model.Planted {
	head, body, line, err := splitFront(data)
	if err != nil { // it is no article yet
		return g.Markdown(strings.ToValidUTF8(string(data), ""))
	}
	list := g.Text(head)
	for i := range list {
		list[i].Line = 1
	}
	for _, p := range g.Markdown(strings.ToValidUTF8(body, "")) {
		p.Line += line - 1
		list = append(list, p)
	}
	return list
}
