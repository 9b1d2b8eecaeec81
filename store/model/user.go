package model

import (
	"slices"
	"time"
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
	ID        int64
	Name      string // for logging in
	FullName  string
	Email     string
	Role      Role
	Sections  []int64 // an author's or editor's sections; empty for all
	Factor    bool    // a second factor is set up
	Disabled  bool
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Actor is u as the audit trail knows it.
func (u User) Actor() Actor { return Actor{UserID: u.ID, Name: u.Name} }

// InSection reports whether u's rights reach the section.
func (u User) InSection(id int64) bool {
	return u.Role == RoleAdmin || len(u.Sections) == 0 || slices.Contains(u.Sections, id)
}
