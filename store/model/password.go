package model

import (
	_ "embed" // the list of banned passwords
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Lengths of a password in letters.
const (
	MinPassword = 10
	MaxPassword = 200
)

// banned are passwords, one a line, that are tried first by whoever guesses: folded, letters and digits only.
//
//go:embed banned.txt
var banned string

// Password is a password as it is hashed: keyboards type "ệ" as one letter or as three.
func Password(typed string) string { return norm.NFC.String(typed) }

// CheckPassword returns Invalid for field "password" unless u may choose that password.
func CheckPassword(u User, password string) error {
	v := Invalid{}
	password = Password(password)
	letters := utf8.RuneCountInString(password)
	v.check(letters >= MinPassword, "password", fmt.Sprintf("Mật khẩu phải có ít nhất %d ký tự.", MinPassword))
	v.check(letters <= MaxPassword, "password", fmt.Sprintf("Mật khẩu dài quá %d ký tự.", MaxPassword))
	v.check(distinct(password) > 4, "password", "Mật khẩu lặp lại quá ít ký tự khác nhau.")
	core := passwordCore(password)
	for _, own := range []string{u.Name, u.FullName} {
		own = passwordCore(own)
		inside := len(own) > 3 && strings.Contains(core, own) // shorter ones stand in many words
		v.check(!inside, "password", "Mật khẩu không được chứa tên của chính bạn.")
	}
	v.check(!guessedFirst(core), "password", "Mật khẩu này quá dễ đoán. Xin chọn mật khẩu khác, chẳng hạn vài từ không liên quan ghép lại.")
	return v.err()
}

func distinct(s string) int {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen)
}

// passwordCore is what a guesser sees in s: letters and digits, lower case, without marks.
func passwordCore(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, Fold(s))
}

// guessedFirst reports whether core is a banned password, be it with digits before or after it: years, 123, 1.
func guessedFirst(core string) bool {
	bare := strings.Trim(core, "0123456789")
	for word := range strings.FieldsSeq(banned) {
		if core == word || bare == word || bare == word+word {
			return true
		}
	}
	return bare == "" && len(core) < 16 // dates and telephone numbers
}
