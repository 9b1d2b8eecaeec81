package content

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// xmlReader reads the elements of a part one after the other. Elements are known by their local names: the strict and the usual form of
// the format differ in name spaces only. Whoever is handed an element must read it to its end, with children, text or skip.
type xmlReader struct {
	d          *xml.Decoder
	depth, max int
}

var errTooDeep = badFile("Tệp Word có các phần lồng nhau quá sâu, không đọc được.")

var errDoctype = errors.New("XML with a document type")

func newXMLReader(r io.Reader, depth int) *xmlReader {
	d := xml.NewDecoder(r)
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // decoded already, by its byte order mark
	return &xmlReader{d: d, max: depth}
}

func (x *xmlReader) token() (xml.Token, error) {
	t, err := x.d.Token()
	if err != nil {
		return nil, err
	}
	if _, ok := t.(xml.Directive); ok {
		return nil, errDoctype
	}
	return t, nil
}

func (x *xmlReader) root() (xml.StartElement, error) {
	for {
		t, err := x.token()
		if err != nil {
			return xml.StartElement{}, err
		}
		if start, ok := t.(xml.StartElement); ok {
			return start, nil
		}
	}
}

// children calls f for each element in the current one, and reads this to its end.
func (x *xmlReader) children(f func(xml.StartElement) error) error {
	return x.nodes(f, func(string) {})
}

// nodes is children that also hands on the text between them.
func (x *xmlReader) nodes(element func(xml.StartElement) error, text func(string)) error {
	if x.depth++; x.depth > x.max {
		return errTooDeep
	}
	defer func() { x.depth-- }()
	for {
		t, err := x.token()
		if err != nil {
			return noEOF(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if err := element(t); err != nil {
				return err
			}
		case xml.CharData:
			text(string(t))
		case xml.EndElement:
			return nil
		}
	}
}

func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// skip reads to the end of the current element.
func (x *xmlReader) skip() error {
	for depth := 1; depth > 0; {
		t, err := x.token()
		if err != nil {
			return noEOF(err)
		}
		switch t.(type) {
		case xml.StartElement:
			if depth++; x.depth+depth > x.max {
				return errTooDeep
			}
		case xml.EndElement:
			depth--
		}
	}
	return nil
}

// text is the text in the current element.
func (x *xmlReader) text() (string, error) {
	var b strings.Builder
	err := x.nodes(func(xml.StartElement) error { return x.skip() }, func(s string) { b.WriteString(s) })
	return b.String(), err
}

// attr is the value of an attribute by its local name, "" when it is missing.
func attr(e xml.StartElement, name string) string {
	value, _ := lookAttr(e, name)
	return value
}

func lookAttr(e xml.StartElement, name string) (string, bool) {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value, true
		}
	}
	return "", false
}

// on is the value of a switch such as <w:b/>, which is on unless it says otherwise.
func on(e xml.StartElement) bool {
	switch attr(e, "val") {
	case "0", "false", "off", "none":
		return false
	}
	return true
}
