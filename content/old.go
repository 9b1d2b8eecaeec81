package content

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"congso/store/model"
)

// OldItem is one item of an old portal, read from its export: a text with its title in Import, and what else the export says of it.
type OldItem struct {
	// Key names the item in its source for good, so that a second run knows it again.
	Key string
	// Where names the file and the place in it, for people.
	Where string
	// Addresses are the item's on the old portal: paths with or without a query, beginning with "/".
	Addresses []string

	Import
	Summary     string
	Cover       ImportedPicture // with Name "" when there is none; it may be Missing
	Attachments []OldFile
	Slug        string     // of its address on the old portal, "" for one made from the title
	Section     []string   // names of the section and, before it, of those above it; empty when the export says none
	SectionAt   [][]string // addresses of each of Section on the old portal; empty when the export says none
	Tags        []string
	Byline      string
	Source      string
	Status      model.Status
	Visibility  model.Visibility
	PublishAt   time.Time // zero when the export says none
}

// OldFile is a file that lies beside an export and that a text leads to.
type OldFile struct {
	Name    string // of the file, without folder
	Title   string // in the text that leads to it
	Address string // in the text: a path of the old portal
	open    func() (io.ReadCloser, error)
}

// Open reads the file, which must still be where it was found.
func (f OldFile) Open() (io.ReadCloser, error) { return f.open() }

// Missing reports whether the picture is only named: its file is not there, or is no picture.
func (p ImportedPicture) Missing() bool { return p.open == nil }

// Fingerprint tells whether the old portal's item is another one than it was: the SHA-256 of what was read of it, in hexadecimal. Which
// pictures and files were found beside the export, and the notes, make no difference.
func (i OldItem) Fingerprint() (string, error) {
	i.Where, i.Notes, i.PublishAt = "", nil, i.PublishAt.UTC()
	i.Cover.Name, i.Cover.Mime, i.Cover.Addresses, i.SectionAt = "", "", nil, nil
	i.Body, i.Attachments = withoutLocalLinks(i.Body), nil
	i.Pictures = slices.Clone(i.Pictures)
	for n := range i.Pictures {
		i.Pictures[n].Name, i.Pictures[n].Mime, i.Pictures[n].Addresses = "", "", nil
	}
	text, err := json.Marshal(i)
	if err != nil {
		return "", fmt.Errorf("fingerprint of %q: %w", i.Key, err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// Limits of an item's parts in characters, as model.News has them, and of its key in bytes.
const (
	maxOldLine = 200
	maxOldTag  = 60
	maxOldKey  = 300
)

const (
	noteOldCut    = "%s dài quá %s ký tự, đã cắt bớt."
	noteOldTags   = "Có %d thẻ, chỉ giữ %d thẻ đầu."
	noteOldTag    = "Thẻ %q dài quá hoặc không có chữ, đã bỏ."
	noteOldTitle  = "Bài không có tiêu đề: đã lấy những chữ đầu của nội dung."
	noteOldEmpty  = "Bài không có nội dung."
	noteOldUndate = "Không rõ ngày đăng: bài được để là bản nháp."
)

// Fit makes the item one that the portal takes where that can be done without losing more than the end of a line, and says so in Notes: lines
// are cleaned and cut to their limits, one without a title gets its first words, a heading that repeats the title goes, one that is published
// without a date becomes a draft. A body that is too long stays as it is, for its writing to be refused.
func (i *OldItem) Fit() {
	i.Key, i.Where = model.Clean(i.Key), model.Clean(i.Where)
	if len(i.Key) > maxOldKey {
		sum := sha256.Sum256([]byte(i.Key))
		i.Key = hex.EncodeToString(sum[:])
	}
	i.Title = model.Clean(i.Title)
	if i.Title == "" {
		if i.Title = cutWords(firstWords(i.Body), 150); i.Title != "" {
			i.note(noteOldTitle)
		}
	}
	if i.Body == "" {
		i.note(noteOldEmpty)
	}
	line, rest, _ := strings.Cut(i.Body, "\n")
	if heading := strings.TrimLeft(line, "#"); heading != line && model.Clean(strings.Trim(heading, " *")) == i.Title {
		i.Body = strings.TrimLeft(rest, "\n") // the page shows it above the text anyway
	}
	i.cut(&i.Title, "Tiêu đề", model.MaxTitle)
	i.cut(&i.Summary, "Tóm tắt", model.MaxSummary)
	i.cut(&i.Byline, "Tên tác giả", maxOldLine)
	i.cut(&i.Source, "Nguồn", maxOldLine)
	for n := range i.Section {
		i.cut(&i.Section[n], "Tên chuyên mục", maxOldLine)
	}
	i.fitTags()
	if !model.ValidSlug(i.Slug) || model.ReservedSlug(model.KindNews, i.Slug) {
		i.Slug = ""
	}
	if i.Status == model.StatusPublished && i.PublishAt.IsZero() {
		i.Status = model.StatusDraft
		i.note(noteOldUndate)
	}
}

func (i *OldItem) note(format string, args ...any) {
	i.Notes = append(i.Notes, fmt.Sprintf(format, args...))
}

func (i *OldItem) cut(line *string, name string, limit int) {
	*line = model.Clean(*line)
	if utf8.RuneCountInString(*line) > limit {
		*line = cutWords(*line, limit-1)
		i.note(noteOldCut, name, model.Group(int64(limit)))
	}
}

// fitTags keeps each tag once, as many as an item may have.
func (i *OldItem) fitTags() {
	var kept []string
	seen := map[string]bool{}
	for _, tag := range i.Tags {
		tag = model.Clean(tag)
		slug := model.Slug(tag)
		switch {
		case slug == "" || utf8.RuneCountInString(tag) > maxOldTag:
			i.note(noteOldTag, cutWords(tag, maxOldTag))
		case !seen[slug]:
			seen[slug] = true
			kept = append(kept, tag)
		}
	}
	if len(kept) > model.MaxTags {
		i.note(noteOldTags, len(kept), model.MaxTags)
		kept = kept[:model.MaxTags]
	}
	i.Tags = kept
}

// firstWords is the first line of a Markdown text that has words, without its marks.
func firstWords(body string) string {
	for line := range strings.SplitSeq(body, "\n") {
		line = placeholder.ReplaceAllString(line, "")
		if line = model.Clean(strings.Trim(strings.NewReplacer(`\`, "", "**", "").Replace(line), "#>*-| ")); model.Slug(line) != "" {
			return line
		}
	}
	return ""
}
