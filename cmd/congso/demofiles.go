package main

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"fmt"
	"strings"
	"time"
)

// The parts of a Word document that are the same in each.
const (
	docxTypes = xml.Header + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>` +
		`<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>` +
		`</Types>`
	docxRels = xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>` +
		`</Relationships>`
	docxDocumentRels = xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>` +
		`</Relationships>`
	// Sizes are in half points: 26 is the 13 points that administrative documents are written in.
	docxStyles = xml.Header + `<w:styles xmlns:w="` + docxNamespace + `"><w:docDefaults><w:rPrDefault><w:rPr>` +
		`<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="Times New Roman" w:cs="Times New Roman"/>` +
		`<w:sz w:val="26"/><w:szCs w:val="26"/><w:lang w:val="vi-VN"/></w:rPr></w:rPrDefault></w:docDefaults>` +
		`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>` +
		`<w:pPr><w:spacing w:after="120" w:line="288" w:lineRule="auto"/><w:ind w:firstLine="567"/><w:jc w:val="both"/></w:pPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:qFormat/>` +
		`<w:pPr><w:keepNext/><w:spacing w:after="240"/><w:ind w:firstLine="0"/><w:jc w:val="center"/></w:pPr>` +
		`<w:rPr><w:b/><w:bCs/><w:sz w:val="28"/><w:szCs w:val="28"/></w:rPr></w:style></w:styles>`
	docxNamespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
	// A4 in twentieths of a point, with margins of 20 mm above and below, 30 mm left and 15 mm right.
	docxPage = `<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>` +
		`<w:pgMar w:top="1134" w:right="851" w:bottom="1134" w:left="1701" w:header="709" w:footer="709" w:gutter="0"/></w:sectPr>`
)

// demoDocx gives the bytes of a Word document with a title and paragraphs of plain text:
// Times New Roman, 13 points, A4. The same text always gives the same bytes.
func demoDocx(title string, paragraphs []string) ([]byte, error) {
	document, err := docxDocument(title, paragraphs)
	if err != nil {
		return nil, fmt.Errorf("demo document %q: %w", title, err)
	}
	var buf bytes.Buffer
	archive := zip.NewWriter(&buf)
	parts := []struct{ name, text string }{
		{"[Content_Types].xml", docxTypes},
		{"_rels/.rels", docxRels},
		{"word/document.xml", document},
		{"word/styles.xml", docxStyles},
		{"word/_rels/document.xml.rels", docxDocumentRels},
	}
	for _, part := range parts {
		if err := addDocxPart(archive, part.name, part.text); err != nil {
			return nil, fmt.Errorf("demo document %q: part %s: %w", title, part.name, err)
		}
	}
	if err := archive.Close(); err != nil {
		return nil, fmt.Errorf("demo document %q: %w", title, err)
	}
	return buf.Bytes(), nil
}

// addDocxPart adds one file to the archive, at a fixed time so that the bytes never change.
func addDocxPart(archive *zip.Writer, name, text string) error {
	w, err := archive.CreateHeader(&zip.FileHeader{
		Name: name, Method: zip.Deflate, Modified: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC),
	})
	if err != nil {
		return err
	}
	_, err = w.Write([]byte(text))
	return err
}

func docxDocument(title string, paragraphs []string) (string, error) {
	var b strings.Builder
	b.WriteString(xml.Header + `<w:document xmlns:w="` + docxNamespace + `"><w:body>`)
	if err := writeDocxParagraph(&b, `<w:pPr><w:pStyle w:val="Title"/></w:pPr>`, title); err != nil {
		return "", err
	}
	for _, text := range paragraphs {
		if err := writeDocxParagraph(&b, "", text); err != nil {
			return "", err
		}
	}
	b.WriteString(docxPage + `</w:body></w:document>`)
	return b.String(), nil
}

func writeDocxParagraph(b *strings.Builder, properties, text string) error {
	b.WriteString(`<w:p>` + properties + `<w:r><w:t xml:space="preserve">`)
	if err := xml.EscapeText(b, []byte(text)); err != nil {
		return err
	}
	b.WriteString(`</w:t></w:r></w:p>`)
	return nil
}

// demoCSV gives the rows as comma-separated values that Excel opens as UTF-8: with a byte order
// mark and CRLF. A cell that a spreadsheet would take for a formula gets an apostrophe in front.
func demoCSV(rows [][]string) []byte {
	var buf bytes.Buffer
	buf.WriteString("\uFEFF")
	w := csv.NewWriter(&buf)
	w.UseCRLF = true
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = plainCell(cell)
		}
		if err := w.Write(cells); err != nil {
			panic(err) // only a wrong separator or a failing writer could do this, and a buffer does not fail
		}
	}
	w.Flush()
	return buf.Bytes()
}

func plainCell(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
