package model

import (
	"strings"
	"testing"
)

func TestPhoneTable(t *testing.T) {
	for _, row := range tableRows(t, "phones.tsv") {
		typed, kind, stored, shown := row[0], row[1], row[2], row[3]
		if stored == "invalid" {
			checkRefused(t, typed)
			continue
		}
		checkPhone(t, typed, NumberKind(kind), stored, shown)
	}
}

// More typings than the table has.
func TestParsePhone(t *testing.T) {
	for _, c := range []struct {
		typed  string
		kind   NumberKind
		stored string
		shown  string
	}{
		{"02573000101", NumberOffice, "+842573000101", "0257 3000 101"},
		{"(+84) 257 3000 103", NumberOffice, "+842573000103", "0257 3000 103"},
		{"+84 (0)257 3000 103", NumberOffice, "+842573000103", "0257 3000 103"},
		{"+84-257-3000-103", NumberOffice, "+842573000103", "0257 3000 103"},
		{"(84-257) 3000 103", NumberOffice, "+842573000103", "0257 3000 103"},
		{"84 0257 3000 103", NumberOffice, "+842573000103", "0257 3000 103"},
		{"0257\u00a03000\u2011103", NumberOffice, "+842573000103", "0257 3000 103"},
		{"0257 – 3000 103", NumberOffice, "+842573000103", "0257 3000 103"},
		{"\u200b0257 3000 103\t", NumberOffice, "+842573000103", "0257 3000 103"},
		{"0203 3000 103", NumberOffice, "+842033000103", "0203 3000 103"},
		{"0299.3000103", NumberOffice, "+842993000103", "0299 3000 103"},
		{"+84 24 3000 0103", NumberOffice, "+842430000103", "024 3000 0103"},
		{"0084.28.3000.0104", NumberOffice, "+842830000104", "028 3000 0104"},
		{"069 230 0001", NumberOffice, "+84692300001", "069 230 0001"},
		{"080.40001", NumberOffice, "+848040001", "080 40001"},
		{"+84900000102", NumberMobile, "+84900000102", "0900 000 102"},
		{"0084 900 000 102", NumberMobile, "+84900000102", "0900 000 102"},
		{"032.000.0102", NumberMobile, "+84320000102", "0320 000 102"},
		{"0560000102", NumberMobile, "+84560000102", "0560 000 102"},
		{"0700000102", NumberMobile, "+84700000102", "0700 000 102"},
		{"0841 234 567", NumberMobile, "+84841234567", "0841 234 567"},
		{"84 841 234 567", NumberMobile, "+84841234567", "0841 234 567"},
		{"1900 000 001", NumberHotline, "1900 000 001", "1900 000 001"},
		{"1800000001", NumberHotline, "1800 000 001", "1800 000 001"},
		{"1900.0000 nhánh 3", NumberHotline, "1900 0000;ext=3", "1900 0000 (máy lẻ 3)"},
		{"111", NumberHotline, "111", "111"},
		{"1 1 5", NumberHotline, "115", "115"},
		{"1022", NumberHotline, "1022", "1022"},
		{"0257 3000 103 máy lẻ 12", NumberOffice, "+842573000103;ext=12", "0257 3000 103 (máy lẻ 12)"},
		{"0257 3000 103, số máy lẻ: 12", NumberOffice, "+842573000103;ext=12", "0257 3000 103 (máy lẻ 12)"},
		{"0257 3000 103 (MÁY LẺ 012)", NumberOffice, "+842573000103;ext=012", "0257 3000 103 (máy lẻ 012)"},
		{"(0257) 3000 103 - may le 12", NumberOffice, "+842573000103;ext=12", "0257 3000 103 (máy lẻ 12)"},
		{"0257 3000 103 ext 12", NumberOffice, "+842573000103;ext=12", "0257 3000 103 (máy lẻ 12)"},
		{"0257 3000 103 Ext.: 12", NumberOffice, "+842573000103;ext=12", "0257 3000 103 (máy lẻ 12)"},
		{"0257 3000 103x12", NumberOffice, "+842573000103;ext=12", "0257 3000 103 (máy lẻ 12)"},
		{"+84 257 3000 103 X 12", NumberOffice, "+842573000103;ext=12", "0257 3000 103 (máy lẻ 12)"},
	} {
		checkPhone(t, c.typed, c.kind, c.stored, c.shown)
	}
}

// checkPhone fails unless typed is stored and shown as given, and both of these are read back.
func checkPhone(t *testing.T, typed string, kind NumberKind, stored, shown string) {
	t.Helper()
	for _, text := range []string{typed, stored, shown} {
		e164, got, err := ParsePhone(text)
		if err != nil || e164 != stored || got != kind {
			t.Errorf("ParsePhone(%q) = %q, %q, %v, want %q, %q", text, e164, got, err, stored, kind)
		}
	}
	if got := ShowPhone(stored); got != shown {
		t.Errorf("ShowPhone(%q) = %q, want %q", stored, got, shown)
	}
}

