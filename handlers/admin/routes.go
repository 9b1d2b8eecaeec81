package admin

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"congso/handlers/web"
	"congso/store/model"
)

// Methods of routes.
const (
	get  = http.MethodGet // and HEAD
	post = http.MethodPost
)

// Route is an address behind the login: whoever may not open the desk for the action does not come to the handler, which still asks
// model.May or model.MayMove about the record.
type Route struct {
	Method, Path string
	Desk         model.Desk
	Action       model.Action
	handler      web.Handler
}

// early reports whether the route is where somebody who gave the password sets up what is still missing.
func (r Route) early() bool {
	return r.Path == passwordPage || r.Path == factorPage || r.Path == factorPage+"/ma-qr.svg"
}

// Table is every address behind the login.
func (a *Admin) Table() []Route {
	news, meetings := a.news(), a.meetings()
	return slices.Concat(news.routes(), meetings.routes(), []Route{
		{get, "/admin", model.DeskHome, model.ActionView, a.home},
		{get, "/admin/tai-khoan", model.DeskHome, model.ActionView, a.account},
		{get, "/admin/tai-khoan/mat-khau", model.DeskHome, model.ActionView, a.passwordForm},
		{post, "/admin/tai-khoan/mat-khau", model.DeskHome, model.ActionView, a.changePassword},
		{get, "/admin/tai-khoan/xac-thuc", model.DeskHome, model.ActionView, a.factorForm},
		{post, "/admin/tai-khoan/xac-thuc", model.DeskHome, model.ActionView, a.setFactor},
		{get, "/admin/tai-khoan/xac-thuc/ma-qr.svg", model.DeskHome, model.ActionView, a.factorQR},
		{get, "/admin/tai-khoan/xac-thuc/tat", model.DeskHome, model.ActionView, a.askDropFactor},
		{post, "/admin/tai-khoan/xac-thuc/tat", model.DeskHome, model.ActionView, a.dropFactor},
		{get, "/admin/tai-khoan/ma-khoi-phuc", model.DeskHome, model.ActionView, a.askNewCodes},
		{post, "/admin/tai-khoan/ma-khoi-phuc", model.DeskHome, model.ActionView, a.newCodes},
		{post, "/admin/tai-khoan/phien/ket-thuc", model.DeskHome, model.ActionView, a.endOtherSessions},
		{post, "/admin/tai-khoan/phien/:key/ket-thuc", model.DeskHome, model.ActionView, a.endSession},

		{get, "/admin/nguoi-dung", model.DeskUsers, model.ActionView, a.users},
		{post, "/admin/nguoi-dung/xac-thuc", model.DeskUsers, model.ActionEdit, a.setFactorRoles},
		{get, "/admin/nguoi-dung/moi", model.DeskUsers, model.ActionCreate, a.newUser},
		{post, "/admin/nguoi-dung/moi", model.DeskUsers, model.ActionCreate, a.addUser},
		{get, "/admin/nguoi-dung/:id", model.DeskUsers, model.ActionEdit, a.user},
		{post, "/admin/nguoi-dung/:id", model.DeskUsers, model.ActionEdit, a.changeUser},
		{post, "/admin/nguoi-dung/:id/khoa", model.DeskUsers, model.ActionArchive, a.disableUser},
		{post, "/admin/nguoi-dung/:id/mo", model.DeskUsers, model.ActionRestore, a.enableUser},
		{post, "/admin/nguoi-dung/:id/mat-khau", model.DeskUsers, model.ActionEdit, a.resetPassword},
		{post, "/admin/nguoi-dung/:id/xac-thuc", model.DeskUsers, model.ActionEdit, a.resetFactor},
		{post, "/admin/nguoi-dung/:id/phien", model.DeskUsers, model.ActionEdit, a.endUserSessions},

		{get, "/admin/tep", model.DeskMedia, model.ActionView, a.mediaList},
		{get, "/admin/tep/moi", model.DeskMedia, model.ActionCreate, a.mediaNew},
		{post, "/admin/tep/tai-len", model.DeskMedia, model.ActionCreate, a.uploadMedia},
		{get, "/admin/tep/chon", model.DeskMedia, model.ActionView, a.mediaPick},
		{get, "/admin/tep/mo-ta", model.DeskMedia, model.ActionEdit, a.mediaWords},
		{post, "/admin/tep/mo-ta", model.DeskMedia, model.ActionEdit, a.putMediaWords},
		{post, "/admin/tep/luu-tru", model.DeskMedia, model.ActionArchive, a.archiveChosen},
		{get, "/admin/tep/:id", model.DeskMedia, model.ActionView, a.mediaFile},
		{post, "/admin/tep/:id", model.DeskMedia, model.ActionEdit, a.putMedia},
		{post, "/admin/tep/:id/thay", model.DeskMedia, model.ActionArchive, a.replaceMedia}, // it changes what is published
		{post, "/admin/tep/:id/luu-tru", model.DeskMedia, model.ActionArchive, a.archiveMedia},
		{post, "/admin/tep/:id/khoi-phuc", model.DeskMedia, model.ActionRestore, a.restoreMedia},

		{get, "/admin/tin-tuc", model.DeskNews, model.ActionView, a.newsList},
		{get, "/admin/tin-tuc/moi", model.DeskNews, model.ActionCreate, a.newsNew},
		{post, "/admin/tin-tuc/moi", model.DeskNews, model.ActionCreate, a.newsCreate},
		{post, "/admin/tin-tuc/moi/word", model.DeskNews, model.ActionCreate, a.newsFromWord},
		{post, "/admin/tin-tuc/moi/dan", model.DeskNews, model.ActionCreate, a.newsFromPaste},
		{post, "/admin/tin-tuc/:id/dan", model.DeskNews, model.ActionEdit, news.pasteHTML},
		{post, "/admin/tin-tuc/:id/word", model.DeskNews, model.ActionEdit, news.insertWord},
		{get, "/admin/tin-tuc/:id/bang-ma", model.DeskNews, model.ActionEdit, a.newsEncoding},
		{get, "/admin/preview/tin-tuc/:id", model.DeskNews, model.ActionView, a.newsPreview},

		{get, sectionsPath, model.DeskSite, model.ActionView, a.sections},
		{get, sectionsPath + "/moi", model.DeskSite, model.ActionCreate, a.section},
		{post, sectionsPath + "/moi", model.DeskSite, model.ActionCreate, a.putSection},
		{get, sectionsPath + "/:id", model.DeskSite, model.ActionEdit, a.section},
		{post, sectionsPath + "/:id", model.DeskSite, model.ActionEdit, a.putSection},
		{post, sectionsPath + "/:id/len", model.DeskSite, model.ActionEdit, a.moveSection(-1)},
		{post, sectionsPath + "/:id/xuong", model.DeskSite, model.ActionEdit, a.moveSection(1)},
		{post, sectionsPath + "/:id/xoa", model.DeskSite, model.ActionArchive, a.deleteSection},

		{get, menuPath, model.DeskSite, model.ActionView, a.menu},
		{post, menuPath, model.DeskSite, model.ActionEdit, a.changeMenu},

		{get, linksPath, model.DeskSite, model.ActionView, a.links},
		{get, linksPath + "/moi", model.DeskSite, model.ActionCreate, a.link},
		{post, linksPath + "/moi", model.DeskSite, model.ActionCreate, a.putLink},
		{get, linksPath + "/:id", model.DeskSite, model.ActionEdit, a.link},
		{post, linksPath + "/:id", model.DeskSite, model.ActionEdit, a.putLink},
		{post, linksPath + "/:id/xoa", model.DeskSite, model.ActionArchive, a.deleteLink},

		{get, redirectsPath, model.DeskSite, model.ActionView, a.redirects},
		{get, redirectsPath + "/moi", model.DeskSite, model.ActionCreate, a.newRedirect},
		{post, redirectsPath + "/moi", model.DeskSite, model.ActionCreate, a.putRedirect},
		{post, redirectsPath + "/xoa", model.DeskSite, model.ActionArchive, a.deleteRedirect},

		{get, detailsPath, model.DeskSite, model.ActionView, a.details},
		{post, detailsPath, model.DeskSite, model.ActionEdit, a.putDetails},

		{get, scanPath, model.DeskScan, model.ActionView, a.scan},
		{post, scanPath + "/:id/go", model.DeskScan, model.ActionArchive, a.takeDown},
		{post, scanPath + "/:id/khong-loi", model.DeskScan, model.ActionEdit, a.decideFinding(model.FindingApproved, "Đã ghi nhận là không phải lỗi; sẽ không nhắc lại nữa.")},
		{post, scanPath + "/:id/mo-lai", model.DeskScan, model.ActionEdit, a.decideFinding(model.FindingOpen, "Đã đưa trở lại danh sách chưa xử lý.")},
		{get, scanHostsPath, model.DeskScan, model.ActionEdit, a.scanHosts},
		{post, scanHostsPath, model.DeskScan, model.ActionEdit, a.approveHosts},
		{post, scanHostsPath + "/xoa", model.DeskScan, model.ActionEdit, a.forgetHost},
		{get, scanWordsPath, model.DeskScan, model.ActionEdit, a.scanWords},
		{post, scanWordsPath, model.DeskScan, model.ActionEdit, a.putScanWords},

		{get, "/admin/thong-ke", model.DeskStats, model.ActionView, a.stats},
		{get, "/admin/thong-ke/tai/:tep", model.DeskStats, model.ActionView, a.statsFile},

		{get, "/admin/nhat-ky", model.DeskAudit, model.ActionView, a.audit},

		{get, "/admin/danh-ba", model.DeskDirectory, model.ActionView, a.contacts},
		{post, "/admin/danh-ba/xac-nhan", model.DeskDirectory, model.ActionEdit, a.confirmContacts},
		{get, "/admin/danh-ba/xuat/:tep", model.DeskDirectory, model.ActionView, a.exportContacts},
		{get, "/admin/danh-ba/nhap", model.DeskDirectory, model.ActionEdit, a.importPage},
		{post, "/admin/danh-ba/nhap", model.DeskDirectory, model.ActionEdit, a.uploadContacts},
		{get, "/admin/danh-ba/nhap/:id", model.DeskDirectory, model.ActionEdit, a.importPreview},
		{post, "/admin/danh-ba/nhap/:id", model.DeskDirectory, model.ActionEdit, a.applyImport},
		{get, "/admin/danh-ba/don-vi/moi", model.DeskDirectory, model.ActionSend, a.newUnit},
		{post, "/admin/danh-ba/don-vi/moi", model.DeskDirectory, model.ActionSend, a.saveUnit},
		{get, "/admin/danh-ba/don-vi/:id", model.DeskDirectory, model.ActionView, a.contactUnit},
		{post, "/admin/danh-ba/don-vi/:id", model.DeskDirectory, model.ActionSend, a.saveUnit},
		{post, "/admin/danh-ba/don-vi/:id/xac-nhan", model.DeskDirectory, model.ActionEdit, a.confirmUnit},
		{get, "/admin/danh-ba/don-vi/:id/sap-nhap", model.DeskDirectory, model.ActionEdit, a.mergeForm},
		{post, "/admin/danh-ba/don-vi/:id/sap-nhap", model.DeskDirectory, model.ActionEdit, a.merge},
		{get, "/admin/danh-ba/nguoi/moi", model.DeskDirectory, model.ActionSend, a.newPerson},
		{post, "/admin/danh-ba/nguoi/moi", model.DeskDirectory, model.ActionSend, a.savePerson},
		{get, "/admin/danh-ba/nguoi/:id", model.DeskDirectory, model.ActionView, a.person},
		{post, "/admin/danh-ba/nguoi/:id", model.DeskDirectory, model.ActionSend, a.savePerson},
		{post, "/admin/danh-ba/nguoi/:id/xac-nhan", model.DeskDirectory, model.ActionEdit, a.confirmPerson},
		{post, "/admin/danh-ba/nguoi/:id/luu-tru", model.DeskDirectory, model.ActionArchive, a.archivePerson},
		{post, "/admin/danh-ba/nguoi/:id/khoi-phuc", model.DeskDirectory, model.ActionRestore, a.restorePerson},
		{get, "/admin/danh-ba/de-xuat/:id", model.DeskDirectory, model.ActionSend, a.proposal},
		{post, "/admin/danh-ba/de-xuat/:id/tra-lai", model.DeskDirectory, model.ActionEdit, a.returnProposal},
		{post, "/admin/danh-ba/de-xuat/:id/bo", model.DeskDirectory, model.ActionSend, a.dropProposal},

		{get, "/admin/hoi-nghi", model.DeskMeetings, model.ActionView, a.meetingList},
		{get, "/admin/hoi-nghi/moi", model.DeskMeetings, model.ActionCreate, a.meetingNew},
		{post, "/admin/hoi-nghi/moi", model.DeskMeetings, model.ActionCreate, a.meetingCreate},
		{post, "/admin/hoi-nghi/:id/hang", model.DeskMeetings, model.ActionEdit, meetings.typed(model.ActionEdit, a.meetingRows)},
		{get, "/admin/hoi-nghi/:id/doc", model.DeskMeetings, model.ActionEdit, a.meetingDoc},
		{post, "/admin/hoi-nghi/:id/doc", model.DeskMeetings, model.ActionEdit, a.readDoc},
		{post, "/admin/hoi-nghi/:id/viet-tin", model.DeskMeetings, model.ActionEdit, meetings.typed(model.ActionEdit, a.meetingToNews)},
		{get, "/admin/preview/hoi-nghi/:id", model.DeskMeetings, model.ActionView, a.meetingPreview},

		{get, "/admin/nhiem-vu", model.DeskTasks, model.ActionView, a.tasks},
		{get, "/admin/nhiem-vu.csv", model.DeskTasks, model.ActionView, a.tasksCSV},
		{get, "/admin/nhiem-vu.ics", model.DeskTasks, model.ActionView, a.tasksCalendar},
		{get, "/admin/nhiem-vu/:id/:stt", model.DeskTasks, model.ActionView, a.task},
		{post, "/admin/nhiem-vu/:id/:stt/dong", model.DeskTasks, model.ActionEdit, a.closeTask},
		{post, "/admin/nhiem-vu/:id/:stt/mo-lai", model.DeskTasks, model.ActionEdit, a.reopenTask},
		{post, "/admin/nhiem-vu/:id/:stt/de-xuat", model.DeskTasks, model.ActionSend, a.proposeClosing},
		{post, "/admin/nhiem-vu/:id/:stt/tra-lai", model.DeskTasks, model.ActionEdit, a.returnClosing},
		{post, "/admin/nhiem-vu/:id/:stt/bo", model.DeskTasks, model.ActionSend, a.dropClosing},
	})
}

