package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"congso/store/model"
)

// picked is what of a record its newest revision must say too. What changes with other records, as the name of a section, is not in it.
type picked struct {
	Slug, Body, HTML string
	Rest             map[string]any
}

func newsEssence(n model.News) map[string]any {
	tags := make([]string, len(n.Tags))
	for i, t := range n.Tags {
		tags[i] = t.Slug
	}
	return lifecycleEssence(n.Lifecycle, map[string]any{
		"title": n.Title, "summary": n.Summary, "section": n.Section.ID, "byline": n.Byline, "source": n.Source, "featured": n.Featured,
		"cover": []any{n.Cover.Media.ID, n.Cover.Alt, n.Cover.Caption}, "tags": tags, "attachments": attachmentEssence(n.Attachments),
	})
}

func meetingEssence(m model.Meeting) map[string]any {
	people, tasks, photos := []any{}, []any{}, []any{}
	for _, p := range m.Participants {
		people = append(people, []any{p.Name, p.Position, p.Role})
	}
	for _, t := range m.Tasks {
		tasks = append(tasks, []any{t.Text, t.Due, t.Done, t.Proof})
	}
	for _, p := range m.Photos {
		photos = append(photos, []any{p.Media.ID, p.Alt, p.Caption})
	}
	return lifecycleEssence(m.Lifecycle, map[string]any{
		"title": m.Title, "kind": m.Kind, "start": unix(m.Start), "end": unix(m.End), "place": m.Place, "participants": people, "figures": fmt.Sprint(m.Figures),
		"conclusions": slices.Concat([]string{}, m.Conclusions), "tasks": tasks, "agreements": fmt.Sprint(m.Agreements), "photos": photos,
		"attachments": attachmentEssence(m.Attachments),
	})
}

func lifecycleEssence(l model.Lifecycle, fields map[string]any) map[string]any {
	fields["status"], fields["visibility"], fields["publish_at"], fields["expire_at"] = l.Status, l.Visibility, unix(l.PublishAt), unix(l.ExpireAt)
	return fields
}

func attachmentEssence(list []model.Attachment) any {
	essence := []any{}
	for _, a := range list {
		essence = append(essence, []any{a.Media.ID, a.Title})
	}
	return essence
}

// compareRevision notes in which fields the record is not what its newest revision says, and whether its HTML is what the renderer makes of
// its text. HTML of another version of the renderer cannot be compared.
func (s *Store) compareRevision(ctx context.Context, r *Scanned, number int, is picked) error {
	was, err := s.published(ctx, r.Kind, r.ID, number)
	switch {
	case errors.Is(err, model.ErrNotFound), errors.Is(err, errNoRevision):
		r.Altered = append(r.Altered, "revision")
	case err != nil:
		return err
	default:
		r.Altered = differing(was, is)
	}
	version, err := queryOne(ctx, s.read, value[int], `SELECT html_version FROM `+string(r.Kind)+` WHERE id = $1`, r.ID)
	if err != nil && !errors.Is(err, model.ErrNotFound) {
		return err
	}
	if err == nil && version == s.renderer.Version {
		if made, err := s.renderer.Render(is.Body); err != nil || made.HTML != is.HTML {
			r.Altered = append(r.Altered, "html")
		}
	}
	if len(r.Altered) > 0 {
		text, err := json.Marshal(is)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(text)
		r.Digest = hex.EncodeToString(sum[:6])
	}
	return nil
}

// errNoRevision says that what stands for a revision is none of the portal's.
var errNoRevision = errors.New("not a revision")

// published is what a record was at that revision, which must be its newest.
func (s *Store) published(ctx context.Context, kind model.Kind, id int64, number int) (p picked, err error) {
	data, err := queryOne(ctx, s.read, value[string], `SELECT data FROM revision WHERE kind = $1 AND record_id = $2 AND number = $3
		AND NOT EXISTS (SELECT 1 FROM revision n WHERE n.kind = $1 AND n.record_id = $2 AND n.number > $3)`, kind, id, number)
	if err != nil {
		return p, err
	}
	if kind == model.KindMeeting {
		var m model.Meeting
		err = json.Unmarshal([]byte(data), &m)
		p = picked{Slug: m.Slug, Body: m.Summary, Rest: meetingEssence(m)}
	} else {
		var n model.News
		err = json.Unmarshal([]byte(data), &n)
		p = picked{Slug: n.Slug, Body: n.Body, Rest: newsEssence(n)}
	}
	var otherType *json.UnmarshalTypeError // of a revision that an older program wrote
	if err != nil && !errors.As(err, &otherType) {
		return p, fmt.Errorf("revision %d of %s %d: %w: %w", number, kind, id, errNoRevision, err)
	}
	return p, nil
}

// differing are the names of the fields in which a record is not what it was, sorted.
func differing(was, is picked) (names []string) {
	if was.Slug != is.Slug {
		names = append(names, "slug")
	}
	if was.Body != is.Body {
		names = append(names, "body")
	}
	for name, v := range is.Rest {
		if !reflect.DeepEqual(v, was.Rest[name]) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
