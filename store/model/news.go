package model

import (
	"fmt"
	"time"
)

// Limits of a news item, in characters.
const (
	MaxTitle   = 300
	MaxSummary = 1000
	MaxBody    = 200_000
	MaxTags    = 20
)

// News is a tin: one item of a section. Lists leave empty what nobody shows of an item in a list: its texts but for the summary, Source, Featured,
// Tags, Attachments, and of Lifecycle all but Visibility, PublishAt, Revision and UpdatedAt.
type News struct {
	ID          int64
	Slug        string
	Title       string
	Summary     string
	Body        string // Markdown
	HTML        string // Body as rendered when it was saved
	Section     Section
	Byline      string
	Cover       Photo // Cover.Media.ID is 0 when there is none
	Source      string
	Featured    bool
	Tags        []Tag
	Attachments []Attachment
	Lifecycle
}

// NewsLink is what names an item where its page is linked to. It is small beside a News, of which a page would copy a dozen several times.
type NewsLink struct {
	ID        int64 // 0 for no item
	Slug      string
	Title     string
	PublishAt time.Time
}

// AroundNews is what stands around an item on its page.
type AroundNews struct {
	Newer    NewsLink // ID 0 when there is none
	Older    NewsLink
	Others   []NewsLink
	Meetings []Meeting // that the item reports
	Views    int64
}

// Tag is a word that connects items across sections.
type Tag struct {
	Slug string
	Name string
}

// Validate cleans the texts of n, completes its slug and the slugs of its tags, and returns Invalid when a rule is broken.
func (n *News) Validate() error {
	n.Title, n.Summary, n.Byline, n.Source = Clean(n.Title), Clean(n.Summary), Clean(n.Byline), Clean(n.Source)
	n.Body = CleanLines(n.Body)
	if n.Slug == "" {
		n.Slug = Slug(n.Title)
	}
	v := Invalid{}
	v.check(n.Title != "", "title", "Tin chưa có tiêu đề.")
	checkLength(v, "title", n.Title, MaxTitle)
	checkLength(v, "summary", n.Summary, MaxSummary)
	checkLength(v, "body", n.Body, MaxBody)
	checkLength(v, "byline", n.Byline, 200)
	checkLength(v, "source", n.Source, 300)
	checkSlug(v, KindNews, n.Slug)
	v.check(n.Section.ID != 0, "section", "Chưa chọn chuyên mục.")
	v.check(len(n.Tags) <= MaxTags, "tags", fmt.Sprintf("Nhiều nhất %d thẻ.", MaxTags))
	cleanTags(v, n.Tags)
	cleanPhoto(v, "cover", &n.Cover)
	cleanAttachments(v, n.Attachments)
	n.validate(v)
	return v.err()
}

func cleanTags(v Invalid, tags []Tag) {
	for i := range tags {
		tags[i].Name = Clean(tags[i].Name)
		tags[i].Slug = Slug(tags[i].Name)
		v.check(tags[i].Slug != "", "tags", "Thẻ phải có chữ hoặc số.")
		checkLength(v, "tags", tags[i].Name, 60)
	}
}

func cleanPhoto(v Invalid, field string, p *Photo) {
	p.Alt, p.Caption = Clean(p.Alt), Clean(p.Caption)
	if p.Media.ID == 0 {
		return
	}
	v.check(p.Alt != "", field, "Ảnh chưa có lời mô tả cho người không nhìn thấy.")
	checkLength(v, field, p.Alt, 500)
	checkLength(v, field, p.Caption, 500)
}

func cleanAttachments(v Invalid, list []Attachment) {
	for i := range list {
		list[i].Title = Clean(list[i].Title)
		v.check(list[i].Title != "", "attachments", "Tệp đính kèm chưa có tên.")
		v.check(list[i].Media.ID != 0, "attachments", "Tệp đính kèm chưa được tải lên.")
	}
}

func checkLength(v Invalid, field, text string, limit int) {
	if len(text) <= limit {
		return
	}
	v.check(len([]rune(text)) <= limit, field, fmt.Sprintf("Dài quá %s ký tự.", Group(int64(limit))))
}
