package model

import (
	"fmt"
	"strings"
	"time"
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
	CreatedAt time.Time
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

// Validate cleans the texts of m and returns Invalid when a rule is broken.
func (m *Media) Validate() error {
	m.Name, m.Alt, m.Caption, m.Credit = Clean(m.Name), Clean(m.Alt), Clean(m.Caption), Clean(m.Credit)
	m.Name = strings.NewReplacer("?", "", "#", "", "%", "").Replace(m.Name) // it stands in an address
	v := Invalid{}
	v.check(len(m.Hash) == 64, "hash", "Tệp chưa được lưu.")
	v.check(m.Name != "" && !strings.ContainsAny(m.Name, `/\`), "name", "Tên tệp không hợp lệ.")
	v.check(m.MIME != "", "mime", "Không rõ loại tệp.")
	return v.err()
}
