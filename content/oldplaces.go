package content

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"net/url"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// oldPlace is where a saved page lies, and where it stood.
type oldPlace struct {
	file    string // below the folder, with slashes
	address string // on the portal, as the list says; "" for what the file's name says
	where   string // for people
}

// maxListLine is the longest line of a list of pages, in bytes.
const maxListLine = 16 << 10

// places yields the pages. An error with a place is that of the place; one without ends them.
func (p *OldPages) places() iter.Seq2[oldPlace, error] {
	switch {
	case p.only != "":
		return func(yield func(oldPlace, error) bool) { yield(oldPlace{file: p.only, where: p.only}, nil) }
	case p.list != "":
		return p.listed
	}
	return p.walked
}

// walked yields the pages in a folder and those below it. Links to elsewhere are not followed.
func (p *OldPages) walked(yield func(oldPlace, error) bool) {
	err := fs.WalkDir(p.pages.root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			if name == "." {
				return err
			}
			if !yield(oldPlace{file: name, where: name}, err) {
				return fs.SkipAll
			}
			return nil
		}
		if !entry.Type().IsRegular() || !isPageName(path.Base(name)) {
			return nil
		}
		if !yield(oldPlace{file: name, where: name}, nil) {
			return fs.SkipAll
		}
		return nil
	})
	if err != nil {
		yield(oldPlace{}, err)
	}
}

// pageEndings are those of pages: as files, and of the programs that made them.
var pageEndings = []string{".html", ".htm", ".xhtml", ".shtml", ".aspx", ".asp", ".php", ".jsp", ".do"}

// archiveEndings are those of pages with all that they show in one file, which are refused by name: nobody should think that they came.
var archiveEndings = []string{".mht", ".mhtml"}

func isPageName(name string) bool {
	name, _ = splitQuery(name)
	ending := strings.ToLower(path.Ext(name))
	return slices.Contains(pageEndings, ending) || slices.Contains(archiveEndings, ending)
}

