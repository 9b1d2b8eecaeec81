package store

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"congso/store/model"
)

func prepareMedia(l *jsonLoad, row jsonRow) error {
	m := mediaRow(row)
	row["text_fold"] = mediaWords(m)
	if !validHash(m.Hash) {
		return errors.New("hash: it is no SHA-256")
	}
	if m.IsPicture() {
		if m.MIME != "image/jpeg" && m.MIME != "image/png" || m.Width > maxPictureWidth || m.Height <= 0 || m.Height > maxPictureHeight {
			return fmt.Errorf("it is no picture of this program: %s, %d × %d", m.MIME, m.Width, m.Height)
		}
		return nil
	}
	if strings.HasPrefix(m.MIME, "image/") {
		return errors.New("width and height are missing: a picture needs them")
	}
	if known := attachmentTypes()[strings.ToLower(path.Ext(m.Name))]; known.mime == "" || known.mime != m.MIME {
		return fmt.Errorf("mime: a file %q is not offered as %s%s", m.Name, m.MIME, map[bool]string{true: ", but as " + known.mime}[known.mime != ""])
	}
	return nil
}

// checkMedia looks at the record of a file, and takes its files. Where faults are left out, the record stays without its files, as the texts
// with them do.
func checkMedia(l *jsonLoad, row jsonRow) error {
	m := mediaRow(row)
	if err := m.Validate(); err != nil {
		return err
	}
	if !l.done.Portal.Media {
		return nil
	}
	err := l.takeFiles(m)
	var broken *jsonBroken
	if err == nil || errors.As(err, &broken) || !l.wanted.LeaveOut {
		return err
	}
	l.fault(JSONFault{File: l.name + linesEnding, Line: l.number, Text: err.Error() + "; the record is taken without it"})
	return nil
}

// takeFiles puts the files of m into the stage, when they are what its record says. A picture's smaller sizes that are not there are made.
func (l *jsonLoad) takeFiles(m model.Media) error {
	var absentSizes []mediaFile
	for i, f := range filesOf(m) {
		err := l.takeFile(m, f)
		damaged := mediaName + "/" + f.path + damagedEnding
		switch {
		case err == nil:
		case i == 0 && slices.Contains(l.done.Portal.Missing, damaged) && !errors.As(err, new(*jsonBroken)):
			l.done.Missing = append(l.done.Missing, damaged)
			return nil
		case !absent(err):
			return err
		case i > 0:
			absentSizes = append(absentSizes, f)
		case slices.Contains(l.done.Portal.Missing, mediaName+"/"+f.path):
			l.done.Missing = append(l.done.Missing, mediaName+"/"+f.path)
			return nil
		default:
			return fmt.Errorf("the file %s/%s is not there", mediaName, f.path)
		}
	}
	if len(absentSizes) == 0 {
		return nil
	}
	return l.makeSizes(m, absentSizes)
}

// takeFile takes one, after it has been found to be what the record says.
func (l *jsonLoad) takeFile(m model.Media, f mediaFile) (err error) {
	name := mediaName + "/" + f.path
	file, err := l.openRegular(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	info, err := file.Stat()
	if err != nil {
		return &jsonBroken{err}
	}
	sum := sha256.New()
	size, err := io.Copy(sum, io.LimitReader(file, m.Bytes+1))
	if err != nil {
		return &jsonBroken{err}
	}
	if f.hash != "" && (hex.EncodeToString(sum.Sum(nil)) != f.hash || size != m.Bytes) {
		return fmt.Errorf("the content of %s is not what its name says", name)
	}
	if err := l.looksRight(m, f, &spooled{File: file, size: info.Size()}); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if l.wanted.DryRun {
		return nil
	}
	if err := l.copyFile(name, l.staged(f)); err != nil {
		return &jsonBroken{err}
	}
	return nil
}

func (l *jsonLoad) staged(f mediaFile) string {
	return filepath.Join(l.stage, mediaName, filepath.FromSlash(f.path))
}

// looksRight holds that the file is of the type and the size in pixels that the record says.
func (l *jsonLoad) looksRight(m model.Media, f mediaFile, file *spooled) error {
	if !m.IsPicture() {
		mime, err := attachmentMIME(file, m.Name)
		if err == nil && mime != m.MIME {
			err = fmt.Errorf("it is %s", mime)
		}
		return err
	}
	kind, err := sniff(file)
	if err != nil {
		return err
	}
	if !kind.Is(m.MIME) {
		return fmt.Errorf("it is %s", kind)
	}
	format, err := formatOf(file)
	if err != nil {
		return err
	}
	size, err := format.config(file)
	if err != nil {
		return err
	}
	wide := m.Width
	if f.hash == "" {
		wide, err = strconv.Atoi(strings.TrimSuffix(f.path[strings.LastIndexByte(f.path, '-')+1:], endingOf(m)))
	}
	if err == nil && (size.Width != wide || size.Height > m.Height || f.hash != "" && size.Height != m.Height) {
		err = fmt.Errorf("it has %d × %d pixels", size.Width, size.Height)
	}
	return err
}

// makeSizes makes smaller sizes of a picture whose main file is in the stage, or may be put there.
func (l *jsonLoad) makeSizes(m model.Media, wanted []mediaFile) error {
	if l.wanted.DryRun {
		return nil
	}
	img, err := l.decodeStaged(filesOf(m)[0])
	if err != nil {
		return err
	}
	encode := encodeJPEG
	if m.MIME == "image/png" {
		encode = encodePNG
	}
	sizes, err := encodeSizes(img, encode, endingOf(m))
	if err != nil {
		return err
	}
	for _, size := range sizes {
		place := mediaPath(m.Hash, size.variant, size.ending)
		if !slices.ContainsFunc(wanted, func(f mediaFile) bool { return f.path == place }) {
			continue
		}
		if err := writeSynced(l.staged(mediaFile{path: place}), size.content); err != nil {
			return &jsonBroken{err}
		}
	}
	return nil
}

func (l *jsonLoad) decodeStaged(f mediaFile) (img image.Image, err error) {
	file, err := os.Open(l.staged(f))
	if err != nil {
		return nil, &jsonBroken{err}
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	img, _, err = l.store.decodePicture(file)
	return img, err
}
