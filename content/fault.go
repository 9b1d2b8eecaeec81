package content

import (
	"cmp"
	"fmt"
	"slices"
)

// Fault is something wrong in a file of the content folder. A warning does not keep the article out.
type Fault struct {
	File    string // within the folder, with slashes: vi/gioi-thieu.md
	Line    int    // from 1; 0 when the fault is in no line
	Message string // in Vietnamese
	Warning bool
}

// String is "file:line: message"; the message of a warning says that it is one.
func (f Fault) String() string {
	message := f.Message
	if f.Warning {
		message = "cảnh báo: " + message
	}
	if f.Line == 0 {
		return fmt.Sprintf("%s: %s", f.File, message)
	}
	return fmt.Sprintf("%s:%d: %s", f.File, f.Line, message)
}

func sortFaults(faults []Fault) {
	slices.SortStableFunc(faults, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
}

// broken reports whether one of the faults keeps its article out.
func broken(faults []Fault) bool {
	return slices.ContainsFunc(faults, func(f Fault) bool { return !f.Warning })
}
