package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// writeFiles copies the files of the library that the exported records name, the articles, and the mark of sample data.
func (e *jsonExport) writeFiles() error {
	if !e.options.NoMedia {
		if err := e.writeMedia(); err != nil {
			return err
		}
	}
	mark, err := os.ReadFile(filepath.Join(e.store.dir, demoName))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	e.portal.Demo = string(mark)
	if e.options.Content == "" {
		return nil
	}
	return e.writeArticles()
}

// writeMedia goes by the lines that were written, not by the database, which must not be held in one moment for so long.
func (e *jsonExport) writeMedia() (err error) {
	e.work.begin(copyingMedia, e.portal.Records["media"])
	file, err := os.Open(filepath.Join(e.dir, jsonMedia().name+linesEnding))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	lines, t := newLineReader(file), jsonMedia()
	for {
		line, err := lines.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		row, _, err := t.decode(line)
		if err != nil {
			return err
		}
		for _, f := range filesOf(mediaRow(row)) {
			if err := e.takeMedia(f); err != nil {
				return err
			}
		}
		if err := e.work.add(1); err != nil {
			return err
		}
	}
}

// damagedEnding follows the name of a file that is there, but is not what its name says.
const damagedEnding = " (is not what it was)"

func (e *jsonExport) takeMedia(f mediaFile) error {
	name := mediaName + "/" + f.path
	ctx, cancel := context.WithCancel(e.work.ctx)
	defer cancel()
	file, err := e.store.media.open(ctx, f.path, true)
	if absent(err) {
		e.portal.Missing = append(e.portal.Missing, name)
		return nil
	}
	if err != nil {
		return err
	}
	done, err := e.take(name, file)
	if err == nil && f.hash != "" && done.SHA256 != f.hash {
		e.portal.Missing = append(e.portal.Missing, name+damagedEnding)
	}
	return errors.Join(err, file.Close())
}

// writeArticles copies the folder of articles. Links in it are followed to files, not to folders, as the articles' reader does.
func (e *jsonExport) writeArticles() error {
	may := Manifest{Content: articlesName}
	return fs.WalkDir(os.DirFS(e.options.Content), ".", func(name string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // no such folder, or a file that has just gone
		}
		if err != nil || entry.IsDir() {
			return err
		}
		place := path.Join(articlesName, name)
		if !may.mayHold(place) {
			e.portal.Missing = append(e.portal.Missing, place+" (no name for every system)")
			return nil
		}
		article := filepath.Join(e.options.Content, filepath.FromSlash(name))
		info, err := os.Stat(article) // before it is opened: a pipe would wait for a writer
		if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
			return nil
		}
		if err != nil {
			return err
		}
		file, err := os.Open(article)
		if err != nil {
			return err
		}
		defer file.Close()
		e.portal.Articles = true
		_, err = e.take(place, file)
		return err
	})
}

// describe writes README.md and the schemas.
func (e *jsonExport) describe() error {
	for _, t := range jsonTables() {
		text, err := json.MarshalIndent(t.schema(), "", "\t")
		if err != nil {
			return err
		}
		if err := e.list(schemaFolder+"/"+t.name+".json", append(text, '\n')); err != nil {
			return err
		}
	}
	return e.list(readmeName, []byte(jsonReadme()))
}

// list writes a small file that portal.json lists.
func (e *jsonExport) list(name string, data []byte) error {
	done, err := e.put(name, data)
	e.portal.Files = append(e.portal.Files, done)
	return err
}

// put writes a small file and returns what it must be.
func (e *jsonExport) put(name string, data []byte) (ArchivedFile, error) {
	sum := sha256.Sum256(data)
	done := ArchivedFile{Name: name, Bytes: int64(len(data)), SHA256: hex.EncodeToString(sum[:])}
	return done, writeSynced(filepath.Join(e.dir, filepath.FromSlash(name)), data)
}

func writeSynced(place string, data []byte) error {
	file, err := os.OpenFile(place, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if _, err = file.Write(data); err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

// take copies a file in and lists it.
func (e *jsonExport) take(name string, from io.Reader) (ArchivedFile, error) {
	place := filepath.Join(e.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(place), 0o700); err != nil {
		return ArchivedFile{}, err
	}
	file, err := os.OpenFile(place, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return ArchivedFile{}, err
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(file, sum), from)
	if err == nil {
		err = file.Sync()
	}
	if err := errors.Join(err, file.Close()); err != nil {
		return ArchivedFile{}, err
	}
	done := ArchivedFile{Name: path.Clean(name), Bytes: n, SHA256: hex.EncodeToString(sum.Sum(nil))}
	text, err := json.Marshal(done)
	if err != nil {
		return done, err
	}
	return done, e.files.line(text)
}
