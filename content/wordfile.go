package content

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"congso/store/model"
)

// wordFile is a .docx: a zip archive of XML parts that refer to each other.
type wordFile struct {
	limits   WordLimits
	entries  map[string]*zip.File // by name in lower case
	unpacked int64                // bytes of XML so far
}

const (
	zipMagic = "PK\x03\x04"
	oleMagic = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"
)

const encryptedMessage = "Tệp được bảo vệ bằng mật khẩu. Hãy mở bằng Word, bỏ mật khẩu (Tệp → Thông tin → Bảo vệ tài liệu), lưu lại rồi thử lần nữa."

func openWord(r io.ReaderAt, size int64, limits WordLimits) (*wordFile, error) {
	if size > limits.File {
		return nil, badFile("Tệp lớn quá %s.", model.FileSize(limits.File))
	}
	if err := checkKind(r, size); err != nil {
		return nil, err
	}
	archive, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // no entry is ever written under its name
		return nil, err
	}
	if len(archive.File) > limits.Entries {
		return nil, badFile("Tệp Word chứa quá nhiều phần bên trong (hơn %d), không đọc được.", limits.Entries)
	}
	f := &wordFile{limits: limits, entries: map[string]*zip.File{}}
	for _, entry := range archive.File {
		name := partName(entry.Name)
		if _, twice := f.entries[name]; !twice {
			f.entries[name] = entry
		}
	}
	return f, f.checkFormat()
}

