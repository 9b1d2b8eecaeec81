package sitecopy

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// readBefore reads what is in the folder already. What an export that was ended has written is removed by the end unless it is written again.
func (f *Folder) readBefore() error {
	known, err := f.readManifest()
	if err != nil {
		return err
	}
	part, err := f.root.ReadFile(journalName)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if !known && err != nil {
		return f.empty()
	}
	for line := range strings.Lines(string(part)) {
		if name := strings.TrimSuffix(line, "\n"); name != line && filepath.IsLocal(name) {
			f.before[name] = Entry{}
		}
	}
	return nil
}

// empty is an error when there is anything in the folder.
func (f *Folder) empty() error {
	list, err := fs.ReadDir(f.root.FS(), ".")
	list = slices.DeleteFunc(list, func(e fs.DirEntry) bool { return e.Name() == lockName }) // of an export that did not come to begin
	if err == nil && len(list) > 0 {
		err = ErrForeign
	}
	return err
}

func (f *Folder) readManifest() (known bool, err error) {
	text, err := f.root.ReadFile(manifestName)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	lines := bufio.NewScanner(bytes.NewReader(text))
	if !lines.Scan() || !strings.HasPrefix(lines.Text(), manifestHead) {
		return false, fmt.Errorf("%s is not what an export leaves", manifestName)
	}
	same := lines.Text() == manifestHead+f.version
	for lines.Scan() {
		name, entry, err := readEntry(lines.Text())
		if err != nil {
			return false, err
		}
		if !same || f.full {
			entry = Entry{}
		}
		f.before[name] = entry
	}
	return true, lines.Err()
}

func readEntry(line string) (name string, e Entry, err error) {
	parts := strings.SplitN(line, " ", 4)
	if len(parts) != 4 || !filepath.IsLocal(filepath.FromSlash(parts[3])) {
		return "", e, fmt.Errorf("%s has the line %q", manifestName, line)
	}
	size, err := strconv.ParseInt(parts[1], 10, 64)
	at, failed := strconv.ParseInt(parts[2], 10, 64)
	return parts[3], Entry{parts[0], size, time.Unix(at, 0)}, errors.Join(err, failed)
}

func (f *Folder) writeManifest(text []byte) error {
	file, err := f.root.OpenFile(tempName, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	err = errors.Join(err, file.Sync(), file.Close())
	if err != nil {
		return err
	}
	return f.root.Rename(tempName, manifestName)
}
