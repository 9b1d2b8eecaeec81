package store

import "congso/store/model"

func jsonSetting() jsonTable {
	return jsonTable{
		name: "settings", table: "setting", about: "Thiết lập của cổng: site là thông tin về cơ quan, audit_head là mã băm của dòng nhật ký mới nhất.",
		where: jsonSettings, check: checkSetting,
		fields: []jsonField{asExact("name", "Tên thiết lập.").needed(), asNested("value", "Giá trị.")},
	}
}

func jsonUsers() jsonTable {
	return jsonTable{
		name: "users", table: "users", about: "Tài khoản quản trị.", check: checkAccount,
		fields: []jsonField{
			asNumber(), asWords("name", "Tên đăng nhập.").needed(), asWords("full_name", "Họ tên.").needed(), asWords("email", "Thư điện tử."),
			asWords("role", "Vai trò.").oneOf("staff", "author", "editor", "admin").needed(),
			asFlag("disabled", "Tài khoản đã khóa."), asFlag("must_change", "Phải đổi mật khẩu ở lần đăng nhập tới."),
			asTime("created_at", "Ngày lập."), asTime("updated_at", "Lần sửa cuối."),
			asExact("password_hash", "Mật khẩu đã băm bằng argon2id; trống thì chưa đăng nhập được.").hidden(),
			asExact("totp_secret", "Khóa của xác thực hai lớp.").hidden(), asWhole("totp_step", "Mã dùng một lần đã dùng gần nhất.").hidden(),
		},
		parts: []jsonTable{
			{name: "sections", table: "users_section", owner: "user_id", order: []string{"section_id"}, about: "Chuyên mục được giao; trống là mọi chuyên mục.",
				fields: []jsonField{asRef("section_id", "Số của chuyên mục.").needed(), asLabel("section", "section_id", "section.slug")}},
			{name: "recovery_codes", table: "recovery_code", owner: "user_id", order: []string{"code_hash"}, secret: true, about: "Mã khôi phục, đã băm.",
				fields: []jsonField{asExact("code_hash", "Mã đã băm.").needed(), asTime("used_at", "Lúc đã dùng.")}},
		},
	}
}

func jsonSection() jsonTable {
	return jsonTable{
		name: "sections", table: "section", about: "Chuyên mục tin.", check: checkSection,
		fields: []jsonField{
			asNumber(), asWords("slug", "Địa chỉ: /chuyen-muc/{slug}.").needed(), asWords("name", "Tên.").needed(), asWords("name_en", "Tên tiếng Anh."),
			asRef("parent_id", "Chuyên mục cha."), asLabel("parent", "parent_id", "section.slug"), asPlace(), asFlag("notice", "Tin của chuyên mục là thông báo."),
		},
	}
}

func jsonMedia() jsonTable {
	uses := func(name, table, about string) jsonTable {
		return jsonTable{name: name, table: table, owner: "media_id", order: []string{"kind", "record_id"}, about: about,
			fields: []jsonField{asExact("kind", "Loại bản ghi.").needed(), asWhole("record_id", "Số của bản ghi.").needed()}}
	}
	return jsonTable{
		name: "media", table: "media", about: "Ảnh và tệp đính kèm. Tệp nằm ở media/{hai số đầu của hash}/{hash} và phần mở rộng; ảnh còn có các cỡ nhỏ hơn.",
		check: checkMedia, made: []string{"text_fold"}, prepare: prepareMedia,
		fields: []jsonField{
			asNumber(), asExact("hash", "SHA-256 của nội dung.").needed(), asWords("name", "Tên tệp.").needed(), asExact("mime", "Loại tệp.").needed(),
			asWhole("bytes", "Số byte.").natural().needed(), asWhole("width", "Chiều ngang của ảnh, bằng điểm ảnh; với ảnh phải có.").natural(), asWhole("height", "Chiều cao của ảnh; với ảnh phải có.").natural(),
			asWords("alt", "Lời mô tả cho người không nhìn thấy."), asWords("caption", "Chú thích."), asWords("credit", "Người chụp, nguồn."),
			asRef("uploaded_by", "Người tải lên."), asLabel("uploader", "uploaded_by", "users.name"), asTime("created_at", "Ngày tải lên."),
			asTime("archived_at", "Ngày cất đi."),
		},
		parts: []jsonTable{
			uses("used_by", "media_use", "Bản ghi nào dùng tệp; của tin và hội nghị thì khi nhập lại được tính lại."),
			uses("kept_for_revisions_of", "media_revision", "Bản ghi nào có bản cũ nhắc tới tệp."),
			{name: "made_from", table: "origin_file", owner: "media_id", order: []string{"hash"}, about: "Tệp của cổng cũ mà tệp này được làm ra từ đó.",
				fields: []jsonField{asExact("hash", "SHA-256 của tệp cũ.").needed()}},
		},
	}
}

