package admin

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path"
	"slices"
	"strings"

	"congso/content"
	"congso/handlers/web"
	"congso/store/model"
	"congso/views/adminpage"
)

// imported is a document that was read, with its pictures in the library.
type imported struct {
	Title    string
	Body     string
	Notes    []string
	Repaired bool   // Title and Body are in Unicode now
	Original string // the body before, when Repaired
	Pictures int
}

// keepImport takes the pictures of a document into the library, one after the other. One that is refused is named in the notes.
func (a *Admin) keepImport(ctx context.Context, by model.User, read content.Import) (imported, error) {
	in := imported{Title: read.Title, Notes: slices.Clone(read.Notes), Repaired: read.Repaired}
	addresses := make([]string, len(read.Pictures))
	for i, picture := range read.Pictures {
		m, err := a.keepPicture(ctx, by, picture)
		invalid := model.Invalid{}
		if errors.As(err, &invalid) {
			in.Notes = append(in.Notes, fmt.Sprintf("Ảnh số %d không lấy được: %s", i+1, firstOf(invalid)))
			continue
		}
		if err != nil {
			return in, err
		}
		addresses[i] = m.Address()
		in.Pictures++
	}
	in.Body = read.Place(addresses)
	if read.Repaired {
		read.Body = read.Original
		in.Original = read.Place(addresses)
	}
	return in, nil
}

func (a *Admin) keepPicture(ctx context.Context, by model.User, picture content.ImportedPicture) (m model.Media, err error) {
	data, err := picture.Open()
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, data.Close()) }()
	m = model.Media{Name: pictureName(picture), Alt: picture.Alt, Caption: picture.Caption}
	err = a.Store.AddMedia(ctx, by.Actor(), &m, data)
	return m, err
}

// pictureName is a name by which a picture is found again: that of its caption rather than Word's own, like image1.png.
func pictureName(p content.ImportedPicture) string {
	words := strings.Split(model.Slug(cmp.Or(p.Caption, p.Alt)), "-")
	if words[0] == "" {
		return p.Name
	}
	return strings.Join(words[:min(len(words), 10)], "-") + path.Ext(p.Name)
}

// readWord reads the Word document that the form of c sends, with what was typed before it.
func (a *Admin) readWord(c web.Ctx) (in imported, typed *web.Form, err error) {
	typed = web.NewForm()
	u, err := a.openUpload(c, 1)
	if err != nil {
		return in, typed, err
	}
	part, err := u.next()
	for name, text := range u.words {
		typed.Values.Set(name, text)
	}
	if err == io.EOF {
		return in, typed, model.Invalid{"file": "Chưa chọn tệp Word nào."}
	}
	if err == nil {
		in, err = a.readDocument(c, part)
	}
	if err != nil {
		return in, typed, u.refuse(err)
	}
	if in.Title == "" {
		in.Title = strings.TrimSuffix(u.name, path.Ext(u.name))
	}
	return in, typed, nil
}

// refuse is err in words for whoever sent the file, where it is no fault of ours. What is left of the form is read: browsers listen only
// after they have sent all.
func (u *upload) refuse(err error) error {
	message, _, known := u.fault(err)
	if !known {
		return err
	}
	if rest := u.rest(); rest != nil && !errors.As(rest, new(*http.MaxBytesError)) {
		message += " Đường truyền bị ngắt giữa chừng."
	}
	return model.Invalid{"file": message}
}

// readDocument puts a document on disk, since a .docx is read from its end, and reads it.
func (a *Admin) readDocument(c web.Ctx, data io.Reader) (in imported, err error) {
	file, err := os.CreateTemp("", "congso-*.docx")
	if err != nil {
		return in, err
	}
	defer func() { err = errors.Join(err, file.Close(), os.Remove(file.Name())) }()
	limits := content.DefaultWordLimits()
	size, err := io.Copy(file, io.LimitReader(data, limits.File+1))
	if err != nil {
		return in, err
	}
	read, err := content.ReadWord(file, size, limits)
	if err != nil {
		return in, err
	}
	return a.keepImport(c.Request().Context(), web.User(c), read)
}

