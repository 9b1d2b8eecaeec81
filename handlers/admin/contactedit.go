package admin

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"congso/handlers/web"
	"congso/store/model"
	"congso/views/adminpage"
)

// contactKind is what differs between the form of a person and that of a unit.
type contactKind struct {
	kind    model.Kind
	fresh   string // title of a new entry
	newPath string
	form    func(id int64) (f *web.Form, err error)                         // of the record
	read    func(f *web.Form, id int64, units map[int64]model.Unit) []line  // typed, in words
	there   func(id int64, units map[int64]model.Unit) ([]line, int, error) // stored, in words, with its revision
	put     func(f *web.Form, id int64) (name string, newID int64, err error)
}

func (a *Admin) personKind(c web.Ctx) contactKind {
	ctx, by := c.Request().Context(), web.User(c).Actor()
	record := func(id int64) (p model.Person, err error) {
		if id != 0 {
			p, err = a.Store.PersonByID(ctx, id)
		}
		return p, err
	}
	return contactKind{
		kind: model.KindPerson, fresh: "Thêm người vào danh bạ", newPath: directoryPath + "/nguoi/moi",
		form: func(id int64) (*web.Form, error) {
			p, err := record(id)
			return personForm(p), err
		},
		read: func(f *web.Form, id int64, units map[int64]model.Unit) []line {
			return personLines(typedPerson(f, model.Person{ID: id}), units)
		},
		there: func(id int64, units map[int64]model.Unit) ([]line, int, error) {
			p, err := record(id)
			return personLines(p, units), p.Revision, err
		},
		put: func(f *web.Form, id int64) (string, int64, error) {
			p, err := record(id)
			if err != nil {
				return "", 0, err
			}
			p = typedPerson(f, p)
			if p.Revision = revisionOf(f); f.Checked("confirm") {
				p.ConfirmedOn = a.Store.Today()
			}
			if f.Refused(p.Validate()) || !f.OK() {
				return "", 0, f.Errors
			}
			if !contactRight(c).Edit {
				return p.Name, id, a.propose(c, f, model.KindPerson, id, p.Name)
			}
			if proposal := f.ID("proposal"); proposal != 0 {
				err = a.Store.PutPersonFrom(ctx, by, &p, proposal, int(f.ID("proposal_version")))
			} else {
				err = a.Store.PutPerson(ctx, by, &p)
			}
			return p.Name, p.ID, err
		},
	}
}

func (a *Admin) unitKind(c web.Ctx) contactKind {
	ctx, by := c.Request().Context(), web.User(c).Actor()
	record := func(id int64) (u model.Unit, err error) {
		if id != 0 {
			u, err = a.Store.UnitByID(ctx, id)
		}
		return u, err
	}
	return contactKind{
		kind: model.KindUnit, fresh: "Thêm đơn vị", newPath: directoryPath + "/don-vi/moi",
		form: func(id int64) (*web.Form, error) {
			u, err := record(id)
			return unitForm(u), err
		},
		read: func(f *web.Form, id int64, units map[int64]model.Unit) []line {
			return unitLines(typedUnit(f, model.Unit{ID: id}), units)
		},
		there: func(id int64, units map[int64]model.Unit) ([]line, int, error) {
			u, err := record(id)
			return unitLines(u, units), u.Revision, err
		},
		put: func(f *web.Form, id int64) (string, int64, error) {
			u, err := record(id)
			if err != nil {
				return "", 0, err
			}
			u = typedUnit(f, u)
			if u.Revision = revisionOf(f); f.Checked("confirm") {
				u.ConfirmedOn = a.Store.Today()
			}
			if f.Refused(u.Validate()) || !f.OK() {
				return "", 0, f.Errors
			}
			if !contactRight(c).Edit {
				return u.Name, id, a.propose(c, f, model.KindUnit, id, u.Name)
			}
			if proposal := f.ID("proposal"); proposal != 0 {
				err = a.Store.PutUnitFrom(ctx, by, &u, proposal, int(f.ID("proposal_version")))
			} else {
				err = a.Store.PutUnit(ctx, by, &u)
			}
			return u.Name, u.ID, err
		},
	}
}

func revisionOf(f *web.Form) int { return int(f.ID("revision")) }