func jsonTag() jsonTable {
	return jsonTable{
		name: "tags", table: "tag", about: "Thẻ của tin.", check: checkTag,
		fields: []jsonField{asNumber(), asWords("slug", "Địa chỉ.").needed(), asWords("name", "Thẻ.").needed()},
	}
}

// jsonAttachments are those of records of a kind.
func jsonAttachments(kind model.Kind) jsonTable {
	return jsonTable{
		name: "attachments", table: "attachment", owner: "record_id", order: []string{"position"}, fixed: map[string]any{"kind": string(kind)}, about: "Tệp đính kèm.",
		fields: []jsonField{asPlace(), asWords("title", "Tên hiện cho người đọc.").needed(), asRef("media_id", "Số của tệp.").needed(), asLabel("hash", "media_id", "media.hash")},
	}
}

// jsonWorkflow are the fields that news and meetings have in common.
func jsonWorkflow() []jsonField {
	return []jsonField{
		asWords("status", "Trạng thái.").oneOf("draft", "review", "returned", "published", "archived").needed(), asWords("status_note", "Lời nhắn khi trả lại."),
		asWords("visibility", "Ai xem được: mọi người, hay chỉ nội bộ.").oneOf("public", "internal").needed(),
		asTime("publish_at", "Lúc đăng."), asTime("expire_at", "Lúc hết hạn."), asWhole("revision", "Số lần sửa.").natural().needed(),
		asFlag("coming", "Đã duyệt, chờ đến giờ đăng."), asRef("owner_id", "Người viết."), asLabel("owner", "owner_id", "users.name"),
		asTime("created_at", "Lúc lập."), asTime("updated_at", "Lần sửa cuối."),
	}
}

func jsonNews() jsonTable {
	return jsonTable{
		name: "news", table: "news", about: "Tin và thông báo.", made: []string{"html", "html_version", "text_fold"}, prepare: prepareNews, check: checkNews,
		fields: append([]jsonField{
			asNumber(), asWords("slug", "Địa chỉ: /tin-tuc/{slug}.").needed(), asWords("title", "Tiêu đề.").needed(), asWords("summary", "Tóm tắt."),
			asWords("body", "Nội dung, viết bằng Markdown."), asRef("section_id", "Chuyên mục.").needed(), asLabel("section", "section_id", "section.slug"),
			asWords("byline", "Tác giả hiện dưới bài."), asWords("source", "Nguồn."), asRef("cover_media_id", "Ảnh bìa."), asLabel("cover", "cover_media_id", "media.hash"),
			asWords("cover_alt", "Lời mô tả ảnh bìa."), asWords("cover_caption", "Chú thích ảnh bìa."), asFlag("featured", "Tin nổi bật."),
		}, jsonWorkflow()...),
		parts: []jsonTable{
			{name: "tags", table: "news_tag", owner: "news_id", order: []string{"position", "tag_id"}, about: "Thẻ.",
				fields: []jsonField{asPlace(), asRef("tag_id", "Số của thẻ.").needed(), asLabel("tag", "tag_id", "tag.slug")}},
			jsonAttachments(model.KindNews),
		},
	}
}
