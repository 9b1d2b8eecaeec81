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
	"strconv"
	"strings"
	"time"

	"congso/store/model"
)

// WXROptions say how a WordPress export is read.
type WXROptions struct {
	Name         string         // of the file, for people
	Zone         *time.Location // of dates that do not say theirs
	PagesSection string         // where pages go, which have no category
	Types        []string       // post types that become news
	Files        *OldFiles      // the folder with the uploads; nil for none
	Address      string         // of the portal, in place of what the export says; "" for that
}

// WXR is a WordPress export ("WordPress eXtended RSS", as Tools → Export writes it). It is read twice, an item in memory at a time: once for
// what items refer to, and then for the items.
type WXR struct {
	WXROptions
	open    func() (io.ReadCloser, error)
	site    *url.URL // address of the portal
	hosts   []string
	index   wxrIndex
	leftOut map[string]int
}

// OpenWXR reads what the items of an export refer to. The error is that of a file which is no such export.
func OpenWXR(open func() (io.ReadCloser, error), o WXROptions) (w *WXR, err error) {
	w = &WXR{WXROptions: o, open: open, index: newWXRIndex(), leftOut: map[string]int{}}
	file, err := open()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	failed := newOldXML(file).each(func(n foundXML) bool {
		w.index.note(n.xmlNode, w.wanted(n.xmlNode))
		return true
	})
	if w.index.items == 0 && failed == nil {
		failed = errors.New("không thấy bài nào (thẻ <item>)")
	}
	if w.index.items == 0 { // what comes before a fault is read all the same
		return nil, fmt.Errorf("%s: không phải tệp xuất của WordPress: %w", o.Name, failed)
	}
	w.settle()
	return w, nil
}

// settle finds the address of the portal.
func (w *WXR) settle() {
	for _, address := range append([]string{w.WXROptions.Address}, w.index.addresses...) {
		u, err := url.Parse(strings.TrimSpace(address))
		if err != nil || u.Hostname() == "" {
			continue
		}
		if w.site == nil {
			w.site = u
		}
		w.hosts = append(w.hosts, u.Hostname())
	}
	if w.site == nil {
		w.site = &url.URL{}
	}
}

// Address is the portal's, "" when the export does not say it.
func (w *WXR) Address() string { return w.site.String() }

// Feeds are the addresses of the portal's feed.
func (w *WXR) Feeds() []string {
	return []string{w.root() + "feed", w.root() + "feed/", w.root() + "?feed=rss2"}
}

// Total is how many items there are.
func (w *WXR) Total() int { return w.index.wanted }

// LeftOut are how many of the items read so far are nothing to publish, by what they are.
func (w *WXR) LeftOut() map[string]int { return w.leftOut }

// wanted reports whether an element is an item to take over.
func (w *WXR) wanted(n *xmlNode) bool { return n.Local == "item" && w.unwanted(n) == "" }

// unwanted says what an item is that nobody takes over, "" for one that is.
func (w *WXR) unwanted(n *xmlNode) string {
	kind, status := n.first("wordpress", "post_type"), n.first("wordpress", "status")
	switch {
	case !slices.Contains(w.Types, kind):
		return cutWords(cmp.Or(model.Clean(kind), "item without a type"), maxOldTag)
	case slices.Contains([]string{"publish", "future", "draft", "pending", "private"}, status):
		return ""
	}
	return cutWords(cmp.Or(model.Clean(status), "item without a status"), maxOldTag)
}

// maxWXRKinds is how many kinds of what is left out are counted apart.
const maxWXRKinds = 100

// leaveOut counts an item that nobody takes over.
func (w *WXR) leaveOut(kind string) {
	if _, ok := w.leftOut[kind]; !ok && len(w.leftOut) >= maxWXRKinds {
		kind = "of other kinds"
	}
	w.leftOut[kind]++
}

// Items yields the items. An error beside an item is that of the item; after one that ends the file, nothing comes.
func (w *WXR) Items() iter.Seq2[OldItem, error] {
	return func(yield func(OldItem, error) bool) {
		number := 0
		file, err := w.open()
		if err != nil {
			yield(OldItem{Where: w.Name}, err)
			return
		}
		err = newOldXML(file).each(func(n foundXML) bool {
			if n.Local != "item" {
				return true
			}
			number++
			if kind := w.unwanted(n.xmlNode); kind != "" && n.err == nil {
				w.leaveOut(kind)
				return true
			}
			item, err := w.item(n)
			item.Where = fmt.Sprintf("%s, mục %d, dòng %d", w.Name, number, n.line)
			return yield(item, err)
		})
		if err = errors.Join(err, file.Close()); err != nil {
			yield(OldItem{Where: fmt.Sprintf("%s, sau mục %d", w.Name, number)}, err)
		}
	}
}