// newsFromWord makes a draft of a Word document.
func (a *Admin) newsFromWord(c web.Ctx) error {
	in, typed, err := a.readWord(c)
	if err == nil {
		var address string
		if address, err = a.importedNews(c, in, typed.ID("section")); err == nil {
			return began(c, address)
		}
	}
	return a.notBegun(c, typed, err)
}

// newsFromPaste makes a draft of what was pasted: the HTML that the script found on the clipboard, or plain text whose first line is the
// title.
func (a *Admin) newsFromPaste(c web.Ctx) error {
	form, err := web.ParseForm(c)
	if err != nil {
		return err
	}
	in, err := a.readPasted(c, form)
	if err == nil {
		var address string
		if address, err = a.importedNews(c, in, form.ID("section")); err == nil {
			return began(c, address)
		}
	}
	return a.notBegun(c, form, err)
}

func (a *Admin) readPasted(c web.Ctx, form *web.Form) (imported, error) {
	if form.Raw("html") == "" {
		title, body, _ := strings.Cut(strings.ReplaceAll(form.Lines("text"), "\r\n", "\n"), "\n")
		if title == "" {
			return imported{}, model.Invalid{"text": "Chưa dán nội dung nào."}
		}
		return imported{Title: title, Body: strings.TrimSpace(body)}, nil
	}
	read, err := content.ReadPasted(form.Raw("html"))
	if err != nil {
		return imported{}, err
	}
	in, err := a.keepImport(c.Request().Context(), web.User(c), read)
	in.Body, in.Original = withoutTitle(in.Body, in.Title), withoutTitle(in.Original, in.Title)
	return in, unkept(err)
}

// unkept is err in words for whoever has pasted pictures that cannot be kept now.
func unkept(err error) error {
	why := ""
	switch {
	case errors.Is(err, model.ErrDiskFull):
		why = "Máy chủ đã hết chỗ chứa tệp"
	case errors.Is(err, model.ErrFilesAway):
		why = "Kho chứa ảnh và tệp đang không trả lời"
	default:
		return err
	}
	return model.Invalid{"text": why + " nên chưa nhận được ảnh trong nội dung dán. Xin thử lại sau ít phút, hoặc dán riêng phần chữ rồi thêm ảnh sau."}
}

// withoutTitle is a text without the heading that it begins with, where that is its title.
func withoutTitle(body, title string) string {
	line, rest, _ := strings.Cut(body, "\n")
	if heading := strings.TrimLeft(line, "#"); heading != line && strings.Trim(heading, " *") == title {
		return strings.TrimLeft(rest, "\n")
	}
	return body
}

// importedNews makes a draft of what was read and returns the address to go on at. A text in an encoding from before Unicode is stored
// as it came; the repaired one waits beside it until a person has chosen.
func (a *Admin) importedNews(c web.Ctx, in imported, section int64) (string, error) {
	ctx, by := c.Request().Context(), web.User(c)
	if section != 0 && !model.May(by, model.DeskNews, model.ActionCreate, model.Object{Section: section}) {
		return "", model.Invalid{"section": "Bạn chưa được giao chuyên mục này."}
	}
	n := model.News{
		Title: cut(in.Title, model.MaxTitle), Body: in.Body, Byline: by.FullName, Section: model.Section{ID: section},
		Lifecycle: model.Lifecycle{Status: model.StatusDraft, Visibility: model.Public},
	}
	if in.Repaired {
		n.Body = in.Original
	}
	if err := a.Store.PutNews(ctx, by.Actor(), &n); err != nil {
		return "", err
	}
	address := a.news().path(n.ID)
	for _, note := range in.Notes {
		if err := web.FlashWarning(c, note); err != nil {
			return "", err
		}
	}
	if in.Repaired {
		return address + "/bang-ma", a.offerRepaired(ctx, by, n, in.Body)
	}
	done := "Đã tạo bản nháp"
	if in.Pictures > 0 {
		done += fmt.Sprintf(" với %d ảnh", in.Pictures)
	}
	return address, web.Flash(c, done+". Xin đọc lại, điền phần còn thiếu rồi gửi duyệt hoặc đăng.")
}

