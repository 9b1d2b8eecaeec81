package content

import (
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Limits of an export in XML: bytes of text that one item may hold, and one piece of text or sign; elements within each other.
const (
	maxXMLItem  = 16 << 20
	maxXMLToken = 32 << 20
	maxXMLDepth = 200
)

const (
	badXMLItem    = "bài lớn quá %d MB, không đọc"
	badXMLToken   = "tệp có một đoạn chữ lớn quá %d MB: dừng đọc ở đây"
	badXMLDepth   = "tệp có các phần lồng nhau quá %d lớp: dừng đọc ở đây"
	badXMLDTD     = "tệp có khai báo DOCTYPE hoặc thực thể (entity), là cách phá máy chủ hay gặp: dừng đọc ở đây"
	badXMLCharset = "tệp ghi bảng mã %q, không đọc được: xin lưu lại bằng UTF-8"
	badXMLText    = "tệp bị cắt ngang hoặc hỏng, phần sau không đọc được (%w)"
	noteXMLBad    = "Có %d ký tự hỏng, không thuộc Unicode hoặc không được phép trong XML; xin xem lại chữ."
)

// xmlNode is an element with all that it holds. Only in XHTML, where words stand between elements, are these among kids, without a name.
type xmlNode struct {
	xml.Name
	attrs []xml.Attr
	text  string
	kids  []*xmlNode
}

// first is the text of the first element of that name that n holds, in a namespace whose name has the word, or in none when it is "".
func (n *xmlNode) first(word, name string) string {
	for _, kid := range n.kids {
		if kid.is(word, name) {
			return strings.TrimSpace(kid.text)
		}
	}
	return ""
}

// has reports whether n holds an element of that name, as first finds it, that is not empty, were it spaces alone. Those of several lines are
// only how the source is written.
func (n *xmlNode) has(word, name string) bool {
	return slices.ContainsFunc(n.kids, func(kid *xmlNode) bool {
		return kid.is(word, name) && kid.text != "" && (strings.TrimSpace(kid.text) != "" || !strings.Contains(kid.text, "\n"))
	})
}

// is reports whether the element is that of that name: namespaces carry versions, so a word of them has to do.
func (n *xmlNode) is(word, name string) bool {
	return n.Local == name && (word == "" && n.Space == "" || word != "" && strings.Contains(n.Space, word))
}

func (n *xmlNode) attribute(name string) string {
	for _, a := range n.attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// oldXML reads an export element by element, one in memory at a time. Nothing outside of it is read and no entity is known but XML's own.
type oldXML struct {
	*xml.Decoder
	clean *cleanReader
	depth int
}

func newOldXML(r io.Reader) *oldXML {
	clean := newCleanReader(r)
	x := &oldXML{Decoder: xml.NewDecoder(clean), clean: clean}
	x.Entity = xml.HTMLEntity // signs that many feeds use as if they were XML's
	x.CharsetReader = func(name string, rest io.Reader) (io.Reader, error) { return rest, clean.said(name) }
	return x
}

// next is the next sign, within the limits.
func (x *oldXML) next() (xml.Token, error) {
	x.clean.since = 0
	token, err := x.Token()
	switch token.(type) {
	case xml.StartElement:
		if x.depth++; x.depth > maxXMLDepth {
			return nil, fmt.Errorf(badXMLDepth, maxXMLDepth)
		}
	case xml.EndElement:
		x.depth--
	case xml.Directive:
		return nil, errors.New(badXMLDTD)
	}
	if err != nil && err != io.EOF && !errors.Is(err, errXMLToken) {
		return nil, fmt.Errorf(badXMLText, err)
	}
	return token, err
}

// foundXML is an element that was found, and where.
type foundXML struct {
	*xmlNode
	line int
	bad  int   // characters of it that had to be replaced
	err  error // why it could not be kept; its text may be missing then
}

// each calls visit for each element within rss, channel, feed and RDF that is none of these, until visit returns false. The error is that of
// a file that cannot be read on.
func (x *oldXML) each(visit func(foundXML) bool) error {
	for {
		token, err := x.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		start, ok := token.(xml.StartElement)
		if !ok || slices.Contains([]string{"rss", "channel", "feed", "RDF"}, start.Name.Local) {
			continue
		}
		line, _ := x.InputPos()
		bad := x.clean.bad
		node, err := x.node(start)
		if large := errors.Is(err, errXMLItem); err != nil && !large {
			return err
		}
		if !visit(foundXML{node, line, x.clean.bad - bad, err}) {
			return nil
		}
	}
}

var (
	errXMLItem  = fmt.Errorf(badXMLItem, maxXMLItem>>20)
	errXMLToken = fmt.Errorf(badXMLToken, maxXMLToken>>20)
)

// node reads the element that start begins. Of one that is too large, errXMLItem, what came first is kept; comments of readers never are.
func (x *oldXML) node(start xml.StartElement) (*xmlNode, error) {
	root := &xmlNode{Name: start.Name, attrs: slices.Clone(start.Attr)}
	open := []*xmlNode{root}
	texts := []*strings.Builder{{}}
	size := 0
	for len(open) > 0 {
		token, err := x.next()
		if comment, ok := token.(xml.StartElement); ok && comment.Name.Local == "comment" && comment.Name.Space != "" {
			err = x.pass()
			token = nil
		}
		if err == io.EOF {
			err = fmt.Errorf(badXMLText, io.ErrUnexpectedEOF)
		}
		if err != nil {
			return root, err
		}
		top := len(open) - 1
		switch t := token.(type) {
		case xml.StartElement:
			kid := &xmlNode{Name: t.Name, attrs: slices.Clone(t.Attr)}
			for _, a := range t.Attr {
				size += len(a.Name.Local) + len(a.Value)
			}
			if size += 100; size <= maxXMLItem {
				open[top].kids = append(open[top].kids, kid)
			}
			open, texts = append(open, kid), append(texts, &strings.Builder{})
		case xml.EndElement:
			open[top].text = texts[top].String()
			open, texts = open[:top], texts[:top]
		case xml.CharData:
			size += len(t)
			switch {
			case size > maxXMLItem:
			case strings.Contains(open[top].Space, "xhtml"):
				open[top].kids = append(open[top].kids, &xmlNode{text: string(t)})
			default:
				texts[top].Write(t)
			}
		}
	}
	if size > maxXMLItem {
		return root, errXMLItem
	}
	return root, nil
}

// pass reads on behind the end of the element that was begun.
func (x *oldXML) pass() error {
	for end := x.depth - 1; x.depth > end; {
		if _, err := x.next(); err != nil {
			return err
		}
	}
	return nil
}

// cleanReader is the UTF-8 of a file in UTF-8, in UTF-16 with its mark, or in an encoding of Windows that it says. What may not stand in XML is
// replaced, so that one broken character does not end the reading of all that follows.
type cleanReader struct {
	in     *bufio.Reader
	old    *charmap.Charmap // of bytes that are no UTF-8; nil for none
	cdata  bool             // within <![CDATA[ ]]>
	letter [utf8.UTFMax]byte
	rest   []byte // of the letter, or what stands for it
	bad    int    // characters that were replaced
	since  int    // bytes read since the last sign
}

func newCleanReader(r io.Reader) *cleanReader {
	in := bufio.NewReaderSize(r, 64<<10)
	if mark, _ := in.Peek(2); string(mark) == "\xff\xfe" || string(mark) == "\xfe\xff" { // what cannot be read now fails again below
		in = bufio.NewReaderSize(transform.NewReader(in, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()), 64<<10)
	}
	return &cleanReader{in: in}
}

// said notes the encoding that the file says. What is UTF-8 is that all the same: many programs say another one.
func (c *cleanReader) said(name string) error {
	switch strings.ToLower(name) {
	case "utf8", "utf-16", "unicode", "us-ascii":
	case "iso-8859-1", "latin1", "windows-1252":
		c.old = charmap.Windows1252 // as browsers read them
	case "windows-1258":
		c.old = charmap.Windows1258
	default:
		return fmt.Errorf(badXMLCharset, name)
	}
	return nil
}

// ReadByte keeps the decoder from reading ahead.
func (c *cleanReader) ReadByte() (byte, error) {
	if len(c.rest) == 0 {
		if err := c.next(); err != nil {
			return 0, err
		}
	}
	b := c.rest[0]
	c.rest = c.rest[1:]
	return b, nil
}

// next reads a letter into c.rest.
func (c *cleanReader) next() error {
	r, size, err := c.in.ReadRune()
	if err != nil {
		return err
	}
	if c.since += size; c.since > maxXMLToken {
		return errXMLToken
	}
	switch {
	case r == utf8.RuneError && size == 1 && c.old != nil:
		if err := c.in.UnreadRune(); err != nil {
			return err
		}
		b, err := c.in.ReadByte()
		if err != nil {
			return err
		}
		r = c.old.DecodeByte(b)
	case r == '<' && !c.cdata:
		c.cdata = c.ahead("![CDATA[")
	case r == ']' && c.cdata:
		c.cdata = !c.ahead("]>")
	case r == '&' && !c.cdata:
		return c.reference()
	}
	if r == utf8.RuneError && size == 1 || r < ' ' && r != '\n' && r != '\t' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
		c.bad++
		r = utf8.RuneError
	}
	c.rest = c.letter[:utf8.EncodeRune(c.letter[:], r)]
	return nil
}

// ahead reports whether the words come next.
func (c *cleanReader) ahead(words string) bool {
	next, _ := c.in.Peek(len(words)) // fewer at the end
	return string(next) == words
}

var xmlReference = regexp.MustCompile(`^(?:#(\d{1,7}|x[0-9A-Fa-f]{1,6})|([A-Za-z][A-Za-z0-9]{0,15}));`)

// reference reads on behind an "&". One that begins no sign which XML or HTML knows means itself, as in addresses that nobody escaped; the number
// of a character that may not stand in XML is a broken character.
func (c *cleanReader) reference() error {
	next, _ := c.in.Peek(20) // fewer at the end
	found := xmlReference.FindSubmatch(next)
	c.rest = []byte("&")
	switch {
	case found == nil, len(found[2]) > 0 && xml.HTMLEntity[string(found[2])] == "" && !slices.Contains([]string{"lt", "gt", "amp", "quot", "apos"}, string(found[2])):
		c.rest = []byte("&amp;")
	case len(found[1]) > 0 && !xmlCharacter(string(found[1])):
		c.bad++
		c.rest = []byte("\ufffd")
		_, err := c.in.Discard(len(found[0]))
		return err
	}
	return nil
}

// xmlCharacter reports whether the character of a number, as a reference writes it, may stand in XML.
func xmlCharacter(number string) bool {
	digits, hexadecimal := strings.CutPrefix(number, "x")
	n, err := strconv.ParseInt(digits, map[bool]int{false: 10, true: 16}[hexadecimal], 32)
	return err == nil && (n >= ' ' || n == '\n' || n == '\t' || n == '\r') && utf8.ValidRune(rune(n)) && n != 0xFFFE && n != 0xFFFF
}

// Read is ReadByte for those who ask for more.
func (c *cleanReader) Read(p []byte) (int, error) {
	for n := range p {
		var err error
		if p[n], err = c.ReadByte(); err != nil {
			return n, err
		}
	}
	return len(p), nil
}
