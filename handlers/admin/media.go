package admin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"congso/handlers/web"
	"congso/store/model"
	"congso/views/adminpage"
)

// Files on a page of the library, and of the picker.
const (
	mediaOnPage = 48
	mediaToPick = 24
)

// mediaQuery reads what list of files is asked for.
func mediaQuery(c web.Ctx) adminpage.MediaQuery {
	kind := model.MediaKind("")
	switch c.QueryParam("loai") {
	case "anh":
		kind = model.MediaPhotos
	case "tep":
		kind = model.MediaFiles
	}
	checked := func(name string) bool { return c.QueryParam(name) != "" }
	q := adminpage.MediaQuery{Mine: checked("cua-toi"), MediaFilter: model.MediaFilter{
		Text: web.Query(c, "q", 100), Kind: kind, MissingAlt: checked("thieu-mo-ta"), Unused: checked("chua-dung"), Archived: checked("luu-tru"),
	}}
	if q.Mine {
		q.UploadedBy = web.User(c).ID
	}
	return q
}

// mediaPage is the page of the list that is asked for.
func (a *Admin) mediaPage(c web.Ctx, q adminpage.MediaQuery, size int) (adminpage.MediaList, error) {
	u := web.User(c)
	list := adminpage.MediaList{
		Query: q, Page: web.PageNumber(c, "trang"),
		MayArchive: model.May(u, model.DeskMedia, model.ActionArchive, model.Object{}),
	}
	var err error
	list.Items, list.Total, err = a.Store.MediaPage(c.Request().Context(), q.MediaFilter, list.Page, size)
	list.Last = web.LastPage(list.Total, size)
	return list, err
}

// mediaList shows the library.
func (a *Admin) mediaList(c web.Ctx) error {
	list, err := a.mediaPage(c, mediaQuery(c), mediaOnPage)
	if err != nil {
		return err
	}
	if list.Lost, list.Away, err = a.lostFiles(c, list.Items); err != nil {
		return err
	}
	p, err := a.mediaFrame(c, "Thư viện tệp")
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, adminpage.Media(p, list))
}

// lostFiles reports of the items which have lost files.
func (a *Admin) lostFiles(c web.Ctx, items []model.MediaItem) (lost map[int64]bool, away bool, err error) {
	records := make([]model.Media, len(items))
	for i, item := range items {
		records[i] = item.Media
	}
	missing, away, err := a.lostOf(c, records...)
	lost = map[int64]bool{}
	for id := range missing {
		lost[id] = true
	}
	return lost, away, err
}

// missingWithin is how long a page waits to learn which files are lost.
const missingWithin = 2 * time.Second

// lostOf are the lost files of the records, by id; away says that nobody knows now, since the place where they are does not answer.
func (a *Admin) lostOf(c web.Ctx, records ...model.Media) (lost map[int64][]string, away bool, err error) {
	ctx, cancel := context.WithTimeout(c.Request().Context(), missingWithin)
	defer cancel()
	lost, err = a.Store.MissingFiles(ctx, records...)
	if errors.Is(err, model.ErrFilesAway) || errors.Is(err, context.DeadlineExceeded) {
		return lost, true, nil
	}
	return lost, false, err
}

// mediaFrame is the frame of a page of this desk.
func (a *Admin) mediaFrame(c web.Ctx, title string) (web.AdminPage, error) {
	var crumbs []web.Link
	if c.Path() != "/admin/tep" {
		crumbs = []web.Link{{Name: "Thư viện tệp", Href: "/admin/tep"}}
	}
	p, err := a.page(c, title, crumbs...)
	p.Sheets, p.Scripts = []string{"media.css"}, []string{"upload.js"}
	return p, err
}

// statusOf is that of a page which shows the forms again: 422 when one is to be corrected.
func statusOf(forms ...*web.Form) int {
	for _, f := range forms {
		if !f.OK() {
			return refused
		}
	}
	return http.StatusOK
}

// mediaPick is the part of a page from which an editor picks a picture or a file: HTML without a frame, or JSON.
func (a *Admin) mediaPick(c web.Ctx) error {
	q := mediaQuery(c)
	q.Archived = false
	list, err := a.mediaPage(c, q, mediaToPick)
	if err != nil {
		return err
	}
	if wantsJSON(c) {
		return c.JSON(http.StatusOK, pickJSON(list))
	}
	return web.Render(c, http.StatusOK, adminpage.MediaPick(list))
}