func cut(text string, most int) string {
	if runes := []rune(model.Clean(text)); len(runes) > most {
		return string(runes[:most])
	}
	return text
}

func (a *Admin) offerRepaired(ctx context.Context, by model.User, n model.News, body string) error {
	form := newsForm(n)
	form.Values.Set("body", body)
	data, err := encodeCopy(form)
	if err != nil {
		return err
	}
	w := model.WorkingCopy{Kind: model.KindNews, RecordID: n.ID, Base: n.Revision, Data: data}
	return a.Store.SaveWorkingCopy(ctx, by.Actor(), &w, newsMedia(form))
}

// began leads on to the draft: a script is told where it is.
func began(c web.Ctx, address string) error {
	if wantsJSON(c) {
		return c.JSON(http.StatusCreated, map[string]string{"location": address})
	}
	return web.SeeOther(c, address)
}

// notBegun says why no draft was made.
func (a *Admin) notBegun(c web.Ctx, form *web.Form, err error) error {
	if !form.Refused(err) {
		return err
	}
	if wantsJSON(c) {
		return c.JSON(refused, map[string]string{"message": firstOf(form.Errors)})
	}
	return a.showNewsNew(c, refused, form)
}

// newsEncoding asks which of two texts is right: as it came, or repaired.
func (a *Admin) newsEncoding(c web.Ctx) error {
	w := a.news()
	d, err := w.open(c)
	if err != nil {
		return err
	}
	if d.Copy.Version == 0 || !d.may(model.ActionEdit) {
		return web.SeeOther(c, w.path(d.ID))
	}
	diff, err := w.compare(c.Request().Context(), w.form(d.Record), d.Form)
	if err != nil {
		return err
	}
	work, err := w.frame(c, d)
	if err != nil {
		return err
	}
	p, err := w.titled(c, d, "Bảng mã cũ")
	if err != nil {
		return err
	}
	p.Wide, p.Sheets = true, []string{"editor.css"}
	return web.Render(c, http.StatusOK, adminpage.Encoding(p, work, diff))
}

// insertion is what is put into a text at the cursor.
type insertion struct {
	Markdown string   `json:"markdown"`
	Notes    []string `json:"notes"`
	Repaired bool     `json:"repaired"`
	Original string   `json:"original,omitempty"`
	Message  string   `json:"message,omitempty"`
}

// pasteHTML turns what a script found on the clipboard into Markdown.
func (w workDesk[T]) pasteHTML(c web.Ctx) error {
	form, d, err := w.asked(c, model.ActionEdit)
	if err != nil {
		return err
	}
	read, err := content.ReadPasted(form.Raw("html"))
	if err != nil {
		return inserted(c, imported{}, err)
	}
	in, err := w.keepImport(c.Request().Context(), d.user, read)
	return inserted(c, in, unkept(err))
}

// insertWord turns a Word document into Markdown for a text that is there already.
func (w workDesk[T]) insertWord(c web.Ctx) error {
	d, err := w.open(c)
	if err != nil {
		return err
	}
	if !model.May(d.user, w.desk, model.ActionEdit, d.object()) {
		return web.ErrForbidden
	}
	in, _, err := w.readWord(c)
	if err == nil && in.Title != "" {
		in.Body = "## " + in.Title + "\n\n" + in.Body
	}
	return inserted(c, in, err)
}

func inserted(c web.Ctx, in imported, err error) error {
	invalid := model.Invalid{}
	if errors.As(err, &invalid) {
		return c.JSON(refused, insertion{Notes: []string{}, Message: firstOf(invalid)})
	}
	if err != nil {
		return err
	}
	notes := in.Notes
	if notes == nil {
		notes = []string{}
	}
	return c.JSON(http.StatusOK, insertion{Markdown: in.Body, Notes: notes, Repaired: in.Repaired, Original: in.Original})
}
