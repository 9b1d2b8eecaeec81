package model

import (
	"cmp"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// Media is an uploaded file: a picture, re-encoded with its smaller sizes, or an attachment.
type Media struct {
	ID        int64
	Hash      string // SHA-256 of the served file, lower-case hexadecimal: its name on disk
	Name      string // the file name that a download gets
	MIME      string
	Bytes     int64
	Width     int // pixels, 0 for attachments
	Height    int
	Alt       string
	Caption   string
	Credit    string
	Uploader  int64 // the user who brought it, 0 for the program
	CreatedAt time.Time
	Archived  time.Time // when it was put away, zero while it is offered

	// Still says of a picture just taken in that it was a moving one of which the first frame alone is kept. It is not recorded.
	Still bool `json:"-"`
}

// Widths in pixels at which a picture is kept besides its own; only those smaller than the picture are made.
func Widths() []int { return []int{320, 640, 960} }

// IsPicture reports whether m can stand in an img element.
func (m Media) IsPicture() bool { return m.Width > 0 }

// URL is the address of the file itself. A picture's address carries its size, so that Markdown can be
// rendered with width and height without asking the database.
func (m Media) URL() string {
	if m.IsPicture() {
		return fmt.Sprintf("/media/%s/%dx%d%s", m.Hash, m.Width, m.Height, m.Ext())
	}
	return "/media/" + m.Hash + "/" + m.Name
}

// Address is URL with everything escaped that has a meaning in Markdown or HTML.
func (m Media) Address() string {
	if m.IsPicture() {
		return m.URL()
	}
	return "/media/" + m.Hash + "/" + url.PathEscape(m.Name)
}

// Markdown is m as a text shows it: a picture with its caption under it, a link to any other file.
func (m Media) Markdown() string {
	if !m.IsPicture() {
		return "[" + escapeMarkdown(cmp.Or(m.Caption, m.Name)) + "](" + m.Address() + ")"
	}
	text := "![" + escapeMarkdown(m.Alt) + "](" + m.Address() + ")"
	if m.Caption != "" {
		text += "\n*" + escapeMarkdown(m.Caption) + "*"
	}
	return text
}

// escapeMarkdown makes text mean itself.
func escapeMarkdown(text string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "]", `\]`, "<", `\<`, "&", `\&`, "~", `\~`).Replace(text)
}

// Ext is the file's ending with its dot, "" when the name has none.
func (m Media) Ext() string {
	switch m.MIME {
	case "image/jpeg":
		return ".jpg"
	case "image/png":
		return ".png"
	}
	if i := strings.LastIndexByte(m.Name, '.'); i > 0 {
		return strings.ToLower(m.Name[i:])
	}
	return ""
}

// Picture is what an img element needs.
type Picture struct {
	Src    string
	SrcSet string // "" when there is one size only
	Width  int
	Height int
}

// Picture gives the sources of m in all the sizes kept.
func (m Media) Picture() Picture {
	p, _ := ParsePicture(m.URL())
	return p
}

// ParsePicture reads the size out of a picture's address as Media.URL makes it; ok is false for any other address.
func ParsePicture(url string) (p Picture, ok bool) {
	rest, found := strings.CutPrefix(url, "/media/")
	if !found || len(rest) < 66 || rest[64] != '/' || strings.Trim(rest[:64], "0123456789abcdef") != "" {
		return Picture{}, false
	}
	var ext string
	if n, err := fmt.Sscanf(rest[65:], "%dx%d%s", &p.Width, &p.Height, &ext); n != 3 || err != nil || p.Width <= 0 || p.Height <= 0 {
		return Picture{}, false
	}
	if ext != ".jpg" && ext != ".png" || rest[65:] != fmt.Sprintf("%dx%d%s", p.Width, p.Height, ext) {
		return Picture{}, false
	}
	p.Src = url
	var set []string
	for _, w := range Widths() {
		if w < p.Width {
			set = append(set, fmt.Sprintf("/media/%s/%d%s %dw", rest[:64], w, ext, w))
		}
	}
	if len(set) > 0 {
		p.SrcSet = strings.Join(append(set, fmt.Sprintf("%s %dw", url, p.Width)), ", ")
	}
	return p, true
}

