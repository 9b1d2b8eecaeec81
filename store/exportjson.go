package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"congso/store/model"
)

// Names in an exported folder.
const (
	portalName   = "portal.json"
	filesName    = "files.jsonl"
	readmeName   = "README.md"
	schemaFolder = "schema"
	articlesName = "articles"
	linesEnding  = ".jsonl"
	exportMark   = ".congso-export" // in a folder that an export is being written into
)

// ErrFolderTaken: the folder to export into has something in it.
var ErrFolderTaken = errors.New("the folder is not empty: name one that is not there yet")

// ExportJSONOptions say what an export is to be. Dir must be set.
type ExportJSONOptions struct {
	Dir      string // a folder that is not there yet, or is empty
	Secrets  bool   // with hashed passwords, second factors and recovery codes
	NoMedia  bool   // without the files of the library
	Content  string // the folder of articles, "" for none
	Program  string // version of this program
	Progress Progress
}

// ExportedPortal is portal.json, which is written last: a folder without it is no whole export.
type ExportedPortal struct {
	Format     int              `json:"format"`
	Program    string           `json:"program"`
	Schema     int64            `json:"schema"` // of the records that it was made from
	At         time.Time        `json:"at"`     // of the records
	Site       ExportedSite     `json:"site"`
	Demo       string           `json:"demo,omitempty"`     // the day of which the sample data are, "" for real records
	Secrets    bool             `json:"secrets"`            // hashed passwords and second factors are in it
	Media      bool             `json:"media"`              // the files of the library are in media/
	Articles   bool             `json:"articles,omitempty"` // the folder of articles is in articles/
	AuditEntry int64            `json:"audit_entry"`        // the newest, 0 for none
	AuditHash  string           `json:"audit_hash"`
	Records    map[string]int64 `json:"records"`      // lines by file, without its ending
	Numbers    map[string]int64 `json:"last_numbers"` // the last that each table has given: none is given twice
	Files      []ArchivedFile   `json:"files"`        // all but portal.json and what files.jsonl lists
	Missing    []string         `json:"missing"`      // files of the library that were not there, or not what they were
}

// ExportedSite is what the portal says of the department.
type ExportedSite struct {
	Name        string `json:"name"`
	NameEN      string `json:"name_en,omitempty"`
	Parent      string `json:"parent,omitempty"`
	Address     string `json:"address,omitempty"`
	Email       string `json:"email,omitempty"`
	Phone       string `json:"phone,omitempty"`
	Responsible string `json:"responsible,omitempty"`
	License     string `json:"license,omitempty"`
	Opening     int64  `json:"opening_balance_of_views,omitempty"`
}

// ExportJSON writes all records, the files of the library and the articles into a folder, in a form for people and other programs, while
// readers and writers go on: README.md in it says how to read it. All records are as they are at one moment. The folder appears under its
// name when it is whole; until then it is Dir.part, which the next export into Dir begins anew. What it needs of memory does not grow with the records.
// The error is ErrFolderTaken for a folder with something in it, model.ErrDiskFull when there is no room.
func (s *Store) ExportJSON(ctx context.Context, o ExportJSONOptions) (p ExportedPortal, err error) {
	if o.Dir, err = filepath.Abs(o.Dir); err != nil {
		return p, fmt.Errorf("export: %w", err)
	}
	e := jsonExport{store: s, options: o, dir: o.Dir + partEnding, work: &work{ctx: ctx, progress: o.Progress}}
	if err := e.begin(); err != nil {
		return p, fmt.Errorf("export: %w", diskFull(err))
	}
	if err := e.write(); err != nil {
		return p, fmt.Errorf("export: %w", errors.Join(diskFull(err), os.RemoveAll(e.dir)))
	}
	if err := e.finish(); err != nil {
		return p, fmt.Errorf("export: %w", diskFull(err))
	}
	return e.portal, nil
}

// jsonExport is one under way.
type jsonExport struct {
	store   *Store
	options ExportJSONOptions
	dir     string
	work    *work
	from    end
	tables  map[string]*movedTable
	portal  ExportedPortal
	files   *linesWriter // files.jsonl
}

// begin makes the folder, in the place of one that an export has left which was ended before its end.
func (e *jsonExport) begin() error {
	entries, err := os.ReadDir(e.options.Dir)
	switch {
	case err == nil && len(entries) > 0:
		return fmt.Errorf("%s: %w", e.options.Dir, ErrFolderTaken)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if _, err := os.Lstat(e.dir); err == nil {
		if _, err := os.Lstat(filepath.Join(e.dir, exportMark)); err != nil {
			return fmt.Errorf("%s: %w", e.dir, ErrFolderTaken)
		}
		if err := os.RemoveAll(e.dir); err != nil {
			return err
		}
	}
	if err := os.Mkdir(e.dir, 0o700); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(e.dir, exportMark), nil, 0o600)
}

