package admin

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"congso/handlers/web"
	"congso/store/model"
	"congso/views/adminpage"
)

// Bounds of an upload: how many files one form may send, how many word fields are kept before a file, how long one and its name may be in
// bytes, how long a sender may be silent.
const (
	filesAtOnce   = 50
	maxWordFields = 20
	maxFieldName  = 100
	maxWordField  = 8 << 10
	silentAtMost  = time.Minute
	overheadOfOne = 1 << 20
)

func (a *Admin) mediaLimits() adminpage.MediaLimits {
	l := a.Store.Limits()
	return adminpage.MediaLimits{Photo: l.PhotoBytes, File: l.AttachmentBytes, Pixels: l.Pixels}
}

// mediaNew is the page for uploading.
func (a *Admin) mediaNew(c web.Ctx) error { return a.showUpload(c, nil, nil, http.StatusOK) }

// showUpload shows the upload page, with what came of the files sent without the script.
func (a *Admin) showUpload(c web.Ctx, stored []model.Media, form *web.Form, status int) error {
	p, err := a.mediaFrame(c, "Tải tệp lên")
	if err != nil {
		return err
	}
	return web.Render(c, status, adminpage.Upload(p, a.mediaLimits(), stored, form))
}

// upload is a form with files on its way in. Nothing of a file is held in memory.
type upload struct {
	parts *multipart.Reader
	body  *uploadBody
	words map[string]string // the fields before the next file: alt, caption, credit
	name  string            // of the file under way
}

// uploadBody reads a request that may take as long as it likes, but must not fall silent.
type uploadBody struct {
	io.ReadCloser
	control *http.ResponseController
	failed  error
}

func (b *uploadBody) Read(data []byte) (int, error) {
	until := time.Now().Add(silentAtMost)
	if err := errors.Join(b.control.SetReadDeadline(until), b.control.SetWriteDeadline(until.Add(silentAtMost))); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err
	}
	n, err := b.ReadCloser.Read(data)
	if err != nil && err != io.EOF {
		b.failed = err
	}
	return n, err
}

// openUpload begins to read a form with at most count of the largest files.
func (a *Admin) openUpload(c web.Ctx, count int64) (*upload, error) {
	r, l := c.Request(), a.Store.Limits()
	limit := count * (max(l.PhotoBytes, l.AttachmentBytes) + overheadOfOne)
	b := &uploadBody{ReadCloser: http.MaxBytesReader(c.Response(), r.Body, limit), control: http.NewResponseController(c.Response())}
	r.Body = b
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, echo.NewHTTPError(http.StatusBadRequest).SetInternal(err)
	}
	return &upload{parts: parts, body: b, words: map[string]string{}}, nil
}

// next is the next file of the form, named as it is to be kept; io.EOF after the last. What was typed before it is in u.words.
func (u *upload) next() (*multipart.Part, error) {
	for {
		u.name = ""
		part, err := u.parts.NextPart()
		if err != nil {
			return nil, err
		}
		if u.name = fileName(part); u.name != "" {
			return part, nil
		}
		if err := u.keepWord(part); err != nil {
			return nil, err
		}
	}
}

// keepWord keeps what was typed in a field; of a form with more fields than ours have the rest is left unread.
func (u *upload) keepWord(part *multipart.Part) error {
	name := part.FormName()
	if _, again := u.words[name]; len(name) > maxFieldName || len(u.words) >= maxWordFields && !again {
		return nil
	}
	text, err := io.ReadAll(io.LimitReader(part, maxWordField))
	if err == nil {
		u.words[web.Wholesome(name)] = web.Wholesome(string(text))
	}
	return err
}

// fileName is the name of a part that is a file, "" for any other. A picture that was pasted has none that tells what it is.
func fileName(part *multipart.Part) string {
	name := model.FileName(part.FileName())
	if name != "" && path.Ext(name) == "" && strings.HasPrefix(part.Header.Get("Content-Type"), "image/") {
		return name + ".png"
	}
	return name
}

// broken reports whether err says that the sender broke off or sent nonsense, not that we failed.
func (u *upload) broken(err error) bool {
	if errors.Is(err, model.ErrUnavailable) {
		return false
	}
	return u.body.failed != nil || errors.Is(err, io.ErrUnexpectedEOF) || strings.HasPrefix(err.Error(), "multipart: ")
}

