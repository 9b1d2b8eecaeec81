package adminpage

// tool is a button above the text.
type tool struct{ Name, Label, Title string }

// toolGroups are the buttons above the text, in groups.
func toolGroups() [][]tool {
	return [][]tool{
		{{"bold", "Đậm", "Chữ đậm (Ctrl+B)"}, {"italic", "Nghiêng", "Chữ nghiêng (Ctrl+I)"}},
		{{"h2", "Đề mục lớn", "Đề mục lớn (Ctrl+Alt+2)"}, {"h3", "Đề mục nhỏ", "Đề mục nhỏ (Ctrl+Alt+3)"}},
		{{"list", "• Danh sách", "Danh sách có dấu chấm"}, {"numbered", "1. Đánh số", "Danh sách đánh số"}, {"quote", "Trích dẫn", "Đoạn trích dẫn"}},
		{{"link", "Liên kết", "Liên kết (Ctrl+K)"}, {"table", "Bảng", "Bảng mới"}, {"picture", "Ảnh", "Ảnh mới"}, {"footnote", "Chú thích", "Chú thích cuối trang"}},
		{{"undo", "Hoàn tác", "Hoàn tác (Ctrl+Z)"}, {"redo", "Làm lại", "Làm lại (Ctrl+Y)"}, {"help", "Trợ giúp", "Phím tắt và cách viết (F1)"}},
	}
}

// shortcut is a key and what it does.
type shortcut struct{ Keys, Does string }

func shortcuts() []shortcut {
	return []shortcut{
		{"Ctrl+B", "Chữ đậm"}, {"Ctrl+I", "Chữ nghiêng"}, {"Ctrl+K", "Liên kết"}, {"Ctrl+Alt+2", "Đề mục lớn"}, {"Ctrl+Alt+3", "Đề mục nhỏ"},
		{"Ctrl+Z", "Hoàn tác"}, {"Ctrl+Y", "Làm lại"}, {"Ctrl+S", "Lưu"}, {"Ctrl+Enter", "Xem trước"}, {"Ctrl+Shift+V", "Dán chữ thường, bỏ định dạng"},
		{"F1", "Bảng này"},
	}
}