// item makes an item of its element.
func (w *WXR) item(n foundXML) (OldItem, error) {
	id := n.first("wordpress", "post_id")
	item := OldItem{Key: "?p=" + id, Addresses: w.addresses(n.xmlNode, id), Visibility: model.Public}
	if id == "" {
		item.Key = n.first("", "guid")
	}
	item.Title, item.Slug = htmlText(n.first("", "title")), n.first("wordpress", "post_name")
	if n.err != nil {
		return item, n.err
	}
	if n.bad > 0 {
		item.note(noteXMLBad, n.bad)
	}
	w.state(&item, n.xmlNode)
	w.place(&item, n.xmlNode)
	item.Byline = cmp.Or(w.index.authors[n.first("elements", "creator")], n.first("elements", "creator"))
	source := OldSource{Base: w.base(n.xmlNode), Hosts: w.hosts, Find: w.find}
	if err := w.text(&item, n.xmlNode, source); err != nil {
		return item, err
	}
	w.cover(&item, n.xmlNode, source)
	return item, nil
}

// base is what relative addresses in an item are relative to.
func (w *WXR) base(n *xmlNode) *url.URL {
	if link, err := url.Parse(n.first("", "link")); err == nil && link.Hostname() != "" {
		return link
	}
	return w.site
}

// addresses are those of an item: its link, with and without the slash at its end, and the forms that WordPress answers too.
func (w *WXR) addresses(n *xmlNode, id string) (list []string) {
	add := func(address string) {
		if address != "" && address != "/" && !slices.Contains(list, address) {
			list = append(list, address)
		}
	}
	own := OldSource{Hosts: w.hosts}
	for _, name := range []string{"link", "guid"} {
		u, err := url.Parse(n.first("", name))
		if err != nil || !own.Own(u) || u.Host == "" && !strings.HasPrefix(u.Path, "/") {
			continue
		}
		local := OldPath(u)
		add(local)
		if u.RawQuery == "" && len(u.Path) > 1 {
			add(strings.TrimSuffix(local, "/"))
			if path.Ext(u.Path) == "" {
				add(strings.TrimSuffix(local, "/") + "/")
			}
		}
	}
	if _, err := strconv.ParseUint(id, 10, 63); err == nil {
		add(w.root() + "?p=" + id)
		if n.first("wordpress", "post_type") == "page" {
			add(w.root() + "?page_id=" + id)
		}
	}
	return list
}

// root is the path of the portal's home page.
func (w *WXR) root() string { return strings.TrimRight(w.site.EscapedPath(), "/") + "/" }

const (
	notePrivate  = "Bài riêng tư ở cổng cũ: để là bản nháp nội bộ, không công khai."
	notePassword = "Bài có mật khẩu ở cổng cũ: để là bản nháp nội bộ, không công khai."
	noteBadDate  = "Không đọc được ngày đăng %q."
)

// state sets the item's place in the workflow.
func (w *WXR) state(item *OldItem, n *xmlNode) {
	item.Status = model.StatusDraft
	status := n.first("wordpress", "status")
	switch {
	case n.has("wordpress", "post_password"):
		item.Visibility = model.Internal
		item.note(notePassword)
	case status == "private":
		item.Visibility = model.Internal
		item.note(notePrivate)
	case status == "publish" || status == "future":
		item.Status = model.StatusPublished
	default: // a draft has no date yet
		return
	}
	item.PublishAt = w.date(item, n)
}

// date is when an item was published: the time in UTC where there is one, else that of the portal's zone.
func (w *WXR) date(item *OldItem, n *xmlNode) time.Time {
	for _, d := range []struct {
		name string
		zone *time.Location
	}{{"post_date_gmt", time.UTC}, {"post_date", w.Zone}} {
		text := n.first("wordpress", d.name)
		if text == "" || strings.HasPrefix(text, "0000") {
			continue
		}
		at, err := time.ParseInLocation(time.DateTime, text, d.zone)
		if err == nil && at.Unix() > 0 {
			return at
		}
		item.note(noteBadDate, text)
	}
	return time.Time{}
}

// cover takes the item's featured picture.
func (w *WXR) cover(item *OldItem, n *xmlNode, source OldSource) {
	id := wxrMeta(n, "_thumbnail_id")
	if id == "" {
		return
	}
	file, ok := w.index.files[id]
	if !ok {
		item.note("Tệp xuất không có ảnh đại diện số %s.", model.Clean(id))
		return
	}
	p, note := source.Picture(file.address)
	if note != "" {
		item.note("Ảnh đại diện: %s", note)
	}
	item.Cover = p
	item.Cover.Alt, item.Cover.Caption = altOf(file.alt, file.title), file.caption
}

// find finds an upload in the folder: below it as on the portal, or below wp-content, or from what follows "uploads/". Of a picture that
// WordPress made smaller, the picture itself is taken when the export knows it.
func (w *WXR) find(u *url.URL) (OldFile, bool) {
	name := strings.Trim(path.Clean("/"+u.Path), "/")
	uploaded := strings.Contains(name, "wp-content/uploads/")
	if w.Files == nil || !uploaded && !(OldSource{Hosts: w.hosts}).Own(u) {
		return OldFile{}, false
	}
	for _, name := range w.index.originals(name) {
		places := []string{name}
		if uploaded {
			below := name[strings.LastIndex(name, "wp-content/uploads/")+len("wp-content/uploads/"):]
			places = []string{"wp-content/uploads/" + below, "uploads/" + below, below, name}
		}
		for _, place := range places {
			if file, ok := w.Files.Find(place); ok {
				return file, true
			}
		}
	}
	return OldFile{}, false
}