func (a *Admin) newPerson(c web.Ctx) error   { return a.openContact(c, a.personKind(c), 0) }
func (a *Admin) newUnit(c web.Ctx) error     { return a.openContact(c, a.unitKind(c), 0) }
func (a *Admin) savePerson(c web.Ctx) error  { return a.saveContact(c, a.personKind(c)) }
func (a *Admin) saveUnit(c web.Ctx) error    { return a.saveContact(c, a.unitKind(c)) }
func (a *Admin) person(c web.Ctx) error      { return a.openKnown(c, a.personKind(c)) }
func (a *Admin) contactUnit(c web.Ctx) error { return a.openKnown(c, a.unitKind(c)) }

func (a *Admin) openKnown(c web.Ctx, k contactKind) error {
	id, err := id(c)
	if err != nil {
		return err
	}
	return a.openContact(c, k, id)
}

// openContact shows the form of a record, or of a proposal for it.
func (a *Admin) openContact(c web.Ctx, k contactKind, id int64) error {
	f, err := k.form(id)
	if err != nil {
		return err
	}
	if id == 0 {
		f.Values.Set("position", "")
		addRow(f.Values, "numbers", "", "", "")
		if k.kind == model.KindPerson {
			addRow(f.Values, "posts", c.QueryParam("don-vi"), "", "", "", "", "")
		}
	}
	if text := c.QueryParam("de-xuat"); text != "" {
		if f, err = a.proposalForm(c, k, id, text); err != nil {
			return err
		}
	}
	return a.showContact(c, http.StatusOK, k, id, f, nil)
}

// saveContact writes the form, or makes it a proposal; a button for rows only changes the form.
func (a *Admin) saveContact(c web.Ctx, k contactKind) error {
	var record int64
	if c.Param("id") != "" {
		var err error
		if record, err = id(c); err != nil {
			return err
		}
	}
	f, err := web.ParseForm(c)
	if err != nil {
		return err
	}
	evenRows(f)
	if changeContactRows(f) {
		if _, err := k.form(record); err != nil {
			return err
		}
		return a.showContact(c, http.StatusOK, k, record, f, nil)
	}
	name, written, err := k.put(f, record)
	switch {
	case errors.Is(err, model.ErrConflict):
		return a.contactConflict(c, k, record, f)
	case f.Refused(err):
		return a.showContact(c, refused, k, record, f, nil)
	case err != nil:
		return err
	case !contactRight(c).Edit:
		return saved(c, directoryPath, "Đã gửi đề xuất: "+name+".")
	}
	return saved(c, adminpage.ContactHref(k.kind, written), "Đã lưu: "+name+".")
}

// contactConflict shows what was typed beside what somebody else has saved meanwhile; sending it again replaces that.
func (a *Admin) contactConflict(c web.Ctx, k contactKind, id int64, f *web.Form) error {
	directory, err := a.Store.WholeDirectory(c.Request().Context(), web.Viewer(c))
	if err != nil {
		return err
	}
	units := unitsByID(directory.Units)
	there, revision, err := k.there(id, units)
	if err != nil {
		return err
	}
	changes := differences(there, k.read(f, id, units))
	f.Values.Set("revision", idText(int64(revision)))
	if err := a.freshProposal(c, f); err != nil {
		return err
	}
	f.Fail("revision", "Có người đã sửa mục này sau khi bạn mở.")
	return a.showContact(c, http.StatusConflict, k, id, f, append([]adminpage.Compared{}, changes...))
}

func (a *Admin) showContact(c web.Ctx, status int, k contactKind, id int64, f *web.Form, conflict []adminpage.Compared) error {
	d := adminpage.ContactFormData{Kind: k.kind, Right: contactRight(c), ID: id, Action: k.newPath, Conflict: conflict}
	title := k.fresh
	if id != 0 {
		d.Action, title = adminpage.ContactHref(k.kind, id), f.Text("name")
	}
	p, err := a.page(c, title, web.Link{Name: "Danh bạ", Href: directoryPath})
	if err != nil {
		return err
	}
	p.Scripts, p.Sheets = []string{"contacts.js", "photos.js"}, []string{"editor.css", "contacts.css"}
	directory, err := a.Store.WholeDirectory(c.Request().Context(), web.Viewer(c))
	if err != nil {
		return err
	}
	a.fillContactForm(&d, directory)
	if d.Photo, err = a.pictureChosen(c, f.ID("photo")); err != nil {
		return err
	}
	if p.Title == "" {
		p.Title = "Danh bạ"
	}
	if d.Waiting, err = a.waitingFor(c, k.kind, id, f.ID("proposal")); err != nil {
		return err
	}
	if proposal := f.ID("proposal"); proposal != 0 {
		if d.Proposal, err = a.Store.Proposal(c.Request().Context(), proposal); err != nil && !errors.Is(err, model.ErrNotFound) {
			return err
		}
	}
	return web.Render(c, status, adminpage.ContactForm(p, f, d))
}

