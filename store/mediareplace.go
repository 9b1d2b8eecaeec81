package store

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"congso/store/model"
)

// ReplaceMedia lets the file with the id give its place to the file next everywhere: as cover, photo, attachment and proof, and inside
// texts, whose addresses are written anew. Each record gets a new revision, each working copy the same change, and the old file is
// archived, all in one transaction; its address leads nowhere from then on, its words go to the new file where that has none. It returns
// how many records changed. The error is model.Invalid for the field "file" when one is a picture and the other is not, or they are the
// same; model.ErrNotFound for an unknown id; model.Invalid of a record that cannot be rendered.
func (s *Store) ReplaceMedia(ctx context.Context, by model.Actor, id, next int64) (records int, err error) {
	err = s.change(ctx, func(tx *sql.Tx) error {
		w, err := newSwap(ctx, tx, id, next)
		if err != nil {
			return err
		}
		if records, err = s.swapRecords(ctx, tx, by, w); err != nil {
			return err
		}
		if err := s.swapCopies(ctx, tx, by, w); err != nil {
			return err
		}
		return s.finishSwap(ctx, tx, by, w)
	})
	if err != nil {
		return 0, fmt.Errorf("replace media %d by %d: %w", id, next, err)
	}
	return records, nil
}

// swap puts one file in the place of another.
type swap struct {
	old, new model.Media
	known    *strings.Replacer // the addresses that we write ourselves
	other    *regexp.Regexp    // whatever else somebody typed
}

func newSwap(ctx context.Context, q querier, id, next int64) (w swap, err error) {
	if w.old, err = mediaByID(ctx, q, id); err != nil {
		return w, err
	}
	if w.new, err = mediaByID(ctx, q, next); err != nil {
		return w, err
	}
	switch {
	case w.old.ID == w.new.ID:
		return w, invalidFile("Tệp mới giống hệt tệp đang có.")
	case w.old.IsPicture() && !w.new.IsPicture():
		return w, invalidFile("Chỉ thay được ảnh bằng một ảnh khác.")
	case !w.old.IsPicture() && w.new.IsPicture():
		return w, invalidFile("Chỉ thay được tệp đính kèm bằng một tệp đính kèm khác, không phải ảnh.")
	}
	pairs := []string{w.old.URL(), w.new.Address(), w.old.Address(), w.new.Address()}
	for _, width := range model.Widths() {
		to := w.new.URL()
		if width < w.new.Width {
			to = fmt.Sprintf("/media/%s/%d%s", w.new.Hash, width, w.new.Ext())
		}
		pairs = append(pairs, fmt.Sprintf("/media/%s/%d%s", w.old.Hash, width, w.old.Ext()), to)
	}
	w.known = strings.NewReplacer(pairs...)
	w.other = regexp.MustCompile(`/media/` + w.old.Hash + `/[^\s<>()"'\]]*`)
	return w, nil
}

// text writes the addresses in text anew.
func (w swap) text(text string) string {
	return w.other.ReplaceAllLiteralString(w.known.Replace(text), w.new.Address())
}

// media changes m if it is the old file.
func (w swap) media(m *model.Media) {
	if m.ID == w.old.ID {
		*m = w.new
	}
}

func (w swap) attachments(list []model.Attachment) {
	for i := range list {
		w.media(&list[i].Media)
	}
}

// swapRecords makes a new revision of each record that uses the old file, and returns how many there are.
func (s *Store) swapRecords(ctx context.Context, tx *sql.Tx, by model.Actor, w swap) (int, error) {
	uses, err := mediaUses(ctx, tx, w.old)
	if err != nil {
		return 0, err
	}
	records := 0
	for _, use := range uses {
		if use.Copy {
			continue
		}
		revision, err := s.swapRecord(ctx, tx, by, w, use)
		if err != nil {
			return 0, fmt.Errorf("%s %d: %w", use.Kind, use.RecordID, err)
		}
		// The working copy is to be published over this change, which it gets too.
		err = exec(ctx, tx, `UPDATE working_copy SET base_revision = $1 WHERE kind = $2 AND record_id = $3 AND base_revision = $4`,
			revision, use.Kind, use.RecordID, revision-1)
		if err != nil {
			return 0, err
		}
		records++
	}
	return records, nil
}

// swapRecord returns the revision that the record has now.
func (s *Store) swapRecord(ctx context.Context, tx *sql.Tx, by model.Actor, w swap, use model.MediaUse) (revision int, err error) {
	switch use.Kind {
	case model.KindNews:
		return s.swapNews(ctx, tx, by, w, use.RecordID)
	case model.KindMeeting:
		return s.swapMeeting(ctx, tx, by, w, use.RecordID)
	case model.KindPerson:
		p, err := personByID(ctx, tx, everything(), s.Today(), use.RecordID)
		if err != nil {
			return 0, err
		}
		w.media(&p.Photo.Media)
		if err := s.putPerson(ctx, tx, by, &p, ""); err != nil {
			return 0, err
		}
		return queryOne(ctx, tx, value[int], `SELECT revision FROM person WHERE id = $1`, p.ID)
	case model.KindSetting:
		next, err := site(ctx, tx)
		if err != nil {
			return 0, err
		}
		w.media(&next.Logo)
		w.media(&next.Banner.Media)
		return 0, s.putSite(ctx, tx, by, &next)
	}
	return 0, errors.New("no way to replace a file there")
}

