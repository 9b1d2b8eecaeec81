package model

import (
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

const vietnameseLetters = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"

func TestFold(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"ASCII Text 123", "ascii text 123"},
		{"Đường Nguyễn Huệ", "duong nguyen hue"},
		{"SỞ NỘI VỤ", "so noi vu"},
		{norm.NFD.String("ĐƯƠNG NHIỆM"), "duong nhiem"},
		{"Ðà Nẵng, Ɖà", "da nang, da"}, // U+00D0 and U+0189 in place of U+0110
		{"Kpă Y'Rết", "kpa y'ret"},
		{"Ô tô — 5 m²", "o to — 5 m²"},
		{"İstanbul", "istanbul"},
		{"한국", "한국"},
		{vietnameseLetters, "aaaaaaaaaaaaaaaaaabcddeeeeeeeeeeeeghiiiiiiklmnoooooooooooooooooopqrstuuuuuuuuuuuuvxyyyyyy"},
		{strings.ToUpper(vietnameseLetters), "aaaaaaaaaaaaaaaaaabcddeeeeeeeeeeeeghiiiiiiklmnoooooooooooooooooopqrstuuuuuuuuuuuuvxyyyyyy"},
	} {
		if got := Fold(c.in); got != c.want {
			t.Errorf("Fold(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestAccented(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"Hoa", "hoa"},
		{"hoà", "hòa"}, {"hòa", "hòa"}, {"HOÀ", "hòa"}, {"HÒA", "hòa"}, {norm.NFD.String("Hoà"), "hòa"},
		{"hoả hoã hoá hoạ", "hỏa hõa hóa họa"},
		{"khoẻ", "khỏe"}, {"toè xoẽ loé choẹ", "tòe xõe lóe chọe"},
		{"thuỷ", "thủy"}, {"Thuý", "thúy"}, {"huỳ huỹ huỵ", "hùy hũy hụy"},
		{"uỷ ban", "ủy ban"}, {"oà khóc", "òa khóc"}, {"Uỷ", "ủy"},
		{"quý", "quý"}, {"quỳ", "quỳ"}, {"QUÝ", "quý"}, {"Quỹ, quỷ, quỵ", "quỹ, quỷ, quỵ"}, {"quà quá", "quà quá"},
		{"hoàn hoài hoạch toán", "hoàn hoài hoạch toán"}, // a final letter: both styles agree
		{"huỳnh huýt khuỷu tuyết luỹ", "huỳnh huýt khuỷu tuyết lũy"},
		{"ngoèo ngoáy ngoéo", "ngoèo ngoáy ngoéo"},
		{"thủy-hoà/khoẻ2", "thủy-hòa/khỏe2"},
		{"Đường", "đường"}, {"Ðường", "đường"},
		{"hoà\u0302", "hoà\u0302"}, // moving the tone would change the letter that the second mark makes
		{"H\u0331", "\u1e96"},      // a composed letter that only lower case has
		{"nghĩa, của, mía, lúa", "nghĩa, của, mía, lúa"},
		{strings.ToUpper(vietnameseLetters), vietnameseLetters},
	} {
		if got := Accented(c.in); got != c.want {
			t.Errorf("Accented(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

// Every rune on its own: folding is stable, lower case, and without marks.
func TestFoldEveryRune(t *testing.T) {
	for r := rune(0); r < 0x20000; r++ { // no letter beyond has a case or a mark
		s := string(r)
		checkFold(t, s)
		if got := Accented(s); Accented(got) != got {
			t.Errorf("Accented(%q) = %q, and again %q", s, got, Accented(got))
		}
	}
}

func checkFold(t *testing.T, s string) {
	t.Helper()
	got := Fold(s)
	valid := string([]rune(s)) // norm takes some invalid bytes and the letter after them for one
	if want := norm.NFC.String(strings.Map(foldRune, norm.NFD.String(valid))); got != want {
		t.Errorf("Fold(%q) = %q, folding its full decomposition gives %q", s, got, want)
	}
	if again := Fold(got); again != got {
		t.Errorf("Fold(%q) = %q, and again %q", s, got, again)
	}
	if !norm.NFC.IsNormalString(got) {
		t.Errorf("Fold(%q) = %q is not NFC", s, got)
	}
	if strings.ContainsFunc(got, func(r rune) bool { return unicode.IsMark(r) || r == 'đ' || unicode.ToLower(r) != r }) {
		t.Errorf("Fold(%q) = %q keeps a mark, a đ or an upper case letter", s, got)
	}
}

func TestTokens(t *testing.T) {
	type word struct{ folded, accented, original string }
	for _, c := range []struct {
		in   string
		want []word
	}{
		{"", nil},
		{" — … ", nil},
		{"Sở Nội vụ.", []word{{"so", "sở", "Sở"}, {"noi", "nội", "Nội"}, {"vu", "vụ", "vụ"}}},
		{"Nang CAP 2023", []word{{"nang", "", "Nang"}, {"cap", "", "CAP"}, {"2023", "", "2023"}}},
		{"hoà nhập", []word{{"hoa", "hòa", "hoà"}, {"nhap", "nhập", "nhập"}}},
		{"(Đường)", []word{{"duong", "đường", "Đường"}}},
		{norm.NFD.String("Huệ, hòa"), []word{{"hue", "huệ", norm.NFD.String("Huệ")}, {"hoa", "hòa", norm.NFD.String("hòa")}}},
		{"\u0301 a", []word{{"a", "", "a"}}},
		{"a\xffb", []word{{"a", "", "a"}, {"b", "", "b"}}},
		{"THPT2 H'Hen", []word{{"thpt2", "", "THPT2"}, {"h", "", "H"}, {"hen", "", "Hen"}}},
		{"3.600 lớp", []word{{"3600", "", "3.600"}, {"lop", "lớp", "lớp"}}},
		{"1.234.567,8", []word{{"1234567", "", "1.234.567"}, {"8", "", "8"}}},
		{"cả 3.600.", []word{{"ca", "cả", "cả"}, {"3600", "", "3.600"}}},
		{"71,5", []word{{"71", "", "71"}, {"5", "", "5"}}},
		{"1.5 12.34", []word{{"1", "", "1"}, {"5", "", "5"}, {"12", "", "12"}, {"34", "", "34"}}},
		{"0257 3000 101", []word{{"0257", "", "0257"}, {"3000", "", "3000"}, {"101", "", "101"}}},
		{"0900.000.102", []word{{"0900", "", "0900"}, {"000", "", "000"}, {"102", "", "102"}}},
		{"0257.300.103", []word{{"0257", "", "0257"}, {"300", "", "300"}, {"103", "", "103"}}},
		{"02573 000.101", []word{{"02573", "", "02573"}, {"000", "", "000"}, {"101", "", "101"}}},
		{"0257 3000.103", []word{{"0257", "", "0257"}, {"3000", "", "3000"}, {"103", "", "103"}}},
		{"05.07.2023", []word{{"05", "", "05"}, {"07", "", "07"}, {"2023", "", "2023"}}},
		{"192.168.100.1", []word{{"192", "", "192"}, {"168", "", "168"}, {"100", "", "100"}, {"1", "", "1"}}},
		{"3.600m", []word{{"3", "", "3"}, {"600m", "", "600m"}}},
		{"A3.600", []word{{"a3", "", "A3"}, {"600", "", "600"}}},
	} {
		var got []word
		for _, token := range Tokens(c.in) {
			got = append(got, word{token.Folded, token.Accented, c.in[token.Start:token.End]})
		}
		if len(got) != len(c.want) {
			t.Errorf("Tokens(%q) = %q, want %q", c.in, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("Tokens(%q)[%d] = %q, want %q", c.in, i, got[i], c.want[i])
			}
		}
	}
}

// The table of search: the folded words of a query are words of each document that it must find, and no word of another one.
func TestTokensOfSearchTable(t *testing.T) {
	words := map[string]map[string]bool{}
	for _, row := range tableRows(t, "search.tsv") {
		if row[0] == "doc" {
			words[row[1]] = map[string]bool{}
			for _, token := range Tokens(row[2] + " " + row[3]) {
				words[row[1]][token.Folded] = true
			}
		} else if row[2] == "any-order" {
			for id, has := range words {
				found := true
				for _, token := range Tokens(row[1]) {
					found = found && has[token.Folded]
				}
				if want := strings.Contains(row[3], id); found != want {
					t.Errorf("query %q finds %s: %v, want %v", row[1], id, found, want)
				}
			}
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, seed := range []string{"", "Đường Nguyễn Huệ", "hoà quý khoẻ Thuỷ", norm.NFD.String("Sở Nội vụ"), "3.600 71,5 0257 3000.103", "a\u0301\u0323", "\xff", "İ", "oa\u0300", "oà\u0302", "H\u0331", "\xf3Ŕ", "\xf3hoa\u0300"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		checkFold(t, s)
		accented := Accented(s)
		if again := Accented(accented); again != accented {
			t.Errorf("Accented(%q) = %q, and again %q", s, accented, again)
		}
		if !norm.NFC.IsNormalString(accented) {
			t.Errorf("Accented(%q) = %q is not NFC", s, accented)
		}
		if Fold(accented) != Fold(s) {
			t.Errorf("Fold(Accented(%q)) = %q, Fold gives %q", s, Fold(accented), Fold(s))
		}
		end := 0
		for _, token := range Tokens(s) {
			if token.Start < end || token.End <= token.Start || token.End > len(s) {
				t.Fatalf("Tokens(%q): word at %d to %d after %d", s, token.Start, token.End, end)
			}
			end = token.End
			original := s[token.Start:token.End]
			if token.Folded == "" || token.Folded != strings.ReplaceAll(Fold(original), ".", "") {
				t.Errorf("Tokens(%q): %q is folded to %q", s, original, token.Folded)
			}
			if token.Accented != "" && (token.Accented != Accented(original) || token.Accented == token.Folded) {
				t.Errorf("Tokens(%q): %q has the accented form %q", s, original, token.Accented)
			}
		}
	})
}

func BenchmarkTokens(b *testing.B) {
	text := strings.Repeat("Sở Nội vụ thông báo tuyển dụng 3.600 viên chức; hoà nhập nhanh, đúng quy định. ", 50)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Tokens(text)
	}
}