// routes are the addresses that the desks of all kinds of records have alike.
func (w workDesk[T]) routes() []Route {
	at := func(method, path string, action model.Action, h web.Handler) Route {
		return Route{method, w.root + path, w.desk, action, h}
	}
	return []Route{
		at(post, "/hang-loat", model.ActionSend, w.bulk),
		at(get, "/:id", model.ActionView, w.edit),
		at(post, "/:id", model.ActionEdit, w.typed(model.ActionEdit, w.save)),
		at(post, "/:id/luu-tam", model.ActionEdit, w.autosave),
		at(post, "/:id/dang-sua", model.ActionEdit, w.present),
		at(post, "/:id/xem-truoc", model.ActionEdit, w.typed(model.ActionEdit, w.lookAt)),
		at(post, "/:id/gui", model.ActionSend, w.typed(model.ActionSend, w.send)),
		at(post, "/:id/dang", model.ActionPublish, w.typed(model.ActionPublish, w.publish)),
		at(post, "/:id/rut", model.ActionWithdraw, w.moved(model.ActionWithdraw)),
		at(post, "/:id/tra-lai", model.ActionReturn, w.moved(model.ActionReturn)),
		at(post, "/:id/luu-tru", model.ActionArchive, w.moved(model.ActionArchive)),
		at(post, "/:id/khoi-phuc", model.ActionRestore, w.moved(model.ActionRestore)),
		at(post, "/:id/bo", model.ActionEdit, w.discard),
		at(post, "/:id/giu", model.ActionEdit, w.prefer),
		at(post, "/:id/tach", model.ActionCreate, w.fork),
		at(get, "/:id/lich-su", model.ActionView, w.history),
		at(get, "/:id/so-sanh", model.ActionView, w.versions),
		at(post, "/:id/lich-su/:so/ten", model.ActionEdit, w.nameVersion),
		at(post, "/:id/lich-su/:so/khoi-phuc", model.ActionEdit, w.restoreVersion),
	}
}

