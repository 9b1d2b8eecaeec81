package adminpage

import (
	"cmp"
	"net/url"
	"strings"
	"time"

	"congso/store/model"
	"congso/views/ui"
)

// ScanQuery is what of the findings is asked for.
type ScanQuery struct {
	State model.FindingState // "" for all
	Kind  model.FindingKind
	Place model.Kind
	Value string
}

// ScanData is a page of what the guard against planted links has found.
type ScanData struct {
	List              []model.Finding
	Total, Page, Last int
	Query             ScanQuery
	State             model.ScanState
	May               bool // the user may decide
}

func (d ScanData) pages() ui.Pages {
	return ui.Pages{Current: d.Page, Last: d.Last, Href: func(n int) string {
		v := url.Values{"trang": {itoa(n)}, "trang-thai": {cmp.Or(string(d.Query.State), "moi")}}
		for name, value := range map[string]string{"loai": string(d.Query.Kind), "noi": string(d.Query.Place), "la": d.Query.Value} {
			if value != "" {
				v.Set(name, value)
			}
		}
		return "/admin/ra-soat?" + v.Encode()
	}}
}

// when says when all was looked at last.
func (d ScanData) when() string {
	switch {
	case d.State.Error != "":
		return "Lần rà soát toàn bộ gần nhất không làm được. Xin bộ phận kỹ thuật chạy “congso scan” trên máy chủ để xem nguyên nhân."
	case d.State.At.IsZero():
		return "Chưa rà soát toàn bộ lần nào. Chương trình tự làm việc này mỗi đêm, và xem từng bài ngay sau khi lưu."
	}
	return "Rà soát toàn bộ gần nhất: " + model.DateTime(d.State.At) + ". Chương trình tự làm mỗi đêm, và xem từng bài ngay sau khi lưu."
}

func scanStates() []Option {
	return []Option{
		{string(model.FindingOpen), "Chưa xử lý"}, {string(model.FindingApproved), "Đã duyệt, không phải lỗi"}, {string(model.FindingDown), "Đã gỡ xuống"},
		{string(model.FindingGone), "Không còn nữa"}, {"moi", "Mọi trạng thái"},
	}
}

// stateName is what people call the state of a finding.
func findingState(s model.FindingState) string {
	for _, o := range scanStates() {
		if o.Value == string(s) {
			return o.Label
		}
	}
	return string(s)
}

// FindingName is what people call a kind of finding.
func FindingName(k model.FindingKind) string {
	return cmp.Or(map[model.FindingKind]string{
		model.FoundHost: "Liên kết tới máy chủ chưa duyệt", model.FoundWord: "Từ ngữ cờ bạc, thuốc", model.FoundHidden: "Chữ hoặc liên kết bị giấu",
		model.FoundScript: "Mã script hoặc kiểu chữ lạ", model.FoundFrame: "Khung nhúng", model.FoundForm: "Biểu mẫu gửi đi nơi khác", model.FoundEvent: "Thuộc tính chạy mã",
		model.FoundAddress: "Địa chỉ chạy mã", model.FoundRefresh: "Trang tự chuyển đi nơi khác", model.FoundFile: "Tệp lạ", model.FoundDisguise: "Tệp không đúng như tên",
		model.FoundAltered: "Nội dung bị sửa ngoài cổng",
	}[k], string(k))
}

func scanKinds() []Option {
	var list []Option
	for _, k := range model.FindingKinds() {
		list = append(list, Option{string(k), FindingName(k)})
	}
	return list
}

func scanPlaces() []Option {
	var list []Option
	for _, k := range []model.Kind{
		model.KindNews, model.KindMeeting, model.KindPage, model.KindArticle, model.KindMedia, model.KindMenu, model.KindLink, model.KindMoved, model.KindSetting,
		model.KindSection, model.KindUnit, model.KindPerson,
	} {
		list = append(list, Option{string(k), KindName(k)})
	}
	return list
}

// FindingTitle names the place of a finding.
func FindingTitle(f model.Finding) string {
	title := cmp.Or(f.Title, f.Path)
	if f.Place == model.KindSetting {
		title = ""
	}
	if title == "" {
		return KindName(f.Place)
	}
	return KindName(f.Place) + " “" + title + "”"
}

