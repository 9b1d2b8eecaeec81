package model

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// MaxCopy is the size of a working copy's data, in bytes.
const MaxCopy = 1 << 20

// WorkingCopy is what somebody has typed into a record's form and nobody has taken over yet: the row stays as it is.
// There is at most one for a record, of drafts as well as of published records.
type WorkingCopy struct {
	Kind      Kind
	RecordID  int64
	Base      int    // revision of the row that it began from
	Version   int    // 1 for a new copy, one more with each save and move; 0 where there is none
	Status    Status // draft, review or returned: the way of a published record's copy to its readers
	Note      string // why it was returned
	Data      string // the form as typed, right or wrong, in the editor's own encoding
	Owner     int64  // who began it, 0 for the program
	OwnerName string // full name
	By        Actor  // who saved it last
	ByName    string // full name, or By.Name where there is none
	UpdatedAt time.Time
}

// Validate returns Invalid when the copy is too large or holds what cannot be stored.
func (c WorkingCopy) Validate() error {
	v := Invalid{}
	v.check(len(c.Data) <= MaxCopy, "data", fmt.Sprintf("Nội dung đang soạn quá lớn (nhiều nhất %d MB).", MaxCopy>>20))
	v.check(utf8.ValidString(c.Data) && !strings.ContainsRune(c.Data, 0), "data", "Nội dung đang soạn có ký tự hỏng.")
	return v.err()
}

// Overtaken is the error for a save on top of another version of the working copy than the one that was read. It is an ErrConflict.
type Overtaken struct {
	Theirs WorkingCopy // as it is now; Version 0 when it was published, saved or discarded meanwhile
}

func (o Overtaken) Error() string {
	return fmt.Sprintf("the working copy of %s %d is at version %d", o.Theirs.Kind, o.Theirs.RecordID, o.Theirs.Version)
}

// Is makes o an ErrConflict.
func (o Overtaken) Is(target error) bool { return target == ErrConflict }