// open are the addresses before the login.
func (a *Admin) open() []Route {
	return []Route{
		{get, "/admin/dang-nhap", "", "", a.loginForm},
		{post, "/admin/dang-nhap", "", "", a.login},
		{post, "/admin/dang-xuat", "", "", a.logout},
		{get, codePage, "", "", a.codeForm},
		{post, codePage, "", "", a.code},
		{get, "/admin/thiet-lap", "", "", a.setupForm},
		{post, "/admin/thiet-lap", "", "", a.setup},
	}
}

// places are the desks in the order of the navigation, by their first page.
func places() []place {
	return []place{
		{"Tin tức", "/admin/tin-tuc", model.DeskNews},
		{"Hội nghị", "/admin/hoi-nghi", model.DeskMeetings},
		{"Nhiệm vụ", "/admin/nhiem-vu", model.DeskTasks},
		{"Danh bạ", "/admin/danh-ba", model.DeskDirectory},
		{"Thư viện tệp", "/admin/tep", model.DeskMedia},
		{"Chuyên mục", sectionsPath, model.DeskSite},
		{"Trình đơn", menuPath, model.DeskSite},
		{"Liên kết", linksPath, model.DeskSite},
		{"Địa chỉ cũ", redirectsPath, model.DeskSite},
		{"Thông tin đơn vị", detailsPath, model.DeskSite},
		{"Người dùng", "/admin/nguoi-dung", model.DeskUsers},
		{"Rà soát", scanPath, model.DeskScan},
		{"Thống kê", "/admin/thong-ke", model.DeskStats},
		{"Nhật ký", "/admin/nhat-ky", model.DeskAudit},
	}
}

type place struct {
	name, path string
	desk       model.Desk
}

// Routes mounts the admin pages.
func (a *Admin) Routes(e *echo.Echo) {
	mount := func(r Route, h web.Handler) {
		if r.Method == get {
			e.Match([]string{http.MethodGet, http.MethodHead}, r.Path, h)
			return
		}
		e.Add(r.Method, r.Path, h)
	}
	for _, r := range a.open() {
		mount(r, func(c web.Ctx) error {
			private(c)
			return r.handler(c)
		})
	}
	for _, r := range a.Table() {
		mount(r, a.guarded(r))
	}
}

// desks are the links of the navigation for u: the desks that u may open and that have a page.
func (a *Admin) desks(u model.User, path string) []web.Link {
	there := map[string]bool{}
	for _, r := range a.Table() {
		there[r.Path] = there[r.Path] || r.Method == get
	}
	var links []web.Link
	for _, p := range places() {
		if there[p.path] && model.MayOpen(u, p.desk, model.ActionView) {
			links = append(links, web.Link{Name: p.name, Href: p.path, Current: within(path, p.path)})
		}
	}
	return links
}
