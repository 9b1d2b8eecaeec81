package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"congso/store/model"
)

// asideFolder holds, in the data folder, files that somebody has taken from among those of the library.
const asideFolder = "aside"

// PutAside takes a file that no record knows away from the files of the library, and keeps it in the data folder, where nobody gets at it
// through the portal. The error is model.ErrInUse for a file of a record, model.ErrNotFound for none, model.Invalid for the field "file" when
// it is a folder.
func (s *Store) PutAside(ctx context.Context, by model.Actor, place string) error {
	err := s.putAside(ctx, by, place)
	if err != nil {
		return fmt.Errorf("put aside %q: %w", place, err)
	}
	return nil
}

func (s *Store) putAside(ctx context.Context, by model.Actor, place string) error {
	if s.media == nil || !filepath.IsLocal(filepath.FromSlash(place)) {
		return model.ErrNotFound
	}
	if err := s.unknownFile(ctx, place); err != nil {
		return err
	}
	if err := s.keepAside(ctx, place); err != nil {
		return err
	}
	if err := s.media.discard(ctx, place); err != nil {
		return err
	}
	return s.change(ctx, func(tx *sql.Tx) error { return s.audit(ctx, tx, by, "put_aside", model.KindMedia, 0, []string{"file"}) })
}

// unknownFile returns ErrInUse when a record knows the file.
func (s *Store) unknownFile(ctx context.Context, place string) error {
	name := place[strings.LastIndexByte(place, '/')+1:]
	if len(name) < hashLength || !validHash(name[:hashLength]) {
		return nil
	}
	list, err := s.mediaByHash(ctx, s.read, []string{name[:hashLength]})
	for _, m := range list {
		for _, own := range mediaFiles(m) {
			if own == place {
				return model.ErrInUse
			}
		}
	}
	return err
}

// keepAside copies a file into the folder of those that were put aside.
func (s *Store) keepAside(ctx context.Context, place string) (err error) {
	from, err := s.media.open(ctx, place, true)
	if absent(err) {
		return model.ErrNotFound
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	folder := filepath.Join(s.dir, asideFolder)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return diskFull(err)
	}
	name := fmt.Sprintf("%d-%s", unix(s.now()), strings.ReplaceAll(place, "/", "_"))
	to, err := os.OpenFile(filepath.Join(folder, name), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return diskFull(err)
	}
	if _, err = io.Copy(to, from); err == nil {
		err = to.Sync()
	}
	if err = errors.Join(err, to.Close()); err != nil {
		if info, folder := from.(*os.File); folder {
			if stat, failed := info.Stat(); failed == nil && stat.IsDir() {
				err = invalidFile("Đây là một thư mục. Xin bộ phận kỹ thuật dời nó đi trên máy chủ.")
			}
		}
		return errors.Join(diskFull(err), os.Remove(filepath.Join(folder, name)))
	}
	return nil
}
