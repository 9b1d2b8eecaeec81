package content

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"congso/store/model"
)

const (
	noteUnread   = "%%d hình dạng %s không đọc được. Hãy lưu lại thành ảnh JPEG hoặc PNG rồi chèn vào."
	noteMissing  = "%d ảnh bị thiếu trong tệp Word."
	noteExternal = "Ảnh liên kết từ nơi khác không được lấy về: %s. Hãy tải ảnh lên rồi chèn vào."
)

// drawing is a w:drawing, w:pict or w:object while it is read.
type drawing struct {
	alt, name string
	floats    bool
	height    int64 // in EMU, 360,000 a centimetre; 0 when not told
	found     bool
}

// smallPicture is the height in EMU below which a picture stands among words as a sign does: 1.5 cm.
const smallPicture = 540_000

func (p *wordParagraph) drawing(x *xmlReader, kind string) error {
	d := drawing{}
	before := p.size()
	var read func(e xml.StartElement) error
	read = func(e xml.StartElement) error {
		switch e.Name.Local {
		case "anchor":
			d.floats = true
		case "extent":
			d.height, _ = strconv.ParseInt(attr(e, "cy"), 10, 64) // 0 will do
		case "docPr":
			d.alt, d.name = altOf(attr(e, "descr"), attr(e, "title")), attr(e, "name")
		case "cNvPr":
			d.name = attr(e, "name")
			if d.alt == "" {
				d.alt = altOf(attr(e, "descr"), attr(e, "title"))
			}
		case "shape", "rect":
			d.readShape(p, e)
		case "blip":
			return errors.Join(p.blip(attr(e, "embed"), attr(e, "link"), &d), x.skip())
		case "imagedata":
			return errors.Join(p.blip(attr(e, "id"), attr(e, "href"), &d), x.skip())
		case "txbxContent":
			blocks, err := p.reader.blocks(x)
			p.after = append(p.after, blocks...)
			return err
		case "AlternateContent":
			return p.reader.alternative(x, p.size, read)
		case "chart", "relIds", "OLEObject":
			d.found = d.found || p.size() > before
			if !d.found {
				p.reader.doc.remarks.add(noteDiagram)
			}
			d.found = true
		}
		return x.children(read)
	}
	if kind == "object" {
		d.height = 0
	}
	return x.children(read)
}

// readShape reads what VML says of a picture: its description, and how high it is.
func (d *drawing) readShape(p *wordParagraph, e xml.StartElement) {
	if attr(e, "hr") == "t" {
		p.rule = true
	}
	if alt := altOf(attr(e, "alt"), ""); alt != "" {
		d.alt = alt
	}
	style := attr(e, "style")
	d.floats = d.floats || strings.Contains(style, "position:absolute")
	if m := vmlHeight.FindStringSubmatch(style); m != nil {
		points, _ := strconv.ParseFloat(m[1], 64) // digits
		d.height = int64(min(points, 1e6) * 12_700)
	}
}

var vmlHeight = regexp.MustCompile(`(?:^|;)height:([0-9.]+)pt`)

// generated matches what Word adds to descriptions that it made itself.
var generated = regexp.MustCompile(`(?i)\s*(?:description automatically generated|ai-generated content may be incorrect|mô tả được tạo tự động)[^.]*\.?\s*$`)

// altOf is the description of a picture, unless it is the name of a file.
func altOf(descr, title string) string {
	alt := model.Clean(generated.ReplaceAllString(descr, ""))
	if alt == "" {
		alt = model.Clean(title)
	}
	if pictureType(strings.ToLower(alt)) != "" || strings.ContainsAny(alt, `\`) || strings.Contains(alt, "://") {
		return ""
	}
	return alt
}

// blip adds the picture that the relation embed leads to. One that lies elsewhere is named only.
func (p *wordParagraph) blip(embed, link string, d *drawing) error {
	r := p.reader
	d.found = true
	rel, ok := r.rels[embed]
	if !ok {
		if rel, ok = r.rels[link]; !ok && link != "" {
			rel, ok = relation{target: link, external: true}, true
		}
	}
	switch {
	case !ok:
		r.doc.remarks.add(noteMissing)
	case rel.external:
		r.doc.remarks.say(fmt.Sprintf(noteExternal, model.Clean(rel.target)))
	default:
		return p.picture(rel.target, d)
	}
	return nil
}

func (p *wordParagraph) picture(part string, d *drawing) error {
	r := p.reader
	if len(r.doc.pictures) >= r.file.limits.Pictures {
		return badFile("Tài liệu có quá nhiều ảnh (hơn %d). Hãy chia thành nhiều bài.", r.file.limits.Pictures)
	}
	mime, err := r.file.pictureType(part)
	if errors.Is(err, errMissing) {
		r.doc.remarks.add(noteMissing)
		return nil
	}
	if err != nil {
		return err
	}
	if mime == "" {
		r.doc.remarks.add(fmt.Sprintf(noteUnread, kindOf(part)))
		return nil
	}
	name := fileName(part)
	if given := fileName(d.name); pictureType(strings.ToLower(given)) != "" {
		name = given
	}
	p.spans = append(p.spans, piece{kind: pictureSpan, n: len(r.doc.pictures), small: !d.floats && d.height > 0 && d.height < smallPicture, beside: d.floats})
	r.doc.pictures = append(r.doc.pictures, ImportedPicture{Name: name, Mime: mime, Alt: d.alt, open: r.file.opener(part)})
	return nil
}

func kindOf(part string) string {
	if ext := strings.TrimPrefix(path.Ext(part), "."); ext != "" && len(ext) <= 5 && strings.Trim(ext, "abcdefghijklmnopqrstuvwxyz0123456789") == "" {
		return strings.ToUpper(ext)
	}
	return "lạ"
}

// pictureType tells by its first bytes what kind of picture an entry is; "" for those that no browser shows or that may hold a program.
func (f *wordFile) pictureType(part string) (string, error) {
	left := int64(512)
	r, err := f.open(part, &left, io.EOF)
	if err != nil {
		return "", err
	}
	head := make([]byte, 512)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		n = 0 // broken: none that can be read
	}
	return webPicture(head[:n]), r.Close()
}

// webPicture is the type of a picture that the site can keep, "" for all else.
func webPicture(head []byte) string {
	switch mime := mimetype.Detect(head).String(); mime {
	case "image/jpeg", "image/png", "image/gif", "image/webp":
		return mime
	}
	return ""
}

func (f *wordFile) opener(part string) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) {
		left := f.limits.PictureBytes
		r, err := f.open(part, &left, badFile("Ảnh %s trong tệp Word lớn quá %s.", path.Base(part), model.FileSize(f.limits.PictureBytes)))
		if err != nil {
			return nil, refused(err)
		}
		return r, nil
	}
}
