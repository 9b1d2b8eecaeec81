package adminpage

// faultWords are title and text of the page for a status.
func faultWords(status int) (title, text string) {
	switch status {
	case 403:
		return "Không được phép", "Tài khoản của bạn không có quyền làm việc này. Nếu cần, xin nhờ người quản trị của cơ quan."
	case 404:
		return "Không tìm thấy", "Không có gì ở địa chỉ này: có thể đã được chuyển đi, hoặc địa chỉ bị gõ nhầm."
	case 405:
		return "Địa chỉ này không mở trực tiếp được", "Địa chỉ này chỉ dùng cho các nút bấm trong trang quản trị."
	case 409:
		return "Đã có người sửa trước", "Bản ghi đã thay đổi từ khi bạn mở nó. Xin quay lại, mở bản mới nhất và sửa lại."
	case 413:
		return "Dữ liệu quá lớn", "Nội dung gửi lên vượt quá 2 MB nên không được nhận. Xin quay lại và rút ngắn; ảnh và tệp được tải lên riêng."
	case 429:
		return "Xin chờ một chút", "Có quá nhiều yêu cầu trong thời gian ngắn. Xin thử lại sau ít phút."
	case 503:
		return "Tạm thời gián đoạn", "Hệ thống tạm thời chưa đọc được dữ liệu; chưa có gì được lưu. Xin quay lại và thử lại sau ít phút."
	}
	if status == 507 {
		title, text = unwrittenWords(status)
		return title, text + " Chưa có gì được lưu."
	}
	if status < 500 {
		return "Yêu cầu không hợp lệ", "Dữ liệu gửi lên không đọc được. Xin quay lại và thử lại."
	}
	return "Có lỗi xảy ra", "Hệ thống gặp lỗi khi trả lời yêu cầu này. Lỗi đã được ghi lại; xin thử lại sau ít phút."
}

// unwrittenWords are title and text of the page for what could not be written for now.
func unwrittenWords(status int) (title, text string) {
	if status == 507 {
		return "Máy chủ đã hết chỗ chứa", "Ổ đĩa của máy chủ đã đầy nên không ghi thêm được gì; bạn đọc vẫn xem trang bình thường. Xin báo cho bộ phận quản trị để giải phóng chỗ trống."
	}
	return "Tạm thời gián đoạn", "Hệ thống tạm thời chưa ghi được dữ liệu. Xin thử lại sau ít phút; nếu vẫn không được, xin báo cho bộ phận quản trị."
}

// FaultTitle is the title of the page for a status.
func FaultTitle(status int) string {
	title, _ := faultWords(status)
	return title
}
