package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"

	"congso/content"
	"congso/store"
	"congso/store/model"
)

// Of what is stored in one transaction: items, and bytes of their texts.
const (
	importBatch      = 32
	importBatchBytes = 2 << 20
)

// importRun is an import under way.
type importRun struct {
	ctx      context.Context
	store    *store.Store
	by       model.Actor
	source   string
	dry      bool
	without  []string                 // section of items that name none
	sections map[string]model.Section // by their names
	report   *importReport
	batch    []*store.Arrival
	items    []content.OldItem // of the batch, without their texts
	bytes    int               // of the batch's texts
	photos   int
	files    int
	seen     map[[16]byte]bool // beginnings of the hashes of the keys that came
}

// all takes item by item. A fault of one is told and stops only that; the error is that of a portal which cannot be written to.
func (r *importRun) all(export oldExport, tell store.Progress) error {
	done := int64(0)
	for item, err := range export.items {
		if err := r.ctx.Err(); err != nil {
			return fmt.Errorf("ended before its end, and the same command goes on there: %w", err)
		}
		if done++; tell != nil {
			tell(store.ImportingRecords, done, max(export.total, done))
		}
		if err != nil {
			r.report.fault(item, err)
			continue
		}
		if err := r.one(item); err != nil {
			return err
		}
	}
	return r.flush()
}

// one shows the item, or takes it: its files at once, itself with the next batch.
func (r *importRun) one(item content.OldItem) error {
	item.Fit()
	hash, err := r.wanted(item)
	if hash == "" || err != nil {
		return err
	}
	if len(item.Section) == 0 { // only now, since another --section makes no other item
		item.Section = r.without
	}
	if r.dry {
		r.report.shown(item)
		return nil
	}
	files := map[string]string{}
	news, err := r.take(&item, files)
	if invalid := (model.Invalid{}); errors.As(err, &invalid) {
		r.report.fault(item, err)
		return nil
	}
	if err != nil {
		return err
	}
	r.bytes += len(news.Body)
	r.batch = append(r.batch, &store.Arrival{Source: r.source, Key: item.Key, Hash: hash, News: news, Addresses: item.Addresses, Files: files})
	item.Body, item.Original, item.Pictures = "", "", nil
	r.items = append(r.items, item)
	if len(r.batch) < importBatch && r.bytes < importBatchBytes {
		return nil
	}
	return r.flush()
}

// wanted is the hash of an item that is new and within its rules. It is "" for another, and what that one is stands in the report then.
func (r *importRun) wanted(item content.OldItem) (hash string, err error) {
	hash, err = item.Fingerprint()
	if err == nil {
		err = r.first(item.Key)
	}
	if err != nil {
		r.report.fault(item, err)
		return "", nil
	}
	known, err := r.store.ImportOutcome(r.ctx, r.source, item.Key, hash)
	if err != nil {
		return "", err
	}
	if known != store.OutcomeNew {
		r.report.told(known, item, "")
		return "", nil
	}
	if err := checkItem(item); err != nil {
		r.report.fault(item, err)
		return "", nil
	}
	return hash, nil
}

// first holds that no item before had the key: this one would pass for known.
func (r *importRun) first(key string) error {
	sum := sha256.Sum256([]byte(key))
	short := [16]byte(sum[:16])
	if r.seen[short] {
		return fmt.Errorf("mã %q trùng với mã của một bài trước đó trong tệp", key)
	}
	r.seen[short] = true
	return nil
}

// checkItem holds the item to its rules before its files are taken.
func checkItem(item content.OldItem) error {
	n := newsOf(item)
	n.Section.ID, n.Slug = 1, "bai" // which are found later
	return n.Validate()
}

// newsOf is the item as it is stored, without what is found elsewhere.
func newsOf(item content.OldItem) model.News {
	n := model.News{
		Slug: item.Slug, Title: item.Title, Summary: item.Summary, Body: item.Body, Byline: item.Byline, Source: item.Source,
		Lifecycle: model.Lifecycle{Status: item.Status, Visibility: item.Visibility, PublishAt: item.PublishAt},
	}
	for _, tag := range item.Tags {
		n.Tags = append(n.Tags, model.Tag{Name: tag})
	}
	return n
}

// take is the item with its section, its photos and its files. It puts where each file is now under its old address.
func (r *importRun) take(item *content.OldItem, files map[string]string) (n model.News, err error) {
	n = newsOf(*item)
	if n.Section, err = r.section(item.Section, item.SectionAt); err != nil {
		return n, err
	}
	addresses := make([]string, len(item.Pictures))
	for i, picture := range item.Pictures {
		m, err := r.picture(item, picture, files)
		if err != nil {
			return n, err
		}
		if m.ID != 0 {
			addresses[i] = m.Address()
		}
	}
	if n.Cover, err = r.cover(item, files); err != nil {
		return n, err
	}
	if n.Attachments, err = r.attachments(item, files); err != nil {
		return n, err
	}
	if item.Body, err = r.relinked(item.Body, files); err != nil {
		return n, err
	}
	n.Body = item.Import.Place(addresses)
	return n, nil
}