// pictureChosen is the picture with that number, the zero Media when it is none.
func (a *Admin) pictureChosen(c web.Ctx, id int64) (model.Media, error) {
	m, err := a.Store.MediaByID(c.Request().Context(), id)
	if errors.Is(err, model.ErrNotFound) || err == nil && !m.IsPicture() {
		return model.Media{}, nil
	}
	return m, err
}

// fillContactForm adds to the form what stands around the record.
func (a *Admin) fillContactForm(d *adminpage.ContactFormData, directory model.Directory) {
	today := a.Store.Today()
	tree, former, choices := a.unitTree(directory)
	d.Units = choices
	for _, u := range former {
		d.Units = append(d.Units, adminpage.Option{Value: idText(u.ID), Label: u.Name + " (đến " + u.Until.Short() + ")"})
	}
	if d.Kind == model.KindUnit {
		d.Units = slices.DeleteFunc(slices.Clone(d.Units), func(o adminpage.Option) bool { return o.Value == idText(d.ID) })
		for _, u := range directory.Units {
			if u.ID == d.ID {
				d.PublicHref, d.Confirmed, d.Gone = "/danh-ba/"+u.Slug, u.ConfirmedOn, u.Former(today)
			}
		}
		d.Stale = slices.ContainsFunc(tree, func(u adminpage.UnitLine) bool { return u.ID == d.ID && u.Stale && u.ConfirmedOn != "" })
	}
	for _, person := range directory.People {
		row := a.contactLine(person)
		switch {
		case d.Kind == model.KindPerson && person.ID == d.ID:
			d.PublicHref, d.Confirmed, d.Gone = "/danh-ba/nguoi/"+person.Slug, person.ConfirmedOn, len(heldUnits(person, today)) == 0 && row.Gone
			d.Stale, d.Archived = row.Stale && person.ConfirmedOn != "", a.archived(person)
		case d.Kind == model.KindUnit && d.ID != 0 && slices.Contains(heldUnits(person, today), d.ID):
			d.People = append(d.People, row)
		}
	}
}

// archived reports whether all the person's posts end today or have ended: an archiving that may be undone.
func (a *Admin) archived(p model.Person) bool {
	return len(p.Posts) > 0 && !slices.ContainsFunc(p.Posts, func(post model.Post) bool { return post.Until == "" || post.Until > a.Store.Today() })
}

func (a *Admin) confirmOne(c web.Ctx, kind model.Kind) error {
	id, err := id(c)
	if err != nil {
		return err
	}
	if err := a.confirm(c, kind, id); err != nil {
		return err
	}
	return saved(c, adminpage.ContactHref(kind, id), "Đã xác nhận thông tin vẫn đúng.")
}

func (a *Admin) confirmPerson(c web.Ctx) error { return a.confirmOne(c, model.KindPerson) }
func (a *Admin) confirmUnit(c web.Ctx) error   { return a.confirmOne(c, model.KindUnit) }

// archivePerson ends all posts of the person today.
func (a *Admin) archivePerson(c web.Ctx) error {
	id, err := id(c)
	if err != nil {
		return err
	}
	if err := a.Store.ArchivePerson(c.Request().Context(), web.User(c).Actor(), id); err != nil {
		return err
	}
	return saved(c, adminpage.ContactHref(model.KindPerson, id), "Đã lưu trữ: mọi chức vụ kết thúc hôm nay. Bấm «Hoàn tác lưu trữ» để lấy lại.")
}

// restorePerson undoes it.
func (a *Admin) restorePerson(c web.Ctx) error {
	id, err := id(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	p, err := a.Store.PersonByID(ctx, id)
	if err != nil {
		return err
	}
	err = a.Store.RestorePerson(ctx, web.User(c).Actor(), id, p.Revision)
	if invalid := (model.Invalid{}); errors.As(err, &invalid) {
		return warned(c, adminpage.ContactHref(model.KindPerson, id), invalid["posts"])
	}
	if err != nil {
		return err
	}
	return saved(c, adminpage.ContactHref(model.KindPerson, id), "Đã hoàn tác lưu trữ.")
}

// decodeForm is a proposal's data as the form it was.
func decodeForm(data string) (*web.Form, error) {
	values, err := url.ParseQuery(data)
	return &web.Form{Values: values}, err
}
