package congsotest

// Kind is one kind of public page, with the address of an example in the demo.
type Kind struct {
	Name, Path string
	Status     int
}

// KindsOfPages are all that readers may come to.
func KindsOfPages() []Kind {
	return []Kind{
		{"home", "/", 200},
		{"news list", "/tin-tuc", 200},
		{"news list, page 3", "/tin-tuc?trang=3", 200},
		{"tag", "/tin-tuc?the=mot-cua", 200},
		{"section", "/chuyen-muc/thong-bao", 200},
		{"item", "/tin-tuc/hoi-nghi-so-ket-cai-cach-hanh-chinh?tu=trang-chu", 200},
		{"item with attachments", "/tin-tuc/danh-sach-214-thi-sinh-du-thi-vong-2", 200},
		{"meetings", "/hoi-nghi", 200},
		{"meetings filtered", "/hoi-nghi?q=khongcogi", 200},
		{"meeting", "/hoi-nghi/hoi-nghi-so-ket-cong-tac-cai-cach-hanh-chinh-va-ky-ket-quy-che-phoi-hop-mot-cua", 200},
		{"directory", "/danh-ba", 200},
		{"directory searched", "/danh-ba?q=hoa", 200},
		{"unit", "/danh-ba/phong-xay-dung-chinh-quyen-thanh-nien", 200},
		{"former unit", "/danh-ba/phong-cong-tac-thanh-nien", 200},
		{"person", "/danh-ba/nguoi/nguyen-hoang-minh-hoa", 200},
		{"articles", "/bai-viet", 200},
		{"article", "/bai-viet/tro-nang", 200},
		{"meeting to come", "/hoi-nghi/cuoc-hop-kiem-tra-dieu-kien-van-hanh-bo-phan-mot-cua-xa-dao-hon-nhan", 200},
		{"search", "/tim-kiem", 200},
		{"search with results", "/tim-kiem?q=duong", 200},
		{"search without results", "/tim-kiem?q=xyzzyq", 200},
		{"statistics", "/thong-ke", 200},
		{"site map", "/so-do", 200},
		{"404", "/khong-co-trang-nay", 404},
		{"410", "/tin-tuc/lay-y-kien-mau-phieu-khao-sat", 410},
		{"English home", "/en", 200},
		{"English directory", "/en/contacts", 200},
		{"English meetings", "/en/hoi-nghi", 200},
		{"English person", "/en/contacts/nguoi/nguyen-hoang-minh-hoa", 200},
		{"English item", "/en/tin-tuc/hoi-nghi-so-ket-cai-cach-hanh-chinh", 200},
		{"English article", "/en/bai-viet/tro-nang", 200},
	}
}

// HandbookPages are examples of the articles for staff: all that Markdown can show, pictures, wide tables.
func HandbookPages() []string {
	return []string{"/bai-viet/phat-trien-noi-dung", "/bai-viet/so-tay/quan-tri", "/bai-viet/so-tay/viet-tin", "/bai-viet/so-tay/kham-cong"}
}
