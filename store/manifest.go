package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// archiveFormat is the number of the format of archives that this program writes and reads.
const archiveFormat = 1

// Names in an archive.
const (
	databaseName = "congso.db"
	packedName   = "congso.db.gz"
	manifestName = "manifest.json"
	mediaName    = "media"
	demoName     = "demo" // marks sample data
)

// Manifest says what an archive holds. It is its last entry, so that an archive that was cut short has none.
type Manifest struct {
	Format  int       `json:"format"`
	Program string    `json:"program"` // version of the program that wrote it
	Commit  string    `json:"commit"`
	Schema  int64     `json:"schema"`
	At      time.Time `json:"at"` // of the records
	Site    string    `json:"site"`
	Demo    bool      `json:"demo"`    // sample data
	Content string    `json:"content"` // folder of articles in the data folder, "" when it is elsewhere

	Unindexed bool `json:"unindexed,omitempty"` // the search index is not in it: who serves the records first makes it

	AuditEntry int64            `json:"audit_entry"` // the newest of the audit trail, 0 for none
	AuditHash  string           `json:"audit_hash"`
	Records    map[string]int64 `json:"records"` // how many, by kind

	Database ArchivedFile   `json:"database"` // congso.db, unpacked
	Files    []ArchivedFile `json:"files"`    // all entries but the manifest
	Missing  []string       `json:"missing"`  // files that records name and that were not there, or not what they were

	// Self is the SHA-256 of the manifest with nothing in this place.
	Self string `json:"self"`
}

// ArchivedFile is a file with what it must be.
type ArchivedFile struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

const selfField = `"self": "`

// encode completes the manifest with its own hash, and returns its text.
func (m *Manifest) encode() ([]byte, error) {
	m.Self = ""
	text, err := json.MarshalIndent(m, "", "\t")
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(text)
	m.Self = hex.EncodeToString(sum[:])
	place := bytes.LastIndex(text, []byte(selfField)) + len(selfField)
	return bytes.Join([][]byte{text[:place], []byte(m.Self), text[place:]}, nil), nil
}

// decodeManifest reads a manifest that is whole and of our format.
func decodeManifest(text []byte) (m Manifest, err error) {
	if err := json.Unmarshal(text, &m); err != nil {
		return m, fmt.Errorf("%w: manifest: %w", ErrBadArchive, err)
	}
	if m.Format != archiveFormat {
		return m, fmt.Errorf("the archive has format %d, this program knows only %d: use the program that made it (%s)", m.Format, archiveFormat, m.Program)
	}
	sum := sha256.Sum256(bytes.Replace(text, []byte(selfField+m.Self), []byte(selfField), 1))
	if m.Self != hex.EncodeToString(sum[:]) {
		return m, fmt.Errorf("%w: manifest: its own hash does not fit", ErrBadArchive)
	}
	if m.Database.Bytes < 0 || m.Database.Bytes > 1<<48 { // SQLite's databases have 281 TB at most
		return m, fmt.Errorf("%w: manifest with a database of %d bytes", ErrBadArchive, m.Database.Bytes)
	}
	if m.Content != "" && (!fs.ValidPath(m.Content) || reserved(m.Content)) {
		return m, fmt.Errorf("%w: manifest: content folder %q", ErrBadArchive, m.Content)
	}
	return m, nil
}

// reserved reports whether the path in a data folder is the program's own, also where the case of letters, and dots and blanks at the end,
// make no other name, as on Windows.
func reserved(name string) bool {
	first, _, _ := strings.Cut(name, "/")
	first = strings.TrimRight(strings.ToLower(first), ". ")
	switch first {
	case "", mediaName, demoName, hitsName, journalName, snapshotFolder, placingName, "lock", "acme":
		return true
	}
	return strings.HasPrefix(first, databaseName) || strings.HasPrefix(first, stagePrefix) || strings.HasPrefix(first, keptPrefix) ||
		strings.HasPrefix(first, rolledFolder)
}

// mayHold reports whether an archive with this manifest may have an entry of that name.
func (m *Manifest) mayHold(name string) bool {
	switch {
	case !fs.ValidPath(name) || !filepath.IsLocal(filepath.FromSlash(name)) || strings.ContainsAny(name, `\:`):
		return false
	case name == packedName, name == demoName && m.Demo:
		return true
	case strings.HasPrefix(name, mediaName+"/"):
		return isMediaPath(strings.TrimPrefix(name, mediaName+"/"))
	}
	return m.Content != "" && strings.HasPrefix(name, m.Content+"/")
}

// isMediaPath reports whether mediaPath makes such a path.
func isMediaPath(name string) bool {
	folder, file := path.Split(name)
	ending := path.Ext(file)
	hash, variant, sized := strings.Cut(strings.TrimSuffix(file, ending), "-")
	return validHash(hash) && validVariant(variant) && sized == (variant != "") && (ending == "" || ending == ".jpg" || ending == ".png") &&
		folder == hash[:2]+"/"
}
