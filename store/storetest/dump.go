package storetest

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
)

// Rows are all rows of all tables of the SQLite database in file, by table, each as its values or, when they are long, as their hash.
// Nothing may have the database open, or write to it.
func Rows(t testing.TB, file string) map[string][]string {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	names, err := db.Query(`SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE 'sqlite_%'`)
	if err != nil {
		t.Fatal(err)
	}
	var tables []string
	for names.Next() {
		var name string
		if err := names.Scan(&name); err != nil {
			t.Fatal(err)
		}
		tables = append(tables, name)
	}
	if err := names.Err(); err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for _, table := range tables {
		all[table] = tableRows(t, db, table)
	}
	return all
}

func tableRows(t testing.TB, db *sql.DB, table string) (list []string) {
	t.Helper()
	rows, err := db.Query("SELECT * FROM " + table)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		list = append(list, short(fmt.Sprintf("%#v", values)))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

// short is the text, or its hash when that is shorter.
func short(text string) string {
	if len(text) <= 2*sha256.Size {
		return text
	}
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// Files are the hashes of all files in a folder, by path, but for those whose path begins with one of leave.
func Files(t testing.TB, folder string, leave ...string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := fs.WalkDir(os.DirFS(folder), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		for _, prefix := range leave {
			if strings.HasPrefix(name, prefix) {
				return nil
			}
		}
		data, err := fs.ReadFile(os.DirFS(folder), name)
		sum := sha256.Sum256(data)
		found[name] = hex.EncodeToString(sum[:])
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