func (e *jsonExport) write() (err error) {
	e.portal = ExportedPortal{
		Format: jsonForm, Program: e.options.Program, At: e.store.Now().Truncate(time.Second), Secrets: e.options.Secrets, Media: !e.options.NoMedia,
		Records: map[string]int64{}, Numbers: map[string]int64{}, Files: []ArchivedFile{}, Missing: []string{},
	}
	if err := os.Mkdir(filepath.Join(e.dir, schemaFolder), 0o700); err != nil {
		return err
	}
	if err := e.writeRecords(); err != nil {
		return err
	}
	if e.files, err = e.lines(filesName); err != nil {
		return err
	}
	if err := errors.Join(e.writeFiles(), e.close(e.files)); err != nil {
		return err
	}
	if err := e.describe(); err != nil {
		return err
	}
	text, err := json.MarshalIndent(e.portal, "", "\t")
	if err != nil {
		return err
	}
	_, err = e.put(portalName, append(text, '\n'))
	return err
}

// finish gives the folder its name.
func (e *jsonExport) finish() error {
	if err := os.Remove(filepath.Join(e.dir, exportMark)); err != nil {
		return err
	}
	err := filepath.WalkDir(e.dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		return syncFolder(name)
	})
	if err != nil {
		return err
	}
	if err := os.Remove(e.options.Dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s cannot be made anew, the export is in %s: %w", e.options.Dir, e.dir, err)
	}
	if err := os.Rename(e.dir, e.options.Dir); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(e.options.Dir))
}

// writeRecords writes the lines of all tables in one snapshot.
func (e *jsonExport) writeRecords() (err error) {
	ctx := context.WithoutCancel(e.work.ctx)
	from, closeFrom, err := openEnd(ctx, Options{Dir: e.store.dir, Database: e.store.address}, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeFrom()) }()
	e.from = from
	tables, err := from.movedTables(ctx, jsonTableNames())
	if err != nil {
		return err
	}
	e.tables = map[string]*movedTable{}
	for i := range tables {
		e.tables[tables[i].name] = &tables[i]
		for c := range tables[i].columns {
			tables[i].columns[c].bits = 64 // SQLite's have that, whatever they are called
		}
	}
	return from.snapshot(ctx, func() error {
		if from.postgres {
			if err := (&transfer{from: from, tables: tables}).holdTables(ctx); err != nil {
				return err
			}
		}
		if err := e.describePortal(ctx); err != nil {
			return err
		}
		for _, t := range jsonTables() {
			if err := e.writeTable(ctx, &t); err != nil {
				return fmt.Errorf("%s: %w", t.name, err)
			}
		}
		return nil
	})
}

// describePortal notes what the records say of themselves.
func (e *jsonExport) describePortal(ctx context.Context) (err error) {
	p, q := &e.portal, e.from.conn
	if p.Schema, err = schemaOf(ctx, q, e.from.postgres); err != nil {
		return err
	}
	said, err := site(ctx, q)
	if err != nil {
		return err
	}
	for name, m := range e.tables {
		if !m.counted {
			continue
		}
		if p.Numbers[name], err = e.from.counted(ctx, m); err != nil {
			return err
		}
	}
	p.Site = ExportedSite{said.Name, said.NameEN, said.Parent, said.Address, said.Email, said.Phone, said.Responsible, said.License, said.Opening}
	if p.AuditEntry, err = queryOne(ctx, q, value[int64], `SELECT COALESCE(MAX(id), 0) FROM audit`); err != nil {
		return err
	}
	p.AuditHash, err = queryOne(ctx, q, value[string], `SELECT COALESCE(MAX(value), '') FROM setting WHERE name = 'audit_head'`)
	return err
}

// mediaRow is the record of a file as its line has it.
func mediaRow(row jsonRow) model.Media {
	return model.Media{
		ID: row.whole("id"), Hash: row.text("hash"), Name: row.text("name"), MIME: row.text("mime"), Bytes: row.whole("bytes"),
		Width: int(row.whole("width")), Height: int(row.whole("height")), Alt: row.text("alt"), Caption: row.text("caption"), Credit: row.text("credit"),
	}
}
