package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"congso/store"
	"congso/store/model"
)

// media compares the media folder with the library.
func (e *examination) media(ctx context.Context) (string, error) {
	folder := filepath.Join(e.config.Data, "media")
	if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
		e.note("media-folder", levelProblem, folder, "the folder of pictures and attachments is not there",
			"mount the disk that holds it, or restore it from a backup; an empty one is made by the next start")
	}
	total, err := e.store.CheckMedia(ctx, e.full, e.mediaFault)
	read := "by name and size"
	if e.full {
		read = "by content"
	}
	return fmt.Sprintf("%d files of %d records, %s, compared %s", total.Files, total.Records, fileSize(total.Bytes), read), err
}

func (e *examination) mediaFault(f store.MediaFault) {
	place := path.Join("media", f.Path)
	remove := fmt.Sprintf("delete %q", filepath.Join(e.config.Data, filepath.FromSlash(place)))
	record := fmt.Sprintf("“%s”", f.Media.Name)
	mend := fmt.Sprintf("copy it back from a backup, upload the same file once more, or replace it at %s", adminPage(model.KindMedia, f.Media.ID))
	switch f.Sort {
	case store.MediaMissing:
		e.note("media-missing", levelProblem, place, "a file of "+record+" is gone: pages are whole, but show its words instead", mend)
	case store.MediaDamaged:
		e.note("media-damaged", levelProblem, place, "the file of "+record+" is not the one that was uploaded", mend)
	case store.MediaSpool:
		e.note("media-upload", levelNote, place, "what an interrupted upload left behind, "+fileSize(f.Bytes), "the portal removes it at its next start, or at midnight")
	case store.MediaOrphan:
		e.note("media-orphan", levelNote, place, "no record knows this file: it only takes room", remove)
	}
}
