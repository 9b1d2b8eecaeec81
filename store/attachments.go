package store

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"congso/store/model"
)

// AddMedia is AddPicture for what is named like a picture, else AddAttachment.
func (s *Store) AddMedia(ctx context.Context, by model.Actor, m *model.Media, data io.Reader) error {
	if model.PictureName(m.Name) {
		return s.AddPicture(ctx, by, m, data)
	}
	return s.AddAttachment(ctx, by, m, data)
}

// AddAttachment takes a file within Options.Limits whose content agrees with the ending of m.Name and is on the list of what is offered
// to readers: pdf, docx, xlsx, pptx, odt, ods, odp, doc, xls, ppt, csv, txt, zip. It is streamed to the disk and recorded; it reads Name,
// Caption and Credit of m and completes the rest; a file that is known already makes m its record, and an archived one is offered again.
// What cannot be taken is model.Invalid for the field "file"; a full disk is model.ErrDiskFull. What fails leaves no file behind.
func (s *Store) AddAttachment(ctx context.Context, by model.Actor, m *model.Media, data io.Reader) error {
	if err := s.addAttachment(ctx, by, m, data); err != nil {
		return fmt.Errorf("attachment %q: %w", m.Name, err)
	}
	return nil
}

func (s *Store) addAttachment(ctx context.Context, by model.Actor, m *model.Media, data io.Reader) (err error) {
	f, err := s.spool(data, s.limits.AttachmentBytes)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.discard(f)) }()
	if err := checkAttachment(f, m); err != nil {
		return err
	}
	return s.keepRecorded(ctx, by, m, []incoming{{f, mediaPath(m.Hash, "", "")}})
}

// checkAttachment completes m when f is what its name says.
func checkAttachment(f *spooled, m *model.Media) error {
	m.Name = model.FileName(m.Name)
	mime, err := attachmentMIME(f, m.Name)
	m.Hash, m.Bytes, m.MIME = f.hash, f.size, mime
	if err != nil {
		return err
	}
	return m.Validate()
}

// attachmentType is a kind of file that readers are offered.
type attachmentType struct {
	mime    string
	content []string // what its content may look like
	part    string   // the file that its ZIP container must hold, "" when it is none
}

// attachmentTypes are the kinds of files by ending.
func attachmentTypes() map[string]attachmentType {
	const office, open = "application/vnd.openxmlformats-officedocument.", "application/vnd.oasis.opendocument."
	text := []string{"text/plain", "text/csv", "text/tab-separated-values"}
	return map[string]attachmentType{
		".pdf":  {mime: "application/pdf", content: []string{"application/pdf"}},
		".docx": {mime: office + "wordprocessingml.document", part: "word/document.xml"},
		".xlsx": {mime: office + "spreadsheetml.sheet", part: "xl/workbook.xml"},
		".pptx": {mime: office + "presentationml.presentation", part: "ppt/presentation.xml"},
		".odt":  {mime: open + "text", part: "mimetype"},
		".ods":  {mime: open + "spreadsheet", part: "mimetype"},
		".odp":  {mime: open + "presentation", part: "mimetype"},
		".doc":  {mime: "application/msword", content: []string{"application/msword", "application/x-ole-storage"}},
		".xls":  {mime: "application/vnd.ms-excel", content: []string{"application/vnd.ms-excel", "application/x-ole-storage"}},
		".ppt":  {mime: "application/vnd.ms-powerpoint", content: []string{"application/vnd.ms-powerpoint", "application/x-ole-storage"}},
		".csv":  {mime: "text/csv", content: text},
		".txt":  {mime: "text/plain", content: text},
		".zip":  {mime: "application/zip", content: []string{"application/zip"}},
	}
}

// attachmentMIME is the type under which f is offered, if its content is what its name says.
func attachmentMIME(f *spooled, name string) (string, error) {
	ending := strings.ToLower(path.Ext(name))
	kind, err := sniff(f)
	if err != nil {
		return "", err
	}
	if err := dangerous(kind); err != nil {
		return "", err
	}
	wanted, known := attachmentTypes()[ending]
	if !known {
		return "", invalidFile("Chỉ nhận ảnh (jpg, png, webp, gif) và tệp pdf, docx, xlsx, pptx, odt, ods, odp, doc, xls, ppt, csv, txt hoặc zip.")
	}
	agrees, err := holds(f, kind, wanted)
	if err != nil {
		return "", err
	}
	if !agrees {
		return "", invalidFile("Nội dung tệp không phải là " + strings.TrimPrefix(ending, ".") + " như tên của nó.")
	}
	return wanted.mime, nil
}

// holds reports whether the content of f, which looks like kind, is of the wanted type.
func holds(f *spooled, kind *mimetype.MIME, wanted attachmentType) (bool, error) {
	if wanted.part == "" {
		return slices.ContainsFunc(wanted.content, kind.Is) || wanted.mime == "application/zip" && kind.Parent() != nil && kind.Parent().Is("application/zip"), nil
	}
	archive, err := zip.NewReader(f, f.size)
	if err != nil {
		return false, nil // no archive, so not what it says
	}
	return officeFile(archive, wanted)
}

// officeFile reports whether archive is an office document of the wanted type, without macros.
func officeFile(archive *zip.Reader, wanted attachmentType) (bool, error) {
	found := false
	for _, file := range archive.File {
		if strings.HasSuffix(strings.ToLower(file.Name), "vbaproject.bin") {
			return false, invalidFile("Không nhận tệp có macro.")
		}
		found = found || file.Name == wanted.part
	}
	if !found || wanted.part != "mimetype" {
		return found, nil
	}
	part, err := archive.Open(wanted.part)
	if err != nil {
		return false, nil // a damaged archive
	}
	said, err := io.ReadAll(io.LimitReader(part, 200))
	return err == nil && strings.TrimSpace(string(said)) == wanted.mime, part.Close()
}
