package adminpage

import (
	"congso/store/model"
	"congso/views/layout"
	"congso/views/ui"
)

// ContactRight is what the user may do at the directory's desk.
type ContactRight struct {
	Edit    bool // otherwise only propose
	Propose bool
}

// ContactsData is the directory's desk.
type ContactsData struct {
	Right     ContactRight
	Query     string
	Unit      int64
	Filter    string
	Filters   []Option
	Units     []UnitLine // in the order of the tree
	Former    []model.Unit
	Choices   []Option // of units, for the filter
	Rows      []ContactLine
	Total     int
	Pages     ui.Pages
	Proposals []model.Proposal
}

// UnitLine is a unit of the tree.
type UnitLine struct {
	model.Unit
	Depth  int
	People int
	Stale  bool // not confirmed for long
}

// ContactLine is a line of the list: somebody, or a unit that nobody has confirmed for long.
type ContactLine struct {
	Kind        model.Kind
	ID          int64
	Name        string
	Posts       []string
	Numbers     []model.Number
	ConfirmedOn model.Day
	Stale       bool
	Gone        bool // holds no post
}

// Href is the page of the entry.
func (l ContactLine) Href() string { return ContactHref(l.Kind, l.ID) }

// Value names the entry in a form.
func (l ContactLine) Value() string { return string(l.Kind) + "-" + itoa(int(l.ID)) }

// ContactHref is the page of an entry at the desk.
func ContactHref(kind model.Kind, id int64) string {
	if kind == model.KindUnit {
		return "/admin/danh-ba/don-vi/" + itoa(int(id))
	}
	return "/admin/danh-ba/nguoi/" + itoa(int(id))
}

// Compared is a field that differs between two versions of a record.
type Compared struct{ Label, Before, After string }

// ContactFormData is the form of a unit or a person.
type ContactFormData struct {
	Kind       model.Kind
	Right      ContactRight
	ID         int64 // 0 for a new entry
	Action     string
	PublicHref string   // "" when it has no page of its own
	Units      []Option // without the unit itself
	Conflict   []Compared
	Proposal   model.Proposal // that the form shows, ID 0 for none
	Waiting    []model.Proposal
	Stale      bool
	Confirmed  model.Day
	Gone       bool          // the person holds no post any more
	Archived   bool          // and that can be undone
	Photo      model.Media   // chosen in the form
	People     []ContactLine // of a unit
}

// MergeData is the form for a merge with what it would do.
type MergeData struct {
	Unit    model.Unit
	Choices []Option
	Plan    *model.UnitMerge // nil before the first look
}

// ImportData is the page for an import: the form, or the plan of a file.
type ImportData struct {
	ID       int64 // of the kept file, 0 before the upload
	Name     string
	Plan     model.ImportPlan
	Shown    []model.ImportRow
	Filter   string
	Pages    ui.Pages
	Print    string // the plan's fingerprint
	Conflict bool
}

// ProposalData is a proposal beside what is there.
type ProposalData struct {
	Proposal model.Proposal
	Right    ContactRight
	Own      bool
	Moved    bool // the record has moved on since
	Changes  []Compared
}

// NumberKindName is what people call such a number.
func NumberKindName(kind model.NumberKind) string {
	return map[model.NumberKind]string{
		model.NumberOffice: "Cơ quan", model.NumberMobile: "Di động", model.NumberFax: "Fax", model.NumberHotline: "Đường dây nóng",
	}[kind]
}

// MarkName says whether a number is official.
func MarkName(official bool) string {
	if official {
		return "chính thức"
	}
	return "cá nhân"
}

// OutcomeName is what people call what an import does with a row.
func OutcomeName(o model.ImportOutcome) string {
	return map[model.ImportOutcome]string{
		model.ImportAdd: "Thêm", model.ImportChange: "Sửa", model.ImportSame: "Giữ nguyên", model.ImportFault: "Lỗi",
	}[o]
}

func outcomeBadge(o model.ImportOutcome) string {
	return map[model.ImportOutcome]string{model.ImportAdd: "good", model.ImportChange: "busy", model.ImportSame: "calm", model.ImportFault: "late"}[o]
}

func numberKinds() []Option {
	return []Option{{"", "Theo đầu số"}, {"office", "Cơ quan"}, {"mobile", "Di động"}, {"fax", "Fax"}, {"hotline", "Đường dây nóng"}}
}

func numberMarks() []Option {
	return []Option{{"", "Theo loại (di động là cá nhân)"}, {"official", "Chính thức: công khai"}, {"personal", "Cá nhân: chỉ nội bộ"}}
}

// typedRows are the numbers of the rows of that field in the form.
func typedRows(f *layout.Form, field string) []int {
	rows := make([]int, len(f.Values[field]))
	for i := range rows {
		rows[i] = i
	}
	return rows
}

func typedCell(f *layout.Form, field string, i int) string {
	if list := f.Values[field]; i < len(list) {
		return list[i]
	}
	return ""
}

// proposalForm is the address of the form with the proposal in it.
func proposalForm(p model.Proposal) string {
	query := "?de-xuat=" + itoa(int(p.ID))
	switch {
	case p.RecordID != 0:
		return ContactHref(p.Kind, p.RecordID) + query
	case p.Kind == model.KindUnit:
		return "/admin/danh-ba/don-vi/moi" + query
	}
	return "/admin/danh-ba/nguoi/moi" + query
}

// importQuery keeps in an address what was chosen for the plan.
func importQuery(d ImportData) string {
	if d.Plan.NewUnits {
		return "&moi=1"
	}
	return ""
}

// ImportGuide says what a file of contacts may hold.
func ImportGuide() []string {
	return []string{
		"Dòng tiêu đề có tên các cột, thứ tự tùy ý, có dấu hay không dấu đều được. Cột không nhận ra thì bỏ qua.",
		"Mỗi dòng là một người trong một chức vụ. Dòng để trống họ tên là của chính đơn vị: số máy, địa chỉ, đơn vị cấp trên.",
		"Người được nhận ra theo mã danh bạ, theo thư điện tử, hoặc theo họ tên và đơn vị; không ai bị thêm hai lần.",
		"Ô để trống không xóa gì. Nhiều số trong một ô cách nhau bằng dấu chấm phẩy.",
		"Số di động là số cá nhân, trừ khi sau số ghi (chính thức) hoặc cột «Di động là số chính thức» ghi có. Số đã có trong danh bạ giữ nguyên đánh dấu cũ.",
		"Ngày ghi ngày/tháng/năm. Thứ bậc 1 là người đứng đầu cơ quan, 2 là cấp phó; để trống là 9.",
	}
}