// mediaJSON is a file as the editor's script knows it.
type mediaJSON struct {
	ID       int64  `json:"id"`
	Name     string `json:"name"`
	Address  string `json:"address"`
	Thumb    string `json:"thumb,omitempty"` // of a picture
	Width    int    `json:"width"`           // pixels, 0 for what is no picture
	Height   int    `json:"height"`
	Bytes    int64  `json:"bytes"`
	Alt      string `json:"alt"`
	Caption  string `json:"caption"`
	Credit   string `json:"credit"`
	Markdown string `json:"markdown"`
	Notice   string `json:"notice,omitempty"` // what whoever uploaded it should know
}

func toJSON(m model.Media) mediaJSON {
	j := mediaJSON{
		ID: m.ID, Name: m.Name, Address: m.Address(), Width: m.Width, Height: m.Height, Bytes: m.Bytes,
		Alt: m.Alt, Caption: m.Caption, Credit: m.Credit, Markdown: m.Markdown(), Notice: stillNotice(m),
	}
	if m.IsPicture() {
		j.Thumb = m.Thumb()
	}
	return j
}

// stillNotice tells that a moving picture stands still now, "" of any other.
func stillNotice(m model.Media) string {
	if !m.Still {
		return ""
	}
	return "Ảnh động: chỉ giữ lại khung hình đầu tiên."
}

func pickJSON(list adminpage.MediaList) any {
	items := make([]mediaJSON, len(list.Items))
	for i, item := range list.Items {
		items[i] = toJSON(item.Media)
	}
	return map[string]any{"items": items, "page": list.Page, "last": list.Last, "total": list.Total}
}

func wantsJSON(c web.Ctx) bool {
	return strings.Contains(c.Request().Header.Get("Accept"), "application/json")
}

// mediaOf is the file in the address with its place among rights.
func (a *Admin) mediaOf(c web.Ctx) (m model.Media, o model.Object, err error) {
	n, err := id(c)
	if err != nil {
		return m, o, err
	}
	m, err = a.Store.MediaByID(c.Request().Context(), n)
	return m, model.Object{Owner: m.Uploader}, err
}

// mediaFile shows one file.
func (a *Admin) mediaFile(c web.Ctx) error {
	m, _, err := a.mediaOf(c)
	if err != nil {
		return err
	}
	return a.showFile(c, m, web.NewForm("alt", m.Alt, "caption", m.Caption, "credit", m.Credit), nil)
}

// showFile shows the page of m with the form of its words and that of its replacement as they were sent.
func (a *Admin) showFile(c web.Ctx, m model.Media, words, replacement *web.Form) error {
	u, o := web.User(c), model.Object{Owner: m.Uploader}
	view := adminpage.MediaFile{
		Media: m, Words: words, Replacement: replacement, Limits: a.mediaLimits(),
		MayEdit:    model.May(u, model.DeskMedia, model.ActionEdit, o),
		MayArchive: model.May(u, model.DeskMedia, model.ActionArchive, o),
	}
	lost, away, err := a.lostOf(c, m)
	if err != nil {
		return err
	}
	view.Lost, view.Away = lost[m.ID], away
	if view.By, err = a.uploader(c, m); err != nil {
		return err
	}
	if view.Uses, err = a.mediaPlaces(c, m.ID); err != nil {
		return err
	}
	p, err := a.mediaFrame(c, m.Name)
	if err != nil {
		return err
	}
	return web.Render(c, statusOf(words, replacement), adminpage.File(p, view))
}

// uploader is the name of who brought m, "" for the program.
func (a *Admin) uploader(c web.Ctx, m model.Media) (string, error) {
	if m.Uploader == 0 {
		return "", nil
	}
	u, err := a.Store.UserByID(c.Request().Context(), m.Uploader)
	return u.FullName, err
}

