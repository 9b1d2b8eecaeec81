package store

// jsonHistory are what was, what is being written, and who did what.
func jsonHistory() []jsonTable {
	return []jsonTable{
		{name: "revisions", table: "revision", about: "Mỗi bản ghi ở từng lần sửa. Không có tệp này thì khi nhập mỗi tin, mỗi cuộc họp được lập lần sửa đầu.", check: checkRevision,
			fields: []jsonField{
				asExact("kind", "Loại bản ghi.").needed(), asWhole("record_id", "Số của bản ghi.").needed(), asWhole("number", "Lần sửa thứ mấy.").needed(),
				asExact("name", "Tên của bản sửa."), asNested("data", "Bản ghi lúc đó."), asRef("user_id", "Người sửa."), asExact("actor", "Tên người sửa."), asTime("at", "Lúc sửa."), asExact("action", "Việc đã làm."),
			}},
		{name: "working-copies", table: "working_copy", about: "Bản đang soạn, người đọc chưa thấy.", check: checkWorkingCopy,
			fields: []jsonField{
				asExact("kind", "Loại bản ghi.").needed(), asWhole("record_id", "Số của bản ghi.").needed(), asWhole("base_revision", "Soạn từ lần sửa thứ mấy."), asWhole("version", "Số lần lưu."),
				asWords("status", "Trạng thái.").oneOf("draft", "review", "returned").needed(), asWords("status_note", "Lời nhắn khi trả lại."), asNested("data", "Nội dung như đã gõ."),
				asRef("owner_id", "Người bắt đầu."), asLabel("owner", "owner_id", "users.name"), asRef("saved_by", "Người lưu sau cùng."), asExact("saved_name", "Tên người lưu sau cùng."),
				asTime("updated_at", "Lần lưu cuối."),
			}},
		{name: "proposals", table: "proposal", about: "Đề xuất cho danh bạ và đề xuất báo xong nhiệm vụ.", check: checkProposal,
			fields: []jsonField{
				asNumber(), asWords("kind", "Loại bản ghi.").oneOf("unit", "person", "meeting").needed(), asWhole("record_id", "Số của bản ghi; 0 là mục mới."), asWhole("base_revision", "Soạn từ lần sửa thứ mấy."),
				asWhole("version", "Số lần sửa đề xuất."), asWords("status", "Trạng thái.").oneOf("review", "returned").needed(), asWords("note", "Lời nhắn."), asWords("name", "Tên mục."),
				asNested("data", "Nội dung đề xuất."), asRef("owner_id", "Người đề xuất.").needed(), asLabel("owner", "owner_id", "users.name"), asTime("updated_at", "Lần sửa cuối."), asPlace(),
			}},
		{name: "audit", table: "audit", about: "Nhật ký. hash là SHA-256 của previous và các trường của dòng, nên sửa một dòng là đứt chuỗi.",
			fields: []jsonField{
				asNumber(), asTime("at", "Lúc làm.").needed(), asWhole("user_id", "Số của tài khoản; 0 là chương trình."), asExact("actor", "Tên người làm."), asExact("action", "Việc đã làm.").needed(),
				asExact("kind", "Loại bản ghi."), asWhole("record_id", "Số của bản ghi."), asExact("fields", "Tên các trường đã đổi, cách nhau bằng dấu phẩy."),
				asExact("previous", "hash của dòng trước."), asExact("hash", "Mã băm của dòng này.").needed(),
			}},
	}
}

// jsonStatistics are the views that were counted.
func jsonStatistics() []jsonTable {
	views := func() jsonField { return asWhole("views", "Số lượt xem.").natural().needed() }
	group := func() []jsonField {
		return []jsonField{asExact("kind", "Loại bản ghi.").needed(), asWhole("section_id", "Chuyên mục; 0 là không có."), asWhole("owner_id", "Người viết; 0 là không có."), views()}
	}
	day, month := asDay("day", "Ngày ở Việt Nam.").needed(), asExact("month", "Tháng: YYYY-MM.").needed()
	path := asExact("path", "Đường dẫn của trang.").needed()
	return []jsonTable{
		{name: "views-total", table: "hit_total", about: "Tổng số lượt xem, chưa kể số ban đầu (Opening trong thiết lập site).",
			fields: []jsonField{asWhole("id", "Luôn là 1.").needed(), views()}},
		{name: "views-by-day", table: "hit_day", about: "Lượt xem, lượt truy cập và số người mỗi ngày.",
			fields: []jsonField{day, views(), asWhole("visits", "Lượt truy cập.").natural(), asWhole("visitors", "Số người.").natural()}},
		{name: "views-by-page", table: "hit_page_total", about: "Lượt xem của mỗi trang.", fields: []jsonField{path, views()}},
		{name: "views-by-page-and-day", table: "hit_page", about: "Lượt xem của mỗi trang mỗi ngày.", fields: []jsonField{path, day, views()}},
		{name: "views-by-page-and-month", table: "hit_page_month", about: "Lượt xem của mỗi trang mỗi tháng.", check: checkMonth, fields: []jsonField{path, month, views()}},
		{name: "views-by-group-and-day", table: "hit_group", about: "Lượt xem tin và hội nghị theo chuyên mục và người viết mỗi ngày.", fields: append([]jsonField{day}, group()...)},
		{name: "views-by-group-and-month", table: "hit_group_month", about: "Lượt xem tin và hội nghị theo chuyên mục và người viết mỗi tháng.", check: checkMonth, fields: append([]jsonField{month}, group()...)},
	}
}
