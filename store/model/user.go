package model

import (
	"regexp"
	"slices"
	"time"
	"unicode/utf8"
)

// Role is what an account may do. Each role has the rights of those before it.
type Role string

// The roles, from the fewest rights to the most.
const (
	RoleStaff  Role = "staff"
	RoleAuthor Role = "author"
	RoleEditor Role = "editor"
	RoleAdmin  Role = "admin"
)

// Roles are all roles, from the fewest rights to the most.
func Roles() []Role { return []Role{RoleStaff, RoleAuthor, RoleEditor, RoleAdmin} }

// Valid reports whether r is one of Roles.
func (r Role) Valid() bool { return slices.Contains(Roles(), r) }

// AtLeast reports whether r has the rights of other.
func (r Role) AtLeast(other Role) bool {
	return r.Valid() && other.Valid() && slices.Index(Roles(), r) >= slices.Index(Roles(), other)
}

// User is an account of the admin pages. The zero User is nobody.
type User struct {
	ID         int64
	Name       string // for logging in
	FullName   string
	Email      string
	Role       Role
	Sections   []int64 // an author's or editor's sections, sorted; empty for all
	Factor     bool    // a second factor is set up
	MustChange bool    // the password is somebody else's choice: another one must be chosen first
	Disabled   bool
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

var userName = regexp.MustCompile(`^[a-z0-9._-]{3,40}$`)

// Validate cleans the texts of u and returns Invalid when a rule is broken.
func (u *User) Validate() error {
	u.Name, u.FullName, u.Email = Clean(u.Name), Clean(u.FullName), Clean(u.Email)
	slices.Sort(u.Sections)
	u.Sections = slices.Compact(u.Sections)
	v := Invalid{}
	v.check(userName.MatchString(u.Name), "name", "Tên đăng nhập gồm 3 đến 40 chữ thường không dấu, chữ số, dấu chấm, gạch nối hoặc gạch dưới.")
	v.check(u.FullName != "", "full_name", "Chưa có họ tên.")
	v.check(utf8.RuneCountInString(u.FullName) <= 100, "full_name", "Họ tên dài quá 100 ký tự.")
	checkEmail(v, u.Email)
	v.check(u.Role.Valid(), "role", "Chưa chọn vai trò.")
	return v.err()
}

// Actor is u as the audit trail knows it.
func (u User) Actor() Actor { return Actor{UserID: u.ID, Name: u.Name} }

// InSection reports whether u's rights reach the section.
func (u User) InSection(id int64) bool {
	return u.Role == RoleAdmin || len(u.Sections) == 0 || slices.Contains(u.Sections, id)
}
