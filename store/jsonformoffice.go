package store

import "congso/store/model"

// numbersOfOwner are the telephone numbers of a unit or of a person.
func numbersOfOwner(owner, other string) jsonTable {
	return jsonTable{
		name: "numbers", table: "number", owner: owner, order: []string{"position", "id"}, fixed: map[string]any{other: nil},
		about: "Số điện thoại. Số có official = false là số cá nhân: không được công bố.",
		fields: []jsonField{
			asNumber(), asPlace(), asWords("kind", "Loại số.").oneOf("office", "mobile", "fax", "hotline").needed(),
			asExact("e164", "Số theo E.164: +84…").needed(), asFlag("official", "Số công vụ, được công bố.").needed(),
		},
	}
}

func jsonUnits() jsonTable {
	return jsonTable{
		name: "units", table: "unit", about: "Phòng, ban, đơn vị.", made: []string{"sort_key"}, check: checkUnit,
		prepare: func(_ *jsonLoad, row jsonRow) error { row["sort_key"] = model.TextKey(row.text("name")); return nil },
		fields: []jsonField{
			asNumber(), asWords("slug", "Địa chỉ: /danh-ba/{slug}.").needed(), asWords("name", "Tên.").needed(), asWords("name_en", "Tên tiếng Anh."),
			asRef("parent_id", "Đơn vị cấp trên."), asLabel("parent", "parent_id", "unit.slug"), asPlace(), asWords("address", "Địa chỉ trụ sở."), asWords("email", "Thư điện tử."),
			asDay("from_day", "Ngày thành lập."), asDay("until_day", "Ngày cuối cùng còn hoạt động."), asRef("successor_id", "Đơn vị kế thừa."),
			asLabel("successor", "successor_id", "unit.slug"), asWhole("revision", "Số lần sửa.").natural().needed(), asTime("updated_at", "Lần sửa cuối."), asDay("confirmed_on", "Ngày đã soát lại."),
		},
		parts: []jsonTable{numbersOfOwner("unit_id", "person_id")},
	}
}

func jsonPeople() jsonTable {
	return jsonTable{
		name: "people", table: "person", about: "Người trong danh bạ.", made: []string{"sort_key"}, check: checkPerson,
		prepare: func(_ *jsonLoad, row jsonRow) error { row["sort_key"] = model.NameKey(row.text("name")); return nil },
		fields: []jsonField{
			asNumber(), asWords("slug", "Địa chỉ: /danh-ba/nguoi/{slug}.").needed(), asWords("name", "Họ tên.").needed(), asWords("honorific", "Ông, bà."), asWords("email", "Thư điện tử."),
			asRef("photo_media_id", "Ảnh."), asLabel("photo", "photo_media_id", "media.hash"), asWords("photo_alt", "Lời mô tả ảnh."), asDay("confirmed_on", "Ngày đã soát lại."),
			asWhole("revision", "Số lần sửa.").natural().needed(), asTime("updated_at", "Lần sửa cuối."),
		},
		parts: []jsonTable{
			{name: "posts", table: "post", owner: "person_id", order: []string{"id"}, about: "Chức vụ, đang giữ và đã giữ.",
				fields: []jsonField{
					asNumber(), asRef("unit_id", "Đơn vị.").needed(), asLabel("unit", "unit_id", "unit.slug"), asWords("title", "Chức vụ.").needed(), asWords("title_en", "Chức vụ bằng tiếng Anh."),
					asWhole("rank", "Thứ bậc; 1 là người đứng đầu.").needed(), asDay("from_day", "Từ ngày."), asDay("until_day", "Đến hết ngày."),
				}},
			numbersOfOwner("person_id", "unit_id"),
		},
	}
}

func jsonMeetingKinds() jsonTable {
	return jsonTable{
		name: "meeting-kinds", table: "meeting_kind", about: "Các loại cuộc họp đã dùng.",
		fields: []jsonField{asNumber(), asWords("name", "Tên loại.").needed()},
	}
}