// rest reads what is left of a form that is answered early: browsers listen only after they have sent all.
func (u *upload) rest() error {
	_, err := io.Copy(io.Discard, u.body)
	return err
}

// fault is the message and the status of an answer to err; ok is false for what is ours to mend.
func (u *upload) fault(err error) (message string, status int, ok bool) {
	var (
		invalid  model.Invalid
		tooLarge *http.MaxBytesError
	)
	switch {
	case errors.As(err, &invalid):
		for _, text := range invalid { // one field at a time is wrong with a file
			message = text
		}
		return message, refused, true
	case errors.As(err, &tooLarge):
		return "Các tệp gửi cùng lúc lớn quá. Xin gửi làm nhiều lần.", http.StatusRequestEntityTooLarge, true
	case errors.Is(err, model.ErrDiskFull):
		return "Máy chủ đã hết chỗ chứa tệp. Xin báo cho bộ phận quản trị; tệp này chưa được lưu.", http.StatusServiceUnavailable, true
	case errors.Is(err, model.ErrFilesAway):
		return "Kho chứa ảnh và tệp đang không trả lời nên chưa nhận được tệp này; mọi chữ đã gõ vẫn còn. Xin gửi lại sau ít phút.", http.StatusServiceUnavailable, true
	case u.broken(err):
		return "Đường truyền bị ngắt khi đang gửi tệp. Xin gửi lại.", http.StatusBadRequest, true
	}
	return "", 0, false
}

// restAt is rest for an answer that is to be read although nothing more was taken, since nothing can be kept now; it says when to come again.
func (u *upload) restAt(c web.Ctx, status int) error {
	if status != http.StatusServiceUnavailable {
		return nil
	}
	web.ComeAgain(c)
	return u.rest()
}

// keepFile takes the file under way into the library.
func (a *Admin) keepFile(c web.Ctx, u *upload, part io.Reader) (model.Media, error) {
	m := model.Media{Name: u.name, Alt: u.words["alt"], Caption: u.words["caption"], Credit: u.words["credit"]}
	typed := m
	user := web.User(c)
	if err := a.Store.AddMedia(c.Request().Context(), user.Actor(), &m, part); err != nil {
		return m, err
	}
	clear(u.words)
	return m, a.fillWords(c, &m, typed)
}

// fillWords gives a file that was in the library already what was typed for it and what it lacks.
func (a *Admin) fillWords(c web.Ctx, m *model.Media, typed model.Media) error {
	user, before := web.User(c), *m
	for _, w := range []struct{ has, typed *string }{{&m.Alt, &typed.Alt}, {&m.Caption, &typed.Caption}, {&m.Credit, &typed.Credit}} {
		if *w.has == "" {
			*w.has = model.Clean(*w.typed)
		}
	}
	if *m == before || !model.May(user, model.DeskMedia, model.ActionEdit, model.Object{Owner: m.Uploader}) {
		*m = before
		return nil
	}
	still := m.Still
	err := a.Store.PutMedia(c.Request().Context(), user.Actor(), m)
	m.Still = still
	return err
}

// uploadMedia takes files: as many as a form sends, or the one that a script sends and wants to know about as JSON.
func (a *Admin) uploadMedia(c web.Ctx) error {
	if wantsJSON(c) {
		return a.uploadOne(c)
	}
	u, err := a.openUpload(c, filesAtOnce)
	if err != nil {
		return err
	}
	stored, form, status, err := a.keepAll(c, u)
	if err != nil {
		return err
	}
	if len(stored) == 0 && form.OK() {
		form.Fail("file", "Chưa chọn tệp nào.")
	}
	if !form.OK() {
		if err := u.restAt(c, status); err != nil {
			a.Log.Debug("upload broken off", "error", err)
		}
		return a.showUpload(c, stored, form, status)
	}
	return a.uploaded(c, stored)
}