// mediaPlaces are the places where the file is used, with links to those desks that the user may open.
func (a *Admin) mediaPlaces(c web.Ctx, id int64) ([]adminpage.MediaPlace, error) {
	uses, err := a.Store.MediaUses(c.Request().Context(), id)
	if err != nil {
		return nil, err
	}
	places := make([]adminpage.MediaPlace, len(uses))
	for i, use := range uses {
		places[i] = adminpage.MediaPlace{MediaUse: use, Desk: a.recordPage(web.User(c), use.Kind, use.RecordID), Public: publicPage(use)}
	}
	return places, nil
}

// recordPage is the address of the desk's page on the record, "" when u may not open it or there is none.
func (a *Admin) recordPage(u model.User, kind model.Kind, id int64) string {
	path := map[model.Kind]string{
		model.KindNews: "/admin/tin-tuc/:id", model.KindMeeting: "/admin/hoi-nghi/:id", model.KindPerson: "/admin/danh-ba/nguoi/:id",
		model.KindSetting: detailsPath,
	}[kind]
	for _, r := range a.Table() {
		if r.Path == path && r.Method == get && model.MayOpen(u, r.Desk, r.Action) {
			return strings.Replace(path, ":id", strconv.FormatInt(id, 10), 1)
		}
	}
	return ""
}

// publicPage is the address of the record for readers, "" while it has none.
func publicPage(use model.MediaUse) string {
	if use.Copy {
		return ""
	}
	switch {
	case use.Kind == model.KindNews && use.Status == model.StatusPublished:
		return "/tin-tuc/" + use.Slug
	case use.Kind == model.KindMeeting && use.Status == model.StatusPublished:
		return "/hoi-nghi/" + use.Slug
	case use.Kind == model.KindPerson:
		return "/danh-ba/nguoi/" + use.Slug
	}
	return ""
}

// putMedia keeps the words of one file.
func (a *Admin) putMedia(c web.Ctx) error {
	form, err := web.ParseForm(c)
	if err != nil {
		return err
	}
	m, o, err := a.mediaOf(c)
	if err != nil {
		return err
	}
	u := web.User(c)
	if !model.May(u, model.DeskMedia, model.ActionEdit, o) {
		return web.ErrForbidden
	}
	m.Alt, m.Caption, m.Credit = form.Text("alt"), form.Text("caption"), form.Text("credit")
	err = a.Store.PutMedia(c.Request().Context(), u.Actor(), &m)
	if form.Refused(err) {
		return a.showFile(c, m, form, nil)
	}
	if err != nil {
		return err
	}
	return saved(c, adminpage.MediaPath(m.ID), "Đã lưu mô tả của tệp.")
}

