package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// place puts the stage into the place of the empty portal.
func (j *jsonImport) place(ctx context.Context) (err error) {
	if err := j.addFiles(ctx); err != nil {
		return err
	}
	m := Manifest{Content: j.content, Site: j.done.Portal.Site.Name, At: j.done.Portal.At}
	if isPostgres(j.options.Database) {
		p := restoring{options: j.options, moment: j.moment, stage: j.stage, done: Restored{Manifest: m}, empty: true}
		if err = p.place(ctx); err == nil {
			err = p.swapFiles()
		}
		j.done.Kept = p.done.Kept
		return err
	}
	if err := syncFile(filepath.Join(j.stage, databaseName)); err != nil {
		return err
	}
	if j.done.Kept, err = takePlace(ctx, j.options.Dir, j.stage, j.moment, m); err != nil {
		return err
	}
	return FinishRestore(j.options.Dir)
}

// addFiles puts the articles and the mark of sample data into the stage.
func (j *jsonImport) addFiles(ctx context.Context) error {
	if j.done.Portal.Demo != "" {
		if err := writeSynced(filepath.Join(j.stage, demoName), []byte(j.done.Portal.Demo)); err != nil {
			return err
		}
	}
	if j.content == "" {
		return nil
	}
	j.done.Articles = true
	return j.eachArticle(ctx, func(name string) error {
		return j.copyFile(name, filepath.Join(j.stage, filepath.FromSlash(j.content), filepath.FromSlash(strings.TrimPrefix(name, articlesName+"/"))))
	})
}

// checkArticles holds that the articles are those that were exported.
func (j *jsonImport) checkArticles(ctx context.Context) error {
	if j.content == "" {
		return nil
	}
	listed, err := j.articleHashes()
	if err != nil {
		return fmt.Errorf("%s: %w", filesName, err)
	}
	return j.eachArticle(ctx, func(name string) (err error) {
		file, err := j.openRegular(name)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, file.Close()) }()
		sum := sha256.New()
		if _, err := io.Copy(sum, file); err != nil {
			return err
		}
		if !j.wanted.Changed && hex.EncodeToString(sum.Sum(nil)) != listed[name] {
			return fmt.Errorf("%s is not what was exported: %w", name, errJSONChanged)
		}
		return nil
	})
}

// articleHashes are the SHA-256 of the articles, as files.jsonl lists them.
func (j *jsonImport) articleHashes() (listed map[string]string, err error) {
	file, err := j.openRegular(filesName)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	listed = map[string]string{}
	for lines := newLineReader(file); ; {
		line, err := lines.next()
		if errors.Is(err, io.EOF) {
			return listed, nil
		}
		var f ArchivedFile
		if err == nil {
			err = json.Unmarshal(line, &f)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", lines.number, err)
		}
		if strings.HasPrefix(f.Name, articlesName+"/") {
			listed[f.Name] = f.SHA256
		}
	}
}

// eachArticle calls do for each file in articles/.
func (j *jsonImport) eachArticle(ctx context.Context, do func(name string) error) error {
	may := Manifest{Content: articlesName}
	return fs.WalkDir(j.root.FS(), articlesName, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return errors.Join(err, ctx.Err())
		}
		if !entry.Type().IsRegular() || !may.mayHold(name) {
			return fmt.Errorf("%s: no file that an export has", name)
		}
		return do(name)
	})
}

// openRegular opens a file of the export that is one, and no link or pipe.
func (j *jsonImport) openRegular(name string) (*os.File, error) {
	info, err := j.root.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no file", name)
	}
	return j.root.Open(name)
}

func (j *jsonImport) copyFile(name, to string) (err error) {
	from, err := j.openRegular(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if _, err = io.Copy(file, from); err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

// emptyPortal is ErrPortalFilled unless the portal has neither records nor accounts.
func emptyPortal(ctx context.Context, o Options) (err error) {
	if !isPostgres(o.Database) {
		if _, err := os.Stat(filepath.Join(o.Dir, databaseName)); errors.Is(err, fs.ErrNotExist) {
			return nil
		}
	}
	schema, err := ReadSchema(ctx, o)
	if err != nil || schema.Current == 0 {
		return err
	}
	e, closeEnd, err := openEnd(ctx, o, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeEnd()) }()
	for _, table := range []string{"users", "news", "meeting", "unit", "person", "media", "section", "redirect", "linked_site", "menu_item"} {
		n, err := queryOne(ctx, e.conn, value[int64], `SELECT COUNT(*) FROM `+table)
		if err != nil {
			return err
		}
		if n > 0 {
			return fmt.Errorf("%w: %d in %s", ErrPortalFilled, n, table)
		}
	}
	return nil
}
