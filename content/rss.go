package content

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"congso/store/model"
)

// RSSOptions say how a feed is read.
type RSSOptions struct {
	Name    string         // of the file, for people
	Zone    *time.Location // of dates that do not say theirs
	Files   *OldFiles      // the folder with photos and files, as they were below the portal's address; nil for none
	Address string         // of the portal, in place of what the feed says; "" for that
}

// RSS is a feed that was saved: RSS 2.0, RSS 1.0 or Atom. It is read twice, an item in memory at a time.
type RSS struct {
	RSSOptions
	open  func() (io.ReadCloser, error)
	site  *url.URL
	total int
}

// OpenRSS finds the portal of a feed. The error is that of a file which is no feed.
func OpenRSS(open func() (io.ReadCloser, error), o RSSOptions) (f *RSS, err error) {
	f = &RSS{RSSOptions: o, open: open, site: &url.URL{}}
	file, err := open()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	addresses, wordpress := []string{o.Address}, false
	failed := newOldXML(file).each(func(n foundXML) bool {
		switch {
		case n.Local == "wxr_version" || isEntry(n.xmlNode) && n.first("wordpress", "status") != "":
			wordpress = true
			return false
		case isEntry(n.xmlNode):
			f.total++
		case n.Local == "link" && n.attribute("rel") != "self":
			addresses = append(addresses, cmp.Or(n.attribute("href"), n.text))
		}
		return true
	})
	if wordpress { // read as a feed, its drafts, its private posts and its trash would be public
		return nil, fmt.Errorf("%s: đây là tệp xuất của WordPress, không phải nguồn tin: dùng lệnh congso import wxr", o.Name)
	}
	if f.total == 0 {
		return nil, fmt.Errorf("%s: không phải nguồn tin RSS hay Atom: %w", o.Name, cmp.Or(failed, errors.New("không thấy bài nào")))
	}
	for _, address := range addresses {
		if u, err := url.Parse(strings.TrimSpace(address)); err == nil && u.Hostname() != "" {
			f.site = u
			break
		}
	}
	return f, nil
}

func isEntry(n *xmlNode) bool { return n.Local == "item" || n.Local == "entry" }

// Address is the portal's, "" when the feed does not say it.
func (f *RSS) Address() string { return f.site.String() }

// Total is how many items there are.
func (f *RSS) Total() int { return f.total }

// Items yields the items. An error beside an item is that of the item; after one that ends the file, nothing comes.
func (f *RSS) Items() iter.Seq2[OldItem, error] {
	return func(yield func(OldItem, error) bool) {
		number := 0
		file, err := f.open()
		if err != nil {
			yield(OldItem{Where: f.Name}, err)
			return
		}
		err = newOldXML(file).each(func(n foundXML) bool {
			if !isEntry(n.xmlNode) {
				return true
			}
			number++
			item, err := f.item(n)
			item.Where = fmt.Sprintf("%s, mục %d, dòng %d", f.Name, number, n.line)
			return yield(item, err)
		})
		if err = errors.Join(err, file.Close()); err != nil {
			yield(OldItem{Where: fmt.Sprintf("%s, sau mục %d", f.Name, number)}, err)
		}
	}
}

func (f *RSS) item(n foundXML) (item OldItem, err error) {
	link := entryLink(n.xmlNode)
	item = OldItem{
		Key: cmp.Or(anyText(n.xmlNode, "guid", "id"), link), Byline: htmlText(entryAuthor(n.xmlNode)),
		Status: model.StatusPublished, Visibility: model.Public,
	}
	item.Title = htmlText(anyText(n.xmlNode, "title"))
	if n.err != nil {
		return item, n.err
	}
	if n.bad > 0 {
		item.note(noteXMLBad, n.bad)
	}
	if item.Key == "" {
		return item, errors.New("bài không có guid, id hay liên kết để nhận ra nó")
	}
	item.PublishAt = f.date(&item, n.xmlNode)
	source := OldSource{Base: f.site, Hosts: []string{f.site.Hostname()}, Find: f.find}
	if u, err := url.Parse(link); err == nil && u.Hostname() != "" {
		source.Base = u
		if local := OldPath(u); source.Own(u) && local != "" && local != "/" {
			item.Addresses = append(item.Addresses, local)
			if u.RawQuery == "" && strings.HasSuffix(local, "/") {
				item.Addresses = append(item.Addresses, strings.TrimSuffix(local, "/"))
			}
		}
	}
	f.words(&item, n.xmlNode)
	return item, f.text(&item, n.xmlNode, source)
}

// words are the item's categories: the first is its section, the others are tags.
func (f *RSS) words(item *OldItem, n *xmlNode) {
	for _, kid := range n.kids {
		if kid.Local != "category" && kid.Local != "subject" {
			continue
		}
		name := htmlText(cmp.Or(kid.attribute("label"), kid.attribute("term"), kid.text))
		switch {
		case name == "":
		case len(item.Section) == 0:
			item.Section = []string{name}
		default:
			item.Tags = append(item.Tags, name)
		}
	}
}

// text reads the item's text, or what stands for it; a description beside a text is the summary.
func (f *RSS) text(item *OldItem, n *xmlNode, source OldSource) error {
	description := anyText(n, "description", "summary")
	text := entryText(n)
	if text == "" {
		text = description
	} else {
		item.Summary = htmlText(description)
	}
	if !strings.Contains(text, "<") {
		text = wxrParagraphs(text)
	}
	title, notes := item.Title, item.Notes
	read, files, err := source.ReadText(text)
	if err != nil {
		return err
	}
	item.Import, item.Attachments = read, files
	item.Title, item.Notes = title, append(notes, read.Notes...)
	f.enclosed(item, n, source)
	return nil
}