// chosenMedia are the files with the ids in a query or form that the user may edit.
func (a *Admin) chosenMedia(c web.Ctx, ids []int64) ([]model.Media, error) {
	var list []model.Media
	for _, id := range ids {
		m, err := a.Store.MediaByID(c.Request().Context(), id)
		if errors.Is(err, model.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if model.May(web.User(c), model.DeskMedia, model.ActionEdit, model.Object{Owner: m.Uploader}) {
			list = append(list, m)
		}
	}
	return list, nil
}

// mediaWords asks for the words of several files at once: those just uploaded, or chosen in the list.
func (a *Admin) mediaWords(c web.Ctx) error {
	ids, _ := firstIDs(&web.Form{Values: c.QueryParams()})
	list, err := a.chosenMedia(c, ids)
	if err != nil {
		return err
	}
	form := web.NewForm()
	for _, m := range list {
		for field, text := range map[string]string{"alt": m.Alt, "caption": m.Caption, "credit": m.Credit} {
			form.Values.Set(adminpage.WordField(field, m.ID), text)
		}
	}
	return a.showWords(c, list, form)
}

func (a *Admin) showWords(c web.Ctx, list []model.Media, form *web.Form) error {
	p, err := a.mediaFrame(c, "Mô tả các tệp")
	if err != nil {
		return err
	}
	return web.Render(c, statusOf(form), adminpage.MediaWords(p, list, form))
}

// putMediaWords keeps the words of several files; what is refused is shown again, the rest is kept.
func (a *Admin) putMediaWords(c web.Ctx) error {
	form, err := web.ParseForm(c)
	if err != nil {
		return err
	}
	now, later := firstIDs(form)
	list, err := a.chosenMedia(c, now)
	if err != nil {
		return err
	}
	for i := range list {
		m := &list[i]
		text := func(field string) string { return form.Text(adminpage.WordField(field, m.ID)) }
		m.Alt, m.Caption, m.Credit = text("alt"), text("caption"), text("credit")
		err := a.Store.PutMedia(c.Request().Context(), web.User(c).Actor(), m)
		if invalid := (model.Invalid{}); errors.As(err, &invalid) {
			for field, message := range invalid {
				form.Fail(adminpage.WordField(field, m.ID), m.Name+": "+message)
			}
			continue
		}
		if err != nil {
			return err
		}
	}
	if !form.OK() {
		return a.showWords(c, list, form)
	}
	if len(later) > 0 {
		if list, err = a.chosenMedia(c, later[:min(len(later), bulkMost)]); err != nil {
			return err
		}
		form.Fail("", fmt.Sprintf("Mỗi lần lưu được nhiều nhất %d tệp: còn %d tệp chưa lưu. Xin bấm lưu lần nữa.", bulkMost, len(later)))
		return a.showWords(c, list, form)
	}
	return saved(c, "/admin/tep", "Đã lưu mô tả của "+strconv.Itoa(len(list))+" tệp.")
}

// firstIDs are the ids that are ticked, each once: as many as one press may change, and the rest.
func firstIDs(form *web.Form) (now, later []int64) {
	var ids []int64
	seen := map[int64]bool{}
	for _, id := range form.IDs("id") {
		if !seen[id] {
			seen[id], ids = true, append(ids, id)
		}
	}
	most := min(len(ids), bulkMost)
	return ids[:most], ids[most:]
}

// archiveMedia puts one file away.
func (a *Admin) archiveMedia(c web.Ctx) error {
	m, _, err := a.mediaOf(c)
	if err != nil {
		return err
	}
	err = a.Store.ArchiveMedia(c.Request().Context(), web.User(c).Actor(), m.ID)
	if errors.Is(err, model.ErrInUse) {
		return a.warned(c, adminpage.MediaPath(m.ID), "Tệp đang được dùng nên chưa lưu trữ được. Hãy gỡ tệp ở những nơi dưới đây hoặc thay bằng tệp khác.")
	}
	if err != nil {
		return err
	}
	return saved(c, adminpage.MediaPath(m.ID), "Đã đưa tệp vào Lưu trữ. Khôi phục được trong 30 ngày.")
}

// warned is saved for what was not done.
func (a *Admin) warned(c web.Ctx, path, message string) error {
	if err := web.FlashWarning(c, message); err != nil {
		return err
	}
	return web.SeeOther(c, path)
}

// archiveChosen puts the chosen files away, but for those in use.
func (a *Admin) archiveChosen(c web.Ctx) error {
	form, err := web.ParseForm(c)
	if err != nil {
		return err
	}
	done, used := 0, 0
	now, later := firstIDs(form)
	for _, id := range now {
		err := a.Store.ArchiveMedia(c.Request().Context(), web.User(c).Actor(), id)
		switch {
		case errors.Is(err, model.ErrInUse):
			used++
		case errors.Is(err, model.ErrNotFound):
		case err != nil:
			return err
		default:
			done++
		}
	}
	message := "Đã đưa " + strconv.Itoa(done) + " tệp vào Lưu trữ."
	if used > 0 {
		message += " Còn " + strconv.Itoa(used) + " tệp đang được dùng nên giữ lại."
	}
	if len(later) > 0 {
		message += fmt.Sprintf(" Mỗi lần làm được nhiều nhất %d: chưa làm %d tệp đã chọn.", bulkMost, len(later))
	}
	if used > 0 || len(later) > 0 {
		return a.warned(c, "/admin/tep", message)
	}
	return saved(c, "/admin/tep", message)
}

// restoreMedia offers an archived file again.
func (a *Admin) restoreMedia(c web.Ctx) error {
	m, _, err := a.mediaOf(c)
	if err != nil {
		return err
	}
	if err := a.Store.RestoreMedia(c.Request().Context(), web.User(c).Actor(), m.ID); err != nil {
		return err
	}
	return saved(c, adminpage.MediaPath(m.ID), "Đã khôi phục tệp.")
}
