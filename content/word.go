package content

import (
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"congso/store/model"
)

// Import is what was read from a document: its text as Markdown for Renderer, its pictures, and what the person should look at.
type Import struct {
	Title string // one line; "" when the document has no text
	// Body is Markdown in NFC. The picture Pictures[N] stands in it as ![alt](picture:N "caption"), alone in its paragraph when it has
	// one to itself; a caption that holds a link or a footnote is the emphasised line under it instead. Place puts addresses there.
	Body     string
	Pictures []ImportedPicture // in order of appearance
	Notes    []string          // in Vietnamese: what was left out, or repaired
	Repaired bool              // text in an encoding from before Unicode was recognised, and Title and Body are the repaired text
	Original string            // when Repaired: Body as it was before, for the person to compare
}

// ImportedPicture is a picture of a document.
type ImportedPicture struct {
	Name    string // of the file, without folder
	Mime    string // image/jpeg, image/png, image/gif or image/webp, by its content
	Alt     string
	Caption string
	// Addresses are the picture's on an old portal, as OldItem's are; none for one of a document.
	Addresses []string
	open      func() (io.ReadCloser, error) // nil for one that is named but not there
}

// Open reads the picture out of the document, which must still be open. Reading ends with model.Invalid for the field "file" when the
// picture is larger than the limit or its data are broken, or it is Missing.
func (p ImportedPicture) Open() (io.ReadCloser, error) {
	if p.open == nil {
		return nil, badFile("Không có tệp ảnh %s.", p.Name)
	}
	return p.open()
}

// WordLimits is how much a document may ask for.
type WordLimits struct {
	File         int64 // bytes of the .docx
	Unpacked     int64 // bytes of XML, counted while they are unpacked
	Entries      int   // files in the .docx
	Depth        int   // of XML elements within each other
	Parts        int   // paragraphs, cells and pieces of text
	Pictures     int
	PictureBytes int64 // of one picture, counted while it is unpacked
}

// DefaultWordLimits are far above any text that a person writes, and small enough for a server.
func DefaultWordLimits() WordLimits {
	return WordLimits{File: 100 << 20, Unpacked: 64 << 20, Entries: 5_000, Depth: 250, Parts: 200_000, Pictures: 200, PictureBytes: 25 << 20}
}

// ReadWord reads a .docx of size bytes. The title is taken out of the body. Pictures are not read but can be opened one at a time while r
// is open; nothing is fetched from outside. Every error about the file is model.Invalid for the field "file".
func ReadWord(r io.ReaderAt, size int64, limits WordLimits) (Import, error) {
	file, err := openWord(r, size, limits)
	if err != nil {
		return Import{}, refused(err)
	}
	d, err := file.read()
	if err != nil {
		return Import{}, refused(err)
	}
	d.titled = true
	return d.finish()
}

func badFile(format string, args ...any) error {
	return model.Invalid{"file": fmt.Sprintf(format, args...)}
}

// refused makes sure that the error is one for the person who chose the file.
func refused(err error) error {
	if invalid := (model.Invalid{}); errors.As(err, &invalid) {
		return invalid
	}
	return fmt.Errorf("%w (%w)", badFile("Tệp Word bị hỏng hoặc tải lên chưa đủ, không đọc được. Hãy mở tệp bằng Word, lưu lại rồi thử lần nữa."), err)
}

// placeholder matches a picture of a Body, whose text has no other unescaped "![".
var placeholder = regexp.MustCompile(`(!\[(?:[^\]\\]|\\.)*\]\()picture:(\d+)( "((?:[^"\\]|\\.)*)")?\)`)

// Place is Body with the pictures at their addresses, Pictures[N] at addresses[N]. A picture whose address is "" or missing leaves its
// caption as a line of text.
func (i Import) Place(addresses []string) string {
	return placeholder.ReplaceAllStringFunc(i.Body, func(found string) string {
		parts := placeholder.FindStringSubmatch(found)
		n, err := strconv.Atoi(parts[2])
		switch {
		case err == nil && n < len(addresses) && addresses[n] != "":
			return parts[1] + addresses[n] + parts[3] + ")"
		case parts[4] != "":
			return "*" + parts[4] + "*"
		}
		return ""
	})
}

// finish makes the Import of a document that was read, and sees that its text can be shown.
func (d *document) finish() (Import, error) {
	repaired := d.repair()
	out := d.write()
	if repaired != nil {
		original := out.Body
		out = repaired.write()
		out.Repaired, out.Original = true, original
	}
	if _, err := newMarkdown("vi").render(out.Body); err != nil {
		return Import{}, tooLarge(err)
	}
	return out, nil
}

// tooLarge turns what the renderer says about the body into words about the file.
func tooLarge(err error) error {
	var invalid model.Invalid
	if errors.As(err, &invalid) {
		return badFile("Tài liệu không đưa vào được. %s", invalid["body"])
	}
	return err
}

// write makes Markdown of the document.
func (d *document) write() Import {
	d.normalise()
	a := arrangement{document: d}
	blocks := a.arrange()
	w := markdownWriter{document: d, check: newMarkdown("vi")}
	w.blocks(blocks)
	w.footnotes(a.notes)
	return Import{
		Title:    d.title(blocks, a.title),
		Body:     norm.NFC.String(strings.TrimRight(w.b.String(), "\n")),
		Pictures: d.pictures,
		Notes:    d.remarks.list(),
	}
}

// fileName is the last part of a path of any system.
func fileName(name string) string {
	return path.Base(strings.ReplaceAll(model.Clean(name), `\`, "/"))
}