// section is the section of those names. Its old addresses lead to it, and those of each section above it to that.
func (r *importRun) section(names []string, addresses [][]string) (model.Section, error) {
	key := fmt.Sprintf("%q %q", names, addresses) // an item may name a section without them, and come first
	if known, ok := r.sections[key]; ok {
		return known, nil
	}
	if above := len(names) - 1; above > 0 && len(addresses) > above {
		if _, err := r.section(names[:above], addresses[:above]); err != nil {
			return model.Section{}, err
		}
	}
	section, err := r.store.ImportSection(r.ctx, r.by, r.source, names)
	if err == nil && len(addresses) == len(names) {
		err = r.store.ImportAddresses(r.ctx, r.by, "/chuyen-muc/"+section.Slug, addresses[len(names)-1])
	}
	if err == nil {
		r.sections[key] = section
	}
	return section, err
}

// picture takes a photo into the library, and puts where it is now under its old addresses. One that is refused is told in the item's notes, and
// has no ID.
func (r *importRun) picture(item *content.OldItem, p content.ImportedPicture, now map[string]string) (m model.Media, err error) {
	if p.Missing() {
		return m, nil
	}
	m = model.Media{Name: importedName(p.Name, p.Mime), Alt: cutRunes(p.Alt), Caption: cutRunes(p.Caption)}
	err = r.store.ImportMedia(r.ctx, r.by, &m, p.Open)
	if invalid := (model.Invalid{}); errors.As(err, &invalid) {
		item.Notes = append(item.Notes, fmt.Sprintf("Ảnh %s không lấy được: %s", p.Name, oneMessage(invalid)))
		return model.Media{}, nil
	}
	if err == nil {
		r.photos++
		for _, address := range p.Addresses {
			now[address] = m.Address()
		}
	}
	return m, err
}

// importedName is a file's name with an ending by which the library knows a picture.
func importedName(name, mime string) string {
	if model.PictureName(name) {
		return name
	}
	return strings.TrimSuffix(name, path.Ext(name)) + "." + strings.TrimPrefix(mime, "image/")
}

// cutRunes is a description within the limit of a file's words.
func cutRunes(text string) string {
	runes := []rune(model.Clean(text))
	return string(runes[:min(len(runes), model.MaxAlt)])
}

func oneMessage(invalid model.Invalid) string {
	for _, field := range []string{"file", "alt", "caption", "name"} {
		if invalid[field] != "" {
			return invalid[field]
		}
	}
	return invalid.Error()
}

func (r *importRun) cover(item *content.OldItem, now map[string]string) (model.Photo, error) {
	if item.Cover.Name == "" {
		return model.Photo{}, nil
	}
	m, err := r.picture(item, item.Cover, now)
	if err != nil || m.ID == 0 {
		return model.Photo{}, err
	}
	return model.Photo{Media: m, Alt: cutRunes(cmp.Or(item.Cover.Alt, item.Cover.Caption, item.Title)), Caption: cutRunes(item.Cover.Caption)}, nil
}

// attachments takes the item's files, and puts where each is now under its old address.
func (r *importRun) attachments(item *content.OldItem, now map[string]string) (list []model.Attachment, err error) {
	for _, file := range item.Attachments {
		m := model.Media{Name: file.Name}
		err := r.store.ImportMedia(r.ctx, r.by, &m, file.Open)
		if invalid := (model.Invalid{}); errors.As(err, &invalid) {
			item.Notes = append(item.Notes, fmt.Sprintf("Tệp %s không lấy được: %s", file.Name, oneMessage(invalid)))
			continue
		}
		if err != nil {
			return nil, err
		}
		r.files++
		list = append(list, model.Attachment{Media: m, Title: file.Title})
		now[file.Address] = m.Address()
	}
	return list, nil
}

// relinked is the text with its links to files, and to items that came before, leading where these are now. Links to items that come later
// lead there by their redirects.
func (r *importRun) relinked(body string, files map[string]string) (string, error) {
	var failed error
	body = content.Relink(body, func(address string) string {
		if now := files[address]; now != "" {
			return now
		}
		u, err := url.Parse(address)
		if err != nil {
			return ""
		}
		asked := u.Path
		if u.RawQuery != "" {
			asked += "?" + u.RawQuery
		}
		to, err := r.store.Redirect(r.ctx, model.Viewer{}, asked)
		if err != nil && !errors.Is(err, model.ErrNotFound) {
			failed = err
		}
		return to
	})
	return body, failed
}

// flush stores the batch, and tells what has become of each item.
func (r *importRun) flush() error {
	if len(r.batch) == 0 {
		return nil
	}
	if err := r.store.ImportNews(r.ctx, r.by, r.batch); err != nil {
		return err
	}
	for i, a := range r.batch {
		item := r.items[i]
		if a.Outcome == store.OutcomeRefused {
			r.report.fault(item, a.Err)
			continue
		}
		for _, address := range slices.Sorted(maps.Keys(a.Taken)) {
			item.Notes = append(item.Notes, fmt.Sprintf("Địa chỉ cũ %s không dẫn về đây được: %s", address, a.Taken[address]))
		}
		r.report.told(a.Outcome, item, "/tin-tuc/"+a.News.Slug)
	}
	r.batch, r.items, r.bytes = nil, nil, 0
	return nil
}