// keepAll takes the files of a form into the library. What is wrong with one is said in the form and the next is looked at, unless
// nothing more can come; the status is that of the answer then.
func (a *Admin) keepAll(c web.Ctx, u *upload) (stored []model.Media, form *web.Form, status int, err error) {
	form, status = web.NewForm(), refused
	var faults []string
	for status == refused {
		part, err := u.next()
		if err == io.EOF { // one that is wrapped says that the form was cut short
			break
		}
		var m model.Media
		if err == nil {
			m, err = a.keepFile(c, u, part)
		}
		if err == nil {
			stored = append(stored, m)
			continue
		}
		message, code, known := u.fault(err)
		if !known {
			return stored, form, 0, err
		}
		if u.name != "" {
			message = "«" + u.name + "»: " + message
		}
		faults, status = append(faults, message), code
	}
	if len(faults) > 0 {
		form.Fail("file", strings.Join(faults, " "))
	}
	return stored, form, status, nil
}

// uploaded leads from a form to the words of the files that it sent.
func (a *Admin) uploaded(c web.Ctx, stored []model.Media) error {
	query := url.Values{}
	for _, m := range stored {
		query.Add("id", strconv.FormatInt(m.ID, 10))
		if notice := stillNotice(m); notice != "" {
			if err := web.FlashWarning(c, m.Name+": "+notice); err != nil {
				return err
			}
		}
	}
	return saved(c, "/admin/tep/mo-ta?"+query.Encode(), fmt.Sprintf("Đã tải lên %d tệp. Xin mô tả các ảnh dưới đây.", len(stored)))
}

// uploadOne takes one file and answers with JSON, faults too.
func (a *Admin) uploadOne(c web.Ctx) error {
	u, err := a.openUpload(c, 2) // a file twice too large is still told that it is
	if err != nil {
		return c.JSON(http.StatusBadRequest, map[string]string{"message": "Không có tệp nào được gửi."})
	}
	part, err := u.next()
	if err == io.EOF {
		return c.JSON(refused, map[string]string{"message": "Chưa chọn tệp nào."})
	}
	var m model.Media
	if err == nil {
		m, err = a.keepFile(c, u, part)
	}
	if err == nil {
		return c.JSON(http.StatusCreated, toJSON(m))
	}
	message, status, known := u.fault(err)
	if !known {
		a.Log.Error("upload failed", "id", c.Response().Header().Get(echo.HeaderXRequestID), "error", err)
		message, status = "Máy chủ chưa nhận được tệp. Xin thử lại sau ít phút.", http.StatusServiceUnavailable
	}
	if status == refused {
		if err := u.rest(); err != nil {
			status = http.StatusRequestEntityTooLarge
		}
	}
	if err := u.restAt(c, status); err != nil {
		a.Log.Debug("upload broken off", "error", err)
	}
	return c.JSON(status, map[string]string{"message": message})
}

// replaceMedia puts a new file in the place of one, wherever that is used.
func (a *Admin) replaceMedia(c web.Ctx) error {
	old, _, err := a.mediaOf(c)
	if err != nil {
		return err
	}
	u, err := a.openUpload(c, 2)
	if err != nil {
		return err
	}
	next, records, err := a.takePlace(c, u, old)
	if err == nil {
		return saved(c, adminpage.MediaPath(next.ID), fmt.Sprintf("Đã thay tệp ở %d nơi. Địa chỉ cũ không còn dùng được.", records))
	}
	message, _, known := u.fault(err)
	if !known {
		return err
	}
	form := web.NewForm()
	form.Fail("file", message)
	if err := u.rest(); err != nil {
		a.Log.Debug("upload broken off", "error", err)
	}
	return a.showFile(c, old, web.NewForm("alt", old.Alt, "caption", old.Caption, "credit", old.Credit), form)
}

// takePlace keeps the file of the form and lets it take the place of old.
func (a *Admin) takePlace(c web.Ctx, u *upload, old model.Media) (next model.Media, records int, err error) {
	part, err := u.next()
	if err == io.EOF {
		return next, 0, model.Invalid{"file": "Chưa chọn tệp nào."}
	}
	if err == nil && model.PictureName(u.name) != old.IsPicture() {
		return next, 0, model.Invalid{"file": "Chỉ thay được ảnh bằng ảnh, tệp đính kèm bằng tệp đính kèm."}
	}
	if err == nil {
		next, err = a.keepFile(c, u, part)
	}
	if err != nil {
		return next, 0, err
	}
	records, err = a.Store.ReplaceMedia(c.Request().Context(), web.User(c).Actor(), old.ID, next.ID)
	return next, records, err
}