// Thumb is the address of the smallest size of a picture.
func (m Media) Thumb() string {
	if width := Widths()[0]; m.Width > width {
		return fmt.Sprintf("/media/%s/%d%s", m.Hash, width, m.Ext())
	}
	return m.URL()
}

// Photo is a picture where it is used, with the words that belong to it there.
type Photo struct {
	Media   Media
	Alt     string
	Caption string
}

// Attachment is a file offered with a record.
type Attachment struct {
	Media Media
	Title string
}

// Limits of the words that go with a file, in characters.
const (
	MaxAlt      = 500
	MaxFileName = 120
)

// Validate cleans the texts of m and returns Invalid when a rule is broken.
func (m *Media) Validate() error {
	m.Name, m.Alt, m.Caption, m.Credit = FileName(m.Name), Clean(m.Alt), Clean(m.Caption), Clean(m.Credit)
	v := Invalid{}
	v.check(len(m.Hash) == 64, "hash", "Tệp chưa được lưu.")
	v.check(m.Name != "", "name", "Tên tệp không hợp lệ.")
	v.check(m.MIME != "", "mime", "Không rõ loại tệp.")
	checkLength(v, "alt", m.Alt, MaxAlt)
	checkLength(v, "caption", m.Caption, MaxAlt)
	checkLength(v, "credit", m.Credit, 200)
	return v.err()
}

// FileName makes what a browser says a file is called fit to be stored, to stand in an address and to be offered under: without folders,
// in NFC, without characters that mean something to an address or that Windows refuses, at most MaxFileName characters with the ending
// kept; "" when nothing is left. FileName(FileName(s)) is FileName(s).
func FileName(s string) string {
	s = Clean(s)
	s = s[strings.LastIndexAny(s, `/\`)+1:]
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`?#%<>:"|*`, r) {
			return -1
		}
		return r
	}, s)
	s = strings.Trim(Clean(s), " .")
	runes := []rune(s)
	if len(runes) <= MaxFileName {
		return s
	}
	ending := []rune(path.Ext(s))
	if len(ending) > 10 {
		ending = nil
	}
	stem := strings.TrimRight(string(runes[:MaxFileName-len(ending)]), " .")
	return norm.NFC.String(stem + string(ending))
}

// PictureName reports whether a file of that name says that it is a picture, be it one of a kind that is not taken.
func PictureName(name string) bool {
	endings := []string{".jpg", ".jpeg", ".jfif", ".png", ".webp", ".gif", ".heic", ".heif", ".avif", ".bmp", ".tif", ".tiff", ".svg"}
	return slices.Contains(endings, strings.ToLower(path.Ext(name)))
}

// MediaFilter says which files a list of the media desk holds; the zero filter takes all that are not archived.
type MediaFilter struct {
	Text       string // words of name, alternative text, caption or credit, with or without accents
	Kind       MediaKind
	MissingAlt bool  // pictures without alternative text
	Unused     bool  // files that no record and no working copy uses
	UploadedBy int64 // 0 for anybody
	Archived   bool  // those that were put away, and only those
}

// MediaKind is what sort of file a list holds; "" for all.
type MediaKind string

// Photos stand in pages; files are offered for download.
const (
	MediaPhotos MediaKind = "photo"
	MediaFiles  MediaKind = "file"
)

// MediaItem is a file in the desk's list.
type MediaItem struct {
	Media
	By   string // full name of who uploaded it, "" for the program
	Uses int    // how many records and working copies use it
}

// MediaUse is a place where a file is used.
type MediaUse struct {
	Kind     Kind
	RecordID int64
	Title    string
	Slug     string
	Status   Status // of a news item or meeting, "" for other kinds
	Copy     bool   // in the working copy beside the record, not (or not only) in what readers see
}
