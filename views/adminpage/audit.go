package adminpage

import (
	"cmp"
	"net/url"
	"strconv"
	"strings"

	"congso/store/model"
	"congso/views/ui"
)

// AuditQuery is what of the audit trail is asked for, as typed.
type AuditQuery struct {
	Actor, Action string
	Kind          model.Kind
	Record        int64
	From, To      model.Day
	BadDay        bool // a day was typed that is none
}

// values are the query's parameters in an address.
func (q AuditQuery) values() url.Values {
	v := url.Values{}
	for name, value := range map[string]string{"nguoi": q.Actor, "viec": q.Action, "loai": string(q.Kind), "tu-ngay": string(q.From), "den-ngay": string(q.To)} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if q.Record != 0 {
		v.Set("so", strconv.FormatInt(q.Record, 10))
	}
	return v
}

// record is the number that was typed, "" for none.
func (q AuditQuery) record() string {
	if q.Record == 0 {
		return ""
	}
	return strconv.FormatInt(q.Record, 10)
}

// AuditData is a page of the audit trail.
type AuditData struct {
	Entries           []model.Audit
	Names             map[model.RecordRef]string // of records and users, as far as they have one
	Total, Page, Last int
	Query             AuditQuery
	People            []model.User
	Actions           []string
	Check             AuditVerdict
	Oldest            model.Audit // the first entry that is still there
}

// since says from when on the trail is there, "" when nothing was removed.
func (d AuditData) since() string {
	if d.Oldest.Previous == "" {
		return ""
	}
	return "Nhật ký có từ " + model.DateTime(d.Oldest.At) + " (mục " + model.Group(d.Oldest.ID) + "). Các mục cũ hơn đã được dọn theo thời hạn lưu nhật ký; mỗi lần dọn là một mục “Dọn mục cũ”."
}

// AuditVerdict is the outcome of a walk along the chain.
type AuditVerdict struct {
	model.AuditCheck
	Asked bool  // the chain was walked
	After int64 // where the walk began
	Whole bool  // it reached the newest entry
	Holds bool
}

// walked says how far the chain holds.
func (v AuditVerdict) walked() string {
	text := "Đã kiểm tra " + model.Group(int64(v.Count)) + " mục"
	if v.After != 0 {
		text += " đứng sau mục " + model.Group(v.After)
	}
	if v.Last != v.After {
		text += ", tới mục " + model.Group(v.Last)
	}
	return text + ": mỗi mục khớp với mục đứng trước nó."
}

func (d AuditData) pages() ui.Pages {
	return ui.Pages{Current: d.Page, Last: d.Last, Href: func(n int) string {
		v := d.Query.values()
		v.Set("trang", itoa(n))
		return "/admin/nhat-ky?" + v.Encode()
	}}
}

// actor is the full name of who made the entry, or the name in it.
func (d AuditData) actor(a model.Audit) string {
	return cmp.Or(d.Names[model.RecordRef{Kind: model.KindUser, ID: a.Actor.UserID}], a.Actor.Name)
}

func (d AuditData) record(a model.Audit) string {
	return d.Names[model.RecordRef{Kind: a.Kind, ID: a.RecordID}]
}

// history is the address of all entries about the record of a.
func (d AuditData) history(a model.Audit) string {
	return "/admin/nhat-ky?" + AuditQuery{Kind: a.Kind, Record: a.RecordID}.values().Encode()
}

// KindName is what people call a kind of record.
func KindName(k model.Kind) string {
	return cmp.Or(map[model.Kind]string{
		model.KindSection: "Chuyên mục", model.KindNews: "Tin tức", model.KindMeeting: "Hội nghị", model.KindUnit: "Đơn vị", model.KindPerson: "Người trong danh bạ",
		model.KindArticle: "Bài viết", model.KindMedia: "Tệp", model.KindSetting: "Thông tin, cài đặt", model.KindLink: "Liên kết", model.KindMoved: "Địa chỉ cũ",
		model.KindUser: "Người dùng", model.KindMenu: "Trình đơn", model.KindAudit: "Nhật ký", model.KindFinding: "Phát hiện khi rà soát", model.KindHost: "Máy chủ được duyệt", model.KindPage: "Trang",
	}[k], string(k))
}

func auditKinds() []Option {
	var list []Option
	for _, k := range []model.Kind{
		model.KindNews, model.KindMeeting, model.KindUnit, model.KindPerson, model.KindMedia, model.KindSection, model.KindMenu, model.KindLink,
		model.KindMoved, model.KindSetting, model.KindUser, model.KindFinding, model.KindHost, model.KindAudit,
	} {
		list = append(list, Option{string(k), KindName(k)})
	}
	return list
}

