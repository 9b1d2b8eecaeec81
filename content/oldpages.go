package content

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"congso/store/model"
)

// OldPagesOptions say how saved pages are read.
type OldPagesOptions struct {
	Address   string        // of the portal, in place of what the pages say; "" for that
	Base      string        // path on the portal at which the folder stood, "" for the top
	Preset    string        // one of OldPresets; "" or "auto" for the first whose marks a page has
	Selectors *OldSelectors // in place of a preset
	FileDate  bool          // the time of a file is that of publishing where neither page nor address says one
	Date      time.Time     // of publishing where nothing says one; zero for none
	Files     string        // folder with photos and files; "" for that of the pages
	Unit      string        // of people in boxes of contacts whose title names none
}

// OldPages are the saved pages of a portal: all in a folder, those of a list, or one. They are read one at a time.
type OldPages struct {
	OldPagesOptions
	name  string // of the folder, the list or the page, for people
	list  string // file of the list below the folder, "" for none
	only  string // the one page, "" for all
	pages *OldFiles
	files *OldFiles
	kinds []OldSelectors
	site  *url.URL
	hosts []string
	total int

	contacts []model.ContactRow
	known    map[string]bool // contacts that came
	empty    []string        // pages of a folder without a text, the first of them
	empties  int
}

// Limits of what is kept in memory of all pages: contacts, and names of pages without a text.
const (
	maxOldContacts = 5000
	maxOldEmpty    = 50
)

// OpenOldPages opens a folder of saved pages, a list of them (a line each: the file, and after a tab its address on the portal), or one page.
func OpenOldPages(place string, o OldPagesOptions) (p *OldPages, err error) {
	p = &OldPages{OldPagesOptions: o, name: filepath.Base(place), known: map[string]bool{}, site: &url.URL{}}
	if o.Selectors != nil {
		p.kinds = []OldSelectors{*o.Selectors}
	} else if p.kinds, err = oldPresets(o.Preset); err != nil {
		return nil, err
	}
	folder, err := p.look(place)
	if err != nil {
		return nil, err
	}
	if p.pages, err = OpenOldFiles(folder); err != nil {
		return nil, err
	}
	if p.files = p.pages; o.Files != "" {
		if p.files, err = OpenOldFiles(o.Files); err != nil {
			return nil, errors.Join(err, p.pages.Close())
		}
	}
	if err := p.survey(); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

// look finds out what a place is, and the folder in which its pages are.
func (p *OldPages) look(place string) (folder string, err error) {
	info, err := os.Stat(place)
	if err != nil {
		return "", err
	}
	if info.IsDir() {
		return place, nil
	}
	file, err := os.Open(place)
	if err != nil {
		return "", err
	}
	head := make([]byte, headBytes)
	n, err := io.ReadFull(file, head)
	if err = errors.Join(unlessShort(err), file.Close()); err != nil {
		return "", err
	}
	if looksLikePage(head[:n]) || isArchive(head[:n]) {
		p.only = filepath.Base(place)
	} else {
		p.list = filepath.Base(place)
	}
	return filepath.Dir(place), nil
}

func looksLikePage(head []byte) bool {
	text, err := io.ReadAll(transform.NewReader(bytes.NewReader(head), unicode.BOMOverride(transform.Nop)))
	return err == nil && bytes.HasPrefix(bytes.TrimSpace(text), []byte("<"))
}

// Close releases the folders.
func (p *OldPages) Close() error {
	err := p.pages.Close()
	if p.files != p.pages {
		err = errors.Join(err, p.files.Close())
	}
	return err
}

// Address is the portal's, "" when neither the list nor the first pages say it.
func (p *OldPages) Address() string { return p.site.String() }

// Total is how many pages there are.
func (p *OldPages) Total() int { return p.total }

// Contacts are those of the pages that were read so far, each once.
func (p *OldPages) Contacts() []model.ContactRow { return p.contacts }

// Empty names pages of the folder in which no selector found a text, the first of them, and says how many there are.
func (p *OldPages) Empty() (names []string, count int) { return p.empty, p.empties }

// maxSurvey is how many pages are looked at for the portal's address.
const maxSurvey = 50

// survey counts the pages and finds the address of the portal: what was asked for, what the list or one of the first pages says, else the name of
// the one folder in which all are, as programs that save whole portals name it.
func (p *OldPages) survey() error {
	p.settle(p.OldPagesOptions.Address)
	top, one := "", true
	for place, err := range p.places() {
		if err != nil && place.where == "" {
			return err
		}
		first, _, _ := strings.Cut(place.file, "/")
		one = one && (top == "" || first == top) && first != place.file
		top = first
		p.total++
		if p.site.Host != "" || err != nil {
			continue
		}
		p.settle(place.address)
		if p.site.Host == "" && p.total <= maxSurvey {
			p.settle(p.said(place))
		}
	}
	if p.total == 0 {
		return fmt.Errorf("%s: không thấy trang nào (.html, .htm, .aspx, .php…)", p.name)
	}
	if p.site.Host == "" && one && strings.Contains(top, ".") {
		p.settle("https://" + top)
	}
	return nil
}

// settle takes an address of the portal, if it is one.
func (p *OldPages) settle(address string) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		return
	}
	if p.site.Host == "" {
		p.site = &url.URL{Scheme: u.Scheme, Host: u.Host}
		if address == p.OldPagesOptions.Address {
			p.site.Path = u.Path
		}
	}
	p.hosts = append(p.hosts, u.Hostname())
}