// enclosed takes the files that the feed offers with the item: the first photo is the cover when the text has none, others are attached.
func (f *RSS) enclosed(item *OldItem, n *xmlNode, source OldSource) {
	for _, address := range enclosures(n) {
		u, ok := source.address(address)
		if !ok {
			continue
		}
		if model.PictureName(u.Path) {
			p, note := source.Picture(address)
			switch {
			case note != "":
				item.note("%s", note)
			case item.Cover.Name == "":
				item.Cover = p
			}
			continue
		}
		found, ok := source.find(u)
		if !ok || !slices.Contains(takenEndings(), strings.ToLower(path.Ext(found.Name))) {
			item.note(noteOldFile, fileName(u.Path))
			continue
		}
		found.Title, found.Address = found.Name, OldPath(u)
		item.Attachments = append(item.Attachments, found)
	}
}

func enclosures(n *xmlNode) (list []string) {
	for _, kid := range n.kids {
		address := ""
		switch {
		case kid.Local == "enclosure", kid.Local == "content" && strings.Contains(kid.Space, "media"):
			address = kid.attribute("url")
		case kid.Local == "link" && kid.attribute("rel") == "enclosure":
			address = kid.attribute("href")
		}
		if address != "" && !slices.Contains(list, address) {
			list = append(list, address)
		}
	}
	return list
}

// entryText is the whole text of an item: content:encoded in RSS, content in Atom.
func entryText(n *xmlNode) string {
	for _, kid := range n.kids {
		if kid.Local == "encoded" || kid.Local == "content" && !strings.Contains(kid.Space, "media") {
			if text := strings.TrimSpace(cmp.Or(strings.TrimSpace(kid.text), kid.markup())); text != "" {
				return text
			}
		}
	}
	return ""
}

// markup is the HTML of elements that stand in the XML themselves, as Atom allows.
func (n *xmlNode) markup() string {
	var b strings.Builder
	for _, kid := range n.kids {
		if kid.Local == "" {
			b.WriteString(escape(kid.text))
			continue
		}
		fmt.Fprintf(&b, "<%s", kid.Local)
		for _, a := range kid.attrs {
			if a.Name.Space == "" {
				fmt.Fprintf(&b, ` %s="%s"`, a.Name.Local, escape(a.Value))
			}
		}
		b.WriteString(">" + escape(kid.text) + kid.markup() + "</" + kid.Local + ">")
	}
	return b.String()
}

// anyText is the text of the first element of one of the names, whatever its namespace.
func anyText(n *xmlNode, names ...string) string {
	for _, name := range names {
		for _, kid := range n.kids {
			if text := strings.TrimSpace(kid.text); kid.Local == name && text != "" && !strings.Contains(kid.Space, "media") {
				return text
			}
		}
	}
	return ""
}

func entryLink(n *xmlNode) string {
	for _, kid := range n.kids {
		if rel := kid.attribute("rel"); kid.Local == "link" && (rel == "" || rel == "alternate") {
			if address := strings.TrimSpace(cmp.Or(kid.attribute("href"), kid.text)); address != "" {
				return address
			}
		}
	}
	return ""
}

func entryAuthor(n *xmlNode) string {
	for _, kid := range n.kids {
		if kid.Local == "author" || kid.Local == "creator" {
			name := cmp.Or(anyText(kid, "name"), strings.TrimSpace(kid.text))
			if _, inside, ok := strings.Cut(name, "("); ok && strings.Contains(name, "@") { // RSS: a.b@so.example (Nguyễn Văn A)
				name = strings.TrimSuffix(strings.TrimSpace(inside), ")")
			}
			if name != "" && !strings.Contains(name, "@") {
				return name
			}
		}
	}
	return ""
}

// date is when the item was published, the zero time when the feed does not say so.
func (f *RSS) date(item *OldItem, n *xmlNode) time.Time {
	text := anyText(n, "pubDate", "published", "date", "updated")
	if text == "" {
		return time.Time{}
	}
	for _, form := range feedDates() {
		if at, err := time.ParseInLocation(form, text, f.Zone); err == nil && at.Unix() > 0 {
			return at
		}
	}
	item.note(noteBadDate, text)
	return time.Time{}
}

// feedDates are the forms of dates in feeds: those of the standards, then those of portals that write dates as pages show them, the day first
// unless the time is an American one.
func feedDates() []string {
	return []string{
		time.RFC1123Z, time.RFC1123, "Mon, 2 Jan 2006 15:04:05 -0700", "Mon, 2 Jan 2006 15:04:05 MST", "2 Jan 2006 15:04:05 -0700", time.RFC3339,
		"2006-01-02T15:04:05", time.DateTime, time.DateOnly, "2/1/2006 15:04:05", "2/1/2006 15:04", "2/1/2006", "1/2/2006 3:04:05 PM",
	}
}

func (f *RSS) find(u *url.URL) (OldFile, bool) {
	if f.Files == nil || !(OldSource{Hosts: []string{f.site.Hostname()}}).Own(u) {
		return OldFile{}, false
	}
	if file, ok := f.Files.Find(u.Path); ok {
		return file, true
	}
	return f.Files.Find(path.Base(u.Path))
}