func (s *Store) swapNews(ctx context.Context, tx *sql.Tx, by model.Actor, w swap, id int64) (int, error) {
	n, err := wholeNews(ctx, tx, id)
	if err != nil {
		return 0, err
	}
	n.Body = w.text(n.Body)
	w.media(&n.Cover.Media)
	w.attachments(n.Attachments)
	rendered, err := s.renderer.Render(n.Body)
	if err != nil {
		return 0, err
	}
	n.HTML = rendered.HTML
	err = s.putNews(ctx, tx, by, &n, rendered, saving{})
	return n.Revision, err
}

func (s *Store) swapMeeting(ctx context.Context, tx *sql.Tx, by model.Actor, w swap, id int64) (int, error) {
	m, err := wholeMeeting(ctx, tx, id)
	if err != nil {
		return 0, err
	}
	m.Summary = w.text(m.Summary)
	w.attachments(m.Attachments)
	for i := range m.Photos {
		w.media(&m.Photos[i].Media)
	}
	for i := range m.Tasks {
		m.Tasks[i].Proof = w.text(m.Tasks[i].Proof)
	}
	rendered, err := s.renderer.Render(m.Summary)
	if err != nil {
		return 0, err
	}
	m.HTML = rendered.HTML
	err = s.putMeeting(ctx, tx, by, &m, rendered, saving{})
	return m.Revision, err
}

// swapCopies makes the change in working copies too, as a save of whoever replaces: who has one open learns of it at the next save.
func (s *Store) swapCopies(ctx context.Context, tx *sql.Tx, by model.Actor, w swap) error {
	uses, err := mediaUses(ctx, tx, w.old)
	if err != nil {
		return err
	}
	for _, use := range uses {
		if !use.Copy {
			continue
		}
		if err := s.swapCopy(ctx, tx, by, w, use); err != nil {
			return fmt.Errorf("working copy of %s %d: %w", use.Kind, use.RecordID, err)
		}
	}
	return nil
}

func (s *Store) swapCopy(ctx context.Context, tx *sql.Tx, by model.Actor, w swap, use model.MediaUse) error {
	there, err := workingCopy(ctx, tx, use.Kind, use.RecordID)
	if err != nil {
		return err
	}
	there.Data = w.form(there.Data)
	if err := s.writeCopy(ctx, tx, by, there); errors.Is(err, model.ErrNotFound) {
		return overtaken(ctx, tx, use.Kind, use.RecordID)
	} else if err != nil {
		return err
	}
	kind := copyUse(use.Kind)
	err = exec(ctx, tx, `INSERT INTO media_use (media_id, kind, record_id) VALUES ($1, $2, $3) ON CONFLICT (kind, record_id, media_id) DO NOTHING`,
		w.new.ID, kind, use.RecordID)
	if err != nil {
		return err
	}
	return exec(ctx, tx, `DELETE FROM media_use WHERE media_id = $1 AND kind = $2 AND record_id = $3`, w.old.ID, kind, use.RecordID)
}

// form makes the change in a form that an editor has kept: in addresses anywhere, and, where it is JSON of fields with their values, in
// the ids of files.
func (w swap) form(data string) string {
	fields := map[string][]string{}
	if err := json.Unmarshal([]byte(data), &fields); err != nil {
		return w.text(data) // an encoding of its own
	}
	for name, values := range fields {
		for i, v := range values {
			values[i] = w.text(v)
			if holdsMedia(name) && v == strconv.FormatInt(w.old.ID, 10) {
				values[i] = strconv.FormatInt(w.new.ID, 10)
			}
		}
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(fields); err != nil { // cannot be: they are texts
		return w.text(data)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// holdsMedia reports whether a form's field of that name holds ids of files, be it in a row of a table.
func holdsMedia(name string) bool {
	return slices.ContainsFunc([]string{"cover", "photo", "attachment", "media"}, func(end string) bool { return strings.HasSuffix(name, end) })
}

// finishSwap hands on the words and puts the old file away.
func (s *Store) finishSwap(ctx context.Context, tx *sql.Tx, by model.Actor, w swap) error {
	after := w.new
	after.Alt, after.Caption, after.Credit = cmp.Or(after.Alt, w.old.Alt), cmp.Or(after.Caption, w.old.Caption), cmp.Or(after.Credit, w.old.Credit)
	if err := s.putWords(ctx, tx, by, w.new, after); err != nil {
		return err
	}
	uses, err := mediaUses(ctx, tx, w.old)
	if err != nil {
		return err
	}
	if len(uses) > 0 { // by an address that only the renderer can read
		return invalidFile("Tệp cũ còn được dùng ở “" + uses[0].Title + "” theo cách chưa thay tự động được. Xin sửa ở đó trước.")
	}
	return s.setArchived(ctx, tx, by, "replace", &w.old, s.now())
}
