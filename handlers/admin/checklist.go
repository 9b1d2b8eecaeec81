package admin

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"congso/content"
	"congso/handlers/web"
	"congso/views/adminpage"
)

// fieldConfirmed holds the digest of the questions that a person answered with yes.
const fieldConfirmed = "_confirmed"

// checked fills the record from the form and looks at what readers would get. asked reports that the answer is given: what is wrong, or
// what a person should confirm.
func (w workDesk[T]) checked(c web.Ctx, d *dossier[T]) (asked bool, err error) {
	ctx := c.Request().Context()
	if err := w.fill(ctx, d); err != nil {
		return true, w.unsaved(c, *d, err)
	}
	if d.Findings, err = w.check(ctx, d.Record); err != nil {
		return true, err
	}
	blocked := slices.ContainsFunc(d.Findings, func(f adminpage.Finding) bool { return f.Blocks })
	if len(d.Findings) == 0 || !blocked && d.Form.Raw(fieldConfirmed) == digest(d.Findings) {
		return false, nil
	}
	if !blocked {
		d.Confirm = digest(d.Findings)
	}
	return true, w.show(c, refused, *d)
}

// digest is the same for the same questions.
func digest(list []adminpage.Finding) string {
	sum := sha256.New()
	for _, f := range list {
		fmt.Fprintf(sum, "%s\x00%s\x00%s\x00", f.Field, f.Message, f.Excerpt)
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// shownFindings are the checklist's findings as the editor shows them.
func shownFindings(list []content.Finding) []adminpage.Finding {
	shown := make([]adminpage.Finding, len(list))
	for i, f := range list {
		shown[i] = adminpage.Finding{Blocks: f.Blocks, Message: f.Message, Field: f.Field, Line: f.Line, Excerpt: f.Excerpt}
	}
	return shown
}