// findingWhere says in which part of the place it is, "" for the whole.
func findingWhere(f model.Finding) string {
	field := f.Field
	if f.Place == model.KindSetting { // as the setting is kept: NameEN
		field = strings.ToLower(strings.Replace(field, "EN", "_en", 1))
	}
	where := auditFields([]string{field})
	if f.Field == "" {
		where = ""
	}
	if f.Line > 0 {
		where = strings.TrimPrefix(where+", dòng "+itoa(f.Line), ", ")
	}
	if f.Path != "" && f.Path != f.Title {
		where = strings.TrimPrefix(where+", "+f.Path, ", ")
	}
	return where
}

// findingPage is the page on which the place can be looked at and corrected, "" for none.
func findingPage(f model.Finding) string {
	id := "/" + number64(f.RecordID)
	switch f.Place {
	case model.KindNews:
		return "/admin/tin-tuc" + id
	case model.KindMeeting:
		return "/admin/hoi-nghi" + id
	case model.KindMedia:
		if f.RecordID != 0 {
			return "/admin/tep" + id
		}
	case model.KindUnit:
		return "/admin/danh-ba/don-vi" + id
	case model.KindPerson:
		return "/admin/danh-ba/nguoi" + id
	case model.KindSection:
		return "/admin/chuyen-muc" + id
	case model.KindLink:
		return "/admin/lien-ket" + id
	case model.KindMenu:
		return "/admin/trinh-don"
	case model.KindMoved:
		return "/admin/dia-chi-cu?" + url.Values{"q": {f.Path}}.Encode()
	case model.KindSetting:
		return "/admin/trang"
	case model.KindPage:
		return f.Path
	}
	return ""
}

// downLabel is what the button says that takes the place of the finding down, "" when that has to be done by hand.
func downLabel(f model.Finding) string {
	switch f.Place {
	case model.KindNews, model.KindMeeting:
		if f.Field == "working_copy" {
			return "Bỏ bản đang sửa"
		}
		return "Gỡ xuống"
	case model.KindMenu, model.KindLink, model.KindMoved:
		return "Gỡ xuống"
	case model.KindMedia:
		if f.RecordID == 0 {
			return "Cất tệp đi"
		}
		return "Gỡ xuống"
	}
	return ""
}

// byHand says what to do about a finding that has no button.
func byHand(f model.Finding) string {
	if f.Place == model.KindArticle {
		return "Sửa hoặc xóa tệp này trong thư mục bài viết trên máy chủ."
	}
	if downLabel(f) == "" && f.State == model.FindingOpen {
		return "Mở nơi này để sửa."
	}
	return ""
}

// excerpt is a place in a text, with what it is about apart.
type excerpt struct{ Before, Marked, After string }

// marked finds in the excerpt of a finding what it is about, with accents or without.
func marked(f model.Finding) excerpt {
	words, about := model.Tokens(f.Excerpt), model.Tokens(f.Value)
	for i := range words {
		if len(about) == 0 || i+len(about) > len(words) {
			break
		}
		same := true
		for k := range about {
			same = same && words[i+k].Folded == about[k].Folded
		}
		if same {
			from, to := words[i].Start, words[i+len(about)-1].End
			return excerpt{f.Excerpt[:from], f.Excerpt[from:to], f.Excerpt[to:]}
		}
	}
	return excerpt{Before: f.Excerpt}
}

// disguise says what is wrong with a file, where its excerpt is not what stands in it; "" for others.
func disguise(f model.Finding) string {
	if f.Kind != model.FoundDisguise {
		return ""
	}
	return map[string]string{"size": "Tệp không còn cỡ như lúc tải lên.", "hash": "Tệp không còn đúng từng byte như lúc tải lên."}[f.Value]
}

// altered names the fields of a finding that a record is not what it was.
func altered(f model.Finding) string {
	fields := strings.Fields(strings.Trim(f.Excerpt, "[]"))
	return "Khác với bản đã đăng theo nhật ký: " + auditFields(fields) + "."
}

// FoundHost is a host that awaits approval.
type FoundHost struct {
	Host  string
	Count int
	First model.Finding
}

// ApprovedHost is a host to which links may lead.
type ApprovedHost struct {
	Host, By string
	At       time.Time
}

// ScanHostsData are the hosts that await approval, and those that are approved.
type ScanHostsData struct {
	Found    []FoundHost
	Approved []ApprovedHost
}

// TypedHost is the host that somebody typed, be it as an address.
func TypedHost(text string) string {
	if strings.Contains(text, "//") {
		return cmp.Or(model.LinkHost(text), text)
	}
	host, _, _ := strings.Cut(text, "/")
	return host
}
