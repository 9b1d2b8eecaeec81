package handlers

import (
	"net/http"
	"sync"

	"congso/handlers/web"
	"congso/static"
	"congso/store/model"
)

// keptFiles are the embedded files as they have been sent: they change with the program only, and are about 100 KB in all, so they stay.
// Parts, and what else only few ask for, are Echo's.
type keptFiles struct {
	mu   sync.RWMutex
	sent map[fileKey]*page
}

type fileKey struct {
	file   *static.File
	coding string // "" for as it is
}

// file is the embedded file that r asks for at its present address, nil when it asks for none, or under a condition that Echo must see to.
func (f *Front) file(r *http.Request, id string) *page {
	if r.Header["If-Match"] != nil || r.URL.RawQuery != "" {
		return nil
	}
	found, current, err := static.Open(r.URL.Path)
	if err != nil || !current {
		return nil
	}
	key := fileKey{file: found}
	if coding, packed := web.PackedFile(r, found); packed != nil {
		key.coding = coding
	}
	f.files.mu.RLock()
	p := f.files.sent[key]
	f.files.mu.RUnlock()
	if p == nil {
		p = f.makeFile(r.URL.Path, key, id)
	}
	return p
}

// makeFile keeps the file as Echo sends it; nil when that fails.
func (f *Front) makeFile(path string, key fileKey, id string) *page {
	r := f.request(path, asked{})
	if key.coding != "" {
		r.Header.Set("Accept-Encoding", key.coding)
	}
	p := f.render(r, model.Viewer{}, id, newFile)
	if !p.keep {
		return nil
	}
	f.files.mu.Lock()
	defer f.files.mu.Unlock()
	if f.files.sent == nil {
		f.files.sent = map[fileKey]*page{}
	}
	f.files.sent[key] = p
	return p
}
