package model_test

import (
	"errors"
	"strings"
	"testing"

	"congso/store/model"
)

func TestCheckPassword(t *testing.T) {
	u := model.User{Name: "hoa.tran", FullName: "Trần Thị Hoa"}
	for password, fault := range map[string]string{
		"mưa rào tháng sáu":                "",
		"Cầu treo đỏ 7 nhịp":               "",
		"ệệệệệ12345abcde":                  "",
		"chín ký tự":                       "",
		strings.Repeat("abcde ", 33):       "",
		"9 chữ thô":                        "ít nhất 10 ký tự",
		"e\u0323\u0302e\u0323\u0302abcdef": "ít nhất 10 ký tự", // ệ typed as three letters is one
		"":                                 "ít nhất 10 ký tự",
		strings.Repeat("abcdef ", 29):      "dài quá 200",
		"aaaaaaaaaaaaaaa":                  "lặp lại",
		"ababcdcdabab":                     "lặp lại",
		"1234567890":                       "quá dễ đoán",
		"15062026150626":                   "quá dễ đoán",
		"0905 123 456":                     "quá dễ đoán",
		"Mật khẩu 123":                     "quá dễ đoán",
		"MatKhau@2026":                     "quá dễ đoán",
		"matkhaumatkhau":                   "quá dễ đoán",
		"P@ssw0rd2026":                     "quá dễ đoán",
		"password123!":                     "quá dễ đoán",
		"Sở Nội vụ 2026":                   "quá dễ đoán",
		"Anh yêu em nhiều lắm":             "quá dễ đoán",
		"1qaz2wsx3edc":                     "quá dễ đoán",
		"qwertyuiop":                       "quá dễ đoán",
		"hoa.tran 2026!":                   "tên của chính bạn",
		"HOATRAN-xyz-88":                   "tên của chính bạn",
		"bà Trần Thị Hoà đây":              "tên của chính bạn",
	} {
		err := model.CheckPassword(u, password)
		invalid := model.Invalid{}
		errors.As(err, &invalid)
		if got := invalid["password"]; (fault == "") != (err == nil) || !strings.Contains(got, fault) {
			t.Errorf("%q: %v, want %q", password, err, fault)
		}
	}
	short := model.User{Name: "lan", FullName: "Lan"}
	if err := model.CheckPassword(short, "làn gió chiều hè"); err != nil {
		t.Errorf("a name of three letters within a word: %v", err)
	}
}

func TestFaults(t *testing.T) {
	other := errors.New("đứt dây")
	if err := model.Faults(nil, nil); err != nil {
		t.Errorf("of nothing: %v", err)
	}
	if err := model.Faults(model.Invalid{"a": "1"}, other); !errors.Is(err, other) {
		t.Errorf("with another error: %v", err)
	}
	err := model.Faults(model.Invalid{"a": "1"}, nil, model.Invalid{"a": "2", "b": "3"})
	if err == nil || err.Error() != "invalid: a: 1; b: 3" {
		t.Errorf("of two: %v", err)
	}
}