// auditAction is what people call an action of the audit trail.
func auditAction(action string) string {
	return cmp.Or(map[string]string{
		"create": "Tạo", "update": "Sửa", "delete": "Xóa", "publish": "Đăng", "archive": "Lưu trữ", "restore": "Khôi phục", "send": "Gửi duyệt",
		"withdraw": "Rút lại", "return": "Trả lại", "edit": "Sửa", "discard": "Bỏ bản đang sửa", "name": "Đặt tên phiên bản", "confirm": "Xác nhận còn đúng",
		"close_task": "Đóng nhiệm vụ", "reopen_task": "Mở lại nhiệm vụ", "merge": "Hợp nhất", "replace": "Thay tệp", "import": "Nhập từ tệp",
		"approve": "Duyệt", "take_down": "Gỡ xuống", "reopen": "Mở lại", "put_aside": "Cất tệp lạ",
		model.ActionPrune: "Dọn mục cũ",
	}[action], action)
}

// auditChanges is what an entry says of the change, as people call it.
func auditChanges(a model.Audit) string {
	if p, ok := a.Pruned(); ok {
		return model.Group(p.Count) + " mục, tới mục " + model.Group(p.Last) + ", mã băm " + shortHash(p.Hash)
	}
	return auditFields(a.Fields)
}

// auditFields are the fields that an entry names, as people call them.
func auditFields(fields []string) string {
	known := map[string]string{
		"title": "tiêu đề", "summary": "tóm tắt", "body": "nội dung", "section": "chuyên mục", "byline": "bút danh", "cover": "ảnh bìa", "tags": "thẻ",
		"attachments": "tệp đính kèm", "source": "nguồn", "status": "trạng thái", "visibility": "phạm vi xem", "publish_at": "giờ đăng", "expire_at": "giờ hết hạn",
		"featured": "tin nổi bật", "slug": "địa chỉ", "name": "tên", "name_en": "tên tiếng Anh", "parent": "cấp trên", "parent_id": "cấp trên", "parent_en": "cấp trên (tiếng Anh)",
		"position": "thứ tự", "notice": "thông báo", "address": "địa chỉ", "address_en": "địa chỉ (tiếng Anh)", "email": "thư điện tử", "phone": "điện thoại",
		"numbers": "số điện thoại", "posts": "chức vụ", "photo": "ảnh", "confirmed_on": "ngày xác nhận", "responsible": "người chịu trách nhiệm", "license": "giấy phép",
		"opening": "lượt truy cập ban đầu", "url": "địa chỉ", "items": "các mục", "from": "địa chỉ cũ", "to": "địa chỉ mới", "kind": "loại", "start": "bắt đầu", "end": "kết thúc",
		"place": "địa điểm", "participants": "thành phần", "figures": "số liệu", "conclusions": "kết luận", "tasks": "nhiệm vụ", "agreements": "văn bản ký kết",
		"photos": "ảnh", "news": "tin liên quan", "password": "mật khẩu", "role": "vai trò", "sections": "chuyên mục", "full_name": "họ tên", "disabled": "khóa",
		"factor": "xác thực hai lớp", "must_change": "phải đổi mật khẩu", "recovery_code": "mã khôi phục", "recovery_codes": "mã khôi phục",
		"two_factor_roles": "vai trò phải xác thực hai lớp", "working_copy": "bản đang sửa", "revision": "phiên bản", "own": "người đăng là người viết",
		"until": "đến ngày", "successor": "đơn vị kế tục", "hash": "nội dung tệp", "alt": "lời mô tả", "caption": "chú thích", "credit": "nguồn ảnh",
		"owner": "người viết", "host": "máy chủ", "state": "trạng thái", "file": "tệp", "scan_words": "từ ngữ để rà soát", "html": "nội dung hiển thị",
		"href": "địa chỉ", "label": "tên", "label_en": "tên tiếng Anh", "honorific": "danh xưng", "photo_alt": "lời mô tả ảnh", "logo": "biểu trưng", "banner": "ảnh đầu trang", "hotlines": "đường dây nóng",
	}
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = cmp.Or(known[f], f)
	}
	return strings.Join(names, ", ")
}

// shortHash is the beginning of a hash: enough to compare by eye.
func shortHash(hash string) string { return hash[:min(len(hash), 12)] }