// listed yields the pages of a list.
func (p *OldPages) listed(yield func(oldPlace, error) bool) {
	file, err := p.pages.root.Open(p.list)
	if err != nil {
		yield(oldPlace{}, err)
		return
	}
	lines := bufio.NewReaderSize(transform.NewReader(file, unicode.BOMOverride(transform.Nop)), maxListLine)
	more := true
	for number := 1; more && err == nil; number++ {
		var line string
		var long bool
		if line, long, err = listLine(lines); line == "" || line[0] == '#' {
			continue
		}
		name, address, _ := strings.Cut(line, "\t")
		place, fault := p.listedPlace(strings.TrimSpace(name), strings.TrimSpace(address))
		if long {
			name, fault = cutWords(name, maxOldLine), errors.New("dòng quá dài")
		}
		place.where = fmt.Sprintf("%s, dòng %d: %s", p.list, number, name)
		more = yield(place, fault)
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	if err = errors.Join(err, file.Close()); err != nil && more {
		yield(oldPlace{}, fmt.Errorf("%s: %w", p.list, err))
	}
}

// listLine is the next line, only its beginning when it is long. The error is io.EOF at the last one.
func listLine(lines *bufio.Reader) (line string, long bool, err error) {
	part, err := lines.ReadSlice('\n')
	line = strings.TrimSpace(string(part))
	for errors.Is(err, bufio.ErrBufferFull) {
		long = true
		_, err = lines.ReadSlice('\n')
	}
	return line, long, err
}

// listedPlace is the place that a line of the list names. The file is below the list's folder, and the address one of the portal.
func (p *OldPages) listedPlace(name, address string) (oldPlace, error) {
	place := oldPlace{file: path.Clean(filepath.ToSlash(name)), address: address}
	if filepath.IsAbs(name) {
		folder, err := filepath.Abs(p.pages.root.Name())
		if err != nil {
			return place, err
		}
		below, err := filepath.Rel(folder, name)
		if err != nil {
			return place, err
		}
		place.file = filepath.ToSlash(below)
	}
	if !fs.ValidPath(place.file) {
		return place, errors.New("tệp không nằm trong thư mục của danh sách")
	}
	if address == "" {
		return place, nil
	}
	u, err := url.Parse(address)
	if err != nil || OldPath(u) == "" {
		return place, fmt.Errorf("địa chỉ cũ %q không phải là https://… hay /…", address)
	}
	return place, nil
}

// savedQuery is where programs that save pages under names of Windows have put the "?" of an address.
var savedQuery = regexp.MustCompile(`(?i)^(.*\.(?:aspx|asp|php|jsp|do|html?))(?:@|%3f)([^/]*=[^/]*)$`)

// splitQuery parts the name of a file that was saved from an address with a query, without the ending that was added to it.
func splitQuery(name string) (bare, query string) {
	bare, query, found := strings.Cut(name, "?")
	if m := savedQuery.FindStringSubmatch(name); !found && m != nil {
		bare, query = m[1], m[2]
	}
	return bare, strings.TrimSuffix(strings.TrimSuffix(query, ".html"), ".htm")
}

// addresses are those of a page on the portal, the first of which names it for good, and what its relative addresses are relative to.
func (p *OldPages) addresses(place oldPlace, page *oldPage) (list []string, base *url.URL) {
	add := func(u *url.URL) {
		if local := OldPath(u); local != "" && !slices.Contains(list, local) {
			list = append(list, local)
		}
	}
	own := OldSource{Hosts: p.hosts}
	if u, err := url.Parse(place.address); err == nil && place.address != "" {
		add(u)
	} else {
		for _, u := range p.fileAddresses(place.file) {
			add(u)
		}
	}
	if len(list) == 0 { // a name with signs that no address has
		list = []string{"/" + url.PathEscape(path.Base(place.file))}
	}
	base = &url.URL{Scheme: p.site.Scheme, Host: p.site.Host}
	if first, err := url.Parse(list[0]); err == nil {
		base.Path, base.RawPath, base.RawQuery = first.Path, first.RawPath, first.RawQuery
	}
	for _, u := range page.sayings() {
		if own.Own(u) && u.Host != "" && (u.RawQuery != "" || strings.Trim(u.Path, "/") != "") {
			add(u)
		}
	}
	if u := page.base(); u != nil && own.Own(u) {
		base = base.ResolveReference(u)
	}
	for _, local := range list { // with and without the slash at the end
		if u, err := url.Parse(local); err == nil && u.RawQuery == "" && len(u.Path) > 1 && strings.HasSuffix(u.Path, "/") {
			add(&url.URL{Path: strings.TrimSuffix(u.Path, "/")})
		}
	}
	return list, base
}

// fileAddresses are the addresses that a file's name says.
func (p *OldPages) fileAddresses(file string) (list []*url.URL) {
	if first, rest, ok := strings.Cut(file, "/"); ok && (OldSource{Hosts: p.hosts}).Own(&url.URL{Host: first}) {
		file = rest
	}
	folder, name := path.Split(file)
	bare, query := splitQuery(name)
	above := "/" + strings.Trim(p.Base, "/")
	at := func(name string) *url.URL {
		return &url.URL{Path: strings.TrimRight(above, "/") + "/" + norm.NFC.String(plainName(folder+name)), RawQuery: sentQuery(query)}
	}
	inner := strings.TrimSuffix(strings.TrimSuffix(bare, ".html"), ".htm")
	if inner != bare && slices.Contains(pageEndings, strings.ToLower(path.Ext(inner))) { // default.aspx.html
		return []*url.URL{at(inner)}
	}
	list = []*url.URL{at(bare)}
	if lower := strings.ToLower(bare); query == "" && (lower == "index.html" || lower == "index.htm" || lower == "index.php") {
		list = append([]*url.URL{at("")}, list...)
	}
	return list
}

// sentQuery is a query from a file's name as a browser sends it.
func sentQuery(query string) string {
	var b strings.Builder
	for _, c := range []byte(query) {
		if c <= ' ' || c >= utf8.RuneSelf {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// find finds a file of the portal below the folder: at its path there, below the folder of its host, or beside the page as browsers save it.
func (p *OldPages) find(place oldPlace, base, u *url.URL) (OldFile, bool) {
	if !(OldSource{Hosts: p.hosts}).Own(u) {
		return OldFile{}, false
	}
	local := strings.TrimPrefix(u.Path, "/")
	if below := strings.Trim(p.Base, "/"); below != "" {
		local = strings.TrimPrefix(local, below+"/")
	}
	places := []string{local}
	if u.RawQuery != "" {
		places = append(places, local+"?"+u.RawQuery, local+"@"+u.RawQuery)
	}
	if host, _, ok := strings.Cut(place.file, "/"); ok && (OldSource{Hosts: p.hosts}).Own(&url.URL{Host: host}) {
		for _, name := range places[:len(places):len(places)] {
			places = append(places, host+"/"+name)
		}
	}
	if beside, ok := strings.CutPrefix(u.Path, strings.TrimSuffix(path.Dir(base.Path), "/")+"/"); ok && beside != "" {
		places = append(places, path.Join(path.Dir(place.file), beside))
	}
	for _, name := range places {
		if file, ok := p.files.Find(name); ok {
			return file, true
		}
	}
	return OldFile{}, false
}