// partName is the form of a part's name by which it is found: names of parts do not tell capitals apart.
func partName(name string) string {
	return strings.ToLower(strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(name, `\`, "/")), "/"))
}

// checkKind tells files that are no zip archives by their first bytes.
func checkKind(r io.ReaderAt, size int64) error {
	head := make([]byte, 512)
	n, err := r.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	head = head[:n]
	text := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")), " \t\r\n"))
	switch {
	case size == 0:
		return badFile("Tệp rỗng.")
	case bytes.HasPrefix(head, []byte(zipMagic)):
		return nil
	case bytes.HasPrefix(head, []byte(oleMagic)):
		return oleError(r, size)
	case bytes.HasPrefix(head, []byte("%PDF")):
		return badFile("Đây là tệp PDF, không phải tệp Word. Hãy dùng tệp Word (.docx) gốc, hoặc đính kèm tệp PDF vào tin.")
	case bytes.HasPrefix(text, []byte(`{\rtf`)):
		return badFile("Đây là tệp RTF. Hãy mở bằng Word và lưu thành dạng .docx rồi thử lại.")
	case bytes.HasPrefix(text, []byte("<")):
		return badFile("Đây là trang web hoặc tệp XML, không phải tệp .docx. Hãy mở bằng Word và lưu thành dạng .docx rồi thử lại.")
	}
	return badFile("Tệp này không phải tài liệu Word (.docx). Hãy mở bằng Word và lưu thành dạng .docx rồi thử lại.")
}

// oleError tells an encrypted .docx, which is kept in a file of the old kind, from a .doc: the first has a stream of this name
// ([MS-OFFCRYPTO], section 2.3.4.4).
func oleError(r io.ReaderAt, size int64) error {
	var name []byte
	for _, c := range []byte("EncryptedPackage") {
		name = append(name, c, 0)
	}
	buffer := make([]byte, 64<<10)
	for at := int64(0); at < size; at += int64(len(buffer) - len(name)) {
		n, err := r.ReadAt(buffer, at)
		if bytes.Contains(buffer[:n], name) {
			return badFile(encryptedMessage)
		}
		if err != nil {
			break // the end, or a file that cannot be read further: no .docx either way
		}
	}
	return badFile("Đây là tệp Word đời cũ (.doc). Hãy mở bằng Word, chọn Lưu thành (Save As) dạng .docx rồi thử lại.")
}

// checkFormat tells other documents in zip archives, and encrypted entries.
func (f *wordFile) checkFormat() error {
	for _, entry := range f.entries {
		if entry.Flags&1 != 0 {
			return badFile(encryptedMessage)
		}
	}
	has := func(name string) bool { return f.entries[name] != nil }
	switch {
	case has("xl/workbook.xml"), has("xl/workbook.bin"):
		return badFile("Đây là bảng tính Excel, không phải tệp Word (.docx).")
	case has("ppt/presentation.xml"):
		return badFile("Đây là bài trình chiếu PowerPoint, không phải tệp Word (.docx).")
	case has("mimetype"):
		return badFile("Đây là tệp OpenDocument (.odt), không phải .docx. Hãy mở bằng LibreOffice hoặc Word và lưu thành dạng .docx rồi thử lại.")
	case !has("[content_types].xml") && !has("_rels/.rels") && !has("word/document.xml"):
		return badFile("Tệp nén này không phải tài liệu Word (.docx).")
	}
	return nil
}

// open reads an entry, at most limit bytes of it; more end the reading with tooBig.
func (f *wordFile) open(name string, limit *int64, tooBig error) (io.ReadCloser, error) {
	entry := f.entries[name]
	if entry == nil {
		return nil, errMissing
	}
	r, err := entry.Open()
	if err != nil {
		return nil, err
	}
	return &countedReader{ReadCloser: r, left: limit, tooBig: tooBig}, nil
}

var errMissing = errors.New("part is missing")

// countedReader counts what is really unpacked, whatever the archive claims.
type countedReader struct {
	io.ReadCloser
	left   *int64
	tooBig error
}

func (c *countedReader) Read(b []byte) (int, error) {
	n, err := c.ReadCloser.Read(b)
	if *c.left -= int64(n); *c.left < 0 {
		return 0, c.tooBig
	}
	return n, err
}

// part calls read with the root element of a part; found is false when there is no such part.
func (f *wordFile) part(name string, read func(x *xmlReader, root xml.StartElement) error) (found bool, err error) {
	left := f.limits.Unpacked - f.unpacked
	r, err := f.open(name, &left, badFile("Tệp Word quá lớn khi giải nén (hơn %s chữ và định dạng), không đọc được.", model.FileSize(f.limits.Unpacked)))
	if errors.Is(err, errMissing) {
		return false, nil
	}
	if err != nil {
		return true, err
	}
	defer func() {
		f.unpacked = f.limits.Unpacked - left
		err = errors.Join(err, r.Close())
	}()
	x := newXMLReader(transform.NewReader(r, unicode.BOMOverride(unicode.UTF8.NewDecoder())), f.limits.Depth)
	root, err := x.root()
	if err != nil {
		return true, err
	}
	return true, read(x, root)
}

// relation is what a part refers to by an id.
type relation struct {
	kind     string // the last word of its type: image, hyperlink, styles
	target   string // name of the part, or an address outside
	external bool
}

// relations of a part, by id. A part without any has none.
func (f *wordFile) relations(part string) (map[string]relation, error) {
	rels := map[string]relation{}
	dir, base := path.Split(part)
	_, err := f.part(partName(dir+"_rels/"+base+".rels"), func(x *xmlReader, _ xml.StartElement) error {
		return x.children(func(e xml.StartElement) error {
			r := relation{kind: path.Base(attr(e, "Type")), target: attr(e, "Target"), external: strings.EqualFold(attr(e, "TargetMode"), "External")}
			if !r.external && strings.HasPrefix(r.target, "/") {
				r.target = partName(r.target)
			} else if !r.external {
				r.target = partName(dir + r.target)
			}
			if e.Name.Local == "Relationship" {
				rels[attr(e, "Id")] = r
			}
			return x.skip()
		})
	})
	return rels, err
}

// target is the part that one of the relations leads to, fallback when none does.
func target(rels map[string]relation, kind, fallback string) string {
	for _, r := range rels {
		if r.kind == kind && !r.external {
			return r.target
		}
	}
	return fallback
}