func jsonMeetings() jsonTable {
	part := func(name, table, about string, fields ...jsonField) jsonTable {
		return jsonTable{name: name, table: table, owner: "meeting_id", order: []string{"position"}, about: about, fields: append([]jsonField{asPlace()}, fields...)}
	}
	people := part("participants", "meeting_participant", "Người dự.",
		asWords("name", "Họ tên.").needed(), asWords("held_position", "Chức vụ vào ngày họp."), asWords("role", "Vai trò.").oneOf("chair", "secretary", "attendee", "signer").needed(),
		asRef("person_id", "Người trong danh bạ."), asLabel("person", "person_id", "person.slug"))
	people.made = []string{"name_fold"}
	people.prepare = func(_ *jsonLoad, row jsonRow) error { row["name_fold"] = model.Fold(row.text("name")); return nil }
	agreements := part("agreements", "meeting_agreement", "Văn bản đã ký kết.", asWords("title", "Tên văn bản.").needed())
	parties := part("parties", "meeting_party", "Các bên ký.", asWords("name", "Tên bên ký.").needed())
	parties.above = map[string]string{"agreement": "position"}
	agreements.parts = []jsonTable{parties}
	return jsonTable{
		name: "meetings", table: "meeting", about: "Hội nghị, cuộc họp.", made: []string{"html", "html_version", "text_fold"}, prepare: prepareMeeting, check: checkMeeting,
		fields: append([]jsonField{
			asNumber(), asWords("slug", "Địa chỉ: /hoi-nghi/{slug}.").needed(), asWords("title", "Tên.").needed(), asWords("kind", "Loại cuộc họp.").needed(),
			asTime("start_at", "Bắt đầu.").needed(), asTime("end_at", "Kết thúc."), asWords("place", "Nơi họp."), asWords("summary", "Diễn biến, viết bằng Markdown."),
			asRef("news_id", "Tin đưa về cuộc họp."), asLabel("news", "news_id", "news.slug"),
		}, jsonWorkflow()...),
		parts: []jsonTable{
			people,
			part("figures", "meeting_figure", "Số liệu.", asWords("label", "Tên số liệu.").needed(), asExact("value", "Giá trị, dấu thập phân là dấu chấm.").needed(), asWords("unit", "Đơn vị tính.")),
			part("conclusions", "meeting_conclusion", "Kết luận.", asWords("text", "Lời kết luận.").needed()),
			part("tasks", "meeting_task", "Nhiệm vụ giao.", asWords("text", "Việc phải làm.").needed(), asRef("unit_id", "Đơn vị làm."), asLabel("unit", "unit_id", "unit.slug"),
				asDay("due_day", "Hạn."), asFlag("done", "Đã xong."), asWords("proof", "Địa chỉ chứng minh đã xong.")),
			agreements,
			part("photos", "meeting_photo", "Ảnh.", asRef("media_id", "Số của tệp.").needed(), asLabel("hash", "media_id", "media.hash"), asWords("alt", "Lời mô tả."), asWords("caption", "Chú thích.")),
			jsonAttachments(model.KindMeeting),
		},
	}
}

// jsonFrame are the records around the pages.
func jsonFrame() []jsonTable {
	return []jsonTable{
		{name: "linked-sites", table: "linked_site", about: "Trang liên kết ở chân mỗi trang.", check: checkLinkedSite,
			fields: []jsonField{asNumber(), asWords("name", "Tên.").needed(), asWords("url", "Địa chỉ.").needed(), asPlace()}},
		{name: "menu", table: "menu_item", about: "Mục của trình đơn.",
			fields: []jsonField{asNumber(), asRef("parent_id", "Mục ở trên."), asPlace(), asWords("label", "Nhãn.").needed(), asWords("label_en", "Nhãn tiếng Anh."), asWords("href", "Địa chỉ.").needed()}},
		{name: "redirects", table: "redirect", about: "Địa chỉ của trang cũ và nơi nó dẫn tới (301).", check: checkRedirectLine,
			fields: []jsonField{asExact("from_path", "Địa chỉ cũ.").needed(), asExact("to_path", "Nơi tới.").needed(), asTime("created_at", "Lúc lập.")}},
		{name: "old-slugs", table: "old_slug", about: "Địa chỉ mà bản ghi từng có; vẫn dẫn tới bản ghi.",
			fields: []jsonField{asExact("kind", "Loại bản ghi.").needed(), asExact("slug", "Địa chỉ từng có.").needed(), asWhole("record_id", "Số của bản ghi.").needed()}},
		{name: "origins", table: "origin", about: "Bản ghi nhập từ cổng khác, để không nhập hai lần.",
			fields: []jsonField{
				asExact("source", "Địa chỉ của cổng ấy.").needed(), asExact("key", "Tên của bản ghi ở đó.").needed(), asExact("kind", "Loại bản ghi.").needed(),
				asWhole("record_id", "Số của bản ghi ở đây.").needed(), asExact("hash", "Mã băm của những gì đã đọc."),
			}},
		{name: "approved-hosts", table: "approved_host", about: "Trang khác mà liên kết được phép dẫn tới.",
			fields: []jsonField{
				asExact("host", "Tên miền, không có www.").needed(), asRef("user_id", "Người cho phép."), asExact("actor", "Tên người cho phép."), asTime("at", "Lúc cho phép."),
			}},
		{name: "findings", table: "finding", about: "Những gì lần quét liên kết lạ đã thấy, và đã xử lý thế nào.",
			fields: []jsonField{
				asNumber(), asExact("finding_key", "Mã băm cho biết hai lần thấy là cùng một chỗ.").needed(), asExact("kind", "Loại.").needed(), asExact("place", "Thấy ở đâu.").needed(),
				asWhole("record_id", "Số của bản ghi; 0 là không có."), asWhole("section_id", "Chuyên mục; 0 là không có."), asExact("path", "Địa chỉ trang hay tệp."),
				asExact("title", "Tên bản ghi."), asExact("field", "Trường."), asWhole("line", "Dòng."), asExact("value", "Thấy gì."), asExact("excerpt", "Đoạn quanh đó."),
				asExact("state", "Trạng thái.").oneOf("open", "approved", "down", "gone").needed(), asRef("user_id", "Người xử lý."), asExact("actor", "Tên người xử lý."),
				asTime("first_at", "Lần đầu thấy."), asTime("last_at", "Lần cuối thấy."), asTime("decided_at", "Lúc xử lý."), asWhole("scan", "Số của lần quét cuối thấy nó."),
			}},
	}
}