// said is the whole address that a page says is its own, "" for none. A page that cannot be read is told of later.
func (p *OldPages) said(place oldPlace) string {
	data, _, err := p.load(place)
	if err != nil {
		return ""
	}
	page, err := parsePage(data, p.kinds)
	if err != nil {
		return ""
	}
	for _, u := range page.sayings() {
		if u.Host != "" {
			return u.String()
		}
	}
	return ""
}

// load reads the file of a page, at most a byte more than one may have.
func (p *OldPages) load(place oldPlace) (data []byte, at time.Time, err error) {
	info, err := p.pages.root.Stat(place.file)
	if err != nil {
		return nil, at, err
	}
	if !info.Mode().IsRegular() { // opening a pipe would wait for ever
		return nil, at, errors.New("không phải là tệp")
	}
	file, err := p.pages.root.Open(place.file)
	if err != nil {
		return nil, at, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	data, err = io.ReadAll(io.LimitReader(file, maxOldText+1))
	return data, info.ModTime(), err
}

// Items yields the items. An error beside an item is that of the item.
func (p *OldPages) Items() iter.Seq2[OldItem, error] {
	return func(yield func(OldItem, error) bool) {
		for place, err := range p.places() {
			item := OldItem{Where: cmp.Or(place.where, p.name)}
			if err == nil {
				item, err = p.item(place)
			}
			if errors.Is(err, errNoPage) && p.list == "" && p.only == "" {
				if p.empties++; p.empties <= maxOldEmpty {
					p.empty = append(p.empty, place.file)
				}
				continue
			}
			if !yield(item, err) {
				return
			}
		}
	}
}

// item reads a page.
func (p *OldPages) item(place oldPlace) (OldItem, error) {
	failed := OldItem{Where: place.where}
	data, saved, err := p.load(place)
	if err != nil {
		return failed, err
	}
	page, err := parsePage(data, p.kinds)
	if err != nil {
		return failed, err
	}
	addresses, base := p.addresses(place, page)
	page.item.Where, page.item.Key, page.item.Addresses = place.where, addresses[0], addresses
	page.item.Addresses = slices.DeleteFunc(slices.Clone(addresses), func(address string) bool { return address == "/" })
	page.item.Status, page.item.Visibility = model.StatusPublished, model.Public
	p.keep(page.contacts(p.Unit))
	source := OldSource{Base: base, Hosts: p.hosts, Find: func(u *url.URL) (OldFile, bool) { return p.find(place, base, u) }}
	if err := page.read(source); err != nil {
		return page.item, err
	}
	p.date(page, saved)
	return page.item, nil
}

// date finds the date of an item whose page says none.
func (p *OldPages) date(page *oldPage, saved time.Time) {
	item := &page.item
	if !item.PublishAt.IsZero() {
		return
	}
	for _, address := range item.Addresses {
		if at, ok := dateOfAddress(address); ok {
			item.PublishAt = at
			return
		}
	}
	switch {
	case p.FileDate:
		item.PublishAt = saved
		item.note(noteOldFileDay, model.ShortDate(saved))
	case !p.Date.IsZero():
		item.PublishAt = p.Date
		item.note(noteOldAsked, model.ShortDate(p.Date))
	}
}

// keep keeps the contacts that did not come before.
func (p *OldPages) keep(rows []model.ContactRow) {
	for _, row := range rows {
		key := strings.Join([]string{model.Fold(row.Name), model.Fold(row.Unit), model.Fold(row.Title), row.Office, row.Mobile, row.Fax, row.Hotline, row.Email}, "\n")
		if p.known[key] || len(p.contacts) >= maxOldContacts {
			continue
		}
		p.known[key] = true
		row.Line = len(p.contacts) + 1
		p.contacts = append(p.contacts, row)
	}
}
