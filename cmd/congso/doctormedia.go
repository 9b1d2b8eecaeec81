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

// mediaPlace looks whether files of the library can be read and kept at all.
func (e *examination) mediaPlace(ctx context.Context) (string, error) {
	if e.store == nil {
		return "", nil
	}
	folder := e.mediaFolder()
	if _, err := os.Stat(folder); folder != "" && errors.Is(err, fs.ErrNotExist) {
		cure := "mount the disk that holds it, or restore it from a backup; an empty one is made by the next start"
		if e.config.Media != "" {
			cure = "mount the disk that holds it, or make it: the portal does not start without it"
		}
		e.note("media-folder", levelProblem, folder, "the folder of pictures and attachments is not there", cure)
		return "", nil
	}
	if err := e.store.MediaFault(ctx); err != nil {
		e.note("media-away", levelProblem, e.store.MediaPlace(), "pictures and attachments can neither be read nor kept, while pages go on without them: "+err.Error(),
			"see that the store of files runs and is reached from here, and that the settings media, media-key and media-secret are right: congso config")
	}
	return e.store.MediaPlace(), nil
}

// mediaFolder is the folder of the library's files, "" when they are in a bucket.
func (e *examination) mediaFolder() string {
	switch m := e.config.media(); {
	case m.Bucket():
		return ""
	case m.Place != "":
		return m.Place
	}
	return filepath.Join(e.config.Data, "media")
}

// media compares the files of the library with its records.
func (e *examination) media(ctx context.Context) (string, error) {
	if err := e.store.MediaFault(ctx); err != nil {
		return "", nil // told already
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
	remove := "congso media clean removes what is older than an hour; what has another name than files of the library, delete by hand"
	if folder := e.mediaFolder(); folder != "" {
		remove = fmt.Sprintf("delete %q", filepath.Join(folder, filepath.FromSlash(f.Path)))
	}
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
