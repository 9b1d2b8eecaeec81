package content

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"congso/store/model"
)

// Limits of the HTML text of an item of an old portal: bytes, and signs of which each may become an element of its own, or some.
const (
	maxOldText  = 8 << 20
	maxOldSigns = 100_000
)

// checkOldText refuses a text that takes much more memory to read than any text that a person wrote.
func checkOldText(text string) error {
	switch {
	case len(text) > maxOldText:
		return badOld("Nội dung lớn quá %s.", model.FileSize(maxOldText))
	case strings.Count(text, "<")+strings.Count(text, "[")+strings.Count(text, "\n") > maxOldSigns:
		return badOld("Nội dung có quá nhiều thẻ, dòng hoặc mã ngắn.")
	}
	return nil
}

const (
	noteOldMissing = "Không có tệp ảnh %s bên cạnh bản xuất: chỉ giữ lời chú thích."
	noteOldUnread  = "Ảnh %s: %s Chỉ giữ lời chú thích."
	noteOldBroken  = "Tệp ảnh %s không đúng dạng JPEG, PNG, GIF hay WebP: chỉ giữ lời chú thích."
	noteOldFile    = "Không có tệp %s bên cạnh bản xuất: chỉ giữ chữ của liên kết."
	noteOldKind    = "Không nhận tệp loại %s: chỉ giữ chữ của liên kết tới %s."
	noteOldEmbed   = "Khung nhúng (video, bản đồ…) không đưa sang: %s."
	noteOldMany    = "Bài có quá %d ảnh: không lấy %s."
	noteOldHidden  = "Đoạn bị giấu ở trang cũ có liên kết tới %s, đã bỏ: trang cũ có thể đã bị cài liên kết."
)

// OldSource says where the texts of an old portal come from, so that their addresses are understood. Nothing is fetched.
type OldSource struct {
	Base  *url.URL // of the text that is read: what its relative addresses are relative to; nil when nobody knows
	Hosts []string // of the old portal, a leading "www." aside: links to them become paths of this portal
	// Find returns the file beside the export to which an address led, if it is there. The address is whole when Base is set.
	Find func(address *url.URL) (OldFile, bool)
}

// oldReading is what is read of one text.
type oldReading struct {
	OldSource
	files []OldFile
	seen  map[string]bool // addresses of files
}

// ReadText is Read for the source text of HTML. What cannot be read is model.Invalid for the field "body".
func (o OldSource) ReadText(text string) (Import, []OldFile, error) {
	if err := checkOldText(text); err != nil {
		return Import{}, nil, err
	}
	root, err := parseOld(text, "Nội dung")
	if err != nil {
		return Import{}, nil, err
	}
	return o.Read(root)
}

// Read reads the HTML below root as ReadPasted reads what was pasted, with the pictures that lie beside the export, each at most 25 MB; one
// that does not is named in Notes and Missing, so that Place leaves its caption. Links within the old portal become paths, which lead on while
// redirects do; the files of the portal to which the text leads are returned, their Address being what stands in the text. What cannot be
// read is model.Invalid for the field "body".
func (o OldSource) Read(root *html.Node) (Import, []OldFile, error) {
	if longText(root) { // it would be refused when it is stored, and takes long to read
		return Import{}, nil, badOld("Nội dung dài quá %s ký tự.", model.Group(model.MaxBody))
	}
	r := newPasteReader()
	r.old = &oldReading{OldSource: o, seen: map[string]bool{}}
	if !r.readAll(root) {
		return Import{}, nil, badOld("Nội dung có bảng quá lớn.")
	}
	out, err := r.doc.finish()
	if invalid := (model.Invalid{}); errors.As(err, &invalid) {
		return Import{}, nil, badOld("%s", strings.Replace(invalid["file"], "Tài liệu", "Nội dung", 1))
	}
	return out, r.old.files, err
}

// longText reports whether the text below root, without the white space of its source, is longer than that of an item may be.
func longText(root *html.Node) bool {
	letters := 0
	for n := range root.Descendants() {
		if n.Type == html.TextNode && (n.Parent == nil || n.Parent.DataAtom != atom.Script && n.Parent.DataAtom != atom.Style) {
			for word := range strings.FieldsSeq(n.Data) {
				letters += utf8.RuneCountInString(word)
			}
		}
	}
	return letters > model.MaxBody
}