func TestParsePhoneRefuses(t *testing.T) {
	for _, typed := range []string{
		"", " ", "-", "+", "+84", "84", "0", "12345", "0257 3000", "abc", "0257 3000 10a", "O900000102",
		"0257 3000 1034", "024 3000 010", "0900 000 1023", "0900 000 10", "0100 000 102", "0400 000 102", "0600 000 102", "01680000102",
		"900000102", "257 3000 103", "+1 202 555 0123", "001 202 555 0123", "+1900 0000", "+84 1900 0000", "84 113", "1700 0000", "1900 00000",
		"1900 000", "110 5", "120", "1023", "+0257 3000 103", "0257+3000103", "++84 257 3000 103",
		"0257 3000 103 / 104", "0257 3000 103; 0257 3000 104", "0257 3000 103 - 0257 3000 104",
		"113 máy lẻ 1", "0257 3000 103 máy lẻ", "máy lẻ 12", "x12", "0257 3000 103 ext 1234567", "٠٢٥٧٣٠٠٠١٠٣",
	} {
		checkRefused(t, typed)
	}
}

func checkRefused(t *testing.T, typed string) {
	t.Helper()
	e164, kind, err := ParsePhone(typed)
	if err == nil || e164 != "" || kind != "" {
		t.Errorf("ParsePhone(%q) = %q, %q, %v, want an error alone", typed, e164, kind, err)
	}
}

func TestShowPhoneOfOtherText(t *testing.T) {
	for _, text := range []string{"", "abc", "+12025550123", "+84", "+8412"} {
		if got := ShowPhone(text); got != text {
			t.Errorf("ShowPhone(%q) = %q", text, got)
		}
	}
}

func TestTelURI(t *testing.T) {
	for stored, want := range map[string]string{
		"+842573000101":        "tel:+842573000101",
		"+842573000101;ext=12": "tel:+842573000101;ext=12",
		"1900 0000":            "tel:19000000",
		"1900 000 001":         "tel:1900000001",
		"113":                  "tel:113",
	} {
		if got := TelURI(stored); got != want {
			t.Errorf("TelURI(%q) = %q, want %q", stored, got, want)
		}
	}
}

func TestPhoneDigits(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"abc", ""},
		{"02573 000.101", "02573000101"},
		{"+842573000101", "02573000101"},
		{"+842573000101;ext=12", "02573000101"},
		{"0257 3000 101 (máy lẻ 12)", "02573000101"},
		{"(+84) 257 3000 101", "02573000101"},
		{"+84 (0)257 3000 101", "02573000101"},
		{"0084 257 3000101", "02573000101"},
		{"84900000102", "0900000102"},
		{"1900 0000", "19000000"},
		{"113", "113"},
		{"0257 3000", "02573000"}, // a part of a number
		{"+84 257", "0257"},
		{"(+84) 257", "0257"},
		{"000.101", "000101"},
		{"+84", ""},
		{"84", "84"},
		{"0841 234 567", "0841234567"},
	} {
		if got := PhoneDigits(c.in); got != c.want {
			t.Errorf("PhoneDigits(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func FuzzParsePhone(f *testing.F) {
	for _, seed := range []string{
		"02573 000.101", "(0257) 3000103", "+84 257 3000 103", "0084 257 3000103", "84900000102", "024 3000 0103", "1900 0000", "1800000001", "113",
		"0257 3000 103 - máy lẻ 12", "069 230 0001", "080 40001", "1022", "12345", "+1900 0000", "0257 3000 103x12", "",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		digits := PhoneDigits(typed)
		if PhoneDigits(digits) != digits || strings.Trim(digits, "0123456789") != "" {
			t.Errorf("PhoneDigits(%q) = %q, and again %q", typed, digits, PhoneDigits(digits))
		}
		e164, kind, err := ParsePhone(typed)
		if err != nil {
			if e164 != "" || kind != "" {
				t.Errorf("ParsePhone(%q) = %q, %q with %v", typed, e164, kind, err)
			}
			return
		}
		for _, text := range []string{e164, ShowPhone(e164), strings.TrimPrefix(TelURI(e164), "tel:")} {
			if again, same, err := ParsePhone(text); again != e164 || same != kind || err != nil {
				t.Errorf("ParsePhone(%q) = %q, but ParsePhone(%q) = %q, %q, %v", typed, e164, text, again, same, err)
			}
			if PhoneDigits(text) != digits {
				t.Errorf("PhoneDigits(%q) = %q, PhoneDigits(%q) = %q", typed, digits, text, PhoneDigits(text))
			}
		}
	})
}