func badOld(format string, args ...any) error {
	return model.Invalid{"body": fmt.Sprintf(format, args...)}
}

// address is what an address in the text means; ok is false when it cannot be read.
func (o OldSource) address(text string) (u *url.URL, ok bool) {
	text = strings.NewReplacer(" ", "%20", "\t", "", "\n", "", "\r", "", "\u00a0", "%20", `\`, "/").Replace(strings.TrimSpace(text))
	u, err := url.Parse(text)
	if err != nil {
		return nil, false
	}
	if o.Base != nil {
		u = o.Base.ResolveReference(u)
	}
	return u, true
}

// Own reports whether an address is one of the old portal: it has no host, or one of its hosts.
func (o OldSource) Own(u *url.URL) bool {
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	return (u.Scheme == "" || u.Scheme == "http" || u.Scheme == "https") && u.Opaque == "" && (host == "" || slices.ContainsFunc(o.Hosts, func(own string) bool {
		return strings.TrimPrefix(strings.ToLower(own), "www.") == host
	}))
}

// OldPath is the path and query of an address, as a request for it has them, "" when it has no path that begins with "/".
func OldPath(u *url.URL) string {
	plain := url.URL{Path: u.Path, RawPath: u.RawPath, RawQuery: u.RawQuery}
	if plain.Path == "" && u.Host != "" {
		plain.Path = "/"
	}
	if address := plain.String(); model.LocalPath(address) {
		return address
	}
	return ""
}

// link is where a link of the text leads in this portal, "" for nowhere.
func (o *oldReading) link(doc *document, n *html.Node, address, around string) string {
	u, ok := o.address(address)
	if !ok || !o.Own(u) {
		outward, ok := outwardLink(address)
		if !ok {
			doc.remarks.add(notePastedLink)
			return ""
		}
		return outward
	}
	local := OldPath(u)
	ending := strings.ToLower(path.Ext(u.Path))
	switch {
	case local == "" || local == "/":
		return local
	case model.PictureName(u.Path) && holdsPicture(n):
		return around // a picture that leads to itself
	case !model.PictureName(u.Path) && !slices.Contains(fileEndings(), ending):
		return local
	}
	return o.file(doc, n, u, local)
}

func holdsPicture(n *html.Node) bool {
	for in := range n.Descendants() {
		if in.DataAtom == atom.Img {
			return true
		}
	}
	return false
}

// fileEndings are those of files that pages offer for reading elsewhere.
func fileEndings() []string {
	return append(takenEndings(), ".rar", ".7z", ".gz", ".tar", ".exe", ".msi", ".mp3", ".mp4", ".avi", ".wmv", ".flv", ".wav", ".rtf", ".docm", ".xlsm", ".pps", ".ppsx", ".dwg", ".psd", ".ai", ".epub", ".xml")
}

// takenEndings are those of the files that the library takes.
func takenEndings() []string {
	return []string{".pdf", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".doc", ".xls", ".ppt", ".csv", ".txt", ".zip"}
}

// file notes the file of a link, and is the address by which the text leads to it.
func (o *oldReading) file(doc *document, n *html.Node, u *url.URL, local string) string {
	name := fileName(u.Path)
	if ending := strings.ToLower(path.Ext(name)); !slices.Contains(takenEndings(), ending) && !model.PictureName(name) {
		doc.remarks.say(fmt.Sprintf(noteOldKind, ending, name))
		return ""
	}
	if o.seen[local] {
		return local
	}
	found, ok := o.find(u)
	if !ok {
		doc.remarks.say(fmt.Sprintf(noteOldFile, name))
		return ""
	}
	o.seen[local] = true
	found.Address, found.Title = local, cutWords(model.Clean(nodeText(n)), maxOldLine)
	if found.Title == "" {
		found.Title = found.Name
	}
	o.files = append(o.files, found)
	return local
}

func (o OldSource) find(u *url.URL) (OldFile, bool) {
	if o.Find == nil {
		return OldFile{}, false
	}
	return o.Find(u)
}

// tellEmbedded names what a page shows from elsewhere in a frame or a player, which no text can hold.
func (r *pasteReader) tellEmbedded(n *html.Node) {
	address := ""
	switch n.DataAtom {
	case atom.Iframe, atom.Embed:
		address = attribute(n, "src")
	case atom.Video, atom.Audio:
		address = attribute(n, "src")
		for kid := range n.ChildNodes() {
			if address == "" && kid.DataAtom == atom.Source {
				address = attribute(kid, "src")
			}
		}
	case atom.Object:
		address = attribute(n, "data")
	}
	if address = model.Clean(address); address != "" && !r.gone[n] {
		r.doc.remarks.say(fmt.Sprintf(noteOldEmbed, cutWords(address, maxCaption)))
	}
}

// tellHidden names where a hidden part of a page leads outside of the old portal. It is left out as all that nobody sees is, but who finds one
// such link on a portal has to look for the rest of them.
func (r *pasteReader) tellHidden(n *html.Node, style map[string]string) {
	if r.gone[n] || !outOfSight(n, style) {
		return
	}
	for kid := range n.Descendants() {
		if kid.DataAtom != atom.A {
			continue
		}
		if u, ok := r.old.address(attribute(kid, "href")); ok && u.Hostname() != "" && !r.old.Own(u) {
			r.doc.remarks.say(fmt.Sprintf(noteOldHidden, cutWords(model.Clean(u.Hostname()), maxOldLine)))
		}
	}
}

// sourceOf is the address of a picture: scripts put it there later on pages that show pictures only once they are in sight.
func sourceOf(n *html.Node, src string) string {
	for _, name := range []string{"data-src", "data-original", "data-lazy-src", "data-lazyload"} {
		if later := strings.TrimSpace(attribute(n, name)); later != "" {
			return later
		}
	}
	return src
}

// oldPicture takes the picture from beside the export.
func (r *pasteReader) oldPicture(n *html.Node, src string, small bool) {
	number := len(r.doc.pictures)
	alt := altOf(attribute(n, "alt"), attribute(n, "title"))
	if limit := DefaultWordLimits().Pictures; number >= limit {
		r.doc.remarks.say(fmt.Sprintf(noteOldMany, limit, model.Clean(fileName(src))))
		return
	}
	p, note := r.old.Picture(src)
	if note != "" {
		r.doc.remarks.say(note)
	}
	p.Alt = alt
	r.doc.pictures = append(r.doc.pictures, p)
	r.spans = append(r.spans, piece{kind: pictureSpan, n: number, small: small})
}

// Picture is the picture at an address, by its content one of the kinds that pages show. When it is not, or is not beside the export, it is
// Missing, and note says so.
func (o OldSource) Picture(address string) (p ImportedPicture, note string) {
	u, ok := o.address(address)
	if !ok {
		return ImportedPicture{Name: fileName(address)}, fmt.Sprintf(noteOldMissing, model.Clean(address))
	}
	shown := model.Clean(u.Path)
	if !o.Own(u) {
		shown = model.Clean(u.String())
	}
	found, ok := o.find(u)
	if !ok {
		return ImportedPicture{Name: fileName(u.Path)}, fmt.Sprintf(noteOldMissing, shown)
	}
	p, err := found.picture()
	invalid := model.Invalid{}
	switch {
	case errors.As(err, &invalid):
		return p, fmt.Sprintf(noteOldUnread, shown, invalid["file"])
	case p.Missing():
		return p, fmt.Sprintf(noteOldBroken, shown)
	}
	p.Addresses = o.pictureAddresses(u, found.Name)
	return p, ""
}

// pictureAddresses are those of a picture that was found for one of them: also that of the picture itself, when the text shows one made smaller.
func (o OldSource) pictureAddresses(u *url.URL, found string) (list []string) {
	if !o.Own(u) {
		return nil
	}
	if local := OldPath(u); local != "" {
		list = append(list, local)
	}
	larger := url.URL{Host: u.Host, Path: madeSmaller.ReplaceAllString(u.Path, "$1")}
	if local := OldPath(&larger); larger.Path != u.Path && local != "" && comparedName(path.Base(larger.Path)) == comparedName(found) {
		list = append(list, local)
	}
	return list
}
